"""Our texts on other people's pages: the oEmbed provider (oembed.com, 1.0), and a quote in a frame.

A text that is not public is answered like one that never was; so is one that was withdrawn or
retracted: nobody is handed what the office no longer says.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID
from xml.etree import ElementTree

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext as _

from .. import cards
from ..addresses import absolute
from ..languages import CODES, current
from ..models import Event, Quote, Speaker, Statement
from ..templatetags.press import excerpt
from ..visibility import Status
from . import corrections, embeds, gone, numbered
from .metadata import error_page, office_name
from .pages import BadRequest, public_page
from .rows import with_quotes

# More than any of our addresses has.
LONGEST = 1000
JSON, XML = "json", "xml"
TYPES = {JSON: "application/json", XML: "text/xml; charset=utf-8"}
# For so many seconds others may keep what they got: a correction must not be long behind.
KEPT = 300


@public_page("url", "format", "maxwidth", "maxheight", "dnt", by_state=True)
def oembed(request: HttpRequest) -> HttpResponse:
    """What to show for the address of an event, a statement or a quote, in its language.

    `dnt` asks not to be tracked: it is always granted.
    """
    form = request.GET.get("format", JSON)
    if form not in TYPES:
        return error_page("400.html", 501, message=_("Ask for json or xml."))
    most = {name: _pixels(request.GET, name) for name in ("maxwidth", "maxheight")}
    name, key, language = _asked(request.GET)
    with translation.override(language):
        answer = _answer(name, key, most["maxwidth"], most["maxheight"])
    written = json.dumps(answer, ensure_ascii=False) if form == JSON else _xml(answer)
    return HttpResponse(written, content_type=TYPES[form], headers={
        "Content-Language": language, "Access-Control-Allow-Origin": "*",
    })  # fmt: skip


def _pixels(params: Mapping[str, str], name: str) -> int | None:
    """A limit in pixels; None without one. Raises BadRequest for what is none."""
    asked = params.get(name, "")
    if not asked:
        return None
    if not re.fullmatch("[1-9][0-9]{0,5}", asked):
        raise BadRequest(_("Unknown parameter: %(names)s") % {"names": f"{name}={asked}"[:100]})
    return int(asked)


def _asked(params: Mapping[str, str]) -> tuple[str, Any, str]:
    """The route, its argument and the language of the address that is asked about. Raises
    BadRequest without one, Http404 for any that is not one of ours that can be embedded."""
    url = params.get("url", "")
    if not url:
        raise BadRequest(_("Say which page: url is missing."))
    if len(url) > LONGEST:
        raise Http404
    try:
        parts, ours = urlsplit(url), urlsplit(settings.SITE_URL)
        is_ours = (parts.scheme, parts.netloc.lower()) == (ours.scheme, ours.netloc.lower())
    except ValueError:
        raise Http404 from None
    language = parts.path.removeprefix("/").partition("/")[0]
    if not is_ours or parts.query or language not in CODES:
        raise Http404
    with translation.override(language):
        match = resolve(unquote(parts.path))
    if match.namespaces != ["public"] or match.url_name not in _FOUND:
        raise Http404
    (key,) = match.kwargs.values()
    return match.url_name, key, language


def _answer(name: str, key: Any, most_wide: int | None, most_high: int | None) -> dict[str, Any]:
    width = max(min(most_wide or embeds.USUAL, embeds.WIDEST), 1)
    found = _FOUND[name](key, width)
    said: embeds.Embed = found.pop("embed")
    card = found.pop("card")
    answer = {
        "version": "1.0", "type": "rich", "provider_name": office_name(),
        "provider_url": f"{settings.SITE_URL.rstrip('/')}/", "cache_age": KEPT, **found,
        "html": said.html, "width": said.width,
        "height": min(said.height, most_high or said.height),
    }  # fmt: skip
    # A picture must keep within the limits too; it is as large as it is.
    limits = ((most_wide, cards.WIDTH), (most_high, cards.HEIGHT))
    fits = all(most is None or most >= size for most, size in limits)
    if card and fits:
        answer |= {"thumbnail_url": card, "thumbnail_width": cards.WIDTH,
                   "thumbnail_height": cards.HEIGHT}  # fmt: skip
    return answer


def _event(slug: str, width: int) -> dict[str, Any]:
    return _of_item(numbered.numbered(Event.objects.public()).filter(slug=slug).first(), [], width)


def _statement(slug: str, width: int) -> dict[str, Any]:
    item = numbered.numbered(Statement.objects.public()).filter(slug=slug).first()
    rows = Speaker.objects.public().filter(statement=item).select_related("person")
    speakers: list[Any] = list(rows) if item else []
    for each in speakers:
        each.statement = item
    return _of_item(item, speakers, width)


def _of_item(item: Any, speakers: list[Any], width: int) -> dict[str, Any]:
    if item is None:
        raise Http404
    said_by = ", ".join(each.printed_name for each in speakers)
    return {
        "title": item.title, "author_name": said_by or office_name(),
        **_page_of(speakers), "embed": embeds.excerpt(item, speakers, width),
        "card": numbered.edition(item, item).get("card"),
    }  # fmt: skip


def _quote(uid: UUID, width: int) -> dict[str, Any]:
    rows = numbered.numbered(with_quotes(Quote.objects.public()).filter(pk=uid), "statement")
    quote = rows.first()
    if quote is None:
        raise Http404
    return {
        "title": f"{quote.printed_name}: {excerpt(quote, 120)}",
        "author_name": quote.printed_name, **_page_of([quote]),
        "embed": embeds.quotation(quote, width),
        "card": numbered.edition(quote, quote.statement).get("card"),
    }  # fmt: skip


def _page_of(speakers: list[Any]) -> dict[str, str]:
    """The page of whoever spoke, where that is one person."""
    if len(speakers) != 1:
        return {}
    return {"author_url": absolute(speakers[0].person.get_absolute_url())}


_FOUND: dict[str, Any] = {"event": _event, "statement": _statement, "quote": _quote}


def _xml(answer: dict[str, Any]) -> bytes:
    root = ElementTree.Element("oembed")
    for name, value in answer.items():
        ElementTree.SubElement(root, name).text = str(value)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


@public_page()
def quote_embed(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A quote for a frame on anybody's page (see pressoffice/headers.py). It says what became of
    the words: corrected, withdrawn, retracted."""
    quote = with_quotes(Quote.objects.readable()).filter(pk=uid).first()
    if quote is None:
        return gone.part("quote", uid, "public/embed.html")
    statement = quote.statement
    return HttpResponse(render_to_string("public/embed.html", {
        "office_name": office_name(), "quote": quote, "statement": statement,
        "canonical": absolute(quote.get_absolute_url()), "language": current(),
        "withdrawn": statement.status == Status.WITHDRAWN,
        "told": corrections.grave(corrections.of_part(statement, "quotes", quote.pk)),
    }))  # fmt: skip
