"""What one address answers in one second, finished: its bytes in each coding, made once and sent
as often as they are asked for."""

from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from django.http import HttpResponse

from .freshness import ONE_SECOND, compressed, shrinks, tagged, without_bytes

Headers = list[tuple[str, str]]
# What an entry takes beside its bytes: its headers, some of them for each coding.
_OVERHEAD = 6_000
# What is told to one reader alone, and added to what is sent.
_PERSONAL = frozenset({"ratelimit", "ratelimit-policy"})


class Sent(NamedTuple):
    """An answer in one coding; `unchanged` are the headers of the 304 in its place."""

    headers: Headers
    body: bytes
    etag: str
    unchanged: Headers


class Finished:
    """An answer without a coding as the whole house gave it, headers and all.

    `second` is the moment that it is for, `begun` the time (of time.monotonic) before anything was
    read for it, `state` what was known of the public record then (see outlook.py).
    """

    def __init__(self, response: HttpResponse, second: datetime, begun: float, state: str) -> None:
        self.second, self.begun, self.state = second, begun, state
        self.code = response.status_code
        self.status = f"{response.status_code} {response.reason_phrase}"
        self.headers = [each for each in response.items() if each[0].lower() not in _PERSONAL]
        self.content = bytes(response.content)
        said = {name.lower(): value for name, value in self.headers}
        self.is_page = response.status_code == 200 and said.get("cache-control") == ONE_SECOND
        self.last_modified = said.get("last-modified", "")
        # FreshnessMiddleware says so of all that it would compress.
        self._varies = "accept-encoding" in said.get("vary", "").lower()
        # Whether something was compressed since it was last weighed.
        self.has_grown = False
        self._sent: dict[str, Sent] = {}
        self._lock = Lock()

    @staticmethod
    def can_be(response: Any) -> bool:
        """Whether an answer is the same for whoever asks: whole, and without a cookie. What nginx
        or storage sends in its place is not here."""
        return (
            isinstance(response, HttpResponse)
            and not response.cookies
            and not response.has_header("X-Accel-Redirect")
            and response.status_code != 429
        )

    def serves(self, second: datetime) -> bool:
        """Whether it is for that moment, and no older than its second: a clock that was set back
        comes to the same second again."""
        return self.second == second and monotonic() - self.begun < 1

    def weight(self) -> int:
        """Bytes in memory, about."""
        packed = [each.body for each in self._sent.values() if each.body is not self.content]
        return _OVERHEAD + len(self.content) + sum(map(len, packed))

    def take_over(self, former: "Finished") -> None:
        """Keep what was compressed of the same bytes a second ago."""
        if former.content == self.content:
            self.content = former.content
            for coding, sent in former._sent.copy().items():
                self._sent[coding] = self._in(coding, sent.body)

    def sent(self, coding: str) -> Sent:
        """The answer in "br", "gzip" or no coding; compressed when it is first asked for."""
        coding = coding if self._varies else ""
        found = self._sent.get(coding)
        if found is None:
            with self._lock:
                found = self._sent.get(coding)
                if found is None:
                    packs = coding and shrinks(self.content)
                    body = compressed(self.content, coding) if packs else self.content
                    found = self._sent[coding] = self._in(coding, body)
                    self.has_grown = bool(packs)
        return found

    def _in(self, coding: str, body: bytes) -> Sent:
        told = dict(self.headers)
        etag = told.get("ETag", "")
        if etag and self._varies:
            etag = told["ETag"] = tagged(etag, coding)
        if "Content-Length" in told:
            told["Content-Length"] = str(len(body))
        if body is not self.content:
            told["Content-Encoding"] = coding
        headers = list(told.items())
        return Sent(headers, body, etag if self.is_page else "", without_bytes(headers))

    # What a cache that all processes share holds: no lock, nothing compressed.

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in ("_sent", "_lock")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._sent, self._lock = {}, Lock()
