"""Where somebody is signed in, and ending that: here, elsewhere, everywhere."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from .. import audit, visibility
from ..models import Standing


def of(user: Any) -> list[UserSession]:
    """Where a person is signed in, the latest seen first; what has ended is forgotten."""
    rows = UserSession.objects.purge_and_list(user)
    return sorted(rows, key=lambda row: row.last_seen_at, reverse=True)


def touch(request: HttpRequest) -> None:
    """Somebody was here just now."""
    rows = UserSession.objects.filter(session_key=request.session.session_key)
    rows.update(last_seen_at=visibility.clock())


def cycle(request: HttpRequest) -> None:
    """Give the session another key: what was known of the old one opens nothing any more."""
    old = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def end(request: HttpRequest, key: str) -> bool:
    """End one session of whoever asks, by the key of its row; whether there was one."""
    row = UserSession.objects.filter(user=request.user.pk, pk=key if key.isdecimal() else 0).first()
    if row is None:
        return False
    row.end()
    audit.note("session_ended", by=request.user, request=request, record=request.user)
    return True


def end_all(user: Any, but: str | None = None) -> None:
    """End every session of a person, at their next request; with `but`, the key of one that
    its own request must let stand anew (standing.renew)."""
    with transaction.atomic():
        # Two who end them at once end them twice, and neither fails.
        get_user_model()._default_manager.select_for_update().get(pk=user.pk)
        if not Standing.objects.filter(user=user.pk).update(epoch=F("epoch") + 1):
            Standing.objects.create(user=user, epoch=1)
        for row in UserSession.objects.filter(user=user.pk).exclude(session_key=but or ""):
            row.end()
