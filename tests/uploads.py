"""Files as people and their enemies send them, made on the spot."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 photoshop:Credit="An Agency" photoshop:DateCreated="2007-10-06T12:00:00+05:00">
 <dc:description><rdf:Alt><rdf:li xml:lang="x-default">A session</rdf:li>
 <rdf:li xml:lang="ru-RU">Заседание</rdf:li></rdf:Alt></dc:description>
 <dc:creator><rdf:Seq><rdf:li>A. Photographer</rdf:li></rdf:Seq></dc:creator>
 <ext:PersonInImage><rdf:Bag><rdf:li>A Person</rdf:li><rdf:li>A Stranger</rdf:li></rdf:Bag>
 </ext:PersonInImage></rdf:Description></rdf:RDF></x:xmpmeta>"""


def encoded(image: Any, form: str = "JPEG", **options: Any) -> bytes:
    """An image as a file."""
    made = io.BytesIO()
    image.save(made, form, **options)
    return made.getvalue()


def picture(size: tuple[int, int] = (40, 30), colour: Any = "red", mode: str = "RGB") -> Any:
    """A plain picture with another pixel in its upper left corner."""
    made = Image.new(mode, size, colour)
    made.putpixel((0, 0), 255 if len(made.getbands()) == 1 else (0,) * len(made.getbands()))
    return made


def halves(size: tuple[int, int] = (64, 32)) -> Any:
    """Left black, right white: what is left of a JPEG of it tells where up is."""
    made = Image.new("RGB", size, "white")
    made.paste("black", (0, 0, size[0] // 2, size[1]))
    return made


_open: list[SimpleUploadedFile] = []


def upload(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    """A file as a form gets it, to be closed by `close_all`."""
    _open.append(SimpleUploadedFile(name, data))
    return _open[-1]


def close_all() -> None:
    """Close what `upload` has made, as the end of a request does."""
    while _open:
        _open.pop().close()


def with_everything() -> bytes:
    """A JPEG with GPS, owner, comment, thumbnail of another picture, XMP, and a ZIP behind it."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x8298] = "A caption", "An Artist", "A Holder"
    exif.get_ifd(0x8825)[2] = (43.0, 14.0, 0.0)
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8769)[0x9003] = "2007:10:06 12:00:00"
    exif.get_ifd(0x8769)[0xA430] = "SecretOwner"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("secret.txt", "Behind the picture")
    return encoded(
        halves(), exif=exif, comment=b"A secret comment", xmp=XMP.encode()
    ) + packed.getvalue()  # fmt: skip


def iptc(**fields: bytes) -> bytes:
    """A JPEG with IPTC fields, by record number: iptc(n120=b"A caption")."""
    records = b"".join(
        b"\x1c\x02" + bytes([int(name[1:])]) + struct.pack(">H", len(value)) + value
        for name, value in fields.items()
    )
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(records)) + records
    resource += b"\0" * (len(records) % 2)
    segment = b"Photoshop 3.0\x00" + resource
    plain = encoded(halves())
    return plain[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + plain[2:]


def png_bomb(side: int = 60_000) -> bytes:
    """A few hundred bytes that claim to be a picture of side × side."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(99)))
            + chunk(b"IEND", b""))  # fmt: skip


def pdf(pages: int = 1, change: Any = None, **save: Any) -> bytes:
    """A PDF of empty pages; `change` is called with the document before it is saved."""
    made = io.BytesIO()
    with pikepdf.new() as document:
        for _page in range(pages):
            document.add_blank_page()
        if change is not None:
            change(document)
        document.save(made, **save)
    return made.getvalue()


_TYPES = '<?xml version="1.0"?><Types><Default Extension="xml" ContentType="text/xml"/></Types>'
_CORE = ('<?xml version="1.0"?><cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:creator>Secret '
         'Author</dc:creator><cp:lastModifiedBy>Secret Colleague</cp:lastModifiedBy>'
         "</cp:coreProperties>")  # fmt: skip
_MEMBERS: dict[str, dict[str, str]] = {
    "docx": {
        "[Content_Types].xml": _TYPES, "docProps/core.xml": _CORE,
        "docProps/app.xml": "<Properties><Company>Secret Company</Company></Properties>",
        "word/document.xml": "<w:document>Words</w:document>",
    },
    "xlsx": {
        "[Content_Types].xml": _TYPES, "docProps/core.xml": _CORE,
        "xl/workbook.xml": "<workbook>Numbers</workbook>",
    },
    "odt": {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": "<office:document-content>Words</office:document-content>",
        "meta.xml": "<office:document-meta><meta:initial-creator>Secret Author"
                    "</meta:initial-creator></office:document-meta>",
        "META-INF/manifest.xml": "<manifest:manifest/>",
    },
}  # fmt: skip


def package(form: str = "docx", **more: str | bytes) -> bytes:
    """A DOCX, XLSX or ODT with further members, or others in their place; None leaves one out.
    Their names have __ for / ."""
    members: dict[str, Any] = {**_MEMBERS[form]}
    members |= {name.replace("__", "/"): text for name, text in more.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            if text is not None:
                archive.writestr(name, text)
    return made.getvalue()
