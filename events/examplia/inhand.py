"""Relations whose rows are in hand and not in the database yet.

What snapshots, marks and entries are made of is read through relations, by the same functions for
a verb and for an archive; here these find rows that a list holds, and ask the database nothing.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models


class InHand(list[Any]):
    """As much of a queryset as those functions ask of one."""

    def all(self) -> "InHand":
        """All of them."""
        return self

    def select_related(self, *names: str) -> "InHand":
        """What they lead to is in hand as well."""
        return self

    prefetch_related = select_related

    @property
    def _result_cache(self) -> "InHand":
        return self


def hold(row: models.Model, **related: Iterable[Any]) -> None:
    """Let the relations of `row` have these rows; every other one that is asked of it is empty."""
    known = row.__dict__.setdefault("_prefetched_objects_cache", {})
    known.update({name: InHand(rows) for name, rows in related.items()})
