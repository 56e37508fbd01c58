"""An event, a statement and a quote, each whole at its own address."""

from collections import defaultdict
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from .. import dates, paper, visibility
from ..models import (
    Event,
    EventState,
    Outcome,
    Participant,
    Quote,
    Reliability,
    Statement,
)
from ..templatetags.press import excerpt
from . import ahead, calendar, corrections, embeds, gone, named
from .metadata import page
from .numbered import edition, numbered
from .pages import public_page
from .rows import with_quotes

# Other events below an event, and other quotes of a speaker below a quote.
OTHERS, MORE = 6, 3
# Texts written before the words were said.
UNCHECKED = (Reliability.CHECK, Reliability.NOTES)


def _to_take(item: Any, withdrawn: bool) -> dict[str, str]:
    """What may be taken along: the page on paper, where this machine sets it, and the press kit
    of an event that is current."""
    kit = item.model == "event" and not withdrawn
    return {
        "pdf": reverse(f"public:{item.model}_pdf", args=[item.slug]) if paper.available() else "",
        "kit": reverse("public:press_kit", args=[item.slug]) if kit else "",
    }


def _around(event: Event) -> dict[str, Any]:
    """The public events around an event, never itself: `others`, the nearest in time, and
    `previous` and `next` of its series. One query, that reads no more than it may show."""
    rows = Event.objects.public().exclude(pk=event.pk)
    sides = {
        "before": rows.filter(date__lte=event.date).latest_first()[:OTHERS],
        "after": rows.filter(date__gt=event.date).order_by("date", "uid")[:OTHERS],
    }
    if event.series_id is not None:
        rows, here = rows.filter(series=event.series_id), Q(date=event.date)
        earlier = rows.filter(Q(date__lt=event.date) | here & Q(uid__lt=event.uid))
        later = rows.filter(Q(date__gt=event.date) | here & Q(uid__gt=event.uid))
        sides["previous"] = earlier.latest_first()[:1]
        sides["next"] = later.order_by("date", "uid")[:1]
    found = defaultdict(list)
    first, *others = (_at(side, name) for name, side in sides.items())
    for each in first.union(*others, all=True):
        found[each.side].append(each)
    before = sorted(found["before"], key=_place, reverse=True)
    near = [*before, *sorted(found["after"], key=_place)]
    near.sort(key=lambda each: abs((each.date - event.date).days))
    return {
        "others": near[:OTHERS],
        "previous": next(iter(found["previous"]), None),
        "next": next(iter(found["next"]), None),
    }


def _at(rows: QuerySet[Any], side: str) -> QuerySet[Any]:
    """A slice of events as part of a union, which SQLite lets be no slice itself."""
    part = Event.objects.public().filter(pk__in=rows.values("pk")).order_by()
    return part.select_related("country").annotate(side=Value(side))


def _place(event: Event) -> tuple[Any, Any]:
    return event.date, event.uid


def _participants(event: Event) -> dict[str, list[Participant]]:
    rows: Any = event.participants.select_related("country", "organisation", "person")
    groups: dict[str, list[Participant]] = {"countries": [], "organisations": [], "people": []}
    shown = visibility.is_public(event)
    for each in rows:
        kind = "countries" if each.country_id else "people" if each.person_id else "organisations"
        # The event itself names them, so that they have a page while it is public.
        each.url = each.who.get_absolute_url() if shown else ""
        each.event = event
        groups[kind].append(each)
    return groups


def _quotes_of(statements: list[Statement], rows: QuerySet[Any]) -> list[Quote]:
    """The quotes among `rows` that stand in these statements, in their order. One query, that
    does not read each statement once more with every quote of it."""
    place = {each.pk: (number, each) for number, each in enumerate(statements)}
    quotes = list(rows.filter(statement__in=place).select_related("person"))
    for each in quotes:
        each.statement = place[each.statement_id][1]
    return sorted(quotes, key=lambda each: (place[each.statement_id][0], each.order, each.uid))


