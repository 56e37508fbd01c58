"""Which language a reader gets, and addresses from Cyrillic titles."""

import pytest
from django.utils import translation

from events.languages import slugify
from events.models import Event


def event(**columns):
    return Event(title_en="English", title_ru="Русский", title_kk="Қазақша", **columns)


@pytest.mark.parametrize(
    ("ready", "asked", "expected"),
    [
        ({"en": "authentic", "ru": "courtesy", "kk": "courtesy"}, "kk", "kk"),
        ({"en": "authentic", "ru": "courtesy"}, "kk", "en"),
        ({"en": "courtesy", "ru": "authentic"}, "kk", "ru"),
        ({"kk": "working"}, "en", "kk"),
        ({}, "en", ""),
    ],
)
def test_reader_gets_the_asked_language_else_the_authentic_else_any_ready(ready, asked, expected):
    item = event(**{f"ready_{code}": True for code in ready},
                 **{f"standing_{code}": standing for code, standing in ready.items()})  # fmt: skip
    with translation.override(asked):
        assert item.lang_of("title") == expected
        assert item.title == {"en": "English", "ru": "Русский", "kk": "Қазақша", "": ""}[expected]


def test_field_empty_in_a_ready_language_falls_back_alone():
    item = event(ready_en=True, ready_ru=True, standing_en="authentic", standing_ru="courtesy",
                 body_en="<p>Text</p>")  # fmt: skip
    with translation.override("ru"):
        assert (item.lang_of("title"), item.lang_of("body"), item.body) == (
            "ru",
            "en",
            "<p>Text</p>",
        )


def test_translated_text_is_written_by_its_column_only():
    with pytest.raises(AttributeError):
        event().title = "Which language?"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Мәлімдеме", "malimdeme"),
        ("Заявление МИД: щит и объём", "zayavlenie-mid-shchit-i-obyom"),
        ("Communiqué — 6 October", "communique-6-october"),
        ("ҰҚШҰ сессиясы", "uqshu-sessiyasy"),
        ("№ 5", "no-5"),
        ("— !?", ""),
    ],
)
def test_slugify_keeps_the_words_of_our_languages(title, slug):
    assert slugify(title) == slug


def test_slugify_cuts_between_words():
    assert slugify("word " * 40, 20) == "word-word-word-word"
