"""What has become public since the last time and is to be announced."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from .. import visibility
from ..models import AnnouncedUntil, Announcement, Edition, Ping, Publication
from ..visibility import Status
from .topics import feeds_of

Kind = Announcement.Kind
# Two verbs at once may be written in one order and come to light in the other: so far back is
# looked once more. What was announced is not announced again.
BACK_EDITIONS, BACK = 200, timedelta(minutes=10)
_ACTIONS = {
    "apply_change": Kind.CHANGED, "withdraw": Kind.WITHDRAWN, "retract": Kind.RETRACTED,
    "approve_reason": Kind.REASON, "reinstate": Kind.REINSTATED,
}  # fmt: skip
# These travel even of what was released before this site: somebody may have it from here.
_ENDINGS = frozenset({Kind.WITHDRAWN, Kind.RETRACTED, Kind.REINSTATED})
_OUT = (Status.APPROVED, Status.WITHDRAWN, Status.RETRACTED)


@dataclass(frozen=True)
class Act:
    """A public act: its permanent name, what it did to which record, and since when."""

    name: str
    kind: str
    record: UUID
    at: datetime


def find() -> list[Announcement]:
    """Record what became public since the last time, with pings for every hub; to be called at
    one moment (visibility.at). The first time of all only notes where announcing begins."""
    now = visibility.moment()
    with transaction.atomic():
        until = AnnouncedUntil.objects.select_for_update().filter(pk=1).first()
        last = Edition.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if until is None:
            until = AnnouncedUntil(pk=1, began_at=now, moment=now, edition=last)
            until.save(force_insert=True)
            # What this very second has already brought is as old as all before it.
            Announcement.objects.bulk_create(_row(act) for act in _new(until, now))
            return []
        found = [_announce(act) for act in _new(until, now)]
        _ping({topic for each in found for topic in each.topics}, now)
        if last > until.edition or found:
            until.moment, until.edition = now, last
            until.save()
    return found


def _new(until: AnnouncedUntil, now: datetime) -> list[Act]:
    """The acts that are public and have no announcement, the earliest first."""
    acts = [*_releases(until, now), *_acts(until)]
    known = set(
        Announcement.objects.filter(act__in=[each.name for each in acts])
        .values_list("act", flat=True)
    )  # fmt: skip
    return sorted((each for each in acts if each.name not in known), key=lambda each: each.at)


def _releases(until: AnnouncedUntil, now: datetime) -> Iterator[Act]:
    """Texts whose moment came, but archive material: it has a date of its own and is no news."""
    since = max(until.began_at, until.moment - BACK)
    rows = Publication.objects.filter(
        status__in=_OUT, release_at__gte=since, release_at__lte=now, first_released_on=None
    )
    for uid, at in rows.order_by().values_list("pk", "release_at"):
        yield Act(f"release:{uid}:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}", Kind.RELEASED, uid, at)


def _acts(until: AnnouncedUntil) -> Iterator[Act]:
    """What was done to texts that readers already had."""
    rows = Edition.objects.filter(
        pk__gt=until.edition - BACK_EDITIONS, at__gte=until.began_at, action__in=_ACTIONS,
        model__in=Publication.Model.values,
    )  # fmt: skip
    done = list(rows.values_list("pk", "action", "record_uid", "at"))
    out = Publication.objects.filter(
        pk__in={row[2] for row in done}, status__in=_OUT, release_at__lte=visibility.moment()
    )
    released = {item.pk: item for item in out.only("uid", "release_at", "first_released_on")}
    for number, action, uid, at in done:
        item, kind = released.get(uid), _ACTIONS[action]
        if item is None or at < item.release_at:
            continue  # under embargo it is part of what the release brings
        if not item.is_archive or kind in _ENDINGS:
            yield Act(f"edition:{number}", kind, uid, at)


def _row(act: Act) -> Announcement:
    return Announcement(act=act.name, kind=act.kind, record_uid=act.record, at=act.at)


def _announce(act: Act) -> Announcement:
    row = _row(act)
    row.topics = _topics(act)
    row.save(force_insert=True)
    return row


def _topics(act: Act) -> list[str]:
    """The feeds of the text as it stands, and of what readers had before a change of it."""
    rows = Edition.objects.filter(record_uid=act.record, public_number__isnull=False)
    lasts = list(rows.order_by("-number").values_list("snapshot", flat=True)[:2])
    return feeds_of(each["content"] for each in lasts)


def _ping(topics: Iterable[str], now: datetime) -> None:
    """A ping for each hub and feed, unless one that nobody has taken up yet waits already."""
    Ping.objects.bulk_create(
        (
            Ping(hub=hub, topic=topic, due_at=now)
            for hub in settings.WEBSUB_HUBS
            for topic in sorted(topics)
        ),
        ignore_conflicts=True,
    )
