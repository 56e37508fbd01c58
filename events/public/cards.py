"""Share cards of events, statements and quotes, behind the same gate as their pages."""

import hashlib
from typing import Any
from uuid import UUID

from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .. import cards, editions
from ..languages import CODES
from ..models import Event, Publication, Quote, Statement
from ..templatetags.press import MARKS
from ..visibility import Status
from . import gone
from .metadata import office_name
from .pages import public_page


def _mark(item: Publication) -> str:
    return capfirst(_("Withdrawn")) if item.status == Status.WITHDRAWN else ""


def _of_item(item: Any) -> cards.Card:
    kind = item.get_event_kind_display() if isinstance(item, Event) else (
        item.get_statement_kind_display()
    )  # fmt: skip
    kicker = f"{capfirst(kind)} · {item.written_date()}"
    return cards.Card(office_name(), kicker, item.title, mark=_mark(item))


def _of_quote(quote: Quote) -> cards.Card:
    statement = quote.statement
    speaker = ", ".join(text for text in (quote.printed_name, quote.office) if text)
    kicker = f"{capfirst(_('quote'))} · {statement.written_date()}"
    opening, closing = MARKS.get(quote.lang_of("text"), MARKS["en"])
    words = f"{opening}{quote.text}{closing}"
    return cards.Card(office_name(), kicker, words, speaker, _mark(statement), is_quote=True)


def _found(uid: UUID) -> tuple[Any, Any, HttpResponse | None]:
    """What the card is of and the text that holds it; or the answer for what was retracted."""
    for model in (Statement, Event):
        item = model.objects.readable().filter(pk=uid).first()
        if item is not None:
            return item, item, None
    quote = Quote.objects.readable().select_related("person", "statement").filter(pk=uid).first()
    if quote is not None:
        return quote, quote.statement, None
    ended = Publication.objects.retracted().filter(pk=uid).first()
    return None, None, gone.retracted(ended) if ended else gone.part("quote", uid)


@public_page()
def card(request: HttpRequest, language: str, uid: UUID, number: int) -> HttpResponse:
    """The card of an item's latest public edition, as a PNG: another edition has another
    address, so that nobody's cache shows what was corrected."""
    if language not in CODES:
        raise Http404
    item, holder, refusal = _found(uid)
    if refusal is not None:
        return refusal
    latest = editions.of(holder).filter(public_number__isnull=False).last()
    if latest is None or latest.public_number != number:
        raise Http404
    with translation.override(language):
        drawn = _drawn(_of_quote(item) if isinstance(item, Quote) else _of_item(item))
    return HttpResponse(drawn, content_type="image/png")


def _drawn(card: cards.Card) -> bytes:
    """The picture, drawn once: it is known by its own words, so that it is never out of date,
    and nobody gets at it but through the gate."""
    key = "card:" + hashlib.sha256(repr(card).encode()).hexdigest()
    found: bytes | None = caches["pages"].get(key)
    if found is None:
        found = cards.draw(card)
        caches["pages"].set(key, found)
    return found
