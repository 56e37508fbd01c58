"""Search of the staff: everything that one may see, in any case of letters, and nothing else."""

import datetime as dt
import re
import unicodedata

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from events.admin import search
from events.models import Access, Change, Edition, Photo, Placement, Statement

from . import factories

SEARCH = "/admin/search/"


def found(client, typed):
    """The titles of what is found, by the name of the group."""
    groups = client.get(SEARCH, {"q": typed}).context["groups"]
    return {
        str(group.title): ["".join(text for text, _marked in hit.title) for hit in group.hits]
        for group in groups
    }


@pytest.fixture
def desk(client, staff):
    """A client in the name of a writer."""
    client.force_login(staff("Writer"))
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Қазақстан Республикасы", "қазақстан"), ("Қазақстан Республикасы", "ҚАЗАҚСТАН"),
        ("ҚАЗАҚСТАН", "қАзАқСтАн"), ("Мәлімдеме", "МӘЛІМДЕМЕ"), ("ӨҢІРЛІК ҰЙЫМ", "өңірлік ұйым"),
        ("Үндеу һәм үн", "ҮНДЕУ Һәм"), ("ғылым", "ҒЫЛЫМ"), ("Ключёва", "ключева"),
        ("Ключева", "КЛЮЧЁВА"), ("Заявление", "заявл"), ("Déclaration", "DÉCLARATION"),
        ("Ukaz №7", "№7"), ("a-b", "A-B"),
    ],
)  # fmt: skip
def test_letters_are_found_in_either_case_in_every_alphabet(desk, stored, typed):
    factories.statement("draft", title_en="", ready_en=False, title_ru="", ready_ru=False,
                        title_kk=stored)  # fmt: skip
    factories.statement("draft", "Other")
    assert found(desk, typed) == {"Statements": [stored]}


@pytest.mark.django_db
def test_each_kind_is_found_by_its_own_words(desk, photo, staff):
    made = factories.whole("embargoed", "Findme", "BY")
    Photo.objects.filter(pk=photo.pk).update(caption_ru="findme: подпись")
    Placement.objects.create(publication=made["event"].publication, photo=photo)
    base = Edition.objects.create(
        model="statement", record_uid=made["statement"].pk, number=1, action="save", snapshot={},
        by_name="x", at=factories.LONG_AGO,
    )  # fmt: skip
    Change.objects.create(
        model="statement", record_uid=made["statement"].pk, base=base, kind="correction",
        snapshot={}, note_en="FINDME in the note", proposed_at=factories.LONG_AGO,
    )  # fmt: skip
    hits = found(desk, "findme")
    # Two photos without a day stand in the order of their identifiers.
    assert sorted(hits.pop("Photos")) == ["A red field", "Findme alt en"]
    assert hits == {
        "Events": ["Findme title en"], "Statements": ["Findme title en"],
        "Quotes": ["Findme words"], "Outcomes": ["Findme outcome"], "People": ["Findme person"],
        "Organisations": ["Findme body"], "Topics": ["Findme topic"],
        "Series": ["Findme series"],
        "Proposed changes": ["Findme title en"],
    }  # fmt: skip


@pytest.mark.django_db
def test_every_hit_leads_to_a_page_that_opens(desk, photo):
    factories.whole("published", "Findme", "BY")
    groups = desk.get(SEARCH, {"q": "findme"}).context["groups"]
    for group in groups:
        for hit in group.hits:
            assert desk.get(hit.url).status_code == 200, hit.url


@pytest.mark.django_db
def test_hits_carry_the_stage_of_what_holds_them(desk):
    for stage in factories.STAGES:
        factories.whole(stage, f"Findme{stage.replace('_', '')}", "BY")
    for stage in factories.STAGES:
        groups = desk.get(SEARCH, {"q": f"findme{stage.replace('_', '')}"}).context["groups"]
        stages = {str(group.title): {hit.stage for hit in group.hits} for group in groups}
        for name in ("Events", "Statements", "Quotes", "Outcomes"):
            assert stages[name] == {stage}
        assert stages["People"] == {None}


@pytest.mark.django_db
def test_all_words_are_wanted_in_whatever_field_and_order(desk):
    factories.statement("draft", title_en="The river", body_ru="<p>Мост</p>", place_kk="Алматы")
    factories.statement("draft", "Other", title_en="The river alone")
    assert found(desk, "алматы МОСТ  river") == {"Statements": ["The river"]}
    assert found(desk, "river nowhere") == {}


