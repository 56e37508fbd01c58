"""What answers 410: a text that was retracted, and what a change took out of a text."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse

from ..models import Publication
from .metadata import error_page


def readable(rows: Any, model: Any, slug: str) -> Any:
    """The readable row with that address; None where the address answers 410. Else Http404."""
    item = rows.filter(slug=slug).first()
    if item is None and not model.objects.retracted().filter(slug=slug).exists():
        raise Http404
    return item


def retracted(item: Any, template: str = "410.html") -> HttpResponse:
    """The tombstone: that there was something, since when it is gone, and why; no word of it."""
    return error_page(template, 410, ended=item)


def retracted_at(model: Any, slug: str) -> HttpResponse:
    """The tombstone of what was retracted at that address."""
    return retracted(model.objects.retracted().get(slug=slug))


def ended(name: str, uid: UUID) -> tuple[Any, Any]:
    """Why a quote or an outcome cannot be read: the retracted text that held it, else what a
    change left of it (models.Tombstone) when it took it out of a text; the other is None.
    Raises Http404 where there is neither.

    `name` is the name of its model.
    """
    kept = {"quote": Q(as_statement__quotes=uid), "outcome": Q(as_event__outcomes=uid)}[name]
    taken_out = Q(tombstones=uid, tombstones__model=name)
    holder = Publication.objects.retracted().filter(kept | taken_out).first()
    if holder is not None:
        return holder, None
    holder = Publication.objects.readable().filter(taken_out).first()
    if holder is None:
        raise Http404
    stone = holder.tombstones.get(pk=uid)
    stone.publication = holder
    return None, stone


def part(name: str, uid: UUID, template: str = "410.html") -> HttpResponse:
    """The answer for a quote or an outcome that cannot be read: 410 where its text was
    retracted or a change took it out of one. Raises Http404 for any other."""
    holder, stone = ended(name, uid)
    if holder is not None:
        return retracted(holder, template)
    return error_page(template, 410, stone=stone)
