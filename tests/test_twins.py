"""Every page has its twin: the same record at its own address with .json, through the same gate."""

import datetime as dt
import re

import pytest
from django.urls import resolve, reverse

from events import visibility
from events.public import urls

from . import acts, factories

pytestmark = pytest.mark.django_db
SITE = "https://press.example"
# Pages that are no record: what is taken along, and what is data already.
NO_TWIN = {"event_pdf", "press_kit", "statement_pdf", "quote_embed"}


@pytest.fixture
def rows():
    """One of everything."""
    return factories.whole("published", "Shown", "BY")


def twin_of(client, page):
    """The address that a page names as its twin."""
    context = client.get(page).context
    return [each.url for each in context["alternates"] if each.type == "application/json"]


def pages(rows):
    """A page of every kind, with the address of its twin."""
    slug, told = rows["event"].slug, rows["statement"].slug
    return {
        "/en/": "/en/index.json", "/en/events/": "/en/events.json",
        "/en/events/2020/": "/en/events/2020.json", "/en/events/2020/1/": "/en/events/2020/1.json",
        f"/en/events/{slug}/": f"/en/events/{slug}.json",
        f"/en/events/{slug}/history/": f"/en/events/{slug}/history.json",
        "/en/statements/": "/en/statements.json",
        "/en/statements/2020/": "/en/statements/2020.json",
        "/en/statements/2020/1/": "/en/statements/2020/1.json",
        f"/en/statements/{told}/": f"/en/statements/{told}.json",
        f"/en/statements/{told}/history/": f"/en/statements/{told}/history.json",
        "/en/quotes/": "/en/quotes.json",
        f"/en/quotes/{rows['quote'].pk}/": f"/en/quotes/{rows['quote'].pk}.json",
        "/en/outcomes/": "/en/outcomes.json",
        f"/en/outcomes/{rows['outcome'].pk}/": f"/en/outcomes/{rows['outcome'].pk}.json",
        "/en/people/": "/en/people.json", "/en/organisations/": "/en/organisations.json",
        "/en/countries/": "/en/countries.json", "/en/topics/": "/en/topics.json",
        "/en/series/": "/en/series.json", "/en/countries/by/": "/en/countries/by.json",
        **{f"/en/{name}/{rows[row].slug}/": f"/en/{name}/{rows[row].slug}.json"
           for name, row in {"people": "person", "organisations": "organisation",
                             "topics": "topic", "series": "series"}.items()},
        "/en/search/?q=title": "/en/search.json?q=title", "/en/feeds/": "/en/feeds.json",
        "/en/contacts/": "/en/contacts.json", "/en/api/": "/en/api.json",
    }  # fmt: skip


def test_every_page_names_its_twin_and_it_answers(client, rows):
    for page, twin in pages(rows).items():
        assert twin_of(client, page) == [twin], page
        answer = client.get(twin)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json"), twin
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_no_page_is_without_a_twin(rows):
    tried = {resolve(page.partition("?")[0]).url_name for page in pages(rows)}
    named = {each.name for each in urls.urlpatterns}
    html = {name for name in named if not re.search("_json$|feed$|calendar|ics|oembed", name)}
    assert html - NO_TWIN - tried == set()


def test_twin_has_the_filters_of_its_page(client, rows):
    factories.whole("published", "Other", "TJ")
    query = f"?topic={rows['topic'].slug}&sort=oldest"
    assert twin_of(client, f"/en/events/{query}") == [f"/en/events.json{query}"]
    found = client.get(f"/en/events.json{query}").json()["items"]
    assert [each["uid"] for each in found] == [str(rows["event"].pk)]
    # A page's place in a list is its own.
    there = f"/en/events/?country=by&after=2021-01-01_{rows['event'].pk}"
    assert twin_of(client, there) == ["/en/events.json?country=by"]


def test_twin_of_an_archive_holds_its_year_and_month_alone(client):
    for year in (2019, 2020):
        day = dt.date(year, 5, 1)
        factories.event(date=day, until=day)
    for path, number in {"2019": 1, "2019/5": 1}.items():
        assert len(client.get(f"/en/events/{path}.json").json()["items"]) == number
    for path in ("2018", "2019/4", "2019/0", "2019/13", "0"):
        assert client.get(f"/en/events/{path}.json").status_code == 404


def test_twin_is_the_same_in_every_language_and_names_the_languages_it_is_ready_in(client):
    item = factories.statement("published", "Partly", ready_ru=False, title_ru="Сокрытое")
    answers = [client.get(f"/{code}/statements/{item.slug}.json") for code in ("en", "ru", "kk")]
    assert len({each.content for each in answers}) == 1
    assert set(answers[0].json()["languages"]) == {"en", "kk"}
    assert "Сокрытое" not in answers[1].content.decode()


