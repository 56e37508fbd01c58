"""“Did you mean”: what a slip of the finger, or of the keyboard's layout, may have hidden.

Near words come from all texts, hidden ones too; so every one of them is asked for behind the
gate, in one query, and none is left out before. What a reader is offered is a query that finds
something public, in the letters in which the text that it finds prints it.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When

from ..models import Word
from .finding import Filters, matches_q, public
from .folding import Token, spelled, tokens
from .matching import COLUMNS
from .query import Group, Query, Sought, parse
from .snippets import Marker

# A word shorter than this is near too many others; from LONG letters on, two slips are forgiven.
SHORTEST, LONG = 4, 7
# More words than this are a text, not a slip.
MOST_WORDS = 6
# How many of the texts found are read to choose from, the nearest and latest first.
READ = 20

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,." + '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>'
_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбю" + "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)

# The words near each word of a query, and how many slips away.
Near = dict[str, dict[str, int]]


def other_layout(text: str) -> str:
    """What the same keys give on the other layout, ЙЦУКЕН for QWERTY and the other way round;
    "" where the text has letters of both, or of neither."""
    letters = {letter for letter in text if letter.isalpha()}
    if letters and all(letter.isascii() for letter in letters):
        return text.translate(_TO_CYRILLIC)
    if letters and letters <= set(_CYRILLIC):
        return text.translate(_TO_LATIN)
    return ""


def slips(word: str, other: str, most: int) -> int:
    """How many letters apart two words are, two that changed places being one slip (optimal
    string alignment); `most` + 1 for anything beyond."""
    if abs(len(word) - len(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        row = [i]
        for j, its in enumerate(other, 1):
            cost = min(above[j] + 1, row[-1] + 1, above[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == its:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, above = above, row
    return min(above[-1], most + 1)


def _forgiven(form: str) -> int:
    return 0 if len(form) < SHORTEST else 1 if len(form) < LONG else 2


def _near(words: Iterable[Sought]) -> Near:
    """Words of the vocabulary near those of the query. One query, none without long words."""
    forms = {word.form for word in words if _forgiven(word.form)}
    wanted = Q()
    for form in forms:
        about = range(len(form) - _forgiven(form), len(form) + _forgiven(form) + 1)
        wanted |= Q(head=form[:2], length__in=about) | Q(tail=form[-2:], length__in=about)
    if not wanted:
        return {}
    near: Near = {form: {} for form in forms}
    for known in Word.objects.filter(wanted).values_list("word", flat=True):
        for form in forms:
            distance = slips(form, known, _forgiven(form))
            if 0 < distance <= _forgiven(form):
                near[form][known] = distance
    return near


def _groups(query: Query, near: Near, most: int) -> tuple[Group, ...]:
    """The groups of the query, each with the words at most so many slips away beside its own."""
    exact = Query(query.text, phrases=query.phrases).groups
    words = []
    for word in query.words:
        also = (known for known, far in near.get(word.form, {}).items() if far <= most)
        words.append((*word.terms, *(spelled(known) for known in also)))
    return (*words, *exact)


def suggest(query: Query, filters: Filters) -> str:
    """A query that finds something where this one found nothing, under the same filters; "" for
    none. Two queries."""
    near = _near(query.words) if len(query.words) <= MOST_WORDS else {}
    slipped = Query("") if query.phrases else parse(other_layout(query.text))
    ways = {}
    if slipped:
        ways[0] = matches_q(slipped)
    if any(near.values()):
        ways |= {most: matches_q(query, _groups(query, near, most)) for most in (1, 2)}
    if not ways:
        return ""
    cases = (When(condition, then=Value(way)) for way, condition in ways.items())
    rows = (
        filters.narrow(public())
        .filter(reduce(or_, ways.values()))
        .annotate(way=Case(*cases, output_field=IntegerField()))
        .order_by("way", "-date", "-uid", "language")
        .only("language", "heading", "text", *COLUMNS)
    )
    found: list[Any] = list(rows[:READ])
    if found and found[0].way == 0:
        return slipped.text
    choices = (_respelled(query, near, entry) for entry in found)
    return min(choices, key=lambda choice: choice[0], default=(0, ""))[1]


def _respelled(query: Query, near: Near, entry: Any) -> tuple[int, str]:
    """The query in words that an entry prints, and how many slips away that is; "" where what
    is shown of it has not all of them."""
    held = {word for column in COLUMNS for word in getattr(entry, column).split()}
    printed: dict[str, Token] = {}
    for token in tokens(f"{entry.heading}\n{entry.text}"):
        # What stands beside its words is not found by them. In small letters, where it has them.
        if token.form in held and (token.form not in printed or token.printed.islower()):
            printed[token.form] = token
    marker = Marker(query, entry.language)
    total, typed = 0, query.text
    for word in sorted(query.words, key=lambda word: -word.token.start):
        if any(marker.finds(token, word) for token in printed.values()):
            continue
        choices = [(far, known) for known, far in near.get(word.form, {}).items()
                   if known in printed]  # fmt: skip
        if not choices:
            return MOST_WORDS * 2 + 1, ""
        far, known = min(choices)
        total += far
        typed = typed[: word.token.start] + printed[known].printed + typed[word.token.end :]
    return (total, typed) if total else (MOST_WORDS * 2 + 1, "")
