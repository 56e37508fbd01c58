"""The order of the alphabet, for lists of names: Latin letters, then Cyrillic ones.

The Kazakh alphabet holds every letter of the Russian one at its place, so that one order serves
both. Python alone would put "ә" after "я", and "É" after "Z".
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_CYRILLIC = "аәбвгғдежзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_PLACE = {letter: (2, number) for number, letter in enumerate(_CYRILLIC)}
# A list shorter than this is seen as a whole: letters to jump to would be in the way.
LETTERED = 25


def _letters(text: str) -> str:
    """The letters that decide: small, е for ё, Latin ones without their accents."""
    plain = []
    for letter in unicodedata.normalize("NFC", text).casefold():
        found = "е" if letter == "ё" else letter
        if found not in _PLACE:
            found = unicodedata.normalize("NFKD", found)[:1]
        plain.append(found)
    return "".join(plain)


def key(text: str) -> tuple[Any, ...]:
    """What a list of names in any of our languages is sorted by."""
    places = [
        _PLACE.get(letter) or (1 if letter.isascii() else 3, ord(letter))
        for letter in _letters(text)
        if letter.isalnum() or letter.isspace()
    ]
    return (places, text)


@dataclass
class Letter:
    """The rows of a list under one letter; the letter is "" where a list needs none."""

    letter: str = ""
    rows: list[Any] = field(default_factory=list)


def by_letter(rows: Iterable[Any]) -> list[Letter]:
    """Reference rows in the order of the alphabet, below their first letters where there are
    many."""
    names = {row.pk: row.sort_key() or "" for row in rows}
    ordered = sorted(rows, key=lambda row: key(names[row.pk]))
    if len(ordered) < LETTERED:
        return [Letter("", ordered)] if ordered else []
    found: list[Letter] = []
    for row in ordered:
        first = next((each for each in _letters(names[row.pk]) if each.isalpha()), "#").upper()
        if not found or found[-1].letter != first:
            found.append(Letter(first))
        found[-1].rows.append(row)
    return found
