"""Every public page. Rows come through the gate; nothing here knows who is asking."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import dates, editions, visibility
from ..models import (
    Event,
    Outcome,
    OutcomeState,
    Participant,
    Publication,
    Quote,
    Statement,
)  # fmt: skip
from . import corrections, gone
from .filters import EventFilter
from .metadata import contacts, error_page, page
from .pages import BadRequest, public_page
from .paging import page_of

HOME_ROWS = 5
OTHERS = 6


def _quotes(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("person", "statement", "statement__event")


def _outcomes(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("event").prefetch_related("countries", "organisations")


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
        quotes=list(_quotes(Quote.objects.public()).order_by("-statement__date", "-uid")[:3]),
        outcomes=list(_outcomes(Outcome.objects.public()).order_by("-event__date", "order")[:6]),
        contacts=contacts(),
    )  # fmt: skip


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
            Prefetch("quotes", _quotes(Quote.objects.public())),
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


@public_page("after")
def statements(request: HttpRequest) -> HttpResponse:
    """All statements, the newest first."""
    rows = page_of(Statement.objects.public(), "published_at", request.GET, as_moment=True)
    return page(request, "public/statements.html", "statements", page=rows)


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
        quotes=list(_quotes(item.quotes.readable())),
        outcomes=list(_outcomes(outcomes)),
        withdrawn=item.status == visibility.Status.WITHDRAWN,
        contacts=list(item.media_contacts.all()) or contacts(),
        **_named(item, "topics", "organisations"), **_edition(item),
    )  # fmt: skip


@public_page("after")
def quotes(request: HttpRequest) -> HttpResponse:
    """All quotes, the latest first."""
    rows = page_of(_quotes(Quote.objects.public()), "statement__date", request.GET)
    return page(request, "public/quotes.html", "quotes", page=rows)


@public_page()
def quote(request: HttpRequest, uid: Any) -> HttpResponse:
    """One quote at its permalink; 410 with its statement, or taken out of it."""
    item = _quotes(Quote.objects.readable()).filter(pk=uid).first()
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


@public_page("after")
def outcomes(request: HttpRequest) -> HttpResponse:
    """The ledger: what was promised, and what became of it."""
    rows = _outcomes(Outcome.objects.public()).select_related("event", "follow_up")
    listed = page_of(rows, "event__date", request.GET)
    return page(
        request, "public/outcomes.html", "outcomes", page=listed, states=OutcomeState.choices
    )


@public_page()
def outcome(request: HttpRequest, uid: Any) -> HttpResponse:
    """One outcome with its dated progress; a citation is shown while what it cites is public."""
    rows = _outcomes(Outcome.objects.readable()).select_related(
        "event", "announced_in", "follow_up"
    )
    item = rows.filter(pk=uid).first()
    if item is None:
        return gone.part("outcome", uid)
    return page(
        request, "public/outcome.html", "outcomes", item=item.event, outcome=item,
        event=item.event, statement=item.announced_in, progress=_progress(item),
        withdrawn=item.event.status == visibility.Status.WITHDRAWN,
        told=corrections.of_part(item.event, "outcomes", item.pk),
    )  # fmt: skip


def _progress(outcome: Outcome) -> list[Any]:
    steps = list(outcome.progress.all())
    cited = Publication.objects.public().in_bulk([step.cites_id for step in steps if step.cites_id])
    for step in steps:
        step.outcome, step.shown_citation = outcome, cited.get(step.cites_id)
    return steps


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
