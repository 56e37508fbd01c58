"""The photos and documents on an item's page: its own, and those of the texts that it shows."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast

from ..languages import columns
from ..models import Attachment, Photo, Placement

# What pages show of each; the rest of it is not read.
_PHOTO = ("uid", "image", "width", "height", "tone", "credit", *columns("alt"))
_PLACEMENT = ("order", *columns("caption"))
_ATTACHMENT = (
    "order", "file", "language", "checksum", "size", "pages", *columns("title")
)  # fmt: skip
PLACED, ATTACHED = "placed photos", "documents"
# A kind, the uid of the publication that holds the row, the row's own, and what is shown of it.
Packed = tuple[str, UUID, UUID, str]


class Array(Func):
    """Values as one JSON array, in the database's own words."""

    function = "JSON_ARRAY"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """PostgreSQL calls it otherwise."""
        return self.as_sql(compiler, connection, function="JSONB_BUILD_ARRAY", **more)


def packed(holders: Iterable[Any], width: int) -> list[QuerySet[Any]]:
    """What these publications hold that their readers may have, as `Packed`, with as many columns
    of text as the query that they are joined to: most hold nothing, and would cost a page two
    queries to say so."""
    held = {"publication__in": list(holders)}
    photo = [f"photo__{each}" for each in _PHOTO]
    return [
        _as_text(PLACED, Placement.objects.readable().filter(**held), [*photo, *_PLACEMENT], width),
        _as_text(ATTACHED, Attachment.objects.readable().filter(**held), _ATTACHMENT, width),
    ]


def _as_text(
    kind: str, rows: QuerySet[Any], shown: Iterable[str], width: int
) -> QuerySet[Any]:  # fmt: skip
    text = Cast(Array(*shown), TextField())
    empty = [Value("")] * (width - 1)
    return rows.order_by().values_list(Value(kind), F("publication"), F("uid"), text, *empty)


def unpacked(rows: Iterable[Packed], holders: Iterable[Any]) -> dict[str, list[Any]]:
    """What parts/lead.html, gallery.html and documents.html show: in the order of `holders`, each
    photo once, each row with its holder in hand."""
    return made(
        [(kind, holder, uid, json.loads(text)) for kind, holder, uid, text in rows], holders
    )


def made(
    rows: Iterable[tuple[str, UUID, UUID, list[Any]]], holders: Iterable[Any]
) -> dict[str, list[Any]]:
    """The same of rows whose texts have been read."""
    turns = {each.pk: (number, each) for number, each in enumerate(holders)}
    found: dict[str, list[Any]] = {PLACED: [], ATTACHED: []}
    for kind, holder, uid, values in rows:
        row = (_placement if kind == PLACED else _attachment)(uid, values)
        row.publication = turns[holder][1]
        found[kind].append(row)
    for kept in found.values():
        kept.sort(key=lambda each: (turns[each.publication_id][0], each.order, each.uid))
    first = {each.photo_id: each for each in reversed(found[PLACED])}
    return {
        "placements": [each for each in found[PLACED] if first[each.photo_id] is each],
        "attachments": found[ATTACHED],
    }


def _placement(uid: UUID, shown: list[Any]) -> Placement:
    photo = dict(zip(_PHOTO, shown, strict=False))
    photo["uid"] = UUID(photo["uid"])
    own = dict(zip(_PLACEMENT, shown[len(_PHOTO) :], strict=True))
    placement: Placement = _made(Placement, {"uid": uid, "photo_id": photo["uid"], **own})
    placement.photo = _made(Photo, photo)
    return placement


def _attachment(uid: UUID, shown: list[Any]) -> Attachment:
    known = {"uid": uid, **dict(zip(_ATTACHMENT, shown, strict=True))}
    made: Attachment = _made(Attachment, known)
    return made


def _made(model: Any, known: dict[str, Any]) -> Any:
    """A row as `.only()` makes it."""
    names = [each.attname for each in model._meta.concrete_fields if each.attname in known]
    return model.from_db(None, names, [known[each] for each in names])
