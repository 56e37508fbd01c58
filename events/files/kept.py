"""An upload and what became of it, and what every kind of file is asked first."""

import re
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from ..blobs import NotStored

# Marks that turn the direction of text: in a file's name they make an .exe look like a .jpg.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SHOWN = 60  # characters of a name in a sentence


class Refusal(ValidationError):
    """A file that is not taken, with one plain sentence why."""


class Kept(UploadedFile):
    """What is kept of an upload: its safe bytes under a name whose extension is true, what a
    picture says of itself, pages where it has any, and sentences for the editor."""

    told: Any = None
    pages: int | None = None
    notes: tuple[Any, ...] = ()


def shown_name(name: str) -> str:
    """A file's name for a sentence: no control characters, nothing that turns the direction of
    what follows, and not the whole of an endless one."""
    text = "".join(each for each in _TURNS.sub("", name) if unicodedata.category(each)[0] != "C")
    if len(text) <= _SHOWN:
        return text
    half = _SHOWN // 2 - 1
    return f"{text[:half]} … {text[-half:]}"


def extension(name: str) -> str:
    """The extension of a name, in small letters without the dot; "" without any."""
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def beginning(upload: UploadedFile, number: int = 1024) -> bytes:
    """The first bytes of an upload."""
    upload.seek(0)
    found: bytes = upload.read(number)
    upload.seek(0)
    return found


def room() -> IO[bytes]:
    """A file for bytes on their way: in memory while they are few, else on disk and nameless, so
    that nothing is left of it whatever happens."""
    return tempfile.SpooledTemporaryFile(
        max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE, dir=settings.FILE_UPLOAD_TEMP_DIR
    )


def accepted(upload: UploadedFile, accept: Callable[[UploadedFile], Kept]) -> Kept:
    """What `accept` keeps of an upload; asked once, however often the form is.

    From here on the upload itself holds the safe bytes: those that came are gone. Raises the
    Refusal, each time.
    """
    known = getattr(upload, "known", None)
    if known is None:
        known = upload.known = _asked(upload, accept)  # type: ignore[attr-defined]
    if isinstance(known, ValidationError):
        raise known
    kept: Kept = known
    kept.seek(0)
    return kept


def _asked(upload: UploadedFile, accept: Callable[[UploadedFile], Kept]) -> Kept | ValidationError:
    problem = getattr(upload, "problem", None)
    if problem is not None:
        refusal: ValidationError = problem
        return refusal
    most = settings.UPLOAD_MAX_MEGABYTES
    if upload.size > most * 1_000_000:  # type: ignore[operator]
        return too_large(most)
    try:
        kept = accept(upload)
    except OSError as full:
        return NotStored(full)
    except ValidationError as refusal:
        return refusal
    if kept.file is not upload.file:
        # Whoever closes the upload closes what is kept of it.
        upload.file.close()  # type: ignore[union-attr]
        upload.file, upload.size = kept.file, kept.size
    return kept


def too_large(most: int) -> Refusal:
    """The refusal of a file of more than `most` megabytes."""
    return Refusal(
        _("The file is larger than %(most)d MB: make it smaller, or send it in parts."),
        params={"most": most},
    )
