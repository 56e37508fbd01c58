"""The preview of one item: to staff who may see it, and to whoever holds a working link."""

import datetime as dt
import hashlib
import re
import secrets

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from events import editions, preview, publishing, visibility
from events.admin.preview import COOKIE
from events.models import Change, ChangeState, Edition, Notice, PreviewLink, Publication, Reading
from events.publishing import Refused
from events.visibility import Stage

from . import factories
from .test_headers import READERS_POLICY

pytestmark = pytest.mark.django_db
SENTINEL = "Kryptonym"
UNRELEASED = ("draft", "in_review", "embargoed")
SOON = dt.timedelta(hours=3)


def written(item, by, **texts):
    with publishing.saving(item, by) as record:
        for name, text in texts.items():
            setattr(record, name, text)
        record.save()
    return item


@pytest.fixture
def office(staff):
    """Who works here."""
    return {
        "writer": staff("Writer"), "officer": staff("Press officer"),
        "head": staff("Head of press"), "second": staff("Press officer", "second"),
    }  # fmt: skip


@pytest.fixture
def staged(office, event, statement):
    """Brings the event and a statement with a quote to a stage, by the verbs."""
    person = factories.person(SENTINEL)

    def bring(stage):
        factories.quote(statement, SENTINEL, person=person, name_en="")
        for item, number in ((event, 1), (statement, 2)):
            text = f"<p>She said: “{SENTINEL} words”.</p>"
            written(item, office["writer"], title_en=f"{SENTINEL} {number}", body_en=text)
            if stage != "draft":
                publishing.submit(item, office["writer"])
            if stage in ("embargoed", "published"):
                publishing.countersign(item, office["officer"])
                publishing.approve(item, office["second"], visibility.clock() + SOON)
            if stage == "published":
                Publication.objects.filter(pk=item.pk).update(release_at=factories.LONG_AGO)
        return type(event).objects.get(pk=event.pk), type(statement).objects.get(pk=statement.pk)

    return bring


def public_path(item, language="en"):
    with translation.override(language):
        return item.get_absolute_url()


def own(item, language="en"):
    """The item's page in its preview."""
    return preview.address(item).rstrip("/") + public_path(item, language)


def world():
    """Every row that a preview could have touched, as the database holds it."""
    tables = ("events_publication", "events_event", "events_statement", "events_edition",
              "events_change", "events_quote", "events_outcome", "events_notice",
              "events_tombstone", "events_speaker", "events_participant")  # fmt: skip
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def link_of(item, by, **more):
    return preview.make_link(item, by, "The Daily Example", **more)


def exchange(client, code):
    return client.post(reverse("preview:door"), {"code": code})


# --- Staff ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", UNRELEASED)
def test_preview_is_what_readers_will_get_and_leaves_no_trace(client, staged, office, stage):
    happened, told = staged(stage)
    client.force_login(office["writer"])
    before = world()
    for item in (happened, told):
        answer = client.get(own(item))
        assert answer.status_code == 200
        assert f"{SENTINEL} {1 if item is happened else 2}" in answer.content.decode()
        assert client.get(public_path(item)).status_code == 404
        assert editions.check_chain(item) == []
    assert world() == before
    assert type(told).objects.get(pk=told.pk).stage.value == stage


@pytest.mark.parametrize("stage", UNRELEASED)
def test_preview_equals_the_released_page_but_for_banner_head_and_prefix(
    client, staged, office, stage
):
    _happened, told = staged(stage)
    client.force_login(office["writer"])
    with time_machine.travel(visibility.clock(), tick=False):
        shown = client.get(own(told)).content.decode()
        with preview.showing(told):
            released = preview.public_answer(public_path(told)).content.decode()
    label = "Preview: not released"
    assert shown.count(f"<strong>{label}</strong>") == 1
    shown = re.sub(r"<aside class=\"not-released\".*?</aside>\n?", "", shown, flags=re.DOTALL)
    shown = re.sub(r"<meta name=\"robots\"[^>]*><link[^>]*preview.css[^>]*>\n", "", shown)
    shown = shown.replace(f"<title>{label} · ", "<title>")
    assert shown.replace(preview.address(told).rstrip("/"), "") == released


