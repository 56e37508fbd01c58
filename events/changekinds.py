"""What each kind of change may touch, and what readers are told of it.

The kind is a promise to readers: "typographical" says that no fact moved, "translation" that
no word of the languages they know did, "progress" that the outcome itself is as it was.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .differences import Difference, compare
from .editions import Snapshot, model_named
from .languages import CODES, column
from .markup import LineField, PlainTextField, RichTextField
from .models import ChangeKind, Notice

# More words than this are not a slip of the pen.
TYPOGRAPHICAL_WORDS = 12
# Kinds whose public note becomes an event's lasting notice where its plan changes.
WITH_NOTICE = (ChangeKind.CORRECTION, ChangeKind.UPDATE)
_NOT_WORDING = ("slug", "reference_number", "time_zone", "stream_url", "website", "email", "phone")


def check(kind: str, before: Snapshot, after: Snapshot) -> None:
    """Refuse a kind that does not allow what differs. Raises ValidationError for "kind"."""
    found = compare(before, after)
    rule = _RULES.get(kind)
    refusal = rule(found, before, after) if rule else None
    if refusal:
        raise ValidationError({"kind": refusal})


def _typographical(found: list[Difference], before: Snapshot, after: Snapshot) -> Any:
    words = 0
    for each in found:
        field: Any = None if each.is_row else _field(before["model"], each.path)
        wording = isinstance(field, LineField | PlainTextField | RichTextField)
        if not wording or field.name in _NOT_WORDING:
            return _("A typographical change touches the wording alone: choose another kind.")
        if each.path[0] == "quotes" and each.column.startswith("text"):
            return _("Quoted words are sacred: a mended quotation is a correction.")
        moved = [piece.text for piece in each.pieces if piece.op != "equal"]
        words += sum(len(re.findall(r"\w+", text)) for text in moved)
        if any(re.search(r"\d", text) for text in moved):
            return _("A changed number is a correction, never typographical.")
    if words > TYPOGRAPHICAL_WORDS:
        return _("This changes more than a few letters: it is a correction or an update.")
    return None


def _field(model: str, path: tuple[str, ...]) -> Any:
    found: Any = model_named(model)
    for relation in path[:-1:2]:
        found = found._meta.get_field(relation).related_model
    return found._meta.get_field(path[-1])


def _translation(found: list[Difference], before: Snapshot, after: Snapshot) -> Any:
    new = {code for code in CODES if not before["fields"].get(column("ready", code))}
    for each in found:
        endings = tuple(column("", code) for code in new)
        if each.is_row or not endings or not each.column.endswith(endings):
            return _("A translation adds a language and leaves the others as they are.")
    return None


def _progress(found: list[Difference], before: Snapshot, after: Snapshot) -> Any:
    for each in found:
        inside = each.path[0] == "outcomes" and len(each.path) > 2
        if not inside or each.path[2] not in ("progress", "state", "follow_up"):
            return _("Progress touches an outcome’s state, its steps and its follow-up alone.")
    return None


_RULES: dict[str, Callable[[list[Difference], Snapshot, Snapshot], Any]] = {
    ChangeKind.TYPOGRAPHICAL: _typographical,
    ChangeKind.TRANSLATION: _translation,
    ChangeKind.PROGRESS: _progress,
}


def ready_in(content: Snapshot) -> list[str]:
    """The languages that a snapshot marks as ready; [] for a reference row, which has no such
    mark."""
    return [code for code in CODES if content["fields"].get(column("ready", code))]


def standard_note(kind: str) -> str:
    """What readers are told of this kind where nobody need say more, in the active language;
    "" where somebody must."""
    sentences: dict[str, str] = {
        ChangeKind.TYPOGRAPHICAL: gettext("Typographical errors were corrected."),
        ChangeKind.TRANSLATION: gettext("The text was published in a further language."),
        ChangeKind.PROGRESS: gettext("Progress was recorded."),
    }
    return sentences.get(kind, "")


def notes(kind: str, content: Snapshot, given: Mapping[str, str]) -> dict[str, str]:
    """The columns of the public note: as given, or the standard sentence of the kind.

    Raises ValidationError beside each language that lacks one. A note in a language that is
    not ready is kept for nobody.
    """
    ready = ready_in(content)
    found, missing = {}, {}
    for code in ready or CODES:
        with translation.override(code):
            standard = standard_note(kind)
        # The sentence of a typographical change is always the standard one.
        own = "" if kind == ChangeKind.TYPOGRAPHICAL else given.get(code, "").strip()
        found[column("note", code)] = own or standard
        if not found[column("note", code)] and ready:
            missing[column("note", code)] = _("Tell readers of this language what has changed.")
    if not any(found.values()) and not missing:
        missing[column("note", CODES[0])] = _("Say what has changed, and why.")
    if missing:
        raise ValidationError(missing)
    return found


def notice_kind(before: Snapshot, after: Snapshot) -> str:
    """Which lasting notice an event's change calls for; "" for none."""
    was, now = before["fields"], after["fields"]

    def differ(names: Iterable[str]) -> bool:
        return any(was.get(name) != now.get(name) for name in names)

    if differ(["state"]) and now["state"] in ("cancelled", "postponed"):
        return str(now["state"])
    if differ(["date", "date_precision", "ends_on", "starts_at", "ends_at"]):
        return str(Notice.NoticeKind.REDATED)
    places = [column(name, code) for name in ("venue", "city") for code in CODES]
    # A place that was unknown and is now named has not moved.
    if any(was.get(name) and was.get(name) != now.get(name) for name in [*places, "country"]):
        return str(Notice.NoticeKind.MOVED)
    return ""
