"""What somebody else's page shows of ours: a quotation or an excerpt in plain HTML, which needs no
script and no style, and a frame that says what we say now."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse

from ..addresses import absolute
from ..languages import current
from .metadata import office_name

# In pixels. What a column of text commonly is, and what is still read.
USUAL, WIDEST, NARROWEST = 600, 1000, 200
# How high a frame is: so many pixels to a letter and a line, and what stands around the words.
_LETTER, _LINE, _AROUND = 10.5, 32, 230


@dataclass(frozen=True)
class Embed:
    """A piece of this site in plain HTML. `width` and `height` are pixels, the height a guess at
    what a common page makes of it."""

    html: str
    width: int
    height: int


def quotation(quote: Any, width: int = USUAL) -> Embed:
    """A quote as a blockquote with its source, whose statement is in hand."""
    html = _html("quote", quote=quote, statement=quote.statement, address=_address(quote))
    return Embed(html, width, height(len(quote.text), width))


def excerpt(item: Any, speakers: list[Any], width: int = USUAL) -> Embed:
    """The title of an event or a statement with what it is about and its source."""
    html = _html("item", item=item, speakers=speakers, address=_address(item))
    return Embed(html, width, height(len(item.title) + 200, width))


def frame(quote: Any, name: str) -> str:
    """The HTML of a frame that shows a quote as it stands, with what became of it."""
    there = absolute(reverse("public:quote_embed", args=[quote.pk]))
    high = height(len(quote.text), USUAL)
    return _html("frame", address=there, name=name, width=USUAL, height=high)


def height(letters: int, width: int) -> int:
    """About how high so many letters stand in that width."""
    lines = -(-letters * _LETTER // max(width - 60, 100))
    return int(lines * _LINE) + _AROUND


def _address(row: Any) -> str:
    return absolute(row.get_absolute_url())


def _html(template: str, **context: Any) -> str:
    """In one line, as it is copied: spaces between elements say nothing."""
    context |= {"office_name": office_name(), "language": current()}
    text = render_to_string(f"oembed/{template}.html", context)
    return "".join(line.strip() for line in text.splitlines())
