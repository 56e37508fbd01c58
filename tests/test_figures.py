"""Numbers and dates in texts: the same things written as three languages write them."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import dates
from events.figures import other_dates, other_numbers, read

SIXTH = (2007, 10, 6)


def keys(text, language):
    return [day.key for day in read(text, language).dates]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It met on 6 October 2007."),
        ("en", "It met on October 6, 2007, in the city."),
        ("en", "It met on the 6th of October, 2007."),
        ("en", "It met on 6 Oct. 2007."),
        ("en", "6 OCTOBER 2007"),
        ("en", "It met on 06/10/2007."),
        ("en", "It met on 2007-10-06."),
        ("ru", "Заседание прошло 6 октября 2007 года."),
        ("ru", "Заседание прошло 6-го октября 2007 г."),
        ("ru", "Заседание прошло 06.10.2007 г."),
        ("ru", "6\u00a0октября 2007\u00a0года"),
        ("kk", "Отырыс 2007 жылғы 6 қазанда өтті."),
        ("kk", "Отырыс 2007 жылдың 6 қазанында өтті."),
        ("kk", "2007 жылғы 6 қазандағы отырыс"),
        ("kk", "2007 жылғы қазанның 6-сы"),
        ("kk", "6 қазан 2007 жыл"),
        ("kk", "2007 ж. 6 қазан"),
        ("kk", "06.10.2007"),
    ],
)
def test_date_is_read_once_and_leaves_no_number(language, text):
    found = read(text, language)
    assert [day.key for day in found.dates] == [SIXTH]
    assert found.dates[0].date == dt.date(*SIXTH)
    assert found.numbers == Counter()


@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)), st.sampled_from(["en", "ru", "kk"]))
def test_every_date_that_this_site_writes_is_read(day, language):
    assert keys(f"({dates.written(day, language=language)})", language) == [
        (day.year, day.month, day.day)
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "6–7 October 2007", [SIXTH, (2007, 10, 7)]),
        ("en", "October 6 and 7, 2007", [SIXTH, (2007, 10, 7)]),
        ("ru", "6 и 7 октября 2007 года", [SIXTH, (2007, 10, 7)]),
        ("kk", "2007 жылғы 6 және 7 қазанда", [SIXTH, (2007, 10, 7)]),
        ("en", "30 September – 2 October 2007", [(0, 9, 30), (2007, 10, 2)]),
        ("kk", "2007 жылғы 30 қыркүйек – 2 қазан", [(2007, 9, 30), (0, 10, 2)]),
        ("en", "from 6 April until May 2010", [(0, 4, 6), (2010, 5, 0)]),
        ("ru", "до мая 2010 года, с 6 апреля", [(2010, 5, 0), (0, 4, 6)]),
        ("kk", "2009 жылғы маусым", [(2009, 6, 0)]),
        ("en", "10/16/2007 by American hands", [(2007, 10, 16)]),
    ],
)
def test_lists_ranges_and_incomplete_dates_are_read_in_their_order(language, text, expected):
    assert keys(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("en", "In 2008 it met in Moscow.", ["2008"]),
        ("kk", "2008 жылы Мәскеуде", ["2008"]),
        ("ru", "в 2008 году", ["2008"]),
        ("en", "of whom 6 may speak", ["6"]),
        ("en", "31 April", ["31"]),
        ("en", "99/99/2007", ["99", "99", "2007"]),
    ],
)
def test_what_is_no_date_stays_a_number(language, text, numbers):
    found = read(text, language)
    assert (list(found.dates), sorted(found.numbers.elements())) == ([], sorted(numbers))


@pytest.mark.parametrize(
    ("english", "russian", "value"),
    [
        ("1,000", "1 000", "1000"),
        ("1,234,567.50", "1\u00a0234\u00a0567,5", "1234567.5"),
        ("2.5%", "2,5 %", "2.5"),
        ("1,000,000", "1.000.000", "1000000"),
        ("15th", "15-го", "15"),
        ("1990s", "1990-х", "1990"),
        ("No. 007", "№ 7", "7"),
        ("10:30", "10.30", "10.3"),
        ("10:30 p.m.", "22:30", "22.3"),
        ("10 a.m.", "10.00", "10"),
        ("12 a.m.", "0:00", "0"),
    ],
)
def test_number_is_the_same_however_a_language_writes_it(english, russian, value):
    assert read(english, "en").numbers == read(russian, "ru").numbers == Counter([value])


def test_comma_parts_thousands_in_english_and_decimals_elsewhere():
    assert read("1,500", "en").numbers == Counter(["1500"])
    assert read("1,500", "ru").numbers == read("1,500", "kk").numbers == Counter(["1.5"])


def test_digits_of_a_word_are_no_number():
    assert read("G20 и С5, COVID-19", "ru").numbers == Counter(["19"])


@given(st.integers(0, 10**15), st.integers(0, 999))
def test_separators_never_change_a_number(whole, part):
    grouped = f"{whole:,}"
    plain = read(f"{whole}.{part:03}", "en").numbers
    assert sum(plain.values()) == 1
    for language, thousands, point in (
        ("en", ",", "."), ("en", " ", "."), ("en", "\u202f", "."),
        ("ru", " ", ","), ("kk", "\u00a0", ","),
    ):  # fmt: skip
        written = grouped.replace(",", thousands) + point + f"{part:03}"
        assert read(f"({written})", language).numbers == plain


def test_other_numbers_name_what_is_missing_as_it_is_written():
    english = read("1,000 people, 5 houses, 5 roads, 7 bridges", "en")
    russian = read("1 000 человек, 5 домов, 8 мостов", "ru")
    assert other_numbers(english, russian) == ["5", "7"]
    assert other_numbers(russian, english) == ["8"]


def test_roman_numerals_stand_for_numbers_and_are_not_missed():
    english = read("the 21st century, the 7th summit, World War II", "en")
    for roman in ("XXI век, VII саммит", "ХХІ ғасыр, VІІ саммит"):
        russian = read(roman, "ru")
        assert other_numbers(english, russian) == other_numbers(russian, english) == []
    assert other_numbers(english, read("XX век, VII саммит", "ru")) == ["21"]


def test_other_dates_take_a_day_without_its_year_for_the_same():
    english = read("30 September – 2 October 2007, 5 May 2006", "en")
    kazakh = read("2007 жылғы 30 қыркүйек – 2 қазан, 2006 жылғы 6 мамыр", "kk")
    assert other_dates(english, kazakh) == ["5 May 2006"]
    assert other_dates(kazakh, english) == ["2006 жылғы 6 мамыр"]
    assert other_dates(read("6 May 2006", "en"), read("6 мая 2007 года", "ru")) == ["6 May 2006"]


@given(st.text(alphabet="0123456789 ,.:-–/ IVX6октябряOctoberқазанжылғ\u00a0", max_size=200))
def test_any_text_is_read_and_equals_itself(text):
    for language in ("en", "ru", "kk"):
        found = read(text, language)
        assert other_numbers(found, found) == other_dates(found, found) == []


@pytest.mark.parametrize("unit", ["1,", "1 ", "1.000", "1", "x", "May ", "5 May 2007, 1,000 "])
def test_the_longest_text_is_read_in_one_pass(unit):
    # Doubling the text must not quadruple the work: a quarter of an hour would be the other case.
    found = read(unit * (300_000 // len(unit)), "ru")
    assert len(found.dates) == (300_000 // len(unit) if unit.startswith("5 May") else 0)
