"""What the entries of a feed name beside their own text: of several kinds, in one query."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from .placed import Array

# By kind and the uid of the holder: rows as (uid, the values that were asked for).
Gathered = dict[str, dict[UUID, list[tuple[UUID, list[Any]]]]]


def branch(kind: str, rows: QuerySet[Any], holder: str, fields: Iterable[str]) -> QuerySet[Any]:
    """Rows that passed the gate, as (kind, uid of the holder, uid, values as one text): one shape
    for all kinds, unordered as SQLite's union asks."""
    text = Cast(Array(*fields), TextField())
    return rows.order_by().values_list(Value(kind), F(holder), F("uid"), text)


def gathered(branches: Iterable[QuerySet[Any]]) -> Gathered:
    """The rows of all branches. One query, none for no branches."""
    found: Gathered = defaultdict(lambda: defaultdict(list))
    asked = list(branches)
    if asked:
        first, *others = asked
        for kind, holder, uid, text in first.union(*others, all=True) if others else first:
            found[kind][holder].append((uid, json.loads(text)))
    return found
