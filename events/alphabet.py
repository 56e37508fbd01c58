"""The order of the alphabet of each language, as keys that a database sorts by.

A key is made of digits alone, two for each letter. Every collation has them in the same order, so
that SQLite and PostgreSQL sort alike, whatever the locale of the machine: of the alphabets of the
office's languages the databases know one, the other, or none.

A language has its own letters first, in the order of its alphabet, then those of the others, as
CLDR has it: the script of the reader before any other. Kazakh tells "ё" from "е"; Russian does so
only between words that are otherwise the same. The letters that Kazakh has beyond Russian stand at
their Kazakh places in Russian too.
"""

import unicodedata
from functools import cache

LATIN = "abcdefghijklmnopqrstuvwxyz"
RUSSIAN = "аәбвгғдежзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
KAZAKH = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
# Of the draft of 2021.
KAZAKH_LATIN = "aäbdefgğhıijklmnñoöpqrsştuūüvyz"
ALPHABETS = {"en": LATIN, "ru": RUSSIAN, "kk": KAZAKH, "kk-latn": KAZAKH_LATIN}

# A key holds so many letters: of two names that agree in all of them none needs to be first.
LETTERS = 150
LONGEST = 3 * LETTERS + 2
# The codes: a break between words, ten digits, letters from here on, and what is no letter of any
# alphabet of ours, followed by its number in Unicode.
_BREAK, _DIGITS, _FIRST, _OTHER = 10, 11, 21, "99"
# Lower than any code: after it stand the marks that count only where all letters are the same.
_END = "00"
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "’": "", "'": ""}
)


@cache
def _codes(language: str) -> dict[str, str]:
    own = ALPHABETS.get(language) or ALPHABETS.get(language.partition("-")[0], LATIN)
    others = (KAZAKH, LATIN) if own[0] in KAZAKH else (LATIN, KAZAKH)
    # Letters that are marked ones of its own alphabet are told apart at the end only.
    foreign = (letter for other in others for letter in other if _bare(letter) not in own)
    letters = dict.fromkeys([*own, *foreign])
    codes = {letter: str(_FIRST + number) for number, letter in enumerate(letters)}
    return codes | {str(number): str(_DIGITS + number) for number in range(10)}


def _bare(letter: str) -> str:
    """A letter without its marks; й is a letter of its own, and no marked и."""
    return letter if letter == "й" else unicodedata.normalize("NFKD", letter)[:1]


def _letters(text: str, language: str) -> list[tuple[str, bool]]:
    """What decides, in small letters, each as it stands in the alphabet, and whether it bears a
    mark that its place in the alphabet does not tell; "" is a break between words."""
    codes, found = _codes(language), list[tuple[str, bool]]()
    small = text.replace("I", "ı").replace("İ", "i") if language == "kk-latn" else text
    for letter in unicodedata.normalize("NFC", small).casefold().translate(_PLAIN):
        if letter in codes:
            found.append((letter, False))
        elif letter.isalnum():
            bare = _bare(letter)
            found.append((bare, bare != letter))
        elif found and found[-1][0] and (letter.isspace() or unicodedata.category(letter) == "Pd"):
            found.append(("", False))
    return found[:LETTERS]


def key(text: str, language: str) -> str:
    """What a list in a language sorts a name by: digits, at most LONGEST."""
    codes, letters = _codes(language), _letters(text, language)
    places = [
        str(_BREAK) if not letter else codes.get(letter) or f"{_OTHER}{ord(letter):07}"
        for letter, _marked in letters
    ]
    marks = "".join("1" if marked else "0" for _letter, marked in letters).rstrip("0")
    return f"{''.join(places)}{_END}{marks}"[:LONGEST]


def initial(text: str, language: str) -> str:
    """The letter of the alphabet under which a name stands; "#" for one without any."""
    first = next((letter for letter, _ in _letters(text, language) if letter.isalpha()), "#")
    if language == "kk-latn" and first == "i":
        return "İ"
    return first.upper()
