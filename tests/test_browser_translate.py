"""The side-by-side view in a real browser: typed, kept over an expired session, saved, proposed."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from events import publishing, versions
from events.models import Change, Statement

from . import acts, axe, factories
from .conftest import with_contact
from .test_browser import sign_in
from .test_browser_keep import sign_in_here, when_kept

pytestmark = pytest.mark.django_db(transaction=True)


def address_of(live_server, item, language="ru"):
    name = "admin:events_statement_translate"
    return live_server.url + reverse(name, args=[item.pk, language])


def type_body(page, words):
    editor = page.locator(".pair-target .ProseMirror")
    editor.click()
    editor.press_sequentially(words)


def test_translation_is_typed_beside_its_source_and_saved(
    page, live_server, staff, statement, complaints
):
    writer = staff("Writer")
    with publishing.saving(statement, writer) as record:
        factories.quote(record, "Plain")
    sign_in(page, live_server, writer)
    page.goto(address_of(live_server, statement))
    assert page.locator(".pair-source", has_text="The text.").count() == 1
    assert axe.violations(page) == []
    page.fill("#id_title_ru", "Заявление")
    type_body(page, "Текст.")
    page.fill("#id_quotes-0-text_ru", "Слова")
    when_kept(page, "Слова")
    Session.objects.all().delete()
    page.click("input[name=_continue]")
    sign_in_here(page, writer)
    assert page.url == address_of(live_server, statement)
    page.click("text=Put the typed text back")
    assert page.locator(".pair-target .ProseMirror").inner_text() == "Текст."
    with page.expect_navigation():
        page.click("input[name=_save]")
    item = Statement.objects.get(pk=statement.pk)
    assert (item.title_ru, item.body_ru, item.title_en) == (
        "Заявление", "<p>Текст.</p>", "A statement",
    )  # fmt: skip
    quote = item.quotes.get()
    assert (quote.text_ru, quote.is_translation_ru) == ("Слова", True)
    assert page.url == live_server.url + reverse(
        "admin:events_statement_change", args=[statement.pk]
    )
    assert page.locator(".languages tbody tr").count() == 3
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('kept:'))") == []
    assert complaints == []


def test_translation_of_a_public_text_is_proposed_and_what_has_changed_is_marked(
    page, live_server, staff, statement, complaints
):
    writer, officer = staff("Writer"), staff("Press officer")
    item = acts.released(with_contact(statement), writer, officer)
    new = {"title_ru": "Заявление", "ready_ru": True, "standing_ru": "courtesy"}
    item = acts.changed(item, writer, officer, "translation", {}, **new)
    note = dict.fromkeys(("en", "ru", "kk"), "Mended.")
    item = acts.changed(item, writer, officer, "correction", note, body_en="<p>The words.</p>")
    assert versions.of(item)["ru"].behind == "en"
    sign_in(page, live_server, writer)
    page.goto(address_of(live_server, item))
    assert page.locator(".para-changed").all_inner_texts()[0].startswith("changed")
    assert axe.violations(page) == []
    type_body(page, "Слова.")
    page.check("input[name=proposal-kind][value=correction]")
    page.fill("#id_proposal-note_en", "The Russian text was completed.")
    page.fill("#id_proposal-note_ru", "Русский текст дополнен.")
    with page.expect_navigation():
        page.click("text=Propose this translation")
    change = Change.objects.get(state="proposed")
    assert change.snapshot["fields"]["body_ru"] == "<p>Слова.</p>"
    page.goto(address_of(live_server, item))
    with page.expect_navigation():
        page.click("text=It is still right as it stands")
    assert versions.of(item)["ru"].behind_since is None
    assert complaints == []
