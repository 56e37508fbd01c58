"""Links that show one item before its release to whoever holds them.

The code of a link is random and stored only as its SHA-256. It travels in the fragment of the
address and in the body of a form, so that no log ever holds it.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .. import audit, differences, roles, sight, visibility
from ..models import Change, ChangeState, PreviewLink, Publication
from ..publishing import Refused
from ..publishing.frame import locked, refuse_while_frozen, was_released

# How many hours a link may work, and how many it does unless somebody says.
LONGEST, USUAL = 48, 24
# How long a visit lasts before the code is asked for again.
VISIT = timedelta(minutes=30)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()


def address(item: Any, change: Change | None = None) -> str:
    """Where a preview begins: of an item, or of a record as a change would have it."""
    if change is not None:
        return reverse("preview:change", args=[change.pk])
    return reverse("preview:item", args=[item.pk])


def shareable(item: Publication, change: Change | None = None) -> bool:
    """Whether a link would open anything now. It never outranks an access limit, which ends at
    release; what was released needs no link, only a change of it does."""
    if change is not None and change.state != ChangeState.PROPOSED:
        return False
    if was_released(item, visibility.moment()):
        return change is not None
    return not item.limited


def make_link(
    item: Any, by: Any, for_whom: str, hours: int | None = USUAL, change: Change | None = None
) -> tuple[PreviewLink, str]:
    """Make a link that works for `hours` (1 to 48) and return it with its code, which nothing
    can tell again. Raises Refused, by field where one is to blame; PermissionDenied without
    the permission share_preview or without sight of the item."""
    with transaction.atomic():
        record = locked(item)
        roles.require(by, "share_preview")
        sight.require(by, record)
        refuse_while_frozen("make_link", by)
        if not for_whom.strip():
            raise Refused({"for_whom": _("Say for whom it is.")})
        if hours is None or not 1 <= hours <= LONGEST:
            raise Refused({"hours": _("A link works for 1 to 48 hours.")})
        if record.limited and not was_released(record, visibility.clock()):
            raise Refused(_("It is limited to the people named on it: no link may show it."))
        if not shareable(record, change):
            raise Refused(_("It has been released: share its public address."))
        if change is not None and change.record_uid != record.pk:
            raise Refused(_("This change is of another item."))
        if change is not None and not differences.sees_whole(by, change):
            raise PermissionDenied("This change is of more than this person may see.")
        now, code = visibility.clock(), secrets.token_urlsafe(32)
        link = PreviewLink(
            publication=record.publication, change=change, code_hash=_hash(code),
            for_whom=for_whom, made_by=by, made_at=now, expires_at=now + timedelta(hours=hours),
        )  # fmt: skip
        link.clean_fields(exclude=("change", "revoked_at"))
        link.save(force_insert=True)
        audit.note(
            "preview_made", by=by, record=record, link=str(link.pk), for_whom=for_whom,
            hours=hours, change=str(change.pk) if change else None,
        )  # fmt: skip
    return link, code


def revoke_link(link: PreviewLink, by: Any) -> PreviewLink:
    """Stop a link at once, for visits that have begun too. Nothing happens to a revoked one."""
    with transaction.atomic():
        held = PreviewLink.objects.select_for_update().get(pk=link.pk)
        roles.require(by, "share_preview")
        sight.require(by, held.publication)
        if held.revoked_at is None:
            held.revoked_at = visibility.clock()
            held.save(update_fields=["revoked_at"])
            audit.note("preview_revoked", by=by, record=held.publication, link=str(held.pk))
    return held


def link_with(code: str) -> PreviewLink | None:
    """The link of a code, whether it still works or not; None for a code that none has.

    Codes are looked up by their hash, so that how long it takes tells nothing of them.
    """
    rows = PreviewLink.objects.select_related("publication", "change")
    return rows.filter(code_hash=_hash(code)).first()


def may_open(link: PreviewLink) -> bool:
    """Whether a link opens its door at this moment: neither expired nor revoked, and not to an
    item that has since been limited, or a change that has been decided."""
    if not link.works_at(visibility.moment()):
        return False
    released = was_released(link.publication, visibility.moment())
    return released or shareable(link.publication, link.change)


def shows(item: Publication, change: Change | None = None) -> str:
    """The address that shows an item now: its preview's before its release, and the public one
    after; a change's preview while it waits for a decision."""
    if change is not None and change.state == ChangeState.PROPOSED:
        return address(item, change)
    if was_released(item, visibility.moment()):
        url: str = item.child.get_absolute_url()
        return url
    return address(item)
