"""An approved text changes only here: proposed by one person, applied whole by another.

A change of an embargoed item leaves its release alone: the approved text goes out at its time,
or the changed one where it was applied before.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .. import changekinds, differences, editions, guards, notifications, roles, sight, visibility
from ..differences import Path
from ..editions import Snapshot
from ..languages import CODES, column
from ..models import (
    Change,
    ChangeKind,
    ChangeState,
    Edition,
    Event,
    Notice,
    Notification,
    Publication,
    Recorded,
    Tombstone,
)  # fmt: skip
from ..models.publication import NOT_AVAILABLE
from ..visibility import Status
from . import foureyes
from .frame import (
    R,
    Refused,
    last_public_number,
    locked,
    refuse_to_stop,
    refuse_while_frozen,
    remember,
    validate,
    was_released,
)  # fmt: skip
from .lifecycle import print_names, refuse_own_rows, refuse_rows_since, refuse_unanswered
from .saving import is_in_use

Told = Notification.Kind
# Fixed at approval: no change touches these.
FROZEN = ("slug", "reference_number", "iso2")


@dataclass(frozen=True)
class Revision:
    """A proposal put on top of the text as it stands: what a form opens with to mend it."""

    content: Snapshot
    conflicts: list[Path]
    base: Edition


@contextmanager
def showing(record: R, content: Snapshot) -> Iterator[R]:
    """The record as `content` has it, for as long as the block lasts and for this block alone.

    One short transaction that is always undone: render completely inside, and write nothing
    that a rollback does not undo. Raises ValidationError where the content breaks a rule.
    """
    with transaction.atomic():
        held = locked(record)
        editions.apply(held, content)
        try:
            yield type(held)._default_manager.get(pk=held.pk)
        finally:
            transaction.set_rollback(True)


@contextmanager
def showing_change(change: Change) -> Iterator[Recorded]:
    """The changed record as a proposal would have it."""
    with showing(record_of(change), change.snapshot) as record:
        yield record


def record_of(change: Change) -> Recorded:
    """The record that a change is of. Raises Refused where it is gone."""
    model = editions.model_named(change.model)
    record: Recorded | None = model._default_manager.filter(pk=change.record_uid).first()
    if record is None:
        raise Refused(_("This item no longer exists."))
    return record


def standing_edition(record: Recorded) -> Edition:
    """The latest edition of a record: what a proposal is made from."""
    last = editions.of(record).last()
    if last is None:
        raise Refused(_("This item has no edition yet."))
    return last


def _changeable(record: Recorded) -> None:
    if isinstance(record, Publication):
        if record.status in (Status.DRAFT, Status.IN_REVIEW):
            raise Refused(_("It is not approved yet: edit it directly."))
    elif not is_in_use(record):
        raise Refused(_("No approved text names it: edit it directly."))


def propose(
    record: Recorded, content: Snapshot, by: Any, kind: str, note: Mapping[str, str],
    base: Edition | None = None, replaces: Change | None = None,
) -> Change:  # fmt: skip
    """Propose `content` as the text of an approved record, with a public note by language.

    `base` is the edition that the text was made from, the latest one by default; `replaces` is
    an open proposal that this one mends. Raises Refused where nothing changes or the kind does
    not allow what changes, ValidationError where the text breaks a rule.
    """
    with transaction.atomic():
        held = locked(record)
        roles.require(by, "propose_change")
        sight.require(by, held)
        refuse_while_frozen("propose", by)
        _changeable(held)
        base = base or standing_edition(held)
        before = editions.content_of(base)
        for name in FROZEN:
            if before["fields"].get(name) != content["fields"].get(name):
                raise Refused({name: NOT_AVAILABLE} if name == "slug" else {name: _(
                    "This was fixed at approval and does not change.")})  # fmt: skip
        changekinds.check(kind, before, content)
        with showing(held, content) as shown:
            validate(shown)
            # What is stored is what the rules made of it, as for a save.
            content = editions.snapshot(shown)
        if content == before:
            raise Refused(_("Nothing is changed."))
        mine = Change.objects.open().filter(record_uid=held.pk, base=base, by=by, kind=kind)
        if replaces is None and any(editions.content_of(each) == content for each in mine):
            raise Refused(_("You have proposed this already: it waits for somebody’s decision."))
        if replaces is not None:
            replaces = _open(replaces)
            if replaces.record_uid != held.pk:
                raise Refused(_("This edition belongs to another record."))
            replaces.state, replaces.decided_by = ChangeState.SUPERSEDED, by
            replaces.decided_at = visibility.clock()
            replaces.save()
            notifications.forget_change(replaces)
        change = Change(
            model=held._meta.model_name, record_uid=held.pk, base=base, kind=kind,
            snapshot=content, by=by, proposed_at=visibility.clock(), replaces=replaces,
            **changekinds.notes(kind, content, note),
        )  # fmt: skip
        change.full_clean()
        change.save(force_insert=True)
        approvers = sight.who_see(held, "approve_publication")
        whole = [user for user in approvers if differences.sees_whole(user, change)]
        notifications.tell(held, Told.CHANGE_WAITS, whole, by, change)
    return change


def revision(change: Change, base: Edition | None = None) -> Revision:
    """A proposal on top of the text as it stands now (or stood in `base`), with the places
    where both changed."""
    base = base or standing_edition(record_of(change))
    content, conflicts = differences.merge(
        editions.content_of(change.base), editions.content_of(base), editions.content_of(change)
    )
    return Revision(content, conflicts, base)


def restored(record: Recorded, edition: Edition, by: Any, base: Edition | None = None) -> Revision:
    """An older edition on top of the text as it stands now (or stood in `base`): what was fixed
    at approval stays as it is, and so does what `by` may not see."""
    base = base or standing_edition(record)
    present = editions.content_of(base)
    # What came later than the edition is nothing that it took away.
    older = editions.completed(edition.snapshot["content"], present)
    content = differences.with_unseen(by, older, present)
    publication = isinstance(record, Publication)
    fixed = editions.of(record).exclude(public_number=None).exists() if publication else (
        is_in_use(record)
    )  # fmt: skip
    for name in FROZEN if fixed else ():
        if name in content["fields"]:
            content["fields"][name] = present["fields"][name]
    return Revision(content, [], base)


def questions(change: Change) -> list[guards.Question]:
    """What an approver is asked about the text as a proposal has it, and was not before.

    Raises ValidationError where the proposal breaks a rule by now.
    """
    record = record_of(change)
    if not isinstance(record, Publication):
        return []
    asked = guards.questions(record)
    with showing(record, change.snapshot) as shown:
        print_names(shown)
        return [each for each in guards.questions(shown) if each not in asked]


def _require_sight(by: Any, record: Recorded, change: Change) -> None:
    """Nobody decides on what they may not see: not the record, not a part of the change."""
    sight.require(by, record)
    if not differences.sees_whole(by, change):
        raise PermissionDenied("This change is of more than this person may see.")


def _open(change: Change) -> Change:
    held = Change.objects.select_for_update().filter(pk=change.pk).first()
    if held is None or held.state != ChangeState.PROPOSED:
        raise Refused(_("This change has been decided already."))
    return held


def confirm_change(change: Change, by: Any) -> Change:
    """Stand behind a proposal beside its author, so that the author may apply it."""
    with transaction.atomic():
        record = locked(record_of(change))
        held = _open(change)
        roles.require(by, "propose_change")
        _require_sight(by, record, held)
        refuse_while_frozen("confirm_change", by)
        if held.by_id == by.pk:
            raise Refused(_("You have proposed this: somebody else must stand behind it."))
        held.confirmed_by, held.confirmed_at = by, visibility.clock()
        held.save()
    return held


def reject_change(change: Change, by: Any, note: str) -> Change:
    """Turn a proposal down, or take back one's own. The text stays as it is."""
    with transaction.atomic():
        record = locked(record_of(change))
        held = _open(change)
        if held.by_id != by.pk:
            roles.require(by, "review_publication")
        _require_sight(by, record, held)
        refuse_while_frozen("reject_change", by)
        if not note.strip():
            raise Refused({"note": _("Say why.")})
        held.state, held.decided_by = ChangeState.REJECTED, by
        held.decided_at, held.decision_note = visibility.clock(), note
        held.save()
        notifications.forget_change(held)
        if held.by_id != by.pk:
            notifications.tell(record, Told.CHANGE_REJECTED, [held.by], by, held)
    return held


