"""Passkeys and codes: who needs them, and who may take them away."""

from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .. import audit, notifications
from ..models import Notification
from ..publishing import Refused, may_change
from . import devices, sessions


def required() -> bool:
    """Whether a password alone lets nobody in."""
    return settings.STAFF_MFA == "required"


def of(user: Any) -> list[Authenticator]:
    """The factors of an account that can be asked for when it signs in: codes on paper, which
    stand in for a lost one, are none."""
    rows = Authenticator.objects.filter(user=user.pk).order_by("created_at", "pk")
    return list(rows.exclude(type=Authenticator.Type.RECOVERY_CODES))


def may_remove(authenticator: Authenticator) -> bool:
    """Whether one may take away a factor of one's own: not the last one, where one is required."""
    return not required() or len(of(authenticator.user)) > 1


def may_reset(account: Any, by: Any) -> bool:
    """Whether `by` may take all factors from a colleague, who has lost them."""
    return may_change(account, by) and account.pk != by.pk


def reset(account: Any, by: Any, request: Any = None) -> None:
    """Take every factor from a colleague's account, the codes on paper too, and end its
    sessions; they are told. Raises PermissionDenied for whoever may not, and for one's own."""
    if not may_reset(account, by):
        raise PermissionDenied("This takes a Head of press, and another person's account.")
    with transaction.atomic():
        rows = Authenticator.objects.filter(user=account.pk)
        if not rows.exists():
            raise Refused(_("The account has nothing to reset."))
        rows.delete()
        devices.forget(account)
        sessions.end_all(account)
        audit.note("factors_taken", by=by, request=request, record=account)
        transaction.on_commit(
            partial(notifications.tell_of_account, account, Notification.Kind.FACTORS_RESET,
                    by=by), robust=True,
        )  # fmt: skip
