"""The pages on which an item moves: who may, what they ask, and what a crafted request gets."""

import datetime as dt
import logging
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from events import editions, guards, publishing, roles
from events.models import Edition, Event, Person
from events.publishing import MOVES
from events.visibility import Stage

from . import factories
from .test_publishing import LATER, brought_to, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PASSWORD = "a-password-for-tests"
EVEN_LATER = LATER + dt.timedelta(hours=1)
ANEW = [name for name, move in MOVES.items() if move.anew]


def url(item, verb, *more):
    name = "_".join(("move", *more))
    return reverse(f"admin:events_{item._meta.model_name}_{name}", args=[item.pk, verb])


def typed_time(moment, zone=settings.OFFICE_TIME_ZONE):
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M:%S}"


def scheduled(moment):
    """What the form sends of a time that was on screen."""
    return {"release_at": typed_time(moment), "confirmed": f"{moment:%Y-%m-%dT%H:%M:%SZ}"}


def everything(item):
    """Whatever any move asks."""
    answers = {f"answer-{each.code}": "It is right." for each in guards.questions(item)}
    return scheduled(EVEN_LATER) | answers | {
        "note": "A note.", "reason_en": "A reason.",
    }  # fmt: skip


def signed_in_long_ago(client, user):
    """Signed in, but it is not known any more who is at the keyboard."""
    client.force_login(user)
    session = client.session
    session["confirmed_at"] -= 3600
    session.save()


def errors(answer):
    return {name: list(texts) for name, texts in answer.context["form"].errors.items()}


def again(item):
    return type(item).objects.get(pk=item.pk)


@pytest.mark.parametrize("role", list(roles.ROLES))
@pytest.mark.parametrize("stage", list(Stage))
def test_move_is_possible_exactly_where_stage_and_role_allow(client, event, staff, stage, role):
    maker, checker = staff("Writer", "the-writer"), staff("Press officer", "the-officer")
    item = brought_to(event, stage, maker, checker)
    client.force_login(staff(role, "somebody-else"))
    seen = role != "Reader under embargo" or stage in (
        Stage.PUBLISHED, Stage.WITHDRAWN, Stage.RETRACTED,
    )  # fmt: skip
    count = Edition.objects.count()
    for verb, move in MOVES.items():
        if not seen:
            expected = (404, 404, 0)
        elif move.permission not in roles.ROLES[role]:
            expected = (403, 403, 0)
        elif stage not in move.origins:
            expected = (409, 409, 0)
        else:
            expected = (200, 302, 1)
        opened = client.get(url(item, verb)).status_code
        with transaction.atomic():
            sent = client.post(url(item, verb), everything(item)).status_code
            written_now = Edition.objects.filter(record_uid=item.pk).count() - count
            transaction.set_rollback(True)
        assert (opened, sent, written_now) == expected, verb
    assert again(item).status == item.status


@pytest.mark.parametrize("verb", list(MOVES))
def test_move_is_made_by_post_alone_and_its_page_says_what_happens(
    client, event, writer, officer, second, verb
):
    stage = next(each for each in Stage if each in MOVES[verb].origins)
    item = brought_to(event, stage, writer, officer)
    client.force_login(second)
    answer = client.get(url(item, verb))
    page = answer.content.decode()
    assert answer.context["happens"] in page
    assert f'<span class="stage stage-{stage}">' in page
    assert "Edited by writer." in answer.context["facts"]
    assert again(item).version == item.version


def test_unknown_move_is_not_found(client, event, officer):
    client.force_login(officer)
    assert client.get(url(event, "publish")).status_code == 404
    assert client.post(url(event, "make_bundle")).status_code == 404


def test_item_limited_to_others_is_not_found_on_any_route(client, event, writer, officer, second):
    item = brought_to(event, Stage.IN_REVIEW, writer, officer)
    Event.objects.filter(pk=item.pk).update(limited=True)
    client.force_login(second)
    for verb in MOVES:
        assert client.get(url(item, verb)).status_code == 404
        assert client.post(url(item, verb), everything(item)).status_code == 404
    assert client.post(url(item, "approve", "times"), scheduled(LATER)).status_code == 404
    assert again(item).stage is Stage.IN_REVIEW


