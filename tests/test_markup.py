"""Rich text: what is kept, what is dropped, on every way in and out."""

import pytest
from django.core.exceptions import ValidationError

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
    text = "<h3>t</h3><p>a %d</p><ul><li><p>b</p></li></ul><h4>u</h4>"
    assert markup.render(text, "p", 'No <"%d">') == (
        '<h3 id="ph1">t</h3>'
        '<p id="p1"><a class="para" href="#p1" data-n="1"'
        ' aria-label="No &lt;&quot;1&quot;&gt;"></a>a %d</p>'
        '<ul><li><p id="p2"><a class="para" href="#p2" data-n="2"'
        ' aria-label="No &lt;&quot;2&quot;&gt;"></a>b</p></li></ul><h4 id="ph2">u</h4>'
    )
    assert markup.to_text(markup.render(text, "p", "%d")) == markup.to_text(text)


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


LOSSES = {
    "<p>a</p>": [],
    "a < b & c": [],
    '<a href="https://x.example" target="_blank" rel="noopener">b</a>&nbsp;c': [],
    '<ol start="3"><li>x</li></ol>': [],
    '<p class="MsoNormal">a</p>': ["formatting"],
    "<p><b>a</b></p>": ["formatting"],
    "<h1>a</h1>": ["formatting"],
    "<a href='javascript:x()'>a</a>": ["links"],
    "<p>a<img src='x'></p>": ["pictures"],
    "<table class='x'><tr><td>a</td></tr></table>": ["formatting", "tables"],
    "a<script>x</script>": ["scripts"],
    "a\x07": ["controls"],
    "a\r\nb": [],
}  # fmt: skip


@pytest.mark.parametrize("typed", LOSSES)
def test_losses_of_rich_text_name_what_is_not_kept_and_nothing_else(typed):
    field = markup.RichTextField()
    assert list(field._lost(typed)) == LOSSES[typed]
    assert field.losses(markup.sanitise(typed)) == []


def test_losses_of_a_line_are_its_breaks_and_of_plain_text_its_controls():
    assert [str(each) for each in markup.LineField(max_length=9).losses("a\nb")] == [
        "line breaks were made into spaces."
    ]
    assert markup.PlainTextField().losses("a\r\nb\tc") == []
    assert [str(each) for each in markup.PlainTextField().losses("a\x0bb")] == [
        "control characters were removed."
    ]


@pytest.mark.parametrize(
    ("field", "limit"),
    [(markup.RichTextField(), 300_000), (markup.PlainTextField(), 20_000)],
    ids=["rich", "plain"],
)
def test_text_is_limited_as_it_is_stored_and_not_as_it_was_pasted(field, limit):
    assert field.clean("a" * limit, None) == "a" * limit
    assert len(field.clean("a" * limit + "\x07" * 9, None)) == limit
    with pytest.raises(ValidationError, match=f"{limit + 1} characters; at most {limit} can"):
        field.clean("a" * (limit + 1), None)


def test_limits_are_no_business_of_migrations():
    for field in (markup.RichTextField(), markup.PlainTextField()):
        assert field.deconstruct()[3] == {}
