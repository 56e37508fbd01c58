"""While the site is frozen nobody changes anything, by whatever door; what readers see goes on, and
what is approved goes out."""

import ast
import datetime as dt
import inspect
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from events import editions, preview, publishing, roles
from events.models import (
    AuditEntry,
    Change,
    Edition,
    Event,
    Freeze,
    Notification,
    Person,
    PreviewLink,
    Statement,
    Topic,
)
from events.publishing import Refused

from . import acts

pytestmark = pytest.mark.django_db
REASON = "Somebody is at a keyboard"


@pytest.fixture
def head(staff):
    return staff("Head of press")


@pytest.fixture
def frozen(head):
    """Freezes when it is called."""
    return lambda: publishing.freeze(head, REASON)


def draft(slug):
    return Statement.objects.create(
        slug=slug, title_en=slug, ready_en=True, standing_en="authentic", body_en="<p>Text.</p>",
        date=dt.date(2007, 10, 6), statement_kind="speech", released_before=False,
    )  # fmt: skip


@pytest.fixture
def office(statement, writer, officer, second, clock):
    """Something for every verb: a draft, one in review, one that will be out, one that is out
    with a change, one withdrawn, and a bundle."""

    rows = {"draft": statement}
    rows["review"] = publishing.submit(draft("in-review"), writer)
    later = dt.datetime(2026, 10, 6, 12, tzinfo=dt.UTC)
    rows["later"] = acts.approved(draft("later"), writer, officer, later)
    rows["out"] = acts.released(draft("out"), writer, officer)
    content = editions.snapshot(rows["out"])
    content["fields"]["title_en"] = "Another title"
    rows["change"] = publishing.propose(rows["out"], content, writer, "correction", acts.NOTE)
    gone = acts.released(draft("gone"), writer, officer)
    rows["gone"] = publishing.withdraw(gone, officer, {"en": "No longer so."})
    rows["bundle"] = publishing.make_bundle("Together", officer)
    member = publishing.submit(draft("member"), writer)
    rows["member"] = publishing.join_bundle(rows["bundle"], member, officer)
    return rows


FUTURE = dt.datetime(2026, 10, 6, 11, tzinfo=dt.UTC)


def _save(rows, by):
    with publishing.saving(rows["draft"], by) as record:
        record.title_en = "Changed"
        record.save()


def _add(rows, by):
    with publishing.saving(Topic(slug="a-topic", name_en="A topic"), by) as record:
        record.save()


def _propose(rows, by):
    content = editions.snapshot(rows["out"])
    content["fields"]["title_en"] = "A third title"
    publishing.propose(rows["out"], content, by, "correction", acts.NOTE)


VERBS = {
    "saving": _save,
    "saving a new one": _add,
    "discard": lambda rows, by: publishing.discard(rows["draft"], by),
    "submit": lambda rows, by: publishing.submit(rows["draft"], by),
    "send_back": lambda rows, by: publishing.send_back(rows["review"], by, "No."),
    "countersign": lambda rows, by: publishing.countersign(rows["review"], by),
    "approve": lambda rows, by: publishing.approve(rows["review"], by, FUTURE),
    "release_now": lambda rows, by: publishing.release_now(rows["review"], by),
    "move_release": lambda rows, by: publishing.move_release(rows["later"], by, FUTURE),
    "cancel_release": lambda rows, by: publishing.cancel_release(rows["later"], by, "No."),
    "withdraw": lambda rows, by: publishing.withdraw(rows["out"], by, {"en": "No."}),
    "retract": lambda rows, by: publishing.retract(rows["out"], by, {"en": "No."}),
    "propose_reason": lambda rows, by: publishing.propose_reason(rows["gone"], by, {"en": "X"}),
    "approve_reason": lambda rows, by: publishing.approve_reason(rows["gone"], by),
    "ask_reinstatement": lambda rows, by: publishing.ask_reinstatement(rows["gone"], by, "Why."),
    "reinstate": lambda rows, by: publishing.reinstate(rows["gone"], by),
    "propose": _propose,
    "confirm_change": lambda rows, by: publishing.confirm_change(rows["change"], by),
    "reject_change": lambda rows, by: publishing.reject_change(rows["change"], by, "No."),
    "apply_change": lambda rows, by: publishing.apply_change(rows["change"], by),
    "make_bundle": lambda rows, by: publishing.make_bundle("Another", by),
    "join_bundle": lambda rows, by: publishing.join_bundle(rows["bundle"], rows["review"], by),
    "leave_bundle": lambda rows, by: publishing.leave_bundle(rows["member"], by, "No."),
    "approve_bundle": lambda rows, by: publishing.approve_bundle(rows["bundle"], by, FUTURE),
    "release_bundle_now": lambda rows, by: publishing.release_bundle_now(rows["bundle"], by),
    "confirm_language": lambda rows, by: publishing.confirm_language(rows["out"], "en", by),
    "limit": lambda rows, by: publishing.limit(rows["draft"], by, [by]),
    "lift_limit": lambda rows, by: publishing.lift_limit(rows["draft"], by),
    "make_link": lambda rows, by: preview.make_link(rows["review"], by, "A newsroom"),
}
# What writes no text: accounts, the freeze itself; and what only reads, or is part of another.
NO_VERBS = {
    "save_account", "freeze", "unfreeze", "frozen", "manages_accounts", "may_change",
    "moves_open_to", "named_on", "named_rows", "owner", "questions", "refuse_while_frozen",
    "restored", "revision", "rows_seen", "showing", "showing_change", "standing_edition", "is_in_use",  # noqa: E501
    "unconfirmed_authors", "unconfirmed_rows", "begin_save", "finish_save",
}  # fmt: skip
# A bundle's are put together from the others' parts.
OF_BUNDLES = {"move_bundle", "cancel_bundle"}


