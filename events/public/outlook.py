"""What this process knows of the public record without asking the database, and whether the
database can be asked.

While it is away, readers may get the last bytes that an address had: for ten minutes at most, and
never across a release, a withdrawal, a retraction or a change that this process knows of. It knows
of what the record's state (latest.py) told when it was last looked at, once a second while pages
are made; of the releases that were then to come; and of every act of its own.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from .. import visibility
from ..latest import ACTS, coming, latest
from .finished import Finished

logger = logging.getLogger(__name__)

LONGEST = timedelta(minutes=10)
# The state of the record where nobody could read it.
UNKNOWN = "?"
# In a request's META: by when the state was read that its answer is to be kept with (monotonic
# time): whatever answers may not be older.
READ = "pressoffice.state_read"
# An approval names a time at least a minute ahead: whoever looks this far knows of every release
# that may come while the last bytes are given.
_AHEAD = LONGEST + timedelta(minutes=2)
# Seconds: how old what is known of the record may be while pages are made; and how long nobody
# tries a database again that was away.
_LOOK, _RETRY = 1.0, 1.0


class Outlook:
    """The record's last known state, and the releases to come."""

    def __init__(self) -> None:
        self.state = UNKNOWN
        self.read = float("-inf")
        self._looked = float("-inf")
        self._moments: set[datetime] = set()
        self._lock = Lock()

    def look(self, second: datetime, anew: bool = False) -> str:
        """The state of the record, read at most once a second, by one thread for all. It is never
        newer than what is read after this. Raises DatabaseError, InterfaceError."""
        if not anew and (monotonic() - self._looked < _LOOK or self._lock.locked()):
            return self.state
        with self._lock:
            began = monotonic()
            with visibility.at(second):
                state, ahead = latest().tag, coming(second + _AHEAD)
            passed = {each for each in self._moments if second - _AHEAD < each <= second}
            # The time first: whoever sees the new state must not see the former time.
            self.read = monotonic()
            self.state, self._moments, self._looked = state, passed | ahead, began
        return state

    def vouches(self, found: Finished, second: datetime) -> bool:
        """Whether an answer may still be given at a moment, for all that is known."""
        return (
            found.is_page
            and found.begun - 1 > ACTS.at
            and monotonic() - found.begun < LONGEST.total_seconds()
            and found.second <= second
            and found.state == self.state != UNKNOWN
            and not any(found.second < each <= second for each in self._moments)
        )


class Outage:
    """Whether the database can be asked. While it is away nobody waits for it but one request a
    second, which finds out. `probe` asks it something, and raises where it cannot."""

    def __init__(self, probe: Callable[[], Any]) -> None:
        self.is_away = False
        self._probe, self._next, self._lock = probe, 0.0, Lock()

    def may_ask(self) -> bool:
        """Whether this request may ask the database anything."""
        if not self.is_away:
            return True
        if monotonic() < self._next or not self._lock.acquire(blocking=False):
            return False
        try:
            return self._found()
        finally:
            self._lock.release()

    def suspect(self, problem: BaseException | None) -> bool:
        """A request has failed: find out whether the database is there. Where no connection was to
        be had for as long as the pool waits, that is known."""
        waited = type(getattr(problem, "__cause__", None)).__name__ == "PoolTimeout"
        with self._lock:
            if self.is_away:
                return False
            if waited:
                self._set(True)
                return False
            return self._found()

    def _found(self) -> bool:
        try:
            self._probe()
        except (DatabaseError, InterfaceError):
            self._set(True)
        else:
            self._set(False)
        finally:
            if not connection.in_atomic_block:
                connection.close()
        return not self.is_away

    def _set(self, is_away: bool) -> None:
        if is_away and not self.is_away:
            logger.error("The database cannot be reached: readers get what was last known.")
        if self.is_away and not is_away:
            logger.warning("The database is there again.")
        self.is_away, self._next = is_away, monotonic() + _RETRY
