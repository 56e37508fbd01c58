"""Questions before approval: each guard trips on what is wrong, and lets the near-miss be."""

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import translation

from events import guards, publishing, visibility
from events.files.addresses import of_file, of_original
from events.guards import links
from events.models import (
    Bundle,
    Event,
    Participant,
    Person,
    Placement,
    Publication,
    Quote,
    Speaker,
    Statement,
)  # fmt: skip

from . import factories
from .conftest import with_contact
from .test_resemblance import BODIES

pytestmark = pytest.mark.django_db
DATE = dt.date(2007, 10, 6)
NOW = dt.datetime(2026, 10, 6, 5, 0, 0, tzinfo=dt.UTC)
CODES = ("en", "ru", "kk")
NAMES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}


def draft(*ready, **fields):
    """A draft with a contact and nothing wrong, ready in the languages given."""
    row = {
        "slug": f"draft-{next(factories._number)}", "date": DATE, "statement_kind": "speech",
        "released_before": False,
        **{f"title_{code}": "Words" for code in ready},
        **{f"ready_{code}": True for code in ready},
        **{f"standing_{code}": "courtesy" for code in ready},
    }  # fmt: skip
    row[f"standing_{ready[0]}"] = "authentic"
    return with_contact(Statement.objects.create(**row | fields))


def event_draft(*ready, **fields):
    row = {
        "slug": f"draft-{next(factories._number)}", "date": DATE, "until": DATE,
        "event_kind": "session", "released_before": False,
        **{f"title_{code}": "Words" for code in ready},
        **{f"ready_{code}": True for code in ready},
        **{f"standing_{code}": "authentic" for code in ready},
    }  # fmt: skip
    return with_contact(Event.objects.create(**row | fields))


def asked(item):
    """The sentences, with codes that forms can use."""
    found = guards.questions(type(item).objects.get(pk=item.pk))
    codes = [each.code for each in found]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z0-9-]+", code) for code in codes)
    return [each.sentence for each in found]


def codes(item):
    return [each.code for each in guards.questions(type(item).objects.get(pk=item.pk))]


# --- All of them --------------------------------------------------------------------------------


def test_nothing_is_asked_about_a_plain_text(event, statement):
    assert guards.questions(event) == guards.questions(statement) == []


def test_the_same_is_asked_of_the_parent_row(statement):
    statement.media_contacts.clear()
    Quote.objects.create(statement=statement, person=factories.person(), text_en="Not there")
    assert len(guards.questions(statement)) == 2
    assert guards.questions(statement.publication) == guards.questions(statement)


def test_missing_contact_is_asked_about(statement):
    statement.media_contacts.clear()
    assert codes(statement) == ["no-contact"]


def everything_wrong(event=None):
    """A text that trips every guard."""
    factories.statement(body_en=BODIES["en"], title_en="The old one", slug="the-old-one")
    item = draft(
        "en", "ru", "kk", event=event,
        body_en=f'{BODIES["en"]}<p>5 on 1 May 2007, <a href="/en/topics/none/">see</a>.</p>',
        body_ru="<p>6</p>", standing_kk="authentic",
    )  # fmt: skip
    somebody = factories.person()
    somebody.offices.create(title_en="Minister", until=dt.date(2000, 1, 1))
    Speaker.objects.create(statement=item, person=somebody)
    Quote.objects.create(statement=item, person=somebody, text_en="Never said")
    Placement.objects.create(publication=item.publication, photo=_photo())
    item.media_contacts.clear()
    return item


def _photo(**fields):
    from events.models import Photo

    return Photo.objects.create(image="0.png", width=4, height=3, **fields)


KINDS = [
    "released-before", "far-dates-en", "office", "numbers-ru", "dates-ru", "paragraphs-ru",
    "no-text-kk", "quote", "links", "alt-en", "alt-kk", "alt-ru", "no-contact",
]  # fmt: skip


def test_questions_come_in_a_fixed_order_with_codes_that_stay():
    item = everything_wrong()
    found = codes(item)
    assert [re.sub(r"-[0-9a-f]{10}$", "", code) for code in found] == KINDS
    assert codes(item) == found
    with translation.override("ru"):
        assert codes(item) == found


