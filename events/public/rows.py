"""What the reusable parts of pages need of their rows."""

from typing import Any

from django.db.models import QuerySet

from ..languages import columns


def with_quotes(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Quotes with what their part shows of the speaker and the statement: all but the texts,
    which may be long."""
    holders = ("statement", "statement__event")
    texts = [f"{holder}__{each}" for holder in holders for each in columns("body")]
    return rows.select_related("person", *holders).defer(*texts)


def with_outcomes(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Outcomes with what their part shows of the event and the parties."""
    return rows.select_related("event").prefetch_related("countries", "organisations")
