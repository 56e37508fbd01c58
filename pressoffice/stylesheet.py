"""The one stylesheet of the pages: several sources, each about one thing, one file for readers.

A reader's browser asks once instead of ten times. Nothing has to be run: the file is put
together whenever Django looks for it. So the development server and the tests always serve what
the sources say, and collectstatic collects it, hashed and compressed, like any other file.
"""

import os
import re
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

FOLDER = Path(__file__).resolve().parent.parent / "static" / "css"
# In this order: what stands later may refine what stands before.
SOURCES = (
    "tokens",
    "base",
    "layout",
    "parts",
    "lists",
    "item",
    "pictures",
    "ledger",
    "search",
    "guide",
    "print",
)
# Applied on paper alone.
PRINTED = {"print"}
NAME = "css/site.css"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def sources() -> list[Path]:
    """The files that the stylesheet is made of, in its order."""
    return [FOLDER / f"{name}.css" for name in SOURCES]


def together() -> str:
    """All sources in one text, without comments, indents and empty lines."""
    parts = ['@charset "utf-8";']
    for path in sources():
        bare = _COMMENT.sub("", path.read_text(encoding="utf-8"))
        text = "\n".join(line.strip() for line in bare.splitlines() if line.strip())
        parts.append(f"@media print{{\n{text}\n}}" if path.stem in PRINTED else text)
    return "\n".join(parts) + "\n"


def build() -> Path:
    """The stylesheet's file, written where it is not yet what the sources make."""
    # With the state of the office, since it is no source: never in the repository.
    built = Path(settings.VAR_DIR) / "built" / NAME
    text = together()
    if not built.exists() or built.read_text(encoding="utf-8") != text:
        built.parent.mkdir(parents=True, exist_ok=True)
        draft = built.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        draft.write_text(text, encoding="utf-8")
        # In one step, so that a server that reads it meanwhile never gets half a file.
        draft.replace(built)
    return built


class StylesheetFinder(BaseFinder):
    """Lets Django's static files find the stylesheet, and builds it in the moment it is sought."""

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing of this is configured."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Its file for its name; nothing for any other."""
        if path != NAME:
            return []
        return [str(build())] if find_all else str(build())

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """The one file there is, with the storage that reads it: for collectstatic."""
        yield NAME, FileSystemStorage(location=build().parent.parent)
