"""What changed is shown whole: no word lost, none invented, and nobody's work overwritten."""

import copy
import datetime as dt
import re
import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from events import differences, editions, markup
from events.differences import compare, lines, merge, words
from events.models import Access, Change, Outcome, Quote

from . import factories

SOME = st.text(alphabet="ab<>&;/p .\n«»ғ1", max_size=60)
SENTENCES = st.lists(
    st.sampled_from(["the ", "a ", "council ", "met", ". ", "\n\n", "on ", "6 ", "October ", "  "]),
    max_size=40,
).map("".join)
PARAGRAPHS = st.lists(
    st.lists(st.sampled_from(["one ", "two ", "<strong>three</strong> ", "&amp; ", "four<br>",
                              '<a href="https://e.org/">five</a> ']), min_size=1, max_size=8)
    .map(lambda parts: f"<p>{''.join(parts)}</p>"),
    max_size=6,
).map("".join)  # fmt: skip


def side(pieces, gone):
    return "".join(piece.text for piece in pieces if piece.op in ("equal", gone))


@given(st.one_of(SOME, SENTENCES), st.one_of(SOME, SENTENCES))
def test_words_reassemble_both_texts(before, after):
    pieces = words(before, after)
    assert (side(pieces, "delete"), side(pieces, "insert")) == (before, after)
    assert (before == after) == all(piece.op == "equal" for piece in pieces)


def plain(rich):
    return re.sub(r"\s+", " ", markup.to_text(rich)).strip()


@given(PARAGRAPHS, PARAGRAPHS)
def test_rich_words_reassemble_both_texts_with_changed_formatting_shown(before, after):
    pieces = words(before, after, rich=True)
    for gone, text in (("delete", before), ("insert", after)):
        shown = re.sub(r"⟨[^⟩]*⟩", "", side(pieces, gone))
        assert re.sub(r"\s+", " ", shown).strip() == plain(text)
    if before == after:
        assert all(piece.op == "equal" for piece in pieces)


def test_rich_words_show_formatting_where_it_changed_and_only_there():
    same = words("<p>a <em>b</em></p>", "<p>a <em>b</em> c</p>", rich=True)
    assert [(each.op, each.text) for each in same] == [
        ("equal", "a b"), ("insert", " c"), ("equal", "\n"),
    ]  # fmt: skip
    bold = words("<p>a b</p>", "<p>a <strong>b</strong></p>", rich=True)
    assert "".join(each.text for each in bold if each.op == "insert") == "⟨strong⟩⟨/strong⟩"


def test_words_that_look_like_markup_are_shown_as_typed_in_plain_text():
    pieces = words("x < y </p> &amp; z", "x < y </p> &amp; w")
    assert side(pieces, "insert") == "x < y </p> &amp; w"
    assert [each.text for each in pieces if each.op == "insert"] == ["w"]


def test_a_rewritten_sentence_is_one_change_not_confetti():
    pieces = words("The quick brown fox sat.", "The slow red cat sat.")
    assert [(each.op, each.text) for each in pieces] == [
        ("equal", "The "), ("delete", "quick brown fox"), ("insert", "slow red cat"),
        ("equal", " sat."),
    ]  # fmt: skip


def prose(words_count, paragraph=0, salt=""):
    text = []
    for number in range(words_count):
        # Natural text: a few words come all the time, most are rare.
        word = "the of and to in".split()[number % 5] if number % 2 else f"w{number % 7919}{salt}"
        text.append(word)
        if paragraph and number % paragraph == paragraph - 1:
            text.append("\n\n")
    return " ".join(text)


LONG = 70_000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (prose(LONG), prose(LONG).replace(" w4000 ", " changed ")),
        (prose(LONG, 80), prose(LONG, 80).replace("w40", "v40")),
        (prose(LONG), re.sub(r"w(\d+)7 ", r"v\1 ", prose(LONG))),
        (prose(LONG, 80), prose(LONG, 80, "x")),
        (prose(LONG), prose(LONG, 0, "x")),
        ("a b " * 75_000, "b a a " * 50_000),
        ("a " * 150_000, "a " * 149_000 + "b"),
        ("x\n\n" * 100_000, "y\n\n" * 100_000),
        (markup.from_text(prose(LONG, 80)), markup.from_text(prose(LONG, 80).replace("7", "8"))),
    ],
    ids=["one word", "many paragraphs", "every tenth word", "all paragraphs", "one other text",
         "two words", "one word repeated", "one letter lines", "rich"],
)  # fmt: skip
def test_long_texts_are_compared_at_once(before, after):
    assert min(len(before), len(after)) > 280_000
    started = time.process_time()
    pieces = words(before, after)
    assert time.process_time() - started < 4  # a second or so; machines differ
    assert (side(pieces, "delete"), side(pieces, "insert")) == (before, after)


def test_one_word_in_a_long_paragraph_is_the_only_change():
    pieces = words(prose(LONG), prose(LONG).replace(" w4000 ", " changed ", 1))
    assert [(each.op, each.text) for each in pieces if each.op != "equal"] == [
        ("delete", "w4000"), ("insert", "changed"),
    ]  # fmt: skip


