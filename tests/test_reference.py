"""People, organisations, countries, topics, series and quotes: everything connected, nothing
hidden."""

import datetime as dt
from urllib.parse import urljoin

import feedparser
import pytest

from events import visibility
from events.models import Membership, Office, Participant
from events.public import connected, reference

from . import factories

pytestmark = pytest.mark.django_db
ROWS = ("person", "organisation", "country", "topic", "series")
SECTIONS = {"person": "people", "organisation": "organisations", "country": "countries",
            "topic": "topics", "series": "series"}  # fmt: skip


def path(row) -> str:
    kind, value = connected.mark_of(row)
    return f"/en/{SECTIONS[kind]}/{value}/"


def titles(answer) -> list[str]:
    return [item.title_en for item in answer.context["page"].items]


def taking_part(event, *countries, **fields):
    for number, iso2 in enumerate(countries):
        row = factories.country(iso2)
        Participant.objects.create(event=event, country=row, order=number, **fields)
    return factories.listed(event)


# --- Lists of names -------------------------------------------------------------------------------


def test_people_are_listed_by_family_name_and_under_letters_where_they_are_many(client):
    event = factories.event()
    for number in range(reference.LETTERED):
        first = "BA"[number % 2]
        row = factories.person(sort_en=f"{first}son{number:02}, Plain")
        event.people.add(row)
    factories.listed(event)
    letters = client.get("/en/people/").context["letters"]
    assert [(each.letter, len(each.rows)) for each in letters] == [("A", 12), ("B", 13)]
    assert [row.sort_en for row in letters[0].rows[:2]] == ["Ason01, Plain", "Ason03, Plain"]
    event.people.remove(row)
    assert [each.letter for each in client.get("/en/people/").context["letters"]] == [""]


@pytest.mark.parametrize("kind", ROWS)
def test_list_of_names_says_how_much_is_connected_and_nothing_of_what_is_hidden(client, kind):
    made = factories.whole("published", "Open", "BY")
    address = f"/en/{SECTIONS[kind]}/"
    before = client.get(address)
    (letter,) = before.context["letters"]
    # A series has events alone.
    assert [(row, row.number) for row in letter.rows] == [
        (made[kind], 1 if kind == "series" else 2)
    ]
    hidden = factories.whole("embargoed", "Hidden", "KI")
    for field in ("people", "organisations", "countries", "topics"):
        getattr(hidden["event"], field).set(getattr(made["event"], field).all())
    hidden["event"].series = made["series"]
    hidden["event"].save()
    factories.listed(hidden["event"])
    after = client.get(address)
    assert (after.content, dict(after.headers)) == (before.content, dict(before.headers))


# --- Pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["person", "organisation", "country", "topic"])
def test_page_lists_what_names_the_row_by_year_and_by_kind(client, kind):
    made = factories.whole("published", "Open", "BY")
    later = factories.event(date=dt.date(2024, 5, 1), title_en="Later")
    field = {"person": "people", "organisation": "organisations", "country": "countries",
             "topic": "topics"}[kind]  # fmt: skip
    getattr(later, field).add(made[kind])
    factories.listed(later)
    factories.event(title_en="Unrelated")
    address = path(made[kind])
    answer = client.get(address)
    assert [(each.year, len(each.items)) for each in answer.context["years"]] == [
        (2024, 1), (2020, 2)
    ]  # fmt: skip
    kinds = [(each.query, each.number, each.chosen) for each in answer.context["kinds"]]
    assert kinds == [(".", 3, True), ("?kind=event", 2, False), ("?kind=statement", 1, False)]
    assert titles(client.get(address + "?kind=event")) == ["Later", "Open title en"]
    assert titles(client.get(address + "?kind=statement")) == ["Open title en"]


@pytest.mark.parametrize("query", ["kind=quote", "kind=%00", "x=1"])
def test_what_a_page_does_not_know_is_a_bad_request(client, query):
    made = factories.whole("published", "Open", "BY")
    for kind in ("person", "country"):
        assert client.get(f"{path(made[kind])}?{query}").status_code == 400


