"""Bundles in the admin: made, filled, looked at and decided on as a whole."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events import editions, publishing
from events.models import Bundle, Event, Publication, Statement
from events.visibility import Stage

from . import factories

pytestmark = pytest.mark.django_db
PASSWORD = "a-password-for-tests"


def page(name, bundle, *more):
    return reverse(f"admin:events_bundle_{name}", args=[bundle.pk, *more])


def written(by, word, make=factories.statement, contact=True):
    item = make("draft", word)
    with publishing.saving(item, by) as record:
        record.title_en = f"{word} as written"
        record.save()
        if contact:
            record.media_contacts.add(factories.contact(word))
    return publishing.submit(item, by)


@pytest.fixture
def bundle(officer, writer):
    made = publishing.make_bundle("The session", officer)
    for word, make in (("Happened", factories.event), ("Communique", factories.statement)):
        publishing.join_bundle(made, written(writer, word, make), officer)
    return made


def members(bundle):
    return list(Publication.objects.filter(bundle=bundle).order_by("model"))


def stands(bundle):
    return {(row.status, row.release_at) for row in members(bundle)}


def seen(bundle):
    return {f"seen-{row.pk}": str(row.version) for row in members(bundle)}


def ahead(hours=2):
    zone = ZoneInfo(settings.OFFICE_TIME_ZONE)
    return (dt.datetime.now(zone) + dt.timedelta(hours=hours)).replace(microsecond=0)


def typed(when):
    """A time as the form sends it once it has been looked at."""
    return {
        "release_at": when.strftime("%Y-%m-%dT%H:%M:%S"), "zone": settings.OFFICE_TIME_ZONE,
        "confirmed": when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }  # fmt: skip


def test_officer_makes_a_bundle_and_puts_in_what_they_find(client, officer, writer):
    item, other = written(writer, "Findme"), written(writer, "Notthis")
    factories.statement("published", "Findme")
    client.force_login(officer)
    add = reverse("admin:events_bundle_add")
    assert client.post(add, {"name": ""}).status_code == 200
    answer = client.post(add, {"name": "The session"})
    bundle = Bundle.objects.get()
    assert (bundle.name, bundle.made_by) == ("The session", officer)
    assert answer.url == page("change", bundle)
    found = client.get(answer.url, {"q": "findme"})
    assert list(found.context["found"]) == [item.publication]
    assert {str(row) for row in client.get(answer.url).context["found"]} == {str(item), str(other)}
    assert client.get(page("join", bundle)).status_code == 405
    assert client.post(page("join", bundle), {"item": str(item.pk)}).status_code == 302
    assert members(bundle) == [item.publication]
    assert list(client.get(answer.url, {"q": "findme"}).context["found"]) == []
    for wrong in ("", "x", "00000000-0000-0000-0000-000000000005"):
        assert client.post(page("join", bundle), {"item": wrong}).status_code == 404


def test_page_says_who_must_confirm_what(client, officer, bundle):
    own = members(bundle)[1].child
    with publishing.saving(own, officer) as record:
        record.title_en = "Mended by the officer"
        record.save()
    client.force_login(officer)
    text = client.get(page("change", bundle)).content.decode()
    assert "Edited by writer: whoever approves confirms it." in text
    assert "Edited by writer, press-officer: somebody other than you must countersign it." in text
    publishing.countersign(own, publishing.named_on(own) or writer_of(own))
    text = client.get(page("change", bundle)).content.decode()
    assert "somebody other than you" not in text


def writer_of(item):
    return editions.of(item).first().by


def test_one_screen_approves_the_whole_for_one_time(client, officer, bundle):
    client.force_login(officer)
    address = page("move", bundle, "approve")
    screen = client.get(address).content.decode()
    assert settings.OFFICE_TIME_ZONE in screen
    for row in members(bundle):
        assert str(row) in screen
    when = ahead()
    data = typed(when) | seen(bundle)
    # A time is looked at in every zone before it counts.
    first = client.post(address, {**data, "confirmed": ""})
    assert (first.status_code, first.context["to_confirm"]) == (200, True)
    assert stands(bundle) == {("in_review", None)}
    assert client.post(address, data).url == page("change", bundle)
    assert stands(bundle) == {("approved", when)}
    assert {row.stage for row in members(bundle)} == {Stage.EMBARGOED}


@pytest.mark.parametrize(
    "release_at",
    ["", "2020-01-01T10:00:00", "tomorrow", "2026-13-45T99:00", "2027-01-01T10:00:00.5"],
)
def test_bad_time_is_a_sentence_beside_the_field(client, officer, bundle, release_at):
    client.force_login(officer)
    data = {"release_at": release_at, "zone": settings.OFFICE_TIME_ZONE} | seen(bundle)
    answer = client.post(page("move", bundle, "approve"), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["release_at"])
    assert stands(bundle) == {("in_review", None)}


def test_each_members_question_is_answered_beside_it(client, officer, writer, bundle):
    silent = written(writer, "Silent", contact=False)
    publishing.join_bundle(bundle, silent, officer)
    client.force_login(officer)
    address, when = page("move", bundle, "approve"), ahead()
    name = f"answer-{silent.pk}-no-contact"
    assert f'name="{name}"' in client.get(address).content.decode()
    answer = client.post(address, typed(when) | seen(bundle))
    assert list(answer.context["form"].errors) == [name]
    assert stands(bundle) == {("in_review", None)}
    data = typed(when) | seen(bundle) | {name: "The duty officer answers."}
    assert client.post(address, data).status_code == 302
    assert stands(bundle) == {("approved", when)}
    assert "The duty officer answers." in editions.of(silent).last().note


def test_refusal_of_one_member_refuses_the_whole_and_names_it(client, officer, bundle):
    own = members(bundle)[1].child
    with publishing.saving(own, officer) as record:
        record.title_en = "By the officer"
        record.save()
    client.force_login(officer)
    answer = client.post(page("move", bundle, "approve"), typed(ahead()) | seen(bundle))
    assert answer.status_code == 200
    assert "By the officer: You have edited this text" in answer.content.decode()
    assert stands(bundle) == {("in_review", None)}


def test_what_changed_since_the_screen_was_opened_is_not_approved(client, officer, writer, bundle):
    client.force_login(officer)
    data = typed(ahead()) | seen(bundle)
    with publishing.saving(members(bundle)[1].child, writer) as record:
        record.title_en = "Slipped in"
        record.save()
    answer = client.post(page("move", bundle, "approve"), data)
    assert "“Slipped in” has changed since you opened this page" in answer.content.decode()
    joined = written(writer, "Joined")
    data = typed(ahead()) | seen(bundle)
    publishing.join_bundle(bundle, joined, officer)
    assert client.post(page("move", bundle, "approve"), data).status_code == 200
    assert client.post(page("move", bundle, "approve"), typed(ahead())).status_code == 200
    assert stands(bundle) == {("in_review", None)}


def test_releasing_the_whole_now_asks_anew_who_one_is(client, officer, bundle):
    client.force_login(officer)
    session = client.session
    session["confirmed_at"] -= 3600
    session.save()
    address = page("move", bundle, "release_now")
    asks = client.post(address, seen(bundle))["Location"]
    assert asks.startswith("/accounts/reauthenticate/")
    assert client.post(asks, {"password": "not-it"}).status_code == 403
    assert stands(bundle) == {("in_review", None)}
    waiting = client.post(asks, {"password": PASSWORD}).context["waiting"]
    assert (waiting["path"], dict(waiting["typed"])) == (
        address, {name: str(value) for name, value in seen(bundle).items()},
    )  # fmt: skip
    assert client.post(address, seen(bundle)).status_code == 302
    assert {row.stage for row in members(bundle)} == {Stage.PUBLISHED}


def test_whole_is_moved_then_cancelled_with_a_note(client, officer, bundle):
    publishing.approve_bundle(bundle, officer, ahead())
    client.force_login(officer)
    when = ahead(5)
    assert client.post(page("move", bundle, "move_release"), typed(when)).status_code == 302
    assert stands(bundle) == {("approved", when)}
    cancel = page("move", bundle, "cancel_release")
    assert list(client.post(cancel, {"note": " "}).context["form"].errors) == ["note"]
    assert client.post(cancel, {"note": "The talks go on."}).status_code == 302
    assert stands(bundle) == {("in_review", None)}
    # Twice is once: what is not possible any more is explained.
    assert client.post(cancel, {"note": "Again."}).status_code == 409


def test_taking_one_out_says_that_the_whole_is_held(client, officer, bundle):
    publishing.approve_bundle(bundle, officer, ahead())
    client.force_login(officer)
    leaving = members(bundle)[1]
    address = page("leave", bundle, leaving.pk)
    assert "nothing of it goes out until somebody approves it anew" in (
        client.get(address).content.decode()
    )
    assert stands(bundle) == {("approved", members(bundle)[0].release_at)}
    assert list(client.post(address, {"note": ""}).context["form"].errors) == ["note"]
    assert client.post(address, {"note": "In dispute."}).status_code == 302
    assert stands(bundle) == {("in_review", None)}
    left = Statement.objects.get(pk=leaving.pk)
    assert (left.bundle, left.stage) == (None, Stage.IN_REVIEW)
    assert client.get(address).status_code == 404


def test_member_shows_its_bundle_and_leaves_the_decision_to_it(client, officer, bundle):
    client.force_login(officer)
    row = members(bundle)[0]
    form = client.get(reverse("admin:events_event_change", args=[row.pk]))
    urls = [each.url for each in form.context["buttons"]]
    assert page("change", bundle) in urls
    assert [url for url in urls if "/move/approve/" in url or "/release_now/" in url] == []
    text = form.content.decode()
    assert "The session" in text
    approve = reverse("admin:events_event_move", args=[row.pk, "approve"])
    assert client.post(approve, typed(ahead())).status_code == 409
    assert Event.objects.get().release_at is None
    listed = client.get(reverse("admin:events_event_changelist")).content.decode()
    assert "The session" in listed


@pytest.mark.parametrize("role", ["Writer", "Archivist"])
def test_who_makes_no_bundles_looks_and_decides_nothing(client, staff, officer, bundle, role):
    client.force_login(staff(role, "somebody-else"))
    shown = client.get(page("change", bundle))
    assert (shown.status_code, shown.context["buttons"], shown.context["found"]) == (200, [], None)
    assert client.get(reverse("admin:events_bundle_add")).status_code == 403
    assert client.post(reverse("admin:events_bundle_add"), {"name": "Mine"}).status_code == 403
    member = members(bundle)[0]
    assert client.post(page("join", bundle), {"item": str(member.pk)}).status_code == 403
    assert client.post(page("leave", bundle, member.pk), {"note": "x"}).status_code == 403
    for verb in ("approve", "release_now", "move_release", "cancel_release"):
        data = typed(ahead()) | {"note": "x"} | seen(bundle)
        assert client.post(page("move", bundle, verb), data).status_code == 403, verb
    assert (stands(bundle), len(members(bundle))) == ({("in_review", None)}, 2)


def test_bundle_is_neither_edited_nor_deleted_by_hand(client, officer, bundle):
    client.force_login(officer)
    assert client.post(page("delete", bundle), {"post": "yes"}).status_code == 403
    client.post(page("change", bundle), {"name": "Renamed"})
    assert Bundle.objects.get().name == "The session"
    assert client.get(page("history", bundle)).status_code == 404
    assert client.get(page("move", bundle, "retract")).status_code == 404
    assert client.get(page("move", bundle, "no-such-verb")).status_code == 404


def test_bundle_with_a_hidden_member_is_answered_as_what_does_not_exist(
    client, officer, staff, bundle
):
    head = staff("Head of press")
    hidden, opened = members(bundle)
    publishing.limit(hidden.child, head, [head, officer])
    client.force_login(staff("Press officer", "second"))
    assert list(client.get("/admin/events/bundle/").context["cl"].result_list) == []
    assert client.get(page("change", bundle)).status_code == 302
    for address in (
        page("join", bundle), page("leave", bundle, opened.pk), page("move", bundle, "approve"),
        page("times", bundle, "approve"),
    ):  # fmt: skip
        assert client.post(address, {"item": str(opened.pk), "note": "x"}).status_code == 404
    form = client.get(reverse("admin:events_statement_change", args=[opened.pk]))
    text = form.content.decode()
    assert "The session" not in text
    assert "released together with others" in text
    listed = client.get(reverse("admin:events_statement_changelist")).content.decode()
    assert ("The session" in listed, "released together with others" in listed) == (False, True)
    client.force_login(officer)
    assert client.get(page("change", bundle)).status_code == 200
    with_name = client.get(reverse("admin:events_statement_changelist")).content.decode()
    assert "The session" in with_name


def test_list_of_bundles_takes_no_query_for_each(
    client, officer, writer, bundle, django_assert_num_queries
):
    when = ahead()
    publishing.approve_bundle(bundle, officer, when)
    publishing.make_bundle("Empty", officer)
    client.force_login(officer)
    text = client.get("/admin/events/bundle/").content.decode()
    assert "The session" in text
    assert "UTC: " in text
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/events/bundle/")
    for number in range(3):
        more = publishing.make_bundle(f"More {number}", officer)
        publishing.join_bundle(more, written(writer, f"Further{number}"), officer)
    with django_assert_num_queries(len(few)):
        client.get("/admin/events/bundle/")


def test_time_is_shown_in_every_zone_while_it_is_typed(client, officer, bundle):
    client.force_login(officer)
    address = page("times", bundle, "approve")
    assert client.get(address).status_code == 405
    text = client.post(address, typed(ahead())).content.decode()
    assert (settings.OFFICE_TIME_ZONE in text, "UTC" in text) == (True, True)
    assert client.post(page("times", bundle, "cancel_release")).status_code == 404
