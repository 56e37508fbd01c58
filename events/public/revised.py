"""When the public text of an event or a statement last changed, and how often: by the changes that
readers are told of, so that no act of the office on it is told of beside them."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from ..models import Change


def revised(rows: QuerySet[Any], record: str = "pk") -> QuerySet[Any]:
    """The rows with the moment and the number of the last change of what `record` leads to: the row
    itself, or the text that holds it ("statement"). None for a text that never changed."""
    last = Change.objects.readable().filter(record_uid=OuterRef(record)).order_by("-public_number")
    return rows.annotate(
        changed_at=Subquery(last.values("decided_at")[:1]),
        changed_to=Subquery(last.values("public_number")[:1]),
    )


def latest(*moments: datetime | None) -> datetime:
    """The last of the moments, in UTC and whole seconds. There is one at least: a release."""
    return max(each for each in moments if each).astimezone(UTC).replace(microsecond=0)
