"""What a feed and its entries say, whatever the format: the writers put it into RSS, Atom and JSON
Feed word for word."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

# The date of a feed in which nothing has been published.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Author:
    """Who said it: the name and the office as printed, and the address of their page."""

    name: str
    office: str = ""
    url: str = ""

    @property
    def written(self) -> str:
        """Name and office in one line, as feed readers show it."""
        return f"{self.name}, {self.office}" if self.office else self.name


@dataclass(frozen=True)
class Category:
    """Something to sort by: its code, its name, and the address of the list that it is from."""

    term: str
    label: str
    scheme: str


@dataclass(frozen=True)
class Picture:
    """The lead photo in one of the sizes that readers get it in."""

    url: str
    type: str
    width: int
    height: int
    credit: str
    words: str


@dataclass(frozen=True)
class Document:
    """A file that belongs to a text."""

    url: str
    type: str
    title: str
    size: int
    language: str


@dataclass(frozen=True)
class Ended:
    """What an entry announces the end of: the GUID that it had, and what was done ("retracted",
    "withdrawn", "removed") when."""

    of: str
    action: str
    at: datetime
    reason: str
    reason_language: str


@dataclass(frozen=True)
class Entry:
    """An event, a statement, a quote or an outcome as a feed has it; or, with `ended`, the notice
    that one is no more, which has a GUID of its own and no address.

    `language` is that of its text, `standing` what that text is worth (languages.Standing; "" of a
    quote or an outcome), `summary` is plain text, `content` safe HTML. `published` is
    when readers of this feed's language got it, `updated` when the text last changed for them.
    """

    urn: str
    title: str
    url: str
    language: str
    published: datetime
    updated: datetime
    summary: str
    content: str = ""
    authors: tuple[Author, ...] = ()
    categories: tuple[Category, ...] = ()
    picture: Picture | None = None
    documents: tuple[Document, ...] = ()
    ended: Ended | None = None
    standing: str = ""


@dataclass(frozen=True)
class Link:
    """A further document that a feed leads to."""

    rel: str
    href: str
    type: str = ""
    title: str = ""


@dataclass(frozen=True)
class FeedDocument:
    """One document of a feed: the newest of it, or an archive that stays as it is.

    `id` is the feed's, the same in all its documents; `address` is this document's own; `page` is
    the page that shows the same to a person, `guide` the one that explains feeds.
    """

    id: str
    title: str
    description: str
    language: str
    author: str
    page: str
    guide: str
    address: str
    entries: tuple[Entry, ...]
    links: tuple[Link, ...] = ()
    hubs: tuple[str, ...] = ()
    older: str = ""
    is_archive: bool = False
    style: str = ""
    updated: datetime = field(default=EPOCH)

    @property
    def ended(self) -> list[Ended]:
        """What is no more, of what its entries announce."""
        return [entry.ended for entry in self.entries if entry.ended]