# --- Times ----------------------------------------------------------------------------------------


def test_time_is_shown_in_every_zone_before_it_counts(client, event, writer, officer):
    Event.objects.filter(pk=event.pk).update(time_zone="Asia/Dushanbe")
    item = brought_to(again(event), Stage.IN_REVIEW, writer, officer)
    client.force_login(officer)
    data = {"release_at": "2026-10-08T13:20", "zone": settings.OFFICE_TIME_ZONE}
    answer = client.post(url(item, "approve"), data)
    page = answer.content.decode()
    assert (answer.status_code, again(item).stage) == (200, Stage.IN_REVIEW)
    for text in (
        "Thursday, 8 October 2026, 13:20:00 (UTC+5)", "office time (Asia/Almaty)",
        "venue time (Asia/Dushanbe)", "Thursday, 8 October 2026, 08:20:00 (UTC+0)",
        "goes out in 2 days 3 hours 20 minutes", "Nothing has happened yet.",
        'value="2026-10-08T13:20"',
    ):  # fmt: skip
        assert text in page
    data["confirmed"] = "2026-10-08T08:20:00Z"
    assert data["confirmed"] in page
    assert client.post(url(item, "approve"), data).status_code == 302
    assert again(item).release_at == dt.datetime(2026, 10, 8, 8, 20, tzinfo=dt.UTC)


def test_time_typed_after_the_one_on_screen_is_shown_again(client, event, writer, officer):
    item = brought_to(event, Stage.IN_REVIEW, writer, officer)
    client.force_login(officer)
    data = scheduled(LATER) | {"release_at": typed_time(EVEN_LATER)}
    assert client.post(url(item, "approve"), data).status_code == 200
    assert again(item).stage is Stage.IN_REVIEW


def test_time_is_typed_in_the_zone_that_is_chosen(client, event, writer, officer):
    item = brought_to(event, Stage.IN_REVIEW, writer, officer)
    client.force_login(officer)
    data = scheduled(LATER) | {"release_at": typed_time(LATER, "UTC"), "zone": "UTC"}
    assert client.post(url(item, "approve"), data).status_code == 302
    assert again(item).release_at == LATER


@pytest.mark.parametrize("verb", ["approve", "move_release"])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "State the release time; an empty field is never “now”."),
        ("   ", "State the release time; an empty field is never “now”."),
        ("now", "Give a date and a time of day, such as 2026-10-06 10:00:00."),
        ("2026-10-06T24:30", "Give a date and a time of day, such as 2026-10-06 10:00:00."),
        ("2026-10-07T10:00:00.5", "Give the time in whole seconds."),
        ("9999-12-31T23:59:59", "Check the year."),
        ("2026-10-06T09:00:00", "The release time must be at least one minute ahead."),
        # The office's clock says 10:00:00.
        ("2026-10-06T10:00:00", "The release time must be at least one minute ahead."),
        ("2026-10-06T10:00:59", "The release time must be at least one minute ahead."),
        ("2026-10-07T10:00\x00", "Null characters are not allowed."),
    ],
)
def test_what_is_no_time_ahead_is_a_sentence_beside_the_field(
    client, event, writer, officer, verb, typed, sentence
):
    stage = Stage.IN_REVIEW if verb == "approve" else Stage.EMBARGOED
    item = brought_to(event, stage, writer, officer)
    client.force_login(officer)
    for confirmed in ("", "on"):
        answer = client.post(url(item, verb), {"release_at": typed, "confirmed": confirmed})
        assert errors(answer) == {"release_at": [sentence]}
        assert sentence in answer.content.decode()
    assert typed.strip() in answer.content.decode()
    assert (again(item).stage, again(item).release_at) == (item.stage, item.release_at)


