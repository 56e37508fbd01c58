"""What messengers and networks show beside a link: Open Graph and the cards of X."""

import datetime as dt
import io

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from events.languages import CODES

from . import factories

pytestmark = pytest.mark.django_db

SITE = "https://press.example"
ALWAYS = {
    "og:title", "og:description", "og:type", "og:url", "og:site_name", "og:locale",
    "og:locale:alternate", "og:image", "og:image:alt", "og:image:type", "og:image:width",
    "og:image:height", "twitter:card", "twitter:title", "twitter:description", "twitter:image",
    "twitter:image:alt",
}  # fmt: skip
ARTICLE = ALWAYS | {"article:published_time", "article:modified_time", "article:section"}
PAGES = {
    "": ("website", "Press Office"), "events/": ("website", "All events"),
    "people/": ("website", "People"), "feeds/": ("website", "Feeds"),
    "events/{event.slug}/": ("article", "Plain title en"),
    "statements/{statement.slug}/": ("article", "Plain title en"),
    "quotes/{quote.pk}/": ("article", "Plain name: “Plain words”"),
    "outcomes/{outcome.pk}/": ("article", "Plain outcome"),
    "people/{person.slug}/": ("profile", "Plain person"),
    "topics/{topic.slug}/": ("website", "Plain topic"),
    "statements/{statement.slug}/history/": ("website", "Editions: Plain title en"),
}  # fmt: skip


def head(client, path):
    return BeautifulSoup(client.get(path).content, "html.parser").head


def shared(client, path):
    """What each property says: a list where it is said several times."""
    found = {}
    for each in head(client, path).select("meta"):
        for name in (each.get("property"), each.get("name")):
            if name and name.startswith(("og:", "article:", "twitter:")):
                found.setdefault(name, []).append(each["content"])
    return {name: said[0] if len(said) == 1 else said for name, said in found.items()}


def test_every_page_says_all_that_is_shown_beside_its_link(client):
    rows = factories.whole("published", "Plain", "KZ")
    for path, (kind, title) in PAGES.items():
        said = shared(client, f"/en/{path.format(**rows)}")
        has_tags = path.startswith(("events/{", "statements/{")) and kind == "article"
        tags = {"article:tag"} if has_tags else set()
        assert said.keys() == (ARTICLE if kind == "article" else ALWAYS) | tags, path
        assert (said["og:type"], said["og:title"]) == (kind, title)
        assert said["twitter:title"] == title
        assert said["og:url"].startswith(f"{SITE}/en/")
        assert said["og:site_name"] == "Press Office"
        assert (said["og:locale"], said["og:locale:alternate"]) == ("en_GB", ["ru_RU", "kk_KZ"])


def test_an_article_has_its_times_section_and_topics(client):
    item = factories.event(corrected_at=dt.datetime(2026, 10, 6, 5, 0, tzinfo=dt.UTC))
    item.topics.add(factories.topic("First"), factories.topic("Second"))
    said = shared(client, f"/ru/events/{item.slug}/")
    assert said["article:published_time"] == "2020-01-01T09:00:00Z"
    assert said["article:modified_time"] == "2026-10-06T05:00:00Z"
    assert said["article:section"] == "Мероприятия"
    assert sorted(said["article:tag"]) == ["First topic", "Second topic"]


def test_hostile_title_is_said_as_it_is_and_breaks_out_of_nothing(client):
    title = 'A "quoted" <b>title</b> & more · Press Office'
    item = factories.event(title_en=title)
    page = head(client, item.get_absolute_url())
    said = page.select_one('meta[property="og:title"]')["content"]
    assert (said, page.title.string) == (title, f"{title} · Press Office")
    assert page.select("b") == []


def test_picture_of_a_page_without_a_card_is_the_offices_own(client):
    for code in CODES:
        address = shared(client, f"/{code}/events/")["og:image"]
        assert address == f"{SITE}/cards/{code}.png"
        answer = client.get(address.removeprefix(SITE))
        picture = Image.open(io.BytesIO(answer.content))
        assert (answer["Content-Type"], picture.size) == ("image/png", (1200, 630))
    assert client.get("/cards/de.png").status_code == 404


def test_other_languages_are_named_where_there_is_a_text_in_them(client):
    item = factories.event(ready_kk=False)
    page = head(client, f"/en/events/{item.slug}/")
    assert [each["hreflang"] for each in page.select("link[hreflang]")] == ["en", "ru"]
    assert shared(client, f"/en/events/{item.slug}/")["og:locale:alternate"] == "ru_RU"


def test_front_page_leads_readers_of_no_known_language_to_their_own(client):
    links = head(client, "/ru/").select("link[hreflang]")
    assert {each["hreflang"]: each["href"] for each in links} == {
        "en": f"{SITE}/en/", "ru": f"{SITE}/ru/", "kk": f"{SITE}/kk/", "x-default": f"{SITE}/",
    }  # fmt: skip


@pytest.mark.parametrize("address", ["/en/nothing/", "/en/?unknown=1"])
def test_where_there_is_nothing_there_is_nothing_to_share(client, address):
    assert shared(client, address) == {}
