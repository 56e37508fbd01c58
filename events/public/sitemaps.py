"""Sitemaps (sitemaps.org) with the languages of each page, and that of the news.

Not django.contrib.sitemaps, which pages by OFFSET and takes its addresses from the request: a
rehearsal, or a proxy that is set up badly, would name another host.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.http import Http404, HttpRequest, HttpResponse

from .. import visibility
from ..addresses import absolute, in_language
from ..languages import CODES, column
from ..models import Publication
from . import sitemap_parts
from .metadata import office_name
from .pages import public_page
from .sitemap_parts import LONGEST, Page, Part

_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
# What news is, and how much of it a file may hold.
FRESH, NEWEST = timedelta(hours=48), 1000


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _xml(root: str, namespaces: str, elements: Iterable[str]) -> HttpResponse:
    """A document of elements, a line each."""
    lines = ('<?xml version="1.0" encoding="UTF-8"?>', f"<{root} {namespaces}>", *elements,
             f"</{root}>\n")  # fmt: skip
    return HttpResponse("\n".join(lines), content_type="application/xml; charset=utf-8")


def _urls(page: Page) -> Iterator[str]:
    """The page in each language, each with all of them: a reader is led to the right one."""
    changed = f"<lastmod>{_stamp(page.changed)}</lastmod>" if page.changed else ""
    found = {code: absolute(path) for code, path in page.paths.items()}
    # The root leads every reader to the language of the browser.
    others = {**found, "x-default": absolute("/")} if page.is_home else found
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(address)}/>'
        for code, address in others.items()
        if len(others) > 1
    )
    for address in found.values():
        yield f"<url><loc>{escape(address)}</loc>{changed}{links}</url>"


def _urlset(pages: Iterable[Page]) -> HttpResponse:
    urls = [url for page in pages for url in _urls(page)]
    return _xml("urlset", f"{_SITEMAP} {_XHTML}", urls[:LONGEST])


def _entry(part: Part) -> str:
    changed = f"<lastmod>{_stamp(part.changed)}</lastmod>" if part.changed else ""
    address = escape(absolute(f"/sitemap-{part.name}.xml"))
    return f"<sitemap><loc>{address}</loc>{changed}</sitemap>"


@public_page(by_state=True)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page; where they are too many for one file, the files that name them."""
    parts = sitemap_parts.parts()
    if sum(part.number for part in parts) > sitemap_parts.PARTED:
        return _xml("sitemapindex", _SITEMAP, map(_entry, parts))
    return _urlset(page for kind in sitemap_parts.KINDS.values() for page in kind.pages())


@public_page(by_state=True)
def part(request: HttpRequest, name: str) -> HttpResponse:
    """One of the files of the sitemap. Raises Http404 for one without any page."""
    pages = sitemap_parts.pages(name)
    if not pages:
        raise Http404
    return _urlset(pages)


def _article(row: Any, code: str) -> str:
    address = escape(absolute(in_language(row.get_absolute_url(), code)))
    title = escape(getattr(row, column("title", code)))
    return (
        f"<url><loc>{address}</loc><news:news><news:publication>"
        f"<news:name>{escape(office_name(code))}</news:name>"
        f"<news:language>{code}</news:language></news:publication>"
        f"<news:publication_date>{_stamp(row.release_at)}</news:publication_date>"
        f"<news:title>{title}</news:title></news:news></url>"
    )


@public_page()
def news(request: HttpRequest) -> HttpResponse:
    """What was released in the last two days, in each language that it may be read in. Archive
    material, which came out before this site, is no news. It goes by the clock."""
    since = visibility.moment() - FRESH
    rows = Publication.objects.public().filter(release_at__gte=since, first_released_on=None)
    found = [
        _article(row, code)
        for row in rows.order_by("-release_at", "-uid")[:NEWEST]
        for code in CODES
        if code in row.readable_languages()
    ]
    return _xml("urlset", f"{_SITEMAP} {_NEWS}", found[:NEWEST])
