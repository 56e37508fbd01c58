"""An event, a statement and a quote, each whole at its own address."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation

from .. import editions, visibility
from ..models import (
    Event,
    Outcome,
    Participant,
    Publication,
    Quote,
    Statement,
)
from . import corrections, gone
from .metadata import contacts, page
from .pages import public_page
from .rows import with_outcomes, with_quotes

OTHERS = 6


def _named(item: Any, *names: str) -> dict[str, Any]:
    """The reference rows that an item on show names; each is public because the item is.

    A withdrawn item is on its own address alone: what only it names has no page, so the
    rows are asked for through the gate all the same.
    """
    return {name: list(getattr(item, name).public()) for name in names}


def _edition(item: Publication, said: Iterable[datetime] = ()) -> dict[str, Any]:
    """The public edition number and text digest that a citation carries, and what readers are
    told of changes: see corrections.head for `said`."""
    numbered = editions.of(item).filter(public_number__isnull=False)
    edition = numbered.defer("snapshot").last()
    if edition is None:
        return {"edition": None, "digest": ""}
    digest = edition.text_digests.get(translation.get_language(), "")
    found: dict[str, Any] = {"edition": edition.public_number, "digest": digest}
    if found["edition"] != 1:
        found["history"] = reverse(f"public:{item.model}_history", args=[item.slug])
        found |= corrections.head(corrections.of(item), said)
    return found


def _others(event: Event) -> list[Event]:
    """The public events nearest in time, never the event itself."""
    rows = Event.objects.public().exclude(pk=event.pk).select_related("country")
    before = rows.filter(date__lte=event.date).latest_first()[:OTHERS]
    after = rows.filter(date__gt=event.date).order_by("date", "uid")[:OTHERS]
    near = sorted([*before, *after], key=lambda each: abs((each.date - event.date).days))
    return near[:OTHERS]


def _neighbours(event: Event) -> dict[str, Any]:
    """The previous and the next public event of the same series."""
    if event.series_id is None:
        return {"previous": None, "next": None}
    rows = Event.objects.public().filter(series=event.series_id).exclude(pk=event.pk)
    here = Q(date=event.date)
    return {
        "previous": rows.filter(Q(date__lt=event.date) | here & Q(uid__lt=event.uid))
        .latest_first()
        .first(),
        "next": rows.filter(Q(date__gt=event.date) | here & Q(uid__gt=event.uid))
        .order_by("date", "uid")
        .first(),
    }


def _participants(event: Event) -> dict[str, list[Participant]]:
    rows = event.participants.select_related("country", "organisation", "person")
    groups: dict[str, list[Participant]] = {"countries": [], "organisations": [], "people": []}
    shown = visibility.is_public(event)
    for each in rows:
        kind = "countries" if each.country_id else "people" if each.person_id else "organisations"
        # The event itself names them, so that they have a page while it is public.
        each.url = each.who.get_absolute_url() if shown else ""
        each.event = event
        groups[kind].append(each)
    return groups


@public_page()
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event whole: statements, quotes, outcomes, and the way to the others."""
    rows = Event.objects.readable().select_related(
        "country", "host_country", "host_organisation", "series"
    )
    item = gone.readable(rows, Event, slug)
    if item is None:
        return gone.retracted_at(Event, slug)
    statements = list(
        Statement.objects.public()
        .filter(event=item)
        .order_by("published_at", "uid")
        .prefetch_related(
            Prefetch("quotes", with_quotes(Quote.objects.public())),
        )
    )
    told = corrections.grave_of_all(statements)
    for each in statements:
        each.told = told.get(each.pk, ())
    notices = list(item.notices.all())
    outcomes = item.outcomes.readable().select_related("follow_up", "event")
    return page(
        request, "public/event.html", "events", item=item, event=item, statements=statements,
        quotes=[quote for each in statements for quote in each.quotes.all()],
        outcomes=list(outcomes.prefetch_related("countries", "organisations")),
        participants=_participants(item), others=_others(item),
        notices=notices, withdrawn=item.status == visibility.Status.WITHDRAWN,
        contacts=list(item.media_contacts.all()) or contacts(),
        **_neighbours(item), **_named(item, "topics", "organisations"),
        **_edition(item, [each.issued_at for each in notices]),
    )  # fmt: skip


@public_page()
def statement(request: HttpRequest, slug: str) -> HttpResponse:
    """One statement in full, with its quotes and what it announced."""
    rows = Statement.objects.readable().select_related("event")
    item = gone.readable(rows, Statement, slug)
    if item is None:
        return gone.retracted_at(Statement, slug)
    shown = item.event if item.event and visibility.is_public(item.event) else None
    outcomes = Outcome.objects.public().filter(announced_in=item)
    return page(
        request, "public/statement.html", "statements", item=item, statement=item, event=shown,
        speakers=list(item.speakers.select_related("person")),
        quotes=list(with_quotes(item.quotes.readable())),
        outcomes=list(with_outcomes(outcomes)),
        withdrawn=item.status == visibility.Status.WITHDRAWN,
        contacts=list(item.media_contacts.all()) or contacts(),
        **_named(item, "topics", "organisations"), **_edition(item),
    )  # fmt: skip


@public_page()
def quote(request: HttpRequest, uid: Any) -> HttpResponse:
    """One quote at its permalink; 410 with its statement, or taken out of it."""
    item = with_quotes(Quote.objects.readable()).filter(pk=uid).first()
    if item is None:
        return gone.part("quote", uid)
    said_at = item.statement.event
    return page(
        request, "public/quote.html", "quotes", item=item.statement, quote=item,
        statement=item.statement,
        event=said_at if said_at and visibility.is_public(said_at) else None,
        withdrawn=item.statement.status == visibility.Status.WITHDRAWN,
        told=corrections.of_part(item.statement, "quotes", item.pk),
    )  # fmt: skip
