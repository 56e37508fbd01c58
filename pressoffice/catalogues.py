"""Compiled translations: `python -m pressoffice.catalogues`, which `make` runs by itself.

Babel does it, since it is installed anyway: whoever runs the office needs no gettext. And unlike
its own command it takes a catalogue whose head still says fuzzy, as every new one's does.
"""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

# The texts of the house, and those of libraries: see pressoffice/library_texts.py.
FOLDERS = ("locale", "locale_libraries")


def compile_stale() -> list[Path]:
    """Compile each catalogue that is newer than its compiled form; return what was written."""
    written = []
    here = Path(__file__).resolve().parent
    for source in sorted(
        path for name in FOLDERS for path in here.glob(f"{name}/*/LC_MESSAGES/*.po")
    ):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = compiled.with_suffix(f".{os.getpid()}")
        with source.open("rb") as text, draft.open("wb") as binary:
            # A doubtful translation (fuzzy) is left out: the original is shown instead.
            write_mo(binary, read_po(text, locale=source.parts[-3]))
        # In one step, so that a server that starts meanwhile never reads half a file.
        draft.replace(compiled)
        written.append(compiled)
    return written


if __name__ == "__main__":
    compile_stale()
