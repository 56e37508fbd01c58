"""What staff are told while the database cannot be reached, and the form that keeps what they had
typed: nobody's session can be read then, so that the page itself must hold it."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
from django.template.loader import render_to_string

from ..languages import current

AGAIN = 10  # seconds after which it is worth coming again
# What is typed to prove who one is, is written on no page; nor is the token, which is made anew.
_SECRET = re.compile("password|passwd|secret|credential|csrfmiddlewaretoken|^(otp|code|token)$")
# Texts that somebody wrote are shown; what forms say to themselves is not.
_WRITTEN = 30


@dataclass(frozen=True)
class Typed:
    """A field that was sent: `is_text` where somebody wrote it."""

    name: str
    value: str

    @property
    def is_text(self) -> bool:
        """Whether it is worth being seen, and copied."""
        return "\n" in self.value or (" " in self.value and len(self.value) >= _WRITTEN)


def unavailable(request: HttpRequest) -> HttpResponse:
    """A 503. What was sent by one of our own forms comes back in a form that sends it again, to the
    same address; what came from another site is shown to nobody."""
    sent = _sent(request) if request.method == "POST" else None
    typed = _typed(request, sent) if sent is not None else []
    context = {
        "office_name": settings.OFFICE_NAMES[current()],
        "typed": typed,
        "has_files": bool(sent is not None and request.FILES),
        "is_lost": request.method == "POST" and not typed,
        "address": request.get_full_path(),
    }
    answer = render_to_string("503_staff.html", context, request)
    headers = {"Retry-After": str(AGAIN), "Cache-Control": "no-store, private"}
    return HttpResponse(answer, status=503, headers=headers)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What a form of ours sent; None where it cannot be read, or was not ours."""
    guard = CsrfViewMiddleware(lambda _request: HttpResponse())
    try:
        guard.process_request(request)
        if guard.process_view(request, unavailable, (), {}) is not None:
            return None
        return request.POST
    except (BadRequest, SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return None


def _typed(request: HttpRequest, sent: QueryDict) -> list[Typed]:
    """What is sent again; a form that asked for a password as well asks for it once more."""
    hidden: Any = getattr(request, "sensitive_post_parameters", ())
    if hidden == "__ALL__":
        return []
    return [
        Typed(name, str(value))
        for name, values in sent.lists()
        if name not in hidden and not _SECRET.search(name.lower())
        for value in values
    ]
