"""Names stand in the order of their reader's alphabet, on every database and wherever they are
listed."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from events import alphabet, indexing, publishing
from events.models import Country, Organisation, Person, Topic
from events.roles import FOUNDING_IMPORT

from . import factories

CYRILLIC = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
NAMES = ["Яна", "Ұлан", "Әли", "Ёлкин", "Ерлан", "Қанат", "Кирилл", "Ольга", "Өмір", "Азат",
         "Ыбырай", "Ілияс", "Іңкәр", "Ирина", "Һаким", "Хамит", "Цой", "Ғалым", "Гүлнар", "Үміт",
         "Нұр", "Ңа", "Éric", "Zoe", "Frank"]  # fmt: skip
IN_KAZAKH = ["Азат", "Әли", "Гүлнар", "Ғалым", "Ерлан", "Ёлкин", "Ирина", "Кирилл", "Қанат", "Нұр",
             "Ңа", "Ольга", "Өмір", "Ұлан", "Үміт", "Хамит", "Һаким", "Цой", "Ыбырай", "Ілияс",
             "Іңкәр", "Яна", "Éric", "Frank", "Zoe"]  # fmt: skip
# Ё is no letter of its own in a Russian list.
IN_RUSSIAN = ["Азат", "Әли", "Гүлнар", "Ғалым", "Ёлкин", "Ерлан", *IN_KAZAKH[6:]]
IN_ENGLISH = ["Éric", "Frank", "Zoe", *IN_KAZAKH[:-3]]


@pytest.mark.parametrize(
    ("language", "order"), [("kk", IN_KAZAKH), ("ru", IN_RUSSIAN), ("en", IN_ENGLISH)]
)
def test_names_are_in_the_order_of_each_alphabet(language, order):
    assert sorted(NAMES, key=lambda name: alphabet.key(name, language)) == order


def test_every_letter_of_the_kazakh_alphabet_follows_the_one_before():
    keys = [alphabet.key(letter, "kk") for letter in CYRILLIC]
    assert keys == sorted(keys)
    assert len(set(keys)) == 42


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "Li, Wei", "Lin, An"),  # a shorter name first, whatever stands after the comma
        ("en", "Muller, Zoe", "Müller, Zoe"),  # marks count only where all letters are the same
        ("en", "Müller, Ann", "Muller, Zoe"),
        ("ru", "Елкин, Я.", "Ёлкин, Я."),
        ("ru", "Ёлкин, А.", "Елкин, Я."),
        ("kk", "Ерлан", "Ёлкин"),
        ("en", "Saint Lucia", "Saint-Lucien"),
        ("kk", "2-топ", "Азат"),
        ("ru", "Иванов", "Йоханссон"),
        ("ru", "Яшин", "Zidane"),
        ("en", "Zidane", "漢"),
        ("kk-latn", "Gül", "Ğalym"),
        ("kk-latn", "Isaev", "İlııas"),
    ],
)
def test_first_stands_before_second(language, first, second):
    assert alphabet.key(first, language) < alphabet.key(second, language)


@given(st.text(max_size=300), st.sampled_from(["en", "ru", "kk", "kk-latn", "de"]))
def test_keys_are_digits_and_fit_their_column(text, language):
    found = alphabet.key(text, language)
    assert set(found) <= set("0123456789")
    assert len(found) <= alphabet.LONGEST


@pytest.mark.parametrize(
    ("name", "language", "letter"),
    [("Ёлкин", "ru", "Е"), ("Ёлкин", "kk", "Ё"), ("ілияс", "kk", "І"), ("ғалым", "kk", "Ғ"),
     ("Éric", "en", "E"), ("«Ұлы дала»", "kk", "Ұ"), ("2007", "en", "#"), ("", "en", "#"),
     ("İlııas", "kk-latn", "İ"), ("Isaev", "kk-latn", "I")],
)  # fmt: skip
def test_name_stands_under_the_letter_of_its_alphabet(name, language, letter):
    assert alphabet.initial(name, language) == letter


# --- In the database ------------------------------------------------------------------------------


def _topics(names):
    for number, name in enumerate(names):
        Topic.objects.create(slug=f"topic-{number}", name_kk=name)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "order"), [("kk", IN_KAZAKH), ("ru", IN_RUSSIAN)])
def test_database_sorts_as_the_alphabet_does(language, order):
    _topics(NAMES)
    found = Topic.objects.order_by(f"letters_{language}").values_list("name_kk", flat=True)
    assert list(found) == order


@pytest.mark.django_db
def test_database_finds_the_order_in_an_index():
    with connection.cursor() as cursor:
        names = connection.introspection.get_constraints(cursor, "events_person")
    assert [names[f"person_in_{code}"]["columns"] for code in ("en", "ru", "kk")] == [
        ["letters_en"], ["letters_ru"], ["letters_kk"],
    ]  # fmt: skip


@pytest.mark.django_db
def test_person_stands_by_the_family_name_of_the_language_of_the_list():
    row = Person.objects.create(
        slug="somebody", name_en="Abai Yesenov", sort_en="Yesenov, Abai", name_kk="Абай Есенов"
    )
    assert row.letters_en == alphabet.key("Yesenov, Abai", "en")
    # A Kazakh name, though not turned round, before a turned one in Latin letters.
    assert row.letters_kk == alphabet.key("Абай Есенов", "kk")
    # No Russian name: what a reader of Russian is shown instead.
    assert row.letters_ru == alphabet.key("Yesenov, Abai", "ru")


@pytest.mark.django_db
def test_verb_that_renames_a_row_moves_it():
    row = Topic(slug="moved", name_en="Zebra")
    with publishing.saving(row, FOUNDING_IMPORT):
        row.save()
    with publishing.saving(row, FOUNDING_IMPORT) as held:
        held.name_en = "Antelope"
        held.save()
    assert Topic.objects.get().letters_en == alphabet.key("Antelope", "en")


@pytest.mark.django_db
def test_reindex_restores_places_that_were_lost_and_touches_nothing_else():
    row = factories.person()
    before = Person.objects.filter(pk=row.pk).values().get()
    Person.objects.update(letters_en="", letters_kk="99")
    indexing.rebuild([row])
    assert Person.objects.filter(pk=row.pk).values().get() == before


# --- Where names are listed -----------------------------------------------------------------------


@pytest.mark.django_db
def test_public_list_is_in_the_order_of_its_language(client):
    event = factories.event()
    names = [("Ұлан", "Улан"), ("Әли", "Яли"), ("Қанат", "Канат"), ("Елена", "Елена"),
             ("Ёлкин", "Ёлкин"), ("Зоя", "Зоя")]  # fmt: skip
    for number, (kk, ru) in enumerate(names):
        row = Organisation.objects.create(slug=f"body-{number}", name_kk=kk, name_ru=ru)
        event.organisations.add(row)
    factories.listed(event)
    found = {
        code: [row.listed_as(code)
               for letter in client.get(f"/{code}/organisations/").context["letters"]
               for row in letter.rows if row.slug.startswith("body-")]
        for code in ("kk", "ru")
    }  # fmt: skip
    assert found == {
        "kk": ["Әли", "Елена", "Ёлкин", "Зоя", "Қанат", "Ұлан"],
        "ru": ["Елена", "Ёлкин", "Зоя", "Канат", "Улан", "Яли"],
    }


@pytest.mark.django_db
def test_countries_are_in_the_order_of_the_names_in_each_language(client):
    event = factories.event()
    for iso2 in ("UZ", "AM", "KZ", "TJ", "KG", "BY", "RU"):
        event.countries.add(factories.country(iso2))
    factories.listed(event)
    rows = client.get("/kk/countries/").context["letters"][0].rows
    with_ours = [row.iso2 for row in rows if row.iso2 in "UZ AM KZ TJ KG BY RU".split()]
    # Армения, Беларусь, Қазақстан, Қырғызстан, Өзбекстан, Ресей, Тәжікстан
    assert with_ours == ["AM", "BY", "KZ", "KG", "UZ", "RU", "TJ"]


@pytest.mark.django_db
def test_choices_of_a_filter_are_in_the_order_of_the_alphabet(client):
    for number, name in enumerate(["Ұлан", "Әли", "Қанат", "Кирилл", "Ыдырыс"]):
        factories.listed(_about(Topic.objects.create(slug=f"topic-{number}", name_kk=name)))
    form = client.get("/kk/events/").context["filter"].form
    names = [str(name) for value, name in form.fields["topic"].widget.choices if value]
    own = [name for name in names if "topic" not in name]
    assert own == ["Әли (1)", "Кирилл (1)", "Қанат (1)", "Ұлан (1)", "Ыдырыс (1)"]


def _about(topic):
    event = factories.event(slug=f"about-{topic.slug}")
    event.topics.add(topic)
    return event


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "order"),
    [("kk", ["Ерлан", "Ёлкин", "Қанат", "Ұлан"]), ("ru", ["Ёлкин", "Ерлан", "Қанат", "Ұлан"])],
)
def test_staff_list_and_choices_are_in_the_order_of_their_language(
    as_user, writer, language, order
):
    _topics(["Ұлан", "Ерлан", "Қанат", "Ёлкин"])
    client = as_user(writer)
    client.cookies["language-admin"] = language
    listed = client.get("/admin/events/topic/").context["cl"].result_list
    assert [row.name_kk for row in listed] == order
    backwards = client.get("/admin/events/topic/?o=-0").context["cl"].result_list
    assert [row.name_kk for row in backwards] == order[::-1]
    asked = {"term": "", "app_label": "events", "model_name": "event", "field_name": "topics"}
    found = client.get("/admin/autocomplete/", asked).json()["results"]
    assert [each["text"] for each in found] == order


@pytest.mark.django_db
def test_country_that_was_stored_before_is_listed_by_its_name_of_today():
    row = Country.objects.create(iso2="KZ")
    assert row.letters_kk == alphabet.key("Қазақстан", "kk")
