"""What readers see of an edition: the columns that pages show, in the languages that were ready,
with the names of those rows alone that are public."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .. import dates
from ..changekinds import ready_in
from ..differences import Path
from ..editions import Snapshot, model_named
from ..languages import column
from ..markup import RichTextField
from ..models import Publication

# The public name of each row that a text names, by its key; a hidden one has none.
Names = Mapping[str, str]


@dataclass(frozen=True)
class Seen:
    """What pages show of a model: texts with a column in each language, facts that have one,
    rows of other models that it names, and the rows that belong to it."""

    texts: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    parts: Mapping[str, "Seen"] = field(default_factory=dict)


# Names of people, offices and countries are what was printed: part of the text, not of the row.
# A precision or a zone is told with its date or time. An event's notices are told beside it.
_FILES = {"placements": Seen(("caption",)), "attachments": Seen(("title",), ("file",))}
_TEXT = ("title", "standing", "summary", "body")
SEEN = {
    "event": Seen(
        (*_TEXT, "venue", "city"),
        ("event_kind", "state", "date", "ends_on", "starts_at", "first_released_on"),
        ("country", "series", "topics", "organisations"),
        {
            **_FILES,
            "participants": Seen(("name", "capacity"), ("as_named",)),
            "outcomes": Seen(
                ("text",), ("outcome_kind", "state", "due"),
                ("announced_in", "countries", "organisations"),
                {"progress": Seen(("text",), ("date", "state"), ("cites",))},
            ),
        },
    ),
    "statement": Seen(
        (*_TEXT, "place"),
        ("statement_kind", "reliability", "date", "first_released_on"),
        ("event", "topics", "organisations"),
        {
            **_FILES,
            "speakers": Seen(("name", "office")),
            "quotes": Seen(
                ("text", "name", "office", "context", "is_translation"), ("original_language",)
            ),
        },
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One thing that an edition says: what it is called, its words, and their language ("" for
    a fact). `rich` says that the words are HTML, `is_text` that they are words at all."""

    label: str
    text: str
    lang: str = ""
    rich: bool = False
    is_text: bool = False


def _keys(state: Snapshot, name: str) -> list[str]:
    found: Any = state["fields"].get(name) or state["many"].get(name) or []
    return [found] if isinstance(found, str) else found


def _shown_names(state: Snapshot, name: str, names: Names) -> list[str]:
    return sorted(names[pk] for pk in _keys(state, name) if pk in names)


def _named(model: type[models.Model], seen: Seen, state: Snapshot) -> Iterator[tuple[Any, str]]:
    """The model and key of each row that a text names, in it and in its parts."""
    for name in seen.names:
        for pk in _keys(state, name):
            yield model._meta.get_field(name).related_model, pk
    for relation, inner in seen.parts.items():
        part: Any = model._meta.get_field(relation).related_model
        for row in state["parts"].get(relation, ()):
            yield from _named(part, inner, row)


def names_in(contents: Iterable[Snapshot]) -> Names:
    """The names of the public rows that texts name. One query for each model, however many."""
    wanted: dict[Any, set[str]] = {}
    for content in contents:
        for model, pk in _named(model_named(content["model"]), SEEN[content["model"]], content):
            wanted.setdefault(model, set()).add(pk)
    return {
        str(row.pk): row.title if issubclass(model, Publication) else row.name
        for model, pks in wanted.items()
        for row in model.objects.public().filter(pk__in=pks)
    }


def without_untold(contents: Iterable[Snapshot], names: Names) -> list[Snapshot]:
    """The contents, the newest first, without outcomes that a text announces which is not
    public: by what each says of itself, and by the latest that is known of it."""
    told: dict[str, bool] = {}
    kept = []
    for content in contents:
        outcomes = content["parts"].get("outcomes", ())
        for state in outcomes:
            uid, announced = state["uid"], state["fields"].get("announced_in")
            told[uid] = told.get(uid, True) and (announced is None or announced in names)
        tellable = [state for state in outcomes if told[state["uid"]]]
        kept.append({**content, "parts": {**content["parts"], "outcomes": tellable}})
    return kept


