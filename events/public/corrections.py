"""What readers are told of changes: a sentence and its note, the same on pages and in feeds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, IntegerField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .. import changekinds, dates, editions
from ..languages import candidates, column, columns, current
from ..models import Change, ChangeKind, Event, Notice
from ..templatetags import press
from . import shown

# {when} is a date and time with its UTC offset.
_SENTENCES = {
    ChangeKind.CORRECTION: _("Corrected on {when}"),
    ChangeKind.UPDATE: _("Updated on {when}"),
    ChangeKind.TRANSLATION: _("Translation published on {when}"),
    ChangeKind.TYPOGRAPHICAL: _("Typographical errors corrected on {when}"),
    ChangeKind.PROGRESS: _("Progress recorded on {when}"),
}
# What somebody who has read the former text must learn of.
_GRAVE = (ChangeKind.CORRECTION, ChangeKind.UPDATE)


@dataclass(frozen=True)
class Told:
    """One applied change as readers learn of it.

    `number` is the public edition that it made, `at` is in UTC, `lang` the language of the note
    where that is not the page's, else "".
    """

    number: int
    kind: str
    at: datetime
    note: str
    lang: str

    @property
    def is_grave(self) -> bool:
        """Whether it changed what was said, and not letters, languages or progress alone."""
        return self.kind in _GRAVE

    @property
    def heading(self) -> SafeString:
        """What happened and when, with the time as a time element."""
        return format_html(str(_SENTENCES[ChangeKind(self.kind)]), when=press.moment(self.at))

    @property
    def plain(self) -> str:
        """What happened, when, and the note, as plain text."""
        sentence = str(_SENTENCES[ChangeKind(self.kind)])
        sentence = sentence.format(when=dates.written_moment(self.at))
        return f"{sentence}: {self.note}" if self.note else sentence


def _note(change: Change, ready: Iterable[str]) -> tuple[str, str]:
    """The note and its language, by the rule that the text itself is read by; nothing where it
    is the standard sentence of its kind, which the heading says already."""
    for code in candidates(ready, current()):
        note = getattr(change, column("note", code))
        if note:
            with translation.override(code):
                standard = changekinds.standard_note(change.kind)
            return ("", "") if note == standard else (note, "" if code == current() else code)
    return "", ""


def _rows(uids: Iterable[UUID]) -> Any:
    rows = Change.objects.readable().filter(record_uid__in=list(uids))
    return rows.order_by("-public_number")


def _told(change: Change, ready: Iterable[str]) -> Told:
    note, lang = _note(change, ready)
    return Told(change.public_number, change.kind, change.decided_at, note, lang)  # type: ignore[arg-type]


def of_all(items: Iterable[Any]) -> Mapping[UUID, list[Told]]:
    """What readers are told of several events and statements, the newest first. One query."""
    ready = {item.pk: item.readable_languages() for item in items}
    found: dict[UUID, list[Told]] = {uid: [] for uid in ready}
    for row in _rows(ready).defer("snapshot"):
        found[row.record_uid].append(_told(row, ready[row.record_uid]))
    return found


def of(item: Any) -> list[Told]:
    """What readers are told of one event or statement, the newest first. One query."""
    return of_all([item])[item.pk]


def of_event(
    event: Event, statements: Iterable[Any]
) -> tuple[list[Notice], Mapping[UUID, list[Told]]]:
    """The lasting notices of an event, the newest first; and what readers are told of changes of
    the event and of the statements that its page shows, as `of_all` has it. One query."""
    items = {item.pk: item for item in (event, *statements)}
    ready = {uid: item.readable_languages() for uid, item in items.items()}
    changes = _rows(items).order_by().values_list(
        Value("change"), F("record_uid"), F("kind"), F("decided_at"), F("public_number"),
        *map(F, columns("note")),
    )  # fmt: skip
    noticed = event.notices.order_by().values_list(
        Value("notice"), F("event"), F("notice_kind"), F("issued_at"),
        Value(None, output_field=IntegerField()), *map(F, columns("text")),
    )  # fmt: skip
    notices: list[Notice] = []
    told: dict[UUID, list[Told]] = {uid: [] for uid in items}
    for what, uid, kind, at, number, *words in changes.union(noticed, all=True):
        if what == "notice":
            texts = dict(zip(columns("text"), words, strict=True))
            notices.append(Notice(event=event, notice_kind=kind, issued_at=at, **texts))
        else:
            notes = dict(zip(columns("note"), words, strict=True))
            change = Change(kind=kind, decided_at=at, public_number=number, **notes)
            told[uid].append(_told(change, ready[uid]))
    notices.sort(key=lambda notice: notice.issued_at, reverse=True)
    for rows in told.values():
        rows.sort(key=lambda each: each.number, reverse=True)
    return notices, told


def grave(told: Iterable[Told]) -> list[Told]:
    """The corrections and updates among changes."""
    return [each for each in told if each.is_grave]


def of_all_with_languages(
    items: Iterable[Any], language: str
) -> tuple[Mapping[UUID, list[Told]], Mapping[UUID, datetime]]:
    """The corrections and updates of several items, the newest first; and since when those can be
    read in a language that came later than the item itself. One query, and none where no text has
    changed."""
    ready = {item.pk: item.readable_languages() for item in items if item.corrected_at}
    told: dict[UUID, list[Told]] = {uid: [] for uid in ready}
    since: dict[UUID, datetime] = {}
    if not ready:
        return told, since
    name = column("ready", language)
    rows = _rows(ready).defer("snapshot")
    before = KeyTransform("fields", KeyTransform("content", "base__snapshot"))
    rows = rows.annotate(
        now=KeyTextTransform(name, KeyTransform("fields", "snapshot")),
        was=KeyTextTransform(name, before),
    )
    for row in rows:
        one = _told(row, ready[row.record_uid])
        if one.is_grave:
            told[row.record_uid].append(one)
        # Of several times that a language was added the last counts: what was taken away in
        # between is new again.
        if _is_true(row.now) and not _is_true(row.was):
            since.setdefault(row.record_uid, one.at)
    return told, since


def _is_true(value: Any) -> bool:
    """What either database gives for true in JSON."""
    return str(value) in ("true", "1")


def of_parts(
    holders: Mapping[UUID, Any], relation: str, kinds: Iterable[str] = tuple(ChangeKind)
) -> Mapping[UUID, list[Told]]:
    """What readers are told of changes of these kinds that touched quotes or outcomes: by the uid
    of each, `holders` has the item that it belongs to. The newest first. One query."""
    changed: dict[UUID, list[UUID]] = {}
    for uid, item in holders.items():
        changed.setdefault(item.pk, []).append(uid)
    ready = {item.pk: item.readable_languages() for item in holders.values()}
    told: dict[UUID, list[Told]] = {uid: [] for uid in holders}
    for row in _rows(changed).filter(kind__in=list(kinds)).select_related("base"):
        before = editions.content_of(row.base)
        for uid in changed[row.record_uid]:
            was, now = (
                shown.part(text, relation, str(uid)) | _steps(text, relation, str(uid))
                for text in (before, editions.content_of(row))
            )
            if was != now:
                told[uid].append(_told(row, ready[row.record_uid]))
    return told


def _steps(content: Any, relation: str, uid: str) -> dict[str, Any]:
    """How far an outcome had come in an edition."""
    for state in content["parts"].get(relation, ()):
        if state["uid"] == uid:
            return {"progress": state.get("parts", {}).get("progress")}
    return {}


def head(told: list[Told], said: Iterable[datetime] = ()) -> dict[str, Any]:
    """What stands at the head of a page: the latest correction or update, else the latest
    change, and the others. `said` are moments of lasting notices that say the same there."""
    left = [each for each in told if each.at not in set(said)]
    lead = next((each for each in left if each.is_grave), left[0] if left else None)
    return {"changed": lead, "changes": [each for each in left if each is not lead]}


def of_part(item: Any, relation: str, uid: UUID) -> list[Told]:
    """What readers are told of changes that touched one quote or outcome of an item, the newest
    first. One query, and none where its text has never changed."""
    if not item.corrected_at:
        return []
    ready = item.readable_languages()
    return [
        _told(row, ready)
        for row in _rows([item.pk]).select_related("base")
        if row.kind != ChangeKind.PROGRESS
        and shown.part(editions.content_of(row.base), relation, str(uid))
        != shown.part(editions.content_of(row), relation, str(uid))
    ]
