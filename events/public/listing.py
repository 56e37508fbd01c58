"""What an address of a list asks for: the rows that are left, and how many there are of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from .. import dates, facets, visibility
from ..facets import Counts
from ..models import Event, Statement
from .archive import Archive, bars, neighbours
from .filters import EventFilter, MarkedFilter, StatementFilter
from .pages import BadRequest
from .paging import CURSORS

Rows = QuerySet[Any]
Step = Callable[[Rows], Rows]


def _upcoming(rows: Rows) -> Rows:
    """Events whose last day is not over at the office."""
    return rows.filter(until__gte=dates.office_today(visibility.moment()))


def _past(rows: Rows) -> Rows:
    return rows.filter(until__lt=dates.office_today(visibility.moment()))


WHEN: Mapping[str, Step] = {"upcoming": _upcoming, "past": _past}
SORTS = ("newest", "oldest")


@dataclass(frozen=True)
class Listing:
    """What tells one list from the other. `key` is the column it is in order of, its `key` and
    uid the cursor of its pages."""

    model: type[Model]
    route: str
    filters: type[MarkedFilter]
    key: str
    as_moment: bool
    when: Mapping[str, Step]
    sorts: tuple[str, ...] = SORTS

    def public(self) -> Rows:
        """All of its rows that are public."""
        rows: Rows = self.model.objects.public()  # type: ignore[attr-defined]
        # True of every row: the index in whose order it is read begins with it. A quote is in the
        # order of its statement, an outcome in that of its event.
        holder, _by, _key = self.key.rpartition("__")
        if holder:
            return rows.filter(**{f"{holder}__model": holder})
        return rows.filter(model=self.model._meta.model_name)

    def counts(self) -> Counts:
        """How many of its rows are public, by facet and value. One query."""
        return facets.counts(self.model)

    @property
    def known(self) -> tuple[str, ...]:
        """The parameters that it understands."""
        more = ("sort", "when") if self.when else ("sort",)
        return (*self.filters.base_filters, *more, *CURSORS)


EVENTS = Listing(Event, "events", EventFilter, "date", False, WHEN)
STATEMENTS = Listing(Statement, "statements", StatementFilter, "published_at", True, {})


def _one_of(name: str, values: Any, params: QueryDict) -> str:
    """A parameter that the page itself writes into its links. Raises BadRequest for others."""
    value: str = params.get(name, "")
    if value and value not in values:
        raise BadRequest(_("Unknown parameter: %(names)s") % {"names": f"{name}={value}"[:100]})
    return value


class Shown:
    """A list as an address asks for it: what is chosen, what is left, and how much of it."""

    def __init__(self, listing: Listing, params: QueryDict, here: Archive | None) -> None:
        self.listing, self.here = listing, here
        self.when = _one_of("when", listing.when, params)
        self.sort = _one_of("sort", listing.sorts, params)
        self.usual = "oldest" if self.when == "upcoming" else "newest"
        self.whole = listing.counts()
        if here and here.value not in self.whole.get(here.facet, {}):
            raise Http404
        self.rows = listing.public()
        self.filter = listing.filters(params, self.rows, self.whole)
        self.chosen = self.filter.chosen()
        self.is_valid = self.filter.is_valid()
        self.steps = self._steps()
        self.found = self._found()

    def _steps(self) -> dict[str, Step]:
        steps: dict[str, Step] = {
            name: partial(self.filter.filters[name].filter, value=value)
            for name, value in self.chosen.items()
        }
        if self.when:
            steps["when"] = self.listing.when[self.when]
        if self.here:
            here = self.here
            steps[here.facet] = partial(facets.narrow, facet=here.facet, value=here.value)
        return steps

    def narrowed(self, but: str = "") -> Rows:
        """The rows that are left, or would be without one of the steps."""
        if not self.is_valid:
            return self.rows.none()
        rows = self.rows
        for name, step in self.steps.items():
            if name != but:
                rows = step(rows)
        return rows

    def _found(self) -> dict[str, Counts | None]:
        """How many there are under each value: under "" of what is listed, under a facet that is
        chosen, of what would be without that choice. None where they are too many."""
        if not self.is_valid:
            return {"": None}
        if not self.steps:
            return {"": self.whole}
        mine = [name for name in self.filter.marks() if name in self.chosen]
        mine += [self.here.facet] if self.here else []
        if len(self.steps) == 1 and mine:
            return {mine[0]: self.whole, **facets.counts_of_each({"": self.narrowed()})}
        apart = {name: self.narrowed(but=name) for name in mine}
        return facets.counts_of_each({"": self.narrowed(), **apart})

    def total(self) -> int | None:
        """How many items are listed; None where they are too many to count."""
        if not self.is_valid:
            return 0
        counts = self.found[""]
        if counts is not None:
            return facets.total(counts)
        if len(self.steps) == 1:
            name = next(iter(self.steps))
            if self.found.get(name) is self.whole:
                value = self.here.value if self.here else self.chosen[name]
                return self.whole[name][value]
        return None

    def bars(self) -> list[Any]:
        """The chart of the list: its years, or the months of the year it shows."""
        here, counts = self.here, self.found[""]
        if here and here.month:
            counts = self.found.get("month")
        elif here and len(self.steps) == 1:
            counts = self.whole
        return bars(self.listing.route, here, self.whole, counts)

    def around(self) -> tuple[Archive | None, Archive | None]:
        """The archives before and after this one that have anything chosen in them."""
        assert self.here is not None
        return neighbours(self.here, self.found.get(self.here.facet) or self.whole)

    def narrowing(self) -> str:
        """The query string of what is chosen in it, whatever its order or its archive."""
        return self.query(sort="")

    def query(self, **changes: str) -> str:
        """The query string that says what is chosen, with changes and without a cursor; "" where
        nothing is."""
        params = QueryDict(mutable=True)
        given = {name: str(value) for name, value in self.chosen.items()}
        given |= {"when": self.when, "sort": self.sort} | changes
        params.update({name: value for name, value in given.items() if value})
        return "?" + params.urlencode() if params else ""


class Uncounted(Shown):
    """What an address leaves of a list, without any number: feeds, calendars and data have none."""

    def _found(self) -> dict[str, Counts | None]:
        return {"": None}

    def refuse_unknown(self) -> None:
        """Raise BadRequest that names the values which are none of the filters'."""
        if self.is_valid:
            return
        given: Any = self.filter.data
        wrong = ", ".join(f"{name}={given.get(name, '')}" for name in self.filter.form.errors)
        raise BadRequest(_("Unknown parameter: %(names)s") % {"names": wrong[:100]})