def rows_seen(change: Change) -> str:
    """What stands in the rows that a proposal names, in short: see foureyes.rows_seen. Raises
    ValidationError where the proposal breaks a rule by now."""
    with showing_change(change) as record:
        return foureyes.rows_seen(record)


def apply_change(
    change: Change, by: Any, answers: Mapping[str, str] | None = None, seen_rows: str = ""
) -> Recorded:
    """Make a proposal the text, as a person who has not written it alone. `seen_rows` is what
    `rows_seen` was when they looked at it.

    Raises Refused with the code "stale" where the text has changed since the proposal was
    made: it is never overwritten, but proposed anew on top (see `revision`).
    """
    with transaction.atomic():
        record = locked(record_of(change))
        held = _open(change)
        roles.require(by, "approve_publication")
        _require_sight(by, record, held)
        refuse_while_frozen("apply_change", by)
        _changeable(record)
        before = editions.snapshot(record)
        if editions.content_of(held.base) != before:
            raise Refused(
                _("The text has changed since this was proposed: look at both, and propose anew."),
                code="stale",
            )
        if held.by_id == by.pk and held.confirmed_by_id is None:
            raise Refused(_("You have proposed this: somebody else must apply it."))
        asked = guards.questions(record) if isinstance(record, Publication) else []
        editions.apply(record, held.snapshot)
        record = type(record)._default_manager.get(pk=record.pk)
        now = visibility.clock()
        if isinstance(record, Publication):
            refuse_to_stop(record, now)
            foureyes.hold_rows(record)
            refuse_rows_since(record, seen_rows)
            refuse_own_rows(record, by)
            foureyes.confirm_rows(record, by, now)
            print_names(record)
            new = [each for each in guards.questions(record) if each not in asked]
            refuse_unanswered(new, answers)
            follow(record, held, before, now)
        validate(record)
        record.save()
        note = "\n".join([held.get_kind_display(), guards.recorded(record, answers)]).strip()
        # First what was decided: where each language stands follows from the kind of change.
        held.state, held.decided_by, held.decided_at = ChangeState.APPLIED, by, now
        held.save()
        remember(record, "apply_change", by, now, note, held.public_number)
        notifications.forget_change(held)
        notifications.tell(record, Told.CHANGE_APPLIED, [held.by, held.confirmed_by], by, held)
    return record


