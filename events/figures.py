"""Numbers and dates read out of a text in English, Russian or Kazakh, so that two language
versions can be compared and a date that is far from its event be noticed.

Dates: "6 October 2007", "October 6, 2007", "6 октября 2007 года", "2007 жылғы 6 қазан",
"қазанның 6-сы", "06.10.2007", ISO 8601; lists and ranges of days ("6–7 October"); a month of
a year; a day without its year. Days come before months in 06/10/2007, unless they cannot.
Numbers are what is left: separators normalised, times of day as numbers, signs and endings of
ordinals ignored, like digits that belong to a word ("G20"). Numbers in words are not read.
"""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass

_MONTHS = (
    (r"J(?i:an(?:uary)?)", r"(?i:январ[а-я]{1,3})", r"(?i:қаңтар\w{0,7})"),
    (r"F(?i:eb(?:ruary)?)", r"(?i:феврал[а-я]{1,3})", r"(?i:ақпан\w{0,7})"),
    (r"M(?i:ar(?:ch)?)", r"(?i:март(?:а|е|у|ом)?)", r"(?i:наурыз\w{0,7})"),
    (r"A(?i:pr(?:il)?)", r"(?i:апрел[а-я]{1,3})", r"(?i:сәуір\w{0,7})"),
    (r"M(?i:ay)", r"(?i:ма(?:й|я|е|ю|ем))", r"(?i:мамыр\w{0,7})"),
    (r"J(?i:une?)", r"(?i:июн[а-я]{1,3})", r"(?i:маусым\w{0,7})"),
    (r"J(?i:uly?)", r"(?i:июл[а-я]{1,3})", r"(?i:шілде\w{0,7})"),
    (r"A(?i:ug(?:ust)?)", r"(?i:август(?:а|е|у|ом)?)", r"(?i:тамыз\w{0,7})"),
    (r"S(?i:ept?(?:ember)?)", r"(?i:сентябр[а-я]{1,3})", r"(?i:қыркүйе[кг]\w{0,7})"),
    (r"O(?i:ct(?:ober)?)", r"(?i:октябр[а-я]{1,3})", r"(?i:қазан\w{0,7})"),
    (r"N(?i:ov(?:ember)?)", r"(?i:ноябр[а-я]{1,3})", r"(?i:қараша\w{0,7})"),
    (r"D(?i:ec(?:ember)?)", r"(?i:декабр[а-я]{1,3})", r"(?i:желтоқсан\w{0,7})"),
)  # fmt: skip


def _month(name: str, languages: tuple[int, ...] = (0, 1, 2)) -> str:
    """A pattern for the name of a month, captured as `name`."""
    return rf"(?P<{name}>{'|'.join(forms[i] for forms in _MONTHS for i in languages)})\b"


_MONTH_NUMBERS = [re.compile("|".join(forms)) for forms in _MONTHS]

_DAY = r"(?<!\d)[0-3]?[0-9](?!\d)(?:-?(?:st|nd|rd|th|го|е|сы|сі|ы|і|шы|ші))?"
# Bounded and possessive: 300 kB of digits and commas are read once, not once a digit.
_DAYS = rf"(?P<days>(?<!\w){_DAY}(?:\s{{0,2}}(?:[-–—,]|and|и|және|мен)\s{{0,2}}{_DAY}){{0,3}}+)"
_YEAR = r"(?P<year>[12][0-9]{3})(?!\d)"
_YEARS = r"\s{0,2}(?:(?i:жыл\w{0,6})|ж\.)"  # "of the year", Kazakh

# In this order; what one has read, the next does not see.
_DATES = [
    re.compile(pattern)
    for pattern in (
        r"(?<![\w-])(?P<year>[12][0-9]{3})-(?P<number>[01][0-9])-(?P<days>[0-3][0-9])(?![\d-])",
        r"(?<![\w./])(?P<days>[0-3]?[0-9])(?P<dot>[./])(?P<number>[0-3]?[0-9])(?P=dot)"
        r"(?P<year>[12][0-9]{3})(?!\d)",
        rf"(?<!\w){_YEAR}{_YEARS}\s{{0,2}}{_DAYS}\s{{0,2}}{_month('month')}",
        rf"(?<!\w){_YEAR}{_YEARS}\s{{0,2}}{_month('month', (2,))}"
        rf"(?:\s{{0,2}}(?P<days>{_DAY})-?(?=[а-яәғқңөұүһі])\w{{1,9}})?",
        rf"{_DAYS}\s{{0,2}}(?:of\s)?{_month('month')}(?:\.?,?\s{{0,2}}{_YEAR})?",
        rf"(?<!\w){_month('month', (2,))}\s{{0,2}}(?P<days>{_DAY})-?(?=[а-яәғқңөұүһі])\w{{1,9}}",
        rf"(?<!\w){_month('month', (0,))}\.?\s{{1,2}}{_DAYS}(?:,?\s{{0,2}}{_YEAR})?",
        rf"(?<!\w){_month('month')}\.?,?\s{{0,2}}(?:of\s)?{_YEAR}",
    )
]

