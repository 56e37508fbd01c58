"""The desk in a real browser: an item's whole life, and what a release time looks like."""

import datetime as dt
import os

import pytest

from events import publishing, visibility
from events.models import Event, MediaContact, Statement
from events.visibility import Stage

from . import axe
from .test_publishing import brought_to

# Playwright runs a loop of its own in this thread, which Django takes for an async caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-password-for-tests"
SLUG = "a-statement-from-the-desk"


@pytest.fixture
def clock(monkeypatch):
    """The clock of the server's threads, run ahead: clock(hours=1)."""
    ahead = [dt.timedelta()]

    def now():
        return (dt.datetime.now(dt.UTC) + ahead[0]).replace(microsecond=0)

    monkeypatch.setattr(visibility, "clock", now)
    return lambda **span: ahead.__setitem__(0, dt.timedelta(**span))


def settle(page):
    """Let the page finish what it asks: a request that outlives its test meets no database."""
    page.wait_for_load_state("networkidle")


@pytest.fixture
def complaints(page, complaints):
    """The console's, of a page that is left only when it has finished what it asks."""
    yield complaints
    settle(page)


@pytest.fixture
def signed_in(page, live_server):
    """Signs a person in, whoever was before."""

    def sign_in(user):
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/admin/login/")
        page.fill("#id_username", user.username)
        page.fill("#id_password", PASSWORD)
        page.click("input[type=submit]")

    return sign_in


def type_time(page, moment, zone="UTC"):
    page.select_option("#id_zone", zone)
    page.fill("#id_release_at", moment.strftime("%Y-%m-%dT%H:%M:%S"))
    page.wait_for_selector(f"[name=confirmed][value='{moment:%Y-%m-%dT%H:%M:%SZ}']",
                           state="attached")  # fmt: skip


def send(page):
    page.click(".move input[type=submit]")


def stage_of(page):
    return page.locator(".stage").first.inner_text()


def test_item_goes_from_a_writers_form_to_its_readers_and_back(
    page, live_server, staff, signed_in, complaints, clock
):
    MediaContact.objects.create(name_en="Desk", email="desk@example.org")
    signed_in(staff("Writer"))
    page.goto(f"{live_server.url}/admin/events/statement/add/")
    page.fill("#id_slug", SLUG)
    page.select_option("#id_released_before", "False")
    page.select_option("#id_statement_kind", "speech")
    page.fill("#id_date", dt.datetime.now(dt.UTC).date().isoformat())
    page.check("#id_ready_en")
    page.select_option("#id_standing_en", "authentic")
    page.fill("#id_title_en", "A statement from the desk")
    editor = page.locator(".field-body_en [contenteditable=true]")
    editor.click()
    editor.type("Words of the desk.")
    page.click("input[name=_continue]")
    page.click("text=Submit for review")
    send(page)
    assert stage_of(page) == "in review"
    address = page.url

    signed_in(staff("Press officer"))
    page.goto(address)
    page.click("text=Approve for a time")
    release = visibility.clock() + dt.timedelta(hours=2)
    type_time(page, release)
    assert "office time (Asia/Almaty)" in page.locator("#release-times").inner_text()
    assert page.locator(".move-countdown").inner_text() in (
        "goes out in 2 hours", "goes out in 1 hour 59 minutes",
    )  # fmt: skip
    for answer in page.locator(".move textarea").all():
        answer.fill("It is right so.")
    send(page)
    assert stage_of(page) == "embargoed"
    assert Statement.objects.get().release_at == release
    assert "goes out in" in page.locator(".field-release_shown").inner_text()

    reader = page.context.browser.new_context().request
    public = f"{live_server.url}/en/statements/{SLUG}/"

    def readers_get():
        feed = reader.get(f"{live_server.url}/en/feeds/latest.rss").text()
        answer = reader.get(public)
        return answer.status, SLUG in feed, answer.text()

    clock(hours=1, minutes=59)
    assert readers_get()[:2] == (404, False)
    clock(hours=2)
    status, in_feed, text = readers_get()
    assert (status, in_feed) == (200, True)
    assert "Words of the desk." in text

    page.goto(address)
    page.click("text=Withdraw")
    page.fill("#id_reason_en", "The visit was put off.")
    page.fill("#id_password", "not the password")
    send(page)
    assert "This is not your password." in page.locator(".errorlist").inner_text()
    assert readers_get()[:2] == (200, True)
    assert page.input_value("#id_reason_en") == "The visit was put off."
    page.fill("#id_password", PASSWORD)
    send(page)
    assert stage_of(page) == "withdrawn"
    status, in_feed, text = readers_get()
    assert (status, in_feed) == (200, False)
    assert "Withdrawn by the press office." in text
    assert "The visit was put off." not in text

    signed_in(staff("Press officer", "second-officer"))
    page.goto(address)
    page.click("text=Approve the public reason")
    assert "The visit was put off." in page.locator(".move-words").inner_text()
    send(page)
    assert "The visit was put off." in readers_get()[2]

    page.click("text=Retract")
    page.fill("#id_reason_en", "It was never said.")
    page.fill("#id_password", PASSWORD)
    send(page)
    assert stage_of(page) == "retracted"
    status, in_feed, text = readers_get()
    assert (status, in_feed) == (410, False)
    assert "Words of the desk." not in text
    assert complaints == []


