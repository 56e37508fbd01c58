"""Shown before its release: one item, by link or to staff; the whole site at a moment.

links.py      links that open one item's preview to whoever holds them
showing.py    public pages as they would be, rendered in a transaction that is always undone
rehearsal.py  the site at a future moment, and what that moment changes

The gate knows of none of this: it is asked about rows that say "released" for as long as a page
is being rendered, or about another moment.
"""

from .links import (
    LONGEST,
    USUAL,
    VISIT,
    address,
    link_with,
    make_link,
    may_open,
    revoke_link,
    shareable,
    shows,
)  # fmt: skip
from .rehearsal import (
    MOST,
    Forecast,
    coming,
    forecast,
    moment_of,
    record_rehearsal,
    rehearsing,
    shown_in,
    stamp,
)  # fmt: skip
from .showing import entry, file_uid, is_own, is_public_address, marked, public_answer, showing

__all__ = [
    "LONGEST", "MOST", "USUAL", "VISIT", "Forecast", "address", "coming", "entry", "file_uid",
    "forecast", "is_own", "is_public_address", "link_with", "make_link", "marked", "may_open",
    "moment_of", "public_answer", "record_rehearsal", "rehearsing", "revoke_link", "shareable",
    "showing", "shown_in", "shows", "stamp",
]  # fmt: skip