_GAP = "[ \u00a0\u2009\u202f]"
_THOUSANDS = rf"\d{{1,3}}(?:{_GAP}\d{{3}})+(?!\d)"
_NUMBERS = {
    # In English the comma parts thousands, elsewhere the decimals.
    True: rf"(?:{_THOUSANDS}|\d{{1,3}}(?:,\d{{3}})+(?![\d])|\d+)(?:\.\d+)?",
    False: rf"\d{{1,3}}(?:\.\d{{3}}){{2,}}(?!\d)(?:,\d+)?|(?:{_THOUSANDS}|\d+)(?:[.,]\d+)?",
}
_NUMBER = {
    english: re.compile(
        rf"(?<!\w)(?:(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?{_GAP}?(?P<half>[ap])\.?m\b"
        rf"|(?P<clock>[0-2]?\d:[0-5]\d)(?!\d)|(?P<number>{number}))",
        re.ASCII | re.IGNORECASE,
    )
    for english, number in _NUMBERS.items()
}
# \w must know Cyrillic letters in front of a digit, which re.ASCII does not.
_GLUED = re.compile(r"(?<!\w)[^\W\d_]++\d[\d.,]*+")

_ROMAN = re.compile(r"(?<!\w)[IVXІХ]{1,7}(?!\w)")
_ROMAN_RULE = re.compile(r"(X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_UNITS = {form: n for n, form in enumerate(" I II III IV V VI VII VIII IX".split(" "))}
# The letters that Cyrillic texts are typed with.
_AS_LATIN = str.maketrans("ІХ", "IX")


@dataclass(frozen=True)
class Day:
    """A date as a text has it: without a year ("6 October") or without a day ("October 2007")
    where the text gives none. `written` is how it stands there."""

    year: int | None
    month: int
    day: int | None
    written: str

    @property
    def key(self) -> tuple[int, int, int]:
        """What two dates are compared by."""
        return self.year or 0, self.month, self.day or 0

    @property
    def date(self) -> dt.date | None:
        """The day of the calendar; None where the text does not give it whole."""
        return dt.date(self.year, self.month, self.day) if self.year and self.day else None


@dataclass(frozen=True)
class Figures:
    """The dates of a text in its order, its numbers as often as they occur ("1000" for "1,000",
    each with how it is first written), and the Roman numerals, which others may write as
    numbers."""

    dates: tuple[Day, ...]
    numbers: Counter[str]
    written: dict[str, str]
    romans: Counter[str]


def _number_of_month(name: str) -> int:
    return next(n for n, forms in enumerate(_MONTH_NUMBERS, 1) if forms.fullmatch(name))


def _days(match: re.Match[str]) -> list[Day]:
    """The dates that one match gives; none where it is no date of the calendar."""
    groups = match.groupdict()
    numbers = [int(n) for n in re.findall(r"\d+", groups.get("days") or "")]
    year = int(groups["year"]) if groups.get("year") else None
    month = int(groups["number"]) if groups.get("number") else _number_of_month(groups["month"])
    if "dot" in groups and groups["dot"] == "/" and month > 12:
        numbers, month = [month], numbers[0]
    if not 1 <= month <= 12:
        return []
    try:
        for number in numbers:
            dt.date(year or 2000, month, number)
    except ValueError:
        return []
    written = " ".join(match.group().split())
    if not numbers:
        return [Day(year, month, None, written)]
    return [Day(year, month, number, written) for number in numbers]


def _plain(number: str, english: bool) -> str:
    """A number without separators, leading zeros and idle decimals: "1 000,50" is "1000.5"."""
    number = re.sub(r"\s", "", number)
    if english:
        number = number.replace(",", "")
    elif number.count(".") > 1:
        number = number.replace(".", "")
    whole, _point, decimals = number.replace(",", ".").partition(".")
    decimals = decimals.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")


def _value(match: re.Match[str], english: bool) -> str:
    if match["half"]:
        hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
        return _plain(f"{hour}.{match['minute'] or '0'}", True)
    if match["clock"]:
        return _plain(match["clock"].replace(":", "."), True)
    return _plain(match["number"], english)


def _roman(letters: str) -> str:
    match = _ROMAN_RULE.fullmatch(letters.translate(_AS_LATIN))
    return str(10 * len(match[1]) + _ROMAN_UNITS[match[2]]) if match else ""


def read(text: str, language: str) -> Figures:
    """The dates and numbers of a plain text in `language`, by whose rules a comma is read."""
    english = language == "en"
    found: list[tuple[int, Day]] = []

    def taken(match: re.Match[str]) -> str:
        days = _days(match)
        found.extend((match.start(), day) for day in days)
        return "\n" * len(match.group()) if days else match.group()

    for pattern in _DATES:
        text = pattern.sub(taken, text)
    text = _GLUED.sub(" ", text)
    numbers: Counter[str] = Counter()
    written: dict[str, str] = {}
    for match in _NUMBER[english].finditer(text):
        value = _value(match, english)
        numbers[value] += 1
        written.setdefault(value, match.group())
    romans = Counter(filter(None, map(_roman, _ROMAN.findall(text))))
    dates = tuple(day for _start, day in sorted(found, key=lambda each: each[0]))
    return Figures(dates, numbers, written, romans)


def other_numbers(one: Figures, other: Figures) -> list[str]:
    """The numbers, as written, that `one` has and `other` has not, or not so often."""
    missing = one.numbers - other.numbers - other.romans
    return [one.written[number] for number in one.written if missing[number] > 0]


def other_dates(one: Figures, other: Figures) -> list[str]:
    """The dates, as written, that `one` has and `other` has not, or not so often. A day without
    its year is the same as one with it."""
    left = Counter(day.key for day in one.dates)
    right = Counter(day.key for day in other.dates)
    missing, spare = left - right, right - left
    for key in list(missing):
        for twin in list(spare):
            if key[1:] == twin[1:] and (not key[0] or not twin[0]):
                same = min(missing[key], spare[twin])
                missing[key] -= same
                spare[twin] -= same
    names = {day.key: day.written for day in reversed(one.dates)}
    return list(dict.fromkeys(names[day.key] for day in one.dates if missing[day.key] > 0))
