"""What the reusable parts of pages need of their rows."""

from typing import Any

from django.db.models import QuerySet


def with_quotes(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Quotes with what their part shows of the speaker and the statement."""
    return rows.select_related("person", "statement", "statement__event")


def with_outcomes(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Outcomes with what their part shows of the event and the parties."""
    return rows.select_related("event").prefetch_related("countries", "organisations")
