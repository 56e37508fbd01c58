"""The calendar of a month: a table of its weeks, with the events of each day."""

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from .. import dates
from ..models import Event

# A calendar of more events than these could not be read; the list below it can.
DRAWN = 300
# Events that a day has room for; the rest are behind its number.
ON_A_DAY = 4


@dataclass
class Day:
    """A square of the calendar. `outside` is a day of the month before or after."""

    date: dt.date
    outside: bool
    today: bool
    events: list[Event] = field(default_factory=list)
    # Where all of its events are listed, and how many there are, in words.
    url: str = ""
    items: str = ""

    @property
    def shown(self) -> list[Event]:
        """The events that the square has room for."""
        return self.events[:ON_A_DAY]

    @property
    def more(self) -> int:
        """How many events it has no room for."""
        return max(len(self.events) - ON_A_DAY, 0)

    @property
    def iso(self) -> str:
        """The day as an address and a time element have it."""
        return self.date.isoformat()

    @property
    def name(self) -> str:
        """The day in words."""
        return dates.written(self.date)


@dataclass(frozen=True)
class Month:
    """A month as a table: names of weekdays (long, short) in the language's own order, weeks,
    and the events of which no day is stated."""

    weekdays: list[tuple[str, str]]
    weeks: list[list[Day]]
    undated: list[Event]

    def filled(self) -> Iterator[Day]:
        """The days that have events."""
        return (day for week in self.weeks for day in week if day.events)


def _weekdays(first: int) -> list[tuple[str, str]]:
    names = dates.locale().days["stand-alone"]
    order = [(first + number) % 7 for number in range(7)]
    return [(names["wide"][day], names["abbreviated"][day].rstrip(".")) for day in order]


def _fill(days: dict[dt.date, Day], events: Iterable[Event]) -> None:
    for event in events:
        first = max(event.date, min(days))
        last = min(event.until, max(days))
        for number in range((last - first).days + 1):
            days[first + dt.timedelta(days=number)].events.append(event)


def month_of(rows: QuerySet[Any], first: dt.date, today: dt.date) -> Month | None:
    """The calendar of the month that begins on `first`; None for a month too full to draw.

    `rows` have passed the gate. An event of several days stands on each of them, one that began
    in the month before on the days that it reaches into. One query.
    """
    last = dates.last_day(first, dates.Precision.MONTH)
    within = rows.filter(until__gte=first, date__lte=last).exclude(date_precision="year")
    events = list(within.order_by("date", "starts_at", "uid")[: DRAWN + 1])
    if len(events) > DRAWN:
        return None
    week_begins = dates.locale().first_week_day
    weeks = [
        [Day(day, outside=day.month != first.month, today=day == today) for day in week]
        for week in calendar.Calendar(week_begins).monthdatescalendar(first.year, first.month)
    ]
    mine = {day.date: day for week in weeks for day in week if not day.outside}
    dated = dates.Precision.DAY
    _fill(mine, (event for event in events if event.date_precision == dated))
    undated = [event for event in events if event.date_precision != dated]
    return Month(_weekdays(week_begins), weeks, undated)
