"""THE VERBS: everything that may happen to a text, and who may do it when.

frame.py      Move and MOVES: from which stage, by whom, asking what; the frame of every verb
saving.py     a draft is saved, or discarded
foureyes.py   who wrote what nobody else has confirmed yet
lifecycle.py  submit, send back, countersign, approve, release, withdraw, retract, reinstate
changes.py    an approved text is changed: proposed by one, applied by another
confirming.py a translation is still right, though its source has changed
bundles.py    several items released together, or not at all
freezing.py   nobody changes anything, until a Head of press lifts it
limits.py     an item limited to the people named on it

Each verb locks and re-reads the row, checks the permission, reads the clock last, checks the
move against it, validates the whole record, and writes row and edition in one transaction.
Every edit is confirmed by somebody other than its author, and the last act before release is
by a holder of approve. An approved text is never edited in place.
"""

from .accounts import manages_accounts, may_change, save_account
from .bundles import (
    approve_bundle,
    cancel_bundle,
    join_bundle,
    leave_bundle,
    make_bundle,
    move_bundle,
    release_bundle_now,
)  # fmt: skip
from .changes import (
    FROZEN,
    Revision,
    apply_change,
    confirm_change,
    propose,
    questions,
    reject_change,
    restored,
    revision,
    rows_seen,
    showing,
    showing_change,
    standing_edition,
)  # fmt: skip
from .confirming import confirm_language
from .foureyes import CONFIRMATIONS, EDITS, named_rows, unconfirmed_authors, unconfirmed_rows
from .frame import (
    LEAD,
    MOVES,
    SETTLE,
    TAKING_OUT,
    Move,
    Refused,
    moves_open_to,
    owner,
    refuse_while_frozen,
)  # fmt: skip
from .freezing import current as frozen
from .freezing import freeze, unfreeze
from .lifecycle import (
    approve,
    approve_reason,
    ask_reinstatement,
    cancel_release,
    countersign,
    move_release,
    propose_reason,
    reinstate,
    release_now,
    retract,
    send_back,
    submit,
    withdraw,
)  # fmt: skip
from .limits import lift_limit, limit, named_on
from .saving import begin_save, discard, finish_save, is_in_use, saving

__all__ = [
    "CONFIRMATIONS", "EDITS", "FROZEN", "LEAD", "MOVES", "SETTLE", "TAKING_OUT", "Move", "Refused",
    "Revision", "apply_change", "approve", "approve_bundle", "approve_reason", "ask_reinstatement",
    "begin_save", "cancel_bundle", "cancel_release", "confirm_change", "confirm_language",
    "countersign", "discard", "finish_save", "freeze", "frozen", "is_in_use", "join_bundle",
    "leave_bundle", "lift_limit", "limit", "make_bundle", "manages_accounts", "may_change",
    "move_bundle", "move_release", "moves_open_to", "named_on", "named_rows", "owner", "propose",
    "propose_reason", "questions", "refuse_while_frozen", "reinstate", "reject_change",
    "release_bundle_now", "release_now", "restored", "retract", "revision", "rows_seen",
    "save_account", "saving", "send_back", "showing", "showing_change", "standing_edition",
    "submit", "unconfirmed_authors", "unconfirmed_rows", "unfreeze", "withdraw",
]  # fmt: skip