def test_code_stands_for_one_finding():
    item = draft("en", body_en="<p>On 1 May 2007.</p>")
    first = codes(item)
    Statement.objects.filter(pk=item.pk).update(body_en="<p>Anew: on 1 May 2007.</p>")
    assert codes(item) == first
    Statement.objects.filter(pk=item.pk).update(body_en="<p>On 2 May 2007.</p>")
    assert codes(item) != first
    assert len(codes(item)) == 1


def test_questions_cost_few_queries_whatever_there_is():
    item = Statement.objects.get(pk=everything_wrong().pk)
    with CaptureQueriesContext(connection) as asking:
        guards.questions(item)
    assert len(asking) == 12
    for _each in range(3):
        somebody = factories.person()
        somebody.offices.create(title_en="Minister", until=dt.date(2000, 1, 1))
        Speaker.objects.create(statement=item, person=somebody)
        Placement.objects.create(publication=item.publication, photo=_photo())
    with CaptureQueriesContext(connection) as again:
        guards.questions(item)
    assert len(again) == len(asking)


def test_approval_is_refused_until_each_question_is_answered_and_records_the_answers(staff):
    writer, officer = staff("Writer"), staff("Press officer")
    with visibility.clock_set_to(lambda: NOW):
        item = everything_wrong()
        with publishing.saving(item, writer):
            pass
        item = publishing.submit(item, writer)
        questions = guards.questions(item)
        answers = {each.code: f"Answer {n}." for n, each in enumerate(questions)}
        for gap in answers:
            with pytest.raises(ValidationError) as refusal:
                publishing.release_now(item, officer, answers | {gap: "  "})
            assert len(refusal.value.message_dict["answers"]) == 1
        publishing.release_now(item, officer, answers)
        from events import editions

        note = editions.of(item).last().note
    assert note == "\n".join(f"{q.sentence} – Answer {n}." for n, q in enumerate(questions))


def test_without_answers_nothing_is_recorded(statement, person):
    statement.media_contacts.clear()
    assert guards.recorded(statement, None) == guards.recorded(person, {"no-contact": "x"}) == ""
    assert guards.recorded(statement, {"no-contact": " ", "other": "x"}) == ""
    assert guards.recorded(statement, {"no-contact": " Ask me. "}).endswith(" – Ask me.")


@pytest.mark.parametrize("stage", [s for s in factories.STAGES if s != "published"])
def test_hidden_texts_change_no_question(stage):
    item = everything_wrong()
    Statement.objects.filter(pk=item.pk).update(
        body_en=item.body_en + '<p><a href="/en/statements/twin/">a</a>'
        '<a href="/en/topics/twin-topic/">b</a></p>'
    )
    before = asked(item)
    hidden = factories.statement(stage, slug="twin", body_en=BODIES["en"], body_ru="<p>6</p>")
    hidden.topics.add(factories.topic(word="Twin"))
    hidden.topics.get().__class__.objects.filter(name_en="Twin topic").update(slug="twin-topic")
    assert asked(item) == before
    Publication.objects.filter(pk=hidden.pk).update(
        status="approved", release_at=factories.LONG_AGO, published_at=factories.LONG_AGO
    )
    assert asked(item) != before


def test_founding_record_raises_few_questions_and_good_ones(settings):
    folder = settings.BASE_DIR / "fixtures"
    names = ("reference", "dushanbe-2007", "other-events")
    call_command("loaddata", *(str(folder / f"{name}.json") for name in names), verbosity=0)
    found = {row.slug: guards.questions(row.child) for row in Publication.objects.all()}
    with_contacts = set(Publication.objects.exclude(media_contacts=None).values_list("slug"))
    others = {
        slug: [each.sentence for each in questions if each.code != "no-contact"]
        for slug, questions in found.items()
    }
    assert {slug: sentences for slug, sentences in others.items() if sentences} == {
        "csto-collective-security-council-session-moscow-2008": [
            "English: the text names dates far from its own, 2008. Are they right: 6 October 2007?"
        ]
    }
    without = {slug for slug, questions in found.items() if "no-contact" in _codes(questions)}
    assert without == set(found) - {slug for (slug,) in with_contacts}


def _codes(questions):
    return {each.code for each in questions}


