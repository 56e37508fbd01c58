"""A country is called what it was called officially on the day of the text that names it."""

import datetime as dt

import pytest

from events import dates, editions, indexing, publishing, visibility
from events.models import Country, Entry, OfficialName, Outcome, Participant
from events.publishing.lifecycle import print_names
from events.roles import FOUNDING_IMPORT

from . import factories

pytestmark = pytest.mark.django_db
RENAMED = dt.date(2018, 4, 19)


@pytest.fixture
def eswatini():
    """A country that was renamed by day."""
    row = Country(iso2="SZ")
    with publishing.saving(row, FOUNDING_IMPORT):
        row.save()
        OfficialName.objects.create(
            country=row, until=dt.date(2018, 4, 18), name_en="Swaziland", name_ru="Свазиленд",
            formal_en="Kingdom of Swaziland",
        )  # fmt: skip
        OfficialName.objects.create(
            country=row, since=RENAMED, name_en="Eswatini", name_ru="Эсватини", name_kk="Эсватини",
            formal_en="Kingdom of Eswatini",
        )  # fmt: skip
    return Country.objects.get()


def test_name_is_that_of_the_day(eswatini):
    day = dt.timedelta(days=1)
    days = (dt.date(1990, 1, 1), RENAMED - day, RENAMED)
    assert [eswatini.name_in("en", each) for each in days] == [
        "Swaziland", "Swaziland", "Eswatini",
    ]  # fmt: skip
    assert eswatini.name_in("ru", RENAMED - day) == "Свазиленд"
    # No official Kazakh name of that time: CLDR's.
    cldr = str(dates.locale("kk").territories["SZ"])
    assert eswatini.name_in("kk", RENAMED - day) == cldr
    assert eswatini.formal_in("en") == "Kingdom of Eswatini"


def test_name_of_today_is_that_of_the_moment_of_the_request(eswatini):
    with visibility.at(dt.datetime(2018, 4, 18, 12, tzinfo=dt.UTC)):
        assert eswatini.name == "Swaziland"
    with visibility.at(dt.datetime(2018, 4, 19, 12, tzinfo=dt.UTC)):
        assert eswatini.name == "Eswatini"


@pytest.mark.parametrize(
    ("precision", "last"), [("year", dt.date(2018, 12, 31)), ("month", dt.date(2018, 4, 30))]
)
def test_name_that_ends_in_a_month_or_a_year_lasts_to_its_end(precision, last):
    row = factories.country("SZ")
    OfficialName.objects.create(country=row, name_en="Swaziland", until=dt.date(2018, 4, 1),
                                until_precision=precision)  # fmt: skip
    row.save()
    assert row.name_in("en", last) == "Swaziland"
    assert row.name_in("en", last + dt.timedelta(days=1)) == "Eswatini"


def test_of_two_names_of_a_day_the_later_one_is_in_force():
    row = factories.country("SZ")
    for since, name in ((None, "Old"), (dt.date(2000, 1, 1), "New"), (dt.date(1990, 1, 1), "Mid")):
        OfficialName.objects.create(country=row, since=since, name_en=name)
    row.save()
    assert [row.name_in("en", dt.date(year, 1, 1)) for year in (1980, 1995, 2005)] == [
        "Old", "Mid", "New",
    ]  # fmt: skip


def _event(country, day):
    event = factories.event(slug=f"in-{day.year}", date=day, until=day, country=country,
                            host_country=country, title_en=f"In {day.year}")  # fmt: skip
    Participant.objects.create(event=event, country=country)
    outcome = Outcome.objects.create(event=event, outcome_kind="decision", text_en="Decided")
    outcome.countries.add(country)
    print_names(event)
    return factories.listed(event)


