"""RSS as subscribers read it."""

import datetime as dt

import feedparser
import pytest

from . import factories

pytestmark = pytest.mark.django_db


def parsed(client, name="latest", language="en"):
    feed = feedparser.parse(client.get(f"/{language}/feeds/{name}.rss").content)
    assert feed.bozo == 0
    return feed


def test_feed_has_the_full_text_and_identifiers_that_are_not_addresses(client):
    item = factories.statement(body_en="<p>One & two</p><p>]]> “three” 🙂 &lt;b&gt;</p>")
    item.refresh_from_db()
    (entry,) = parsed(client).entries
    assert (entry.id, entry.guidislink) == (f"urn:uuid:{item.uid}", False)
    assert entry.link == f"https://press.example/en/statements/{item.slug}/"
    assert entry.content[0].value == "<p>One &amp; two</p><p>]]&gt; “three” 🙂 &lt;b&gt;</p>"
    assert entry.published_parsed[:6] == (2020, 1, 1, 9, 0, 0)


def test_archive_material_has_its_own_date(client):
    factories.statement(
        released_before=True, first_released_on=dt.date(2007, 10, 6),
        published_at=dt.datetime(2007, 10, 6, tzinfo=dt.UTC),
    )  # fmt: skip
    assert parsed(client).entries[0].published_parsed[:3] == (2007, 10, 6)


def test_feeds_hold_what_they_say(client):
    factories.event(title_en="E")
    factories.statement(title_en="S")
    held = {
        name: sorted(entry.title for entry in parsed(client, name).entries)
        for name in ("latest", "events", "statements")
    }
    assert held == {"latest": ["E", "S"], "events": ["E"], "statements": ["S"]}


def test_feed_is_the_same_bytes_while_nothing_is_released(client):
    factories.statement()
    before = client.get("/en/feeds/latest.rss")
    factories.statement("embargoed")
    after = client.get("/en/feeds/latest.rss", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 304


def test_feed_speaks_its_language(client):
    factories.statement()
    feed = parsed(client, language="kk")
    assert (feed.feed.language, feed.entries[0].title) == ("kk", "Plain title kk")


def test_feed_without_entries_is_valid(client):
    assert parsed(client).entries == []


def test_pages_name_their_feeds(client):
    text = client.get("/en/").content.decode()
    assert text.count('type="application/rss+xml"') == 3
