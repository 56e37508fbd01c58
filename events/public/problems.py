"""What goes wrong, told to programs: problem+json (RFC 9457) at the addresses of data.

Which of the two a refusal is, a page or a problem, the address alone decides, never a header: so
it is the same for everybody, and the same for what is hidden and what never was.
"""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..opendata import API
from ..opendata.plain import moment, ready, texts
from ..opendata.records import CANCELED, ended

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: gettext_lazy("This request cannot be understood."),
    404: gettext_lazy("There is nothing at this address."),
    405: gettext_lazy("This address is for reading alone."),
    410: gettext_lazy("This was retracted, or taken out of its text."),
    429: gettext_lazy("Too many requests."),
    500: gettext_lazy("Something went wrong here."),
    503: gettext_lazy("The record cannot be read just now."),
}
# What a browser may ask with, on behalf of another site's page, and for how many seconds it may
# take this for granted.
_PREFLIGHT = {
    "Allow": "GET, HEAD, OPTIONS", "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, Accept, Accept-Language",
    "Access-Control-Max-Age": "86400",
}  # fmt: skip


def is_data(request: HttpRequest) -> bool:
    """Whether an address is one of data: of the open API, or a page's twin."""
    path = request.path_info.removeprefix("/")
    return path.startswith(API.partition("/")[0] + "/") or path.endswith(".json")


def written(value: Any, status: int = 200, content_type: str = "application/json") -> HttpResponse:
    """An answer of JSON: UTF-8, as letters rather than as escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, status=status, content_type=content_type, headers={
        "X-Content-Type-Options": "nosniff"})  # fmt: skip


def problem(status: int, detail: str = "", **more: Any) -> HttpResponse:
    """An error. Its title depends on the status alone; `detail` says what was wrong."""
    told = {"type": "about:blank", "title": str(_TITLES[status]), "status": status}
    assert HTTPStatus(status)
    return written(told | ({"detail": detail} if detail else {}) | more, status, MEDIA_TYPE)


def bad_request(detail: str, *parameters: str) -> HttpResponse:
    """What cannot be understood, with the names of the parameters that are to blame."""
    return problem(400, detail, **({"parameters": list(parameters)} if parameters else {}))


def not_allowed(request: HttpRequest) -> HttpResponse:
    """The answer to a method that an address of data does not know; and to the question of a
    browser whether another site's page may read it: anybody may."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=_PREFLIGHT)
    answer = problem(405)
    answer.headers["Allow"] = _PREFLIGHT["Allow"]
    return answer


def retracted(item: Any) -> HttpResponse:
    """That there was a text, since when it is gone, and why; no word of it."""
    return problem(410, _("This text was retracted."), urn=item.urn, pubstatus=CANCELED,
                   retracted=ended(item))  # fmt: skip


def taken_out(stone: Any) -> HttpResponse:
    """That there was a quote or an outcome, and why a change took it out of its text."""
    return problem(
        410, _("A change took this out of its text."), urn=f"urn:uuid:{stone.uid}",
        pubstatus=CANCELED,
        removed={"at": moment(stone.removed_at),
                 "note": texts(stone, "note", ready(stone.publication))},
    )  # fmt: skip
