"""Search: the words of what is approved, found through the gate.

folding.py      words: folded, stemmed, written for the index
query.py        what a reader typed, understood
matching.py     the index of words in either database: how it is written and asked
entries.py      what search finds of a record
finding.py      results, ranked, counted and cut behind the gate
suggestions.py  "did you mean"
snippets.py     what a result shows of its text, marked
"""

from .entries import forget_lost, refresh
from .finding import IN_TITLE, KINDS, Filters, Results, find, references
from .query import Query, parse
from .snippets import WHOLE, Marker
from .suggestions import suggest

__all__ = [
    "IN_TITLE", "KINDS", "WHOLE", "Filters", "Marker", "Query", "Results", "find", "forget_lost",
    "parse", "references", "refresh", "suggest",
]  # fmt: skip
