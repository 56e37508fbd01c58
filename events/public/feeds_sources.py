"""What a feed is of: its rows, the page that shows them to a person, and its address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import search
from ..addresses import absolute
from ..languages import columns
from ..models import Entry as Words
from ..models import Event, Outcome, Publication, Quote, Statement
from ..search import Filters
from ..search.finding import matches_q
from . import connected, feeds_ended
from .choices import ROWS, worded
from .feeds_gather import Gathered, branch
from .ledger import OUTCOMES
from .listing import EVENTS, STATEMENTS, Listing, Uncounted
from .metadata import feed_name, feed_title, home_url, office_name, row_title
from .pages import BadRequest
from .quotes import QUOTES
from .rows import with_quotes

LISTS: dict[str, Listing] = {each.route: each for each in (EVENTS, STATEMENTS, QUOTES, OUTCOMES)}
# What a feed depends on the day for, which the state of the record does not tell.
BY_THE_DAY = frozenset({"when", "overdue"})
_EVENT = F("event__published_at")


@dataclass(frozen=True)
class Source:
    """What a feed is of: `rows` have passed the gate, and each knows when it was `published`.

    `ended` are those that are no more. `page` is the path of the page that shows the same,
    `path` the feed's own without the format, `query` what is chosen in both. `named` are the
    facets that are chosen, with their values, for the title.
    """

    title: str
    page: str
    path: str
    rows: QuerySet[Any]
    ended: QuerySet[Any]
    query: str = ""
    named: Mapping[str, str] = field(default_factory=dict)
    # Hubs are told of the feeds that a text is in by name. One of chosen filters must be asked: a
    # program that waited for a hub would wait for good.
    is_announced: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether its entries are events and statements, and not parts of them."""
        return issubclass(self.rows.model, Publication)

    def address(self, form: str, asked: str = "") -> str:
        """Its address in full; that of an archive of it, with what is `asked` beside the query."""
        query = "&".join(each for each in (self.query.removeprefix("?"), asked) if each)
        return absolute(f"{self.path}.{form}" + (f"?{query}" if query else ""))

    def names(self) -> Iterable[QuerySet[Any]]:
        """Branches of a query for the names of what is chosen."""
        for facet, value in self.named.items():
            if facet in ROWS:
                key = "iso2__iexact" if facet == "country" else "slug"
                rows = ROWS[facet].objects.public().filter(**{key: value})
                yield branch(f"chosen {facet}", rows, "pk", _names(facet))

    def full_title(self, found: Gathered) -> str:
        """What it is called, with what is chosen in words: `found` holds the names."""
        model = str(self.rows.model._meta.model_name)
        words = [self._chosen(model, *each, found) for each in self.named.items()]
        return f"{self.title} ({', '.join(words)})" if words else self.title

    def _chosen(self, model: str, facet: str, value: str, found: Gathered) -> str:
        if facet in ROWS:
            rows = [row for rows in found[f"chosen {facet}"].values() for row in rows]
            names = dict(zip(_names(facet), rows[0][1], strict=True)) if rows else {}
            return str(ROWS[facet](**names).name) if names else value
        if facet in ("text", "since", "until", "event"):
            return value
        if facet == "when":
            return {"upcoming": _("Upcoming events"), "past": _("Past events")}[value]
        return str(worded(model, facet, [value]).get(value, value))


def _names(facet: str) -> Sequence[str]:
    """The columns that hold what a row is called."""
    return ("iso2", "called") if facet == "country" else columns("name")


def _publications(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Events and statements with what their entries show."""
    rows = rows.annotate(published=F("published_at"))
    if rows.model is Publication:
        return rows.select_related("as_event__country", "as_statement")
    return rows.select_related("country") if rows.model is Event else rows


def _quotes(rows: QuerySet[Any]) -> QuerySet[Any]:
    return with_quotes(rows).annotate(published=F("statement__published_at"))


def _outcomes(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Outcomes are out with their event, or later, when they are announced."""
    announced = Coalesce(F("announced_in__published_at"), _EVENT)
    return rows.select_related("event").annotate(published=Greatest(_EVENT, announced))


_PREPARED: dict[Any, Callable[[QuerySet[Any]], QuerySet[Any]]] = {
    Quote: _quotes, Outcome: _outcomes,
}  # fmt: skip
_ENDED: dict[Any, Callable[[], QuerySet[Any]]] = {
    Quote: feeds_ended.of_quotes, Outcome: feeds_ended.of_outcomes,
    Event: lambda: feeds_ended.of_publications(Event),
    Statement: lambda: feeds_ended.of_publications(Statement),
}  # fmt: skip


def prepared(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows of any kind with what their entries show and when they were `published`."""
    return _PREPARED.get(rows.model, _publications)(rows)


def of_list(name: str) -> Source:
    """One of metadata.FEEDS."""
    path = reverse("public:feed", args=[name, "x"]).removesuffix(".x")
    if name in LISTS:
        model: Any = LISTS[name].model
        page, rows, ended = reverse(f"public:{name}"), LISTS[name].public(), _ENDED[model]()
    else:
        page, rows = home_url(), Publication.objects.public()
        ended = feeds_ended.of_publications()
    return Source(feed_title(name), page, path, prepared(rows), ended)


def of_row(row: Any) -> Source:
    """The events and statements that name a person, an organisation, a country, a topic, or that
    are of a series."""
    page = row.get_absolute_url()
    return Source(row_title(row), page, f"{page}feed", prepared(connected.naming(row)),
                  feeds_ended.of_publications(about=row))  # fmt: skip


def understood(listing: Listing) -> tuple[str, ...]:
    """The parameters of a list that narrow it: a feed is in order of publication, and whole."""
    return (*listing.filters.base_filters, *(("when",) if listing.when else ()))


def of_choice(route: str, params: QueryDict) -> Source:
    """What the filters of a list leave, and whatever of the list has ended: what that was about is
    known no longer. Raises BadRequest that names a value which is none."""
    listing = LISTS[route]
    given = params.copy()
    for name in set(given) - set(understood(listing)):
        del given[name]
    shown = Uncounted(listing, given, None)
    shown.refuse_unknown()
    query = shown.query()
    chosen = {name: str(value) for name, value in shown.chosen.items()}
    named = chosen | ({"when": shown.when} if shown.when else {})
    path = reverse(f"public:{route}_feed", args=["x"]).removesuffix(".x")
    model: Any = listing.model
    return Source(feed_title(route), reverse(f"public:{route}") + query, path,
                  prepared(shown.narrowed()), _ENDED[model](), query, named,
                  is_announced=False)  # fmt: skip


def of_search(params: QueryDict, filters: Filters, query: str) -> Source:
    """The events and statements that search finds words in, those of their quotes and outcomes
    among them. Raises BadRequest where there is nothing to look for."""
    words = search.parse(params.get("q", ""))
    if not words:
        raise BadRequest(_("Give a word to look for."))
    found = filters.narrow(Words.objects.public()).filter(matches_q(words))
    rows = Publication.objects.public().filter(pk__in=found.values("publication"))
    path = reverse("public:search_feed", args=["x"]).removesuffix(".x")
    title = f"{office_name()}: {feed_name('search')} – {words.text}"
    return Source(title, reverse("public:search") + query, path, prepared(rows),
                  feeds_ended.of_publications(), query, is_announced=False)  # fmt: skip
