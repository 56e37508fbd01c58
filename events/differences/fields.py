"""What differs between two snapshots, value by value, as a person reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from .. import dates, markup
from ..editions import Snapshot, model_named
from ..languages import column
from ..markup import RichTextField
from .files import TOLD_WITH_IT, NamedFile, file_field, named_file
from .words import Piece, words

# A path leads to one value of a snapshot: ("title_en",), ("quotes", "<uid>", "text_ru").
Path = tuple[str, ...]
# Told by their place or beside what they belong to.
_SILENT = ("order", "due_precision", "date_precision")


@dataclass(frozen=True)
class Difference:
    """One value that differs: what it is called, what it was, what it is now; the files behind
    these, where it is one."""

    path: Path
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]
    files: tuple[NamedFile | None, NamedFile | None] = (None, None)

    @property
    def holder(self) -> str:
        """The identifier of the part that it is in; "" for the record itself."""
        return ("", *self.path)[-1 if self.is_row else -2]

    @property
    def column(self) -> str:
        """The name of the field, whatever row it is in."""
        return self.path[-1]

    @property
    def is_row(self) -> bool:
        """Whether a whole quote, outcome or other row was added or taken out."""
        return len(self.path) % 2 == 0


@dataclass(frozen=True)
class Line:
    """One value of a text to be read: in which row of it, what it is called, what it says; the
    file, where it is one, and the identifier of the row that holds it."""

    owner: str
    label: str
    shown: str
    file: NamedFile | None = None
    holder: str = ""


def field_named(model: type[models.Model], name: str) -> Any:
    """The field of a stored value; None for one that the software no longer has."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _label(name: str, field: Any) -> str:
    """A field's name as its form has it, with the language of a translated column."""
    label = str(field.verbose_name) if field is not None else name
    for code, native in settings.LANGUAGES:
        if name.endswith(column("", code)):
            label = label if label.endswith("]") else f"{label} ({native})"
    return label[:1].upper() + label[1:]


def _named(field: Any, pks: list[Any]) -> str:
    """The rows that a value leads to, by name. One that is gone keeps its identifier."""
    found = field.related_model._default_manager.in_bulk(pks)
    names = {str(pk): str(row) for pk, row in found.items()}
    return ", ".join(sorted(names.get(str(pk), str(pk)) for pk in pks))


def _written(field: Any, value: Any) -> str:
    """A stored value as a person reads it: times in the office's zone, rows by name."""
    if value is None or value in ("", []):
        return ""
    if field is None:
        return str(value)
    if field.is_relation:
        return _named(field, value if field.many_to_many else [value])
    if isinstance(value, bool) and not field.choices:
        return _("yes") if value else _("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField):
        return dates.written_moment(datetime.fromisoformat(value))
    if isinstance(field, models.DateField):
        return dates.written(date.fromisoformat(value))
    return str(value)


def _names(model: type[models.Model], *sides: Mapping[str, Any]) -> list[str]:
    """The names in some parts of a text in the order of the model, which is about the form's: a
    database may keep them in another. What the software no longer knows comes last."""
    fields = [field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)]
    known = {name: place for place, name in enumerate([*fields, *getattr(model, "PARTS", ())])}
    names = {name: None for side in sides for name in side}
    return sorted(names, key=lambda name: known.get(name, len(known)))


def _default(field: Any) -> Any:
    """What stands for a column that an older text has not got."""
    return field.get_default() if field is not None and not field.many_to_many else None


def _value_difference(
    path: Path, owner: str, field: Any, old: Any, new: Any
) -> Difference | None:  # fmt: skip
    before, after = _written(field, old), _written(field, new)
    if not before and not after:
        return None
    label = _label(path[-1], field)
    pieces = words(before, after, rich=isinstance(field, RichTextField))
    return Difference(path, f"{owner}: {label}" if owner else label, before, after, pieces)


