"""The lists of data: found by the filters of the pages, in the order of the pages, page by page."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale
from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ... import facets, opendata
from ...addresses import absolute
from ...facets import Counts
from ...languages import CODES
from ...models import (
    Event,
    EventKind,
    EventState,
    OutcomeKind,
    OutcomeState,
    Publication,
    Reliability,
    StatementKind,
)  # fmt: skip
from ..archive import Archive
from ..filters import MarkedFilter, MarkFilter
from ..ledger import DUE, OUTCOMES, Ledger
from ..listing import EVENTS, STATEMENTS, Listing, Rows, Shown, Uncounted
from ..pages import BadRequest
from ..paging import page_of
from ..problems import written
from ..quotes import QUOTES

USUAL, MOST = 20, 100  # records of a page
LIMIT = "limit"
# What stands in the parameter "after" of a list of reference rows: the address of the last one.
_LAST = re.compile("[A-Za-z0-9-]{1,80}")

Data = list[dict[str, Any]]


@cache
def _words(model: str) -> dict[str, tuple[str, ...]]:
    """The values of filters that are words of ours or of the calendar, and no rows of anybody's:
    one that nothing public bears finds nothing, where an unknown row is an unknown value."""
    countries = tuple(code.lower() for code in Locale("en").territories if len(code) == 2)
    years = tuple(f"{year:04}" for year in range(1900, 2200))
    found: dict[str, tuple[str, ...]] = {"country": countries, "language": CODES, "year": years}
    own: dict[str, dict[str, Any]] = {
        "event": {"kind": EventKind.values, "state": EventState.values},
        "statement": {"kind": StatementKind.values, "reliability": Reliability.values},
        "outcome": {"kind": OutcomeKind.values, "state": OutcomeState.values,
                    "due": (*years, "none")},
    }  # fmt: skip
    return found | {facet: tuple(values) for facet, values in own.get(model, {}).items()}


class Open(Listing):
    """A list for programs, that ask the same again and again: what is understood does not depend
    on what is public, but for the rows that have names."""

    def counts(self) -> Counts:
        """What is public, and no less than our own words."""
        found = self.published()
        return {**found, **{
            facet: dict.fromkeys(values, 0) | found.get(facet, {})
            for facet, values in _words(str(self.model._meta.model_name)).items()
            if facet in self.filters.base_filters
        }}  # fmt: skip

    def published(self) -> Counts:
        """How many of its rows are public, by facet and value. One query."""
        return facets.counts(self.model)


class PublicationFilter(MarkedFilter):
    """The filters of events and statements together."""

    type = MarkFilter(label=gettext_lazy("Kind"), method="of_type")
    country = MarkFilter(label=gettext_lazy("Country"))
    organisation = MarkFilter(label=gettext_lazy("Organisation"))
    topic = MarkFilter(label=gettext_lazy("Topic"))
    person = MarkFilter(label=gettext_lazy("Person"))
    language = MarkFilter(label=gettext_lazy("Language"))

    def of_type(self, rows: Rows, name: str, value: str) -> Rows:
        """Events alone, or statements alone."""
        return rows.filter(model=value) if value else rows


class Publications(Open):
    """Events and statements together."""

    def public(self) -> Rows:
        """All of them that are public."""
        return Publication.objects.public()

    def published(self) -> Counts:
        """Which values some event or statement bears. One query for each facet that has rows."""
        found: Counts = {"type": dict.fromkeys(facets.PUBLICATIONS, 0)}
        for facet in ("organisation", "topic", "person"):
            of_each = facets.counts_under(facet)
            known = (value for model in facets.PUBLICATIONS for value in of_each.get(model, ()))
            found[facet] = dict.fromkeys(known, 0)
        return found


class UncountedLedger(Uncounted, Ledger):
    """What an address leaves of the ledger, without any number."""

    def _found(self) -> dict[str, Counts | None]:
        self.whole["overdue"] = {"1": 0}
        return {"": None}


def _opened(listing: Listing) -> Open:
    return Open(**vars(listing))


@dataclass(frozen=True)
class Kind:
    """One kind of record that lists are of: what is listed, and how it becomes data."""

    listing: Listing
    records: Callable[[Any], Data]
    holders: tuple[str, ...] = ()
    shown: type[Shown] = Uncounted

    @property
    def known(self) -> tuple[str, ...]:
        """The parameters that its list understands."""
        return (*(name for name in self.listing.known if name != "before"), LIMIT)


KINDS = {
    "publications": Kind(
        Publications(Publication, "publications", PublicationFilter, "published_at", True, {}),
        opendata.publications, ("as_event", "as_statement"),
    ),
    "events": Kind(_opened(EVENTS), opendata.events),
    "statements": Kind(_opened(STATEMENTS), opendata.statements),
    "quotes": Kind(_opened(QUOTES), opendata.quotes, ("statement", "person")),
    "outcomes": Kind(
        _opened(OUTCOMES), opendata.outcomes, ("event",), UncountedLedger
    ),
}  # fmt: skip


def depends_on_the_day(request: Any) -> bool:
    """Whether an answer is another one tomorrow, with the same record."""
    return bool({"when", "overdue"} & set(request.GET))


def by_state(request: Any) -> bool:
    """Whether an answer follows from its address and the record alone."""
    return not depends_on_the_day(request)


def limit(params: QueryDict) -> int:
    """How many records a page has. Raises BadRequest for what is no number of them."""
    asked = params.get(LIMIT, str(USUAL))
    if not re.fullmatch("[1-9][0-9]{0,2}", asked, re.ASCII) or int(asked) > MOST:
        raise BadRequest(_("A page has 1 to %(most)d records.") % {"most": MOST}, LIMIT)
    return int(asked)


def _refuse_unknown(shown: Shown) -> None:
    """Raises BadRequest for a filter that is not understood, with what is wrong with each."""
    errors = dict(shown.filter.form.errors)
    slug = shown.chosen.get("event")
    # As unknown as an event that never was, whether it is hidden or not.
    if slug and not errors and not Event.objects.public().filter(slug=slug).exists():
        errors["event"] = [_("Nothing published is listed under this choice.")]
    if errors:
        told = "; ".join(f"{name}: {' '.join(map(str, said))}" for name, said in errors.items())
        raise BadRequest(told, *errors)


def found(
    kind: Kind, params: QueryDict, path: str, here: Archive | None = None
) -> dict[str, Any]:  # fmt: skip
    """A page of a list as data: its `items`, and the address of the `next`. Raises BadRequest."""
    listing, size = kind.listing, limit(params)
    shown = kind.shown(listing, params, here)
    _refuse_unknown(shown)
    rows = shown.narrowed()
    if kind.holders:
        rows = rows.select_related(*kind.holders)
    ascending = (shown.sort or shown.usual) in ("oldest", DUE)
    key = DUE if shown.sort == DUE else listing.key
    listed = _page(rows, key, params, listing.as_moment, size, ascending)
    onward = listed.newer if ascending else listed.older
    return {
        "items": kind.records(listed.items),
        "next": absolute(path) + onward if onward else None,
    }


def _page(
    rows: Rows, key: str, params: QueryDict, as_moment: bool, size: int, ascending: bool
) -> Any:
    try:
        return page_of(rows, key, params, as_moment=as_moment, size=size, ascending=ascending)
    except Http404:
        raise BadRequest(_("This is no place in this list."), "after") from None


def about(rows: Rows, params: QueryDict, path: str) -> dict[str, Any]:
    """A page of events and statements, by date: what names a person, a country."""
    rows = rows.select_related("as_event", "as_statement")
    listed = _page(rows, "date", params, False, limit(params), False)
    return {"items": opendata.publications(listed.items),
            "next": absolute(path) + listed.older if listed.older else None}  # fmt: skip


def named(
    model: Any, records: Callable[[Any], Data], params: QueryDict, path: str, most: int = 0
) -> dict[str, Any]:  # fmt: skip
    """A page of reference rows, by their addresses; with `most`, as many as that at once."""
    size, key = most or limit(params), model.ADDRESS
    rows = model.objects.public().order_by(key)
    if after := params.get("after"):
        if not _LAST.fullmatch(after):
            raise BadRequest(_("This is no place in this list."), "after")
        rows = rows.filter(**{f"{key}__gt": after})
    listed = list(rows[: size + 1])
    onward = None
    if len(listed) > size:
        there = params.copy()
        there["after"] = getattr(listed[size - 1], key)
        onward = f"{absolute(path)}?{there.urlencode()}"
    return {"items": records(listed[:size]), "next": onward}


def answer(value: dict[str, Any]) -> HttpResponse:
    """A page of a list; where there is a next one, the header says where (RFC 8288)."""
    response = written(value)
    if value.get("next"):
        response.headers["Link"] = f'<{value["next"]}>; rel="next"'
    return response
