"""The front of the house: finished pages are handed out here, before Django begins.

A page is a function of its address and of the whole second (DESIGN, section 7). The first request
of a second has it made, from a request that says nothing but the address: no cookie, no language,
no coding. Whoever asks for the same meanwhile waits for it; whoever asks later in the same second
gets the same bytes. Nothing is ever given to a later second, but while the database is away.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from threading import Event, Lock
from time import monotonic
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.http.request import HttpRequest, split_domain_port, validate_host
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from .. import visibility
from ..languages import CODES
from . import ratelimit
from .away import AWAY, FAILED
from .bounded import Shelf
from .finished import Finished, Headers
from .freshness import build, coding_for
from .outlook import READ, UNKNOWN, Outage, Outlook
from .sharedcache import SharedCache

logger = logging.getLogger(__name__)

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# Seconds that somebody waits for the answer another one is having made.
PATIENCE = 30
# Pages in memory; and the most bytes of one, for the largest would push out a hundred others.
ENTRIES, LARGEST = 4_000, 1_000_000
# The longest query that becomes part of a name.
_LONG = 2_000
# What ends the address of a page beside "/", and the pages at fixed addresses. Files, photos and
# dumps are sent from storage, in parts where that is asked for; what is looked for is kept nowhere.
_ENDINGS = (".json", ".rss", ".atom", ".ics", ".xml", ".txt", ".pdf", ".png")
_FIRST = frozenset({*CODES, "api", "cards", ".well-known"})
_APART = ("search/", "search.json", "search/feed.")
# These need no database, or say themselves whether it is there.
_FREE = ("/static/", "/healthz", "/readyz")
# All that a page may be made of.
_SAID = ("SCRIPT_NAME", "PATH_INFO", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL",
         "REMOTE_ADDR", "HTTP_HOST", "HTTP_X_FORWARDED_FOR")  # fmt: skip
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH",
               "HTTP_IF_UNMODIFIED_SINCE")  # fmt: skip


@lru_cache(256)
def _is_ours(host: str, allowed: tuple[str, ...]) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain and validate_host(domain, allowed))


def is_page(path: str) -> bool:
    """Whether an address is one of pages that are kept for their second, by its form alone."""
    first, _slash, rest = path.removeprefix("/").partition("/")
    if first in CODES:
        return not rest.startswith(_APART) and (path.endswith(("/", *_ENDINGS)) or not rest)
    if first == "api":
        return not rest.startswith("v1/dumps/") or rest == "v1/dumps/"
    return first in _FIRST or first == "oembed" or (not rest and first.endswith((".xml", ".txt")))


@lru_cache(4096)
def normalised(query: str) -> str:
    """The same query by the names of its parameters; of one name the order stays: it counts."""
    parts = [each for each in query.split("&") if each]
    return "&".join(sorted(parts, key=lambda part: unquote_plus(part.partition("=")[0])))


def address_of(environ: Environ) -> str:
    """The name of the page that a request is for; "" where the house itself must answer: whatever
    is no page, and whatever the house may refuse before it looks at the address."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("SCRIPT_NAME"):
        return ""
    if not is_page(path) or len(path) + len(query) > _LONG:
        return ""
    if not _is_ours(environ.get("HTTP_HOST", ""), tuple(settings.ALLOWED_HOSTS)):
        return ""
    # Whoever comes without TLS is sent away, and gets other headers: that is another page.
    scheme = f"{environ.get('wsgi.url_scheme', '')} {environ.get(_said_by_proxy(), '')}"
    return f"{scheme} {path}?{normalised(query) if query else ''}"


def _said_by_proxy() -> str:
    """The header by which a trusted proxy tells of TLS; "" without one."""
    told: tuple[str, str] | None = settings.SECURE_PROXY_SSL_HEADER
    return told[0] if told else ""


class _Flight:
    """An answer that is being made, and those who wait for it."""

    def __init__(self) -> None:
        self.over = Event()
        self.found: Finished | None = None