def everything():
    """All that is stored of texts."""
    tables = (Statement, Event, Person, Topic, Change, Edition, PreviewLink)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in tables}


@pytest.mark.parametrize("verb", VERBS)
def test_verb_is_refused_with_the_reason_and_nothing_changes(office, frozen, head, officer, verb):
    frozen()
    before = everything()
    by = head if verb in ("limit", "lift_limit") else officer
    with pytest.raises(Refused, match=r"The site is frozen since .*Somebody is at a keyboard"):
        VERBS[verb](office, by)
    assert everything() == before


def test_no_verb_is_forgotten():
    known = {name for name in publishing.__all__ if inspect.isroutine(getattr(publishing, name))}
    assert known - NO_VERBS - OF_BUNDLES - set(VERBS) == set()


def test_every_module_of_verbs_that_stores_asks_first():
    for path in Path(publishing.__file__).parent.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        calls = {
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Call)
        }
        if calls & {"save", "delete"} and path.stem not in ("accounts", "freezing"):
            assert calls & {"refuse_while_frozen", "acting", "remember"}, path.name


@pytest.mark.parametrize("verb", ["cancel_release", "withdraw", "retract"])
def test_head_can_still_take_out_and_take_back(office, frozen, head, verb):
    frozen()
    VERBS[verb](office, head)
    assert Edition.objects.filter(action=verb, by=head).count() == 1


def test_bundles_release_can_be_taken_out_by_heads_and_moved_by_nobody(
    office, frozen, head, officer, clock
):
    answers = {
        str(row.pk): dict.fromkeys([each.code for each in _questions(row)], "Checked.")
        for row in [Statement.objects.get(slug="member")]
    }
    publishing.approve_bundle(office["bundle"], officer, FUTURE, answers)
    frozen()
    for act in (
        lambda: publishing.move_bundle(office["bundle"], head, FUTURE + dt.timedelta(hours=1)),
        lambda: publishing.cancel_bundle(office["bundle"], officer, "No."),
    ):
        with pytest.raises(Refused, match="frozen"):
            act()
    publishing.cancel_bundle(office["bundle"], head, "No.")
    assert Statement.objects.get(slug="member").status == "in_review"


def _questions(row):
    from events import guards

    return guards.questions(row)


def test_embargoed_items_go_out_at_their_time(office, frozen, clock, client):
    frozen()
    address = "/en/statements/later/"
    assert client.get(address).status_code == 404
    clock(dt.datetime(2026, 10, 6, 12, tzinfo=dt.UTC))
    assert client.get(address).status_code == 200
    assert client.get("/en/statements/out/").status_code == 200


def test_form_keeps_what_was_typed_and_says_why(office, frozen, client, officer, head):
    frozen()
    client.force_login(officer)
    item = office["draft"]
    page = reverse("admin:events_statement_change", args=[item.pk])
    form = client.get(page)
    data = {
        name: value
        for name, value in _posted(form).items()
        if not name.startswith("_")
    } | {"title_en": "Typed during the freeze"}  # fmt: skip
    answer = client.post(page, data)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Typed during the freeze" in shown
    assert "The site is frozen since" in shown
    assert Statement.objects.get(pk=item.pk).title_en == "A statement"


def _posted(answer):
    from bs4 import BeautifulSoup

    form = BeautifulSoup(answer.content, "html.parser").select_one("#content-main form")
    data = {}
    for field in form.select("input[name], textarea[name]"):
        if field.get("type") in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        data[field["name"]] = field.get("value") or field.text or ""
    for field in form.select("select[name]"):
        chosen = [option["value"] for option in field.select("option[selected]")]
        data[field["name"]] = chosen if field.has_attr("multiple") else (chosen or [""])[0]
    return data


