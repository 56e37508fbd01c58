"""Releases by month, as a small drawing of which every bar leads to its list."""

from dataclasses import dataclass

from babel.dates import format_date
from django.db.models import Count
from django.urls import reverse

from .. import dates
from . import desklists
from .desklists import Viewer

# Of the drawing, in its own units: a bar's place, its own width, and the height of the tallest.
STEP, BAR, TALLEST = 32, 22, 84
HEAD, FOOT = 16, 20


@dataclass(frozen=True)
class Month:
    """A bar: what it stands for, and where its corner is, from the top left."""

    label: str
    short: str
    number: int
    url: str
    left: int
    top: int
    height: int

    @property
    def over(self) -> int:
        """The line on which its number stands."""
        return self.top - 5

    @property
    def middle(self) -> int:
        """Where its number and its name stand."""
        return self.left + BAR // 2


@dataclass(frozen=True)
class Plot:
    """The drawing and its measures."""

    months: list[Month]
    width: int = 12 * STEP
    height: int = HEAD + TALLEST + FOOT
    base: int = HEAD + TALLEST
    bar: int = BAR
    names: int = HEAD + TALLEST + FOOT - 6

    @property
    def number(self) -> int:
        """All releases of these months."""
        return sum(month.number for month in self.months)


def plot(viewer: Viewer) -> Plot:
    """Releases of the last twelve months, in one query; each number is that of the list which
    the filter by month shows."""
    firsts = desklists.last_months()
    counts = desklists.releases(viewer).aggregate(
        **{f"{first:m%Y_%m}": Count("pk", filter=desklists.in_month(first)) for first in firsts}
    )
    most = max(*counts.values(), 1)
    address = reverse("admin:events_publication_changelist")
    months = []
    for place, (first, number) in enumerate(zip(firsts, counts.values(), strict=True)):
        height = max(round(number * TALLEST / most), 2) if number else 0
        months.append(
            Month(
                dates.written(first, "month"), format_date(first, "LLL", locale=dates.locale()),
                number, f"{address}?released_in={dates.iso(first, 'month')}",
                place * STEP + (STEP - BAR) // 2, HEAD + TALLEST - height, height,
            )
        )  # fmt: skip
    return Plot(months)
