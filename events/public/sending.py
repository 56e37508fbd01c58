"""How stored bytes leave: whole, in part, or not again (RFC 9110); never sniffed, never run.

Whoever calls has asked the gate: nothing here knows who may read what.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import Storage
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response

from ..languages import slugify

logger = logging.getLogger(__name__)

PIECE = 64 * 1024  # bytes in memory at a time
# A document that a browser shows is a page of nobody's: no script, no form, no request of its own.
POLICY = "default-src 'none'; sandbox"
# One range of bytes (RFC 9110, 14.1.2). Of several, or of garble, none is served: the whole is.
_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 ._()-]+")
_ATTR_CHARS = "!#$&+-.^_`|~"  # RFC 8187, 3.2.1


@dataclass(frozen=True)
class Blob:
    """Bytes in storage, and what a reader is told of them.

    `tag` names exactly these bytes: the inside of a strong ETag. `kept_as` is their name for
    whoever saves them; `inline` lets a browser show them; `language` is a BCP 47 tag or "".
    Before the byte at `place`, what is `inserted` is sent, which storage does not have.
    """

    storage: Storage
    name: str
    media_type: str
    tag: str
    kept_as: str
    inline: bool = False
    language: str = ""
    place: int = 0
    inserted: bytes = b""


def section(blob: Blob, start: int, length: int) -> Iterator[bytes]:
    """Some of the bytes, a piece at a time. Nothing is open before the first is asked for, nor
    after the last, or once whoever reads gives up."""
    end, more = start + length, len(blob.inserted)
    with blob.storage.open(blob.name) as file:
        yield from _pieces(file, start, min(end, blob.place))
        if part := blob.inserted[max(0, start - blob.place) : max(0, end - blob.place)]:
            yield part
        yield from _pieces(file, max(start, blob.place + more) - more, end - more)


def _pieces(file: Any, start: int, end: int) -> Iterator[bytes]:
    if start < end:
        file.seek(start)
    while start < end and (piece := file.read(min(PIECE, end - start))):
        start += len(piece)
        yield piece


def send(request: HttpRequest, blob: Blob) -> Any:
    """The answer with the bytes, with a part of them, or that they are unchanged.

    Raises Http404, with a line in the log, where storage has lost them.
    """
    try:
        size = blob.storage.size(blob.name) + len(blob.inserted)
    except FileNotFoundError:
        logger.error("A file is missing in storage: %s", blob.name)
        raise Http404 from None
    etag = f'"{blob.tag}"'
    whole = HttpResponse(content_type=blob.media_type, headers=_headers(blob, etag))
    unchanged = get_conditional_response(request, etag=etag, response=whole)
    if unchanged is not whole and unchanged is not None:
        # A cache keeps the headers of a 304 in place of those that it has (RFC 9111, 3.2).
        unchanged.headers["Content-Security-Policy"] = POLICY
        return unchanged
    if settings.X_ACCEL_REDIRECT and not blob.inserted:
        del whole.headers["Accept-Ranges"]  # nginx gives parts, and says so
        whole.headers["X-Accel-Redirect"] = settings.X_ACCEL_REDIRECT + quote(blob.name)
        return whole
    part = _part(request, etag, size)
    if part is not None and not part[1]:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, length = part or (0, size)
    whole.headers["Content-Length"] = str(length)
    if request.method == "HEAD":
        return whole
    response = StreamingHttpResponse(section(blob, start, length), headers=whole.headers)
    if part is not None:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}"
    # A preview need not have it in memory before its transaction ends: no row is asked any more.
    response.is_stored = True  # type: ignore[attr-defined]
    return response


def _headers(blob: Blob, etag: str) -> dict[str, str]:
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Content-Disposition": disposition(blob.kept_as, blob.inline),
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
    }
    return headers | ({"Content-Language": blob.language} if blob.language else {})


def _part(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | None:
    """The first byte and the number of bytes that a request asks for: none of them where it
    asks for what is not there; None where it asks for all (RFC 9110, 14.2)."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or request.method != "GET" or not size:
        return None
    # Half of a file is of use to whoever has the other half of the same (RFC 9110, 13.1.5).
    if request.headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if not first:
        return _last_bytes(int(last), size) if last else None
    if last and int(last) < int(first):
        return None
    start, end = int(first), min(int(last or size), size - 1)
    return start, max(0, end - start + 1)


def _last_bytes(count: int, size: int) -> tuple[int, int]:
    count = min(count, size)
    return size - count, count


def disposition(name: str, inline: bool) -> str:
    """The Content-Disposition of a file that is kept as `name` (RFC 6266; RFC 8187 for what is
    not plain ASCII, beside the same transliterated for programs that do not know it)."""
    kind = "inline" if inline else "attachment"
    if _PLAIN_NAME.fullmatch(name):
        return f'{kind}; filename="{name}"'
    stem, dot, extension = name.rpartition(".")
    plain = f"{slugify(stem) or 'file'}{dot}{slugify(extension)}"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=_ATTR_CHARS)}"
