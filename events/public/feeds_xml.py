"""What RSS and Atom have in common: the photo, the links to further documents, and the words to a
person who opens a feed in a browser.

Browsers no longer apply XSLT, and show XML in a style of CSS alone. CSS makes no links;
elements of XHTML are links, and programs pass over what is not of the namespaces that they know.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from .feeds_entry import FeedDocument, Picture

ATOM = "http://www.w3.org/2005/Atom"
NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "h": "http://www.w3.org/1999/xhtml",
    "media": "http://search.yahoo.com/mrss/",
}


def link_attributes(document: FeedDocument) -> Iterator[dict[str, str]]:
    """The links of a feed beside those to itself and to its page."""
    for hub in document.hubs:
        yield {"rel": "hub", "href": hub}
    for link in document.links:
        given = {"rel": link.rel, "href": link.href, "type": link.type, "title": link.title}
        yield {name: value for name, value in given.items() if value}


def add_guide(handler: Any, document: FeedDocument) -> None:
    """Tell a person what this is, with links to where it can be read."""
    handler.startElement("h:div", {"class": "guide"})
    handler.startElement("h:p", {})
    handler.characters(_("This is a feed: copy its address into your reader or newsroom system."))
    handler.endElement("h:p")
    handler.startElement("h:p", {})
    for address, words in (
        (document.page, _("Read the same on a page")), (document.guide, _("About feeds")),
    ):  # fmt: skip
        handler.addQuickElement("h:a", words, {"href": address})
        handler.characters(" ")
    handler.endElement("h:p")
    handler.endElement("h:div")


def add_picture(handler: Any, picture: Picture) -> None:
    """The lead photo as Media RSS has it, with its credit."""
    handler.startElement("media:content", {
        "url": picture.url, "type": picture.type, "medium": "image",
        "width": str(picture.width), "height": str(picture.height),
    })  # fmt: skip
    if picture.words:
        handler.addQuickElement("media:description", picture.words, {"type": "plain"})
    if picture.credit:
        handler.addQuickElement("media:credit", picture.credit)
    handler.endElement("media:content")


class Drawn:
    """What RSS and Atom do alike, before Django's own class of each. LINK is the element that each
    has for a link."""

    LINK: ClassVar[str]
    feed: dict[str, Any]

    def add_root_elements(self, handler: Any) -> None:
        """Add the links, and a word to whoever reads the feed in a browser."""
        super().add_root_elements(handler)  # type: ignore[misc]
        document: FeedDocument = self.feed["document"]
        for attributes in link_attributes(document):
            handler.addQuickElement(self.LINK, None, attributes)
        if document.is_archive:
            handler.addQuickElement("fh:archive")
        add_guide(handler, document)

    def latest_post_date(self) -> Any:
        """From the content and never from the clock."""
        return self.feed["document"].updated

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """Mark the language of the entry."""
        return {"xml:lang": item["entry"].language}
