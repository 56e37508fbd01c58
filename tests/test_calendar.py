"""The calendars as diplomats' programs read them."""

import datetime as dt
import itertools
from urllib.parse import quote
from zoneinfo import ZoneInfo

import icalendar
import pytest
from bs4 import BeautifulSoup
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from events import publishing, visibility
from events.models import Event, EventKind, EventState, Notice, Outcome
from events.public import calendar, freshness

from . import acts, archive, factories, ics

pytestmark = pytest.mark.django_db
ALL = "/en/events/calendar.ics"
HOUR = dt.timedelta(hours=1)
NOW = dt.datetime(2026, 10, 6, 5, 0, 0, tzinfo=dt.UTC)
HOSTILE = (
    'a, b; c\\ d: "e" C:\\New\\n 50% & <b> ]]> {{ x }} BEGIN:VEVENT',
    "line\nline\n\nEND:VCALENDAR\nX-EVIL:1",
    "🙂👩‍👩‍👧 " * 40,
    "א\u202eעברית\u202c \u200f, Қазақстан; Ёё",
    "a \u2028 \u2029 \u0085 \x00 \x0b \ufeff b",
)


def parsed(client, address=ALL):
    """The calendar at an address by the library, after every line of it was looked at."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    ics.lines(answer.content)
    (found,) = icalendar.Calendar.from_ical(answer.content, multiple=True)
    assert [each for part in found.walk() for each in part.errors] == []
    return found


def only(client, address=ALL):
    (found,) = parsed(client, address).events
    return found


# --- What an entry says ---------------------------------------------------------------------------


def test_entry_of_every_kind_and_state_comes_back_as_it_was_stored(client):
    made = {}
    for number, (kind, state) in enumerate(itertools.product(EventKind, EventState)):
        day = dt.date(2020, 1, 1) + dt.timedelta(days=number)
        item = factories.event(event_kind=kind, state=state, date=day, until=day)
        made[str(item.pk)] = item
    found = parsed(client).events
    assert [each["dtstart"].dt for each in found] == sorted(each.date for each in made.values())
    status = {"scheduled": "CONFIRMED", "held": "CONFIRMED", "postponed": "TENTATIVE",
              "cancelled": "CANCELLED"}  # fmt: skip
    for each in found:
        item = made[str(each["uid"])]
        said = {"postponed": "Postponed: ", "cancelled": "Cancelled: "}.get(item.state, "")
        assert each["status"] == status[item.state]
        assert each["summary"] == f"{said}Plain title en"
        assert str(each["categories"].cats[0]) == str(item.get_event_kind_display()).capitalize()
        assert (each["class"], each["transp"]) == ("PUBLIC", "TRANSPARENT")
        assert each["url"] == f"https://press.example/en/events/{item.slug}/"
        assert each["description"].split("\n\n") == ["Plain summary en", each["url"]]
        assert not {"ORGANIZER", "ATTENDEE", "GEO", "RRULE", "VALARM"} & set(each)


@pytest.mark.parametrize("zone", ["Asia/Almaty", "Europe/Paris", "America/St_Johns"])
@pytest.mark.parametrize("month", [1, 7])
def test_times_are_the_moments_of_the_venue_in_utc(client, zone, month):
    start = dt.datetime(2026, month, 15, 10, 30, tzinfo=ZoneInfo(zone))
    end = start + dt.timedelta(hours=20)  # on the next day of the venue
    day = start.date()
    factories.event(starts_at=start, ends_at=end, time_zone=zone, date=day, until=end.date())
    entry = only(client)
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (start, end)
    assert (
        entry["dtstart"].to_ical() == start.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ").encode()
    )
    offset = start.strftime("%z")
    assert f"At the venue: 15 {start:%B} 2026, 10:30 (UTC" in entry["description"], offset


@pytest.mark.parametrize(
    ("last", "end"),
    [(dt.date(2020, 2, 28), dt.date(2020, 2, 29)), (dt.date(2020, 3, 1), dt.date(2020, 3, 2)),
     (dt.date.max, None)],
)  # fmt: skip
def test_whole_days_end_on_the_day_after_the_last(client, last, end):
    factories.event(date=dt.date(2020, 2, 28), ends_on=last, until=last)
    entry = only(client)
    assert entry["dtstart"].dt == dt.date(2020, 2, 28)
    assert entry["dtstart"].params["VALUE"] == "DATE"
    assert (entry["dtend"].dt if end else entry.get("dtend")) == end


@pytest.mark.parametrize("minutes", [0, None])
def test_an_end_that_is_no_later_is_none(client, minutes):
    start = dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)
    end = None if minutes is None else start
    factories.event(starts_at=start, ends_at=end, time_zone="UTC")
    assert "dtend" not in only(client)


@pytest.mark.parametrize("precision", ["month", "year"])
def test_event_without_a_day_has_no_entry_and_its_page_says_so(client, precision):
    ahead = dt.date(2089, 1, 1)
    item = factories.event(date=ahead, until=dt.date(2089, 12, 31), date_precision=precision)
    assert parsed(client).events == []
    own = f"/en/events/{item.slug}/"
    assert client.get(f"{own}event.ics").status_code == 404
    text = client.get(own).content.decode()
    assert "The day is not announced yet. Once it is, the event is in the calendar." in text
    assert "event.ics" not in text


def test_place_goes_from_the_nearer_to_the_wider_and_names_its_language_where_it_has_one(client):
    names = {"venue_en": "Palace; hall", "city_en": "Dushanbe", "country": factories.country("TJ")}
    factories.event(**names)
    assert only(client)["location"] == "Palace; hall, Dushanbe, Tajikistan"
    assert only(client)["location"].params == {"LANGUAGE": "en"}
    there = only(client, "/ru/events/calendar.ics")["location"]
    assert (there, dict(there.params)) == ("Palace; hall, Dushanbe, Таджикистан", {})


def test_entry_is_in_the_language_that_its_text_has(client):
    item = factories.event(ready_ru=False, ready_kk=False, state="cancelled")
    with translation.override("ru"):
        assert Event.objects.get().title == "Plain title en"
    entry = only(client, "/ru/events/calendar.ics")
    assert (entry["summary"], entry["summary"].params["LANGUAGE"]) == (
        "Cancelled: Plain title en", "en")  # fmt: skip
    assert entry["url"] == f"https://press.example/en/events/{item.slug}/"
    assert only(client, "/kk/events/calendar.ics").to_ical() == entry.to_ical()


def test_entry_tells_what_the_media_need_and_what_became_of_the_plan(client):
    start = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    contact = factories.contact("Gate", phone="+7 000 000")
    item = factories.event(
        state="postponed", starts_at=start, time_zone="Asia/Almaty",
        accreditation_deadline=start - HOUR, accreditation_contact=contact,
        camera_setup_at=start, final_access_at=start, pool_en="One camera",
        interpretation_en="Russian", stream_url="https://stream.example/live",
    )  # fmt: skip
    Notice.objects.create(event=item, notice_kind="postponed", issued_at=start - 3 * HOUR,
                          text_en="To a later day.")  # fmt: skip
    day = "1 December 2026"
    assert only(client)["description"].split("\n\n") == [
        f"Postponed, {day}, 11:00 (UTC+5): To a later day.",
        f"At the venue: {day}, 14:00 (UTC+5)",
        "Plain summary en",
        f"Accreditation: until {day}, 13:00 (UTC+5)\n"
        "Accreditation: Gate contact, +7 000 000, gate@example.org\n"
        f"Camera set-up: from {day}, 14:00 (UTC+5)\nFinal access: {day}, 14:00 (UTC+5)\n"
        "Pool: One camera\nInterpretation: Russian\nLive stream: https://stream.example/live",
        f"https://press.example/en/events/{item.slug}/",
    ]  # fmt: skip


def test_lead_photo_is_named_and_no_other(client):
    item, photo = factories.event(), factories.photo("Shown")
    factories.placement(item, factories.photo("Second"), order=2)
    factories.placement(item, photo, order=1)
    factories.placement(factories.event("embargoed"), factories.photo("Hidden"))
    (image,) = only(client).images
    assert image.uri.startswith(f"https://press.example/photos/{photo.pk}/")
    assert (image.fmttype, image.display) == ("image/jpeg", "BADGE")


# --- Hostile texts --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_comes_back_as_it_was_typed(client, words):
    item = factories.event(summary_en=words, title_en=words, venue_en=words[:200])
    item.refresh_from_db()
    raw = client.get(ALL).content
    ics.lines(raw)
    (entry,) = ics.entries(raw)
    assert ics.typed(entry["SUMMARY;LANGUAGE=en"]) == item.title_en
    assert ics.typed(entry["LOCATION;LANGUAGE=en"]) == f"{item.venue_en}, Plain city"
    told = [each for each in (item.summary_en, entry["URL"]) if each]
    assert ics.typed(entry["DESCRIPTION;LANGUAGE=en"]) == "\n\n".join(told)


@pytest.mark.parametrize("shift", range(12))
def test_no_fold_cuts_a_character(client, shift):
    factories.event(title_en="x" * shift + "🙂" * 60, summary_en="x" * shift + "қ" * 300)
    (entry,) = ics.entries(client.get(ALL).content)
    assert entry["SUMMARY;LANGUAGE=en"] == "x" * shift + "🙂" * 60
    ics.lines(client.get(ALL).content)


def test_long_text_is_told_by_its_beginning(client):
    body = "<p>First &amp; foremost. " + "Word " * 50_000 + "</p>"
    factories.event(summary_en="", body_en=body)
    told = only(client)["description"].split("\n\n")[0]
    assert told.startswith("First & foremost. Word Word")
    assert (len(told), told[-1]) == (400, "…")


def test_beginning_that_ends_within_a_mark_shows_none_of_it(client):
    inside = '<p>Few words <a href="https://example.org/' + "x" * 1600 + '">here</a></p>'
    factories.event(summary_en="", body_en=inside)
    assert only(client)["description"].split("\n\n")[0] == "Few words"


# --- Moments and numbers --------------------------------------------------------------------------


@pytest.fixture
def change(clock, staff):
    """Changes a text by the verbs, an hour from now."""
    writer, officer = staff("Writer"), staff("Press officer")

    def make(item, kind="update", edit=None, **fields):
        clock(visibility.clock() + HOUR)
        return acts.changed(item, writer, officer, kind, {"en": "A note."}, edit, **fields)

    make.people = writer, officer
    return make


def stamps(entry):
    names = ("sequence", "dtstamp", "last-modified", "created")
    values = (entry[name] for name in names)
    return [each if isinstance(each, int) else each.dt for each in values]


def test_number_and_moments_follow_the_public_editions_alone(client, event, change, clock):
    item = acts.released(event, *change.people)
    assert stamps(only(client)) == [0, NOW, NOW, NOW]
    change(item, title_en="Second")
    assert stamps(only(client)) == [1, NOW + HOUR, NOW + HOUR, NOW]
    change(item, "typographical", title_en="Third")
    third = client.get(ALL)
    assert stamps(only(client)) == [2, NOW + 2 * HOUR, NOW + 2 * HOUR, NOW]
    clock(NOW + 99 * HOUR)
    assert client.get(ALL).content == third.content


def test_what_was_mended_before_the_release_is_not_counted(client, event, change):
    release = NOW + 9 * HOUR
    item = acts.approved(event, *change.people, release)
    change(item, title_en="Mended")
    with visibility.clock_set_to(lambda: release):
        entry = only(client)
    assert (entry["summary"], stamps(entry)) == ("Mended", [0, release, release, release])


def test_acts_that_readers_are_not_told_of_move_nothing(client, event, change, clock, staff):
    item = acts.released(event, *change.people)
    before = client.get(ALL)
    clock(NOW + HOUR)
    ended = publishing.withdraw(item, change.people[1], {"en": "A reason."})
    clock(NOW + 2 * HOUR)
    asked = publishing.ask_reinstatement(ended, change.people[1], "It was right.")
    publishing.reinstate(asked, staff("Head of press"))
    clock(NOW + 3 * HOUR)
    assert client.get(ALL).content == before.content


@pytest.mark.parametrize(("act", "status"), [("withdraw", 404), ("retract", 410)])
def test_text_that_ended_leaves_the_calendar_and_is_never_called_off(
    client, event, change, clock, act, status
):
    other = factories.event(title_en="Other")
    item = acts.released(event, *change.people)
    own = f"/en/events/{item.slug}/event.ics"
    assert only(client, own)["uid"] == str(item.pk)
    clock(NOW + HOUR)
    getattr(publishing, act)(item, change.people[1], {"en": "A reason."})
    assert [each["uid"] for each in parsed(client).events] == [str(other.pk)]
    assert "CANCELLED" not in client.get(ALL).content.decode()
    assert client.get(own).status_code == status
    assert "calendar" not in BeautifulSoup(
        client.get(f"/en/events/{item.slug}/").content, "html.parser").main.get_text()  # fmt: skip


def test_new_date_keeps_the_identity(client, event, change):
    item = acts.released(event, *change.people)
    before = only(client)
    change(item, date="2027-01-02", until="2027-01-02")
    after = only(client)
    assert after["uid"] == before["uid"] == str(item.pk)
    assert (after["dtstart"].dt, after["sequence"]) == (dt.date(2027, 1, 2), 1)


def test_progress_of_an_outcome_is_a_public_edition_of_its_event(client, event, change):
    with publishing.saving(event, change.people[0]) as record:
        Outcome.objects.create(event=record, outcome_kind="decision", text_en="A promise")
    item = acts.released(event, *change.people)

    def progress(content):
        content["parts"]["outcomes"][0]["fields"]["state"] = "fulfilled"

    change(item, "progress", progress)
    assert stamps(only(client)) == [1, NOW + HOUR, NOW + HOUR, NOW]


# --- The calendar ---------------------------------------------------------------------------------


def test_calendar_says_what_it_is_and_where_it_is_found(client):
    factories.event()
    found, answer = parsed(client), client.get(ALL)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'inline; filename="events.ics"'
    lines = ics.lines(answer.content)
    named = "PRODID:-//press.example//Press office//EN"
    assert lines[:4] == ["BEGIN:VCALENDAR", "VERSION:2.0", named, "CALSCALE:GREGORIAN"]
    assert {"NAME;LANGUAGE=en:Press Office: Events", "X-WR-CALNAME:Press Office: Events",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H", "COLOR:brown",
            "SOURCE;VALUE=URI:https://press.example/en/events/calendar.ics",
            "URL:https://press.example/en/events/"} <= set(lines)  # fmt: skip
    assert "method" not in found
    other = parsed(client, "/ru/events/calendar.ics")
    assert (other["uid"] != found["uid"], parsed(client)["uid"]) == (True, found["uid"])


def test_calendar_without_entries_is_one_all_the_same(client):
    found = parsed(client)
    assert [each.name for each in found.subcomponents] == ["VTIMEZONE"]
    topic = factories.topic()
    factories.listed(_named(factories.statement(), topic))
    assert parsed(client, f"/en/topics/{topic.slug}/calendar.ics").events == []


def _named(item, topic):
    item.topics.add(topic)
    return item


def test_rows_have_the_calendar_of_the_events_that_name_them(client):
    rows = factories.whole("published", "Known", "KZ")
    factories.whole("published", "Other", "BY")
    factories.whole("embargoed", "Hidden", "KZ")
    named = ("person", "organisation", "country", "topic", "series")
    for name in named:
        page = rows[name].get_absolute_url()
        found = parsed(client, f"{page}calendar.ics")
        assert [each["uid"] for each in found.events] == [str(rows["event"].pk)]
        assert found["url"] == f"https://press.example{page}"
        assert found["x-wr-calname"] == f"Press Office: {rows[name].name}"


def test_filters_of_the_list_narrow_the_calendar_and_stand_in_its_name(client):
    rows = factories.whole("published", "Known", "KZ")
    day = dt.date(2021, 5, 5)
    later = factories.event(title_en="Later", event_kind="visit", date=day, until=day)
    known, both = [str(rows["event"].pk)], [str(rows["event"].pk), str(later.pk)]
    for query, expected in {
        "": both, "country=KZ": known, "kind=visit": both[1:], "until=2020-12-31": known,
        "since=2021-01-01": both[1:], "text=later": both[1:], "topic=" + rows["topic"].slug: known,
        "country=kz&kind=visit": [], "state=scheduled&language=ru": both, "kind=": both,
    }.items():  # fmt: skip
        found = parsed(client, f"{ALL}?{query}")
        assert [each["uid"] for each in found.events] == expected, query
    found = parsed(client, f"{ALL}?kind=visit&since=2021-01-01&country=")
    assert ics.typed(found["x-wr-calname"]) == "Press Office: Events (2021-01-01, Visit)"
    assert found["source"] == f"https://press.example{ALL}?since=2021-01-01&kind=visit"
    assert found["url"] == "https://press.example/en/events/?since=2021-01-01&kind=visit"


@pytest.mark.parametrize(
    "query", ["when=upcoming", "sort=oldest", "after=x", "utm_source=x", "country=zz",
              "kind=party", "since=2020-02-30", "until=9999-12-31", "person=nobody",
              "since=2021-01-01&until=2020-01-01", "text=%22", "language=de"],
)  # fmt: skip
def test_what_a_calendar_does_not_know_is_named(client, query):
    factories.event()
    answer = client.get(f"{ALL}?{query}")
    assert (answer.status_code, answer["Cache-Control"]) == (400, "no-store")
    assert query.partition("&")[2].partition("=")[0] or query.partition("=")[0] in (
        answer.content.decode()
    )


def test_nonsense_breaks_no_calendar(client):
    factories.whole("published", "Known", "KZ")
    bad = ("\x00", "\ud7ff", "a" * 5000, "' OR 1=1", "🙂", "-1", "[]", "{{ 1 }}", "<script>")
    for name in ("text", "country", "person", "since", "kind", "nonsense"):
        for value in (*map(quote, bad), "%ED%A0%80", "%FF", "%zz"):
            assert client.get(f"{ALL}?{name}={value}").status_code in (200, 400), (name, value)
    for path in ("people/nobody", "countries/KZ", "countries/zzz", "topics/x", "events/never-was"):
        name = "event.ics" if path.startswith("events") else "calendar.ics"
        assert client.get(f"/en/{path}/{name}").status_code == 404


def test_calendar_holds_the_latest_events_where_there_are_more(client, monkeypatch):
    monkeypatch.setattr(calendar, "MOST", 3)
    days = [dt.date(2020, 1, day) for day in (5, 3, 1, 4, 2)]
    for day in days:
        factories.event(date=day, until=day)
    for query, expected in (("", [3, 4, 5]), ("?until=2020-01-03", [1, 2, 3])):
        found = parsed(client, ALL + query).events
        assert [each["dtstart"].dt.day for each in found] == expected


# --- Never early, never late, and cheap -----------------------------------------------------------


def addresses(rows):
    own = [f"{rows[name].get_absolute_url()}calendar.ics"
           for name in ("person", "organisation", "country", "topic", "series")]  # fmt: skip
    return [ALL, f"{ALL}?country=kz", f"{ALL}?kind=session&text=title",
            f"{rows['event'].get_absolute_url()}event.ics", *own]  # fmt: skip


def all_of(client, found):
    caches["pages"].clear()
    answers = {address: client.get(address) for address in found}
    return {address: (answer.content, dict(answer.headers)) for address, answer in answers.items()}


def test_embargoed_event_changes_nothing_until_its_second_and_all_at_it(
    client, event, change, clock
):
    rows = factories.whole("published", "Known", "KZ")
    found = addresses(rows)
    before = all_of(client, found)
    event.topics.add(rows["topic"])
    event.countries.add(rows["country"])
    with publishing.saving(event, change.people[0]) as record:
        record.title_en = "Kryptonym title"
        record.save()
    assert all_of(client, found) == before
    release = NOW + 9 * HOUR
    item = acts.approved(event, *change.people, release)
    change(item, title_en="Kryptonym changed title")
    assert all_of(client, found) == before
    assert client.get(f"/en/events/{item.slug}/event.ics").status_code == 404
    clock(release - dt.timedelta(seconds=1))
    assert all_of(client, found) == before
    clock(release)
    own = f"/en/events/{item.slug}/event.ics"
    holding = [ALL, f"{ALL}?country=kz", f"{ALL}?kind=session&text=title", own,
               f"{rows['topic'].get_absolute_url()}calendar.ics",
               f"{rows['country'].get_absolute_url()}calendar.ics"]  # fmt: skip
    for address in holding:
        assert str(item.pk) in [str(each["uid"]) for each in parsed(client, address).events]


@pytest.mark.parametrize("number", [3, 30])
def test_queries_do_not_grow(client, number, django_assert_num_queries):
    rows = factories.whole("published", "Known", "KZ")
    for each in range(number):
        item = factories.event(state="postponed", accreditation_contact=rows["contact"])
        item.topics.add(rows["topic"])
        factories.photo(f"Photo{each}", item)
        Notice.objects.create(event=item, notice_kind="postponed", issued_at=NOW, text_en="Later.")
        factories.listed(item)
    pinned = {ALL: 5, f"{ALL}?topic={rows['topic'].slug}&kind=session": 7,
              f"{rows['topic'].get_absolute_url()}calendar.ics": 6,
              f"{rows['event'].get_absolute_url()}event.ics": 6}  # fmt: skip
    for address, queries in pinned.items():
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_unchanged_calendar_costs_one_query_however_long_it_is(client, monkeypatch):
    archive.fill(factories.whole("published", "Known", "KZ"), 40)
    monkeypatch.setattr(freshness, "LONGEST", 20_000)
    first = client.get(ALL)
    assert len(first.content) > freshness.LONGEST
    with CaptureQueriesContext(connection) as queries:
        again = client.get(ALL, headers={"if-none-match": first["ETag"]})
        whole = client.get(ALL)
    assert (again.status_code, again.content, len(queries)) == (304, b"", 2)
    assert (whole.content, dict(whole.headers)) == (first.content, dict(first.headers))


# --- The way to it --------------------------------------------------------------------------------


def links(client, address):
    main = BeautifulSoup(client.get(address).content, "html.parser").main
    return [link["href"] for link in main("a") if ".ics" in link["href"]]


def test_pages_lead_to_their_calendars(client, settings):
    rows = factories.whole("published", "Known", "KZ")
    ahead = dt.date(2089, 1, 1)
    coming = factories.event(date=ahead, until=ahead)
    site = "webcals://press.example"
    for address, path in {
        "/en/events/": ALL,
        "/en/events/?country=kz&when=past&sort=oldest": f"{ALL}?country=kz",
        "/en/feeds/": ALL,
        "/ru/events/2020/?kind=session":
            "/ru/events/calendar.ics?kind=session&since=2020-01-01&until=2020-12-31",
        "/en/events/2020/1/?since=2020-01-10": f"{ALL}?since=2020-01-10&until=2020-01-31",
        f"/en/events/{coming.slug}/": f"/en/events/{coming.slug}/event.ics",
        rows["topic"].get_absolute_url(): f"{rows['topic'].get_absolute_url()}calendar.ics",
        rows["series"].get_absolute_url(): f"{rows['series'].get_absolute_url()}calendar.ics",
    }.items():  # fmt: skip
        assert sorted(links(client, address)) == sorted([path, site + path]), address
        assert client.get(path).status_code == 200
    built = f"{ALL}?country=kz"
    assert sorted(links(client, "/en/feeds/?of=events&country=kz&when=past&format=atom")) == sorted(
        [ALL, site + ALL, built, site + built])  # fmt: skip
    assert links(client, rows["event"].get_absolute_url()) == []  # it is over
    assert links(client, "/en/statements/") == []
    settings.SITE_URL = "http://127.0.0.1:8000"
    caches["pages"].clear()
    assert f"webcal://127.0.0.1:8000{ALL}" in links(client, "/en/events/")
