"""Lists page by key: stable links, and a list far back as cheap as its first page."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, QueryDict

PAGE_SIZE = 20
# The parameters of a cursor: what a list that pages both ways understands.
CURSORS = ("after", "before")
_KEY = re.compile(r"(?P<when>[0-9TZ:.+-]{10,32})_(?P<uid>[0-9a-f-]{36})")


@dataclass
class Page:
    """One page of a list: its rows, and the query strings that lead on, back, and to its start.

    `newest` is the start of a list with the newest first, `oldest` that of one with the oldest
    first; each is empty on the first page.
    """

    items: list[Any] = field(default_factory=list)
    older: str = ""
    newer: str = ""
    newest: str = ""
    oldest: str = ""
    ascending: bool = False


def _parse(cursor: str, as_moment: bool) -> tuple[dt.date | dt.datetime, UUID]:
    match = _KEY.fullmatch(cursor)
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


def _cursor(item: Any, key: str) -> str:
    value: Any = item
    for name in key.split("__"):
        value = getattr(value, name)
    return f"{value.isoformat().replace('+00:00', 'Z')}_{item.uid}"


def _ordered(rows: QuerySet[Any], key: str, ascending: bool) -> QuerySet[Any]:
    sign = "" if ascending else "-"
    return rows.order_by(f"{sign}{key}", f"{sign}uid")


def _beyond(
    rows: QuerySet[Any], key: str, cursor: str, ascending: bool, as_moment: bool
) -> QuerySet[Any]:
    when, uid = _parse(cursor, as_moment)
    side = "gt" if ascending else "lt"
    # The first condition says nothing new, in a way that an index begins with.
    return rows.filter(
        Q(**{f"{key}__{side}": when}) | Q(**{key: when, f"uid__{side}": uid}),
        **{f"{key}__{side}e": when},
    )


def _asked(params: QueryDict) -> tuple[str, str]:
    given = [name for name in CURSORS if name in params]
    if len(given) > 1:
        raise Http404
    return (given[0], str(params[given[0]])) if given else ("", "")


def address(params: QueryDict) -> str:
    """The query string of a list, or "." for the list without any."""
    return "?" + params.urlencode() if params else "."


def page_of(
    rows: QuerySet[Any], key: str, params: QueryDict, *, as_moment: bool = False,
    size: int = PAGE_SIZE, ascending: bool = False, back: bool = False,
) -> Page:  # fmt: skip
    """The page of `rows` by (`key`, uid) that ?after=<key>_<uid> or ?before=… asks for.

    `key` may be a path ("event__date"); `as_moment` says that it is a time rather than a day.
    The newest come first, unless `ascending`. `back` gives links to the page before, for lists
    that know the parameter `before`. Raises Http404 for a cursor that no list gives.
    """
    direction, cursor = _asked(params)
    kept = params.copy()
    for name in CURSORS:
        kept.pop(name, None)
    if direction == "before":
        near = _beyond(rows, key, cursor, not ascending, as_moment)
        found = list(_ordered(near, key, not ascending)[: size + 1])
        if not found:  # what stood before has gone since: this is the first page now
            return page_of(
                rows, key, kept, as_moment=as_moment, size=size, ascending=ascending, back=back
            )
        items, more, less = found[:size][::-1], True, len(found) > size
    else:
        if direction:
            rows = _beyond(rows, key, cursor, ascending, as_moment)
        found = list(_ordered(rows, key, ascending)[: size + 1])
        items, more, less = found[:size], len(found) > size, bool(direction)

    def to(name: str, item: Any) -> str:
        there = kept.copy()
        there[name] = _cursor(item, key)
        return address(there)

    onward = to("after", items[-1]) if items and more else ""
    backward = to("before", items[0]) if items and less and back else ""
    start = address(kept) if less else ""
    page = Page(items=items, ascending=ascending)
    page.older, page.newer = (backward, onward) if ascending else (onward, backward)
    page.newest, page.oldest = ("", start) if ascending else (start, "")
    return page
