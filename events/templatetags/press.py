"""How templates write texts in their language, dates at their precision. No queries."""

from datetime import UTC, datetime
from typing import Any

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from .. import dates, markup
from ..languages import CODES, Standing, column, current

register = template.Library()

# Quotation marks are set by the page in the language of the words, never stored.
MARKS = {"en": ("“", "”"), "ru": ("«", "»"), "kk": ("«", "»")}


@register.filter
def foreign(item: Any, name: str) -> str:
    """The code of the language a text comes in, where it is not the page's; else ""."""
    code: str = item.lang_of(name)
    return code if code and code != current() else ""


def _marked(item: Any, name: str, content: Any, tag: str) -> SafeString:
    code = foreign(item, name)
    if not code:
        return conditional_escape(content)
    return format_html('<{0} lang="{1}">{2}</{0}>', tag, code, content)


@register.filter
def text(item: Any, name: str) -> SafeString:
    """A line of text, marked with its language where that is not the page's (WCAG 3.1.2)."""
    return _marked(item, name, getattr(item, name), "span")


@register.filter
def prose(item: Any, name: str) -> SafeString:
    """Plain text as paragraphs, marked with its language."""
    return _marked(item, name, linebreaks_filter(getattr(item, name)), "div")


@register.filter
def rich(item: Any, name: str) -> SafeString:
    """Rich text with its paragraphs numbered p1, p2 …, marked with its language."""
    return _marked(item, name, markup.render(getattr(item, name), anchors="p"), "div")


@register.filter
def rich_plain(item: Any, name: str) -> SafeString:
    """Rich text without paragraph anchors: for a second text on a page, and for feeds."""
    return _marked(item, name, markup.render(getattr(item, name)), "div")


@register.filter
def quoted(quote: Any) -> SafeString:
    """Exact words between the quotation marks of their language; the words stay as typed."""
    opening, closing = MARKS.get(quote.lang_of("text"), MARKS["en"])
    return format_html("{}{}{}", opening, quote.text, closing)


@register.filter
def language_name(code: str) -> str:
    """A language's name in the active language."""
    return str(dates.locale().languages.get(code.split("-")[0], code))


@register.filter
def standing_label(item: Any) -> str:
    """What the text of the title's language is worth, in words."""
    code = item.lang_of("title")
    value = getattr(item, column("standing", code)) if code else ""
    return str(Standing(value).label) if value else ""


@register.filter
def is_translation(item: Any) -> bool:
    """Whether the shown language is something less than the authentic text."""
    code = item.lang_of("title")
    return bool(code) and getattr(item, column("standing", code)) != Standing.AUTHENTIC


@register.simple_tag
def when(item: Any) -> SafeString:
    """An item's date at its own precision, as a time element."""
    return format_html('<time datetime="{}">{}</time>', item.iso_date(), item.written_date())


@register.simple_tag
def moment(value: datetime, zone: str = "") -> SafeString:
    """A time with its UTC offset, in the office's zone or the one named."""
    stamp = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return format_html('<time datetime="{}">{}</time>', stamp, dates.written_moment(value, zone))


@register.simple_tag
def day(value: Any, precision: str = "day") -> str:
    """A date in words, at its precision."""
    return dates.written(value, precision)


@register.filter
def reason(item: Any) -> SafeString:
    """Why a text was withdrawn or retracted. The office answers readers in their own language
    where it can, whatever languages the text itself had."""
    for code in (current(), *item.readable_languages(), *CODES):
        words = getattr(item, column("reason", code))
        if words:
            break
    if code == current():
        return conditional_escape(words)
    return format_html('<span lang="{}">{}</span>', code, words)
