"""Quotation marks of the language, and lines that break where they may."""

import pytest
from django.template import Context, Template
from django.utils import translation

from events.models import Event, Quote
from events.typography import in_marks, unbroken


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("А. Б. Иванов", "А.\u00a0Б.\u00a0Иванов"),
        ("Қ. К. Тоқаев", "Қ.\u00a0К.\u00a0Тоқаев"),
        ("J. F. Kennedy", "J.\u00a0F.\u00a0Kennedy"),
        ("Указ № 5", "Указ №\u00a05"),
        ("Минск – Душанбе", "Минск\u00a0– Душанбе"),
        ("Это — итог", "Это\u00a0— итог"),
        ("5–6 октября", "5–6 октября"),
        ("в 2007 г. Совет", "в 2007 г. Совет"),
        ("см. А. Совет и т. п. Всё", "см. А.\u00a0Совет и т. п. Всё"),
        ("Нет initials. Next", "Нет initials. Next"),
        ("", ""),
        ("– начало", "– начало"),
    ],
)
def test_line_does_not_break_after_initials_and_numero_and_before_a_dash(typed, set_):
    assert unbroken(typed) == set_
    assert unbroken(set_) == set_
    assert unbroken(typed).replace("\u00a0", " ") == typed


@pytest.mark.parametrize(("language", "said"), [("en", "“x”"), ("ru", "«x»"), ("kk", "«x»")])
def test_marks_are_those_of_the_language_of_the_page_or_the_words(language, said):
    with translation.override(language):
        assert in_marks("x") == said
        assert Template("{% load press %}{{ w|marks }}").render(Context({"w": "x"})) == said
    with translation.override("en"):
        assert in_marks("x", language) == said


def test_titles_are_set_and_exact_words_stay_as_typed():
    title = Event(title_ru="Визит А. Б. Иванова – № 5", ready_ru=True, standing_ru="authentic")
    quote = Quote(text_ru="А. Б. Иванов – № 5", original_language="ru")
    template = Template('{% load press %}{{ event|text:"title" }}|{{ quote.text_ru|safe }}')
    with translation.override("ru"):
        shown = template.render(Context({"event": title, "quote": quote}))
    assert shown == "Визит А.\u00a0Б.\u00a0Иванова\u00a0– №\u00a05|А. Б. Иванов – № 5"
    assert title.title_ru == "Визит А. Б. Иванова – № 5"


def test_long_texts_are_hyphenated_by_their_language(settings):
    css = settings.BASE_DIR / "static" / "css"
    assert ".body{hyphens:auto" in (css / "parts.css").read_text("utf-8")
