"""The gate for files: every document and every picture leaves through here, or not at all.

The row is asked for through the gate before anything else is looked at: its file, what the reader
has of it already, which part is asked for. What is not public is answered like what never was.
One file has one address; its name, and the version of a picture, are part of it.
"""

import hashlib
import logging
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, resolve

from .. import visibility
from ..files import addresses, documents, renditions
from ..models import Attachment, Photo, Placement
from . import gone
from .originals import inscribed, with_told
from .pages import public_page
from .sending import Blob, send

logger = logging.getLogger(__name__)

# The office says what a file is, never the file, its sender or the browser.
MEDIA_TYPES = {
    **documents.TYPES,
    "txt": "text/plain; charset=utf-8", "csv": "text/csv; charset=utf-8",
    **renditions.FORMATS,
    "jpeg": "image/jpeg", "png": "image/png", "tif": "image/tiff", "tiff": "image/tiff",
}  # fmt: skip
UNKNOWN = "application/octet-stream"
# What browsers show by themselves; all else is for the reader's own programs.
SHOWN = frozenset({"pdf", "txt", "jpg", "jpeg", "png", "webp"})


@public_page()
def file(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """A document; 410 where the text it belongs to was retracted."""
    rows = Attachment.objects.readable() | Attachment.objects.retracted()
    found = rows.select_related("publication").filter(pk=uid).first()
    if found is None or name != addresses.file_name(found):
        raise Http404
    if not visibility.is_readable(found.publication):
        return gone.retracted(found.publication)
    stored: Any = found.file
    form = addresses.extension(stored.name)
    media_type, kept_as = MEDIA_TYPES.get(form, UNKNOWN), addresses.kept_as(found)
    tag, inline = PurePosixPath(stored.name).stem, form in SHOWN
    return send(request, Blob(
        stored.storage, stored.name, media_type, tag, kept_as, inline, found.language,
    ))  # fmt: skip


@public_page()
def photo(request: HttpRequest, uid: UUID, version: str, width: str, form: str) -> HttpResponse:
    """A picture, whole ("original") or in a width; 410 where a retracted text alone showed it.

    A rendition that is not made yet leads to the whole picture: nothing is made here.
    """
    rows = Photo.objects.readable()
    kept = (with_told(rows) if width == "original" else rows).filter(pk=uid).first()
    placed = _placed_in_retracted(uid) if kept is None else None
    found = placed.photo if placed else kept
    if found is None or not _is_address(found, version, width, form):
        raise Http404
    if placed is not None:
        return gone.retracted(placed.publication)
    if width == "original":
        return _original(request, found, form)
    return _rendition(request, found, width, form)


def picture_at(path: str) -> tuple[bytes, str] | None:
    """The bytes of the picture at an address, and what they are, for a page that is set on paper
    for readers; the whole picture's where it is not made in that width; None where there is
    none for them."""
    try:
        match = resolve("/" + path.removeprefix(get_script_prefix()))
    except Http404:
        return None
    if match.namespaces or match.url_name != "photo":
        return None
    asked = dict(match.kwargs)
    found = Photo.objects.readable().filter(pk=asked.pop("uid")).first()
    if found is None or not _is_address(found, **asked):
        return None
    names = [found.image.name]
    if asked["width"] != "original":
        names.insert(0, renditions.name(found, int(asked["width"]), asked["form"]))
    for name in names:
        with suppress(FileNotFoundError), found.image.storage.open(name) as file:
            return file.read(), MEDIA_TYPES.get(addresses.extension(name), UNKNOWN)
    return None


def _original(request: HttpRequest, photo: Any, form: str) -> HttpResponse:
    place, told = inscribed(photo)
    blob = _blob(photo, photo.image.name, "original", form, told)
    return send(request, replace(blob, place=place, inserted=told))


def _rendition(request: HttpRequest, photo: Any, width: str, form: str) -> HttpResponse:
    stored = renditions.name(photo, int(width), form)
    try:
        size = photo.image.storage.size(stored)
    except FileNotFoundError:
        logger.error("A rendition is missing in storage: %s", stored)
        return HttpResponseRedirect(addresses.of_original(photo))
    # Made again by another version of a library, it has other bytes under its old name.
    return send(request, _blob(photo, stored, width, form, f"{width} {form} {size}".encode()))


def _blob(photo: Any, stored: str, width: str, form: str, more: bytes) -> Blob:
    """What is sent of a picture: its tag covers the picture, and what `more` it is made of."""
    tag = renditions.checksum(photo)
    if more:
        tag = hashlib.sha256(tag.encode() + more).hexdigest()
    kept_as, inline = addresses.picture_kept_as(photo, width, form), form in SHOWN
    media_type = MEDIA_TYPES.get(form, UNKNOWN)
    return Blob(photo.image.storage, stored, media_type, tag, kept_as, inline)


def _placed_in_retracted(uid: UUID) -> Any:
    """Where the picture was shown last, of the places that are retracted since."""
    rows = Placement.objects.retracted().select_related("photo", "publication")
    return rows.filter(photo=uid).order_by("-publication__withdrawn_at", "uid").first()


def _is_address(photo: Any, version: str, width: str, form: str) -> bool:
    """Whether these are the parts of an address of this picture, as it is now."""
    if not photo.image or version != renditions.version(photo):
        return False
    if width == "original":
        return form == addresses.extension(photo.image.name)
    return form in renditions.FORMATS and width in map(str, renditions.widths(photo))
