"""Whether a text has been released before: a foreign ministry once sent out a joint statement
of five months earlier as new.

Two texts are compared by their shingles, runs of five words: how many of the new one's the
earlier one contains. That needs the earlier one in hand, and an archive may hold a hundred
thousand, so candidates are looked for within bounds: the newest releases, and those dated within
a day of the item's own date or of a date that its text names, as an old text mostly names its
own. Of each the beginning is read, and searched for a few phrases taken word for word
from all over the new text. What this misses: an old text outside those bounds; one in which none
of the phrases stands unchanged; one translated, as texts are compared language by language.
Only what is public at this moment is looked at, in the languages that readers may read.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models.functions import Left

from .languages import column
from .markup import to_text
from .models import Event, Publication, Statement

SIZE = 5  # words in a shingle
ALIKE = 0.8  # share of the new text's shingles from which on it is nearly identical
SHORT = 30  # words below which only the same title and the same text count

NEWEST = 800  # releases looked through, the newest first
DATED = 300  # and those of the dates named
DATES = 8  # how many dates are taken from a text
BEGINNING = 20_000  # characters read of each
PHRASES = 6  # looked for, over all languages
PHRASE = 8  # words in one
COMPARED = 5  # candidates compared whole

_WORD = re.compile(r"\w+")
_BETWEEN_TEXT = re.compile(r"<[^>]*(?:>|$)|&#?\w+;")


def words(text: str) -> list[str]:
    """The words of a plain text, folded: case, composition and ё do not count."""
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold().replace("ё", "е"))


def shingles(of: list[str]) -> set[tuple[str, ...]]:
    """Every run of SIZE words; the whole where there are fewer; none of nothing."""
    if len(of) < SIZE:
        return {tuple(of)} if of else set()
    return set(zip(*(of[start:] for start in range(SIZE)), strict=False))


def containment(new: set[tuple[str, ...]], earlier: set[tuple[str, ...]]) -> float:
    """The share of `new` that stands in `earlier`: 0 to 1; 0 of nothing."""
    return len(new & earlier) / len(new) if new else 0.0


def phrases(markup: str, most: int) -> list[str]:
    """Up to `most` runs of words, as they stand in the HTML of a rich text: spread over so much
    of its beginning as is sure to be read of a copy too."""
    nodes = _BETWEEN_TEXT.split(markup[: BEGINNING // 2])
    found = []
    for node in nodes:
        spans = [match.span() for match in re.finditer(r"\S+", node)]
        found += [
            node[spans[first][0] : spans[first + PHRASE - 1][1]]
            for first in range(0, len(spans) - PHRASE + 1, PHRASE)
        ]
    if not found:  # a list of short items
        found = [node for node in nodes if len(node) >= 2 * PHRASE]
    if len(found) <= most:
        return found
    step = len(found) / most
    return [found[int(step * (number + 0.5))] for number in range(most)]


class _Version:
    """The new text in one language, and how an earlier one compares with it."""

    def __init__(self, record: Publication, code: str, body: str, most: int) -> None:
        self.record, self.code = record, code
        self.ready, self.titled, self.stored = (
            column(name, code) for name in ("ready", "title", "body")
        )
        self.begins = f"begins_{code}"
        self.title = words(getattr(record, self.titled))
        self.words = words(to_text(body))
        self.is_short = len(self.words) < SHORT
        self.phrases = [] if self.is_short else phrases(body, most)

    def hits(self, row: dict[str, Any]) -> tuple[int, bool]:
        """How many of the phrases an earlier text has, and whether it has the same title; a
        short one must be the same."""
        if not row[self.ready]:
            return 0, False
        body = row[self.begins]
        found = sum([phrase in body for phrase in self.phrases])
        titled = words(row[self.titled]) == self.title
        if self.is_short and titled:
            titled = self._is_same(row["model"], row["date"], words(to_text(body)))
        return found, titled

    def alike(self, other: Publication) -> float:
        """How much of this text an earlier one contains, from 0 to 1."""
        if not getattr(other, self.ready):
            return 0.0
        theirs = words(to_text(getattr(other, self.stored)))
        if not self.is_short:
            return containment(shingles(self.words), shingles(theirs))
        titled = words(getattr(other, self.titled)) == self.title
        return float(titled and self._is_same(other.model, other.date, theirs))

    def _is_same(self, model: str, date: dt.date, theirs: list[str]) -> bool:
        """Whether two short texts under one title are the same. Of two that say nothing but
        their titles, only the same thing on the same day is."""
        same_day = (self.record.model, self.record.date) == (model, date)
        return self.words == theirs and (bool(theirs) or same_day)


def earlier(
    record: Publication, texts: Mapping[str, str], dates: Iterable[dt.date]
) -> list[Publication]:
    """The public texts that `record` is nearly identical to, the most alike first.

    `texts` are its bodies as stored, by ready language; `dates` those that it names. The event
    of a statement and the statements of an event may share its text. At most three queries.
    """
    if not texts:
        return []
    most = max(1, PHRASES // len(texts))
    versions = [_Version(record, code, body, most) for code, body in texts.items()]
    hits: dict[Any, tuple[int, int]] = {}
    for row in _seen(record, list(texts), dates):
        each = [version.hits(row) for version in versions]
        hits[row["pk"]] = sum(found for found, _titled in each), sum(titled for _f, titled in each)
    # dict and sort keep the order: of two as alike, the newer.
    nearest = sorted((pk for pk in hits if any(hits[pk])), key=lambda pk: hits[pk], reverse=True)
    if not nearest:
        return []
    found = Publication.objects.public().in_bulk(nearest[:COMPARED])
    alike = {pk: max(each.alike(found[pk]) for each in versions) for pk in nearest if pk in found}
    return [found[pk] for pk in sorted(alike, key=lambda pk: -alike[pk]) if alike[pk] >= ALIKE]


def _seen(
    record: Publication, codes: list[str], dates: Iterable[dt.date]
) -> list[dict[str, Any]]:  # fmt: skip
    """The beginnings of the texts within the bounds, the newest first; some twice."""
    others = Publication.objects.public().exclude(pk=record.pk)
    if isinstance(record, Statement) and record.event_id:
        others = others.exclude(pk=record.event_id)
    if isinstance(record, Event):
        others = others.exclude(as_statement__event=record.pk)
    days = {
        date + dt.timedelta(days=days)
        for date in (record.date, *list(dates)[:DATES])
        for days in (-1, 0, 1)
        if dt.date.min < date < dt.date.max
    }
    # Each in the order of an index, which SQLite otherwise passes over for one that it must sort.
    newest = others.order_by("-release_at", "-uid")[:NEWEST]
    dated = others.filter(model__in=Publication.Model.values, date__in=sorted(days))
    found: list[dict[str, Any]] = []
    for keys in (newest, dated.latest_first()[:DATED]):
        rows = others.filter(pk__in=keys.values("pk")).values(
            "pk", "model", "date", "release_at",
            *(column(name, code) for name in ("ready", "title") for code in codes),
            **{f"begins_{code}": Left(column("body", code), BEGINNING) for code in codes},
        )  # fmt: skip
        found += rows
    found.sort(key=lambda row: (row["release_at"], row["pk"]), reverse=True)
    return found