def test_draft_shows_names_and_number_as_approval_will_print_them(client, staged, office):
    _happened, told = staged("draft")
    client.force_login(office["writer"])
    text = client.get(own(told)).content.decode()
    assert f"{SENTINEL} person" in text
    assert f"{told.date:%Y%m%d}-" in text
    assert "Edition 1." in text


def test_item_is_404_for_others_while_its_preview_is_rendered(client, staged, office):
    _happened, told = staged("embargoed")
    with preview.showing(told) as shown:
        assert shown.stage is Stage.PUBLISHED
        assert preview.public_answer(public_path(told)).status_code == 200
    assert client.get(public_path(told)).status_code == 404


def test_every_answer_is_for_this_person_alone(client, staged, office):
    happened, _told = staged("embargoed")
    client.force_login(office["writer"])
    nowhere = reverse("preview:item", args=["00000000-0000-0000-0000-000000000000"])
    for address, status in (
        (own(happened), 200), (preview.address(happened), 302), (nowhere, 404),
        (preview.address(happened) + "en/people/", 302), (preview.address(happened) + "x", 404),
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == status, address
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Content-Security-Policy"] == READERS_POLICY
        assert "ETag" not in answer
    assert client.post(own(happened)).status_code == 405


def test_page_names_its_real_address_and_keeps_its_links_in_the_preview(client, staged, office):
    happened, _told = staged("embargoed")
    written_ru = {"title_ru": "По-русски", "ready_ru": True, "standing_ru": "courtesy"}
    Publication.objects.filter(pk=happened.pk).update(**written_ru)
    client.force_login(office["writer"])
    text = client.get(own(happened, "ru")).content.decode()
    real = {code: "https://press.example" + public_path(happened, code) for code in ("en", "ru")}
    assert f'<link rel="canonical" href="{real["ru"]}">' in text
    assert f'hreflang="en" href="{real["en"]}">' in text
    assert f'href="{own(happened)}" lang="en"' in text
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in text
    assert client.get(own(happened, "ru"))["Content-Language"] == "ru"


def test_entry_leads_to_the_page_in_a_ready_language(client, staged, office):
    happened, _told = staged("draft")
    client.force_login(office["writer"])
    answer = client.get(preview.address(happened), headers={"accept-language": "kk"})
    assert answer["Location"] == own(happened)


def test_item_ready_in_no_language_says_so(client, event, office):
    event.ready_en = False
    event.save()
    client.force_login(office["writer"])
    for address in (preview.address(event), own(event)):
        answer = client.get(address)
        assert answer.status_code == 409
        assert "Mark at least one language as ready." in answer.content.decode()


def test_quotes_and_outcomes_are_shown_and_all_else_leads_to_real_addresses(client, staged, office):
    happened, told = staged("draft")
    quote, outcome = told.quotes.get(), factories.outcome(happened, SENTINEL)
    other = factories.statement("draft", "Other")
    client.force_login(office["writer"])
    begins = preview.address(told)
    assert SENTINEL in client.get(f"{begins}en/quotes/{quote.pk}/").content.decode()
    at = preview.address(happened)
    assert f"{SENTINEL} outcome" in client.get(f"{at}en/outcomes/{outcome.pk}/").content.decode()
    for path in ("en/", "ru/events/?year=2020", f"en/statements/{other.slug}/", "robots.txt",
                 f"en/outcomes/{outcome.pk}/", f"en/events/{happened.slug}/"):  # fmt: skip
        answer = client.get(begins + path)
        assert (answer.status_code, answer["Location"]) == (302, f"/{path}")
    for path in ("/evil.example", "/en/", "\\evil.example/", "admin/", "preview/", "de/", "..",
                 "rehearsal/20300101T000000Z/en/", "en/nothing/"):  # fmt: skip
        assert client.get(begins + path).status_code == 404, path


def test_other_hidden_items_stay_hidden_in_a_preview(client, staged, office):
    happened, told = staged("draft")
    type(told).objects.filter(pk=told.pk).update(event=happened)
    client.force_login(office["writer"])
    assert f"{SENTINEL} 2" not in client.get(own(happened)).content.decode()
    assert f"{SENTINEL} 1" not in client.get(own(told)).content.decode()


def test_nobody_is_sent_to_sign_in_before_it_is_known_whether_there_is_anything(event):
    nothing = "00000000-0000-0000-0000-000000000000"
    answers = []
    for uid in (str(event.pk), nothing):
        for route in ("preview:item", "preview:change"):
            address = reverse(route, args=[uid]) + "en/"
            answer = Client().get(address)
            answers.append((answer.status_code, answer["Location"].replace(uid, ""),
                            answer.content, answer["Cache-Control"]))  # fmt: skip
        answer = Client().get(f"/rehearsal/{uid}/en/")
        assert answer["Location"].startswith("/admin/login/?next=")
    assert answers[:2] == answers[2:]
    assert answers[0][:2] == (302, "/admin/login/?next=/preview//en/")


def test_who_may_not_see_an_item_is_answered_as_if_there_were_none(client, staged, office, staff):
    _happened, told = staged("draft")
    publishing.limit(told, office["head"], [office["head"], office["second"], office["officer"]])
    reader = staff("Reader under embargo")
    for user in (office["writer"], reader):
        client.force_login(user)
        hidden = client.get(own(told))
        never = client.get(own(told).replace(str(told.pk), "0" * 8 + str(told.pk)[8:]))
        assert (hidden.status_code, hidden.content) == (404, never.content)
        assert dict(hidden.headers) == dict(never.headers)
    publishing.limit(told, office["head"],
                     [office["head"], office["second"], office["officer"], reader])  # fmt: skip
    assert client.get(own(told)).status_code == 200


def test_reading_by_staff_is_recorded_and_refusals_are_not(client, staged, office):
    happened, _told = staged("draft")
    client.force_login(office["writer"])
    client.get(preview.address(happened))
    client.get(preview.address(happened) + "en/events/")
    assert Reading.objects.count() == 0
    client.get(own(happened))
    reading = Reading.objects.get()
    assert (reading.record_uid, reading.by, reading.how) == (
        happened.pk, office["writer"], "preview")  # fmt: skip


def test_released_item_leads_to_its_public_page(client, staged, office):
    happened, _told = staged("published")
    client.force_login(office["writer"])
    answer = client.get(own(happened))
    assert (answer.status_code, answer["Location"]) == (302, public_path(happened))


def test_preview_that_breaks_undoes_everything_too(staged, monkeypatch):
    happened, _told = staged("draft")
    before = world()

    def broken(*args, **kwargs):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), preview.showing(happened):
        broken()
    assert world() == before


