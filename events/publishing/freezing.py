"""The freeze: nobody changes anything, all are signed out, and what readers see goes on.

For the hour in which somebody else may sit at one of the office's keyboards. What is approved
still goes out at its time; a Head of press can take it out of its release, or take back what is
out, while the freeze lasts, and do nothing else.
"""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .. import audit, notifications, roles, visibility
from ..models import Freeze, Notification
from .frame import Refused

PERMISSION = "freeze_site"


def current() -> Freeze | None:
    """The freeze that is in force; None."""
    return Freeze.objects.filter(lifted_at=None).first()


def freeze(by: Any, reason: str, request: Any = None) -> Freeze:
    """Freeze the site. Every session that began before is over at its next request; whoever
    froze it lets their own stand (signin.standing.renew).

    Raises PermissionDenied without the permission, Refused without a reason and where it is
    frozen already.
    """
    roles.require(by, PERMISSION)
    if not reason.strip():
        raise Refused({"reason": _("Say why: everybody on the staff reads it.")})
    with transaction.atomic():
        if current() is not None:
            raise Refused(_("It is frozen already."))
        account, name = _who(by)
        row = Freeze.objects.create(
            frozen_at=visibility.clock(), frozen_by=account, frozen_by_name=name,
            reason=reason[:500],
        )  # fmt: skip
        audit.note("site_frozen", by=by, request=request)
        if account is not None:
            transaction.on_commit(partial(_tell, account, Notification.Kind.FROZE), robust=True)
    return row


def unfreeze(by: Any, request: Any = None) -> None:
    """Lift the freeze. Raises PermissionDenied without the permission, Refused where there is
    none."""
    roles.require(by, PERMISSION)
    with transaction.atomic():
        account, name = _who(by)
        lifted = Freeze.objects.filter(lifted_at=None).update(
            lifted_at=visibility.clock(), lifted_by=account, lifted_by_name=name
        )
        if not lifted:
            raise Refused(_("It is not frozen."))
        audit.note("site_unfrozen", by=by, request=request)
        if account is not None:
            transaction.on_commit(partial(_tell, account, Notification.Kind.LIFTED), robust=True)


def _tell(account: Any, kind: Any) -> None:
    notifications.tell_of_account(account, kind, everybody=True)


def _who(by: Any) -> tuple[Any, str]:
    if isinstance(by, roles.Actor):
        return None, by.name
    return by, by.get_full_name() or by.get_username()
