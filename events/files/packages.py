"""OOXML and OpenDocument are ZIP files with known members (ISO/IEC 29500-2, OpenDocument 1.3
part 2): looked at whole, without macros and changes that are not meant for readers, and written
anew with empty properties. A plain ZIP, where the office allows it, is checked and kept."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from .kept import Kept, Refusal, room

# A bomb: more than so much once unpacked, so many members, or a member so much larger than packed.
_UNPACKED, _MEMBERS, _RATIO, _SMALL = 200_000_000, 5_000, 300, 1_000_000
_CHUNK = 1_000_000

_MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "odt": "content.xml"}
_TYPES = "[Content_Types].xml"
_ODT = b"application/vnd.oasis.opendocument.text"
_MACROS = re.compile(
    r"(^|/)(vbaProject|vbaData|vbaProjectSignature)[^/]*$|(^|/)activeX/|^Basic/|^Scripts/|"
    r"(^|/)macrosheets/",
    re.IGNORECASE,
)
_SIGNATURES = re.compile(r"^_xmlsignatures/|^META-INF/[^/]*signatures\.xml$", re.IGNORECASE)
# What readers are not meant to see: notes in the margin, and what a colleague has struck out.
_COMMENTS = re.compile(r"^(word|xl)/(comments[^/]*\.xml|threadedComments/.+)$", re.IGNORECASE)
_UNDECIDED = {
    "word/document.xml": re.compile(rb"<w:(ins|del|moveFrom|moveTo)[ >]"),
    "content.xml": re.compile(rb"<text:tracked-changes|<office:annotation[ >]"),
}
# An embedded template is fetched when the document is opened, and tells who has opened it.
_FETCHED = re.compile(rb"attachedTemplate[^>]*Target=\"https?:|Target=\"https?:[^>]*"
                      rb"attachedTemplate")  # fmt: skip

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/"
# Properties that say nothing, for those that name authors, their company and their machines.
_EMPTY = {
    "docProps/core.xml": _XML + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/'
                                'package/2006/metadata/core-properties"/>',
    "docProps/app.xml": f'{_XML}<Properties xmlns="{_OFFICE}extended-properties"/>',
    "docProps/custom.xml": f'{_XML}<Properties xmlns="{_OFFICE}custom-properties"/>',
    "meta.xml": _XML + '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:'
                       'office:1.0" office:version="1.3"><office:meta/></office:document-meta>',
}  # fmt: skip
SIGNED = _("The document is signed and was left as it is, with its properties: see whether they"
           " tell more than readers should know.")  # fmt: skip
_BOMB = _("The document unpacks to more than can be opened safely.")
_DAMAGED = _("The document is damaged: it could not be read.")


def accept(upload: UploadedFile, form: str) -> Kept:
    """What is kept of a "docx", "xlsx", "odt" or "zip". Raises Refusal."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload.file) as package:  # type: ignore[arg-type]
            members = _members(package)
            if form == "zip":
                for member in members:
                    _read_through(package, member)
                return Kept(upload.file, upload.name, "", upload.size)
            _check(package, members, form)
            if any(_SIGNATURES.search(each.filename) for each in members):
                for member in members:
                    _read_through(package, member)
                kept = Kept(upload.file, upload.name, "", upload.size)
                kept.notes = (SIGNED,)
                return kept
            return _written(package, members, upload)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, RuntimeError,
            zipfile.LargeZipFile, zlib.error, struct.error) as problem:  # fmt: skip
        raise Refusal(_DAMAGED) from problem


def _members(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members, of which none has been unpacked yet. Raises Refusal for a bomb, a password, and
    names that lead out or stand twice."""
    members = package.infolist()
    if len(members) > _MEMBERS or sum(each.file_size for each in members) > _UNPACKED:
        raise Refusal(_BOMB)
    names = set()
    for each in members:
        if each.flag_bits & 0x1:
            raise Refusal(_("The document has a password: save it without one."))
        if each.file_size > _SMALL and each.file_size > _RATIO * max(each.compress_size, 1):
            raise Refusal(_BOMB)
        parts = PurePosixPath(each.filename.replace("\\", "/")).parts
        if each.filename in names or ".." in parts or parts[:1] == ("/",):
            raise Refusal(_DAMAGED)
        names.add(each.filename)
    return members


def _check(package: zipfile.ZipFile, members: list[zipfile.ZipInfo], form: str) -> None:
    names = {each.filename for each in members}
    sound = _MAIN[form] in names
    if form == "odt":
        sound = sound and next(_pieces(package, "mimetype"), b"").strip() == _ODT
    else:
        sound = sound and _TYPES in names
    if not sound:
        raise Refusal(
            _("This is not a document in %(kind)s, whatever its name says."),
            params={"kind": form.upper()},
        )
    if any(_MACROS.search(name) for name in names) or _holds(
        package, _TYPES, re.compile(rb"macroEnabled", re.IGNORECASE)
    ):
        raise Refusal(_("The document holds macros: save it without them."))
    if form == "odt" and _holds(package, "META-INF/manifest.xml", re.compile(rb"encryption-data")):
        raise Refusal(_("The document has a password: save it without one."))
    undecided = any(_holds(package, name, what) for name, what in _UNDECIDED.items())
    if undecided or any(_COMMENTS.search(name) for name in names):
        raise Refusal(_("The document holds comments or tracked changes, which readers would see:"
                        " decide on them, then save it again."))  # fmt: skip
    if _holds(package, "word/_rels/settings.xml.rels", _FETCHED):
        raise Refusal(_("The document fetches its template from elsewhere when it is opened: save"
                        " it with another template."))  # fmt: skip


def _pieces(package: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A member piece by piece; nothing of one that is not there."""
    if name not in package.NameToInfo:
        return
    with package.open(name) as member:
        while piece := member.read(_CHUNK):
            yield piece


def _holds(package: zipfile.ZipFile, name: str, what: re.Pattern[bytes]) -> bool:
    """Whether a member holds something; the pieces overlap, so that no edge hides it."""
    before = b""
    for piece in _pieces(package, name):
        if what.search(before + piece):
            return True
        before = piece[-500:]
    return False


def _read_through(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpack a member to nowhere: its checksum is looked at."""
    for _piece in _pieces(package, member.filename):
        pass


def _written(
    package: zipfile.ZipFile, members: list[zipfile.ZipInfo], upload: UploadedFile
) -> Kept:  # fmt: skip
    """The same members with the same content, the properties empty, no times and no comments.
    An OpenDocument begins with its unpacked mimetype."""
    file: Any = room()
    try:
        with zipfile.ZipFile(file, "w") as made:
            first = [each for each in members if each.filename == "mimetype"]
            for each in [*first, *(each for each in members if each.filename != "mimetype")]:
                if each.is_dir():
                    continue
                info = zipfile.ZipInfo(each.filename)
                stored = each.filename == "mimetype"
                info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                empty = _EMPTY.get(each.filename)
                if empty is not None:
                    made.writestr(info, empty)
                    continue
                info.file_size = each.file_size
                with made.open(info, "w") as target:
                    for piece in _pieces(package, each.filename):
                        target.write(piece)
    except BaseException:
        file.close()
        raise
    file.seek(0, 2)
    return Kept(file, upload.name, "", file.tell())
