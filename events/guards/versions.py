"""What one language version has and another has not, paragraph by paragraph; dates that are far
away."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import dates
from ..figures import Figures, other_dates, other_numbers
from ..languages import Standing
from .question import LISTED, Question, ask, language, listed
from .text import Text

FAR = 60  # days
# What only the version has, and what only the source has.
Only = tuple[list[str], list[str]]


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
    names = {"language": language(code), "source": language(source)}
    places = list(_places(text, source, code))
    if found := _differing(places, source, code, numbers=True):
        sentence = _("%(language)s: the text has other numbers than %(source)s.") % names
        yield ask(f"numbers-{code}", found, sentence, *_each(found, source, code))
    if found := _differing(places, source, code, dates=True):
        sentence = _("%(language)s: the text has other dates than %(source)s.") % names
        yield ask(f"dates-{code}", found, sentence, *_each(found, source, code))
    counts = [len(text.paragraphs[each]) for each in (code, source)]
    if counts[0] != counts[1]:
        yield ask(
            f"paragraphs-{code}", counts,
            _("%(language)s: the text has another number of paragraphs (%(count)d) than"
              " %(source)s (%(other)d).") % {**names, "count": counts[0], "other": counts[1]},
            *_parting(text, source, code),
        )  # fmt: skip


def _places(text: Text, source: str, code: str) -> Iterator[tuple[int, Figures, Figures]]:
    """What is compared with what: each paragraph with its own, by number, where there are as many;
    else the whole texts, as number 0."""
    ours, theirs = (text.paragraph_figures[each] for each in (code, source))
    if len(ours) == len(theirs):
        for number, pair in enumerate(zip(ours, theirs, strict=True), 1):
            yield number, *pair
    else:
        yield 0, text.figures("body", code), text.figures("body", source)


def _differing(
    places: list[tuple[int, Figures, Figures]], source: str, code: str, **what: bool
) -> list[tuple[int, Only]]:  # fmt: skip
    found = ((number, _only(*pair, source, code, **what)) for number, *pair in places)
    return [(number, only) for number, only in found if only != ([], [])]


def _each(found: list[tuple[int, Only]], source: str, code: str) -> Iterator[str]:
    """What is told of the first few paragraphs, each by its number, and how many more differ."""
    for number, only in found[:LISTED]:
        if number:
            yield _("Paragraph %(number)d.") % {"number": number}
        yield from _told(only, source, code)
    if (more := len(found) - LISTED) > 0:
        yield ngettext(
            "%(num)d more paragraph differs.", "%(num)d more paragraphs differ.", more
        ) % {"num": more}  # fmt: skip


def _parting(text: Text, source: str, code: str) -> Iterator[str]:
    """The first paragraph that does not say in figures what the source's says."""
    pairs = zip(text.paragraph_figures[code], text.paragraph_figures[source], strict=False)
    for number, pair in enumerate(pairs, 1):
        if _only(*pair, source, code, numbers=True, dates=True) != ([], []):
            yield _("They part at paragraph %(number)d.") % {"number": number}
            return


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
) -> Only:  # fmt: skip
    """What only the version has, and what only the source has."""
    found: Only = ([], [])
    for side, one, other in ((0, ours, theirs), (1, theirs, ours)):
        found[side].extend(other_numbers(one, other) if numbers else ())
        found[side].extend(other_dates(one, other) if dates else ())
    return found


def _told(only: Only, source: str, code: str) -> Iterator[str]:
    for found, where in zip(only, (code, source), strict=True):
        if found:
            yield _("Only in %(language)s, or there more often: %(found)s.") % {
                "language": language(where), "found": listed(found)}  # fmt: skip


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
