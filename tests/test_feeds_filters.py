"""Feeds of whatever is chosen: on the lists, in search, and on the page that builds them."""

import pytest
from bs4 import BeautifulSoup

from . import factories
from .feeds import FORMS, ids

pytestmark = pytest.mark.django_db
LISTS = ("events", "statements", "quotes", "outcomes")


def titled(route):
    return f"Press Office: {route.capitalize()}"


@pytest.fixture
def two():
    """Two of everything, each with names of its own."""
    return factories.whole("published", "One", "KZ"), factories.whole("published", "Two", "TJ")


@pytest.mark.parametrize("form", FORMS)
def test_feed_holds_what_the_filters_leave(client, two, form):
    one, other = two
    held = {
        f"events/feed.{form}?country=TJ": other["event"],
        f"events/feed.{form}?series={one['series'].slug}&kind=session&when=past": one["event"],
        f"events/feed.{form}?text=two+title": other["event"],
        f"statements/feed.{form}?topic={one['topic'].slug}&since=2020-01-01": one["statement"],
        f"quotes/feed.{form}?person={other['person'].slug}&year=2020": other["quote"],
        f"outcomes/feed.{form}?event={one['event'].slug}": one["outcome"],
    }
    for address, row in held.items():
        assert ids(client, f"/en/{address}") == [f"urn:uuid:{row.pk}"], address
    assert ids(client, f"/en/events/feed.{form}?country=tj&series={one['series'].slug}") == []
    assert ids(client, f"/en/events/feed.{form}?when=upcoming") == []


@pytest.mark.parametrize("form", FORMS)
def test_search_feed_holds_what_search_finds(client, two, form):
    one, other = two
    found = ids(client, f"/en/search/feed.{form}?q=two")
    assert set(found) == {other["event"].urn, other["statement"].urn}
    assert ids(client, f"/en/search/feed.{form}?q=one+words&kind=quote") == [one["statement"].urn]
    assert ids(client, f"/en/search/feed.{form}?q=nowhere") == []


@pytest.mark.parametrize(
    ("query", "named"),
    [("foo=1", "foo"), ("country=zz", "country=zz"), ("topic=never-was", "topic=never-was"),
     ("when=soon", "when=soon"), ("since=yesterday", "since=yesterday"), ("sort=oldest", "sort"),
     ("text=-", "text=-"), ("kind=session&colour=red&shape=1", "colour, shape")],
)  # fmt: skip
def test_unknown_filter_is_a_400_that_names_it(client, two, query, named):
    for form in FORMS:
        answer = client.get(f"/en/events/feed.{form}?{query}")
        assert answer.status_code == 400
        text = BeautifulSoup(answer.content, "html.parser").get_text()
        assert f"Unknown parameter: {named}" in text


@pytest.mark.parametrize("query", ["", "q=", "q=-word", "q=word&kind=person", "q=word&year=1"])
def test_search_feed_of_nothing_is_a_400(client, query):
    assert client.get(f"/en/search/feed.rss?{query}").status_code == 400


def test_value_that_only_a_hidden_item_bears_is_unknown(client, two):
    hidden = factories.whole("embargoed", "Secret", "KI")
    for value in ("country=KI", f"topic={hidden['topic'].slug}"):
        answer = client.get(f"/en/events/feed.atom?{value}")
        never = client.get("/en/events/feed.atom?topic=never-was")
        assert answer.status_code == never.status_code == 400
        assert set(answer.headers) == set(never.headers)


@pytest.mark.parametrize("route", [*LISTS, "search"])
def test_format_that_there_is_not_is_a_404(client, route):
    for address in (f"{route}/feed.xml", f"{route}/feed.RSS"):
        assert client.get(f"/en/{address}").status_code == 404


def shown(client, address):
    return BeautifulSoup(client.get(address).content, "html.parser")


@pytest.mark.parametrize("route", LISTS)
def test_list_leads_to_its_feed_with_what_is_chosen(client, two, route):
    one, _other = two
    topic = one["topic"].slug
    query = {"outcomes": "?state=agreed"}.get(route, f"?topic={topic}")
    page = shown(client, f"/en/{route}/{query}&sort=oldest")
    links = [each["href"] for each in page.select(".subscribe a")]
    assert links == [f"/en/{route}/feed.{form}{query}" for form in FORMS]
    head = [each["href"] for each in page.select("link[rel=alternate][type]")]
    assert head[:3] == links
    plain = shown(client, f"/en/{route}/")
    assert [each["href"] for each in plain.select(".subscribe a")] == [
        f"/en/feeds/{route}.{form}" for form in FORMS
    ]  # fmt: skip
    head = [each["href"] for each in plain.select("link[rel=alternate][type]")]
    assert len(head) == len(set(head))


def test_search_leads_to_its_feed(client, two):
    page = shown(client, "/ru/search/?q=two&kind=event")
    links = [each["href"] for each in page.select(".subscribe a")]
    assert links == [f"/ru/search/feed.{form}?q=two&kind=event" for form in FORMS]
    for link in links:
        assert ids(client, link) == [two[1]["event"].urn]


def test_list_that_understands_nothing_offers_no_feed(client, two):
    assert shown(client, "/en/events/?topic=never-was").select(".subscribe") == []


def test_page_names_every_feed_in_every_format(client):
    links = {each["href"] for each in shown(client, "/en/feeds/").select("table.feeds a")}
    names = ("latest", *LISTS)
    assert links == {f"/en/feeds/{name}.{form}" for name in names for form in FORMS}


@pytest.mark.parametrize("of", LISTS)
def test_page_builds_a_feed_by_its_form(client, two, of):
    """Whatever the form offers leads, in one step and without a script, to a feed that answers."""
    page = shown(client, f"/en/feeds/?of={of}")
    form = page.select_one("form.filters")
    assert form["method"] == "get"
    query = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}
    for select in form("select"):
        values = [each["value"] for each in select("option") if each["value"]]
        query[select["name"]] = values[-1] if values else ""
    query.pop("overdue", None)
    answer = client.get("/en/feeds/", query)
    address = BeautifulSoup(answer.content, "html.parser").select_one("#feed-address").get_text()
    assert address.startswith(f"https://press.example/en/{of}/feed.json?")
    assert ids(client, address.removeprefix("https://press.example")) is not None
    chosen = {name for name, value in query.items() if value} - {"of", "format"}
    assert {each.partition("=")[0] for each in address.partition("?")[2].split("&")} == chosen


@pytest.mark.parametrize(
    ("query", "named"),
    [("of=people", "of=people"), ("format=xml", "format=xml"), ("of=quotes&series=x", "series"),
     ("colour=red", "colour")],
)  # fmt: skip
def test_page_refuses_what_it_does_not_know(client, query, named):
    answer = client.get(f"/en/feeds/?{query}")
    assert answer.status_code == 400
    assert f"Unknown parameter: {named}" in answer.content.decode()


def test_page_says_what_is_wrong_beside_the_field(client, two):
    page = shown(client, "/en/feeds/?of=events&topic=never-was&format=rss")
    assert page.select_one(".field-topic .errorlist") is not None
    assert page.select("#feed-address") == []
