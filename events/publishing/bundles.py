"""Several items released together: one approval, one time, all of them or none."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .. import editions, notifications, roles, sight, visibility
from ..models import Bundle, Notification, Publication
from ..visibility import Stage
from .frame import MOVES, Refused, locked, public_number, refuse_to_stop, validate
from .lifecycle import (
    require_note,
    schedule,
    set_release,
    stand_behind,
    tell_of_release,
    unschedule,
)  # fmt: skip

# Answers to the guards' questions, by item (its uid as text) and code.
Answers = Mapping[str, Mapping[str, str]]


def make_bundle(name: str, by: Any) -> Bundle:
    """An empty bundle. Its name is for the office alone."""
    roles.require(by, "make_bundle")
    bundle = Bundle(name=name, made_by=by, made_at=visibility.clock())
    bundle.full_clean()
    bundle.save(force_insert=True)
    return bundle


def members(bundle: Bundle) -> list[Publication]:
    """Its events and statements, locked in one order until the transaction ends."""
    rows = Publication.objects.filter(bundle=bundle).order_by("pk")
    return [locked(row.child) for row in rows]


def join_bundle(bundle: Bundle, item: Publication, by: Any) -> Publication:
    """Put an item that is not approved into a bundle that is not either."""
    with transaction.atomic():
        roles.require(by, "make_bundle")
        record = locked(item)
        sight.require(by, record)
        _require_all_seen(bundle, by)
        now = visibility.clock()
        if record.bundle_id == bundle.pk:
            raise Refused(_("It is in this bundle already."))
        if record.bundle_id is not None:
            raise Refused(_("It is in another bundle."))
        for each in (record, *members(bundle)):
            if visibility.stage(each, now) not in (Stage.DRAFT, Stage.IN_REVIEW):
                raise Refused(_("Only items that are not approved yet are put together."))
        record.bundle = bundle
        record.save()
        editions.write(record, "join_bundle", by, now, bundle.name)
    return record


def leave_bundle(item: Publication, by: Any, note: str) -> Publication:
    """Take an item out of its bundle. Where the bundle has a time, the whole of it is held:
    none goes out until somebody approves the rest anew. Refused once it is out."""
    require_note(note)
    with transaction.atomic():
        roles.require(by, "make_bundle")
        bundle = locked(item).bundle
        if bundle is None:
            raise Refused(_("It is in no bundle."))
        _require_all_seen(bundle, by)
        rows = members(bundle)
        now = visibility.clock()
        record = next(row for row in rows if row.pk == item.pk)
        if any(visibility.stage(row, now) == Stage.EMBARGOED for row in rows):
            _stop(rows, by, now, note, except_for=record)
            if record.release_at is not None:
                unschedule(record, by)
        record.bundle = None
        validate(record)
        record.save()
        editions.write(record, "leave_bundle", by, now, note, public_number(record, now))
    return record


def approve_bundle(
    bundle: Bundle, by: Any, release_at: datetime | None, answers: Answers | None = None
) -> list[Publication]:
    """Approve every member for one stated time. One refusal refuses the whole."""
    with _all(bundle, by, "approve") as (rows, now):
        for record in rows:
            with _named(record):
                _approve(record, by, now, answers)
                schedule(record, release_at, now)
    return rows


def release_bundle_now(
    bundle: Bundle, by: Any, answers: Answers | None = None
) -> list[Publication]:
    """Approve every member for this very second, as a confirmed act of its own."""
    with _all(bundle, by, "release_now") as (rows, now):
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
    """Take the whole bundle out of its release and back into review."""
    require_note(note)
    with transaction.atomic():
        roles.require(by, MOVES["cancel_release"].permission)
        _require_all_seen(bundle, by)
        rows = members(bundle)
        now = visibility.clock()
        _require_stage(rows, MOVES["cancel_release"].origins, now)
        _stop(rows, by, now, note)
    return rows


def _approve(record: Publication, by: Any, now: datetime, answers: Answers | None) -> None:
    stand_behind(record, by, now, (answers or {}).get(str(record.pk)))


@contextmanager
def _all(bundle: Bundle, by: Any, verb: str) -> Iterator[tuple[list[Publication], datetime]]:
    """The frame of what happens to every member alike: see frame.acting."""
    with transaction.atomic():
        roles.require(by, MOVES[verb].permission)
        _require_all_seen(bundle, by)
        rows = members(bundle)
        now = visibility.clock()
        if not rows:
            raise Refused(_("There is nothing in this bundle."))
        _require_stage(rows, MOVES[verb].origins, now)
        yield rows, now
        for record in rows:
            with _named(record):
                validate(record)
            record.save()
            editions.write(record, verb, by, now, bundle.name, public_number(record, now))
            if verb in ("approve", "release_now"):
                tell_of_release(record, by)
            else:
                notifications.follow_release(record)


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
            editions.write(record, "cancel_release", by, now, note)


def _require_stage(rows: list[Publication], origins: frozenset[Stage], now: datetime) -> None:
    for record in rows:
        stage = visibility.stage(record, now)
        if stage not in origins:
            raise Refused(
                _("“%(item)s” is %(stage)s: a bundle moves as a whole or not at all."),
                params={"item": record, "stage": stage.label},
            )


def _require_all_seen(bundle: Bundle, by: Any) -> None:
    for row in Publication.objects.filter(bundle=bundle):
        sight.require(by, row)


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
