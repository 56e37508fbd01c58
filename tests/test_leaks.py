"""The guard of the first promise: nothing hidden is found on any public address."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from events import paper
from events.files.addresses import of_file, of_original, of_rendition
from events.languages import CODES
from events.public.metadata import FORMATS

from . import factories

HIDDEN = ("draft", "in_review", "embargoed", "retracted", "withdrawn")
SENTINEL = "Kryptonym"
TWIN = "Openlybeheld"


def public_routes() -> list[str]:
    """Every route name of the public door, read from the URLconf itself."""

    def walk(patterns, namespace=""):
        for entry in patterns:
            if isinstance(entry, URLResolver):
                if str(entry.pattern).removesuffix("/") in settings.STAFF_DOORS:
                    continue
                inner = entry.namespace or namespace
                yield from walk(entry.url_patterns, inner)
            elif isinstance(entry, URLPattern):
                yield f"{namespace}:{entry.name}" if namespace else entry.name

    return sorted(set(walk(get_resolver().url_patterns)))


def addresses(route: str, rows: dict) -> list[str]:
    """The addresses of a route for the given rows. A route that is not here fails the guard."""
    plain = {
        "root": "/", "robots": "/robots.txt", "security_txt": "/.well-known/security.txt",
        "opensearch": "/opensearch.xml", "sitemap": "/sitemap.xml",
        "news_sitemap": "/news-sitemap.xml", "healthz": "/healthz", "readyz": "/readyz",
        "dumps": "/api/v1/dumps/",
        "api:index": "/api/v1/", "api:openapi": "/api/v1/openapi.json", "api:nothing": "/api/v2/",
    }  # fmt: skip
    if route in plain:
        return [plain[route]]
    if route == "dump_file":
        return []  # made by a command: tests/test_dumps.py reads every file of one
    if route == "sitemap_part":
        dated = [f"{name}-2020" for name in ("events", "statements", "quotes", "outcomes")]
        named = ["people", "organisations", "countries", "topics", "series"]
        letters = [
            f"people-{rows['person'].slug[0]}",
            f"countries-{rows['country'].iso2[0].lower()}",
        ]
        return [f"/sitemap-{name}.xml" for name in ("pages", *dated, *named, *letters)]
    if route == "house_card":
        return [f"/cards/{code}.png" for code in CODES]
    if route == "oembed":
        return [
            f"/oembed?{urlencode({'url': f'{settings.SITE_URL}/{code}/{path}', 'format': form})}"
            for code in CODES for form in ("json", "xml")
            for path in (f"events/{rows['event'].slug}/", f"statements/{rows['statement'].slug}/",
                         f"quotes/{rows['quote'].pk}/")
        ]  # fmt: skip
    if route == "card":
        cards = [rows["event"], rows["statement"], rows["quote"], rows["outcome"]]
        return [f"/cards/{code}/{each.pk}-1.png" for code in CODES for each in cards]
    if route == "file":
        return [of_file(rows["attachment"])] if "attachment" in rows else []
    if route == "photo":
        photo = rows.get("photo")
        return [of_original(photo), of_rendition(photo, 640, "webp")] if photo else []
    if route.startswith("api:"):
        return in_the_api(route.removeprefix("api:"), rows)
    iso2 = rows["country"].iso2
    queries = (
        "year=2020", "when=past&sort=oldest", "since=2020-01-01&until=2020-01-02&kind=session",
        f"country={iso2}", "text=title+en",
    )  # fmt: skip
    own = {
        "home": [""], "events": ["events/", *(f"events/?{query}" for query in queries)],
        "events_year": ["events/2020/"], "events_month": ["events/2020/1/"],
        "statements": ["statements/", f"statements/?country={iso2}&sort=oldest"],
        "statements_year": ["statements/2020/"], "statements_month": ["statements/2020/1/"],
        "quotes": ["quotes/", f"quotes/?country={iso2}&year=2020&sort=oldest",
                   f"quotes/?person={rows['person'].slug}&topic={rows['topic'].slug}"],
        "outcomes": ["outcomes/", "outcomes/?state=agreed&due=none", "outcomes/?overdue=1&sort=due",
                     f"outcomes/?event={rows['event'].slug}&country={iso2}",
                     f"outcomes/?organisation={rows['organisation'].slug}&year=2020"],
        "people": ["people/"], "organisations": ["organisations/"], "countries": ["countries/"],
        # Words that the hidden and its twin share, and words that are nearly theirs: the page
        # repeats what was looked for.
        "search": [
            "search/?q=title", "search/?q=words", "search/?q=outcome", "search/?q=person",
            "search/?q=place+-nothing&kind=statement&year=2020&language=en", "search/?q=Kirbati",
            f"search/?q={SENTINEL[:-1]}n", f"search/?q={TWIN[:-1]}t", "search/",
        ],
        "topics": ["topics/"], "contacts": ["contacts/"],
        "feeds": ["feeds/", f"feeds/?of=events&country={iso2}&format=atom", "feeds/?of=outcomes",
                  f"feeds/?of=quotes&topic={rows['topic'].slug}&format=json"],
        "feed": [*(f"feeds/latest.{form}" for form in FORMATS), "feeds/latest.json?archive=2020-01",
                 "feeds/events.atom", "feeds/statements.json", "feeds/quotes.rss",
                 "feeds/outcomes.atom", "feeds/quotes.atom?archive=2020-01"],
        "events_feed": [f"events/feed.atom?country={iso2}&when=past", "events/feed.json?text=title",
                        f"events/feed.rss?series={rows['series'].slug}"],
        "statements_feed": [f"statements/feed.json?topic={rows['topic'].slug}&kind=speech"],
        "quotes_feed": [f"quotes/feed.atom?person={rows['person'].slug}&year=2020"],
        "outcomes_feed": [f"outcomes/feed.rss?event={rows['event'].slug}", "outcomes/feed.json"],
        "search_feed": ["search/feed.atom?q=words", "search/feed.json?q=outcome&kind=outcome",
                        f"search/feed.rss?q={SENTINEL[:-1]}n"],
        "events_calendar": [f"events/calendar.ics{query}" for query in (
            "", f"?country={iso2}&kind=session", "?since=2020-01-01&until=2020-01-02",
            "?text=title+en", f"?person={rows['person'].slug}")],
        "event_calendar": [f"events/{rows['event'].slug}/event.ics"],
        "event": [f"events/{rows['event'].slug}/"],
        "event_pdf": [f"events/{rows['event'].slug}/event.pdf"],
        "press_kit": [f"events/{rows['event'].slug}/press-kit.zip"],
        "statement_pdf": [f"statements/{rows['statement'].slug}/statement.pdf"],
        "statement": [f"statements/{rows['statement'].slug}/"],
        "event_history": [f"events/{rows['event'].slug}/history/{q}" for q in ("", "?edition=1")],
        "statement_history": [f"statements/{rows['statement'].slug}/history/"],
        "quote": [f"quotes/{rows['quote'].pk}/"],
        "quote_embed": [f"quotes/{rows['quote'].pk}/embed/"],
        "outcome": [f"outcomes/{rows['outcome'].pk}/"],
        "person": [f"people/{rows['person'].slug}/"],
        "organisation": [f"organisations/{rows['organisation'].slug}/"],
        "country": [f"countries/{iso2.lower()}/", f"countries/{iso2.lower()}/?kind=event"],
        "topic": [f"topics/{rows['topic'].slug}/"], "series_list": ["series/"],
        "series": [f"series/{rows['series'].slug}/"],
        "person_feed": [f"people/{rows['person'].slug}/feed.rss"],
        "organisation_feed": [f"organisations/{rows['organisation'].slug}/feed.atom"],
        "country_feed": [f"countries/{iso2.lower()}/feed.json"],
        "topic_feed": [f"topics/{rows['topic'].slug}/feed.{form}" for form in FORMATS],
        "series_feed": [f"series/{rows['series'].slug}/feed.atom?archive=2020-01"],
        "person_calendar": [f"people/{rows['person'].slug}/calendar.ics"],
        "organisation_calendar": [f"organisations/{rows['organisation'].slug}/calendar.ics"],
        "country_calendar": [f"countries/{iso2.lower()}/calendar.ics"],
        "topic_calendar": [f"topics/{rows['topic'].slug}/calendar.ics"],
        "series_calendar": [f"series/{rows['series'].slug}/calendar.ics"],
        "api": ["api/"], "api_json": ["api.json"], "home_json": ["index.json"],
        "events_json": ["events.json", *(f"events.json?{q}" for q in queries if "year" not in q)],
        "events_year_json": ["events/2020.json"], "events_month_json": ["events/2020/1.json"],
        "statements_json": ["statements.json", f"statements.json?country={iso2}&limit=100"],
        "statements_year_json": ["statements/2020.json"],
        "statements_month_json": ["statements/2020/1.json"],
        "quotes_json": ["quotes.json", f"quotes.json?person={rows['person'].slug}&year=2020"],
        "outcomes_json": ["outcomes.json", f"outcomes.json?event={rows['event'].slug}",
                          "outcomes.json?state=agreed&sort=oldest"],
        "event_json": [f"events/{rows['event'].slug}.json"],
        "statement_json": [f"statements/{rows['statement'].slug}.json"],
        "event_history_json": [f"events/{rows['event'].slug}/history.json{q}"
                               for q in ("", "?edition=1")],
        "statement_history_json": [f"statements/{rows['statement'].slug}/history.json"],
        "quote_json": [f"quotes/{rows['quote'].pk}.json"],
        "outcome_json": [f"outcomes/{rows['outcome'].pk}.json"],
        "people_json": ["people.json"], "organisations_json": ["organisations.json"],
        "countries_json": ["countries.json"], "topics_json": ["topics.json"],
        "series_list_json": ["series.json"], "feeds_json": ["feeds.json"],
        "contacts_json": ["contacts.json"], "search_json": ["search.json?q=title", "search.json"],
        "person_json": [f"people/{rows['person'].slug}.json"],
        "organisation_json": [f"organisations/{rows['organisation'].slug}.json"],
        "country_json": [f"countries/{iso2.lower()}.json",
                         f"countries/{iso2.lower()}.json?kind=event"],
        "topic_json": [f"topics/{rows['topic'].slug}.json"],
        "series_json": [f"series/{rows['series'].slug}.json"],
    }[route.removeprefix("public:")]  # fmt: skip
    # A twin holds all languages, whichever its address is in.
    codes = CODES[:1] if route.endswith("_json") else CODES
    return [f"/{code}/{path}" for code in codes for path in own]


def in_the_api(route: str, rows: dict) -> list[str]:
    """The addresses of a route of the open API."""
    held = {
        "publications": ("event", "statement"), "events": ("event",), "statements": ("statement",),
        "quotes": ("quote",), "outcomes": ("outcome",), "people": ("person",),
        "organisations": ("organisation",), "countries": ("country",), "topics": ("topic",),
        "series": ("series",),
    }  # fmt: skip
    if route in held:
        queries = ["?limit=100", "?limit=1"]
        if route in ("publications", "events", "statements", "quotes", "outcomes"):
            queries.append(f"?country={rows['country'].iso2}&sort=oldest")
        return [f"/api/v1/{route}{query}" for query in queries]
    name = route.removesuffix("_one")
    if name in held:
        return [f"/api/v1/{name}/{rows[kind].pk}" for kind in held[name]]
    own = [f"/api/v1/publications/{rows[kind].pk}/editions" for kind in held["publications"]]
    return {"editions": own, "edition": [f"{address}/1" for address in own]}[route]


OWN = {"public:event", "public:statement", "public:quote", "public:outcome", "public:quote_embed",
       "public:event_history", "public:statement_history", "public:event_pdf",
       "public:statement_pdf", "public:press_kit",
       "public:event_json", "public:statement_json", "public:quote_json", "public:outcome_json",
       "public:event_history_json", "public:statement_history_json",
       "public:event_calendar"}  # fmt: skip
# By their identifiers: what a withdrawn item answers at its own addresses in the open API.
OWN_DATA = {"api:publications_one", "api:events_one", "api:statements_one", "api:quotes_one",
            "api:outcomes_one", "api:editions", "api:edition"}  # fmt: skip
# A row that hidden items alone name: as if it had never been.
ROWS = {f"public:{name}{kind}" for kind in ("", "_feed", "_calendar", "_json")
        for name in ("person", "topic", "country", "organisation", "series")} | {
    f"api:{name}_one" for name in ("people", "topics", "countries", "organisations", "series")
}  # fmt: skip
FILES = {"file", "photo"}


@pytest.fixture(autouse=True)
def _as_many_requests_as_there_are(settings):
    settings.API_RATE = ""


@pytest.fixture(autouse=True)
def _paper_shows_its_page(monkeypatch):
    """What a PDF holds is packed: here it is the page it would be set from, words and all."""
    monkeypatch.setattr(paper, "pdf", lambda page, *pictures: page)


@pytest.mark.django_db
@pytest.mark.parametrize("stage", HIDDEN)
def test_hidden_item_is_found_nowhere_and_its_public_twin_is(client, stage):
    hidden = factories.whole(stage, SENTINEL, "KI")
    twin = factories.whole("published", TWIN, "BY")
    # A public statement of a hidden event must not tell of it, nor a public event of the other.
    lone = factories.statement("published", TWIN, event=hidden["event"])
    factories.outcome(twin["event"], SENTINEL, announced_in=hidden["statement"])
    factories.statement(stage, SENTINEL, event=twin["event"])
    seen_twin, leaks = 0, []
    for route in public_routes():
        theirs = addresses(route, hidden)
        rows = [*addresses(route, twin), *theirs]
        for address in dict.fromkeys([*rows, f"/en/statements/{lone.slug}/"]):
            answer = client.get(address)
            # A withdrawn item stays readable on its own addresses, and nowhere else.
            if stage == "withdrawn" and route in OWN and SENTINEL.lower() in address:
                continue
            if stage == "withdrawn" and route in OWN_DATA and address in theirs:
                continue
            if stage == "withdrawn" and str(hidden["quote"].pk) in address:
                continue
            if stage == "withdrawn" and str(hidden["outcome"].pk) in address:
                continue
            if stage == "withdrawn" and route in FILES and address not in addresses(route, twin):
                continue
            text = answer.getvalue().decode(errors="replace") + str(answer.headers)
            text = text.replace("\r\n ", "")  # a calendar folds its lines within words
            seen_twin += TWIN in text
            for asked in parse_qs(urlsplit(address).query).values():
                text = text.replace(asked[0], "")  # a page may repeat the question
            if SENTINEL.lower() in text.lower() or "Kiribati" in text:
                leaks.append((route, address, answer.status_code))
    assert leaks == []
    assert seen_twin > 40


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["draft", "in_review", "embargoed"])
def test_hidden_and_never_existed_are_the_same_bytes_and_headers(client, stage):
    hidden = factories.whole(stage, SENTINEL, "KI")
    for code in (*CODES, "api"):
        page = client.get(f"/{code}/events/never-existed/")
        data = client.get(f"/{code}/events/never-existed.json")
        assert (page.status_code, data.status_code) == (404, 404)
        assert data["Content-Type"] == "application/problem+json"
        for route in public_routes():
            if route not in OWN | OWN_DATA | ROWS:
                continue
            for address in addresses(route, hidden):
                if not address.startswith(f"/{code}/"):
                    continue
                path = address.partition("?")[0]
                never = data if code == "api" or path.endswith(".json") else page
                answer = client.get(address)
                assert (answer.status_code, answer.content) == (404, never.content), address
                assert dict(answer.headers) == dict(never.headers), address


@pytest.mark.django_db
def test_more_embargoed_items_change_no_byte_of_any_list(client):
    twin = factories.whole("published", TWIN, "BY")
    lists = [a for r in public_routes() for a in addresses(r, twin)]
    before = {address: client.get(address).getvalue() for address in lists}
    for _number in range(5):
        factories.whole("embargoed", SENTINEL, "KI")
    assert {address: client.get(address).getvalue() for address in lists} == before


@pytest.mark.django_db
def test_not_found_depends_on_the_language_alone(client):
    paths = ["events/x-y/", "nothing/", "quotes/00000000-0000-0000-0000-000000000000/", "a/b/c/"]
    for code in CODES:
        assert len({client.get(f"/{code}/{path}").content for path in paths}) == 1
