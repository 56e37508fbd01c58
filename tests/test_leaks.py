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
    }[route.removeprefix("public:")]  # fmt: skip
    return [f"/{code}/{path}" for code in CODES for path in own]


OWN = {"public:event", "public:statement", "public:quote", "public:outcome", "public:quote_embed",
       "public:event_history", "public:statement_history", "public:event_pdf",
       "public:statement_pdf", "public:press_kit"}  # fmt: skip
FILES = {"file", "photo"}


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
        rows = [*addresses(route, twin), *addresses(route, hidden)]
        for address in dict.fromkeys([*rows, f"/en/statements/{lone.slug}/"]):
            answer = client.get(address)
            # A withdrawn item stays readable on its own addresses, and nowhere else.
            if stage == "withdrawn" and route in OWN and SENTINEL.lower() in address:
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
    for code in CODES:
        never = client.get(f"/{code}/events/never-existed/")
        assert never.status_code == 404
        for route in public_routes():
            if route not in {*OWN, "public:person", "public:topic", "public:country",
                             "public:organisation", "public:series", "public:person_feed",
                             "public:organisation_feed", "public:country_feed",
                             "public:topic_feed", "public:series_feed",
                             "public:event_calendar", "public:person_calendar",
                             "public:organisation_calendar", "public:country_calendar",
                             "public:topic_calendar", "public:series_calendar"}:  # fmt: skip
                continue
            for address in addresses(route, hidden):
                if not address.startswith(f"/{code}/"):
                    continue
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
