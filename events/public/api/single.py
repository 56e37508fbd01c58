"""One record as data: by its identifier or its address, or why it is no longer there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from ... import opendata
from ...models import (
    Country,
    Event,
    Organisation,
    Outcome,
    Person,
    Publication,
    Quote,
    Series,
    Statement,
    Topic,
)  # fmt: skip
from .. import gone, problems

TEXTS = {"publications": Publication, "events": Event, "statements": Statement}
# Quotes and outcomes: their model, what must be at hand, and how they become data.
PARTS: dict[str, tuple[Any, tuple[str, ...], Callable[[Any], Any]]] = {
    "quotes": (Quote, ("statement", "person"), opendata.quotes),
    "outcomes": (Outcome, ("event",), opendata.outcomes),
}
ROWS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "people": (Person, opendata.people),
    "organisations": (Organisation, opendata.organisations),
    "countries": (Country, opendata.countries),
    "topics": (Topic, opendata.topics),
    "series": (Series, opendata.series),
}


def readable(name: str, **address: Any) -> tuple[Any, HttpResponse | None]:
    """The event or statement at an address, or the answer for one that was retracted. Raises
    Http404 for any other."""
    model: Any = TEXTS[name]
    rows = model.objects.readable().filter(**address)
    if model is Publication:
        rows = rows.select_related("as_event", "as_statement")
    item = rows.first()
    if item is not None:
        return item.child if model is Publication else item, None
    ended = model.objects.retracted().filter(**address).first()
    if ended is None:
        raise Http404
    return None, problems.retracted(ended)


def text(name: str, **address: Any) -> HttpResponse:
    """An event or a statement."""
    item, refusal = readable(name, **address)
    return refusal or problems.written(opendata.publications([item])[0])


def part(name: str, uid: UUID) -> HttpResponse:
    """A quote or an outcome; 410 with the text that held it, or taken out of it."""
    model, holders, records = PARTS[name]
    row = model.objects.readable().select_related(*holders).filter(pk=uid).first()
    if row is not None:
        return problems.written(records([row])[0])
    holder, stone = gone.ended(model._meta.model_name, uid)
    return problems.retracted(holder) if holder is not None else problems.taken_out(stone)


def row(name: str, **address: Any) -> Any:
    """A public reference row. Raises Http404 for one that nothing public names, as for one that
    never was."""
    model, _records = ROWS[name]
    return get_object_or_404(model.objects.public(), **address)


def named(name: str, found: Any) -> dict[str, Any]:
    """A reference row as data."""
    _model, records = ROWS[name]
    data: dict[str, Any] = records([found])[0]
    return data
