"""What a picture says of itself, read before it is stripped: XMP first, then IPTC, then EXIF.

Fields as in the IPTC Photo Metadata Standard 2023.1.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from PIL import IptcImagePlugin

from ..markup import strip_controls

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_EXT = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_EXIF = "{http://ns.adobe.com/exif/1.0/}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What cameras write where nobody has described anything.
_FACTORY = re.compile(
    r"^(olympus digital camera|sony dsc|samsung|kodak.*|dcim.*|minolta.*|exif.?jpeg.*|default)$",
    re.IGNORECASE,
)
_KAZAKH, _CYRILLIC = re.compile("[әғқңөұүһі]", re.IGNORECASE), re.compile("[а-яё]", re.IGNORECASE)
_PACKET = 1_000_000  # bytes: no description is longer, and a parser has work with more
_CAPTION, _LINE, _PEOPLE = 5_000, 200, 50  # characters, characters, names
_FIRST_PHOTO = 1826


@dataclass(frozen=True)
class Told:
    """A picture's own words: captions by language code, credit, day, names of the people."""

    captions: dict[str, str]
    credit: str = ""
    taken_on: date | None = None
    people: tuple[str, ...] = ()


def read(image: Any) -> Told:
    """What an opened picture says of itself. Nothing that is wrong with it is a reason to refuse
    the picture: what cannot be read is left."""
    found = [_quietly(source, image) for source in (_xmp, _iptc, _exif)]

    def first(name: str) -> Any:
        return next((each[name] for each in found if each.get(name)), None)

    captions = first("captions") or {}
    maker, house = first("maker") or "", first("house") or ""
    credit = " / ".join(dict.fromkeys(each for each in (maker, house) if each))
    return Told(
        {code: text[:_CAPTION] for code, text in captions.items() if text.strip()},
        _line(credit), first("taken_on"), tuple(first("people") or ())[:_PEOPLE],
    )  # fmt: skip


def language_of(text: str, stated: str = "") -> str:
    """The language of a caption: as stated, where it is one of the office's; else by its script."""
    stated = stated.lower().partition("-")[0]
    if stated in ("kk", "ru", "en"):
        return stated
    if _CYRILLIC.search(text):
        return "kk" if _KAZAKH.search(text) else "ru"
    return "en"


def _quietly(source: Any, image: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = source(image)
        return found
    except Exception:
        return {}  # hostile or broken metadata of a picture that may be sound


def _line(text: Any) -> str:
    return " ".join(strip_controls(str(text)).split())[:_LINE]


def _captions(*texts: tuple[str, str]) -> dict[str, str]:
    """Captions by language; of two in one language the first."""
    found: dict[str, str] = {}
    for stated, typed in texts:
        text = strip_controls(typed).strip()
        if text and not _FACTORY.match(text):
            found.setdefault(language_of(text, stated), text)
    return found


def _day(text: str) -> date | None:
    """The day of "2007-10-06T12:00:00", "2007:10:06 12:00:00" or "20071006"; None for what is no
    day, or none on which a photograph was taken."""
    match = re.match(r"(\d{4})[-:]?(\d{2})[-:]?(\d{2})", text.strip())
    if not match:
        return None
    try:
        found = date(*(int(part) for part in match.groups()))
    except ValueError:
        return None
    return found if found.year >= _FIRST_PHOTO else None


# --- XMP -----------------------------------------------------------------------------------------


def _xmp(image: Any) -> dict[str, Any]:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    if isinstance(packet, str):
        packet = packet.encode()
    text = packet[:_PACKET].decode("utf-8").rstrip("\x00 \r\n")
    # XMP has no document type; what has one wants to unfold entities.
    if not text or "<!" in text:
        return {}
    root = ET.fromstring(text)  # noqa: S314 - without a document type nothing unfolds
    properties = list(root.iter(f"{_RDF}Description"))
    makers = list(_values(properties, f"{_DC}creator"))
    house = _values(properties, f"{_PHOTOSHOP}Credit")
    days = [*_values(properties, f"{_PHOTOSHOP}DateCreated"),
            *_values(properties, f"{_EXIF}DateTimeOriginal")]  # fmt: skip
    return {
        "captions": _captions(*_in_languages(properties, f"{_DC}description")),
        "maker": ", ".join(_line(each) for each in makers),
        "house": _line(next(house, "")),
        "taken_on": next((day for day in map(_day, days) if day), None),
        "people": [_line(each) for each in _values(properties, f"{_EXT}PersonInImage")],
    }


def _values(properties: list[Any], name: str) -> Iterator[str]:
    """A property's texts, whether written as an attribute, an element or a list."""
    for each in properties:
        if each.get(name):
            yield each.get(name)
        for element in each.findall(name):
            items = list(element.iter(f"{_RDF}li"))
            yield from (item.text for item in items if item.text)
            if not items and element.text and element.text.strip():
                yield element.text


def _in_languages(properties: list[Any], name: str) -> Iterator[tuple[str, str]]:
    for each in properties:
        for item in each.iterfind(f"{name}//{_RDF}li"):
            yield item.get(_LANG, ""), item.text or ""


# --- IPTC (IIM) ----------------------------------------------------------------------------------


def _iptc(image: Any) -> dict[str, Any]:
    data = IptcImagePlugin.getiptcinfo(image) or {}

    def text(number: int) -> str:
        value = data.get((2, number), b"")
        return _decoded(value[0] if isinstance(value, list) else value)

    return {
        "captions": _captions(("", text(120))), "maker": _line(text(80)),
        "house": _line(text(110)), "taken_on": _day(text(55)),
    }  # fmt: skip


def _decoded(value: bytes) -> str:
    """Text without a stated alphabet: UTF-8 if it is that; else Cyrillic where a good part of it
    is beyond ASCII, as older programs here wrote it."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        beyond = sum(each > 127 for each in value)
        return value.decode("cp1251" if beyond * 4 > len(value) else "latin-1", "replace")


# --- EXIF ----------------------------------------------------------------------------------------


def _exif(image: Any) -> dict[str, Any]:
    exif = image.getexif()

    def text(tags: Any, number: int) -> str:
        value = tags.get(number, "")
        if isinstance(value, bytes):
            value = _decoded(value)
        # Pillow reads these as Latin-1; programs write UTF-8 all the same.
        try:
            value = str(value).encode("latin-1").decode("utf-8")
        except UnicodeError:
            value = str(value)
        return value.strip("\x00 ")

    return {
        "captions": _captions(("", text(exif, 0x010E))), "maker": _line(text(exif, 0x013B)),
        "taken_on": _day(text(exif.get_ifd(0x8769), 0x9003)),
    }  # fmt: skip
