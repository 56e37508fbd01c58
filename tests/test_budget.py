"""What a page weighs, as a reader's browser gets it: the budget of DESIGN, section 8, on pages of a
full archive."""

import gzip
from collections import Counter
from io import StringIO

import brotli
import pytest
from django.core.management import call_command

from . import archive, factories, pages

HTML, CSS, JS, FONTS, REQUESTS = 30_000, 20_000, 10_000, 120_000, 10
FULL = 80  # items of each kind: more than any page holds
PATHS = {
    "home": "", "events": "events/", "statements": "statements/", "quotes": "quotes/",
    "outcomes": "outcomes/", "search": "search/?q=Heavy", "event": "events/{event.slug}/",
    "statement": "statements/{statement.slug}/", "country": "countries/kz/",
    "founding event": f"events/{pages.EVENT}/",
}  # fmt: skip


@pytest.fixture
def addresses():
    """The pages of an archive with more rows than any of them holds, in the languages that take
    the most bytes."""
    call_command("load_demo", verbosity=0, stdout=StringIO())
    rows = factories.whole("published", "Heavy", "KZ")
    archive.fill(rows, FULL)
    return [f"/{code}/{path.format(**rows)}" for code in ("ru", "kk") for path in PATHS.values()]


@pytest.mark.django_db
def test_no_page_weighs_more_than_its_budget(client, addresses):
    weights = {address: len(gzip.compress(client.get(address).content)) for address in addresses}
    assert {address: weight for address, weight in weights.items() if weight > HTML} == {}
    assert min(weights.values()) > 1_000  # what is weighed are pages


def compressed(response) -> int:
    """The weight of a file on the line: fonts are compressed as they are, the rest by Brotli, as
    WhiteNoise does it ahead of time."""
    body = response.body()
    return len(body) if response.request.resource_type == "font" else len(brotli.compress(body))


@pytest.mark.django_db(transaction=True)
def test_first_view_of_each_page_asks_for_little(browser, live_server, addresses):
    over = []
    for address in addresses[len(PATHS) :]:  # one language: what is asked for is the same in all
        # A browser that has never been here.
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page, got = context.new_page(), []
        page.on("response", lambda each, got=got: got.append(each))
        page.goto(f"{live_server.url}{address}")
        page.evaluate("document.fonts.ready.then(() => true)")
        weight: Counter[str] = Counter()
        for each in got:
            weight[each.request.resource_type] += compressed(each)
        context.close()
        asked = len(got) + 1  # the icon, which Playwright does not tell of
        if asked > REQUESTS:
            over.append(f"{address}: {asked} requests")
        for kind, most in (("stylesheet", CSS), ("script", JS), ("font", FONTS)):
            if weight[kind] > most:
                over.append(f"{address}: {weight[kind]} bytes of {kind}")
        assert min(weight["stylesheet"], weight["font"]) > 0, address
    assert "\n".join(over) == ""