def test_page_that_could_not_carry_its_banner_is_not_shown(rf):
    from django.http import HttpResponse

    bare = HttpResponse("<html><title>x</title></head><body class=x>", headers={
        "Content-Language": "en"})  # fmt: skip
    with pytest.raises(LookupError):
        preview.marked(bare, "preview/banner.html", label="Preview")


# --- Changes --------------------------------------------------------------------------------------


def proposed(item, by, **fields):
    content = editions.snapshot(item)
    content["fields"] |= fields
    return publishing.propose(item, content, by, "correction", {"en": "We erred."})


@pytest.mark.parametrize("stage", ["embargoed", "published"])
def test_change_is_shown_as_readers_will_get_it_and_not_applied(client, staged, office, stage):
    _happened, told = staged(stage)
    change = proposed(told, office["writer"], body_en="<p>The text as changed.</p>")
    client.force_login(office["officer"])
    before = world()
    answer = client.get(preview.address(told, change), follow=True)
    text = answer.content.decode()
    assert "The text as changed." in text
    assert "with a change that is proposed" in text
    assert ("Corrected on" in text) is (stage == "published")
    assert ("We erred." in text) is (stage == "published")
    assert f"Edition {2 if stage == 'published' else 1}." in text
    assert world() == before
    assert "The text as changed." not in client.get(public_path(told)).content.decode()


