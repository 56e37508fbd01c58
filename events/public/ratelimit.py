"""How often somebody may ask: a count for each address in a window of time.

`count` is for whatever is to be limited; it adds one, in one step, in a cache that is given: one
that all processes share where that matters (sign-in), the process's own where a little more does
no harm. `RateLimitMiddleware` counts what is asked of the open API, before anything is done for
it, and says how much is left, outside of what is kept and compared: an answer's bytes, its ETag
and a 304 know nothing of who asks.

The fields are those of draft-ietf-httpapi-ratelimit-headers. The policy is the same for everybody
and stands in every answer. What is left to one reader stands where no cache will keep it for
another: in refusals; and in all answers where no proxy is in front, that could keep them.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..clients import client
from ..opendata import API
from .problems import problem
from .sharedcache import SharedCache

# In a request's META: how often this one has asked, where that was counted before Django began.
COUNTED = "pressoffice.counted"
_SECONDS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True)
class Rate:
    """So many requests in so many seconds."""

    most: int
    seconds: int


@dataclass(frozen=True)
class Count:
    """How often somebody has asked in this window: whether that was too often, what is left of
    it, and in how many seconds the next one begins."""

    rate: Rate
    number: int
    reset: int

    @property
    def is_over(self) -> bool:
        """Whether this request is one too many."""
        return self.number > self.rate.most

    @property
    def left(self) -> int:
        """How many more there may be in this window."""
        return max(0, self.rate.most - self.number)


def rate(text: str) -> Rate | None:
    """The rate that "120/m" stands for; None for "": no limit. Raises ValueError for garble."""
    if not text:
        return None
    match = re.fullmatch(r"([1-9][0-9]{0,6})/([smh])", text, re.ASCII)
    if match is None:
        raise ValueError(f"{text!r} is not a number in a time, such as 120/m")
    return Rate(int(match[1]), _SECONDS[match[2]])


def count(scope: str, who: str, allowed: Rate, cache: str = "default") -> Count:
    """Count a request of `who` in this window of time, in a cache. Two at once are two."""
    now = int(time.time())
    window, passed = divmod(now, allowed.seconds)
    key = f"rate:{scope}:{allowed.seconds}:{window}:{who}"
    store: Any = caches[cache]
    number = 1
    if not store.add(key, 1, allowed.seconds + 1):
        try:
            number = store.incr(key)
        except ValueError:  # gone between the two: the cache was full, or the window is over
            store.set(key, 1, allowed.seconds + 1)
    return Count(allowed, number, allowed.seconds - passed)


def counted(request: HttpRequest) -> Count | None:
    """The count of a request of the open API, unless it was counted before Django began; None for
    any other, and where there is no limit."""
    found: Count | None = request.META.get(COUNTED)
    if found is not None:
        return found
    asks = request.path_info.startswith(f"/{API}") and request.method != "OPTIONS"
    allowed = rate(settings.API_RATE) if asks else None
    if allowed is None:
        return None
    # Where nobody can count, readers are let through.
    return SharedCache("limits").ask(lambda: count("api", client(request), allowed, "limits"))


def headers(counted: Count, is_kept: bool) -> dict[str, str]:
    """What an answer says of the limit; one that a proxy may keep says nothing of one reader."""
    said = {"RateLimit-Policy": f'"api";q={counted.rate.most};w={counted.rate.seconds}'}
    if not settings.BEHIND_PROXY or not is_kept:
        said["RateLimit"] = f'"api";r={counted.left};t={counted.reset}'
    return said


class RateLimitMiddleware:
    """Counts what is asked of the open API, and refuses what is too much with 429."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = counted(request)
        if found is None:
            return self.get_response(request)
        response = _refusal(found) if found.is_over else self.get_response(request)
        is_kept = "no-store" not in response.headers.get("Cache-Control", "")
        for name, value in headers(found, is_kept).items():
            response.headers[name] = value
        return response


def _refusal(counted: Count) -> HttpResponse:
    response = problem(429, _("More is answered in %(seconds)d s.") % {"seconds": counted.reset})
    response.headers["Retry-After"] = str(counted.reset)
    response.headers["Cache-Control"] = "no-store"
    return response
