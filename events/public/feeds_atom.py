"""Atom 1.0 (RFC 4287), with the archive (RFC 5005) and the tombstones of what is no more (RFC
6721)."""

from typing import Any

from django.utils.feedgenerator import Atom1Feed, Stylesheet, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from .feeds_entry import Author, Ended, Entry, FeedDocument
from .feeds_xml import NAMESPACES, Drawn, add_picture

TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_USED = ("fh", "h", "media")


class _Atom(Drawn, Atom1Feed):
    """Django's, and what it leaves out."""

    LINK = "link"

    def write(self, outfile: Any, encoding: str) -> None:
        """Write it with the style sheet, which Django's Atom leaves out, and the tombstones."""
        document: FeedDocument = self.feed["document"]
        handler: Any = SimplerXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        style = Stylesheet(document.style, "text/css", "all")
        handler.processingInstruction("xml-stylesheet", str(style))
        handler.startElement("feed", self.root_attributes())
        self.add_root_elements(handler)
        for ended in document.ended:
            _add_tombstone(handler, ended)
        self.write_items(handler)
        handler.endElement("feed")

    def root_attributes(self) -> dict[str, str]:
        """Declare the extensions."""
        named = {f"xmlns:{prefix}": NAMESPACES[prefix] for prefix in _USED}
        return {**super().root_attributes(), **named, "xmlns:at": TOMBSTONES}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write an entry. What is no more has no address."""
        entry: Entry = item["entry"]
        handler.addQuickElement("title", entry.title)
        if entry.url:
            handler.addQuickElement("link", None, {"rel": "alternate", "href": entry.url})
        handler.addQuickElement("id", entry.urn)
        handler.addQuickElement("published", rfc3339_date(entry.published))
        handler.addQuickElement("updated", rfc3339_date(entry.updated))
        for author in entry.authors:
            _add_author(handler, author)
        for category in entry.categories:
            attributes = {"term": category.term, "label": category.label}
            handler.addQuickElement("category", None, {**attributes, "scheme": category.scheme})
        _add_texts(handler, entry)
        for each in entry.documents:
            attributes = {"rel": "enclosure", "href": each.url, "type": each.type}
            attributes |= {"length": str(each.size)} | ({"title": each.title} if each.title else {})
            attributes |= {"hreflang": each.language} if each.language else {}
            handler.addQuickElement("link", None, attributes)
        if entry.picture:
            add_picture(handler, entry.picture)


def _add_author(handler: Any, author: Author) -> None:
    handler.startElement("author", {})
    handler.addQuickElement("name", author.written)
    if author.url:
        handler.addQuickElement("uri", author.url)
    handler.endElement("author")


def _add_texts(handler: Any, entry: Entry) -> None:
    """An entry without a text of its own is its summary, which RFC 4287 lets be the content."""
    handler.addQuickElement("summary", entry.summary, {"type": "text"})
    if entry.content:
        handler.addQuickElement("content", entry.content, {"type": "html"})


def _add_tombstone(handler: Any, ended: Ended) -> None:
    handler.startElement("at:deleted-entry", {"ref": ended.of, "when": rfc3339_date(ended.at)})
    if ended.reason:
        handler.addQuickElement("at:comment", ended.reason, {"xml:lang": ended.reason_language})
    handler.endElement("at:deleted-entry")


def written_atom(document: FeedDocument) -> str:
    """The document as Atom."""
    feed = _Atom(
        title=document.title, link=document.page, description="", subtitle=document.description,
        language=document.language, feed_url=document.address, feed_guid=document.id,
        author_name=document.author, document=document,
    )  # fmt: skip
    for entry in document.entries:
        feed.add_item(entry.title, entry.url, entry.summary, entry=entry)
    return feed.writeString("utf-8")
