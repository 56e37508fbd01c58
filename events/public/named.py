"""What a page names of an item, of several kinds and for its outcomes too, in one query."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Value

from ..languages import columns
from ..models import Country, MediaContact, Organisation, Outcome, Topic
from . import placed

# What pages show of each kind of row; the rest of it is not read.
_SHOWN: dict[Any, tuple[str, ...]] = {
    Topic: ("slug", *columns("name")),
    Organisation: ("slug", *columns("name"), *columns("abbreviation")),
    Country: ("iso2", "called"),
    MediaContact: (*columns("name"), *columns("role"), "phone", "email"),
}
_COLUMNS = tuple(dict.fromkeys(chain.from_iterable(_SHOWN.values())))
# The relations of outcomes that hold their responsible parties.
PARTIES: dict[str, Any] = {"countries": Country, "organisations": Organisation}

# By the name they were asked for: rows, each with the uid of its holder.
_Found = dict[str, list[tuple[UUID, Any]]]


@dataclass(frozen=True)
class _Asked:
    """Rows of `model`: `rows` themselves, or what their relation `path` leads to."""

    name: str
    model: Any
    rows: QuerySet[Any]
    path: str = ""

    def values(self) -> QuerySet[Any]:
        """The rows in the one shape that all kinds share, unordered as SQLite's union asks."""
        there = f"{self.path}__" if self.path else ""
        rows = self.rows.filter(**{f"{self.path}__isnull": False}) if self.path else self.rows
        shown = (F(f"{there}{each}") if each in _SHOWN[self.model] else Value("")
                 for each in _COLUMNS)  # fmt: skip
        return rows.order_by().values_list(Value(self.name), F("pk"), F(f"{there}uid"), *shown)

    def made(self, uid: UUID, texts: Iterable[str]) -> Any:
        """A row as `.only()` makes it: what was not read is still to be read."""
        known = {"uid": uid, **dict(zip(_COLUMNS, texts, strict=True))}
        names = [field.attname for field in self.model._meta.concrete_fields
                 if field.attname in {"uid", *_SHOWN[self.model]}]  # fmt: skip
        return self.model.from_db(self.rows.db, names, [known[name] for name in names])


def _gather(
    asked: list[_Asked], packed: Iterable[QuerySet[Any]] = (), files: Any = None
) -> _Found:  # fmt: skip
    """One query; the rows of each kind in the order of their model. What `packed` finds is added
    to the list `files`, as placed.Packed."""
    first, *others = (each.values() for each in asked)
    by_name = {each.name: each for each in asked}
    found: _Found = {each.name: [] for each in asked}
    for name, holder, uid, *texts in first.union(*others, *packed, all=True):
        if name in by_name:
            found[name].append((holder, by_name[name].made(uid, texts)))
        else:
            files.append((name, holder, uid, texts[0]))
    for name, rows in found.items():
        order = attrgetter(by_name[name].model._meta.ordering[0])
        rows.sort(key=lambda pair: order(pair[1]))
    return found


def of(
    item: Any, outcomes: QuerySet[Outcome], shown: Iterable[Any] = ()
) -> tuple[dict[str, Any], list[Outcome]]:  # fmt: skip
    """What the page of an event or a statement names: its topics and organisations, and its
    media contacts, else the office's; its photos and documents, and those of the texts that are
    `shown` on it; and `outcomes` (gated rows) with their parties.

    Two queries. A withdrawn item is on its own address alone: what only it names has no page,
    so topics and organisations are asked for through the gate all the same.
    """
    holders, files = [item, *shown], list[placed.Packed]()
    found = _gather(
        [
            _Asked("topics", Topic, Topic.objects.public().filter(publications=item)),
            _Asked("organisations", Organisation,
                   Organisation.objects.public().filter(publications=item)),
            _Asked("contacts", MediaContact, item.media_contacts.all()),
            _Asked("general", MediaContact, MediaContact.objects.public().filter(general=True)),
            *(_Asked(f"responsible {relation}", model, outcomes, relation)
              for relation, model in PARTIES.items()),
        ],
        placed.packed(holders, len(_COLUMNS)), files,
    )  # fmt: skip
    listed = list(outcomes)
    for relation in PARTIES:
        _hand_over(listed, relation, found[f"responsible {relation}"])
    rows = {name: [row for _holder, row in pairs] for name, pairs in found.items()}
    named = {name: rows[name] for name in ("topics", "organisations")}
    named |= {"contacts": rows["contacts"] or rows["general"]}
    return named | placed.unpacked(files, holders), listed


def give_parties(outcomes: list[Outcome]) -> None:
    """Let public outcomes in hand know their responsible parties. One query, none for none."""
    if not outcomes:
        return
    rows = Outcome.objects.public().filter(pk__in=[each.pk for each in outcomes])
    found = _gather(
        [_Asked(relation, model, rows, relation) for relation, model in PARTIES.items()]
    )
    for relation in PARTIES:
        _hand_over(outcomes, relation, found[relation])


def _hand_over(
    holders: Iterable[Any], relation: str, pairs: Iterable[tuple[UUID, Any]]
) -> None:  # fmt: skip
    """Let `holder.<relation>.all()` answer with rows at hand, as prefetch_related does."""
    by_holder = defaultdict(list)
    for uid, row in pairs:
        by_holder[uid].append(row)
    for holder in holders:
        rows = getattr(holder, relation).all()
        rows._result_cache, rows._prefetch_done = by_holder[holder.pk], True
        holder.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = rows
