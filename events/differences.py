"""What changed between two texts of a record: field by field, word by word, or merged in three.

All of it works on the snapshots of editions.py, so that editions, proposed changes and stale
forms are compared in one way.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from .editions import Snapshot, model_named
from .languages import CODES, column
from .markup import RichTextField

# A path leads to one value of a snapshot: ("title_en",), ("quotes", "<uid>", "text_ru").
Path = tuple[str, ...]

# Above this many pairs of words a passage is shown as replaced whole, not word by word.
_TOO_MANY = 4_000_000
_TOKEN = re.compile(r"<[^>]*>|&[#\w]+;|\w+|\s+|[^\w\s]")
_BLOCK = re.compile(r"(?<=</p>)|(?<=</li>)|(?<=</h3>)|(?<=</h4>)|(?<=</blockquote>)|(?<=\n\n)")
_BREAKS = {"</p>": "\n", "</h3>": "\n", "</h4>": "\n", "</li>": "\n", "<br>": "\n", "<li>": "• "}


@dataclass(frozen=True)
class Piece:
    """A run of words: in both texts ("equal"), in the later one ("insert") or in the earlier
    one ("delete")."""

    op: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One value that differs: what it is called, what it was, what it is now."""

    path: Path
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]

    @property
    def column(self) -> str:
        """The name of the field, whatever row it is in."""
        return self.path[-1]

    @property
    def is_row(self) -> bool:
        """Whether a whole quote, outcome or other row was added or taken out."""
        return len(self.path) % 2 == 0


# --- Word by word --------------------------------------------------------------------------------


def _shown(word: str, changed: bool) -> str:
    if not word.startswith("<") or not word.endswith(">"):
        return html.unescape(word)
    if word in _BREAKS:
        return _BREAKS[word]
    # Formatting shows where it is what changed, and only there.
    return f"⟨{word[1:-1]}⟩" if changed and word != "<p>" else ""


