"""The text that is translated from, paragraph by paragraph, with what has changed in it since the
translation was last written."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from .. import differences, markup
from ..differences import Piece
from ..markup import RichTextField, to_text

# How a paragraph stands to what was translated.
SAME, CHANGED, NEW, GONE = "", "changed", "new", "gone"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: its number in the text as it is now (0 for one that is gone), its HTML, how
    it stands to the former text, and where it has changed the two woven into one."""

    number: int
    html: Any
    mark: str = SAME
    pieces: tuple[Piece, ...] = ()


def _split(field: Any, text: str) -> list[Any]:
    """The paragraphs of rich text as safe HTML; of any other its text as a whole, to be escaped."""
    if isinstance(field, RichTextField):
        return list(markup.paragraphs(text))
    return [text] if text else []


def paragraphs(field: Any, now: str, before: str | None = None) -> list[Paragraph]:
    """A text of the source as it is now. `before` is what it was when the translation was last
    written; None where it was never translated, and so nothing has changed since."""
    new = _split(field, now)
    if before is None:
        return [Paragraph(number, html) for number, html in enumerate(new, 1)]
    return list(_woven(_split(field, before), new))


def _woven(old: list[Any], new: list[Any]) -> Iterator[Paragraph]:
    plain_old, plain_new = ([to_text(each) for each in side] for side in (old, new))
    matcher = SequenceMatcher(None, plain_old, plain_new, autojunk=False)
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "equal":
            yield from (Paragraph(place + 1, new[place]) for place in range(k, m))
            continue
        pairs = min(j - i, m - k)
        for step in range(pairs):
            pieces = differences.words(plain_old[i + step], plain_new[k + step])
            yield Paragraph(k + step + 1, new[k + step], CHANGED, pieces)
        yield from (Paragraph(place + 1, new[place], NEW) for place in range(k + pairs, m))
        yield from (Paragraph(0, old[place], GONE) for place in range(i + pairs, j))
