"""The archive of a list by year and month: its bars, which are also the way through it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from babel.dates import format_skeleton
from django.urls import reverse

from .. import dates
from ..facets import Counts


@dataclass(frozen=True)
class Archive:
    """A year of a list, or a month of it."""

    route: str  # of the list: "events", "statements"
    year: int
    month: int = 0  # 1 to 12; 0: the whole year

    @property
    def facet(self) -> str:
        """Under which facet its items are marked."""
        return "month" if self.month else "year"

    @property
    def value(self) -> str:
        """The mark of its items."""
        return f"{self.year:04}-{self.month:02}" if self.month else f"{self.year:04}"

    @property
    def first_day(self) -> dt.date:
        """The day on which it begins."""
        return dt.date(self.year, self.month or 1, 1)

    @property
    def name(self) -> str:
        """What it is called in the active language: "October 2007"."""
        return dates.written(self.first_day, self.facet)

    @property
    def url(self) -> str:
        """Its address, without filters."""
        if self.month:
            return reverse(f"public:{self.route}_month", args=[self.year, self.month])
        return reverse(f"public:{self.route}_year", args=[self.year])

    @property
    def whole_year(self) -> "Archive":
        """The year that it is in."""
        return Archive(self.route, self.year)


def named(route: str, value: str) -> Archive:
    """The archive that a mark of the facets "year" and "month" stands for."""
    year, _hyphen, month = value.partition("-")
    return Archive(route, int(year), int(month or 0))


@dataclass(frozen=True)
class Bar:
    """A column of the chart. `number` is None where there is too much to count; `share` is of
    the highest column, in per cent."""

    archive: Archive
    label: str
    name: str
    number: int | None
    share: int
    current: bool = False


def _bar(archive: Archive, numbers: Mapping[str, int], known: bool, here: Archive | None) -> Bar:
    number = numbers.get(archive.value, 0)
    share = max(round(100 * number / max(numbers.values())), 2) if number and known else 0
    label = archive.name if not archive.month else month_name(archive.first_day)
    counted = number if known else None
    return Bar(archive, label, archive.name, counted, share, current=archive == here)


def month_name(day: dt.date) -> str:
    """The month of a day, short and standing alone: "Oct"."""
    return str(format_skeleton("MMM", day, locale=dates.locale())).rstrip(".")


def bars(route: str, here: Archive | None, whole: Counts, counts: Counts | None) -> list[Bar]:
    """The years of a list, the earliest first; on the page of a year, or of a month of it, the
    twelve months. `whole` counts all that is public, `counts` what the filters leave: None
    where that is too much to count, and then the bars are links without a number."""
    facet = "month" if here else "year"
    numbers = (whole if counts is None else counts).get(facet, {})
    known = counts is not None
    if here is None:
        return [_bar(named(route, year), numbers, known, None) for year in sorted(numbers)]
    months = [Archive(route, here.year, month) for month in range(1, 13)]
    mine = {month.value: numbers.get(month.value, 0) for month in months}
    return [_bar(month, mine, known, here) for month in months]


def neighbours(here: Archive, counts: Counts) -> tuple[Archive | None, Archive | None]:
    """The nearest years (or months) before and after it that have anything, by the counts."""
    values = sorted(counts.get(here.facet, {}))
    before = [value for value in values if value < here.value]
    after = [value for value in values if value > here.value]
    return (
        named(here.route, before[-1]) if before else None,
        named(here.route, after[0]) if after else None,
    )
