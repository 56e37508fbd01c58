"""Search: the same answers on either database, in three languages, and none of a hidden text."""

import datetime as dt
import xml.etree.ElementTree as ET
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import indexing, publishing, search, visibility
from events.languages import CODES
from events.models import Country, Entry, Participant, Person, Statement, Word
from events.search import Filters, find, matching, parse, references
from events.search.finding import public

from . import acts, factories

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 3, 1, 9, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
SILENT = {f"{name}_{code}": "" for name in ("title", "summary", "body") for code in CODES}


def told(make, title, body="", language="en", **fields):
    """A released item in one language that holds these words and no others."""
    texts = SILENT | {f"title_{language}": title, f"body_{language}": f"<p>{body}</p>"}
    ready = {f"ready_{code}": code == language for code in CODES}
    bare = {"city_en": ""} if make is factories.event else {"place_en": ""}
    return make("published", **{"reference_number": None, **texts, **ready, **bare, **fields})


def page(client, query, reader="en", **params):
    extra = "".join(f"&{name}={value}" for name, value in params.items())
    answer = client.get(f"/{reader}/search/?q={quote(query)}{extra}")
    assert answer.status_code == 200
    return answer


def uids(query, language="en", filters=Filters(), after=""):  # noqa: B008
    return [entry.uid for entry in find(parse(query), filters, language, after).entries]


def soup(answer):
    return BeautifulSoup(answer.content, "html5lib")


def shown(answer, css):
    return [tag.get_text(" ", strip=True) for tag in soup(answer).select(css)]


# --- The table ------------------------------------------------------------------------------------


@pytest.fixture
def corpus():
    """Items by name, the latest first: e1, s4, s3, s2, s1; the quote and the outcome of e1."""
    days = iter(dt.date(2020, 1, day) for day in range(1, 29))
    made = {
        "s1": told(factories.statement, "Peacekeeping operations", date=next(days),
                   body="The countries agreed on borders. A café in Łódź, and Tajikistan’s view."),
        "s2": told(factories.statement, "Военные вопросы", language="ru", date=next(days),
                   body="Военный советник встретил посла. Ёлка в Душанбе. Военно-экономические "
                        "связи обсуждены."),
        "s3": told(factories.statement, "Ұжымдық қауіпсіздік кеңесінің отырысы", language="kk",
                   date=next(days), body="Қазақстанның өкілдері һәм ғалымдар келді. Үкімет."),
        "s4": told(factories.statement, "Peace and security", date=next(days),
                   body="The session on border countries ended. Nothing on keeping peace."),
        "e1": told(factories.event, "Сессия Совета", language="ru", date=next(days),
                   body="Мир, безопасность и границы.", country=factories.country("BY"),
                   ready_en=True, title_en="Session of the Council", standing_en="authentic"),
    }  # fmt: skip
    # Its printed name is the old one; the country itself is called otherwise.
    Participant.objects.create(event=made["e1"], country=Country.objects.get(), name_en="Belarus")
    Country.objects.update(aliases="Byelorussia\nWhite Russia")
    made["o1"] = factories.outcome(
        made["e1"], text_en="", text_ru="Создать координационные советы по миграции"
    )
    speech = told(factories.statement, "Речь", language="ru", date=next(days), ready_en=True,
                  title_en="A speech", standing_en="authentic")  # fmt: skip
    made["q1"] = factories.quote(
        speech, text_en="We must closely interact with the United Nations", text_ru="",
        name_en="José Müller", name_ru="Хосе Мюллер", office_en="Secretary", context_en="On peace",
        person=Person.objects.create(slug="jose-muller", name_en="José Müller"),
    )  # fmt: skip
    for row in (Country.objects.get(), Person.objects.get()):
        factories.listed(row)
    factories.listed(made["e1"])
    return made


