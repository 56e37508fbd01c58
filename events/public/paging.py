"""Lists page by key: stable links, and a list far back as cheap as its first page."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

PAGE_SIZE = 20
_KEY = re.compile(r"(?P<when>[0-9TZ:.+-]{10,32})_(?P<uid>[0-9a-f-]{36})")


@dataclass
class Page:
    """One page of a list: its rows, and the query string that leads on to older ones."""

    items: list[Any] = field(default_factory=list)
    older: str = ""
    newest: str = ""


def _parse(after: str, as_moment: bool) -> tuple[dt.date | dt.datetime, UUID]:
    match = _KEY.fullmatch(after)
    if not match:
        raise Http404
    try:
        when = match["when"]
        moment = dt.datetime.fromisoformat(when) if as_moment else dt.date.fromisoformat(when)
        # Our own cursors are in UTC; another offset may lead out of the calendar.
        if isinstance(moment, dt.datetime) and moment.tzinfo is not dt.UTC:
            raise Http404
        return moment, UUID(match["uid"])
    except ValueError:
        raise Http404 from None


def page_of(
    rows: QuerySet[Any], key: str, params: Any, *, as_moment: bool = False, size: int = PAGE_SIZE
) -> Page:
    """The page of `rows`, newest first by (`key`, uid), that ?after=<key>_<uid> asks for.

    `key` may be a path ("event__date"); `as_moment` says that it is a time rather than a day.
    Raises Http404 for a cursor that this list never gave.
    """
    rows = rows.order_by(f"-{key}", "-uid")
    if "after" in params:
        when, uid = _parse(params["after"], as_moment)
        rows = rows.filter(Q(**{f"{key}__lt": when}) | Q(**{key: when}, uid__lt=uid))
    items = list(rows[: size + 1])
    page = Page(items=items[:size])
    kept = params.copy()
    kept.pop("after", None)
    if "after" in params:
        page.newest = "?" + kept.urlencode() if kept else "."
    if len(items) > size:
        last = page.items[-1]
        value: Any = last
        for name in key.split("__"):
            value = getattr(value, name)
        cursor = value.isoformat().replace("+00:00", "Z")
        kept["after"] = f"{cursor}_{last.uid}"
        page.older = "?" + kept.urlencode()
    return page
