"""Search over everything that a person may see, in every language and in any case of letters.

Neither database folds the case of every alphabet (SQLite none but the Latin, PostgreSQL what its
locale knows), so that the pattern names both cases of each letter itself.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from .. import differences, markup, roles, sight
from ..languages import columns
from ..models import (
    Change,
    Event,
    Organisation,
    Outcome,
    Person,
    Photo,
    Quote,
    Series,
    Statement,
    Topic,
)  # fmt: skip
from ..visibility import Stage
from .deskrows import change_url, form_url, look_up, titled

SHOWN, LONGEST, MOST_WORDS, AROUND = 20, 200, 8, 60
# A match in rich text is in the text and not in a tag.
_OUTSIDE_TAGS = r"(?![^<>]*>)"


@dataclass(frozen=True)
class Kind:
    """What is searched: a model and its columns; `stage` tells where a found row stands."""

    model: type[models.Model]
    names: tuple[str, ...]
    plain: tuple[str, ...] = ()
    rich: tuple[str, ...] = ()
    order: tuple[str, ...] = ("pk",)
    related: tuple[str, ...] = ()
    stage: Callable[[Any], Stage | None] = lambda row: None


_NUMBERS = ("slug", "reference_number")
KINDS = (
    Kind(Event, ("title", "summary", "venue", "city"), _NUMBERS, ("body",), ("-date", "pk"),
         stage=lambda row: row.stage),
    Kind(Statement, ("title", "summary", "place"), _NUMBERS, ("body",), ("-date", "pk"),
         stage=lambda row: row.stage),
    Kind(Quote, ("text", "name", "office", "context"), order=("-statement__date", "pk"),
         related=("statement",), stage=lambda row: row.statement.stage),
    Kind(Outcome, ("text",), order=("-event__date", "pk"), related=("event",),
         stage=lambda row: row.event.stage),
    Kind(Person, ("name", "sort"), ("slug",)),
    Kind(Organisation, ("name", "abbreviation"), ("slug",)),
    Kind(Topic, ("name",), ("slug",)),
    Kind(Series, ("name",), ("slug",)),
    Kind(Photo, ("alt", "caption"), ("credit",), order=("-taken_on", "pk")),
    Kind(Change, ("note",), ("decision_note",), order=("-proposed_at", "pk")),
)  # fmt: skip

# Runs of text, and whether each is what was looked for.
Runs = list[tuple[str, bool]]


@dataclass(frozen=True)
class Hit:
    """One row that was found: its title, and around what was found where it is not the title."""

    url: str
    lang: str
    title: Runs
    excerpt: Runs
    stage: Stage | None


@dataclass(frozen=True)
class Group:
    """What was found of one kind; `more` says that these are not all."""

    title: str | Promise
    hits: list[Hit]
    more: bool


def words_of(typed: str) -> list[str]:
    """The words to look for: without control characters, of a bounded length and number."""
    text = markup.strip_controls(typed[: LONGEST * 2])[:LONGEST]
    return list(dict.fromkeys(text.split()))[:MOST_WORDS]


def pattern(word: str) -> str:
    """A regular expression, the same for Python and PostgreSQL, that finds a word in any case,
    whether its letters are composed or not: texts are stored as they were typed."""
    forms = dict.fromkeys([word, *(unicodedata.normalize(form, word) for form in ("NFC", "NFD"))])
    found = ["".join(_letter(letter) for letter in form) for form in forms]
    return found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"


def _letter(letter: str) -> str:
    cases = {letter, letter.lower(), letter.upper(), *("её" if letter in "еёЕЁ" else "")}
    cases = {case for each in cases for case in (each.lower(), each.upper()) if len(case) == 1}
    if len(cases) > 1:
        return f"[{''.join(sorted(cases))}]"
    # A letter or digit stands for itself; before anything else a backslash makes it do so.
    return letter if letter.isalnum() or letter == "_" or ord(letter) > 127 else f"\\{letter}"


def groups(user: Any, words: list[str]) -> list[Group]:
    """What holds all of the words, by kind, as far as this person may see it."""
    if not words:
        return []
    marked = re.compile("|".join(pattern(word) for word in sorted(words, key=len, reverse=True)))
    found = [_group(kind, user, words, marked) for kind in KINDS if _may_view(kind, user)]
    return [group for group in found if group.hits]


def _may_view(kind: Kind, user: Any) -> bool:
    return roles.holds(user, f"view_{kind.model._meta.model_name}")


def _group(kind: Kind, user: Any, words: list[str], marked: re.Pattern[str]) -> Group:
    condition = Q()
    for word in words:
        anywhere = Q()
        for column in _plain_columns(kind):
            anywhere |= Q(**{f"{column}__regex": pattern(word)})
        for column in _rich_columns(kind):
            in_text = pattern(html.escape(word, quote=False)) + _OUTSIDE_TAGS
            anywhere |= Q(**{f"{column}__regex": in_text})
        condition &= anywhere
    if kind.model is Change:
        rows = differences.seen_changes(user).filter(condition)
    else:
        rows = sight.seen_by(user, kind.model._default_manager.filter(condition))
    found = list(rows.order_by(*kind.order).select_related(*kind.related)[: SHOWN + 1])
    records = look_up(user, found) if kind.model is Change else {}
    hits = [_hit(kind, row, records, marked) for row in found[:SHOWN]]
    return Group(capfirst(kind.model._meta.verbose_name_plural), hits, len(found) > SHOWN)  # type: ignore[arg-type]


def _plain_columns(kind: Kind) -> list[str]:
    return [*(column for name in kind.names for column in columns(name)), *kind.plain]


def _rich_columns(kind: Kind) -> list[str]:
    return [column for name in kind.rich for column in columns(name)]


def _hit(kind: Kind, row: Any, records: dict[Any, Any], marked: re.Pattern[str]) -> Hit:
    if isinstance(row, Change):
        record = records.get(row.record_uid)
        title, lang = titled(record) if record is not None else (str(row.get_kind_display()), "")
        url = change_url(row.pk)
    else:
        title, lang = titled(row)
        # A quote is worked on in its statement.
        url = form_url(row.statement if isinstance(row, Quote) else row)
    title = title if len(title) <= 4 * AROUND else f"{title[: 4 * AROUND]}…"
    excerpt = "" if marked.search(title) else _excerpt(kind, row, marked)
    return Hit(url, lang, runs(title, marked), runs(excerpt, marked), kind.stage(row))


def _texts(kind: Kind, row: Any) -> Iterator[str]:
    for column in _plain_columns(kind):
        yield getattr(row, column) or ""
    for column in _rich_columns(kind):
        yield markup.to_text(getattr(row, column))


def _excerpt(kind: Kind, row: Any, marked: re.Pattern[str]) -> str:
    for text in _texts(kind, row):
        if match := marked.search(text):
            start, end = max(match.start() - AROUND, 0), match.end() + AROUND
            before, after = "…" if start else "", "…" if end < len(text) else ""
            return f"{before}{text[start:end]}{after}"
    return ""


def runs(text: str, marked: re.Pattern[str]) -> Runs:
    """A text in runs, each with whether it is what was looked for: for a template to mark."""
    found, at = [], 0
    for match in marked.finditer(text):
        found += [(text[at : match.start()], False), (match.group(), True)]
        at = match.end()
    return [run for run in (*found, (text[at:], False)) if run[0]]


@require_GET
def search_view(request: HttpRequest) -> HttpResponse:
    """What is found, in groups; nothing is asked of the database for an empty query."""
    typed = request.GET.get("q", "")
    words = words_of(typed)
    return TemplateResponse(
        request, "admin/search.html",
        {
            **admin.site.each_context(request), "title": _("Search"), "query": " ".join(words),
            "groups": groups(request.user, words), "shortened": len(typed) > LONGEST,
            "shown": SHOWN,
        },
    )  # fmt: skip
