"""People, organisations, countries, topics and series: each with everything connected."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from .. import alphabet, dates, facets, visibility
from ..languages import current
from ..models import Country, Event, Organisation, Outcome, Person, Quote, Series, Topic
from ..models.reference import in_order
from . import calendar, connected
from .metadata import page, row_feeds
from .pages import public_page
from .paging import CURSORS, page_of
from .rows import with_quotes

SAID = 3
# A list shorter than this is seen as a whole: letters to jump to would be in the way.
LETTERED = 25


def _today() -> date:
    return dates.office_today(visibility.moment())


def _public(model: Any, keys: Iterable[Any]) -> set[Any]:
    """Which of these rows have a page. One query, and none for no rows."""
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return set()
    return set(model.objects.public().filter(pk__in=wanted).values_list("pk", flat=True))


# --- The lists ------------------------------------------------------------------------------------


@dataclass
class Letter:
    """The rows of a list under one letter; the letter is "" where a list needs none."""

    letter: str = ""
    rows: list[Any] = field(default_factory=list)


def by_letter(rows: list[Any]) -> list[Letter]:
    """Rows in the order of the alphabet, below their first letters where there are many."""
    if len(rows) < LETTERED:
        return [Letter("", rows)] if rows else []
    found: list[Letter] = []
    for row in rows:
        first = alphabet.initial(row.listed_as(current()), current())
        if not found or found[-1].letter != first:
            found.append(Letter(first))
        found[-1].rows.append(row)
    return found


def _index(request: HttpRequest, rows: Iterable[Any], template: str, facet: str) -> HttpResponse:
    """A list of reference rows, in their order, each with how many events and statements name
    it; a row named by nothing but an outcome or the like has no number."""
    rows = list(rows)
    found = facets.counts_under(facet)
    for row in rows:
        value = connected.mark_of(row)[1]
        row.number = sum(found.get(model, {}).get(value, 0) for model in facets.PUBLICATIONS)
    return page(request, template, "", letters=by_letter(rows))


@public_page()
def people(request: HttpRequest) -> HttpResponse:
    """Everybody whom something public names, by family name."""
    return _index(request, Person.objects.public().in_order(), "public/people.html", "person")


@public_page()
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation that something public names."""
    rows = Organisation.objects.public().in_order()
    return _index(request, rows, "public/organisations.html", "organisation")


@public_page()
def countries(request: HttpRequest) -> HttpResponse:
    """Every country that something public names."""
    rows = Country.objects.public().in_order()
    return _index(request, rows, "public/countries.html", "country")


@public_page()
def topics(request: HttpRequest) -> HttpResponse:
    """Every topic that something public is about."""
    return _index(request, Topic.objects.public().in_order(), "public/topics.html", "topic")


@public_page()
def series_list(request: HttpRequest) -> HttpResponse:
    """Every series of meetings of which one is public."""
    rows: list[Any] = list(Series.objects.public().select_related("organisation").in_order())
    shown = _public(Organisation, [row.organisation_id for row in rows])
    for row in rows:
        row.of = row.organisation if row.organisation_id in shown else None
    return _index(request, rows, "public/series_list.html", "series")


# --- One row, and everything connected ------------------------------------------------------------


def _page_of(
    request: HttpRequest, row: Any, template: str, *, company: bool = False, **context: Any
) -> HttpResponse:
    """The page of a reference row: what it is, and by year what names it."""
    found = connected.numbers(row)
    listed = connected.listed(row, request.GET)
    if company:
        connected.with_company(listed.items, row)
    entries = calendar.of_row(row) if found.get("event") else None
    return page(
        request, template, "", row=row, page=listed, years=connected.by_year(listed.items),
        calendar=entries, alternates=[entries] if entries else [],
        numbers=found, kinds=connected.kinds(found, connected.asked_kind(request.GET)),
        mark=connected.mark_of(row)[1], feeds=row_feeds(row), **context,
    )  # fmt: skip