TABLE = [
    # English: plurals and other forms, possessives, accents, capitals.
    ("country", "en", "s4 s1"), ("COUNTRIES", "en", "s4 s1"), ("border", "ru", "s4 s1"),
    ("agree", "en", "s1"), ("tajikistan", "en", "s1"), ("tajikistan's views", "en", "s1"),
    ("cafe lodz", "en", "s1"), ("CAFÉ", "en", "s1"), ("jose muller", "en", "q1"),
    # What holds all the words; small words are not looked for.
    ("border session", "en", "s4"), ("the session of a border", "en", "s4"),
    ("borders operations", "en", "s1"), ("border nowhere", "en", ""),
    # The title first, then a quotation, then anything else; then the date.
    ("peace", "en", "s4 s1 q1"), ("peace security", "en", "s4"), ("session", "en", "e1 s4"),
    ("nations interact", "en", "q1"),
    # The last word may go on; one before it may not.
    ("peaceke", "en", "s1"), ("peaceke operations", "en", ""), ("p", "en", ""),
    # Russian: cases, ё and е, hyphens.
    ("военного", "ru", "s2"), ("советника послу", "ru", "s2"), ("елка", "en", "s2"),
    ("ЁЛКИ", "ru", "s2"), ("военно-экономические связи", "ru", "s2"), ("границ", "ru", "e1"),
    ("советы", "ru", "e1 o1"), ("сессии совета", "ru", "e1"), ("миграция", "ru", "o1"),
    # Kazakh: any beginning, in Kazakh letters or in Russian ones.
    ("кеңес", "kk", "s3"), ("кенес", "ru", "s3"), ("казакстан уким", "kk", "s3"),
    ("ужым", "kk", "s3"), ("галым хам окил", "kk", "s3"), ("ҚАУІПСІЗДІК", "en", "s3"),
    ("каупсиздик", "kk", ""), ("казакстандык", "kk", ""),
    # Exact words, in their order, in one text.
    ('"peace and security"', "en", "s4"), ('"security and peace"', "en", ""),
    ('"border countries"', "en", "s4"), ('"border country"', "en", ""),
    ("“keeping peace”", "en", "s4"),
    ("«мир безопасность»", "ru", "e1"), ('"country"', "en", ""),
    ('"security the session"', "en", ""),
    ('"united nations" closely', "en", "q1"), ('"ұжымдық қауіпсіздік"', "ru", "s3"),
    # Without.
    ("peace -security", "en", "q1"), ("peace -keeping", "en", "q1"),
    ("-nations peace", "en", "s4 s1"), ("peace −nations", "en", "s4"),
    ('border -"the session"', "en", "s1"),
    ("border -country", "en", ""), ("совет -миграции", "ru", "e1"), ("кенес -уким", "kk", ""),
    # Names of a country in its texts.
    ("belarus", "en", "e1"), ("byelorussia", "en", ""),
]  # fmt: skip


def test_both_databases_give_these_answers_in_three_languages(corpus):
    names = {item.pk: name for name, item in corpus.items()}
    wrong = []
    for query, language, expected in TABLE:
        found = [names.get(uid, "?") for uid in uids(query, language)]
        if found != expected.split():
            wrong.append((query, language, found, expected))
    assert wrong == []


def test_what_a_country_or_person_is_called_leads_to_their_page(corpus, client):
    for query in ("byelorussia", "white russia", "Беларусь", "belar"):
        answer = page(client, query)
        assert shown(answer, ".names dt") == ["Countries"], query
        assert "Byelorussia" not in "".join(shown(answer, ".names, .hits"))
    assert shown(page(client, "Belarus"), ".names dd") == ["Belarus"]
    assert shown(page(client, "Беларусь", "kk"), ".names dd") == ["Беларусь"]
    assert shown(page(client, "muller"), ".names dd") == ["José Müller"]
    assert shown(page(client, "muller", kind="quote"), ".names dd") == []
    assert shown(page(client, "muller", "ru"), ".names dd[lang=en]") == ["José Müller"]


