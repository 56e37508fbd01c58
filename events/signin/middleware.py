"""What each request of the staff's passes: whose session it is, and whether that goes further."""

from collections.abc import Callable
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from ..languages import current
from . import factors, fresh, standing
from .tries import TooMany

# Whoever has no factor yet adds one, chooses a language, or leaves.
_OPEN_TO_ALL = frozenset({"language", "logout", "jsi18n", "account_login"})
_ENROLMENT = frozenset({
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "account_reauthenticate", "usersessions_list", "accounts",
})  # fmt: skip


class StaffSessionMiddleware(AuthenticationMiddleware):
    """Django's, for sessions that still stand; as lazy as that: no public page asks for it."""

    def process_request(self, request: HttpRequest) -> None:
        """Look for the user when somebody asks."""
        request.user = SimpleLazyObject(lambda: _user(request))  # type: ignore[assignment]


def _user(request: HttpRequest) -> Any:
    if not hasattr(request, "_cached_user"):
        user: Any = auth.get_user(request)
        if user.is_authenticated:
            state = standing.of(user)
            if standing.holds(request, state):
                request.standing = state  # type: ignore[attr-defined]
            else:
                request.session.flush()
                user = AnonymousUser()
        request._cached_user = user  # type: ignore[attr-defined]
    return request._cached_user  # type: ignore[attr-defined]


class StaffDoorMiddleware:
    """Sends whoever lacks a factor to where one is added, where one is required; asks for it anew
    where an act takes that; and says 429 to one try too many."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        """Let in, or lead to enrolment. Only at the staff's own addresses is anybody known."""
        door = request.path_info.removeprefix("/").partition("/")[0]
        if not factors.required() or door not in settings.STAFF_DOORS:
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name in _OPEN_TO_ALL or name in _ENROLMENT or not request.user.is_authenticated:
            return None
        if request.standing.enrolled:  # type: ignore[attr-defined]
            return None
        return HttpResponseRedirect(reverse("mfa_index"))

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Answer what is raised far inside, where only a form or a verb knows."""
        if isinstance(problem, ReauthenticationRequired):
            if request.user.is_authenticated:
                return fresh.detour(request)
            return redirect_to_login(request.get_full_path())
        if isinstance(problem, TooMany):
            return too_many(request, problem.seconds)
        return None


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """A 429 that says when the next try is answered (RFC 6585, 4)."""
    context = {"office_name": settings.OFFICE_NAMES[current()], "minutes": -(-seconds // 60)}
    response = HttpResponse(render_to_string("429.html", context, request), status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
