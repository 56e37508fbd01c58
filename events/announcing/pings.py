"""How a hub is told that a feed has changed (W3C WebSub, section 6; what hubs take in practice).

The network is asked outside of any transaction. A ping is marked as taken before it is sent, and as
sent after the hub has accepted it: a process that dies between the two leaves it to be sent once
more when its time is up, which costs the hub one look at a feed that it knows.
"""

import contextlib
import http.client
import random
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from django.db import IntegrityError, transaction
from django.db.models import Q

from .. import visibility
from ..models import Ping

# Seconds: for the hub to answer at all, and for which a ping belongs to whoever has taken it.
PATIENCE, LEASE = 10.0, timedelta(minutes=2)
# At a time: many feeds change with one text, and a hub that hangs shall not hold the others up.
TOGETHER = 8
# The first wait after a failure doubles with each, up to a bound; after so many it is given up.
FIRST_WAIT, LONGEST_WAIT, TRIES = timedelta(seconds=5), timedelta(hours=6), 16


@dataclass(frozen=True)
class Sent:
    """How many pings were accepted, are to be tried again, and were given up."""

    accepted: int = 0
    failed: int = 0
    given_up: int = 0


def waiting() -> int:
    """How many pings are neither sent nor given up."""
    return Ping.objects.waiting().count()


def _due(now: datetime) -> Q:
    return Q(due_at__lte=now) & (Q(taken_until=None) | Q(taken_until__lt=now))


def _take(most: int) -> list[Ping]:
    """Some due pings, now in this process's hands alone: PostgreSQL locks the rows, SQLite the
    whole file."""
    now = visibility.clock()
    with transaction.atomic():
        rows = Ping.objects.waiting().filter(_due(now)).order_by("due_at", "pk")
        taken = list(rows.select_for_update(skip_locked=True)[:most])
        Ping.objects.filter(pk__in=[each.pk for each in taken]).update(taken_until=now + LEASE)
    return taken


def deliver(stopped: Callable[[], bool] = lambda: False) -> Sent:
    """Send what is due, until nothing is or `stopped()`. Never raises for what a hub does."""
    found = Counter[str]()
    while not stopped() and (taken := _take(TOGETHER)):
        with ThreadPoolExecutor(len(taken)) as pool:
            answers = list(pool.map(_tell, taken))
        for ping, (accepted, answer) in zip(taken, answers, strict=True):
            found[_settle(ping, accepted, answer)] += 1
    return Sent(found["accepted"], found["failed"], found["given_up"])


def _settle(ping: Ping, accepted: bool, answer: str) -> str:
    """Write down what became of a ping."""
    now = visibility.clock()
    ping.tries, ping.answer, ping.taken_until = ping.tries + 1, answer[:100], None
    what = "accepted" if accepted else "failed" if ping.tries < TRIES else "given_up"
    if what == "accepted":
        ping.sent_at = now
    elif what == "given_up":
        ping.given_up_at = now
    else:
        wait = min(FIRST_WAIT * 2 ** (ping.tries - 1), LONGEST_WAIT)
        # Not all at once: many that failed together would fail together again.
        ping.due_at = now + wait * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
    try:
        with transaction.atomic():
            ping.save()
    except IntegrityError:
        # Another act came meanwhile, and its own ping waits: it brings the hub here as well.
        ping.given_up_at, ping.answer = now, "a newer ping took its place"
        ping.save()
    return what


def _tell(ping: Ping) -> tuple[bool, str]:
    """Whether the hub accepts, and a few words on it. Redirects are not followed: a hub is where
    the office says that it is."""
    said = urlencode({"hub.mode": "publish", "hub.url": ping.topic, "hub.topic": ping.topic})
    there = urlsplit(ping.hub)
    connection = _connection(there.scheme, there.hostname or "", there.port)
    # A limit on each step is none on their sum: a hub may send one byte after the other.
    over = threading.Timer(PATIENCE, _cut, [connection])
    over.daemon = True
    over.start()
    try:
        path = (there.path or "/") + (f"?{there.query}" if there.query else "")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, said.encode("ascii"), headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as problem:
        return False, f"not reached: {type(problem).__name__}"
    finally:
        over.cancel()
        connection.close()
    return 200 <= status < 300, f"answered {status}"


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=PATIENCE, context=context)
    return http.client.HTTPConnection(host, port, timeout=PATIENCE)


def _cut(connection: http.client.HTTPConnection) -> None:
    """End an exchange that takes too long, whatever it waits for."""
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
