"""What every page knows of itself: its address, its languages, its feeds, its office."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.translation import gettext as _

from .. import dates, visibility
from ..addresses import absolute, in_language, unprefixed
from ..languages import CODES, current
from ..models import MediaContact
from ..opendata.links import twin
from . import sharing, trail
from .linked import Linked

FEEDS = ("latest", "events", "statements", "quotes", "outcomes")
# The parameter that leads to a further page of a list.
FURTHER = "after"
# Those that every page names; the page on feeds names them all.
NAMED_FEEDS = FEEDS[:3]
# By the ending of its address: what a format is called, and the type by which programs find it.
FORMATS = {
    "rss": ("RSS", "application/rss+xml"),
    "atom": ("Atom", "application/atom+xml"),
    "json": ("JSON Feed", "application/feed+json"),
}


def office_name(language: str | None = None) -> str:
    """The name of the press office in a language."""
    names: dict[str, str] = settings.OFFICE_NAMES
    return names.get(language or current()) or names[settings.LANGUAGE_CODE]


def feed_title(name: str) -> str:
    """What a feed holds, in the active language."""
    return f"{office_name()}: {feed_name(name)}"


def feed_name(name: str) -> str:
    """What a feed holds, without the office's name."""
    names = {
        "latest": _("Latest"), "events": _("Events"), "statements": _("Statements"),
        "quotes": _("Quotes"), "outcomes": _("Outcomes"), "search": _("Search results"),
    }  # fmt: skip
    return names[name]


@dataclass(frozen=True)
class FeedLink:
    """A feed as pages name it: its title, its path (with the query of what is chosen), and its
    address in full."""

    name: str
    title: str
    url: str
    form: str = "rss"

    @property
    def label(self) -> str:
        """What its format is called."""
        return FORMATS[self.form][0]

    @property
    def type(self) -> str:
        """The media type by which programs find it."""
        return FORMATS[self.form][1]

    @property
    def address(self) -> str:
        """What a subscriber copies."""
        return absolute(self.url)


@dataclass(frozen=True)
class Alternate:
    """Another form of a page, as its head names it."""

    title: str
    url: str
    type: str


def home_url() -> str:
    """The front page of the active language."""
    return reverse("public:home")


def feed_link(name: str, form: str = "rss") -> FeedLink:
    """One of FEEDS."""
    return FeedLink(name, feed_title(name), reverse("public:feed", args=[name, form]), form)


def row_title(row: Any) -> str:
    """What the feed of a person, an organisation, a country, a topic or a series is called."""
    return f"{office_name()}: {row.name}"


def row_feed(row: Any, form: str = "rss") -> FeedLink:
    """The feed of a person, an organisation, a country, a topic or a series."""
    url = f"{row.get_absolute_url()}feed.{form}"
    return FeedLink(row.PAGE, row_title(row), url, form)


def row_feeds(row: Any) -> list[FeedLink]:
    """The same in every format."""
    return [row_feed(row, form) for form in FORMATS]


def list_feeds(route: str, query: str = "", title: str = "") -> list[FeedLink]:
    """The feed of a list, or of a search, with what is chosen in it, in every format."""
    if not query:
        return [feed_link(route, form) for form in FORMATS]
    title = title or feed_title(route)
    return [
        FeedLink(route, title, reverse(f"public:{route}_feed", args=[form]) + query, form)
        for form in FORMATS
    ]


def feed_links() -> list[FeedLink]:
    """The feeds of the active language that every page names, for <link rel="alternate">."""
    return [feed_link(name) for name in NAMED_FEEDS]


def twin_links(request: HttpRequest) -> list[Alternate]:
    """The JSON twin of a page with the same filters, where it has one."""
    path = twin(request.path)
    try:
        resolve(unprefixed(path))
    except Resolver404:
        return []
    kept = request.GET.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    query = f"?{kept.urlencode()}" if kept else ""
    return [Alternate(_("As data (JSON)"), path + query, "application/json")]


def language_links(
    path: str, query: str = "", ready: Iterable[str] = CODES
) -> list[dict[str, Any]]:  # fmt: skip
    """The page in each language: `url` for the switch, with the filters of `query` kept;
    `address` for hreflang, without them, of those that it is `ready` in."""
    kept = f"?{query}" if query else ""
    return [
        {"code": code, "name": name, "url": url + kept, "address": absolute(url),
         "current": code == current(), "ready": code in ready}
        for code, name in settings.LANGUAGES
        for url in [in_language(path, code)]
    ]  # fmt: skip


def contacts() -> list[MediaContact]:
    """The office's general media contacts."""
    return list(MediaContact.objects.public().filter(general=True))


def page(
    request: HttpRequest, template: str, section: str = "", *, item: Any = None,
    past: bool = False, indexed: bool = True, feeds: Sequence[FeedLink] = (),
    alternates: Sequence[Any] = (), **context: Any,
) -> HttpResponse:  # fmt: skip
    """Render a public page with what base.html needs beside the view's own context.

    `item` is the publication that the page is of: where it has no text in the asked
    language, the page is not indexed and the language it has is the canonical one; where it is
    withdrawn, whoever has the address reads it and nobody is led there. `past`
    says that the page shows what the item once said: not indexed, with the item's own address
    as the canonical one; a page that robots should not keep is not `indexed`. A view renders
    its page after it has understood the query, which the language switch therefore keeps.
    `alternates` are further forms of the page (.type, .title, .url), which its head names.
    """
    path = item.get_absolute_url() if past else request.path
    canonical, indexed = path, indexed and not past
    ready: Sequence[str] = CODES
    if item is not None:
        ready = item.readable_languages()
        if current() not in ready:
            canonical, indexed = in_language(path, item.lang_of("title")), False
        indexed = indexed and item.status != visibility.Status.WITHDRAWN
    context |= {
        "office_name": office_name(),
        "languages": language_links(request.path, request.GET.urlencode(), ready),
        "canonical": absolute(canonical),
        "further": _further(request),
        "indexed": indexed,
        "feeds": feeds,
        "feed_links": [*feeds, *(each for each in feed_links() if each not in feeds)],
        "alternates": [*alternates, *twin_links(request)],
        "item": item,
        "section": section,
        "site_url": settings.SITE_URL.rstrip("/"),
        "today": dates.office_today(visibility.moment()),
    }
    way = trail.crumbs(template, section, request.path, context)
    context |= {
        "trail": way,
        "sharing": sharing.shared(template, context, ready),
        "linked": Linked(template, context, way),
    }
    return TemplateResponse(request, template, context).render()


def _further(request: HttpRequest) -> str:
    """The query that belongs to the canonical address of a further page of a list: what stands
    there stands nowhere else. What is chosen in a list, and a list walked backwards, is a part of
    what the list has anyway: "" for these, and for a first page."""
    return f"?{request.GET.urlencode()}" if list(request.GET) == [FURTHER] else ""


def error_page(template: str, status: int, **context: Any) -> HttpResponse:
    """A page that depends on the language (and on `context`) alone, never on the path."""
    homes = [
        {"code": code, "name": name, "url": f"{get_script_prefix()}{code}/",
         "current": code == current()}
        for code, name in settings.LANGUAGES
    ]  # fmt: skip
    context |= {
        "office_name": office_name(), "languages": homes, "indexed": False, "canonical": "",
        "feed_links": feed_links(), "section": "", "site_url": settings.SITE_URL.rstrip("/"),
    }  # fmt: skip
    context["linked"] = Linked(template, context)
    return HttpResponse(render_to_string(template, context), status=status)
