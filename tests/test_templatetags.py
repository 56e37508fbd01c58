"""How templates write texts: in their language, escaped once, and never as markup."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import translation

from events.models import Event, Quote, Statement

DAY = dt.date(2007, 10, 6)


def rendered(template: str, language: str = "en", **context) -> str:
    with translation.override(language):
        return Template("{% load press %}" + template).render(Context(context))


def item(**columns):
    return Event(ready_en=True, standing_en="authentic", date=DAY, until=DAY, **columns)


def test_summary_is_paragraphs_and_what_is_typed_is_never_markup():
    event = item(summary_en="One <b>\n\nTwo & three")
    assert rendered("{{ e|prose:'summary' }}", e=event) == (
        "<p>One &lt;b&gt;</p>\n\n<p>Two &amp; three</p>"
    )


def test_text_in_another_language_says_which():
    event = item(title_en="A <title>")
    assert rendered("{{ e|text:'title' }}", e=event) == "A &lt;title&gt;"
    assert rendered("{{ e|text:'title' }}", "kk", e=event) == (
        '<span lang="en">A &lt;title&gt;</span>'
    )


def test_rich_text_keeps_its_markup_and_numbers_its_paragraphs():
    event = item(body_en="<p>a</p><p>b</p>")
    assert rendered("{{ e|rich:'body' }}", "ru", e=event) == (
        '<div lang="en"><p id="p1"><a class="para" href="#p1" data-n="1" aria-label="Paragraph 1">'
        '</a>a</p><p id="p2"><a class="para" href="#p2" data-n="2" aria-label="Paragraph 2"></a>'
        "b</p></div>"
    )


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "“Words”"), ("ru", "«Слова»"), ("kk", "«Сөздер»")]
)
def test_quotation_marks_are_those_of_the_words(language, expected):
    statement = Statement(ready_en=True, ready_ru=True, ready_kk=True)
    quote = Quote(statement=statement, text_en="Words", text_ru="Слова", text_kk="Сөздер")
    assert rendered("{{ q|quoted }}", language, q=quote) == expected


def test_quote_in_english_alone_keeps_english_marks_on_a_kazakh_page():
    quote = Quote(statement=Statement(ready_en=True, ready_kk=True), text_en="Words")
    assert rendered("{{ q|quoted }}", "kk", q=quote) == "“Words”"


def test_date_is_a_time_element_at_its_own_precision():
    event = item(date_precision="year")
    assert rendered("{% when e %}", e=event) == '<time datetime="2007">2007</time>'


def test_moment_has_no_microseconds_and_names_its_offset():
    moment = dt.datetime(2007, 10, 6, 5, 0, 0, 999, tzinfo=dt.UTC)
    assert rendered("{% moment m 'Asia/Dushanbe' %}", m=moment) == (
        '<time datetime="2007-10-06T05:00:00Z">6 October 2007, 10:00 (UTC+5)</time>'
    )