def _row_difference(path: Path, model: type[models.Model], old: Any, new: Any) -> Difference:
    label = str(model._meta.verbose_name)
    before, after = ("" if state is None else _row_text(model, state) for state in (old, new))
    pieces = words(before, after)
    files = (named_file(model, state["fields"]) if state else None for state in (old, new))
    return Difference(path, label[:1].upper() + label[1:], before, after, pieces, tuple(files))  # type: ignore[arg-type]


def _file_difference(
    path: Path, owner: str, field: Any, files: tuple[NamedFile | None, NamedFile | None]
) -> Difference:
    label, (before, after) = _label(path[-1], field), (str(each or "") for each in files)
    pieces = words(before, after)
    return Difference(path, f"{owner}: {label}" if owner else label, before, after, pieces, files)


def _lines(model: type[models.Model], state: Snapshot, owner: str = "") -> Iterator[Line]:
    values = {**state["fields"], **state["many"]}
    file = named_file(model, values)
    for name in _names(model, values):
        field, value = field_named(model, name), values[name]
        if file is not None and isinstance(field, models.FileField):
            yield Line(owner, _label(name, field), str(file), file, state["uid"])
            continue
        if file is not None and name in TOLD_WITH_IT:
            continue
        written = _written(field, value)
        if written and name not in _SILENT and value != _default(field):
            shown = markup.render(written) if isinstance(field, RichTextField) else written
            yield Line(owner, _label(name, field), shown)
    for relation in _names(model, state["parts"]):
        part: Any = model._meta.get_field(relation).related_model
        for number, row in enumerate(state["parts"][relation], 1):
            yield from _lines(part, row, _row_name(owner, part, number))


def _row_name(owner: str, part: Any, number: int) -> str:
    name = f"{part._meta.verbose_name} {number}"
    return f"{owner}, {name}" if owner else name[:1].upper() + name[1:]


def _row_text(model: type[models.Model], state: Snapshot) -> str:
    """All that a row says, a line each: for one that was added or taken out whole."""
    return "\n".join(
        f"{line.owner}: {line.label}: {line.shown}" if line.owner else f"{line.label}: {line.shown}"
        for line in _lines(model, state)
    )


def _compare(
    model: type[models.Model], old: Snapshot, new: Snapshot, prefix: Path, owner: str
) -> Iterator[Difference]:
    before, after = ({**side["fields"], **side["many"]} for side in (old, new))
    file = file_field(model)
    replaced = file is not None and before.get(file.name) != after.get(file.name)
    for name in _names(model, before, after):
        field = field_named(model, name)
        if replaced and field is file:
            files = named_file(model, before), named_file(model, after)
            yield _file_difference((*prefix, name), owner, field, files)
        if replaced and (field is file or name in TOLD_WITH_IT):
            continue
        was, now = (side.get(name, _default(field)) for side in (before, after))
        found = _value_difference((*prefix, name), owner, field, was, now) if was != now else None
        if found is not None:
            yield found
    for relation in _names(model, old["parts"], new["parts"]):
        part: Any = model._meta.get_field(relation).related_model
        rows = [{s["uid"]: s for s in side["parts"].get(relation, ())} for side in (old, new)]
        for number, uid in enumerate({**rows[0], **rows[1]}, 1):
            path = (*prefix, relation, uid)
            was, now = (side.get(uid) for side in rows)
            if was is None or now is None:
                yield _row_difference(path, part, was, now)
            else:
                yield from _compare(part, was, now, path, _row_name(owner, part, number))


def compare(old: Snapshot, new: Snapshot) -> list[Difference]:
    """Every value that differs between two snapshots of one record, in the order of the form."""
    return list(_compare(model_named(new["model"]), old, new, (), ""))


def lines(content: Snapshot) -> list[Line]:
    """A text to be read as it stands: every value that says something, in the order of the form.
    Rich text comes as safe HTML."""
    return list(_lines(model_named(content["model"]), content))
