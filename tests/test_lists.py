"""All events and all statements: filters and their numbers, chips, pages, archives, months."""

import datetime as dt
import re
from urllib.parse import urlencode

import html5lib
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import facets, visibility
from events.models import Event, Participant, Speaker
from events.public import choices, month

from . import archive, factories

pytestmark = pytest.mark.django_db
ZERO = "00000000-0000-0000-0000-000000000000"


def soup(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def titles(answer) -> list[str]:
    return [item.title_en for item in answer.context["page"].items]


def choices_of(answer, name: str) -> list[str]:
    return [option.text for option in soup(answer).select(f"#id_{name} option")]


def chips(answer) -> dict[str, str]:
    links = soup(answer).select(".chips li:not(.clear) a")
    return {link.text.removeprefix("Remove the filter "): link["href"] for link in links}


def at(*when: int):
    moment = dt.datetime(*when, tzinfo=dt.UTC)
    return visibility.clock_set_to(lambda: moment)


@pytest.fixture
def rich():
    """An event that bears a mark of every facet, and one that bears none of them but must."""
    names = {
        "organisation": factories.organisation("Rich"), "topic": factories.topic("Rich"),
        "person": factories.person("Rich"), "series": factories.series("Rich"),
    }  # fmt: skip
    item = factories.event(
        title_en="Rich", event_kind="visit", state="postponed", series=names["series"],
        country=factories.country("KZ"), ready_kk=False, date=dt.date(2019, 5, 1),
    )  # fmt: skip
    item.topics.add(names["topic"])
    Participant.objects.create(event=item, organisation=names["organisation"])
    Participant.objects.create(event=item, person=names["person"])
    factories.listed(item)
    factories.event(title_en="Poor", ready_ru=False, ready_en=True)
    return {name: row.slug for name, row in names.items()} | {
        "kind": "visit", "state": "postponed", "country": "kz", "language": "ru",
    }  # fmt: skip


# --- Filters --------------------------------------------------------------------------------------


def test_each_filter_leaves_the_events_that_bear_its_mark(client, rich):
    assert titles(client.get("/en/events/")) == ["Poor", "Rich"]
    for name, value in rich.items():
        answer = client.get("/en/events/", {name: value})
        assert (name, titles(answer), answer.context["total"]) == (name, ["Rich"], "1 event")
    assert titles(client.get("/en/events/", {**rich, "kind": "visit"})) == ["Rich"]
    assert titles(client.get("/en/events/?language=kk")) == ["Poor"]
    assert titles(client.get("/en/events/?language=kk&country=kz")) == []


def test_each_filter_leaves_the_statements_that_bear_its_mark(client):
    speaker, topic = factories.person("Said"), factories.topic("Said")
    item = factories.statement(
        title_en="Said", statement_kind="answer", reliability="transcript", ready_ru=False
    )
    Speaker.objects.create(statement=item, person=speaker, name_en="Said Name")
    item.topics.add(topic)
    factories.listed(item)
    factories.statement(title_en="Other", ready_kk=False)
    for name, value in {"kind": "answer", "reliability": "transcript", "person": speaker.slug,
                        "topic": topic.slug, "language": "kk"}.items():  # fmt: skip
        assert (name, titles(client.get("/en/statements/", {name: value}))) == (name, ["Said"])
    assert soup(client.get("/en/statements/?kind=answer")).select_one(".row .meta").text == (
        "answer to the media · Said Name"
    )


def test_country_in_capitals_is_the_same_choice(client, rich):
    small, large = client.get("/en/events/?country=kz"), client.get("/en/events/?country=KZ")
    assert titles(large) == titles(small) == ["Rich"]
    assert chips(large) == {"Country: Kazakhstan": "."}


def test_year_of_an_old_link_leads_to_the_archive_with_the_other_filters(client):
    answer = client.get("/en/events/?year=2019&country=KZ")
    assert (answer.status_code, answer["Location"]) == (301, "/en/events/2019/?country=KZ")
    assert client.get("/en/events/?year=2019").headers["Location"] == "/en/events/2019/"
    for nonsense in ("abc", "2007.5", "NaN", "99999", ""):
        assert client.get("/en/events/", {"year": nonsense}).status_code == 404


def test_words_are_found_in_a_language_that_may_be_read_and_in_no_other(client):
    factories.event("published", "Falcon", title_en="A falcon")
    factories.event("published", "Heron", title_en="A heron", ready_kk=False, title_kk="Falcon")
    factories.event("embargoed", "Falcon")
    for words in ("falcon", "FALC", "falcon title"):
        assert titles(client.get("/en/events/", {"text": words})) == ["A falcon"]
    assert titles(client.get("/en/events/?text=heron+falcon")) == []
    assert chips(client.get("/en/events/?text=falcon")) == {"Words: falcon": "."}


def test_period_holds_events_that_reach_into_it(client):
    def event(title, day, until, precision="day"):
        factories.event(title_en=title, date=dt.date(*day), until=dt.date(*until),
                        date_precision=precision)  # fmt: skip

    event("Long", (2019, 9, 29), (2019, 10, 2))
    event("Day", (2019, 10, 5), (2019, 10, 5))
    event("Year", (2019, 1, 1), (2019, 12, 31), "year")
    assert titles(client.get("/en/events/?since=2019-10-02&until=2019-10-04")) == ["Long", "Year"]
    assert titles(client.get("/en/events/?since=2019-10-03&until=2019-10-05")) == ["Day", "Year"]
    assert titles(client.get("/en/events/?since=2019-10-06")) == ["Year"]
    assert titles(client.get("/en/events/?until=2019-09-28")) == ["Year"]
    assert list(chips(client.get("/en/events/?since=2019-10-06"))) == [
        "From the day: 6 October 2019"
    ]


def test_period_of_statements_is_of_their_publication_by_the_office_s_calendar(client):
    late = dt.datetime(2021, 3, 1, 20, 30, tzinfo=dt.UTC)  # 2 March at the office
    factories.statement(title_en="New", release_at=late, published_at=late)
    factories.statement(
        title_en="Archive", released_before=True, first_released_on=dt.date(2021, 3, 2),
        published_at=dt.datetime(2021, 3, 2, tzinfo=dt.UTC),
    )  # fmt: skip
    both, query = ["Archive", "New"], "/en/statements/?since={}&until={}"
    assert titles(client.get(query.format("2021-03-02", "2021-03-02"))) == both
    assert titles(client.get(query.format("2021-03-01", "2021-03-01"))) == []
    assert titles(client.get(query.format("2021-03-03", "2021-03-03"))) == []
    assert titles(client.get("/en/statements/2021/3/")) == both


@pytest.mark.parametrize(
    "query",
    [
        {"since": "abc"}, {"since": "0001-01-01"}, {"until": "9999-12-31"}, {"until": "2020-02-30"},
        {"since": "2020-13-01"}, {"text": "\x00"}, {"text": "x" * 10_000}, {"text": "*"},
        {"text": '"'}, {"country": "xx"}, {"topic": "none"}, {"kind": "'"}, {"person": "é" * 300},
        {"language": "de"}, {"series": "%"}, {"state": "held"},
    ],
)  # fmt: skip
def test_bad_value_is_said_beside_its_field(client, query):
    factories.event()
    for path in ("/en/events/", "/kk/events/2020/1/"):
        answer = client.get(path, query)
        assert (answer.status_code, titles(answer)) == (200, [])
        assert list(answer.context["filter"].form.errors) == list(query)
        (name,) = query
        assert soup(answer).select_one(f"#field-{name} .errorlist").text
        assert soup(answer).select_one(f"#id_{name}")["aria-invalid"] == "true"


def test_period_that_ends_before_it_begins_is_said_beside_its_end(client):
    answer = client.get("/en/events/?since=2020-01-02&until=2020-01-01")
    assert dict(answer.context["filter"].form.errors) == {
        "until": ["The last day is before the first."]
    }


@pytest.mark.parametrize("value", ["AND", "%", "_", "а" * 200, "\u202e", "-x", "' OR 1=1 --", "😀"])
def test_strange_words_find_nothing_and_break_nothing(client, value):
    factories.event()
    assert client.get("/ru/events/", {"text": value}).status_code == 200


def test_value_that_only_a_hidden_item_bears_is_unknown_like_any_other(client):
    factories.event()
    hidden = factories.whole("embargoed", "Hidden", "KI")
    values = {"topic": hidden["topic"].slug, "person": hidden["person"].slug,
              "organisation": hidden["organisation"].slug, "series": hidden["series"].slug,
              "country": "ki", "kind": "visit", "state": "held"}  # fmt: skip
    Event.objects.filter(pk=hidden["event"].pk).update(event_kind="visit", state="held")
    factories.listed(hidden["event"])
    for name, value in values.items():
        absent = "z" * len(value)
        there = client.get("/en/events/", {name: value}).content.decode()
        never = client.get("/en/events/", {name: absent}).content.decode()
        # The address itself is in the links to the other languages, and nowhere else.
        assert there.replace(f"{name}={value}", "") == never.replace(f"{name}={absent}", "")


def test_embargoed_items_change_no_byte_of_any_list_with_any_filter(client):
    twin = factories.whole("published", "Open", "BY")
    factories.event(date=dt.date(2020, 3, 1), until=dt.date(2020, 4, 2))
    values = {
        "kind": "session", "state": "scheduled", "country": "by", "language": "en",
        "topic": twin["topic"].slug, "organisation": twin["organisation"].slug,
        "person": twin["person"].slug, "series": twin["series"].slug, "text": "title",
        "since": "2019-01-01", "until": "2030-01-01", "when": "past", "sort": "oldest",
    }  # fmt: skip
    queries = ["", *(urlencode({name: value}) for name, value in values.items()), urlencode(values),
               "topic=unknown", "when=upcoming", "when=upcoming&kind=session"]  # fmt: skip
    addresses = [f"/en/events/?{query}" for query in queries]
    addresses += [f"/ru/statements/?{query.replace('session', 'speech')}" for query in queries
                  if not re.search("when|state|series", query)]  # fmt: skip
    addresses += [f"/en/{path}?{query}" for query in ("", "country=by&text=title")
                  for path in ("events/2020/", "events/2020/3/", "events/2021/", "events/2020/4/",
                               "statements/2020/", "statements/2020/1/")]  # fmt: skip
    before = {address: client.get(address).content for address in addresses}
    for day in (dt.date(2020, 1, 1), dt.date(2020, 3, 1), dt.date(2021, 5, 5)):
        hidden = factories.whole("embargoed", "Hidden", "KI")
        for item in (hidden["event"], hidden["statement"]):
            item.topics.add(twin["topic"])
            type(item).objects.filter(pk=item.pk).update(date=day)
            factories.listed(item)
    assert {address: client.get(address).content for address in addresses} == before


# --- Choices and their numbers --------------------------------------------------------------------


def test_number_beside_a_choice_is_of_what_choosing_it_would_list(client):
    one, two = factories.topic("One"), factories.topic("Two")
    for topic, kind in ((one, "visit"), (one, "visit"), (one, "session"), (two, "visit")):
        item = factories.event(event_kind=kind)
        item.topics.add(topic)
        factories.listed(item)
    everything = client.get("/en/events/")
    assert choices_of(everything, "topic") == ["All", "One topic (3)", "Two topic (1)"]
    assert choices_of(everything, "kind") == ["All", "Summit or session (1)", "Visit (3)"]
    chosen = client.get("/en/events/", {"topic": one.slug})
    # Of the chosen facet the other choices stay: choosing one of them takes this one's place.
    assert choices_of(chosen, "topic") == ["All", "One topic (3)", "Two topic (1)"]
    assert choices_of(chosen, "kind") == ["All", "Summit or session (1)", "Visit (2)"]
    both = client.get("/en/events/", {"topic": one.slug, "kind": "visit"})
    assert choices_of(both, "topic") == ["All", "One topic (2)", "Two topic (1)"]
    assert choices_of(both, "kind") == ["All", "Summit or session (1)", "Visit (2)"]
    # What leads to nothing is left out, and what is chosen stays.
    nothing = client.get("/en/events/", {"topic": two.slug, "kind": "session"})
    assert titles(nothing) == []
    assert choices_of(nothing, "topic") == ["All", "One topic (1)", "Two topic (0)"]
    selected = soup(nothing).select("#filters-name ~ details option[selected]")
    assert [option.text for option in selected if option["value"]] == [
        "Summit or session (0)", "Two topic (0)"
    ]  # fmt: skip


def test_too_many_to_count_is_said_and_no_number_is_made_up(client, monkeypatch):
    topic = factories.topic("One")
    for _number in range(4):
        item = factories.event(event_kind="visit", country=factories.country("KZ"))
        item.topics.add(topic)
        factories.listed(item)
    monkeypatch.setattr(facets, "COUNTED", 3)
    monkeypatch.setattr("events.public.lists.COUNTED", 3)
    # The whole list, and one choice of it, are in the tally.
    assert client.get("/en/events/").context["total"] == "4 events"
    one = client.get("/en/events/?kind=visit")
    assert one.context["total"] == "4 events"
    assert choices_of(one, "country") == ["All", "Kazakhstan"]
    assert choices_of(one, "kind") == ["All", "Visit (4)"]
    two = client.get("/en/events/?kind=visit&country=kz")
    assert two.context["total"] == "more than 3 events"
    assert choices_of(two, "country") == ["All", "Kazakhstan"]
    assert [bar["number"] for bar in two.context["bars"]] == [""]
    assert "2020" in soup(two).select_one("#bars li a").text


def test_no_more_choices_than_can_be_read_and_the_chosen_always(client, monkeypatch):
    monkeypatch.setattr(choices, "SHOWN", 2)
    topics = [factories.topic(word) for word in ("Zeta", "Alpha", "Rare")]
    for number, topic in enumerate(topics):
        for _number in range(3 - number):
            item = factories.event()
            item.topics.add(topic)
            factories.listed(item)
    assert choices_of(client.get("/en/events/"), "topic") == [
        "All", "Alpha topic (2)", "Zeta topic (3)"
    ]  # fmt: skip
    rare = client.get("/en/events/", {"topic": topics[2].slug})
    assert choices_of(rare, "topic") == [
        "All", "Alpha topic (2)", "Rare topic (1)", "Zeta topic (3)"
    ]  # fmt: skip


def test_choices_are_named_in_the_reader_s_language_or_marked_with_their_own(client, rich):
    answer = client.get("/ru/events/")
    assert choices_of(answer, "country")[1:] == ["Казахстан (1)"]
    option = soup(answer).select("#id_topic option")[1]
    assert (option.text, option["lang"]) == ("Rich topic (1)", "en")
    assert "lang" not in soup(answer).select("#id_country option")[1].attrs


def test_several_counts_in_one_query_are_those_of_each(django_assert_num_queries):
    for kind in ("visit", "visit", "session"):
        factories.event(event_kind=kind, country=factories.country("KZ"))
    rows = Event.objects.public()
    visits = facets.narrow(rows, "kind", "visit")
    with django_assert_num_queries(1):
        found = facets.counts_of_each({"": visits, "kind": rows})
    assert found[""] == facets.counts_of(visits)
    assert found["kind"] == {"all": {"": 3}, "kind": {"visit": 2, "session": 1}}


# --- What is chosen, and its order ----------------------------------------------------------------


def test_chip_takes_its_own_filter_away_and_no_other(client, rich):
    query = {"kind": "visit", "country": "kz", "sort": "oldest", "when": "past"}
    answer = client.get("/en/events/2019/", query)
    assert chips(answer) == {
        "Period: 2019": "/en/events/?kind=visit&country=kz&when=past&sort=oldest",
        "Kind: Visit": "?country=kz&when=past&sort=oldest",
        "Country: Kazakhstan": "?kind=visit&when=past&sort=oldest",
    }
    assert soup(answer).select_one(".chips .clear a")["href"] == "/en/events/"
    kept = {each["name"]: each["value"] for each in soup(answer).select("#kept input")}
    assert kept == {"when": "past", "sort": "oldest"}


def test_events_to_come_begin_with_the_next_and_past_ones_with_the_last(client):
    for title, day, until in (("Over", 1, 2), ("On", 3, 6), ("Soon", 5, 5), ("Later", 9, 9)):
        factories.event(title_en=title, date=dt.date(2027, 3, day), until=dt.date(2027, 3, until))
    factories.event(title_en="Old", date=dt.date(2027, 2, 1))
    with at(2027, 3, 4, 20, 0):  # 5 March at the office
        assert titles(client.get("/en/events/?when=upcoming")) == ["On", "Soon", "Later"]
        assert titles(client.get("/en/events/?when=upcoming&sort=newest")) == [
            "Later", "Soon", "On"
        ]  # fmt: skip
        assert titles(client.get("/en/events/?when=past")) == ["Over", "Old"]
        assert titles(client.get("/en/events/?when=past&sort=oldest")) == ["Old", "Over"]
        assert client.get("/en/events/?when=upcoming").context["total"] == "3 events"
    with at(2027, 3, 9, 20, 0):
        answer = client.get("/en/events/?when=upcoming")
        assert titles(answer) == []
        assert "No upcoming event is announced." in answer.content.decode()


@pytest.mark.parametrize("query", ["", "?sort=oldest", "?kind=session", "?when=past&sort=oldest"])
@pytest.mark.parametrize("path", ["/en/events/", "/en/statements/"])
def test_pages_lead_on_and_back_through_the_same_rows(client, path, query):
    query = query.replace("session", "speech") if "statements" in path else query
    if "statements" in path and "when" in query:
        return
    make = factories.event if "events" in path else factories.statement
    for number in range(45):
        when = dt.datetime(2020, 1, 1 + number % 7, tzinfo=dt.UTC)
        make(date=when.date(), published_at=when)
    onward, backward = ("newer", "older") if "oldest" in query else ("older", "newer")
    forth, address = [], f"{path}{query}"
    while address:
        shown = client.get(address).context["page"]
        forth.append([item.pk for item in shown.items])
        onto = getattr(shown, onward)
        last, address = address, f"{path}{onto}" if onto else ""
    assert [len(rows) for rows in forth] == [20, 20, 5]
    assert len({pk for rows in forth for pk in rows}) == 45
    back, address = [], last
    while address:
        shown = client.get(address).context["page"]
        back.append([item.pk for item in shown.items])
        onto = getattr(shown, backward)
        address = f"{path}{onto}" if onto else ""
    assert back == forth[::-1]


def test_cursor_before_the_first_row_is_the_first_page(client):
    factories.event(title_en="Only")
    answer = client.get(f"/en/events/?before=2030-01-01_{ZERO}&kind=session")
    page = answer.context["page"]
    assert (titles(answer), page.newer, page.older, page.newest) == (["Only"], "", "", "")


@pytest.mark.parametrize("cursor", ["zz", "2020-13-01_" + ZERO, "2020-01-01T00:00:00Z_" + ZERO,
                                    "0001-01-01T00:00:00+14:00_" + ZERO, ""])  # fmt: skip
def test_cursor_that_no_list_gave_is_not_found(client, cursor):
    factories.event()
    for name in ("after", "before"):
        assert client.get("/en/events/", {name: cursor, "sort": "oldest"}).status_code == 404
    both = {"after": f"2020-01-01_{ZERO}", "before": f"2020-01-01_{ZERO}"}
    assert client.get("/en/events/", both).status_code == 404


# --- Archives -------------------------------------------------------------------------------------


def bars(answer) -> dict[str, tuple[str, str]]:
    links = soup(answer).select(".bars a")
    return {each.select_one(".quiet").text: each["href"] for each in links}


def test_bars_lead_through_the_years_and_say_how_many(client):
    for day, kind in (((2019, 5, 1), "visit"), ((2019, 5, 9), "session"), ((2021, 7, 1), "visit")):
        factories.event(date=dt.date(*day), event_kind=kind)
    factories.event(date=dt.date(2008, 1, 1), date_precision="year", until=dt.date(2008, 12, 31))
    assert bars(client.get("/en/events/")) == {
        "2008: 1 event": "/en/events/2008/", "2019: 2 events": "/en/events/2019/",
        "2021: 1 event": "/en/events/2021/",
    }  # fmt: skip
    assert bars(client.get("/en/events/?kind=visit")) == {
        "2019: 1 event": "/en/events/2019/?kind=visit",
        "2021: 1 event": "/en/events/2021/?kind=visit",
    }
    year = client.get("/en/events/2019/")
    assert bars(year) == {"May 2019: 2 events": "/en/events/2019/5/"}
    assert [each["number"] for each in year.context["bars"]] == [0, 0, 0, 0, 2, *[0] * 7]
    assert year.context["turns"] == {
        "before": {"name": "2008", "url": "/en/events/2008/"},
        "above": {"name": "All years", "url": "/en/events/"},
        "after": {"name": "2021", "url": "/en/events/2021/"},
    }
    month = client.get("/en/events/2019/5/?kind=visit")
    assert (titles(month), bars(month)) == (
        ["Plain title en"], {"May 2019: 1 event": "/en/events/2019/5/?kind=visit"}
    )  # fmt: skip
    assert month.context["turns"] == {
        "before": None, "above": {"name": "2019", "url": "/en/events/2019/?kind=visit"},
        "after": {"name": "July 2021", "url": "/en/events/2021/7/?kind=visit"},
    }  # fmt: skip


def test_archive_without_anything_public_is_not_found(client):
    factories.event(date=dt.date(2008, 1, 1), date_precision="year")
    factories.statement()
    factories.event("embargoed", date=dt.date(2019, 5, 1))
    for path in ("events/2019/", "events/2019/5/", "events/2008/1/", "events/2008/0/",
                 "events/2008/13/", "events/0/", "events/99999/", "statements/2019/",
                 "statements/2020/2/", "statements/2020/99/", f"events/{'9' * 50}/"):  # fmt: skip
        assert (path, client.get(f"/en/{path}").status_code) == (path, 404)
    for path in ("events/2008/", "statements/2020/", "statements/2020/1/"):
        assert (path, client.get(f"/en/{path}").status_code) == (path, 200)


def squares(answer) -> dict[str, list[str]]:
    """The events of each day of the calendar, by the number of the day."""
    found = {}
    for square in soup(answer).select("table.month td"):
        if day := square.select_one("a.day"):
            number = day.select_one("[aria-hidden]").text
            found[number] = [each.text.strip() for each in square.select("li")]
    return found


def test_month_shows_each_event_on_all_of_its_days(client):
    def event(title, first, last, **fields):
        factories.event(
            title_en=title, date=dt.date(*first), until=dt.date(*last), **fields
        )  # fmt: skip

    event("Long", (2019, 9, 29), (2019, 10, 2))
    event("Off", (2019, 10, 2), (2019, 10, 2), state="cancelled")
    event("Over", (2019, 10, 31), (2019, 11, 1), event_kind="visit")
    event("Some day", (2019, 10, 1), (2019, 10, 31), date_precision="month")
    event("Some time", (2019, 1, 1), (2019, 12, 31), date_precision="year")
    answer = client.get("/en/events/2019/10/")
    assert squares(answer) == {"1": ["Long"], "2": ["Long", "Cancelled Off"], "31": ["Over"]}
    assert soup(answer).select_one(".undated a").text == "Some day"
    assert titles(answer) == ["Over", "Off", "Some day"]
    day = soup(answer).select_one("table.month a.day")
    assert day["href"] == "/en/events/?since=2019-10-01&until=2019-10-01"
    assert day.select_one(".quiet").text == "1 October 2019: 1 event"
    assert squares(client.get("/en/events/2019/10/?kind=visit")) == {"31": ["Over"]}
    assert [each.text for each in soup(answer).select("table.month th .quiet")] == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
    ]  # fmt: skip
    assert soup(answer).select_one("table.month caption").text == "October 2019"