def test_page_goes_on_by_key_and_back(client):
    topic = factories.topic()
    for number in range(45):
        event = factories.event(date=dt.date(2000 + number % 7, 1, 1), title_en=f"No {number}")
        event.topics.add(topic)
        factories.listed(event)
    seen, address = [], path(topic)
    while address:
        answer = client.get(address)
        seen.append(titles(answer))
        older = answer.context["page"].older
        address = path(topic) + older if older else ""
    assert [len(each) for each in seen] == [20, 20, 5]
    assert len({title for each in seen for title in each}) == 45
    back = client.get(path(topic) + answer.context["page"].newer)
    assert titles(back) == seen[1]


def test_country_page_tells_who_else_took_part_and_what_it_is_to_do(client):
    event = taking_part(factories.event(), "KZ", "TJ", "KG")
    ours = factories.outcome(event, "Ours", due=dt.date(2000, 1, 1))
    ours.countries.add(factories.country("KZ"))
    factories.outcome(event, "Theirs").countries.add(factories.country("TJ"))
    unread = factories.outcome(event, "Unread", announced_in=factories.statement("embargoed"))
    unread.countries.add(factories.country("KZ"))
    factories.listed(event)
    answer = client.get("/en/countries/kz/")
    (item,) = answer.context["page"].items
    assert [each.iso2 for each in item.as_event.company] == ["TJ", "KG"]
    assert item.as_event.came == [ours]
    assert answer.context["numbers"] == {"event": 1, "outcome": 1}
    assert 'href="/en/outcomes/?country=kz"' in answer.content.decode()


def test_many_participants_are_counted_beyond_the_first(client):
    codes = ["AM", "AZ", "BY", "CN", "DE", "FR", "GE", "IN", "IR", "JP", "KG", "RU", "TJ"]
    taking_part(factories.event(), "KZ", *codes)
    answer = client.get("/en/countries/kz/")
    (item,) = answer.context["page"].items
    assert (len(item.as_event.company), item.as_event.more_company) == (10, 3)
    assert "and 3 others" in answer.content.decode()


def test_what_many_outcomes_of_an_event_say_is_in_the_ledger(client):
    event = factories.event(slug="the-event")
    for number in range(8):
        outcome = factories.outcome(event, f"No{number}", order=number)
        outcome.countries.add(factories.country("KZ"))
    factories.listed(event)
    answer = client.get("/en/countries/kz/")
    (item,) = answer.context["page"].items
    assert [each.order for each in item.as_event.came] == [0, 1, 2, 3, 4, 5]
    assert '"/en/outcomes/?country=kz&amp;event=the-event">and 2 others' in answer.content.decode()
    assert client.get("/en/outcomes/?country=kz&event=the-event").context["total"] == "8 outcomes"


def test_country_that_an_outcome_alone_names_has_a_page(client):
    event = factories.event()
    factories.outcome(event, announced_in=factories.statement()).countries.add(
        factories.country("TJ")
    )
    factories.listed(event)
    answer = client.get("/en/countries/tj/")
    assert (answer.status_code, titles(answer)) == (200, [])
    assert answer.context["numbers"] == {"outcome": 1}


def test_offices_held_stand_with_their_dates_and_the_present_one_first(client):
    person = factories.person()
    factories.event().people.add(person)
    Office.objects.create(person=person, title_en="Once", since=dt.date(1990, 1, 1),
                          since_precision="year", until=dt.date(1999, 5, 4))  # fmt: skip
    Office.objects.create(person=person, title_en="Now", since=dt.date(1995, 1, 1),
                          since_precision="year")  # fmt: skip
    Office.objects.create(person=person, title_en="Last", since=dt.date(2000, 1, 1),
                          until=dt.date(2001, 1, 1), until_precision="month")  # fmt: skip
    answer = client.get(path(person))
    offices = answer.context["offices"]
    assert [(each.title, each.is_current) for each in offices] == [
        ("Now", True), ("Last", False), ("Once", False)
    ]  # fmt: skip
    text = answer.content.decode()
    assert ("since 1995" in text, "1990 – 4 May 1999" in text) == (True, True)
    assert "1 January 2000 – January 2001" in text
    with visibility.at(dt.datetime(1994, 1, 1, tzinfo=dt.UTC)):
        assert not offices[0].covers(dt.date(1994, 1, 1))