def test_quote_that_a_change_adds_is_at_its_permalink_and_one_it_removes_is_gone(
    client, staged, office
):
    _happened, told = staged("published")
    content = editions.snapshot(told)
    removed = content["parts"]["quotes"].pop()
    added = "11111111-2222-4333-8444-555555555555"
    fields = {**removed["fields"], "text_en": "Words that nobody has read"}
    content["parts"]["quotes"].append({**removed, "uid": added, "fields": fields})
    note = {"en": "The quote was not hers."}
    change = publishing.propose(told, content, office["writer"], "correction", note)
    client.force_login(office["officer"])
    begins = preview.address(told, change)
    assert "Words that nobody" in client.get(f"{begins}en/quotes/{added}/").content.decode()
    gone = client.get(f"{begins}en/quotes/{removed['uid']}/")
    assert (gone.status_code, "The quote was not hers." in gone.content.decode()) == (410, True)
    assert client.get(f"/en/quotes/{added}/").status_code == 404
    assert client.get(f"/en/quotes/{removed['uid']}/").status_code == 200


def test_event_cancelled_by_a_change_shows_its_notice_in_the_preview_alone(client, staged, office):
    happened, _told = staged("published")
    content = editions.snapshot(happened)
    content["fields"]["state"] = "cancelled"
    change = publishing.propose(happened, content, office["writer"], "update", {"en": "It is off."})
    client.force_login(office["officer"])
    assert "It is off." in client.get(
        preview.address(happened, change), follow=True).content.decode()  # fmt: skip
    assert Notice.objects.count() == 0


def test_change_of_a_person_is_shown_on_the_persons_page(client, staged, office):
    _happened, told = staged("published")
    person = told.quotes.get().person
    publishing.finish_save(person, office["writer"])
    change = proposed(person, office["writer"], name_en="Renamed Fictional Person")
    client.force_login(office["officer"])
    answer = client.get(preview.address(person, change), follow=True)
    assert (answer.status_code, "Renamed Fictional" in answer.content.decode()) == (200, True)


def test_decided_change_leads_to_where_its_item_is(client, staged, office):
    _happened, told = staged("published")
    change = proposed(told, office["writer"], body_en="<p>Changed.</p>")
    publishing.reject_change(change, office["officer"], "No.")
    client.force_login(office["officer"])
    answer = client.get(preview.address(told, change))
    assert (answer.status_code, answer["Location"]) == (302, public_path(told))


def test_change_that_can_no_longer_be_shown_says_so(client, staged, office):
    _happened, told = staged("published")
    change = proposed(told, office["writer"], body_en="<p>Changed.</p>")
    change.snapshot["many"]["topics"] = ["00000000-0000-0000-0000-000000000000"]
    Change.objects.filter(pk=change.pk).update(snapshot=change.snapshot)
    client.force_login(office["officer"])
    answer = client.get(preview.address(told, change), follow=True)
    assert answer.status_code == 409
    assert "names something that no longer exists" in answer.content.decode()


def test_review_of_a_change_leads_to_its_preview(client, staged, office):
    _happened, told = staged("published")
    change = proposed(told, office["writer"], body_en="<p>Changed.</p>")
    client.force_login(office["officer"])
    review = reverse("admin:events_statement_review", args=[told.pk, change.pk])
    assert f'href="{preview.address(told, change)}"' in client.get(review).content.decode()


# --- Links ----------------------------------------------------------------------------------------


