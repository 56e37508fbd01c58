"""How a page sets words: quotation marks of their language, and no line that breaks where it must
not. Pages set them; what is stored stays as it was typed, and exact words are shown as typed."""

import re

from .languages import current, known_for

# Quotation marks are set by the page in the language of the words, never stored.
MARKS = {"en": ("“", "”"), "ru": ("«", "»"), "kk": ("«", "»")}
_NO_BREAK = "\u00a0"
# A space before a dash, after a numero sign, and after initials before what they belong to.
_BEFORE_DASH = re.compile(r"(?<=\S) (?=[–—] )")
_AFTER_SIGN = re.compile(r"(?<=[№§]) (?=\S)")
_AFTER_INITIAL = re.compile(r"(?<![^\W\d_])([^\W\d_])\. (?=[^\W\d_])")


def in_marks(words: str, language: str | None = None) -> str:
    """Words between the quotation marks of a language, by default of the active one."""
    opening, closing = known_for(MARKS, language or current())
    return f"{opening}{words}{closing}"


def unbroken(line: str) -> str:
    """A line of plain text in which no line breaks before a dash, after № or after initials."""
    line = _AFTER_SIGN.sub(_NO_BREAK, _BEFORE_DASH.sub(_NO_BREAK, line))
    return _AFTER_INITIAL.sub(_initial, line)


def _initial(found: re.Match[str]) -> str:
    letter = found[1]
    return f"{letter}.{_NO_BREAK if letter.isupper() else ' '}"
