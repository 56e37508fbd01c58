"""What there is for search engines: every page of the public record, in parts that stay as they are
while the record grows.

Events, statements, quotes and outcomes are parted by the year of what they are of, and a year that
is too long by its months; people, organisations and the like are together, or by the first letter
of their address. So each part is found by its key, and none moves when another grows.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import ExtractMonth, ExtractYear, Substr
from django.urls import reverse

from .. import dates, facets
from ..addresses import in_language
from ..languages import CODES, column
from ..models import (
    Change,
    Country,
    Event,
    Mark,
    Organisation,
    Outcome,
    Person,
    Publication,
    Quote,
    Series,
    Statement,
    Topic,
)  # fmt: skip
from .revised import latest, revised

# More addresses than this are parted. The protocol allows for 50,000 in a file, and no more.
PARTED, LONGEST = 10_000, 50_000
STATIC = ("home", "events", "statements", "quotes", "outcomes", "people", "organisations",
          "countries", "topics", "series_list", "feeds", "contacts", "api")  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A page: its path in each language that it may be read in, and when it last changed."""

    paths: Mapping[str, str]
    changed: dt.datetime | None = None
    is_home: bool = False


@dataclass(frozen=True)
class Part:
    """A file of the sitemap: its name, how many addresses it holds, when one last changed."""

    name: str
    number: int
    changed: dt.datetime | None = None


# When the texts of a day last changed, by model, year and month.
Changes = Mapping[tuple[str, int, int], dt.datetime]


def changes() -> Changes:
    """The changes of all public texts that were ever changed. One query."""
    rows = Publication.objects.public().filter(
        pk__in=Change.objects.readable().values("record_uid")
    )
    found: dict[tuple[str, int, int], dt.datetime] = {}
    for model, day, at in revised(rows).order_by().values_list("model", "date", "changed_at"):
        key = (model, day.year, day.month)
        found[key] = latest(at, found.get(key))
    return found


