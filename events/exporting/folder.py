"""A folder that appears whole or not at all, with its list of checksums."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

# The list that `sha256sum --check` understands.
CHECKSUMS = "SHA256SUMS.txt"


class Unwilling(Exception):
    """Why nothing is written, in a sentence for whoever asked."""


class Folder:
    """Files in the making beside their place; `written` knows each one's bytes and checksum."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written: dict[str, tuple[int, str]] = {}

    @contextmanager
    def file(self, name: str) -> Iterator["Summed"]:
        """Write one file, at a path of plain parts below the folder."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            summed = Summed(file)
            yield summed
        self.written[name] = (summed.size, summed.digest.hexdigest())

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write one file out of its pieces."""
        with self.file(name) as file:
            for piece in pieces:
                file.write(piece)

    def finish(self) -> None:
        """Write the list of checksums, last of all."""
        lines = [f"{digest}  {name}\n" for name, (_size, digest) in sorted(self.written.items())]
        self.add(CHECKSUMS, [line.encode() for line in lines])


class Summed:
    """A file that knows what has been written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size, self.digest = file, 0, hashlib.sha256()

    def write(self, data: bytes) -> Any:
        """Write bytes, and count them in."""
        self.size += len(data)
        self.digest.update(data)
        return self.file.write(data)


@contextmanager
def made(target: Path, *, force: bool = False) -> Iterator[Folder]:
    """A folder at `target`, there when the block has ended well, with its checksums; what fails
    leaves nothing. Raises Unwilling where there is something already, unless it is to be replaced
    by `force`."""
    target = target.absolute()
    if not force and target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Unwilling(_("%(path)s is there and is not empty.") % {"path": target})
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as problem:
        raise Unwilling(f"{target}: {problem.strerror}") from problem
    try:
        folder = Folder(draft)
        yield folder
        folder.finish()
        draft.chmod(0o755)
        _put(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put(draft: Path, target: Path) -> None:
    """Let the new folder stand where the old one stood."""
    if not target.exists():
        os.replace(draft, target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    os.replace(target, old / "old")
    os.replace(draft, target)
    shutil.rmtree(old, ignore_errors=True)