def test_clock_change_is_refused_or_asked_about(client, event, writer, officer):
    Event.objects.filter(pk=event.pk).update(time_zone="Europe/Berlin")
    item = brought_to(again(event), Stage.IN_REVIEW, writer, officer)
    client.force_login(officer)
    gap = client.post(
        url(item, "approve"), {"release_at": "2027-03-28T02:30", "zone": "Europe/Berlin"}
    )
    assert "01:59:59 (UTC+1) and Sunday, 28 March 2027, 03:00:00 (UTC+2)" in errors(gap)[
        "release_at"
    ][0]  # fmt: skip
    data = {"release_at": "2026-10-25T02:30", "zone": "Europe/Berlin"}
    overlap = client.post(url(item, "approve"), data)
    assert "Say which of the two is meant." in errors(overlap)["release_at"][0]
    assert overlap.content.decode().count('type="radio" name="which"') == 2
    data |= {"which": "second", "confirmed": "2026-10-25T00:30:00Z"}
    # What was on screen is the first of the two: the second is shown before it counts.
    assert client.post(url(item, "approve"), data).status_code == 200
    data["confirmed"] = "2026-10-25T01:30:00Z"
    assert client.post(url(item, "approve"), data).status_code == 302
    assert again(item).release_at == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)


def test_times_are_answered_while_they_are_typed(client, event, writer, officer):
    item = brought_to(event, Stage.IN_REVIEW, writer, officer)
    client.force_login(officer)
    address = url(item, "approve", "times")
    shown = client.post(address, {"release_at": typed_time(LATER)}).content.decode()
    assert "goes out in 1 hour" in shown
    assert 'name="confirmed" value="2026-10-06T06:00:00Z"' in shown
    past = client.post(address, {"release_at": "2020-01-01T10:00"}).content.decode()
    assert "This time is past." in past
    assert "confirmed" not in client.post(address, {"release_at": "soon"}).content.decode()
    assert client.post(address, {}).content.decode().split() == []
    assert client.get(address).status_code == 405
    assert client.post(url(item, "withdraw", "times")).status_code == 404
    client.force_login(writer)
    assert client.post(address, {"release_at": typed_time(LATER)}).status_code == 403
    client.logout()
    assert client.post(address, {"release_at": typed_time(LATER)}).status_code == 302
    assert again(item).version == item.version


def test_release_is_moved_and_its_countdown_is_on_the_records_page(client, event, writer, officer):
    item = brought_to(event, Stage.EMBARGOED, writer, officer)
    client.force_login(officer)
    record = reverse("admin:events_event_change", args=[item.pk])
    assert "goes out in 1 hour" in client.get(record).content.decode()
    assert f'value="{typed_time(LATER)}"' in client.get(url(item, "move_release")).content.decode()
    same = client.post(url(item, "move_release"), scheduled(LATER))
    assert errors(same) == {"release_at": ["It goes out at this time already."]}
    assert client.post(url(item, "move_release"), scheduled(EVEN_LATER)).status_code == 302
    assert again(item).release_at == EVEN_LATER
    assert "goes out in 2 hours" in client.get(record).content.decode()


def test_release_that_has_come_meanwhile_is_not_moved(client, event, writer, officer, clock):
    item = brought_to(event, Stage.EMBARGOED, writer, officer)
    client.force_login(officer)
    clock(LATER - dt.timedelta(seconds=3))
    answer = client.post(url(item, "cancel_release"), {"note": "Stop."})
    assert "It goes out within 5 seconds" in answer.content.decode()
    clock(LATER)
    answer = client.post(url(item, "move_release"), scheduled(EVEN_LATER))
    assert answer.status_code == 409
    assert "the item is published" in answer.content.decode()
    assert again(item).release_at == LATER


def test_cancelled_release_says_that_it_will_not_happen(client, event, writer, officer, second):
    item = brought_to(event, Stage.EMBARGOED, writer, officer)
    client.force_login(second)
    page = client.get(url(item, "cancel_release")).content.decode()
    assert "It will not become public on Tuesday, 6 October 2026, 11:00:00 (UTC+5)" in page
    assert "whoever approved it is told" in page
    assert "Confirmed by press-officer." in page
    empty = client.post(url(item, "cancel_release"), {"note": " "})
    assert list(errors(empty)) == ["note"]
    assert (
        client.post(url(item, "cancel_release"), {"note": "The visit is off."}).status_code == 302
    )
    assert (again(item).stage, again(item).release_at) == (Stage.IN_REVIEW, None)