def test_month_too_full_to_draw_is_a_list(client, monkeypatch):
    for _number in range(6):
        factories.event()
    crowded = client.get("/en/events/2020/1/")
    assert squares(crowded) == {"1": [*["Plain title en"] * month.ON_A_DAY, "and 2 more"]}
    monkeypatch.setattr(month, "DRAWN", 5)
    full = client.get("/en/events/2020/1/")
    assert (squares(full), len(titles(full))) == ({}, 6)


def test_statements_have_no_calendar(client):
    factories.statement()
    assert soup(client.get("/en/statements/2020/1/")).select("table") == []


# --- What pages cost, and whether they are valid --------------------------------------------------


def test_lists_cost_the_same_few_queries_however_long_the_archive_and_whatever_is_chosen(client):
    whole = factories.whole("published", "Plain", "KZ")
    chosen = {name: whole[name].slug for name in ("topic", "organisation", "person")}
    chosen |= {"country": "kz", "language": "en", "text": "plain", "since": "1990-01-01"}
    queries = [urlencode(chosen), urlencode(chosen | {"sort": "oldest"})]
    addresses = [f"/en/{name}/{path}?{queries[0]}" for name in ("events", "statements")
                 for path in ("", "1995/", "1995/3/")]  # fmt: skip
    addresses += [f"/en/events/?{queries[1]}&after=1995-03-01_{ZERO}",
                  f"/en/statements/?{queries[0]}&before=1995-03-01T00:00:00Z_{ZERO}",
                  "/en/events/1995/3/", f"/en/events/?topic={chosen['topic']}"]  # fmt: skip

    def costs() -> dict[str, int]:
        found = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as made:
                assert client.get(address).status_code == 200
            found[address] = len(made)
        return found

    archive.fill(whole, 5)
    few = costs()
    archive.fill(whole, 594)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("analyze")  # as the database does by itself, once rows are committed
    assert costs() == few
    assert max(few.values()) <= 6


@pytest.mark.parametrize("language", ["en", "ru"])
def test_lists_are_valid_html_in_every_state(client, language, rich):
    factories.statement()
    for path in ("events/", "events/?kind=visit&when=upcoming", "events/?topic=none&since=x",
                 "events/2019/5/?sort=oldest", "events/2019/?country=by", "statements/2020/1/",
                 "statements/?text=plain"):  # fmt: skip
        parser = html5lib.HTMLParser()
        parser.parse(client.get(f"/{language}/{path}").content)
        assert (path, parser.errors) == (path, [])
