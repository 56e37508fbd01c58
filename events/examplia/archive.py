"""The archive of Examplia as a whole: what the verbs would have left, made without their queries.

Editions, marks, entries and terms come from the functions that the verbs call, of rows in memory;
only the way into the database is another. One batch is one transaction, and needs no more memory
than its own rows, whatever the archive is to hold.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any

import django
from django.db import connection, connections, models, transaction

from .. import editions, facets
from ..models import (
    RECORDED,
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
    Word,
)  # fmt: skip
from ..roles import FOUNDING_IMPORT, GENERATED
from ..search import entries, matching
from ..visibility import Status
from . import people, texts
from .pouring import next_key, pour, pour_values, set_sequences
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
    """Rows that are ready to be poured, in the order that foreign keys ask for."""

    rows: list[tuple[type[models.Model], list[Any]]] = field(default_factory=list)
    pairs: dict[tuple[str, str, str], list[tuple[Any, Any]]] = field(default_factory=dict)
    entries: list[tuple[Entry, tuple[str, ...]]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)


def _batch(plan: Plan, numbers: range) -> Batch:
    """The texts of these numbers, with all that the verbs would have made of them."""
    items: list[Any] = []
    for n in numbers:
        if n % 2 == 0:
            items.append(texts.event(plan, n))
        else:
            about = items[-1] if items and n % _TOLD else None
            items.append(texts.statement(plan, n, about if _may_tell(about) else None))
    made = Batch()
    acts = [edition for item in items for edition in _editions(plan, item)]
    made.rows += [(Publication, items)]
    made.rows += [(model, [each for each in items if type(each) is model])
                  for model in (Event, Statement)]  # fmt: skip
    for holder, relation, model in _PARTS:
        held = (getattr(each, relation).all() for each in items if isinstance(each, holder))
        made.rows.append((model, list(chain.from_iterable(held))))
    for item in items:
        _pairs(made, Publication, item, _NAMES)
        for outcome in item.outcomes.all() if isinstance(item, Event) else ():
            _pairs(made, Outcome, outcome, ("countries", "organisations"))
    made.rows += [(Edition, acts), (Mark, [mark for item in items for mark in _marks(item)])]
    for item in items:
        for found in entries.of(item):
            entry = Entry(**found.columns())
            made.entries.append((entry, matching.stored(found.terms())))
            made.words.update(entries.vocabulary(entry))
    return made


def _may_tell(event: Any) -> bool:
    return event is not None and event.status == Status.APPROVED


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


def _pairs(made: Batch, model: Any, row: Any, names: Iterable[str]) -> None:
    for name in names:
        relation = model._meta.get_field(name)
        through = relation.remote_field.through._meta
        own = through.get_field(relation.m2m_field_name()).column
        other = through.get_field(relation.m2m_reverse_field_name()).column
        key = (through.db_table, own, other)
        made.pairs.setdefault(key, []).extend((row.pk, each.pk) for each in getattr(row, name).all())


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
            for model, rows in batch.rows:
                pour(model, rows)
            uuid = models.UUIDField()
            for (table, own, other), pairs in batch.pairs.items():
                pour_values(table, (own, other), [
                    tuple(uuid.get_db_prep_save(each, connection) for each in pair)
                    for pair in pairs
                ])  # fmt: skip
            for entry, _stored in batch.entries:
                entry.pk, self.key = self.key, self.key + 1
            pour(Entry, [entry for entry, _stored in batch.entries])
            matching.keep({entry.pk: stored for entry, stored in batch.entries})
            new = batch.words - self.words
            entries.learn(new)
            self.words |= new


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
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    # A child needs the names alone: pictures are in storage, and are known by their keys.
    with context.Pool(processes, _begin, (replace(plan),)) as pool:
        yield pool.imap(_planned, ranges)


_plan: Plan | None = None


def _begin(plan: Plan) -> None:
    global _plan
    django.setup()
    _plan = plan


def _planned(numbers: range) -> Batch:
    assert _plan is not None
    return _batch(_plan, numbers)


def held() -> int:
    """How many publications the database holds, whoever wrote them."""
    return Publication.objects.count()


__all__ = ["RECORDED", "NotEmpty", "Word", "generate", "held", "refuse_others"]
