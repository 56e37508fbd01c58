"""The public record as plain data: what every machine-readable answer is made of.

Rows come in that have passed the gate (`.public()`, or `.readable()` for a row's own address),
and dicts of JSON values go out: `publications(rows)`, `events(rows)`, `quotes(rows)` … Each asks
the database a fixed number of questions, however many rows there are, and asks the gate of
everything that a row leads to: a statement of a hidden event says nothing of it. Texts are in all
the languages that are ready, as {"en": …, "ru": …}; addresses are in full; times are in UTC.

Nothing of the office's own is in it: no users, no versions, no drafts, no digest but those of
the texts that readers have. Nothing depends on the clock either: the same record, the same data.
"""

from collections.abc import Iterable
from typing import Any

from . import records, references
from .around import Around
from .links import API

Data = dict[str, Any]

__all__ = [
    "API", "Around", "contacts", "countries", "events", "organisations", "outcomes", "people",
    "publications", "quotes", "series", "statements", "topics",
]  # fmt: skip


def publications(rows: Iterable[Any]) -> list[Data]:
    """Events and statements, in the order they come in; also rows of the parent table, whose
    children are at hand (select_related)."""
    items = [row.child if type(row)._meta.model_name == "publication" else row for row in rows]
    around = Around(publications=items)
    return [records.publication(item, around) for item in items]


# The same: an event is a publication, and says so.
events = statements = publications


def quotes(rows: Iterable[Any]) -> list[Data]:
    """Quotes, with their statements and speakers at hand (select_related)."""
    found = list(rows)
    around = Around(quotes=found)
    return [records.quote(each, each.statement, around) for each in found]


def outcomes(rows: Iterable[Any]) -> list[Data]:
    """Outcomes, with their events at hand (select_related)."""
    found = list(rows)
    around = Around(outcomes=found)
    return [records.outcome(each, each.event, around) for each in found]


def people(rows: Iterable[Any]) -> list[Data]:
    """Persons with the offices they held."""
    return references.people(list(rows))


def organisations(rows: Iterable[Any]) -> list[Data]:
    """Organisations with their members."""
    return references.organisations(list(rows))


def countries(rows: Iterable[Any]) -> list[Data]:
    """Countries with their names."""
    return references.countries(rows)


def topics(rows: Iterable[Any]) -> list[Data]:
    """Topics with their names."""
    return [references.topic(row) for row in rows]


def series(rows: Iterable[Any]) -> list[Data]:
    """Series of meetings, each with the organisation that holds them."""
    return references.series(list(rows))


def contacts(rows: Iterable[Any]) -> list[Data]:
    """Whom journalists may ask."""
    return references.contacts(list(rows))
