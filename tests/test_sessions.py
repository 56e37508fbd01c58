"""A session ends at the next request after whatever ends it: a role, a lock, a password, a freeze,
time. What only looks as though somebody were there keeps none alive."""

import datetime as dt
import time

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from events import preview, publishing, roles
from events.models import AuditEntry, PreviewLink, Standing
from events.publishing import Refused
from events.signin import locking, sessions

pytestmark = pytest.mark.django_db
PASSWORD = "a-password-for-tests"
PAGE = "/accounts/sessions/"


@pytest.fixture
def head(staff):
    return staff("Head of press")


@pytest.fixture
def there(officer):
    """Somebody at their desk."""
    client = Client()
    client.force_login(officer)
    assert stands(client)
    return client


def stands(client):
    return client.get("/admin/notifications/").status_code == 200


def signed_in(user, **headers):
    client = Client(headers=headers)
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert stands(client)
    return client


# --- What ends it ---------------------------------------------------------------------------------


def given_a_role(user):
    user.groups.add(Group.objects.get(name="Archivist"))


def robbed_of_a_role(user):
    user.groups.clear()


def closed(user):
    type(user).objects.filter(pk=user.pk).update(is_active=False)


def no_longer_of_the_staff(user):
    type(user).objects.filter(pk=user.pk).update(is_staff=False)


def made_an_administrator(user):
    type(user).objects.filter(pk=user.pk).update(is_superuser=True)


def given_a_password(user):
    user.set_password("another password of theirs")
    user.save()


def locked(user):
    locking.lock(user, roles.CONSOLE)


def frozen(user):
    publishing.freeze(roles.CONSOLE, "A drill.")


def ended(user):
    sessions.end_all(user)


ENDS = [given_a_role, robbed_of_a_role, closed, no_longer_of_the_staff, made_an_administrator,
        given_a_password, locked, frozen, ended]  # fmt: skip


@pytest.mark.parametrize("act", ENDS, ids=lambda act: act.__name__)
def test_session_ends_at_the_next_request(officer, there, writer, act):
    other = Client()
    other.force_login(writer)
    act(officer)
    assert not stands(there)
    assert there.get("/preview/").wsgi_request.user.is_anonymous
    assert stands(other) is (act is not frozen)


def test_head_takes_a_role_on_the_form_and_the_person_is_out(head, writer, client):
    client.force_login(head)
    theirs = Client()
    theirs.force_login(writer)
    data = {"username": writer.username, "roles": ["Archivist"], "is_active": "on"}
    assert client.post(f"/admin/auth/user/{writer.pk}/change/", data).status_code == 302
    assert (stands(theirs), stands(client)) == (False, True)


def test_own_password_ends_the_other_sessions_and_not_this_one(officer, there):
    other = signed_in(officer)
    data = {"old_password": PASSWORD, "new_password1": "another password of theirs",
            "new_password2": "another password of theirs"}  # fmt: skip
    assert there.post("/admin/password_change/", data).status_code == 302
    assert (stands(there), stands(other)) == (True, False)


# --- Time -----------------------------------------------------------------------------------------


@pytest.fixture
def later(monkeypatch):
    """Seconds from now on the clock of sessions."""
    real, passed = time.time, [0]
    monkeypatch.setattr(time, "time", lambda: real() + passed[0])
    return lambda seconds: passed.__setitem__(0, seconds)


@pytest.mark.parametrize(("minutes", "expected"), [(59, True), (61, False)])
def test_session_ends_after_an_hour_in_which_nobody_was_there(there, later, minutes, expected):
    later(minutes * 60)
    assert stands(there) is expected


def test_setting_says_how_long(there, later, settings):
    settings.SESSION_IDLE_MINUTES = 5
    later(6 * 60)
    assert not stands(there)


def test_whoever_is_there_stays_until_the_working_day_is_over(there, later):
    for hour in range(24):
        later(hour * 1800)
        assert stands(there), hour
    later(12 * 3600 + 1)
    assert not stands(there)


def test_what_a_page_asks_for_by_itself_keeps_nobody_in(there, later, statement):
    address = f"/admin/events/statement/{statement.pk}/presence/"
    for minute in range(0, 60, 10):
        later(minute * 60)
        assert there.post(address).status_code == 200
    later(61 * 60)
    assert not stands(there)


def test_session_is_written_once_a_minute_at_most(there, later, django_assert_num_queries):
    def writes():
        with CaptureQueriesContext(connection) as asked:
            assert stands(there)
        return sum(each["sql"].startswith("UPDATE") for each in asked)

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    assert writes() == 0
    later(61)
    assert writes() > 0
    later(100)
    assert writes() == 0


# --- My sessions ----------------------------------------------------------------------------------

AGENT = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"}


