"""Which feeds a text is in: their addresses, as hubs know them."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import translation

from ..addresses import absolute
from ..editions import Snapshot
from ..languages import CODES
from ..models import Country, Organisation, Person, Series, Topic

FORMS = ("rss", "atom", "json")
# The rows that have a feed of all that names them.
NAMED: tuple[Any, ...] = (Person, Organisation, Country, Topic, Series)
# Under the name of the model: the feed of its kind, and the relation with a feed of its own.
_KINDS = {"event": ("events", "outcomes"), "statement": ("statements", "quotes")}
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def feeds_of(contents: Iterable[Snapshot]) -> list[str]:
    """The addresses of all feeds, in each language and form, that a text is in, or was in as an
    earlier of its `contents` had it. One query for each model that has feeds.

    A row that nothing public names has no feed, and is not named to anybody.
    """
    names, uids = {"latest"}, set[UUID]()
    for content in contents:
        own, below = _KINDS[content["model"]]
        names |= {own, below} if content["parts"].get(below) else {own}
        uids |= {UUID(uid) for uid in _uids(_read_with(content))}
    rows = [row for model in NAMED for row in model.objects.public().filter(pk__in=uids)]
    return [absolute(path) for code in CODES for path in _paths(code, sorted(names), rows)]


def _paths(code: str, names: Iterable[str], rows: Iterable[Any]) -> Iterator[str]:
    with translation.override(code):
        for name in names:
            for form in FORMS:
                yield reverse("public:feed", args=[name, form])
        for row in rows:
            for form in FORMS:
                yield f"{row.get_absolute_url()}feed.{form}"


def _read_with(content: Snapshot) -> Any:
    """The content without outcomes that a statement announces: whether they are out is a matter of
    that statement, and lists do not find the event by their parties."""
    parts = dict(content["parts"])
    if "outcomes" in parts:
        told = (each for each in parts["outcomes"] if not each["fields"].get("announced_in"))
        parts["outcomes"] = list(told)
    return {**content, "parts": parts}


def _uids(value: Any) -> Iterator[str]:
    """Every identifier in a snapshot."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _uids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _uids(each)
    elif isinstance(value, str) and _UID.fullmatch(value):
        yield value
