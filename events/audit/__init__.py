"""The audit trail: what is noted in it, how its chain is made, and what is wrong with one.

`note` writes an entry, in the transaction of what it tells of where there is one, so that neither
is without the other. Verbs are noted by reference: the entry names the edition and its digest,
where the text is; so a record that vanished with all its editions is missed here.
"""

from .acts import in_words
from .chain import check, seal
from .noting import note

__all__ = ["check", "in_words", "note", "seal"]