def test_every_other_save_of_the_admin_is_refused_too(office, frozen, client, head):
    frozen()
    client.force_login(head)
    before = everything()
    for name, data in (
        ("topic", {"slug": "new-topic", "name_en": "New"}),
        ("person", {"slug": "new-person", "name_en": "New"}),
        ("series", {"slug": "new-series", "name_en": "New"}),
        ("bundle", {"name": "New"}),
    ):
        client.post(reverse(f"admin:events_{name}_add"), data)
    draft = office["draft"]
    for page in ("delete", "limit", "preview_links"):
        address = reverse(f"admin:events_statement_{page}", args=[draft.pk])
        client.post(address, {"post": "yes", "people": [head.pk], "for_whom": "X", "hours": 1})
    assert everything() == before


def test_banner_is_on_every_page_of_the_admin(frozen, client, officer, head):
    frozen()
    client.force_login(officer)
    for address in ("/admin/", "/admin/events/statement/", "/accounts/sessions/"):
        page = client.get(address).content.decode()
        assert "The site is frozen: nothing can be changed." in page
        assert "/admin/freeze/" not in page
    client.force_login(head)
    assert "/admin/freeze/" in client.get("/admin/").content.decode()


def test_head_freezes_on_the_page_and_everybody_else_is_out(
    client, head, officer, staff, office, django_capture_on_commit_callbacks
):
    there, second = Client(), Client()
    there.force_login(officer)
    second.force_login(head)
    client.force_login(head)
    page = client.get("/admin/freeze/")
    assert [row["title"] for row in page.context["due"]] == ["later"]
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/admin/freeze/", {"do": "freeze", "reason": REASON}).status_code == 302
    status = [each.get("/admin/notifications/").status_code for each in (client, there, second)]
    assert status == [200, 302, 302]
    row = Freeze.objects.get()
    assert (row.reason, row.frozen_by, row.lifted_at) == (REASON, head, None)
    again = Client()
    again.post("/accounts/login/", {"login": officer.username, "password": "a-password-for-tests"})
    assert again.get("/admin/notifications/").status_code == 200
    told = Notification.objects.filter(kind="froze").values_list("user__username", flat=True)
    assert set(told) == {"head-of-press", "press-officer", "second-officer", "writer"}
    assert client.post("/admin/freeze/", {"do": "unfreeze"}).status_code == 302
    assert publishing.frozen() is None
    assert again.get("/admin/notifications/").status_code == 200
    named = ("site_frozen", "site_unfrozen")
    noted = AuditEntry.objects.filter(act__in=named, by=head).order_by("pk")
    assert list(noted.values_list("act", flat=True)) == list(named)


def test_freeze_takes_a_head_who_confirmed_lately(client, head, officer, writer):
    for user in (officer, writer):
        client.force_login(user)
        answers = [client.get("/admin/freeze/"), client.post("/admin/freeze/", {"do": "freeze"})]
        assert [answer.status_code for answer in answers] == [403, 403]
        with pytest.raises(PermissionDenied):
            publishing.freeze(user, REASON)
    client.force_login(head)
    session = client.session
    session["confirmed_at"] -= 301
    session.save()
    answer = client.post("/admin/freeze/", {"do": "freeze", "reason": REASON})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Freeze.objects.exists()
    publishing.freeze(head, REASON)
    client.force_login(head)
    session = client.session
    session["confirmed_at"] -= 301
    session.save()
    client.post("/admin/freeze/", {"do": "unfreeze"})
    assert publishing.frozen() is not None


@pytest.mark.parametrize("reason", ["", "   "])
def test_freeze_says_why(client, head, reason):
    client.force_login(head)
    answer = client.post("/admin/freeze/", {"do": "freeze", "reason": reason})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["reason"])
    with pytest.raises(Refused):
        publishing.freeze(head, reason)
    assert not Freeze.objects.exists()


def test_there_is_one_freeze_and_none_to_lift_twice(head):
    publishing.freeze(head, REASON)
    with pytest.raises(Refused, match="frozen already"):
        publishing.freeze(head, REASON)
    publishing.unfreeze(head)
    with pytest.raises(Refused, match="not frozen"):
        publishing.unfreeze(head)


def test_commands_freeze_and_unfreeze(capsys, officer):
    client = Client()
    client.force_login(officer)
    call_command("freeze", reason=REASON)
    assert client.get("/admin/notifications/").status_code == 302
    assert Freeze.objects.get().frozen_by_name == roles.CONSOLE.name
    with pytest.raises(CommandError, match="frozen already"):
        call_command("freeze", reason=REASON)
    call_command("unfreeze")
    assert publishing.frozen() is None
    with pytest.raises(CommandError, match="not frozen"):
        call_command("unfreeze")


def test_accounts_can_still_be_given_other_passwords_by_heads(frozen, client, head, writer):
    frozen()
    client.force_login(head)
    data = {"username": writer.username, "roles": ["Writer"], "is_active": "on",
            "new_password": "correct horse battery", "again": "correct horse battery"}  # fmt: skip
    page = reverse("admin:auth_user_change", args=[writer.pk])
    assert client.post(page, data).status_code == 302
    writer.refresh_from_db()
    assert writer.check_password("correct horse battery")