def test_person_is_found_by_the_office_held(client):
    named = factories.person(name_ru="Имя")
    named.offices.create(title_en="Ambassador to Nowhere", title_ru="Посол")
    factories.listed(named)
    factories.statement().people.add(named)
    assert shown(page(client, "ambassador"), ".names dd") == ["Plain person Ambassador to Nowhere"]
    assert shown(page(client, "посол", "ru"), ".names dd") == ["Имя Посол"]


def test_founding_text_is_found_in_three_languages_after_reindexing(client):
    names = ("reference", "dushanbe-2007", "other-events")
    call_command("loaddata", *(f"fixtures/{name}.json" for name in names), verbosity=0)
    assert uids("Dushanbe") == []
    call_command("reindex")
    event = "csto-collective-security-council-session-dushanbe-2007"
    for query, language in (
        ("“joint peacemaking activities”", "en"),
        ("сессий коллективной безопасности душанбе", "ru"),
        ("ұжымдық кауипсиздик душанбеде", "kk"), ("Byelorussia session", "en"),
    ):  # fmt: skip
        links = [a["href"] for a in soup(page(client, query, language))
                 .select(".hits h3 a")]  # fmt: skip
        assert f"/{language}/events/{event}/" in links, query
    assert shown(page(client, "Byelorussia"), ".names dd") == ["Belarus"]
    assert shown(page(client, "leify,t"), ".meant a") == ["душанбе"]


# --- Behind the gate ------------------------------------------------------------------------------


def test_public_entries_are_those_of_the_gate_at_any_moment():
    for stage in factories.STAGES:
        happened = factories.event(stage)
        for other in factories.STAGES:
            factories.outcome(happened, announced_in=factories.statement(other))
    for when in (factories.LONG_AGO - dt.timedelta(seconds=1), NOW, factories.FAR_AHEAD):
        with visibility.at(when):
            gated = set(Entry.objects.public().values_list("pk", flat=True))
            assert set(public().values_list("pk", flat=True)) == gated
            assert bool(gated) == (when > factories.LONG_AGO)


def test_item_is_found_from_its_second_on_with_no_reindexing(client, clock):
    clock(LATER - dt.timedelta(seconds=1))
    item = factories.whole("embargoed", "Zephyr", "KI")
    for each in (item["event"], item["statement"]):
        type(each).objects.filter(pk=each.pk).update(release_at=LATER)
    before = list(Entry.objects.order_by("pk").values())
    answer = page(client, "zephyr")
    assert shown(answer, ".hits h3, .names dd, .meant") == []
    clock(LATER)
    answer = page(client, "zephyr")
    kinds = ("event", "outcome", "quote", "statement")
    assert sorted(hit.entry.model for hit in answer.context["hits"]) == list(kinds)
    assert shown(page(client, "kiribati"), ".names dd") == ["Kiribati"]
    assert shown(page(client, "zephyrr"), ".meant a") == ["Zephyr"]
    assert list(Entry.objects.order_by("pk").values()) == before


def test_outcome_waits_for_the_statement_that_announces_it():
    outcome = factories.outcome(
        factories.event(), "Zephyr", announced_in=factories.statement("embargoed")
    )
    assert uids("zephyr outcome") == []
    with visibility.at(factories.FAR_AHEAD):
        assert uids("zephyr outcome") == [outcome.pk]


TWINS = ["openly title", '"openly title"', "open", "openly -summary", "Opnely", "Opemly title",
         "Kiribati", "Kirbati", "Щзутдн", "person", "hiddenword", "Hiddenwort", "p", "outcome name",
         "Беларусь", "openly&kind=quote", "title&year=2020&language=ru"]  # fmt: skip


