"""Translated columns, ready languages, and transliteration for addresses.

Each language is a plain column (`title_kk`, `title_ru`, `title_en`). What a reader gets is
the asked language where it is ready, else the authentic text, else any ready one; a column
outside the ready languages is read by no public code.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header
from translated_fields import TranslatedField, to_attribute

T = TypeVar("T")

CODES: tuple[str, ...] = tuple(code for code, _name in settings.LANGUAGES)


class Standing(models.TextChoices):
    """What one language version of a text is worth, as its label tells the reader."""

    AUTHENTIC = "authentic", _("authentic text")
    COURTESY = "courtesy", _("courtesy translation")
    WORKING = "working", _("working text")


@cache
def column(name: str, language: str) -> str:
    """The column that holds `name` in `language`: ("title", "kk") is title_kk."""
    return to_attribute(name, language)


def columns(name: str) -> list[str]:
    """The columns of `name`, in the order of settings.LANGUAGES."""
    return [column(name, code) for code in CODES]


def known_for(known: Mapping[str, T], language: str) -> T:
    """What is known for a language; else for the one that it is a form of (kk for kk-latn); else
    for the office's own."""
    for code in (language, language.partition("-")[0]):
        if code in known:
            return known[code]
    return known[settings.LANGUAGE_CODE]


def current() -> str:
    """The language of this request, or the office's own where none is active."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return language if language in CODES else settings.LANGUAGE_CODE


def candidates(ready: Iterable[str], asked: str) -> list[str]:
    """Ready languages in the order a reader of `asked` is served."""
    ready = list(ready)
    return [asked, *(code for code in ready if code != asked)] if asked in ready else ready


def language_of(item: Any, name: str, asked: str | None = None) -> str:
    """The language in which `item` answers for `name`; "" where it has no text."""
    for code in candidates(item.readable_languages(), asked or current()):
        if getattr(item, column(name, code)):
            return code
    return ""


def _reader_gets(name: str, field: TranslatedField) -> Callable[[Any], Any]:
    def get(item: Any) -> Any:
        code = language_of(item, name)
        return getattr(item, column(name, code)) if code else ""

    return get


def _no_setter(name: str, field: TranslatedField) -> Callable[[Any, Any], None]:
    def refuse(item: Any, value: Any) -> None:
        raise AttributeError(f"Say which language: {', '.join(columns(name))}")

    return refuse


def translated(field: models.Field) -> TranslatedField:
    """One plain column per language, read by the fallback rule, written by column only."""
    return TranslatedField(field, attrgetter=_reader_gets, attrsetter=_no_setter)


def plain(field: models.Field, getter: Callable[..., Callable[[Any], Any]]) -> TranslatedField:
    """One column per language for a fact about the text rather than the text itself."""
    return TranslatedField(field, attrgetter=getter, attrsetter=_no_setter)


class Readable:
    """What every row with translated columns can tell. Rows without `ready` hide none."""

    def readable_languages(self) -> tuple[str, ...]:
        """Languages whose text may be read, authentic ones first."""
        return CODES

    def lang_of(self, name: str) -> str:
        """The language that `self.<name>` is in, for the lang attribute (BCP 47)."""
        return language_of(self, name)

    def any_text(self, name: str) -> str:
        """The text of `name` in whatever language has one: for staff, who see drafts."""
        mine = getattr(self, column(name, current()))
        others = (getattr(self, each) for each in columns(name))
        return mine or next((text for text in others if text), "")


# One table for kk and ru: practical romanisation close to what passports and maps print.
_LATIN = dict(
    zip(
        "абвгдезийклмнопрстуфхыэәғқңөұүһі",
        "a b v g d e z i y k l m n o p r s t u f kh y e a g q n o u u h i".split(),
        strict=True,
    )
) | {
    "ё": "yo", "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch",
    "ъ": "", "ь": "", "ю": "yu", "я": "ya",
}  # fmt: skip


def slugify(text: str, max_length: int = 80) -> str:
    """Words for an address from a title in any of our languages; "" where nothing is left.

    Django's own slugify drops every Cyrillic letter.
    """
    latin = "".join(_LATIN.get(letter, letter) for letter in text.casefold())
    ascii_only = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")
    if len(words) <= max_length:
        return words
    return words[:max_length].rsplit("-", 1)[0]


def asked_for(request: HttpRequest) -> str:
    """The first of our languages that the browser asks for, else the office's own. Django's own
    look-up would also take the word of a cookie."""
    accepted = request.headers.get("Accept-Language", "")
    for code, _weight in parse_accept_lang_header(accepted):
        for named in (code, code.partition("-")[0]):
            if named in CODES:
                return named
        if code == "*":
            break
    return settings.LANGUAGE_CODE


# A choice of language outlives the session in which it was made.
_REMEMBERED = timedelta(days=365)


def remember(response: HttpResponse, language: str) -> None:
    """Keep the language that somebody of the staff has chosen: a cookie for each of their doors,
    which a browser sends to no public address."""
    for door in sorted(settings.STAFF_DOORS):
        response.set_cookie(
            f"language-{door}", language, max_age=_REMEMBERED, path=f"/{door}/",
            secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
        )  # fmt: skip


def has_chosen(request: HttpRequest) -> bool:
    """Whether this browser keeps a choice for the staff's door that the address belongs to."""
    return _kept(request) in CODES


def _kept(request: HttpRequest) -> str:
    return request.COOKIES.get(f"language-{_first_word(request)}", "")


def _first_word(request: HttpRequest) -> str:
    return request.path_info.removeprefix("/").partition("/")[0]


class LanguageMiddleware:
    """The language of a public page is in its address and nowhere else.

    Staff addresses carry none: there the choice that its cookie keeps and Accept-Language count.
    The one public address that looks at a header, "/", does so itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        first = _first_word(request)
        if first in CODES:
            language = first
        elif first in settings.STAFF_DOORS:
            kept = _kept(request)
            language = kept if kept in CODES else asked_for(request)
        else:
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
