"""The site without a mouse, and without JavaScript: everything is reached, seen and worked by keys,
and by forms and links alone."""

import difflib
import re

import pytest

from . import archive, factories

pytestmark = pytest.mark.django_db(transaction=True)

# What the Tab key must reach, in the order of the document. Of a closed <details> only its summary.
REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
    .filter((each) => each.tabIndex >= 0 && !each.disabled
        && each.checkVisibility({visibilityProperty: true}))
    .map(label)"""
LABEL = """
    const label = (each) => each.tagName.toLowerCase() + " "
        + (each.id || each.getAttribute("name") || each.getAttribute("href")
           || each.textContent.trim().slice(0, 40));
    """
# Where the focus is: what it is called, and whether a reader can see that it is there.
FOCUS = """() => {
    const each = document.activeElement;
    if (!each || each === document.body) return null;
    const style = getComputedStyle(each), box = each.getBoundingClientRect();
    const x = box.x + Math.min(box.width, innerWidth) / 2, y = box.y + box.height / 2;
    const there = document.elementFromPoint(x, y);
    const again = each === window.walked;
    window.walked = each;
    return {
        label: label(each), again,
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0
            && box.left < innerWidth,
        covered: !!there && !each.contains(there) && !there.contains(each)
            && ![...(each.labels || [])].some((one) => one.contains(there)),
    };
}"""


@pytest.fixture
def record(writer, officer):
    """A record with a page of everything, and more events than a list shows at once."""
    rows = factories.whole("published", "Plain", "KZ")
    archive.fill(rows, 24)
    factories.event(word="Other", country=factories.country("FR"))
    return rows


def script(body: str) -> str:
    return body.replace("() => {", "() => {" + LABEL, 1) if "() => {" in body else (
        f"() => {{ {LABEL} return ({body})(); }}"
    )  # fmt: skip


def walk(page) -> tuple[list[str], list[str], list[str]]:
    """Press Tab until the page ends: what should be reached, what is, and what is wrong with it."""
    wanted = page.evaluate(script(REACHABLE))
    reached, wrong = [], []
    for _press in range(3 * len(wanted)):
        page.keyboard.press("Tab")
        here = page.evaluate(script(FOCUS))
        if here is None or reached[:1] == [here["label"]]:
            break
        if not here["again"]:  # a date is typed in three parts
            reached.append(here["label"])
        faults = [name for name in ("outlined", "inside") if not here[name]]
        faults += ["covered"] if here["covered"] else []
        if faults:
            wrong.append(f"{here['label']}: {', '.join(faults)}")
    return wanted, reached, wrong


def tab_to(page, locator, most: int = 150) -> None:
    """Press Tab until an element has the focus."""
    for _press in range(most):
        if locator.evaluate("(each) => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {locator}")


@pytest.mark.parametrize(("colours", "width"), [("light", 1280), ("dark", 320)])
def test_tab_reaches_everything_in_order_and_shows_where_it_is(
    page, live_server, record, colours, width
):
    page.emulate_media(color_scheme=colours, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    found = []
    for path in ("", "events/", f"events/{record['event'].slug}/", "search/?q=Plain", "outcomes/",
                 f"statements/{record['statement'].slug}/", "nothing-here/"):  # fmt: skip
        page.goto(f"{live_server.url}/en/{path}")
        wanted, reached, wrong = walk(page)
        found += [f"/en/{path}: {each}" for each in wrong]
        order = difflib.ndiff(wanted, reached)
        found += [f"/en/{path}: {each}" for each in order if each[:2] in ("- ", "+ ")]
    assert "\n".join(found) == ""


def test_first_tab_offers_to_skip_to_the_text_and_does(page, live_server, record):
    page.goto(f"{live_server.url}/en/")
    skip = page.locator("a.skip")
    box = skip.bounding_box()
    assert box is None or box["y"] + box["height"] <= 0 or box["x"] < 0
    page.keyboard.press("Tab")
    assert skip.evaluate("(each) => each === document.activeElement")
    box = skip.bounding_box()
    assert (box["x"] >= 0, box["y"] >= 0, box["height"] >= 24) == (True, True, True)
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_event_is_reached_through_the_list(page, live_server, record):
    page.goto(f"{live_server.url}/en/")
    tab_to(page, page.locator("nav.sections a").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/events/")
    tab_to(page, page.locator("#results a").filter(has_text="Plain title").first)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/en/events/[a-z0-9-]+/$"))
    assert page.locator("h1").inner_text() == "Plain title en"


def test_filter_is_chosen_and_taken_away_by_keys(page, live_server, record):
    page.goto(f"{live_server.url}/en/events/")
    fold = page.locator("details:has(form.filters) > summary")
    if not page.locator("select[name=country]").is_visible():
        tab_to(page, fold)
        page.keyboard.press("Enter")
    tab_to(page, page.locator("select[name=country]"))
    page.keyboard.type("Fra")
    page.wait_for_url("**/en/events/?country=fr")
    assert page.locator("#results").get_by_text("Other title en").count() == 1
    assert page.locator("#results").get_by_text("Plain title en").count() == 0
    chip = page.locator(".chips a").first
    assert "France" in chip.inner_text()
    tab_to(page, chip)
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/events/")
    assert page.locator(".chips a").count() == 0
    # Nobody is left without a place: the focus is still in the page, not at its top.
    assert page.evaluate("document.activeElement !== document.body")


def test_search_is_typed_and_a_result_opened_by_keys(page, live_server, record):
    page.goto(f"{live_server.url}/en/contacts/")
    tab_to(page, page.locator("header input[name=q]"))
    page.keyboard.type("Plain title")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search/?q=*")
    tab_to(page, page.locator("main a").filter(has_text="Plain title").first)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/en/(events|statements)/[a-z0-9-]+/$"))


@pytest.fixture
def plain_page(browser):
    """A browser that runs no JavaScript."""
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    yield context.new_page()
    context.close()


def test_filters_paging_and_search_work_without_javascript(plain_page, live_server, record):
    page, site = plain_page, live_server.url
    page.goto(f"{site}/en/events/")
    if not page.locator("select[name=country]").is_visible():
        page.click("details:has(form.filters) > summary")
    page.select_option("select[name=country]", "fr")
    page.click("form.filters button")
    assert "country=fr" in page.url
    assert page.locator("#results").get_by_text("Other title en").count() == 1
    page.locator(".chips a").first.click()
    assert "country=fr" not in page.url
    before = page.locator("#results").inner_text()
    page.click("nav.paging a[rel=next]")
    assert "after=" in page.url
    assert page.locator("#results").inner_text() != before
    page.fill("header input[name=q]", "Plain title")
    page.press("header input[name=q]", "Enter")
    assert page.locator("main a").filter(has_text="Plain title").count() > 0


def test_motion_stops_for_who_asked_for_none(page, live_server, record):
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{live_server.url}/en/")
    moving = page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll("*")].filter((each) => {
            const style = getComputedStyle(each);
            const lasts = (value) => value.split(",").some((one) => parseFloat(one) > 0.01);
            return lasts(style.transitionDuration) || lasts(style.animationDuration)
                || style.scrollBehavior === "smooth";
        }).length"""
    )
    assert moving == 0
