"""The public editions of an event or a statement: what changed when, and each as it stood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.db.models.fields.json import KT
from django.http import Http404, HttpRequest, HttpResponse

from .. import differences, editions
from ..differences import Piece
from ..editions import Snapshot
from ..languages import current
from ..models import Event, Statement
from ..visibility import Status
from . import corrections, gone, shown
from .corrections import Told
from .metadata import page
from .pages import public_page

# So many of the latest editions are compared on one page; older ones each on their own.
COMPARED = 20
# Around a changed passage, so many characters of what stayed are shown; and of a passage that
# is new or gone as a whole, so many: the text itself is one link away.
_AROUND, _LONGEST = 90, 900


@dataclass(frozen=True)
class Changed:
    """One thing that an edition says otherwise than the one before. `lang` is the language of
    the text that it is about, "" for a fact; `is_text` says that the pieces are in it."""

    label: str
    lang: str
    is_text: bool
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class PublicEdition:
    """An edition that readers had, by the number they know it by.

    `since` is when readers got it (UTC); `told` what they were told, None of the first one.
    `is_open` says whether its text may still be read: the text of one that was retracted, and
    replaced before it could return, may not. `digests` are by language. Once `compared`,
    `changes` are those of facts and of the language that the page is read in, `elsewhere` those
    of other languages.
    """

    number: int
    stored: int
    since: datetime
    is_open: bool
    digests: dict[str, str]
    told: Told | None = None
    content: Snapshot | None = None
    compared: bool = False
    changes: list[Changed] = field(default_factory=list)
    elsewhere: list[Changed] = field(default_factory=list)


def public_editions(item: Any) -> list[PublicEdition]:
    """The editions that readers had, the newest first; without their texts. Two queries.

    Of each number the last one counts: before release that is what was released, whatever had
    been approved before it, and later ones differ in nothing that readers see.
    """
    rows = editions.of(item).values_list(
        "number", "public_number", "at", "text_digests", KT("snapshot__standing__status")
    )
    found: dict[int, PublicEdition] = {}
    latest = 0
    for stored, number, at, digests, status in rows:
        is_open = status != Status.RETRACTED
        if number is not None:
            latest = number
            since = found[number].since if number in found else at
            found[number] = PublicEdition(number, stored, since, is_open, digests)
        elif latest:
            found[latest] = replace(found[latest], is_open=is_open)
    told = {each.number: each for each in corrections.of(item)}
    return [
        replace(each, told=told.get(each.number), since=_since(item, each, told.get(each.number)))
        for each in sorted(found.values(), key=lambda each: -each.number)
    ]


def _since(item: Any, edition: PublicEdition, told: Told | None) -> datetime:
    """Never when it was approved: readers learn when they got it."""
    if edition.number == 1:
        released: datetime = item.release_at
        return released
    return told.at if told else edition.since


def with_texts(item: Any, past: list[PublicEdition], wanted: set[int]) -> list[PublicEdition]:
    """The editions with the texts of those `wanted` by number, and of the latest, which says
    what may still be told. One query."""
    asked = {each.stored: each.number for each in past if each.number in wanted or each is past[0]}
    rows = editions.of(item).filter(number__in=asked).values_list("number", "snapshot")
    texts = {asked[stored]: editions.completed(snapshot["content"]) for stored, snapshot in rows}
    return [replace(each, content=texts.get(each.number)) for each in past]


def compared(past: list[PublicEdition], language: str) -> tuple[list[PublicEdition], shown.Names]:
    """The editions with what each changed, where its text and that of the one before are at
    hand and may be read."""
    texts = [each for each in past if each.content is not None]
    names = shown.names_in(each.content for each in texts if each.content)
    tellable = shown.without_untold((each.content for each in texts if each.content), names)
    contents = {each.number: text for each, text in zip(texts, tellable, strict=True)}
    lines = {
        each.number: shown.lines(contents[each.number], names)
        for each in texts
        if each.is_open
    }  # fmt: skip
    found = []
    for each, before in zip_longest(past, past[1:]):
        both = each.number in lines and before is not None and before.number in lines
        changes = list(_changes(lines[before.number], lines[each.number])) if both else []
        found.append(replace(
            each, content=contents.get(each.number), compared=both,
            changes=[change for change in changes if change.lang in ("", language)],
            elsewhere=[change for change in changes if change.lang not in ("", language)],
        ))  # fmt: skip
    return found, names


def _changes(old: dict[Any, shown.Line], new: dict[Any, shown.Line]) -> Iterator[Changed]:
    rows = [{path[:-1] for path in lines} for lines in (old, new)]
    dropped = {path: line for path, line in old.items() if path not in new}
    for path, line in {**new, **dropped}.items():
        was, now = (lines[path].text if path in lines else "" for lines in (old, new))
        # Of a row that is new or gone, its words are told, and not each fact about it.
        whole = all(path[:-1] in known for known in rows)
        if was != now and (whole or line.is_text):
            pieces = differences.words(was, now, rich=line.rich)
            yield Changed(line.label, line.lang, line.is_text, tuple(_brief(pieces)))


def _brief(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """The changed passages, each with a little of what stands around it."""
    for number, piece in enumerate(pieces):
        text = piece.text
        if piece.op != "equal":
            yield Piece(piece.op, text if len(text) <= _LONGEST else _start(text, _LONGEST))
            continue
        first, last = number == 0, number == len(pieces) - 1
        if len(text) > 3 * _AROUND:
            head = "" if first else _start(text, _AROUND)
            tail = "" if last else "… " + text[-_AROUND:].partition(" ")[2]
            text = head if last else tail if first else f"{head.removesuffix('…')}{tail}"
        yield Piece("equal", text)


def _start(text: str, length: int) -> str:
    return text[:length].rpartition(" ")[0] + " …"


def number_of(request: HttpRequest) -> int:
    """The edition that is asked for. Raises Http404 for what is no number of one."""
    asked = request.GET.getlist("edition")
    if len(asked) != 1 or not re.fullmatch("[1-9][0-9]{0,5}", asked[0]):
        raise Http404
    return int(asked[0])


def _history(request: HttpRequest, model: Any, section: str, slug: str) -> HttpResponse:
    item = gone.readable(model.objects.readable(), model, slug)
    if item is None:
        return gone.retracted_at(model, slug)
    past = public_editions(item)
    language = item.lang_of("title") or current()
    context = {"item": item, "past": True, "record": item,
               "withdrawn": item.status == Status.WITHDRAWN}  # fmt: skip
    if "edition" in request.GET:
        number = number_of(request)
        past, names = compared(with_texts(item, past, {number, number - 1}), language)
        for place, each in enumerate(past):
            if each.number == number and each.is_open and each.content is not None:
                return page(
                    request, "public/edition.html", section, edition=each,
                    stood=shown.as_it_stood(each.content, names),
                    until=past[place - 1].since if place else None, latest=past[0].number,
                    **context,
                )  # fmt: skip
        raise Http404
    recent = {each.number for each in past[: COMPARED + 1]}
    past, _names = compared(with_texts(item, past, recent), language)
    return page(request, "public/history.html", section, editions=past, **context)


@public_page("edition")
def event_history(request: HttpRequest, slug: str) -> HttpResponse:
    """The public editions of an event, or one of them as it stood."""
    return _history(request, Event, "events", slug)


@public_page("edition")
def statement_history(request: HttpRequest, slug: str) -> HttpResponse:
    """The public editions of a statement, or one of them as it stood."""
    return _history(request, Statement, "statements", slug)
