"""Asks the front of the house, or the house behind it, as a WSGI server does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import RequestFactory

from events.public.front import Front


class Told(NamedTuple):
    """What came back: the status, the headers (their order tells nothing), the bytes."""

    status: int
    headers: dict[str, str]
    body: bytes


def environ(address: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    """The request of a reader for an address: if_none_match="…" is If-None-Match."""
    parts = urlsplit(address)
    said = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return RequestFactory()._base_environ(
        REQUEST_METHOD=method, PATH_INFO=parts.path, QUERY_STRING=parts.query,
        **{"HTTP_HOST": "testserver", **said},
    )  # fmt: skip


def ask(application: Any, address: str, method: str = "GET", **headers: str) -> Told:
    """One request. A server sends no bytes in answer to HEAD, and none with a 304."""
    return sent(application, environ(address, method, **headers))


@contextmanager
def connection_kept() -> Iterator[None]:
    """A server closes its connection after each request; a test whose rows are in a transaction
    would lose them with it, as Django's own test client knows."""
    signals = (request_started, request_finished) if connection.in_atomic_block else ()
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def sent(application: Any, said: dict[str, Any]) -> Told:
    """The answer to a request that is made already."""
    with connection_kept():
        return _sent(application, said)


def _sent(application: Any, said: dict[str, Any]) -> Told:
    told: list[Any] = []
    answer = application(said, lambda status, headers: told.append((status, headers)))
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    ((status, headers),) = told
    pairs = [(name, str(value)) for name, value in headers]
    assert len({name.lower() for name, _value in pairs}) == len(pairs), "a header stands twice"
    number = int(status.split()[0])
    is_empty = said["REQUEST_METHOD"] == "HEAD" or number == 304
    return Told(number, dict(pairs), b"" if is_empty else body)


class Counting:
    """The house, which counts what it is asked to make."""

    def __init__(self) -> None:
        self.house, self.asked = WSGIHandler(), []

    def __call__(self, said: dict[str, Any], start_response: Any) -> Any:
        self.asked.append(said["PATH_INFO"])
        return self.house(said, start_response)


def front() -> Front:
    """A front with nothing in it, before a house that counts."""
    return Front(Counting(), 16)
