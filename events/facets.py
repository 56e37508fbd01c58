"""Facets: under which values a list finds its items, and how many there are of each.

An item bears marks ("country", "tj"). The verbs keep them, and a tally of them, in their own
transaction from approval on. What is public of the tally is the tally less the few items that
are approved and not yet out, so that no count has to walk through the archive.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import CharField, Count, F, QuerySet, Value

from . import visibility
from .languages import CODES
from .models import Event, Mark, Outcome, Plain, Publication, Quote, Statement, Tally
from .visibility import Status

# More than this many chosen items are not counted facet by facet: nobody reads such a number
# as more than "many", and counting them would cost as much as the archive is long.
COUNTED = 1000
# The facet that every item of a list bears, with the value "".
ALL = "all"
PUBLICATIONS = ("event", "statement")

Pairs = set[tuple[str, str]]


def _dated(day: Any, precision: str) -> Pairs:
    found = {("year", f"{day.year:04}")}
    return found if precision == "year" else found | {("month", f"{day.year:04}-{day.month:02}")}


def _slugs(facet: str, rows: Iterable[Any]) -> Pairs:
    return {(facet, row.slug) for row in rows if row is not None}


def _codes(rows: Iterable[Any]) -> Pairs:
    return {("country", row.iso2.lower()) for row in rows if row is not None}


def _named(item: Publication) -> Pairs:
    return (
        _codes(item.countries.all()) | _slugs("organisation", item.organisations.all())
        | _slugs("topic", item.topics.all()) | _slugs("person", item.people.all())
        | {("language", code) for code in CODES if code in item.readable_languages()}
    )  # fmt: skip


def _of_event(event: Event) -> Pairs:
    took_part = list(event.participants.select_related("country", "organisation", "person"))
    outcomes = list(event.outcomes.prefetch_related("countries", "organisations"))
    return (
        _named(event) | _dated(event.date, event.date_precision)
        | {("kind", event.event_kind), ("state", event.state)}
        | _codes([event.country, event.host_country, *(each.country for each in took_part)])
        | _slugs("organisation", [event.host_organisation, *(p.organisation for p in took_part)])
        | _slugs("person", (each.person for each in took_part))
        | _slugs("series", [event.series])
        # What an unread statement announces is no part of the event yet.
        | set(chain.from_iterable(_parties(each) for each in outcomes if not each.announced_in_id))
    )  # fmt: skip


def _parties(outcome: Outcome) -> Pairs:
    rows = outcome.organisations.all()
    return _codes(outcome.countries.all()) | _slugs("organisation", rows)


def _of_statement(statement: Statement) -> Pairs:
    said = [
        *statement.speakers.select_related("person"),
        *statement.quotes.select_related("person"),
    ]
    day = statement.published_on
    return (
        _named(statement) | _slugs("person", (each.person for each in said))
        | {("kind", statement.statement_kind), ("reliability", statement.reliability)}
        | (_dated(day, "day") if day else set())
    )  # fmt: skip


def _of_quote(quote: Quote, of_statement: Pairs) -> Pairs:
    statement = quote.statement
    borrowed = {pair for pair in of_statement if pair[0] in ("country", "topic", "language")}
    year = ("year", f"{statement.date.year:04}")
    return borrowed | {year} | _slugs("person", [quote.person])


def _of_outcome(outcome: Outcome) -> Pairs:
    found = _parties(outcome) | {("kind", outcome.outcome_kind), ("state", outcome.state)}
    found.add(("year", f"{outcome.event.date.year:04}"))
    return found | {("due", f"{outcome.due.year:04}" if outcome.due else "none")}


@dataclass(frozen=True)
class Marked:
    """An item with its marks: what `Mark` rows are made of."""

    model: str
    uid: UUID
    publication: UUID
    announced_in: UUID | None
    pairs: frozenset[tuple[str, str]]


def marked(record: Publication) -> list[Marked]:
    """The marks of an event or a statement, and of its outcomes or quotes."""

    def one(model: str, uid: UUID, pairs: Pairs, announced_in: UUID | None = None) -> Marked:
        whole = frozenset(pairs | {(ALL, "")})
        return Marked(model, uid, record.pk, announced_in, whole)

    if isinstance(record, Event):
        outcomes = record.outcomes.prefetch_related("countries", "organisations")
        return [
            one("event", record.pk, _of_event(record)),
            *(
                one("outcome", each.pk, _of_outcome(each), each.announced_in_id)
                for each in outcomes
            ),
        ]  # fmt: skip
    assert isinstance(record, Statement)
    own = _of_statement(record)
    quotes = record.quotes.select_related("person")
    return [
        one("statement", record.pk, own),
        *(one("quote", each.pk, _of_quote(each, own)) for each in quotes),
    ]


def refresh(record: Publication) -> None:
    """Make the marks of an event or statement, and the tally of them, what they must be now:
    none unless it is approved. For verbs alone, inside their transaction."""
    wanted = {}
    if record.status == Status.APPROVED:
        wanted = {
            (each.uid, facet, value): each for each in marked(record) for facet, value in each.pairs
        }
    present = {
        (mark.uid, mark.facet, mark.value): mark
        for mark in Mark.objects.filter(publication=record.pk)
    }
    moved = {
        key for key in wanted.keys() & present.keys()
        if wanted[key].announced_in != present[key].announced_in_id
    }  # fmt: skip
    gone = (present.keys() - wanted.keys()) | moved
    new = (wanted.keys() - present.keys()) | moved
    Mark.objects.filter(pk__in=[present[key].pk for key in gone]).delete()
    Mark.objects.bulk_create(
        Mark(
            model=wanted[key].model, uid=key[0], publication_id=wanted[key].publication,
            announced_in_id=wanted[key].announced_in, facet=key[1], value=key[2],
        )
        for key in new
    )  # fmt: skip
    change = Counter((wanted[key].model, key[1], key[2]) for key in new)
    change.subtract((present[key].model, key[1], key[2]) for key in gone)
    _count(change)


def _count(change: Mapping[tuple[str, str, str], int]) -> None:
    """Add to the tally. In one order, so that two verbs never wait for each other."""
    keys = sorted(key for key, number in change.items() if number)
    Tally.objects.bulk_create(
        (Tally(model=model, facet=facet, value=value) for model, facet, value in keys),
        ignore_conflicts=True,
    )
    for model, facet, value in keys:
        Tally.objects.filter(model=model, facet=facet, value=value).update(
            number=F("number") + change[model, facet, value]
        )


def recount() -> int:
    """Make the tally what the marks say, and return how many of its numbers were wrong.

    Verbs that act meanwhile wait: on SQLite for any writer, on PostgreSQL for this table.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("lock table events_tally in exclusive mode")
        rows = Mark.objects.values_list("model", "facet", "value").annotate(number=Count("pk"))
        right = {tuple(row[:3]): row[3] for row in rows.order_by()}
        wrong = Counter(right)
        wrong.subtract(
            {(row.model, row.facet, row.value): row.number for row in Tally.objects.all()}
        )
        known = set(Tally.objects.values_list("model", "facet", "value"))
        # Nobody else writes here now: what has no row gets it with its number at once.
        Tally.objects.bulk_create(
            Tally(model=key[0], facet=key[1], value=key[2], number=number)
            for key, number in wrong.items() if key not in known
        )  # fmt: skip
        _count({key: number for key, number in wrong.items() if key in known})
        Tally.objects.filter(number=0).delete()
    return sum(1 for number in wrong.values() if number)


