"""A passkey in a real browser, from the first sign-in to an approval; and on every page of it the
policy is kept: no inline script, no style of its own, nothing that the console complains of."""

import datetime as dt
import re
import time
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.sessions.models import Session

from events import publishing
from events.models import AuditEntry, Freeze, Statement
from events.signin import standing

from . import axe

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-password-for-tests"


@pytest.fixture
def required(settings):
    """As on a public host: a password alone lets nobody in."""
    settings.STAFF_MFA = "required"


@pytest.fixture
def authenticator(page):
    """A telephone that unlocks with a finger, which is there: WebDriver's virtual one."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }})  # fmt: skip
    return devtools


@pytest.fixture
def violations(page):
    """What the browser refused because of the policy, on every page from now on."""
    found = []
    page.expose_function("tell_violation", lambda what: found.append(what))  # noqa: PLW0108
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', (event) => "
        "tell_violation(`${event.violatedDirective} ${event.blockedURI} ${location.pathname}`))"
    )
    return found


def by_password(page, live_server, user, to="/admin/"):
    page.goto(f"{live_server.url}{to}")
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form input[type=submit]")


def sign_out(page, live_server):
    page.goto(f"{live_server.url}/admin/")
    with page.expect_navigation():
        page.click("#logout-form button")


def grown_old():
    """Every session has stood for a while: nobody has shown who they are lately."""
    for row in Session.objects.all():
        kept = row.get_decoded()
        if standing.CONFIRMED in kept:
            kept[standing.CONFIRMED] -= 3600
            row.session_data = Session.objects.encode(kept)
            row.save()


def acts():
    return list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))


def test_passkey_is_added_signs_in_and_confirms_an_approval(
    page, live_server, staff, statement, required, authenticator, violations, complaints
):
    writer, officer = staff("Writer"), staff("Press officer")
    item = publishing.submit(statement, writer)
    move = f"/admin/events/statement/{item.pk}/move/approve/"

    by_password(page, live_server, officer, move)
    assert page.url.endswith("/accounts/factors/")
    assert "nothing else opens" in page.locator(".move-confirm").inner_text()
    page.goto(live_server.url + move)
    assert page.url.endswith("/accounts/factors/")
    page.click("a.button >> text=Add a passkey")
    page.fill("#id_name", "Office laptop")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/accounts/factors/paper/")
    assert page.locator(".paper-codes li").count() == 10
    page.goto(f"{live_server.url}/accounts/factors/")
    assert page.locator(".factors strong").all_inner_texts() == ["Office laptop"]
    assert page.locator(".factors a").count() == 0  # the last one stays

    sign_out(page, live_server)
    page.goto(live_server.url + move)
    page.click("text=Sign in with a passkey")
    page.wait_for_url(live_server.url + move)

    grown_old()
    when = dt.datetime.now(ZoneInfo(settings.OFFICE_TIME_ZONE)) + dt.timedelta(hours=2)
    page.goto(live_server.url + move)
    assert page.locator(".move-anew").count() == 1
    page.fill("#id_release_at", when.strftime("%Y-%m-%dT%H:%M:%S"))
    page.wait_for_selector(".move-countdown")
    page.click("input[type=submit]")
    page.wait_for_url("**/accounts/reauthenticate/**")
    assert Statement.objects.get().status == "in_review"
    assert page.locator("#anew-form").count() == 1  # a recovery code beside the password would do
    page.click("text=Use a passkey")
    page.wait_for_url(re.compile(r"/admin/events/statement/[^/]+/change/"))
    approved = Statement.objects.get()
    assert (approved.status, approved.release_at) == (
        "approved", when.astimezone(dt.UTC).replace(microsecond=0),
    )  # fmt: skip
    assert [acts().count(act) for act in ("signed_in", "second_factor_added", "confirmed")] == [
        2, 2, 1,
    ]  # fmt: skip
    assert (violations, complaints) == ([], [])


def test_every_page_of_the_door_keeps_the_policy_and_reads_well(
    page, live_server, staff, authenticator, violations, complaints
):
    head = staff("Head of press")
    page.goto(f"{live_server.url}/accounts/login/")
    assert axe.violations(page, targets=True) == []
    by_password(page, live_server, head)
    seen = {}

    def look(address):
        page.goto(live_server.url + address)
        seen[address] = axe.violations(page, targets=True)

    for address in ("/accounts/factors/", "/accounts/factors/passkey/", "/accounts/factors/codes/",
                    "/accounts/sessions/", "/admin/freeze/"):  # fmt: skip
        look(address)
    page.goto(f"{live_server.url}/accounts/factors/codes/")
    secret = page.locator("ol code").inner_text().replace(" ", "")
    page.fill("#id_code", code(secret))
    page.click("input[type=submit]")
    assert page.url.endswith("/accounts/factors/paper/")
    seen["paper"] = axe.violations(page, targets=True)
    for address in ("/accounts/factors/", "/accounts/factors/codes/remove/",
                    "/accounts/factors/paper/", "/accounts/factors/paper/new/",
                    "/accounts/reauthenticate/?next=/admin/"):  # fmt: skip
        look(address)
    sign_out(page, live_server)
    by_password(page, live_server, head)
    assert page.url.endswith("/accounts/login/step/")
    seen["step"] = axe.violations(page, targets=True)
    assert {address: found for address, found in seen.items() if found} == {}
    assert (violations, complaints) == ([], [])


def code(secret, ahead=0):
    """What an app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def test_head_freezes_the_site_after_confirming_and_the_others_are_out(
    page, live_server, staff, violations, complaints
):
    head = staff("Head of press")
    by_password(page, live_server, head)
    grown_old()
    page.click("text=Freeze the site")
    page.fill("#id_reason", "Somebody is at the duty desk’s keyboard")
    page.click("button[value=freeze]")
    page.wait_for_url("**/accounts/reauthenticate/**")
    page.fill("#id_password", "not it")
    page.click("#anew-form input[type=submit]")
    assert "Nothing has happened" in page.locator("[role=alert]").inner_text()
    assert not Freeze.objects.exists()
    page.fill("#id_password", PASSWORD)
    page.click("#anew-form input[type=submit]")
    page.wait_for_url("**/admin/freeze/")
    assert Freeze.objects.get().reason == "Somebody is at the duty desk’s keyboard"
    assert page.locator(".frozen").inner_text().startswith("The site is frozen")
    page.click("button[value=unfreeze]")
    page.wait_for_url("**/admin/freeze/")
    assert page.locator(".frozen").count() == 0
    assert violations == []
    assert [each for each in complaints if "403" not in each] == []


def test_passkey_that_was_taken_away_signs_nobody_in(
    page, live_server, staff, required, authenticator
):
    officer = staff("Press officer")
    by_password(page, live_server, officer)
    page.goto(f"{live_server.url}/accounts/factors/passkey/")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/accounts/factors/paper/")
    Authenticator.objects.all().delete()
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/accounts/login/?next=/admin/search/")
    page.click("text=Sign in with a passkey")
    page.wait_for_selector(".messagelist")
    assert page.locator(".messagelist").inner_text() == "That passkey opens no account here."
    assert page.locator("#login-form [name=next]").input_value() == "/admin/search/"
