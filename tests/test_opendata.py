"""The record as plain data: what the models hold, all that is public of it, and nothing else."""

import datetime as dt
import json

import pytest

from events import opendata
from events.models import (
    Country,
    Event,
    MediaContact,
    Organisation,
    Outcome,
    Person,
    Progress,
    Publication,
    Quote,
    Series,
    Topic,
)  # fmt: skip

from . import factories

pytestmark = pytest.mark.django_db
HIDDEN = ("draft", "in_review", "embargoed", "withdrawn", "retracted")


def everything() -> dict:
    """All that is public, as data, by the name of the model."""
    return {
        "publications": opendata.publications(
            Publication.objects.public().select_related("as_event", "as_statement").newest()
        ),
        "quotes": opendata.quotes(Quote.objects.public().select_related("statement", "person")),
        "outcomes": opendata.outcomes(Outcome.objects.public().select_related("event")),
        "people": opendata.people(Person.objects.public()),
        "organisations": opendata.organisations(Organisation.objects.public()),
        "countries": opendata.countries(Country.objects.public()),
        "topics": opendata.topics(Topic.objects.public()),
        "series": opendata.series(Series.objects.public()),
        "contacts": opendata.contacts(MediaContact.objects.public()),
    }


def test_all_of_it_is_json():
    factories.whole("published", "Shown", "BY")
    found = everything()
    assert json.loads(json.dumps(found)) == found
    assert [len(rows) for rows in found.values()] == [2, 1, 1, 1, 1, 1, 1, 1, 1]


def test_event_says_what_its_row_holds():
    rows = factories.whole("published", "Shown", "BY")
    event = rows["event"]
    (found,) = opendata.events(Event.objects.public())
    texts = {code: f"Shown title {code}" for code in ("en", "ru", "kk")}
    assert (found["uid"], found["urn"]) == (str(event.pk), f"urn:uuid:{event.pk}")
    assert (found["title"], found["date"], found["date_precision"]) == (texts, "2020-01-01", "day")
    assert found["published_at"] == found["released_at"] == "2020-01-01T09:00:00Z"
    assert found["languages"]["ru"]["page"] == f"https://press.example/ru/events/{event.slug}/"
    assert found["languages"]["ru"]["json"] == f"https://press.example/ru/events/{event.slug}.json"
    assert found["languages"]["ru"]["standing"] == "authentic"
    assert found["api"] == f"https://press.example/api/v1/events/{event.pk}"
    assert found["country"]["iso2"] == "BY"
    assert found["participants"][0]["as_named"] == "Shown named"
    assert found["participants"][0]["who"]["slug"] == rows["person"].slug
    assert [each["uid"] for each in found["statements"]] == [str(rows["statement"].pk)]
    assert [each["uid"] for each in found["outcomes"]] == [str(rows["outcome"].pk)]
    assert found["outcomes"][0]["announced_in"]["uid"] == str(rows["statement"].pk)
    assert found["photos"][0]["caption"]["en"] == "Shown caption here en"
    assert found["attachments"][0]["checksum"] == rows["attachment"].checksum
    assert (found["pubstatus"], found["withdrawn"]) == ("usable", None)


def test_language_that_is_not_ready_is_nowhere():
    item = factories.statement(
        "published", "Partly", ready_ru=False, title_ru="Сокрытое", place_ru="Сокрытое",
        reason_ru="Сокрытое",
    )  # fmt: skip
    factories.quote(item, "Partly", text_ru="Сокрытое", context_ru="Сокрытое")
    found = json.dumps(everything(), ensure_ascii=False)
    assert "Сокрытое" not in found
    assert "Partly title kk" in found


@pytest.mark.parametrize("stage", HIDDEN)
def test_nothing_hidden_is_in_it_wherever_it_hangs(stage):
    hidden = factories.whole(stage, "Kryptonym", "KI")
    twin = factories.whole("published", "Shown", "BY")
    factories.statement("published", "Shown", event=hidden["event"])
    factories.outcome(twin["event"], "Kryptonym", announced_in=hidden["statement"])
    shown = factories.outcome(twin["event"], "Shown", follow_up=hidden["event"])
    Progress.objects.create(
        outcome=shown, date=dt.date(2020, 2, 1), state="in_progress", text_en="Shown step",
        cites_id=hidden["statement"].pk,
    )  # fmt: skip
    factories.statement(stage, "Kryptonym", event=twin["event"])
    twin["person"].portrait = factories.photo("Shown")
    twin["person"].save()
    found = json.dumps(everything())
    assert "Kryptonym" not in found
    assert "kryptonym" not in found
    assert "Kiribati" not in found
    assert str(hidden["event"].pk) not in found
    assert "Shown step" in found


def test_withdrawn_item_says_so_at_its_own_address_and_names_no_page_that_is_not_there():
    rows = factories.whole("withdrawn", "Ended", "KI")
    (found,) = opendata.events(Event.objects.readable())
    assert (found["pubstatus"], found["withdrawn"]["reason"]) == ("withheld", {"en": "A reason."})
    assert found["participants"][0]["name"]["en"] == "Ended person"
    assert found["participants"][0]["who"] is None
    assert (found["topics"], found["organisations"], found["country"]) == ([], [], None)
    assert rows["topic"].slug not in json.dumps(found)


def test_nothing_of_the_office_is_in_it():
    factories.whole("published", "Shown", "BY")
    names = set()

    def walk(value):
        if isinstance(value, dict):
            names.update(value)
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(everything())
    assert names.isdisjoint(
        {"status", "version", "edition_count", "edition_head", "chain_digest", "by", "limited",
         "bundle", "aliases", "proposed_reason", "ready"}
    )  # fmt: skip


@pytest.mark.parametrize("number", [3, 30])
def test_it_asks_the_same_number_of_questions_however_much_there_is(
    number, django_assert_num_queries
):
    for _each in range(number // 3):
        rows = factories.whole("published", "Shown", "BY")
        rows["outcome"].countries.add(rows["country"])
        rows["outcome"].organisations.add(rows["organisation"])
        Progress.objects.create(
            outcome=rows["outcome"], date=dt.date(2020, 2, 1), state="in_progress",
            cites_id=rows["statement"].pk,
        )  # fmt: skip
    with django_assert_num_queries(21):
        opendata.publications(
            Publication.objects.public().select_related("as_event", "as_statement")
        )
    with django_assert_num_queries(4):
        opendata.quotes(Quote.objects.public().select_related("statement", "person"))
    with django_assert_num_queries(7):
        opendata.outcomes(Outcome.objects.public().select_related("event"))
