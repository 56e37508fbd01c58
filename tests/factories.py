"""Rows at any stage, straight past the verbs, as the database allows them."""

import datetime as dt
import io
import zlib
from itertools import count
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from events import indexing
from events.files import renditions
from events.models import (
    Attachment,
    Country,
    Event,
    MediaContact,
    Organisation,
    Outcome,
    Participant,
    Person,
    Photo,
    Placement,
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


def stored(content: bytes, name: str) -> str:
    """Bytes in storage, and their name there."""
    return default_storage.save(name, ContentFile(content, name))


def attachment(item: Any, word: str = "Plain", content: bytes = b"", **fields: Any) -> Attachment:
    """A document of an item; its bytes hold the word."""
    blob = stored(content or f"{word} document".encode(), f"{word}.pdf")
    fields = {"file": blob, "checksum": PurePosixPath(blob).stem, "size": 20, **fields}
    texts = {f"title_{code}": f"{word} document {code}" for code in ("en", "ru", "kk")}
    return Attachment.objects.create(publication_id=item.pk, **{**texts, **fields})


def picture(word: str = "Plain", form: str = "JPEG", width: int = 4) -> bytes:
    """A small picture that is no other word's, with the word in its comment where it has one."""
    number = zlib.crc32(word.encode())
    image, bytes_ = Image.new("RGB", (width, 3), f"#{number % 0xFFFFFF:06x}"), io.BytesIO()
    image.save(bytes_, form, **({"comment": word} if form == "JPEG" else {}))
    return bytes_.getvalue()


def photo(word: str = "Plain", item: Any = None, **fields: Any) -> Photo:
    """A photo with a rendition of each form, placed in an item. It says that it is larger than it
    is: its bytes were looked at before they were kept."""
    blob = stored(picture(word), f"{word}.jpg")
    fields = {"image": blob, "width": 1600, "height": 1200, "credit": f"{word} credit", **fields}
    texts = {
        f"{name}_{code}": f"{word} {name} {code}"
        for name in ("alt", "caption") for code in ("en", "ru", "kk")
    }  # fmt: skip
    made = Photo.objects.create(**{**texts, **fields})
    for form in renditions.FORMATS:
        name = renditions.name(made, 640, form)
        if not default_storage.exists(name):
            default_storage.put(name, picture(word, {"jpg": "JPEG"}.get(form, form), 640))
    if item is not None:
        placement(item, made, word)
    return made


def placement(item: Any, photo: Photo, word: str = "Plain", **fields: Any) -> Placement:
    """A photo in an item."""
    texts = {f"caption_{code}": f"{word} caption here {code}" for code in ("en", "ru", "kk")}
    return Placement.objects.create(publication_id=item.pk, photo=photo, **{**texts, **fields})


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
        "attachment": attachment(happened, word), "photo": photo(word, happened),
        "quote": quote(told, word, person=names["person"]),
        "outcome": outcome(happened, word, announced_in=told),
    }  # fmt: skip
