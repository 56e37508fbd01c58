"""The verbs: everything that may happen to a text, and who may do it when.

Each verb locks and re-reads the row, checks the permission, reads the clock last, checks the
move against it, validates the whole record, and writes row and edition in one transaction.
Every edit is confirmed by somebody other than its author, and the last act before release is
by a holder of approve. An approved text is never edited in place.
"""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import dates, editions, roles, visibility
from .languages import CODES, column
from .models import Event, Outcome, Progress, Publication, Recorded, Statement
from .visibility import Stage, Status

R = TypeVar("R", bound=Recorded)
P = TypeVar("P", bound=Publication)

# An approval names a time at least this far ahead: time to notice a slip of the finger.
LEAD = timedelta(seconds=60)


class Refused(ValidationError):
    """A verb that may not happen, with the sentence for the person who asked for it."""


@dataclass(frozen=True)
class Move:
    """One verb of the lifecycle: from which stages, by holders of which permission, and what
    its form must ask for: "release_at", "reason" or "note"."""

    name: str
    label: str | Promise
    origins: frozenset[Stage]
    permission: str
    asks: tuple[str, ...] = ()


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("submit", _("Submit for review"), frozenset({Stage.DRAFT}), "submit_publication"),
        Move("send_back", _("Send back"), frozenset({Stage.IN_REVIEW}), "review_publication",
             ("note",)),
        Move("countersign", _("Countersign"), frozenset({Stage.IN_REVIEW}), "submit_publication"),
        Move("approve", _("Approve for a time"), frozenset({Stage.IN_REVIEW}),
             "approve_publication", ("release_at",)),
        Move("release_now", _("Release now"), frozenset({Stage.IN_REVIEW}), "approve_publication"),
        Move("move_release", _("Move the release"), frozenset({Stage.EMBARGOED}),
             "approve_publication", ("release_at",)),
        Move("cancel_release", _("Cancel the release"), frozenset({Stage.EMBARGOED}),
             "approve_publication", ("note",)),
        Move("withdraw", _("Withdraw"), frozenset({Stage.PUBLISHED}), "withdraw_publication",
             ("reason",)),
        Move("retract", _("Retract"), frozenset({Stage.PUBLISHED, Stage.WITHDRAWN}),
             "retract_publication", ("reason",)),
    )
}  # fmt: skip

# Acts that change a text, and acts by which another person stands behind it.
EDITS = ("save",)
CONFIRMATIONS = ("countersign", "approve", "release_now")


def moves_open_to(item: Publication, user: Any) -> list[Move]:
    """The moves that the item's stage and the person's roles allow, for buttons.

    The verb itself may still refuse: four eyes and the clock are judged when it acts.
    """
    stage = visibility.stage(item)
    return [
        move
        for move in MOVES.values()
        if stage in move.origins and roles.holds(user, move.permission)
    ]


def _locked(item: R) -> R:
    """The row as it is now, held until the transaction ends."""
    manager = type(item)._default_manager
    locked: R | None = manager.select_for_update().filter(pk=item.pk).first()
    if locked is None:
        raise Refused(_("This item no longer exists."))
    return locked


@contextmanager
def _acting(verb: str, item: P, by: Any, note: str = "") -> Iterator[tuple[P, datetime]]:
    """The frame of every move: lock, permission, clock, stage; then validation and edition."""
    move = MOVES[verb]
    with transaction.atomic():
        record = _locked(item)
        roles.require(by, move.permission)
        now = visibility.clock()
        if visibility.stage(record, now) not in move.origins:
            raise Refused(
                _("“%(verb)s” is not possible: the item is %(stage)s."),
                params={"verb": move.label, "stage": visibility.stage(record, now).label},
            )
        yield record, now
        _validate(record)
        record.save()
        number = 1 if record.status == Status.APPROVED else None
        editions.write(record, verb, by, now, note, number)


def _validate(record: Recorded) -> None:
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


def begin_save(item: Any, by: Any, version: int | None = None) -> None:
    """Check that `by` may save `item` in place now, and hold its row until the transaction ends.

    `version` is what the form was made from. Raises Refused for a stale form and for a text
    that was approved, or a reference row that something public shows: those change by a
    reviewed Change only. Raises PermissionDenied without the permission.
    """
    record = owner(item)
    if record._state.adding:
        roles.require(by, f"add_{record._meta.model_name}")
        return
    roles.require(by, f"change_{record._meta.model_name}")
    stored = _locked(record)
    if version is not None and version != stored.version:
        raise Refused(_("Somebody else has saved this since you opened it."), code="stale")
    if isinstance(stored, Publication):
        if visibility.stage(stored, visibility.clock()) not in (Stage.DRAFT, Stage.IN_REVIEW):
            raise Refused(_("An approved text is not edited in place: propose a change."))
    elif isinstance(by, roles.Actor):
        return
    elif is_shown(stored):
        raise Refused(_("Something public shows this: propose a change."))


