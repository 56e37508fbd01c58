"""Feeds: the latest, each list with whatever filters are chosen in it, all about a person, an
organisation, a country, a topic or a series, and what search finds; in RSS 2.0, Atom and JSON Feed.

feeds_sources.py   what a feed is of
feeds_archive.py   which entries a document of it holds, and the way to the others (RFC 5005)
feeds_entry.py     what an entry says; feeds_entries.py makes them of events and statements,
                   feeds_parts.py of quotes and outcomes, feeds_ended.py of what is no more
feeds_gather.py    what entries name, in one query
feeds_rss.py, feeds_atom.py, feeds_json.py   the formats
feeds_page.py      the page that explains feeds, and builds one from filters
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from ..addresses import absolute
from ..languages import current
from ..markup import strip_controls
from ..models import Country, Organisation, Outcome, Person, Publication, Quote, Series, Topic
from . import feeds_ended, feeds_entries, feeds_parts, feeds_sources, search
from .feeds_archive import NEWEST, PARAMETERS, Chosen, chosen
from .feeds_atom import written_atom
from .feeds_entry import EPOCH, Entry, FeedDocument, Link
from .feeds_gather import Gathered
from .feeds_json import written_json
from .feeds_rss import written_rss
from .feeds_sources import BY_THE_DAY, LISTS, Source
from .metadata import FEEDS, FORMATS, office_name
from .pages import public_page


@dataclass(frozen=True)
class _Writer:
    """`type` is what a feed is sent as. Browsers show the source of a feed that is sent by its own
    XML type; as plain XML, which every reader of feeds takes, it comes in the house's style."""

    write: Callable[[FeedDocument], str]
    type: str


_XML = "application/xml; charset=utf-8"
WRITERS = {
    "rss": _Writer(written_rss, _XML),
    "atom": _Writer(written_atom, _XML),
    "json": _Writer(written_json, "application/feed+json; charset=utf-8"),
}


def _entries(source: Source, rows: Any) -> tuple[list[Entry], Gathered]:
    make: Any = {Quote: feeds_parts.quotes, Outcome: feeds_parts.outcomes}.get(
        source.rows.model, feeds_entries.entries
    )
    if source.rows.model is Publication:
        rows = [row.child for row in rows]
    entries: tuple[list[Entry], Gathered] = make(rows, source.names())
    return entries


def _newest(entries: list[Entry], notices: list[Entry], asked: Chosen) -> list[Entry]:
    """The newest of a feed: the entries that no archive has yet, whatever came later in another
    language, and the notices of what ended, while they are among the newest."""
    kept = {f"urn:uuid:{uid}" for uid in asked.kept}
    rows = sorted([*entries, *notices], key=lambda each: (each.published, each.urn), reverse=True)
    return [each for place, each in enumerate(rows) if each.urn in kept or place < NEWEST]


def _links(source: Source, asked: Chosen, form: str) -> tuple[Link, ...]:
    """The other formats of the document, and the others of its feed."""
    links = [
        Link("alternate", source.address(other), FORMATS[other][1], FORMATS[other][0])
        for other in FORMATS
        if other != form
    ]
    own = FORMATS[form][1]
    if asked.is_archive:
        links.append(Link("current", source.address(form), own))
    if asked.older:
        links.append(Link("prev-archive", source.address(form, asked.older), own))
    if asked.newer:
        links.append(Link("next-archive", source.address(form, asked.newer), own))
    return tuple(links)


def _answer(request: HttpRequest, source: Source, form: str) -> HttpResponse:
    asked = chosen(source, request.GET)
    entries, found = _entries(source, asked.rows)
    if not asked.is_archive:
        entries = _newest(entries, feeds_ended.notices(source.ended, NEWEST), asked)
    here = QueryDict(mutable=True)
    here.update({name: request.GET[name] for name in PARAMETERS if name in request.GET})
    document = FeedDocument(
        id=source.address(form),
        title=strip_controls(source.full_title(found)),
        description=_("Events, statements, quotes and outcomes of %(office)s")
        % {"office": office_name()},
        language=current(),
        author=office_name(),
        page=absolute(source.page),
        guide=absolute(reverse("public:feeds")),
        address=source.address(form, here.urlencode()),
        entries=tuple(entries),
        links=_links(source, asked, form),
        hubs=tuple(settings.WEBSUB_HUBS) if source.is_announced and not asked.is_archive else (),
        older=source.address(form, asked.older) if asked.older else "",
        is_archive=asked.is_archive,
        style=static("css/feed.css"),
        # From the content and never from the clock, so that unchanged means unchanged.
        updated=max((each.updated for each in entries), default=EPOCH),
    )
    response = HttpResponse(WRITERS[form].write(document), content_type=WRITERS[form].type)
    if document.hubs:
        # Where WebSub looks first (W3C WebSub, 4): in the header, whatever the format.
        found_by = [(each, "hub") for each in document.hubs] + [(document.address, "self")]
        response.headers["Link"] = ", ".join(f'<{href}>; rel="{rel}"' for href, rel in found_by)
    return response


def _known(form: str) -> str:
    """The format that an address ends with. Raises Http404 for any other."""
    if form not in FORMATS:
        raise Http404
    return form


@public_page(*PARAMETERS, by_state=True)
def feed(request: HttpRequest, name: str, ext: str) -> HttpResponse:
    """One of the feeds of this language. Raises Http404 for a name or format unknown."""
    if name not in FEEDS:
        raise Http404
    return _answer(request, feeds_sources.of_list(name), _known(ext))


def _of(model: Any) -> Any:
    @public_page(*PARAMETERS, by_state=True)
    def of_row(request: HttpRequest, address: str, ext: str) -> HttpResponse:
        """The events and statements that name one row. Raises Http404 for a row that nothing
        public names, as for one that never was."""
        form = _known(ext)
        if address != address.lower():
            raise Http404
        value = address.upper() if model is Country else address
        row = get_object_or_404(model.objects.public(), **{model.ADDRESS: value})
        return _answer(request, feeds_sources.of_row(row), form)

    return of_row


def _of_list(route: str) -> Any:
    known = (*feeds_sources.understood(LISTS[route]), *PARAMETERS)

    def narrowed(request: HttpRequest, ext: str) -> HttpResponse:
        """What the filters of a list leave of it."""
        form = _known(ext)
        return _answer(request, feeds_sources.of_choice(route, request.GET), form)

    by_state = public_page(*known, by_state=True)(narrowed)
    by_day = public_page(*known)(narrowed)

    def view(request: HttpRequest, ext: str) -> HttpResponse:
        """A list's feed: kept as long as the record is as it is, unless the day decides."""
        response: HttpResponse = (by_day if BY_THE_DAY & set(request.GET) else by_state)(
            request, ext
        )
        return response

    return view


person, organisation, country, topic, series = (
    _of(model) for model in (Person, Organisation, Country, Topic, Series)
)
events, statements, quotes, outcomes = (
    _of_list(route) for route in ("events", "statements", "quotes", "outcomes")
)


@public_page("q", "kind", "year", "language", *PARAMETERS, by_state=True)
def found(request: HttpRequest, ext: str) -> HttpResponse:
    """The events and statements in which search finds words, the newest first. What is looked for
    here is subscribed to: unlike a page of results it may be kept, for the second that anything
    is, so that who comes again is told that nothing has changed."""
    form = _known(ext)
    filters = search.filters_of(request.GET)
    query = search.asked(request.GET.get("q", ""), filters)
    return _answer(request, feeds_sources.of_search(request.GET, filters, query), form)
