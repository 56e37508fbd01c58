"""The front page: what leads, what is next and how far ahead, what moved; and the useful 404."""

import datetime as dt
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from events import visibility
from events.languages import CODES
from events.models import Country, Event, Progress, Publication
from events.public.ahead import in_words
from events.public.metadata import page

from . import factories

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 6, 12, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 10, 6)
ARCHIVE = {"released_before": True}


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


def released(make, title: str, ago: dt.timedelta, **fields):
    """Something public that this office released so long ago."""
    at = NOW - ago
    return make(title_en=title, release_at=at, published_at=at, **fields)


def archived(make, title: str, on: dt.date, **fields):
    """Something public that came out before this site, added to it an hour ago."""
    first = dt.datetime(on.year, on.month, on.day, tzinfo=dt.UTC)
    return make(title_en=title, release_at=NOW - dt.timedelta(hours=1), published_at=first,
                first_released_on=on, **ARCHIVE, **fields)  # fmt: skip


def titles(rows) -> list[str]:
    return [row.title_en for row in rows]


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def test_newest_release_leads_whether_statement_or_event(client):
    released(factories.statement, "Statement", days(2))
    released(factories.event, "Event", days(1))
    home = client.get("/en/").context
    assert (home["lead"].title_en, titles(home["news"])) == ("Event", ["Statement"])
    released(factories.statement, "Later statement", days(0))
    assert client.get("/en/").context["lead"].title_en == "Later statement"


def test_archive_never_leads_over_a_release_of_the_last_days(client):
    released(factories.statement, "Release", days(10))
    for number in range(30):
        archived(factories.event, f"Archive {number}", TODAY - days(number % 3))
    home = client.get("/en/").context
    assert home["lead"].title_en == "Release"
    assert {title.split()[0] for title in titles(home["news"])} == {"Archive"}


def test_archive_leads_where_there_is_nothing_else(client):
    archived(factories.event, "Old", dt.date(2007, 10, 6))
    archived(factories.statement, "Newer", dt.date(2010, 12, 1))
    home = client.get("/en/").context
    assert (home["lead"].title_en, titles(home["news"])) == ("Newer", ["Old"])


def test_office_without_content_says_so_and_shows_no_empty_section(client):
    answer = client.get("/en/")
    assert answer.context["lead"] is None
    text = answer.content.decode()
    assert "Nothing has been published yet." in text
    assert ("What is new" in text, "In their words" in text, "What came of it" in text) == (
        False, False, False,
    )  # fmt: skip


def test_item_that_is_next_is_not_told_twice(client):
    released(factories.statement, "Lead", days(0))
    released(factories.event, "Tomorrow", days(1), date=TODAY + days(1), until=TODAY + days(1))
    released(factories.event, "Past", days(2))
    home = client.get("/en/").context
    assert (titles(home["upcoming"]), titles(home["news"])) == (["Tomorrow"], ["Past"])


def test_next_stands_nearest_first_with_what_is_under_way_and_what_is_off(client):
    for title, first, until, fields in (
        ("In a week", 7, 7, {}), ("Over", -3, -1, {}), ("Under way", -1, 1, {}),
        ("Off", 3, 3, {"state": "cancelled"}), ("Today", 0, 0, {}),
        ("This month", -5, 25, {"date_precision": "month"}), ("Later", 30, 30, {}),
    ):  # fmt: skip
        factories.event(
            title_en=title, date=TODAY + days(first), until=TODAY + days(until), **fields
        )
    answer = client.get("/en/")
    shown = [(each.title_en, each.ahead) for each in answer.context["upcoming"]]
    assert shown == [
        ("Under way", "under way"), ("Today", "today"), ("Off", ""), ("In a week", "in 7 days"),
        ("This month", ""),
    ]  # fmt: skip
    assert '<strong class="off">Cancelled</strong>' in answer.content.decode()


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(0, ("today", "сегодня", "бүгін")), (1, ("tomorrow", "завтра", "ертең")),
     (2, ("in 2 days", "через 2 дня", "2 күннен кейін")),
     (60, ("in 60 days", "через 60 дней", "60 күннен кейін")),
     (61, ("in 2 months", "через 2 месяца", "2 айдан кейін"))],
)  # fmt: skip
def test_countdown_is_said_in_each_language(ahead, words):
    event = Event(date=TODAY + days(ahead), until=TODAY + days(ahead))
    said = []
    for code in ("en", "ru", "kk"):
        with translation.override(code):
            said.append(in_words(event, TODAY))
    assert tuple(said) == words


@pytest.mark.parametrize(("second", "words"), [(-1, "tomorrow"), (0, "today")])
def test_day_turns_by_the_office_s_clock(client, second, words):
    factories.event(title_en="Next", date=TODAY, until=TODAY)
    midnight = dt.datetime(2026, 10, 6, tzinfo=ZoneInfo(settings.OFFICE_TIME_ZONE))
    with time_machine.travel(midnight + dt.timedelta(seconds=second), tick=False):
        assert [each.ahead for each in client.get("/en/").context["upcoming"]] == [words]


def test_outcomes_stand_by_what_moved_last(client):
    event = factories.event(date=TODAY - days(10))
    earlier = factories.event(date=TODAY - days(400))
    for text, of, steps in (
        ("Agreed then", event, ()), ("Moved long ago", earlier, (90, 95)),
        ("Moved lately", earlier, (300, 1)), ("Agreed before", earlier, ()),
        ("Dated ahead", earlier, (-5,)),
    ):  # fmt: skip
        outcome = factories.outcome(of, text_en=text)
        for ago in steps:
            Progress.objects.create(outcome=outcome, date=TODAY - days(ago), state="in_progress")
    shown = client.get("/en/").context["outcomes"]
    assert [(each.text_en, (TODAY - each.moved_on).days) for each in shown] == [
        ("Moved lately", 1), ("Agreed then", 10), ("Moved long ago", 90), ("Agreed before", 400),
    ]  # fmt: skip