# --- An earlier release -------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_copy_of_an_earlier_release_is_named_with_its_date_and_title(code):
    old = factories.statement(
        title_en="Joint statement", **{f"body_{code}": BODIES[code]},
        release_at=dt.datetime(2020, 5, 6, tzinfo=dt.UTC),
    )  # fmt: skip
    item = draft(code, **{f"body_{code}": BODIES[code]})
    assert asked(item) == [
        "The text is nearly identical to what was released on 6 May 2020: “Joint statement”."
    ]
    Publication.objects.filter(pk=old.pk).update(first_released_on=dt.date(1999, 5, 6))
    assert "6 May 1999" in asked(item)[0]


def test_change_of_a_public_text_is_not_taken_for_a_copy_of_itself():
    item = factories.statement(**{f"body_{code}": body for code, body in BODIES.items()})
    assert codes(item) == ["no-contact"]


# --- Dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "text", "far"),
    [
        ("en", "On 6 October 2007, October 20, 2007 and 5 December 2007.", ""),
        ("en", "It met on 6 May 2007.", "6 May 2007"),
        ("en", "It met on October 6, 2006.", "6 October 2006"),
        ("en", "In 1999, in May 2006, 500 people.", ""),
        ("ru", "Сессия прошла 6 мая 2007 года.", "6 May 2007"),
        ("ru", "Сессия прошла 6 октября 2007 года и 06.11.2007, в 1999 году.", ""),
        ("kk", "2007 жылғы 6 мамырда отырыс өтті.", "6 May 2007"),
        ("kk", "2007 жылғы 6 қазанда, 1999 жылы, 2006 жылғы мамырда.", ""),
        ("kk", "06.05.2007", "6 May 2007"),
    ],
)
def test_dates_far_from_the_day_are_asked_about(code, text, far):
    for item in (draft(code, **{f"body_{code}": f"<p>{text}</p>"}),
                 event_draft(code, **{f"summary_{code}": text})):  # fmt: skip
        assert asked(item) == (
            [f"{NAMES[code]}: the text names dates far from its own, 6 October 2007."
             f" Are they right: {far}?"] if far else []
        )  # fmt: skip


def test_sixty_days_are_near_and_sixty_one_are_far():
    for days, count in ((60, 0), (61, 1)):
        for sign in (1, -1):
            day = DATE + sign * dt.timedelta(days=days)
            assert len(asked(draft("en", body_en=f"<p>{day.isoformat()}</p>"))) == count


def test_dates_within_a_long_event_or_an_imprecise_date_are_near():
    text = "<p>30 December 2007</p>"
    assert len(asked(event_draft("en", body_en=text))) == 1
    assert asked(event_draft("en", body_en=text, until=dt.date(2007, 11, 30))) == []
    year = {"date": dt.date(2007, 1, 1), "date_precision": "year"}
    assert asked(draft("en", body_en=text, **year)) == []
    assert len(asked(draft("en", body_en="<p>30 December 2006</p>", **year))) == 0
    assert len(asked(draft("en", body_en="<p>30 October 2006</p>", **year))) == 1


def test_far_dates_are_listed_five_at_most_and_once_for_all_languages():
    days = ", ".join(f"{n} May 2001" for n in range(1, 8))
    item = draft(
        "en", "ru", body_en=f"<p>{days}</p>",
        body_ru="<p>" + days.replace("May", "мая") + ", 9 мая 2001 года</p>",
    )  # fmt: skip
    first, second, third = asked(item)
    assert first.endswith("1 May 2001, 2 May 2001, 3 May 2001, 4 May 2001, 5 May 2001 and 2 more?")
    assert second.startswith("Русский: the text names dates far")
    assert second.endswith("right: 9 May 2001?")
    assert third.startswith("Русский: the text has other dates than English.")


# --- Officials ----------------------------------------------------------------------------------


@pytest.fixture
def minister():
    somebody = Person.objects.create(slug="the-minister", name_en="A. Minister")
    somebody.offices.create(
        title_en="Minister of Tides", title_ru="Министр приливов", title_kk="Толқын министрі",
        since=dt.date(2004, 1, 1), until=dt.date(2006, 1, 1), until_precision="year",
    )  # fmt: skip
    return somebody


def spoken(person, kind, **printed):
    """A text in which the person speaks, is quoted, or takes part."""
    if kind == "participant":
        item = event_draft("en")
        capacity = {f"capacity_{key[-2:]}": value for key, value in printed.items()}
        Participant.objects.create(event=item, person=person, **capacity)
        return item
    item = draft("en", body_en="<p>Words said</p>")
    more = {"text_en": "Words said"} if kind == "quote" else {}
    model = Quote if kind == "quote" else Speaker
    model.objects.create(statement=item, person=person, **printed, **more)
    return item


