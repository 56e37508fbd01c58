"""The site in a real browser: an editor's morning. What readers see is judged elsewhere: see
test_accessibility.py and test_keyboard.py."""

import datetime as dt
import os
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client

from events.models import Statement

# Playwright runs a loop of its own in this thread, which Django takes for an async caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(page, live_server, user):
    """Put somebody's session into the browser: the form itself is tested once."""
    page.context.clear_cookies()
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )


def sign_in_by_form(page, live_server, user):
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", "a-password-for-tests")
    page.click("input[type=submit]")


def test_writer_drafts_officer_approves_and_readers_wait(page, live_server, staff, complaints):
    sign_in_by_form(page, live_server, staff("Writer"))
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

    sign_in_by_form(page, live_server, staff("Press officer"))
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
