"""Which database answers readers: the primary, or its replica as long as that is no older.

Set by DATABASE_REPLICA_URL. A streaming replica is usually milliseconds behind, and sometimes
hours. How far, no clock tells: on a primary where nothing happens the last transaction is old, and
the replica has everything. So what is compared is the log itself. A mark is how long the primary's
log was at some time; once the replica has replayed that much, it has all that was committed then.

The replica answers a request if it has all that was committed before the request's second began:
that is all that a page of this second promises, on the primary as well, and so an act of the staff
is everywhere within a second whichever database was asked. And never if that is known only of a
time more than half a second ago (MOST_BEHIND): then it falls behind, or nobody could tell.

A request is answered from one state of one database: on the replica its queries are one transaction
that sees one snapshot. If the replica fails meanwhile, the primary is asked from the beginning.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.handlers.exception import response_for_exception
from django.db import (
    DEFAULT_DB_ALIAS,
    Error,
    InterfaceError,
    OperationalError,
    connections,
    transaction,
)
from django.http import Http404, HttpRequest, HttpResponse

from events import visibility
from events.public.outlook import READ

logger = logging.getLogger(__name__)

REPLICA = "replica"
# Seconds. By so much the replica may be behind; so often it is looked at, at most; so long it is
# left alone after it did not answer.
MOST_BEHIND, BETWEEN_LOOKS, LEFT_ALONE = 0.5, 0.2, 5.0
# Marks that are waiting to be reached: more than are made while the replica may still be used.
MARKS = 16

# The primary's log as far as it was written by anybody: what is committed is before that.
_WRITTEN = (
    "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn, system_identifier from pg_control_system()"
)
# The replica's, as far as queries there see it; null from a server that is no replica (any more).
_REPLAYED = (
    "select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() - '0/0'::pg_lsn end, "
    "system_identifier from pg_control_system()"
)

_chosen: ContextVar[str] = ContextVar("database", default=DEFAULT_DB_ALIAS)


def _ask(alias: str, question: str) -> tuple[Any, ...]:
    """The one row that answers the question. Raises django.db.Error."""
    with connections[alias].cursor() as cursor:
        cursor.execute(question)
        return tuple(cursor.fetchone())


class Watch:
    """What this process knows of the replica. Times are of the monotonic clock, in seconds."""

    def __init__(
        self,
        ask: Callable[[str, str], tuple[Any, ...]] = _ask,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask, self._now = ask, now
        self._lock = threading.RLock()
        self._marks: deque[tuple[float, Any]] = deque(maxlen=MARKS)
        self._next = self.known = float("-inf")

    def has(self, since: float) -> bool:
        """Whether the replica has all that was committed before `since`, and is not far behind.

        It is looked at where that may have become true; by one thread at a time, while others do
        with what is known."""
        if not self._is_enough(since) and self._lock.acquire(blocking=False):
            try:
                if self._next <= self._now():
                    self._look()
            finally:
                self._lock.release()
        return self._is_enough(since)

    def leave_alone(self) -> None:
        """The replica failed: nobody waits for it in the next seconds."""
        with self._lock:
            self._next, self.known = self._now() + LEFT_ALONE, float("-inf")
            self._marks.clear()

    def _is_enough(self, since: float) -> bool:
        return self.known >= max(since, self._now() - MOST_BEHIND)

    def _look(self) -> None:
        asked = self._now()
        self._next = asked + BETWEEN_LOOKS
        # The primary's own trouble is not the replica's: whoever asks it for the page will see.
        try:
            written, primary = self._ask(DEFAULT_DB_ALIAS, _WRITTEN)
        except Error:
            return
        try:
            replayed, replica = self._ask(REPLICA, _REPLAYED)
        except Error as problem:
            logger.warning("The replica does not answer, the primary does: %s", problem)
            self.leave_alone()
            return
        if replayed is None or replica != primary:
            logger.error("DATABASE_REPLICA_URL is not a replica of DATABASE_URL: it is not asked.")
            self.leave_alone()
            return
        self._marks.append((asked, written))
        while self._marks and self._marks[0][1] <= replayed:
            self.known = self._marks.popleft()[0]


watch = Watch()


def second_began() -> float:
    """When the request's second began, on the monotonic clock."""
    return time.monotonic() - (time.time() - visibility.moment().timestamp())


@contextmanager
def reading_replica() -> Iterator[None]:
    """Read rows of the press office from the replica, all in one snapshot."""
    token = _chosen.set(REPLICA)
    try:
        with transaction.atomic(using=REPLICA):
            yield
    finally:
        _chosen.reset(token)


class ReplicaRouter:
    """Reads rows of the press office where the request reads; all else is on the primary."""

    def db_for_read(self, model: type, **hints: Any) -> str:
        """The request's database, whatever a row that leads there was read from."""
        own = model._meta.app_label == "events"  # type: ignore[attr-defined]
        return _chosen.get() if own else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type, **hints: Any) -> str:
        """Never the replica, which would refuse it."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Both have the same rows."""
        return True

    def allow_migrate(self, alias: str, app_label: str, **hints: Any) -> bool | None:
        """What the replica has, it has from the primary."""
        return False if alias == REPLICA else None


def from_replica(
    request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponse | None:
    """A view's answer to a reader, made from the replica; None where the primary is to be asked.

    For the readers' door alone (doors.py), as the one process_view there: staff, and whatever is
    sent to us, are answered from the primary.
    """
    # What is known of the record's state may never be newer than the page that it vouches for.
    since = max(second_began(), request.META.get(READ, float("-inf")))
    if request.method not in ("GET", "HEAD") or not watch.has(since):
        return None
    try:
        with reading_replica():
            try:
                response: HttpResponse = view(request, *args, **kwargs)
            except Http404 as absent:  # whose page shows what is new, of the same state
                response = response_for_exception(request, absent)
    except (OperationalError, InterfaceError) as problem:
        logger.warning("The replica failed, the primary answers: %s", problem)
        watch.leave_alone()
        return None
    return response
