"""Dates at their own precision, in each language as CLDR writes them."""

import re
from datetime import UTC, date, datetime

import pytest

from events import dates

DAY = date(2007, 10, 6)


def plain(text: str) -> str:
    """CLDR's thin and unbreakable spaces as plain ones."""
    return re.sub(r"\s", " ", text)


@pytest.mark.parametrize(
    ("precision", "language", "written"),
    [
        ("day", "en", "6 October 2007"),
        ("day", "ru", "6 октября 2007 г."),
        ("day", "kk", "2007 ж. 6 қазан"),
        ("month", "en", "October 2007"),
        ("year", "en", "2007"),
        ("year", "kk", "2007"),
    ],
)
def test_written_date(precision, language, written):
    assert plain(dates.written(DAY, precision, language)) == written


@pytest.mark.parametrize(
    ("first", "last", "language", "written"),
    [
        (date(2007, 10, 5), DAY, "en", "5–6 October 2007"),
        (date(2007, 10, 5), DAY, "ru", "5–6 октября 2007 г."),
        (date(2007, 10, 5), DAY, "kk", "2007 ж. 5–6 қазан"),
        (date(2007, 9, 30), DAY, "en", "30 September – 6 October 2007"),
        (date(2006, 12, 31), date(2007, 1, 1), "en", "31 December 2006 – 1 January 2007"),
        (date(2007, 9, 30), DAY, "ru", "30 сентября – 6 октября 2007 г."),
        (date(2007, 9, 30), DAY, "kk", "2007 ж. 30 қыркүйек – 6 қазан"),
        (date(2006, 12, 31), date(2007, 1, 1), "ru", "31 декабря 2006 г. – 1 января 2007 г."),
        (date(2006, 12, 31), date(2007, 1, 1), "kk", "2006 ж. 31 желтоқсан – 2007 ж. 1 қаңтар"),
        # The same day of another month or year is another day.
        (date(2007, 9, 6), DAY, "ru", "6 сентября – 6 октября 2007 г."),
        (date(2006, 10, 6), DAY, "en", "6 October 2006 – 6 October 2007"),
        (date(2006, 10, 6), DAY, "kk", "2006 ж. 6 қазан – 2007 ж. 6 қазан"),
        (DAY, DAY, "en", "6 October 2007"),
    ],
)
def test_written_range_says_what_the_days_share_once(first, last, language, written):
    assert plain(dates.written_range(first, last, language)) == written


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("2008", (date(2008, 1, 1), "year")),
        ("2008-09", (date(2008, 9, 1), "month")),
        ("2008-09-05", (date(2008, 9, 5), "day")),
    ],
)
def test_parse_reads_iso_dates_at_three_precisions(text, parsed):
    assert dates.parse(text) == parsed
    assert dates.iso(*parsed) == text


@pytest.mark.parametrize("text", ["", "208", "2008-13", "5 Sept 2008"])
def test_parse_refuses_anything_else(text):
    with pytest.raises(ValueError, match=r"."):
        dates.parse(text)


@pytest.mark.parametrize(
    ("day", "precision", "last"),
    [
        (DAY, "day", DAY),
        (date(2008, 2, 1), "month", date(2008, 2, 29)),
        (date(2008, 1, 1), "year", date(2008, 12, 31)),
    ],
)
def test_last_day_of_an_imprecise_date(day, precision, last):
    assert dates.last_day(day, precision) == last


def test_moment_is_written_with_the_offset_of_its_zone():
    moment = datetime(2007, 10, 6, 5, 0, tzinfo=UTC)
    assert dates.written_moment(moment, "Asia/Dushanbe", "en") == "6 October 2007, 10:00 (UTC+5)"
    assert dates.written_moment(moment, "Asia/Kolkata", "en").endswith("10:30 (UTC+5:30)")
