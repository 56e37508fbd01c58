"""Rich text to safe HTML, and the text fields that keep what they store clean.

The only place in the project that calls mark_safe. Rich text is sanitised on every way into
the database, raw loads included, and once more on its way out.
"""

import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import count
from typing import Any

import nh3
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

# What the editor offers; what the sanitiser keeps follows from it. No images (photos are
# placed, with alternative text), no classes, no styles.
EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Link": {"protocols": ["http", "https", "mailto"]},
    "HardBreak": True,
}
# Longer than any text that a press office puts out, and short enough to be compared, searched
# and sent to a reader. In characters as stored, the marks of rich text included.
RICH_LIMIT, PLAIN_LIMIT = 300_000, 20_000
_TAGS = {"p", "strong", "em", "h3", "h4", "ul", "ol", "li", "blockquote", "a", "br"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener",
    clean_content_tags={"script", "style"},
)

# C0 and C1 controls but tab and newline, and the two noncharacters that XML 1.0 section 2.2
# refuses: a feed that holds one of them is not well-formed. Bidirectional marks are text.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def strip_controls(text: str) -> str:
    """`text` with line ends as \\n and without the control characters that break feeds."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def sanitise(markup: str) -> str:
    """The allowed HTML in `markup`; an editor's empty paragraph is the empty string."""
    clean = _CLEANER.clean(strip_controls(markup)).strip()
    return clean if to_text(clean) else ""


def render(markup: str, anchors: str = "", label: str = "") -> SafeString:
    """Safe HTML for a page. With `anchors`, paragraph n gets id="<anchors>n" to be cited, and a
    link to itself whose name is `label` ("Paragraph %d"); headings get ids, too, of their own.

    The links hold no text: the page's style writes their numbers, and what is copied, printed or
    read by a program is word for word the text.
    """
    clean = sanitise(markup)
    if anchors:
        prefix, name = html.escape(anchors), html.escape(label or "%d")
        paragraphs, headings = count(1), count(1)

        def numbered(match: re.Match[str]) -> str:
            if match[1] != "p":
                return f'<{match[1]} id="{prefix}h{next(headings)}">'
            number = next(paragraphs)
            there = f"{prefix}{number}"
            link = f'<a class="para" href="#{there}" data-n="{number}" aria-label="{name}"></a>'
            return f'<p id="{there}">{link.replace("%d", str(number))}'

        clean = re.sub("<(p|h3|h4)>", numbered, clean)
    return mark_safe(clean)


