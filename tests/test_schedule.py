"""A release time as it is typed: every zone, every clock change, and what is not a time."""

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from events import dates, visibility
from events.admin import schedule
from events.models import Event, Statement

from . import factories

ALMATY, BERLIN, UTC = "Asia/Almaty", "Europe/Berlin", dt.UTC
NOW = dt.datetime(2026, 10, 6, 5, 0, tzinfo=UTC)
ZONES = sorted(available_timezones())
SECONDS = st.integers(
    int(dt.datetime(1901, 1, 1, tzinfo=UTC).timestamp()),
    int(dt.datetime(2100, 1, 1, tzinfo=UTC).timestamp()),
)


def local(text):
    return dt.datetime.fromisoformat(text)


def utc(text):
    return local(text).replace(tzinfo=UTC)


def code_of(typed, zone=ALMATY, which=""):
    with pytest.raises(ValidationError) as refusal:
        schedule.read(typed, zone, which)
    return refusal.value.code


@pytest.mark.parametrize(
    ("typed", "zone", "moment"),
    [
        ("2026-10-06T10:00:00", ALMATY, "2026-10-06 05:00:00"),
        ("2026-10-06T10:00", ALMATY, "2026-10-06 05:00:00"),
        ("2026-10-06 10:00:07", "UTC", "2026-10-06 10:00:07"),
        ("2026-10-06T10:00:00.000", "Asia/Kathmandu", "2026-10-06 04:15:00"),
        ("2024-02-29T00:00", BERLIN, "2024-02-28 23:00:00"),
        # The last second before a change and the first after it.
        ("2026-03-29T01:59:59", BERLIN, "2026-03-29 00:59:59"),
        ("2026-03-29T03:00:00", BERLIN, "2026-03-29 01:00:00"),
        ("2026-10-25T01:59:59", BERLIN, "2026-10-24 23:59:59"),
        ("2026-10-25T03:00:00", BERLIN, "2026-10-25 02:00:00"),
    ],
)
def test_typed_time_is_read_in_its_zone(typed, zone, moment):
    assert schedule.read(typed, zone) == utc(moment)


@pytest.mark.parametrize(
    "typed",
    ["tomorrow", "now", "10:00", "2026-10-06", "2026-13-45T99:00", "2026-02-30T10:00",
     "2026-10-06T24:00", "2026-10-06T10:00:60", "2026-10-06T10:00Z", "2026-10-06T10:00+05:00",
     "06.10.2026 10:00", "٢٠٢٦-١٠-٠٦T١٠:٠٠", "2026-10-06T10:00\x00", "0001-01-01T00:00",
     "9999-12-31T23:59", "20266-10-06T10:00", "1" * 10_000],
)  # fmt: skip
def test_text_that_is_no_time_is_garbled(typed):
    assert code_of(typed) == "garbled"


def test_fraction_of_a_second_is_refused():
    assert code_of("2026-10-06T10:00:00.5") == "fraction"


@pytest.mark.parametrize("which", ["", "first", "second"])
@pytest.mark.parametrize(
    ("typed", "zone", "before", "after"),
    [
        ("2026-03-29T02:30:00", BERLIN, "2026-03-29 01:59:59", "2026-03-29 03:00:00"),
        ("2026-03-29T02:00:00", BERLIN, "2026-03-29 01:59:59", "2026-03-29 03:00:00"),
        ("2026-03-29T02:59:59", BERLIN, "2026-03-29 01:59:59", "2026-03-29 03:00:00"),
        ("2026-10-04T02:15:00", "Australia/Lord_Howe", "2026-10-04 01:59:59",
         "2026-10-04 02:30:00"),
        # A whole day that never was.
        ("2011-12-30T12:00:00", "Pacific/Apia", "2011-12-29 23:59:59", "2011-12-31 00:00:00"),
        # The one clock change in the year that this office's own zone had.
        ("2004-03-28T02:30:00", ALMATY, "2004-03-28 01:59:59", "2004-03-28 03:00:00"),
    ],
)  # fmt: skip
def test_time_that_clocks_skip_is_refused_with_the_nearest(typed, zone, before, after, which):
    assert schedule.moments(local(typed), zone) == []
    nearest = schedule.beside_gap(local(typed), zone)
    assert [each.replace(tzinfo=None) for each in nearest] == [local(before), local(after)]
    assert nearest[1].astimezone(UTC) - nearest[0].astimezone(UTC) == dt.timedelta(seconds=1)
    with pytest.raises(ValidationError) as refusal:
        schedule.read(typed, zone, which)
    assert refusal.value.code == "gap"
    for each in nearest:
        assert dates.written_exactly(each, zone) in refusal.value.messages[0]


