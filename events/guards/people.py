"""Officials and their words."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from ..languages import CODES, column
from ..models import Event, Office
from .question import Question, ask, language, listed, quoted
from .text import Text

_MARKS = re.compile("[\"'`«»‘’‚‛“”„‟‹›]")
_LEFT_OUT = re.compile(r"\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3}")


def offices(text: Text) -> Iterator[Question]:
    """Somebody named in an office that they did not hold on the day, as far as the office has
    recorded any. A title of a person in other words than ours is not taken for another office."""
    record: Any = text.record
    rows: list[Any]
    if isinstance(record, Event):
        name = "capacity"
        people = record.participants.exclude(person=None).select_related("person")
        rows = [row for row in people if row.any_text("capacity")]
    else:
        name = "office"
        rows = [*record.speakers.select_related("person"), *text.quotes]
    held: dict[Any, list[Office]] = {}
    if rows:
        named = {row.person_id for row in rows}
        # Sorted here: the two databases put those without a beginning at different ends.
        offices_held = Office.objects.filter(person__in=named)
        for office in sorted(offices_held, key=lambda each: (each.since or dt.date.min, each.pk)):
            held.setdefault(office.person_id, []).append(office)
    asked: set[str] = set()
    for row in rows:
        recorded = held.get(row.person_id, [])
        printed = [office for office in recorded if _is_named(office, row, name)]
        if not recorded or any(_held(office, text) for office in printed or recorded):
            continue
        question = _not_held(row, printed, recorded, text)
        if question.code not in asked:
            asked.add(question.code)
            yield question


def _is_named(office: Office, row: Any, name: str) -> bool:
    """Whether what is printed beside a name is the title of this very office."""
    pairs = [(getattr(row, column(name, c)), getattr(office, column("title", c))) for c in CODES]
    return any(printed and _folded(printed) == _folded(title) for printed, title in pairs)


def _folded(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).casefold().split())


def _held(office: Office, text: Text) -> bool:
    """Whether it may have been held on one of the item's days. (Any day between the two ends
    that it covers makes it cover one of them, or begin and end in between.)"""
    begins = office.since is not None and text.first_day <= office.since <= text.last_day
    return begins or office.covers(text.first_day) or office.covers(text.last_day)


def _not_held(row: Any, printed: list[Office], recorded: list[Office], text: Text) -> Question:
    found = [row.person_id, *(office.pk for office in printed or recorded)]
    told = {"person": row.any_text("name") or str(row.person), "date": text.record.written_date()}
    if printed:
        sentence = _(
            "%(person)s is named as %(office)s. As recorded, that office was theirs %(times)s, and"
            " not on %(date)s."
        )
        told |= {"office": quoted(str(printed[0])), "times": listed(map(_time, printed))}
    else:
        sentence = _(
            "%(person)s held none of the offices that are recorded for them on %(date)s:"
            " %(offices)s."
        )
        told["offices"] = listed(f"{quoted(str(each))} ({_time(each)})" for each in recorded)
    return ask("office", found, sentence % told)


def _time(office: Office) -> str:
    return f"{office.written_since() or '…'} – {office.written_until() or '…'}"


def quotes(text: Text) -> Iterator[Question]:
    """Quotes whose words do not stand in the text of the same language. White space, quotation
    marks and the stop at the end do not count; what a quote leaves out (…) may stand between."""
    bodies = {code: _bare(plain) for code, plain in text.plain.items()}
    for quote in text.quotes:
        missing = []
        for code, body in bodies.items():
            words = getattr(quote, column("text", code))
            if words and not _stands(words, body):
                missing.append(code)
        if missing:
            yield ask(
                "quote", [quote.pk, missing],
                _("The quote %(quote)s does not stand word for word in the text"
                  " (%(languages)s).")
                % {"quote": quoted(str(quote)), "languages": listed(map(language, missing))},
            )  # fmt: skip


def _bare(words: str) -> str:
    return " ".join(_MARKS.sub("", unicodedata.normalize("NFC", words)).split())


def _stands(words: str, body: str) -> bool:
    place = 0
    for part in _LEFT_OUT.split(words):
        bare = _bare(part).strip(" .,;:")
        place = body.find(bare, place)
        if place < 0:
            return False
        place += len(bare)
    return True
