"""What the trail hears from those who sign people in: Django's own signals, and allauth's."""

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from .noting import note

_UID = "events.audit"
# Signals of allauth that say who, with the act that each is noted as.
_ACCOUNT = {
    "password_set": "password_changed",
    "password_changed": "password_changed",
    "password_reset": "password_changed",
    "email_changed": "email_changed",
}
_FACTOR = {
    "authenticator_added": "second_factor_added",
    "authenticator_removed": "second_factor_removed",
    "authenticator_reset": "second_factor_reset",
    "authenticator_used": "second_factor_used",
    "authentication_failed": "second_factor_failed",
}


def connect() -> None:
    """Hear all of them; to be called once, when the applications are ready."""
    user_logged_in.connect(_signed_in, dispatch_uid=_UID)
    user_logged_out.connect(_signed_out, dispatch_uid=_UID)
    user_login_failed.connect(_failed, dispatch_uid=_UID)
    if apps.is_installed("allauth.account"):
        from allauth.account import signals as account

        for name, act in _ACCOUNT.items():
            getattr(account, name).connect(_heard(act), weak=False, dispatch_uid=_UID)
    if apps.is_installed("allauth.mfa"):
        from allauth.mfa import signals as mfa

        for name, act in _FACTOR.items():
            getattr(mfa, name).connect(_heard(act), weak=False, dispatch_uid=_UID)


def _signed_in(request: HttpRequest | None, user: Any, **_more: Any) -> None:
    note("signed_in", by=user, request=request, record=user)


def _signed_out(request: HttpRequest | None, user: Any, **_more: Any) -> None:
    if user is not None:  # a session that was over already
        note("signed_out", by=user, request=request, record=user)


def _failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any
) -> None:  # fmt: skip
    """A name is kept only where an account has it: people type passwords into the wrong field."""
    users = get_user_model()
    names = [str(credentials[name]) for name in ("username", "email", "login")
             if credentials.get(name)]  # fmt: skip
    account = None
    for name in names:
        account = account or users._default_manager.filter(username=name[:150]).first()
        account = account or users._default_manager.filter(email__iexact=name[:254]).first()
    note("sign_in_failed", request=request, record=account)


def _heard(act: str) -> Any:
    def heard(
        user: Any, request: HttpRequest | None = None, authenticator: Any = None, **_more: Any
    ) -> None:  # fmt: skip
        kind = str(getattr(authenticator, "type", "") or "")
        note(act, by=user, request=request, record=user, **({"kind": kind} if kind else {}))

    return heard
