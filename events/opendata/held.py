"""Photos and documents as data."""

from typing import Any

from ..addresses import absolute
from ..files import addresses, documents, renditions
from ..languages import CODES
from .plain import day, texts

# What documents are, and what pictures were when they came in.
_TYPES = {
    **documents.TYPES,
    **renditions.FORMATS,
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "tiff": "image/tiff",
}
_UNKNOWN = "application/octet-stream"


def photo(found: Any, languages: Any = CODES) -> dict[str, Any] | None:
    """A photo in all the sizes that it is offered in; None for one without a picture."""
    original = addresses.of_original(found)
    if not original:
        return None
    return {
        "uid": str(found.pk),
        "alt": texts(found, "alt", languages), "caption": texts(found, "caption", languages),
        "credit": found.credit, "taken_on": day(found.taken_on),
        "width": found.width, "height": found.height,
        "focal_point": [found.focal_x, found.focal_y],
        "checksum": renditions.checksum(found),
        "url": absolute(original),
        "media_type": _TYPES.get(addresses.extension(found.image.name), _UNKNOWN),
        "renditions": [
            {"width": width, "media_type": media_type,
             "url": absolute(addresses.of_rendition(found, width, form))}
            for width in renditions.widths(found)
            for form, media_type in renditions.FORMATS.items()
        ],
    }  # fmt: skip


def placed(placement: Any, languages: list[str]) -> dict[str, Any] | None:
    """A photo where it stands, with the caption that it has there, else its own."""
    found = photo(placement.photo, languages)
    if found is not None:
        found["caption"] |= texts(placement, "caption", languages)
    return found


def attachment(document: Any, languages: list[str]) -> dict[str, Any]:
    """A document; its publication is at hand."""
    return {
        "uid": str(document.pk), "title": texts(document, "title", languages),
        "language": document.language or None, "url": absolute(addresses.of_file(document)),
        "media_type": _TYPES.get(addresses.extension(document.file.name), _UNKNOWN),
        "size": document.size, "pages": document.pages, "checksum": document.checksum,
    }  # fmt: skip
