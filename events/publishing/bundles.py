"""Several items released together: one approval, one time, all of them or none."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .. import guards, notifications, roles, sight, visibility
from ..models import Bundle, Notification, Publication
from ..visibility import Stage, Status
from . import foureyes
from .frame import (
    MOVES,
    Refused,
    locked,
    public_number,
    refuse_to_stop,
    refuse_while_frozen,
    remember,
    validate,
    was_released,
)  # fmt: skip
from .lifecycle import (
    refuse_rows_since,
    require_note,
    schedule,
    set_release,
    stand_behind,
    tell_of_release,
    unschedule,
)  # fmt: skip

# Answers to the guards' questions, by item (its uid as text) and code.
Answers = Mapping[str, Mapping[str, str]]
# The versions of the items that somebody has looked at, by uid as text; and what stood then in the
# rows that each of them names, as foureyes.rows_seen tells it.
Seen = Mapping[str, int]
SeenRows = Mapping[str, str]


def make_bundle(name: str, by: Any) -> Bundle:
    """An empty bundle. Its name is for the office alone."""
    roles.require(by, "make_bundle")
    refuse_while_frozen("make_bundle", by)
    bundle = Bundle(name=name, made_by=by, made_at=visibility.clock())
    bundle.full_clean()
    bundle.save(force_insert=True)
    return bundle


def members(bundle: Bundle) -> list[Publication]:
    """Its events and statements, locked in one order until the transaction ends.

    To be called with the bundle itself locked: nothing joins or leaves it meanwhile.
    """
    rows = Publication.objects.filter(bundle=bundle).order_by("pk")
    return [locked(row.child) for row in rows]


def _hold(bundle: Bundle | None, by: Any) -> Bundle:
    """Lock a bundle, whole, for a person who sees the whole of it."""
    held = Bundle.objects.select_for_update().filter(pk=bundle.pk).first() if bundle else None
    if held is None:
        raise Refused(_("It is in no bundle."))
    sight.require(by, held)
    return held


def join_bundle(bundle: Bundle, item: Publication, by: Any) -> Publication:
    """Put an item that is not approved into a bundle that is not either."""
    with transaction.atomic():
        roles.require(by, "make_bundle")
        held = _hold(bundle, by)
        record = locked(item)
        sight.require(by, record)
        now = visibility.clock()
        if record.bundle_id == held.pk:
            raise Refused(_("It is in this bundle already."))
        if record.bundle_id is not None:
            raise Refused(_("It is in another bundle."))
        for each in (record, *members(held)):
            if visibility.stage(each, now) not in (Stage.DRAFT, Stage.IN_REVIEW):
                raise Refused(_("Only items that are not approved yet are put together."))
        record.bundle = held
        record.save()
        remember(record, "join_bundle", by, now)
    return record


def leave_bundle(item: Publication, by: Any, note: str) -> Publication:
    """Take an item out of its bundle. Where the bundle has a time, the whole of it is held:
    none goes out until somebody approves the rest anew. Refused once it is out, or all but is."""
    require_note(note)
    with transaction.atomic():
        roles.require(by, "make_bundle")
        current = Publication.objects.select_related("bundle").filter(pk=item.pk).first()
        held = _hold(current.bundle if current else None, by)
        rows = members(held)
        now = visibility.clock()
        record = next((row for row in rows if row.pk == item.pk), None)
        if record is None:
            raise Refused(_("It is in no bundle."))
        if any(was_released(row, now) for row in rows):
            raise Refused(_("The bundle is out: it stays as it went out."))
        with _in_time(rows):
            if any(visibility.stage(row, now) == Stage.EMBARGOED for row in rows):
                roles.require(by, MOVES["cancel_release"].permission)
                _stop(rows, by, now, note, except_for=record)
                unschedule(record, by)
            record.bundle = None
            validate(record)
            record.save()
            remember(record, "leave_bundle", by, now, note)
    return record


def approve_bundle(
    bundle: Bundle, by: Any, release_at: datetime | None, answers: Answers | None = None,
    seen: Seen | None = None, seen_rows: SeenRows | None = None,
) -> list[Publication]:  # fmt: skip
    """Approve every member for one stated time. One refusal refuses the whole.

    `seen` holds the version of each member that the approver has looked at, by its uid as
    text: one that has changed since, has joined or has left refuses the whole. `seen_rows` says
    the same of what they name.
    """
    with _all(bundle, by, "approve", answers) as (rows, now):
        _require_as_seen(rows, seen, seen_rows)
        for record in rows:
            with _named(record):
                _approve(record, by, now, answers)
                schedule(record, release_at, now)
    return rows


def release_bundle_now(
    bundle: Bundle, by: Any, answers: Answers | None = None, seen: Seen | None = None,
    seen_rows: SeenRows | None = None,
) -> list[Publication]:  # fmt: skip
    """Approve every member for this very second, as a confirmed act of its own. `seen` and
    `seen_rows`: as for approve_bundle."""
    with _all(bundle, by, "release_now", answers) as (rows, now):
        _require_as_seen(rows, seen, seen_rows)
        for record in rows:
            with _named(record):
                _approve(record, by, now, answers)
                set_release(record, now)
    return rows


def move_bundle(bundle: Bundle, by: Any, release_at: datetime | None) -> list[Publication]:
    """Give the whole bundle another time; refused once it is out, or all but is."""
    with _all(bundle, by, "move_release") as (rows, now):
        for record in rows:
            refuse_to_stop(record, now)
            schedule(record, release_at, now)
            notifications.tell_authors(record, Notification.Kind.MOVED, by, approvers=True)
    return rows


def cancel_bundle(bundle: Bundle, by: Any, note: str) -> list[Publication]:
    """Take the whole bundle out of its release and back into review. Refused once it is out, or
    all but is."""
    require_note(note)
    with _whole(bundle, by, "cancel_release") as (rows, now):
        _stop(rows, by, now, note)
    return rows


def _approve(record: Publication, by: Any, now: datetime, answers: Answers | None) -> None:
    stand_behind(record, by, now, (answers or {}).get(str(record.pk)))


@contextmanager
def _whole(bundle: Bundle, by: Any, verb: str) -> Iterator[tuple[list[Publication], datetime]]:
    """The frame of what happens to every member or to none: lock, permission, sight, clock,
    stage. Whatever is raised inside undoes all of it."""
    with transaction.atomic():
        roles.require(by, MOVES[verb].permission)
        rows = members(_hold(bundle, by))
        refuse_while_frozen(verb, by)
        now = visibility.clock()
        if not rows:
            raise Refused(_("There is nothing in this bundle."))
        _require_stage(rows, MOVES[verb].origins, now)
        with _in_time(rows):
            yield rows, now


@contextmanager
def _in_time(rows: list[Publication]) -> Iterator[None]:
    """Look at the clock once more when everything is written: with many members that takes a
    while, and must not stop a release that has come meanwhile."""
    due = [row.release_at for row in rows if row.status == Status.APPROVED]
    yield
    _refuse_late(due)


def _refuse_late(times: Iterable[datetime | None]) -> None:
    now = visibility.clock()
    if any(at is not None and at <= now for at in times):
        raise Refused(_("Its time came while this was being done: nothing has been changed."))


def _require_as_seen(
    rows: list[Publication], seen: Seen | None, seen_rows: SeenRows | None = None
) -> None:
    foureyes.hold_rows(*rows)
    for record in rows:
        refuse_rows_since(record, (seen_rows or {}).get(str(record.pk), ""))
    if seen is None:
        return
    for record in rows:
        if seen.get(str(record.pk)) != record.version:
            raise Refused(
                _("“%(item)s” has changed since you opened this page: read it again."),
                params={"item": record}, code="stale",
            )  # fmt: skip
    if len(seen) != len(rows):
        raise Refused(_("Something has left the bundle since you opened this page."), code="stale")


@contextmanager
def _all(
    bundle: Bundle, by: Any, verb: str, answers: Answers | None = None
) -> Iterator[tuple[list[Publication], datetime]]:
    """The frame of what releases every member alike: then validation and editions."""
    with _whole(bundle, by, verb) as (rows, now):
        notes = {
            row.pk: guards.recorded(row, (answers or {}).get(str(row.pk))) for row in rows
        }  # fmt: skip
        yield rows, now
        for record in rows:
            with _named(record):
                validate(record)
            record.save()
            remember(
                record, verb, by, now, notes[record.pk], public_number(record, now)
            )  # fmt: skip
            notifications.settle(record, verb)
            if verb in ("approve", "release_now"):
                tell_of_release(record, by)
            else:
                notifications.follow_release(record, by)
        if verb != "release_now":
            _refuse_late(row.release_at for row in rows)


def _stop(
    rows: list[Publication], by: Any, now: datetime, note: str,
    except_for: Publication | None = None,
) -> None:  # fmt: skip
    for record in rows:
        refuse_to_stop(record, now)
    for record in rows:
        if record is not except_for and visibility.stage(record, now) == Stage.EMBARGOED:
            unschedule(record, by)
            validate(record)
            record.save()
            remember(record, "cancel_release", by, now, note)


def _require_stage(rows: list[Publication], origins: frozenset[Stage], now: datetime) -> None:
    for record in rows:
        stage = visibility.stage(record, now)
        if stage not in origins:
            raise Refused(
                _("“%(item)s” is %(stage)s: a bundle moves as a whole or not at all."),
                params={"item": record, "stage": stage.label},
            )


@contextmanager
def _named(record: Publication) -> Iterator[None]:
    """Say of which member a refusal is."""
    try:
        yield
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict"):
            if set(refusal.error_dict) == {"release_at"}:
                raise
            texts = [str(text) for errors in refusal.message_dict.values() for text in errors]
        else:
            texts = refusal.messages
        raise Refused(
            [_("%(item)s: %(text)s") % {"item": record, "text": text} for text in texts]
        ) from refusal