@dataclass(frozen=True)
class Dated:
    """Events and statements, or what they hold, by the day that it is of. `holder` is the text
    that holds a row, "" where it is one itself; `announced_in` may keep it back for longer."""

    name: str
    model: Any
    of: str
    holder: str = ""
    announced_in: str = ""

    def _to(self, field: str) -> str:
        return f"{self.holder}__{field}" if self.holder else field

    def _released(self) -> list[str]:
        announced = [f"{self.announced_in}__release_at"] if self.announced_in else []
        return [self._to("release_at"), *announced]

    def parts(self, changed: Changes) -> list[Part]:
        """Its years, and the months of a year that is too long. One query."""
        day = self._to("date")
        ready = {f"in_{code}": self._to(column("ready", code)) for code in CODES}
        months = self.model.objects.public().annotate(
            year=ExtractYear(day), month=ExtractMonth(day)
        )
        rows = months.order_by().values_list("year", "month").annotate(
            **{name: Count("pk", filter=Q(**{field: True})) for name, field in ready.items()},
            **{f"at_{number}": Max(field) for number, field in enumerate(self._released())},
        )  # fmt: skip
        years: dict[int, list[Part]] = defaultdict(list)
        for year, month, *found in rows:
            numbers, moments = found[: len(CODES)], found[len(CODES) :]
            at = latest(*moments, changed.get((self.of, year, month)))
            years[year].append(Part(f"{year:04}-{month:02}", sum(numbers), at))
        return [
            Part(f"{self.name}-{each.name}", each.number, each.changed)
            for year, months in sorted(years.items())
            for each in _together(f"{year:04}", sorted(months, key=lambda part: part.name))
        ]

    def pages(self, key: str = "") -> Iterator[Page]:
        """The pages of a year ("2007"), of a month ("2007-10"), or all. One query; none for what
        is no such key."""
        rows = self._within(key)
        if rows is None:
            return
        rows = revised(rows, self.holder or "pk").order_by(self._to("date"), "uid").values_list(
            "uid" if self.holder else "slug", "changed_at",
            *(self._to(column("ready", code)) for code in CODES), *self._released(),
        )  # fmt: skip
        base = _in_each(reverse(f"public:{self.name}"))
        for address, changed_at, *found in rows[: LONGEST // len(CODES)]:
            ready, moments = found[: len(CODES)], found[len(CODES) :]
            codes = (code for code, is_ready in zip(CODES, ready, strict=True) if is_ready)
            paths = {code: f"{base[code]}{address}/" for code in codes}
            yield Page(paths, latest(changed_at, *moments))

    def _within(self, key: str) -> QuerySet[Any] | None:
        rows: QuerySet[Any] = self.model.objects.public()
        if not key:
            return rows
        if not re.fullmatch("[0-9]{4}(-[0-9]{2})?", key, re.ASCII):
            return None
        try:
            first, precision = dates.parse(key)
        except ValueError:
            return None
        last = dates.last_day(first, precision)
        return rows.filter(**{self._to("date__gte"): first, self._to("date__lte"): last})


@dataclass(frozen=True)
class Named:
    """People, organisations, countries, topics or series. Each page is in every language."""

    name: str
    model: Any
    route: str

    def parts(self, changed: Changes) -> list[Part]:
        """One, or one for each first letter where they are too many. One query."""
        rows = self.model.objects.public().order_by()
        counted = rows.values_list(Substr(self.model.ADDRESS, 1, 1)).annotate(number=Count("pk"))
        letters = sorted((letter.lower(), number) for letter, number in counted)
        found = [Part(f"{self.name}-{letter}", number * len(CODES)) for letter, number in letters]
        return _together(self.name, found)

    def pages(self, key: str = "") -> Iterator[Page]:
        """All, or those whose address begins with a letter. Two queries. A page changed last when
        something did that names its row."""
        rows, address = self.model.objects.public(), self.model.ADDRESS
        if len(key) > 1:
            return
        if key:
            rows = rows.filter(**{f"{address}__istartswith": key})
        marks = Mark.objects.public().filter(
            facet=self.model._meta.model_name, model__in=facets.PUBLICATIONS
        )
        if key:
            marks = marks.filter(value__startswith=key)
        moments = {
            value: latest(released, corrected)
            for value, released, corrected in marks.order_by()
            .values_list("value")
            .annotate(released=Max("publication__release_at"))
            .annotate(corrected=Max("publication__corrected_at"))
        }
        base = _in_each(reverse(f"public:{self.route}"))
        found = rows.order_by(address).values_list(F(address), flat=True)
        for value in map(str.lower, found[: LONGEST // len(CODES)]):
            paths = {code: f"{base[code]}{value}/" for code in CODES}
            yield Page(paths, moments.get(value))


class Static:
    """The pages that are always there."""

    name = "pages"

    def parts(self, changed: Changes) -> list[Part]:
        """One."""
        return [Part(self.name, len(STATIC) * len(CODES))]

    def pages(self, key: str = "") -> Iterator[Page]:
        """All of them, the front page first."""
        if not key:
            for name in STATIC:
                yield Page(_in_each(reverse(f"public:{name}")), is_home=name == "home")


KINDS: Mapping[str, Static | Dated | Named] = {
    each.name: each for each in (
        Static(),
        Dated("events", Event, "event"),
        Dated("statements", Statement, "statement"),
        Dated("quotes", Quote, "statement", "statement"),
        Dated("outcomes", Outcome, "event", "event", "announced_in"),
        Named("people", Person, "people"), Named("organisations", Organisation, "organisations"),
        Named("countries", Country, "countries"), Named("topics", Topic, "topics"),
        Named("series", Series, "series_list"),
    )
}  # fmt: skip


def parts() -> list[Part]:
    """All parts of the sitemap. As many queries as there are kinds, whatever the record holds."""
    changed = changes()
    return [part for kind in KINDS.values() for part in kind.parts(changed)]


def pages(name: str) -> list[Page]:
    """The pages of one part; [] where there is none of that name."""
    kind, _hyphen, key = name.partition("-")
    found = KINDS.get(kind)
    # What is parted by years is at no time a file by itself.
    is_part = found is not None and (bool(key) or not isinstance(found, Dated))
    return list(found.pages(key)) if found and is_part else []


def _together(name: str, found: list[Part]) -> list[Part]:
    """Parts as one, where that is not too long."""
    number = sum(part.number for part in found)
    if not found or number > PARTED:
        return found
    moments = [part.changed for part in found if part.changed]
    return [Part(name, number, max(moments, default=None))]


def _in_each(path: str) -> dict[str, str]:
    return {code: in_language(path, code) for code in CODES}
