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


class RateLimitMiddleware:
    """Counts what is asked of the open API, and refuses what is too much with 429."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        allowed = rate(settings.API_RATE)
        asks = request.path_info.startswith(f"/{API}") and request.method != "OPTIONS"
        if allowed is None or not asks:
            return self.get_response(request)
        counted = count("api", client(request), allowed, "limits")
        response = _refusal(counted) if counted.is_over else self.get_response(request)
        headers = response.headers
        headers["RateLimit-Policy"] = f'"api";q={allowed.most};w={allowed.seconds}'
        if not settings.BEHIND_PROXY or "no-store" in headers.get("Cache-Control", ""):
            headers["RateLimit"] = f'"api";r={counted.left};t={counted.reset}'
        return response


def _refusal(counted: Count) -> HttpResponse:
    response = problem(429, _("More is answered in %(seconds)d s.") % {"seconds": counted.reset})
    response.headers["Retry-After"] = str(counted.reset)
    response.headers["Cache-Control"] = "no-store"
    return response
