"""What a public original says of itself, put in while it is served.

The blob never carries it: a caption is corrected after its upload, and bytes that are named by
their checksum do not change. So readers always get what the page says now, and nothing of it is
stored twice. XMP alone: every newsroom's program reads it, and two places would contradict each
other one day. Properties as in the IPTC Photo Metadata Standard 2023.1.
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.html import escape

from ..markup import strip_controls

_SEGMENT = 65_533  # bytes that one segment of a JPEG holds
_MOST = (5_000, 1_500, 300)  # characters of a caption: the most that fits
_NAME, _NAMES = 100, 50
_HEADER = b"http://ns.adobe.com/xap/1.0/\0"  # ISO 16684-1, Adobe XMP part 3, 1.1.3
_PNG = b"\x89PNG\r\n\x1a\n"
_IHDR = len(_PNG) + 25


@dataclass(frozen=True)
class Facts:
    """What readers may be told of a picture. Whoever asks has passed the gate: texts of public
    languages, names of public people."""

    captions: Mapping[str, str] = field(default_factory=dict)
    credit: str = ""
    taken_on: date | None = None
    people: tuple[str, ...] = ()
    rights: str = ""
    source: str = ""
    """The page that shows the picture."""


def insertion(head: bytes, facts: Facts) -> tuple[int, bytes]:
    """Where to put what into an original whose first bytes (64 are enough) are `head`: the bytes
    before the place, then these, then the rest are the file. (0, b"") for other forms."""
    if head.startswith(b"\xff\xd8"):
        place = 2
        if head[2:4] == b"\xff\xe0":  # JFIF, which stands first
            place = 4 + int(struct.unpack(">H", head[4:6])[0])
        bodies = (_HEADER + packet(facts, most) for most in _MOST)
        body = next(each for each in bodies if len(each) <= _SEGMENT)
        return place, b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    if head.startswith(_PNG):
        body = b"iTXt" + b"XML:com.adobe.xmp\0\0\0\0\0" + packet(facts)
        length, checksum = struct.pack(">I", len(body) - 4), struct.pack(">I", zlib.crc32(body))
        return _IHDR, length + body + checksum
    return 0, b""


def packet(facts: Facts, most: int = _MOST[0]) -> bytes:
    """The XMP packet, with at most so many characters of a caption. The same facts make the same
    bytes."""
    captions = {code: text for code, text in facts.captions.items() if text}
    lines = []
    if captions:
        first = next(iter(captions.values()))
        items = [("x-default", first), *captions.items()]
        alternatives = "".join(
            f'<rdf:li xml:lang="{code}">{_text(text, most)}</rdf:li>' for code, text in items
        )
        lines.append(f"<dc:description><rdf:Alt>{alternatives}</rdf:Alt></dc:description>")
    if facts.credit:
        lines.append(f"<photoshop:Credit>{_text(facts.credit)}</photoshop:Credit>")
        lines.append(f"<dc:creator><rdf:Seq>{_item(facts.credit)}</rdf:Seq></dc:creator>")
    if facts.rights:
        lines.append(
            f'<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{_text(facts.rights)}</rdf:li>'
            "</rdf:Alt></dc:rights>"
        )
    if facts.taken_on:
        day = facts.taken_on.isoformat()
        lines.append(f"<photoshop:DateCreated>{day}</photoshop:DateCreated>")
    if facts.people:
        names = "".join(_item(name) for name in facts.people[:_NAMES])
        lines.append(f"<ext:PersonInImage><rdf:Bag>{names}</rdf:Bag></ext:PersonInImage>")
    if facts.source:
        lines.append(f"<xmpRights:WebStatement>{_text(facts.source)}</xmpRights:WebStatement>")
    return _FRAME.format("".join(lines)).encode()


_FRAME = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
    ' xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"'
    ' xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">{}</rdf:Description>'
    '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)


def _text(text: str, most: int = 300) -> str:
    clean = strip_controls(text)
    shown = clean if len(clean) <= most else f"{clean[: most - 1]}…"
    return str(escape(shown))


def _item(text: str) -> str:
    return f"<rdf:li>{_text(text, _NAME)}</rdf:li>"
