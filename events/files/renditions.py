"""Renditions of photos: made when a photo is saved, never in a reader's request.

A rendition is named after the checksum of the picture that it was made from, so that it can
be made again at any time and is never another picture's. Each keeps the whole picture: the
focal point is for those who crop it.
"""

import io
import logging
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from PIL import Image

from . import tones

logger = logging.getLogger(__name__)

WIDTHS = (320, 480, 640, 960, 1280, 1920)
# No AVIF: it saves a third of the bytes and takes three times as long as all the others together.
FORMATS = {"webp": "image/webp", "jpg": "image/jpeg"}
_WEBP_QUALITY, _JPEG_QUALITY = 76, 80


def checksum(photo: Any) -> str:
    """The SHA-256 of the picture's bytes, which is the name of its blob; "" without a picture."""
    return PurePosixPath(photo.image.name or "").stem


def version(photo: Any) -> str:
    """What an address says of which picture it shows: another picture, another address."""
    return checksum(photo)[:12]


def widths(photo: Any) -> list[int]:
    """The widths in pixels that this photo is offered in, the smallest first."""
    narrower = {width for width in WIDTHS if width < photo.width}
    return sorted({*narrower, min(photo.width, WIDTHS[-1])}) if photo.width else []


def name(photo: Any, width: int, form: str) -> str:
    """The name in storage of one rendition: "renditions/<2 signs>/<checksum>/640.webp"."""
    digest = checksum(photo)
    return f"renditions/{digest[:2]}/{digest}/{width}.{form}"


def missing(photo: Any) -> list[tuple[int, str]]:
    """The widths and forms of which there is no file, as after a crash: readers are shown the
    original meanwhile."""
    storage = photo.image.storage
    return [
        (width, form)
        for width in widths(photo)
        for form in FORMATS
        if not storage.exists(name(photo, width, form))
    ]


def make(photo: Any, anew: bool = False) -> int:
    """Make the renditions that are missing (with `anew`, all), and return how many; then take the
    photo's tone from them.

    A JPEG is decoded no larger than needed: 50 megapixels take 110 MB and less than a second.
    Raises OSError where the original cannot be read, NotStored where the disk refuses.
    """
    wanted = missing(photo)
    if anew:
        wanted = [(width, form) for width in widths(photo) for form in FORMATS]
    if wanted:
        _make(photo, wanted)
    if widths(photo) and (anew or not tones.is_of(photo.tone, version(photo))):
        _keep_tone(photo)
    return len(wanted)


def _make(photo: Any, wanted: list[tuple[int, str]]) -> None:
    storage = photo.image.storage
    with storage.open(photo.image.name) as file, Image.open(file) as image:
        image.draft(image.mode, _size(image, max(width for width, _form in wanted)))
        image.load()
        shown = _plain(image)
        # The widest first: each is shrunk from the one before, which is quicker and as good.
        for width, form in sorted(wanted, reverse=True):
            if shown.width != width:
                shown = _shrunk(shown, photo, width)
            storage.put(name(photo, width, form), _encoded(shown, form))


def _keep_tone(photo: Any) -> None:
    """Measure it, of the smallest rendition, and store it beside the photo's content."""
    smallest = name(photo, widths(photo)[0], "webp")
    with photo.image.storage.open(smallest) as file, Image.open(file) as image:
        photo.tone = tones.noted(tones.measured(image), version(photo))
    # No save of the row, and no verb: it is of its picture, and nothing that anybody wrote.
    rows = type(photo).objects.filter(pk=photo.pk, image=photo.image.name)
    rows.update(tone=photo.tone)


def make_later(photo: Any) -> None:
    """Make them as soon as the row is committed. A failure harms nobody: the original is shown,
    and `manage.py make_renditions --missing` makes them up."""
    transaction.on_commit(lambda: _try(photo))


def _try(photo: Any) -> None:
    try:
        make(photo)
    except Exception:
        logger.exception("No renditions of photo %s.", photo.pk)


def _plain(image: Any) -> Any:
    """The pixels alone, in a mode that every form takes, whichever way the picture came."""
    if image.mode not in ("L", "LA", "RGB", "RGBA") or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.info = {}
    return image


def _size(image: Any, width: int) -> tuple[int, int]:
    return width, max(1, round(image.height * width / image.width))


def _shrunk(image: Any, photo: Any, width: int) -> Any:
    size = width, max(1, round(photo.height * width / photo.width))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(image: Any, form: str) -> bytes:
    """The bytes, of pixels alone. What is transparent is white in JPEG, which has no such thing."""
    made = io.BytesIO()
    if form == "webp":
        image.save(made, "WEBP", quality=_WEBP_QUALITY, method=2)
        return made.getvalue()
    if image.mode in ("LA", "RGBA"):
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image.convert("RGBA"))
        image = ground.convert("RGB")
    image.save(made, "JPEG", quality=_JPEG_QUALITY, optimize=True, progressive=True)
    return made.getvalue()
