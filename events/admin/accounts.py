"""The staff's way in, at /accounts/: the pages of allauth that the office has, in its own words
and its own look. What is not here does not exist: nobody signs up, and no mail opens an account."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from ..signin import targets, tries
from ..signin.adapter import WRONG_KEY
from . import anew, ownfactors, ownsessions, tongues
from .house import House, has_passkeys


class _Arriving(House):
    """A page that may sign somebody in: into the language that they work in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """As allauth does it; no cache keeps any of it."""
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        arrived = request.method == "POST" and request.user.is_authenticated
        if arrived and response.status_code == 302:
            tongues.signed_in(request, response)
        return response


@method_decorator(never_cache, name="dispatch")
class SignIn(_Arriving, LoginView):
    """A name and a password, or a passkey alone."""

    template_name = "accounts/sign_in.html"
    title = gettext_lazy("Sign in")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With where it leads, if that is a page of ours."""
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        back = self.request.POST.get("next") or self.request.GET.get("next", "")
        return {**shown, "next": back if targets.is_own(back) else "",
                "passkeys": has_passkeys(self.request)}  # fmt: skip


@method_decorator(never_cache, name="dispatch")
class SecondStep(_Arriving, AuthenticateView):
    """After the password: a code, or a passkey."""

    template_name = "accounts/second_step.html"
    title = gettext_lazy("Second step")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With which of them the account has."""
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        kinds = {row.type for row in self.stage.login.user.authenticator_set.all()}
        return {**shown, "codes": bool(kinds & {"totp", "recovery_codes"}),
                "passkeys": "webauthn" in kinds and has_passkeys(self.request)}  # fmt: skip


@method_decorator(never_cache, name="dispatch")
class PasskeySignIn(_Arriving, LoginWebAuthnView):
    """The passkey itself; what it signs is fetched when somebody asks for it."""

    title = gettext_lazy("Sign in")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The question that the passkey answers, as JSON."""
        if "json" not in request.headers.get("Accept", ""):
            return HttpResponseRedirect(reverse("account_login"))
        return JsonResponse({"request_options": webauthn.begin_authentication(user=None)})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Judge the answer. Raises TooMany."""
        tried = tries.from_address(request, "passkey")
        response: HttpResponse = super().post(request, *args, **kwargs)
        if request.user.is_authenticated:
            tried.give_back()
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """One answer to whatever was wrong, and back to the page, which leads where it led."""
        messages.error(self.request, str(WRONG_KEY))
        back = self.request.POST.get("next", "")
        query = f"?{urlencode({'next': back})}" if targets.is_own(back) else ""
        return HttpResponseRedirect(reverse("account_login") + query)


accounts_patterns = [
    path("", RedirectView.as_view(pattern_name="mfa_index"), name="accounts"),
    path("login/", SignIn.as_view(), name="account_login"),
    path("login/step/", SecondStep.as_view(), name="mfa_authenticate"),
    path("login/passkey/", PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("reauthenticate/", anew.Anew.as_view(), name="account_reauthenticate"),
    path("sessions/", ownsessions.sessions_view, name="usersessions_list"),
    *ownfactors.patterns,
]
