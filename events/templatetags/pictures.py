"""How templates show pictures and name files. No queries, and no look into storage."""

from typing import Any

from django import template

from ..files import addresses, renditions, tones
from .press import foreign

register = template.Library()

# How wide a page shows a picture (tokens.css, pictures.css). A screen of three dots for each pixel
# is served as if it had two: nobody sees the third, and a phone pays for it.
_PHONE = "(max-width: 36rem) and (min-resolution: 2.5dppx) 66vw, (max-width: 36rem) 100vw"
PLACES = {"lead": f"{_PHONE}, 34rem", "grid": f"{_PHONE}, 17rem"}
# What a browser gets that chooses nothing.
USUAL = 960


@register.inclusion_tag("parts/picture.html")
def picture(photo: Any, place: str = "grid") -> dict[str, Any]:
    """A photo as a picture element: WebP for whoever reads it, JPEG for all others, the whole
    where it comes in no width; on a ground of its tone until it is there. `place` is one of
    PLACES: a page begins with the picture of its "lead", others wait until they are near."""
    widths = renditions.widths(photo) if photo.image else []
    usual = max((width for width in widths if width <= USUAL), default=0)
    sources = [{"type": renditions.FORMATS["webp"], "srcset": _srcset(photo, widths, "webp")}]
    original = addresses.of_original(photo)
    return {
        "photo": photo, "lead": place == "lead", "sizes": PLACES[place],
        "tone": tones.classes(photo.tone, renditions.version(photo)),
        "lang": foreign(photo, "alt"), "sources": sources if widths else [],
        "src": addresses.of_rendition(photo, usual, "jpg") if usual else original,
    }  # fmt: skip


def _srcset(photo: Any, widths: list[int], form: str) -> str:
    return ", ".join(f"{addresses.of_rendition(photo, each, form)} {each}w" for each in widths)


@register.filter
def original_address(photo: Any) -> str:
    """The address of a whole picture."""
    return addresses.of_original(photo)


@register.filter
def file_address(attachment: Any) -> str:
    """The address of a document, whose publication is in hand."""
    return addresses.of_file(attachment)


@register.filter
def file_form(stored: Any) -> str:
    """What kind of file it is, as its extension says: "PDF"."""
    return addresses.extension(stored.name).upper()


@register.filter
def file_name(attachment: Any) -> str:
    """The last words of a document's address: what to call it where it has no title."""
    return addresses.file_name(attachment)