@pytest.mark.parametrize(
    ("typed", "zone", "first", "second"),
    [
        ("2026-10-25T02:30:00", BERLIN, "2026-10-25 00:30:00", "2026-10-25 01:30:00"),
        ("2026-10-25T02:00:00", BERLIN, "2026-10-25 00:00:00", "2026-10-25 01:00:00"),
        ("2026-04-05T01:45:00", "Australia/Lord_Howe", "2026-04-04 14:45:00",
         "2026-04-04 15:15:00"),
        # Not summer time: the whole country went back an hour, with all that was scheduled.
        ("2024-02-29T23:30:00", ALMATY, "2024-02-29 17:30:00", "2024-02-29 18:30:00"),
    ],
)  # fmt: skip
def test_time_that_comes_twice_is_asked_about_never_guessed(typed, zone, first, second):
    assert code_of(typed, zone) == code_of(typed, zone, "either") == "twice"
    assert schedule.read(typed, zone, "first") == utc(first)
    assert schedule.read(typed, zone, "second") == utc(second)


@given(SECONDS, st.sampled_from(ZONES))
def test_every_moment_is_read_back_from_what_its_clocks_show(seconds, zone):
    moment = dt.datetime.fromtimestamp(seconds, UTC)
    shown = moment.astimezone(ZoneInfo(zone))
    typed = f"{shown:%Y-%m-%dT%H:%M:%S}"
    found = schedule.moments(shown.replace(tzinfo=None, fold=0), zone)
    assert found[shown.fold if len(found) == 2 else 0] == moment
    if len(found) == 1:
        assert schedule.read(typed, zone) == moment
    else:
        assert code_of(typed, zone) == "twice"
        assert schedule.read(typed, zone, "second" if shown.fold else "first") == moment


@given(
    st.datetimes(dt.datetime(1901, 1, 2), dt.datetime(2100, 1, 1)).map(  # noqa: DTZ001
        lambda each: each.replace(microsecond=0)
    ),
    st.sampled_from(ZONES),
)
def test_every_local_time_is_one_moment_or_two_or_lies_in_a_gap(shown, zone):
    found = schedule.moments(shown, zone)
    assert [each.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for each in found] == (
        [shown] * len(found)
    )
    if not found:
        before, after = schedule.beside_gap(shown, zone)
        assert before.replace(tzinfo=None) < shown < after.replace(tzinfo=None)
        assert after.astimezone(UTC) - before.astimezone(UTC) == dt.timedelta(seconds=1)


# The hours around every clock change of a few zones, where a random moment seldom falls.
@given(
    st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
                     "Asia/Almaty", "Asia/Dushanbe", "Pacific/Apia", "Europe/Dublin"]),
    st.integers(0, 10_000), st.integers(-7200, 7200),
)  # fmt: skip
def test_moments_around_a_clock_change_are_read_back(zone, number, seconds):
    changes = CHANGES[zone]
    moment = changes[number % len(changes)] + dt.timedelta(seconds=seconds)
    shown = moment.astimezone(ZoneInfo(zone))
    which = "second" if shown.fold else "first"
    assert schedule.read(f"{shown:%Y-%m-%dT%H:%M:%S}", zone, which) == moment


def _changes(zone):
    """To the hour, the moments after which a zone's clocks run at another offset."""
    there, found = ZoneInfo(zone), []
    at = dt.datetime(1990, 1, 1, tzinfo=UTC)
    while at.year < 2030:
        later = at + dt.timedelta(days=1)
        if at.astimezone(there).utcoffset() != later.astimezone(there).utcoffset():
            while at.astimezone(there).utcoffset() != later.astimezone(there).utcoffset():
                later -= dt.timedelta(hours=1)
            found.append(later + dt.timedelta(hours=1))
            later = at + dt.timedelta(days=1)
        at = later
    return found


CHANGES = {
    zone: _changes(zone)
    for zone in (BERLIN, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
                 "Asia/Almaty", "Asia/Dushanbe", "Pacific/Apia", "Europe/Dublin")
}  # fmt: skip


def test_zones_are_the_office_the_venue_and_utc_each_once():
    assert schedule.zones(Event(time_zone="Asia/Dushanbe")) == {
        "Asia/Almaty": "office time (Asia/Almaty)",
        "Asia/Dushanbe": "venue time (Asia/Dushanbe)", "UTC": "UTC",
    }  # fmt: skip
    assert list(schedule.zones(Event(time_zone="Asia/Almaty"))) == ["Asia/Almaty", "UTC"]
    assert list(schedule.zones(Statement())) == ["Asia/Almaty", "UTC"]
    with override_settings(OFFICE_TIME_ZONE="UTC"):
        assert schedule.zones(Event()) == {"UTC": "office time (UTC)"}


@pytest.mark.django_db
def test_zone_of_a_statements_event_is_offered_to_those_who_see_the_event_alone(staff):
    officer = staff("Press officer")
    event = factories.event("draft", time_zone="Asia/Dushanbe")
    item = factories.statement("draft", event=event)
    assert list(schedule.zones(item, officer)) == ["Asia/Almaty", "Asia/Dushanbe", "UTC"]
    Event.objects.filter(pk=event.pk).update(limited=True)
    assert list(schedule.zones(item, officer)) == ["Asia/Almaty", "UTC"]


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"days": 2, "hours": 3, "minutes": 20, "seconds": 59}, "2 days 3 hours 20 minutes"),
        ({"days": 1, "minutes": 1}, "1 day 1 minute"),
        ({"hours": 1}, "1 hour"),
        ({"minutes": 59, "seconds": 59}, "59 minutes 59 seconds"),
        ({"seconds": 1}, "1 second"),
        ({"seconds": 0}, ""),
        ({"seconds": -1}, ""),
        ({"days": 400}, "400 days"),
    ],
)
def test_span_is_said_in_words(span, words):
    assert dates.written_span(dt.timedelta(**span)) == words


