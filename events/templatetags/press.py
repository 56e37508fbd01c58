"""How templates write texts in their language, dates at their precision. No queries."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.utils import translation
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import bibtex, dates, markup
from ..languages import CODES, Standing, column, current
from ..typography import in_marks, unbroken

register = template.Library()

# A careful reader's pace.
WORDS_A_MINUTE = 200


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
    """A line of text, marked with its language where that is not the page's (WCAG 3.1.2). Words
    that somebody said stay as they were typed."""
    line = getattr(item, name)
    return _marked(item, name, line if name == "text" else unbroken(line), "span")


@register.filter
def named(row: Any, day: date) -> SafeString:
    """What a text of a day calls a person, an organisation or a country: countries have had other
    names."""
    return conditional_escape(row.name_on(day)) if hasattr(row, "name_on") else text(row, "name")


@register.filter
def marks(words: Any) -> str:
    """Words between the quotation marks of the page's language."""
    return in_marks(str(words))


@register.filter
def prose(item: Any, name: str) -> SafeString:
    """Plain text as paragraphs, marked with its language."""
    return _marked(item, name, linebreaks_filter(getattr(item, name)), "div")


@register.filter
def rich(item: Any, name: str) -> SafeString:
    """Rich text marked with its language, its paragraphs numbered p1, p2 … with a link to each.
    The links are named in the language of the text that they stand in."""
    with translation.override(item.lang_of(name) or current()):
        label = _("Paragraph %d")
    return _marked(item, name, markup.render(getattr(item, name), "p", label), "div")


@register.filter
def rich_plain(item: Any, name: str) -> SafeString:
    """Rich text without paragraph anchors: for a second text on a page, and for feeds."""
    return _marked(item, name, markup.render(getattr(item, name)), "div")


@register.filter
def quoted(quote: Any) -> SafeString:
    """Exact words between the quotation marks of their language; the words stay as typed."""
    return conditional_escape(in_marks(quote.text, quote.lang_of("text")))


@register.filter
def original(quote: Any) -> str:
    """The language in which a quote was said, in words."""
    code = quote.original_language
    return language_name(code) if code in CODES else str(quote.get_original_language_display())


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
def gist(item: Any) -> str:
    """What it is about in some 200 characters of plain text: the summary, else how the text
    begins. For descriptions."""
    words = item.summary or markup.to_text(item.body)
    return Truncator(" ".join(words.split())).chars(200)


@register.filter
def reading_time(item: Any, name: str) -> str:
    """How long a text takes to read, in words; "" where that is less than half a minute."""
    words = len(markup.to_text(getattr(item, name)).split())
    minutes = (words + WORDS_A_MINUTE // 2) // WORDS_A_MINUTE
    said = ngettext("%(num)d minute to read", "%(num)d minutes to read", minutes)
    return said % {"num": minutes} if minutes else ""


@register.filter
def version(item: Any, code: str) -> str:
    """What the text of an event or statement, or the words of a quote, are worth in a language
    that readers may read them in; "" for any other language."""
    if code not in item.readable_languages():
        return ""
    if not hasattr(item, "original_language"):
        worth = str(Standing(getattr(item, column("standing", code))).label)
        whole = getattr(item, column("body", code)) or not item.body
        return worth if whole else _("title and summary: %(worth)s") % {"worth": worth}
    if not getattr(item, column("text", code)):
        return ""
    if getattr(item, column("is_translation", code)):
        return _("translation by the office")
    return _("the original words") if code == item.original_language else _("as published")


@register.filter
def worth(item: Any) -> str:
    """What the shown text of an event or statement is worth, as a sentence by itself: "Courtesy
    translation.", or of the title and the summary alone where the text is another language's."""
    said = version(item, item.lang_of("title"))
    return f"{capfirst(said)}." if said else ""


@register.filter
def versions(languages: Any, item: Any) -> list[dict[str, Any]]:
    """Of a page's language links, those of the languages that an item may be read in, each with
    its `worth`."""
    found = [{**each, "worth": version(item, each["code"])} for each in languages]
    return [each for each in found if each["worth"]]


@register.simple_tag
def clock(start: datetime, end: datetime | None, zone: str) -> SafeString:
    """Start (and end) on the clock of the place, with its UTC offset, and in UTC: which the
    page's script makes the reader's own time."""
    moments = [each for each in (start, end) if each]
    there = [each.astimezone(ZoneInfo(zone)) for each in moments]
    utc = [each.astimezone(UTC) for each in moments]
    stamps = [each.strftime("%Y-%m-%dT%H:%M:%SZ") for each in utc]
    timed = [format_html('<time datetime="{}">{}</time>', *pair)
             for pair in zip(stamps, _clocks(there), strict=True)]  # fmt: skip
    local = _("{clock} local time (UTC{offset})")
    return format_html(
        '<span class="clock">{} '
        '<span class="yours" data-day="{}" data-yours="{}">{} UTC</span></span>',
        format_html(local, clock=_span(timed), offset=dates.written_offset(there[0])),
        there[0].date().isoformat(),
        # The script puts the reader's own time in place of the braces.
        _("{} your time"),
        _span(_clocks(utc)),
    )


def _clocks(moments: list[datetime]) -> list[str]:
    """Times of day, with their days where those differ."""
    apart = len({each.date() for each in moments}) > 1
    return [
        f"{dates.written(each.date())}, {each:%H:%M}" if apart else f"{each:%H:%M}"
        for each in moments
    ]


def _span(clocks: list[Any]) -> SafeString:
    return format_html_join("–", "{}", ((each,) for each in clocks))


@register.filter
def excerpt(part: Any, length: int) -> str:
    """The beginning of a quote's words, in quotation marks, or of an outcome's text."""
    words = " ".join(part.text.split())
    if len(words) > length:
        words = words[:length].rpartition(" ")[0].rstrip(",;:–— ") + "…"
    if not hasattr(part, "original_language"):
        return words
    return in_marks(words, part.lang_of("text"))


@register.simple_tag
def bibtex_entry(office: str, item: Any, edition: int, address: str, part: Any = None) -> str:
    """The BibTeX entry of an event or a statement, or of `part`: a quote or an outcome of it."""
    numbered = _("Edition %(edition)s.") % {"edition": edition}
    fields = {"author": office, "title": item.title, "howpublished": numbered, "note": item.urn}
    key = item.reference_number or item.slug
    if part:
        fields |= {
            "author": getattr(part, "printed_name", office),
            "title": excerpt(part, 120),
            "howpublished": f"{office}: {item.title}. {numbered}",
            "note": f"urn:uuid:{part.uid}",
        }
        key = f"{key}-{str(part.uid)[:8]}"
    return bibtex.entry(key, fields, item.iso_date(), address)


def reason_of(item: Any) -> tuple[str, str]:
    """Why a text was withdrawn or retracted, and the language that is in. The office answers
    readers in their own language where it can, whatever languages the text itself had."""
    for code in (current(), *item.readable_languages(), *CODES):
        words = getattr(item, column("reason", code))
        if words:
            break
    return words, code


@register.filter
def reason(item: Any) -> SafeString:
    """Why a text was withdrawn or retracted, marked with its language."""
    words, code = reason_of(item)
    if code == current():
        return conditional_escape(words)
    return format_html('<span lang="{}">{}</span>', code, words)
