"""Dates that may be a day, a month or a year, written as CLDR has them for each language.

"2008" is a date that a release may give. It is stored as its first day with a precision, so
that it sorts and filters like any other, and is never shown as more than was said.
"""

import calendar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .languages import current


class Precision(models.TextChoices):
    """How much of a stored date was said."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


def parse(text: str) -> tuple[date, str]:
    """("2008") to (2008-01-01, "year"); likewise "2008-09" and "2008-09-05" (ISO 8601).

    Raises ValueError for anything else.
    """
    precision = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}.get(len(text))
    if precision is None:
        raise ValueError(f"{text!r} is not a year, a month or a day in ISO 8601")
    return date.fromisoformat(text + "-01-01"[len(text) - 4 :]), precision.value


def first_day(day: date, precision: str) -> date:
    """The day under which a date of this precision is stored."""
    if precision == Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision == Precision.MONTH else day


def last_day(day: date, precision: str) -> date:
    """The last day that a date of this precision may mean: 31 December for a year."""
    if precision == Precision.YEAR:
        return day.replace(month=12, day=31)
    if precision == Precision.MONTH:
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day


def iso(day: date, precision: str) -> str:
    """The value for a time element's datetime attribute: 2008, 2008-09 or 2008-09-05."""
    return day.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)]


def locale(language: str | None = None) -> Locale:
    """The CLDR locale for one of our languages; its base language where CLDR lacks it.

    English is Britain's: "6 October 2007", as diplomats write it.
    """
    code = {"en": "en-GB"}.get(language or current(), language or current())
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(code.split("-")[0])


def written(day: date, precision: str = "day", language: str | None = None) -> str:
    """A date in words: "6 October 2007", "октябрь 2007 г.", "2008"."""
    where = locale(language)
    if precision == Precision.YEAR:
        return str(day.year)
    if precision == Precision.MONTH:
        return str(format_skeleton("yMMMM", day, locale=where))
    return str(format_date(day, "long", locale=where))


def written_range(first: date, last: date, language: str | None = None) -> str:
    """Days in words, without repeating what they share: "5–6 October 2007"."""
    if first == last:
        return written(first, language=language)
    where = locale(language)
    # CLDR has these patterns with short months only; the long ones are set in the same way.
    differ = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    patterns = where.interval_formats["yMMMd"][differ]
    return "".join(
        format_date(day, pattern.replace("MMM", "MMMM"), locale=where)
        for day, pattern in zip((first, last), patterns, strict=True)
    )


def written_moment(when: datetime, zone: str = "", language: str | None = None) -> str:
    """Date and time with the UTC offset of `zone` (the office's by default): never bare."""
    local = when.astimezone(ZoneInfo(zone or settings.OFFICE_TIME_ZONE))
    day = format_date(local, "long", locale=locale(language))
    clock = format_datetime(local, "HH:mm", locale=locale(language))
    return f"{day}, {clock} (UTC{written_offset(local)})"


def written_exactly(when: datetime, zone: str, language: str | None = None) -> str:
    """A moment to the second with its weekday, for whoever schedules: never bare."""
    local = when.astimezone(ZoneInfo(zone))
    day = format_date(local, "full", locale=locale(language))
    return f"{day}, {local:%H:%M:%S} (UTC{written_offset(local)})"


def written_span(span: timedelta) -> str:
    """A time still to come in words: "2 days 3 hours 20 minutes"; its seconds too where less
    than an hour is left. Nothing is rounded up. Empty where nothing is left."""
    minutes, seconds = divmod(max(int(span.total_seconds()), 0), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    seconds = 0 if days or hours else seconds
    parts = [
        ngettext("%(num)d day", "%(num)d days", days) % {"num": days} if days else "",
        ngettext("%(num)d hour", "%(num)d hours", hours) % {"num": hours} if hours else "",
        ngettext("%(num)d minute", "%(num)d minutes", minutes) % {"num": minutes}
        if minutes
        else "",
        ngettext("%(num)d second", "%(num)d seconds", seconds) % {"num": seconds}
        if seconds
        else "",
    ]
    return " ".join(part for part in parts if part)


def written_lag(span: timedelta) -> str:
    """How long something has been late, in words: days and hours, hours and minutes, minutes. Not
    more exact than anybody reads; nothing is rounded up."""
    unit = timedelta(hours=1) if span >= timedelta(days=1) else timedelta(minutes=1)
    return written_span(span if span < timedelta(minutes=1) else span // unit * unit)


def written_offset(local: datetime) -> str:
    """The UTC offset of a local time: "+5", "−3:30"."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    sign, minutes = ("+", minutes) if minutes >= 0 else ("−", -minutes)
    hours, rest = divmod(minutes, 60)
    return f"{sign}{hours}" + (f":{rest:02}" if rest else "")


def day_start(day: date) -> datetime:
    """The instant that stands for a bare day in feeds and sort keys: its midnight, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def office_today(moment: datetime) -> date:
    """The calendar day at the office at a moment."""
    return moment.astimezone(ZoneInfo(settings.OFFICE_TIME_ZONE)).date()


def validate_time_zone(name: str) -> None:
    """Refuse a name that the IANA time zone database does not have."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone of the IANA database, such as Asia/Dushanbe."),
            params={"name": name},
        )


def validate_whole_second(when: datetime) -> None:
    """Releases happen at whole seconds; a fraction would be public in no page's second."""
    if when.microsecond:
        raise ValidationError(_("Give the time in whole seconds."))
