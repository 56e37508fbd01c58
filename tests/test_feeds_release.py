"""Never early, never late: an embargoed item moves no byte of a feed, and is in it at its
second."""

import datetime as dt
import json
import time

import pytest
from django.utils import translation

from events import publishing, visibility
from events.languages import CODES, Standing
from events.models import Event, Outcome, Quote, Statement

from . import acts, factories
from .feeds import FORMS, NAMES, entries, ids

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 6, 5, 0, tzinfo=dt.UTC)
HOUR, SECOND = dt.timedelta(hours=1), dt.timedelta(seconds=1)
RELEASE = NOW + 9 * HOUR


@pytest.fixture
def topic():
    """A topic of something public."""
    twin = factories.whole("published", "Twin", "BY")
    return twin["topic"]


def feeds(topic):
    """Addresses of every kind of feed: all of them in one language, one in the others."""
    paths = [*(f"feeds/{name}" for name in NAMES), "topics/{slug}/feed", "events/feed",
             "countries/by/feed"]  # fmt: skip
    queries = [f"statements/feed.json?topic={topic.slug}", "search/feed.atom?q=title",
               "feeds/latest.rss?archive=2020-01", "outcomes/feed.atom?state=agreed"]  # fmt: skip
    return [
        *(f"/en/{path.format(slug=topic.slug)}.{form}" for path in paths for form in FORMS),
        *(f"/en/{query}" for query in queries), "/ru/feeds/latest.atom", "/kk/feeds/latest.json",
    ]  # fmt: skip


def answers(client, addresses):
    """What is answered, to whoever asks anew and to whoever has the bytes already."""
    found = {}
    for address in addresses:
        answer = client.get(address)
        again = client.get(address, headers={"if-none-match": answer.get("ETag", "")})
        found[address] = answer.content, dict(answer.headers), again.status_code
    return found


def test_embargoed_item_moves_no_byte_or_header_of_any_feed(client, topic, writer, officer, clock):
    addresses = feeds(topic)
    before = answers(client, addresses)
    assert {each[2] for each in before.values()} <= {304, 404}
    item = factories.statement("draft", "Secret")
    item.media_contacts.add(factories.contact("Desk"))
    with publishing.saving(item, writer) as record:
        Quote.objects.create(statement=record, person=factories.person("Secret"), text_en="Secret")
        factories.photo("Secret", record)
        record.topics.add(topic)
    happened = factories.event("draft", "Secret", **{f"venue_{code}": "V" for code in CODES})
    happened.media_contacts.add(factories.contact("Desk"))
    with publishing.saving(happened, writer) as record:
        Outcome.objects.create(event=record, outcome_kind="decision", text_en="Secret")
    item = acts.approved(item, writer, officer, RELEASE)
    acts.approved(happened, writer, officer, RELEASE)
    acts.changed(item, writer, officer, "correction", dict.fromkeys(CODES, "Secret"),
                 title_en="Secret title")  # fmt: skip
    assert answers(client, addresses) == before
    clock(RELEASE - SECOND)
    assert [each[:2] for each in answers(client, addresses).values()] == [
        each[:2] for each in before.values()
    ]  # fmt: skip


def test_item_is_in_page_list_and_feeds_at_its_second(client, topic, writer, officer, clock):
    item = factories.statement("draft", "Secret")
    item.media_contacts.add(factories.contact("Desk"))
    item.topics.add(topic)
    acts.approved(item, writer, officer, RELEASE)
    page = f"/en/statements/{item.slug}/"
    addresses = [f"/en/{path}.{form}" for form in FORMS for path in (
        "feeds/latest", "feeds/statements", f"topics/{topic.slug}/feed", "statements/feed",
    )]  # fmt: skip

    def seen():
        """Where it stands, by page, list and feed."""
        found = [item.urn in ids(client, address) for address in addresses]
        listed = item.slug in client.get("/en/statements/").content.decode()
        return client.get(page).status_code, listed, set(found)

    clock(RELEASE - SECOND)
    assert seen() == (404, False, {False})
    clock(RELEASE)
    assert seen() == (200, True, {True})


def test_item_is_there_within_a_second_by_the_real_clock(client):
    factories.statement()
    at = visibility.clock() + 2 * SECOND
    item = factories.statement("embargoed", "Secret", release_at=at, published_at=at)
    addresses = ["/en/feeds/latest.rss", "/en/feeds/latest.atom", "/en/feeds/latest.json",
                 "/en/statements/", f"/en/statements/{item.slug}/"]  # fmt: skip
    seen = [b"Secret" in client.get(address).content for address in addresses]
    assert visibility.clock() < at
    assert seen == [False] * 5
    time.sleep(max(0.0, (at - dt.datetime.now(dt.UTC)).total_seconds()))
    assert [b"Secret" in client.get(address).content for address in addresses] == [True] * 5


# --- Languages ------------------------------------------------------------------------------------