LATER = (
    "A. Minister is named as “Minister of Tides”. As recorded, that office was theirs"
    " 1 January 2004 – 2006, and not on 6 October 2007."
)
NONE = (
    "A. Minister held none of the offices that are recorded for them on 6 October 2007:"
    " “Minister of Tides” (1 January 2004 – 2006)."
)


@pytest.mark.parametrize("kind", ["speaker", "quote", "participant"])
@pytest.mark.parametrize(
    "printed",
    [{"office_en": "MINISTER  of Tides"}, {"office_ru": "Министр приливов"},
     {"office_kk": "Толқын министрі"}],
)  # fmt: skip
def test_office_printed_at_another_time_is_asked_about(minister, kind, printed):
    item = spoken(minister, kind, **printed)
    assert asked(item) == [LATER]
    minister.offices.create(title_en="Speaker of Tides", since=dt.date(2007, 1, 1))
    assert asked(item) == [LATER]
    minister.offices.create(since=dt.date(2007, 10, 1), **dict.fromkeys(
        ["title_en", "title_ru", "title_kk"], next(iter(printed.values()))))  # fmt: skip
    assert asked(item) == []


@pytest.mark.parametrize("kind", ["speaker", "quote", "participant"])
def test_office_in_other_words_is_right_while_any_is_held(minister, kind):
    item = spoken(minister, kind, office_en="Tides’ own minister")
    assert asked(item) == [NONE]
    minister.offices.create(title_en="Speaker of Tides", since=dt.date(2007, 10, 6))
    assert asked(item) == []


def test_speaker_without_an_office_printed_is_asked_about_when_none_is_held(minister):
    assert asked(spoken(minister, "speaker")) == asked(spoken(minister, "quote")) == [NONE]


def test_people_without_recorded_offices_and_participants_without_capacity_raise_none(minister):
    for kind in ("speaker", "quote", "participant"):
        assert asked(spoken(factories.person(), kind, office_en="Minister of Tides")) == []
    assert asked(spoken(minister, "participant")) == []


def test_person_named_often_is_asked_about_once(minister):
    item = spoken(minister, "speaker", office_en="Minister of Tides")
    for _each in range(3):
        Quote.objects.create(statement=item, person=minister, text_en="Words said",
                             office_en="Minister of Tides")  # fmt: skip
    assert asked(item) == [LATER]


@pytest.mark.parametrize("days", [0, 400])
def test_office_that_covers_some_day_of_a_long_event_is_held(minister, days):
    minister.offices.update(since=DATE - dt.timedelta(days=2), until=DATE, until_precision="day")
    item = spoken(minister, "participant", office_en="Minister of Tides")
    first = DATE - dt.timedelta(days=days)
    Event.objects.filter(pk=item.pk).update(date=first, until=DATE + dt.timedelta(days=days))
    assert asked(item) == []
    late = DATE + dt.timedelta(days=1)
    Event.objects.filter(pk=item.pk).update(date=late, until=late)
    assert len(asked(item)) == 1


# --- Language versions --------------------------------------------------------------------------

ALIKE = {
    "en": "<p>On 6 October 2007, 1,500 people (2.5%) of 7 states came.</p><p>The 15th.</p>",
    "ru": "<p>6 октября 2007 года: 1 500 человек (2,5 %), 7 государств.</p><p>15-е.</p>",
    "kk": "<p>2007 жылғы 6 қазанда 7 елден 1 500 адам (2,5 %) келді.</p><p>15-ші.</p>",
}


def versions(**changed):
    bodies = {f"body_{code}": body for code, body in (ALIKE | changed).items()}
    return draft("en", "ru", "kk", **bodies)


def test_versions_with_the_same_figures_raise_none():
    assert asked(versions()) == []


@pytest.mark.parametrize("code", ["ru", "kk"])
def test_other_numbers_of_a_version_are_named_on_both_sides(code):
    item = versions(**{code: ALIKE[code].replace("1 500", "1 050")})
    assert asked(item) == [
        f"{NAMES[code]}: the text has other numbers than English. Paragraph 1."
        f" Only in {NAMES[code]}, or there more often: 1 050."
        " Only in English, or there more often: 1,500."
    ]


