"""A form is sent once: a repeated add form finds what it made, a saved one is forgotten by the
browser that keeps typed text (static/js/keep.js)."""

import hashlib
import json
import logging
import uuid
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

logger = logging.getLogger(__name__)

# The browser is told by a cookie, because the page that answers may be another one, or a popup
# that closes itself. It holds an address of the admin, and lives no longer than kept text.
SAVED_COOKIE = "saved"
KEPT_FOR = 12 * 60 * 60  # seconds
_REPEATS_WITHIN = 60 * 60  # seconds


def new_identity(model: type[Model], user: Any) -> str:
    """What an add form carries: the uid of the row it will make, signed for its one author, so
    that nobody can name a row that is there already."""
    return _signer(model, user).sign(str(uuid.uuid4()))


def uid_of(identity: str, model: type[Model], user: Any) -> uuid.UUID:
    """The uid in an add form's identity. Raises ValueError unless it was given to this person,
    for a row of this model."""
    try:
        return uuid.UUID(_signer(model, user).unsign(identity))
    except signing.BadSignature as forged:
        raise ValueError("This identity was not given to this person.") from forged


def _signer(model: type[Model], user: Any) -> signing.Signer:
    return signing.Signer(salt=f"{model._meta.label} form of {user.pk}")


def digest(request: HttpRequest) -> str:
    """The same for the same form sent twice, by whichever of its buttons."""
    texts = sorted(
        (name, values)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not name.startswith("_")
    )
    sent: Any = request.FILES
    files = sorted((name, file.name, file.size) for name, file in sent.items())
    return hashlib.sha256(json.dumps([texts, files]).encode()).hexdigest()


def remember(request: HttpRequest, uid: uuid.UUID) -> None:
    """Note which form made the row: where the cache is away, a repeat is asked about instead."""
    try:
        with transaction.atomic():
            cache.set(f"made:{uid}", digest(request), _REPEATS_WITHIN)
    except Exception:
        logger.warning("The cache is away: a repeated form will be asked about.", exc_info=True)


def is_repeat(request: HttpRequest, uid: uuid.UUID) -> bool:
    """Whether this very form, with the same text, made the row."""
    try:
        return bool(cache.get(f"made:{uid}") == digest(request))
    except Exception:
        logger.warning("The cache is away: a repeated form is asked about.", exc_info=True)
        return False


def say_saved(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the browser forget the typed text that it kept for this address."""
    response.set_cookie(
        SAVED_COOKIE, quote(request.path, safe=""), max_age=KEPT_FOR, path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE, httponly=False, samesite="Strict",
    )  # fmt: skip
    return response
