"""Finding: what matches a query, asked of the gate before anything is counted, ranked or cut.

Ranked by where the words stand: all in the title, all in a quotation or an outcome's text,
anywhere; then by date, the latest first. How often a word comes in the archive has no part in
it: that would count hidden texts.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import ExtractYear, FirstValue, RowNumber
from django.http import Http404

from ..languages import CODES
from ..models import Country, Entry, Organisation, Person, Publication, Series, Topic
from .matching import COLUMNS, Matches
from .query import Query

KINDS = ("event", "statement", "quote", "outcome")
PAGE_SIZE, REFERENCES_SHOWN = 20, 8
# Where the words stand: the order of results.
IN_TITLE, IN_QUOTE, ANYWHERE = range(3)
_KEY = re.compile(r"(?P<place>[0-2])_(?P<day>\d{4}-\d\d-\d\d)_(?P<uid>[0-9a-f-]{36})")
# The rows that a name leads to, in the order of their groups, and what stands in their address.
_NAMED = {"person": Person, "organisation": Organisation, "country": Country, "topic": Topic,
          "series": Series}  # fmt: skip
# What a result needs of its row and of the publication that holds it: no text but its own.
_SHOWN = (
    "model", "uid", "language", "date", "heading", "text", "publication__model",
    "publication__slug", "publication__date", "publication__date_precision",
)  # fmt: skip


def public() -> QuerySet[Any]:
    """The entries that anybody may find: those of Entry.objects.public(), with the gate asked of
    each entry that the words have found. SQLite would otherwise begin with all that is public."""
    out = Publication.objects.public()
    held = Q(Exists(out.filter(pk=OuterRef("publication_id"))))
    told = Q(announced_in=None) | Q(Exists(out.filter(pk=OuterRef("announced_in_id"))))
    return Entry.objects.filter(held, told)


@dataclass(frozen=True)
class Filters:
    """What a reader limits a search to: a kind ("quote"), a year, a language; "" and 0 for all."""

    kind: str = ""
    year: int = 0
    language: str = ""

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the entries that pass."""
        if self.kind:
            rows = rows.filter(model=self.kind)
        if self.year:
            rows = rows.filter(date__year=self.year)
        return rows.filter(language=self.language) if self.language else rows


@dataclass
class Results:
    """A page of results and how many there are: `kinds` and `years` each under the other
    filters, so that they say what choosing would give. `next` is the cursor of the next page."""

    entries: list[Any] = field(default_factory=list)
    next: str = ""
    total: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)


def _phrases_q(phrases: Iterable[tuple[str, ...]], columns: Iterable[str]) -> Q:
    """Each phrase stands in one of the columns."""
    condition = Q()
    for phrase in phrases:
        words = f" {' '.join(phrase)} "
        anywhere = Q()
        for column in columns:
            anywhere |= Q(**{f"{column}__contains": words})
        condition &= anywhere
    return condition


def _without_q(query: Query) -> Q:
    condition = Q()
    for phrase in query.without_phrases:
        condition &= ~_phrases_q([phrase], COLUMNS)
    return condition


def matches_q(query: Query, groups: Any = None) -> Q:
    """The condition on entries that the query sets; `groups` in place of its own words."""
    index = Matches(groups or query.groups, query.excluded)
    return Q(index) & _phrases_q(query.phrases, COLUMNS) & _without_q(query)


def _all_in(query: Query, column: str) -> Q:
    return Q(Matches(query.groups, (), column)) & _phrases_q(query.phrases, [column])


def _place(query: Query) -> Case:
    return Case(
        When(_all_in(query, "title"), then=Value(IN_TITLE)),
        When(_all_in(query, "quote"), then=Value(IN_QUOTE)),
        default=Value(ANYWHERE),
        output_field=IntegerField(),
    )


def _preference(language: str) -> Case:
    """The reader's language first; the others in the house's order, always the same."""
    order = [language, *(code for code in CODES if code != language)]
    return Case(
        *(When(language=code, then=Value(rank)) for rank, code in enumerate(order)),
        default=Value(len(order)), output_field=IntegerField(),
    )  # fmt: skip


