"""Words as search knows them: folded, stemmed, read from a query, marked in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.search import Marker, parse
from events.search.folding import LONGEST, fold, folded, spelled, stem, terms, tokens
from events.search.matching import fts5, tsquery
from events.search.suggestions import other_layout, slips

WORDS = st.text(max_size=100)


def forms(text: str) -> list[str]:
    return [token.form for token in tokens(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ёлка", "елка"), ("Йод", "йод"), ("ҚАЗАҚСТАН", "казакстан"), ("Әлем", "алем"),
        ("іні", "ини"), ("таң", "тан"), ("ғылым", "гылым"), ("үміт", "умит"), ("ұйым", "уйым"),
        ("өнер", "онер"), ("һәм", "хам"), ("за́мок", "замок"), ("Straße", "STRASSE"),
        ("Łódź", "lodz"), ("İzmir", "izmir"), ("Ålesund", "alesund"), ("m²", "m2"),
        ("Казах\u00adстан", "казахстан"), ("cafe\u0301", "café"),
    ],
)  # fmt: skip
def test_words_that_people_type_alike_are_folded_alike(one, other):
    assert fold(one) == fold(other) != ""


@given(WORDS)
def test_folding_twice_changes_nothing_and_leaves_a_word_whole(word):
    once = fold(word)
    assert fold(once) == once
    assert len(once) <= LONGEST
    assert forms(once) == ([once] if once else [])


@given(WORDS)
def test_terms_hold_only_what_no_tokenizer_takes_apart(text):
    for language in ("en", "kk"):
        for term in terms(text, language):
            assert all(c in "._" or (c.isascii() and c.isalnum()) or "а" <= c <= "я" for c in term)
            assert term == term.casefold()


@given(WORDS, WORDS)
def test_different_words_are_spelled_differently(one, other):
    assert (spelled(fold(one)) == spelled(fold(other))) == (fold(one) == fold(other))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Tajikistan’s border", ["tajikistan", "border"]), ("it's", ["it"]),
        ("O'Neil", ["o", "neil"]),
        ("военно-экономическое", ["военно", "экономическое"]), ("15 000,5", ["15", "000", "5"]),
        ("中国 हिन्दी", ["中国", fold("हिन्दी")]), ("… — * % _ \x00", []),
        ("snake_case", ["snake", "case"]),
    ],
)  # fmt: skip
def test_text_is_taken_apart_into_words(text, words):
    assert forms(text) == words


def test_words_of_one_stem_share_it_whatever_folding_does_to_them():
    for family in (
        ["военный", "военного", "ВОЕННЫМИ"], ["сессия", "сессии", "сессию"], ["ёлка", "елки"],
        ["session", "Sessions"], ["agree", "agreed"], ["country", "countries"],
    ):  # fmt: skip
        assert len({stem(word) for word in family}) == 1, family
    assert stem("中国") == stem("2007") == ""


def test_texts_are_kept_apart_for_phrases():
    assert folded("Peace, and", "", "«Security»") == " peace and | security "
    assert folded("", " … ") == ""


def test_query_is_read_as_people_write_them():
    query = parse('Совет "exact words" «точные слова» “third one” -без -"not this" last')
    assert [word.form for word in query.words] == ["совет", "last"]
    assert [word.is_prefix for word in query.words] == [False, True]
    assert query.phrases == (("exact", "words"), ("точные", "слова"), ("third", "one"))
    assert [word.form for word in query.without] == ["без"]
    assert query.without_phrases == (("not", "this"),)


@pytest.mark.parametrize(
    ("typed", "words", "without"),
    [
        ("the session of", ["session"], []), ("of the", ["of", "the"], []),
        ("сессия и в Душанбе", ["сессия", "душанбе"], []),
        ('"unclosed phrase', ["unclosed", "phrase"], []),
        ("peace - security", ["peace", "security"], []), ("well-known", ["well", "known"], []),
        ("-only −minus", [], ["only", "minus"]), ('"" «» -', [], []), ("a\x00b\x07c", ["abc"], []),
        ("AND OR NOT", ["not"], []), ("x" * 300, ["x" * LONGEST], []),
    ],
)  # fmt: skip
def test_query_of_any_shape_is_a_query(typed, words, without):
    query = parse(typed)
    assert [word.form for word in query.words] == words
    assert [word.form for word in query.without] == without
    assert bool(query) == bool(words)


def test_long_query_is_cut_and_says_so():
    assert not parse("word " * 20).cut
    many = parse("ab " * 30)
    assert (many.cut, len(many.words)) == (True, 20)
    long = parse("ab" * 5_000)
    assert (long.cut, len(long.text), len(long.words)) == (True, 200, 1)


@given(st.text(max_size=250))
def test_no_query_reaches_the_syntax_of_a_database(typed):
    query = parse(typed)
    for term in (*(t for group in query.groups for t in group), *query.excluded):
        assert all(c in "._" or c.isalnum() for c in term.removesuffix("*"))
    if query:
        assert fts5(query.groups).count('"') % 2 == tsquery(query.groups).count("'") % 2 == 0


# --- Marks ----------------------------------------------------------------------------------------


def marked(query: str, text: str, language: str = "en", **sizes) -> str:
    return str(Marker(parse(query), language).excerpt(text, **sizes))


@pytest.mark.parametrize(
    ("query", "text", "language", "expected"),
    [
        ("sessions", "A Session, ended.", "en", "A <mark>Session</mark>, ended."),
        ("сессия", "На сессии", "ru", "На <mark>сессии</mark>"),
        ("кенес совет", "Кеңесінің отырысы", "kk", "<mark>Кеңесінің</mark> отырысы"),
        ('"peace and"', "Peace and peace", "en", "<mark>Peace and</mark> peace"),
        ("peace \"and war\"", "Peace and war", "en", "<mark>Peace</mark> <mark>and war</mark>"),
        ("script", "<script>&", "en", "&lt;<mark>script</mark>&gt;&amp;"),
        ("tajikistan", "Tajikistan’s", "en", "<mark>Tajikistan</mark>’s"),
        ("one two", "One\n\n  two", "en", "<mark>One</mark> <mark>two</mark>"),
        ("dush", "Dushanbe dush", "en", "<mark>Dushanbe</mark> <mark>dush</mark>"),
        ("dush x", "Dushanbe", "en", "Dushanbe"),
    ],
)  # fmt: skip
def test_what_was_looked_for_is_marked_and_nothing_else(query, text, language, expected):
    assert marked(query, text, language) == expected


def test_excerpt_is_the_part_that_holds_most_and_ends_between_words():
    filler = "lorem ipsum dolor " * 40
    text = f"{filler}alpha {filler}alpha beta <b>gamma</b> {filler}"
    found = marked("alpha gamma", text, length=80)
    assert "<mark>alpha</mark> beta &lt;b&gt;<mark>gamma</mark>&lt;/b&gt;" in found
    assert found.startswith("… ")
    assert found.endswith(" …")
    words = found.replace("<mark>", "").replace("</mark>", "").strip("… ").split()
    assert set(words) <= {*filler.split(), "alpha", "beta", "&lt;b&gt;gamma&lt;/b&gt;"}
    assert marked("alpha", text, length=80, at_start=True).startswith("lorem ipsum")
    assert marked("nothing", text, length=20) == "lorem ipsum dolor …"


@given(st.text(max_size=600), st.text(max_size=20))
def test_excerpt_of_any_text_holds_no_markup_but_the_marks(text, query):
    found = marked(query, f"{text} <i>{query}</i>", length=50)
    assert "<" not in found.replace("<mark>", "").replace("</mark>", "")


# --- Slips ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        ("dushanbe", "dushanbe", 0), ("dushanbe", "dushambe", 1), ("dushanbe", "dushabne", 1),
        ("dushanbe", "dushanbee", 1), ("dushanbe", "ushanbe", 1), ("dushanbe", "dusanbee", 2),
        ("dushanbe", "xxxxxxxx", 3), ("ab", "abcdef", 3),
    ],
)  # fmt: skip
def test_slips_are_counted_as_fingers_make_them(one, other, number):
    assert slips(one, other, 2) == slips(other, one, 2) == number


def test_other_layout_is_what_the_same_keys_give():
    assert other_layout("leify,t") == "душанбе"
    assert other_layout("Ьщысщц") == "Moscow"
    assert other_layout("совет council") == other_layout("2007") == other_layout("") == ""
