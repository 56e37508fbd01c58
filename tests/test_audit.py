"""What is done is noted, in a chain that shows whatever is changed in it or cut off."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from events import audit, preview, publishing, roles, sight
from events.models import AuditEntry, AuditLink, Edition, Reading, Topic
from events.roles import FOUNDING_IMPORT

from . import factories

pytestmark = pytest.mark.django_db


def _noted(*names: str) -> list[tuple]:
    return list(AuditEntry.objects.order_by("pk").values_list(*names))


def _three() -> None:
    for act in ("first", "second", "third"):
        audit.note(act, by="somebody", number=7)
    audit.seal()


def test_entry_says_who_what_when_from_where_and_about_what(rf, officer, event):
    request = rf.get("/admin/", REMOTE_ADDR="192.0.2.7")
    request.user = officer
    entry = audit.note("probed", request=request, record=event, found=3, names=["a", "b"])
    entry.refresh_from_db()
    assert (entry.act, entry.by, entry.by_name) == ("probed", officer, "press-officer")
    assert (entry.model, entry.record_uid, entry.account) == ("event", event.pk, None)
    assert (entry.address, len(entry.request_id)) == ("192.0.2.7", 32)
    assert entry.details == {"found": 3, "names": ["a", "b"]}


def test_entry_about_an_account_names_it(officer, second):
    entry = audit.note("roles_changed", by=officer, record=second)
    assert (entry.account, entry.record_uid, entry.model) == (second, None, "user")


@pytest.mark.parametrize("name", ["password", "new_password", "code", "body_en", "text", "token"])
def test_what_is_secret_is_no_detail(name):
    with pytest.raises(ValueError, match="does not belong into the audit trail"):
        audit.note("exported", **{name: "secret"})
    assert AuditEntry.objects.count() == 0


def test_long_and_garbled_details_are_stored_short_and_clean():
    entry = audit.note("exported", by="x" * 300, file="a\x00b\ud800" + "y" * 300)
    entry.refresh_from_db()
    assert entry.by_name == "x" * 200
    assert entry.details == {"file": ("ab" + "y" * 300)[:200]}


def test_sound_trail_has_nothing_wrong():
    _three()
    assert audit.check() == []
    assert list(AuditLink.objects.values_list("number", flat=True).order_by("number")) == [1, 2, 3]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_changed_entry_is_named(intruder, number):
    _three()
    AuditEntry.objects.filter(link__number=number).update(by_name="somebody else")
    assert audit.check() == [f"audit trail: entry {number} was changed after it was written"]


@pytest.mark.parametrize("number", [1, 2])
def test_removed_beginning_or_middle_is_named(intruder, number):
    _three()
    link = AuditLink.objects.get(number=number)
    link.delete()
    AuditEntry.objects.filter(pk=link.entry_id).delete()
    assert audit.check() == [f"audit trail: entry {number} is missing"]


@pytest.mark.parametrize("left", [2, 1, 0])
def test_cut_tail_is_named(intruder, left):
    _three()
    cut = list(AuditLink.objects.filter(number__gt=left).values_list("entry", flat=True))
    AuditLink.objects.filter(number__gt=left).delete()
    AuditEntry.objects.filter(pk__in=cut).delete()
    assert audit.check() == [f"audit trail: 3 entries were written, {left} are here"]


def test_changed_entry_with_a_digest_to_match_breaks_the_next_link(intruder):
    _three()
    link = AuditLink.objects.select_related("entry").get(number=2)
    link.entry.by_name = "somebody else"
    link.entry.save()
    link.digest = audit.chain.digest(link.entry, 2, link.previous_digest)
    link.save()
    assert audit.check() == ["audit trail: entry 3 does not follow the one before it"]


def test_command_that_checks_editions_checks_the_trail_too(intruder):
    _three()
    AuditEntry.objects.filter(link__number=2).update(act="slipped_in")
    with pytest.raises(CommandError) as caught:
        call_command("check_editions")
    assert str(caught.value) == "audit trail: entry 2 was changed after it was written"


def _topic() -> Topic:
    topic = Topic(slug="a-topic", name_en="A topic")
    with publishing.saving(topic, FOUNDING_IMPORT) as topic:
        topic.save()
    return topic


def test_verb_is_noted_by_the_digest_of_its_edition():
    topic = _topic()
    edition = Edition.objects.get()
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.by_name, entry.record_uid) == ("save", "founding import", topic.pk)
    assert entry.details == {"edition": 1, "digest": edition.chain_digest}


def test_record_that_vanished_with_all_its_editions_is_missed(intruder):
    topic = _topic()
    assert audit.check() == []
    Edition.objects.all().delete()
    Topic.objects.all().delete()
    assert audit.check() == [f"topic {topic.pk}: edition 1 is gone (entry 1)"]


def test_entry_of_an_act_that_is_undone_is_undone_with_it():
    @transaction.atomic
    def undone() -> None:
        audit.note("approve", by="somebody")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert AuditEntry.objects.count() == 0


@pytest.mark.postgresql
@pytest.mark.parametrize("model", [AuditEntry, AuditLink])
@pytest.mark.parametrize("act", ["delete", "update"])
def test_database_refuses_to_change_or_remove_anything(model, act):
    _three()
    rows = model.objects.order_by("pk")[:1]
    first = model.objects.filter(pk=rows.get().pk)
    field = "act" if model is AuditEntry else "digest"
    change = {
        "delete": lambda: first._raw_delete("default"),
        "update": lambda: first.update(**{field: "x"}),
    }
    with transaction.atomic(), pytest.raises(DatabaseError, match="append-only"):
        transaction.atomic(change[act])()
    assert audit.check() == []


def test_signing_in_and_out_are_noted(client, writer):
    assert client.login(username="writer", password="a-password-for-tests")
    client.logout()
    assert _noted("act", "by", "account") == [
        ("signed_in", writer.pk, writer.pk), ("signed_out", writer.pk, writer.pk),
    ]  # fmt: skip


def test_failure_names_an_account_only_where_there_is_one(client, writer):
    assert not client.login(username="writer", password="wrong-password")
    assert not client.login(username="my-secret-password", password="writer")
    assert _noted("act", "by", "account", "by_name", "details") == [
        ("sign_in_failed", None, writer.pk, "", {}), ("sign_in_failed", None, None, "", {}),
    ]  # fmt: skip


def test_reading_before_release_is_noted_and_after_it_is_not(officer):
    embargoed, public = factories.event("embargoed"), factories.event()
    before = AuditEntry.objects.count()
    for item in (embargoed, public):
        sight.record_reading(officer, item, Reading.How.FORM)
    entries = AuditEntry.objects.order_by("pk")[before:]
    assert [(each.act, each.record_uid, each.by, each.details) for each in entries] == [
        ("read", embargoed.pk, officer, {"door": "form"})
    ]


# --- The list of it, for Heads of press -----------------------------------------------------------

LIST, EXPORT = "/admin/events/auditentry/", "/admin/events/auditentry/export/"


@pytest.fixture
def head(staff):
    return staff("Head of press")


def _said(answer) -> str:
    soup = BeautifulSoup(answer.content, "lxml")
    return (
        soup.select_one("#result_list tbody").get_text(" ", strip=True)
        if (soup.select_one("#result_list tbody"))
        else ""
    )


@pytest.mark.parametrize("role", [role for role in roles.ROLES if role != "Head of press"])
def test_trail_is_for_heads_of_press_alone(as_user, staff, role):
    client = as_user(staff(role))
    assert [client.get(LIST).status_code, client.post(EXPORT).status_code] == [403, 403]


def test_trail_is_found_by_act_person_kind_address_and_request(as_user, head, second, event):
    client = as_user(head)
    audit.note("read", by=second, record=event, door="form")
    audit.note("probed", by="A console", record=event, found=17)
    assert "probed an embargo" in _said(client.get(LIST, {"act": "probed"}))
    assert "found: 17" in _said(client.get(LIST, {"q": "A console"}))
    assert "read before release" in _said(client.get(LIST, {"by__id__exact": second.pk}))
    assert "probed" not in _said(client.get(LIST, {"by__id__exact": second.pk}))
    assert "read before release" in _said(client.get(LIST, {"kind": "event"}))
    assert "signed in" not in _said(client.get(LIST, {"kind": "event"}))
    own = AuditEntry.objects.filter(act="signed_in").latest("pk")
    AuditEntry.objects.create(act="read", by_name="Guest", at=own.at, address="203.0.113.77",
                              request_id="a-request-number")  # fmt: skip
    for query in ("203.0.113.77", "a-request-number"):
        assert "Guest" in _said(client.get(LIST, {"q": query}))
        assert "A console" not in _said(client.get(LIST, {"q": query}))


def test_trail_of_a_limited_item_is_hidden_from_whoever_is_not_named_on_it(as_user, head, event):
    audit.note("read", by="Somebody", record=event, door="a-door")
    client = as_user(head)
    assert "a-door" in _said(client.get(LIST))
    type(event).objects.filter(pk=event.pk).update(limited=True)
    assert "a-door" not in _said(client.get(LIST))
    assert "a-door" not in b"".join(client.post(EXPORT)).decode()


def test_table_holds_what_was_chosen_runs_nothing_and_is_noted_itself(as_user, head):
    audit.note("exported", by="=HYPERLINK(1)", what="@cell")
    audit.note("probed", by="Another")
    client = as_user(head)
    answer = client.post(f"{EXPORT}?act=exported")
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"].startswith("no-store, private")
    assert [line[4] for line in lines] == ["by_name", "'=HYPERLINK(1)"]
    noted = AuditEntry.objects.latest("pk")
    assert (noted.act, noted.by, noted.details["what"], noted.details["chosen"]) == (
        "exported", head, "audit trail", "act=exported",
    )  # fmt: skip


def test_table_is_not_taken_by_an_address_alone(as_user, head):
    client = as_user(head)
    before = AuditEntry.objects.count()
    assert client.get(EXPORT).status_code == 405
    assert AuditEntry.objects.count() == before


def test_nothing_in_the_trail_is_added_changed_or_deleted_by_hand(as_user, head):
    entry = audit.note("probed", by="Somebody")
    client = as_user(head)
    for address in (f"{LIST}add/", f"{LIST}{entry.pk}/delete/"):
        assert client.post(address, {"post": "yes"}).status_code == 403
    assert client.post(f"{LIST}{entry.pk}/change/", {"act": "x"}).status_code == 403
    entry.refresh_from_db()
    assert entry.act == "probed"


def test_changed_roles_are_noted_with_what_was_given_and_taken(head, writer):
    publishing.save_account(writer, head, ["Press officer"])
    entry = AuditEntry.objects.get(act="roles_changed")
    assert (entry.by, entry.account) == (head, writer)
    assert entry.details == {"given": ["Press officer"], "taken": ["Writer"]}


def test_preview_link_is_noted_when_made_revoked_and_used_never_with_its_code(client, officer):
    item = factories.event("embargoed")
    link, code = preview.make_link(item, officer, "The Daily Example")
    client.post("/preview/", {"code": code})
    client.get(f"/preview/{item.pk}/", follow=True)
    preview.revoke_link(link, officer)
    acts = ["preview_made", "preview_used", "preview_revoked"]
    found = AuditEntry.objects.filter(act__in=acts).order_by("pk")
    assert [each.act for each in found] == acts
    assert {each.record_uid for each in found} == {item.pk}
    assert code not in str(list(found.values()))
