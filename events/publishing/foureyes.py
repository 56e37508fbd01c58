"""Two people behind every public word: who wrote what nobody else has confirmed yet.

It is read from the editions and stored nowhere else. What a text names is part of it: a
person, a topic or a photo that only its author has seen is confirmed with the text.
"""

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Max

from .. import editions, notifications, roles, sight
from ..models import Edition, Notification, Person, Publication, Recorded, Series

# Acts that change a text, and acts by which another person stands behind it.
EDITS = ("save",)
CONFIRMATIONS = ("countersign", "approve", "release_now")
# Acts that give a public reason for a withdrawal, and acts that ask to reinstate or end the asking.
REASONS = ("withdraw", "retract", "propose_reason")
REINSTATING = ("withdraw", "retract", "ask_reinstatement", "reinstate")


def key(by: Any) -> Any:
    """What editions know a person by; None for the office itself (an Actor)."""
    return None if isinstance(by, roles.Actor) else by.pk


def _authors(acts: Any) -> set[Any]:
    open_edits: set[Any] = set()
    for action, author in acts:
        if action in EDITS:
            open_edits.add(author)
        else:
            open_edits &= {author}
    return open_edits


def unconfirmed_authors(record: Recorded) -> set[Any]:
    """Who has edited what nobody else has confirmed since: user keys, None for an Actor."""
    acts = editions.of(record).filter(action__in=(*EDITS, *CONFIRMATIONS))
    return _authors(acts.values_list("action", "by"))


def open_edits() -> models.QuerySet[Edition]:
    """Edits by people that nobody but their author has confirmed since: for lists, the same
    answer in SQL as `unconfirmed_authors` gives of one record."""
    confirmed = Edition.objects.filter(
        record_uid=models.OuterRef("record_uid"), number__gt=models.OuterRef("number"),
        action__in=CONFIRMATIONS,
    ).exclude(by=models.OuterRef("by"))  # fmt: skip
    return Edition.objects.filter(
        ~models.Exists(confirmed), action__in=EDITS, by__isnull=False
    )  # fmt: skip


def ask_to_countersign(record: Publication, by: Any) -> None:
    """Tell those who may countersign, and not approve, that a text waits for them: one in which
    an approver wrote, who may not approve their own words."""
    authors = unconfirmed_authors(record)
    if any(user.pk in authors for user in sight.who_see(record, "approve_publication")):
        people = [
            user
            for user in sight.who_see(record, "submit_publication")
            if not roles.holds(user, "review_publication")
        ]
        notifications.tell(record, Notification.Kind.COUNTERSIGN, people, by)


def named_rows(record: Recorded) -> list[Recorded]:
    """The reference rows and photos that a record and its parts name, with the portraits of
    the people and the organisations of the series among them: what a release makes public."""
    found: dict[Any, Recorded] = {}
    waiting: list[models.Model] = [record]
    while waiting:
        row = waiting.pop()
        for each in _leads_to(row):
            if not isinstance(each, Recorded) or isinstance(each, Publication):
                continue
            found.setdefault(each.pk, each)
            further = each.portrait if isinstance(each, Person) else None
            further = each.organisation if isinstance(each, Series) else further
            if further is not None:
                found.setdefault(further.pk, further)
        for relation in getattr(row, "PARTS", ()):
            waiting += getattr(row, relation).all()
    return list(found.values())


def _leads_to(row: models.Model) -> list[Any]:
    keys = [field for field in row._meta.concrete_fields if field.many_to_one]
    rows = [getattr(row, field.name) for field in keys if getattr(row, field.attname)]
    for field in row._meta.many_to_many:
        rows += getattr(row, field.name).all()
    return rows


def hold_rows(*records: Recorded) -> None:
    """Lock what records name until the transaction ends, in one order: whoever saves one of these
    rows meanwhile waits, and then finds it named by an approved text."""
    keys = {(type(row), row.pk) for record in records for row in named_rows(record)}
    for model in sorted({model for model, _pk in keys}, key=lambda model: str(model._meta.label)):
        pks = [pk for kind, pk in keys if kind is model]
        rows = model._default_manager.select_for_update().filter(pk__in=pks)
        list(rows.order_by("pk").values_list("pk"))


def rows_seen(record: Recorded) -> str:
    """A short value for what stands in the rows that a record names, another one as soon as
    somebody has edited one of them: a page carries it, so that nobody stands behind words that
    came after they had looked. SHA-256 in hexadecimal."""
    pks = [row.pk for row in named_rows(record)]
    edited = Edition.objects.filter(record_uid__in=pks).exclude(action__in=CONFIRMATIONS)
    numbers = edited.order_by().values_list("record_uid").annotate(Max("number"))
    lines = sorted([*(str(pk) for pk in pks), *(f"{uid} {number}" for uid, number in numbers)])
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def unconfirmed_rows(record: Recorded) -> list[tuple[Recorded, set[Any]]]:
    """The rows it names that somebody has edited and nobody else has confirmed, with who."""
    rows = named_rows(record)
    acts = Edition.objects.filter(
        record_uid__in=[row.pk for row in rows], action__in=(*EDITS, *CONFIRMATIONS)
    ).order_by("record_uid", "number")
    by_row: dict[Any, list[tuple[str, Any]]] = defaultdict(list)
    for uid, action, author in acts.values_list("record_uid", "action", "by"):
        by_row[uid].append((action, author))
    found = ((row, _authors(by_row[row.pk])) for row in rows)
    return [(row, authors) for row, authors in found if authors]


def open_to(record: Recorded, by: Any) -> bool:
    """Whether there is anything by somebody else here that `by` could confirm."""
    mine = {key(by)}
    return bool(unconfirmed_authors(record) - mine) or any(
        authors - mine for _row, authors in unconfirmed_rows(record)
    )


def confirm_rows(record: Recorded, by: Any, now: datetime) -> None:
    """Stand behind what others wrote in the rows that a text names."""
    for row, authors in unconfirmed_rows(record):
        if authors - {key(by), None}:
            # As it is now, whichever object led to it.
            held: Any = type(row)._default_manager.select_for_update().get(pk=row.pk)
            editions.write(held, "countersign", by, now)


def last_author(record: Recorded, actions: tuple[str, ...]) -> Any:
    """Who did the latest of these acts; None where nobody did, or an Actor."""
    last = editions.of(record).filter(action__in=actions).last()
    return last.by_id if last else None


def asked_to_reinstate(record: Recorded) -> Edition | None:
    """The request that waits for a second person; None where there is none."""
    last = editions.of(record).filter(action__in=REINSTATING).last()
    return last if last is not None and last.action == "ask_reinstatement" else None
