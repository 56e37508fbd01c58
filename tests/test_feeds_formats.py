"""Feeds by the rules of their formats, whatever is in them."""

import json
from urllib.parse import urlsplit

import feedparser
import pytest
from django.core.cache import caches
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext
from lxml import etree

from events import editions
from events.announcing import topics
from events.languages import CODES
from events.models import Speaker

from . import archive, factories
from .feed_rules import ATOM, MEDIA, RULES
from .feeds import FORMS, NAMES, entries, ids, valid

pytestmark = pytest.mark.django_db
SITE = "https://press.example"


def addresses(rows, form):
    """Every feed that there is about some rows, without the language."""
    slug = rows["topic"].slug
    return [
        *(f"feeds/{name}.{form}" for name in NAMES),
        f"people/{rows['person'].slug}/feed.{form}",
        f"organisations/{rows['organisation'].slug}/feed.{form}",
        f"countries/{rows['country'].iso2.lower()}/feed.{form}", f"topics/{slug}/feed.{form}",
        f"series/{rows['series'].slug}/feed.{form}",
        f"events/feed.{form}?topic={slug}", f"events/feed.{form}?when=past&kind=session",
        f"statements/feed.{form}?topic={slug}&text=title", f"quotes/feed.{form}?topic={slug}",
        f"outcomes/feed.{form}?state=agreed", f"search/feed.{form}?q=title",
    ]  # fmt: skip


@pytest.fixture
def whole():
    """One of everything, published."""
    rows = factories.whole("published", "Plain", "KZ")
    for each in ("event", "statement"):
        factories.listed(rows[each])
    return rows


@pytest.mark.parametrize("form", FORMS)
def test_every_feed_is_valid_in_every_language(client, whole, form):
    for code in CODES:
        for address in addresses(whole, form):
            found = entries(client, f"/{code}/{address}")
            assert found, address
            assert all(each["url"].startswith(f"{SITE}/{code}/") for each in found), address


@pytest.mark.parametrize("form", FORMS)
def test_feed_without_entries_is_valid(client, form):
    for name in NAMES:
        assert ids(client, f"/kk/feeds/{name}.{form}") == []


@pytest.mark.parametrize("form", FORMS)
def test_same_entries_in_every_format(client, whole, form):
    for name in NAMES:
        other = entries(client, f"/en/feeds/{name}.rss")
        assert entries(client, f"/en/feeds/{name}.{form}") == other
        kinds = {"latest": ("event", "statement")}.get(name, (name.removesuffix("s"),))
        assert {each["id"] for each in other} == {f"urn:uuid:{whole[kind].pk}" for kind in kinds}


HOSTILE = "A ]]> & <b>x</b> \x00\x07\x0b\x85\ufffe \U0001f600 \u202eabc\u202c \"'"
KEPT = "A ]]> & <b>x</b>  \U0001f600 \u202eabc\u202c \"'"


@pytest.mark.parametrize("form", FORMS)
def test_hostile_texts_leave_every_feed_valid(client, form):
    words = factories.topic()
    words.name_en = HOSTILE
    words.save()
    body = (
        "<p>" + HOSTILE.replace("<b>x</b>", "") + "</p>" + "<p>" + "word &amp; " * 20_000 + "</p>"
    )
    item = factories.statement(title_en=HOSTILE, summary_en=HOSTILE, body_en=body)
    item.topics.add(words)
    Speaker.objects.create(statement=item, person=factories.person(), name_en=HOSTILE,
                           office_en=HOSTILE)  # fmt: skip
    factories.photo("Plain", item, credit=HOSTILE)
    factories.quote(item, text_en=HOSTILE, context_en=HOSTILE)
    happened = factories.event(title_en=HOSTILE, venue_en=HOSTILE, state="cancelled")
    factories.outcome(happened, text_en=HOSTILE)
    factories.listed(item)
    for name in NAMES:
        content = valid(client, f"/en/feeds/{name}.{form}")
        assert b"word &amp;amp; word" in content or b"word &amp; word" in content or (
            name in ("events", "quotes", "outcomes")
        )  # fmt: skip
    for name in ("events", "statements"):
        assert {each["title"] for each in entries(client, f"/en/feeds/{name}.{form}")} == {KEPT}
    valid(client, f"/en/search/feed.{form}?q=word+%00%0b%5d%5d%3e%26")


