"""All events and all statements: filters, archives by year and month, pages by key."""

import datetime as dt
import re
from typing import Any

from babel.numbers import format_decimal
from django.db.models import Model, Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import dates, visibility
from ..facets import COUNTED
from ..models import Event, Speaker
from . import browsing, calendar
from .archive import Archive
from .choices import Choices
from .listing import EVENTS, STATEMENTS, Listing, Shown
from .metadata import list_feeds, page
from .month import month_of
from .pages import public_page
from .paging import page_of

# The filters that are typed into: there is always something to choose.
TYPED = ("text", "since", "until")


def _chips(shown: Shown, names: Choices) -> list[Any]:
    """What is chosen, the archive first, each with the address of the list without it."""
    days = {name: dates.written(value) for name, value in shown.chosen.items()
            if isinstance(value, dt.date)}  # fmt: skip
    chips = browsing.chips(shown, names, days)
    if shown.here:
        plain = reverse(f"public:{shown.listing.route}") + shown.query()
        chips.insert(0, {"label": _("Period"), "name": shown.here.name, "url": plain})
    return chips


def _whens(shown: Shown) -> list[dict[str, Any]]:
    """The links between all events, those to come and those that are over."""
    names = {"": _("All"), "upcoming": _("Upcoming events"), "past": _("Past events")}
    return [
        {"key": f"when-{key or 'all'}", "name": name, "current": shown.when == key,
         "url": shown.query(when=key, sort="") or "."}
        for key, name in names.items()
        if shown.listing.when
    ]  # fmt: skip


def _sorts(shown: Shown) -> list[dict[str, Any]]:
    names = {"newest": _("Newest first"), "oldest": _("Oldest first")}
    return browsing.switches(shown, {shown.usual: names.pop(shown.usual), **names})


def counted(model: type[Model], number: int | None) -> str:
    """How many items, in words: "1,200 events"; "more than 1,000 events" for None."""
    many = COUNTED if number is None else number
    shown = {"number": format_decimal(many, locale=dates.locale())}
    if number is None and model is Event:
        return ngettext("more than %(number)s event", "more than %(number)s events", many) % shown
    if number is None:
        return (
            ngettext("more than %(number)s statement", "more than %(number)s statements", many)
            % shown
        )
    if model is Event:
        return ngettext("%(number)s event", "%(number)s events", many) % shown
    return ngettext("%(number)s statement", "%(number)s statements", many) % shown


def _numbered_bars(shown: Shown) -> list[dict[str, Any]]:
    """The bars with where they lead and what they say."""
    query = shown.query()
    return [
        {
            "bar": bar,
            "url": bar.archive.url + query if bar.number is None or bar.number else "",
            "items": "" if bar.number is None else counted(shown.listing.model, bar.number),
            "number": "" if bar.number is None else bar.number,
            "top": 100 - bar.share,
        }
        for bar in shown.bars()
    ]


def _turns(shown: Shown) -> dict[str, Any]:
    """From an archive to the one before, the one after, and what holds them all."""
    if shown.here is None:
        return {}
    query = shown.query()
    before, after = (
        each and {"name": each.name, "url": each.url + query} for each in shown.around()
    )
    above = {"name": _("All years"), "url": reverse(f"public:{shown.listing.route}") + query}
    if shown.here.month:
        year = shown.here.whole_year
        above = {"name": year.name, "url": year.url + query}
    return {"before": before, "above": above, "after": after}


def _month(shown: Shown) -> Any:
    """The calendar of a month of events."""
    if shown.listing is not EVENTS or not shown.here or not shown.here.month:
        return None
    if not shown.is_valid:
        return None
    base = reverse("public:events")
    today = dates.office_today(visibility.moment())
    drawn = month_of(shown.narrowed(but="month"), shown.here.first_day, today)
    for day in drawn.filled() if drawn else ():
        day.url = base + shown.query(since=day.iso, until=day.iso, when="", sort="")
        day.items = counted(Event, len(day.events))
    return drawn


def _list_page(
    request: HttpRequest, listing: Listing, heading: str, here: Archive | None = None
) -> HttpResponse:
    shown = Shown(listing, request.GET, here)
    names = browsing.choices(shown)
    ascending = (shown.sort or shown.usual) == "oldest"
    rows = shown.narrowed()
    if listing is STATEMENTS:
        said_by = Speaker.objects.public().select_related("person")
        rows = rows.prefetch_related(Prefetch("speakers", said_by, to_attr="said_by"))
    listed = page_of(
        rows, listing.key, request.GET, as_moment=listing.as_moment, ascending=ascending, back=True
    )
    entries = calendar.of_list(shown) if listing is EVENTS and shown.is_valid else None
    return page(
        request, f"public/{listing.route}.html", listing.route,
        calendar=entries, alternates=[entries] if entries else [],
        heading=f"{heading}: {here.name}" if here else heading,
        list_name=heading, list_url=reverse(f"public:{listing.route}"), archive=here,
        page=listed, filter=shown.filter, fields=browsing.fields(shown, names, TYPED),
        filtered=bool(shown.chosen) or bool(shown.filter.form.errors),
        when=shown.when, sort=shown.sort, total=counted(listing.model, shown.total()),
        chips=_chips(shown, names), bars=_numbered_bars(shown), turns=_turns(shown),
        month=_month(shown), whens=_whens(shown), sorts=_sorts(shown),
        feeds=list_feeds(listing.route, shown.narrowing()) if shown.is_valid else (),
    )  # fmt: skip


def _to_year(request: HttpRequest) -> HttpResponse:
    """Years were a filter once: to the archive of the year, with the other filters kept."""
    params = request.GET.copy()
    year = params.pop("year")[-1]
    if not re.fullmatch("[0-9]{4}", year):
        raise Http404
    there = reverse("public:events_year", args=[int(year)])
    return HttpResponsePermanentRedirect(f"{there}?{params.urlencode()}" if params else there)


@public_page("year", *EVENTS.known)
def events(request: HttpRequest) -> HttpResponse:
    """All events, the latest first, with filters and the years' bars."""
    if "year" in request.GET:
        return _to_year(request)
    return _list_page(request, EVENTS, _("All events"))


@public_page(*EVENTS.known)
def events_year(request: HttpRequest, year: int) -> HttpResponse:
    """The events of a year; 404 for a year without any."""
    return _list_page(request, EVENTS, _("All events"), Archive("events", year))


@public_page(*EVENTS.known)
def events_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The events of a month, as far as their month is known; 404 for one without any."""
    return _list_page(request, EVENTS, _("All events"), month_archive("events", year, month))


@public_page(*STATEMENTS.known)
def statements(request: HttpRequest) -> HttpResponse:
    """All statements, the newest first."""
    return _list_page(request, STATEMENTS, _("All statements"))


@public_page(*STATEMENTS.known)
def statements_year(request: HttpRequest, year: int) -> HttpResponse:
    """The statements published in a year; 404 for a year without any."""
    return _list_page(request, STATEMENTS, _("All statements"), Archive("statements", year))


@public_page(*STATEMENTS.known)
def statements_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The statements published in a month; 404 for one without any."""
    here = month_archive("statements", year, month)
    return _list_page(request, STATEMENTS, _("All statements"), here)


def month_archive(route: str, year: int, month: int) -> Archive:
    """A month of a list. Raises Http404 for one that there is not."""
    if not month:  # 0 would be the whole year
        raise Http404
    return Archive(route, year, month)
