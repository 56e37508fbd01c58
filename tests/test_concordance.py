"""One language version against another, paragraph by paragraph: numbers, dates, names, count."""

import re

import pytest

from events import guards, publishing
from events.models import Change, Country, Organisation, Person, Statement

from . import acts
from .test_guards import NAMES, asked, draft

pytestmark = pytest.mark.django_db
BODIES = {
    "en": "<p>On 6 October 2007, 7 leaders met in Dushanbe.</p>"
    "<p>Asel Example thanked the CSTO.</p><p>Tajikistan was the host of 3 of them.</p>",
    "ru": "<p>6 октября 2007 года 7 лидеров встретились в Душанбе.</p>"
    "<p>Поблагодарила Организацию Договора о коллективной безопасности Асель Примерова.</p>"
    "<p>Принимал их, трёх, а точнее 3, Таджикистан.</p>",
    "kk": "<p>2007 жылғы 6 қазанда 7 басшы Душанбеде кездесті.</p>"
    "<p>Әсел Мысалова ҰҚШҰ-ға алғыс айтты.</p><p>Олардың 3-ін Тәжікстан қабылдады.</p>",
}


@pytest.fixture
def known():
    """Who and what the texts name."""
    Person.objects.create(slug="asel-example", name_en="Asel Example", name_ru="Асель Примерова",
                          name_kk="Әсел Мысалова")  # fmt: skip
    Organisation.objects.create(
        slug="csto", name_en="Collective Security Treaty Organization", abbreviation_en="CSTO",
        name_ru="Организация Договора о коллективной безопасности", abbreviation_ru="ОДКБ",
        name_kk="Ұжымдық қауіпсіздік туралы шарт ұйымы", abbreviation_kk="ҰҚШҰ",
    )  # fmt: skip
    for code in ("TJ", "KZ", "RU", "BY", "US"):
        Country.objects.create(iso2=code)


def versions(codes=("en", "ru", "kk"), **changed):
    bodies = {f"body_{code}": (BODIES | changed)[code] for code in codes}
    return draft(*codes, **bodies)


def replaced(code, old, new):
    assert old in BODIES[code]
    return versions(**{code: BODIES[code].replace(old, new)})


def test_versions_that_say_the_same_raise_none(known):
    assert asked(versions()) == []


def test_number_is_named_with_its_paragraph(known):
    assert asked(replaced("ru", "точнее 3", "точнее 4")) == [
        "Русский: the text has other numbers than English. Paragraph 3."
        " Only in Русский, or there more often: 4. Only in English, or there more often: 3."
    ]


def test_numbers_that_changed_places_are_noticed_in_both_paragraphs(known):
    text = BODIES["kk"].replace("7 басшы", "3 басшы").replace("Олардың 3-ін", "Олардың 7-ін")
    (sentence,) = asked(versions(kk=text))
    assert re.findall(r"Paragraph \d", sentence) == ["Paragraph 1", "Paragraph 3"]


def test_date_is_named_with_its_paragraph(known):
    (sentence,) = asked(replaced("kk", "6 қазанда", "7 қазанда"))
    assert sentence.startswith("Қазақша: the text has other dates than English. Paragraph 1. Only")


def test_many_differing_paragraphs_are_told_of_in_short():
    texts = {code: "".join(f"<p>{number + plus}</p>" for number in range(7))
             for code, plus in (("en", 10), ("ru", 30))}  # fmt: skip
    (sentence,) = asked(versions(("en", "ru"), **texts))
    assert re.findall(r"Paragraph (\d)", sentence) == ["1", "2", "3", "4", "5"]
    assert sentence.endswith("2 more paragraphs differ.")


def test_other_number_of_paragraphs_names_where_they_part(known):
    text = BODIES["ru"].replace("</p><p>Принимал", " Принимал")
    assert asked(versions(ru=text)) == [
        "Русский: the text has another number of paragraphs (2) than English (3)."
        " They part at paragraph 2."
    ]


# --- Names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "old", "new", "missing"),
    [
        ("ru", "Асель Примерова", "она", "Asel Example (paragraph 2)"),
        ("ru", "Организацию Договора о коллективной безопасности", "всех",
         "CSTO (paragraph 2)"),
        ("ru", "Таджикистан", "город", "Tajikistan (paragraph 3)"),
        ("kk", "Әсел Мысалова", "Ол", "Asel Example (paragraph 2)"),
        ("kk", "ҰҚШҰ-ға", "барлығына", "CSTO (paragraph 2)"),
        ("kk", "Тәжікстан", "Қала", "Tajikistan (paragraph 3)"),
    ],
)  # fmt: skip
def test_name_that_a_translation_lacks_is_asked_about(known, code, old, new, missing):
    assert asked(replaced(code, old, new)) == [
        f"{NAMES[code]}: the text names others than English. Only in English: {missing}."
    ]


