"""Words as search knows them: folded, stemmed, and written so that no database takes them apart.

Both databases get their words from here and none from their own parsers, so that they give the
same answers. The stems are Snowball's, as PostgreSQL's configurations `russian` and `english`
have them; nobody has made one for Kazakh, where the beginning of a word finds it instead.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer
from snowballstemmer.russian_stemmer import RussianStemmer

# Longer runs of letters are no words; what is beyond is not looked at. In characters.
LONGEST = 64
# Distinct words of everyday texts, kept between texts and requests.
KEPT = 50_000
# What a term begins with that is no plain word; a folded word has letters and digits alone.
STEM, KAZAKH = "_", "__"

_MARKS = "".join(
    chr(code) for code in range(0x300, 0x1E950) if unicodedata.category(chr(code))[0] == "M"
)
# Inside a word and no part of it: a soft hyphen, what joins or parts letters invisibly.
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
# An English possessive belongs to the word before it and is not searched for.
_TOKEN = re.compile(rf"[^\W_](?:[^\W_]|[{re.escape(_MARKS)}{_UNSEEN}])*(?P<s>['’]s(?![^\W_]))?")

# What people type for a letter that their keyboard lacks, where Unicode does not take it apart:
# the Kazakh letters first, then those of the neighbours, then Latin ones.
_TYPED = str.maketrans(
    {
        "қ": "к", "ә": "а", "і": "и", "ң": "н", "ғ": "г", "ү": "у", "ұ": "у", "ө": "о", "һ": "х",
        "ҳ": "х", "ҷ": "ч", "җ": "ж", "ґ": "г", "є": "е",
        "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
    }
)  # fmt: skip
_DROPPED = {"Mn", "Me", "Cf"}
_CYRILLIC, _LATIN = re.compile("[а-я]"), re.compile("[a-z]")


def _unmarked(text: str) -> str:
    """Small letters, taken apart, without their marks."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if unicodedata.category(c) not in _DROPPED).translate(_TYPED)


@lru_cache(KEPT)
def fold(word: str) -> str:
    """A word as it is compared: case, marks and the Kazakh letters folded ("Ұйым", "уйым"; й is
    и with a mark). Folding twice changes nothing; "" where no letter or digit is left."""
    word = word[:LONGEST]
    while (folded := _unmarked(word)) != word:
        word = folded
    return "".join(c for c in word if c.isalnum() or unicodedata.category(c) == "Mc")[:LONGEST]


@lru_cache(KEPT)
def stem(word: str) -> str:
    """The folded stem of a Russian or English word, told by its letters; "" for any other.

    A stemmer keeps what it works on in itself: each word gets its own, so that threads do not
    meet. Endings are told by the letter й, which is therefore folded last.
    """
    plain = "й".join(_unmarked(part) for part in _composed(word[:LONGEST]).split("й"))
    if _CYRILLIC.search(plain):
        return fold(RussianStemmer().stemWord(plain))
    return fold(EnglishStemmer().stemWord(plain)) if _LATIN.search(plain) else ""


def _composed(word: str) -> str:
    return unicodedata.normalize("NFC", word.casefold())


@dataclass(frozen=True)
class Token:
    """A word of a text as printed, where it stands, and folded."""

    start: int
    end: int
    printed: str
    form: str


def tokens(text: str) -> Iterator[Token]:
    """The words of a text: runs of letters and digits."""
    for match in _TOKEN.finditer(text):
        end = match.end() if match["s"] is None else match.start("s")
        printed = text[match.start() : end]
        if form := fold(printed):
            yield Token(match.start(), end, printed, form)


def folded(*texts: str) -> str:
    """Texts as exact phrases are looked up in them: their words with a space around each. Between
    two texts stands what no word holds, so that no phrase runs from one into the next."""
    parts = (" ".join(token.form for token in tokens(text)) for text in texts)
    joined = " | ".join(part for part in parts if part)
    return f" {joined} " if joined else ""


@lru_cache(KEPT)
def spelled(form: str) -> str:
    """A folded word in the letters that every tokenizer keeps together: a-z, а-я and digits as
    they are, any other as ".<its code>."."""
    return "".join(c if c.isascii() or "а" <= c <= "я" else f".{ord(c):x}." for c in form)


def is_kazakh(language: str) -> bool:
    """Whether a language is Kazakh, in whichever letters."""
    return language.partition("-")[0] == "kk"


def terms(text: str, language: str) -> dict[str, None]:
    """Under which terms a text of a language is found, in their order: each word as it is, and
    its stem; in Kazakh each word marked as the beginning that a query may find."""
    found: dict[str, None] = {}
    for token in tokens(text):
        found[spelled(token.form)] = None
        if is_kazakh(language):
            found[KAZAKH + spelled(token.form)] = None
        foreign = is_kazakh(language) and _CYRILLIC.search(token.form)
        if not foreign and (root := stem(token.printed)):
            found[STEM + spelled(root)] = None
    return found
