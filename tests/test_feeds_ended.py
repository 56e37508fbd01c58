"""A retraction travels: in every feed that had the entry, and without a word of the text."""

import datetime as dt
import json

import pytest
from lxml import etree

from events import publishing, visibility
from events.languages import CODES
from events.models import Outcome, Quote

from . import acts, factories
from .feed_rules import AT, ATOM
from .feeds import FORMS, entries, valid

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
SECRET = ("Sentinel", "sentinel")
REASON = "It named the wrong person."


@pytest.fixture
def text(clock, writer, officer, topic):
    """A statement of a topic with a quote, released."""
    draft = factories.statement("draft", "Sentinel")
    draft.media_contacts.add(factories.contact("Desk"))
    draft.topics.add(topic)
    with publishing.saving(draft, writer) as record:
        Quote.objects.create(statement=record, person=factories.person("Sentinel"),
                             text_en="Sentinel words")  # fmt: skip
    return acts.released(draft, writer, officer)


@pytest.fixture
def topic():
    """A topic of something else, too."""
    made = factories.topic("Plain")
    other = factories.statement()
    other.topics.add(made)
    factories.listed(other)
    return made


def later(clock):
    clock(visibility.clock() + HOUR)


def everywhere(topic):
    slug = topic.slug
    return [f"/{code}/{path}.{form}" for code in CODES for form in FORMS for path in (
        "feeds/latest", "feeds/statements", "feeds/quotes", f"topics/{slug}/feed",
        "statements/feed", "quotes/feed",
    )]  # fmt: skip


@pytest.mark.parametrize(("verb", "word"), [("retract", "RETRACTED"), ("withdraw", "WITHDRAWN")])
def test_end_is_announced_in_every_feed_that_had_the_text(
    client, text, topic, officer, clock, verb, word
):
    quote = Quote.objects.get()
    later(clock)
    getattr(publishing, verb)(text, officer, {"en": REASON})
    for address in everywhere(topic):
        of = f"urn:uuid:{quote.pk}" if "quotes" in address else text.urn
        content = valid(client, address).decode()
        assert not any(each in content for each in SECRET), address
        assert text.reference_number not in content
        found = [each for each in entries(client, address) if of not in each["id"]]
        assert found[0]["published"] == "2026-10-06T06:00:00+00:00"
        assert (found[0]["url"], found[0]["id"] != of, of in content) == ("", True, True)
        if address.startswith("/en/"):
            assert found[0]["title"].startswith(f"{word}: a ")
            assert found[0]["title"].endswith(" published on 6 October 2026")
            assert f"{word.capitalize()} by the press office." in content
            assert REASON not in content


def test_atom_has_a_tombstone_and_json_says_what_it_is_of(client, text, officer, clock):
    later(clock)
    publishing.retract(text, officer, {"en": REASON})
    (stone,) = etree.fromstring(valid(client, "/en/feeds/latest.atom")).iter(f"{AT}deleted-entry")
    assert dict(stone.attrib) == {"ref": text.urn, "when": "2026-10-06T06:00:00+00:00"}
    assert stone.findtext(f"{AT}comment") == "Retracted by the press office."
    item = json.loads(valid(client, "/en/feeds/latest.json"))["items"][0]
    assert item["_ended"] == {
        "about": "https://press.example/en/feeds/", "id": text.urn, "action": "retracted",
        "date": "2026-10-06T06:00:00+00:00",
    }  # fmt: skip


def test_agreed_reason_takes_the_place_of_the_neutral_one(client, text, officer, second, clock):
    later(clock)
    publishing.retract(text, officer, {"en": REASON})
    (before, *_) = entries(client, "/en/feeds/latest.atom")
    later(clock)
    publishing.approve_reason(text, second)
    (after, *_) = entries(client, "/en/feeds/latest.atom")
    assert (after["id"], after["published"]) == (before["id"], before["published"])
    assert (before["updated"], after["updated"]) == (
        "2026-10-06T06:00:00+00:00", "2026-10-06T07:00:00+00:00",
    )  # fmt: skip
    for form in FORMS:
        assert REASON in valid(client, f"/en/feeds/latest.{form}").decode()


def test_what_is_reinstated_is_back_as_it_was_and_its_notice_is_gone(
    client, text, topic, officer, second, clock
):
    addresses = everywhere(topic)
    before = {address: client.get(address).content for address in addresses}
    for verb in (publishing.withdraw, publishing.retract):
        later(clock)
        verb(text, officer, {"en": REASON})
    publishing.ask_reinstatement(text, officer, "By mistake.")
    publishing.reinstate(text, second)
    assert {address: client.get(address).content for address in addresses} == before


