"""Whoever follows a feed back gets everything that was ever released in it (RFC 5005)."""

import datetime as dt
import json

import pytest
from lxml import etree

from events.models import Statement
from events.public import feeds, feeds_archive

from . import factories
from .feed_rules import ATOM, FH
from .feeds import FORMS, ids, link, valid, walked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    """Feeds of three entries, and archives of four."""
    for module in (feeds, feeds_archive):
        monkeypatch.setattr(module, "NEWEST", 3)
    monkeypatch.setattr(feeds_archive, "LONGEST", 4)


def out(*moments, make=factories.statement, **fields):
    """Items released at moments such as "2024-03-05 10", the GUIDs of them in that order."""
    found = []
    for each in moments:
        at = dt.datetime.strptime(each, "%Y-%m-%d %H").replace(tzinfo=dt.UTC)
        found.append(make(release_at=at, published_at=at, **fields).urn)
    return found


MONTHS = ("2023-01-05 10", "2024-03-05 10", "2024-03-05 11", "2024-05-01 00", "2024-05-09 10",
          "2024-06-02 10", "2024-06-03 10", "2024-06-04 10", "2024-06-05 10")  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_walk_from_the_feed_back_gives_everything_once(client, form):
    urns = out(*MONTHS)
    documents = walked(client, f"/en/feeds/statements.{form}")
    assert documents == [
        ("", urns[:-4:-1]), ("2024-06-02", urns[-4:-3]), ("2024-05", urns[4:2:-1]),
        ("2024-03", urns[2:0:-1]), ("2023-01", urns[:1]),
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["feeds/latest", "statements/feed", "search/feed"])
def test_every_feed_has_an_archive(client, path):
    urns = out(*MONTHS)
    query = "?q=title" if path.startswith("search") else ""
    found = [urn for _name, urns in walked(client, f"/en/{path}.atom{query}") for urn in urns]
    assert found == urns[::-1]


@pytest.mark.parametrize("name", ["quotes", "outcomes"])
def test_parts_have_an_archive(client, name):
    make = {"quotes": factories.statement, "outcomes": factories.event}[name]
    out(*MONTHS, make=make)
    parts = {"quotes": factories.quote, "outcomes": factories.outcome}[name]
    rows = {"quotes": Statement, "outcomes": factories.Event}[name].objects.order_by("published_at")
    urns = [f"urn:uuid:{parts(row).pk}" for row in rows]
    found = [urn for _name, urns in walked(client, f"/en/feeds/{name}.rss") for urn in urns]
    assert found == urns[::-1]


def test_archives_lead_both_ways_and_to_the_present(client):
    out(*MONTHS)
    address = "/en/feeds/latest.atom?archive="
    links = {
        name: [link(client, address + name, rel) for rel in ("prev-archive", "next-archive")]
        for name in ("2023-01", "2024-03", "2024-05", "2024-06-02")
    }
    assert links == {
        "2023-01": ["", address + "2024-03"], "2024-03": [address + "2023-01", address + "2024-05"],
        "2024-05": [address + "2024-03", ""], "2024-06-02": [address + "2024-05", ""],
    }  # fmt: skip
    assert link(client, address + "2024-03", "current") == "/en/feeds/latest.atom"
    root = etree.fromstring(valid(client, address + "2024-03"))
    assert root.find(FH) is not None
    assert root.findtext(f"{ATOM}id") == "https://press.example/en/feeds/latest.atom"
    assert etree.fromstring(valid(client, "/en/feeds/latest.atom")).find(FH) is None


def test_closed_archive_stays_as_it_is(client):
    out(*MONTHS)
    addresses = [f"/en/feeds/latest.{form}?archive={name}" for form in FORMS
                 for name in ("2024-03", "2024-06-02")]  # fmt: skip
    before = {address: client.get(address).content for address in addresses}
    out("2024-06-06 10", "2024-06-07 10")
    factories.statement("embargoed", published_at=dt.datetime(2024, 3, 9, tzinfo=dt.UTC))
    assert {address: client.get(address).content for address in addresses} == before


def test_day_with_more_than_a_feed_holds_is_held_whole(client):
    urns = out("2024-05-09 10", *(f"2024-06-05 {hour:02}" for hour in range(6)))
    assert walked(client, "/en/feeds/latest.rss") == [("", urns[:0:-1]), ("2024-05", urns[:1])]


def test_long_month_comes_in_parts(client):
    urns = out(*(f"2024-05-{day:02} 10" for day in range(1, 11)), "2024-06-05 10", "2024-06-06 10",
               "2024-06-07 10")  # fmt: skip
    assert [found for _name, found in walked(client, "/en/feeds/latest.json")] == [
        urns[:-4:-1], urns[9:5:-1], urns[5:1:-1], urns[1::-1],
    ]  # fmt: skip


def test_archive_material_is_in_the_archive_of_its_own_date(client):
    (new,) = out("2024-06-05 10")
    day = dt.date(2007, 10, 6)
    midnight = dt.datetime(2007, 10, 6, tzinfo=dt.UTC)
    old = factories.statement(
        released_before=True, first_released_on=day, published_at=midnight
    )  # fmt: skip
    assert ids(client, "/en/feeds/latest.atom?archive=2007-10") == [old.urn]
    assert ids(client, "/en/feeds/latest.atom") == [new, old.urn]


@pytest.mark.parametrize(
    ("query", "status"),
    [("archive=2024-04", 404), ("archive=2024-06", 404), ("archive=2024-06-05", 404),
     ("archive=2031-01", 404), ("archive=2024-03&after=x", 404), ("archive=2024-13", 400),
     ("archive=2024-02-30", 400), ("archive=1", 400), ("archive=", 400), ("archive=0000-01", 400),
     ("archive=9999-12", 400), ("after=x", 400), ("page=2", 400)],
)  # fmt: skip
def test_archive_that_is_none(client, query, status):
    """Nothing in it, not over yet, or no name of one."""
    out(*MONTHS)
    for form in FORMS:
        answer = client.get(f"/en/feeds/latest.{form}?{query}")
        assert answer.status_code == status
        if status == 400:
            name, _equals, value = query.partition("=")
            named = f"{name}={value}" if name == "archive" else name
            assert f"Unknown parameter: {named}" in answer.content.decode()


def test_archive_of_what_is_embargoed_is_none(client):
    out(*MONTHS)
    never = client.get("/en/feeds/latest.rss?archive=2024-04")
    at = dt.datetime(2024, 4, 1, tzinfo=dt.UTC)
    factories.statement("embargoed", published_at=at)
    hidden = client.get("/en/feeds/latest.rss?archive=2024-04")
    assert (hidden.status_code, hidden.content) == (404, never.content)
    assert json.loads(valid(client, "/en/feeds/latest.json"))["next_url"].endswith("=2024-06-02")
