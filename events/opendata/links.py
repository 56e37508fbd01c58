"""Where a record is found: as a page, as data, on paper, as a card. All in full, from SITE_URL."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import get_script_prefix, reverse

from .. import paper
from ..addresses import absolute, in_language
from ..languages import CODES

# Where the open API is found; the parts of its addresses, by model.
API = "api/v1/"
LISTS = {
    "publication": "publications",
    "event": "events", "statement": "statements", "quote": "quotes", "outcome": "outcomes",
    "person": "people", "organisation": "organisations", "country": "countries",
    "topic": "topics", "series": "series",
}  # fmt: skip


def api(model: str, uid: UUID) -> str:
    """The address of one record in the open API."""
    return absolute(f"{get_script_prefix()}{API}{LISTS[model]}/{uid}")


def twin(path: str) -> str:
    """The path of a page's JSON twin: its own with .json; that of the front page is index.json."""
    whole = path.rstrip("/")
    return f"{whole}.json" if whole.count("/") > get_script_prefix().count("/") else (
        f"{whole}/index.json"
    )  # fmt: skip


def page(path: str, code: str) -> dict[str, str]:
    """A page in one language, and its twin."""
    there = in_language(path, code)
    return {"page": absolute(there), "json": absolute(twin(there))}


def pages(row: Any, languages: Iterable[str] = CODES) -> dict[str, dict[str, str]]:
    """The pages of a row and their twins, by language."""
    path = row.get_absolute_url()
    return {code: page(path, code) for code in languages}


def on_paper(path: str, model: str, code: str) -> str | None:
    """The PDF of an item's page; None where this machine sets none."""
    return absolute(f"{in_language(path, code)}{model}.pdf") if paper.available() else None


def card(uid: UUID, number: int | None, code: str) -> str | None:
    """The picture for whoever shares the page; None for what has no public edition."""
    return absolute(reverse("card", args=[code, uid, number])) if number else None