# --- Who acts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ANEW)
@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), f" {PASSWORD}"])
def test_act_of_one_person_waits_until_they_have_shown_who_they_are(
    client, event, writer, officer, second, caplog, verb, password
):
    caplog.set_level(logging.DEBUG)
    stage = next(each for each in Stage if each in MOVES[verb].origins)
    item = brought_to(event, stage, writer, officer)
    signed_in_long_ago(client, second)
    assert client.get(url(item, verb)).context["asks_anew"] is True
    data = everything(item)
    answer = client.post(url(item, verb), data)
    asks = answer["Location"]
    assert asks.startswith("/accounts/reauthenticate/?")
    refused = client.post(asks, {"password": password})
    assert refused.status_code == 403
    assert "Nothing has happened" in refused.content.decode()
    assert again(item).version == item.version
    if password.strip():
        assert password not in refused.content.decode()
        assert password not in caplog.text
    waiting = client.post(asks, {"password": PASSWORD}).context["waiting"]
    assert (waiting["path"], dict(waiting["typed"])) == (url(item, verb), data)
    assert again(item).version == item.version
    assert client.post(waiting["path"], dict(waiting["typed"])).status_code == 302
    assert again(item).version == item.version + 1
    assert PASSWORD not in caplog.text
    assert not Edition.objects.filter(note__contains=PASSWORD).exists()


def test_password_of_somebody_else_is_not_ones_own(client, event, writer, officer, second):
    item = brought_to(event, Stage.PUBLISHED, writer, officer)
    second.set_password("quite-another-password")
    second.save()
    signed_in_long_ago(client, second)
    asks = client.post(url(item, "retract"), everything(item))["Location"]
    assert client.post(asks, {"password": PASSWORD}).status_code == 403
    assert again(item).stage is Stage.PUBLISHED


@pytest.mark.parametrize("verb", [verb for verb, move in MOVES.items() if not move.anew])
def test_other_moves_do_not_ask_who_one_is(client, event, writer, officer, second, verb):
    stage = next(each for each in Stage if each in MOVES[verb].origins)
    item = brought_to(event, stage, writer, officer)
    signed_in_long_ago(client, second)
    assert client.get(url(item, verb)).context["asks_anew"] is False
    answer = client.post(url(item, verb), everything(item))
    assert not answer.headers.get("Location", "").startswith("/accounts/")


@pytest.mark.parametrize(
    ("verb", "stage"),
    [
        ("submit", Stage.DRAFT), ("send_back", Stage.IN_REVIEW), ("countersign", Stage.IN_REVIEW),
        ("approve", Stage.IN_REVIEW), ("release_now", Stage.IN_REVIEW),
        ("move_release", Stage.EMBARGOED), ("cancel_release", Stage.EMBARGOED),
        ("withdraw", Stage.PUBLISHED), ("retract", Stage.PUBLISHED),
        ("propose_reason", Stage.WITHDRAWN), ("approve_reason", Stage.WITHDRAWN),
        ("ask_reinstatement", Stage.WITHDRAWN), ("reinstate", Stage.WITHDRAWN),
    ],
)  # fmt: skip
def test_double_click_moves_once_and_says_so(client, event, writer, officer, second, verb, stage):
    item = brought_to(event, stage, writer, officer)
    client.force_login(second)
    page = client.get(url(item, verb))
    data = everything(item) | {"seen_version": page.context["original"].version}
    assert client.post(url(item, verb), data).status_code == 302
    count = Edition.objects.count()
    answer = client.post(url(item, verb), data)
    assert answer.status_code in (200, 409)
    said = [text for texts in errors(answer).values() for text in texts]
    assert len(said) == 1
    assert said[0] in answer.content.decode()
    assert Edition.objects.count() == count


