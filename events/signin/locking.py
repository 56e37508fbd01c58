"""An account that is shut at once: what `manage.py lock_account` and a Head's button do.

Closing an account (publishing/accounts.py) asks what would be left without anybody to release
it. A lock asks nothing: it is for the minute in which somebody else may be at the keyboard.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .. import audit, roles, visibility
from ..models import PreviewLink, Standing
from ..publishing import Refused, may_change
from . import sessions


def is_locked(account: Any) -> bool:
    """Whether an account is locked."""
    return Standing.objects.filter(user=account.pk).exclude(locked_at=None).exists()


def lock(account: Any, by: Any, request: Any = None) -> int:
    """Lock an account: it cannot sign in, its sessions end, and the preview links that it made
    open nothing from now on; return how many those were. Whoever holds one asks for another.

    Raises PermissionDenied for whoever may not change the account, and Refused for one's own.
    """
    _require(account, by)
    with transaction.atomic():
        sessions.end_all(account)
        now = visibility.clock()
        Standing.objects.filter(user=account.pk).update(locked_at=now, locked_by_name=_name(by))
        links = PreviewLink.objects.filter(made_by=account.pk, revoked_at=None, expires_at__gt=now)
        revoked = links.update(revoked_at=now)
        audit.note("account_locked", by=by, request=request, record=account, links=revoked)
    return revoked


def unlock(account: Any, by: Any, request: Any = None) -> None:
    """Let an account sign in again. Raises as `lock` does."""
    _require(account, by)
    with transaction.atomic():
        Standing.objects.filter(user=account.pk).update(locked_at=None, locked_by_name="")
        audit.note("account_unlocked", by=by, request=request, record=account)


def _require(account: Any, by: Any) -> None:
    if isinstance(by, roles.Actor):
        return
    if not may_change(account, by):
        raise PermissionDenied("This takes a Head of press.")
    if account.pk == by.pk:
        raise Refused(_("You cannot lock your own account: somebody else does."))


def _name(by: Any) -> str:
    return by.name if isinstance(by, roles.Actor) else by.get_full_name() or by.get_username()
