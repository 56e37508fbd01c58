"""The site in a real browser: an editor's morning, and what a reader's browser complains of."""

import datetime as dt
import os
import re
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command

from events.models import Statement

# Playwright runs a loop of its own in this thread, which Django takes for an async caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = pytest.mark.django_db(transaction=True)
SLUG = "csto-collective-security-council-session-dushanbe-2007"
PAGES = ("", "events/", f"events/{SLUG}/", "statements/", "quotes/", "outcomes/", "people/",
         "people/nursultan-nazarbayev/", "organisations/csto/", "topics/", "feeds/", "contacts/",
         "nothing-here/")  # fmt: skip


def load_record():
    """The founding record, as `make run` loads it."""
    folder = settings.BASE_DIR / "fixtures"
    for name in ("reference", "dushanbe-2007", "other-events"):
        call_command("loaddata", str(folder / f"{name}.json"), verbosity=0)


@pytest.fixture
def complaints(page):
    """What the browser's console says: errors and policy violations."""
    said = []
    page.on("console", lambda message: message.type == "error" and said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def sign_in(page, live_server, user):
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", "a-password-for-tests")
    page.click("input[type=submit]")


def test_writer_drafts_officer_approves_and_readers_wait(page, live_server, staff, complaints):
    sign_in(page, live_server, staff("Writer"))
    page.goto(f"{live_server.url}/admin/events/statement/add/")
    page.fill("#id_slug", "a-browser-statement")
    page.select_option("#id_released_before", "False")
    page.select_option("#id_statement_kind", "speech")
    page.fill("#id_date", "2026-10-06")
    page.check("#id_ready_en")
    page.select_option("#id_standing_en", "authentic")
    page.fill("#id_title_en", "A statement typed in a browser")
    editor = page.locator(".field-body_en [contenteditable=true]")
    editor.click()
    editor.type("The text as typed.")
    page.click("input[name=_continue]")
    assert Statement.objects.get().body_en == "<p>The text as typed.</p>"
    page.click("text=Submit for review")
    page.click("input[type=submit]")
    assert page.locator(".moves >> text=Approve").count() == 0
    address = page.url

    sign_in(page, live_server, staff("Press officer"))
    page.goto(address)
    page.click("text=Approve for a time")
    when = dt.datetime.now(ZoneInfo(settings.OFFICE_TIME_ZONE)) + dt.timedelta(hours=2)
    page.fill("#id_release_at", when.strftime("%Y-%m-%dT%H:%M:%S"))
    page.wait_for_selector(".move-countdown")
    page.fill("#id_answer-no-contact", "The duty desk answers.")
    page.click("input[type=submit]")
    assert page.locator(".stage").first.inner_text() == "embargoed"
    assert complaints == []

    answer = page.goto(f"{live_server.url}/en/statements/a-browser-statement/")
    assert answer.status == 404
    statement = Statement.objects.get()
    release = dt.datetime.now(dt.UTC).replace(microsecond=0)
    Statement.objects.filter(pk=statement.pk).update(release_at=release, published_at=release)
    assert page.goto(f"{live_server.url}/en/statements/a-browser-statement/").status == 200
    assert page.locator(".body").inner_text() == "The text as typed."


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_public_pages_fit_and_complain_of_nothing(page, live_server, complaints, width, language):
    load_record()
    page.set_viewport_size({"width": width, "height": 900})
    outside = []
    page.on("request", lambda request: outside.append(request.url)
            if not request.url.startswith(live_server.url) else None)  # fmt: skip
    for path in PAGES:
        answer = page.goto(f"{live_server.url}/{language}/{path}")
        assert answer.status == (404 if path == "nothing-here/" else 200)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, path
        assert page.locator("h1").count() == 1, path
    missing = [each for each in complaints if "404" not in each]
    assert (missing, outside, page.context.cookies()) == ([], [], [])
    page.goto(f"{live_server.url}/{language}/events/{SLUG}/")
    assert re.search("Byelorussia", page.locator(".participants").inner_text())


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_public_pages_are_accessible(browser, live_server, language, colours):
    """WCAG 2.2 AA, as far as a program can tell, on a narrow screen."""
    load_record()
    # The judge is a script of its own, which the pages' policy would refuse.
    context = browser.new_context(
        bypass_csp=True, viewport={"width": 320, "height": 900}, color_scheme=colours
    )
    page = context.new_page()
    for path in PAGES:
        page.goto(f"{live_server.url}/{language}/{path}")
        found = Axe().run(page).response["violations"]
        assert [(path, each["id"]) for each in found] == []
    context.close()
