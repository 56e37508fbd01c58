"""Who and what the texts of Examplia name: rows made through the verbs, as an editor would."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from .. import publishing, visibility
from ..languages import column, slugify
from ..models import (
    Country,
    MediaContact,
    Office,
    Organisation,
    Person,
    Photo,
    Recorded,
    Series,
    Topic,
)  # fmt: skip
from ..roles import GENERATED
from .words import (
    BODIES,
    FAMILY,
    GIVEN,
    MINISTRY,
    OFFICES,
    TERRITORIES,
    TOPICS,
    Words,
    filled,
    places,
    words,
)  # fmt: skip

# How many bodies there are, each with a series of sessions, and how wide a photo is.
BODIES_MADE = 24
_WIDTH, _HEIGHT = 1600, 900


@dataclass
class Named:
    """What a text may name, by kind."""

    places: list[Words] = field(default_factory=places)
    countries: list[Country] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    bodies: list[Organisation] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    offices: dict[UUID, Words] = field(default_factory=dict)
    contacts: list[MediaContact] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)


def texts(name: str, value: Words) -> dict[str, str]:
    """The columns of a translated field."""
    return {column(name, code): text for code, text in value.items()}


def uid(rng: Random) -> UUID:
    """An identifier that follows from the seed."""
    return UUID(int=rng.getrandbits(128), version=4)


def make(seed: int, on: date, photos: int, step: Callable[[Iterable[Any]], Any]) -> Named:
    """Store all of them, as on the evening before `on`; `step` shows how far that has come."""
    rng, named = Random(f"{seed} names"), Named()  # noqa: S311 - nothing is secret
    at = datetime(on.year, on.month, on.day, tzinfo=visibility.clock().tzinfo)

    def saved(row: Recorded, *parts: Any) -> Any:
        with publishing.saving(row, GENERATED):
            row.save()
            for part in parts:
                part.save()
        return row

    with visibility.clock_set_to(lambda: at):
        known = {row.iso2: row for row in Country.objects.filter(iso2__in=TERRITORIES)}
        for code in TERRITORIES:
            made = known.get(code) or saved(Country(uid=uid(rng), iso2=code))
            named.countries.append(made)
        for each in TOPICS:
            row = Topic(uid=uid(rng), slug=slugify(each["en"]), **texts("name", each))
            named.topics.append(saved(row))
        for number in range(BODIES_MADE):
            _body(named, number, rng, saved)
        for number, (given, family) in enumerate(product(GIVEN, FAMILY)):
            _person(named, number, given, family, rng, saved)
        desk = words(
            "Press desk of Examplia", "Пресс-центр Экземплии", "Экземплия баспасөз орталығы"
        )
        row = MediaContact(uid=uid(rng), general=True, email="press@examplia.example",
                           **texts("name", desk), **texts("role", MINISTRY))  # fmt: skip
        named.contacts.append(saved(row))
        for number in step(range(photos)):
            named.photos.append(saved(_photo(named, number, rng)))
    return named


def _body(named: Named, number: int, rng: Random, saved: Callable[..., Any]) -> None:
    place = named.places[number]
    name = filled(BODIES[number % len(BODIES)], place=place)
    short = {code: "".join(word[0] for word in text.replace("«", "").split()).upper()
             for code, text in name.items()}  # fmt: skip
    body = Organisation(uid=uid(rng), slug=slugify(name["en"]), **texts("name", name),
                        **texts("abbreviation", short))  # fmt: skip
    named.bodies.append(saved(body))
    title = filled(words("Sessions: {body}", "Заседания: {body}", "Отырыстар: {body}"), body=name)
    series = Series(uid=uid(rng), slug=slugify(title["en"]), organisation=body,
                    **texts("name", title))  # fmt: skip
    named.series.append(saved(series))


def _person(
    named: Named, number: int, given: Words, family: Words, rng: Random, saved: Callable[..., Any]
) -> None:
    name = {code: f"{given[code]} {family[code]}" for code in given}
    order = {code: f"{family[code]}, {given[code]}" for code in given}
    person = Person(uid=uid(rng), slug=slugify(name["en"]), **texts("name", name),
                    **texts("sort", order))  # fmt: skip
    held = OFFICES[number % len(OFFICES)]
    office = Office(uid=uid(rng), person=person, **texts("title", held))
    named.people.append(saved(person, office))
    named.offices[person.pk] = held


def _photo(named: Named, number: int, rng: Random) -> Photo:
    """Lights in the night sky, different ones each time."""
    place = named.places[number % 200]
    image = Image.new("RGB", (_WIDTH, _HEIGHT), (8, 12, rng.randrange(24, 56)))
    drawn = ImageDraw.Draw(image)
    colour = (rng.randrange(20, 90), rng.randrange(120, 230), rng.randrange(90, 200))
    height = rng.randrange(120, 400)
    for x in range(0, _WIDTH, 8):
        height = min(max(height + rng.randrange(-24, 25), 60), 600)
        for part in range(6):
            top = 40 + part * height // 6
            shade = tuple(value * (6 - part) // 6 for value in colour)
            drawn.rectangle((x, top, x + 6, top + height // 6), fill=shade)
    for _star in range(200):
        x, y = rng.randrange(_WIDTH), rng.randrange(_HEIGHT)
        drawn.point((x, y), fill="white")
    drawn.rectangle((0, _HEIGHT - 90, _WIDTH, _HEIGHT), fill=(4, 6, 16))
    bytes_ = io.BytesIO()
    image.save(bytes_, "JPEG", quality=85)
    alt = filled(words("Northern lights above {place}", "Северное сияние над городом {place}",
                       "{place} қаласының үстіндегі шұғыла"), place=place)  # fmt: skip
    photo = Photo(uid=uid(rng), credit="Examplia", **texts("alt", alt), **texts("caption", alt))
    photo.image.save("lights.jpg", ContentFile(bytes_.getvalue(), "lights.jpg"), save=False)
    return photo
