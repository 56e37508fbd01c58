"""What a result shows of a text: the part that holds most of what was looked for, with marks."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .folding import Token, is_kazakh, stem, tokens
from .query import Query, Sought

# How much of a text is shown, in characters; a quotation that is hardly longer is shown whole.
LENGTH, WHOLE = 240, 420
# A window that has these looks no further: enough to choose the best from.
MOST_SPANS = 400
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Span:
    """A place in a text that holds the part of the query of this number."""

    start: int
    end: int
    part: int


class Marker:
    """Finds the words and phrases of a query in a text of a language, as the index does."""

    def __init__(self, query: Query, language: str) -> None:
        self.words, self.phrases = query.words, query.phrases
        self.is_kazakh = is_kazakh(language)
        # A stem keeps the first letter of its word: no other word has to be stemmed.
        self.initials = {word.root[0] for word in query.words if word.root}
        self.known: dict[str, int] = {}

    def spans(self, text: str) -> list[Span]:
        """Every place, in order; places may overlap where a phrase holds a word."""
        return sorted(self._spans(list(tokens(text))), key=lambda span: (span.start, -span.end))

    def _spans(self, words: Sequence[Token]) -> Iterator[Span]:
        for token in words:
            if (part := self._part(token)) >= 0:
                yield Span(token.start, token.end, part)
        forms = [token.form for token in words]
        for number, phrase in enumerate(self.phrases, len(self.words)):
            for at in range(len(forms) - len(phrase) + 1):
                if forms[at] == phrase[0] and tuple(forms[at : at + len(phrase)]) == phrase:
                    yield Span(words[at].start, words[at + len(phrase) - 1].end, number)

    def _part(self, token: Token) -> int:
        """The number of the query's word that this one is; -1 for none."""
        if token.printed not in self.known:
            found = (at for at, word in enumerate(self.words) if self.finds(token, word))
            self.known[token.printed] = next(found, -1)
        return self.known[token.printed]

    def finds(self, token: Token, word: Sought) -> bool:
        """Whether a word of the query finds a word of the text."""
        form = token.form
        if form == word.form or (form.startswith(word.form) and self._may_go_on(word)):
            return True
        if not word.root or form[0] not in self.initials:
            return False
        if self.is_kazakh and not form.isascii():
            return False  # Russian stems are no Kazakh ones
        return stem(token.printed) == word.root

    def _may_go_on(self, word: Sought) -> bool:
        return word.is_prefix or (self.is_kazakh and word.may_begin)

    def mark(self, text: str) -> SafeString:
        """The whole text, with what was looked for marked."""
        return _marked(text, self.spans(text), 0, len(text))

    def excerpt(
        self, text: str, length: int = LENGTH, whole: int = LENGTH, at_start: bool = False
    ) -> SafeString:
        """The part of a text that holds most of what was looked for, or its beginning, marked;
        all of a text of at most `whole` characters. Begins and ends between words."""
        spans = self.spans(text)[:MOST_SPANS]
        if len(text) <= whole:
            return _marked(text, spans, 0, len(text))
        start, end = _window(text, [] if at_start else spans, length)
        return format_html(
            "{}{}{}", "… " if start else "", _marked(text, spans, start, end),
            " …" if end < len(text) else "",
        )  # fmt: skip


def _window(text: str, spans: Sequence[Span], length: int) -> tuple[int, int]:
    """Where to cut: the first of those stretches that hold the most parts of the query."""
    best, most = 0, 0
    starts = [span.start for span in spans]
    for at, span in enumerate(spans):
        until = bisect_left(starts, span.start + length * 3 // 4)
        parts = len({each.part for each in spans[at:until]})
        if parts > most:
            best, most = span.start, parts
    if best + length // 4 <= length:
        start = 0
    else:
        # A few words before, from the beginning of a word on.
        near = best - length // 4
        gap = _SPACE.search(text, near, best)
        start = gap.end() if gap else best
    end = min(start + length, len(text))
    if end < len(text):
        shown = max((span.end for span in spans if span.start <= best < span.end), default=start)
        gaps = [gap.start() for gap in _SPACE.finditer(text, max(shown, start), end)]
        end = gaps[-1] if gaps else end
    return start, end


def _marked(text: str, spans: Sequence[Span], start: int, end: int) -> SafeString:
    """text[start:end] with marks and each run of white space as one space."""
    pieces: list[tuple[str]] = []
    at = start
    for span in spans:
        first, last = max(span.start, at), min(span.end, end)
        if first < last:
            pieces += [(_even(text[at:first]),), (_mark(text[first:last]),)]
            at = last
    pieces.append((_even(text[at:end]),))
    return format_html_join("", "{}", pieces)


def _even(text: str) -> str:
    return _SPACE.sub(" ", text)


def _mark(text: str) -> SafeString:
    return format_html("<mark>{}</mark>", _even(text))
