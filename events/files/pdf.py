"""A PDF is written anew without programs, files inside and metadata; a signed one stays as it is.

Names as in ISO 32000-2:2020: additional actions 12.6.3, actions 12.6.4, embedded files 7.11.4,
document metadata 14.3, private data of programs 14.5, signatures 12.8.
"""

import logging
import zipfile
from typing import Any

import pikepdf
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from .kept import Kept, Refusal, room

# It announces itself, and tells the log what it has mended in strangers' files.
logging.getLogger("pikepdf").setLevel(logging.ERROR)

# Keys that hold programs, files, forms of another kind, or what a program noted for itself.
_DROPPED = ("/AA", "/OpenAction", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA",
            "/Metadata", "/PieceInfo", "/LastModified", "/AF")  # fmt: skip
# What clicking may do: go somewhere. All else runs, sends, plays or fetches.
_HARMLESS = ("/GoTo", "/URI", "/Named", "/Thread", "/GoToR")
_ACTIVE_NOTES = ("/FileAttachment", "/Screen", "/Movie", "/Sound", "/RichMedia", "/3D")
_DEPTH = 100  # of dictionaries inside one another
SIGNED = _("The PDF is signed and was left as it is, with its metadata: see whether it tells more"
           " than readers should know.")  # fmt: skip


def accept(upload: UploadedFile) -> Kept:
    """What is kept of a PDF, with the number of its pages. Raises Refusal."""
    upload.seek(0)
    try:
        with pikepdf.open(upload.file) as document:  # type: ignore[arg-type]
            if document.is_encrypted:
                raise pikepdf.PasswordError
            pages = len(document.pages)
            if not pages:
                raise Refusal(_("The PDF has no pages."))
            signed = any(_is_signature(each) for each in document.objects)
            active = _cleaned(document)
            kept = _unchanged(upload, active) if signed else _written(document, upload)
    except pikepdf.PasswordError as problem:
        raise Refusal(_("The PDF is encrypted: save it without a password or restrictions.")) \
            from problem  # fmt: skip
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError) as problem:
        raise Refusal(_("The PDF is damaged: it could not be read.")) from problem
    kept.pages = pages
    return kept


def _is_signature(each: Any) -> bool:
    return isinstance(each, pikepdf.Dictionary) and "/ByteRange" in each and "/Contents" in each


def _written(document: Any, upload: UploadedFile) -> Kept:
    if "/Info" in document.trailer:
        del document.trailer["/Info"]
    file = room()
    try:
        # The same document always makes the same bytes; what no page leads to is left out, earlier
        # states of the text among it.
        document.save(file, deterministic_id=True, object_stream_mode=(
            pikepdf.ObjectStreamMode.generate))  # fmt: skip
    except BaseException:
        file.close()
        raise
    return Kept(file, upload.name, "", file.tell())


def _unchanged(upload: UploadedFile, active: bool) -> Kept:
    """A signed document, byte for byte: any change would break the signature. One that would
    have needed changing, or is something else besides, is refused."""
    upload.seek(0)
    if active or zipfile.is_zipfile(upload.file):  # type: ignore[arg-type]
        raise Refusal(_("The PDF is signed, and holds programs or files: have it signed without"
                        " them."))  # fmt: skip
    kept = Kept(upload.file, upload.name, "", upload.size)
    kept.notes = (SIGNED,)
    return kept


def _cleaned(document: Any) -> bool:
    """Take out what runs, sends or tells of its authors; whether anything of it was active."""
    active = False
    for each in document.objects:
        active |= _clean(each, 0)
    return active


def _clean(each: Any, depth: int) -> bool:
    """Clean one object and what stands in it; what it refers to has its own turn."""
    if depth > _DEPTH:
        raise RecursionError
    active = False
    if isinstance(each, pikepdf.Array):
        for item in list(each):
            if isinstance(item, pikepdf.Object) and not item.is_indirect:
                active |= _clean(item, depth + 1)
        return active
    if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
        return False
    for key in _DROPPED:
        if key in each:
            active |= key not in ("/Metadata", "/PieceInfo", "/LastModified") and not (
                key == "/OpenAction" and _is_harmless(each[key])
            )
            del each[key]
    for key in ("/A", "/PA", "/Next"):
        if key in each and not _is_harmless(each[key]):
            del each[key]
            active = True
    if "/Annots" in each:
        active |= _without_active_notes(each)
    for key in list(each.keys()):
        if key == "/Length":
            continue
        item = each[key]
        if isinstance(item, pikepdf.Object) and not item.is_indirect:
            active |= _clean(item, depth + 1)
    return active


def _is_harmless(action: Any) -> bool:
    """Whether an action only goes somewhere (a destination is an array or a name), or is none."""
    if not isinstance(action, pikepdf.Dictionary):
        return True
    return str(action.get("/S", "/GoTo")) in _HARMLESS


def _without_active_notes(page: Any) -> bool:
    notes = page["/Annots"]
    if not isinstance(notes, pikepdf.Array):
        return False
    left = [
        note
        for note in notes
        if not (isinstance(note, pikepdf.Dictionary)
                and str(note.get("/Subtype", "")) in _ACTIVE_NOTES)
    ]  # fmt: skip
    if len(left) == len(notes):
        return False
    page["/Annots"] = pikepdf.Array(left)
    return True
