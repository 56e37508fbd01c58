"""An account and its password, judged in the same time whatever is wrong with either."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model

from ..models import Standing


def may_enter(user: Any) -> bool:
    """Whether an account may be signed in to at all: of the staff, active, not locked."""
    locked = Standing.objects.filter(user=user.pk).exclude(locked_at=None)
    return bool(user.is_active and user.is_staff) and not locked.exists()


class StaffBackend(AuthenticationBackend):
    """allauth's, which hashes what was typed where there is no such account, for the staff
    alone. That somebody's password was right is told to nobody who may not enter."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Asked once the password has been judged."""
        return may_enter(user)

    def get_user(self, user_id: Any) -> Any:
        """The account of a session; whether that still stands, standing.py says."""
        return get_user_model()._default_manager.filter(pk=user_id, is_active=True).first()

    @classmethod
    def _stash_user(cls, user: Any) -> None:
        """allauth would lead a closed account with its right password to a page that says so."""