def test_office_names_no_organisation_or_country_that_only_a_hidden_item_names(client):
    person, body = factories.person(), factories.organisation("Hidden")
    factories.event().people.add(person)
    Office.objects.create(person=person, title_en="Head", organisation=body,
                          country=factories.country("KI"))  # fmt: skip
    before = client.get(path(person)).content.decode()
    assert ("Hidden" in before, "Kiribati" in before) == (False, False)
    factories.event("embargoed").organisations.add(body)
    assert client.get(path(person)).content.decode() == before
    public = factories.event("published")
    public.organisations.add(body)
    public.countries.add(factories.country("KI"))
    after = client.get(path(person)).content.decode()
    assert (f'href="{path(body)}"' in after, 'href="/en/countries/ki/"' in after) == (True, True)


def test_members_are_by_name_and_former_ones_apart(client):
    body = factories.organisation()
    factories.event().organisations.add(body)
    for iso2, until in (("TJ", None), ("AM", None), ("UZ", dt.date(2012, 1, 1))):
        Membership.objects.create(organisation=body, country=factories.country(iso2),
                                  since=dt.date(2002, 1, 1), since_precision="year",
                                  until=until, until_precision="year")  # fmt: skip
    factories.event().countries.add(factories.country("TJ"))
    answer = client.get(path(body))
    assert [each.country.iso2 for each in answer.context["members"]] == ["AM", "TJ"]
    assert [each.country.iso2 for each in answer.context["former"]] == ["UZ"]
    linked = [(each.country.iso2, bool(each.url)) for each in answer.context["members"]]
    assert linked == [("AM", False), ("TJ", True)]
    assert "2002 – 2012" in answer.content.decode()
    with visibility.clock_set_to(lambda: dt.datetime(2012, 12, 31, 9, tzinfo=dt.UTC)):
        factories.event(release_at=dt.datetime(2001, 1, 1, tzinfo=dt.UTC)).organisations.add(body)
        assert client.get(path(body)).context["former"] == []


def test_series_shows_its_sessions_the_next_one_and_what_came_of_each(client):
    series = factories.series(organisation=factories.organisation("Hidden"))
    first = factories.event(series=series, title_en="First")
    far = dt.date(2080, 1, 1)
    factories.event(series=series, title_en="Off", date=far, until=far, state="cancelled")
    coming = factories.event(series=series, title_en="Coming", date=far, until=far)
    factories.event("embargoed", "Hidden", series=series, date=far, until=far)
    factories.outcome(first, state="fulfilled")
    factories.outcome(first)
    factories.outcome(first, announced_in=factories.statement("embargoed"))
    answer = client.get(path(series))
    assert sorted(titles(answer)) == ["Coming", "First", "Off"]
    assert (answer.context["upcoming"], answer.context["number"]) == (coming, 3)
    text = answer.content.decode()
    assert ("1 of 2 outcomes fulfilled" in text, "Hidden" in text) == (True, False)
    assert "Hidden" not in client.get("/en/series/").content.decode()


# --- Feeds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ROWS)
def test_row_has_a_feed_of_its_own_that_its_page_names(client, kind):
    made = factories.whole("published", "Open", "BY")
    factories.event(title_en="Unrelated")
    address = f"{path(made[kind])}feed.rss"
    feed = feedparser.parse(client.get(address).content)
    assert feed.bozo == 0
    assert {entry.id for entry in feed.entries} == {
        made[each].urn for each in (["event"] if kind == "series" else ["event", "statement"])
    }
    assert feed.feed.link == f"https://press.example{path(made[kind])}"
    text = client.get(path(made[kind])).content.decode()
    assert f'<a href="{address}"' in text
    assert f'<link rel="alternate" type="application/rss+xml" title="{feed.feed.title}"' in text


@pytest.mark.parametrize("kind", ROWS)
def test_feed_of_a_hidden_row_answers_as_one_that_never_was(client, kind):
    hidden = factories.whole("embargoed", "Hidden", "KI")
    never = client.get("/en/topics/never-existed/feed.rss")
    answer = client.get(f"{path(hidden[kind])}feed.rss")
    assert (answer.status_code, answer.content) == (404, never.content)
    assert dict(answer.headers) == dict(never.headers)


@pytest.mark.parametrize("address", ["countries/BY/feed.rss", "countries/by/feed.xml",
                                     "topics/x/feed.rss", "people/feed.rss"])  # fmt: skip
def test_address_that_is_no_feed_is_not_found(client, address):
    factories.whole("published", "Open", "BY")
    assert client.get(f"/en/{address}").status_code == 404
    assert client.get("/en/countries/by/feed.rss?x=1").status_code == 400
    assert client.post("/en/countries/by/feed.rss").status_code == 405


