"""Where dumps are kept, and which of them may still be had.

A dump holds texts as they stood. Once any of them has been withdrawn, retracted or taken out of its
text, the dump is closed, whatever else is in it: it would hand out what readers were asked not to
keep. The next dump does not have it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db.models import Max

from .. import visibility
from ..models import Publication, Tombstone
from ..visibility import Status

MANIFEST = "manifest.json"
_STAMP = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,60}")


@dataclass(frozen=True)
class Dump:
    """One dump on the shelf: its name is its moment."""

    name: str
    path: Path

    @property
    def moment(self) -> datetime:
        """The moment at which the record is in it (UTC)."""
        return datetime.strptime(self.name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    def manifest(self) -> dict[str, Any]:
        """What it says of itself: its files with their sizes, rows and checksums."""
        found: dict[str, Any] = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        return found


def place() -> Path:
    """The folder of all dumps, on this machine."""
    return Path(settings.VAR_DIR) / "dumps"


def name_of(moment: datetime) -> str:
    """What a dump of a moment is called: "20261125T100000Z"."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _all() -> Iterator[Dump]:
    if place().is_dir():
        for path in place().iterdir():
            if _STAMP.fullmatch(path.name) and (path / MANIFEST).is_file():
                yield Dump(path.name, path)


def last_ending() -> datetime | None:
    """When something was last withdrawn, retracted or taken out of a public text."""
    ended = Publication.objects.filter(status__in=(Status.WITHDRAWN, Status.RETRACTED))
    stones = Tombstone.objects.filter(visibility.gate_q(Tombstone, visibility.readable_q))
    moments = [
        ended.aggregate(at=Max("withdrawn_at"))["at"],
        stones.aggregate(at=Max("removed_at"))["at"],
    ]  # fmt: skip
    return max((at for at in moments if at), default=None)


def open_dumps() -> list[Dump]:
    """The dumps that may be had, the latest first. Two queries, and none where there is no dump."""
    dumps = sorted(_all(), key=lambda dump: dump.name, reverse=True)
    closed = last_ending() if dumps else None
    return [dump for dump in dumps if closed is None or dump.moment > closed]


def dump_named(name: str) -> Dump | None:
    """The dump of a moment, where it may be had."""
    return next((dump for dump in open_dumps() if dump.name == name), None)


def storage() -> FileSystemStorage:
    """The shelf as a storage, for whoever sends files."""
    return FileSystemStorage(location=place())


def is_file_of(dump: Dump, name: str) -> bool:
    """Whether the dump has a file of that name."""
    return bool(_NAME.fullmatch(name)) and (dump.path / name).is_file()