@pytest.mark.parametrize(
    ("code", "wrong", "right"), [("ru", "6 октября", "7 октября"), ("kk", "6 қазан", "7 қазан")]
)
def test_other_dates_of_a_version_are_named_on_both_sides(code, wrong, right):
    (sentence,) = asked(versions(**{code: ALIKE[code].replace(wrong, right)}))
    assert sentence.startswith(
        f"{NAMES[code]}: the text has other dates than English. Paragraph 1."
    )
    assert sentence.endswith("Only in English, or there more often: 6 October 2007.")
    assert right in sentence


@pytest.mark.parametrize("code", ["ru", "kk"])
def test_other_number_of_paragraphs_is_asked_about(code):
    item = versions(**{code: ALIKE[code].replace("</p><p>", " ")})
    assert asked(item) == [
        f"{NAMES[code]}: the text has another number of paragraphs (1) than English (2)."
        " They part at paragraph 1."
    ]


def test_list_items_and_headings_count_as_paragraphs_however_the_editor_sets_them():
    item = draft("en", "ru", body_en="<h3>A</h3><ul><li>b</li><li><p>c</p></li></ul>",
                 body_ru="<p>А</p><p>б</p><p>в</p>")  # fmt: skip
    assert asked(item) == []


def test_source_is_the_authentic_version_else_the_first_that_is_ready():
    item = versions(ru=ALIKE["ru"].replace("7 гос", "8 гос"))
    Statement.objects.filter(pk=item.pk).update(standing_en="courtesy", standing_kk="authentic")
    (sentence,) = asked(item)
    assert sentence.startswith("Русский: the text has other numbers than Қазақша.")
    Statement.objects.filter(pk=item.pk).update(standing_kk="courtesy")
    (sentence,) = asked(item)
    assert sentence.startswith("Русский: the text has other numbers than English.")


def test_version_that_is_not_ready_or_has_no_text_is_not_compared():
    item = versions(ru="<p>8</p>", kk="")
    Statement.objects.filter(pk=item.pk).update(ready_ru=False)
    assert asked(item) == []


@pytest.mark.parametrize("name", ["title", "summary"])
def test_numbers_of_titles_and_summaries_are_compared(name):
    texts = {f"{name}_en": "June 2009: 15 states", f"{name}_kk": "2009 жылғы маусым: 15 ел"}
    item = draft("en", "ru", "kk", **texts, **{f"{name}_ru": "Июнь 2009 года: 16 стран"})
    assert asked(item) == [
        f"Русский: the {name} has other numbers than English."
        " Only in Русский, or there more often: 16."
        " Only in English, or there more often: 15."
    ]


def test_authentic_language_without_a_text_is_asked_about_and_a_translation_is_not():
    item = draft("en", "ru", "kk", body_en="<p>Text.</p>", standing_ru="authentic")
    assert asked(item) == [
        "Русский is marked as authentic and has a title but no text; the text is in: English."
    ]
    assert asked(event_draft("en", "ru", "kk")) == []


# --- Quotes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "body", "words"),
    [
        ("en", "“We met. It’s ‘good’ and\u00a0long,” they said.", "We met. It's “good” and long."),
        ("ru", "«Мы встретились в „Зале“ сегодня», – сказано.", "Мы встретились в «Зале» сегодня."),
        ("kk", "«Біз кездестік, сөйлестік», – деді.", "Біз кездестік,\nсөйлестік"),
        ("en", "We met, and after a long day agreed.", "We met […] agreed"),
        ("en", "<strong>We</strong> met</p><p>and agreed", "We met and agreed"),
    ],
)
def test_quote_that_stands_in_the_text_raises_none(code, body, words):
    item = draft(code, **{f"body_{code}": f"<p>{body}</p>"})
    Quote.objects.create(statement=item, person=factories.person(), **{f"text_{code}": words})
    assert asked(item) == []


@pytest.mark.parametrize(
    ("code", "body", "words"),
    [
        ("en", "“We met today,” they said.", "We met to-day"),
        ("en", "We agreed, and met.", "We met […] agreed"),
        ("ru", "«Мы встретились», – сказано.", "Мы встретились вчера"),
        ("kk", "«Біз кездестік», – деді.", "Біз кездеспедік"),
    ],
)
def test_quote_that_does_not_stand_in_the_text_is_asked_about(code, body, words):
    item = draft(code, **{f"body_{code}": f"<p>{body}</p>"})
    Quote.objects.create(statement=item, person=factories.person(), **{f"text_{code}": words})
    assert asked(item) == [
        f"The quote “{words}” does not stand word for word in the text ({NAMES[code]})."
    ]