@public_page()
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event whole: statements, quotes, outcomes, and the way to the others."""
    rows = Event.objects.readable().select_related(
        "country", "host_country", "host_organisation", "series", "accreditation_contact"
    )
    item = gone.readable(numbered(rows), Event, slug)
    if item is None:
        return gone.retracted_at(Event, slug)
    statements = list(Statement.objects.public().filter(event=item).order_by("published_at", "uid"))
    notices, told = corrections.of_event(item, statements)
    for each in statements:
        each.told = corrections.grave(told[each.pk])
    came_of_it = Outcome.objects.readable().filter(event=item).select_related("follow_up")
    names, outcomes = named.of(item, came_of_it, statements)
    for each in outcomes:
        each.event = item
    withdrawn = item.status == visibility.Status.WITHDRAWN
    entry = None if withdrawn else calendar.of_event(item)
    return page(
        request, "public/event.html", "events", item=item, event=item, statements=statements,
        quotes=_quotes_of(statements, Quote.objects.public()), outcomes=outcomes,
        participants=_participants(item), notices=notices,
        ahead=ahead.in_words(item, dates.office_today(visibility.moment())),
        withdrawn=withdrawn, calendar=entry, alternates=[entry] if entry else [],
        undated=not withdrawn and not entry and item.state != EventState.CANCELLED,
        **_around(item), **names,
        **edition(item, item), **_to_take(item, withdrawn),
        **corrections.head(told[item.pk], [each.issued_at for each in notices]),
    )  # fmt: skip


@public_page()
def statement(request: HttpRequest, slug: str) -> HttpResponse:
    """One statement in full, with its quotes and what it announced."""
    rows = Statement.objects.readable().select_related("event")
    item = gone.readable(numbered(rows), Statement, slug)
    if item is None:
        return gone.retracted_at(Statement, slug)
    shown = item.event if item.event and visibility.is_public(item.event) else None
    announced = Outcome.objects.public().filter(announced_in=item).select_related("event")
    names, outcomes = named.of(item, announced)
    speakers = list(item.speakers.select_related("person"))
    for each in speakers:
        each.statement = item
    told = corrections.of(item) if (item.edition_number or 1) > 1 else []
    withdrawn = item.status == visibility.Status.WITHDRAWN
    return page(
        request, "public/statement.html", "statements", item=item, statement=item, event=shown,
        speakers=speakers, quotes=_quotes_of([item], Quote.objects.readable()),
        outcomes=outcomes, unchecked=item.reliability in UNCHECKED,
        withdrawn=withdrawn, **names, **edition(item, item), **_to_take(item, withdrawn),
        **corrections.head(told),
    )  # fmt: skip


def _codes(quote: Quote) -> dict[str, str]:
    """What others copy to show a quote on a page of theirs: in plain HTML, and in a frame."""
    name = f"{quote.printed_name}: {excerpt(quote, 60)}"
    return {"plain": embeds.quotation(quote).html, "frame": embeds.frame(quote, name)}


@public_page()
def quote(request: HttpRequest, uid: Any) -> HttpResponse:
    """One quote at its permalink; 410 with its statement, or taken out of it."""
    rows = with_quotes(Quote.objects.readable()).filter(pk=uid)
    item = numbered(rows, "statement").first()
    if item is None:
        return gone.part("quote", uid)
    said_at = item.statement.event
    more = Quote.objects.public().filter(person=item.person).exclude(pk=uid)
    withdrawn = item.statement.status == visibility.Status.WITHDRAWN
    return page(
        request, "public/quote.html", "quotes", item=item.statement, quote=item,
        statement=item.statement,
        event=said_at if said_at and visibility.is_public(said_at) else None,
        withdrawn=withdrawn, codes={} if withdrawn else _codes(item),
        told=corrections.of_part(item.statement, "quotes", item.pk),
        more=list(with_quotes(more).order_by("-statement__date", "-uid")[:MORE]),
        **edition(item, item.statement),
    )  # fmt: skip
