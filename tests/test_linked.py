"""Linked data: every page tells programs what it is about, whatever texts it holds, and nothing
that readers may not have."""

import datetime as dt
import json

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import markup, publishing
from events.languages import CODES
from events.models import Event, Notice, Outcome, Participant, Progress, Quote, Speaker, Statement
from events.public import graph

from . import acts, factories

pytestmark = pytest.mark.django_db

SITE = "https://press.example"
NOW = dt.datetime(2026, 10, 6, 5, 0, tzinfo=dt.UTC)
HOSTILE = "</script><script>alert(1)</script><!-- ]]> & \u2028 \u202e \U0001f600 \"'"
# What search engines ask for, and what schema.org says that these kinds of things have.
REQUIRED = {
    "NewsArticle": {"headline", "datePublished", "dateModified", "inLanguage", "author",
                    "publisher", "url", "identifier", "mainEntityOfPage", "name"},
    "Event": {"name", "startDate", "eventStatus", "url", "identifier", "location",
              "eventAttendanceMode"},
    "Quotation": {"text", "inLanguage", "creator", "isPartOf", "isBasedOn", "url", "identifier"},
    "CreativeWork": {"text", "inLanguage", "creativeWorkStatus", "publisher", "url", "identifier"},
    "Person": {"name", "url"},
    "Organization": {"name", "url"},
    "Country": {"name", "url", "identifier"},
    "Thing": {"name", "url"},
    "EventSeries": {"name", "url"},
    "WebSite": {"name", "url", "potentialAction", "publisher"},
    "WebPage": {"name", "url", "publisher"},
    "CollectionPage": {"name", "url", "publisher", "description"},
    "ProfilePage": {"mainEntity", "name"},
    "BreadcrumbList": {"itemListElement"},
}  # fmt: skip
PAGES = {  # the page, what it is about, and what else it holds
    "": ["WebSite"],
    "events/": ["CollectionPage", "BreadcrumbList"],
    "events/2020/": ["CollectionPage", "BreadcrumbList"],
    "statements/": ["CollectionPage", "BreadcrumbList"],
    "quotes/": ["CollectionPage", "BreadcrumbList"],
    "outcomes/": ["CollectionPage", "BreadcrumbList"],
    "people/": ["CollectionPage", "BreadcrumbList"],
    "organisations/": ["CollectionPage", "BreadcrumbList"],
    "countries/": ["CollectionPage", "BreadcrumbList"],
    "topics/": ["CollectionPage", "BreadcrumbList"],
    "series/": ["CollectionPage", "BreadcrumbList"],
    "feeds/": ["WebPage", "BreadcrumbList"],
    "contacts/": ["WebPage", "BreadcrumbList"],
    "search/?q=x": ["BreadcrumbList"],
    "events/{event.slug}/": ["Event", "WebPage", "BreadcrumbList"],
    "events/{event.slug}/history/": ["BreadcrumbList"],
    "statements/{statement.slug}/": ["NewsArticle", "BreadcrumbList"],
    "quotes/{quote.pk}/": ["Quotation", "BreadcrumbList"],
    "outcomes/{outcome.pk}/": ["CreativeWork", "BreadcrumbList"],
    "people/{person.slug}/": ["Person", "ProfilePage", "BreadcrumbList"],
    "organisations/{organisation.slug}/": ["Organization", "CollectionPage", "BreadcrumbList"],
    "countries/kz/": ["Country", "CollectionPage", "BreadcrumbList"],
    "topics/{topic.slug}/": ["Thing", "CollectionPage", "BreadcrumbList"],
    "series/{series.slug}/": ["EventSeries", "CollectionPage", "BreadcrumbList"],
}


def blocks(answer):
    page = BeautifulSoup(answer.content, "html.parser")
    return [json.loads(each.string) for each in page.select('script[type="application/ld+json"]')]


def told(client, path, status=200):
    """The nodes of the one document of a page."""
    answer = client.get(path)
    assert answer.status_code == status, path
    (document,) = blocks(answer)
    assert document.keys() == {"@context", "@graph"}
    assert document["@context"] == "https://schema.org"
    return document["@graph"]


def kind(node):
    return node["@type"] if isinstance(node["@type"], str) else node["@type"][0]


