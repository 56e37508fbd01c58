"""RSS 2.0, with the modules that readers know: the whole text (content), who said it (dc), the
photo (media), the times of changes (atom) and the archive (fh, RFC 5005)."""

from typing import Any

from django.utils.feedgenerator import Rss201rev2Feed, Stylesheet, rfc2822_date, rfc3339_date

from .feeds_entry import Category, Entry, FeedDocument
from .feeds_xml import NAMESPACES, Drawn, add_picture


class _Rss(Drawn, Rss201rev2Feed):
    """Django's, and what it leaves out."""

    LINK = "atom:link"

    def rss_attributes(self) -> dict[str, str]:
        """Declare the modules and the language."""
        named = {f"xmlns:{prefix}": address for prefix, address in NAMESPACES.items()}
        return {**super().rss_attributes(), **named, "xml:lang": self.feed["language"]}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write an entry. What is no more has no address."""
        entry: Entry = item["entry"]
        handler.addQuickElement("title", entry.title)
        if entry.url:
            handler.addQuickElement("link", entry.url)
        handler.addQuickElement("description", entry.summary)
        _add_authors_and_dates(handler, entry)
        for category in entry.categories:
            _add_category(handler, category)
        if entry.content:
            handler.addQuickElement("content:encoded", entry.content)
        if entry.picture:
            add_picture(handler, entry.picture)


def _add_authors_and_dates(handler: Any, entry: Entry) -> None:
    for author in entry.authors:
        handler.addQuickElement("dc:creator", author.written)
    handler.addQuickElement("pubDate", rfc2822_date(entry.published))
    handler.addQuickElement("atom:updated", rfc3339_date(entry.updated))
    handler.addQuickElement("guid", entry.urn, {"isPermaLink": "false"})
    handler.addQuickElement("dc:language", entry.language)


def _add_category(handler: Any, category: Category) -> None:
    handler.addQuickElement("category", category.label, {"domain": category.scheme})


def written_rss(document: FeedDocument) -> str:
    """The document as RSS 2.0."""
    feed = _Rss(
        title=document.title, link=document.page, description=document.description,
        language=document.language, feed_url=document.address, document=document,
        stylesheets=[Stylesheet(document.style, "text/css", "all")],
    )  # fmt: skip
    for entry in document.entries:
        feed.add_item(entry.title, entry.url, entry.summary, entry=entry)
    return feed.writeString("utf-8")