def test_a_hundred_embargoed_items_change_no_byte_of_any_search(client):
    for _number in range(6):
        factories.whole("published", "Openly", "BY")
    factories.statement(title_en="Hiddenward")
    addresses = [f"/{('en', 'ru')[number % 2]}/search/?q={q}" for number, q in enumerate(TWINS)]
    before = {address: client.get(address).content for address in addresses}
    for number in range(25):
        # Nearer to what is looked for than anything public; and words that are public too.
        word = ("Hiddenword", "Opnely", "Openly", "Kirbati", "Opemly")[number % 5]
        factories.whole("embargoed", word, "KI")
    assert Word.objects.filter(word__in=["hiddenword", "opnely"]).count() == 2
    assert {address: client.get(address).content for address in addresses} == before
    with visibility.at(factories.FAR_AHEAD):
        assert find(parse("openly"), Filters(), "en").total > 24


def test_suggestion_is_of_public_words_even_where_a_hidden_one_is_nearer(client):
    factories.statement("embargoed", "Kryptonym")
    told(factories.statement, "Kryptonits")
    assert shown(page(client, "kryptonymm"), ".meant") == []
    assert shown(page(client, "kryptonixs"), ".meant a") == ["Kryptonits"]
    # A hidden word typed as it is suggests what any word so near would.
    assert shown(page(client, "kryptonit"), ".hits h3") == ["Kryptonits"]
    assert shown(page(client, "kryptonits", kind="event"), ".meant") == []


@pytest.mark.parametrize("stage", ["draft", "in_review", "withdrawn", "retracted"])
def test_what_is_not_approved_has_no_entry(stage):
    item = factories.whole(stage, "Zephyr", "KI")
    assert not Entry.objects.filter(publication__isnull=False).exists()
    assert references(parse("Zephyr"), "en") == []
    assert item["person"].pk in Entry.objects.values_list("uid", flat=True)


def test_language_that_is_not_ready_is_not_found():
    item = factories.statement(title_ru="Тайна", ready_ru=False, body_en="<p>Known</p>")
    factories.quote(item, text_en="Said", text_ru="Неготово", name_ru="Скрыто")
    for query in ("тайна", "неготово", "скрыто"):
        assert uids(query, "ru") == []
    assert uids("known", "ru") == [item.pk]


# --- Kept by the verbs ----------------------------------------------------------------------------


def test_every_act_of_an_item_leaves_search_right(statement, writer, officer, second, clock):
    clock(NOW)
    said = factories.quote(statement, text_en="Zephyr words")
    assert Entry.objects.filter(publication=statement.pk).count() == 0
    acts.approved(statement, writer, officer, LATER)
    assert uids("zephyr") == []
    clock(LATER)
    assert uids("zephyr") == [said.pk]
    acts.changed(Statement.objects.get(pk=statement.pk), writer, officer, body_en="<p>Sirocco</p>")
    assert uids("sirocco") == [statement.pk]
    assert uids('"the text"') == []
    publishing.withdraw(Statement.objects.get(pk=statement.pk), officer, {"en": "Old."})
    assert uids("sirocco") == uids("zephyr") == []
    publishing.ask_reinstatement(Statement.objects.get(pk=statement.pk), officer, "It stands.")
    publishing.reinstate(Statement.objects.get(pk=statement.pk), second)
    assert (uids("sirocco"), uids("zephyr")) == ([statement.pk], [said.pk])


def test_refreshing_touches_only_what_differs():
    item = factories.event()
    factories.outcome(item)
    before = dict(Entry.objects.values_list("pk", "language"))
    factories.listed(item)
    assert dict(Entry.objects.values_list("pk", "language")) == before
    type(item).objects.filter(pk=item.pk).update(summary_ru="Другое")
    factories.listed(item)
    after = dict(Entry.objects.values_list("pk", "language"))
    assert {before[pk] for pk in before.keys() - after.keys()} == {"ru"}
    assert {after[pk] for pk in after.keys() - before.keys()} == {"ru"}
    assert uids("другое") == [item.pk]