def of(client, item, status=200):
    """What the page of an item is about."""
    return told(client, item.get_absolute_url(), status)[0]


def every(value):
    """Each string in the data, and each object."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from every(each)
    elif isinstance(value, list):
        for each in value:
            yield from every(each)


# --- Every page -----------------------------------------------------------------------------------


def test_every_kind_of_page_tells_what_it_is_with_all_that_is_required(client):
    rows = factories.whole("published", "Plain", "KZ")
    for code in CODES:
        for path, kinds in PAGES.items():
            nodes = told(client, f"/{code}/{path.format(**rows)}")
            assert [kind(each) for each in nodes] == kinds, path
            for each in nodes:
                assert REQUIRED[kind(each)] - each.keys() == set(), (path, each)
            for each in every(nodes):
                assert not {None, ""} & {value for value in each.values() if not value}, each
                for name in ("url", "@id", "item"):
                    assert each.get(name, SITE).startswith(SITE), each


def test_breadcrumbs_are_those_of_the_page_and_end_with_it(client):
    rows = factories.whole("published", "Plain", "KZ")
    answer = client.get(rows["event"].get_absolute_url() + "history/")
    crumbs = blocks(answer)[0]["@graph"][-1]["itemListElement"]
    shown = BeautifulSoup(answer.content, "html.parser").select(".crumbs a")
    assert [each["position"] for each in crumbs] == [1, 2, 3, 4]
    assert [(each["name"], each["item"]) for each in crumbs[:-1]] == [
        (each.get_text(), SITE + each["href"]) for each in shown
    ]
    assert crumbs[-1]["name"] == "Editions: Plain title en"
    assert "item" not in crumbs[-1]


def test_description_is_of_the_page_and_never_of_whom_it_is_about(client):
    rows = factories.whole("published", "Plain", "KZ")
    for name in ("person", "organisation", "country", "topic", "series"):
        about, page, _crumbs = told(client, rows[name].get_absolute_url())
        assert ("description" in about, "description" in page) == (False, True)


def test_front_page_tells_how_the_site_is_searched(client):
    action = told(client, "/ru/")[0]["potentialAction"]
    assert action == {
        "@type": "SearchAction", "query-input": "required name=search_term_string",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": f"{SITE}/ru/search/?q={{search_term_string}}",
        },
    }  # fmt: skip


@pytest.mark.parametrize("address", ["/en/nothing/", "/en/?unknown=1"])
def test_where_there_is_nothing_nothing_is_described(client, address):
    assert blocks(client.get(address)) == []


def test_it_costs_no_query(client, monkeypatch):
    rows = factories.whole("published", "Plain", "KZ")
    paths = [f"/en/{path.format(**rows)}" for path in PAGES]

    def counted():
        with CaptureQueriesContext(connection) as queries:
            for path in paths:
                client.get(path)
        return len(queries)

    with_data = counted()
    monkeypatch.setattr("events.public.linked.Linked.document", lambda *_args: None)
    assert (with_data, blocks(client.get("/en/"))) == (counted(), [])


# --- Texts ----------------------------------------------------------------------------------------


def test_hostile_texts_stay_inside_the_data(client):
    item = factories.event(**{f"{name}_en": HOSTILE for name in ("title", "summary", "city")})
    said = factories.statement(event=item, title_en=HOSTILE)
    quote = factories.quote(said, text_en=HOSTILE, name_en=HOSTILE, office_en=HOSTILE)
    line = HOSTILE.replace("\u2028", " ")  # what is a line by its field holds no other
    assert of(client, item)["name"] == of(client, said)["name"] == line
    assert of(client, quote)["text"] == HOSTILE
    assert of(client, quote)["creator"]["jobTitle"] == line
    for each in (item, said, quote):
        page = client.get(each.get_absolute_url()).content.decode()
        block = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
        assert json.loads(block)
        assert [sign for sign in "<>&\u2028\u2029" if sign in block] == []
        assert "alert(1)</script>" not in page


def test_data_block_gives_back_what_was_put_in():
    data = {"text": HOSTILE + "\u2029\x00\n"}
    block = markup.data_block(data)
    inside = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert json.loads(inside) == data


def test_statement_is_an_article_by_whoever_said_it_with_the_office_of_that_day(client):
    rows = factories.whole("published", "Plain", "KZ")
    Speaker.objects.update(office_en="Minister then")
    item = rows["statement"]
    article = of(client, item)
    address = f"{SITE}/en/statements/{item.slug}/"
    event = f"{SITE}/en/events/{rows['event'].slug}/"
    assert article["author"] == [{
        "@type": "Person", "name": "Plain speaker", "jobTitle": "Minister then",
        "url": f"{SITE}/en/people/{rows['person'].slug}/",
    }]  # fmt: skip
    assert article["identifier"] == f"urn:uuid:{item.pk}"
    assert article["datePublished"] == article["dateModified"] == "2020-01-01T09:00:00Z"
    assert article["mainEntityOfPage"] == {"@type": "WebPage", "@id": address}
    assert article["publisher"]["name"] == "Press Office"
    assert article["recordedAt"] == {
        "@type": "Event", "@id": f"{event}#it", "name": "Plain title en", "url": event,
    }  # fmt: skip
    assert article["hasPart"] == [
        {"@type": "Quotation", "@id": f"{SITE}/en/quotes/{rows['quote'].pk}/#it"}
    ]
    assert (article["description"], article["keywords"]) == ("Plain summary en", ["Plain topic"])


def test_archive_material_is_dated_by_the_day_it_first_came_out(client):
    item = factories.statement(
        released_before=True, first_released_on=dt.date(2007, 10, 6), corrected_at=NOW
    )
    article = of(client, item)
    assert article["datePublished"] == "2007-10-06"
    assert article["dateModified"] == "2026-10-06T05:00:00Z"


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Short", "Short"),
        ("a" * 110, "a" * 110),
        ("a" * 111, "a" * 109 + "…"),
        ("word, " * 30, ("word, " * 18).strip(", ") + "…"),
    ],
)
def test_headline_is_cut_between_words(title, headline):
    assert graph.headline(title) == headline
    assert len(graph.headline(title)) <= graph.HEADLINE


def test_text_in_another_language_says_so_and_gives_its_real_address(client):
    item = factories.statement(ready_en=False, ready_kk=False)
    article = told(client, f"/en/statements/{item.slug}/")[0]
    assert article["inLanguage"] == "ru"
    assert article["url"] == f"{SITE}/ru/statements/{item.slug}/"


TIMES = {"starts_at": NOW, "time_zone": "Asia/Dushanbe"}


@pytest.mark.parametrize(
    ("fields", "start", "end"),
    [
        (TIMES, "2026-10-06T10:00:00+05:00", None),
        (TIMES | {"ends_at": NOW + dt.timedelta(hours=2)}, "2026-10-06T10:00:00+05:00",
         "2026-10-06T12:00:00+05:00"),
        ({}, "2020-01-01", None),
        ({"ends_on": dt.date(2020, 1, 3)}, "2020-01-01", "2020-01-03"),
        ({"date_precision": "month"}, "2020-01", None),
        ({"date_precision": "year"}, "2020", None),
    ],
)  # fmt: skip
def test_event_starts_and_ends_as_exactly_as_is_known(client, fields, start, end):
    about = of(client, factories.event(**fields))
    assert (about["startDate"], about.get("endDate")) == (start, end)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("scheduled", "EventScheduled"), ("held", "EventScheduled"),
        ("postponed", "EventPostponed"), ("cancelled", "EventCancelled"),
    ],
)  # fmt: skip
def test_event_status_is_that_of_the_plan(client, state, status):
    item = factories.event(state=state)
    if state in ("postponed", "cancelled"):
        Notice.objects.create(event=item, notice_kind=state, issued_at=NOW, text_en="Later.")
    assert of(client, item)["eventStatus"] == f"https://schema.org/{status}"


def test_event_takes_place_where_the_page_says_with_those_who_take_part(client):
    land = factories.country("TJ")
    body = factories.organisation("Plain")
    series = factories.series("Plain")
    item = factories.event(
        venue_en="Palace", city_en="Dushanbe", country=land, host_country=land,
        host_organisation=body, series=series,
    )  # fmt: skip
    Participant.objects.create(event=item, country=factories.country("AM"), order=1)
    Participant.objects.create(
        event=item, person=factories.person("Guest"), capacity_en="Observer", order=2
    )
    about = of(client, item)
    assert about["location"] == {
        "@type": "Place", "name": "Palace",
        "address": {"@type": "PostalAddress", "addressLocality": "Dushanbe",
                    "addressCountry": "TJ"},
    }  # fmt: skip
    assert [each["name"] for each in about["organizer"]] == ["Tajikistan", "Plain body"]
    assert [(kind(each), each["name"], each.get("jobTitle")) for each in about["attendee"]] == [
        ("Country", "Armenia", None), ("Person", "Guest person", "Observer"),
    ]  # fmt: skip
    assert about["superEvent"]["url"] == f"{SITE}/en/series/{series.slug}/"


def test_where_no_place_is_known_none_is_told(client):
    about = of(client, factories.event(city_en=""))
    assert about.keys() & {"location", "eventAttendanceMode"} == set()


def test_quote_is_of_its_speaker_and_says_which_language_and_whose_translation(client):
    said = factories.statement()
    quote = factories.quote(
        said, text_en="", text_ru="Слова", is_translation_ru=True, office_en="Minister then"
    )
    node = of(client, quote)
    assert (node["text"], node["inLanguage"]) == ("Слова", "ru")
    assert node["creator"]["jobTitle"] == "Minister then"
    assert node["translator"]["name"] == "Press Office"
    assert node["isPartOf"]["url"] == f"{SITE}/en/statements/{said.slug}/"
    assert "recordedAt" not in node


def test_outcome_is_a_work_with_its_state_about_whoever_is_to_do_it(client):
    item = factories.event()
    outcome = factories.outcome(item, state="in_progress")
    outcome.countries.add(factories.country("KZ"))
    proof, hidden = factories.statement(), factories.statement("embargoed", "Hidden")
    for each in (proof, hidden):
        Progress.objects.create(outcome=outcome, date=dt.date(2020, 2, 1), state="in_progress",
                                cites=each.publication)  # fmt: skip
    node = of(client, Outcome.objects.get())
    assert (node["creativeWorkStatus"], node["text"]) == ("in_progress", "Plain outcome")
    assert [each["name"] for each in node["about"]] == ["Kazakhstan"]
    assert [each["url"] for each in node["citation"]] == [f"{SITE}/en/statements/{proof.slug}/"]


def test_lead_photo_comes_with_its_caption_and_credit(client):
    item = factories.event()
    factories.photo("Plain", item)
    picture = of(client, item)["image"][0]
    assert picture["url"].startswith(f"{SITE}/photos/")
    assert (picture["caption"], picture["creditText"]) == (
        "Plain caption here en", "Plain credit",
    )  # fmt: skip


# --- Never early ----------------------------------------------------------------------------------


def test_nothing_hidden_is_described_by_what_is_public(client):
    series = factories.series("Plain")
    item = factories.event(series=series)
    factories.event("embargoed", "Hidden", series=series, date=dt.date(2020, 1, 2))
    secret = factories.statement("embargoed", "Hidden", event=item)
    factories.quote(secret, "Hidden")
    factories.outcome(item, "Hidden", announced_in=secret)
    lone = factories.statement(event=factories.event("embargoed", "Hidden"))
    quote = factories.quote(lone)
    paths = [each.get_absolute_url() for each in (item, lone, quote, quote.person, series)]
    for path in [*paths, "/en/", "/en/events/", "/en/statements/", "/en/quotes/"]:
        assert "hidden" not in json.dumps(told(client, path)).lower(), path
    assert "subjectOf" not in of(client, item)
    assert of(client, lone).keys() & {"recordedAt"} == set()


# --- A correction travels -------------------------------------------------------------------------


@pytest.fixture
def released(statement, person, clock, writer, officer):
    """A statement with a quote, and its event, all released at 5:00 UTC."""
    Quote.objects.create(statement=statement, person=person, text_en="Exact words")
    acts.released(statement, writer, officer)
    clock(NOW + dt.timedelta(hours=1))
    return statement


def test_correction_is_told_with_its_date_and_the_edition_counts(client, released, writer, officer):
    assert of(client, released).keys() & {"correction"} == set()
    assert of(client, released)["version"] == 1
    acts.changed(released, writer, officer, body_en="<p>Other.</p>")
    article = of(client, released)
    assert article["version"] == 2
    assert article["dateModified"] == "2026-10-06T06:00:00Z"
    assert article["correction"] == [{
        "@type": "CorrectionComment", "datePublished": "2026-10-06T06:00:00Z",
        "text": "Corrected on 6 October 2026, 11:00 (UTC+5): The date was wrong.",
    }]  # fmt: skip


def test_translation_is_no_correction(client, released, writer, officer):
    acts.changed(released, writer, officer, kind="translation", note={}, title_ru="Имя",
                 body_ru="<p>Т</p>", ready_ru=True, standing_ru="courtesy")  # fmt: skip
    assert of(client, released).keys() & {"correction"} == set()
    assert of(client, released)["version"] == 2


def test_corrected_quote_tells_of_it_and_its_neighbour_does_not(
    client, released, person, writer, officer
):
    def edit(content):
        content["parts"]["quotes"][0]["fields"]["text_en"] = "More exact words"

    acts.changed(released, writer, officer, edit=edit)
    quote = Quote.objects.get()
    assert of(client, quote)["text"] == "More exact words"
    assert len(of(client, quote)["correction"]) == 1


def test_event_tells_of_corrections_on_its_page_for_an_event_has_none(
    client, event, clock, writer, officer
):
    acts.released(event, writer, officer)
    clock(NOW + dt.timedelta(hours=1))
    acts.changed(event, writer, officer, title_en="Another title")
    about, page, _crumbs = told(client, event.get_absolute_url())
    assert (about["name"], "correction" in about) == ("Another title", False)
    assert [each["@type"] for each in page["correction"]] == ["CorrectionComment"]
    assert page["mainEntity"] == {"@id": about["@id"]}


def ended(comment):
    return {"@type": "CorrectionComment", "text": comment, "datePublished": "2026-10-06T06:00:00Z"}


def test_withdrawn_text_is_told_as_withdrawn_without_a_word_of_it(client, released, officer):
    publishing.withdraw(Statement.objects.get(), officer, {"en": "Out of date."})
    for each in (released, Quote.objects.get()):
        page, crumbs = told(client, each.get_absolute_url())
        assert page["creativeWorkStatus"] == "Withdrawn"
        assert page["identifier"] == f"urn:uuid:{each.pk}"
        assert page["expires"] == "2026-10-06T06:00:00Z"
        assert page["correction"]["@type"] == "CorrectionComment"
        text = json.dumps([page, crumbs])
        assert [word for word in ("A statement", "Exact", "Person") if word in text] == []


def test_withdrawn_event_is_no_event_and_never_cancelled(client, event, clock, writer, officer):
    acts.released(event, writer, officer)
    publishing.withdraw(Event.objects.get(), officer, {"en": "Out of date."})
    nodes = told(client, event.get_absolute_url())
    assert [kind(each) for each in nodes] == ["WebPage", "BreadcrumbList"]
    assert "eventStatus" not in json.dumps(nodes)


def test_retracted_text_and_its_quotes_leave_a_correction_and_no_word(client, released, officer):
    paths = [released.get_absolute_url(), Quote.objects.get().get_absolute_url()]
    publishing.retract(Statement.objects.get(), officer, {"en": "Published in error."})
    for path in paths:
        (page,) = told(client, path, 410)
        assert page["creativeWorkStatus"] == "Retracted"
        assert page["identifier"] == f"urn:uuid:{released.pk}"
        assert page["correction"]["datePublished"] == "2026-10-06T06:00:00Z"
        assert page.keys() == {
            "@type", "identifier", "publisher", "creativeWorkStatus", "expires", "correction",
        }  # fmt: skip
        assert released.slug not in json.dumps(page)


def test_quote_taken_out_leaves_the_note_and_the_text_it_was_part_of(
    client, released, writer, officer
):
    path = Quote.objects.get().get_absolute_url()
    acts.changed(released, writer, officer, edit=lambda each: each["parts"]["quotes"].clear())
    (page,) = told(client, path, 410)
    assert page["creativeWorkStatus"] == "Removed"
    assert page["correction"] == ended("The date was wrong.")
    assert page["isPartOf"]["name"] == "A statement"
    assert "Exact words" not in json.dumps(page)