class Front:
    """A WSGI application before the house's own, `application`, which is Django's handler."""

    def __init__(self, application: Application, megabytes: int | None = None) -> None:
        self.application = application
        size = settings.PAGES_MEMORY_MEGABYTES if megabytes is None else megabytes
        self.shelf = Shelf(ENTRIES, size * 1_000_000)
        self._pages = SharedCache("pages")
        self.outlook = Outlook()
        self.outage = Outage(lambda: self.outlook.look(visibility.clock(), anew=True))
        self._flights: dict[tuple[str, datetime], _Flight] = {}
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        address = address_of(environ)
        if not address:
            return self._pass(environ, start_response)
        counted = ratelimit.counted(_asking(environ))
        if counted is not None:
            environ[ratelimit.COUNTED] = counted
            if counted.is_over:
                return self._pass(environ, start_response)
        second = visibility.clock()
        found = self.shelf.get(address)
        if found is None or not found.serves(second):
            if self.outage.may_ask():
                found = self._new(address, second, environ)
            else:
                found = self._last(address, second)
        if found is not None:
            sent = self._send(found, second, environ, start_response, counted)
            if found.has_grown:
                found.has_grown = False
                self.shelf.weigh(address, found)
            if sent is not None:
                return sent
        return self._pass(environ, start_response)

    def _pass(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Let the house answer; it is told if there is no use in asking the database."""
        if not environ.get("PATH_INFO", "").startswith(_FREE) and not self.outage.may_ask():
            environ[AWAY] = True
        answer = self.application(environ, start_response)
        if FAILED in environ:
            self.outage.suspect(environ.pop(FAILED))
        return answer

    # --- Sending ----------------------------------------------------------------------------------

    def _send(
        self, found: Finished, second: datetime, environ: Environ,
        start_response: Callable[..., Any], counted: ratelimit.Count | None,
    ) -> Iterable[bytes] | None:  # fmt: skip
        """The answer in the coding that is taken, or that it is unchanged. None where a condition
        is not met (412), which the house says."""
        sent = found.sent(coding_for(environ.get("HTTP_ACCEPT_ENCODING", "")))
        is_same = _is_same(environ, sent.etag, found.last_modified) if sent.etag else False
        if is_same is None:
            return None
        headers = list(sent.unchanged if is_same else sent.headers)
        if found.second != second:
            headers += _told_late(found)
        if counted is not None:
            headers += ratelimit.headers(counted, is_kept=found.is_page).items()
        if is_same:
            start_response("304 Not Modified", headers)
            return []
        start_response(found.status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [sent.body]

    # --- Making -----------------------------------------------------------------------------------

    def _new(self, address: str, second: datetime, environ: Environ) -> Finished | None:
        """The answer for this second: one request has it made, the others wait. None where it
        cannot be shared."""
        with self._lock:
            found: Finished | None = self.shelf.get(address)
            if found is not None and found.serves(second):
                return found
            flight = self._flights.get((address, second))
            leads = flight is None
            if flight is None:
                flight = self._flights[address, second] = _Flight()
        if not leads:
            flight.over.wait(PATIENCE)
            return flight.found
        try:
            flight.found = self._made(address, second, environ)
        finally:
            with self._lock:
                del self._flights[address, second]
            flight.over.set()
        return flight.found

    def _made(self, address: str, second: datetime, environ: Environ) -> Finished | None:
        if found := self._shared(address, second):
            self.shelf.put(address, found)
            return found
        begun = monotonic()
        found, problem = self._asked(environ, second)
        if problem and self.outage.suspect(problem) and monotonic() - begun < 1:
            # One connection was cut, and the database is there: what only reads may ask again.
            found, problem = self._asked(environ, second)
        if problem:
            return self._last(address, second) or found
        if found is not None and found.is_page and len(found.content) <= LARGEST:
            former = self.shelf.get(address)
            if former is not None:
                found.take_over(former)
            if former is None or former.begun < found.begun:
                self.shelf.put(address, found)
            self._share(address, found)
        return found

    def _asked(
        self, environ: Environ, second: datetime
    ) -> tuple[Finished | None, BaseException | None]:
        """What the house answers to the address alone, and what kept it from the database."""
        begun = monotonic()
        try:
            state = self.outlook.look(second)
        except Exception as problem:
            # What fails here fails below too, where it is judged; nobody vouches for this answer.
            logger.debug("The record's state cannot be read.", exc_info=problem)
            state = UNKNOWN
        said = _address_alone(environ, second) | {READ: self.outlook.read}
        response: Any = self.application(said, lambda *_status_and_headers: None)
        try:
            found = Finished(response, second, begun, state) if Finished.can_be(response) else None
        finally:
            if hasattr(response, "close"):
                response.close()
        return found, said.get(FAILED)

    def _last(self, address: str, second: datetime) -> Finished | None:
        found: Finished | None = self.shelf.get(address)
        return found if found is not None and self.outlook.vouches(found, second) else None

    # --- What other processes have made ---------------------------------------------------------

    def _shared(self, address: str, second: datetime) -> Finished | None:
        """What another process has made for this second."""
        found: Finished | None = None
        if self._pages.is_shared:
            found = self._pages.get(_name(address, second))
        if found is None or found.second != second:
            return None
        # Its time was another process's: here it begins to count now, and its second ends it.
        found.begun = monotonic()
        return found

    def _share(self, address: str, found: Finished) -> None:
        """Let other processes have it: gone when its second is, whatever their clocks say."""
        if self._pages.is_shared and found.serves(found.second):
            self._pages.set(_name(address, found.second), found, 1)


def _name(address: str, second: datetime) -> str:
    whole = f"{build()} {second.timestamp():.0f} {address}"
    return f"page-{hashlib.sha256(whole.encode()).hexdigest()}"


def _address_alone(environ: Environ, second: datetime) -> Environ:
    """The request that a page is made for: its address, and how it came here."""
    said = _said_by_proxy()
    kept = {name: value for name, value in environ.items()
            if name in _SAID or name == said or name.startswith("wsgi.")}  # fmt: skip
    query = normalised(environ.get("QUERY_STRING", ""))
    kept |= {"REQUEST_METHOD": "GET", "QUERY_STRING": query, visibility.MOMENT: second}
    if ratelimit.COUNTED in environ:
        kept[ratelimit.COUNTED] = environ[ratelimit.COUNTED]
    return kept


def _asking(environ: Environ) -> Any:
    """As much of a request as counting takes."""
    return SimpleNamespace(
        META=environ, path_info=environ["PATH_INFO"], method=environ["REQUEST_METHOD"]
    )


def _is_same(environ: Environ, etag: str, last_modified: str) -> bool | None:
    """Whether a request has exactly this already; None where it wants only something else (RFC
    9110, 13.2.2)."""
    if not any(name in environ for name in _CONDITIONS):
        return False
    if environ.get("HTTP_IF_NONE_MATCH") == etag and "HTTP_IF_MATCH" not in environ and (
        "HTTP_IF_UNMODIFIED_SINCE" not in environ
    ):  # fmt: skip
        return True
    asked = HttpRequest()
    asked.META, asked.method = environ, "GET"
    at = parse_http_date_safe(last_modified) if last_modified else None
    found = get_conditional_response(asked, etag=etag, last_modified=at)
    if found is None:
        return False
    return True if found.status_code == 304 else None


def _told_late(found: Finished) -> Headers:
    """How old the last bytes are, in seconds, and that they are not fresh (RFC 9111, 5.1; RFC
    9211, 2.2: a negative time to live)."""
    age = max(1, int(monotonic() - found.begun))
    return [("Age", str(age)), ("Cache-Status", f"pressoffice; hit; ttl={1 - age}")]
