"""The front page, and what answers where there is nothing: 400, 404, 500."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import dates, visibility
from ..models import (
    Event,
    Outcome,
    Quote,
    Statement,
)
from .metadata import contacts, error_page, page
from .pages import public_page
from .rows import with_outcomes, with_quotes

HOME_ROWS = 5


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """To the reader's language: the one public address that looks at a header."""
    language = translation.get_language_from_request(request)
    response = HttpResponseRedirect(f"/{language}/")
    response.headers["Vary"] = "Accept-Language"
    response.headers["Cache-Control"] = "no-store"
    return response


@public_page()
def home(request: HttpRequest) -> HttpResponse:
    """What is new, what is next, what was said, what came of it."""
    today = dates.office_today(visibility.moment())
    upcoming = Event.objects.public().filter(until__gte=today).exclude(state="cancelled")
    past = Event.objects.public().filter(until__lt=today)
    return page(
        request, "public/home.html", "home",
        latest=list(Statement.objects.public().newest()[:HOME_ROWS]),
        upcoming=list(upcoming.order_by("date", "uid")[:HOME_ROWS]),
        events=list(past.latest_first().select_related("country")[:HOME_ROWS]),
        quotes=list(with_quotes(Quote.objects.public()).order_by("-statement__date", "-uid")[:3]),
        outcomes=list(
            with_outcomes(Outcome.objects.public()).order_by("-event__date", "order")[:6]
        ),
        contacts=contacts(),
    )  # fmt: skip


@public_page()
def feeds(request: HttpRequest) -> HttpResponse:
    """The page that explains the feeds to a person."""
    return page(request, "public/feeds.html", "feeds")


@public_page()
def contacts_page(request: HttpRequest) -> HttpResponse:
    """Whom a journalist may write to."""
    return page(request, "public/contacts.html", "contacts", contacts=contacts())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The one 404: the same for what is embargoed and what never existed."""
    return error_page("404.html", 404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A 400 in house style."""
    return error_page("400.html", 400, message=_("This request cannot be understood."))


def server_error(request: HttpRequest) -> HttpResponse:
    """A 500 that asks nothing of what may just have failed: no queries, no context."""
    return HttpResponse(render_to_string("500.html"), status=500)
