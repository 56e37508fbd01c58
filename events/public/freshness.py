"""Fresh and cacheable: the same bytes for everybody, for one second, and never longer."""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

# A proxy absorbs a crowd for its second; the header never tells when the next release is.
ONE_SECOND = "public, max-age=0, s-maxage=1"
# What has a lifetime at all: an answer, a part of a file, and that one is unchanged.
LASTING = frozenset({200, 206, 304})


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
            return response
        response.headers.setdefault("Cache-Control", ONE_SECOND)
        if "no-store" in response.headers["Cache-Control"] or response.streaming:
            return response
        if response.has_header("ETag"):  # a file knows its own (sending.py)
            return response
        digest = hashlib.sha256(response.content).hexdigest()
        response.headers["ETag"] = f'"{digest[:32]}"'
        conditional = get_conditional_response(
            request, etag=response.headers["ETag"], response=response
        )
        if conditional is not response and conditional is not None:
            conditional.headers["Cache-Control"] = ONE_SECOND
            return conditional
        return response