def is_shown(record: Recorded) -> bool:
    """Whether a reference row or photo is named by something public now."""
    with visibility.at(visibility.clock()):
        return type(record).objects.public().filter(pk=record.pk).exists()  # type: ignore[attr-defined, no-any-return]


def finish_save(item: Any, by: Any) -> None:
    """Write the edition of a save whose rows are all stored; none where nothing changed."""
    held = owner(item)
    record = type(held)._default_manager.get(pk=held.pk)
    _validate(record)
    # Validation may normalise (a day of an imprecise date): what is stored is what was checked.
    record.save()
    last = editions.of(record).last()
    if last is None or last.snapshot["content"] != editions.snapshot(record):
        editions.write(record, "save", by, visibility.clock())
    held.version = record.version
    held.edition_count, held.edition_head = record.edition_count, record.edition_head


@contextmanager
def saving(item: R, by: Any, version: int | None = None) -> Iterator[R]:
    """Save a draft: yields the locked record (a new one as given) to be changed and stored.

    Inside, call its save() and create what belongs to it; the edition follows at the end.
    """
    with transaction.atomic():
        begin_save(item, by, version)
        record = item if item._state.adding else _locked(item)
        yield record
        finish_save(record, by)


def discard(item: Publication, by: Any) -> None:
    """Delete a draft that was never approved. Its editions stay, with a last one that says so."""
    with transaction.atomic():
        record = _locked(item)
        roles.require(by, f"delete_{record._meta.model_name}")
        approved = editions.of(record).filter(public_number__isnull=False).exists()
        if record.status != Status.DRAFT or approved:
            raise Refused(_("Only a draft that was never approved can be deleted."))
        editions.write(record, "discard", by, visibility.clock())
        record.delete()


def submit(item: P, by: Any, note: str = "") -> P:
    """Hand a draft over for review."""
    with _acting("submit", item, by, note) as (record, _now):
        _complete(record)
        record.status = Status.IN_REVIEW
    return record


def send_back(item: P, by: Any, note: str) -> P:
    """Return an item to its writer, with a note that says what to do."""
    if not note.strip():
        raise Refused({"note": _("Say what is to be done.")})
    with _acting("send_back", item, by, note) as (record, _now):
        record.status = Status.DRAFT
    return record


def countersign(item: P, by: Any) -> P:
    """Stand behind what others edited, so that an editor may approve in an office of two."""
    with _acting("countersign", item, by) as (record, _now):
        if not (unconfirmed_authors(record) - {_key(by)}):
            raise Refused(_("There is nothing by somebody else to countersign."))
    return record


def approve(item: P, by: Any, release_at: datetime | None) -> P:
    """Approve for a stated time at least a minute ahead. An empty time is never "now"."""
    with _acting("approve", item, by) as (record, now):
        _stand_behind(record, by)
        _schedule(record, release_at, now)
    return record


def release_now(item: P, by: Any) -> P:
    """Approve for this very second: an act of its own, confirmed by the person."""
    with _acting("release_now", item, by) as (record, now):
        _stand_behind(record, by)
        _set_release(record, now)
    return record


def move_release(item: P, by: Any, release_at: datetime | None) -> P:
    """Give an embargoed item another time; refused once its time has come."""
    with _acting("move_release", item, by) as (record, now):
        _schedule(record, release_at, now)
    return record


def cancel_release(item: P, by: Any, note: str) -> P:
    """Take an embargoed item out of its release and back into review; refused once it is out."""
    with _acting("cancel_release", item, by, note) as (record, _now):
        record.status = Status.IN_REVIEW
        record.release_at = record.published_at = None
    return record


def withdraw(item: P, by: Any, reason: Mapping[str, str] | str) -> P:
    """Mark a public text as no longer current. One person's immediate act.

    Readers see a fixed neutral wording: the reason given is one person's word, kept in the
    edition's note until a second person stands behind it.
    """
    return _end("withdraw", Status.WITHDRAWN, item, by, reason)


def retract(item: P, by: Any, reason: Mapping[str, str] | str) -> P:
    """Take back a text published in error: its address answers 410 from now on."""
    return _end("retract", Status.RETRACTED, item, by, reason)


