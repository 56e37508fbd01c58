"""What readers have, told by the latest that changed in it: whether a machine that comes again must
be sent anything at all.

A feed, a calendar or an answer of the open API is a function of its address and of the public
record. The record changes for readers by the acts that editions remember, and by time alone when an
embargo ends. Both are seen here in one query, without reading a text. What is not public does not
count: an act on a hidden item moves nothing.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from .models import RECORDED, Edition, Plain, Publication
from .visibility import Status, moment

# Two acts at once may be written in one order and seen in the other: that many are looked at, so
# that one which comes to light late is not missed behind a later one.
AT_ONCE = 40
# What ends a text, and what is said of its end, have no public number and are public all the same.
_ENDINGS = ("withdraw", "retract", "approve_reason")
_OUT = (Status.APPROVED, Status.WITHDRAWN, Status.RETRACTED)


@dataclass(frozen=True)
class Latest:
    """The state of the public record: `tag` is the same as long as nothing public has changed,
    `at` (UTC, whole second) is when it last did; None where nothing was ever released."""

    tag: str
    at: datetime | None


@dataclass
class Acts:
    """When a verb of this process last touched what readers may have (by time.monotonic): what
    the process made before is not to be trusted after."""

    at: float = float("-inf")

    def noted(self) -> None:
        """Such a verb has been committed."""
        self.at = monotonic()


ACTS = Acts()


def _public_acts() -> QuerySet[Edition]:
    """The editions of acts that changed what readers have at this moment."""
    publications = Publication.objects.filter(
        pk=OuterRef("record_uid"), status__in=_OUT, release_at__lte=moment()
    )
    known = Q(public_number__isnull=False) | Q(action__in=_ENDINGS)
    acts = known & Q(model__in=[name.value for name in Publication.Model]) & Exists(publications)
    for model in RECORDED:
        if not issubclass(model, Publication):
            rows: Any = model._default_manager
            named = rows.public().filter(pk=OuterRef("record_uid"))
            acts |= Q(Q(model=model._meta.model_name), Exists(named))
    return Edition.objects.filter(acts)


def latest() -> Latest:
    """The state of the public record at the request's one moment. One query."""
    # By the index of release times, from the last one on: nearly all rows have one of _OUT.
    released = Publication.objects.alias(stands=Plain(F("status"))).filter(
        stands__in=_OUT, release_at__lte=moment()
    )
    last = released.order_by("-release_at", "-pk").values("pk")[:AT_ONCE]
    acts = _public_acts().order_by("-pk").values("pk")[:AT_ONCE]
    # A slice as part of a union, which SQLite lets be no slice itself.
    rows = Publication.objects.filter(pk__in=last).order_by()
    seen = Edition.objects.filter(pk__in=acts).order_by().values_list("chain_digest", "at")
    found = sorted(
        seen.union(rows.values_list(Cast("pk", TextField()), "release_at"), all=True),
        key=lambda row: row[0],
    )
    if not found:
        return Latest("", None)
    whole = "\n".join(f"{what} {at.astimezone(UTC).isoformat()}" for what, at in found)
    at = max(at for _what, at in found).astimezone(UTC).replace(microsecond=0)
    return Latest(hashlib.sha256(whole.encode()).hexdigest(), at)


def coming(until: datetime) -> set[datetime]:
    """The moments after the request's own, to `until`, at which something is released. One query;
    for the process itself, never for an answer."""
    rows = Publication.objects.filter(
        status=Status.APPROVED, release_at__gt=moment(), release_at__lte=until
    )
    return set(rows.order_by().values_list("release_at", flat=True).distinct())