# --- What readers are told ------------------------------------------------------------------------

Counts = dict[str, dict[str, int]]


def _unread() -> QuerySet[Any]:
    """Keys of what is not public at this moment, by an index each: few, whatever the archive
    holds. That it is the gate's own contrary is tested."""
    rows = Publication.objects.order_by().values("pk")
    others = [rows.filter(status=each) for each in Status if each != Status.APPROVED]
    return rows.filter(release_at__gt=visibility.moment()).union(*others)


def _numbers(by: str = "facet", **wanted: str) -> Iterable[tuple[str, str, int]]:
    """What the tally says of the wanted marks, by `by` and value, and what of it is not public,
    below zero: numbers to add up. One query."""
    unread, tallied = _unread(), Tally.objects.filter(**wanted).order_by()
    # From what is unread to its marks: of a model there are as many as the archive is long.
    marks = Mark.objects.alias(**{f"plain_{name}": Plain(F(name)) for name in wanted})
    marks = marks.filter(**{f"plain_{name}": value for name, value in wanted.items()}).order_by()
    held = marks.filter(publication__in=unread)
    told = marks.filter(announced_in__in=unread).exclude(publication__in=unread)
    less = (
        each.values_list(by, "value").annotate(less=-Count("pk")) for each in (held, told)
    )  # fmt: skip
    return tallied.values_list(by, "value", "number").union(*less, all=True)