def _written(known: Any, fields: Mapping[str, Any]) -> str:
    """A fact as a person reads it: dates at their precision, times with their offset."""
    value = fields.get(known.name)
    if value in (None, "", False):
        return ""
    if isinstance(known, models.FileField):
        return str(fields["checksum"])
    if isinstance(known, models.DateTimeField):
        moment = datetime.fromisoformat(value)
        return dates.written_moment(moment, fields.get("time_zone") or "")
    if isinstance(known, models.DateField):
        precision = fields.get(f"{known.name}_precision") or dates.Precision.DAY
        return dates.written(date.fromisoformat(value), precision)
    if known.choices:
        return str(dict(known.flatchoices).get(value, value))
    return str(_("yes") if value is True else value)


def _label(owner: str, known: Any, language: str = "") -> str:
    label = capfirst(str(known.verbose_name))
    if language:
        label = f"{label} ({dict(settings.LANGUAGES)[language]})"
    return f"{owner}: {label}" if owner else label


def lines(content: Snapshot, names: Names) -> dict[Path, Line]:
    """All that an edition says to readers, by its place in the edition."""
    ready = ready_in(content)
    model = model_named(content["model"])
    return dict(_lines(model, SEEN[content["model"]], content, names, ready, (), ""))


def _lines(
    model: type[models.Model], seen: Seen, state: Snapshot, names: Names, ready: list[str],
    prefix: Path, owner: str,
) -> Iterator[tuple[Path, Line]]:  # fmt: skip
    meta, fields = model._meta, state["fields"]
    for name in seen.texts:
        for code in ready:
            known: Any = meta.get_field(column(name, code))
            if text := _written(known, fields):
                rich = isinstance(known, RichTextField)
                label, is_text = _label(owner, known, code), text == fields[known.name]
                yield (*prefix, known.name), Line(label, text, code, rich, is_text)
    for name in seen.facts:
        known = meta.get_field(name)
        if text := _written(known, fields):
            yield (*prefix, name), Line(_label(owner, known), text)
    for name in seen.names:
        if shown := ", ".join(_shown_names(state, name, names)):
            yield (*prefix, name), Line(_label(owner, meta.get_field(name)), shown)
    for relation, inner in seen.parts.items():
        part: Any = meta.get_field(relation).related_model
        for number, row in enumerate(state["parts"].get(relation, ()), 1):
            called = f"{part._meta.verbose_name} {number}"
            called = f"{owner}, {called}" if owner else capfirst(called)
            path = (*prefix, relation, row["uid"])
            yield from _lines(part, inner, row, names, ready, path, called)


@dataclass
class Stood:
    """A row as it was, for templates: an object with what readers saw and nothing else behind
    it, the rows that it named by their names, and its parts under the names of their relations."""

    item: Any
    names: Mapping[str, str]
    parts: Mapping[str, list["Stood"]]


def _columns(seen: Seen, state: Snapshot, ready: list[str]) -> dict[str, Any]:
    """The stored values that readers see of a row, with what they are written by."""
    wanted = {column(name, code) for name in (*seen.texts, "ready") for code in ready}
    wanted |= {*seen.facts, *(f"{name}_precision" for name in seen.facts), "time_zone", "until"}
    return {name: value for name, value in state["fields"].items() if name in wanted}


def part(content: Snapshot, relation: str, uid: str) -> dict[str, Any]:
    """What readers saw of one quote or outcome in an edition; {} where it was not there."""
    seen = SEEN[content["model"]].parts[relation]
    for state in content["parts"].get(relation, ()):
        if state["uid"] == uid:
            return _columns(seen, state, ready_in(content))
    return {}


def as_it_stood(content: Snapshot, names: Names) -> Stood:
    """An edition as readers saw it. Its objects are never stored."""
    return _stood(model_named(content["model"]), SEEN[content["model"]], content, names,
                  ready_in(content), {})  # fmt: skip


def _stood(
    model: Any, seen: Seen, state: Snapshot, names: Names, ready: list[str],
    above: Mapping[str, Any],
) -> Stood:  # fmt: skip
    item = model(uid=UUID(state["uid"]), **above)
    for name, value in _columns(seen, state, ready).items():
        known = model._meta.get_field(name)
        setattr(item, name, value if value is None else known.to_python(value))
    named = {name: ", ".join(_shown_names(state, name, names)) for name in seen.names}
    parts = {}
    for relation, inner in seen.parts.items():
        back = model._meta.get_field(relation).field
        parts[relation] = [
            _stood(back.model, inner, row, names, ready, {back.name: item})
            for row in state["parts"].get(relation, ())
        ]
    return Stood(item, named, parts)
