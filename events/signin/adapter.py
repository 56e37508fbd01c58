"""What allauth asks the office: who may enter, where a sign-in leads, what people are told."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import notifications
from ..clients import client
from ..languages import current
from ..models import Notification
from . import backend, devices, factors, fresh, targets, tries

Kind = Notification.Kind
# What is told of one's own account: on the next page, and by mail; so that nobody gives somebody
# else's account a key of their own unnoticed.
_TOLD = {
    "webauthn_added": Kind.PASSKEY_ADDED, "webauthn_removed": Kind.PASSKEY_REMOVED,
    "totp_activated": Kind.CODES_ADDED, "totp_deactivated": Kind.CODES_REMOVED,
    "recovery_codes_generated": Kind.RECOVERY_CODES,
}  # fmt: skip
WRONG = gettext_lazy("Name and password do not match. Nothing has happened.")
WRONG_KEY = gettext_lazy("That passkey opens no account here.")


class StaffAdapter(DefaultAccountAdapter):
    """Sign-in of people whom somebody else has let in: nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "incorrect_code": gettext_lazy("This code is not right, or was used already."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only the staff's own pages here."""
        return targets.is_own(url)

    def get_client_ip(self, request: HttpRequest) -> str:
        """As everything else here knows it; of a socket of the machine there is none."""
        return client(request) or "0.0.0.0"  # noqa: S104

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Judge a name and a password. Raises TooMany before anything is compared."""
        tried = tries.at_account(request, "password", credentials.get("username", ""))
        user = authenticate(request, **credentials)
        if user is not None:
            tried.give_back()
        return user

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Lets nobody in by a passkey whom a password would not let in."""
        if backend.may_enter(user):
            return None
        clear_login(request)
        messages.error(request, str(WRONG_KEY))
        return HttpResponseRedirect(reverse("account_login"))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """They are in: the browser is known from now on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        devices.arrived(request, response, user)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """As for every other act: see fresh.py."""
        return not fresh.is_fresh(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """One page asks for all that it takes."""
        if not user.is_authenticated:
            return []
        return [{"id": "reauthenticate", "description": "",
                 "url": reverse("account_reauthenticate")}]  # fmt: skip

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None,
        *args: Any, **kwargs: Any,
    ) -> None:  # fmt: skip
        """In the office's words; what goes without saying is not said."""
        name = (message_template or "").rpartition("/")[2].removesuffix(".txt")
        if name in _TOLD:
            said = _("Your account %(what)s.") % {"what": _TOLD[name].label}
            messages.add_message(request, level, said)

    def send_notification_mail(
        self, template_prefix: str, user: Any, *args: Any, **kw: Any
    ) -> None:
        """To the address that the account has, in the person's language."""
        kind = _TOLD.get(template_prefix.rpartition("/")[2])
        if kind is not None:
            notifications.tell_of_account(user, kind, heads=False)


class FactorAdapter(DefaultMFAAdapter):
    """Passkeys and codes of the office."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": StaffAdapter.error_messages["incorrect_code"],
        "cannot_generate_recovery_codes": gettext_lazy("Add a passkey or codes from an app first."),
        "cannot_delete_authenticator": gettext_lazy(
            "This is the last one, and the office asks for one: add another first."
        ),
    }

    def _get_site_name(self) -> str:
        return settings.OFFICE_NAMES[current()]

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.get_username())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one, where one is required."""
        return factors.may_remove(authenticator)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What a passkey is called until somebody says more."""
        number = Authenticator.objects.filter(user=user.pk, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}

    def encrypt(self, text: str) -> str:
        """A stolen copy of the database makes no codes."""
        return _locks().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """With this key or one before it."""
        return _locks().decrypt(encrypted_text.encode()).decode()


def _locks() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(b"events.signin.factors:" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