@pytest.fixture
def waiting(event, staff):
    """An event in Berlin that waits for approval; its writer, and an officer."""
    Event.objects.filter(pk=event.pk).update(time_zone="Europe/Berlin")
    writer, officer = staff("Writer"), staff("Press officer")
    item = brought_to(Event.objects.get(), Stage.IN_REVIEW, writer, officer)
    return item, writer, officer


def move_url(live_server, item, verb):
    return f"{live_server.url}/admin/events/event/{item.pk}/move/{verb}/"


def test_time_is_shown_while_it_is_typed_and_one_click_acts(
    page, live_server, waiting, signed_in, complaints
):
    item, _writer, officer = waiting
    year = dt.datetime.now(dt.UTC).year + 1
    # The last Sunday of March, when Berlin's clocks go from 2 to 3; of October, from 3 to 2.
    spring, autumn = (
        max(day for n in range(25, 32) if (day := dt.date(year, month, n)).weekday() == 6)
        for month in (3, 10)
    )
    signed_in(officer)
    page.goto(move_url(live_server, item, "approve"))
    page.select_option("#id_zone", "Europe/Berlin")
    page.fill("#id_release_at", f"{spring}T02:30:00")
    page.wait_for_selector("#release-times .errorlist")
    said = page.locator("#release-times").inner_text()
    assert "There is no such time" in said
    assert "03:00:00 (UTC+2)" in said
    page.fill("#id_release_at", f"{autumn}T02:30:00")
    page.wait_for_selector("#id_which_second")
    assert page.locator("[name=confirmed]").count() == 0
    # By the keyboard alone: the choice keeps its focus when the times around it are renewed.
    page.focus("#id_which_first")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".move-countdown")
    assert page.evaluate("document.activeElement.id") == "id_which_second"
    assert "01:30:00 (UTC+0)" in page.locator(".move-zones").last.inner_text()
    send(page)
    assert stage_of(page) == "embargoed"
    assert Event.objects.get().release_at == dt.datetime.combine(
        autumn, dt.time(1, 30), tzinfo=dt.UTC
    )
    assert complaints == []


def test_without_script_time_is_shown_on_a_second_step(browser, live_server, waiting, client):
    item, _writer, officer = waiting
    client.force_login(officer)
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value,
          "url": live_server.url}]
    )  # fmt: skip
    page = context.new_page()
    page.goto(move_url(live_server, item, "approve"))
    page.fill("#id_release_at", "2090-01-02T10:00:00")
    send(page)
    assert "Nothing has happened yet." in page.locator(".move-confirm").inner_text()
    assert "05:00:00 (UTC+0)" in page.locator("#release-times").inner_text()
    assert Event.objects.get().stage is Stage.IN_REVIEW
    send(page)
    assert stage_of(page) == "embargoed"
    assert Event.objects.get().release_at == dt.datetime(2090, 1, 2, 5, tzinfo=dt.UTC)
    settle(page)
    context.close()


def test_pages_of_the_moves_are_accessible_and_fit(page, live_server, waiting, staff, client):
    """WCAG 2.2 AA, as far as a program can tell, on a narrow screen."""
    item, _writer, officer = waiting
    client.force_login(staff("Press officer", "second-officer"))
    page.set_viewport_size({"width": 320, "height": 900})
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value,
          "url": live_server.url}]
    )  # fmt: skip

    def judged(verb):
        page.goto(move_url(live_server, item, verb))
        if page.locator("#id_release_at").count():
            page.select_option("#id_zone", "Europe/Berlin")
            page.fill("#id_release_at", "2037-10-25T02:30:00")
            page.wait_for_selector("#id_which_first")
            page.check("#id_which_first")
            page.wait_for_selector(".move-countdown")
        return verb, axe.violations(page), page.evaluate("document.documentElement.scrollWidth")

    for verb in ("send_back", "countersign", "approve", "release_now", "submit"):
        assert judged(verb) == (verb, [], 320)
    release = visibility.clock() + dt.timedelta(days=1)
    item = publishing.approve(item, officer, release)
    for verb in ("move_release", "cancel_release"):
        assert judged(verb) == (verb, [], 320)
    item = publishing.cancel_release(item, officer, "Later.")
    item = publishing.release_now(item, officer)
    for verb in ("withdraw", "retract"):
        assert judged(verb) == (verb, [], 320)
    item = publishing.withdraw(item, officer, {"en": "The visit was put off."})
    item = publishing.ask_reinstatement(item, officer, "It was right after all.")
    for verb in ("propose_reason", "approve_reason", "ask_reinstatement", "reinstate"):
        assert judged(verb) == (verb, [], 320)
    settle(page)