def test_outcome_that_an_unread_statement_announces_has_not_moved_for_readers(client):
    event = factories.event()
    hidden = factories.outcome(event, announced_in=factories.statement("embargoed"))
    Progress.objects.create(outcome=hidden, date=TODAY, state="fulfilled")
    shown = factories.outcome(event, text_en="Shown")
    assert client.get("/en/").context["outcomes"] == [shown]


def _whole_day(stage: str, word: str) -> None:
    """Something of each kind that the front page chooses from, newer than all else on it."""
    late = {} if stage != "published" else {"release_at": NOW, "published_at": NOW}
    event = factories.event(stage, word, date=TODAY + days(1), until=TODAY + days(1), **late)
    past = factories.event(stage, word, date=TODAY, until=TODAY, **late)
    told = factories.statement(stage, word, event=past, date=TODAY, **late)
    factories.quote(told, word)
    for of in (event, past):
        outcome = factories.outcome(of, word)
        Progress.objects.create(outcome=outcome, date=TODAY, state="fulfilled")


@pytest.mark.parametrize("stage", ["draft", "in_review", "embargoed", "withdrawn", "retracted"])
def test_hidden_items_change_no_byte_of_the_front_page_and_of_the_404(client, stage):
    _whole_day("published", "Twin")
    addresses = [f"/{code}/{path}" for code in CODES for path in ("", "nothing/")]
    before = [client.get(address).content for address in addresses]
    assert all(b"Twin" in content for content in before)
    for _number in range(3):
        _whole_day(stage, "Kryptonym")
    assert [client.get(address).content for address in addresses] == before


def test_not_found_shows_the_latest_releases_and_a_way_to_search(client):
    for number in range(7):
        released(factories.statement, f"No {number}", days(number))
    answer = client.get("/en/nothing/")
    assert titles(answer.context["latest"]) == ["No 0", "No 1", "No 2", "No 3", "No 4"]
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")


def test_not_found_is_the_same_for_every_path_of_a_language(client):
    released(factories.statement, "Plain", days(0))
    hidden = factories.event("embargoed")
    for code in CODES:
        asked = ("nothing/", f"events/{hidden.slug}/", "a/b/c", "countries/zz/", "quotes/x/?q=1")
        answers = [client.get(f"/{code}/{path}", follow=True) for path in asked]
        assert len({answer.content for answer in answers}) == 1
        assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1


def test_not_found_answers_while_the_database_cannot_be_reached(client):
    factories.statement(title_en="Unreached")
    plain = client.get("/en/nothing/").content.decode()
    with mock.patch.object(Publication.objects, "public", side_effect=OperationalError("gone")):
        answer = client.get("/en/nothing/")
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")
    text = answer.content.decode()
    assert ("Unreached" in plain, "Unreached" in text) == (True, False)
    assert "There is nothing at this address" in text


def test_server_error_asks_nothing_of_the_database(client, django_assert_num_queries):
    from events.public.home import server_error

    with django_assert_num_queries(0), translation.override("ru"):
        answer = server_error(None)
    assert (answer.status_code, "css/site.css" in answer.content.decode()) == (500, True)
    broken = "django.contrib.staticfiles.storage.StaticFilesStorage.url"
    with mock.patch(broken, side_effect=ValueError("no manifest")):
        assert "stylesheet" not in server_error(None).content.decode()


def _queries(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as counted:
        client.get(address)
    return len(counted)


def test_queries_of_the_front_page_and_of_the_404_are_constant(client):
    Country.objects.get_or_create(iso2="KZ")
    seen = []
    for number in (4, 40):
        for index in range(number):
            day = TODAY + days(index - 2)
            event = factories.event(date=day, until=day, country=factories.country("KZ"))
            told = factories.statement(event=event)
            factories.quote(told)
            outcome = factories.outcome(event)
            outcome.countries.add(factories.country("KZ"))
            outcome.organisations.add(factories.organisation())
            Progress.objects.create(outcome=outcome, date=TODAY, state="agreed")
        factories.contact()
        seen.append((_queries(client, "/kk/"), _queries(client, "/kk/nothing/")))
    assert seen == [(7, 1), (7, 1)]


def test_language_switch_keeps_the_filters_that_the_page_understood(client, rf):
    request = rf.get("/en/events/?country=kz&q=%22a%22")
    links = page(request, "public/contacts.html", contacts=[]).context_data["languages"]
    kept = "events/?country=kz&q=%22a%22"
    assert [each["url"] for each in links] == [f"/{code}/{kept}" for code in CODES]
    addresses = [f"https://press.example/{code}/events/" for code in CODES]
    assert [each["address"] for each in links] == addresses
    refused = client.get("/ru/?nonsense=1").context["languages"]
    assert [each["url"] for each in refused] == [f"/{code}/" for code in CODES]


def test_moment_is_one_for_lead_and_news(client):
    at = NOW + dt.timedelta(seconds=30)
    factories.statement("embargoed", release_at=at, published_at=at, title_en="Coming")
    assert client.get("/en/").context["lead"] is None
    with visibility.clock_set_to(lambda: at):
        assert client.get("/en/").context["lead"].title_en == "Coming"