def test_text_edited_since_the_page_was_opened_is_not_approved_unread(
    client, event, writer, officer
):
    item = brought_to(event, Stage.IN_REVIEW, writer, officer)
    client.force_login(officer)
    seen = {"seen_version": client.get(url(item, "approve")).context["original"].version}
    written(item, writer, "Slipped in meanwhile")
    answer = client.post(url(item, "approve"), scheduled(LATER) | seen)
    assert "It has changed since you opened this page" in answer.content.decode()
    assert again(item).stage is Stage.IN_REVIEW
    # The page that says so was made of the new text: whoever sends it again has been told.
    seen = {"seen_version": answer.context["original"].version}
    assert f'name="seen_version" value="{seen["seen_version"]}"' in answer.content.decode()
    assert client.post(url(item, "approve"), scheduled(LATER) | seen).status_code == 302


def test_reason_changed_since_the_page_was_opened_is_not_approved_unread(
    client, event, writer, officer, second
):
    item = brought_to(event, Stage.WITHDRAWN, writer, officer)
    client.force_login(second)
    seen = {"seen_version": client.get(url(item, "approve_reason")).context["original"].version}
    publishing.propose_reason(item, officer, {"en": "Slipped in."})
    client.post(url(item, "approve_reason"), seen)
    assert again(item).reason_en == "Withdrawn by the press office."


def test_withdrawal_is_not_held_up_by_what_somebody_else_did(client, event, writer, officer):
    item = brought_to(event, Stage.PUBLISHED, writer, officer)
    client.force_login(officer)
    data = everything(item) | {"seen_version": item.version - 1}
    assert client.post(url(item, "withdraw"), data).status_code == 302


def test_one_account_alone_releases_nothing_and_decides_nothing_twice(
    client, event, person, writer, officer, second
):
    """One stolen account of a press officer, on every move there is."""

    def attempt(*steps):
        """Send moves as the officer; tell how the last was answered and where it led."""
        for verb in steps:
            answer = client.post(url(event, verb), everything(again(event)))
        item = again(event)
        return answer.status_code, str(item.stage), item.reason_en

    client.force_login(officer)
    written(event, officer, "A false quotation")
    review = (200, "in_review", "")
    assert attempt("submit", "approve") == review
    assert attempt("release_now") == review
    assert attempt("countersign", "approve") == (200, "in_review", "")
    assert attempt("send_back", "submit", "approve") == review
    assert attempt("send_back", "submit", "countersign", "release_now") == review
    # Somebody else's confirmation does not cover what is written after it.
    publishing.countersign(again(event), writer)
    written(again(event), officer, "Another false quotation")
    assert attempt("approve") == review
    # Nor does it cover a person whom the text names and the officer alone has described.
    with publishing.saving(again(event), writer) as record:
        record.people.add(person)
    publishing.countersign(again(event), second)
    with publishing.saving(Person.objects.get(), officer) as named:
        named.name_en = "A false name"
        named.save()
    assert attempt("approve") == review
    assert "A false name" in client.post(
        url(event, "release_now"), everything(event)
    ).content.decode()  # fmt: skip
    publishing.countersign(again(event), writer)
    publishing.release_now(again(event), second)
    # The account's own withdrawal is at once, with a neutral sentence; its words wait.
    neutral = "Withdrawn by the press office."
    assert attempt("withdraw") == (302, "withdrawn", neutral)
    assert attempt("approve_reason") == (409, "withdrawn", neutral)
    assert attempt("propose_reason", "approve_reason") == (409, "withdrawn", neutral)
    assert attempt("ask_reinstatement", "reinstate") == (409, "withdrawn", neutral)
    assert editions.check_chain(again(event)) == []


# --- What is asked --------------------------------------------------------------------------------


@pytest.fixture
def bilingual(event):
    Event.objects.filter(pk=event.pk).update(
        title_ru="Событие", ready_ru=True, standing_ru="courtesy"
    )
    return again(event)


