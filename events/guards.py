"""Questions that an approver must answer before a text goes out, each with a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .models import Publication


@dataclass(frozen=True)
class Question:
    """One thing that looks wrong: its code, unique within one text, and the sentence that asks
    about it, in the language of whoever is asked."""

    code: str
    sentence: str


def questions(record: Publication) -> list[Question]:
    """What an approver must answer about a text as it stands in the database."""
    found = []
    if not record.media_contacts.exists():
        found.append(
            Question("no-contact", _("No media contact is named. Whom may a journalist ask?"))
        )
    return found


def recorded(record: Any, answers: Mapping[str, str] | None) -> str:
    """The questions with the answers given, as an edition's note keeps them; "" without any."""
    if not answers or not isinstance(record, Publication):
        return ""
    return "\n".join(
        f"{each.sentence} – {answers[each.code].strip()}"
        for each in questions(record)
        if answers.get(each.code, "").strip()
    )
