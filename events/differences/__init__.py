"""What changed between two texts of a record.

words.py    two texts woven into one, word by word
files.py    the files that a text names, as a person is told of them
fields.py   what differs between two snapshots, value by value, as a person reads it
seen.py     what one person may see of a text
merging.py  a proposal on top of what has changed meanwhile

All of it works on the snapshots of editions.py, so that editions, proposed changes and stale
forms are compared in one way.
"""

from .fields import Difference, Line, Path, compare, lines
from .files import NamedFile, files_in
from .merging import merge
from .seen import seen_changes, seen_part, sees_whole, with_unseen
from .words import Piece, words

__all__ = [
    "Difference", "Line", "NamedFile", "Path", "Piece", "compare", "files_in", "lines", "merge",
    "seen_changes", "seen_part", "sees_whole", "with_unseen", "words",
]  # fmt: skip
