"""Who else has a record's form open: kept in the shared cache, told at the top of the form.

Whoever may not open the form learns nothing, and without a cache nothing is shown: presence
is a courtesy, the version that every form carries is the lock.
"""

import logging
import time
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from .. import publishing
from .pages import Pages

logger = logging.getLogger(__name__)

# A form tells of itself every 30 seconds (static/js/presence.js); one that has missed that three
# times is closed.
FRESH = 90  # seconds


def arrive(user: Any, item: Any) -> str:
    """Note that `user` has the form open; answer `sentence` for everybody else who has."""
    return _update(item, user, leaving=False)


def leave(user: Any, item: Any) -> None:
    """Note that `user` has saved and closed the form. A window that is just closed is noticed
    when it no longer tells of itself."""
    _update(item, user, leaving=True)


def _update(item: Any, user: Any, leaving: bool) -> str:
    key, now = f"presence:{publishing.owner(item).pk}", time.time()
    try:
        # A cache in the database that fails must not spoil the transaction it is asked in.
        with transaction.atomic():
            held: dict[int, tuple[str, float]] = cache.get(key) or {}
            here = {who: entry for who, entry in held.items() if now - entry[1] < FRESH}
            others = {who: entry for who, entry in here.items() if who != user.pk}
            name = user.get_full_name() or user.get_username()
            cache.set(key, others if leaving else {**others, user.pk: (name, now)}, FRESH)
    except Exception:
        # Whatever a cache raises when it is away: the form matters, this does not.
        logger.warning("The cache is away: nobody is told who else has a form open.", exc_info=True)
        return ""
    return sentence([name for name, _seen in others.values()])


def sentence(names: list[str]) -> str:
    """What is said of other people who have the form open; "" of nobody."""
    if not names:
        return ""
    return ngettext(
        "%(names)s has this open too. Agree on who saves: nothing is overwritten, but whoever"
        " saves second is shown what the other has changed.",
        "%(names)s have this open too. Agree on who saves: nothing is overwritten, but whoever"
        " saves second is shown what the others have changed.",
        len(names),
    ) % {"names": get_text_list(sorted(names), _("and"))}


class PresencePages(Pages):
    """Where an open form says that it is open, and learns of others."""

    ROUTES = (("presence/", "presence_view"),)

    @method_decorator(require_POST)
    def presence_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Answer what to say of the others, and tell them of this one."""
        item = self.record(request, object_id)
        return JsonResponse({"sentence": arrive(request.user, item)})
