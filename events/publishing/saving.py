"""A draft is saved, or discarded."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from .. import editions, roles, sight, visibility
from ..models import Publication, Recorded
from ..visibility import Stage, Status
from . import foureyes
from .frame import R, Refused, locked, owner, refuse_while_frozen, remember, validate


def begin_save(item: Any, by: Any, version: int | None = None) -> None:
    """Check that `by` may save `item` in place now, and hold its row until the transaction ends.

    `version` is what the form was made from. Raises Refused for a stale form and for a text
    that was approved, or a reference row that one names: those change by a reviewed Change
    only. Raises PermissionDenied without the permission, or without sight of the item.
    """
    record = owner(item)
    if record._state.adding:
        roles.require(by, f"add_{record._meta.model_name}")
        refuse_while_frozen("save", by)
        return
    roles.require(by, f"change_{record._meta.model_name}")
    refuse_while_frozen("save", by)
    stored = locked(record)
    if isinstance(stored, Publication):
        sight.require(by, stored)
    if version is not None and version != stored.version:
        raise Refused(_("Somebody else has saved this since you opened it."), code="stale")
    if isinstance(stored, Publication):
        if visibility.stage(stored, visibility.clock()) not in (Stage.DRAFT, Stage.IN_REVIEW):
            raise Refused(_("An approved text is not edited in place: propose a change."))
    elif isinstance(by, roles.Actor):
        return
    elif is_in_use(stored):
        raise Refused(_("An approved text names this: propose a change."))


def is_in_use(record: Recorded) -> bool:
    """Whether an approved text names this reference row or photo, released or not yet."""
    in_use: bool = type(record).objects.in_use().filter(pk=record.pk).exists()  # type: ignore[attr-defined]
    return in_use


def finish_save(item: Any, by: Any) -> None:
    """Write the edition of a save whose rows are all stored; none where nothing changed."""
    held = owner(item)
    record = type(held)._default_manager.get(pk=held.pk)
    validate(record)
    # Validation may normalise (a day of an imprecise date): what is stored is what was checked.
    record.save()
    last = editions.of(record).last()
    if last is None or editions.content_of(last) != editions.snapshot(record):
        remember(record, "save", by, visibility.clock())
        if isinstance(record, Publication) and record.status == Status.IN_REVIEW:
            foureyes.ask_to_countersign(record, by)
    held.version = record.version
    held.edition_count, held.edition_head = record.edition_count, record.edition_head


@contextmanager
def saving(item: R, by: Any, version: int | None = None) -> Iterator[R]:
    """Save a draft: yields the locked record (a new one as given) to be changed and stored.

    Inside, call its save() and create what belongs to it; the edition follows at the end.
    """
    with transaction.atomic():
        begin_save(item, by, version)
        record = item if item._state.adding else locked(item)
        yield record
        finish_save(record, by)


def discard(item: Publication, by: Any) -> None:
    """Delete a draft that was never approved. Its editions stay, with a last one that says so."""
    with transaction.atomic():
        record = locked(item)
        roles.require(by, f"delete_{record._meta.model_name}")
        sight.require(by, record)
        refuse_while_frozen("discard", by)
        approved = editions.of(record).filter(public_number__isnull=False).exists()
        if record.status != Status.DRAFT or approved:
            raise Refused(_("Only a draft that was never approved can be deleted."))
        # What leads to it, or hangs on it unseen, is named to nobody: not everybody may know.
        bound = Refused(_("Something else depends on it: it cannot be deleted."))
        parts = [getattr(record, relation).all() for relation in record.PARTS]
        if any(rows.count() != sight.seen_by(by, rows).count() for rows in parts):
            raise bound
        editions.write(record, "discard", by, visibility.clock())
        try:
            record.delete()
        except ProtectedError as problem:
            raise bound from problem
