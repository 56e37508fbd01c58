"""Values as JSON has them: texts by language, moments in UTC, days with their precision."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from .. import dates
from ..languages import CODES, column

Texts = dict[str, str]


def ready(item: Any) -> list[str]:
    """The languages in which an event or a statement may be read, in the order of the settings."""
    return [code for code in CODES if getattr(item, column("ready", code))]


def texts(row: Any, name: str, languages: Iterable[str] = CODES) -> Texts:
    """A translated column in those of the languages that have it."""
    found = ((code, getattr(row, column(name, code))) for code in languages)
    return {code: text for code, text in found if text}


def moment(when: datetime | None) -> str | None:
    """A moment in UTC: "2007-10-06T05:00:00Z"; None without one."""
    if when is None:
        return None
    return when.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def day(value: date | None) -> str | None:
    """A whole day: "2007-10-06"; None without one."""
    return value.isoformat() if value else None


def dated(name: str, value: date | None, precision: str) -> dict[str, str | None]:
    """A date that may be a month or a year, as much of it as was said ("2008"), and how much
    that is. Both None without one."""
    if value is None:
        return {name: None, f"{name}_precision": None}
    return {name: dates.iso(value, precision), f"{name}_precision": str(precision)}
