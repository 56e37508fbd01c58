"""The front page, and what answers where there is nothing: 400, 404, 500."""

from datetime import date, timedelta
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import Error
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import dates, visibility
from ..languages import asked_for
from ..models import Outcome, Publication, Quote
from . import problems
from .ahead import counted, upcoming
from .metadata import contacts, error_page, office_name, page
from .pages import public_page
from .rows import with_outcomes, with_quotes

NEW_ROWS = 7
NEXT_ROWS = 5
QUOTES = 3
OUTCOMES = 5
# What was released within so many days is news: the lead of the front page.
NEWS = timedelta(days=14)
LATEST_ROWS = 5


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """To the reader's language: the one public address that looks at a header."""
    response = HttpResponseRedirect(f"/{asked_for(request)}/")
    response.headers["Vary"] = "Accept-Language"
    response.headers["Cache-Control"] = "no-store"
    return response


def _newest(number: int) -> list[Any]:
    """The events and statements published last, each whole, by one query."""
    rows = Publication.objects.public().select_related("as_event", "as_statement")
    return [row.child for row in rows.newest()[:number]]


def _lead(newest: list[Any]) -> Any:
    """What leads the front page: the newest event or statement that this office released in
    the last days (NEWS); in a quieter time the newest there is. Archive material, which came
    out before this site, leads only where nothing else can. None where nothing is published."""
    first = next((each for each in newest if not each.is_archive), None)
    if first is not None:
        return first
    # A whole archive may have been added since the last release; the index bounds the search.
    since = visibility.moment() - NEWS
    rows = Publication.objects.public().filter(published_at__gte=since, first_released_on=None)
    found = rows.select_related("as_event", "as_statement").newest().first()
    return found.child if found else next(iter(newest), None)


def _moved(today: date) -> list[Any]:
    """The outcomes that moved last, each with the day as `moved_on`: of its latest progress,
    else of the event that agreed it."""
    rows = Outcome.objects.public().alias(latest=Max("progress__date"))
    rows = rows.annotate(moved_on=Coalesce("latest", "event__date")).filter(moved_on__lte=today)
    return list(with_outcomes(rows.order_by("-moved_on", "event", "order", "uid"))[:OUTCOMES])


def front(today: date) -> dict[str, Any]:
    """What is new, what is next, what was said, what came of it: the `lead`, the `news`, and what
    is `upcoming`; `quotes` and `outcomes`."""
    newest = _newest(NEW_ROWS + 1 + NEXT_ROWS)
    lead, nearest = _lead(newest), counted(upcoming(today)[:NEXT_ROWS], today)
    told = {each.pk for each in (lead, *nearest) if each}
    said = with_quotes(Quote.objects.public()).order_by("-statement__date", "-uid")
    return {
        "lead": lead, "news": [each for each in newest if each.pk not in told][:NEW_ROWS],
        "upcoming": nearest, "quotes": list(said[:QUOTES]), "outcomes": _moved(today),
    }  # fmt: skip


@public_page()
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    shown = front(dates.office_today(visibility.moment()))
    return page(request, "public/home.html", "home", contacts=contacts(), **shown)


@public_page()
def contacts_page(request: HttpRequest) -> HttpResponse:
    """Whom a journalist may write to."""
    return page(request, "public/contacts.html", "contacts", contacts=contacts())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The one 404: the same for what is embargoed and what never existed. It shows the latest
    that anybody may read, and answers all the same while the database cannot be reached. At an
    address of data it is a problem, and as much the same."""
    if problems.is_data(request):
        return problems.problem(404)
    try:
        latest = _newest(LATEST_ROWS)
    except Error:
        latest = []
    return error_page("404.html", 404, latest=latest)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A 400 in house style, or a problem."""
    if problems.is_data(request):
        return problems.problem(400)
    return error_page("400.html", 400, message=_("Check the address, or look in the lists."))


def server_error(request: HttpRequest | None) -> HttpResponse:
    """A 500 that asks nothing of what may just have failed: no queries, and not even the
    stylesheet where its address is not known."""
    if request is not None and problems.is_data(request):
        return problems.problem(500)
    try:
        style = staticfiles_storage.url("css/site.css")
    except ValueError:
        style = ""
    context = {"style": style, "office_name": office_name()}
    return HttpResponse(render_to_string("500.html", context), status=500)