def test_second_retraction_is_announced_anew(client, text, officer, second, clock):
    seen = []
    for _time in range(2):
        later(clock)
        publishing.retract(text, officer, {"en": REASON})
        seen.append(entries(client, "/en/feeds/latest.rss")[0]["id"])
        publishing.ask_reinstatement(text, officer, "By mistake.")
        publishing.reinstate(text, second)
    assert len(set(seen)) == 2


def test_retraction_never_meets_who_reads_the_feed_of_another_topic(client, text, officer, clock):
    other = factories.topic("Other")
    item = factories.statement()
    item.topics.add(other)
    factories.listed(item)
    address = f"/en/topics/{other.slug}/feed.atom"
    before = client.get(address).content
    later(clock)
    publishing.retract(text, officer, {"en": REASON})
    assert client.get(address).content == before


def test_end_of_what_was_never_released_is_told_to_nobody(client, writer, officer, clock):
    draft = factories.statement("draft", "Sentinel")
    draft.media_contacts.add(factories.contact("Desk"))
    factories.statement()
    before = [client.get(f"/en/feeds/latest.{form}") for form in FORMS]
    item = acts.approved(draft, writer, officer, visibility.clock() + 5 * HOUR)
    later(clock)
    publishing.cancel_release(item, officer, "Not yet.")
    after = [client.get(f"/en/feeds/latest.{form}") for form in FORMS]
    assert [each.content for each in after] == [each.content for each in before]
    assert [dict(each.headers) for each in after] == [dict(each.headers) for each in before]


def test_notice_stays_as_long_as_it_is_among_the_newest(client, text, officer, clock, monkeypatch):
    from events.public import feeds, feeds_archive

    for module in (feeds, feeds_archive):
        monkeypatch.setattr(module, "NEWEST", 3)
    later(clock)
    publishing.retract(text, officer, {"en": REASON})
    told = []
    for number in range(4):
        later(clock)
        at = visibility.clock()
        told.append("RETRACTED" in valid(client, "/en/feeds/statements.atom").decode())
        factories.statement(word=f"N{number}", release_at=at, published_at=at)
    assert told == [True, True, True, False]


@pytest.mark.parametrize("form", FORMS)
def test_quote_that_a_change_took_out_is_announced_with_the_note(
    client, text, writer, officer, clock, form
):
    (quote,) = Quote.objects.all()
    later(clock)
    acts.changed(text, writer, officer, "correction", dict.fromkeys(CODES, "It was not said."),
                 lambda content: content["parts"]["quotes"].pop(0))  # fmt: skip
    (found,) = entries(client, f"/en/feeds/quotes.{form}")
    assert found["title"] == "REMOVED: a quotation published on 6 October 2026"
    content = valid(client, f"/en/feeds/quotes.{form}").decode()
    assert "It was not said." in content
    assert (f"urn:uuid:{quote.pk}" in content, "Sentinel" in content) == (True, False)


def test_outcome_ends_with_its_event_and_with_what_announced_it(client, clock, officer):
    held = factories.event()
    announced = factories.statement()
    first = factories.outcome(held, "Sentinel", announced_in=announced)
    second = factories.outcome(held, "Sentinel")
    factories.listed(announced)
    later(clock)

    def stones():
        root = etree.fromstring(valid(client, "/en/feeds/outcomes.atom"))
        assert "Sentinel" not in " ".join(
            entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")
            if entry.findtext(f"{ATOM}title").startswith(("RETRACTED", "WITHDRAWN"))
        )  # fmt: skip
        return {stone.get("ref") for stone in root.iter(f"{AT}deleted-entry")}

    assert stones() == set()
    publishing.withdraw(announced, officer, {"en": REASON})
    assert stones() == {f"urn:uuid:{first.pk}"}
    publishing.retract(held, officer, {"en": REASON})
    assert stones() == {f"urn:uuid:{first.pk}", f"urn:uuid:{second.pk}"}
    assert Outcome.objects.count() == 2


def test_reason_in_another_language_is_marked(client):
    factories.statement("retracted", reason_en="", reason_ru="Причина.")
    root = etree.fromstring(valid(client, "/en/feeds/latest.atom"))
    comment = root.find(f"{AT}deleted-entry/{AT}comment")
    assert comment.text == "Причина."
    assert comment.get("{http://www.w3.org/XML/1998/namespace}lang") == "ru"
    assert '<span lang="ru">Причина.</span>' in root.findtext(f"{ATOM}entry/{ATOM}content")
