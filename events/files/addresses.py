"""The one address of each file, and the name under which a reader keeps it."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Any

from django.urls import reverse

from ..languages import column, language_of, slugify
from . import renditions

# In bytes of UTF-8, without the extension: file systems end at 255.
LONGEST_NAME = 200
# What some system does not have in a file's name.
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]+')


def extension(stored: str) -> str:
    """What the name of stored bytes ends with, without the dot: "pdf"."""
    return PurePosixPath(stored).suffix.removeprefix(".").lower()


def file_name(attachment: Any) -> str:
    """The last part of an attachment's address: "2007-10-06-the-session-ru.pdf".

    Made of the address of its publication, which is frozen at approval, and of its own language:
    a corrected title moves no file, and no title is told in a language that is not ready.
    """
    words = f"{attachment.publication.slug}-{slugify(attachment.language)}".strip("-")
    return f"{words}.{extension(attachment.file.name)}"


def of_file(attachment: Any) -> str:
    """The address of an attachment, with its publication in hand."""
    return reverse("file", args=[attachment.pk, file_name(attachment)])


def of_original(photo: Any) -> str:
    """The address of a whole picture; "" for a photo without one."""
    return _of_picture(photo, "original", extension(photo.image.name)) if photo.image else ""


def of_rendition(photo: Any, width: int, form: str) -> str:
    """The address of a picture in one of `renditions.widths` and `renditions.FORMATS`."""
    return _of_picture(photo, str(width), form)


def _of_picture(photo: Any, width: str, form: str) -> str:
    return reverse("photo", args=[photo.pk, renditions.version(photo), width, form])


def kept_as(attachment: Any) -> str:
    """The name under which an attachment is kept by whoever saves it: its title in its own
    language where readers have that, else as they would read it first."""
    code = language_of(attachment, "title", attachment.language)
    title = getattr(attachment, column("title", code)) if code else ""
    return saved_as(title, extension(attachment.file.name)) or file_name(attachment)


def saved_as(title: str, form: str, otherwise: str = "") -> str:
    """A name for whoever saves a file, of its title, or `otherwise`; "" where both are empty. A
    title that is a file's name already ends once as that does."""
    words = _for_a_file(title)
    if words.lower().endswith(f".{form}"):
        words = words[: -len(form) - 1].rstrip(". ")
    words = words or otherwise
    return f"{words}.{form}" if words else ""


def picture_kept_as(photo: Any, width: str, form: str) -> str:
    """The name under which a picture is kept by whoever saves it: "photo-1a2b3c4d-640.webp"."""
    number = str(photo.pk).partition("-")[0]
    return f"photo-{number}.{form}" if width == "original" else f"photo-{number}-{width}.{form}"


def _for_a_file(title: str) -> str:
    """A title without what a file's name cannot hold, or could deceive with: control signs, and
    those that turn the direction of writing around ("fdp.exe")."""
    plain = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign
        for sign in unicodedata.normalize("NFC", title)
        if unicodedata.category(sign) != "Cf"
    )
    words = " ".join(_FORBIDDEN.sub(" ", plain).split()).strip(". ")
    return words.encode()[:LONGEST_NAME].decode(errors="ignore").strip(". ")
