"""Rows by the thousand into either database: COPY on PostgreSQL, prepared inserts on SQLite.

Each value is prepared by its field, as a save would; `save`, signals and validation have no part in
it. A child of another table is a row of its own here: only the columns of its own table are poured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models


@dataclass
class Rows:
    """Rows of one table as the database takes them."""

    table: str
    columns: tuple[str, ...]
    values: list[tuple[Any, ...]]


def prepared(model: type[models.Model], rows: Sequence[Any]) -> Rows:
    """Rows for the table of `model` alone. Numbers that they lack for keys the database gives."""
    keyless = bool(rows) and rows[0].pk is None
    fields = [
        field for field in model._meta.local_concrete_fields
        if not (keyless and isinstance(field, models.AutoField))
    ]  # fmt: skip
    ways = [(field.attname, field.get_db_prep_save) for field in fields]
    # Most columns of a text in three languages are empty, and empty in any database.
    values = [
        tuple(
            way(value, connection) if (value := getattr(row, name)) not in (None, "") else value
            for name, way in ways
        )
        for row in rows
    ]
    return Rows(model._meta.db_table, tuple(field.column for field in fields), values)


def pour(rows: Rows) -> None:
    """Insert them."""
    if not rows.values:
        return
    quote = connection.ops.quote_name
    listed = ", ".join(map(quote, rows.columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"copy {quote(rows.table)} ({listed}) from stdin") as copy:
                for row in rows.values:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(rows.columns))
        into = f"insert into {quote(rows.table)} ({listed}) values ({places})"  # noqa: S608
        cursor.executemany(into, rows.values)


def next_key(model: type[models.Model]) -> int:
    """The first number that no row of `model` has for its key."""
    last = model._default_manager.aggregate(last=models.Max("pk"))["last"]
    return (last or 0) + 1


def set_sequences(found: Sequence[type[models.Model]]) -> None:
    """Let the database number new rows behind those that were poured with theirs."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), found):
            cursor.execute(statement)