def test_reindexing_mends_entries_and_forgets_people_who_are_gone(client):
    item = factories.whole("published", "Zephyr", "BY")
    gone = factories.listed(factories.person("Sirocco"))
    Entry.objects.filter(publication=item["event"].pk).delete()
    Entry.objects.filter(publication=item["statement"].pk).update(title=" x ", body=" y ")
    right = uids("zephyr title")
    assert item["event"].pk not in right
    Person.objects.filter(pk=gone.pk).delete()
    call_command("reindex")
    assert set(uids('"zephyr title"')) == {item["event"].pk, item["statement"].pk}
    assert not Entry.objects.filter(uid=gone.pk).exists()
    assert indexing.unindexed().count() == 0


def test_text_of_more_words_than_an_index_takes_is_kept_and_found():
    item = told(factories.statement, "Zephyr")
    entry = Entry.objects.get(uid=item.pk)
    letters = "abcdefghij"
    many = ["".join(letters[int(d)] for d in f"{number:012}") for number in range(70_000)]
    matching.write({entry.pk: {"title": ["zephyr"], "quote": [], "body": many}})
    assert uids("zephyr") == uids(many[0]) == [item.pk]


# --- Results --------------------------------------------------------------------------------------


def test_results_page_by_key_in_order_of_place_and_date():
    items = []
    for number in range(45):
        day = dt.date(2020, 1, 1) + dt.timedelta(days=number % 7)
        if number % 3:
            items.append((0, day, told(factories.statement, "Zephyr", date=day).pk))
        else:
            items.append((2, day, told(factories.statement, "Other", "A zephyr", date=day).pk))
    seen, after = [], ""
    for _page in range(3):
        results = find(parse("zephyr"), Filters(), "en", after)
        seen += [(entry.place, entry.date, entry.uid) for entry in results.entries]
        assert results.total == 45
        after = results.next
    assert after == ""
    order = sorted(items, key=lambda item: (item[0], -item[1].toordinal(), -item[2].int))
    assert seen == order


def test_item_comes_once_in_the_reader_s_language_and_links_to_the_text_that_was_found(client):
    item = factories.statement(title_en="Zephyr", title_ru="Zephyr по-русски", summary_kk="Sirocco")
    for language, title in (("en", "Zephyr"), ("ru", "Zephyr по-русски")):
        answer = page(client, "zephyr", language)
        assert shown(answer, ".hits h3") == [title]
        link = soup(answer).select_one(".hits h3 a")
        assert (link["href"], link.get("lang")) == (f"/{language}/statements/{item.slug}/", None)
    link = soup(page(client, "sirocco")).select_one(".hits h3 a")
    assert (link["href"], link["lang"]) == (f"/kk/statements/{item.slug}/", "kk")
    chosen = page(client, "zephyr", "ru", language="en")
    assert shown(chosen, ".hits h3") == ["Zephyr"]


def test_place_of_an_item_does_not_depend_on_the_page():
    """Its title matches in another language, but this reader's text decides where it stands."""
    late = told(factories.statement, "Other", "zephyr", date=dt.date(2010, 1, 1), ready_ru=True,
                title_ru="Zephyr", standing_ru="authentic")  # fmt: skip
    others = [told(factories.statement, "Zephyr", date=dt.date(2011, 1, 1)) for _ in range(20)]
    first = find(parse("zephyr"), Filters(), "en")
    assert {entry.uid for entry in first.entries} == {other.pk for other in others}
    rest = find(parse("zephyr"), Filters(), "en", first.next)
    assert [(entry.uid, entry.language) for entry in rest.entries] == [(late.pk, "en")]


