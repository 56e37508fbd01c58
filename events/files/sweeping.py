"""Stored files that nothing names: what a process leaves that is killed between bytes and commit.

Whatever any row, edition or proposed change names stays, however old it is: what readers once had,
and what somebody once proposed, can always be put back. Beside a checksum nothing is looked at:
its renditions stay with a picture. Derived files are made again, so none of theirs is missed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import TextField
from django.db.models.functions import Cast

from .. import visibility
from ..blobs import Found
from .incoming import is_named

# A blob, or what is made of it.
_NAMED = re.compile(r"(?:blobs|renditions)/[0-9a-f]{2}/([0-9a-f]{64})\b")
_IN_TEXT = re.compile(r"blobs/[0-9a-f]{2}/([0-9a-f]{64})(?:\.[a-z0-9]{1,7})?")


@dataclass
class Swept:
    """What a sweep has found: files that nothing names, blobs that were out of their place,
    named blobs that are nowhere; how many stay as named, and as young."""

    strays: list[Found] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    named: int = 0
    young: int = 0


def sweep(age: timedelta, act: bool = False) -> Swept:
    """Find what nothing names and is at least so old; with `act`, remove it, and put back what
    a killed process has left out of its place."""
    storage: Any = default_storage
    swept, before = Swept(), visibility.clock() - age
    listed = list(storage.found())  # first: what is stored from here on is not judged
    named = set(_blobs_named())
    checksums = {_IN_TEXT.fullmatch(each)[1] for each in named}  # type: ignore[index]
    for each in listed:
        match = _NAMED.match(each.name)
        if match and match[1] in checksums:
            swept.named += 1
        elif each.since > before:
            swept.young += 1
        elif each.hides in named and not storage.exists(each.hides):
            swept.returned.append(each.hides)
            if act:
                storage.return_to(each.name, each.hides)
        elif not act or _removed(storage, each):
            swept.strays.append(each)
    there = {each.name for each in listed} | set(swept.returned)
    swept.lost = {each for each in named - there if not storage.exists(each)}
    return swept


def _removed(storage: Any, each: Found) -> bool:
    """Remove what nothing named a moment ago, unless something does by now: as `_settle` in
    incoming.py does, so that an upload of the same bytes meanwhile loses nothing."""
    if each.hides and is_named(each.hides) and not storage.exists(each.hides):
        return False
    if each.hides or not _IN_TEXT.fullmatch(each.name):
        storage.delete(each.name)
        return True
    with storage.aside(each.name) as hidden:
        if is_named(each.name):
            return False
        hidden.unlink()
    return True


def _blobs_named() -> Iterator[str]:
    """Every blob that any column of the office names: files, and the texts of editions and
    changes, whole as they are stored."""
    for model in apps.get_app_config("events").get_models():
        for column in model._meta.concrete_fields:
            if column.model is not model or not isinstance(
                column, models.FileField | models.JSONField
            ):
                continue
            texts = model._default_manager.annotate(text=Cast(column.name, TextField()))
            found = texts.filter(text__contains="blobs/").order_by().values_list("text", flat=True)
            for text in found.iterator(1_000):
                yield from (match[0] for match in _IN_TEXT.finditer(text))
