"""Who is told what: an entry on the desk, and an e-mail that holds no word of any text.

Entries name a record and are written with the act itself. That something is out is told by
the clock: the entry is written at approval and falls due at the release. Mail goes out after
the transaction; what could not be sent, and what fell due since, `manage.py send_mail` sends.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from . import editions, roles, sight, visibility
from .models import Change, Notification, Publication, Recorded

log = logging.getLogger(__name__)
Kind = Notification.Kind
_WRITING = ("save", "apply_change")
_APPROVING = ("approve", "release_now")


def tell(
    record: Recorded, kind: Kind, people: Iterable[Any], by: Any, change: Change | None = None
) -> None:  # fmt: skip
    """Tell these people, but for whoever did it. For verbs, inside their transaction."""
    now = visibility.clock()
    told = {user.pk: user for user in people if user is not None}
    told.pop(getattr(by, "pk", None), None)
    rows = [
        Notification(
            user=user, kind=kind, model=record._meta.model_name, record_uid=record.pk,
            change=change, actor_name=by.name if isinstance(by, roles.Actor) else str(by),
            due_at=now,
        )
        for user in told.values()
        if user.is_active and sight.sees(user, record)
    ]  # fmt: skip
    if rows:
        Notification.objects.bulk_create(rows)
        transaction.on_commit(lambda: send([row.pk for row in rows]), robust=True)


def tell_holders(
    record: Recorded, kind: Kind, codename: str, by: Any, change: Change | None = None
) -> None:  # fmt: skip
    """Tell everybody who holds a permission and may see the record."""
    if isinstance(by, roles.Actor):
        return
    tell(record, kind, sight.who_see(record, codename), by, change)


def tell_authors(record: Recorded, kind: Kind, by: Any, *, approvers: bool = False) -> None:
    """Tell whoever wrote the text, and with `approvers` whoever approved it."""
    if isinstance(by, roles.Actor):
        return
    tell(record, kind, _behind(record, approvers), by)


def _behind(record: Recorded, approvers: bool) -> list[Any]:
    acts = (*_WRITING, *_APPROVING) if approvers else _WRITING
    rows = editions.of(record).filter(action__in=acts).exclude(by=None).select_related("by")
    return [row.by for row in rows]


def follow_release(record: Publication) -> None:
    """Tell those behind an item that it is out, at its time: with no job that has to run."""
    forget_release(record)
    people = {user.pk: user for user in _behind(record, approvers=True)}
    if record.release_at is not None and not record.is_archive:
        Notification.objects.bulk_create(
            Notification(
                user=user, kind=Kind.RELEASED, model=record._meta.model_name,
                record_uid=record.pk, due_at=record.release_at,
            )
            for user in people.values()
        )  # fmt: skip


def forget_release(record: Publication) -> None:
    """Drop what would have been told at a release that does not come."""
    Notification.objects.filter(
        record_uid=record.pk, kind=Kind.RELEASED, due_at__gt=visibility.clock()
    ).delete()


def forget_change(change: Change) -> None:
    """A change that was decided waits for nobody any more."""
    Notification.objects.filter(change=change, kind=Kind.CHANGE_WAITS, seen_at=None).update(
        seen_at=visibility.clock()
    )


def send(pks: list[int] | None = None) -> int:
    """Send the mail of entries that are due and were not mailed (of `pks` alone, where given),
    and return how many went out. What a mail server refuses stays for the next time."""
    rows = Notification.objects.due(visibility.clock()).filter(mailed_at=None)
    rows = rows.select_related("user") if pks is None else rows.filter(pk__in=pks)
    sent = 0
    for row in rows.select_related("user"):
        try:
            if row.user.email and row.user.is_active:
                send_mail(_subject(row), _text(row), None, [row.user.email])
                sent += 1
        except OSError as problem:
            log.warning("A notification was not mailed: %s", problem)
            continue
        Notification.objects.filter(pk=row.pk).update(mailed_at=visibility.clock())
    return sent


def _subject(row: Notification) -> str:
    """What happened, in the office's own words; never a title, a name or a time of release."""
    return _("Press office: an item %(what)s") % {"what": row.get_kind_display()}


def _text(row: Notification) -> str:
    desk = settings.SITE_URL.rstrip("/") + reverse("admin:index")
    return _("It is on your desk: %(address)s") % {"address": desk} + "\n"