def test_rss_says_who_said_what_with_which_photo(client):
    item = factories.statement(body_en="<p>Words</p>")
    topic = factories.topic()
    item.topics.add(topic)
    for order, name in enumerate(("First", "Second")):
        Speaker.objects.create(statement=item, person=factories.person(name), order=order,
                               name_en=name, office_en=f"Office of {name}")  # fmt: skip
    factories.photo("Lead", item, width=640, height=480)
    (entry,) = feedparser.parse(client.get("/en/feeds/latest.rss").content).entries
    assert [each.name for each in entry.authors] == [
        "First, Office of First", "Second, Office of Second",
    ]  # fmt: skip
    assert [each.term for each in entry.tags] == ["Speech", "Plain topic"]
    assert entry.language == "en"
    photo = entry.media_content[0]
    assert photo["url"].startswith(f"{SITE}/photos/")
    assert (photo["type"], photo["width"], photo["height"]) == ("image/jpeg", "640", "480")
    assert entry.media_credit[0]["content"] == "Lead credit"
    assert client.get(photo["url"].removeprefix(SITE)).status_code == 200


def test_atom_and_json_say_the_same(client):
    item = factories.statement(body_en="<p>Words</p>")
    person = factories.person("First")
    Speaker.objects.create(statement=item, person=person, name_en="First", office_en="Chair")
    factories.photo("Lead", item)
    document = factories.attachment(item, "Annex", language="ru")
    root = etree.fromstring(valid(client, "/en/feeds/statements.atom"))
    entry = root.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "First, Chair"
    assert entry.findtext(f"{ATOM}author/{ATOM}uri") == f"{SITE}/en/people/{person.slug}/"
    assert entry.findtext(f"{MEDIA}content/{MEDIA}credit") == "Lead credit"
    assert entry.find(f"{ATOM}category").attrib == {
        "term": "speech", "label": "Speech", "scheme": f"{SITE}/en/statements/",
    }  # fmt: skip
    (found,) = json.loads(valid(client, "/en/feeds/statements.json"))["items"]
    assert found["authors"] == [{"name": "First, Chair", "url": f"{SITE}/en/people/{person.slug}/"}]
    assert found["image"] == entry.find(f"{MEDIA}content").get("url")
    assert found["_image"]["credit"] == "Lead credit"
    assert [each["mime_type"] for each in found["attachments"]] == ["image/jpeg", "application/pdf"]
    file = entry.find(f"{ATOM}link[@rel='enclosure']")
    assert file.get("href") == found["attachments"][1]["url"]
    assert str(document.pk) in file.get("href")
    assert (file.get("type"), file.get("length"), file.get("hreflang")) == (
        "application/pdf", "20", "ru",
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_entry_is_marked_with_the_language_it_has(client, form):
    only = {"ready_en": False, "ready_kk": False}
    item = factories.statement(**only)
    for code in CODES:
        (found,) = entries(client, f"/{code}/feeds/latest.{form}")
        assert (found["title"], found["language"]) == ("Plain title ru", "ru")
        assert found["id"] == item.urn


def test_event_says_when_and_where_and_that_it_is_off(client):
    event = factories.event(
        state="cancelled", venue_en="The House", country=factories.country("TJ")
    )
    (found,) = json.loads(valid(client, "/en/feeds/events.json"))["items"]
    assert found["content_html"].startswith(
        '<p><strong>Cancelled</strong> · <time datetime="2020-01-01">1 January 2020</time>'
        f" · The House · {event.city_en} · Tajikistan</p>"
    )


def test_quote_and_outcome_are_entries_of_their_own(client, whole):
    (quote,) = json.loads(valid(client, "/en/feeds/quotes.json"))["items"]
    assert quote["title"] == "Plain name: “Plain words”"
    assert quote["url"] == f"{SITE}/en/quotes/{whole['quote'].pk}/"
    assert quote["authors"][0]["name"] == "Plain name"
    assert "<p>“Plain words”</p></blockquote>" in quote["content_html"]
    (outcome,) = json.loads(valid(client, "/en/feeds/outcomes.json"))["items"]
    assert (outcome["title"], outcome["tags"]) == ("Plain outcome", ["Decision"])
    assert outcome["url"] == f"{SITE}/en/outcomes/{whole['outcome'].pk}/"


@pytest.mark.parametrize("form", FORMS)
def test_hubs_are_named_in_the_feed_and_in_the_header(client, settings, form):
    settings.WEBSUB_HUBS = ["https://hub.example/", "https://second.example/"]
    answer = client.get(f"/en/feeds/latest.{form}")
    assert answer["Link"] == (
        '<https://hub.example/>; rel="hub", <https://second.example/>; rel="hub", '
        f'<{SITE}/en/feeds/latest.{form}>; rel="self"'
    )
    assert RULES[form](answer.content) == []
    text = answer.content.decode()
    assert (text.count("https://hub.example/"), text.count("https://second.example/")) == (1, 1)


@pytest.mark.parametrize("form", FORMS)
def test_no_hub_is_named_where_none_is_told(client, whole, settings, form):
    """What is told to hubs are the feeds that announcing.topics names, and no archives."""
    settings.WEBSUB_HUBS = ["https://hub.example/"]
    factories.statement(published_at=factories.FAR_AHEAD.replace(year=2020, month=3))
    told = {urlsplit(each).path for each in topics.feeds_of([editions.snapshot(whole["event"]),
            editions.snapshot(whole["statement"])])}  # fmt: skip
    paths = [*addresses(whole, form), f"feeds/latest.{form}?archive=2020-01"]
    named = {f"/en/{path}" for path in paths
             if "hub.example" in str(client.get(f"/en/{path}").headers)}  # fmt: skip
    assert named == {f"/en/{path}" for path in paths if f"/en/{path}" in told}


def test_feed_names_its_page_and_its_other_formats(client, whole):
    address = f"/en/events/feed.atom?topic={whole['topic'].slug}"
    root = etree.fromstring(valid(client, address))
    links = {(each.get("rel"), each.get("type")): each.get("href")
             for each in root.findall(f"{ATOM}link")}  # fmt: skip
    query = f"?topic={whole['topic'].slug}"
    assert links == {
        ("self", None): f"{SITE}/en/events/feed.atom{query}",
        ("alternate", None): f"{SITE}/en/events/{query}",
        ("alternate", "application/rss+xml"): f"{SITE}/en/events/feed.rss{query}",
        ("alternate", "application/feed+json"): f"{SITE}/en/events/feed.json{query}",
    }
    assert root.findtext(f"{ATOM}title") == "Press Office: Events (Plain topic)"


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_browser_is_told_of_a_style_of_ours(client, form):
    answer = client.get(f"/en/feeds/latest.{form}")
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    style = b'<?xml-stylesheet href="/static/css/feed.css" media="all" type="text/css"?>'
    assert style in answer.content
    assert "style-src 'self'" in answer["Content-Security-Policy"]


def counted(client, rows):
    found = {}
    for address in (f"/en/{each}" for each in addresses(rows, "atom")):
        caches["pages"].clear()
        reset_queries()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        tag = client.get(address)["ETag"]
        with CaptureQueriesContext(connection) as again:
            assert client.get(address, headers={"if-none-match": tag}).status_code == 304
        found[address] = len(queries), "when=" in address or len(again)
    return found


def test_queries_are_few_and_do_not_grow(client, whole):
    archive.fill(whole, 3)
    few = counted(client, whole)
    archive.fill(whole, 40)
    assert counted(client, whole) == few
    assert {address: each for address, each in few.items() if each[0] > 6 or each[1] != 1} == {}
    assert len(few) == 16