def follow(record: Publication, change: Change, before: Snapshot, now: datetime) -> None:
    """What a change of a text brings with it where readers have had the text already: another
    public number, the date of the change, tombstones, and an event's lasting notice."""
    if not was_released(record, now):
        change.public_number = 1
        return
    change.public_number = last_public_number(record) + 1
    if change.kind != ChangeKind.PROGRESS:
        record.corrected_at = now
    _leave_tombstones(record, change, before, now)
    if isinstance(record, Event):
        _notice(record, change, before, now)


def _leave_tombstones(record: Publication, change: Change, before: Snapshot, now: datetime) -> None:
    """A quote or an outcome that readers could cite keeps its address, with the note."""
    notes = {column("note", code): getattr(change, column("note", code)) for code in CODES}
    for relation, model in (("quotes", "quote"), ("outcomes", "outcome")):
        if relation not in record.PARTS:
            continue
        there = {str(uid) for uid in getattr(record, relation).values_list("pk", flat=True)}
        for state in before["parts"].get(relation, ()):
            if state["uid"] not in there and _was_read(state, now):
                Tombstone.objects.update_or_create(
                    uid=state["uid"],
                    defaults={"model": model, "publication": record.publication,
                              "removed_at": now, **notes},
                )  # fmt: skip
        # What is back is no longer gone.
        Tombstone.objects.filter(uid__in=there).delete()


def _was_read(state: Snapshot, now: datetime) -> bool:
    """Whether readers had a quote or an outcome: not one that an unread text announces."""
    told = state["fields"].get("announced_in")
    announcement = Publication.objects.filter(pk=told).first() if told else None
    return told is None or (announcement is not None and was_released(announcement, now))


def _notice(event: Event, change: Change, before: Snapshot, now: datetime) -> None:
    """Tell readers for good that an event was cancelled, postponed, re-dated or moved."""
    kind = changekinds.notice_kind(before, editions.snapshot(event))
    if kind and change.kind in changekinds.WITH_NOTICE:
        Notice.objects.create(
            event=event, notice_kind=kind, issued_at=now,
            **{column("text", code): getattr(change, column("note", code)) for code in CODES},
        )  # fmt: skip