def test_code_is_random_and_kept_only_as_its_digest(event, office):
    link, code = link_of(event, office["officer"])
    assert len(code) == 43
    assert link.code_hash == hashlib.sha256(code.encode()).hexdigest()
    assert code not in str(PreviewLink.objects.values().get())
    assert preview.link_with(code) == link
    assert link_of(event, office["officer"])[1] != code


@pytest.mark.parametrize("hours", [None, -1, 0, 49, 10_000])
def test_hours_beyond_1_to_48_are_refused_beside_the_field(event, office, hours):
    with pytest.raises(Refused) as refusal:
        link_of(event, office["officer"], hours=hours)
    assert list(refusal.value.message_dict) == ["hours"]


@pytest.mark.parametrize("whom", ["", "   "])
def test_link_for_nobody_is_refused(event, office, whom):
    with pytest.raises(Refused) as refusal:
        preview.make_link(event, office["officer"], whom)
    assert list(refusal.value.message_dict) == ["for_whom"]


def test_link_is_refused_to_writers_for_limited_and_for_released_items(staged, office):
    happened, told = staged("draft")
    with pytest.raises(PermissionDenied):
        link_of(happened, office["writer"])
    people = [office["head"], office["officer"], office["second"]]
    publishing.limit(told, office["head"], people)
    with pytest.raises(Refused):
        link_of(told, office["head"])
    with pytest.raises(PermissionDenied):
        link_of(told, office["writer"])
    with pytest.raises(Refused):
        link_of(factories.event("published"), office["officer"])


def test_opening_the_door_uses_nothing_up_and_names_nothing(client, event, office):
    _link, _code = link_of(event, office["officer"])
    answer = client.get("/preview/")
    assert answer.status_code == 200
    assert "An event" not in answer.content.decode()
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == (
        "no-store, private", "same-origin")  # fmt: skip
    assert answer["Content-Security-Policy"] == READERS_POLICY
    assert Reading.objects.count() == 0
    assert PreviewLink.objects.get().uses.count() == 0