# --- Quotes ---------------------------------------------------------------------------------------


@pytest.fixture
def said():
    """Quotes of two speakers in two years, about a topic and a country."""
    topic, speaker = factories.topic(), factories.person("Speaker")
    old = factories.statement(date=dt.date(2007, 10, 6))
    new = factories.statement(date=dt.date(2009, 6, 14))
    new.topics.add(topic)
    new.countries.add(factories.country("TJ"))
    for statement, word, fields in (
        (old, "A", {"person": speaker}), (old, "B", {}), (new, "C", {"person": speaker}),
    ):  # fmt: skip
        factories.quote(statement, word, text_en=word, **fields)
    return {"topic": topic.slug, "person": speaker.slug}


@pytest.mark.parametrize(
    ("query", "left"),
    [("", "ABC"), ("person={person}", "AC"), ("year=2007", "AB"), ("topic={topic}", "C"),
     ("country=tj", "C"), ("person={person}&year=2007", "A"), ("person={person}&country=tj", "C")],
)  # fmt: skip
def test_quotes_are_browsed_by_speaker_year_topic_and_country(client, said, query, left):
    answer = client.get(f"/en/quotes/?{query.format(**said)}")
    assert sorted(each.text_en for each in answer.context["page"].items) == list(left)
    assert answer.context["total"] == ("1 quote" if len(left) == 1 else f"{len(left)} quotes")
    for chip in answer.context["chips"]:
        assert client.get(urljoin("/en/quotes/", chip["url"])).status_code == 200
    assert len(answer.context["chips"]) == query.count("=")


def test_choices_of_quotes_are_what_public_quotes_bear(client, said):
    factories.whole("embargoed", "Hidden", "KI")
    fields = client.get("/en/quotes/").context["fields"]
    offered = {field.name: [str(name) for _value, name in field.field.widget.choices][1:]
               for field in fields}  # fmt: skip
    assert offered == {
        "person": ["B person (1)", "Speaker person (2)"], "year": ["2007 (2)", "2009 (1)"],
        "topic": ["Plain topic (1)"], "country": ["Tajikistan (1)"],
    }  # fmt: skip


@pytest.mark.parametrize("query", ["person=none", "year=1066", "topic=x", "country=zz"])
def test_value_that_no_quote_bears_is_said_beside_its_field(client, said, query):
    answer = client.get(f"/en/quotes/?{query}")
    assert answer.status_code == 200
    assert list(answer.context["filter"].form.errors) == [query.split("=")[0]]
    assert answer.context["page"].items == []


# --- The price ------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [2, 12])
def test_queries_of_pages_do_not_grow(client, number, django_assert_num_queries):
    made = factories.whole("published", "Open", "BY")
    series, body, person = made["series"], made["organisation"], made["person"]
    series.organisation = body
    series.save()
    for each in range(number):
        event = factories.event(date=dt.date(2000 + each, 1, 1), series=series)
        event.organisations.add(body)
        event.people.add(person)
        event.topics.add(made["topic"])
        taking_part(event, "BY", "TJ", "KG")
        outcome = factories.outcome(event)
        outcome.countries.add(made["country"])
        factories.quote(made["statement"], f"Q{each}", person=person)
        told = factories.statement()
        told.people.add(person)
        told.topics.add(made["topic"])
        told.countries.add(made["country"])
        told.organisations.add(body)
        factories.listed(told)
        Office.objects.create(person=person, title_en=f"O{each}", organisation=body,
                              country=made["country"])  # fmt: skip
        Membership.objects.create(organisation=body, country=made["country"])
    pinned = {
        path(person): 7, path(body): 8, path(made["country"]): 5, path(made["topic"]): 3,
        path(series): 6, "/en/people/": 2, "/en/countries/": 2, "/en/series/": 3,
        "/en/quotes/": 3, f"/en/quotes/?person={person.slug}": 4,
        f"{path(person)}feed.rss": 5,
    }  # fmt: skip
    for address, queries in pinned.items():
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_names_are_in_the_page_s_language_and_marked_where_they_are_not(client):
    person = factories.person(name_ru="Человек")
    factories.event().people.add(person)
    for code, shown in (("ru", "Человек"), ("kk", '<span lang="en">Plain person</span>')):
        text = client.get(path(person).replace("/en/", f"/{code}/")).content.decode()
        assert f"<h1>{shown}</h1>" in text
