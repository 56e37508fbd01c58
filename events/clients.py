"""Who asks: a client's address, and the number under which its request stands in every log.

Proxies are believed by setting alone (TRUSTED_PROXY). The number is not sent back: a public answer
is the same for everybody, and what differs each time is in nobody's cache.
"""

import ipaddress
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Of an IPv6 address, what one household or office is given: the rest is its own to change.
_IPV6_PREFIX = 64
# What is kept of a reader's address in logs: the network, not the household.
_READER_PREFIX = {4: 24, 6: 48}
# A proxy's number is taken as it is where no log can be misled by it.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)


@dataclass(frozen=True)
class Asking:
    """A request as logs and the audit trail name it: its number, and the client's address ("" where
    it is not known)."""

    request_id: str = ""
    address: str = ""


_NOBODY = Asking()
_asking: ContextVar[Asking] = ContextVar("asking", default=_NOBODY)


def asking() -> Asking:
    """The request that is being answered; one without number or address outside of any."""
    return _asking.get()


def client(request: HttpRequest) -> str:
    """The address that a request comes from: of the connection; behind a proxy that is trusted,
    the last one in X-Forwarded-For, which that proxy wrote: all before it anybody may claim."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        said = request.META.get("HTTP_X_FORWARDED_FOR", "")
        address = said.rpartition(",")[2].strip() or address
    try:
        known = ipaddress.ip_address(address)
    except ValueError:  # a socket of the machine, or garble: all of them together
        return ""
    if isinstance(known, ipaddress.IPv6Address):
        known = known.ipv4_mapped or ipaddress.ip_network(
            (known, _IPV6_PREFIX), strict=False
        ).network_address  # fmt: skip
    return str(known)


def network(address: str) -> str:
    """What is kept of a reader's address: its network, as in 192.0.2.0/24; "" for none."""
    if not address:
        return ""
    known = ipaddress.ip_address(address)
    return str(ipaddress.ip_network((known, _READER_PREFIX[known.version]), strict=False))


def request_id(request: HttpRequest) -> str:
    """The number of a request: the trusted proxy's own, so that its log and ours tell of the same;
    else a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.BEHIND_PROXY else ""
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def who_asks(request: HttpRequest) -> Asking:
    """A request as logs name it; of the request only META is looked at."""
    return Asking(request_id(request), client(request))


@contextmanager
def asked_by(asking: Asking) -> Iterator[None]:
    """In the block, this is the request that is being answered."""
    token = _asking.set(asking)
    try:
        yield
    finally:
        _asking.reset(token)


class AskingMiddleware:
    """Gives a request its number, where it has not got one before Django began (logs.Numbered)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if asking().request_id:
            return self.get_response(request)
        with asked_by(who_asks(request)):
            return self.get_response(request)
