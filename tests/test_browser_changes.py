"""A public text is changed in a browser: proposed in the editor by one, applied by another."""

import os

import pytest

from events import editions, publishing
from events.models import Change, Statement

from . import axe
from .test_admin import url
from .test_browser import sign_in

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(staff):
    return staff("Writer", "writer"), staff("Press officer", "officer")


@pytest.fixture
def public(statement, people):
    """A statement that is out."""
    writer, officer = people
    with publishing.saving(statement, writer) as record:
        record.summary_en = "A summary."
        record.save()
    publishing.submit(statement, writer)
    publishing.release_now(statement, officer)
    return Statement.objects.get()


def press(page, text):
    """Press a button and wait for the page that answers, however long the server takes."""
    with page.expect_navigation():
        page.click(f"text={text}")


def test_change_is_proposed_in_the_editor_and_applied_by_another(
    page, live_server, public, people, person, complaints
):
    writer, officer = people
    count = editions.Edition.objects.count()
    sign_in(page, live_server, writer)
    page.goto(live_server.url + url(public))
    press(page, "Propose a change")
    page.fill("#id_title_en", "A statement, corrected")
    editor = page.locator(".field-body_en [contenteditable=true]")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" More words.")
    page.click("text=Add another Quote")
    page.fill("#id_quotes-0-text_en", "More words")
    page.locator("#id_quotes-0-person + .select2").click()
    page.keyboard.type("Person")
    page.click(".select2-results__option >> text=A Person")
    # Sent without its kind it comes back with all of it.
    press(page, "Propose this change")
    assert page.locator(".proposal .errorlist").count() == 1
    assert page.input_value("#id_title_en") == "A statement, corrected"
    assert page.input_value("#id_quotes-0-text_en") == "More words"
    page.check("[name=proposal-kind][value=correction]")
    page.fill("#id_proposal-note_en", "Words were missing.")
    press(page, "Propose this change")
    review = page.url
    change = Change.objects.get()
    assert review.endswith(url(public, "review", change.pk))
    assert page.locator("text=Apply: make this the text").count() == 0
    assert page.locator("#decide ~ p").first.inner_text().startswith("You have proposed this")
    assert (editions.Edition.objects.count(), Statement.objects.get().title_en) == (
        count, "A statement",
    )  # fmt: skip

    sign_in(page, live_server, officer)
    page.goto(review)
    marked = page.locator(".diff ins").all_inner_texts()
    assert any("More words." in text for text in marked)
    sides = [box.bounding_box()["x"] for box in page.locator(".diff-side").all()[:2]]
    assert sides[0] < sides[1]
    press(page, "Apply: make this the text")
    assert page.url.endswith(url(public))
    record = Statement.objects.get()
    assert (record.title_en, record.body_en) == (
        "A statement, corrected", "<p>The text. More words.</p>",
    )  # fmt: skip
    assert [quote.text_en for quote in record.quotes.all()] == ["More words"]
    assert editions.check_chain(record) == []
    assert complaints == []
    page.goto(f"{live_server.url}/en/statements/a-statement/")
    assert "Words were missing." in page.locator("main").inner_text()


def test_pages_of_changes_and_editions_are_accessible(page, live_server, public, people):
    writer, officer = people
    content = editions.snapshot(public)
    content["fields"]["title_en"] = "Another title"
    change = publishing.propose(public, content, writer, "correction", {"en": "A word."})
    page.set_viewport_size({"width": 360, "height": 900})
    sign_in(page, live_server, officer)
    found = []
    for address in (
        url(public, "review", change.pk), url(public, "mend", change.pk), url(public, "history"),
        url(public, "edition", 1), url(public, "compare") + "?from=1&to=3",
        url(public, "propose_edition", 1), url(public, "restore", 1), "/admin/events/change/",
    ):  # fmt: skip
        page.goto(live_server.url + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
        # The stock admin's own widgets are judged elsewhere.
        own = {"include": [["#content"]], "exclude": [["[class*=select2]"]]}
        found += [(address, each) for each in axe.violations(page, own)]
    assert found == []
