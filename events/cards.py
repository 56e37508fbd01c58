"""Share cards: the picture that a messenger shows beside a link, set in the house's own fonts.

A card is a function of the words on it. Nothing here asks what may be seen: whoever draws a
card has passed the gate.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

# The size that Open Graph readers crop least (1.91 to 1), in pixels.
WIDTH, HEIGHT = 1200, 630
MARGIN = 72
# The colours of static/css/tokens.css by day.
PAPER, INK, SOFT, ACCENT = "#fdfbf7", "#1c1b18", "#5c574c", "#8a1f2b"
SERIF, SERIF_TEXT, SANS = "noto-serif-600", "noto-serif-400", "golos-text-600"
HEAD, FOOT = 152, HEIGHT - 84
# From the size of a headline to the least that is read on a telephone.
SIZES = (76, 68, 60, 54, 48, 43, 38, 34)
LEADING = 1.24
ELLIPSIS = "…"


@dataclass(frozen=True)
class Card:
    """What stands on a card: the office, a line over the words ("Speech · 6 October 2007"), the
    words, whose they are where they are a quotation, and a mark such as "Withdrawn"."""

    office: str
    kicker: str
    words: str
    speaker: str = ""
    mark: str = ""
    is_quote: bool = False


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(settings.BASE_DIR / "static" / "fonts" / f"{name}.woff2", size)


def _broken(word: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """A word that is wider than a line, cut where it has to be."""
    while font.getlength(word) > width:
        end = len(word)
        while end > 1 and font.getlength(word[:end]) > width:
            end -= 1
        yield word[:end]
        word = word[end:]
    yield word


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        for piece in _broken(word, font, width):
            longer = f"{lines[-1]} {piece}".strip()
            if font.getlength(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(piece)
    return lines


def fitted(
    text: str, face: str, width: int, height: int
) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """Lines of `text` in the largest size that fits; in the smallest they end with an ellipsis,
    between two words, where even that is too much. Sizes are in pixels."""
    for size in SIZES:
        font = _font(face, size)
        lines = _lines(text, font, width)
        if len(lines) * size * LEADING <= height:
            return lines, font
    lines = lines[: int(height // (size * LEADING))]
    while lines[-1] and font.getlength(lines[-1] + ELLIPSIS) > width:
        shorter = lines[-1].rpartition(" ")[0]
        lines[-1] = shorter or lines[-1][:-1]
    lines[-1] = lines[-1].rstrip(" ,;:–—") + ELLIPSIS
    return lines, font


def _one_line(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    lines = _lines(text, font, width - int(font.getlength(ELLIPSIS)))
    return lines[0] if len(lines) == 1 else lines[0] + ELLIPSIS


def draw(card: Card) -> bytes:
    """The card as a PNG of WIDTH by HEIGHT. The same card is the same bytes."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    on = ImageDraw.Draw(picture)
    across = WIDTH - 2 * MARGIN
    office, small = _font(SERIF, 34), _font(SANS, 26)
    on.text((MARGIN, 48), _one_line(card.office, office, across), INK, office)
    # The double rule under the letterhead.
    on.rectangle((MARGIN, 104, WIDTH - MARGIN, 107), INK)
    on.rectangle((MARGIN, 112, WIDTH - MARGIN, 113), INK)
    kicker = f"{card.mark} · {card.kicker}" if card.mark else card.kicker
    on.text((MARGIN, 134), _one_line(kicker, small, across), ACCENT, small)
    left, bottom = MARGIN, FOOT - (16 if card.speaker else 0)
    top = HEAD + 36
    if card.is_quote:
        left += 34
    face = SERIF_TEXT if card.is_quote else SERIF
    lines, font = fitted(card.words, face, WIDTH - MARGIN - left, bottom - top)
    step = font.size * LEADING
    for number, line in enumerate(lines):
        on.text((left, top + number * step), line, INK, font)
    if card.is_quote:
        # The line beside a quotation, as on the page.
        on.rectangle((MARGIN, top + 6, MARGIN + 5, top + len(lines) * step), ACCENT)
    if card.speaker:
        on.text(
            (left, FOOT + 8), _one_line(card.speaker, small, WIDTH - MARGIN - left), SOFT, small
        )
    out = io.BytesIO()
    # Few colours: a palette is a third of the bytes and looks the same.
    picture.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
