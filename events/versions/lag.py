"""How long readers of one language waited for what readers of another had."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db.models import F, Min, QuerySet

from ..languages import CODES
from ..models import LanguageVersion, Publication


@dataclass
class Waited:
    """Of all items of one kind that readers got in a period: how long those of one language waited.

    `lags` are those of the items that came in this language, in their order; `missing` counts the
    items that have not come yet.
    """

    lags: list[dt.timedelta] = field(default_factory=list)
    missing: int = 0
    # The identifier of the item that took longest.
    slowest: Any = None

    @property
    def number(self) -> int:
        """How many came in this language."""
        return len(self.lags)

    @property
    def median(self) -> dt.timedelta | None:
        """Half of them came sooner; None where none came."""
        return median(self.lags) if self.lags else None

    @property
    def longest(self) -> dt.timedelta | None:
        """What the slowest took."""
        return max(self.lags, default=None)


def first_read(rows: QuerySet[Publication], moment: dt.datetime) -> QuerySet[Publication]:
    """Publications that readers have had by a moment, with `first_read`: since when in any
    language. Archive material came in all its languages before there was this site."""
    read = rows.filter(language_versions__since__lte=moment, first_released_on=None)
    return read.annotate(first_read=Min("language_versions__since"))


def waited(
    rows: QuerySet[Publication], since: dt.datetime, until: dt.datetime, moment: dt.datetime
) -> dict[tuple[str, str], dict[str, Waited]]:  # fmt: skip
    """For each kind of item (event or statement, and its own kind) each language's `Waited`, over
    what readers first got from `since` on and before `until` (UTC). Two queries."""
    found: dict[tuple[str, str], dict[str, Waited]] = {}
    items = {
        uid: (model, event_kind or statement_kind or "", first)
        for uid, model, event_kind, statement_kind, first in first_read(rows, moment)
        .filter(first_read__gte=since, first_read__lt=until)
        .values_list("pk", "model", "as_event__event_kind", "as_statement__statement_kind",
                     "first_read")
    }  # fmt: skip
    came: dict[Any, dict[str, dt.datetime]] = defaultdict(dict)
    for uid, code, when in _came(items, moment):
        came[uid][code] = when
    for uid, (model, kind, first) in items.items():
        each = found.setdefault((model, kind), {code: Waited() for code in CODES})
        for code, one in each.items():
            if code not in came[uid]:
                one.missing += 1
                continue
            lag = came[uid][code] - first
            if one.longest is None or lag > one.longest:
                one.slowest = uid
            one.lags.append(lag)
    return found


def _came(uids: Iterable[Any], moment: dt.datetime) -> Any:
    rows = LanguageVersion.objects.filter(publication__in=list(uids), since__lte=moment)
    return rows.values_list("publication", "language", F("since"))
