"""Which entries a document of a feed holds: the newest, or a past month (RFC 5005).

A subscriber who follows `prev-archive` from the feed on gets everything that was ever released in
it. An archive is a month that is over: once it is, what came out in it stays as it is, but for what
is corrected, taken back, or added to the archive with a date of long ago. Of the month that is not
over yet, what was published up to the end of a past day is an archive too (?archive=2026-11-14): so
the newest and the archives leave no gap between them. A month is over when the feed has something
from after it; the clock is not asked, so that a document follows from the record alone.
"""

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from ..dates import day_start
from ..languages import current
from ..models import Change, ChangeKind
from .feeds_sources import Source
from .pages import BadRequest
from .paging import page_of

# So many of the newest a feed holds, and so many a document of its archive at most.
NEWEST, LONGEST = 30, 200
PARAMETERS = ("archive", "after")
_NAME = re.compile(r"[12]\d{3}-\d\d(-\d\d)?", re.ASCII)


@dataclass(frozen=True)
class Chosen:
    """The rows of a document, the newest first, and what to ask for the documents before and after
    it; "" where there is none. `kept` of the rows must stay in it: no other document has them."""

    rows: Sequence[Any]
    older: str = ""
    newer: str = ""
    is_archive: bool = False
    kept: frozenset[Any] = field(default_factory=frozenset)


def chosen(source: Source, params: QueryDict) -> Chosen:
    """What an address asks for. Raises BadRequest for a name that no archive has, Http404 for an
    archive that is empty or not closed."""
    if "archive" in params:
        return _archive(source, params)
    if "after" in params:
        raise BadRequest(_("Unknown parameter: %(names)s") % {"names": "after"})
    return _newest(source)


def _newest(source: Source) -> Chosen:
    ordered = source.rows.order_by("-published", "-uid")
    first = ordered[: NEWEST + 1]
    if source.is_whole:
        later = Q(pk__in=first.values("pk")) | Q(pk__in=_translated())
        first = ordered.filter(later)
    found = list(first)
    rows = sorted(found, key=_place, reverse=True)
    kept, older = rows[:NEWEST], rows[NEWEST:]
    if older and older[0].published.date() == rows[0].published.date():
        # A day with more than a feed holds: all of it, since no archive has a day of now.
        kept = list(ordered.filter(published__gte=day_start(rows[0].published.date())))
        older = list(ordered.filter(published__lt=day_start(rows[0].published.date()))[:1])
    uids = frozenset(row.pk for row in kept)
    others = [row for row in found if row.pk not in uids]
    behind = _name(older[0].published, rows[0].published) if older else ""
    return Chosen([*kept, *others], behind, kept=uids)


def _place(row: Any) -> Any:
    return row.published, row.pk


def _translated() -> QuerySet[Any]:
    """What came later in a further language: to readers of that language it may be new."""
    rows = Change.objects.readable().filter(
        kind=ChangeKind.TRANSLATION, **{f"snapshot__fields__ready_{current()}": True}
    )
    return rows.order_by("-decided_at").values("record_uid")[:NEWEST]


def _name(when: dt.datetime, newest: dt.datetime) -> str:
    """What to ask for the archive that holds a moment."""
    is_over = (when.year, when.month) < (newest.year, newest.month)
    return f"archive={when:%Y-%m}" if is_over else f"archive={when:%Y-%m-%d}"


def _archive(source: Source, params: QueryDict) -> Chosen:
    name = str(params["archive"])
    start, end = _span(name)
    edges = _edges(source.rows, start, end)
    newest = edges.get("newest")
    # What is still being added to is no archive yet.
    if newest is None or newest < end:
        raise Http404
    within = source.rows.filter(published__gte=start, published__lt=end)
    asked = QueryDict(mutable=True)
    asked.update({key: str(params[key]) for key in PARAMETERS if key in params})
    page = page_of(within, "published", asked, as_moment=True, size=LONGEST)
    if not page.items:
        raise Http404
    older = page.older.removeprefix("?")
    if not older and (before := edges.get("before")):
        older = _name(before, newest)
    newer = edges.get("after")
    # The month that is not over has archives up to any day of it: none of them is the next.
    is_over = newer and (newer.year, newer.month) < (newest.year, newest.month)
    onward = _name(newer, newest) if newer and is_over and "after" not in asked else ""
    return Chosen(page.items, older, onward, is_archive=True)


def _span(name: str) -> tuple[dt.datetime, dt.datetime]:
    """The moments between which an archive lies. Raises BadRequest for a name of none."""
    try:
        if not _NAME.fullmatch(name):
            raise ValueError
        year, month, *rest = (int(part) for part in name.split("-"))
        last = rest[0] if rest else calendar.monthrange(year, month)[1]
        end = day_start(dt.date(year, month, last)) + dt.timedelta(days=1)
        return day_start(dt.date(year, month, 1)), end
    except ValueError:  # calendar.IllegalMonthError is one
        names = f"archive={name}"[:100]
        raise BadRequest(_("Unknown parameter: %(names)s") % {"names": names}) from None


def _edges(rows: QuerySet[Any], start: dt.datetime, end: dt.datetime) -> dict[str, dt.datetime]:
    """When the newest of a feed was published, and what is next before and after an archive. One
    query, that looks at three rows."""
    sides = {
        "newest": rows.order_by("-published", "-uid"),
        "before": rows.filter(published__lt=start).order_by("-published", "-uid"),
        "after": rows.filter(published__gte=end).order_by("published", "uid"),
    }
    first, *others = (
        rows.filter(pk__in=side[:1].values("pk")).order_by().values_list(Value(name), "published")
        for name, side in sides.items()
    )  # fmt: skip
    return dict(first.union(*others, all=True))
