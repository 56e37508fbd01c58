"""Rich text: what is kept, what is dropped, on every way in and out."""

import pytest

from events import markup
from events.models import Event

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "<p onclick='x()'>a</p>", "<a href='javascript:alert(1)'>a</a>", "<style>p{}</style>",
    "<iframe src='//x'></iframe>", "<p style='position:fixed'>a</p>", "<math><mtext><p>",
]  # fmt: skip


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_html_is_inert(html):
    clean = markup.render(html)
    for sign in (
        "script",
        "onerror",
        "onload",
        "onclick",
        "javascript:",
        "style",
        "iframe",
        "<svg",
    ):
        assert sign not in clean


def test_allowed_html_is_kept_as_it_is():
    html = "<h3>Head</h3><p>One <strong>two</strong> <em>three</em><br>four</p><ul><li>x</li></ul>"
    assert markup.sanitise(html) == html


def test_empty_paragraph_is_nothing():
    assert markup.sanitise("<p></p><p> </p>") == ""


def test_paragraphs_are_numbered_for_citation():
    assert markup.render("<p>a</p><p>b</p>", "p") == '<p id="p1">a</p><p id="p2">b</p>'


def test_text_survives_the_way_to_html_and_back():
    text = "He said: “a < b & c”.\n\nA second — paragraph."
    assert markup.to_text(markup.from_text(text)) == text


@pytest.mark.django_db
def test_row_created_past_every_form_is_sanitised(event):
    Event.objects.filter(pk=event.pk).update(body_en="<script>x</script><p>kept</p>")
    event.refresh_from_db()
    event.title_en = "A\x00 title\x0b\nwith controls\ufffe"
    event.save()
    event.refresh_from_db()
    assert (event.title_en, event.body_en) == ("A title with controls", "<p>kept</p>")
