"""The choices of the lists' filters: what each is called, and how many items it leads to."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import CharField, F, TextField, Value
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .. import alphabet, dates
from ..facets import Counts
from ..languages import column, columns, current
from ..models import Country, Event, Organisation, Outcome, Person, Series, Statement, Topic

# No more choices of a facet than these: the others are found on the page of each, and by search.
SHOWN = 40

# Facets whose values are addresses of reference rows; countries have their code in small letters.
ROWS: dict[str, type[Any]] = {
    "organisation": Organisation, "topic": Topic, "person": Person, "series": Series,
    "country": Country,
}  # fmt: skip
_WORDS: dict[tuple[str, str], Any] = {
    ("event", "kind"): Event._meta.get_field("event_kind").choices,
    ("event", "state"): Event._meta.get_field("state").choices,
    ("statement", "kind"): Statement._meta.get_field("statement_kind").choices,
    ("statement", "reliability"): Statement._meta.get_field("reliability").choices,
    ("outcome", "kind"): Outcome._meta.get_field("outcome_kind").choices,
    ("outcome", "state"): Outcome._meta.get_field("state").choices,
    ("outcome", "overdue"): [("1", _("overdue"))],
}

Values = Mapping[str, int | None]  # value -> how many items it leads to; None: too many to count


class Name(str):
    """A name, the code of its language where that is not the page's, and its place in a list."""

    lang: str
    place: str

    def __new__(cls, text: str, lang: str = "", place: str = "") -> "Name":
        made = super().__new__(cls, text)
        made.lang, made.place = lang, place or alphabet.key(text, current())
        return made


class Choices:
    """Those of a list, by facet, as (value, name with number); and the names of the chosen."""

    def __init__(
        self, model: str, chosen: Mapping[str, str], whole: Counts,
        found: Mapping[str, Counts | None],
    ) -> None:  # fmt: skip
        """`chosen` holds each facet of the form with its value, "" where none is chosen; `whole`
        what is public, `found` what is listed: under "" all of it, and under a chosen facet what
        would be listed without that choice. One query, for the names of reference rows."""
        values = {facet: _values(facet, chosen[facet], whole, found) for facet in chosen}
        rows = _names_of({facet: values[facet] for facet in chosen if facet in ROWS})
        self.names: dict[str, dict[str, Name]] = {
            facet: rows[facet] if facet in ROWS else worded(model, facet, values[facet])
            for facet in chosen
        }
        self.of: dict[str, list[tuple[str, Name]]] = {
            facet: _sorted(values[facet], self.names[facet]) for facet in chosen
        }


def _values(
    facet: str, chosen: str, whole: Counts, found: Mapping[str, Counts | None]
) -> dict[str, int | None]:
    """The values that lead to most, and the chosen one."""
    known = whole.get(facet, {})
    counts = found.get(facet, found[""])
    numbers = known if counts is None else counts.get(facet, {})
    most = sorted(numbers, key=lambda value: (-numbers[value], value))[:SHOWN]
    if chosen and chosen not in most:
        most.append(chosen)
    return {value: None if counts is None else numbers.get(value, 0) for value in most}


def _names_of(values: Mapping[str, Iterable[str]]) -> dict[str, dict[str, Name]]:
    """The names of public reference rows, those of all facets in one query."""
    names = columns("name")
    found: dict[str, dict[str, Name]] = {facet: {} for facet in values}
    branches = [_branch(facet, list(keys), names) for facet, keys in values.items() if keys]
    if branches:
        for facet, place, key, called, *texts in branches[0].union(*branches[1:], all=True):
            if facet == "country":
                row: Any = Country(iso2=key, called=called)
                found[facet][key.lower()] = Name(row.name, "", place)
            else:
                row = ROWS[facet](slug=key, **dict(zip(names, texts, strict=True)))
                found[facet][key] = Name(row.name, _foreign(row), place)
    return found


def _branch(facet: str, keys: list[str], names: list[str]) -> Any:
    """The rows of one facet in the shape that all share, unordered as SQLite's union asks."""
    rows = ROWS[facet].objects.public().order_by()
    nothing = Value("", output_field=TextField())
    kind = Value(facet, output_field=CharField())
    place = column("letters", current())
    if facet == "country":
        rows = rows.filter(iso2__in=[key.upper() for key in keys])
        return rows.values_list(kind, F(place), F("iso2"), F("called"), *(nothing for _ in names))
    rows = rows.filter(slug__in=keys)
    return rows.values_list(kind, F(place), F("slug"), nothing, *map(F, names))


def _foreign(row: Any) -> str:
    code: str = row.lang_of("name")
    return "" if code == current() else code


def worded(model: str, facet: str, values: Iterable[str]) -> dict[str, Name]:
    """The names of what has no row of its own: languages as CLDR has them."""
    if facet == "language":
        languages = dates.locale().languages
        return {each: Name(capfirst(languages.get(each.split("-")[0], each))) for each in values}
    if facet in ("year", "due"):
        return {each: Name(each if each.isdecimal() else str(capfirst(_("no due date"))))
                for each in values}  # fmt: skip
    words = {value: Name(capfirst(str(label))) for value, label in _WORDS[model, facet]}
    return {each: words[each] for each in values if each in words}


def _sorted(values: Values, names: Mapping[str, Name]) -> list[tuple[str, Name]]:
    """By name; what has none is not public after all."""
    shown = sorted((value for value in values if value in names), key=lambda v: names[v].place)
    return [(value, _numbered(names[value], values[value])) for value in shown]


def _numbered(name: Name, number: int | None) -> Name:
    return name if number is None else Name(f"{name} ({number})", name.lang, name.place)
