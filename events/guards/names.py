"""People, organisations and countries that one language version names and another does not.

A name is found where its words stand one after the other, each with whatever ending its language
gives it. It is missed only where the whole other text has nothing that could stand for it: a
surname alone, an abbreviation, an adjective of the country. A warning that is missing does less
harm here than one that is false.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ..languages import CODES, column, columns
from ..models import Country, Organisation, Person
from ..search.folding import fold, stem, tokens
from .question import Question, ask, language, listed
from .text import Text

# Shorter words are no names by themselves: they are found as they are, or not at all.
_SHORT = 4
# How much longer a word may be with the endings of its language.
_ENDINGS = {"ru": 4, "kk": 9}
# What else stands for a country: abbreviations, and adjectives that begin otherwise than its name.
_ALSO = {
    "AE": "ОАЭ БАӘ UAE Emirati", "BY": "Белорус Byelorussia", "CN": "КНР ҚХР PRC", "CZ": "чеш",
    "DE": "немец неміс", "GB": "UK Британ English Англ Ағылшын Ұлыбритан", "GR": "грече грек",
    "HU": "венгер Мажар", "KG": "Киргиз Қырғыз", "KP": "КНДР КХДР DPRK", "KR": "Корей Корея",
    "KZ": "РК ҚР", "NL": "Dutch Голланд", "PL": "Poli поль поляк", "RU": "РФ Орыс Русск",
    "SE": "швед", "TR": "Turk Турц Түрк Турк", "US": "USA США АҚШ American Америк",
}  # fmt: skip


@dataclass(frozen=True)
class Word:
    """A word as printed, folded, and its stem where the language has any."""

    printed: str
    form: str
    root: str


@dataclass(frozen=True)
class Named:
    """Somebody or something: the names by which a text in each language calls it, and single
    words that may stand for it in any."""

    key: str
    shown: str
    names: dict[str, list[list[Word]]]
    hints: tuple[str, ...] = ()
    # How many of a name's words must stand in a text that calls it otherwise.
    share: float = 0.0


def _words(text: str) -> list[Word]:
    return [Word(each.printed, each.form, stem(each.printed)) for each in tokens(text)]


def _is_form(name: Word, word: Word, code: str) -> bool:
    """Whether a word of a text is a word of a name, in whatever case."""
    if name.form == word.form:
        return True
    if len(name.form) < _SHORT:
        return False
    if code != "kk" and name.root and name.root == word.root:
        return True
    longer = len(word.form) - len(name.form)
    kept = name.form[:-1] if len(name.form) > _SHORT else name.form
    return word.form.startswith(kept) and longer <= _ENDINGS.get(code, 0) and code in _ENDINGS


def _stands(name: list[Word], words: list[Word], code: str) -> list[range]:
    """The places where a name stands in a text: as many capitals as the name has."""
    found = []
    for start in range(len(words) - len(name) + 1):
        pairs = zip(name, words[start:], strict=False)
        if all(
            _is_form(one, other, code)
            and (other.printed[:1].isupper() or not one.printed[:1].isupper())
            for one, other in pairs
        ):
            found.append(range(start, start + len(name)))
    return found


def _may_stand_for(named: Named, words: list[Word]) -> bool:
    """Whether anything in a text could be meant for it."""
    forms = {each.form for each in words}
    roots = {each.root for each in words if each.root}

    def hinted(hint: str) -> bool:
        short = len(hint) < _SHORT
        return hint in forms if short else any(form.startswith(hint) for form in forms)

    if any(map(hinted, named.hints)):
        return True
    for names in named.names.values():
        for name in names:
            long = [each for each in name if len(each.form) >= _SHORT] or name
            there = [
                each
                for each in long
                if each.root in roots or hinted(each.form[: max(_SHORT, len(each.form) - 3)])
            ]
            if there and len(there) >= named.share * len(long):
                return True
    return False


def _known() -> Iterator[Named]:
    """Everybody and everything that the office has a name for. Three queries."""
    for uid, *names in Person.objects.values_list("pk", *columns("name")):
        yield _named(f"person {uid}", dict(zip(CODES, ([each] for each in names), strict=True)))
    named = [*columns("name"), *columns("abbreviation")]
    for row in Organisation.objects.only("pk", *named):
        calls = {
            code: [getattr(row, column(name, code)) for name in ("name", "abbreviation")]
            for code in CODES
        }
        yield _named(f"organisation {row.pk}", calls, share=0.5)
    for row in Country.objects.all():
        calls = {code: [row.name_in(code)] for code in CODES}
        also = (*_ALSO.get(row.iso2, "").split(), *row.aliases.split("\n"))
        hints = [each[:_SHORT] for names in calls.values() for each in names if len(each) > _SHORT]
        yield _named(f"country {row.pk}", calls, tuple(filter(None, map(fold, (*also, *hints)))))


def _named(key: str, calls: dict[str, list[str]], hints: Any = (), share: float = 0.0) -> Named:
    names = {
        code: [words for each in called if each and (words := _words(each))]
        for code, called in calls.items()
    }
    shown = next((each for called in calls.values() for each in called if each), "")
    return Named(key, shown, names, tuple(hints), share)


def _of_text(code: str, text: Text, known: list[Named]) -> dict[str, tuple[Named, int, str]]:
    """What a version names: by its key, with the number of the first paragraph that does and the
    name as printed. Longer names are read first; what one has read, the next does not see."""
    calls = [
        (name, each) for each in known for name in each.names[code]
        if len(name) > 1 or len(name[0].form) >= _SHORT or name[0].printed.isupper()
    ]  # fmt: skip
    calls.sort(key=lambda pair: len(pair[0]), reverse=True)
    found: dict[str, tuple[Named, int, str]] = {}
    for number, paragraph in enumerate(text.paragraphs[code], 1):
        words = _words(paragraph)
        forms = {each.form[: _SHORT - 1] for each in words}
        taken: set[int] = set()
        here: list[tuple[int, Named, str]] = []
        for name, each in calls:
            if name[0].form[: _SHORT - 1] not in forms:
                continue
            for place in _stands(name, words, code):
                if taken.isdisjoint(place):
                    taken.update(place)
                    printed = " ".join(one.printed for one in name)
                    here.append((place.start, each, printed))
        for _start, each, printed in sorted(here, key=lambda row: row[0]):
            found.setdefault(each.key, (each, number, printed))
    return found


def other_names(text: Text) -> Iterator[Question]:
    """Names of each language's text against those of the source, both ways."""
    codes = [code for code in text.codes if code in text.bodies]
    source = text.codes[0] if text.codes else ""
    if source not in codes or len(codes) < 2:
        return
    known = list(_known())
    words = {code: [w for each in text.paragraphs[code] for w in _words(each)] for code in codes}
    named = {code: _of_text(code, text, known) for code in codes}
    for code in codes[1:]:
        only = [
            [
                (key, number, printed)
                for key, (each, number, printed) in named[one].items()
                # Of what has no name in the other language nobody can tell whether it is there.
                if each.names[other] and not _may_stand_for(each, words[other])
            ]
            for one, other in ((code, source), (source, code))
        ]
        if any(only):
            sentence = _("%(language)s: the text names others than %(source)s.")
            names = {"language": language(code), "source": language(source)}
            yield ask(f"names-{code}", only, sentence % names, *_told(only, (code, source)))


def _told(only: list[list[tuple[str, int, str]]], codes: tuple[str, str]) -> Iterator[str]:
    for found, where in zip(only, codes, strict=True):
        if found:
            said = listed(
                _("%(name)s (paragraph %(number)d)") % {"name": printed, "number": number}
                for _key, number, printed in found
            )
            yield _("Only in %(language)s: %(found)s.") % {
                "language": language(where), "found": said}  # fmt: skip
