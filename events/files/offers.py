"""What a picture says of itself, as values for the fields of its row."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from ..languages import CODES, column, columns
from ..models import Person, Photo
from .told import Told


@dataclass(frozen=True)
class Offer:
    """Values by field, the people among those that the office knows, and the names of others."""

    fields: dict[str, Any]
    people: list[Person]
    strangers: list[str]


def offer(told: Told | None) -> Offer:
    """What to offer of a picture's own words, for fields in which nothing was typed."""
    if told is None:
        return Offer({}, [], [])
    fields: dict[str, Any] = {
        column("caption", code): text for code, text in told.captions.items() if code in CODES
    }
    fields |= {"credit": told.credit} if told.credit else {}
    fields |= {"taken_on": told.taken_on} if told.taken_on else {}
    known: list[Person] = []
    strangers = []
    for name in told.people:
        named = Q(*((f"{each}__iexact", name) for each in columns("name")), _connector=Q.OR)
        found = list(Person.objects.filter(named)[:2])
        # Of two with one name, a person has to say which is meant.
        if len(found) == 1:
            known.append(found[0])
        else:
            strangers.append(name)
    return Offer(fields, known, strangers)


def sentences(offered: Offer, filled: list[str]) -> list[str]:
    """What an editor is told of the fields that were filled in from a picture, and of people whom
    the office does not know by that name."""
    said = []
    if filled:
        said.append(
            _("Read from the picture: %(fields)s. Look it through: nobody has checked it yet.")
            % {"fields": ", ".join(_label(name) for name in filled)}
        )
    if offered.strangers:
        said.append(
            _("The picture names people who are not among the office’s: %(names)s.")
            % {"names": ", ".join(offered.strangers)}
        )
    return said


def _label(name: str) -> str:
    field: Any = Photo._meta.get_field(name)
    for code, native in settings.LANGUAGES:
        if name.endswith(column("", code)):
            return f"{field.verbose_name} ({native})"
    return str(field.verbose_name)