def test_texts_name_the_country_as_on_their_day_wherever_they_are_shown(eswatini, client):
    old, new = _event(eswatini, dt.date(2007, 10, 6)), _event(eswatini, dt.date(2020, 1, 1))
    outcome = old.outcomes.get()
    for event, name, other in ((old, "Swaziland", "Eswatini"), (new, "Eswatini", "Swaziland")):
        for address in (f"/en/events/{event.slug}/", f"/en/events/{event.slug}/event.ics"):
            page = client.get(address).content.decode()
            main = page.partition("<main")[2] or page
            assert (name in main, other in main) == (True, False), address
    assert "Swaziland" in client.get(f"/en/outcomes/{outcome.pk}/").content.decode()
    feed = client.get("/en/feeds/outcomes.json").json()["items"]
    entries = {each["url"]: each["content_html"] for each in feed}
    for each, name in ((old, "Swaziland"), (new, "Eswatini")):
        shown = entries[f"https://press.example/en/outcomes/{each.outcomes.get().pk}/"]
        assert name in shown
    assert set(Entry.objects.get(uid=old.pk, language="en").body.split()) >= {"swaziland"}


def test_page_and_filters_of_the_country_have_its_name_of_today_and_tell_the_former(
    eswatini, client
):
    _event(eswatini, dt.date(2007, 10, 6))
    page = client.get("/en/countries/sz/").content.decode()
    assert "<h1>Eswatini</h1>" in page
    told = ("Kingdom of Eswatini", "Kingdom of Swaziland", "since 19 April 2018",
            "until 18 April 2018")  # fmt: skip
    assert [text in page for text in told] == [True] * 4
    form = client.get("/en/events/?country=SZ").context["filter"].form
    assert str(dict(form.fields["country"].widget.choices)["sz"]).startswith("Eswatini")
    data = client.get("/en/countries/sz.json").json()
    assert [each["formal"] for each in data["official_names"]] == [
        {"en": "Kingdom of Eswatini"}, {"en": "Kingdom of Swaziland"},
    ]  # fmt: skip


def test_search_finds_the_country_by_its_former_and_its_full_names(eswatini, client):
    _event(eswatini, dt.date(2020, 1, 1))
    indexing.rebuild([eswatini])
    for words in ("Swaziland", "Kingdom of Eswatini"):
        page = client.get("/en/search/", {"q": words}).content.decode()
        assert 'href="/en/countries/sz/"' in page


def test_country_moves_in_lists_when_it_is_renamed(eswatini):
    before = eswatini.letters_en
    with publishing.saving(eswatini, FOUNDING_IMPORT) as held:
        name = held.names.get(since=RENAMED)
        name.name_en = "Aswatini"
        name.save()
    assert Country.objects.get().letters_en < before


def test_names_are_in_the_editions_of_their_country_and_come_back_from_them(eswatini):
    first = editions.of(eswatini).get()
    assert len(editions.content_of(first)["parts"]["names"]) == 2
    with publishing.saving(eswatini, FOUNDING_IMPORT) as held:
        held.names.all().delete()
    assert Country.objects.get().name == str(dates.locale("en").territories["SZ"])
    with publishing.saving(eswatini, FOUNDING_IMPORT) as held:
        editions.apply(held, editions.content_of(first))
    assert (held.names.count(), editions.check_chain(Country.objects.get())) == (2, [])
    assert Country.objects.get().called == eswatini.called


def test_writer_adds_a_name_to_an_unused_country_and_a_reader_of_the_desk_does_not(
    as_user, writer, staff
):
    row = factories.country("TR")
    empty = {"names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "0", "iso2": "TR", "aliases": "",
             "seen_version": "0", "names-0-name_en": "Türkiye", "names-0-since": "2022-06-02",
             "names-0-since_precision": "day", "names-0-until_precision": "day"}  # fmt: skip
    as_user(writer).post(f"/admin/events/country/{row.pk}/change/", empty)
    assert list(OfficialName.objects.values_list("name_en", "country__iso2")) == [("Türkiye", "TR")]
    assert Country.objects.get(iso2="TR").name_in("en", dt.date(2023, 1, 1)) == "Türkiye"
    reader = staff("Reader under embargo")
    assert reader.has_perm("events.add_officialname") is False


def test_name_that_names_nothing_is_refused(eswatini):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="Give a name in a language"):
        OfficialName(country=eswatini, since=RENAMED).full_clean()
