"""What one language version has and another has not; dates that are far away."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from .. import dates
from ..figures import Figures, other_dates, other_numbers
from ..languages import Standing
from .question import Question, ask, language, listed
from .text import Text

FAR = 60  # days


def far_dates(text: Text) -> Iterator[Question]:
    """Dates named far from the item's own. What the source names already is not asked about
    again in a translation. A month or a year by itself is not a date here."""
    named: set[dt.date] = set()
    for code in text.codes:
        far = [day for day in text.dates_named(code) if text.days_away(day) > FAR]
        new = [day for day in far if day not in named]
        named.update(far)
        if new:
            yield ask(
                f"far-dates-{code}", new,
                _("%(language)s: the text names dates far from its own, %(date)s. Are they right:"
                  " %(dates)s?")
                % {"language": language(code), "date": text.record.written_date(),
                   "dates": listed(map(dates.written, new))},
            )  # fmt: skip


def other_versions(text: Text) -> Iterator[Question]:
    """Numbers, dates and paragraphs of each language against those of the source."""
    if not text.codes:
        return
    source = text.codes[0]
    for code in text.codes[1:]:
        if code in text.bodies and source in text.bodies:
            yield from _bodies(text, source, code)
        for name in ("title", "summary"):
            if text.of(name, code) and text.of(name, source):
                yield from _lines(text, source, code, name)


def _bodies(text: Text, source: str, code: str) -> Iterator[Question]:
    ours, theirs = text.figures("body", code), text.figures("body", source)
    names = {"language": language(code), "source": language(source)}
    if (only := _only(ours, theirs, source, code, numbers=True)) != ([], []):
        sentence = _("%(language)s: the text has other numbers than %(source)s.") % names
        yield ask(f"numbers-{code}", only, sentence, *_told(only, source, code))
    if (only := _only(ours, theirs, source, code, dates=True)) != ([], []):
        sentence = _("%(language)s: the text has other dates than %(source)s.") % names
        yield ask(f"dates-{code}", only, sentence, *_told(only, source, code))
    counts = [_paragraphs(text.plain[each]) for each in (code, source)]
    if counts[0] != counts[1]:
        yield ask(
            f"paragraphs-{code}", counts,
            _("%(language)s: the text has another number of paragraphs (%(count)d) than"
              " %(source)s (%(other)d).") % {**names, "count": counts[0], "other": counts[1]},
        )  # fmt: skip


def _lines(text: Text, source: str, code: str, name: str) -> Iterator[Question]:
    ours, theirs = text.figures(name, code), text.figures(name, source)
    only = _only(ours, theirs, source, code, numbers=True, dates=True)
    if only != ([], []):
        sentences = {
            "title": _("%(language)s: the title has other numbers than %(source)s."),
            "summary": _("%(language)s: the summary has other numbers than %(source)s."),
        }
        names = {"language": language(code), "source": language(source)}
        yield ask(f"{name}-{code}", only, sentences[name] % names, *_told(only, source, code))


def _only(
    ours: Figures, theirs: Figures, source: str, code: str,
    numbers: bool = False, dates: bool = False,
) -> tuple[list[str], list[str]]:  # fmt: skip
    """What only the version has, and what only the source has."""
    found: tuple[list[str], list[str]] = ([], [])
    for side, one, other in ((0, ours, theirs), (1, theirs, ours)):
        found[side].extend(other_numbers(one, other) if numbers else ())
        found[side].extend(other_dates(one, other) if dates else ())
    return found


def _told(only: tuple[list[str], list[str]], source: str, code: str) -> Iterator[str]:
    for found, where in zip(only, (code, source), strict=True):
        if found:
            yield _("Only in %(language)s, or there more often: %(found)s.") % {
                "language": language(where), "found": listed(found)}  # fmt: skip


def _paragraphs(plain: str) -> int:
    return sum(bool(block.strip()) for block in plain.split("\n\n"))


def without_a_text(text: Text) -> Iterator[Question]:
    """A language said to be authentic with no text of its own, where another has one: its
    readers would get the other language."""
    bare = [code for code in text.codes if text.bodies and code not in text.bodies]
    for code in bare:
        if text.of("standing", code) == Standing.AUTHENTIC:
            yield ask(
                f"no-text-{code}", code,
                _("%(language)s is marked as authentic and has a title but no text; the text is"
                  " in: %(languages)s.")
                % {"language": language(code), "languages": listed(map(language, text.bodies))},
            )  # fmt: skip
