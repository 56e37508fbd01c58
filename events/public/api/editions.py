"""The public editions of an event or a statement as data: what readers had, and from when."""

from pathlib import PurePosixPath
from typing import Any

from django.http import Http404, HttpResponse

from ... import dates
from ...languages import current
from ...models import Change
from ...opendata import links
from ...opendata.plain import Texts, moment, ready, texts
from ...opendata.records import brief, correction
from .. import shown
from ..history import PublicEdition, compared, public_editions, with_texts
from ..problems import written
from ..shown import SEEN, Seen, Stood


def _address(item: Any, number: int) -> str:
    return f"{links.api('publication', item.pk)}/editions/{number}"


def _brief(item: Any, edition: PublicEdition, told: dict[int, Any]) -> dict[str, Any]:
    change = told.get(edition.number)
    return {
        "number": edition.number, "since": moment(edition.since), "is_open": edition.is_open,
        "text_digests": edition.digests,
        "correction": correction(change, ready(item)) if change else None,
        "api": _address(item, edition.number),
    }  # fmt: skip


def _told(item: Any) -> dict[int, Any]:
    rows = Change.objects.readable().filter(record_uid=item.pk).defer("snapshot")
    return {row.public_number: row for row in rows}


def listed(item: Any) -> HttpResponse:
    """The editions, the latest first, without their texts. Three queries."""
    told = _told(item)
    rows = [_brief(item, each, told) for each in public_editions(item)]
    return written({"publication": brief(item), "items": rows})


def one(item: Any, number: int) -> HttpResponse:
    """An edition as it stood. Raises Http404 for one that there is not, or that may not be read."""
    past = with_texts(item, public_editions(item), {number})
    past, names = compared(past, item.lang_of("title") or current())
    for place, each in enumerate(past):
        if each.number == number and each.is_open and each.content is not None:
            stood = shown.as_it_stood(each.content, names)
            languages = ready(stood.item)
            return written({
                **_brief(item, each, _told(item)), "publication": brief(item),
                "until": moment(past[place - 1].since) if place else None,
                "text": _stood(stood, SEEN[each.content["model"]], languages),
            })  # fmt: skip
    raise Http404


def _stood(stood: Stood, seen: Seen, languages: list[str]) -> dict[str, Any]:
    """What readers saw of a row: its texts by language, its facts, the names of what it named,
    and its parts in the same form."""
    found: dict[str, Any] = {"uid": str(stood.item.pk)}
    by_language: dict[str, Texts] = {
        name: texts(stood.item, name, languages) for name in seen.texts
    }
    return {
        **found, **by_language, **{name: _fact(stood.item, name) for name in seen.facts},
        **{name: stood.names[name] or None for name in seen.names},
        **{
            relation: [_stood(each, inner, languages) for each in stood.parts[relation]]
            for relation, inner in seen.parts.items()
        },
    }  # fmt: skip


def _fact(row: Any, name: str) -> Any:
    """A fact as JSON has it; of a document's file, the checksum of its bytes."""
    value = getattr(row, name)
    if name == "file":
        return PurePosixPath(value.name).stem  # blobs are named by it
    precision = getattr(row, f"{name}_precision", None)
    if hasattr(value, "hour"):
        return moment(value)
    if hasattr(value, "isoformat"):
        return dates.iso(value, precision or "day")
    return value or None
