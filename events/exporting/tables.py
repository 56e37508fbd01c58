"""Records as rows of a table that a spreadsheet opens without harm."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .. import markup
from ..languages import CODES

# A cell that begins so would be run as a formula (OWASP, CSV injection): an apostrophe before it
# says that it is text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")

_DATED = ("date", "date_precision")
_SHARED = (
    "uid", "slug", "reference_number", *_DATED, "published_at", "released_at",
    "first_released_on", "corrected_at", "edition", "title*", "summary*", "body*",
    "languages.page*", "languages.standing*", "languages.text_digest*", "topics[]",
    "organisations[]", "countries[]", "people[]",
)  # fmt: skip
# The columns of each table: the key of a record; `*` for one in each language, `[]` for a list of
# what it names, `a.b` for a key within a key.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "events": (*_SHARED, "event_kind", "state", "starts_at", "ends_at", "time_zone", "until",
               "venue*", "city*", "country.iso2", "series.slug"),
    "statements": (*_SHARED, "statement_kind", "reliability", "delivered_at", "time_zone", "place*",
                   "event.uid", "event.slug"),
    "quotes": ("uid", "text*", "original_language", "context*", "speaker.name*", "speaker.office*",
               "speaker.person.slug", "statement.uid", "statement.slug", "statement.date",
               "event.uid", "edition", "languages.page*"),
    "outcomes": ("uid", "outcome_kind", "text*", "state", "due", "due_precision", "countries[]",
                 "organisations[]", "event.uid", "event.slug", "event.date", "announced_in.uid",
                 "follow_up.uid", "edition", "languages.page*"),
    "people": ("uid", "slug", "name*", "languages.page*"),
    "organisations": ("uid", "slug", "name*", "abbreviation*", "website", "languages.page*"),
    "countries": ("uid", "iso2", "name*", "languages.page*"),
    "topics": ("uid", "slug", "name*", "languages.page*"),
    "series": ("uid", "slug", "name*", "organisation.slug", "languages.page*"),
}  # fmt: skip


def safe(value: Any) -> str:
    """A cell as text, that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _within(data: Any, path: str) -> Any:
    for key in path.split("."):
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _in_language(data: Mapping[str, Any], path: str, code: str) -> Any:
    """A text in a language: {"title": {"en": …}} or {"languages": {"en": {"page": …}}}."""
    if path.startswith("languages."):
        return _within(data, f"languages.{code}.{path.removeprefix('languages.')}")
    value = _within(data, f"{path}.{code}")
    return markup.to_text(value) if path == "body" and value else value


def _cells(data: Mapping[str, Any], columns: Iterable[str]) -> Iterator[Any]:
    for column in columns:
        if column.endswith("*"):
            yield from (_in_language(data, column[:-1], code) for code in CODES)
        elif column.endswith("[]"):
            named = data.get(column[:-2]) or ()
            yield " ".join(each.get("slug") or each["iso2"] for each in named)
        else:
            yield _within(data, column)


def heading(kind: str) -> list[str]:
    """The names of the columns of a table."""
    found: list[str] = []
    for column in COLUMNS[kind]:
        name = column.rstrip("*").removesuffix("[]").replace(".", "_").removeprefix("languages_")
        found += [f"{name}_{code}" for code in CODES] if column.endswith("*") else [name]
    return found


def line(cells: Iterable[Any]) -> bytes:
    """One row (RFC 4180) in UTF-8."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([safe(cell) for cell in cells])
    return text.getvalue().encode()


def row(kind: str, data: Mapping[str, Any]) -> bytes:
    """A record as a row of its table."""
    return line(_cells(data, COLUMNS[kind]))
