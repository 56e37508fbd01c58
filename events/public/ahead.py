"""How far ahead an event is, in words: today, tomorrow, in 3 days."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from babel.dates import format_timedelta
from django.db.models import Case, DateField, F, QuerySet, When
from django.utils.translation import gettext as _

from .. import dates
from ..models import Event

# Beyond this many days a reader counts in months, and so do the words.
IN_DAYS = 60
# Nobody counts the days to what will not happen, or not then.
OFF = ("cancelled", "postponed")


def upcoming(today: date) -> QuerySet[Any]:
    """The public events that are not over on the office's day `today`, the nearest first.

    One that is set for a month or a year stands where that ends, not before the days in it.
    """
    known = When(date_precision=dates.Precision.DAY, then=F("date"))
    nearest = Case(known, default=F("until"), output_field=DateField())
    return Event.objects.public().filter(until__gte=today).order_by(nearest, "date", "uid")


def in_words(event: Any, today: date) -> str:
    """How far ahead an event is, in whole days of the office's calendar; "" where there is no
    day to count to: it is set for a month or a year, it is off, or it is over."""
    if event.date_precision != dates.Precision.DAY or event.state in OFF or event.until < today:
        return ""
    days = (event.date - today).days
    if days < 0:
        return _("under way")
    if days < 2:
        return (_("today"), _("tomorrow"))[days]
    # A threshold that nothing reaches: CLDR would round days to weeks, 13 of them to two.
    unit: Literal["day", "month"] = "day" if days <= IN_DAYS else "month"
    return str(format_timedelta(
        event.date - today, granularity=unit, threshold=days if unit == "day" else 1.5,
        add_direction=True, locale=dates.locale(),
    ))  # fmt: skip


def counted(events: Iterable[Any], today: date) -> list[Any]:
    """The events, each with its words as `ahead`."""
    found = list(events)
    for each in found:
        each.ahead = in_words(each, today)
    return found