@pytest.mark.parametrize("pasted", ["{}", "  {}\n", "https://press.example/preview/#{}"])
def test_code_is_exchanged_for_a_short_visit(client, event, office, pasted):
    link, code = link_of(event, office["officer"])
    answer = exchange(client, pasted.format(code))
    assert (answer.status_code, answer["Location"]) == (302, preview.address(event) + "#")
    cookie = answer.cookies[COOKIE]
    assert (cookie["path"], cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (
        preview.address(event), 1800, "Lax", True)  # fmt: skip
    assert code not in cookie.value
    assert client.get(own(event)).status_code == 200
    reading = Reading.objects.get()
    assert (reading.how, reading.link, reading.by, reading.record_uid) == (
        "link", link, None, event.pk)  # fmt: skip
    assert reading.by_name.startswith("The Daily Example (")


def test_every_page_view_by_link_is_recorded(client, staged, office):
    _happened, told = staged("draft")
    link, code = link_of(told, office["officer"])
    exchange(client, code)
    client.get(own(told))
    client.get(own(told, "ru"))
    client.get(f"{preview.address(told)}en/quotes/{told.quotes.get().pk}/")
    client.get(f"{preview.address(told)}en/events/")
    assert link.uses.count() == 3


def test_visit_never_outlasts_its_link(client, event, office):
    with time_machine.travel("2026-10-06T09:00:00Z", tick=False) as clock:
        _link, code = link_of(event, office["officer"], hours=1)
        clock.shift(dt.timedelta(minutes=50))
        assert exchange(client, code).cookies[COOKIE]["max-age"] == 600
        assert client.get(own(event)).status_code == 200
        clock.shift(dt.timedelta(seconds=599))
        assert client.get(own(event)).status_code == 200
        clock.shift(dt.timedelta(seconds=1))
        assert client.get(own(event)).status_code == 403
        assert exchange(client, code).status_code == 403


def test_visit_ends_after_half_an_hour_whatever_the_browser_keeps(client, event, office):
    with time_machine.travel("2026-10-06T09:00:00Z", tick=False) as clock:
        _link, code = link_of(event, office["officer"])
        exchange(client, code)
        kept = client.cookies[COOKIE].value
        clock.shift(dt.timedelta(minutes=29))
        assert client.get(own(event)).status_code == 200
        clock.shift(dt.timedelta(minutes=2))
        client.cookies[COOKIE] = kept
        assert client.get(own(event)).status_code == 403
        assert exchange(client, code).status_code == 302


def test_revoking_ends_visits_that_have_begun(client, event, office):
    link, code = link_of(event, office["officer"])
    exchange(client, code)
    assert client.get(own(event)).status_code == 200
    preview.revoke_link(link, office["second"])
    assert client.get(own(event)).status_code == 403
    assert exchange(client, code).status_code == 403
    with pytest.raises(PermissionDenied):
        preview.revoke_link(link, office["writer"])


def test_limit_stops_a_link_made_before_it_until_the_release(client, staged, office):
    _happened, told = staged("embargoed")
    _link, code = link_of(told, office["officer"])
    exchange(client, code)
    people = [office["head"], office["officer"], office["second"]]
    publishing.limit(told, office["head"], people)
    assert client.get(own(told)).status_code == 403
    assert exchange(client, code).status_code == 403
    with time_machine.travel(visibility.clock() + SOON, tick=False):
        answer = exchange(client, code)
        assert (answer.status_code, answer["Location"]) == (302, public_path(told) + "#")


def test_link_leads_to_the_public_page_after_release(client, staged, office):
    _happened, told = staged("embargoed")
    _link, code = link_of(told, office["officer"])
    exchange(client, code)
    with time_machine.travel(visibility.clock() + dt.timedelta(hours=4), tick=False):
        answer = exchange(Client(), code)
        assert (answer.status_code, answer["Location"]) == (302, public_path(told) + "#")
        assert not answer.cookies
    Publication.objects.filter(pk=told.pk).update(release_at=factories.LONG_AGO)
    answer = client.get(own(told))
    assert (answer.status_code, answer["Location"]) == (302, public_path(told))


def test_visit_to_one_item_opens_no_other(client, staged, office):
    happened, told = staged("draft")
    _link, code = link_of(told, office["officer"])
    exchange(client, code)
    client.cookies[COOKIE]["path"] = "/"
    refused = client.get(own(happened))
    never = client.get("/preview/00000000-0000-0000-0000-000000000000/en/")
    assert (refused.status_code, refused.content) == (403, never.content)
    assert client.get(own(told)).status_code == 200
    assert client.get("/admin/").status_code == 302
    assert client.get("/rehearsal/").status_code == 302


def test_link_to_a_change_shows_the_change_and_the_item_to_nobody_else(client, staged, office):
    _happened, told = staged("published")
    text = f"<p>The text as changed. {SENTINEL} words</p>"
    change = proposed(told, office["writer"], body_en=text)
    link, code = link_of(told, office["officer"], change=change)
    answer = client.post("/preview/", {"code": code}, follow=True)
    assert "The text as changed." in answer.content.decode()
    assert link.uses.count() == 1
    publishing.apply_change(change, office["officer"])
    assert exchange(Client(), code)["Location"] == public_path(told) + "#"


def test_link_to_a_change_that_was_rejected_before_release_opens_nothing(client, staged, office):
    _happened, told = staged("embargoed")
    change = proposed(told, office["writer"], body_en="<p>The text as changed.</p>")
    _link, code = link_of(told, office["officer"], change=change)
    assert exchange(client, code).status_code == 302
    publishing.reject_change(change, office["officer"], "No.")
    assert exchange(client, code).status_code == 403
    assert client.get(preview.address(told, change) + "en/").status_code == 403
    assert Change.objects.get().state == ChangeState.REJECTED


def test_a_thousand_wrong_codes_get_one_answer(client, staged, office):
    happened, told = staged("draft")
    link, code = link_of(told, office["officer"])
    revoked, dead = link_of(happened, office["officer"])
    preview.revoke_link(revoked, office["officer"])
    expired, old = link_of(happened, office["officer"])
    PreviewLink.objects.filter(pk=expired.pk).update(expires_at=factories.LONG_AGO)
    codes = [
        dead,
        old,
        "",
        " ",
        "\x00",
        "#",
        "😀" * 40,
        "a" * 100_000,
        link.code_hash,
        str(link.pk),
    ]
    codes += [str(link.pk), code[:-1], code + "A", code.lower(), code[1:] + code[0]]
    for number in range(500):
        place = number % len(code)
        other = "A" if code[place] != "A" else "B"
        codes.append(code[:place] + other * (1 + number // len(code)) + code[place + 1 :])
        codes.append(secrets.token_urlsafe(32))
    answers, queries = set(), set()
    for wrong in codes:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = exchange(client, wrong)
        answers.add((answer.status_code, answer.content, str(sorted(answer.headers.items()))))
        queries.add(len(asked))
        assert not answer.cookies
    assert len(codes) > 1000
    assert len(answers) == 1
    assert answers.pop()[0] == 403
    assert queries == {1}
    assert exchange(client, code).status_code == 302


def test_forged_cookies_open_nothing(client, event, office):
    link, code = link_of(event, office["officer"])
    good = exchange(client, code).cookies[COOKIE].value
    answers = set()
    for forged in (
        str(link.pk), good[:-1], good + "x", good.replace(":", ";"), good.upper(), "", "x" * 3000,
        str(link.pk) + good[36:].swapcase(), "11111111-2222-4333-8444-555555555555" + good[36:],
    ):  # fmt: skip
        client.cookies[COOKIE] = forged
        answer = client.get(own(event))
        answers.add((answer.status_code, answer.content))
    assert [status for status, _content in answers] == [403]
    client.cookies[COOKIE] = good
    assert client.get(own(event)).status_code == 200


def test_exchange_needs_its_own_form(event, office):
    _link, code = link_of(event, office["officer"])
    client = Client(enforce_csrf_checks=True)
    assert exchange(client, code).status_code == 403
    page = client.get("/preview/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    answer = client.post("/preview/", {"code": code, "csrfmiddlewaretoken": token})
    assert answer.status_code == 302


# --- The page of an item's links ------------------------------------------------------------------


def links_page(item, *more):
    name = "revoke_preview_link" if more else "preview_links"
    return reverse(f"admin:events_{item._meta.model_name}_{name}", args=[item.pk, *more])


def test_officer_makes_a_link_that_is_shown_once_and_works(client, event, office):
    client.force_login(office["officer"])
    answer = client.post(links_page(event), {"for_whom": "The Daily Example", "hours": "3"})
    text = answer.content.decode()
    code = re.search(r'value="https://press\.example/preview/#([^"]+)"', text)[1]
    link = PreviewLink.objects.get()
    assert (link.for_whom, link.made_by, link.expires_at - link.made_at) == (
        "The Daily Example", office["officer"], dt.timedelta(hours=3))  # fmt: skip
    assert answer["Cache-Control"].count("no-store") == 1
    again = client.get(links_page(event)).content.decode()
    assert (code in again, "The Daily Example" in again) == (False, True)
    assert exchange(Client(), code).status_code == 302


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [({"for_whom": "", "hours": "3"}, "for_whom"), ({"for_whom": "X", "hours": ""}, "hours"),
     ({"for_whom": "X", "hours": "49"}, "hours"), ({"for_whom": "X", "hours": "many"}, "hours"),
     ({"for_whom": "X" * 201, "hours": "3"}, "for_whom"), ({"hours": "3"}, "for_whom")],
)  # fmt: skip
def test_bad_input_is_said_beside_the_field(client, event, office, typed, wrong):
    client.force_login(office["officer"])
    answer = client.post(links_page(event), typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [wrong])
    assert PreviewLink.objects.count() == 0


def test_links_of_an_item_tell_who_for_when_and_how_often_and_are_revoked(client, event, office):
    link, code = link_of(event, office["officer"])
    reader = Client()
    exchange(reader, code)
    reader.get(own(event))
    reader.get(own(event))
    client.force_login(office["second"])
    shown = client.get(links_page(event)).context["links"]
    assert [(each.for_whom, each.times, each.works) for each in shown] == [
        ("The Daily Example", 2, True)]  # fmt: skip
    assert client.get(links_page(event, link.pk)).status_code == 405
    assert client.post(links_page(event, link.pk)).status_code == 302
    assert reader.get(own(event)).status_code == 403
    shown = client.get(links_page(event)).context["links"]
    assert [each.works for each in shown] == [False]


def test_links_page_is_for_holders_of_share_preview_who_see_the_item(client, staged, office):
    happened, told = staged("draft")
    link, _code = link_of(told, office["officer"])
    client.force_login(office["writer"])
    assert client.get(links_page(happened)).status_code == 403
    assert client.post(links_page(told, link.pk)).status_code == 403
    publishing.limit(told, office["head"], [office["head"], office["writer"], office["second"]])
    client.force_login(office["officer"])
    assert client.get(links_page(told)).status_code == 404
    assert client.post(links_page(told), {"for_whom": "X", "hours": "1"}).status_code == 404
    assert client.post(links_page(told, link.pk)).status_code == 404
    client.force_login(office["second"])
    answer = client.post(links_page(told), {"for_whom": "X", "hours": "1"})
    assert "no link may show it" in answer.content.decode()
    assert PreviewLink.objects.count() == 1
    # A link is revoked on the page of its own item alone.
    assert client.post(links_page(happened, link.pk)).status_code == 404


@pytest.mark.parametrize("stage", factories.STAGES)
def test_form_offers_the_preview_at_every_stage_that_is_not_public(client, office, stage):
    item = factories.event(stage)
    client.force_login(office["officer"])
    url = reverse("admin:events_event_change", args=[item.pk])
    offered = {str(button.label) for button in client.get(url).context["buttons"]}
    assert ({"Preview", "Preview links"} <= offered) is (stage in UNRELEASED)
    assert ("Rehearsal" in offered) is (stage == "embargoed")
    client.force_login(office["writer"])
    offered = {str(button.label) for button in client.get(url).context["buttons"]}
    assert ("Preview" in offered, "Preview links" in offered) == (stage in UNRELEASED, False)


# --- Leaks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", UNRELEASED)
def test_previewed_item_changes_no_public_byte(client, office, stage):
    hidden = factories.whole(stage, SENTINEL, "KI")
    twin = factories.whole("published", "Openlybeheld", "BY")
    for item in (hidden["event"], hidden["statement"]):
        publishing.finish_save(item, office["head"])
    lists = ["/en/", "/ru/events/", "/en/statements/", "/en/quotes/", "/en/people/",
             "/en/countries/", "/en/feeds/latest.rss", public_path(twin["event"]),
             public_path(hidden["event"])]  # fmt: skip
    before = {path: client.get(path).content for path in lists}
    person = Client()
    person.force_login(office["officer"])
    shown = person.get(own(hidden["event"])).content.decode()
    assert (SENTINEL in shown, "Kiribati" in shown) == (True, True)
    assert {path: client.get(path).content for path in lists} == before
    assert Edition.objects.exclude(action="save").count() == 0
    assert client.get(public_path(hidden["event"])).status_code == 404


def test_robots_are_told_to_stay_out(client):
    text = client.get("/robots.txt").content.decode()
    for door in settings.STAFF_DOORS:
        assert f"Disallow: /{door}/\n" in text
    assert {"preview", "rehearsal"} <= settings.STAFF_DOORS