def test_page_about_a_row_has_what_names_it_page_by_page(client, rows):
    for _each in range(4):
        factories.event(country=rows["country"])
    there, found = "/en/countries/by.json?limit=2", []
    while there:
        body = client.get(there).json()
        found += [each["uid"] for each in body["publications"]["items"]]
        there = (body["publications"]["next"] or "").removeprefix(SITE)
    assert len(found) == len(set(found)) == 6
    events = client.get("/en/countries/by.json?kind=event").json()["publications"]["items"]
    assert {each["type"] for each in events} == {"event"}
    assert body["feed"] == f"{SITE}/en/countries/by/feed.rss"


@pytest.mark.parametrize(
    "query",
    ["events.json?colour=red", "events.json?limit=0", "events.json?before=2020-01-01_" + "0" * 36,
     "countries/by.json?kind=quote", "countries/by.json?after=x", "people.json?after=a",
     "search.json?q=a&kind=person", "index.json?x=1", "contacts.json?limit=1"],
)  # fmt: skip
def test_what_cannot_be_understood_is_a_problem(client, rows, query):
    answer = client.get(f"/en/{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "path",
    ["countries/BY.json", "countries/ki.json", "people/nobody.json", "events/nothing.json",
     "events/nothing/history.json", "quotes/00000000-0000-0000-0000-000000000000.json",
     "nothing.json", "events.json/", "events/2020/1/2.json", "search.json?after=2_2020-01-01_x"],
)  # fmt: skip
def test_nothing_is_the_same_problem_everywhere(client, rows, path):
    answer, never = client.get(f"/ru/{path}"), client.get("/ru/never-was.json")
    if path.endswith("/"):  # no address of data
        assert answer["Content-Type"].startswith("text/html")
        return
    assert (answer.status_code, answer.content) == (404, never.content)
    assert dict(answer.headers) == dict(never.headers)


def test_editions_are_those_of_the_page(client, staff):
    item = factories.statement("draft", "Known", ready_ru=False, ready_kk=False)
    people = staff("Press officer"), staff("Head of press")
    acts.changed(acts.released(item, *people), *people, title_en="Corrected title")
    there = f"/en/statements/{item.slug}/history.json"
    assert [each["number"] for each in client.get(there).json()["items"]] == [2, 1]
    stood = client.get(f"{there}?edition=1").json()
    assert stood["text"]["title"] == {"en": "Known title en"}
    for query in ("?edition=3", "?edition=0", "?edition=1&edition=2", "?edition=x"):
        assert client.get(there + query).status_code == 404


def test_front_page_has_what_is_new_next_said_and_agreed(client, rows):
    ahead = factories.event(word="Ahead", date=dt.date(2090, 1, 1), until=dt.date(2090, 1, 1))
    body = client.get("/en/index.json").json()
    assert [each["uid"] for each in body["upcoming"]] == [str(ahead.pk)]
    assert str(rows["statement"].pk) in {each["uid"] for each in body["news"]}
    assert [each["uid"] for each in body["quotes"]] == [str(rows["quote"].pk)]
    assert [each["uid"] for each in body["outcomes"]] == [str(rows["outcome"].pk)]


def test_search_finds_what_its_page_finds_and_is_kept_by_nobody(client, rows):
    answer = client.get("/en/search.json?q=shown+title&kind=event")
    body = answer.json()
    assert (body["total"], body["next"], answer["Cache-Control"]) == (1, None, "no-store")
    (hit,) = body["items"]
    assert hit["page"] == f"{SITE}{reverse('public:event', args=[rows['event'].slug])}"
    assert client.get(hit["json"].removeprefix(SITE)).json()["api"] == hit["api"]
    assert client.get("/en/search.json").json()["items"] == []


def test_contacts_and_feeds_are_those_of_their_pages(client, rows):
    contacts = client.get("/en/contacts.json").json()["items"]
    assert [each["email"] for each in contacts] == ["shown@example.org"]
    feeds = client.get("/ru/feeds.json").json()["items"]
    assert f"{SITE}/ru/feeds/latest.rss" in {each["url"] for each in feeds}
    assert client.get("/en/api.json").content == client.get("/api/v1/openapi.json").content


def test_rehearsed_data_is_that_of_its_moment_under_its_real_addresses(client, staff, as_user):
    item = factories.whole("embargoed", "Soonish", "KI")["event"]
    desk = as_user(staff("Head of press"))
    when = (visibility.clock() + dt.timedelta(days=30)).strftime("%Y%m%dT%H%M%SZ")
    type(item).objects.filter(pk=item.pk).update(release_at=visibility.clock() + dt.timedelta(1))
    for path in (f"en/events/{item.slug}.json", f"api/v1/events/{item.pk}", "en/events.json"):
        answer = desk.get(f"/rehearsal/{when}/{path}")
        assert answer.status_code == 200, path
        body = answer.json()
        found = body["items"][0] if "items" in body else body
        assert found["api"] == f"{SITE}/api/v1/events/{item.pk}"
        assert found["languages"]["en"]["json"] == f"{SITE}/en/events/{item.slug}.json"
        assert "no-store" in answer["Cache-Control"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert client.get(f"/{path}").status_code in (404, 200)
        assert "Soonish" not in client.get(f"/{path}").content.decode()
