"""Whether a session still stands. It remembers the roles of its account, how often all sessions
were ended, and the last freeze when it began; where one of them is another now, it is over, at
the next request, however that came about."""

import hashlib
import time
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest

from ..models import Freeze
from . import sessions

STAMP, BEGAN, SEEN, CONFIRMED = "standing", "began_at", "seen_at", "confirmed_at"
# What a page asks for by itself, while nobody may be there: it keeps no session alive.
_BY_ITSELF = "/presence/"
# How exactly it is known when somebody was here: each time is a write.
_EVERY = 60


@dataclass(frozen=True)
class State:
    """How an account stands now; `stamp` differs whenever its sessions must end."""

    stamp: str
    locked: bool
    enrolled: bool
    frozen: bool


def of(user: Any) -> State:
    """Look it all up, in one query."""
    freezes = Freeze.objects.order_by("-pk").values("pk")
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    rows = list(
        get_user_model()._default_manager.filter(pk=user.pk).order_by("groups").values_list(
            "groups", "is_active", "is_staff", "is_superuser", "standing__epoch",
            "standing__locked_at", Subquery(freezes[:1]),
            Subquery(freezes.filter(lifted_at=None)[:1]), Exists(factors),
        )
    )  # fmt: skip
    if not rows:
        return State("", locked=True, enrolled=False, frozen=False)
    groups, first = [row[0] for row in rows], rows[0]
    said = repr((groups, *first[1:4], first[4] or 0, first[5] is not None, first[6]))
    return State(
        hashlib.sha256(said.encode()).hexdigest()[:32], locked=first[5] is not None,
        enrolled=bool(first[8]), frozen=first[7] is not None,
    )  # fmt: skip


def begin(request: HttpRequest, user: Any) -> None:
    """Somebody has signed in, with all that it takes: this session stands from now on."""
    now = time.time()
    request.session[STAMP] = of(user).stamp
    request.session[BEGAN] = request.session[SEEN] = request.session[CONFIRMED] = now


def renew(request: HttpRequest) -> None:
    """Let this session stand, where all others of the account were just ended."""
    request.session[STAMP] = of(request.user).stamp


def holds(request: HttpRequest, state: State) -> bool:
    """Whether the session still stands, and somebody was here lately; they are now."""
    session, now = request.session, time.time()
    if state.locked or session.get(STAMP) != state.stamp:
        return False
    seen = session.get(SEEN, 0)
    idle = now - seen > settings.SESSION_IDLE_MINUTES * 60
    if idle or now - session.get(BEGAN, 0) > settings.SESSION_COOKIE_AGE:
        return False
    if now - seen > _EVERY and not request.path_info.endswith(_BY_ITSELF):
        session[SEEN] = now
        sessions.touch(request)
    return True
