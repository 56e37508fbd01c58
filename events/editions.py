"""Editions: what a record was after each act, as data, with digests that show any tampering.

`snapshot` turns a record and the rows that belong to it into plain JSON values; `apply` makes
the record be what a snapshot says. The chain digest is SHA-256 over the RFC 8785 form of the
row, with the digest before it; the text digest covers exactly what readers of one language see.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import rfc8785
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from . import audit, dates, markup
from .languages import CODES, column, language_of
from .models import RECORDED, Change, Edition, Event, Outcome, Publication, Recorded, Statement
from .roles import Actor
from .visibility import Status

# Columns that tell of the record rather than of its content.
_OWN = {"uid", "version", "edition_count", "edition_head"}

Snapshot = dict[str, Any]


def model_named(name: str) -> type[Recorded]:
    """The recorded model of an edition's `model`. Raises KeyError for any other name."""
    return kinds()[name]


def kinds() -> dict[str, type[Recorded]]:
    """Every recorded model, by the name that editions give it."""
    return {str(model._meta.model_name): model for model in RECORDED}


@cache
def _content_fields(
    model: type[models.Model], owner: str = ""
) -> tuple[models.Field[Any, Any], ...]:
    left_out = _OWN | set(getattr(model, "BOOKKEEPING", ())) | {owner}
    return tuple(
        field for field in model._meta.concrete_fields
        if field.name not in left_out
        and not getattr(field.remote_field, "parent_link", False)
        and not getattr(field, "derived", False)
    )  # fmt: skip


def _stored(field: models.Field[Any, Any], row: models.Model) -> Any:
    value = getattr(row, field.attname)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value.name if isinstance(field, models.FileField) else value


def _state(row: models.Model, owner: str = "") -> Snapshot:
    parts = {}
    for relation in getattr(row, "PARTS", ()):
        back = row._meta.get_field(relation).field  # type: ignore[union-attr]
        rows = sorted(
            getattr(row, relation).all(), key=lambda part: (getattr(part, "order", 0), part.uid)
        )
        parts[relation] = [_state(part, back.name) for part in rows]
    return {
        "uid": str(row.pk),
        "fields": {field.name: _stored(field, row) for field in _content_fields(type(row), owner)},
        "many": {field.name: _keys(getattr(row, field.name)) for field in row._meta.many_to_many},
        "parts": parts,
    }  # fmt: skip


def _keys(named: Any) -> list[str]:
    """The keys of the rows that a row names; only where the rows are not at hand, by a query."""
    rows = named.all()
    if rows._result_cache is None:
        return sorted(map(str, rows.order_by().values_list("pk", flat=True)))
    return sorted(str(each.pk) for each in rows)


def snapshot(record: Recorded) -> Snapshot:
    """The record's content and that of the rows that belong to it, as JSON values.

    Status, times of release and counters are not content: see `standing`.
    """
    return {"model": str(record._meta.model_name), **_state(record)}


def completed(content: Snapshot, present: Snapshot | None = None) -> Snapshot:
    """A snapshot as this version of the software writes it: what it does not know, because the
    column came later, as an empty row has it, or as `present` does."""
    known = {state["uid"]: state for state in _states(present)} if present else {}
    return {"model": content["model"], **_whole(model_named(content["model"]), content, known)}


def content_of(row: Edition | Change) -> Snapshot:
    """The content of an edition or a proposed change, whenever it was written."""
    return completed(row.snapshot["content"] if isinstance(row, Edition) else row.snapshot)


def _states(content: Snapshot) -> Iterator[Snapshot]:
    yield content
    for states in content["parts"].values():
        for state in states:
            yield from _states(state)


def _whole(
    model: type[models.Model], content: Snapshot, known: dict[str, Snapshot], owner: str = ""
) -> Snapshot:  # fmt: skip
    instead = known.get(content["uid"]) or _empty(model, owner)
    parts = instead["parts"] | content["parts"]
    return {
        "uid": content["uid"],
        "fields": instead["fields"] | content["fields"],
        "many": instead["many"] | content["many"],
        "parts": {
            relation: [_whole(back.model, state, known, back.name) for state in states]
            for relation, states in parts.items()
            for back in [model._meta.get_field(relation).field]  # type: ignore[union-attr]
        },
    }


def _empty(model: type[models.Model], owner: str) -> Snapshot:
    row = model()
    fields = {field.name: _stored(field, row) for field in _content_fields(model, owner)}
    many: dict[str, list[str]] = {field.name: [] for field in model._meta.many_to_many}
    return {"fields": fields, "many": many, "parts": {r: [] for r in getattr(model, "PARTS", ())}}


