"""What a public original says of itself: no more than its readers are told beside it."""

import json
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import translation

from ..addresses import absolute
from ..files.inscription import Facts, insertion
from ..languages import CODES, column, columns
from ..models import Person, Placement
from .placed import Array

# As many of the first bytes of a file as tell where its metadata belongs.
HEAD = 64
_TOLD = (
    "publication__model", "publication__slug", *columns("publication__ready"), *columns("caption")
)  # fmt: skip


def with_told(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Photos with what the page tells that showed each first, of the pages that show it still."""
    placed = Placement.objects.readable().filter(photo=OuterRef("pk"))
    first = placed.order_by("publication__status", "publication__release_at", "uid")
    told = Cast(Array(*_TOLD), TextField())
    return rows.annotate(told=Subquery(first.values(told=told)[:1]))


def inscribed(photo: Any) -> tuple[int, bytes]:
    """Where the original of a photo `with_told` gets which bytes of metadata: its caption as
    printed, in the languages that are ready; its credit and day; the people who are public."""
    try:
        with photo.image.storage.open(photo.image.name) as file:
            head = file.read(HEAD)
    except FileNotFoundError:  # whoever sends it says so
        return 0, b""
    captions, source = _page(json.loads(photo.told)) if photo.told else ({}, "")
    people = sorted(each.name for each in Person.objects.public().filter(photos=photo))
    return insertion(head, Facts(captions, photo.credit, photo.taken_on, tuple(people),
                                 source=source))  # fmt: skip


def _page(told: list[Any]) -> tuple[dict[str, str], str]:
    """The captions, and the address of the page that shows them."""
    known = dict(zip(_TOLD, told, strict=True))
    ready = [code for code in CODES if known[column("publication__ready", code)]]
    with translation.override(ready[0]):
        path = reverse(f"public:{known['publication__model']}", args=[known["publication__slug"]])
    return {code: known[column("caption", code)] for code in ready}, absolute(path)
