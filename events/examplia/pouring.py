"""Rows by the thousand into either database: COPY on PostgreSQL, prepared inserts on SQLite.

Each value is prepared by its field, as a save would; `save`, signals and validation have no part in
it. A child of another table is a row of its own here: only the columns of its own table are poured.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models


def pour(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert rows into the table of `model` alone. Where they have no numbers for keys, the
    database gives them."""
    if not rows:
        return
    fields = [
        field for field in model._meta.local_concrete_fields
        if getattr(rows[0], field.attname) is not None or not isinstance(field, models.AutoField)
    ]  # fmt: skip
    prepared = [(field.attname, field.get_db_prep_save) for field in fields]
    values = (
        tuple(prepare(getattr(row, name), connection) for name, prepare in prepared)
        for row in rows
    )
    pour_values(model._meta.db_table, [field.column for field in fields], values)


def pour_values(table: str, columns: Sequence[str], values: Iterable[Sequence[Any]]) -> None:
    """Insert values that the database takes as they are."""
    quote = connection.ops.quote_name
    listed = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"copy {quote(table)} ({listed}) from stdin") as copy:
                for row in values:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"insert into {quote(table)} ({listed}) values ({places})", list(values))


def next_key(model: type[models.Model]) -> int:
    """The first number that no row of `model` has for its key."""
    last = model._default_manager.aggregate(last=models.Max("pk"))["last"]
    return (last or 0) + 1


def set_sequences(found: Sequence[type[models.Model]]) -> None:
    """Let the database number new rows behind those that were poured with theirs."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), found):
            cursor.execute(statement)
