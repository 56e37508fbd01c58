"""An old text put out as new is noticed, wherever the archive keeps it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from events import resemblance
from events.models import Event, Statement
from events.resemblance import containment, phrases, shingles, words

from . import factories

SENTENCES = {
    "en": [
        "The ministers of the two countries met in the capital and spoke about trade by rail.",
        "They agreed to open a second crossing for goods lorries before the end of the year.",
        "Both sides praised the work of the joint commission on water & pasture in the hills.",
        "A programme of exchanges between their libraries and museums was signed on the same day.",
        "The delegations visited the botanical garden and planted an apple tree of an old kind.",
    ],
    "ru": [
        "Министры двух стран встретились в столице и обсудили торговлю по железной дороге.",
        "Они договорились до конца года открыть второй пункт пропуска для грузовых машин.",
        "Стороны высоко оценили работу совместной комиссии по воде и пастбищам в предгорьях.",
        "В тот же день подписана программа обменов между библиотеками и музеями двух стран.",
        "Делегации посетили ботанический сад и посадили там яблоню старинного сорта апорт.",
    ],
    "kk": [
        "Екі елдің министрлері елордада кездесіп, теміржол арқылы сауда жайын талқылады.",
        "Олар жыл соңына дейін жүк көліктеріне арналған екінші өткізу бекетін ашуға келісті.",
        "Тараптар су мен жайылым жөніндегі бірлескен комиссияның тау етегіндегі жұмысын бағалады.",
        "Сол күні екі елдің кітапханалары мен музейлері алмасу бағдарламасына қол қойды.",
        "Делегациялар ботаникалық баққа барып, ескі сұрыпты апорт алмасының ағашын отырғызды.",
    ],
}  # fmt: skip
DATE = dt.date(2020, 6, 1)


def markup(sentences):
    return "".join(f"<p>{each.replace('&', '&amp;')}</p>" for each in sentences)


BODIES = {code: markup(sentences) for code, sentences in SENTENCES.items()}


def draft(**fields):
    """A new text of one's own, in English alone unless said."""
    texts = {f"ready_{code}": f"body_{code}" in fields for code in SENTENCES}
    return factories.statement("draft", "New", date=DATE, **{**texts, **fields})


def resembling(record, dates=()):
    texts = {
        code: getattr(record, f"body_{code}")
        for code in SENTENCES
        if getattr(record, f"ready_{code}")
    }
    return resemblance.earlier(record, texts, dates)


# --- Shingles --------------------------------------------------------------------------------

_words = st.lists(st.sampled_from("a b c d e f g h".split()), max_size=40)


@given(_words, _words)
def test_containment_is_between_none_and_all_and_whole_in_itself(one, other):
    share = containment(shingles(one), shingles(other))
    assert 0 <= share <= 1
    assert containment(shingles(one), shingles(one)) == (1 if one else 0)
    assert (share == 0) == (containment(shingles(other), shingles(one)) == 0)


@given(_words, st.lists(st.sampled_from("abcd"), min_size=resemblance.SIZE), _words)
def test_more_words_in_the_earlier_text_never_make_it_less_alike(new, earlier, added):
    before = containment(shingles(new), shingles(earlier))
    assert containment(shingles(new), shingles(earlier + added)) >= before


def test_words_are_alike_whatever_their_case_composition_and_yo():
    composed, apart = "Ёлка – «Й»!", "елка и\u0306"
    assert words(composed) == words(apart) == ["елка", "й"]


@pytest.mark.parametrize("code", list(SENTENCES))
def test_phrases_stand_in_the_markup_that_they_are_taken_from(code):
    body = BODIES[code].replace("<p>The ", "<p><strong>The</strong> ")
    found = phrases(body, 4)
    assert len(found) == len(set(found)) == 4
    assert all(phrase in body and "<" not in phrase and "&" not in phrase for phrase in found)


def test_phrases_of_a_list_of_short_items_are_its_items():
    items = [f"Item of the number {n}" for n in range(9)]
    body = "<ul>" + "".join(f"<li>{each}</li>" for each in items) + "</ul>"
    assert set(phrases(body, 3)) < set(items)


def test_phrases_of_a_long_text_come_from_where_its_copy_is_read():
    body = "<p>" + " ".join(f"word{n}" for n in range(50_000)) + "</p>"
    found = phrases(body, 6)
    assert len(found) == 6
    assert all(body.index(phrase) < resemblance.BEGINNING for phrase in found)


