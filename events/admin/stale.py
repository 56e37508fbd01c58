"""A save that came too late: what others have changed since its form was made, and the author's
own text on top of it, field by field, for a second and deliberate save.

A field that the author had not touched takes the others' value. Where both have written, the
author's stands in the form and the others' is shown above it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.models import ModelChoiceField
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from .. import differences, editions, publishing
from ..differences import Difference, Path
from ..editions import Snapshot
from ..models import Edition

NOTHING: Snapshot = {"fields": {}, "many": {}, "parts": {}}


@dataclass
class Meanwhile:
    """What happened to a record since a form was made from it, as one person may see it.

    `typed` are the places where the author had written something else; `removed` says of the
    rows that are gone, by the prefix of their form, who took them out.
    """

    acts: list[Edition]
    base: Snapshot | None
    theirs: Snapshot | None
    typed: set[Path] = field(default_factory=set)
    removed: dict[str, str] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """What a form that shows all this is made from."""
        return self.acts[-1].number if self.acts else 0

    def changes(self) -> Iterator[tuple[Difference, bool]]:
        """Every value that the others changed, and whether the author typed another."""
        if self.base is not None and self.theirs is not None:
            for each in differences.compare(self.base, self.theirs):
                yield each, each.path in self.typed

    def who_removed(self, relation: str, uid: str) -> str:
        """The first whose edition lacks a row; "" where none of them had it."""
        for act in self.acts:
            rows = act.snapshot["content"]["parts"].get(relation, ())
            if uid not in {row["uid"] for row in rows}:
                return act.who
        return ""


def since(item: Any, version: int, user: Any) -> Meanwhile:
    """What happened to the record of `item` after the edition that has the number `version`."""
    found = editions.of(publishing.owner(item)).filter(number__gte=version)
    base = next((act for act in found if act.number == version), None)
    acts = [act for act in found if act.number > version]
    if base is None or not acts:
        return Meanwhile(acts, None, None)
    was, now = editions.content_of(base), editions.content_of(acts[-1])
    return Meanwhile(acts, differences.seen_part(user, was), differences.seen_part(user, now))


def put_on_top(
    request: HttpRequest, form: Any, formsets: Iterable[Any], meanwhile: Meanwhile
) -> None:  # fmt: skip
    """Rewrite what was posted: the author's text on top of the others', with their version."""
    data = request.POST.copy()
    data["seen_version"] = str(meanwhile.version)
    prefix = _place(form.instance)
    base, theirs = (_state(side, prefix) for side in (meanwhile.base, meanwhile.theirs))
    meanwhile.typed |= _merge(data, form, base, theirs, prefix)
    for formset in formsets:
        _merge_rows(request, data, formset, meanwhile, base, theirs, prefix)
    request.POST = data  # type: ignore[assignment]


def _place(item: Any) -> Path:
    """Where an item stands in its record: an outcome is a row of its event."""
    return () if publishing.owner(item).pk == item.pk else ("outcomes", str(item.pk))


def _rows(state: Snapshot, relation: str) -> dict[str, Snapshot]:
    return {row["uid"]: row for row in state["parts"].get(relation, ())}


def _state(content: Snapshot | None, prefix: Path) -> Snapshot:
    if content is None:
        return NOTHING
    return _rows(content, prefix[0]).get(prefix[1], NOTHING) if prefix else content


def _typed(form: Any, name: str, value: Any) -> bool:
    """Whether a posted field says something else than a stored value."""
    widget, column = form.fields[name].widget, form.instance._meta.get_field(name)
    posted = widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
    if isinstance(posted, str) and hasattr(column, "tidy"):
        posted = column.tidy(posted)
    changed: bool = form.fields[name].has_changed(_python(column, value), posted)
    return changed


def _python(column: Any, value: Any) -> Any:
    return value if column.many_to_many or value is None else column.to_python(value)


def _merge(data: QueryDict, form: Any, base: Snapshot, theirs: Snapshot, prefix: Path) -> set[Path]:
    typed: set[Path] = set()
    for group in ("fields", "many"):
        for name in form.fields.keys() & theirs[group].keys():
            was, now = base[group].get(name), theirs[group][name]
            if was == now or not _typed(form, name, now):
                continue
            if name in base[group] and not _typed(form, name, was):
                _put(data, form, name, now)
            else:
                typed.add((*prefix, name))
    return typed


def _put(data: QueryDict, form: Any, name: str, value: Any) -> None:
    """Post a stored value as its widget would."""
    column, shown = form.instance._meta.get_field(name), form.fields[name]
    key, value = form.add_prefix(name), _python(column, value)
    widget: Any = shown.widget
    if hasattr(widget, "widgets_names"):
        parts = zip(widget.widgets_names, widget.widgets, widget.decompress(value), strict=True)
        for suffix, part, each in parts:
            data[key + suffix] = part.format_value(each) or ""
    elif isinstance(widget, forms.CheckboxInput):
        data.pop(key, None)
        if value:
            data[key] = "on"
    elif column.many_to_many:
        data.setlist(key, [str(each) for each in value])
    elif isinstance(shown, forms.ChoiceField | ModelChoiceField):
        data[key] = "" if value is None else str(value)
    elif not isinstance(shown, forms.FileField):
        data[key] = widget.format_value(shown.prepare_value(value)) or ""


def _merge_rows(
    request: HttpRequest, data: QueryDict, formset: Any, meanwhile: Meanwhile,
    base: Snapshot, theirs: Snapshot, prefix: Path,
) -> None:  # fmt: skip
    """The same for the rows of a relation. A row that somebody removed goes with it; but one
    that the author has written in stands as a new one, to be put back or left out."""
    relation = formset.fk.remote_field.get_accessor_name(model=formset.model)
    before, now = _rows(base, relation), _rows(theirs, relation)
    staying, put_back = [], []
    for number, form in enumerate(formset.initial_forms):
        uid = str(form.data.get(form.add_prefix(formset.model._meta.pk.name), ""))
        old = before.get(uid, NOTHING)
        if not getattr(form, "gone", False):
            staying.append(number)
            row = now.get(uid, NOTHING)
            meanwhile.typed |= _merge(data, form, old, row, (*prefix, relation, uid))
        elif not formset._should_delete_form(form) and _written_in(form, old):
            put_back.append((number, meanwhile.who_removed(relation, uid)))
    first, total = len(formset.initial_forms), formset.total_form_count()
    order = [*staying, *(number for number, _who in put_back), *range(first, total)]
    if len(staying) == first:
        return
    for place, (_number, who) in enumerate(put_back, len(staying)):
        meanwhile.removed[f"{formset.prefix}-{place}"] = who
    _renumber(data, formset.prefix, order)
    _renumber(request.FILES, formset.prefix, order)
    for place in range(len(staying), len(staying) + len(put_back)):
        data.pop(f"{formset.prefix}-{place}-{formset.model._meta.pk.name}", None)
    data[f"{formset.prefix}-INITIAL_FORMS"] = str(len(staying))
    data[f"{formset.prefix}-TOTAL_FORMS"] = str(len(order))


def _written_in(form: Any, old: Snapshot) -> bool:
    stored = {**old["fields"], **old["many"]}
    return any(
        name not in stored or _typed(form, name, stored[name])
        for name in form.fields
        if name in {each.name for each in form.instance._meta.get_fields()}
        and name not in (form.instance._meta.pk.name, getattr(form, "fk_name", ""))
        and not isinstance(form.fields[name], forms.models.InlineForeignKeyField)
    )


def _renumber(values: Any, prefix: str, order: list[int]) -> None:
    """Give the rows of a formset new numbers: the row `order[n]` becomes row n."""
    held = {key: values.getlist(key) for key in list(values) if key.startswith(f"{prefix}-")}
    for key in held:
        number = key.removeprefix(f"{prefix}-").partition("-")[0]
        if number.isdecimal():
            del values[key]
    for place, number in enumerate(order):
        old, new = f"{prefix}-{number}-", f"{prefix}-{place}-"
        for key, listed in held.items():
            if key.startswith(old):
                values.setlist(new + key.removeprefix(old), listed)


def removed_row(who: str) -> str:
    """What is said at a row that was removed while its author was writing in it."""
    return _(
        "%(name)s has removed this row since you opened the form. Your text stands here as a new"
        " row: save again to put it back, or remove it."
    ) % {"name": who or _("Somebody")}