def standing(record: Recorded) -> dict[str, Any]:
    """A publication's status and what goes with it, kept in editions beside the content."""
    if not isinstance(record, Publication):
        return {}
    names = set(record.BOOKKEEPING)
    fields = (field for field in record._meta.concrete_fields if field.name in names)
    return {field.name: _stored(field, record) for field in fields}


def apply(record: Recorded, content: Snapshot) -> None:
    """Make `record` and its parts be what `content` says; to be called in a transaction.

    Rows are matched by identifier, so that quotes and outcomes keep theirs; rows of relations
    in KEPT are never removed. Raises ValidationError, with nothing half done once the
    transaction is rolled back, where the content breaks a rule or names a row that is gone.
    """
    if content["model"] != record._meta.model_name or content["uid"] != str(record.pk):
        raise ValidationError(_("This edition belongs to another record."))
    _restore(record, content)


def _restore(row: models.Model, content: Snapshot, owner: str = "") -> None:
    known = {field.name: field for field in _content_fields(type(row), owner)}
    for name, value in content["fields"].items():
        if name in known:
            field = known[name]
            setattr(row, field.attname, field.to_python(value) if value is not None else None)
    row.full_clean()
    row.save()
    for name, pks in content["many"].items():
        relation = getattr(row, name)
        found = relation.model._default_manager.filter(pk__in=pks)
        if len(found) != len(pks):
            raise ValidationError(_("The text names something that no longer exists."))
        relation.set(found)
    for relation_name, states in content["parts"].items():
        _restore_parts(row, relation_name, states)


def _restore_parts(row: models.Model, relation: str, states: list[Snapshot]) -> None:
    back = row._meta.get_field(relation).field  # type: ignore[union-attr]
    present = {str(part.pk): part for part in getattr(row, relation).all()}
    wanted = {state["uid"] for state in states}
    if relation not in getattr(row, "KEPT", ()):
        for uid, part in present.items():
            if uid not in wanted:
                part.delete()
    for state in states:
        part = present.get(state["uid"]) or back.model(uid=UUID(state["uid"]))
        setattr(part, back.name, row)
        _restore(part, state, back.name)


# Where RFC 8785 has numbers written otherwise than Python does: fractions, and beyond 2**53.
_OTHERWISE = re.compile(r"[:,\[ ]-?(?:\d+[.eE]|\d{16})")


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of JSON values whose keys are our own.

    Python's encoder gives the same bytes in a tenth of the time, as long as nothing in them looks
    like one of the numbers on which the two differ.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return rfc8785.dumps(value) if _OTHERWISE.search(text) else text.encode()


def _digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def chain_digest(edition: Edition) -> str:
    """What `edition.chain_digest` must be: over every column and the digest before it."""
    return _digest(
        {
            "model": edition.model, "record_uid": str(edition.record_uid), "number": edition.number,
            "action": edition.action, "snapshot": edition.snapshot, "by": edition.by_id,
            "by_name": edition.by_name, "note": edition.note,
            "at": edition.at.astimezone(UTC).isoformat(), "public_number": edition.public_number,
            "text_digests": edition.text_digests, "previous": edition.previous_digest,
        }
    )  # fmt: skip


def write(
    record: Recorded, action: str, by: Any, at: datetime, note: str = "",
    public_number: int | None = None,
) -> Edition:  # fmt: skip
    """Append the edition of `record` as it stands in the database, and save its new head.

    For verbs alone, inside their transaction, with the record locked.
    """
    edition = Edition(
        model=record._meta.model_name,
        record_uid=record.pk,
        number=record.edition_count + 1,
        action=action,
        snapshot={"content": snapshot(record), "standing": standing(record)},
        by=None if isinstance(by, Actor) else by,
        by_name=by.name if isinstance(by, Actor) else (by.get_full_name() or by.get_username()),
        at=at,
        note=markup.strip_controls(note),
        public_number=public_number,
        text_digests=text_digests(record) if isinstance(record, Publication) else {},
        previous_digest=record.edition_head,
    )
    edition.chain_digest = chain_digest(edition)
    edition.save(force_insert=True)
    record.edition_count, record.edition_head = edition.number, edition.chain_digest
    record.version += 1
    record.save(update_fields=["edition_count", "edition_head", "version"])
    audit.note(
        action, by=by, record=record, edition=edition.number, digest=edition.chain_digest
    )  # fmt: skip
    return edition


def of(record: Recorded) -> models.QuerySet[Edition]:
    """The editions of a record, the first one first."""
    return Edition.objects.filter(record_uid=record.pk).order_by("number")


def latest_public(record: str) -> models.QuerySet[Edition]:
    """The edition that readers have of an item, as the subquery of a query whose column `record`
    holds the item's uid."""
    numbered = Edition.objects.filter(record_uid=OuterRef(record), public_number__isnull=False)
    return numbered.order_by("-number")[:1]


