"""The files that a text names: what a person is told of bytes whose stored name is a checksum."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..editions import Snapshot, model_named
from ..languages import CODES, column

_SHORT = 12  # signs of a checksum: enough to compare two by eye


@dataclass(frozen=True)
class NamedFile:
    """A file as a text names it: its stored name, its title in whatever language has one, its
    size in bytes and its pages, where the text says them."""

    blob: str
    title: str = ""
    size: int = 0
    pages: int | None = None

    def __str__(self) -> str:
        told = [self.kind]
        if self.size:
            told.append(filesizeformat(self.size))
        if self.pages:
            told.append(ngettext("%(number)s page", "%(number)s pages", self.pages)
                        % {"number": self.pages})  # fmt: skip
        told.append(f"SHA-256 {self.version}…")
        facts = ", ".join(told)
        return f"{self.title}: {facts}" if self.title else facts

    @property
    def kind(self) -> str:
        """What its extension says: "PDF"."""
        return PurePosixPath(self.blob).suffix.removeprefix(".").upper() or _("file")

    @property
    def version(self) -> str:
        """The beginning of its checksum, which tells it from any other of the same row."""
        return PurePosixPath(self.blob).stem[:_SHORT]


# What is told of a row's file in one breath with it.
TOLD_WITH_IT = ("checksum", "size", "pages")


def file_field(model: type[models.Model]) -> Any:
    """The field of a model in which a file is named; None where there is none."""
    return next((each for each in model._meta.concrete_fields
                 if isinstance(each, models.FileField)), None)  # fmt: skip


def named_file(model: type[models.Model], values: Mapping[str, Any]) -> NamedFile | None:
    """The file that a row names, by its stored values; None where it names none."""
    field = file_field(model)
    blob = values.get(field.name) if field is not None else None
    if not blob:
        return None
    titles = (values.get(column("title", code)) for code in CODES)
    return NamedFile(blob, next(filter(None, titles), ""), values.get("size") or 0,
                     values.get("pages"))  # fmt: skip


def files_in(content: Snapshot) -> Iterator[tuple[str, NamedFile]]:
    """Every file that a text names, with the identifier of the row that holds it."""
    yield from _files(model_named(content["model"]), content)


def _files(model: type[models.Model], state: Snapshot) -> Iterator[tuple[str, NamedFile]]:
    found = named_file(model, state["fields"])
    if found is not None:
        yield state["uid"], found
    for relation, rows in state["parts"].items():
        part: Any = model._meta.get_field(relation).related_model
        for row in rows:
            yield from _files(part, row)
