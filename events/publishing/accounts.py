"""Staff accounts: who works here, in which roles. Nobody changes their own standing, nobody is
deleted, and somebody is always left who can let the others in."""

from collections.abc import Collection
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from .. import audit, notifications, roles, sight
from ..models import Publication
from ..typography import in_marks
from .frame import Refused
from .limits import can_be_released_by, named_on, releasable_naming


def manages_accounts(by: Any) -> bool:
    """Whether `by` may make and change staff accounts: a Head of press, or the technical
    administrator (a superuser) who made the first one."""
    return roles.holds(by, "change_user") or (by.is_active and by.is_superuser)


def may_change(account: Any, by: Any) -> bool:
    """Whether `by` may change this account at all: a superuser's only another superuser."""
    return manages_accounts(by) and (by.is_superuser or not account.is_superuser)


def save_account(
    account: Any, by: Any, names: Collection[str], *, active: bool = True, password: str = ""
) -> Any:  # fmt: skip
    """Store an account (new or changed, its name and address as given) with exactly the roles
    in `names`, and a new password where one is given, which ends the sessions of the old one.

    Raises PermissionDenied for whoever may not, Refused and ValidationError by field: for one's
    own roles and one's own deactivation, for the last active Head of press, and where an item
    limited to few people could be released by nobody any more.
    """
    with transaction.atomic():
        if not may_change(account, by):
            raise PermissionDenied("This takes a Head of press.")
        groups = list(Group.objects.filter(name__in=names))
        if not set(names) <= set(roles.ROLES) or len(groups) != len(set(names)):
            raise Refused({"roles": _("There is no such role.")})
        users = get_user_model()._default_manager
        # The Heads are locked in one order: two of them cannot remove each other at once.
        list(users.select_for_update().filter(groups__name=roles.HEAD).order_by("pk"))
        stored = users.select_for_update().filter(pk=account.pk).first() if account.pk else None
        before = set(stored.groups.values_list("name", flat=True)) if stored else set()
        if stored is not None:
            _keep_own_standing(stored, by, before, set(names), active)
            account.is_superuser, account.password = stored.is_superuser, stored.password
        else:
            account.is_superuser = False
        releasable = releasable_naming(stored) if stored else []
        account.is_staff, account.is_active = True, active
        if password or stored is None:
            _set_password(account, by, password)
            if stored is not None and account.email:
                transaction.on_commit(partial(_tell_of_password, account), robust=True)
        account.full_clean()
        account.save()
        account.groups.set(groups)
        if stored is not None and stored.is_active and roles.HEAD in before:
            _refuse_without_a_head()
        _refuse_held_up(releasable, by)
        _note(account, by, stored, before, set(names), bool(password))
    return account


def _note(account: Any, by: Any, stored: Any, before: set[str], now: set[str], new: bool) -> None:
    """Tell the trail what became of an account: its roles, and of the rest which fields."""
    if stored is None:
        audit.note("account_made", by=by, record=account, roles=sorted(now))
        return
    if before != now:
        given, taken = sorted(now - before), sorted(before - now)
        audit.note("roles_changed", by=by, record=account, given=given, taken=taken)
    if new:
        audit.note("password_changed", by=by, record=account)
    named = ("username", "first_name", "last_name", "email", "is_active")
    fields = [name for name in named if getattr(stored, name) != getattr(account, name)]
    if fields:
        audit.note("account_changed", by=by, record=account, fields=fields,
                   active=account.is_active)  # fmt: skip


def _keep_own_standing(
    stored: Any, by: Any, before: set[str], names: set[str], active: bool
) -> None:  # fmt: skip
    if stored.pk != by.pk:
        return
    if not active:
        raise Refused({"is_active": _("You cannot close your own account: somebody else does.")})
    if names != before:
        raise Refused({"roles": _("You cannot change your own roles: somebody else does.")})


def _set_password(account: Any, by: Any, password: str) -> None:
    if account.pk is not None and account.pk == by.pk:
        raise Refused({"password": _("Your own password you change under “Change password”.")})
    try:
        validate_password(password, account)
    except ValidationError as problem:
        raise Refused({"password": problem.messages}) from problem
    account.set_password(password)


def _tell_of_password(account: Any) -> None:
    """So that nobody's account is taken over unnoticed."""
    with translation.override(notifications.language_of(account)):
        send_mail(
            _("Press office: another password for your account"),
            _("Somebody who manages accounts has set another password for yours. If you have not"
              " asked for it, tell your Head of press."),
            None, [account.email],
        )  # fmt: skip


# What follows judges what has been stored: it is undone with the transaction.


def _refuse_without_a_head() -> None:
    users = get_user_model()._default_manager
    if not users.filter(is_active=True, is_staff=True, groups__name=roles.HEAD).exists():
        raise Refused({"roles": _("This is the last Head of press: name another one first.")})


def _refuse_held_up(items: list[Publication], by: Any) -> None:
    stuck = [item for item in items if not can_be_released_by(named_on(item))]
    if stuck:
        seen = ", ".join(in_marks(str(item)) for item in stuck if sight.sees(by, item))
        raise Refused(
            _(
                "What is limited to few people could be released by nobody any more: somebody"
                " named on it names another person, or lifts the limit, first. To shut the"
                " account at once, set another password. %(items)s"
            ),
            params={"items": seen},
        )
