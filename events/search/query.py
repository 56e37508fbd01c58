"""What a reader typed, understood: words, phrases in quotation marks, and what must not be there.

peace security          both words, in any of their forms; the last may be a beginning
"peace and security"    these very words in this order; also «…», “…” and „…“
peace -security         the first without the second; -"…" for a phrase
"""

import re
from dataclasses import dataclass, field

from ..markup import strip_controls
from .folding import KAZAKH, STEM, Token, fold, spelled, stem, tokens

# Beyond these nothing is looked for, in characters and in words: no question needs more.
LONGEST, MOST_WORDS = 200, 20
# Under so few letters a beginning finds everything.
SHORTEST_PREFIX = 2

# Words that nobody looks for, and that a quotation may well do without. Folded.
_SMALL = frozenset(
    fold(word)
    for word in (
        "a an and as at by for from in is of on or the to with "
        "в во для за и из или к ко на не о об от по при с со у "
        "мен бен пен және"
    ).split()
)
_PIECE = re.compile(
    r"(?P<minus>(?<!\S)[-−](?=\S))?"
    r'(?:["“„«](?P<phrase>[^"“”„«»]*)["“”»]|(?P<words>[^\s"“”„«»]+))'
)
Group = tuple[str, ...]


@dataclass(frozen=True)
class Sought:
    """A bare word: its place in the query, its folded form, and its stem where it has one."""

    token: Token
    root: str
    is_last: bool = False

    @property
    def form(self) -> str:
        """The word, folded."""
        return self.token.form

    @property
    def is_prefix(self) -> bool:
        """Whether a text's word may go on where this one ends: somebody is still typing."""
        return self.is_last and self.may_begin

    @property
    def may_begin(self) -> bool:
        """Whether it is long enough to be the beginning of a Kazakh word with its endings."""
        return len(self.form) >= SHORTEST_PREFIX

    @property
    def terms(self) -> Group:
        """Any of these terms of the index finds it; a * after one stands for any ending."""
        form = spelled(self.form)
        found = [form + "*" if self.is_prefix else form]
        if self.root:
            found.append(STEM + spelled(self.root))
        if self.may_begin:
            found.append(f"{KAZAKH}{form}*")
        return tuple(found)


@dataclass(frozen=True)
class Query:
    """A query: words of which each must be there, phrases, and words and phrases that must not.

    `text` is what was typed, as far as it was looked at; `cut` says that there was more.
    """

    text: str
    words: tuple[Sought, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[Sought, ...] = ()
    without_phrases: tuple[tuple[str, ...], ...] = ()
    cut: bool = False

    def __bool__(self) -> bool:
        """Whether anything is looked for: what must not be there is no question by itself."""
        return bool(self.words or self.phrases)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The terms that the index must have: one of each group."""
        exact = dict.fromkeys((spelled(form),) for phrase in self.phrases for form in phrase)
        return (*dict.fromkeys(word.terms for word in self.words), *exact)

    @property
    def excluded(self) -> tuple[str, ...]:
        """The terms of which the index may have none."""
        return tuple(dict.fromkeys(term for word in self.without for term in word.terms))


@dataclass
class _Reading:
    """A query while it is read, with what is left of MOST_WORDS."""

    words: list[Sought] = field(default_factory=list)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    without: list[Sought] = field(default_factory=list)
    without_phrases: list[tuple[str, ...]] = field(default_factory=list)
    left: int = MOST_WORDS
    cut: bool = False

    def take(self, piece: re.Match[str], is_last: bool) -> None:
        kind = "words" if piece["phrase"] is None else "phrase"
        read = _placed(piece[kind], piece.start(kind))
        self.cut = self.cut or len(read) > self.left
        read = read[: self.left]
        self.left -= len(read)
        forms = tuple(token.form for token in read)
        if not read:
            return
        if piece["minus"] and (kind == "phrase" or len(read) > 1):
            self.without_phrases.append(forms)
        elif piece["minus"]:
            self.without.append(_sought(read[0]))
        elif kind == "phrase":
            self.phrases.append(forms)
        else:
            self.words += [_sought(token) for token in read[:-1]]
            self.words.append(_sought(read[-1], is_last))


def _placed(text: str, start: int) -> list[Token]:
    return [
        Token(token.start + start, token.end + start, token.printed, token.form)
        for token in tokens(text)
    ]


def _sought(token: Token, is_last: bool = False) -> Sought:
    return Sought(token, stem(token.printed), is_last)


def parse(typed: str) -> Query:
    """The query that somebody typed. Whatever was typed is a query, if an empty one."""
    text = strip_controls(typed[:LONGEST]).strip()
    reading = _Reading(cut=len(typed.strip()) > LONGEST)
    pieces = list(_PIECE.finditer(text))
    for piece in pieces:
        reading.take(piece, is_last=piece is pieces[-1])
    telling = [word for word in reading.words if word.form not in _SMALL]
    words = telling if telling or reading.phrases else reading.words
    return Query(
        text, tuple(words), tuple(reading.phrases), tuple(reading.without),
        tuple(reading.without_phrases), reading.cut,
    )  # fmt: skip
