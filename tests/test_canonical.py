"""Which address of a page search engines keep, and under which they find it in other languages."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from . import archive, factories, pages

pytestmark = pytest.mark.django_db
SITE = "https://press.example"
# Not for robots: what was looked for, and what a text once said.
UNKEPT = {"public:search", "public:quote_embed", "public:event_history", "public:statement_history"}


def head(client, address):
    """The canonical address, those of the other languages, and whether robots may keep the page."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    page = BeautifulSoup(answer.content, "html.parser").head
    (canonical,) = page("link", rel="canonical")
    others = {each["hreflang"]: each["href"] for each in page("link", hreflang=True)}
    robots = page.find("meta", attrs={"name": "robots"})
    return canonical["href"], others, robots is None


def test_every_page_is_canonical_without_its_query_and_named_by_all_that_it_names(client):
    rows = factories.whole("published", "Known", "KZ")
    seen = set()
    for route, address in pages.sampled(rows):
        if address.split("/")[1] not in ("en", "ru", "kk") or "year=2020" in address:
            continue  # no page, or a former address that leads on
        answer = client.get(address)
        if answer.status_code != 200 or b'rel="canonical"' not in answer.content:
            continue
        canonical, others, kept = head(client, address)
        path = address.partition("?")[0]
        if route in UNKEPT:
            assert (kept, others) == (False, {}), address
            continue
        seen.add(route)
        below = path.split("/", 2)[2]
        expected = {code: f"{SITE}/{code}/{below}" for code in ("en", "ru", "kk")}
        assert (canonical, kept) == (SITE + path, True), address
        if route == "public:home":
            expected["x-default"] = f"{SITE}/"
        assert others == expected, address
    assert len(seen) > 20


def test_further_page_of_a_list_is_a_page_of_its_own(client):
    rows = factories.whole("published", "Known", "KZ")
    archive.fill(rows, 50)
    for path in ("events/", "statements/", "quotes/", "outcomes/", "countries/kz/", "events/1995/"):
        older = client.get(f"/en/{path}").context["page"].older
        assert older.startswith("?after="), path
        canonical, others, kept = head(client, f"/en/{path}{older}")
        assert (canonical, kept) == (f"{SITE}/en/{path}{older}", True)
        assert others == {code: f"{SITE}/{code}/{path}{older}" for code in ("en", "ru", "kk")}
        assert head(client, f"/ru/{path}{older}")[1] == others
        back = client.get(f"/en/{path}{older}").context["page"].older
        newer = client.get(f"/en/{path}{back}").context["page"].newer if back else ""
        if "before" in newer:
            assert head(client, f"/en/{path}{newer}")[0] == f"{SITE}/en/{path}"
    chosen = client.get("/en/events/?country=kz").context["page"].older
    assert head(client, f"/en/events/{chosen}")[0] == f"{SITE}/en/events/"


def test_what_is_chosen_in_a_list_leads_to_the_list(client):
    factories.whole("published", "Known", "KZ")
    for query in ("?country=kz", "?when=past&sort=oldest", "?text=title"):
        canonical, others, kept = head(client, f"/ru/events/{query}")
        assert (canonical, kept) == (f"{SITE}/ru/events/", True)
        assert others["kk"] == f"{SITE}/kk/events/"


def test_item_names_the_languages_that_it_may_be_read_in_and_no_other(client):
    item = factories.event(ready_ru=False)
    quote = factories.quote(factories.statement(event=item, ready_ru=False))
    outcome = factories.outcome(item)
    for path in (f"events/{item.slug}/", f"quotes/{quote.pk}/", f"outcomes/{outcome.pk}/"):
        both = {code: f"{SITE}/{code}/{path}" for code in ("en", "kk")}
        assert head(client, f"/en/{path}") == (f"{SITE}/en/{path}", both, True)
        assert head(client, f"/kk/{path}") == (f"{SITE}/kk/{path}", both, True)
        assert head(client, f"/ru/{path}") == (f"{SITE}/en/{path}", {}, False)


def test_withdrawn_page_is_kept_by_no_search_engine(client):
    day = dt.date(2020, 1, 1)
    told = factories.statement("withdrawn", date=day)
    quote, item = factories.quote(told), factories.event("withdrawn", date=day, until=day)
    for path in (f"events/{item.slug}/", f"statements/{told.slug}/", f"quotes/{quote.pk}/"):
        assert head(client, f"/en/{path}") == (f"{SITE}/en/{path}", {}, False)