# --- Field by field ------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def words_of():
    return lambda found: {each.label: (each.before, each.after) for each in found}


def test_compare_names_every_field_and_row_that_differs(words_of):
    item = factories.statement("draft", title_en="Before")
    quote = factories.quote(item, "Kept", text_en="He said.")
    gone = factories.quote(item, "Gone")
    removed = str(gone.pk)
    topic = factories.topic("Peace")
    old = editions.snapshot(item)
    item.title_en = "After"
    item.released_before, item.first_released_on = True, dt.date(2007, 10, 6)
    item.delivered_at, item.time_zone = factories.LONG_AGO, "Asia/Almaty"
    item.save()
    item.topics.add(topic)
    Quote.objects.filter(pk=quote.pk).update(text_en="She said.")
    gone.delete()
    found = compare(old, editions.snapshot(item))
    assert words_of(each for each in found if not each.is_row) == {
        "Title (English)": ("Before", "After"),
        "Released before?": ("No, this is its first release", "Yes, before this site"),
        "First released on": ("", "6 October 2007"),
        "Delivered at": ("", "1 January 2020, 15:00 (UTC+6)"),
        "Time zone": ("", "Asia/Almaty"),
        "Topics": ("", "Peace topic"),
        next(e.label for e in found if e.path[0] == "quotes" and len(e.path) == 3):
            ("He said.", "She said."),
    }  # fmt: skip
    (row,) = [each for each in found if each.is_row]
    assert (row.path, row.after) == (("quotes", removed), "")
    assert "Gone words" in row.before
    assert {each.column for each in found if not each.is_row} == {
        "title_en", "released_before", "first_released_on", "delivered_at",
        "time_zone", "topics", "text_en"}  # fmt: skip


def test_compare_of_a_text_with_itself_finds_nothing():
    made = factories.whole("draft", "Plain", "BY")
    for name in ("event", "statement", "person", "country", "topic"):
        content = editions.snapshot(made[name])
        assert compare(content, copy.deepcopy(content)) == []


def test_compare_copes_with_columns_that_came_or_went_with_the_software():
    content = editions.snapshot(factories.statement("draft"))
    older = copy.deepcopy(content)
    del older["fields"]["reliability"], older["many"]["topics"]
    assert compare(older, content) == []
    older["fields"]["abandoned"] = "A word"
    assert [(each.label, each.before) for each in compare(older, content)] == [
        ("Abandoned", "A word")
    ]


def test_lines_tell_all_that_a_text_says():
    made = factories.whole("draft", "Plain", "BY")
    made["statement"].body_en = "<p>Bold <strong>words</strong></p>"
    made["statement"].save()
    shown = {(line.owner, line.label): line.shown for line in
             lines(editions.snapshot(made["statement"]))}  # fmt: skip
    assert "<p>Bold <strong>words</strong></p>" in [str(each) for each in shown.values()]
    assert "Plain words" in [text for (owner, _), text in shown.items() if "uote 1" in owner]
    assert "Plain topic" in shown.values()


# --- What one person may see ---------------------------------------------------------------------


@pytest.fixture
def told_in_secret(staff):
    """A public event with one outcome for everybody and one announced in a limited statement."""
    named, other = staff("Press officer", "named"), staff("Press officer", "other")
    event = factories.event("published")
    secret = factories.statement("embargoed", "Secret", limited=True)
    Access.objects.create(
        publication=secret, user=named, given_by=named, given_at=factories.LONG_AGO
    )
    factories.outcome(event, "Open", order=1)
    factories.outcome(event, "Secret", announced_in=secret, order=2)
    return event, secret, named, other


def outcomes(content):
    return [each["fields"]["text_en"] for each in content["parts"]["outcomes"]]


def test_seen_part_leaves_out_what_is_announced_in_a_limited_statement(told_in_secret):
    event, secret, named, other = told_in_secret
    content = editions.snapshot(event)
    assert outcomes(differences.seen_part(named, content)) == ["Open outcome", "Secret outcome"]
    assert outcomes(differences.seen_part(other, content)) == ["Open outcome"]
    shown = " ".join(line.shown for line in lines(differences.seen_part(other, content)))
    assert "Secret" not in shown
    assert str(secret.pk) not in str(differences.seen_part(other, content))


def test_seen_part_leaves_out_what_leads_to_a_limited_item(told_in_secret):
    event, secret, _named, other = told_in_secret
    Outcome.objects.get(text_en="Open outcome").progress.create(
        date="2026-01-01", state="agreed", text_en="A step", cites=secret.publication
    )
    content = differences.seen_part(other, editions.snapshot(event))
    (step,) = content["parts"]["outcomes"][0]["parts"]["progress"]
    assert (step["fields"]["text_en"], step["fields"]["cites"]) == ("A step", None)


def test_with_unseen_puts_back_what_the_person_cannot_see(told_in_secret):
    event, _secret, named, other = told_in_secret
    old = editions.snapshot(event)
    mine = copy.deepcopy(old)
    mine["fields"]["title_en"] = "Older"
    mine["parts"]["outcomes"] = []
    whole = differences.with_unseen(other, mine, old)
    assert (whole["fields"]["title_en"], outcomes(whole)) == ("Older", ["Secret outcome"])
    assert differences.with_unseen(named, mine, old) == mine
    assert differences.with_unseen(other, old, old) == old


