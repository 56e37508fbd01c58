"""Where each language of an item stands: a table on its form, marks in the lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .. import dates, versions, visibility
from ..languages import CODES, Standing, column
from ..models import LanguageVersion
from ..visibility import Status
from .deskrows import language_names

# What is no longer current is not translated any more.
_ENDED = (Status.WITHDRAWN, Status.RETRACTED)


@dataclass(frozen=True)
class LanguageRow:
    """One language of the table; `url` leads to its translation where this person may write it."""

    code: str
    name: str
    is_ready: bool
    has_text: bool
    worth: str
    since: datetime | None
    lag: str
    written_at: datetime | None
    url: str


def language_rows(item: Any, may_write: bool) -> list[LanguageRow]:
    """Every language of an item, with text or without. One query."""
    known = versions.of(item)
    return [_row(item, code, native, known, may_write) for code, native in settings.LANGUAGES]


def _row(
    item: Any, code: str, native: str, known: Mapping[str, LanguageVersion], may_write: bool
) -> LanguageRow:  # fmt: skip
    version, worth = known.get(code), getattr(item, column("standing", code))
    leads = may_write and any(other != code for other in known)
    page = f"admin:events_{item.model}_translate"
    return LanguageRow(
        code=code, name=native, is_ready=getattr(item, column("ready", code)),
        has_text=version is not None, worth=str(Standing(worth).label) if worth else "",
        since=version.since if version else None, lag=told(item, code, known),
        written_at=version.written_at if version else None,
        url=reverse(page, args=[item.pk, code]) if leads else "",
    )  # fmt: skip


def told(item: Any, code: str, known: Mapping[str, LanguageVersion]) -> str:
    """How far a language is behind the others, in words; "" where it is not."""
    if item.status in _ENDED:
        return ""
    version = known.get(code)
    if version is not None and version.behind_since:
        span = dates.written_lag(visibility.moment() - version.behind_since)
        told = {"language": language_names([version.behind]), "span": span}
        return _("%(language)s has changed since: %(span)s behind") % told
    return "" if getattr(item, column("ready", code)) else waited(known)


def waited(known: Mapping[str, LanguageVersion]) -> str:
    """How long readers of a language that is not there have seen others have the text, in words;
    "" where nobody has it yet."""
    now = visibility.moment()
    first = min((each.since for each in known.values() if each.since), default=None)
    if first is None or first > now:
        return ""
    return _("readers have waited for %(span)s") % {"span": dates.written_lag(now - first)}


def marks(item: Any, known: Mapping[str, LanguageVersion]) -> SafeString:
    """The languages of an item in a list: what is ready, what is not, what is behind."""
    said = {
        "ready": _("ready"), "behind": _("behind"), "missing": _("not ready"),
    }  # fmt: skip
    states = [(code, _state(item, code, known)) for code in CODES]
    return format_html_join(
        " ",
        '<span class="tongue tongue-{}" title="{}">{}{}</span>',
        (
            (state, f"{language_names([code])}: {said[state]}", code.upper(),
             format_html('<span class="visually-hidden"> {}</span>', said[state]))
            for code, state in states
        ),
    )  # fmt: skip


def _state(item: Any, code: str, known: Mapping[str, LanguageVersion]) -> str:
    version = known.get(code)
    if version is not None and version.behind_since and item.status not in _ENDED:
        return "behind"
    return "ready" if getattr(item, column("ready", code)) else "missing"


def lags(item: Any, codes: Iterable[str], known: Mapping[str, LanguageVersion]) -> list[str]:
    """What there is to say of some languages of an item, each with its name, for one line."""
    found = ((code, told(item, code, known)) for code in codes)
    return [f"{language_names([code])}: {said}" for code, said in found if said]