@pytest.mark.django_db
def test_nothing_that_is_limited_to_others_is_found(client, staff, photo):
    writer, named = staff("Writer"), staff("Press officer")
    made = factories.whole("draft", "Hidden", "BY")
    for item in (made["event"], made["statement"]):
        type(item).objects.filter(pk=item.pk).update(limited=True)
        Access.objects.create(publication=item.publication, user=named, given_by=named,
                              given_at=factories.LONG_AGO)  # fmt: skip
    Photo.objects.update(caption_en="Hidden photo")
    Placement.objects.create(publication=made["event"].publication, photo=photo)
    secret = {"Events", "Statements", "Quotes", "Outcomes", "Photos"}
    client.force_login(named)
    assert secret <= set(found(client, "hidden"))
    client.force_login(writer)
    assert secret & set(found(client, "hidden")) == set()
    # The excerpt and the page say no more than the groups.
    assert "Hidden title" not in client.get(SEARCH, {"q": "hidden"}).content.decode()


@pytest.mark.django_db
def test_reader_under_embargo_finds_what_is_out_and_what_names_them(client, staff):
    reader = staff("Reader under embargo")
    for stage in factories.STAGES:
        factories.statement(stage, title_en=f"Findme {stage}")
    named = factories.statement("draft", title_en="Findme, named")
    Access.objects.create(publication=named.publication, user=reader, given_by=reader,
                          given_at=factories.LONG_AGO)  # fmt: skip
    factories.topic("Findme")
    client.force_login(reader)
    groups = found(client, "findme")
    assert set(groups) == {"Statements"}
    assert sorted(groups["Statements"]) == [
        "Findme published", "Findme retracted", "Findme withdrawn", "Findme, named",
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", '"', ".*", "[", "(", ")", "+", "?", "^",
                                   "$", "|", "{1}", "***", "***=", "(?i)", "\\d", "#", "-- x", "&",
                                   "<b>", "&amp;", "🏛", "\u0130", "ß"])  # fmt: skip
def test_signs_stand_for_themselves(desk, typed):
    factories.statement("draft", title_en=f"Sign {typed.replace(' ', ' and ')} here", body_en="")
    factories.statement("draft", "Other", title_en="Nothing of it", body_en="<p>Nothing</p>")
    assert [len(hits) for hits in found(desk, f"sign {typed}").values()] == [1]
    assert "Nothing of it" not in str(found(desk, typed))


@pytest.mark.django_db
def test_rich_text_is_searched_and_its_tags_are_not(desk):
    factories.statement(
        "draft", title_en="Rich", body_ru="", body_kk="",
        body_en='<p>Law &amp; <strong>order</strong> <a href="https://example.org/hidden">x</a></p>',
    )  # fmt: skip
    assert found(desk, "order") == {"Statements": ["Rich"]}
    assert found(desk, "Law &") == {"Statements": ["Rich"]}
    for typed in ("strong", "href", "example.org", "<p>"):
        assert found(desk, typed) == {}, typed


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "   ", "\t\n", "\x00", "\x07\x1b\x9f", "\ud800"[:0]])
def test_empty_query_asks_for_words(desk, typed):
    factories.statement("draft")
    answer = desk.get(SEARCH, {"q": typed})
    assert (answer.status_code, answer.context["groups"]) == (200, [])
    assert "Type a word or two" in answer.content.decode()


@pytest.mark.django_db
def test_control_characters_are_left_out_of_the_query(desk):
    factories.statement("draft", title_en="Findme")
    assert found(desk, "find\x00me\x07") == {"Statements": ["Findme"]}


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["a" * 10_000, "а б " * 5_000, "%" * 10_000, "(" * 10_000])
def test_absurd_length_is_cut_and_said(desk, typed):
    answer = desk.get(SEARCH, {"q": typed})
    assert answer.status_code == 200
    assert "Only the beginning of what you typed" in answer.content.decode()
    assert len(answer.context["query"]) <= search.LONGEST