def _runs(before: list[str], after: list[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for op, start, end, start_after, end_after in matcher.get_opcodes():
        yield op, before[start:end], after[start_after:end_after]


def _tokens(text: str, rich: bool) -> list[str]:
    tokens = _TOKEN.findall(text)
    return tokens if rich else [html.escape(token, quote=False) for token in tokens]


def words(before: str, after: str, rich: bool = False) -> tuple[Piece, ...]:
    """The two texts woven into one, as runs of words. `rich` says that they are HTML.

    Blocks are matched first, then the words inside those that changed, so that a long text
    with a short change is compared quickly.
    """
    found: list[tuple[str, str]] = []

    def add(op: str, tokens: Iterable[str]) -> None:
        text = "".join(_shown(token, op != "equal") for token in tokens)
        if text:
            found.append((op, text))

    blocks = [[part for part in _BLOCK.split(text) if part] for text in (before, after)]
    for op, old, new in _runs(*blocks):
        old_tokens, new_tokens = (_tokens("".join(part), rich) for part in (old, new))
        if op == "equal":
            add("equal", old_tokens)
        elif len(old_tokens) * len(new_tokens) > _TOO_MANY:
            add("delete", old_tokens)
            add("insert", new_tokens)
        else:
            for inner, gone, come in _runs(old_tokens, new_tokens):
                if inner == "equal":
                    add("equal", gone)
                else:
                    add("delete", gone)
                    add("insert", come)
    return tuple(_joined(found))


def _joined(found: list[tuple[str, str]]) -> Iterator[Piece]:
    run: list[str] = []
    for (op, text), following in pairwise([*found, ("", "")]):
        run.append(text)
        if following[0] != op:
            yield Piece(op, "".join(run))
            run = []


# --- Field by field ------------------------------------------------------------------------------


def _label(field: Any) -> str:
    """A field's name as its form has it, with the language of a translated column."""
    name = str(field.verbose_name)
    for code, native in settings.LANGUAGES:
        if field.name.endswith(column("", code)):
            return name if name.endswith("]") else f"{name} ({native})"
    return name


def _named(model: type[models.Model], pk: Any) -> str:
    row = model._default_manager.filter(pk=pk).first() if pk else None
    return str(row) if row is not None else str(pk or "")


def _written(field: Any, value: Any) -> str:
    """A stored value as a person reads it."""
    if field.many_to_many:
        return ", ".join(sorted(_named(field.related_model, pk) for pk in value or ()))
    if value is None or value == "":
        return ""
    if field.is_relation:
        return _named(field.related_model, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value)


def _value_difference(path: Path, owner: str, field: Any, old: Any, new: Any) -> Difference:
    before, after = _written(field, old), _written(field, new)
    label = f"{owner}: {_label(field)}" if owner else _label(field)
    pieces = words(before, after, rich=isinstance(field, RichTextField))
    return Difference(path, label[:1].upper() + label[1:], before, after, pieces)


def _row_difference(path: Path, model: type[models.Model], old: Any, new: Any) -> Difference:
    label = str(model._meta.verbose_name)
    texts = ["" if state is None else _row_text(model, state) for state in (old, new)]
    return Difference(path, label[:1].upper() + label[1:], texts[0], texts[1], words(*texts))


def _row_text(model: type[models.Model], state: Snapshot) -> str:
    """All that a row says, a line each: for one that was added or taken out whole."""
    lines = []
    for name, value in (*state["fields"].items(), *state["many"].items()):
        field: Any = model._meta.get_field(name)
        written = _written(field, value)
        if written and name not in ("order", "due_precision") and value != field.get_default():
            lines.append(f"{_label(field)}: {written}")
    return "\n".join(lines)


def _compare(
    model: type[models.Model], old: Snapshot, new: Snapshot, prefix: Path, owner: str
) -> Iterator[Difference]:
    for group in ("fields", "many"):
        for name in {**old[group], **new[group]}:
            if old[group].get(name) != new[group].get(name):
                field = model._meta.get_field(name)
                values = old[group].get(name), new[group].get(name)
                yield _value_difference((*prefix, name), owner, field, *values)
    for relation in {**old["parts"], **new["parts"]}:
        part: Any = model._meta.get_field(relation).related_model
        rows = [{s["uid"]: s for s in side["parts"].get(relation, ())} for side in (old, new)]
        for number, uid in enumerate({**rows[0], **rows[1]}, 1):
            path = (*prefix, relation, uid)
            before, after = rows[0].get(uid), rows[1].get(uid)
            if before is None or after is None:
                yield _row_difference(path, part, before, after)
            else:
                name = f"{part._meta.verbose_name} {number}"
                inside = f"{owner}, {name}" if owner else name
                yield from _compare(part, before, after, path, inside)


def compare(old: Snapshot, new: Snapshot) -> list[Difference]:
    """Every value that differs between two snapshots of one record, in the order of the form."""
    return list(_compare(model_named(new["model"]), old, new, (), ""))


# --- Three-way -----------------------------------------------------------------------------------


def _merge_value(base: Any, theirs: Any, mine: Any) -> tuple[Any, bool]:
    if isinstance(base, list) and isinstance(theirs, list) and isinstance(mine, list):
        gone = set(base) - set(mine) | set(base) - set(theirs)
        return sorted((set(base) | set(theirs) | set(mine)) - gone), False
    if mine in (base, theirs):
        return theirs, False
    return mine, theirs != base


def _merge(base: Snapshot, theirs: Snapshot, mine: Snapshot, prefix: Path, hits: list[Path]) -> Any:
    merged: dict[str, Any] = {key: mine[key] for key in ("model", "uid") if key in mine}
    for group in ("fields", "many"):
        merged[group] = {}
        for name in {**theirs[group], **mine[group]}:
            trio = (side[group].get(name) for side in (base, theirs, mine))
            merged[group][name], hit = _merge_value(*trio)
            if hit:
                hits.append((*prefix, name))
    merged["parts"] = {}
    for relation in {**theirs["parts"], **mine["parts"]}:
        sides = [
            {state["uid"]: state for state in side["parts"].get(relation, ())}
            for side in (base, theirs, mine)
        ]
        states = []
        for uid in {**sides[1], **sides[2]}:
            path = (*prefix, relation, uid)
            was, his, own = (side.get(uid) for side in sides)
            if his is not None and own is not None:
                states.append(_merge(was or his, his, own, path, hits))
                continue
            kept = his if own is None else own
            # One side took the row out. Where the other mended it meanwhile, a person decides:
            # until then mine stands.
            if was is None or (kept != was and own is not None):
                states.append(kept)
            if was is not None and kept != was:
                hits.append(path)
        merged["parts"][relation] = states
    return merged


def merge(base: Snapshot, theirs: Snapshot, mine: Snapshot) -> tuple[Snapshot, list[Path]]:
    """My text on top of theirs, both made from `base`; and the paths that both changed
    differently, where mine stands in the result and a person must decide.

    Raises ValidationError where the three are not of one record.
    """
    if not base["uid"] == theirs["uid"] == mine["uid"]:
        raise ValidationError(_("This edition belongs to another record."))
    hits: list[Path] = []
    return _merge(base, theirs, mine, (), hits), hits


def touched_languages(differences: Iterable[Difference]) -> set[str]:
    """The languages whose columns differ."""
    return {
        code
        for each in differences
        for code in CODES
        if not each.is_row and each.column.endswith(column("", code))
    }
