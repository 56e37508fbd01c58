"""The number and the digests of the edition that readers have: what a citation carries."""

from typing import Any

from django.db.models import QuerySet, Subquery
from django.urls import reverse
from django.utils import translation

from .. import editions
from ..addresses import absolute, in_language
from ..languages import current


def numbered(rows: QuerySet[Any], record: str = "pk") -> QuerySet[Any]:
    """The rows with the number and digests of the edition of what `record` leads to: the row
    itself, or the text that holds it ("statement")."""
    latest = editions.latest_public(record)
    return rows.annotate(
        edition_number=Subquery(latest.values("public_number")),
        edition_digests=Subquery(latest.values("text_digests")),
    )


def edition(row: Any, item: Any) -> dict[str, Any]:
    """What parts/cite.html shows of the edition of `item`, an event or a statement, as
    `numbered` found it with `row`: its number, its lasting address, the digest of the text in
    the page's language, the way to the editions where there are several, and the picture for
    whoever shares the page."""
    number = row.edition_number
    if number is None:
        return {"edition": None, "digest": ""}
    path = item.get_absolute_url()
    shown = path if current() in item.readable_languages() else in_language(
        path, item.lang_of("title")
    )  # fmt: skip
    history = reverse(f"public:{item.model}_history", args=[item.slug])
    return {
        "edition": number,
        "edition_path": f"{history}?edition={number}",
        "edition_address": f"{absolute(shown)}history/?edition={number}",
        "digest": (row.edition_digests or {}).get(translation.get_language(), ""),
        "history": history if number > 1 else "",
        "card": absolute(reverse("card", args=[current(), row.pk, number])),
    }
