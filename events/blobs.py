"""Where uploaded bytes are kept: immutable, named by their checksum, outside any served folder."""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext_lazy as _

_FULL = (errno.ENOSPC, errno.EDQUOT)


class NotStored(ValidationError):
    """The disk refused a file. Nothing of it is left; the sentence is for whoever sent it."""

    def __init__(self, problem: OSError) -> None:
        full = problem.errno in _FULL
        super().__init__(
            _("There is no room left for files: nothing was saved. Tell whoever runs the server.")
            if full
            else _("The file could not be stored: nothing was saved. Tell whoever runs the server.")
        )


@dataclass(frozen=True)
class Stored:
    """One blob that was put into storage: its name, its bytes still in hand, and whether they
    were new there."""

    name: str
    content: File
    new: bool


@dataclass(frozen=True)
class Found:
    """Something in storage: its name, its size in bytes, and since when it is so. It may be a
    blob out of reach (`aside`), whose own name it `hides`, or a draft of which nothing is known."""

    name: str
    size: int
    since: datetime
    hides: str = ""


# Where blobs are, and what is made of them.
FOLDERS = ("blobs", "renditions")
_HIDDEN = re.compile(r"\.([0-9a-f]{64}(?:\.[a-z0-9]+)?)\.[0-9a-f]{32}")

_noted: ContextVar[list[Stored] | None] = ContextVar("stored", default=None)


def is_noting() -> bool:
    """Whether somebody further out already watches what is stored."""
    return _noted.get() is not None


@contextmanager
def noting() -> Iterator[list[Stored]]:
    """The blobs that the block stores, as it goes on."""
    stored: list[Stored] = []
    token = _noted.set(stored)
    try:
        yield stored
    finally:
        _noted.reset(token)


def keep(storage: Any, name: str | None, content: File) -> str:
    """Store `content` by its checksum in whatever kind of storage there is; see BlobStorage."""
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    checksum = digest.hexdigest()
    extension = PurePosixPath(name or "").suffix.lower()[:8]
    blob = f"blobs/{checksum[:2]}/{checksum}{extension}"
    new = not storage.exists(blob)
    if new:
        storage.write(blob, content.chunks())
        content.seek(0)
    noted = _noted.get()
    if noted is not None:
        noted.append(Stored(blob, content, new))
    return blob


class ByChecksum:
    """What every kind of blob storage does alike, whatever its `exists` and `write` are."""

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Store `content` and return its name, "blobs/<2 signs>/<checksum><extension>".

        Raises NotStored where the store refuses it.
        """
        return keep(self, name, content)

    def put(self, name: str, data: bytes) -> None:
        """Store bytes that can be made again under a name that says what they are made from.

        Raises NotStored where the store refuses them.
        """
        self.write(name, [data])  # type: ignore[attr-defined]

    def put_back(self, stored: Stored) -> None:
        """Store a blob again, where somebody took it away since."""
        if not self.exists(stored.name):  # type: ignore[attr-defined]
            stored.content.seek(0)
            self.write(stored.name, stored.content.chunks())  # type: ignore[attr-defined]

    def url(self, name: Any, *_arguments: Any, **_more: Any) -> str:
        """No address: readers get files through the gate, and forms show the bare name."""
        return ""


class BlobStorage(ByChecksum, FileSystemStorage):
    """Names every file by its SHA-256, so that nothing is ever overwritten, lost or guessed.

    The same bytes are stored once; a second upload of them is a second reference. Files have
    no address of their own: readers get them through the gate alone. A name is there whole or
    not at all, whenever the power goes.
    """

    @contextmanager
    def aside(self, name: str) -> Iterator[Path]:
        """A blob out of reach for the block, at the path yielded; back in its place afterwards,
        unless the block has removed it."""
        path = Path(self.path(name))
        hidden = path.with_name(f".{path.name}.{uuid4().hex}")
        path.rename(hidden)
        try:
            yield hidden
        finally:
            with suppress(FileNotFoundError):
                hidden.rename(path)

    def found(self) -> Iterator[Found]:
        """All that is in storage, blobs out of reach and half-written ones included."""
        root = Path(self.base_location)
        for folder in FOLDERS:
            for path in sorted((root / folder).rglob("*")):
                with suppress(FileNotFoundError):  # it had another name a moment ago
                    if path.is_file():
                        yield self._found(path, path.relative_to(root))

    def _found(self, path: Path, name: Path) -> Found:
        about, hidden = path.stat(), _HIDDEN.fullmatch(path.name)
        # A name that changes hands changes the second of the two.
        since = datetime.fromtimestamp(max(about.st_mtime, about.st_ctime), UTC)
        hides = str(name.with_name(hidden[1])) if hidden else ""
        return Found(str(name), about.st_size, since, hides)

    def return_to(self, hidden: str, name: str) -> None:
        """Give a blob that was left out of reach its name again."""
        Path(self.path(hidden)).rename(self.path(name))

    def write(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write under a name of its own, down to the disk, then let it have its name.

        Raises NotStored.
        """
        path = Path(self.path(name))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
            try:
                with open(descriptor, "wb") as file:
                    for chunk in chunks:
                        file.write(chunk)
                    file.flush()
                    os.fsync(file.fileno())
                os.chmod(draft, self.file_permissions_mode or 0o640)
                os.replace(draft, path)
            except BaseException:
                os.unlink(draft)
                raise
            for directory in (path.parent, path.parent.parent):
                _to_disk(directory)
        except OSError as problem:
            raise NotStored(problem) from problem


def _to_disk(directory: Path) -> None:
    """Let a name in a directory survive a power cut, as the bytes do."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