def test_sessions_are_listed_with_device_and_this_one_marked(officer, writer):
    here, other = signed_in(officer), signed_in(officer, **AGENT)
    signed_in(writer)
    rows = here.get(PAGE).context["rows"]
    assert sorted((row["device"], row["here"], row["address"]) for row in rows) == [
        ("", True, "127.0.0.1"), ("Firefox, Windows", False, "127.0.0.1"),
    ]  # fmt: skip
    assert len(other.get(PAGE).context["rows"]) == 2


def test_one_session_is_ended_and_no_one_elses_can_be(officer, writer):
    here, other, theirs = signed_in(officer), signed_in(officer), signed_in(writer)
    key = UserSession.objects.get(session_key=other.session.session_key).pk
    strangers = UserSession.objects.get(session_key=theirs.session.session_key).pk
    for end in (strangers, "x", "", 10**30, "-1", "٣"):
        assert here.post(PAGE, {"end": end}).status_code == 302
    assert (stands(other), stands(theirs)) == (True, True)
    here.post(PAGE, {"end": key})
    assert (stands(here), stands(other), stands(theirs)) == (True, False, True)


def test_all_others_are_ended(officer, writer):
    here, other, theirs = signed_in(officer), signed_in(officer), signed_in(writer)
    here.post(PAGE, {"end": "others"})
    assert (stands(here), stands(other), stands(theirs)) == (True, False, True)
    assert len(here.get(PAGE).context["rows"]) == 1


def test_everywhere_is_here_too(officer):
    here, other = signed_in(officer), signed_in(officer)
    assert here.post(PAGE, {"end": "everywhere"})["Location"] == "/accounts/login/"
    assert (stands(here), stands(other)) == (False, False)
    assert Session.objects.count() == 0


def test_confirming_gives_the_session_another_key_and_the_list_follows(officer):
    here = signed_in(officer)
    before = here.session.session_key
    here.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert here.session.session_key != before
    assert [row["here"] for row in here.get(PAGE).context["rows"]] == [True]
    assert not Session.objects.filter(pk=before).exists()


# --- Locks ----------------------------------------------------------------------------------------


def test_lock_shuts_the_account_and_the_links_it_made(officer, there, statement, writer, head):
    item = publishing.submit(statement, writer)
    link, _code = preview.make_link(item, officer, "A newsroom")
    other, _code = preview.make_link(item, head, "Another")
    assert locking.lock(officer, head) == 1
    assert not stands(there)
    revoked = dict(PreviewLink.objects.values_list("pk", "revoked_at"))
    assert (revoked[link.pk] is not None, revoked[other.pk]) == (True, None)
    again = Client()
    again.post("/accounts/login/", {"login": officer.username, "password": PASSWORD})
    assert not stands(again)
    locking.unlock(officer, head)
    assert stands(signed_in(officer))
    assert list(AuditEntry.objects.filter(by=head).order_by("pk").values_list("act", flat=True)) == [  # noqa: E501
        "preview_made", "account_locked", "account_unlocked",
    ]  # fmt: skip


def test_heads_lock_others_and_nobody_themselves(head, officer, django_user_model):
    with pytest.raises(PermissionDenied):
        locking.lock(head, officer)
    with pytest.raises(Refused):
        locking.lock(head, head)
    root = django_user_model.objects.create_superuser("root", password="x" * 16)
    with pytest.raises(PermissionDenied):
        locking.lock(root, head)
    assert not Standing.objects.exists()


def test_commands_lock_and_unlock(officer, there, capsys):
    call_command("lock_account", officer.username)
    assert not stands(there)
    assert capsys.readouterr().out == (
        "Locked press-officer: its sessions have ended, 0 of its preview links were revoked.\n"
    )
    call_command("unlock_account", officer.username)
    assert stands(signed_in(officer))
    with pytest.raises(CommandError, match="no account called nobody"):
        call_command("lock_account", "nobody")


def test_head_locks_on_the_account_s_page(client, head, officer, there):
    client.force_login(head)
    page = f"/admin/auth/user/{officer.pk}/door/lock/"
    assert page in client.get(f"/admin/auth/user/{officer.pk}/change/").content.decode()
    assert client.get(page).status_code == 200
    assert stands(there)
    assert client.post(page).status_code == 302
    assert not stands(there)
    change = client.get(f"/admin/auth/user/{officer.pk}/change/").content.decode()
    assert "door/unlock/" in change
    assert client.post(f"/admin/auth/user/{officer.pk}/door/nothing/").status_code == 404


def test_public_pages_know_of_no_session(there, officer):
    sessions.end_all(officer)
    before = Session.objects.count()
    assert there.get("/en/").status_code == 200
    assert Session.objects.count() == before


def test_clock_of_the_lock_is_the_offices(officer, head, clock):
    clock(dt.datetime(2026, 10, 6, 9, tzinfo=dt.UTC))
    locking.lock(officer, head)
    assert Standing.objects.get().locked_at == dt.datetime(2026, 10, 6, 9, tzinfo=dt.UTC)
