"""A question, and the words that all of them are put in."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from ..typography import in_marks

LISTED = 5  # of several findings in one sentence


@dataclass(frozen=True)
class Question:
    """One thing that looks wrong: its code, unique within one text, and the sentence that asks
    about it, in the language of whoever is asked."""

    code: str
    sentence: str


def ask(kind: str, finding: Any, *sentences: str) -> Question:
    """A question whose code stands for exactly this finding (any JSON value), in whatever
    language it is asked: an answer that was given to another one does not count for it."""
    found = json.dumps(finding, default=str).encode()
    return Question(f"{kind}-{hashlib.sha256(found).hexdigest()[:10]}", " ".join(sentences))


def listed(findings: Iterable[str]) -> str:
    """The first few findings, and how many more there are."""
    names = list(findings)
    shown = ", ".join(names[:LISTED])
    if len(names) <= LISTED:
        return shown
    return _("%(names)s and %(count)d more") % {"names": shown, "count": len(names) - LISTED}


def language(code: str) -> str:
    """A language by its own name."""
    return dict(settings.LANGUAGES)[code]


def quoted(text: str) -> str:
    """Words of a text within a sentence, shortened where they are many."""
    text = " ".join(text.split())
    return in_marks(text if len(text) <= 80 else f"{text[:79]}…")
