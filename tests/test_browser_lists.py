"""Lists in a real browser: filters without a reload, and the same without a script."""

import os

import pytest

from events.models import Event

from . import factories

# Playwright runs a loop of its own in this thread, which Django takes for an async caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listed(live_server):
    """The address of a list of three events: two visits and a session."""
    for kind, country in (("visit", "KZ"), ("visit", "BY"), ("session", "KZ")):
        factories.event(event_kind=kind, country=factories.country(country))
    return f"{live_server.url}/en/events/"


def focused(page) -> str:
    return page.evaluate("document.activeElement.id")


def shown(page, total: str) -> list[str]:
    """Wait for the number of results; then which kind is chosen, and the choices of kinds."""
    page.wait_for_function(
        "total => document.getElementById('total').textContent === total"
        " && !document.querySelector('[aria-busy]')",
        arg=total,
    )
    choices = page.locator("#id_kind option").all_text_contents()
    return [page.input_value("#id_kind"), *choices]


def test_filter_is_applied_in_place_and_the_history_leads_back(page, listed):
    page.goto(listed)
    page.evaluate("window.loaded = 'once'")
    page.focus("#id_kind")
    page.select_option("#id_kind", "visit")
    assert shown(page, "2 events") == ["visit", "All", "Summit or session (1)", "Visit (2)"]
    assert (page.url, focused(page)) == (f"{listed}?kind=visit", "id_kind")
    assert page.inner_text("#told") == "2 events"
    page.select_option("#id_country", "kz")
    assert shown(page, "1 event") == ["visit", "All", "Summit or session (1)", "Visit (1)"]
    page.click("#sort-oldest")
    page.wait_for_url(f"{listed}?kind=visit&country=kz&sort=oldest")
    shown(page, "1 event")
    assert focused(page) == "sort-oldest"
    page.click(".chips a >> text=Kind")
    assert shown(page, "2 events")[0] == ""
    assert (page.url, focused(page)) == (f"{listed}?country=kz&sort=oldest", "total")
    visited = {
        "?kind=visit&country=kz&sort=oldest": ("1 event", "visit"),
        "?kind=visit&country=kz": ("1 event", "visit"),
        "?kind=visit": ("2 events", "visit"),
        "": ("3 events", ""),
    }
    for url, (total, kind) in visited.items():
        page.go_back()
        page.wait_for_url(listed + url)
        assert shown(page, total)[0] == kind
    assert page.evaluate("window.loaded") == "once"


def test_bad_value_is_said_in_place_beside_its_field(page, listed):
    page.goto(listed)
    page.fill("#id_text", "*")
    page.press("#id_text", "Enter")
    shown(page, "0 events")
    assert page.inner_text("#field-text .errorlist") == "Give a word to look for."
    assert page.inner_text("#told") == "Give a word to look for."
    assert (focused(page), page.get_attribute("#id_text", "aria-invalid")) == ("id_text", "true")


def test_failure_leads_where_the_form_does_without_a_script(page, listed):
    page.goto(listed)
    page.evaluate("window.loaded = 'once'")
    page.route("**/events/?kind=visit", lambda route: route.abort(), times=1)
    page.select_option("#id_kind", "visit")
    page.wait_for_function("window.loaded === undefined")
    assert shown(page, "2 events")[0] == "visit"
    assert page.url == f"{listed}?kind=visit"


def test_form_and_links_work_without_a_script(browser, listed):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(f"{listed}?when=past")
    assert not page.is_visible("#id_kind")
    page.click("summary >> text=Filters")
    page.select_option("#id_kind", "session")
    page.click("form.filters button")
    assert page.inner_text("#total") == "1 event"
    assert "when=past" in page.url
    assert page.is_visible("#id_kind")  # open where something is chosen
    page.click(".chips a >> text=Kind")
    assert page.inner_text("#total") == "3 events"
    context.close()


def test_month_is_usable_on_a_phone(page, listed):
    day = Event.objects.first().date
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{listed}{day.year}/{day.month}/")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    link = page.locator("table.month a.day")
    assert link.text_content() == "11 January 2020: 3 events"
    box = link.bounding_box()
    assert (box["width"] >= 24, box["height"] >= 24) == (True, True)
    link.click()
    assert page.inner_text("#total") == "3 events"
