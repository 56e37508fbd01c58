"""The fields in which staff say who they are."""

import struct
from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from . import tries

# Longer ones are nobody's: they would only keep the hasher busy.
LONGEST = 4096
# What comes of reading something that is no answer of a passkey.
GARBAGE = (
    LookupError, TypeError, ValueError, AttributeError, ArithmeticError, struct.error,
)  # fmt: skip


class SignInForm(LoginForm):
    """A name and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Name"), max_length=150,
            widget=forms.TextInput({"id": "id_username", "autocomplete": "username webauthn",
                                    "autofocus": True, "autocapitalize": "none"}),
        )  # fmt: skip
        self.fields["password"] = forms.CharField(
            label=_("Password"), strip=False, max_length=LONGEST,
            widget=forms.PasswordInput({"id": "id_password", "autocomplete": "current-password"}),
        )  # fmt: skip


class _OnceForm(forms.Form):
    """A code counts once: allauth forgets after half a minute that one was used, and takes it
    for longer than that (NIST SP 800-63B-4, 3.1.4.2)."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("Code"), max_length=20,
            help_text=_("Six digits from your app, or one of your recovery codes."),
            widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric",
                                    "autocapitalize": "none"}),
        )  # fmt: skip

    def clean_code(self) -> str:
        """Raises TooMany after a few that were wrong."""
        tried = tries.at_account(context.request, "code", self.user.get_username())
        code: str = super().clean_code()  # type: ignore[misc]
        for_so_long = (2 * settings.MFA_TOTP_TOLERANCE + 2) * 30
        if not cache.add(f"code-used:{self.user.pk}:{''.join(code.split())}", 1, for_so_long):
            raise get_adapter().validation_error("incorrect_code")
        tried.give_back()
        return code


class _KeyForm(forms.Form):
    """What a browser says of a passkey; allauth and its library fail on some of what it is not."""

    def clean_credential(self) -> Any:
        """Garbage is a wrong answer."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except GARBAGE:
            raise get_adapter().validation_error("incorrect_code") from None


class KeySignInForm(_KeyForm, LoginWebAuthnForm):
    """A passkey alone, at sign-in."""


class KeyForm(_KeyForm, AuthenticateWebAuthnForm):
    """A passkey after the password, at sign-in."""


class AnewKeyForm(_KeyForm, ReauthenticateWebAuthnForm):
    """A passkey of whoever is signed in."""


class CodeForm(_OnceForm, AuthenticateForm):
    """A code after the password, at sign-in."""


class AnewCodeForm(_OnceForm, ReauthenticateForm):
    """A code beside the password, of whoever is signed in."""