def test_name_that_only_the_translation_has_is_asked_about(known):
    (sentence,) = asked(replaced("ru", "Душанбе.", "Душанбе с участием Казахстана."))
    assert sentence == (
        "Русский: the text names others than English. Only in Русский: Казахстан (paragraph 1)."
    )


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        # Cases, surnames alone, abbreviations, adjectives, other names of the same country.
        ("ru", "Асель Примерова", "Асели Примеровой"), ("ru", "Асель Примерова", "Примерова"),
        ("ru", "Организацию Договора о коллективной безопасности", "ОДКБ"),
        ("ru", "Организацию Договора о коллективной безопасности",
         "Организации Договора о коллективной безопасности"),
        ("ru", "Таджикистан", "Таджикистаном"), ("ru", "Таджикистан", "таджикский народ"),
        ("kk", "Әсел Мысалова", "Әсел Мысалованың"), ("kk", "Әсел Мысалова", "Мысаловаға"),
        ("kk", "ҰҚШҰ-ға", "Ұжымдық қауіпсіздік туралы шарт ұйымының басшыларына"),
        ("kk", "Тәжікстан", "Тәжікстанның елі"), ("kk", "Тәжікстан", "Тәжік елі"),
        ("en", "Tajikistan", "The Tajik side"), ("en", "CSTO",
         "Collective Security Treaty Organization"), ("en", "Asel Example", "Ms Example"),
    ],
)  # fmt: skip
def test_name_in_another_form_is_the_same_name(known, code, old, new):
    assert asked(replaced(code, old, new)) == []


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("The United States agreed.", "США согласились."),
        ("Russia agreed.", "РФ согласилась."), ("The Russian side agreed.", "Россия согласилась."),
        ("Belarus agreed.", "Белорусская сторона согласилась."),
        ("Kazakhstan agreed.", "Республика Казахстан согласилась."),
    ],
)  # fmt: skip
def test_other_names_of_a_country_are_its_names(known, english, russian):
    texts = {"en": f"<p>{english}</p>", "ru": f"<p>{russian}</p>"}
    assert asked(versions(("en", "ru"), **texts)) == []


def test_name_anywhere_in_the_other_text_is_there(known):
    text = BODIES["ru"].replace("Таджикистан", "город").replace("Душанбе.", "Таджикистане.")
    assert asked(versions(ru=text)) == []


def test_name_unknown_in_a_language_is_not_missed_there():
    Person.objects.create(slug="only-english", name_en="Only English")
    texts = {"en": "<p>Only English came.</p>", "ru": "<p>Никто не пришёл.</p>"}
    assert asked(versions(("en", "ru"), **texts)) == []


def test_common_words_are_not_taken_for_names():
    Person.objects.create(slug="world", name_en="Mir World", name_ru="Мир")
    Person.objects.create(slug="peace", name_en="Peace Good", name_ru="Мирный Добрый")
    texts = {"en": "<p>Talks went on.</p>", "ru": "<p>Прошёл мирный добрый разговор. Мир.</p>"}
    assert asked(versions(("en", "ru"), **texts)) == []


def test_text_of_many_names_is_read_in_passing(known):
    for number in range(300):
        Person.objects.create(slug=f"person-{number}", name_en=f"Alpha{number} Beta",
                              name_ru=f"Альфа{number} Бета")  # fmt: skip
    words = " ".join(f"Alpha{number} Beta" for number in range(300))
    texts = {"en": f"<p>{words}</p>", "ru": "<p>Никого.</p>"}
    (sentence,) = asked(versions(("en", "ru"), **texts))
    assert sentence.endswith("Alpha4 Beta (paragraph 1) and 295 more.")


# --- A translation that is added later ------------------------------------------------------------


def test_approver_of_a_translation_is_asked_the_same(known, writer, officer, clock):
    item = versions(("en",))
    with publishing.saving(item, writer):
        pass
    item = acts.released(Statement.objects.get(pk=item.pk), writer, officer)
    from events import editions

    content = editions.snapshot(item)
    text = BODIES["ru"].replace("точнее 3", "точнее 4").replace("Таджикистан", "город")
    content["fields"] |= {
        "ready_ru": True, "standing_ru": "courtesy", "title_ru": "Слова", "body_ru": text,
    }  # fmt: skip
    change = publishing.propose(item, content, writer, "translation", {})
    questions = publishing.questions(change)
    assert [re.sub("-[0-9a-f]+$", "", each.code) for each in questions] == [
        "numbers-ru", "names-ru",
    ]  # fmt: skip
    with pytest.raises(publishing.Refused):
        publishing.apply_change(change, officer)
    publishing.apply_change(change, officer, {each.code: "Checked." for each in questions})
    assert Change.objects.get().state == "applied"
    assert [each.code for each in guards.questions(Statement.objects.get(pk=item.pk))] == [
        each.code for each in questions
    ]
