"""What names a person, an organisation, a country or a topic: by year, with the company that was
kept there and what was agreed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from .. import facets
from ..models import Event, Participant, Publication, Statement
from .pages import BadRequest
from .paging import Page, page_of

KINDS = {"event": Event, "statement": Statement}
# So many of the others who took part are named with an event; its own page names all.
COMPANY = 10
# So many outcomes; the ledger has all.
CAME = 6


def mark_of(row: Any) -> tuple[str, str]:
    """The facet and value under which lists find what names a reference row."""
    return row._meta.model_name, getattr(row, row.ADDRESS).lower()


def naming(row: Any, model: Any = Publication) -> QuerySet[Any]:
    """The public events and statements, or those of one kind, that name a reference row."""
    rows: QuerySet[Any] = facets.narrow(model.objects.public(), *mark_of(row))
    return rows


def numbers(row: Any) -> dict[str, int]:
    """How many public events, statements, quotes and outcomes bear a row's mark, by the name of
    the model; those of which there is none are left out. One query."""
    facet, value = mark_of(row)
    return {model: found[value] for model, found in facets.counts_under(facet, value).items()}


@dataclass(frozen=True)
class Kind:
    """One choice of what to list: `query` leads to it, `number` says how much there is."""

    label: str
    query: str
    number: int
    chosen: bool


def kinds(found: dict[str, int], chosen: str) -> list[Kind]:
    """All, events alone, statements alone; nothing where there is one kind only."""
    if not all(found.get(name) for name in KINDS):
        return []
    labels = {"event": _("Events"), "statement": _("Statements")}
    return [
        Kind(_("All"), ".", sum(found[name] for name in KINDS), not chosen),
        *(Kind(labels[name], f"?kind={name}", found[name], name == chosen) for name in KINDS),
    ]


def asked_kind(params: Any) -> str:
    """The kind that a query asks for, "" for all. Raises BadRequest for one that there is not."""
    kind: str = params.get("kind", "")
    if kind and kind not in KINDS:
        raise BadRequest(_("This request cannot be understood."))
    return kind


def listed(row: Any, params: Any) -> Page:
    """The page of events and statements about a row that a query asks for. One query."""
    rows = naming(row)
    if kind := asked_kind(params):
        rows = rows.filter(model=kind)
    return page_of(rows.select_related("as_event", "as_statement"), "date", params, back=True)


@dataclass
class Year:
    """The items of one year, as a timeline shows them."""

    year: int
    items: list[Any] = field(default_factory=list)


def by_year(items: Iterable[Any]) -> list[Year]:
    """Items, sorted by date, under their years."""
    found: list[Year] = []
    for item in items:
        if not found or found[-1].year != item.date.year:
            found.append(Year(item.date.year))
        found[-1].items.append(item)
    return found


def with_company(items: list[Any], row: Any) -> None:
    """Give the events among public `items` who else took part (`company`), and what came of them
    that a country or an organisation is to do (`came`), the first of each; `more_company` and
    `more_came` say how many more there are. Two queries."""
    events = {item.pk: item.as_event for item in items if item.model == Publication.Model.EVENT}
    for event in events.values():
        event.company, event.came, event.more_company, event.more_came = [], [], 0, 0
    kind = row._meta.model_name
    took_part = Participant.objects.public().filter(event__in=list(events)).exclude(**{kind: row})
    took_part = took_part.select_related("country", "organisation", "person")
    for each in _first(took_part, COMPANY):
        events[each.event_id].company.append(each.who)
        events[each.event_id].more_company = each.number - COMPANY
    came = row.outcomes.public().filter(event__in=list(events))
    for outcome in _first(came, CAME):
        event = outcome.event = events[outcome.event_id]
        event.came.append(outcome)
        event.more_came = outcome.number - CAME


def _first(rows: QuerySet[Any], most: int) -> QuerySet[Any]:
    """The first rows of each event, no more than `most` of them, each with how many there are
    (`number`): an event may have hundreds."""
    of_event = {"partition_by": F("event")}
    return (
        rows.annotate(
            place=Window(RowNumber(), order_by=[F("order"), F("uid")], **of_event),
            number=Window(Count("pk"), **of_event),
        )
        .filter(place__lte=most)
        .order_by("event", "order", "uid")
    )
