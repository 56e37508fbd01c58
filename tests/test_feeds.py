"""RSS as subscribers read it."""

import datetime as dt
import re

import feedparser
import pytest

from events import publishing, visibility
from events.models import Event, Outcome, Statement

from . import acts, factories

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 6, 5, 0, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


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


@pytest.fixture
def change(clock, staff):
    """Changes a text by the verbs, an hour from now: change(item, "update", note, title_en=…)."""
    writer, officer = staff("Writer"), staff("Press officer")

    def make(item, kind, note="", edit=None, **fields):
        clock(visibility.clock() + HOUR)
        return acts.changed(item, writer, officer, kind, {"en": note}, edit, **fields)

    make.release = lambda item: acts.released(item, writer, officer)
    make.approve = lambda item, when: acts.approved(item, writer, officer, when)
    make.writer = writer
    return make


def fixed(feed):
    return [(entry.id, entry.published, entry.link) for entry in feed.entries]


def test_corrections_and_updates_move_the_feed_and_are_told_at_the_head_of_the_item(
    client, statement, change
):
    item = change.release(statement)
    before = parsed(client)
    assert before.feed.updated_parsed[:5] == (2026, 10, 6, 5, 0)
    change(item, "correction", "It was <two>.", body_en="<p>The words.</p>")
    change(item, "typographical", body_en="<p>The word.</p>")
    change(item, "update", "Both", summary_en="A summary")
    after = parsed(client)
    assert after.feed.updated_parsed[:5] == (2026, 10, 6, 8, 0)
    assert fixed(after) == fixed(before)
    text = client.get("/en/feeds/latest.rss").content.decode()
    assert re.search("<description>(Updated.*?)</description>", text, re.DOTALL)[1] == (
        "Updated on 6 October 2026, 13:00 (UTC+5): Both\n"
        "Corrected on 6 October 2026, 11:00 (UTC+5): It was &lt;two&gt;.\n"
        "A summary"
    )
    assert after.entries[0].content[0].value.replace("\n", "") == (
        '<p><em>Updated on <time datetime="2026-10-06T08:00:00Z">6 October 2026, 13:00 (UTC+5)'
        "</time>: Both</em></p>"
        '<p><em>Corrected on <time datetime="2026-10-06T06:00:00Z">6 October 2026, 11:00 (UTC+5)'
        "</time>: It was &lt;two&gt;.</em></p>"
        "<p>The word.</p>"
    )


def test_letters_and_languages_move_the_feed_without_a_word_on_it(client, statement, change):
    item = change.release(statement)
    before = parsed(client)
    for hour, (kind, fields) in enumerate([
        ("typographical", {"body_en": "<p>The texts.</p>"}),
        ("translation", {"ready_ru": True, "standing_ru": "courtesy", "title_ru": "Т"}),
    ], 6):  # fmt: skip
        change(item, kind, **fields)
        after = parsed(client)
        assert (after.feed.updated_parsed[3], fixed(after)) == (hour, fixed(before))
        assert after.entries[0].content[0].value == "<p>The texts.</p>"


def test_progress_of_an_outcome_moves_none_of_these_feeds(client, event, change):
    with publishing.saving(event, change.writer) as record:
        Outcome.objects.create(event=record, outcome_kind="decision", text_en="A promise")
        record.body_en = "<p>The text.</p>"
        record.save()
    item = change.release(event)
    names = ("latest", "events", "statements")
    before = [client.get(f"/en/feeds/{name}.rss") for name in names]

    def progress(content):
        content["parts"]["outcomes"][0]["fields"]["state"] = "fulfilled"

    change(item, "progress", "Done.", progress)
    assert Event.objects.get().outcomes.get().state == "fulfilled"
    after = [client.get(f"/en/feeds/{name}.rss") for name in names]
    assert [each.content for each in after] == [each.content for each in before]
    assert [dict(each.headers) for each in after] == [dict(each.headers) for each in before]


def test_change_under_embargo_alters_no_byte_or_header_of_a_feed(client, statement, change):
    factories.event()
    item = change.approve(statement, NOW + 9 * HOUR)
    before = client.get("/en/feeds/latest.rss")
    change(item, "correction", "A secret note", title_en="A secret title")
    after = client.get("/en/feeds/latest.rss")
    assert (after.content, dict(after.headers)) == (before.content, dict(before.headers))
    assert Statement.objects.get().corrected_at is None


@pytest.mark.parametrize("number", [1, 4])
def test_feed_asks_once_for_all_changes(
    client, statement, event, change, number, django_assert_num_queries
):
    items = [change.release(item) for item in (statement, event)]
    for each in range(number):
        for item in items:
            change(item, "update", "More.", title_en=f"Title {each}")
    with django_assert_num_queries(5):
        client.get("/en/feeds/latest.rss")
