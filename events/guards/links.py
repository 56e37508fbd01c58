"""Links from a text into this site that would lead its readers nowhere."""

import html
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.db.models import Model, Q
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from .. import visibility
from ..languages import CODES
from ..models import (
    Attachment,
    Country,
    Event,
    Organisation,
    Outcome,
    Person,
    Photo,
    Publication,
    Quote,
    Series,
    Statement,
    Topic,
)  # fmt: skip
from ..visibility import Status
from .question import Question, ask, listed, quoted
from .text import Record, Text

FOLLOWED = 200  # addresses of one text

_HREF = re.compile(r'<a\s[^>]*?href="([^"]*)"')
# What stands behind a page, by the name of its route, and the column that its address holds.
_PAGES: dict[str, tuple[type[Model], str]] = {
    "event": (Event, "slug"), "statement": (Statement, "slug"), "quote": (Quote, "pk"),
    "outcome": (Outcome, "pk"), "person": (Person, "slug"), "organisation": (Organisation, "slug"),
    "country": (Country, "iso2"), "topic": (Topic, "slug"), "series": (Series, "slug"),
}  # fmt: skip
# The same row in another form: the route of each is called after that of the page.
_TEXT, _NAMED = ("_history", "_pdf", "_history_json"), ("_feed", "_calendar")
_FORMS: dict[str, tuple[str, ...]] = {
    "event": (*_TEXT, "_calendar"), "statement": _TEXT, "quote": ("_embed",), "outcome": (),
}  # fmt: skip
_ROWS = {
    f"{page}{form}": row
    for page, row in _PAGES.items()
    for form in ("", "_json", *_FORMS.get(page, _NAMED))
} | {"press_kit": _PAGES["event"]}
# What stands behind a file or a picture, whatever its last words say.
_FILES: dict[str | None, type[Model]] = {"file": Attachment, "photo": Photo}
# Lists, empty or not: no row stands behind these.
_LISTS = frozenset(
    {
        "feed", "card", "search_feed",
        *(f"{name}_feed" for name in ("events", "statements", "quotes", "outcomes")),
        *(f"{name}_{archive}{form}" for name in ("events", "statements")
          for archive in ("year", "month") for form in ("", "_json")),
    }
)  # fmt: skip
Target = tuple[type[Model], str, str]


def dead_links(text: Text) -> Iterator[Question]:
    """Links to addresses of this site that lead to no page by the time this text is out. Why
    they do not, a page that is still to come or none at all, is not told."""
    with translation.override(None):
        targets = {
            href: _target(href, text.record, code)
            for code, body in text.bodies.items()
            for href in list(dict.fromkeys(_HREF.findall(body)))[:FOLLOWED]
        }
    wanted = {target for target in targets.values() if isinstance(target, tuple)}
    there = _there(wanted, text.record)
    dead = [href for href, target in targets.items() if not (target is True or target in there)]
    if dead:
        addresses = listed(quoted(html.unescape(href)) for href in dead)
        yield ask(
            "links", dead,
            _("These links lead to no public page: %(links)s.") % {"links": addresses},
        )  # fmt: skip


def _target(href: str, record: Record, code: str) -> Target | bool:
    """The row that a link must find, or whether it is right whatever there is."""
    try:
        own = f"{settings.SITE_URL}/{code}/{record.model}s/{record.slug}/"
        there = urlsplit(urljoin(own, html.unescape(href).strip()))
        site = urlsplit(settings.SITE_URL)
        if there.scheme not in ("http", "https") or there.netloc.lower() != site.netloc.lower():
            return True
        path = unquote(there.path) or "/"
        match = _resolved(path) or (_resolved(f"{path}/") if settings.APPEND_SLASH else None)
    except ValueError:
        return False
    return _row(match, path) if match else False


def _resolved(path: str) -> ResolverMatch | None:
    """The route of a path, whose first word says in which language it is looked up."""
    first = path.removeprefix("/").partition("/")[0]
    with translation.override(first if first in CODES else settings.LANGUAGE_CODE):
        try:
            return resolve(path)
        except Resolver404:
            return None


def _row(match: ResolverMatch, path: str) -> Target | bool:
    if path.removeprefix("/").partition("/")[0] in settings.STAFF_DOORS:
        return False
    if match.namespaces not in ([], ["public"]) or not match.url_name:
        return False
    if match.url_name in _FILES and not match.namespaces:
        return _FILES[match.url_name], "pk", str(match.kwargs["uid"])
    if match.url_name in _ROWS and match.namespaces:
        model, field = _ROWS[match.url_name]
        value = str(next(iter(match.kwargs.values())))
        if model is Country and value != value.lower():
            return False
        return model, field, value.upper() if model is Country else value
    return match.url_name in _LISTS or not match.kwargs


def _there(wanted: set[Target], record: Record) -> set[Target]:
    """Those that readers find once the text is out: one query for each kind of page."""
    found: set[Target] = set()
    for model, field in sorted({each[:2] for each in wanted}, key=str):
        values: list[Any] = sorted(each[2] for each in wanted if each[:2] == (model, field))
        if field == "pk":
            values = [uuid.UUID(value) for value in values]
        rows = model._default_manager.filter(_out_q(model, record), **{f"{field}__in": values})
        found |= {(model, field, str(value)) for value in rows.values_list(field, flat=True)}
    return found


def _out_q(model: type[Model], record: Record) -> Q:
    """The gate of `model` as it will stand when the record is out."""
    condition = _out_with(record)
    if issubclass(model, Publication):
        return condition()
    if model is Photo:
        return Q(pk__in=Photo.objects.held(condition).values("pk"))
    gates: tuple[str, ...] = getattr(model, "GATES", ())
    if not gates:
        return visibility.named_q(model, condition)
    q = condition(gates[0])
    for gate in gates[1:]:
        q &= Q(**{gate: None}) | condition(gate)
    return q


def _out_with(record: Record) -> Callable[..., Q]:
    """The condition "public by the time the record is": now; or this very record; or, unless it
    is limited to others, approved for a time no later, or a member of the same bundle."""

    def condition(path: str = "", when: datetime | None = None) -> Q:
        def at(field: str) -> str:
            return f"{path}__{field}" if path else field

        q = visibility.public_q(path) | Q(**{at("pk"): record.pk})
        open_to_all = Q(**{at("limited"): False})
        if record.release_at is not None and record.status == Status.APPROVED:
            q |= visibility.public_q(path, record.release_at) & open_to_all
        if record.bundle_id is not None:
            coming = [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED]
            members = {at("bundle"): record.bundle_id, at("status__in"): coming}
            q |= Q(**members) & open_to_all
        return q

    return condition