def counts(model: type[models.Model]) -> Counts:
    """How many items of a list are public, by facet and value; values of none are left out.
    One query, whatever the archive holds.

    What is counted and not public is embargoed, or hidden for the length of a rehearsal, or
    an outcome whose announcement was taken back.
    """
    found: Counts = {}
    for facet, value, number in _numbers(model=str(model._meta.model_name)):
        held_of = found.setdefault(facet, {})
        held_of[value] = held_of.get(value, 0) + number
    return _above_zero(found)


def _above_zero(found: Counts) -> Counts:
    public = {
        name: {value: number for value, number in values.items() if number > 0}
        for name, values in found.items()
    }
    return {name: values for name, values in public.items() if values}


def counts_under(facet: str, value: str | None = None) -> Counts:
    """How many public items bear the marks of one facet, by model ("event", "quote") and value:
    of all its values, or of one alone; none are left out. One query.

    For pages of a person, a country: how much there is of each kind, whatever the archive holds.
    """
    wanted = {"facet": facet} if value is None else {"facet": facet, "value": value}
    found: Counts = {}
    for model, each, number in _numbers(by="model", **wanted):
        values = found.setdefault(model, {})
        values[each] = values.get(each, 0) + number
    return _above_zero(found)


def counts_of(rows: QuerySet[Any]) -> Counts | None:
    """The same of chosen rows, which have passed the gate; None where there are more than
    COUNTED of them. One query, that never looks at more rows than that."""
    return counts_of_each({"": rows})[""]


def counts_of_each(rows: Mapping[str, QuerySet[Any]]) -> dict[str, Counts | None]:
    """The same of several choices of a list's rows, in one query. Under the name of a facet,
    that facet alone is counted, and the total; under "", all of them."""
    branches = []
    for name, chosen in rows.items():
        first = chosen.order_by().values("pk")[: COUNTED + 1]
        marks = Mark.objects.filter(uid__in=first, model=chosen.model._meta.model_name)
        if name:
            marks = marks.filter(facet__in=(name, ALL))
        branches.append(
            marks.order_by()
            .values_list(Value(name, output_field=CharField()), "facet", "value")
            .annotate(number=Count("pk"))
        )
    found: dict[str, Counts] = {name: {} for name in rows}
    if branches:
        for name, facet, value, number in branches[0].union(*branches[1:], all=True):
            found[name].setdefault(facet, {})[value] = number
    return {name: None if total(each) > COUNTED else each for name, each in found.items()}


def total(found: Counts) -> int:
    """How many items the counts are of."""
    return found.get(ALL, {}).get("", 0)


def narrow(rows: QuerySet[Any], facet: str, value: str) -> QuerySet[Any]:
    """Those of the rows that bear a mark. Publications are events and statements together."""
    names = PUBLICATIONS if rows.model is Publication else (rows.model._meta.model_name,)
    marks = Mark.objects.filter(model__in=names, facet=facet, value=value)
    return rows.filter(pk__in=marks.values("uid"))
