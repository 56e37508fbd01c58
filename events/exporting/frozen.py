"""The database as it stands at one instant, for as long as an export lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from .. import visibility


@contextmanager
def frozen() -> Iterator[datetime]:
    """Fix the one moment and let every query of the block see the same record, whatever is
    published meanwhile. Nobody waits for it: nothing is locked, nothing can be written.

    Inside a transaction (a test's) that transaction is all there is.
    """
    with visibility.at() as moment:
        if connection.in_atomic_block:
            yield moment
        elif connection.vendor == "postgresql":
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
                yield moment
        else:
            # A deferred transaction of SQLite reads one snapshot and takes no lock for writing.
            with connection.cursor() as cursor:
                cursor.execute("begin deferred")
            try:
                yield moment
            finally:
                with connection.cursor() as cursor:
                    cursor.execute("rollback")