@pytest.fixture
def translated(clock, writer, officer):
    """A statement in English, another after it, and then the first in Russian."""

    def make(item=None):
        first = item or factories.statement("draft", "First", ready_ru=False, ready_kk=False)
        first.media_contacts.add(factories.contact("Desk"))
        first = acts.released(first, writer, officer)
        clock(visibility.clock() + 24 * HOUR)
        second = factories.statement(release_at=visibility.clock(), published_at=visibility.clock())
        clock(visibility.clock() + HOUR)
        fields = {"ready_ru": True, "standing_ru": "courtesy", "title_ru": "Первое"}
        acts.changed(first, writer, officer, "translation", {}, **fields)
        return first, second

    return make


@pytest.mark.parametrize("form", FORMS)
def test_entry_in_a_translation_says_so_and_one_in_the_authentic_text_does_not(
    client, translated, form
):
    first, _second = translated()
    for code, said in (("ru", True), ("en", False)):
        text = client.get(f"/{code}/feeds/latest.{form}").content.decode()
        with translation.override(code):
            label = str(Standing.COURTESY.label)
        assert (label.capitalize() in text) == said, code
    items = json.loads(client.get("/ru/feeds/latest.json").content)["items"]
    standings = {item["id"]: item["_version"]["standing"] for item in items}
    assert standings == {first.urn: "courtesy", _second.urn: "authentic"}


@pytest.mark.parametrize("form", FORMS)
def test_later_language_is_new_to_its_readers_and_to_no_others(client, translated, form):
    first, second = translated()
    found = {code: entries(client, f"/{code}/feeds/latest.{form}") for code in CODES}
    assert [each["id"] for each in found["ru"]] == [first.urn, second.urn]
    assert found["ru"][0]["published"] == "2026-10-07T06:00:00+00:00"
    assert (found["ru"][0]["title"], found["ru"][0]["language"]) == ("Первое", "ru")
    for code in ("en", "kk"):
        assert [each["id"] for each in found[code]] == [second.urn, first.urn]
        assert found[code][1]["published"] == "2026-10-06T05:00:00+00:00"
        assert found[code][1]["language"] == "en"


def test_later_language_of_an_old_text_is_among_the_newest(client, translated, monkeypatch):
    from events.public import feeds, feeds_archive

    for module in (feeds, feeds_archive):
        monkeypatch.setattr(module, "NEWEST", 1)
    first, second = translated()
    assert ids(client, "/ru/feeds/latest.rss") == [first.urn, second.urn]
    assert ids(client, "/en/feeds/latest.rss") == [second.urn]


def test_later_language_of_archive_material_keeps_its_date(client, translated):
    draft = factories.statement(
        "draft", "First", ready_ru=False, ready_kk=False, released_before=True,
        first_released_on=dt.date(2007, 10, 6),
    )  # fmt: skip
    first, second = translated(draft)
    found = entries(client, "/ru/feeds/latest.atom")
    assert [each["id"] for each in found] == [second.urn, first.urn]
    assert (found[1]["published"], found[1]["title"]) == ("2007-10-06T00:00:00+00:00", "Первое")


# --- What moves an entry --------------------------------------------------------------------------


def test_correction_of_a_quote_moves_that_quote_alone(client, writer, officer, clock):
    draft = factories.statement("draft")
    draft.media_contacts.add(factories.contact("Desk"))
    with publishing.saving(draft, writer) as record:
        for order, words in enumerate(("One", "Two")):
            Quote.objects.create(statement=record, person=factories.person(), text_en=words,
                                 order=order)  # fmt: skip
    item = acts.released(draft, writer, officer)
    clock(NOW + HOUR)

    def mend(content):
        content["parts"]["quotes"][0]["fields"]["text_en"] = "Once"

    acts.changed(item, writer, officer, "correction", dict.fromkeys(CODES, "Once."), mend)
    found = {each["title"].partition(": ")[2]: each["updated"][11:13]
             for each in entries(client, "/en/feeds/quotes.atom")}  # fmt: skip
    assert found == {"“Once”": "06", "“Two”": "05"}
    text = client.get("/en/feeds/quotes.rss").content.decode()
    assert text.count("<description>Corrected on") == 1


def test_progress_moves_its_outcome_and_is_told(client, writer, officer, clock):
    draft = factories.event("draft", **{f"venue_{code}": "V" for code in CODES})
    draft.media_contacts.add(factories.contact("Desk"))
    with publishing.saving(draft, writer) as record:
        for order, words in enumerate(("One", "Two")):
            Outcome.objects.create(event=record, outcome_kind="decision", text_en=words,
                                   order=order)  # fmt: skip
    item = acts.released(draft, writer, officer)
    clock(NOW + HOUR)

    def progress(content):
        content["parts"]["outcomes"][0]["fields"]["state"] = "fulfilled"

    acts.changed(item, writer, officer, "progress", dict.fromkeys(CODES, "Done."), progress)
    found = {
        each["title"]: each["updated"][11:13] for each in entries(client, "/en/feeds/outcomes.json")
    }
    assert found == {"One": "06", "Two": "05"}
    text = client.get("/en/feeds/outcomes.atom").content.decode()
    assert text.count("Progress recorded on") == 2  # in summary and text
    assert (Event.objects.count(), Statement.objects.count()) == (1, 0)