# --- In the archive ----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("code", list(SENTENCES))
def test_copy_of_an_earlier_release_is_found_in_each_language(code):
    old = factories.statement(title_en="Old", **{f"body_{code}": BODIES[code]})
    factories.statement()
    new = draft(**{f"body_{code}": BODIES[code]})
    assert [each.pk for each in resembling(new)] == [old.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("code", list(SENTENCES))
def test_mended_copy_is_found_and_a_text_of_half_the_same_is_not(code):
    old = factories.statement(**{f"body_{code}": BODIES[code]})
    first, *rest = SENTENCES[code]
    mended = [first.rsplit(" ", 1)[0] + " xyz.", *rest]
    assert [e.pk for e in resembling(draft(**{f"body_{code}": markup(mended)}))] == [old.pk]
    other = [" ".join(reversed(each.split())) for each in rest[:2]]
    half = markup([first, *other, *rest[2:]])
    assert resembling(draft(**{f"body_{code}": half})) == []


@pytest.mark.django_db
def test_copy_with_a_paragraph_more_is_found_and_the_new_text_of_an_old_line_is_not():
    old = factories.statement(body_en=BODIES["en"])
    added = markup([*SENTENCES["en"], "And they drank tea together at last."])
    assert [each.pk for each in resembling(draft(body_en=added))] == [old.pk]
    own = [f"Something {word} altogether happened here on this day." for word in "abcdefgh"]
    assert resembling(draft(body_en=markup([SENTENCES["en"][0], *own]))) == []


@pytest.mark.django_db
@pytest.mark.parametrize("stage", [s for s in factories.STAGES if s != "published"])
def test_hidden_and_ended_texts_are_not_looked_at(stage):
    factories.statement(stage, body_en=BODIES["en"])
    factories.event(stage, title_en="New title en")
    assert resembling(draft(body_en=BODIES["en"])) == []


@pytest.mark.django_db
def test_language_that_readers_do_not_have_is_not_looked_at():
    factories.statement(body_ru=BODIES["ru"], ready_ru=False)
    assert resembling(draft(body_ru=BODIES["ru"])) == []


@pytest.mark.django_db
def test_text_is_not_compared_with_itself_nor_with_its_own_event():
    happened = factories.event(body_en=BODIES["en"])
    told = factories.statement(body_en=BODIES["en"], event=happened)
    assert resembling(Event.objects.get(pk=happened.pk)) == []
    assert resembling(Statement.objects.get(pk=told.pk)) == []
    again = draft(body_en=BODIES["en"], event=happened)
    assert [each.pk for each in resembling(again)] == [told.pk]


@pytest.mark.django_db
def test_copy_outside_the_newest_is_found_by_a_date_that_it_names(monkeypatch):
    monkeypatch.setattr(resemblance, "NEWEST", 2)
    day = dt.date(2019, 12, 30)
    old = factories.statement(
        body_en=BODIES["en"], date=day, release_at=dt.datetime(2019, 12, 30, tzinfo=dt.UTC)
    )
    for _each in range(2):
        factories.statement()
    new = draft(body_en=BODIES["en"])
    assert resembling(new) == []
    assert [each.pk for each in resembling(new, [day + dt.timedelta(days=1)])] == [old.pk]
    assert resembling(new, [day + dt.timedelta(days=2)]) == []


@pytest.mark.django_db
def test_short_text_is_the_same_only_with_the_same_title_and_all_its_words():
    old = factories.statement(title_en="Greeting", body_en="<p>Good health to you all!</p>")
    same = draft(title_en="GREETING", body_en="<p>Good  health, to you all.</p>")
    assert [each.pk for each in resembling(same)] == [old.pk]
    assert resembling(draft(title_en="Greetings", body_en=old.body_en)) == []
    assert resembling(draft(title_en="Greeting", body_en="<p>Good health to all!</p>")) == []


@pytest.mark.django_db
def test_items_without_a_text_are_the_same_only_on_the_same_day():
    def event(stage, date):
        return factories.event(
            stage, title_en="Briefing", body_en="", ready_ru=False, ready_kk=False, date=date
        )

    event("published", DATE - dt.timedelta(days=1))
    assert resembling(event("draft", DATE)) == []
    old = event("published", DATE)
    assert [each.pk for each in resembling(event("draft", DATE))] == [old.pk]


@pytest.mark.django_db
def test_nearest_of_several_comes_first_and_titles_in_common_hide_none():
    near = factories.statement(body_en=BODIES["en"], title_en="Elsewhere")
    nearer = factories.statement(body_en=markup([*SENTENCES["en"], "More."]), title_en="There")
    for number in range(2 * resemblance.COMPARED):
        factories.statement(title_en="New title en", body_en=f"<p>{number}</p>")
    new = draft(body_en=markup([*SENTENCES["en"], "More."]))
    assert [each.pk for each in resembling(new)] == [nearer.pk, near.pk]


@pytest.mark.django_db
def test_archive_is_asked_three_times_at_most():
    for _each in range(5):
        factories.statement(body_en=BODIES["en"])
    new = draft(body_en=BODIES["en"], body_ru=BODIES["ru"])
    with CaptureQueriesContext(connection) as asked:
        assert len(resembling(new, [DATE])) == resemblance.COMPARED
    assert len(asked) == 3