@pytest.mark.django_db
def test_group_is_bounded_and_says_that_there_is_more(desk):
    for _number in range(search.SHOWN + 1):
        factories.statement("published", title_en="Findme")
    factories.event("published", title_en="Findme")
    groups = desk.get(SEARCH, {"q": "findme"}).context["groups"]
    assert [(str(each.title), len(each.hits), each.more) for each in groups] == [
        ("Events", 1, False), ("Statements", search.SHOWN, True),
    ]  # fmt: skip


@pytest.mark.django_db
def test_search_asks_as_much_for_twenty_hits_as_for_two(desk, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        with CaptureQueriesContext(connection) as ran:
            desk.get(SEARCH, {"q": "findme"})
        return len(ran)

    for _number in range(2):
        factories.whole("published", "Findme", "BY")
    few = queries()
    for _number in range(18):
        factories.whole("published", "Findme", "BY")
    assert queries() == few


@pytest.mark.django_db
def test_found_words_are_marked_and_nothing_of_the_text_is_markup(desk):
    factories.statement("draft", title_en="<script>x</script> Қазақстан", body_en="", summary_en="")
    page = desk.get(SEARCH, {"q": "қазақ script"}).content.decode()
    assert "&lt;<mark>script</mark>&gt;x&lt;/<mark>script</mark>&gt; <mark>Қазақ</mark>стан" in page
    assert "<script>x" not in page


@pytest.mark.django_db
def test_excerpt_shows_where_it_was_found_if_not_in_the_title(desk):
    factories.statement(
        "draft", title_en="A title", body_en=f"<p>{'before ' * 30}needle{' after' * 30}</p>"
    )
    [group] = desk.get(SEARCH, {"q": "NEEDLE"}).context["groups"]
    excerpt = "".join(text for text, _marked in group.hits[0].excerpt)
    assert excerpt.startswith("…")
    assert excerpt.endswith("…")
    assert [text for text, marked in group.hits[0].excerpt if marked] == ["needle"]


@pytest.mark.django_db
def test_search_box_is_on_every_page_of_the_staff_and_on_no_other(desk, client):
    for address in ("/admin/", SEARCH, reverse("admin:events_event_changelist"),
                    reverse("admin:events_event_add"), reverse("admin:notifications")):  # fmt: skip
        page = desk.get(address).content.decode()
        assert page.count('role="search" action="/admin/search/"') == 1, address
        assert page.count('<label class="visually-hidden" for="desk-search">') == 1, address
    desk.logout()
    assert "desk-search" not in desk.get("/accounts/login/").content.decode()


@pytest.mark.django_db
def test_search_is_read_alone(desk):
    assert desk.post(SEARCH, {"q": "x"}).status_code == 405


LETTERS = st.text(
    alphabet=st.sampled_from("abzABZабяёАБЯЁәғқңөұүһіӘҒҚҢӨҰҮҺІ019№%_.*+?()[]{}^$|\\'\"-"),
    min_size=1,
)


@given(word=LETTERS, before=LETTERS, after=LETTERS)
def test_pattern_finds_a_word_in_either_case_and_only_where_it_is(word, before, after):
    marked = re.compile(search.pattern(word))
    for shown in (word, word.lower(), word.upper(), word.swapcase()):
        assert marked.search(before + shown + after)
    assert bool(marked.search(before)) == (
        word.casefold().replace("ё", "е") in before.casefold().replace("ё", "е")
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("stored", "typed"), [("NFC", "NFD"), ("NFD", "NFC"), ("NFD", "NFD")])
def test_letter_is_found_however_it_is_composed(stored, typed):
    item = factories.statement("draft", title_ru=unicodedata.normalize(stored, "Зайсан и Ёлкино"))
    for word in ("зайсан", "ёлкино"):
        [asked] = search.words_of(unicodedata.normalize(typed, word))
        assert list(Statement.objects.filter(title_ru__regex=search.pattern(asked))) == [item]


class AnyQuery(TestCase):
    """Whatever is typed, the database answers as Python does."""

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(word=st.text(min_size=1, max_size=30), around=st.text(max_size=10))
    def test_any_word_is_found_in_a_text_that_holds_it(self, word, around):
        Statement.objects.all().delete()
        item = Statement.objects.create(
            slug="an-item", title_en=around + word + around, date=dt.date(2026, 1, 1),
            statement_kind="speech",
        )  # fmt: skip
        item.refresh_from_db()
        for each in search.words_of(item.title_en):
            rows = Statement.objects.filter(title_en__regex=search.pattern(each))
            assert list(rows) == [item]
