"""Rows at any stage, straight past the verbs, as the database allows them."""

import datetime as dt
from itertools import count
from typing import Any

from events import indexing
from events.models import (
    Country,
    Event,
    MediaContact,
    Organisation,
    Outcome,
    Participant,
    Person,
    Quote,
    Series,
    Speaker,
    Statement,
    Topic,
)  # fmt: skip

LONG_AGO = dt.datetime(2020, 1, 1, 9, 0, tzinfo=dt.UTC)
FAR_AHEAD = dt.datetime(2090, 1, 1, 9, 0, tzinfo=dt.UTC)
STAGES = ("draft", "in_review", "embargoed", "published", "withdrawn", "retracted")
_number = count(1)


def _standing(stage: str) -> dict[str, Any]:
    status = {"embargoed": "approved", "published": "approved"}.get(stage, stage)
    release = None if stage in ("draft", "in_review") else LONG_AGO
    release = FAR_AHEAD if stage == "embargoed" else release
    ended = stage in ("withdrawn", "retracted")
    return {
        "status": status, "release_at": release, "published_at": release,
        "withdrawn_at": LONG_AGO if ended else None, "reason_en": "A reason." if ended else "",
    }  # fmt: skip


def _publication(stage: str, word: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Every text column in every language holds the word, so that a leak of any shows."""
    number = next(_number)
    texts = {
        f"{name}_{code}": f"{word} {name} {code}"
        for name in ("title", "summary", "body") for code in ("en", "ru", "kk")
    }  # fmt: skip
    return {
        "slug": f"{word.lower()}-{number}", "date": dt.date(2020, 1, 1), "released_before": False,
        "reference_number": f"{word}-{number}",
        **{f"ready_{code}": True for code in ("en", "ru", "kk")},
        **{f"standing_{code}": "authentic" for code in ("en", "ru", "kk")},
        **texts, **_standing(stage), **fields,
    }  # fmt: skip


def listed(item: Any) -> Any:
    """The item, known to lists and search as it stands now: for whoever added to it since."""
    indexing.refresh(type(item).objects.get(pk=item.pk))
    return item


def event(stage: str = "published", word: str = "Plain", **fields: Any) -> Event:
    """An event at a stage."""
    fields = {"event_kind": "session", "city_en": f"{word} city", **fields}
    row = _publication(stage, word, fields)
    row.setdefault("until", row["date"])
    return listed(Event.objects.create(**row))


def statement(stage: str = "published", word: str = "Plain", **fields: Any) -> Statement:
    """A statement at a stage."""
    fields = {"statement_kind": "speech", "place_en": f"{word} place", **fields}
    return listed(Statement.objects.create(**_publication(stage, word, fields)))


def person(word: str = "Plain", **fields: Any) -> Person:
    """A person."""
    slug = f"{word.lower()}-person-{next(_number)}"
    return Person.objects.create(slug=slug, name_en=f"{word} person", **fields)


def organisation(word: str = "Plain", **fields: Any) -> Organisation:
    """An organisation."""
    slug = f"{word.lower()}-body-{next(_number)}"
    return Organisation.objects.create(slug=slug, name_en=f"{word} body", **fields)


def topic(word: str = "Plain", **fields: Any) -> Topic:
    """A topic."""
    slug = f"{word.lower()}-topic-{next(_number)}"
    return Topic.objects.create(slug=slug, name_en=f"{word} topic", **fields)


def series(word: str = "Plain", **fields: Any) -> Series:
    """A series."""
    slug = f"{word.lower()}-series-{next(_number)}"
    return Series.objects.create(slug=slug, name_en=f"{word} series", **fields)


def contact(word: str = "Plain", **fields: Any) -> MediaContact:
    """A general media contact."""
    return MediaContact.objects.create(
        name_en=f"{word} contact", email=f"{word.lower()}@example.org", general=True, **fields
    )


def country(iso2: str) -> Country:
    """A country, made once."""
    return Country.objects.get_or_create(iso2=iso2)[0]


def quote(statement: Statement, word: str = "Plain", **fields: Any) -> Quote:
    """A quote of a new person."""
    fields = {"text_en": f"{word} words", "name_en": f"{word} name", **fields}
    if "person" not in fields:
        fields["person"] = person(word)
    made = Quote.objects.create(statement=statement, **fields)
    listed(statement)
    return made


def outcome(event: Event, word: str = "Plain", **fields: Any) -> Outcome:
    """An outcome."""
    fields = {"outcome_kind": "decision", "text_en": f"{word} outcome", **fields}
    made = Outcome.objects.create(event=event, **fields)
    listed(event)
    return made


def whole(stage: str, word: str, iso2: str) -> dict[str, Any]:
    """One of everything at a stage, each with the word in all its texts and names of its own."""
    names = {
        "topic": topic(word), "organisation": organisation(word), "person": person(word),
        "series": series(word), "contact": contact(word), "country": country(iso2),
    }  # fmt: skip
    happened = event(stage, word, series=names["series"], country=names["country"])
    told = statement(stage, word, event=happened)
    for item in (happened, told):
        item.topics.add(names["topic"])
        item.organisations.add(names["organisation"])
        item.people.add(names["person"])
        item.countries.add(names["country"])
        item.media_contacts.add(names["contact"])
    Participant.objects.create(event=happened, person=names["person"], as_named=f"{word} named")
    Speaker.objects.create(statement=told, person=names["person"], name_en=f"{word} speaker")
    for row in names.values():
        listed(row)
    return {
        **names, "event": happened, "statement": told,
        "quote": quote(told, word, person=names["person"]),
        "outcome": outcome(happened, word, announced_in=told),
    }  # fmt: skip