def test_sees_whole_only_who_sees_all_that_a_change_touches(told_in_secret):
    event, _secret, named, other = told_in_secret
    old = editions.snapshot(event)
    base = editions.Edition(snapshot={"content": old})
    touched = copy.deepcopy(old)
    touched["parts"]["outcomes"][1]["fields"]["text_en"] = "Else"
    untouched = copy.deepcopy(old)
    untouched["fields"]["title_en"] = "Else"
    sees = [
        [differences.sees_whole(user, Change(base=base, snapshot=content))
         for user in (named, other)]
        for content in (touched, untouched)
    ]  # fmt: skip
    assert sees == [[True, False], [True, True]]


# --- Three-way -----------------------------------------------------------------------------------

VALUES = st.sampled_from(["", "a", "b", "c", None])
UIDS = ["1", "2", "3", "4"]
PARTS = st.dictionaries(
    st.sampled_from(UIDS),
    st.fixed_dictionaries({"order": st.integers(0, 3), "text": VALUES}),
    max_size=4,
)


def text(fields, many, parts):
    rows = [
        {"uid": uid, "fields": row, "many": {}, "parts": {}} for uid, row in sorted(parts.items())
    ]
    return {
        "model": "statement", "uid": "x", "fields": fields, "many": {"topics": sorted(many)},
        "parts": {"quotes": sorted(rows, key=lambda r: (r["fields"]["order"], r["uid"]))},
    }  # fmt: skip


TEXTS = st.builds(
    text,
    st.fixed_dictionaries({"title": VALUES, "body": VALUES}),
    st.sets(st.sampled_from(["p", "q", "r"])),
    PARTS,
)


@given(TEXTS, TEXTS)
def test_merge_with_one_side_unchanged_is_the_other(base, other):
    assert merge(base, other, base) == (other, [])
    assert merge(base, base, other) == (other, [])


@given(TEXTS, TEXTS)
def test_merge_of_the_same_change_twice_is_that_change(base, other):
    assert merge(base, other, other) == (other, [])


def values(content):
    flat = {("fields", name): value for name, value in content["fields"].items()}
    for row in content["parts"]["quotes"]:
        flat |= {("quotes", row["uid"], name): value for name, value in row["fields"].items()}
    return flat


def clashes(path, hits):
    return path[1:] in hits or path in hits or path[:2] in hits


MISSING = object()


@given(TEXTS, TEXTS, TEXTS)
def test_merge_loses_nothing_of_either_side_without_saying_so(base, theirs, mine):
    merged, hits = merge(base, theirs, mine)
    was, his, own, now = (values(each) for each in (base, theirs, mine, merged))
    for path in {*was, *his, *own, *now}:
        old, a, b, got = (each.get(path, MISSING) for each in (was, his, own, now))
        if clashes(path, hits):
            assert got in (a, b)
        elif a != old:
            assert got == a, path
        else:
            assert got == b, path
    for side_ in (theirs, mine):
        added = set(side_["many"]["topics"]) - set(base["many"]["topics"])
        taken = set(base["many"]["topics"]) - set(side_["many"]["topics"])
        assert added <= set(merged["many"]["topics"])
        assert not taken & set(merged["many"]["topics"])


@given(TEXTS, TEXTS, TEXTS)
def test_merge_marks_as_conflict_only_what_both_changed_differently(base, theirs, mine):
    _merged, hits = merge(base, theirs, mine)
    was, his, own = (values(each) for each in (base, theirs, mine))

    def changed(other, path):
        under = {key for key in {*was, *other} if key[: len(path)] == path}
        return any(was.get(key, MISSING) != other.get(key, MISSING) for key in under)

    for hit in hits:
        path = hit if hit[0] == "quotes" else ("fields", *hit)
        assert changed(his, path)
        assert changed(own, path)
    if not any(was.get(key, MISSING) != his.get(key, MISSING)
               and was.get(key, MISSING) != own.get(key, MISSING)
               for key in {*was, *his, *own}):  # fmt: skip
        # Nothing changed on both sides, unless one took out the row that the other mended.
        rows = [{row["uid"] for row in each["parts"]["quotes"]} for each in (base, theirs, mine)]
        assert {hit[1] for hit in hits} <= rows[0] - (rows[1] & rows[2])


def test_merge_of_a_row_that_one_took_out_and_the_other_mended_is_a_conflict():
    base = text({}, [], {"1": {"order": 0, "text": "a"}})
    mended = text({}, [], {"1": {"order": 0, "text": "b"}})
    out = text({}, [], {})
    assert merge(base, mended, out) == (out, [("quotes", "1")])
    assert merge(base, out, mended) == (mended, [("quotes", "1")])


def test_merge_of_another_record_is_refused():
    other = text({}, [], {}) | {"uid": "y"}
    with pytest.raises(ValidationError):
        merge(text({}, [], {}), other, text({}, [], {}))
