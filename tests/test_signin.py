"""Who is let in, how often one may try, and what a wrong try can learn: nothing."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth import hashers
from django.core import mail
from django.core.cache import caches
from django.test import Client
from django.urls import NoReverseMatch, reverse

from events import notifications
from events.models import AuditEntry, Device, Notification
from events.signin import devices, factors, locking, targets, tries
from events.signin.passwords import NormalisingHasher, normalised

pytestmark = pytest.mark.django_db
PASSWORD = "a-password-for-tests"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN, STEP, ANEW = "/accounts/login/", "/accounts/login/step/", "/accounts/reauthenticate/"


@pytest.fixture
def required(settings):
    settings.STAFF_MFA = "required"


@pytest.fixture
def officer(staff):
    return staff("Press officer")


@pytest.fixture
def head(staff):
    return staff("Head of press")


def sign_in(client, name="press-officer", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": name, "password": password} | more)


def is_in(client):
    return "_auth_user_id" in client.session


def with_codes(user):
    """Codes from an app, and ten on paper; returns those."""
    TOTP.activate(user, SECRET)
    return RecoveryCodes.activate(user).generate_codes()


def code(ahead=0):
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + ahead))


def said(answer):
    """A page without what differs from one request to the next."""
    return re.sub(rb'(nonce|value)="[^"]*"', b"", answer.content)


# --- The way in -----------------------------------------------------------------------------------


def test_name_and_password_sign_in_where_no_factor_is_asked_for(client, officer):
    answer = sign_in(client, next="/admin/search/")
    assert (answer.status_code, answer["Location"], is_in(client)) == (302, "/admin/search/", True)


def test_stock_door_leads_to_the_one_way_in_with_where_one_was_going(client, officer):
    answer = client.get("/admin/search/?q=x", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=/admin/search/%3Fq%3Dx"
    answer = client.post("/admin/login/", {"username": officer.username, "password": PASSWORD})
    assert (answer.status_code, is_in(client)) == (302, False)


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_reset_password", "account_confirm_login_code",
     "mfa_trust", "account_set_password", "account_signup_by_passkey"],
)  # fmt: skip
def test_what_the_office_does_not_offer_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "address", ["signup/", "email/", "password/reset/", "login/code/", "3rdparty/", "inactive/"]
)
def test_what_the_office_does_not_offer_is_not_found(client, address):
    assert client.get(f"/accounts/{address}").status_code == 404


def test_nobody_learns_whether_a_name_exists_is_locked_closed_or_mistyped(client, staff, officer):
    closed, locked = staff("Writer", "closed"), staff("Writer", "locked")
    closed.is_active = False
    closed.save()
    outsider = type(officer).objects.create_user("outsider", password=PASSWORD)
    head = staff("Head of press")
    locking.lock(locked, head)
    answers = [
        sign_in(Client(), name, password)
        for name, password in (
            ("nobody", PASSWORD), ("press-officer", "wrong"), ("closed", PASSWORD),
            ("locked", PASSWORD), (outsider.username, PASSWORD),
        )
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} == {200}
    assert {said(answer) for answer in answers} == {said(answers[0])}
    assert b"Name and password do not match" in answers[0].content
    plain = [{name: value for name, value in answer.headers.items() if name not in
              ("Content-Length", "Content-Security-Policy", "Expires")} for answer in answers]  # fmt: skip  # noqa: E501
    assert all(each == plain[0] for each in plain)


def test_same_work_is_done_whatever_is_wrong(client, staff, officer, monkeypatch):
    head, locked = staff("Head of press"), staff("Writer", "locked")
    locking.lock(locked, head)
    hashed = []
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode",
        lambda self, password, salt: hashed.append(1) or encode(self, password, salt),
    )  # fmt: skip
    work = []
    for name, password in (("nobody", "wrong"), ("press-officer", "wrong"), ("locked", PASSWORD)):
        hashed.clear()
        sign_in(Client(), name, password)
        work.append(len(hashed))
    assert work == [1, 1, 1]


@pytest.mark.parametrize(
    "data",
    [{}, {"login": "x"}, {"password": "x"}, {"login": "x" * 200, "password": "x"},
     {"login": "press-officer", "password": "x" * 5000}, {"login": "\x00", "password": "\x00"},
     {"login": "\ud800".encode("utf-8", "surrogatepass"), "password": "x"}],
)  # fmt: skip
def test_garbage_is_a_form_with_a_sentence(client, officer, data):
    answer = client.post(LOGIN, data)
    assert (answer.status_code, is_in(client)) == (200, False)
    assert answer.context["form"].errors


# --- Where it leads -------------------------------------------------------------------------------

EVIL = ["//evil.example/admin/", "/\\evil.example", "https://evil.example/admin/",
        "/\t/evil.example",
        "\\\\evil.example/admin/", "/en/", "/api/v1/", "admin/", "javascript:alert(1)", "/admin",
        "///admin/", "/%2F/evil", "http:admin/", "/admin/\n", " /admin/", "/accounts", "/adminx/",
        "https:/admin/", "/admin\\..\\/"]  # fmt: skip


@pytest.mark.parametrize("back", EVIL)
def test_sign_in_leads_to_the_staffs_own_pages_alone(client, officer, back):
    assert not targets.is_own(back)
    assert sign_in(client, next=back)["Location"] == "/admin/"


@pytest.mark.parametrize("back", EVIL)
def test_page_itself_names_no_other_address(client, officer, back):
    answer = client.get(LOGIN, {"next": back})
    assert answer.context["next"] == ""
    client.force_login(officer)
    assert client.get(LOGIN, {"next": back})["Location"] == "/admin/"
    assert client.get("/admin/login/", {"next": back})["Location"] == "/admin/"


@pytest.mark.parametrize(
    "back", ["/admin/", "/admin/events/statement/add/?a=b#c", "/preview/x/", "/rehearsal/",
             "/accounts/sessions/"],
)  # fmt: skip
def test_own_pages_are_led_to(client, officer, back):
    assert sign_in(client, next=back)["Location"] == back


# --- The second factor ----------------------------------------------------------------------------


def test_code_is_asked_for_after_the_password_and_counts_once(client, officer):
    with_codes(officer)
    assert sign_in(client, next="/admin/search/")["Location"] == STEP
    assert not is_in(client)
    assert client.get("/admin/").status_code == 302
    assert client.post(STEP, {"code": "000000"}).status_code == 200
    now = code()
    answer = client.post(STEP, {"code": f"{now[:3]} {now[3:]}"})
    assert (answer["Location"], is_in(client)) == ("/admin/search/", True)
    again = Client()
    sign_in(again)
    assert again.post(STEP, {"code": now}).status_code == 200
    assert not is_in(again)


def test_used_code_stays_used_for_as_long_as_it_would_count(client, officer, monkeypatch):
    with_codes(officer)
    now, real = code(), time.time()
    sign_in(client)
    client.post(STEP, {"code": now})
    again = Client()
    sign_in(again)
    monkeypatch.setattr(time, "time", lambda: real + 25)
    caches["default"].delete(f"allauth.mfa.totp.used?user={officer.pk}&code={now}")
    assert again.post(STEP, {"code": now}).status_code == 200
    assert not is_in(again)


def test_recovery_code_works_once(client, officer):
    paper = with_codes(officer)
    for there, expected in ((client, True), (Client(), False)):
        sign_in(there)
        there.post(STEP, {"code": paper[3]})
        assert is_in(there) is expected


def test_secrets_are_not_stored_as_they_are(officer):
    with_codes(officer)
    kept = repr(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in kept


def test_session_has_another_key_after_each_step(client, officer):
    with_codes(officer)
    client.get(LOGIN)
    sign_in(client)
    before = client.session.session_key
    client.post(STEP, {"code": code()})
    assert (is_in(client), client.session.session_key == before) == (True, False)


@pytest.mark.parametrize(
    "credential", ["", "x", "[]", "{}", "null", "1", '{"id": 1}', '{"response": {}}',
                   '{"response": {"userHandle": "x"}}', '{"response": {"userHandle": 5}}',
                   '{"rawId": "AA", "id": "AA", "type": "public-key", "response": '
                   '{"userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "clientDataJSON": '
                   '"AA", "authenticatorData": "AA", "signature": "AA"}}'],
)  # fmt: skip
def test_garbage_in_place_of_a_passkey_is_one_polite_answer(client, officer, credential):
    client.get("/accounts/login/passkey/", headers={"Accept": "application/json"})
    answer = client.post("/accounts/login/passkey/", {"credential": credential}, follow=True)
    assert (answer.redirect_chain[-1][0], is_in(client)) == (LOGIN, False)
    assert [str(each) for each in answer.context["messages"]] == [
        "That passkey opens no account here."
    ]


@pytest.mark.parametrize("credential", ["", "x", "[]", "{}", "null", '{"response": {}}'])
def test_garbage_in_place_of_a_new_passkey_adds_none(client, officer, credential):
    client.force_login(officer)
    client.get("/accounts/factors/passkey/")
    answer = client.post("/accounts/factors/passkey/", {"credential": credential})
    assert (answer.status_code, Authenticator.objects.count()) == (200, 0)


# --- Required -------------------------------------------------------------------------------------


def doors(item):
    return ["/admin/", "/admin/search/?q=a", "/admin/notifications/", "/admin/events/statement/",
            f"/admin/events/statement/{item.pk}/change/", "/admin/autocomplete/", "/rehearsal/",
            f"/preview/statements/{item.pk}/", "/admin/password_change/", "/admin/freeze/",
            "/admin/nothing/"]  # fmt: skip


def test_whoever_has_no_factor_is_led_to_add_one_and_nothing_else_opens(
    client, officer, statement, required
):
    sign_in(client)
    for address in doors(statement):
        for ask in (client.get, client.post):
            answer = ask(address)
            if answer.status_code != 404:
                assert (answer.status_code, answer["Location"]) == (302, "/accounts/factors/")
    assert client.get("/accounts/factors/").status_code == 200
    assert client.get("/accounts/factors/codes/").status_code == 200
    assert client.get("/accounts/sessions/").status_code == 200


def test_codes_open_the_doors_once_they_are_set_up(client, officer, required):
    sign_in(client)
    page = client.get("/accounts/factors/codes/")
    secret = page.context["form"].secret
    before = client.session.session_key
    now = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post("/accounts/factors/codes/", {"code": now})
    assert answer["Location"] == "/accounts/factors/paper/"
    assert client.session.session_key != before
    assert len(client.get("/accounts/factors/paper/").context["unused_codes"]) == 10
    assert client.get("/accounts/factors/paper/").context["unused_codes"] == ["****"] * 10
    assert client.get("/admin/").status_code == 200


def test_last_factor_cannot_be_removed_where_one_is_required(client, officer, required):
    with_codes(officer)
    client.force_login(officer)
    answer = client.post("/accounts/factors/codes/remove/")
    assert (answer.status_code, factors.of(officer)[0].type) == (200, "totp")
    key = Authenticator.objects.create(user=officer, type="webauthn", data={"name": "K"})
    assert client.post(f"/accounts/factors/passkey/{key.pk}/remove/").status_code == 302
    key = Authenticator.objects.create(user=officer, type="webauthn", data={"name": "K"})
    assert client.post("/accounts/factors/codes/remove/").status_code == 302
    answer = client.post(f"/accounts/factors/passkey/{key.pk}/remove/")
    assert (answer.status_code, [row.pk for row in factors.of(officer)]) == (409, [key.pk])


def test_passkey_of_somebody_else_cannot_be_removed(client, officer, head):
    key = Authenticator.objects.create(user=head, type="webauthn", data={"name": "K"})
    client.force_login(officer)
    assert client.post(f"/accounts/factors/passkey/{key.pk}/remove/").status_code == 404
    assert factors.of(head)


def test_head_resets_a_colleagues_factors_and_nobody_their_own(
    client, officer, head, django_capture_on_commit_callbacks
):
    officer.email = "officer@example.org"
    officer.save()
    with_codes(officer)
    with_codes(head)
    theirs = Client()
    theirs.force_login(officer)
    client.force_login(head)
    page = reverse("admin:auth_user_door", args=[officer.pk, "factors"])
    assert client.get(page).status_code == 200
    assert len(factors.of(officer)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page).status_code == 302
    assert not Authenticator.objects.filter(user=officer).exists()
    assert theirs.get("/admin/").status_code == 302
    assert [message.to for message in mail.outbox] == [["officer@example.org"]]
    assert AuditEntry.objects.filter(act="factors_taken", by=head).count() == 1
    own = reverse("admin:auth_user_door", args=[head.pk, "factors"])
    assert client.post(own).status_code == 403
    assert len(factors.of(head)) == 1


@pytest.mark.parametrize("act", ["lock", "unlock", "sessions", "factors"])
@pytest.mark.parametrize("role", ["Writer", "Press officer", "Archivist", "Reader under embargo"])
def test_accounts_doors_are_for_heads(client, staff, head, role, act):
    client.force_login(staff(role, "somebody"))
    for pk in (head.pk, 10**9):
        page = reverse("admin:auth_user_door", args=[pk, act])
        assert (client.get(page).status_code, client.post(page).status_code) == (403, 403)


def test_no_secret_of_anybody_is_in_the_admin(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("root", password="x" * 16))
    for address in ("mfa/authenticator/", "usersessions/usersession/", "account/emailaddress/"):
        assert client.get(f"/admin/{address}").status_code == 404


# --- How often ------------------------------------------------------------------------------------


@pytest.fixture
def noon(monkeypatch):
    """A clock that stands at the beginning of an hour, until it is set."""
    now = [1_799_996_400]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return lambda seconds: now.__setitem__(0, 1_799_996_400 + seconds)


def test_sixth_try_is_refused_even_with_the_right_password_and_says_for_how_long(
    client, officer, noon
):
    for _number in range(tries.HERE.most):
        assert sign_in(client, password="wrong").status_code == 200
    answer = sign_in(client)
    assert (answer.status_code, answer["Retry-After"], is_in(client)) == (429, "300", False)
    assert answer["Cache-Control"] == "no-store"
    assert sign_in(client, "nobody", "x").status_code == 200
    noon(300)
    assert sign_in(client).status_code == 302


def test_names_that_nobody_has_are_counted_alike(client, officer, noon):
    def statuses(name):
        return [sign_in(Client(), name, "wrong").status_code for _number in range(7)]

    assert statuses("press-officer") == statuses("nobody") == [200] * 5 + [429] * 2
    assert sign_in(client, "PRESS-officer", "wrong").status_code == 429


def test_right_passwords_count_for_nothing(officer, noon):
    assert [sign_in(Client()).status_code for _number in range(12)] == [302] * 12


def test_guessing_from_elsewhere_keeps_nobody_out(client, officer, noon):
    for _number in range(6):
        sign_in(Client(REMOTE_ADDR="203.0.113.5"), password="wrong")
    assert sign_in(client).status_code == 302


def test_guessing_from_everywhere_is_slow_and_keeps_a_known_browser_in(client, officer, noon):
    assert sign_in(client).status_code == 302
    del client.cookies["sessionid"]  # and not the one that knows the browser
    statuses = [
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), password="wrong").status_code
        for number in range(tries.EVERYWHERE.most + 1)
    ]
    assert statuses == [200] * tries.EVERYWHERE.most + [429]
    assert sign_in(Client(REMOTE_ADDR="198.51.100.7")).status_code == 429
    assert sign_in(client).status_code == 302


def test_browser_known_to_one_account_is_a_stranger_to_another(client, officer, head, noon):
    sign_in(client)
    client.logout()
    for number in range(tries.EVERYWHERE.most):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), "head-of-press", "wrong")
    assert sign_in(client, "head-of-press").status_code == 429


def test_many_names_from_one_address_are_too_many(client, noon):
    statuses = [
        sign_in(client, f"name-{number}", "x").status_code
        for number in range(tries.ADDRESS.most + 1)
    ]
    assert statuses == [200] * tries.ADDRESS.most + [429]


def test_codes_are_not_guessed(client, officer, noon):
    with_codes(officer)
    sign_in(client)
    for _number in range(tries.HERE.most):
        assert client.post(STEP, {"code": "000000"}).status_code == 200
    assert client.post(STEP, {"code": code()}).status_code == 429
    assert not is_in(client)


# --- Passwords ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("пароль с й и словом", "пароль с й и словом"), ("ﬁne ｐａｓｓ", "fine pass")],
)
def test_password_is_one_however_it_was_typed(typed, stored):
    hasher = NormalisingHasher()
    encoded = hasher.encode(stored, "somesalt", 10)
    assert normalised(typed) == normalised(stored)
    assert hasher.verify(typed, encoded)
    assert not hasher.verify(f"{typed} ", encoded)


def test_hashes_of_before_still_open():
    before = hashers.PBKDF2PasswordHasher().encode(PASSWORD, "somesalt", 10)
    assert NormalisingHasher().verify(PASSWORD, before)


# --- What is told ---------------------------------------------------------------------------------


@pytest.fixture
def working_hours(settings):
    settings.OFFICE_HOURS = ()


AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def told(user, kind):
    return Notification.objects.filter(user=user, kind=kind).count()


def test_new_device_is_told_to_the_person_and_to_heads_once(client, officer, head, working_hours):
    for there in (client, client, Client()):
        there.logout()
        answer = sign_in(there, headers={"User-Agent": AGENT})
        assert answer.status_code == 302
    assert [told(user, "new_device") for user in (officer, head)] == [1, 1]
    there = Client(REMOTE_ADDR="203.0.113.5")
    sign_in(there)
    assert [told(user, "new_device") for user in (officer, head)] == [2, 2]
    client.force_login(head)
    assert "was signed in to from a new device" in client.get("/admin/").content.decode()


def test_device_cookie_goes_to_the_pages_of_sign_in_alone_and_cannot_be_forged(
    client, officer, head, working_hours
):
    cookie = sign_in(client).cookies["device"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/accounts/", True, "Lax")
    there = Client(REMOTE_ADDR="203.0.113.5")
    there.cookies["device"] = "forged" + cookie.value
    sign_in(there, headers={"User-Agent": AGENT})
    assert told(officer, "new_device") == 2
    assert Device.objects.filter(user=officer).count() == 2


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("2026-11-25T08:00:00+05:00", True), ("2026-11-25T07:59:59+05:00", False),
     ("2026-11-25T19:59:59+05:00", True), ("2026-11-25T20:00:00+05:00", False),
     ("2026-11-28T12:00:00+05:00", False), ("2026-11-29T12:00:00+05:00", False),
     ("2026-11-30T12:00:00+05:00", True)],
)  # fmt: skip
def test_office_hours_are_the_offices_clock(settings, moment, expected):
    import datetime as dt

    settings.OFFICE_HOURS = (0, 4, 8 * 60, 20 * 60)
    assert devices.is_office_hour(dt.datetime.fromisoformat(moment)) is expected


def test_odd_hour_is_told(client, officer, head, settings):
    settings.OFFICE_HOURS = (0, 6, 0, 0)
    sign_in(client)
    assert [told(user, "odd_hour") for user in (officer, head)] == [1, 1]


def test_writer_is_not_told_of_others_accounts(client, officer, staff, working_hours):
    writer = staff("Writer")
    sign_in(client)
    assert notifications.entries(writer).count() == 0


@pytest.mark.parametrize(
    ("agent", "family"),
    [(AGENT, "Firefox, Linux"), ("", ""),
     ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
      "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Windows"),
     ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
      "Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari, iPhone")],
)  # fmt: skip
def test_device_is_named_as_people_name_it(agent, family):
    assert devices.family(agent) == family


# --- Asked anew -----------------------------------------------------------------------------------


def grow_old(client, seconds=301):
    session = client.session
    session["confirmed_at"] -= seconds
    session.save()


def test_password_and_code_are_both_asked_for_and_one_answer_says_wrong(client, officer):
    with_codes(officer)
    client.force_login(officer)
    answers = []
    for data in ({"password": PASSWORD}, {"code": code()}, {"password": "wrong", "code": code()},
                 {"password": PASSWORD, "code": "000000"}):  # fmt: skip
        caches["default"].clear()
        answers.append(client.post(ANEW, data))
    assert {answer.status_code for answer in answers} == {403}
    assert {said(answer) for answer in answers} == {said(answers[0])}
    caches["default"].clear()
    answer = client.post(ANEW, {"password": PASSWORD, "code": code(), "next": "/admin/search/"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/search/")


def test_asking_anew_is_limited_in_this_session_alone(client, officer, noon):
    client.force_login(officer)
    for _number in range(tries.HERE.most):
        assert client.post(ANEW, {"password": "wrong"}).status_code == 403
    answer = client.post(ANEW, {"password": PASSWORD})
    assert (answer.status_code, "Retry-After" in answer) == (429, True)
    other = Client()
    other.force_login(officer)
    assert other.post(ANEW, {"password": PASSWORD}).status_code == 302


def test_what_was_typed_survives_the_detour_and_passwords_do_not(client, staff, head):
    user = staff("Writer")
    client.force_login(head)
    grow_old(client)
    page = reverse("admin:auth_user_change", args=[user.pk])
    typed = {"username": user.username, "first_name": "<b>A & B</b>",
             "roles": ["Writer", "Archivist"], "is_active": "on",
             "new_password": "correct horse battery", "again": "correct horse battery"}  # fmt: skip
    answer = client.post(page, typed)
    assert answer["Location"].startswith(ANEW)
    assert "horse" not in repr(dict(client.session))
    user.refresh_from_db()
    assert user.first_name == ""
    assert client.post(answer["Location"], {"password": "wrong"}).status_code == 403
    waiting = client.post(answer["Location"], {"password": PASSWORD})
    assert (waiting.status_code, waiting.context["waiting"]["path"]) == (200, page)
    posted = {}
    for name, value in waiting.context["waiting"]["typed"]:
        posted.setdefault(name, []).append(value)
    assert posted["first_name"] == ["<b>A & B</b>"]
    assert posted["roles"] == ["Writer", "Archivist"]
    assert b"&lt;b&gt;A &amp; B&lt;/b&gt;</textarea>" in waiting.content
    refused = client.post(page, posted | {"_not_kept": "1"})
    assert list(refused.context["adminform"].form.errors) == ["new_password"]
    assert client.post(page, posted).status_code == 302
    user.refresh_from_db()
    assert user.first_name == "<b>A & B</b>"


def test_act_that_waits_is_this_sessions_own(client, staff, head):
    client.force_login(head)
    grow_old(client)
    page = reverse("admin:auth_user_change", args=[staff("Writer").pk])
    act = client.post(page, {"username": "x"})["Location"].rpartition("act=")[2]
    other = Client()
    other.force_login(head)
    answer = other.post(ANEW, {"password": PASSWORD, "act": act, "next": "/admin/"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


@pytest.mark.parametrize("age", [299, 301, -60])
def test_five_minutes_are_lately(client, officer, age):
    client.force_login(officer)
    grow_old(client, age)
    answer = client.get("/admin/password_change/")
    assert answer.status_code == (200 if age == 299 else 302)
