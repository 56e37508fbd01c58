"""The table of moves, and the frame in which every verb acts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .. import dates, editions, indexing, notifications, roles, sight, visibility
from ..files import renditions
from ..latest import ACTS
from ..models import Freeze, Outcome, Photo, Progress, Publication, Recorded
from ..visibility import Stage, Status
from . import foureyes

R = TypeVar("R", bound=Recorded)
P = TypeVar("P", bound=Publication)

# An approval names a time at least this far ahead: time to notice a slip of the finger.
LEAD = timedelta(seconds=60)
# This close to its release an item is let go: a move that is written while the second strikes
# would take off the air what has just been seen on it.
SETTLE = timedelta(seconds=5)


class Refused(ValidationError):
    """A verb that may not happen, with the sentence for the person who asked for it."""


@dataclass(frozen=True)
class Move:
    """One verb of the lifecycle: from which stages, by holders of which permission, and what
    its form must ask for: "release_at", "reason", "note" or "answers".

    `anew` says that whoever acts must have shown lately who they are (signin/fresh.py). `waits`
    tells whether there is anything for this person to do, where the stage alone does not.
    """

    name: str
    label: str | Promise
    origins: frozenset[Stage]
    permission: str
    asks: tuple[str, ...] = ()
    anew: bool = False
    waits: Callable[[Publication, Any], bool] = lambda item, user: True


def _alone(item: Publication, user: Any) -> bool:
    return item.bundle_id is None


def _to_countersign(item: Publication, user: Any) -> bool:
    return bool(foureyes.open_to(item, user))


def _reason_waits(item: Publication, user: Any) -> bool:
    return item.has_proposed_reason and foureyes.last_author(item, foureyes.REASONS) != user.pk


def _reinstatement_waits(item: Publication, user: Any) -> bool:
    asked = foureyes.asked_to_reinstate(item)
    return asked is not None and asked.by_id != user.pk


_REVIEW, _OUT = frozenset({Stage.IN_REVIEW}), frozenset({Stage.PUBLISHED})
_WAITING, _ENDED = frozenset({Stage.EMBARGOED}), frozenset({Stage.WITHDRAWN, Stage.RETRACTED})

MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("submit", _("Submit for review"), frozenset({Stage.DRAFT}), "submit_publication"),
        Move("send_back", _("Send back"), _REVIEW, "review_publication", ("note",)),
        Move("countersign", _("Countersign"), _REVIEW, "submit_publication",
             waits=_to_countersign),
        Move("approve", _("Approve for a time"), _REVIEW, "approve_publication",
             ("release_at", "answers"), anew=True, waits=_alone),
        Move("release_now", _("Release now"), _REVIEW, "approve_publication", ("answers",),
             anew=True, waits=_alone),
        Move("move_release", _("Move the release"), _WAITING, "approve_publication",
             ("release_at",), anew=True, waits=_alone),
        Move("cancel_release", _("Take out of its release"), _WAITING, "approve_publication",
             ("note",), waits=_alone),
        Move("withdraw", _("Withdraw"), _OUT, "withdraw_publication", ("reason",), anew=True),
        Move("retract", _("Retract"), _OUT | {Stage.WITHDRAWN}, "retract_publication",
             ("reason",), anew=True),
        Move("propose_reason", _("Propose another public reason"), _ENDED,
             "withdraw_publication", ("reason",)),
        Move("approve_reason", _("Approve the public reason"), _ENDED, "withdraw_publication",
             waits=_reason_waits),
        Move("ask_reinstatement", _("Ask to reinstate"), _ENDED, "withdraw_publication",
             ("note",)),
        Move("reinstate", _("Reinstate"), _ENDED, "approve_publication", anew=True,
             waits=_reinstatement_waits),
    )
}  # fmt: skip


def moves_open_to(item: Publication, user: Any) -> list[Move]:
    """The moves that the item's stage and the person's roles allow, for buttons.

    The verb itself may still refuse: four eyes and the clock are judged when it acts.
    """
    stage = visibility.stage(item)
    return [
        move
        for move in MOVES.values()
        if stage in move.origins and roles.holds(user, move.permission) and move.waits(item, user)
    ]


def locked(item: R) -> R:
    """The row as it is now, held until the transaction ends. Raises Refused if it is gone."""
    manager = type(item)._default_manager
    found: R | None = manager.select_for_update().filter(pk=item.pk).first()
    if found is None:
        raise Refused(_("This item no longer exists."))
    return found


# What a Head of press may still do while the site is frozen: put nothing in, take things out.
TAKING_OUT = frozenset({"cancel_release", "withdraw", "retract"})


def refuse_while_frozen(verb: str, by: Any) -> None:
    """Raise Refused while the site is frozen: the one place that every verb asks, at its
    beginning for the sake of whoever is told, and again with its edition (`remember`)."""
    frozen = Freeze.objects.filter(lifted_at=None).first()
    if frozen is None or (verb in TAKING_OUT and roles.holds(by, "freeze_site")):
        return
    raise Refused(
        _("The site is frozen since %(when)s (%(reason)s). Nothing can be changed until a Head of"
          " press lifts the freeze; what you typed is still here."),
        params={"when": dates.written_moment(frozen.frozen_at), "reason": frozen.reason},
        code="frozen",
    )  # fmt: skip


@contextmanager
def acting(verb: str, item: P, by: Any, note: str = "") -> Iterator[tuple[P, datetime]]:
    """The frame of every move: lock, permission, sight, clock, stage; then validation and
    edition. Whatever is raised inside undoes all of it."""
    move = MOVES[verb]
    with transaction.atomic():
        record = locked(item)
        require_to_move(record, by, move.permission)
        refuse_while_frozen(verb, by)
        now = visibility.clock()
        if visibility.stage(record, now) not in move.origins:
            raise Refused(
                _("“%(verb)s” is not possible: the item is %(stage)s."),
                params={"verb": move.label, "stage": visibility.stage(record, now).label},
            )
        notifications.settle(record, verb)
        yield record, now
        validate(record)
        record.save()
        remember(record, verb, by, now, note, public_number(record, now))


def remember(
    record: Recorded, action: str, by: Any, now: datetime, note: str = "",
    public_number: int | None = None,
) -> None:  # fmt: skip
    """The end of every verb: the edition of what it did, what lists and search find, and, once
    it is committed, the sizes in which readers get a picture."""
    refuse_while_frozen(action, by)
    editions.write(record, action, by, now, note, public_number)
    indexing.refresh(record)
    if not isinstance(record, Publication) or record.status not in (Status.DRAFT, Status.IN_REVIEW):
        transaction.on_commit(ACTS.noted)
    if isinstance(record, Photo):
        renditions.make_later(record)


def require_to_move(record: Publication, by: Any, permission: str) -> None:
    """Raise PermissionDenied unless `by` holds the permission and may see the item."""
    roles.require(by, permission)
    sight.require(by, record)


def public_number(record: Publication, now: datetime) -> int | None:
    """The number that readers know this text by: 1 from its approval to its first change after
    release; None for what they never see."""
    if record.status != Status.APPROVED:
        return None
    return last_public_number(record) if was_released(record, now) else 1


def last_public_number(record: Recorded) -> int:
    """The highest public edition number so far; 1 where there is none."""
    numbers = (
        editions.of(record).exclude(public_number=None).values_list("public_number", flat=True)
    )
    return max(numbers, default=1)


def was_released(record: Publication, now: datetime) -> bool:
    """Whether readers have had it, withdrawn or retracted since or not."""
    decided = record.status in (Status.APPROVED, Status.WITHDRAWN, Status.RETRACTED)
    return decided and record.release_at is not None and record.release_at <= now


def refuse_to_stop(record: Publication, now: datetime) -> None:
    """Raise Refused where the release is so near that it can no longer be stopped or altered."""
    if record.release_at is not None and now < record.release_at <= now + SETTLE:
        raise Refused(
            _("It goes out within %(seconds)s seconds: wait until it is out."),
            params={"seconds": int(SETTLE.total_seconds())},
            code="settling",
        )


def validate(record: Recorded) -> None:
    """full_clean() of the record and of every row that belongs to it."""
    record.full_clean()
    for relation in record.PARTS:
        for part in getattr(record, relation).all():
            part.full_clean()


def owner(item: Any) -> Recorded:
    """The recorded row that an outcome or its progress belongs to; the item itself otherwise."""
    if isinstance(item, Progress):
        item = item.outcome
    record: Recorded = item.event if isinstance(item, Outcome) else item
    return record