def test_filters_narrow_and_say_how_many_there_are_of_each(client):
    happened = told(factories.event, "Zephyr", date=dt.date(2019, 5, 1))
    factories.outcome(happened, text_en="Zephyr to come")
    said = told(factories.statement, "Zephyr", date=dt.date(2020, 5, 1), ready_ru=True,
                title_ru="Zephyr", standing_ru="authentic")  # fmt: skip
    factories.quote(said, text_en="zephyr", text_ru="zephyr")
    answer = page(client, "zephyr")
    assert shown(answer, ".kinds li") == [
        "All 4", "Events 1", "Statements 1", "Quotes 1", "Outcomes 1",
    ]  # fmt: skip
    assert shown(answer, "#year option") == ["All years", "2020", "2019"]
    assert shown(answer, ".total") == ["4 results"]
    chosen = page(client, "zephyr", year=2019, kind="event")
    assert shown(chosen, ".kinds li") == [
        "All 2", "Events 1", "Statements 0", "Quotes 0", "Outcomes 1",
    ]  # fmt: skip
    assert shown(chosen, ".total") == ["1 result"]
    assert shown(chosen, "[selected]") == ["2019"]
    assert shown(page(client, "zephyr", language="ru"), ".total") == ["2 results"]
    nothing = page(client, "zephyr", year=1999)
    assert shown(nothing, ".nothing") == ["Nothing was found for: zephyr"]
    assert 'href="?q=zephyr"' in nothing.content.decode()


def test_kinds_and_pages_keep_what_was_chosen(client):
    for _number in range(21):
        told(factories.statement, "Zephyr & more")
    answer = page(client, "zephyr & more", kind="statement", language="en")
    more = soup(answer).select_one("a[rel=next]")["href"]
    assert more.startswith("?q=zephyr+%26+more&kind=statement&language=en&after=0_2020-01-01_")
    further = client.get(f"/en/search/{more}")
    assert len(shown(further, ".hits h3")) == 1
    back = soup(further).select_one(".paging a")["href"]
    assert back == "?q=zephyr+%26+more&kind=statement&language=en"


def test_snippet_shows_markup_of_a_text_as_text(client):
    told(factories.statement, "A <b>title</b>", "x &lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;")
    body = page(client, "script").content.decode()
    assert "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp;amp;" in body
    assert "A &lt;b&gt;title&lt;/b&gt;" in body
    assert "<script>alert" not in body


def test_exact_words_stand_alone_in_their_quotation_marks(client):
    said = told(factories.statement, "A speech")
    words = "First line\nand <second>, " + "long words " * 60 + "zephyr"
    factories.quote(said, text_en=words, context_en="Context", office_en="Office")
    answer = page(client, "zephyr")
    (text,) = shown(answer, ".hits blockquote")
    assert text.startswith("“… ")
    assert text.endswith("zephyr ”")
    assert shown(answer, ".hits h3") == ["Plain name, Office · Context"]
    whole = shown(page(client, "context"), ".hits blockquote")[0]
    assert whole.startswith("“First line and <second>, long")


# --- The page -------------------------------------------------------------------------------------


def test_page_is_kept_by_no_cache_and_no_robot(client):
    for query in ("", "zephyr"):
        answer = page(client, query)
        assert answer["Cache-Control"] == "no-store"
        assert "ETag" not in answer
        assert '<meta name="robots" content="noindex">' in answer.content.decode()


TYPED = ['"', '""', "*", "AND", "NOT a OR", "%", "_", "a*b", "'; drop table", "\\", "a:b", "(a",
         "^a", "-", "-a", '-"', "中国", "हिन्दी", "\u0000\u0007", "\u202eabc", "🕊️", "½",
         "a" * 10_000, "ab " * 3_000, "-x " * 500, '"a b" ' * 500, "ß" * 200, "\ufdfa" * 150,
         "%ED%A0%80"]  # fmt: skip


@pytest.mark.parametrize("language", CODES)
def test_whatever_is_typed_gives_a_page(client, language):
    factories.statement()
    for typed in TYPED:
        answer = page(client, typed, language)
        assert len(soup(answer).select_one("#q")["value"]) <= 200, typed[:20]


def test_query_that_looks_for_nothing_says_so(client):
    factories.statement()
    for typed in ("-plain", "***", '-"plain title"'):
        answer = page(client, typed)
        assert "write at least one word without a minus" in answer.content.decode(), typed
        assert shown(answer, ".hits h3") == []
    assert shown(page(client, ""), ".nothing") == []
    assert len(shown(page(client, ""), ".help li")) == 4