def test_release_times_name_every_zone_and_count_down_until_release():
    item = Event(time_zone="Asia/Dushanbe", status="approved",
                 release_at=NOW + dt.timedelta(minutes=90))  # fmt: skip
    times = ("Asia/Almaty: 6 October 2026, 11:30 (UTC+5) · Asia/Dushanbe: 6 October 2026, 11:30"
             " (UTC+5) · UTC: 6 October 2026, 06:30 (UTC+0)")  # fmt: skip
    with visibility.at(NOW):
        assert schedule.release_times(item) == f"{times} · goes out in 1 hour 30 minutes"
    with visibility.at(item.release_at):
        assert schedule.release_times(item) == times
    item.release_at += dt.timedelta(seconds=7)
    assert "11:30:07 (UTC+5)" in schedule.release_times(item)


def form(data, **fields):
    return schedule.TimeForm(Event(time_zone=BERLIN, **fields), None, data)


def test_shown_time_stands_in_every_zone_with_its_countdown():
    typed = form({"release_at": "2026-10-06T09:00", "zone": BERLIN})
    with visibility.at(NOW):
        shown = typed.shown() if typed.is_valid() else None
        assert shown == schedule.Shown(
            rows=[
                ("office time (Asia/Almaty)", "Tuesday, 6 October 2026, 12:00:00 (UTC+5)"),
                ("venue time (Europe/Berlin)", "Tuesday, 6 October 2026, 09:00:00 (UTC+2)"),
                ("UTC", "Tuesday, 6 October 2026, 07:00:00 (UTC+0)"),
            ],
            countdown="goes out in 2 hours", stamp="2026-10-06T07:00:00Z",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("confirmed", "to_be_shown"),
    [("", True), ("on", True), ("2026-10-06T07:00:01Z", True), ("2026-10-06T07:00:00Z", False)],
)
def test_only_the_time_that_was_on_screen_counts(confirmed, to_be_shown):
    data = {"release_at": "2026-10-06T09:00", "zone": BERLIN, "confirmed": confirmed}
    with visibility.at(NOW):
        typed = form(data)
        assert typed.is_valid()
        assert typed.is_to_be_shown() is to_be_shown


@pytest.mark.parametrize("typed", ["", "   "])
def test_empty_time_is_no_time_and_never_now(typed):
    empty = form({"release_at": typed})
    assert empty.is_valid()
    assert (empty.cleaned_data["release_at"], empty.shown(), empty.is_to_be_shown()) == (
        None, None, False,
    )  # fmt: skip


def test_zone_left_out_is_the_offices_and_an_unknown_one_is_refused():
    assert form({"release_at": "2026-10-06T10:00"}).is_valid()
    typed = form({"release_at": "2026-10-06T10:00"})
    typed.is_valid()
    assert typed.cleaned_data["release_at"] == NOW
    for zone in ("Mars/Olympus", "America/New_York", "../../etc/passwd"):
        typed = form({"release_at": "2026-10-06T10:00", "zone": zone})
        assert (list(typed.errors), typed.shown(), typed.twice()) == (["zone"], None, [])


def test_form_offers_both_of_a_time_that_comes_twice():
    typed = form({"release_at": "2026-10-25T02:30", "zone": BERLIN})
    assert typed.errors.as_data()["release_at"][0].code == "twice"
    assert typed.twice() == [
        ("first", "the first time", "Sunday, 25 October 2026, 02:30:00 (UTC+2)"),
        ("second", "the second time", "Sunday, 25 October 2026, 02:30:00 (UTC+1)"),
    ]
    chosen = form({"release_at": "2026-10-25T02:30", "zone": BERLIN, "which": "second"})
    assert chosen.is_valid()
    assert chosen.cleaned_data["release_at"] == utc("2026-10-25 01:30:00")
    crafted = form({"release_at": "2026-10-25T02:30", "zone": BERLIN, "which": "third"})
    assert list(crafted.errors) == ["which"]


def test_the_same_time_again_is_no_move():
    typed = form({"release_at": "2026-10-06T10:00"}, release_at=NOW)
    assert list(typed.errors) == ["release_at"]


@pytest.mark.parametrize(
    ("typed", "kind"), [("tomorrow", "text"), ("2026-10-06T10:00", "datetime-local")]
)
def test_garbled_text_is_kept_on_screen(typed, kind):
    box = str(form({"release_at": typed})["release_at"])
    assert f'type="{kind}"' in box
    assert f'value="{typed}"' in box
