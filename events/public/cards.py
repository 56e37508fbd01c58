"""Share cards of events, statements, quotes and outcomes, behind the same gate as their pages."""

import hashlib
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .. import cards, editions
from ..languages import CODES
from ..models import Event, Outcome, Publication, Quote, Statement
from ..typography import in_marks
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
    words = in_marks(quote.text, quote.lang_of("text"))
    return cards.Card(office_name(), kicker, words, speaker, _mark(statement), is_quote=True)


def _of_outcome(outcome: Outcome) -> cards.Card:
    event = outcome.event
    kicker = f"{capfirst(outcome.get_outcome_kind_display())} · {event.written_date()}"
    return cards.Card(office_name(), kicker, outcome.text, mark=_mark(event))


def _of(item: Any) -> cards.Card:
    parts: dict[type, Any] = {Quote: _of_quote, Outcome: _of_outcome}
    card: cards.Card = parts.get(type(item), _of_item)(item)
    return card


def _found(uid: UUID) -> tuple[Any, Any, HttpResponse | None]:
    """What the card is of and the text that holds it; or the answer for what was retracted."""
    for model in (Statement, Event):
        item = model.objects.readable().filter(pk=uid).first()
        if item is not None:
            return item, item, None
    quote = Quote.objects.readable().select_related("person", "statement").filter(pk=uid).first()
    if quote is not None:
        return quote, quote.statement, None
    outcome = Outcome.objects.readable().select_related("event").filter(pk=uid).first()
    if outcome is not None:
        return outcome, outcome.event, None
    ended = Publication.objects.retracted().filter(pk=uid).first()
    return None, None, gone.retracted(ended) if ended else _part(uid)


def _part(uid: UUID) -> HttpResponse:
    """The answer for a quote or an outcome that cannot be read. Raises Http404 for neither."""
    try:
        return gone.part("quote", uid)
    except Http404:
        return gone.part("outcome", uid)


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
        drawn = _drawn(_of(item))
    return HttpResponse(drawn, content_type="image/png")


@public_page()
def house_card(request: HttpRequest, language: str) -> HttpResponse:
    """The card of the office itself, for pages that are of no one text."""
    if language not in CODES:
        raise Http404
    with translation.override(language):
        said = capfirst(_("events, statements, quotes and outcomes"))
        drawn = _drawn(cards.Card(urlsplit(settings.SITE_URL).netloc, said, office_name()))
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
