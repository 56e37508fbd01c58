"""What every page knows of itself: its address, its languages, its feeds, its office."""

from collections.abc import Sequence
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
from ..languages import current
from ..models import MediaContact
from ..opendata.links import twin

FEEDS = ("latest", "events", "statements")


def office_name(language: str | None = None) -> str:
    """The name of the press office in a language."""
    names: dict[str, str] = settings.OFFICE_NAMES
    return names.get(language or current()) or names[settings.LANGUAGE_CODE]


def feed_title(name: str) -> str:
    """What a feed holds, in the active language."""
    titles = {"latest": _("Latest"), "events": _("Events"), "statements": _("Statements")}
    return f"{office_name()}: {titles[name]}"


@dataclass(frozen=True)
class FeedLink:
    """A feed as pages name it: its title, its path, and its address in full."""

    name: str
    title: str
    url: str
    type: str = "application/rss+xml"

    @property
    def address(self) -> str:
        """What a subscriber copies."""
        return absolute(self.url)


def home_url() -> str:
    """The front page of the active language."""
    return reverse("public:home")


def feed_link(name: str) -> FeedLink:
    """One of FEEDS."""
    return FeedLink(name, feed_title(name), reverse("public:feed", args=[name, "rss"]))


def row_feed(row: Any) -> FeedLink:
    """The feed of a person, an organisation, a country, a topic or a series."""
    url = f"{row.get_absolute_url()}feed.rss"
    return FeedLink(row.PAGE, f"{office_name()}: {row.name}", url)


def feed_links() -> list[FeedLink]:
    """The feeds of the active language, for <link rel="alternate"> and for the page on feeds."""
    return [feed_link(name) for name in FEEDS]


def twin_links(request: HttpRequest) -> list[FeedLink]:
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
    return [FeedLink("json", _("As data (JSON)"), path + query, "application/json")]


def language_links(path: str, query: str = "") -> list[dict[str, Any]]:
    """The page in each language: `url` for the switch, with the filters of `query` kept;
    `address` for hreflang, without them."""
    kept = f"?{query}" if query else ""
    return [
        {"code": code, "name": name, "url": url + kept, "address": absolute(url),
         "current": code == current()}
        for code, name in settings.LANGUAGES
        for url in [in_language(path, code)]
    ]  # fmt: skip


def contacts() -> list[MediaContact]:
    """The office's general media contacts."""
    return list(MediaContact.objects.public().filter(general=True))


def page(
    request: HttpRequest, template: str, section: str = "", *, item: Any = None,
    past: bool = False, indexed: bool = True, feeds: Sequence[FeedLink] = (),
    alternates: Sequence[FeedLink] = (), **context: Any,
) -> HttpResponse:  # fmt: skip
    """Render a public page with what base.html needs beside the view's own context.

    `item` is the publication that the page is of: where it has no text in the asked
    language, the page is not indexed and the language it has is the canonical one. `past`
    says that the page shows what the item once said: not indexed, with the item's own address
    as the canonical one; a page that robots should not keep is not `indexed`. A view renders
    its page after it has understood the query, which the language switch therefore keeps.
    """
    path = item.get_absolute_url() if past else request.path
    canonical, indexed = path, indexed and not past
    if item is not None:
        ready = item.readable_languages()
        if current() not in ready:
            canonical, indexed = in_language(path, item.lang_of("title")), False
    context |= {
        "office_name": office_name(),
        "languages": language_links(request.path, request.GET.urlencode()),
        "canonical": absolute(canonical),
        "indexed": indexed,
        "feeds": feeds,
        "feed_links": [*feeds, *feed_links()],
        "alternates": [*alternates, *twin_links(request)],
        "section": section,
        "site_url": settings.SITE_URL.rstrip("/"),
        "today": dates.office_today(visibility.moment()),
    }
    return TemplateResponse(request, template, context).render()


def error_page(template: str, status: int, **context: Any) -> HttpResponse:
    """A page that depends on the language (and on `context`) alone, never on the path."""
    homes = [
        {"code": code, "name": name, "url": f"{get_script_prefix()}{code}/",
         "current": code == current()}
        for code, name in settings.LANGUAGES
    ]  # fmt: skip
    body = render_to_string(
        template,
        {
            "office_name": office_name(), "languages": homes, "indexed": False, "canonical": "",
            "feed_links": feed_links(), "section": "", "site_url": settings.SITE_URL.rstrip("/"),
            **context,
        },
    )  # fmt: skip
    return HttpResponse(body, status=status)
