"""Fresh and cacheable: the same bytes for everybody, for one second, and never longer."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe

from .. import visibility
from ..languages import current
from ..latest import Latest
from .sharedcache import SharedCache

# A proxy absorbs a crowd for its second; the header never tells when the next release is.
ONE_SECOND = "public, max-age=0, s-maxage=1"
# What has a lifetime at all: an answer, a part of a file, and that one is unchanged.
LASTING = frozenset({200, 206, 304})
# What shrinks when it is compressed; pictures and documents are so already.
_SHRINKS = ("text/", "application/json", "application/xml", "application/rss+xml",
            "application/atom+xml", "application/feed+json", "application/ld+json",
            "application/problem+json", "application/opensearchdescription+xml",
            "image/svg+xml")  # fmt: skip
# What tells an answer whose bytes are in storage: sending.py has judged all that they take.
_STORED = ("Accept-Ranges", "X-Accel-Redirect")
# Below this many bytes the header costs more than is saved.
_SHORT = 500
# Quick enough for a page that lives for a second.
_BROTLI, _GZIP = 5, 6
# What a 304 leaves out: it is said of bytes, and none are sent (RFC 9110, 15.4.5). All else that an
# answer says goes with it: a cache keeps the headers of a 304 in place of its own (RFC 9111, 3.2).
_OF_BYTES = frozenset({"content-length", "content-type", "content-encoding", "content-language",
                       "content-disposition", "content-range"})  # fmt: skip
# Seconds for which an answer is kept under the state of the record that it was made from, and the
# most bytes of one: a thousand of the longest must fit into a small server. Those that are longer
# are kept compressed.
KEPT, LONGEST = 60, 200_000


@cache
def build() -> str:
    """What the code, the templates and the settings make of a record: another build may answer the
    same address with other bytes."""
    digest = hashlib.sha256()
    here = Path(__file__).parent.parent
    folders = [(here, "*.py"), *((Path(each), "*") for each in settings.TEMPLATES[0]["DIRS"]),
               *((Path(each), "*.mo") for each in settings.LOCALE_PATHS)]  # fmt: skip
    for folder, pattern in folders:
        for path in sorted(folder.rglob(pattern)):
            if path.is_file():
                digest.update(path.read_bytes())
    said = [settings.SITE_URL, settings.OFFICE_NAMES, settings.OFFICE_TIME_ZONE]
    digest.update(json.dumps(said, ensure_ascii=False).encode())
    return digest.hexdigest()


def state_key(request: HttpRequest, state: Latest) -> str:
    """The name in the cache of an answer that is a function of its address and the record."""
    # Of one name the last value counts, so that their order is part of the address.
    query = sorted(request.GET.lists())
    whole = json.dumps([build(), request.path, query, current(), state.tag])
    return f"state-{hashlib.sha256(whole.encode()).hexdigest()}"


def is_rehearsed() -> bool:
    """Whether the page is shown to staff below a prefix, as it may become: never kept."""
    return get_script_prefix() != "/"


def kept(key: str) -> HttpResponse | None:
    """The answer that was kept under a key, as new."""
    found = SharedCache("pages").get(key)
    if not found:
        return None
    content, headers, is_packed = found
    return HttpResponse(gzip.decompress(content) if is_packed else content, headers=headers)


def keep(key: str, response: HttpResponse) -> None:
    """Keep a whole answer until the record changes, for a minute at most: should there be anything
    that is not in the state, it is late by no more. Nothing is kept of what may not be stored."""
    if response.status_code != 200 or response.streaming:
        return
    stored = "no-store" not in response.headers.get("Cache-Control", "")
    content, is_packed = response.content, len(response.content) > LONGEST
    if stored and is_packed:
        content = gzip.compress(content, compresslevel=_GZIP, mtime=0)
    if stored and len(content) <= LONGEST:
        SharedCache("pages").set(key, (content, dict(response.headers), is_packed), KEPT)


def date(response: HttpResponse, state: Latest) -> None:
    """Tell when the record last changed. A second that is not over may bring another change, which
    the same time would hide (RFC 9110, 8.8.2.1)."""
    if response.status_code == 200 and state.at is not None and state.at < visibility.moment():
        response.headers["Last-Modified"] = http_date(state.at.timestamp())


def tagged(tag: str, coding: str) -> str:
    """The ETag of the same content in a coding (RFC 9110, 8.8.3)."""
    tag = tag.strip('"')
    return f'"{tag}-{coding}"' if coding else f'"{tag}"'


@lru_cache(1024)
def coding_for(accepted: str) -> str:
    """The coding for an Accept-Encoding (RFC 9110, 12.5.3): br or gzip where it is taken, else
    ""."""
    taken = {}
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.strip().partition(";")
        taken[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ("br", "gzip") if taken.get(name)), "")


def _negotiated(request: HttpRequest, response: HttpResponse) -> str:
    """The coding in which these bytes are to be sent, if any; each has an ETag of its own (RFC
    9110, 8.8.3)."""
    if not response.content or not response.headers.get("Content-Type", "").startswith(_SHRINKS):
        return ""
    # A file from storage knows its length and its parts.
    if any(map(response.has_header, (*_STORED, "Content-Encoding"))):
        return ""
    patch_vary_headers(response, ["Accept-Encoding"])
    coding = coding_for(request.headers.get("Accept-Encoding", ""))
    if tag := response.headers.get("ETag", ""):
        response.headers["ETag"] = tagged(tag, coding)
    return coding


def shrinks(content: bytes) -> bool:
    """Whether bytes are worth compressing."""
    return len(content) >= _SHORT


def compressed(content: bytes, coding: str) -> bytes:
    """The bytes in a coding, the same ones each time."""
    if coding == "br":
        return bytes(brotli.compress(content, quality=_BROTLI))
    return gzip.compress(content, compresslevel=_GZIP, mtime=0)


def _shrink(response: HttpResponse, coding: str) -> None:
    """Compress the bytes where that helps."""
    if not coding or not shrinks(response.content):
        return
    response.content = compressed(response.content, coding)
    response.headers["Content-Encoding"] = coding
    if response.has_header("Content-Length"):
        response.headers["Content-Length"] = str(len(response.content))


def is_public_address(path: str) -> bool:
    """Whether an address belongs to the public door: the route alone decides."""
    return path.removeprefix("/").partition("/")[0] not in settings.STAFF_DOORS


class FreshnessMiddleware:
    """Gives public answers their ETag and lifetime, and answers 304 (RFC 9110, 13.1.2)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not is_public_address(request.path_info):
            # A back button after signing out, and a shared computer's cache, show nothing.
            response.headers.setdefault("Cache-Control", "no-store, private")
            return response
        if response.status_code not in LASTING or request.method not in ("GET", "HEAD"):
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Cache-Control", ONE_SECOND)
        if response.streaming or response.status_code == 304:
            return response
        stored = "no-store" not in response.headers["Cache-Control"]
        # A file knows its own (sending.py), and so does what follows from the record's state.
        known = response.has_header("ETag")
        if stored and not known:
            response.headers["ETag"] = tagged(hashlib.sha256(response.content).hexdigest()[:32], "")
        coding = _negotiated(request, response)
        if stored and not any(map(response.has_header, _STORED)):
            same = _unchanged(request, response)
            if same is not None:
                return same
        _shrink(response, coding)
        return response


def without_bytes(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What a 304 says of all that the answer itself would."""
    return [each for each in headers if each[0].lower() not in _OF_BYTES]


def _unchanged(request: HttpRequest, response: HttpResponse) -> HttpResponse | None:
    """The 304 for whoever has exactly this, asked before anything is compressed for it; the 412
    for whoever wants nothing else."""
    last = response.headers.get("Last-Modified")
    found: Any = get_conditional_response(
        request, etag=response.headers["ETag"],
        last_modified=parse_http_date_safe(last) if last else None, response=response,
    )  # fmt: skip
    if found is response or found is None:
        return None
    if found.status_code == 304:
        for name, value in without_bytes(response.items()):
            found.headers[name] = value
    else:
        found.headers["Cache-Control"] = "no-store"
    answer: HttpResponse = found
    return answer
