"""Nothing typed is lost, in a real browser: sessions that end, double clicks, two at one form."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from events import editions, publishing
from events.models import Event, Quote, Statement

from . import axe, factories
from .test_browser import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def kept(page):
    """The keys of what the browser keeps."""
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kept:'))")


def when_kept(page, words):
    """Wait until the browser has kept the words."""
    page.wait_for_function(
        "words => Object.entries(localStorage)"
        ".some(([key, text]) => key.startsWith('kept:') && text.includes(words))",
        arg=words,
    )


def address_of(live_server, item, page="change"):
    name = f"admin:events_{item._meta.model_name}_{page}"
    return live_server.url + reverse(name, args=[item.pk])


def save(page, keys="Control+s"):
    """Save by keyboard, and wait for the answer."""
    with page.expect_navigation():
        page.keyboard.press(keys)


def type_into_editor(page, field, words):
    editor = page.locator(f".field-{field} [contenteditable=true]")
    editor.click()
    editor.type(words)


def sign_in_here(page, user):
    """On the sign-in page that the browser was sent to."""
    page.fill("#id_username", user.username)
    page.fill("#id_password", "a-password-for-tests")
    page.click("input[type=submit]")


def test_typed_text_comes_back_after_an_expired_session_and_goes_once_saved(
    page, live_server, staff, statement, complaints
):
    writer = staff("Writer")
    topic = factories.topic("Chosen")
    factories.quote(statement, "Old")
    sign_in(page, live_server, writer)
    page.goto(address_of(live_server, statement))
    page.fill("#id_title_en", "Typed before the session ended")
    type_into_editor(page, "body_en", " With more text.")
    page.fill("#id_quotes-0-text_ru", "Слова")
    page.click("text=Add another Quote")
    page.fill("#id_quotes-1-text_en", "A new quote")
    page.select_option("#id_quotes-1-original_language", "en")
    page.click(".field-topics .select2-selection")
    page.fill(".field-topics .select2-search__field", "Chosen")
    page.click(".select2-results__option >> text=Chosen topic")
    when_kept(page, "A new quote")
    Session.objects.all().delete()
    page.click("input[name=_continue]")
    assert page.locator("#id_username").count() == 1
    sign_in_here(page, writer)
    assert page.url == address_of(live_server, statement)
    assert page.input_value("#id_title_en") == "A statement"
    assert "has not been saved" in page.locator(".kept:visible").inner_text()
    page.click("text=Put the typed text back")
    assert page.input_value("#id_title_en") == "Typed before the session ended"
    body = page.locator(".field-body_en [contenteditable=true]")
    assert body.inner_text() == "The text. With more text."
    assert page.input_value("#id_quotes-0-text_ru") == "Слова"
    assert page.input_value("#id_quotes-1-text_en") == "A new quote"
    page.click("#quotes-1 .select2-selection")
    page.click(".select2-results__option >> nth=0")
    save(page)
    assert page.locator(".messagelist .success").count() == 1
    held = Statement.objects.get()
    assert held.title_en == "Typed before the session ended"
    assert held.body_en == "<p>The text. With more text.</p>"
    assert list(held.topics.all()) == [topic]
    words = set(Quote.objects.values_list("text_en", "text_ru", "original_language"))
    assert words == {("Old words", "Слова", ""), ("A new quote", "", "en")}
    assert kept(page) == []
    assert page.locator(".kept:visible").count() == 0
    assert complaints == []


def test_text_is_kept_through_a_failed_token_and_a_reload_and_can_be_discarded(
    page, live_server, staff, event
):
    sign_in(page, live_server, staff("Writer"))
    page.goto(address_of(live_server, event))
    page.evaluate(
        "document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(e => e.value='x')"
    )
    page.fill("#id_summary_en", "Typed for nothing?")
    save(page)
    assert page.locator("h1").inner_text() == "Nothing has happened"
    page.goto(address_of(live_server, event))
    page.click(".kept:visible summary")
    assert "Typed for nothing?" in page.locator(".kept:visible dl").inner_text()
    # Whoever types before deciding loses neither text.
    page.fill("#id_summary_en", "Something newer")
    when_kept(page, "Something newer")
    page.reload()
    page.click("text=Put the typed text back")
    assert page.input_value("#id_summary_en") == "Something newer"
    page.click("text=Put the typed text back")
    assert page.input_value("#id_summary_en") == "Typed for nothing?"
    page.reload()
    while page.locator("text=Discard it >> visible=true").count():
        page.click("text=Discard it")
    assert kept(page) == []
    assert page.input_value("#id_summary_en") == ""


def test_signing_out_and_half_a_day_remove_what_was_kept(page, live_server, staff, event):
    writer = staff("Writer")
    sign_in(page, live_server, writer)
    page.goto(address_of(live_server, event))
    page.fill("#id_summary_en", "Typed")
    when_kept(page, "Typed")
    page.goto(f"{live_server.url}/admin/")
    assert page.locator(".kept a").get_attribute("href") == reverse(
        "admin:events_event_change", args=[event.pk]
    )
    page.evaluate(
        "for (const key of Object.keys(localStorage)) { if (!key.startsWith('kept:')) continue;"
        " const entry = JSON.parse(localStorage[key]); entry.at -= 12 * 60 * 60 * 1000;"
        " localStorage[key] = JSON.stringify(entry); }"
    )
    page.goto(address_of(live_server, event))
    assert (kept(page), page.locator(".kept:visible").count()) == ([], 0)
    page.fill("#id_summary_en", "Typed again")
    when_kept(page, "Typed again")
    page.click("#logout-form button")
    assert kept(page) == []
    sign_in(page, live_server, writer)
    page.goto(address_of(live_server, event))
    assert page.locator(".kept:visible").count() == 0


def test_text_typed_while_the_item_was_approved_can_still_be_read(page, live_server, staff, event):
    sign_in(page, live_server, staff("Writer"))
    page.goto(address_of(live_server, event))
    page.fill("#id_summary_en", "Typed too late")
    when_kept(page, "Typed too late")
    Event.objects.update(
        status="approved", release_at=factories.FAR_AHEAD, published_at=factories.FAR_AHEAD
    )
    save(page)
    assert "403" in page.title() or "Forbidden" in page.content()
    page.goto(address_of(live_server, event))
    page.click(".kept:visible summary")
    assert page.locator(".kept:visible dd").inner_text() == "Typed too late"
    assert page.locator("text=Put the typed text back >> visible=true").count() == 0
    page.click("text=Discard it >> visible=true")
    assert kept(page) == []


def test_nothing_is_kept_of_files_tokens_or_a_form_that_nobody_typed_in(
    page, live_server, staff, statement, tmp_path
):
    sign_in(page, live_server, staff("Writer"))
    page.goto(address_of(live_server, statement))
    page.wait_for_timeout(600)
    assert kept(page) == []
    page.click("text=Add another Attachment")
    secret = tmp_path / "secret-name.pdf"
    secret.write_bytes(b"%PDF-1.4")
    page.set_input_files("#id_attachments-0-file", str(secret))
    page.fill("#id_attachments-0-title_en", "Annex")
    when_kept(page, "Annex")
    (text,) = page.evaluate("Object.values(localStorage).filter((each) => each.includes('Annex'))")
    assert "secret-name" not in text
    assert "csrf" not in text


def test_double_click_makes_one_record(page, live_server, staff):
    sign_in(page, live_server, staff("Writer"))
    page.goto(f"{live_server.url}/admin/events/statement/add/")
    page.fill("#id_slug", "clicked-twice")
    page.select_option("#id_released_before", "False")
    page.select_option("#id_statement_kind", "speech")
    page.fill("#id_date", "2026-10-06")
    page.fill("#id_title_en", "Clicked twice")
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.dblclick("input[name=_continue] >> nth=0")
    page.wait_for_url(re.compile("/change/"))
    assert page.locator(".messagelist .success").count() == 1
    assert [each for each in sent if "/add/" in each] == [sent[0]]
    assert editions.of(Statement.objects.get()).count() == 1
    # The way back leads to a form that can be sent again.
    page.go_back()
    assert page.locator("input[name=_save]:disabled").count() == 0


def test_two_at_one_form_see_each_other_and_lose_nothing(
    page, browser, live_server, staff, event, complaints
):
    with publishing.saving(event, staff("Press officer", "first")) as record:
        record.title_en = "At first"
        record.save()
    context = browser.new_context(locale="en-GB")
    second = context.new_page()
    sign_in(page, live_server, staff("Writer", "one"))
    sign_in(second, live_server, staff("Writer", "two"))
    page.goto(address_of(live_server, event))
    assert page.locator("#presence .others").inner_text() == ""
    second.goto(address_of(live_server, event))
    assert "one has this open too." in second.locator("#presence .others").inner_text()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("() => document.querySelector('#presence').textContent.includes('two')")
    page.fill("#id_title_en", "By the one")
    second.fill("#id_title_en", "By the two")
    second.fill("#id_summary_en", "Of the two alone")
    save(page)
    assert page.locator(".messagelist .success").count() == 1
    save(second)
    shown = second.locator(".stale").inner_text()
    assert "one," in shown
    assert "By the one" in second.locator(".stale .words").inner_text()
    assert second.input_value("#id_title_en") == "By the two"
    save(second)
    assert second.locator(".messagelist .success").count() == 1
    held = Event.objects.get()
    assert (held.title_en, held.summary_en) == ("By the two", "Of the two alone")
    assert kept(second) == []
    context.close()
    assert complaints == []


def test_refused_save_leads_to_the_first_error_by_keyboard(page, live_server, staff, event):
    sign_in(page, live_server, staff("Writer"))
    page.goto(address_of(live_server, event))
    page.fill("#id_ends_on", "2007-10-05")
    page.fill("#id_time_zone", "Mars/Olympus")
    save(page)
    page.wait_for_function("() => document.activeElement.id === 'id_ends_on'")
    page.fill("#id_ends_on", "2007-10-07")
    page.fill("#id_time_zone", "")
    save(page, "Meta+s")
    assert page.locator(".messagelist .success").count() == 1
    assert Event.objects.get().until.isoformat() == "2007-10-07"


def test_save_and_submit_by_keyboard_leads_to_the_review(page, live_server, staff, event):
    sign_in(page, live_server, staff("Writer"))
    page.goto(address_of(live_server, event))
    page.fill("#id_title_en", "Ready for review")
    save(page, "Control+Enter")
    assert page.url == live_server.url + reverse(
        "admin:events_event_move", args=[event.pk, "submit"]
    )
    assert Event.objects.get().title_en == "Ready for review"
    assert kept(page) == []


def test_tab_goes_through_the_editor_to_the_next_field(page, live_server, staff, event):
    sign_in(page, live_server, staff("Writer"))
    page.goto(address_of(live_server, event))
    page.locator(".field-body_en [contenteditable=true]").wait_for()
    page.focus("#id_summary_en")
    passed = []
    for _press in range(30):
        page.keyboard.press("Tab")
        where = page.evaluate(
            "document.activeElement.isContentEditable ? 'editor' : document.activeElement.id"
        )
        passed.append(where)
        if where == "id_venue_en":
            break
        if where == "editor":
            page.keyboard.type("Typed by keyboard")
    assert "editor" in passed
    assert passed[-1] == "id_venue_en"
    save(page)
    assert Event.objects.get().body_en == "<p>Typed by keyboard</p>"


@pytest.mark.parametrize("kind", ["event", "statement"])
def test_forms_are_accessible(page, live_server, staff, kind):
    """WCAG 2.2 AA as far as a program can tell, add and change, with parts and with errors."""
    made = factories.whole("draft", "Plain", "BY")[kind]
    sign_in(page, live_server, staff("Press officer"))
    page.goto(address_of(live_server, made))
    page.locator(".field-body_en [contenteditable=true]").wait_for()
    found = {"change": axe.violations(page)}
    page.fill("#id_slug", "events")
    page.fill("#id_title_en", "")
    save(page)
    page.locator(".errornote").wait_for()
    found["refused"] = axe.violations(page)
    page.goto(f"{live_server.url}/admin/events/{kind}/add/")
    page.locator(".field-body_en [contenteditable=true]").wait_for()
    found["add"] = axe.violations(page)
    assert found == {"change": [], "refused": [], "add": []}