# What could end the element that data stands in, begin a comment in it, or end a line of a script.
_IN_A_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def data_block(data: Any) -> SafeString:
    """Data for programs as a script element that no browser runs (JSON-LD): whatever texts are
    in it, none of them ends the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_IN_A_SCRIPT)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def to_text(markup: str) -> str:
    """Plain text of rich text: blocks parted by an empty line, line breaks kept."""
    broken = re.sub(r"<br\s*/?>", "\n", markup)
    broken = re.sub(r"</(p|h3|h4|li|blockquote)>", "\n\n", broken)
    text = html.unescape(re.sub(r"<[^>]*>", "", broken))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


# What parts one paragraph, heading or list item from the next.
_BLOCK_TAG = re.compile(r"</?(?:p|h3|h4|ul|ol|li|blockquote)(?:\s[^>]*)?>")


def paragraphs(markup: str) -> list[SafeString]:
    """The paragraphs of rich text in their order, each as the safe HTML of its line: headings and
    list items count as paragraphs, whatever they stand in."""
    parts = (part.strip() for part in _BLOCK_TAG.split(sanitise(markup)))
    return [mark_safe(part) for part in parts if to_text(part)]


def from_text(text: str) -> str:
    """Rich text of plain text: each paragraph (parted by empty lines) as it stands."""
    paragraphs = (part.strip("\n") for part in re.split(r"\n\s*\n", strip_controls(text)))
    return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in paragraphs if part)


class _Brought(HTMLParser):
    """What HTML from elsewhere brings along that is not kept, by kind."""

    # What wraps any text that is copied, and what editors write beside every link.
    SILENT = frozenset({"html", "body", "meta", "rel", "target"})
    KINDS = {
        "img": "pictures", "picture": "pictures", "svg": "pictures",
        "table": "tables", "script": "scripts", "iframe": "scripts", "object": "scripts",
    }  # fmt: skip

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {"a": {"href"}, "ol": {"start"}}.get(tag, set())
        if tag in self.KINDS:
            self.found.add(self.KINDS[tag])
        elif (
            tag not in _TAGS | self.SILENT or {name for name, _value in attrs} - kept - self.SILENT
        ):
            self.found.add("formatting")


# Each kind of loss as a whole sentence's end: "Text (English): pictures were left out …".
_LOSSES: dict[str, Promise] = {
    "controls": _("control characters were removed."),
    "breaks": _("line breaks were made into spaces."),
    "formatting": _("formatting that is not allowed was removed."),
    "links": _("links to addresses that are not allowed were removed."),
    "pictures": _("pictures were left out: place photos from the library instead."),
    "tables": _("tables were made into plain lines of text."),
    "scripts": _("programs and embedded pages were left out."),
}


class _Tidy:
    """Tidies what is typed, and again on save and on the way to the database, which raw loads
    take too."""

    @staticmethod
    def tidy(value: str) -> str:
        return strip_controls(value)

    def _lost(self, typed: str) -> Iterator[str]:
        if _CONTROLS.search(typed.replace("\r\n", "").replace("\r", "")):
            yield "controls"

    def losses(self, typed: str) -> list[str | Promise]:
        """What is not kept of a text as typed or pasted: the ends of sentences, [] for nothing."""
        return [_LOSSES[kind] for kind in self._lost(typed)]

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)  # type: ignore[misc]
        return self.tidy(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)  # type: ignore[misc]
        if isinstance(value, str):
            value = self.tidy(value)
            setattr(model_instance, self.attname, value)  # type: ignore[attr-defined]
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        value = self.tidy(value) if isinstance(value, str) else value
        return super().get_db_prep_save(value, connection)  # type: ignore[misc]


class LineField(_Tidy, models.CharField):
    """One line of text: control characters and line breaks never reach the database."""

    @staticmethod
    def tidy(value: str) -> str:
        return re.sub(r"[\n\t\u2028\u2029]+", " ", strip_controls(value)).strip()

    def _lost(self, typed: str) -> Iterator[str]:
        yield from super()._lost(typed)
        if re.search(r"[\n\r\u2028\u2029]", typed.strip()):
            yield "breaks"


class _AtMost(MaxLengthValidator):
    """A limit that stands in the sentence, beside what was typed."""

    message = _(
        "This text has %(show_value)d characters; at most %(limit_value)d can be kept. Nothing was"
        " saved: shorten it, or put part of it into an attachment."
    )


class PlainTextField(_Tidy, models.TextField):
    """Text kept as typed, but for control characters. At most PLAIN_LIMIT characters."""

    default_validators = [_AtMost(PLAIN_LIMIT)]


class RichTextField(_Tidy, ProseEditorField):
    """Rich text from the prose editor, or pasted from anywhere: only the allowed HTML stays, at
    most RICH_LIMIT characters of it."""

    default_validators = [_AtMost(RICH_LIMIT)]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("config", {"extensions": EXTENSIONS})
        kwargs.setdefault("sanitize", sanitise)
        super().__init__(*args, **kwargs)

    @staticmethod
    def tidy(value: str) -> str:
        return sanitise(value)

    def _lost(self, typed: str) -> Iterator[str]:
        yield from super()._lost(typed)
        found = _Brought(typed).found
        if sanitise(typed).count("<a href") < len(re.findall(r"<a\s[^>]*href", typed, re.I)):
            found.add("links")
        yield from (kind for kind in _LOSSES if kind in found)
