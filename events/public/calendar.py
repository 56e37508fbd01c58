"""iCalendar for the calendars of diplomats and newsrooms: all events or those that filters leave,
those that name somebody or something, and one event by itself (RFC 5545 and 7986).

A calendar follows from its address and the public record, never from the clock: it is unchanged
while they are. Programs do not page, so that it comes whole, up to a number of events; filters by
day lead to older ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

import icalendar
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import dates
from ..addresses import absolute
from ..languages import current
from ..models import Country, Event, Organisation, Person, Series, Topic
from . import browsing, connected, gone
from .filters import FIRST_DAY, LAST_DAY
from .listing import EVENTS, Shown, Uncounted
from .metadata import feed_title, office_name
from .pages import public_page
from .vevent import has_day, text, uri, vevent, with_all

# The latest so many by date: what a small server draws in a second or two, and programs hold.
MOST = 2000
# How often a program may as well ask: an unchanged calendar costs it and the office nothing.
AGAIN = timedelta(hours=1)
# The accent of the pages, among the colours that have a name (RFC 7986, 5.9).
COLOUR = "brown"
TYPE = "text/calendar"


@dataclass(frozen=True)
class CalendarLink:
    """A calendar as pages name it: its title, and its path with the filters of the page."""

    title: str
    url: str
    type: str = TYPE

    @property
    def address(self) -> str:
        """What is given to a program that knows no such links."""
        return absolute(self.url)

    @property
    def webcal(self) -> str:
        """What programs open to subscribe; by TLS where the office has it."""
        parts = urlsplit(self.address)
        return parts._replace(scheme="webcals" if parts.scheme == "https" else "webcal").geturl()


def of_all() -> CalendarLink:
    """The calendar of all events."""
    return CalendarLink(feed_title("events"), reverse("public:events_calendar"))


def of_list(shown: Shown) -> CalendarLink:
    """The calendar of a list of events, with what is chosen in it; that of an archive is bound to
    the archive's days."""
    query = shown.query(when="", sort="", **_bounds(shown))
    whole = of_all()
    return CalendarLink(whole.title, whole.url + query)


def _bounds(shown: Shown) -> dict[str, str]:
    here = shown.here
    if here is None or not FIRST_DAY <= here.first_day <= LAST_DAY:
        return {}
    first, last = here.first_day, dates.last_day(here.first_day, here.facet)
    since, until = (shown.chosen.get(name) for name in ("since", "until"))
    return {
        "since": max(first, since or first).isoformat(),
        "until": min(last, until or last).isoformat(),
    }


def of_row(row: Any) -> CalendarLink:
    """The calendar of a person, an organisation, a country, a topic or a series."""
    return CalendarLink(_row_title(row), f"{row.get_absolute_url()}calendar.ics")


def of_event(event: Any) -> CalendarLink | None:
    """The entry of an event; None for one that has no day to be entered under."""
    if not has_day(event):
        return None
    return CalendarLink(event.title, reverse("public:event_calendar", args=[event.slug]))


def _row_title(row: Any) -> str:
    return f"{office_name()}: {row.name}"


@public_page(*EVENTS.filters.base_filters, by_state=True)
def events(request: HttpRequest) -> HttpResponse:
    """All events, or those that the filters of their list leave. Raises BadRequest that names a
    value which is none."""
    title, rows, query = feed_title("events"), EVENTS.public(), ""
    if request.GET:
        shown = Uncounted(EVENTS, request.GET, None)
        shown.refuse_unknown()
        rows, query = shown.narrowed(), shown.query()
        if chosen := browsing.chips(shown, browsing.choices(shown)):
            title += f" ({', '.join(str(each['name']) for each in chosen)})"
    page = reverse("public:events") + query
    return _answer(title, request.path + query, page, with_all(rows, MOST), "events")


def _of(model: Any) -> Any:
    @public_page(by_state=True)
    def of_one(request: HttpRequest, address: str) -> HttpResponse:
        """The events that name one row. Raises Http404 for a row that nothing public names, as for
        one that never was."""
        if address != address.lower():
            raise Http404
        value = address.upper() if model is Country else address
        row = get_object_or_404(model.objects.public(), **{model.ADDRESS: value})
        rows = connected.naming(row, Event)
        return _answer(_row_title(row), request.path, row.get_absolute_url(), with_all(rows, MOST),
                       address)  # fmt: skip

    return of_one


person, organisation, country, topic, series = (
    _of(model) for model in (Person, Organisation, Country, Topic, Series)
)


@public_page(by_state=True)
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event; 410 where its text was retracted. A withdrawn page has no entry, and neither has
    an event without a day: Http404."""
    if gone.readable(Event.objects.public(), Event, slug) is None:
        return gone.retracted_at(Event, slug)
    found = with_all(Event.objects.public().filter(slug=slug), 1)
    if not found:
        raise Http404
    page = found[0].get_absolute_url()
    return _answer(f"{office_name()}: {found[0].title}", request.path, page, found, slug)


def _answer(title: str, path: str, page: str, found: Iterable[Any], name: str) -> HttpResponse:
    calendar = _calendar(title, absolute(path), absolute(page))
    for each in found:
        calendar.add_component(vevent(each))
    if not calendar.subcomponents:
        # Who subscribed before there was anything, or after it went, must not get an error; and
        # a calendar holds one component at least (RFC 5545, 3.6).
        calendar.add_component(_utc())
    response = HttpResponse(calendar.to_ical(), content_type=f"{TYPE}; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response


def _calendar(title: str, address: str, page: str) -> icalendar.Calendar:
    """A calendar without entries. It has no METHOD: it is published to be read."""
    lang, made = current(), icalendar.Calendar()
    about = _("The public events of %(office)s. New dates, postponements and cancellations come"
              " here as they are announced.") % {"office": office_name()}  # fmt: skip
    made.add("version", "2.0")
    made.add("prodid", text(f"-//{urlsplit(address).hostname}//Press office//{lang.upper()}"))
    made.add("calscale", "GREGORIAN")
    made.add("uid", str(uuid5(NAMESPACE_URL, address)))
    for known in ("name", "x-wr-calname"):
        made.add(known, text(title, lang if known == "name" else ""))
    for known in ("description", "x-wr-caldesc"):
        made.add(known, text(about, lang if known == "description" else ""))
    made.add("url", page)
    made.add("source", uri(address))
    made.add("color", COLOUR)
    made.add("refresh-interval", icalendar.vDuration(AGAIN, params={"VALUE": "DURATION"}))
    made.add("x-published-ttl", icalendar.vDuration(AGAIN))
    return made


def _utc() -> icalendar.Timezone:
    """The time zone of all times, as a component. It began in a local time (3.6.5)."""
    zone, standard = icalendar.Timezone(), icalendar.TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    standard.add("tzname", "UTC")
    zone.add_component(standard)
    return zone