@public_page(*CURSORS, "kind")
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """A person: the offices held, the latest quotes, and everything connected."""
    row = get_object_or_404(Person.objects.public(), slug=slug)
    said = with_quotes(Quote.objects.public().filter(person=row))
    return _page_of(
        request, row, "public/person.html", person=row, offices=_offices(row),
        quotes=list(said.order_by("-statement__date", "-uid")[:SAID]),
    )  # fmt: skip


def _offices(person: Person) -> list[Any]:
    """The offices held, the present ones first. An organisation or country that nothing public
    names is not named here either: it may be what an embargoed item is about."""
    held: list[Any] = list(person.offices.select_related("organisation", "country"))
    bodies = _public(Organisation, [each.organisation_id for each in held])
    lands = _public(Country, [each.country_id for each in held])
    today = _today()
    for each in held:
        each.at = [
            *([each.organisation] if each.organisation_id in bodies else []),
            *([each.country] if each.country_id in lands else []),
        ]
        each.is_current = each.covers(today)
    held.sort(key=lambda each: each.since or date.min, reverse=True)
    return sorted(held, key=lambda each: not each.is_current)


@public_page(*CURSORS, "kind")
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """An organisation: its members with their dates, its series, and everything connected."""
    row = get_object_or_404(Organisation.objects.public(), slug=slug)
    present, former = _members(row)
    return _page_of(
        request, row, "public/organisation.html", company=True, organisation=row,
        members=present, former=former,
        series=list(Series.objects.public().filter(organisation=row).in_order()),
    )  # fmt: skip


def _members(organisation: Organisation) -> tuple[list[Any], list[Any]]:
    """The members by name, and those that were members once. Whoever nothing public names has
    no link: that a country belongs to an organisation is no secret, that it has a page is."""
    rows = organisation.memberships.select_related("country")
    members: list[Any] = list(rows.order_by(*in_order("country"), "since"))
    shown = _public(Country, [each.country_id for each in members])
    today = _today()
    for each in members:
        each.url = each.country.get_absolute_url() if each.country_id in shown else ""
        each.ended = bool(each.until) and dates.last_day(each.until, each.until_precision) < today
    return (
        [each for each in members if not each.ended],
        [each for each in members if each.ended],
    )


@public_page(*CURSORS, "kind")
def country(request: HttpRequest, iso2: str) -> HttpResponse:
    """A country: relations with it, year by year."""
    if iso2 != iso2.lower():  # one address for one page
        raise Http404
    row = get_object_or_404(Country.objects.public(), iso2=iso2.upper())
    # Most countries have none but CLDR's: those are not asked for.
    names = list(row.names.all()) if row.called else []
    return _page_of(request, row, "public/country.html", company=True, country=row, names=names)


@public_page(*CURSORS, "kind")
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic: everything connected, the latest first."""
    row = get_object_or_404(Topic.objects.public(), slug=slug)
    return _page_of(request, row, "public/topic.html", topic=row)


@public_page(*CURSORS)
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """A series of meetings: its sessions, the latest first, each with what came of it; and the
    next one that is announced."""
    row = get_object_or_404(Series.objects.public().select_related("organisation"), slug=slug)
    sessions = Event.objects.public().filter(series=row)
    coming = sessions.filter(until__gte=_today()).exclude(state="cancelled")
    listed = page_of(sessions.select_related("country"), "date", request.GET, back=True)
    _with_outcomes(listed.items)
    entries = calendar.of_row(row)
    return page(
        request, "public/series.html", "", row=row, series=row, page=listed,
        calendar=entries, alternates=[entries],
        of=row.organisation if _public(Organisation, [row.organisation_id]) else None,
        number=connected.numbers(row).get("event", 0), feeds=row_feeds(row),
        upcoming=coming.order_by("date", "uid").first(),
    )  # fmt: skip


def _with_outcomes(sessions: list[Any]) -> None:
    """Give each session the outcomes that its bar counts (`came`). One query."""
    by_event = {each.pk: each for each in sessions}
    for each in sessions:
        each.came = []
    for outcome in Outcome.objects.public().filter(event__in=list(by_event)):
        by_event[outcome.event_id].came.append(outcome)
