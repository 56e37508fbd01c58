"""Sitemaps as search engines read them: by the rules of sitemaps.org, and by those of the news."""

import datetime as dt
import re

import pytest
from django.core.cache import caches
from lxml import etree

from events import publishing, visibility
from events.models import Outcome
from events.public import sitemap_parts
from events.public.sitemap_parts import STATIC

from . import acts, archive, factories, pages

pytestmark = pytest.mark.django_db
SITE = "https://press.example"
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
X = "{http://www.w3.org/1999/xhtml}"
N = "{http://www.google.com/schemas/sitemap-news/0.9}"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
NOW = dt.datetime(2026, 10, 6, 5, 0, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def document(client, address="/sitemap.xml"):
    """The root of a sitemap, after every rule of the protocol was checked on it."""
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    assert len(answer.content) <= 50 * 1024 * 1024
    root = etree.fromstring(answer.content)
    assert root.tag in (f"{S}urlset", f"{S}sitemapindex")
    entry = {f"{S}urlset": f"{S}url", f"{S}sitemapindex": f"{S}sitemap"}[root.tag]
    assert {each.tag for each in root} <= {entry}
    assert len(root) <= 50_000
    found = [each.findtext(f"{S}loc") for each in root]
    assert len(set(found)) == len(found)
    for each in root:
        names = [child.tag for child in each]
        further = [name for name in names if not name.startswith(S)]
        own = names[: len(names) - len(further)]
        assert own in ([f"{S}loc"], [f"{S}loc", f"{S}lastmod"])  # in the order of the schema
        location = each.findtext(f"{S}loc")
        assert location.startswith(f"{SITE}/")
        assert len(location) < 2048
        assert STAMP.fullmatch(each.findtext(f"{S}lastmod", "2020-01-01T00:00:00Z"))
    return root


def urls(client, address="/sitemap.xml"):
    """The addresses of a urlset: to when it last changed, and its alternates by language."""
    root = document(client, address)
    assert root.tag == f"{S}urlset"
    found = {}
    for each in root:
        links = each.findall(f"{X}link")
        assert {link.get("rel") for link in links} <= {"alternate"}
        alternates = {link.get("hreflang"): link.get("href") for link in links}
        assert len(alternates) == len(links)
        found[each.findtext(f"{S}loc")] = (each.findtext(f"{S}lastmod"), alternates)
    for address, (_changed, alternates) in found.items():
        if alternates:  # each names itself, and is named by all that it names
            assert address in alternates.values()
            for code, other in alternates.items():
                assert code == "x-default" or found[other][1] == alternates
    return found


def paths(found):
    return {address.removeprefix(SITE) for address in found}


def own(row):
    """The path of a row's page below the language."""
    return row.get_absolute_url().removeprefix("/en")


def test_sitemap_has_every_page_of_the_record_and_nothing_else(client):
    rows = factories.whole("published", "Known", "KZ")
    for stage in ("draft", "in_review", "embargoed", "withdrawn", "retracted"):
        factories.whole(stage, "Kryptonym", "BY")
    kinds = ("event", "statement", "quote", "outcome", "person", "organisation", "country", "topic",
             "series")  # fmt: skip
    lists = {"home": "/", "series_list": "/series/"}
    expected = {lists.get(name, f"/{name}/") for name in STATIC} | {own(rows[k]) for k in kinds}
    found = urls(client)
    assert paths(found) == {f"/{code}{path}" for code in ("en", "ru", "kk") for path in expected}
    for address in paths(found):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert b'name="robots"' not in answer.content, address
        assert f'rel="canonical" href="{SITE}{address}"' in answer.content.decode()


def test_every_list_of_the_site_is_in_the_sitemap(client):
    rows = factories.whole("published", "Known", "KZ")
    found = paths(urls(client))
    archives = ("_year", "_month", "_history", "_embed", ":search")
    for route, address in pages.sampled(rows):
        if address.startswith("/en/") and "?" not in address and not route.endswith(archives):
            assert address in found, route


def test_item_stands_in_the_languages_that_it_may_be_read_in(client):
    item = factories.event(ready_ru=False)
    alone = factories.statement(ready_ru=False, ready_kk=False)
    found = urls(client)
    assert found[f"{SITE}/kk{own(item)}"][1] == {
        "en": f"{SITE}/en{own(item)}", "kk": f"{SITE}/kk{own(item)}"}  # fmt: skip
    assert f"{SITE}/ru{own(item)}" not in found
    assert found[f"{SITE}/en{own(alone)}"][1] == {}
    assert f"{SITE}/ru{own(alone)}" not in found


def test_root_is_for_readers_of_any_language(client):
    found = urls(client)
    assert found[f"{SITE}/en/"][1] == {
        "en": f"{SITE}/en/", "ru": f"{SITE}/ru/", "kk": f"{SITE}/kk/", "x-default": f"{SITE}/",
    }  # fmt: skip
    assert {address for address, (_at, links) in found.items() if "x-default" in links} == {
        f"{SITE}/en/", f"{SITE}/ru/", f"{SITE}/kk/"}  # fmt: skip


@pytest.fixture
def people(staff, clock):
    return staff("Writer"), staff("Press officer")


def test_moments_are_those_of_release_and_of_public_changes(client, event, people, clock):
    with publishing.saving(event, people[0]) as record:
        Outcome.objects.create(event=record, outcome_kind="decision", text_en="A promise")
    topic = factories.topic()
    event.topics.add(topic)
    item = acts.approved(event, *people, NOW + HOUR)
    clock(NOW + HOUR / 2)
    acts.changed(item, *people, "update", title_en="Mended")
    outcome = Outcome.objects.get()
    both = [f"{SITE}/en{own(each)}" for each in (item, outcome)]

    def progress(content):
        content["parts"]["outcomes"][0]["fields"]["state"] = "fulfilled"

    def told():
        found = urls(client)
        index = sitemap_parts.parts()
        parts = [each.changed.hour for each in index if each.name.startswith(("events", "outco"))]
        hours = [int(found[each][0][11:13]) for each in both]
        return hours, int(found[f"{SITE}/en{own(topic)}"][0][11:13]), parts

    clock(NOW + HOUR)
    assert told() == ([6, 6], 6, [6, 6])
    clock(NOW + 2 * HOUR)
    acts.changed(item, *people, "correction", title_en="Corrected")
    clock(NOW + 5 * HOUR)
    assert told() == ([7, 7], 7, [7, 7])
    acts.changed(item, *people, "progress", {"en": "Done."}, progress)
    assert told() == ([10, 10], 7, [10, 10])


def test_outcome_is_there_from_its_announcement_on(client, clock):
    later = NOW + HOUR
    held = factories.event()
    told = factories.statement("embargoed", release_at=later, published_at=later)
    outcome = factories.outcome(held, announced_in=told)
    address = f"{SITE}/en{own(outcome)}"
    assert address not in urls(client)
    clock(later)
    assert urls(client)[address][0] == "2026-10-06T06:00:00Z"


# --- In parts -------------------------------------------------------------------------------------


def split(client):
    """The parts that the index names, each with its addresses."""
    root = document(client)
    assert root.tag == f"{S}sitemapindex"
    found = [each.findtext(f"{S}loc").removeprefix(SITE) for each in root]
    return {name: urls(client, name) for name in found}


@pytest.mark.parametrize("parted", [1, 20, 60])
def test_what_is_too_long_comes_in_parts_that_hold_the_same(client, monkeypatch, parted):
    rows = factories.whole("published", "Known", "KZ")
    archive.fill(rows, 30)
    factories.event(date=dt.date(2008, 1, 1), until=dt.date(2008, 12, 31), date_precision="year")
    for number in range(9):
        factories.event(series=factories.series(f"{number}abc"))
    whole = urls(client)
    monkeypatch.setattr(sitemap_parts, "PARTED", parted)
    caches["pages"].clear()
    found = split(client)
    together = [address for part in found.values() for address in part]
    assert len(together) == len(set(together)) == len(whole)
    assert {address: entry for part in found.values() for address, entry in part.items()} == whole
    assert sum(part.number for part in sitemap_parts.parts()) == len(whole)
    names = {re.sub(r"\d", "9", name) for name in found}
    assert ("/sitemap-events-9999-99.xml" in names) == (parted < 60)
    assert ("/sitemap-quotes-9999.xml" in names) == (parted > 1)
    assert ("/sitemap-series.xml" in names) == (parted == 60)


def test_index_tells_when_a_part_changed_last(client, monkeypatch):
    monkeypatch.setattr(sitemap_parts, "PARTED", 1)
    for year in (2019, 2021):
        at = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
        factories.event(date=at.date(), until=at.date(), release_at=at, published_at=at)
    found = {each.findtext(f"{S}loc"): each.findtext(f"{S}lastmod") for each in document(client)}
    assert found[f"{SITE}/sitemap-events-2019-01.xml"] == "2019-01-01T00:00:00Z"
    assert found[f"{SITE}/sitemap-events-2021-01.xml"] == "2021-01-01T00:00:00Z"


def test_a_part_stays_as_it_is_while_others_grow(client):
    factories.event(date=dt.date(2019, 5, 5), until=dt.date(2019, 5, 5))
    before = client.get("/sitemap-events-2019.xml").content
    factories.event(date=dt.date(2018, 5, 5), until=dt.date(2018, 5, 5))
    caches["pages"].clear()
    assert client.get("/sitemap-events-2019.xml").content == before


@pytest.mark.parametrize(
    "name", ["nothing", "events", "events-2021", "events-202", "events-20210", "events-2020-13",
             "events-2020-00", "events-0000", "events-9999-12", "events--1", "events-2020-01-01",
             "people-kk", "people-z", "people-_", "pages-x", "quotes-", "-", "countries-z"],
)  # fmt: skip
def test_part_that_is_none_is_not_found(client, name):
    factories.whole("published", "Known", "KZ")
    answer = client.get(f"/sitemap-{name}.xml")
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("number", [3, 30])
def test_queries_do_not_grow(client, number, django_assert_num_queries, monkeypatch):
    rows = factories.whole("published", "Known", "KZ")
    archive.fill(rows, number)
    for each in range(number):
        factories.listed(_with(factories.event(), factories.topic(f"T{each}")))
    pinned = {"/sitemap.xml": 25, "/sitemap-events-2020.xml": 2, "/sitemap-topics.xml": 3,
              "/sitemap-pages.xml": 1, "/news-sitemap.xml": 1, "/robots.txt": 0}  # fmt: skip
    for address, queries in pinned.items():
        with django_assert_num_queries(queries):
            client.get(address)
    monkeypatch.setattr(sitemap_parts, "PARTED", 4)
    caches["pages"].clear()
    with django_assert_num_queries(11):
        assert document(client).tag == f"{S}sitemapindex"


def _with(item, topic):
    item.topics.add(topic)
    return item


# --- News -----------------------------------------------------------------------------------------


def news(client):
    found = []
    for each in document(client, "/news-sitemap.xml"):
        said = each.find(f"{N}news")
        assert [child.tag for child in said] == [
            f"{N}publication", f"{N}publication_date", f"{N}title"]  # fmt: skip
        assert [child.tag for child in said[0]] == [f"{N}name", f"{N}language"]
        found.append((
            each.findtext(f"{S}loc").removeprefix(SITE), said[0][0].text, said[0][1].text,
            said[1].text, said[2].text,
        ))  # fmt: skip
    return found


def released(at, **fields):
    return factories.statement(release_at=at, published_at=at, **fields)


def test_news_is_what_came_out_in_two_days_in_every_language_it_has(client, clock):
    title = {"title_en": "A & <b> “c” ]]>", "ready_kk": False}
    item = released(NOW - 48 * HOUR, **title)
    released(NOW - 48 * HOUR - dt.timedelta(seconds=1))
    stamp = "2026-10-04T05:00:00Z"
    assert news(client) == [
        (f"/en{own(item)}", "Press Office", "en", stamp, "A & <b> “c” ]]>"),
        (f"/ru{own(item)}", "Пресс-служба", "ru", stamp, "Plain title ru"),
    ]
    clock(NOW + dt.timedelta(seconds=1))
    assert news(client) == []


def test_archive_and_what_is_hidden_or_ended_is_no_news(client, clock):
    day = {"released_before": True, "first_released_on": dt.date(2007, 10, 6)}
    factories.event(release_at=NOW, published_at=NOW, **day)
    for status in ("draft", "in_review", "withdrawn", "retracted"):
        factories.event(status, release_at=NOW)
    factories.event("embargoed", release_at=NOW + HOUR, published_at=NOW + HOUR)
    assert news(client) == []


def test_robots_learn_of_both_sitemaps(client):
    text = client.get("/robots.txt").content.decode()
    assert [line for line in text.splitlines() if line.startswith("Sitemap:")] == [
        f"Sitemap: {SITE}/sitemap.xml", f"Sitemap: {SITE}/news-sitemap.xml"]  # fmt: skip
    assert {"Disallow: /admin/", "Disallow: /preview/", "Disallow: /rehearsal/"} <= (
        set(text.splitlines())
    )


# --- Never early, never late ----------------------------------------------------------------------


def all_of(client, found):
    caches["pages"].clear()
    answers = {address: client.get(address) for address in found}
    return {address: (answer.content, dict(answer.headers)) for address, answer in answers.items()}


@pytest.mark.parametrize("parted", [4, 10_000])
def test_embargoed_item_changes_nothing_until_its_second_and_all_at_it(
    client, event, people, clock, monkeypatch, parted
):
    monkeypatch.setattr(sitemap_parts, "PARTED", parted)
    factories.whole("published", "Known", "KZ")
    found = ["/sitemap.xml", "/news-sitemap.xml", "/robots.txt", "/sitemap-events-2020.xml",
             "/sitemap-events-2007.xml", "/sitemap-topics.xml", "/sitemap-topics-k.xml",
             "/sitemap-pages.xml"]  # fmt: skip
    before = all_of(client, found)
    topic = factories.topic("Kryptonym")
    event.topics.add(topic)
    release = NOW + 9 * HOUR
    item = acts.approved(event, *people, release)
    acts.changed(item, *people, title_en="Kryptonym")
    assert all_of(client, found) == before
    clock(release - dt.timedelta(seconds=1))
    assert all_of(client, found) == before
    clock(release)
    assert f"/en{own(item)}" in paths(urls(client, "/sitemap-events-2007.xml"))
    assert f"/ru{own(topic)}" in paths(urls(client, "/sitemap-topics.xml"))
    assert [each[0] for each in news(client)] == [f"/en{own(item)}"]
    parts = [each.findtext(f"{S}loc").removeprefix(SITE) for each in document(client)]
    there = "/sitemap-events-2007.xml" if parted == 4 else f"/en{own(item)}"
    assert there in parts


@pytest.mark.parametrize("act", ["withdraw", "retract"])
def test_text_that_ended_is_gone_from_every_sitemap(client, event, people, clock, act):
    item = acts.released(event, *people)
    address = f"/en{own(item)}"
    assert address in paths(urls(client))
    assert [each[0] for each in news(client)] == [address]
    clock(visibility.clock() + HOUR)
    getattr(publishing, act)(item, people[1], {"en": "A reason."})
    assert address not in paths(urls(client))
    assert news(client) == []
