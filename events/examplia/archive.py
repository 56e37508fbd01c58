"""The archive of Examplia as a whole: what the verbs would have left, made without their queries.

Editions, marks, entries and terms come from the functions that the verbs call, of rows in memory;
only the way into the database is another. One batch is one transaction, and needs no more memory
than its own rows, whatever the archive is to hold.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any

from django.db import connection, connections, models, transaction

from .. import editions, facets
from ..models import (
    Edition,
    Entry,
    Event,
    Mark,
    Outcome,
    Participant,
    Placement,
    Publication,
    Quote,
    Speaker,
    Statement,
)  # fmt: skip
from ..roles import FOUNDING_IMPORT, GENERATED
from ..search import entries, matching
from ..visibility import Status
from . import people, texts
from .pouring import Rows, next_key, pour, prepared, set_sequences
from .texts import Plan

# Publications of one batch: an even number, so that a statement finds its event beside it.
BATCH = 500
# An event and a statement of so many go together.
_TOLD = 5
# Relations of a text to what it names, and the rows that belong to it.
_NAMES = ("topics", "organisations", "countries", "people", "media_contacts")
_PARTS: tuple[tuple[type[models.Model], str, type[models.Model]], ...] = (
    (Event, "participants", Participant), (Event, "outcomes", Outcome),
    (Statement, "speakers", Speaker), (Statement, "quotes", Quote),
    (Publication, "placements", Placement),
)  # fmt: skip

Progress = Callable[..., Any]


class NotEmpty(Exception):
    """The database holds what an archive must not be mixed with."""


def refuse_others(into_existing: bool) -> None:
    """Raise NotEmpty where the database holds an archive already, or, unless `into_existing`,
    anything that somebody with an account has written."""
    if Edition.objects.filter(by_name=GENERATED.name).exists():
        raise NotEmpty("This database holds a generated archive already: take another one.")
    theirs = Edition.objects.exclude(by_name__in=(FOUNDING_IMPORT.name, GENERATED.name)).exists()
    if theirs and not into_existing:
        raise NotEmpty(
            "This database holds what people wrote. Take an empty one, or say --into-existing."
        )


@dataclass
class Batch:
    """Rows that are ready to be poured, in the order that foreign keys ask for; last the entries
    of search, what the index of words keeps of each, and the words that are in them."""

    rows: list[Rows]
    entries: Rows
    stored: list[tuple[str, ...]]
    words: set[str]


def _items(plan: Plan, numbers: range) -> list[Any]:
    items: list[Any] = []
    for n in numbers:
        about = items[-1] if items and n % _TOLD and n % 2 else None
        is_told = about is not None and about.status == Status.APPROVED
        items.append(
            texts.statement(plan, n, about if is_told else None) if n % 2 else texts.event(plan, n)
        )
    return items


def _batch(plan: Plan, numbers: range) -> Batch:
    """The texts of these numbers, with all that the verbs would have made of them."""
    items = _items(plan, numbers)
    acts = [edition for item in items for edition in _editions(plan, item)]
    rows: list[tuple[type[models.Model], list[Any]]] = [(Publication, items)]
    for model in (Event, Statement):
        rows.append((model, [each for each in items if type(each) is model]))
    for holder, relation, model in _PARTS:
        held = (getattr(each, relation).all() for each in items if isinstance(each, holder))
        rows.append((model, list(chain.from_iterable(held))))
    rows += [(Edition, acts), (Mark, [mark for item in items for mark in _marks(item)])]
    found = [each for item in items for each in entries.of(item)]
    listed = [Entry(**each.columns()) for each in found]
    return Batch(
        [*(prepared(model, each) for model, each in rows), *_pairs(items)],
        prepared(Entry, listed), [matching.stored(each.terms()) for each in found],
        {word for entry in listed for word in entries.vocabulary(entry)},
    )  # fmt: skip


def _editions(plan: Plan, item: Any) -> Iterator[Edition]:
    """The chain of a text: saved, submitted, approved, and ended where it was."""
    content, digests = editions.snapshot(item), editions.text_digests(item)
    shown = item.release_at or datetime.combine(plan.until, datetime.min.time(), UTC)
    shown = min(shown, datetime.combine(plan.until, datetime.min.time(), UTC))
    acts: list[tuple[str, datetime, Status, int | None]] = [
        ("save", shown - timedelta(days=2), Status.DRAFT, None)
    ]
    if item.status != Status.DRAFT:
        acts.append(("submit", shown - timedelta(days=1), Status.IN_REVIEW, None))
    if item.status not in (Status.DRAFT, Status.IN_REVIEW):
        acts.append(("approve", shown - timedelta(hours=1), Status.APPROVED, 1))
    if item.status == Status.WITHDRAWN:
        acts.append(("withdraw", item.withdrawn_at, Status.WITHDRAWN, None))
    if item.status == Status.RETRACTED:
        acts.append(("retract", item.withdrawn_at, Status.RETRACTED, None))
    now = editions.standing(item)
    for number, (action, at, status, public) in enumerate(acts, 1):
        then = now if number == len(acts) else now | _unsaid(now, status)
        edition = Edition(
            model=item._meta.model_name, record_uid=item.pk, number=number, action=action,
            snapshot={"content": content, "standing": then}, by_name=GENERATED.name,
            at=at.replace(microsecond=0), public_number=public, text_digests=digests,
            previous_digest=item.edition_head,
        )  # fmt: skip
        edition.chain_digest = editions.chain_digest(edition)
        item.edition_head, item.edition_count = edition.chain_digest, number
        item.version = number
        yield edition


def _unsaid(now: dict[str, Any], status: Status) -> dict[str, Any]:
    """What was not said of a text yet when it had this status."""
    late = {name: "" if name.startswith("reason") else None
            for name in now if name.startswith(("reason", "withdrawn_at"))}  # fmt: skip
    if status != Status.APPROVED:
        late |= {"release_at": None, "published_at": None}
    return late | {"status": status.value}


def _pairs(items: list[Any]) -> Iterator[Rows]:
    """What texts and outcomes name, as rows of the tables between."""
    outcomes = [each for item in items if isinstance(item, Event) for each in item.outcomes.all()]
    for model, rows, names in (
        (Publication, items, _NAMES), (Outcome, outcomes, ("countries", "organisations")),
    ):  # fmt: skip
        for name in names:
            relation: Any = model._meta.get_field(name)
            through = relation.remote_field.through
            own = through._meta.get_field(relation.m2m_field_name()).attname
            other = through._meta.get_field(relation.m2m_reverse_field_name()).attname
            yield prepared(through, [
                through(**{own: row.pk, other: each.pk})
                for row in rows for each in getattr(row, name).all()
            ])  # fmt: skip


def _marks(item: Any) -> Iterator[Mark]:
    if item.status != Status.APPROVED:
        return
    for each in facets.marked(item):
        for facet, value in each.pairs:
            yield Mark(model=each.model, uid=each.uid, publication_id=each.publication,
                       announced_in_id=each.announced_in, facet=facet, value=value)  # fmt: skip


# --- Into the database ----------------------------------------------------------------------------


@dataclass
class _Writer:
    """Takes batches, one transaction each."""

    key: int
    words: set[str] = field(default_factory=set)

    def take(self, batch: Batch) -> None:
        with transaction.atomic():
            for rows in batch.rows:
                pour(rows)
            keys = range(self.key, self.key + len(batch.stored))
            self.key = keys.stop
            found = batch.entries
            values = [(key, *row) for key, row in zip(keys, found.values, strict=True)]
            columns = ("id", *found.columns)
            if connection.vendor == "postgresql":
                columns += ("vector",)
                values = [(*row, *own) for row, own in zip(values, batch.stored, strict=True)]
            pour(Rows(found.table, columns, values))
            if connection.vendor == "sqlite":
                matching.keep(dict(zip(keys, batch.stored, strict=True)))
            entries.learn(batch.words - self.words)
            self.words |= batch.words


def generate(
    number: int, seed: int, until: date, photos: int = 0, processes: int = 1,
    progress: Progress = lambda rows, **told: rows,
) -> None:  # fmt: skip
    """Fill the database with `number` publications until `until`, the same ones for one seed.

    `progress` wraps what is gone through, as tqdm does. Raises NotEmpty: see `refuse_others`.
    """
    named = people.make(seed, texts.BEGINS, photos, lambda rows: progress(rows, unit="photo"))
    plan = Plan(number, seed, until, named)
    ranges = [range(at, min(at + BATCH, number)) for at in range(0, number, BATCH)]
    writer = _Writer(next_key(Entry))
    shown = progress(range(number), total=number, unit="publication")
    with _batches(plan, ranges, processes) as batches:
        counted = iter(shown)
        for numbers, batch in zip(ranges, batches, strict=True):
            writer.take(batch)
            for _each in zip(numbers, counted, strict=False):
                pass
        next(counted, None)
    set_sequences((Entry,))
    facets.recount()
    with connection.cursor() as cursor:
        cursor.execute("analyze")


@contextmanager
def _batches(plan: Plan, ranges: list[range], processes: int) -> Iterator[Iterable[Batch]]:
    """The batches in their order, each made when the one before is taken, or some ahead of it by
    other processes."""
    if processes < 2 or len(ranges) < 2:
        yield (_batch(plan, numbers) for numbers in ranges)
        return
    # They ask the database nothing; what is open here must not be closed by them.
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]
    context = multiprocessing.get_context("fork")
    with context.Pool(processes, _PLANS.append, (plan,)) as pool:
        yield pool.imap(_planned, ranges)


# What a process of the pool works on.
_PLANS: list[Plan] = []


def _planned(numbers: range) -> Batch:
    return _batch(_PLANS[-1], numbers)
