"""Two texts woven into one, word by word."""

import html
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# (True, what both texts have, the same) or (False, what the earlier has, what the later has)
_Run = tuple[bool, Sequence[str], Sequence[str]]
# Above this many pairs of words, a passage with no landmark is shown as replaced whole.
_TOO_MANY = 250_000
# Passages inside passages: natural text needs a handful.
_DEEP = 40
# Signs: how much of an unchanged passage is too much, and how much of it to show at each end.
_LONG, _ENDS = 900, 200
_TOKEN = re.compile(r"<[^>]*>|&[#\w]+;|\w+|\s+|[^\w\s]")
_BLOCK = re.compile(r"(?<=</p>)|(?<=</li>)|(?<=</h3>)|(?<=</h4>)|(?<=</blockquote>)|(?<=\n\n)")
_BREAKS = {"</p>": "\n", "</h3>": "\n", "</h4>": "\n", "</li>": "\n", "<br>": "\n", "<li>": "• "}


@dataclass(frozen=True)
class Piece:
    """A run of words: in both texts ("equal"), in the later one ("insert") or in the earlier
    one ("delete")."""

    op: str
    text: str

    @property
    def folded(self) -> tuple[str, str, str]:
        """Beginning, middle and end, parted between words; the middle is empty where the whole
        is soon read."""
        if len(self.text) < _LONG:
            return self.text, "", ""
        start = self.text.find(" ", _ENDS) + 1
        end = self.text.rfind(" ", 0, -_ENDS) + 1
        if not 0 < start < end:
            return self.text, "", ""
        return self.text[:start], self.text[start:end], self.text[end:]


def _shown(word: str, changed: bool) -> str:
    if not word.startswith("<") or not word.endswith(">"):
        return html.unescape(word)
    if word in _BREAKS:
        return _BREAKS[word]
    # Formatting shows where it is what changed, and only there.
    return f"⟨{word[1:-1]}⟩" if changed and word != "<p>" else ""


def _landmarks(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Where words that stand once in each text stand in both, in one order: the longest such
    row of places (patience diff), found in n log n."""
    once, once_after = Counter(before), Counter(after)
    places = {word: place for place, word in enumerate(after) if once_after[word] == 1}
    pairs = [
        (place, places[word])
        for place, word in enumerate(before)
        if once[word] == 1 and word in places
    ]
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for number, (_place, there) in enumerate(pairs):
        rank = bisect_left(tails, there)
        tails[rank : rank + 1] = [there]
        ends[rank : rank + 1] = [number]
        previous.append(ends[rank - 1] if rank else -1)
    chain: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        chain.append(pairs[number])
        number = previous[number]
    return chain[::-1]


def _match(before: Sequence[str], after: Sequence[str], depth: int = 0) -> Iterator[_Run]:
    """Two rows of words as runs, some of which may be empty."""
    start, stop = 0, min(len(before), len(after))
    while start < stop and before[start] == after[start]:
        start += 1
    end = 0
    while end < stop - start and before[-1 - end] == after[-1 - end]:
        end += 1
    yield True, before[:start], after[:start]
    tail = before[len(before) - end :]
    before, after = before[start : len(before) - end], after[start : len(after) - end]
    if not before or not after:
        yield False, before, after
    elif depth < _DEEP and (landmarks := _landmarks(before, after)):
        here, there = 0, 0
        for place, place_after in [*landmarks, (len(before), len(after))]:
            yield from _match(before[here:place], after[there:place_after], depth + 1)
            yield True, before[place : place + 1], after[place_after : place_after + 1]
            here, there = place + 1, place_after + 1
    elif len(before) * len(after) > _TOO_MANY:
        yield False, before, after
    else:
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        for op, i, j, k, m in matcher.get_opcodes():
            yield op == "equal", before[i:j], after[k:m]
    yield True, tail, tail


def _tokens(text: str, rich: bool) -> list[str]:
    tokens = _TOKEN.findall(text)
    return tokens if rich else [html.escape(token, quote=False) for token in tokens]


def words(before: str, after: str, rich: bool = False) -> tuple[Piece, ...]:
    """The two texts woven into one, as runs of words. `rich` says that they are HTML.

    Without the insertions it is the earlier text, without the deletions the later one, word
    for word. Blocks are matched first, then the words inside those that changed.
    """
    runs: list[_Run] = []
    blocks = [[part for part in _BLOCK.split(text) if part] for text in (before, after)]
    for same, *parts in _match(blocks[0], blocks[1]):
        old, new = (_tokens("".join(part), rich) for part in parts)
        runs += [(True, old, new)] if same else _match(old, new)
    return tuple(_pieces(_joined(_joined(runs), gaps=True)))


def _joined(runs: list[_Run], gaps: bool = False) -> list[_Run]:
    """Neighbouring runs of a kind as one; with `gaps`, white space between two changed runs is
    part of the change, so that a rewritten sentence does not read like confetti."""
    joined: list[_Run] = []
    for number, (same, old, new) in enumerate(run for run in runs if run[1] or run[2]):
        if gaps and same and 0 < number < len(runs) - 1 and "".join(old).isspace():
            same = False  # noqa: PLW2901
        if joined and joined[-1][0] == same:
            joined[-1] = (same, [*joined[-1][1], *old], [*joined[-1][2], *new])
        else:
            joined.append((same, old, new))
    return joined


def _pieces(runs: Iterable[_Run]) -> Iterator[Piece]:
    for same, old, new in runs:
        for op, tokens in [("equal", old)] if same else [("delete", old), ("insert", new)]:
            if text := "".join(_shown(token, op != "equal") for token in tokens):
                yield Piece(op, text)
