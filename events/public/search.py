"""The search page, and the description by which browsers learn to search here."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote as percent_encoded

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from .. import search as searching
from ..addresses import absolute
from ..languages import CODES, current, known_for
from ..models import Country, Organisation, Person, Series, Topic
from ..search import IN_TITLE, KINDS, WHOLE, Filters, Marker, Query
from ..typography import MARKS
from .metadata import list_feeds, office_name, page
from .pages import BadRequest, public_page

# Of one result, as a reader meets it; and of all of a kind, for the choice among them.
ONE = {
    "event": gettext_lazy("event"), "statement": gettext_lazy("statement"),
    "quote": gettext_lazy("quote"), "outcome": gettext_lazy("outcome"),
}  # fmt: skip
ALL = {
    "": pgettext_lazy("search results", "All"), "event": gettext_lazy("Events"),
    "statement": gettext_lazy("Statements"), "quote": gettext_lazy("Quotes"),
    "outcome": gettext_lazy("Outcomes"),
}  # fmt: skip
GROUPS = {
    "person": gettext_lazy("People"), "organisation": gettext_lazy("Organisations"),
    "country": gettext_lazy("Countries"), "topic": gettext_lazy("Topics"),
    "series": gettext_lazy("Series"),
}  # fmt: skip
PAGES = {model._meta.model_name: model.PAGE
         for model in (Person, Organisation, Country, Topic, Series)}  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """A result: the address of what was found in the language it was found in, its heading and
    the part of its text that matches, both marked. `language` is "" for the page's own."""

    entry: Any
    url: str
    heading: SafeString
    text: SafeString
    language: str

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return str(ONE[self.entry.model])


def address_of(name: str, argument: Any, language: str) -> str:
    """The path of an item's page in a language."""
    with translation.override(language):
        return reverse(f"public:{name}", args=[argument])


def _hits(query: Query, entries: Iterable[Any]) -> list[Hit]:
    markers = {code: Marker(query, code) for code in CODES}
    hits = []
    for entry in entries:
        marker, code = markers[entry.language], entry.language
        own = entry.publication.slug if entry.model in ("event", "statement") else entry.uid
        url = address_of(entry.model, own, code)
        language = "" if code == current() else code
        heading = marker.excerpt(entry.heading, whole=WHOLE)
        hits.append(Hit(entry, url, heading, _excerpt(entry, marker), language))
    return hits


def _excerpt(entry: Any, marker: Marker) -> SafeString:
    """The part of its text that matches; the beginning, where the title says it all. Exact words
    stand in quotation marks."""
    if entry.model != "quote":
        return marker.excerpt(entry.text, at_start=entry.place == IN_TITLE)
    opening, closing = known_for(MARKS, entry.language)
    return format_html("{}{}{}", opening, marker.excerpt(entry.text, whole=WHOLE), closing)


def _reference_groups(query: Query, entries: Iterable[Any]) -> list[dict[str, Any]]:
    """The rows that the words name, by kind."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        marker = Marker(query, entry.language)
        # The page of a person or a country is in the reader's language, whatever the name was.
        url = reverse(f"public:{PAGES[entry.model]}", args=[entry.address.lower()])
        groups.setdefault(entry.model, []).append({
            "url": url, "name": marker.mark(entry.heading), "text": marker.excerpt(entry.text, 120),
            "language": "" if entry.language == current() else entry.language,
        })  # fmt: skip
    return [{"title": GROUPS[name], "rows": groups[name]} for name in GROUPS if name in groups]


def filters_of(params: QueryDict) -> Filters:
    """What the search is limited to. Raises BadRequest for what is no choice of the page."""
    known = {"kind": "|".join(KINDS), "year": r"[12]\d{3}", "language": "|".join(CODES)}
    for name, pattern in known.items():
        value = params.get(name, "")
        if value and not re.fullmatch(pattern, value, re.ASCII):
            raise BadRequest(_("Unknown parameter: %(names)s") % {"names": f"{name}={value}"[:100]})
    return Filters(params.get("kind", ""), int(params.get("year") or 0), params.get("language", ""))


def asked(text: str, filters: Filters, **other: Any) -> str:
    """The query string of a search; what is not chosen is not in it."""
    chosen: dict[str, Any] = {"q": text, **asdict(filters), **other}
    params = QueryDict(mutable=True)
    params.update({name: value for name, value in chosen.items() if value})
    return "?" + params.urlencode()


def _kinds(query: Query, filters: Filters, numbers: dict[str, int]) -> list[dict[str, Any]]:
    """The kinds to choose from, each with how many there are under the other filters."""
    total = sum(numbers.values())
    return [
        {"name": name, "number": numbers.get(kind, 0) if kind else total,
         "current": kind == filters.kind, "url": asked(query.text, filters, kind=kind)}
        for kind, name in ALL.items()
    ]  # fmt: skip


@public_page("q", "kind", "year", "language", "after")
def search(request: HttpRequest) -> HttpResponse:
    """What holds the words, of everything public: at most four queries, whatever was typed."""
    filters = filters_of(request.GET)
    after = request.GET.get("after", "")
    query = searching.parse(request.GET.get("q", ""))
    context: dict[str, Any] = {"query": query, "filters": filters, "tongues": settings.LANGUAGES}
    if query:
        context |= _found(query, filters, after)
        title = f"{office_name()}: {query.text}"
        context["feeds"] = list_feeds("search", asked(query.text, filters), title)
    elif after:
        raise Http404
    response = page(request, "public/search.html", "search", indexed=False, **context)
    # What somebody looks for is kept by no cache (DESIGN, section 7).
    response.headers["Cache-Control"] = "no-store"
    return response


def _found(query: Query, filters: Filters, after: str) -> dict[str, Any]:
    results = searching.find(query, filters, current(), after)
    named: list[dict[str, Any]] = []
    if not (after or filters.kind or filters.year):
        named = _reference_groups(query, searching.references(query, current()))
    meant = "" if results.total or named else searching.suggest(query, filters)
    years = sorted({*results.years, *([filters.year] if filters.year else [])}, reverse=True)
    return {
        "results": results, "hits": _hits(query, results.entries), "named": named,
        "kinds": _kinds(query, filters, results.kinds), "years": years,
        "next": asked(query.text, filters, after=results.next) if results.next else "",
        "first": asked(query.text, filters) if after else "",
        "meant": meant, "meant_url": asked(meant, filters) if meant else "",
        "anywhere": asked(query.text, Filters()) if filters != Filters() else "",
    }  # fmt: skip


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """The OpenSearch 1.1 description of the search, in each language."""
    urls = []
    for code in CODES:
        with translation.override(code):
            urls.append(absolute(reverse("public:search")) + "?q={searchTerms}")
    body = render_to_string(
        "opensearch.xml",
        {"name": office_name(), "urls": urls, "codes": CODES, "here": absolute(request.path),
         "icon": absolute(percent_encoded(static("img/favicon.svg"), safe="/.-_"))},
    )  # fmt: skip
    return HttpResponse(body, content_type="application/opensearchdescription+xml")