def _once(rows: QuerySet[Any], query: Query, language: str) -> QuerySet[Any]:
    """Of the languages of an item that match, the one for this reader; `place` is where the
    words stand in it. A window looks at all of them before any is left out, so that the place
    of an item in the list does not depend on the page."""
    per_item: Any = {"partition_by": ["uid"], "order_by": [_preference(language)]}
    return rows.annotate(
        nth=Window(RowNumber(), **per_item),
        place=Window(FirstValue(_place(query)), **per_item),
    ).filter(nth=1)


def find(query: Query, filters: Filters, language: str, after: str = "") -> Results:
    """What matches, for a reader of a language. Two queries, one where there is nothing.

    `after` is the cursor of a page before. Raises Http404 for a cursor that no search gave.
    """
    beyond = _beyond(after) if after else None
    results = _counted(query, filters)
    if not results.total:
        return results
    matching = filters.narrow(public()).filter(matches_q(query))
    chosen = _once(matching, query, language)
    if beyond is not None:
        chosen = chosen.filter(beyond)
    keys = chosen.order_by("place", "-date", "-uid").values("pk")[: PAGE_SIZE + 1]
    # Texts are fetched for the rows of the page alone; the window goes over keys.
    rows = (
        public()
        .filter(pk__in=keys)
        .annotate(place=_place(query))
        .select_related("publication")
        .only(*_SHOWN)
        .order_by("place", "-date", "-uid")
    )
    entries: list[Any] = list(rows)
    results.entries = entries[:PAGE_SIZE]
    if len(entries) > PAGE_SIZE:
        last = results.entries[-1]
        results.next = f"{last.place}_{last.date.isoformat()}_{last.uid}"
    return results


def _beyond(after: str) -> Q:
    match = _KEY.fullmatch(after)
    if not match:
        raise Http404
    try:
        place, day, uid = (
            int(match["place"]),
            dt.date.fromisoformat(match["day"]),
            UUID(match["uid"]),
        )
    except ValueError:
        raise Http404 from None
    return Q(place__gt=place) | Q(place=place, date__lt=day) | Q(place=place, date=day, uid__lt=uid)


def _counted(query: Query, filters: Filters) -> Results:
    """How many items match, by kind and year."""
    rows = replace(filters, kind="", year=0).narrow(public())
    numbers = (
        rows.filter(matches_q(query))
        .order_by()
        .values_list("model", ExtractYear("date"))
        .annotate(number=Count("uid", distinct=True))
    )
    kinds: Counter[str] = Counter()
    years: Counter[int] = Counter()
    results = Results()
    for kind, year, number in numbers:
        right_kind, right_year = filters.kind in ("", kind), filters.year in (0, year)
        kinds[kind] += number if right_year else 0
        years[year] += number if right_kind else 0
        results.total += number if right_kind and right_year else 0
    results.kinds = {kind: kinds[kind] for kind in KINDS if kinds[kind]}
    results.years = {year: years[year] for year in sorted(years, reverse=True) if years[year]}
    return results


def references(query: Query, language: str) -> list[Any]:
    """People, organisations, countries, topics and series of that name, those alone that
    something public names, each with its `address`; at most REFERENCES_SHOWN. One query.

    Whatever has such a name comes from the database, and is chosen among here: names are few, and
    each database would put them in an order of its own.
    """
    addresses = [
        When(model=name, then=Subquery(
            model.objects.public().filter(pk=OuterRef("uid")).values(model.ADDRESS)[:1]
        ))
        for name, model in _NAMED.items()
    ]  # fmt: skip
    rows = (
        Entry.objects.filter(matches_q(query), publication=None)
        .annotate(address=Case(*addresses), place=_place(query), rank=_preference(language))
        .only("model", "uid", "language", "heading", "text", "title")
    )
    named = sorted((row for row in rows if row.address), key=lambda row: -row.rank)
    chosen = {row.uid: row for row in named}.values()
    by_name = sorted(chosen, key=lambda row: (row.place, row.title, row.uid))
    return by_name[:REFERENCES_SHOWN]