def _end(verb: str, status: Status, item: P, by: Any, reason: Mapping[str, str] | str) -> P:
    given = {"": reason} if isinstance(reason, str) else dict(reason)
    note = "\n".join(
        f"{code} {text.strip()}".strip() for code, text in given.items() if text.strip()
    )
    if not note:
        raise Refused({"reason": _("Give the reason.")})
    with _acting(verb, item, by, note) as (record, now):
        record.status, record.withdrawn_at = status, now
        for code in CODES:
            with translation.override(code):
                neutral = (
                    gettext("Withdrawn by the press office.")
                    if status == Status.WITHDRAWN
                    else gettext("Retracted by the press office.")
                )
            setattr(record, column("reason", code), neutral)
    return record


def _key(by: Any) -> Any:
    return None if isinstance(by, roles.Actor) else by.pk


def unconfirmed_authors(record: Recorded) -> set[Any]:
    """Who has edited what nobody else has confirmed since: user keys, None for an Actor."""
    acts = editions.of(record).filter(action__in=(*EDITS, *CONFIRMATIONS))
    open_edits: set[Any] = set()
    for action, author in acts.values_list("action", "by"):
        if action in EDITS:
            open_edits.add(author)
        else:
            open_edits &= {author}
    return open_edits


def _complete(record: Publication) -> None:
    """What must be answered before anybody is asked to read it."""
    if not record.readable_languages():
        raise Refused(_("Mark at least one language as ready."))
    if record.released_before is None:
        raise Refused(
            {"released_before": _("Say whether it was released before this site, and when.")}
        )


def _stand_behind(record: Publication, by: Any) -> None:
    """The approver's half of four eyes: nothing of theirs may be unconfirmed."""
    _complete(record)
    if not isinstance(by, roles.Actor) and _key(by) in unconfirmed_authors(record):
        raise Refused(
            _("You have edited this text: somebody else must countersign before you approve it.")
        )
    _print_names(record)
    if not record.reference_number:
        record.reference_number = _number(record)


def _schedule(record: Publication, release_at: datetime | None, now: datetime) -> None:
    if release_at is None:
        raise Refused({"release_at": _("State the release time; an empty field is never “now”.")})
    if release_at.tzinfo is None:
        raise Refused({"release_at": _("The release time needs a time zone.")})
    if release_at.microsecond:
        raise Refused({"release_at": _("Give the time in whole seconds.")})
    if release_at < now + LEAD:
        raise Refused({"release_at": _("The release time must be at least one minute ahead.")})
    _set_release(record, release_at)


def _set_release(record: Publication, release_at: datetime) -> None:
    record.status, record.release_at = Status.APPROVED, release_at
    first = record.first_released_on
    record.published_at = dates.day_start(first) if first else release_at


def _number(record: Publication) -> str:
    """A permanent reference number: the date and five signs of the identifier.

    Never a count: a gap between two numbers would tell of an embargoed text.
    """
    signs = base64.b32encode(record.uid.bytes).decode()[:5]
    return f"{record.date:%Y%m%d}-{signs}"


def _print_names(record: Publication) -> None:
    """Copy names, offices and captions as they are now where none are printed yet, so that
    renaming a person never changes an old text."""
    pairs: list[tuple[Any, str, Any, str]] = []
    if isinstance(record, Statement):
        for words in (*record.speakers.all(), *record.quotes.all()):
            pairs.append((words, "name", words.person, "name"))
            if office := words.person.office_on(record.date):
                pairs.append((words, "office", office, "title"))
    if isinstance(record, Event):
        pairs += [(each, "name", each.who, "name") for each in record.participants.all()]
    pairs += [(each, "caption", each.photo, "caption") for each in record.placements.all()]
    for row, name, source, source_name in pairs:
        for code in CODES:
            if not getattr(row, column(name, code)):
                setattr(row, column(name, code), _source_text(source, source_name, code))
        row.save()


def _source_text(source: Any, name: str, code: str) -> str:
    if hasattr(source, "name_in"):
        return str(source.name_in(code))
    return str(getattr(source, column(name, code)))


__all__ = [
    "MOVES", "Move", "Refused", "approve", "begin_save", "cancel_release",
    "countersign", "discard", "finish_save", "is_shown", "move_release", "moves_open_to", "owner",
    "release_now", "retract", "saving", "send_back", "submit", "unconfirmed_authors", "withdraw",
]  # fmt: skip
