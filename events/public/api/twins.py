"""The JSON twin of every page, at its address with .json: the same filters, the same gate.

A twin is chosen by its address alone, never by a header. What it holds is in all the languages
that are ready, whatever the language of the address, which that of its errors and names follows.
"""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from ... import dates, opendata, visibility
from ... import search as searching
from ...addresses import absolute
from ...languages import current
from ...models import MediaContact
from ...opendata import links
from .. import connected, home, search
from ..archive import Archive
from ..history import number_of
from ..lists import month_archive
from ..metadata import feed_links, office_name, row_feed
from ..pages import public_page
from ..problems import written
from . import editions, lists, single
from .document import document
from .lists import KINDS, LIMIT, by_state

_SEARCHED = ("q", "kind", "year", "language", "after")


def _list(name: str) -> Any:
    @public_page(*KINDS[name].known, by_state=by_state)
    def listed(request: HttpRequest, **here: int) -> HttpResponse:
        """A list, or a year or a month of it."""
        archive = _archive(name, **here)
        return lists.answer(lists.found(KINDS[name], request.GET, request.path, archive))

    return listed


def _archive(
    route: str, year: int | None = None, month: int | None = None
) -> Archive | None:  # fmt: skip
    if year is None:
        return None
    return Archive(route, year) if month is None else month_archive(route, year, month)


events, statements = _list("events"), _list("statements")
quotes, outcomes = _list("quotes"), _list("outcomes")


def _text(name: str) -> Any:
    @public_page(by_state=True)
    def text(request: HttpRequest, slug: str) -> HttpResponse:
        """An event or a statement."""
        return single.text(name, slug=slug)

    return text


event, statement = _text("events"), _text("statements")


def _history(name: str) -> Any:
    @public_page("edition", by_state=True)
    def history(request: HttpRequest, slug: str) -> HttpResponse:
        """The public editions, or one of them as it stood."""
        item, refusal = single.readable(name, slug=slug)
        if refusal is not None:
            return refusal
        if "edition" in request.GET:
            return editions.one(item, number_of(request))
        return editions.listed(item)

    return history


event_history, statement_history = _history("events"), _history("statements")


def _part(name: str) -> Any:
    @public_page(by_state=True)
    def part(request: HttpRequest, uid: UUID) -> HttpResponse:
        """A quote or an outcome."""
        return single.part(name, uid)

    return part


quote, outcome = _part("quotes"), _part("outcomes")


def _rows(name: str) -> Any:
    @public_page(by_state=True)
    def rows(request: HttpRequest) -> HttpResponse:
        """All rows of a kind that something public names, as on their page."""
        model, records = single.ROWS[name]
        return written({"items": records(model.objects.public().order_by(model.ADDRESS))})

    return rows


people, organisations, countries = _rows("people"), _rows("organisations"), _rows("countries")
topics, series_list = _rows("topics"), _rows("series")


def _row(name: str) -> Any:
    kinds = () if name == "series" else ("kind",)

    @public_page("after", LIMIT, *kinds, by_state=True)
    def of_row(request: HttpRequest, address: str) -> HttpResponse:
        """A row, and the events and statements that name it."""
        if address != address.lower():  # one address for one page
            raise Http404
        key = single.ROWS[name][0].ADDRESS
        found = single.row(name, **{key: address.upper() if name == "countries" else address})
        rows = connected.naming(found)
        if kind := connected.asked_kind(request.GET):
            rows = rows.filter(model=kind)
        return written(
            {**single.named(name, found), "feed": row_feed(found).address,
             "publications": lists.about(rows, request.GET, request.path)}
        )  # fmt: skip

    return of_row


person, organisation, country = _row("people"), _row("organisations"), _row("countries")
topic, series = _row("topics"), _row("series")


@public_page()
def index(request: HttpRequest) -> HttpResponse:
    """The front page: what is new, what is next, what was said, what came of it."""
    shown = home.front(dates.office_today(visibility.moment()))
    newest = [each for each in (shown["lead"], *shown["news"]) if each]
    return written({
        "office": office_name(), "news": opendata.publications(newest),
        "upcoming": opendata.events(shown["upcoming"]),
        "quotes": opendata.quotes(shown["quotes"]),
        "outcomes": opendata.outcomes(shown["outcomes"]),
    })  # fmt: skip


@public_page(by_state=True)
def contacts(request: HttpRequest) -> HttpResponse:
    """Whom journalists may ask."""
    return written({"items": opendata.contacts(MediaContact.objects.public().filter(general=True))})


@public_page(by_state=True)
def feeds(request: HttpRequest) -> HttpResponse:
    """The feeds of this language."""
    return written({"items": [
        {"title": each.title, "url": each.address, "media_type": each.type} for each in feed_links()
    ]})  # fmt: skip


@public_page(by_state=True)
def api(request: HttpRequest) -> HttpResponse:
    """What explains the open API to programs: the OpenAPI document."""
    return written(document())


def _hit(entry: Any) -> dict[str, Any]:
    own = entry.publication.slug if entry.model in ("event", "statement") else entry.uid
    path = search.address_of(entry.model, own, entry.language)
    return {
        "type": entry.model, "uid": str(entry.uid), "language": entry.language,
        "heading": entry.heading, "date": dates.iso(entry.publication.date,
                                                    entry.publication.date_precision),
        "page": absolute(path), "json": absolute(links.twin(path)),
        "api": links.api(entry.model, entry.uid),
    }  # fmt: skip


@public_page(*_SEARCHED)
def found(request: HttpRequest) -> HttpResponse:
    """What a search finds: the words of each result, and where it is."""
    filters, after = search.filters_of(request.GET), request.GET.get("after", "")
    query = searching.parse(request.GET.get("q", ""))
    results = searching.find(query, filters, current(), after) if query else None
    if results is None and after:
        raise Http404
    onward = None
    if results and results.next:
        there = search.asked(query.text, filters, after=results.next)
        onward = absolute(request.path) + there
    response = lists.answer({
        "query": query.text, "total": results.total if results else 0,
        "items": [_hit(each) for each in results.entries] if results else [], "next": onward,
    })  # fmt: skip
    # What somebody looks for is kept by no cache (DESIGN, section 7).
    response.headers["Cache-Control"] = "no-store"
    return response
