"""Editions read one after the other: what each of them says of every language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from .. import editions
from ..editions import Snapshot
from ..languages import CODES, column
from ..languages import Standing as Worth
from ..models import ChangeKind, Edition
from ..visibility import Status

# The act by which somebody says of a language that it is right as it stands.
CONFIRM = "confirm_language"
# Acts that write what somebody typed. Others (an approval) print names and captions at most.
_WRITES = ("save", "apply_change")
# Kinds of change in any language that the others have to follow. A translation adds a language,
# and a slip of the pen in one is none in another.
_FOLLOWED = (ChangeKind.CORRECTION, ChangeKind.UPDATE, ChangeKind.PROGRESS, "")
# Facts about a text rather than text.
_ABOUT = ("ready", "standing", "is_translation")
# What is copied from elsewhere where nobody has typed it.
_PRINTED = ("name", "office", "caption")
_OWN = ("title", "summary", "body")
_RANK = {Worth.AUTHENTIC: 0, Worth.COURTESY: 1}

Texts = dict[tuple[str, ...], str]


@dataclass
class Standing:
    """Where a language stands after some edition: see LanguageVersion."""

    written_at: datetime
    written_in: int
    since: datetime | None = None
    behind_since: datetime | None = None
    behind: str = ""


def confirmation(language: str) -> str:
    """What an edition calls the act of confirming a language."""
    return f"{CONFIRM}:{language}"


def confirmed_language(action: str) -> str:
    """The language that an act has confirmed; "" for any other act."""
    act, _colon, language = action.partition(":")
    return language if act == CONFIRM else ""


def texts(content: Snapshot, language: str) -> Texts:
    """Everything that a snapshot says in one language, by where it says it."""
    return dict(_texts(content, column("", language), ()))


def _texts(row: Snapshot, ending: str, path: tuple[str, ...]) -> Iterator[Any]:
    for name, value in row["fields"].items():
        base = name.removesuffix(ending)
        if base != name and base not in _ABOUT and value and isinstance(value, str):
            yield (*path, base), value
    for relation, rows in row["parts"].items():
        for each in rows:
            yield from _texts(each, ending, (*path, relation, each["uid"]))


def written_in(content: Snapshot) -> list[str]:
    """The languages that have a text of their own in a snapshot, ready or not."""
    fields = content["fields"]
    return [code for code in CODES if any(fields.get(column(name, code)) for name in _OWN)]


def source_of(content: Snapshot, order: Any = CODES) -> str:
    """The language that the others are translated from: the authentic one, a ready one before one
    that is not, else the first in `order`; "" where there is no text."""
    fields, order = content["fields"], [*order, *CODES]

    def rank(code: str) -> tuple[int, bool, int]:
        worth = _RANK.get(fields.get(column("standing", code)), 2)
        return worth, not fields.get(column("ready", code)), order.index(code)

    return min(written_in(content), key=rank, default="")


def _changed(before: Snapshot, after: Snapshot) -> set[str]:
    """The languages in which somebody has written."""
    found = set()
    for code in CODES:
        old, new = texts(before, code), texts(after, code)
        if any(
            old.get(path) != new.get(path) and (path in old or path[-1] not in _PRINTED)
            for path in {**old, **new}
        ):
            found.add(code)
    return found


def follow(
    known: dict[str, Standing], before: Edition | None, edition: Edition, kind: str = ""
) -> None:  # fmt: skip
    """Bring what is known of every language up to one more edition. `kind` says why the text was
    changed, where it was by a Change."""
    content = editions.content_of(edition)
    present = written_in(content)
    for code in [code for code in known if code not in present]:
        del known[code]
    written: set[str] = set()
    if before is not None and edition.action in _WRITES:
        written = _changed(editions.content_of(before), content)
    # Asked before newcomers are known: what is translated now was not the source of anything.
    moved = _moved(edition, content, written & set(known), kind, list(known))
    if confirmed := confirmed_language(edition.action):
        written = {confirmed}
    for code in present:
        if code not in known or code in written:
            since = known[code].since if code in known else None
            known[code] = Standing(edition.at, edition.number, since)
        elif known[code].behind_since is None and (first := min(moved - {code}, default="")):
            known[code].behind_since, known[code].behind = edition.at, first
    for code, standing in known.items():
        standing.since = _since(standing.since, code, edition)


def _moved(
    edition: Edition, content: Snapshot, written: set[str], kind: str, order: list[str]
) -> set[str]:  # fmt: skip
    """The languages whose change the others have to follow. While a text is being written that is
    the source alone: who translates does not make the source look old."""
    if edition.action == "apply_change":
        return written if kind in _FOLLOWED else set()
    return written & {source_of(content, order)}


def _since(known: datetime | None, code: str, edition: Edition) -> datetime | None:
    """From when on readers have a language, after one more edition."""
    standing, content = edition.snapshot["standing"], editions.content_of(edition)
    if not content["fields"].get(column("ready", code)):
        return None
    if known is not None and known <= edition.at:
        return known  # they have had it, whatever became of it since
    release = parse_datetime(standing.get("release_at") or "")
    if standing.get("status") != Status.APPROVED or release is None:
        return None
    return max(release, edition.at)
