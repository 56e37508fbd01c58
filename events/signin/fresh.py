"""What cannot wait for a second person waits for the first to show anew who they are: at a desk
that somebody has left, nothing is approved, released or taken back.

`require` is asked before such an act. Who has not signed in or confirmed lately is led to the
page that asks (admin/anew.py), and from there back to the act, with all that was typed for it,
but for passwords and files.
"""

import secrets
import time
from typing import Any
from urllib.parse import urlencode

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from . import sessions
from .standing import CONFIRMED

_KEPT = "acts"
# Windows in which an act waits at once, and the text of one: reasons and answers, no releases.
_ACTS, _TEXT = 5, 500_000
_NEVER_KEPT = ("password", "again")
# What the form is told of what it does not get back.
NOT_KEPT = "_not_kept"


def is_fresh(request: HttpRequest) -> bool:
    """Whether whoever is signed in has shown who they are in the last minutes."""
    said = request.session.get(CONFIRMED, 0)
    return 0 <= time.time() - said < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def require(request: HttpRequest) -> None:
    """Raise ReauthenticationRequired, which leads to the page that asks, unless it is so."""
    if not is_fresh(request):
        raise ReauthenticationRequired


def confirm(request: HttpRequest) -> None:
    """They have shown it just now."""
    request.session[CONFIRMED] = time.time()
    sessions.cycle(request)


def detour(request: HttpRequest) -> HttpResponse:
    """Lead to the page that asks, and keep what was typed for the act."""
    query = {"next": request.get_full_path()}
    if request.method == "POST":
        query["act"] = _keep(request)
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode(query)}")


def _keep(request: HttpRequest) -> str:
    typed: list[tuple[str, str]] = []
    left_out = bool(request.FILES)
    for name, values in request.POST.lists():
        if any(word in name for word in _NEVER_KEPT):
            left_out = left_out or any(values)
        elif name != "csrfmiddlewaretoken":
            typed += [(name, value) for value in values]
    if sum(len(name) + len(value) for name, value in typed) > _TEXT:
        typed, left_out = [], True
    token = secrets.token_urlsafe(12)
    acts = {**request.session.get(_KEPT, {}), token: {
        "path": request.get_full_path(), "typed": typed, "left_out": left_out}}  # fmt: skip
    request.session[_KEPT] = dict(list(acts.items())[-_ACTS:])
    return token


def kept(request: HttpRequest, token: str) -> dict[str, Any] | None:
    """The act that waits under a token: its address and what was typed; None for none."""
    found: dict[str, Any] | None = request.session.get(_KEPT, {}).get(token)
    return found


def forget(request: HttpRequest, token: str) -> None:
    """The act goes on."""
    acts = request.session.get(_KEPT, {})
    if acts.pop(token, None) is not None:
        request.session[_KEPT] = acts
