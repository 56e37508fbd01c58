"""One's own passkeys and codes: added, removed, and the codes on paper for when they are lost."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import (
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from ..markup import strip_controls
from ..signin import factors, sessions
from ..signin.forms import GARBAGE
from .house import House, elsewhere, has_passkeys

# Whose page it is; and what it says is in no cache.
_own = method_decorator([login_required, never_cache], name="dispatch")


def _begins_anew(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Somebody has another factor now: the session goes on under another key."""
    sessions.cycle(request)
    return response


@_own
class OwnFactors(House, TemplateView):
    """What one signs in with; where one is required and there is none, the way to add it."""

    template_name = "accounts/factors.html"
    title = gettext_lazy("How you sign in")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each passkey, whether codes are asked for, how many codes are left on paper."""
        user = self.request.user
        rows = factors.of(user)
        paper = Authenticator.objects.filter(user=user.pk, type="recovery_codes").first()
        return {
            **super().get_context_data(**kwargs), "keys": [row for row in rows if
            row.type == Authenticator.Type.WEBAUTHN], "codes": next((row for row in rows if
            row.type == Authenticator.Type.TOTP), None),
            "paper": len(paper.wrap().get_unused_codes()) if paper else None,
            "required": factors.required(), "enrolled": bool(rows),
            "passkeys": has_passkeys(self.request), "elsewhere": elsewhere(self.request),
            "last": factors.required() and len(rows) == 1,
        }  # fmt: skip


class PasskeyForm(AddWebAuthnForm):
    """A name for it; the passkey itself comes from the browser."""

    passwordless = None  # every passkey here opens the door alone
    name = forms.CharField(
        label=gettext_lazy("What you call it"), required=False, max_length=60,
        help_text=gettext_lazy("Such as “Office laptop”, to tell it from others."),
    )  # fmt: skip

    def clean_name(self) -> str:
        """One line of text."""
        return strip_controls(super().clean_name()).strip()

    def clean(self) -> dict[str, Any]:
        """Garbage in place of an answer is a wrong answer."""
        try:
            return super().clean()
        except GARBAGE:
            self.add_error(None, gettext_lazy("The browser gave no passkey. Try again."))
            return self.cleaned_data


@_own
class AddPasskey(House, AddWebAuthnView):
    """A passkey that is asked for a finger, a face or a PIN each time, and opens the door alone."""

    form_class = PasskeyForm
    template_name = "accounts/passkey_add.html"
    title = gettext_lazy("Add a passkey")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the browser is asked."""
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        shown["form"] = kwargs.get("form") or self.get_form()
        shown["passkeys"], shown["elsewhere"] = has_passkeys(self.request), elsewhere(self.request)
        options = webauthn.begin_registration(self.request.user, passwordless=True)
        return {**shown, "js_data": {"creation_options": options}}

    def form_valid(self, form: Any) -> HttpResponse:
        """It is there."""
        return _begins_anew(super().form_valid(form), self.request)


@_own
class RemovePasskey(House, RemoveWebAuthnView):
    """One passkey less; not the last factor, where one is required."""

    template_name = "accounts/passkey_remove.html"
    title = gettext_lazy("Remove a passkey")
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With whether it may go."""
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        return {**shown, "may_go": factors.may_remove(self.object)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Refused with 409 Conflict where it is the last."""
        self.object = self.get_object()
        if not factors.may_remove(self.object):
            return self.render_to_response(self.get_context_data(), status=409)
        return super().form_valid(form)


@_own
class AddCodes(House, ActivateTOTPView):
    """Codes from an app, once one of them was typed."""

    template_name = "accounts/codes_add.html"
    title = gettext_lazy("Codes from an app")

    def get_form(self, form_class: Any = None) -> Any:
        """In our words."""
        form = super().get_form(form_class)
        form.fields["code"].label = gettext_lazy("The code that the app shows now")
        form.fields["code"].widget = forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric"}
        )
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the secret in groups, for whoever types it."""
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        secret = shown["form"].secret
        return {**shown, "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}

    def form_valid(self, form: Any) -> HttpResponse:
        """They are asked for from now on."""
        return _begins_anew(super().form_valid(form), self.request)


@_own
class RemoveCodes(House, DeactivateTOTPView):
    """No codes any more; not the last factor, where one is required."""

    template_name = "accounts/codes_remove.html"
    title = gettext_lazy("Codes from an app")


@_own
class PaperCodes(House, ViewRecoveryCodesView):
    """The codes on paper, shown once."""

    template_name = "accounts/paper.html"
    title = gettext_lazy("Recovery codes")


@_own
class NewPaperCodes(House, GenerateRecoveryCodesView):
    """Other codes on paper: the old ones open nothing any more."""

    template_name = "accounts/paper_new.html"
    title = gettext_lazy("New recovery codes")


patterns = [
    path("factors/", OwnFactors.as_view(), name="mfa_index"),
    path("factors/passkey/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("factors/passkey/<int:pk>/remove/", RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("factors/codes/", AddCodes.as_view(), name="mfa_activate_totp"),
    path("factors/codes/remove/", RemoveCodes.as_view(), name="mfa_deactivate_totp"),
    path("factors/paper/", PaperCodes.as_view(), name="mfa_view_recovery_codes"),
    path("factors/paper/new/", NewPaperCodes.as_view(), name="mfa_generate_recovery_codes"),
]
