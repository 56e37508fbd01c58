"""What a script adds to the page of an item: the reader's time, buttons, copies with a source."""

import datetime as dt
import os

import pytest
from playwright.sync_api import expect

from events import editions
from events.roles import FOUNDING_IMPORT

from . import factories

# Playwright runs a loop of its own in this thread, which Django takes for an async caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = pytest.mark.django_db(transaction=True)
START = dt.datetime(2090, 10, 9, 20, 0, tzinfo=dt.UTC)
LONG = "The words of this paragraph are longer than forty characters, as one can see."


@pytest.fixture
def said():
    """A statement with a citation, and two paragraphs and a quote to copy."""
    item = factories.statement(
        slug="said", title_en="A speech", body_en=f"<p>Short.</p><p>{LONG}</p><p>Last.</p>"
    )
    factories.quote(item, text_en=LONG, name_en="A Speaker", office_en="Minister")
    editions.write(type(item).objects.get(pk=item.pk), "approve", FOUNDING_IMPORT, START, "", 1)
    return item


def opened(browser, live_server, path, script=True, **settings):
    """A page in a browser of its own, with its script or without it."""
    page = browser.new_context(viewport={"width": 1280, "height": 3000}, **settings).new_page()
    if not script:
        page.route("**/item.js", lambda route: route.abort())
    page.goto(f"{live_server.url}{path}", wait_until="load")
    return page


def places(page):
    """Where everything stands on a page."""
    return page.evaluate(
        """async () => {
          await document.fonts.ready;
          const of = (each) => each.getBoundingClientRect();
          return [...document.querySelectorAll("main *:not(.clock *)")].map(of)
            .map((box) => [box.x, box.y, box.width, box.height]);
        }"""
    )


def unmoved(browser, live_server, path, page):
    """Whether a page stands as it does without its script."""
    plain = opened(browser, live_server, path, script=False)
    without, within = places(plain), places(page)
    plain.context.close()
    return len(without) > 20 and without == within


def copied(page, select):
    """What Ctrl+C puts on the clipboard once a script has selected something."""
    page.evaluate("navigator.clipboard.writeText('nothing')")
    page.evaluate(f"() => {{ const choose = getSelection(); {select} }}")
    page.keyboard.press("Control+c")
    return page.evaluate(
        """async () => {
          const [item] = await navigator.clipboard.read();
          const text = async (type) =>
            item.types.includes(type) ? (await item.getType(type)).text() : "";
          return [await text("text/plain"), await text("text/html")];
        }"""
    )


def test_script_adds_the_reader_s_time_without_moving_anything(browser, live_server):
    times = {"starts_at": START, "ends_at": START + dt.timedelta(hours=5)}
    item = factories.event(date=START.date(), until=START.date() + dt.timedelta(days=1),
                           time_zone="Europe/Moscow", **times)  # fmt: skip
    expected = {
        "Asia/Tokyo": "10 October, 05:00–10:00 your time",
        "America/New_York": "16:00–21:00 your time",
        "Europe/Moscow": "9 October 2090, 20:00–10 October 2090, 01:00 UTC",
    }
    path = f"/en/events/{item.slug}/"
    for zone, words in expected.items():
        page = opened(browser, live_server, path, timezone_id=zone)
        assert page.locator(".clock [data-yours]").inner_text() == words
        assert unmoved(browser, live_server, path, page)
        page.context.close()


def test_copied_words_take_their_source_along(browser, live_server, said):
    page = opened(browser, live_server, "/en/statements/said/",
                  permissions=["clipboard-read", "clipboard-write"])  # fmt: skip
    source = "— Press Office: A speech, 1 January 2020, https://press.example/en/statements/said/"
    text, html = copied(page, "choose.selectAllChildren(document.getElementById('p2'))")
    assert text == f"{LONG}\n\n{source}#p2"
    assert html.endswith(f'<p>{source.rpartition(" ")[0]} <a href="https://press.example/en/'
                         'statements/said/#p2">https://press.example/en/statements/said/#p2</a>'
                         "</p>")  # fmt: skip
    assert ('class="para"' in html, 'id="' in html) == (False, False)
    text, _html = copied(page, "choose.selectAllChildren(document.querySelector('blockquote'))")
    assert text.startswith(f"“{LONG}”\n\n— A Speaker, Minister. A speech, 1 January 2020, https://")
    for alone in ("document.getElementById('p1')", "document.querySelector('.masthead')"):
        text, _html = copied(page, f"choose.selectAllChildren({alone})")
        assert "—" not in text
    page.fill("input[type=search]", LONG)
    text, _html = copied(page, "document.querySelector('input[type=search]').select()")
    assert text == LONG
    page.context.close()


def test_buttons_come_with_the_script_say_so_and_move_nothing(browser, live_server, said):
    path, may = "/en/statements/said/", ["clipboard-read", "clipboard-write"]
    page = opened(browser, live_server, path, permissions=may)
    assert unmoved(browser, live_server, path, page)
    page.get_by_role("button", name="Copy: Cite this page").click()
    expect(page.locator("#said")).to_have_text("Copied")
    line = page.locator("#cite-line").inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == line
    page.context.close()
    page = opened(browser, live_server, path, java_script_enabled=False)
    assert page.get_by_role("button", name="Copy").count() == 0
    page.context.close()
