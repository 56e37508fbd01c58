"""Who is told what: an entry on the desk, and an e-mail that holds no word of any text.

Entries name a record and are written with the act itself. That something is out is told by
the clock: the entry is written at approval and falls due at the release. Mail goes out after
the transaction, one message for all that is new to a person; what a mail server did not take,
and what fell due since, `manage.py send_mail` sends.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Iterable
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from . import differences, editions, roles, sight, visibility
from .languages import CODES
from .models import RECORDED, Change, Notification, Publication, Recorded, WorkingLanguage

log = logging.getLogger(__name__)
Kind = Notification.Kind
_WRITING = ("save", "apply_change")
_APPROVING = ("approve", "release_now")
# What waits until somebody acts, and the acts that end the waiting for everybody who was told.
_WAITING = (Kind.REVIEW, Kind.COUNTERSIGN, Kind.REASON, Kind.REINSTATEMENT)
_SETTLED_BY = {
    "send_back": (Kind.REVIEW, Kind.COUNTERSIGN),
    "approve": (Kind.REVIEW, Kind.COUNTERSIGN),
    "release_now": (Kind.REVIEW, Kind.COUNTERSIGN),
    "propose_reason": (Kind.REASON,),
    "approve_reason": (Kind.REASON,),
    "reinstate": (Kind.REASON, Kind.REINSTATEMENT),
}
# An event or a statement is a row of the first of these.
_TABLES: tuple[type[Recorded], ...] = (
    Publication, *(model for model in RECORDED if not issubclass(model, Publication)),
)  # fmt: skip
# What entries about a member of the staff call their record: no table of texts.
ACCOUNT = "user"
_OF_ACCOUNTS = frozenset({
    Kind.NEW_DEVICE, Kind.ODD_HOUR, Kind.PASSKEY_ADDED, Kind.PASSKEY_REMOVED, Kind.CODES_ADDED,
    Kind.CODES_REMOVED, Kind.RECOVERY_CODES, Kind.FACTORS_RESET, Kind.FROZE, Kind.LIFTED,
})  # fmt: skip
# A mail server that answers so has refused this one message, and will take the next.
_THIS_MAIL_ALONE = (SMTPRecipientsRefused, SMTPDataError, ValueError)


def tell(
    record: Recorded, kind: Kind, people: Iterable[Any], by: Any, change: Change | None = None
) -> None:  # fmt: skip
    """Tell these people, but for whoever did it, once each. For verbs, inside their transaction.

    Nobody is told of what the office itself brings in (an Actor): it was public before. Whoever
    has an unread entry that the same thing waits is not told again.
    """
    if isinstance(by, roles.Actor):
        return
    told = {user.pk: user for user in people if user is not None and user.is_active}
    told.pop(by.pk, None)
    if kind in _WAITING:
        known = Notification.objects.filter(record_uid=record.pk, kind=kind, seen_at=None)
        for pk in known.values_list("user", flat=True):
            told.pop(pk, None)
    rows = [
        Notification(
            user=user, kind=kind, model=str(record._meta.model_name), record_uid=record.pk,
            change=change, actor_name=by.get_full_name() or by.get_username(),
            due_at=visibility.clock(),
        )
        for user in told.values()
        if sight.sees(user, record)
    ]  # fmt: skip
    if rows:
        Notification.objects.bulk_create(rows)
        # Whatever goes wrong there is logged, and no longer concerns the verb.
        transaction.on_commit(lambda: send(row.user_id for row in rows), robust=True)


def tell_holders(
    record: Recorded, kind: Kind, codename: str, by: Any, change: Change | None = None,
    *, behind: bool = False,
) -> None:  # fmt: skip
    """Tell everybody who holds a permission and may see the record, and with `behind` whoever
    wrote or approved it."""
    also = _behind(record, approvers=True) if behind else []
    tell(record, kind, [*sight.who_see(record, codename), *also], by, change)  # type: ignore[arg-type]


def tell_authors(record: Recorded, kind: Kind, by: Any, *, approvers: bool = False) -> None:
    """Tell whoever wrote the text, and with `approvers` whoever approved it."""
    tell(record, kind, _behind(record, approvers), by)


def _behind(record: Recorded, approvers: bool) -> list[Any]:
    acts = (*_WRITING, *_APPROVING) if approvers else _WRITING
    rows = editions.of(record).filter(action__in=acts).exclude(by=None).select_related("by")
    return [row.by for row in rows]


def account_uid(pk: int) -> uuid.UUID:
    """What stands for an account where an entry names its record."""
    return uuid.UUID(int=pk)


def tell_of_account(
    account: Any, kind: Kind, device: str = "", *, heads: bool = True, everybody: bool = False,
    by: Any = None,
) -> None:  # fmt: skip
    """Tell a member of the staff what became of their account, and with `heads` every Head of
    press, or with `everybody` the whole staff; `device` is what it happened on."""
    staff = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
    told = staff if everybody else staff.filter(
        Q(pk=account.pk) | Q(groups__name__in=[roles.HEAD] if heads else [])
    )  # fmt: skip
    who = by.get_full_name() or by.get_username() if by is not None else device
    rows = [
        Notification(
            user_id=pk, kind=kind, model=ACCOUNT, record_uid=account_uid(account.pk),
            actor_name=who, due_at=visibility.clock(),
        )
        for pk in told.values_list("pk", flat=True).distinct()
    ]  # fmt: skip
    Notification.objects.bulk_create(rows)
    transaction.on_commit(lambda: send(row.user_id for row in rows), robust=True)


def follow_release(record: Publication, by: Any) -> None:
    """Tell those behind an item, `by` among them, that it is out, at its time: with no job that
    has to run. Where that is now, whoever released it knows."""
    forget_release(record)
    if record.release_at is None or record.is_archive or isinstance(by, roles.Actor):
        return
    people = {user.pk: user for user in (*_behind(record, approvers=True), by)}
    if record.release_at <= visibility.clock():
        tell(record, Kind.RELEASED, people.values(), by)
        return
    Notification.objects.bulk_create(
        Notification(
            user=user, kind=Kind.RELEASED, model=str(record._meta.model_name),
            record_uid=record.pk, due_at=record.release_at,
        )
        for user in people.values()
        if user.is_active
    )  # fmt: skip


def forget_release(record: Publication) -> None:
    """Drop what would have been told at a release that does not come."""
    Notification.objects.filter(
        record_uid=record.pk, kind=Kind.RELEASED, due_at__gt=visibility.clock()
    ).delete()


def settle(record: Recorded, verb: str) -> None:
    """What a verb has just dealt with waits for nobody any more."""
    _take_as_read(Notification.objects.filter(
        record_uid=record.pk, kind__in=_SETTLED_BY.get(verb, ())))  # fmt: skip


def forget_change(change: Change) -> None:
    """A change that was decided waits for nobody any more."""
    _take_as_read(Notification.objects.filter(change=change, kind=Kind.CHANGE_WAITS))


def _take_as_read(rows: QuerySet[Notification]) -> int:
    return rows.filter(seen_at=None).update(seen_at=visibility.clock())


def entries(user: Any) -> QuerySet[Notification]:
    """What a person has been told by this moment, the latest first: of records that are there
    and that they may see now, whatever they might see when it was written."""
    there = Q()
    for model in _TABLES:
        rows = sight.seen_by(user, model._default_manager.filter(pk=OuterRef("record_uid")))
        there |= Q(Exists(rows), model__in=_names(model))
    of_accounts = Q(model=ACCOUNT)
    if not roles.holds(user, "change_user"):
        of_accounts &= Q(record_uid=account_uid(user.pk)) | Q(kind__in=(Kind.FROZE, Kind.LIFTED))
    there |= of_accounts
    changes = differences.seen_changes(user).values("pk")
    told = Notification.objects.filter(
        there, Q(change=None) | Q(change__in=changes), user=user.pk
    )  # fmt: skip
    return told.due(visibility.moment()).order_by("-due_at", "-pk")


def _names(model: type[Recorded]) -> list[str]:
    """What entries may call the rows of a table: each event is a publication."""
    models = (model, *(each for each in RECORDED if issubclass(each, model)))
    return [str(each._meta.model_name) for each in models]


def mark_read(user: Any, until: Any) -> int:
    """Take everything as read that a person had been told by `until` (UTC), and return how many
    entries that were. What came since, nobody has seen yet."""
    return _take_as_read(Notification.objects.filter(user=user.pk).due(until))


def people_to_mail() -> list[int]:
    """The keys of those for whom something fell due that was not mailed."""
    rows = Notification.objects.due(visibility.clock()).filter(mailed_at=None)
    return list(rows.order_by("user").values_list("user", flat=True).distinct())


def send(people: Iterable[int]) -> int:
    """Mail each of these people, by key, one message about all that fell due for them and that
    they have not read; return how many messages went out.

    What the mail server refuses stays for the next time; one that is down is asked once.
    """
    sent, connection = 0, get_connection()
    try:
        for person in people:
            rows = _claim(person)
            try:
                sent += _mail(person, rows, connection)
            except Exception as problem:
                _let_go(rows)
                if not isinstance(problem, OSError | ValueError):
                    raise
                log.warning("Notifications were not mailed: %s", type(problem).__name__)
                if not isinstance(problem, _THIS_MAIL_ALONE):
                    break
    finally:
        connection.close()
    return sent


def language_of(user: Any, otherwise: str = settings.LANGUAGE_CODE) -> str:
    """The language that a person works in, as far as it is known; else that of the office."""
    kept = WorkingLanguage.objects.filter(user=user.pk).values_list("language", flat=True).first()
    return kept if kept in CODES else otherwise


def works_in(user: Any, language: str) -> None:
    """Remember the language that a person works in: mail is written in it."""
    WorkingLanguage.objects.update_or_create(user=user, defaults={"language": language})


def _claim(person: int) -> list[int]:
    """Mark a person's due entries as mailed before the mail goes, and return their keys: two
    processes never take the same one. PostgreSQL locks the rows, SQLite the whole file."""
    with transaction.atomic():
        rows = Notification.objects.due(visibility.clock()).filter(user=person, mailed_at=None)
        taken = [row.pk for row in rows.select_for_update(skip_locked=True)]
        Notification.objects.filter(pk__in=taken).update(mailed_at=visibility.clock())
    return taken


def _let_go(taken: list[int]) -> None:
    Notification.objects.filter(pk__in=taken).update(mailed_at=None)


def _mail(person: int, taken: list[int], connection: Any) -> int:
    user = get_user_model()._default_manager.get(pk=person)
    new = entries(user).filter(pk__in=taken, seen_at=None)
    kinds = Counter(new.values_list("kind", flat=True))
    if not (kinds and user.is_active and user.email):
        return 0
    # In the language of whoever reads it, not in that of whoever acted.
    with translation.override(language_of(user)):
        message = EmailMessage(
            _subject(kinds), _text(kinds), None, [user.email],
            connection=connection, headers={"Auto-Submitted": "auto-generated"},
        )  # fmt: skip
        connection.open()
        return int(message.send() or 0)


def _subject(kinds: Counter[str]) -> str:
    """What happened, in the office's own words; never a title, a name or a time of release."""
    if kinds.total() == 1:
        kind = Kind(next(iter(kinds)))
        if kind in _OF_ACCOUNTS:
            return _("Press office: an account %(what)s") % {"what": kind.label}
        return _("Press office: an item %(what)s") % {"what": kind.label}
    return _("Press office: %(count)d notifications") % {"count": kinds.total()}


def _text(kinds: Counter[str]) -> str:
    lines = [
        (_("An account %(what)s: %(count)d") if kind in _OF_ACCOUNTS
         else _("An item %(what)s: %(count)d")) % {"what": Kind(kind).label, "count": count}
        for kind, count in kinds.items()
    ]  # fmt: skip
    desk = settings.SITE_URL.rstrip("/") + reverse("admin:index")
    return "\n".join([*lines, "", _("It is on your desk: %(address)s") % {"address": desk}, ""])
