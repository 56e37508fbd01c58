"""Each member of staff works in a language of their own, and no reader's page ever learns of it."""

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core import mail
from django.urls import reverse

from events import notifications, publishing
from events.models import WorkingLanguage

pytestmark = pytest.mark.django_db
SWITCH = "/admin/language/"
COOKIES = {f"language-{door}" for door in settings.STAFF_DOORS}


def lang(answer):
    return BeautifulSoup(answer.content, "html.parser").html["lang"]


def choose(client, language, back="/admin/"):
    return client.post(SWITCH, {"language": language, "next": back})


def test_sign_in_page_and_desk_speak_what_the_browser_asks_for(client, as_user, writer):
    for asked, spoken in (("kk", "kk"), ("ru-RU,ru;q=0.9", "ru"), ("de", "en"), ("", "en")):
        answer = client.get("/accounts/login/", headers={"Accept-Language": asked})
        assert (lang(answer), answer["Content-Language"]) == (spoken, spoken)
    answer = as_user(writer).get("/admin/", headers={"Accept-Language": "kk"})
    heading = BeautifulSoup(answer.content, "html.parser").h1
    assert (lang(answer), heading.text) == ("kk", "Жұмыс үстелі")


def test_choice_in_the_header_outdoes_the_browser_on_every_door_of_the_staff(as_user, officer):
    client = as_user(officer)
    answer = choose(client, "ru", "/admin/events/event/?q=x")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/events/event/?q=x")
    for address in ("/admin/", "/rehearsal/", "/preview/"):
        assert lang(client.get(address, headers={"Accept-Language": "kk"})) == "ru"
    page = BeautifulSoup(client.get("/admin/").content, "html.parser")
    switch = page.select_one("#header form.tongues")
    assert [(each.text, each["lang"]) for each in switch("button")] == [
        ("English", "en"), ("Русский", "ru"), ("Қазақша", "kk"),
    ]  # fmt: skip
    assert [each["value"] for each in switch.select("[aria-pressed=true]")] == ["ru"]


def test_choice_is_kept_in_cookies_that_go_to_the_doors_of_the_staff_alone(client):
    cookies = choose(client, "kk").cookies
    assert set(cookies) == COOKIES
    for door in settings.STAFF_DOORS:
        cookie = cookies[f"language-{door}"]
        assert (cookie.value, cookie["path"], cookie["httponly"], cookie["samesite"]) == (
            "kk", f"/{door}/", True, "Lax",
        )  # fmt: skip


def test_public_pages_say_the_same_whatever_cookies_they_are_sent(client):
    plain = [client.get(address) for address in ("/", "/en/", "/en/events/", "/nowhere/")]
    for name in (*COOKIES, settings.LANGUAGE_COOKIE_NAME):
        client.cookies[name] = "kk"
    again = [client.get(address) for address in ("/", "/en/", "/en/events/", "/nowhere/")]
    for before, after in zip(plain, again, strict=True):
        assert (before.content, dict(before.headers)) == (after.content, dict(after.headers))


def test_sign_in_page_can_be_put_into_another_language(client):
    answer = client.get("/accounts/login/?next=/admin/search/")
    switch = BeautifulSoup(answer.content, "html.parser").select_one("form.tongues")
    back = switch.select_one("[name=next]")["value"]
    answer = client.post(switch["action"], {"language": "kk", "next": back}, follow=True)
    assert answer.redirect_chain == [("/accounts/login/?next=/admin/search/", 302)]
    title = BeautifulSoup(answer.content, "html.parser").title
    assert (lang(answer), title.get_text().split("|")[0].strip()) == ("kk", "Кіру")
    assert not WorkingLanguage.objects.exists()


@pytest.mark.parametrize("language", ["", "de", "kk\x00", "../kk"])
def test_language_that_is_none_of_ours_is_refused(client, language):
    answer = choose(client, language)
    assert (answer.status_code, answer.cookies.output()) == (400, "")


@pytest.mark.parametrize(
    "back", ["", "https://elsewhere.example/", "//elsewhere.example/", "/en/", "/\\evil", "admin/"]
)
def test_choice_leads_back_to_a_page_of_the_staff_and_nowhere_else(client, back):
    assert choose(client, "kk", back)["Location"] in ("/admin/", "admin/")


def test_switch_takes_no_get_and_no_post_from_another_site(client, django_user_model):
    from django.test import Client

    assert client.get(SWITCH).status_code == 405
    assert choose(Client(enforce_csrf_checks=True), "kk").status_code == 403


def sign_in(client, user):
    return client.post(
        "/accounts/login/", {"login": user.username, "password": "a-password-for-tests"}
    )


def test_who_signs_in_on_another_machine_gets_the_language_they_work_in(client, writer):
    notifications.works_in(writer, "kk")
    answer = sign_in(client, writer)
    assert (answer.status_code, answer.cookies["language-admin"].value) == (302, "kk")
    assert lang(client.get("/admin/")) == "kk"


def test_what_was_chosen_on_the_sign_in_page_holds_from_then_on(client, writer):
    notifications.works_in(writer, "kk")
    choose(client, "ru")
    sign_in(client, writer)
    assert (lang(client.get("/admin/")), notifications.language_of(writer)) == ("ru", "ru")


def test_first_sign_in_remembers_what_the_browser_asked_for(client, writer):
    client.post(
        "/accounts/login/", {"login": writer.username, "password": "a-password-for-tests"},
        headers={"Accept-Language": "kk"},
    )  # fmt: skip
    assert notifications.language_of(writer) == "kk"


def test_mail_is_in_the_language_of_whoever_reads_it(
    event, writer, officer, second, django_capture_on_commit_callbacks
):
    for user, language in ((officer, "ru"), (second, "kk")):
        user.email = f"{language}@example.org"
        user.save()
        notifications.works_in(user, language)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.submit(event, writer)
    assert {message.to[0]: message.subject for message in mail.outbox} == {
        "ru@example.org": "Пресс-служба: материал\u00a0— ждёт проверки",
        "kk@example.org": "Баспасөз қызметі: материал\u00a0— тексеруді күтіп тұр",
    }
    desk = f"{settings.SITE_URL}{reverse('admin:index')}"
    assert all(desk in message.body for message in mail.outbox)