@pytest.mark.parametrize("verb", ["withdraw", "retract", "propose_reason"])
def test_reason_is_asked_in_each_ready_language(client, bilingual, writer, officer, second, verb):
    stage = Stage.WITHDRAWN if verb == "propose_reason" else Stage.PUBLISHED
    item = brought_to(bilingual, stage, writer, officer)
    client.force_login(second)
    page = client.get(url(item, verb))
    assert page.context["form"].reasons == ["reason_en", "reason_ru"]
    assert "Readers see a neutral sentence until a second person approves" in page.content.decode()
    for crafted in ({"reason_kk": "Only here."}, {"reason": "Plain."}, {"reason_en": " "}):
        answer = client.post(url(item, verb), crafted)
        assert errors(answer) == {"reason_en": ["Give the reason."]}
    data = {"reason_ru": "Причина.", "reason_kk": "Себеп."}
    assert client.post(url(item, verb), data).status_code == 302
    item = again(item)
    assert [getattr(item, f"proposed_reason_{code}") for code in ("en", "ru", "kk")] == [
        "", "Причина.", "",
    ]  # fmt: skip
    assert "Причина." not in (item.reason_en, item.reason_ru)


def test_proposed_reason_stands_beside_what_readers_see(client, bilingual, writer, officer, second):
    item = brought_to(bilingual, Stage.PUBLISHED, writer, officer)
    publishing.withdraw(item, officer, {"en": "The visit was put off.", "ru": "Визит отложен."})
    client.force_login(officer)
    assert client.get(url(item, "approve_reason")).status_code == 409
    client.force_login(second)
    answer = client.get(url(item, "approve_reason"))
    assert [(row["code"], row["proposed"]) for row in answer.context["words"]] == [
        ("en", "The visit was put off."), ("ru", "Визит отложен."),
    ]  # fmt: skip
    assert answer.context["words"][0]["now"] == "Withdrawn by the press office."
    assert "The words are proposed by press-officer." in answer.context["facts"]
    assert client.post(url(item, "approve_reason")).status_code == 302
    assert again(item).reason_ru == "Визит отложен."


def test_reinstatement_shows_who_asked_and_why(client, event, writer, officer, second):
    item = brought_to(event, Stage.WITHDRAWN, writer, officer)
    client.force_login(second)
    assert client.get(url(item, "reinstate")).context["facts"][-1] == (
        "press-officer asked on 6 October 2026, 10:00 (UTC+5) to reinstate it:"
        " “It was right after all.”"
    )
    assert client.post(url(item, "reinstate")).status_code == 302
    assert again(item).stage is Stage.PUBLISHED


def test_guards_questions_are_answered_beside_each(client, event, writer, officer):
    event.media_contacts.clear()
    item = brought_to(event, Stage.IN_REVIEW, writer, officer)
    asked = [each.code for each in guards.questions(item)]
    assert "no-contact" in asked
    client.force_login(officer)
    page = client.get(url(item, "approve")).content.decode()
    assert "No media contact is named. Whom may a journalist ask?" in page
    unanswered = client.post(url(item, "approve"), scheduled(LATER) | {"answer-no-contact": "  "})
    assert set(errors(unanswered)) == {f"answer-{code}" for code in asked}
    assert typed_time(LATER) in unanswered.content.decode()
    answers = {f"answer-{code}": "The duty desk answers." for code in asked}
    assert client.post(url(item, "approve"), scheduled(LATER) | answers).status_code == 302
    assert "Whom may a journalist ask? – The duty desk answers." in editions.of(item).last().note


def test_page_says_whose_edits_wait_for_a_second_person(client, event, person, writer, officer):
    with publishing.saving(person, officer) as named:
        named.name_en = "Somebody new"
        named.save()
    with publishing.saving(event, writer) as record:
        record.people.add(person)
    item = written(publishing.submit(again(event), writer), officer, "Mended")
    client.force_login(officer)
    assert client.get(url(item, "approve")).context["facts"] == [
        "Edited by writer, press-officer.",
        "Waiting to be countersigned: edits by writer, press-officer.",
        "Waiting to be countersigned: edits by press-officer in “Somebody new”, which it names.",
        "You have edited it: somebody else must countersign before you approve it.",
    ]
    publishing.countersign(item, writer)
    assert client.get(url(item, "approve")).context["facts"] == [
        "Edited by writer, press-officer.", "Confirmed by writer.",
        "Waiting to be countersigned: edits by writer.",
    ]  # fmt: skip


