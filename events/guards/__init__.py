"""Questions that an approver must answer before a text goes out, each with a sentence.

question.py  a question and its code; the words that questions are put in
text.py      the text taken apart once: languages, figures, dates, quotes
versions.py  dates far away; numbers, dates and paragraphs of one language and another
names.py     people, organisations and countries that one language names and another does not
people.py    offices not held on the day; quotes that do not stand in the text
links.py     links that lead nowhere on this site

None of them refuses anything: each says what it has found, and a person says why that is right.
They know what is public and what the item itself says, and nothing of other hidden items.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from .. import dates, resemblance
from ..languages import column
from ..models import Placement, Publication
from . import links, names, people, versions
from .question import Question, ask, language, listed, quoted
from .text import Text

__all__ = ["Question", "questions", "recorded"]


def questions(record: Publication) -> list[Question]:
    """What an approver must answer about a text as it stands in the database, in a fixed order,
    in the active language."""
    text = Text(record)
    return [question for guard in _GUARDS for question in guard(text)]


def recorded(record: Any, answers: Mapping[str, str] | None) -> str:
    """The questions with the answers given, as an edition's note keeps them; "" without any."""
    if not answers or not isinstance(record, Publication):
        return ""
    return "\n".join(
        f"{each.sentence} – {answers[each.code].strip()}"
        for each in questions(record)
        if answers.get(each.code, "").strip()
    )


def _released_before(text: Text) -> Iterator[Question]:
    """Nearly the same as a text that is public already."""
    # A language without a text counts with its title, as long as no language has one.
    bodies = text.bodies or dict.fromkeys(text.codes, "")
    named = dict.fromkeys(day for code in text.codes for day in text.dates_named(code))
    for other in resemblance.earlier(text.record, bodies, named):
        on = dates.written(other.published_on or other.date)
        yield ask(
            "released-before", other.pk,
            _("The text is nearly identical to what was released on %(date)s: %(title)s.")
            % {"date": on, "title": quoted(other.title)},
        )  # fmt: skip


def _without_alternative_text(text: Text) -> Iterator[Question]:
    """Placed photos that readers of a language who cannot see them learn nothing of."""
    placed = list(text.record.placements.select_related("photo"))
    for code in text.codes:
        missing = [
            (each.photo_id, _("photo %(number)d") % {"number": number}, each)
            for number, each in enumerate(placed, 1)
            if not getattr(each.photo, column("alt", code))
        ]
        if missing:
            named = [
                f"{photo} {quoted(name)}" if (name := _known_as(each)) else photo
                for _pk, photo, each in missing
            ]
            yield ask(
                f"alt-{code}", [pk for pk, *_rest in missing],
                _("%(language)s: no alternative text for %(photos)s.")
                % {"language": language(code), "photos": listed(named)},
            )  # fmt: skip


def _known_as(placement: Placement) -> str:
    """How the desk tells a photo from others."""
    return placement.any_text("caption") or placement.photo.any_text("alt")


def _without_contact(text: Text) -> Iterator[Question]:
    if not text.record.media_contacts.exists():
        yield Question(
            "no-contact", _("No media contact is named. Whom may a journalist ask?")
        )  # fmt: skip


_GUARDS = (
    _released_before, versions.far_dates, people.offices, versions.other_versions,
    names.other_names, versions.without_a_text, people.quotes, links.dead_links,
    _without_alternative_text, _without_contact,
)  # fmt: skip
