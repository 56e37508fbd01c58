"""Which documents there are, and what is checked of each before it is kept."""

import codecs
from collections.abc import Callable
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from . import packages
from .kept import Kept, Refusal, beginning, extension, room

_CHUNK = 1_000_000  # bytes
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB]: .doc, .xls, and what has a password

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": "text/plain",
    "csv": "text/csv",
    "zip": "application/zip",
}


def allowed() -> list[str]:
    """The extensions of the documents that are taken; ZIP only where the office allows it."""
    return [each for each in TYPES if each != "zip" or settings.ALLOW_ZIP_ATTACHMENTS]


def accept(upload: UploadedFile) -> Kept:
    """What is kept of a document: without programs, and without what it tells of its authors'
    machines. Raises Refusal with the sentence why it is not taken."""
    form = extension(upload.name or "")
    if form not in allowed():
        names = ", ".join(each.upper() for each in allowed())
        raise Refusal(
            _("A document of this kind is not taken. These are: %(kinds)s."),
            params={"kinds": names},
        )
    head = beginning(upload)
    if head.startswith(_OLD_OFFICE):
        raise Refusal(_("The document has a password or is of an old form: save it as DOCX, XLSX"
                        " or PDF without a password."))  # fmt: skip
    kept = _WAYS[form](upload, head)
    kept.content_type = TYPES[form]
    kept.name = f"{PurePosixPath(upload.name or '').stem[:60] or 'document'}.{form}"
    kept.seek(0)
    return kept


def _pdf(upload: UploadedFile, head: bytes) -> Kept:
    if not head.startswith(b"%PDF-"):
        raise Refusal(_("This is not a PDF, whatever its name says."))
    # Only who uploads a PDF needs what reads one; every process would load it otherwise.
    from . import pdf

    return pdf.accept(upload)


def _package(form: str) -> Callable[[UploadedFile, bytes], Kept]:
    def accept_package(upload: UploadedFile, head: bytes) -> Kept:
        if not head.startswith(b"PK\x03\x04"):
            raise Refusal(
                _("This is not a document in %(kind)s, whatever its name says."),
                params={"kind": form.upper()},
            )
        return packages.accept(upload, form)

    return accept_package


def _text(upload: UploadedFile, head: bytes) -> Kept:
    """Text in UTF-8 without control characters, which is what readers' programs expect."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file = room()
    try:
        for chunk in upload.chunks(_CHUNK):
            decoded = decoder.decode(chunk)
            if "\0" in decoded:
                raise Refusal(_("This is not plain text, whatever its name says."))
            file.write(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        file.close()
        raise Refusal(_("The text is not in UTF-8: save it again with that encoding.")) from problem
    except BaseException:
        file.close()
        raise
    return Kept(file, upload.name, "", file.tell())


_WAYS: dict[str, Callable[[UploadedFile, bytes], Kept]] = {
    "pdf": _pdf, "docx": _package("docx"), "xlsx": _package("xlsx"), "odt": _package("odt"),
    "zip": _package("zip"), "txt": _text, "csv": _text,
}  # fmt: skip
