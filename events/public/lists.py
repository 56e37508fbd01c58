"""All events and all statements: filters, archives, pages by key."""

from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import dates
from ..models import (
    Event,
    Statement,
)
from .filters import EventFilter
from .metadata import page
from .pages import BadRequest, public_page
from .paging import page_of


def _years() -> list[dict[str, Any]]:
    """How many events happened in which year, for the bars that lead to each year."""
    rows = (
        Event.objects.public()
        .annotate(year=ExtractYear("date"))
        .values("year")
        .annotate(count=Count("pk"))
        .order_by("-year")
    )
    found = list(rows)
    most = max((row["count"] for row in found), default=1)
    return [
        {**row, "most": most, "url": reverse("public:events_year", args=[row["year"]])}
        for row in found
    ]


def _event_list(request: HttpRequest, rows: QuerySet[Any], **context: Any) -> HttpResponse:
    chosen = EventFilter(request.GET, queryset=rows, request=request)
    if chosen.unknown:
        raise BadRequest(
            _("Unknown parameter: %(names)s") % {"names": ", ".join(chosen.unknown)[:100]}
        )
    rows = chosen.qs if chosen.is_valid() else rows.none()
    listed = page_of(rows.select_related("country"), "date", request.GET)
    return page(
        request, "public/events.html", "events", page=listed, filter=chosen,
        filtered=chosen.chosen, years=_years(), **context,
    )  # fmt: skip


@public_page("after", "year", "country", "organisation", "topic")
def events(request: HttpRequest) -> HttpResponse:
    """All events, the latest first, with filters and the years' bars."""
    return _event_list(request, Event.objects.public())


@public_page("after", "country", "organisation", "topic")
def events_year(request: HttpRequest, year: int) -> HttpResponse:
    """The events of a year; 404 for a year without any."""
    rows = Event.objects.public().filter(date__year=year)
    if not 1 <= year <= 9999 or not rows.exists():
        raise Http404
    return _event_list(request, rows, year=year)


@public_page("after", "country", "organisation", "topic")
def events_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The events of a month, as far as their month is known; 404 for one without any."""
    rows = Event.objects.public().filter(date__year=year, date__month=month)
    rows = rows.exclude(date_precision="year")
    if not 1 <= month <= 12 or not rows.exists():
        raise Http404
    month_name = dates.written(dates.parse(f"{year:04}-{month:02}")[0], "month")
    return _event_list(request, rows, year=year, month_name=month_name)


@public_page("after")
def statements(request: HttpRequest) -> HttpResponse:
    """All statements, the newest first."""
    rows = page_of(Statement.objects.public(), "published_at", request.GET, as_moment=True)
    return page(request, "public/statements.html", "statements", page=rows)