def test_unknown_words_in_an_address_are_refused(client):
    for query in ("x=1", "kind=photo", "year=20", "year=abcd", "year=२०२०", "language=de"):
        for language in CODES:
            answer = client.get(f"/{language}/search/?q=a&{query}")
            assert (answer.status_code, answer["Cache-Control"]) == (400, "no-store"), query


def test_cursor_of_another_list_is_not_found(client):
    factories.statement()
    uid = "00000000-0000-0000-0000-000000000000"
    for cursor in (f"2020-01-01_{uid}", f"2020-01-01T00:00:00Z_{uid}", f"3_2020-01-01_{uid}",
                   f"0_2020-13-01_{uid}", "0_2020-01-01_------------------------------------",
                   "x", f"0_2020-01-01_{uid}x"):  # fmt: skip
        for query in ("plain", ""):
            assert client.get(f"/en/search/?q={query}&after={cursor}").status_code == 404, cursor
    answer = client.get(f"/en/search/?q=plain&after=2_1900-01-01_{uid}")
    assert (answer.status_code, shown(answer, ".hits h3")) == (200, [])


@pytest.mark.parametrize("number", [1, 12])
def test_search_costs_at_most_four_queries(client, django_assert_num_queries, number):
    for _number in range(number):
        factories.whole("published", "Zephyr", "BY")
    for query, queries in (
        ("zephyr", 3), ("zephyr&kind=quote", 2), ("zephir", 4), ("zephyr&year=1999", 3), ("zz", 3),
        ("", 0), ("-zephyr", 0),
    ):  # fmt: skip
        with django_assert_num_queries(queries):
            client.get(f"/en/search/?q={query}")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.sampled_from(CODES))
def test_no_text_breaks_either_database(db, typed, language):
    query = parse(typed)
    if query:
        found = find(query, Filters(), language)
        assert (found.entries, found.total) == ([], 0)
        assert references(query, language) == []
        assert search.suggest(query, Filters(year=2007, language="ru")) == ""


def test_suggestion_keeps_the_filters_the_rest_of_the_query_and_the_printed_letters(client):
    told(factories.statement, "Военный СОВЕТ в Душанбе", language="ru", date=dt.date(2007, 1, 1))
    answer = page(client, 'ваенный "совет" -зефир', "ru", year=2007)
    (link,) = soup(answer).select(".meant a")
    assert link.get_text() == 'Военный "совет" -зефир'
    meant = client.get(f"/ru/search/{link['href']}")
    assert shown(meant, ".hits h3") == ["Военный СОВЕТ в Душанбе"]
    assert shown(page(client, 'ваенный "совет" -зефир', "ru", year=2008), ".meant") == []
    assert shown(page(client, "ваенный -душанбе", "ru"), ".meant") == []
    assert shown(page(client, "djtyysq cjdtn", "ru"), ".meant a") == ["военный совет"]


def test_suggestion_finds_something_even_where_a_nearer_word_stands_beside_what_is_found(client):
    outcome = factories.outcome(told(factories.event, "Zephia"), text_en="Sirocco zephiro")
    assert shown(page(client, "zephir sirocco"), ".meant a") == ["zephiro sirocco"]
    assert uids("zephiro sirocco") == [outcome.pk]
    assert uids("zephia sirocco") == []


def test_opensearch_describes_the_search_in_each_language(client):
    answer = client.get("/opensearch.xml")
    assert answer["Content-Type"] == "application/opensearchdescription+xml"
    root = ET.fromstring(answer.content)
    ns = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    urls = {(u.get("rel"), u.get("template")) for u in root.findall("o:Url", ns)}
    site = "https://press.example"
    assert urls == {("self", f"{site}/opensearch.xml")} | {
        ("results", f"{site}/{code}/search/?q={{searchTerms}}") for code in CODES
    }
    assert root.findtext("o:ShortName", namespaces=ns) == "Press Office"
    assert 'href="/opensearch.xml"' in page(client, "").content.decode()
