"""The press kit of an event: everything that is out about it, in one ZIP, with checksums.

All rows are read at the request's one moment, before the first byte goes out; what is left to
do while it streams is to set the PDFs and to copy files.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from .. import editions, languages, markup, paper
from ..addresses import absolute
from ..files import addresses
from ..languages import CODES
from ..models import Attachment, Event, Outcome, Photo, Placement, Quote, Statement
from ..typography import in_marks
from . import gone, items, originals
from .media import picture_at
from .metadata import contacts, office_name
from .pages import public_page
from .paper import View, page_of_item
from .rows import with_outcomes, with_quotes

CHUNK = 64 * 1024
# ZIP knows no day before this one, and no time zone: members are dated in UTC.
_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Member:
    """One file of the kit: its path there, its date, and its bytes, which are asked for when
    their turn comes. `packed` already, it is not compressed again."""

    path: str
    at: datetime
    read: Callable[[], Iterable[bytes]]
    packed: bool = False


class _Sink(io.RawIOBase):
    """Where the archive is written to, and taken from piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        piece, self.pieces = b"".join(self.pieces), []
        return piece


def streamed(members: list[Member]) -> Iterator[bytes]:
    """A ZIP of the members and, last, of SHA256SUMS, which `sha256sum -c` reads."""
    sink = _Sink()
    sums: list[str] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]

        def written(member: Member) -> Iterator[bytes]:
            info = zipfile.ZipInfo(member.path, max(member.at.timetuple()[:6], _EARLIEST))
            info.compress_type = zipfile.ZIP_STORED if member.packed else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            digest = hashlib.sha256()
            with archive.open(info, "w") as into:
                for chunk in member.read():
                    digest.update(chunk)
                    into.write(chunk)
                    yield sink.taken()
            sums.append(f"{digest.hexdigest()}  {member.path}\n")

        for member in members:
            yield from written(member)
        listed = "".join(sums).encode()
        yield from written(Member("SHA256SUMS", members[-1].at, lambda: [listed]))
    yield sink.taken()


def _context(
    item: Any, quotes: list[Quote], outcomes: list[Outcome], people: Any
) -> dict[str, Any]:
    latest = editions.of(item).filter(public_number__isnull=False).last()
    for quote in quotes:
        quote.words = in_marks(quote.text, quote.lang_of("text"))
    event = isinstance(item, Event)
    return {
        "item": item, "language": translation.get_language(), "office_name": office_name(),
        "kind": item.get_event_kind_display() if event else item.get_statement_kind_display(),
        "place": item.city if event else item.place, "body": markup.to_text(item.body),
        "quotes": quotes, "outcomes": outcomes, "contacts": people,
        "address": absolute(item.get_absolute_url()),
        "edition": latest.public_number if latest else None,
        "digest": latest.text_digests.get(languages.current(), "") if latest else "",
    }  # fmt: skip


def _texts(request: HttpRequest, item: Any, view: View, **context: Any) -> Iterator[Member]:
    """One item in each of its languages, as plain text, as HTML and, where PDFs can be made, on
    paper."""
    for code in (each for each in CODES if each in item.readable_languages()):
        with translation.override(code):
            shown = _context(item, **context)
            path = f"{code}/{item.slug}"
            for form in ("txt", "html"):
                text = render_to_string(f"kit/text.{form}", shown).strip() + "\n"
                yield Member(f"{path}.{form}", item.published_at, lambda data=text: [data.encode()])
            if paper.available():
                page = page_of_item(view, request, item.model, item.slug).content

                def read(data: bytes = page) -> list[bytes]:
                    return [paper.pdf(data, picture_at)]

                yield Member(f"{path}.pdf", item.published_at, read, True)


def _chunks(file: Any, at: int = 0, told: bytes = b"") -> Callable[[], Iterator[bytes]]:
    """What reads a stored file, with `told` put in after its first `at` bytes."""

    def read() -> Iterator[bytes]:
        with file.storage.open(file.name) as opened:
            yield opened.read(at) + told
            while chunk := opened.read(CHUNK):
                yield chunk

    return read


def _files(holders: list[Any], at: datetime) -> Iterator[Member]:
    """The photos and documents of the event and its statements, each once, and what is to be
    said of them in print."""
    keys, told, number = [each.pk for each in holders], [], 0
    placed = Placement.objects.public().filter(publication__in=keys).select_related(
        "photo", "publication"
    )  # fmt: skip
    placed = list(placed.order_by("publication__published_at", "order", "uid"))
    shown = Photo.objects.public().filter(pk__in=[each.photo_id for each in placed])
    photos = {photo.pk: photo for photo in originals.with_told(shown) if photo.image}
    for each in placed:
        photo = photos.pop(each.photo_id, None)
        if photo is None:  # without a picture, or placed before
            continue
        number += 1
        name = f"{number:02}{PurePosixPath(each.photo.image.name).suffix}"
        caption = each.caption or each.photo.caption
        lines = [name, caption, each.photo.credit, str(each.photo.taken_on or "")]
        told.append("\n".join(line for line in lines if line))
        yield Member(f"photos/{name}", at, _chunks(photo.image, *originals.inscribed(photo)), True)
    if told:
        words = "\n\n".join(told) + "\n"
        yield Member("photos/captions.txt", at, lambda: [words.encode()])
    documents = Attachment.objects.public().filter(publication__in=keys)
    rows = documents.select_related("publication").order_by("publication__published_at", "order")
    for number, document in enumerate(rows, 1):
        name = f"documents/{number:02} {addresses.kept_as(document)}"
        yield Member(name, at, _chunks(document.file), True)


@public_page()
def press_kit(request: HttpRequest, slug: str) -> HttpResponse:
    """The texts in every language they have, the photos and documents, and a list of checksums.

    A withdrawn event has no kit: what is no longer current is not handed out anew.
    """
    event = gone.readable(Event.objects.public(), Event, slug)
    if event is None:
        return gone.retracted_at(Event, slug)
    statements = list(
        Statement.objects.public().filter(event=event).order_by("published_at", "uid")
    )
    people = list(event.media_contacts.all()) or contacts()
    outcomes = list(with_outcomes(event.outcomes.public()).order_by("order", "uid"))
    members = [*_texts(request, event, items.event, quotes=[], outcomes=outcomes, people=people)]
    for statement in statements:
        quotes = list(with_quotes(statement.quotes.public()).order_by("order", "uid"))
        members += _texts(
            request, statement, items.statement, quotes=quotes, outcomes=[],
            people=list(statement.media_contacts.all()) or people,
        )  # fmt: skip
    members += _files([event, *statements], event.published_at)
    answer = StreamingHttpResponse(streamed(members), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