def test_quote_is_looked_for_in_the_text_of_its_own_language_where_there_is_one():
    item = draft("en", "ru", body_en="<p>We met</p>")
    Quote.objects.create(statement=item, person=factories.person(), text_en="We met",
                         text_ru="Мы встретились", text_kk="Біз кездестік")  # fmt: skip
    assert asked(item) == []


# --- Links --------------------------------------------------------------------------------------


@pytest.fixture
def everywhere():
    """One public row of everything, by the name of its route."""
    rows = factories.whole("published", "Plain", "KZ")
    return rows | {"press": rows["event"]}


def addresses(rows):
    """A right address for every public route that names a row."""
    for name, (_model, field) in links._ROWS.items():
        value = str(getattr(rows[name.partition("_")[0]], field)).lower()
        form = ["rss"] if name.endswith("_feed") else []
        with translation.override("ru"):
            yield name, reverse(f"public:{name}", args=[value, *form])
    yield "file", of_file(rows["attachment"])
    yield "photo", of_original(rows["photo"])


def linking(*hrefs, **fields):
    body = "".join(f'<p><a href="{href}">this</a></p>' for href in hrefs)
    return draft("en", body_en=body, **fields)


def test_links_to_public_pages_raise_none(everywhere):
    hrefs = [href for _name, href in addresses(everywhere)]
    lists = ["/", "/en/", "/kk/events/", "/en/events/2020/", "/en/feeds/latest.rss", "/robots.txt"]
    item = linking(*hrefs, *lists)
    assert asked(item) == []
    absolute = [f"https://press.example{href}" for href in hrefs]
    assert asked(linking(*absolute, "https://PRESS.example/en/#x", f"{hrefs[0]}?a=b#c")) == []


def test_links_to_files_lead_somewhere_for_whoever_reads_the_text():
    item, hidden = draft("en"), factories.event("embargoed", "Kryptonym")
    own = of_file(factories.attachment(item))
    body = f'<p><a href="{own}">this</a></p>'
    Statement.objects.filter(pk=item.pk).update(body_en=body)
    assert asked(item) == []
    for href in (
        of_file(factories.attachment(hidden)),
        of_original(factories.photo("Plain", hidden)),
    ):
        assert asked(linking(href)) == [f"These links lead to no public page: “{href}”."]


def test_every_public_route_with_arguments_is_known_to_the_guard():
    with translation.override("en"):
        known = get_resolver().namespace_dict["public"][1].reverse_dict
        names = {
            name for name in known if isinstance(name, str)
            and any(parts for _form, parts in known.getlist(name)[0][0])
        }  # fmt: skip
    assert names <= set(links._ROWS) | links._LISTS


@pytest.mark.parametrize(
    "href",
    [
        "/en/events/nothing/", "/en/statements/nothing/#p1", "/fr/", "/en/nowhere/", "nothing/",
        "https://press.example/en/people/nobody/", "/admin/", "/en/topics/nothing",
        "/en/quotes/00000000-0000-0000-0000-000000000000/", "//press.example/xx/",
    ],
)  # fmt: skip
def test_link_that_leads_nowhere_is_named(href):
    assert asked(linking(href)) == [f"These links lead to no public page: “{href}”."]


@pytest.mark.parametrize(
    "href",
    ["mailto:desk@press.example", "https://elsewhere.example/en/nothing/", "//elsewhere.example/",
     "#p3", "?", ""],
)  # fmt: skip
def test_addresses_elsewhere_and_anchors_are_not_followed(href):
    assert asked(linking(href)) == []


def test_address_without_its_last_stroke_leads_there_too(everywhere):
    assert asked(linking(everywhere["topic"].get_absolute_url().rstrip("/"))) == []


def test_country_has_one_address(everywhere):
    assert asked(linking("/en/countries/kz/")) == []
    assert len(asked(linking("/en/countries/KZ/"))) == 1


