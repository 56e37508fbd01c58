"""From where people sign in: what is new is told to them and to their Heads, as is an odd hour."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase

from .. import audit, notifications, visibility
from ..clients import client, network
from ..models import Device, Notification

# The browser is known again for so long; it sends the cookie to the pages of sign-in alone.
_KNOWN_FOR = timedelta(days=365)
_PATH = "/accounts/"
_SALT = "events.signin.device"
# What says so in the header comes first: each of them names the later ones too.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("YaBrowser", "Yandex"), ("Firefox", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
             ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
            ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def family(agent: str) -> str:
    """A browser and its system as people call them: "Firefox, Windows"; "" for an unknown one."""
    found = [
        next((name for sign, name in signs if sign in agent), "") for signs in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, found))


def cookie_hash(request: HttpRequest) -> str:
    """What is stored of the cookie that this browser was given; "" for none, or a forged one."""
    try:
        token = signing.loads(
            request.COOKIES.get(_name(), ""), salt=_SALT, max_age=_KNOWN_FOR.total_seconds()
        )
    except signing.BadSignature:
        return ""
    return _hash(str(token))


def is_of_account(request: HttpRequest, name: str) -> bool:
    """Whether this browser has signed in before to the account of that name."""
    known = cookie_hash(request)
    rows = Device.objects.filter(cookie_hash=known or "-", user__username__iexact=name)
    return rows.exists()


def forget(account: Any) -> None:
    """Take every browser of an account for an unknown one from now on."""
    Device.objects.filter(user=account.pk).delete()


def arrived(request: HttpRequest, response: HttpResponseBase, user: Any) -> None:
    """Somebody has signed in: know the browser again, and tell of what is unusual."""
    now, kind = visibility.clock(), family(request.headers.get("User-Agent", ""))
    where, known = network(client(request)), cookie_hash(request)
    rows = Device.objects.filter(user=user.pk)
    is_new = not rows.filter(Q(cookie_hash=known or "-") | Q(family=kind, network=where)).exists()
    if not rows.filter(cookie_hash=known or "-").update(last_at=now, family=kind, network=where):
        known = _give_cookie(response)
        Device.objects.create(
            user_id=user.pk, cookie_hash=known, family=kind, network=where, first_at=now,
            last_at=now,
        )  # fmt: skip
    if is_new:
        _tell(request, user, Notification.Kind.NEW_DEVICE, kind)
    if not is_office_hour(now):
        _tell(request, user, Notification.Kind.ODD_HOUR, kind)


def is_office_hour(moment: datetime) -> bool:
    """Whether people are expected to work at a moment, by the office's clock."""
    if not settings.OFFICE_HOURS:
        return True
    first, last, begin, end = settings.OFFICE_HOURS
    there = moment.astimezone(ZoneInfo(settings.OFFICE_TIME_ZONE))
    days = {(first + day) % 7 for day in range((last - first) % 7 + 1)}
    return there.weekday() in days and begin <= there.hour * 60 + there.minute < end


def _tell(request: HttpRequest, user: Any, kind: Any, device: str) -> None:
    audit.note(str(kind), by=user, request=request, record=user, device=device)
    notifications.tell_of_account(user, kind, device)


def _give_cookie(response: HttpResponseBase) -> str:
    token = secrets.token_urlsafe(32)
    response.set_cookie(
        _name(), signing.dumps(token, salt=_SALT), max_age=_KNOWN_FOR, path=_PATH,
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
    return _hash(token)


def _name() -> str:
    # __Host- would want the path of the whole site.
    return "__Secure-device" if settings.SESSION_COOKIE_SECURE else "device"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
