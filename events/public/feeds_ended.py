"""A retraction travels: what feeds announce of texts that are no more.

Whoever has an entry in a reader, an archive or a newsroom system must learn that it was taken back.
So the feed holds a notice in its place, which says what the page at its address says: since when it
is gone and why, and no word of the text, not even its address, which is made of its title. Who has
the entry knows it by its GUID and by the day it came. A withdrawn text, too, is absent from
everything but its own address (DESIGN, section 4). What is reinstated was never gone: its notice is
gone instead.
"""

from typing import Any
from uuid import uuid5

from django.db.models import F, QuerySet, Subquery, Value
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from .. import dates, editions, visibility
from ..languages import CODES, column, columns, current
from ..models import Outcome, Publication, Quote, Statement
from ..visibility import Status
from .feeds_entry import Ended, Entry

REMOVED = "removed"
_ROW = ("row", "kind", "action", "published", "day", "at", "told_at", *columns("words"))
_SENTENCES = {
    ("event", Status.RETRACTED): _("RETRACTED: the page of an event, published on %(day)s"),
    ("statement", Status.RETRACTED): _("RETRACTED: a text published on %(day)s"),
    ("quote", Status.RETRACTED): _("RETRACTED: a quotation published on %(day)s"),
    ("outcome", Status.RETRACTED): _("RETRACTED: an outcome published on %(day)s"),
    ("event", Status.WITHDRAWN): _("WITHDRAWN: the page of an event, published on %(day)s"),
    ("statement", Status.WITHDRAWN): _("WITHDRAWN: a text published on %(day)s"),
    ("quote", Status.WITHDRAWN): _("WITHDRAWN: a quotation published on %(day)s"),
    ("outcome", Status.WITHDRAWN): _("WITHDRAWN: an outcome published on %(day)s"),
    ("quote", REMOVED): _("REMOVED: a quotation published on %(day)s"),
    ("outcome", REMOVED): _("REMOVED: an outcome published on %(day)s"),
}  # fmt: skip


def _told(rows: QuerySet[Any], row: str, kind: Any, holder: str = "") -> QuerySet[Any]:
    """What ended, as _ROW. `row` is the path to what the entry was of, `holder` to the publication
    that was withdrawn or retracted."""
    path = f"{holder}__" if holder else ""
    agreed = editions.latest_act(f"{path}pk", "approve_reason").values("at")
    reasons = zip(columns("words"), columns("reason"), strict=True)
    return rows.order_by().annotate(
        row=F(row), kind=kind, action=F(f"{path}status"), published=F(f"{path}published_at"),
        day=F(f"{path}first_released_on"), at=F(f"{path}withdrawn_at"), told_at=Subquery(agreed),
        **{words: F(f"{path}{reason}") for words, reason in reasons},
    ).values_list(*_ROW)  # fmt: skip


def of_publications(model: Any = Publication, about: Any = None) -> QuerySet[Any]:
    """Events and statements that ended, of those that named a row: lists no longer know them by
    their marks."""
    rows = model.objects.readable().filter(status=Status.WITHDRAWN) | model.objects.retracted()
    return _told(rows.about(about) if about else rows, "pk", F("model"))


def of_quotes() -> QuerySet[Any]:
    """Quotes that went with their statement, or were taken out of it."""
    rows = Quote.objects.readable().filter(statement__status=Status.WITHDRAWN)
    gone = rows | Quote.objects.retracted()
    return _told(gone, "pk", Value("quote"), "statement").union(_removed("quote"), all=True)


def of_outcomes() -> QuerySet[Any]:
    """Outcomes that went with their event, or with the statement that announced them, or were
    taken out of an event."""
    rows = Outcome.objects.readable().filter(event__status=Status.WITHDRAWN)
    with_event = rows | Outcome.objects.retracted()
    announced = Statement.objects.readable().filter(status=Status.WITHDRAWN)
    announced = announced | Statement.objects.retracted()
    # Of an event that was out, whatever became of it: a hidden one is told of by nothing.
    event = "outcomes__event"
    announced = announced.filter(visibility.readable_q(event) | visibility.retracted_q(event))
    return _told(with_event, "pk", Value("outcome"), "event").union(
        _told(announced, "outcomes__pk", Value("outcome")), _removed("outcome"), all=True
    )


def _removed(model: str) -> QuerySet[Any]:
    """What a change took out of a text that is public, with the note of the change."""
    notes = zip(columns("words"), columns("note"), strict=True)
    rows = Publication.objects.public().filter(tombstones__model=model)
    return rows.order_by().annotate(
        row=F("tombstones__pk"), kind=Value(model), action=Value(REMOVED),
        published=F("published_at"), day=F("first_released_on"), at=F("tombstones__removed_at"),
        told_at=F("tombstones__removed_at"),
        **{words: F(f"tombstones__{note}") for words, note in notes},
    ).values_list(*_ROW)  # fmt: skip


def notices(rows: QuerySet[Any], most: int) -> list[Entry]:
    """The latest of them as entries. One query."""
    return [
        _notice(dict(zip(_ROW, row, strict=True))) for row in rows.order_by("-at", "row")[:most]
    ]


def _notice(row: dict[str, Any]) -> Entry:
    words, language = _words(row)
    action, at = str(row["action"]), row["at"]
    day = dates.written(row["day"] or dates.office_today(row["published"]))
    ended = Ended(f"urn:uuid:{row['row']}", action, at, words, language)
    return Entry(
        # Of its own, so that programs show it; and another should the same be retracted again.
        urn=f"urn:uuid:{uuid5(row['row'], f'{action} {at:%Y-%m-%dT%H:%M:%SZ}')}",
        title=gettext(_SENTENCES[row["kind"], action]) % {"day": day},
        url="",
        language=current(),
        published=at,
        # The reason is a neutral sentence at first: another one is agreed on later.
        updated=max(at, row["told_at"] or at),
        summary=words,
        content=render_to_string("public/feed_ended.html", {"ended": ended}).strip(),
        ended=ended,
    )


def _words(row: dict[str, Any]) -> tuple[str, str]:
    """The public reason and its language: the reader's where the office has said it so."""
    for code in (current(), *CODES):
        if words := row[column("words", code)]:
            return words, code
    return "", current()