def test_links_to_the_text_itself_and_its_own_quotes_and_people_raise_none():
    item = draft("en", slug="itself")
    quote = Quote.objects.create(statement=item, person=factories.person(), text_en="this")
    hrefs = ["/ru/statements/itself/", f"/en/quotes/{quote.pk}/#q",
             f"/kk/people/{quote.person.slug}/"]  # fmt: skip
    body = "".join(f'<p><a href="{href}">this</a></p>' for href in hrefs)
    Statement.objects.filter(pk=item.pk).update(body_en=body)
    assert asked(item) == []


def test_links_of_every_language_are_followed():
    item = draft("en", "ru", "kk", **{
        f"body_{code}": f'<p><a href="/{code}/none/">1</a></p>' for code in CODES})  # fmt: skip
    assert asked(item) == [
        "These links lead to no public page: “/en/none/”, “/ru/none/”, “/kk/none/”."
    ]


@pytest.mark.parametrize("stage", factories.STAGES)
def test_link_to_a_hidden_text_answers_as_one_to_nothing(stage):
    factories.statement(stage, slug="the-target")
    expected = [] if stage == "published" else [
        "These links lead to no public page: “/en/statements/the-target/”."]  # fmt: skip
    assert asked(linking("/en/statements/the-target/")) == expected


def embargoed(**fields):
    """A change of this one would be asked about."""
    return linking(
        "/en/statements/the-target/", status="approved", release_at=NOW, published_at=NOW, **fields
    )


@pytest.mark.parametrize(
    ("seconds", "limited", "count"), [(0, False, 0), (1, False, 1), (-60, False, 0), (-60, True, 1)]
)
def test_embargoed_text_may_link_to_what_is_out_no_later(seconds, limited, count):
    at = NOW + dt.timedelta(seconds=seconds)
    factories.statement("embargoed", slug="the-target", release_at=at, limited=limited)
    with visibility.at(NOW - dt.timedelta(hours=1)):
        assert len(asked(embargoed())) == count


@pytest.mark.parametrize(
    ("stage", "limited", "count"),
    [("draft", False, 0), ("in_review", False, 0), ("in_review", True, 1), ("withdrawn", False, 1)],
)
def test_members_of_one_bundle_may_link_to_each_other(stage, limited, count, staff):
    bundle = Bundle.objects.create(name="B", made_by=staff("Press officer"), made_at=NOW)
    factories.statement(stage, slug="the-target", bundle=bundle, limited=limited)
    assert len(asked(linking("/en/statements/the-target/", bundle=bundle))) == count
    assert len(asked(linking("/en/statements/the-target/"))) == 1


def test_announced_outcome_may_be_linked_to_by_its_announcement():
    happened = factories.event()
    item = draft("en", event=happened)
    outcome = factories.outcome(happened, announced_in=item)
    body = f'<p><a href="/en/outcomes/{outcome.pk}/">this</a></p>'
    Statement.objects.filter(pk=item.pk).update(body_en=body)
    assert asked(item) == []
    assert len(asked(linking(f"/en/outcomes/{outcome.pk}/"))) == 1


# --- Photos -------------------------------------------------------------------------------------


def test_missing_alternative_text_is_asked_about_in_each_ready_language():
    item = draft("en", "ru")
    Placement.objects.create(publication=item.publication, photo=_photo(alt_en="A field"), order=1)
    Placement.objects.create(publication=item.publication, photo=_photo(), order=2)
    assert asked(item) == [
        "English: no alternative text for photo 2.",
        "Русский: no alternative text for photo 1 “A field”, photo 2.",
    ]


def test_photos_with_alternative_text_in_the_ready_languages_raise_none():
    item = draft("en", "kk")
    Placement.objects.create(
        publication=item.publication, photo=_photo(alt_en="A field", alt_kk="Дала")
    )
    assert asked(item) == []


# --- Bounds -------------------------------------------------------------------------------------


def test_longest_texts_are_looked_at_whole():
    long = "<p>" + "</p><p>".join(f"Line {n} of 5 on 1 May 2001" for n in range(9_000)) + "</p>"
    item = draft("en", "ru", body_en=long, body_ru=long.replace("May", "мая"))
    old = factories.statement(body_en=long)
    first, second = asked(item)
    assert first.startswith("The text is nearly identical")
    assert second.endswith("Are they right: 1 May 2001?")
    assert old.body_en == item.body_en