def test_member_of_a_bundle_points_to_it(client, event, writer, officer, second):
    item = brought_to(event, Stage.IN_REVIEW, writer, officer)
    bundle = publishing.make_bundle("The session of October", officer)
    publishing.join_bundle(bundle, item, officer)
    client.force_login(second)
    for verb in ("approve", "release_now"):
        answer = client.get(url(item, verb))
        assert answer.status_code == 409
        assert "The session of October" in answer.content.decode()
        answer = client.post(url(item, verb), everything(item))
        assert (answer.status_code, again(item).stage) == (409, Stage.IN_REVIEW)
        assert list(errors(answer)) == ["__all__"]
        assert "It is released together with others" in answer.content.decode()
    hidden = factories.event("in_review", limited=True, bundle=bundle)
    page = client.get(url(item, "approve")).content.decode()
    assert "It is released together with others" in page
    assert "The session of October" not in page
    assert hidden.title_en not in page


@pytest.mark.parametrize(
    ("stage", "main", "labels"),
    [
        (Stage.DRAFT, ["Submit for review"], 1),
        (Stage.IN_REVIEW, ["Approve for a time"], 4),
        (Stage.EMBARGOED, [], 2),
        (Stage.PUBLISHED, [], 2),
        (Stage.WITHDRAWN, ["Approve the public reason"], 5),
    ],
)
def test_records_page_marks_the_likeliest_move(
    client, event, writer, officer, second, stage, main, labels
):
    item = brought_to(event, stage, writer, officer)
    client.force_login(second)
    answer = client.get(reverse("admin:events_event_change", args=[item.pk]))
    buttons = [each for each in answer.context["buttons"] if "/move/" in each.url]
    assert [str(each.label) for each in buttons if each.main] == main
    assert len(buttons) == labels


def test_message_says_what_was_done_and_when_it_goes_out(client, event, writer, officer):
    item = brought_to(event, Stage.IN_REVIEW, writer, officer)
    client.force_login(officer)
    answer = client.post(url(item, "approve"), scheduled(LATER), follow=True)
    assert [str(each) for each in answer.context["messages"]] == [
        "Approve for a time: done. “Another title” is embargoed. Asia/Almaty: 6 October 2026,"
        " 11:00 (UTC+5) · UTC: 6 October 2026, 06:00 (UTC+0) · goes out in 1 hour"
    ]
    assert answer.redirect_chain == [(reverse("admin:events_event_change", args=[item.pk]), 302)]


@pytest.mark.parametrize("note", ["x\x00y", "\x00"])
def test_null_character_in_a_note_is_a_sentence(client, event, writer, officer, note):
    item = brought_to(event, Stage.IN_REVIEW, writer, officer)
    client.force_login(officer)
    assert list(errors(client.post(url(item, "send_back"), {"note": note}))) == ["note"]


def test_long_note_comes_through_whole(client, event, writer, officer):
    item = brought_to(event, Stage.IN_REVIEW, writer, officer)
    client.force_login(officer)
    note = "Mend it. " * 10_000
    assert client.post(url(item, "send_back"), {"note": note}).status_code == 302
    assert editions.of(item).last().note == note.strip()


@pytest.mark.parametrize(
    "crafted",
    [{"seen_version": "abc"}, {"seen_version": "9" * 30}, {"seen_version": "-1"},
     {"confirmed": "\x00"}, {"which": "third"}, {"zone": "Mars/Olympus"}, {"zone": "\x00"}],
    ids=str,
)  # fmt: skip
def test_crafted_field_is_refused_with_a_sentence(client, event, writer, officer, crafted):
    item = brought_to(event, Stage.IN_REVIEW, writer, officer)
    client.force_login(officer)
    answer = client.post(url(item, "approve"), scheduled(LATER) | crafted)
    said = [text for texts in errors(answer).values() for text in texts]
    assert said
    assert 'class="errorlist' in answer.content.decode()
    assert again(item).stage is Stage.IN_REVIEW


def test_moves_work_for_statements_too(client, statement, writer, officer):
    item = factories.statement("published")
    client.force_login(officer)
    assert client.post(url(item, "withdraw"), everything(item)).status_code == 302
    item = brought_to(statement, Stage.IN_REVIEW, writer, officer)
    data = everything(item) | scheduled(LATER)
    assert client.post(url(item, "approve"), data).status_code == 302
    assert again(item).release_at == LATER