def latest_act(record: str, action: str) -> models.QuerySet[Edition]:
    """The last edition of one act on an item, as the subquery of a query whose column `record`
    holds the item's uid."""
    acts = Edition.objects.filter(record_uid=OuterRef(record), action=action)
    return acts.order_by("-number")[:1]


def check_chain(record: Recorded, editions: Iterable[Edition] | None = None) -> list[str]:
    """What is wrong with a record's editions: the first broken link or cut tail; [] when sound.

    Also notices a record that was changed without an edition of it.
    """
    name = f"{record._meta.model_name} {record.pk}"
    previous, number, last = "", 0, None
    for edition in of(record) if editions is None else editions:
        number += 1
        if edition.number != number:
            return [f"{name}: edition {number} is missing"]
        if edition.previous_digest != previous:
            return [f"{name}: edition {number} does not follow the one before it"]
        if edition.chain_digest != chain_digest(edition):
            return [f"{name}: edition {number} was changed after it was written"]
        previous, last = edition.chain_digest, edition
    if number != record.edition_count or previous != record.edition_head:
        return [f"{name}: {record.edition_count} editions were written, {number} are here"]
    if last is None:
        return [f"{name}: has no edition"]
    now = standing(record)
    # A column that came with a later version of the software is not in older editions.
    then = {name: _default(record, name) for name in now} | last.snapshot["standing"]
    if (content_of(last), then) != (snapshot(record), now):
        return [f"{name}: was changed without an edition"]
    return []


def _default(record: Recorded, name: str) -> Any:
    field: Any = record._meta.get_field(name)
    return field.get_default()


# What readers see, and nothing else. A digest that a reader can work out again must not
# depend on keys, users, drafts or internal notes.


def _nfc(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {key: _nfc(each) for key, each in value.items()}
    return [_nfc(each) for each in value] if isinstance(value, list) else value


def _texts(row: Any, language: str, *names: str) -> dict[str, Any]:
    """Each text as a reader of `language` gets it, with the language it came in."""
    shown = {}
    for name in names:
        code = language_of(row, name, language)
        if code:
            shown[name] = {"text": getattr(row, column(name, code)), "lang": code}
    return shown


def _told_with(event: Event, outcome: Outcome) -> bool:
    """Whether an outcome is out no later than its event. One that a later statement announces
    stays out of the event's digest, which would otherwise vouch for a text still unread."""
    told = outcome.announced_in
    if told is None:
        return True
    released = told.status == Status.APPROVED and told.release_at is not None
    return released and event.release_at is not None and told.release_at <= event.release_at  # type: ignore[operator]


def public_text(record: Publication, language: str) -> dict[str, Any]:
    """Exactly what readers of `language` see of an event or a statement, as JSON values."""
    text: dict[str, Any] = {
        "uid": str(record.uid), "kind": record.model, "language": language,
        "date": dates.iso(record.date, record.date_precision), "reference": record.reference_number,
        **_texts(record, language, "title", "summary", "body"),
        "attachments": [each.checksum for each in record.attachments.all()],
        "photos": [
            {"photo": str(each.photo_id), **_texts(each, language, "caption")}
            for each in record.placements.all()
        ],
    }  # fmt: skip
    if isinstance(record, Event):
        text |= _texts(record, language, "venue", "city")
        text["until"] = record.until.isoformat()
        text["starts_at"] = _stored(record._meta.get_field("starts_at"), record)
        text["state"] = record.state
        text["participants"] = [
            {"as_named": each.as_named, **_texts(each, language, "name", "capacity")}
            for each in record.participants.all()
        ]
        text["outcomes"] = [
            {
                "uid": str(each.uid), "state": each.state,
                "due": dates.iso(each.due, each.due_precision) if each.due else "",
                **_texts(each, language, "text"),
            }
            for each in record.outcomes.select_related("announced_in")
            if _told_with(record, each)
        ]  # fmt: skip
    if isinstance(record, Statement):
        text |= _texts(record, language, "place")
        text["reliability"] = record.reliability
        text["speakers"] = [
            _texts(each, language, "name", "office") for each in record.speakers.all()
        ]
        text["quotes"] = [
            {
                "uid": str(each.uid), "original": each.original_language,
                **_texts(each, language, "text", "name", "office", "context"),
            }
            for each in record.quotes.all()
        ]  # fmt: skip
    shown: dict[str, Any] = _nfc(text)
    return shown


def text_digests(record: Publication) -> dict[str, str]:
    """One SHA-256 per ready language, over the RFC 8785 form of `public_text`."""
    ready = [code for code in CODES if code in record.readable_languages()]
    with translation.override(None):
        return {code: _digest(public_text(record, code)) for code in ready}
