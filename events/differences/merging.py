"""Three-way merge: my text on top of theirs, both made from one base."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..editions import Snapshot
from .fields import Path

# Stands for a column that one side has not got: a new row, or a text of older software.
_NOTHING: Any = object()


def _merge_value(base: Any, theirs: Any, mine: Any) -> tuple[Any, bool]:
    if mine in (base, theirs):
        return theirs, False
    return mine, theirs != base


def _merge_set(base: Any, theirs: Any, mine: Any) -> list[str]:
    was, his, own = (set(each or ()) for each in (base, theirs, mine))
    return sorted((his & own) | (his - was) | (own - was))


def in_order(rows: list[Snapshot]) -> list[Snapshot]:
    """Rows as editions.snapshot has them."""
    return sorted(rows, key=lambda row: (row["fields"].get("order", 0), row["uid"]))


def _merge(
    base: Snapshot | None, theirs: Snapshot, mine: Snapshot, prefix: Path, hits: list[Path]
) -> Snapshot:
    was: Snapshot = base or {"fields": {}, "many": {}, "parts": {}}
    merged: Snapshot = {**theirs, "fields": {}, "many": {}, "parts": {}}
    for name in {**theirs["fields"], **mine["fields"]}:
        sides = (side["fields"].get(name, _NOTHING) for side in (was, theirs, mine))
        value, hit = _merge_value(*sides)
        if value is not _NOTHING:
            merged["fields"][name] = value
        if hit:
            hits.append((*prefix, name))
    for name in {**theirs["many"], **mine["many"]}:
        merged["many"][name] = _merge_set(*(side["many"].get(name) for side in (was, theirs, mine)))
    for relation in {**theirs["parts"], **mine["parts"]}:
        rows = [
            {state["uid"]: state for state in side["parts"].get(relation, ())}
            for side in (was, theirs, mine)
        ]
        states: list[Any] = []
        for uid in {**rows[1], **rows[2]}:
            path = (*prefix, relation, uid)
            before, his, own = (side.get(uid) for side in rows)
            if his is not None and own is not None:
                states.append(_merge(before, his, own, path, hits))
                continue
            kept = his if own is None else own
            # One side took the row out. Where the other mended it meanwhile, a person decides:
            # until then mine stands.
            if before is None or (kept != before and own is not None):
                states.append(kept)
            if before is not None and kept != before:
                hits.append(path)
        merged["parts"][relation] = in_order(states)
    return merged


def merge(base: Snapshot, theirs: Snapshot, mine: Snapshot) -> tuple[Snapshot, list[Path]]:
    """My text on top of theirs, both made from `base`; and the paths that both changed
    differently, where mine stands in the result and a person must decide.

    Raises ValidationError where the three are not of one record.
    """
    if not base["uid"] == theirs["uid"] == mine["uid"]:
        raise ValidationError(_("This edition belongs to another record."))
    hits: list[Path] = []
    return _merge(base, theirs, mine, (), hits), hits
