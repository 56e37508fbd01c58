"""What RFC 4287, 5005 and 6721, RSS 2.0 and JSON Feed 1.1 ask of a document: each function returns
the complaints about one, [] for none."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

ATOM, AT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/atompub/tombstones/1.0}"
FH = "{http://purl.org/syndication/history/1.0}archive"
MEDIA = "{http://search.yahoo.com/mrss/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
RFC822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}"
)
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")


def _absolute(address: str | None) -> bool:
    parts = urlsplit(address or "")
    return bool(parts.scheme) and bool(parts.netloc or parts.scheme == "urn")


def _repeated(values: list[Any]) -> list[Any]:
    return [value for value, number in Counter(values).items() if number > 1]


def _links(root: Any) -> Iterator[str]:
    """What is asked of the links of a feed, wherever they stand (RFC 4287, 4.2.7; RFC 5005)."""
    links = root.findall(f"{ATOM}link")
    rels = Counter(link.get("rel", "alternate") for link in links)
    for link in links:
        if not _absolute(link.get("href")):
            yield f"link without an address: {link.attrib}"
    if rels["self"] != 1:
        yield f"{rels['self']} links to itself"
    yield from (f"several {rel}" for rel in ("current", "prev-archive", "next-archive")
                if rels[rel] > 1)  # fmt: skip
    kinds = [(link.get("type"), link.get("hreflang")) for link in links
             if link.get("rel", "alternate") == "alternate"]  # fmt: skip
    yield from (f"alternates of one kind: {kind}" for kind in _repeated(kinds))
    own = [link.get("href") for link in links if link.get("rel") == "self"]
    others = [link.get("href") for link in links if link.get("rel", "").endswith("-archive")]
    if set(own) & set(others):
        yield "an archive that leads to itself"
    if (root.find(FH) is not None) != bool(rels["current"]):
        yield "an archive leads to the current document, and only an archive does"


def _once(element: Any, names: str, least: int = 1) -> Iterator[str]:
    for name in names.split():
        number = len(element.findall(ATOM + name))
        if not least <= number <= 1:
            yield f"{element.tag} has {number} {name}"


def _media(element: Any) -> Iterator[str]:
    for each in element.iter(f"{MEDIA}content"):
        if not (_absolute(each.get("url")) and each.get("type") and each.get("medium")):
            yield f"media:content with {each.attrib}"
        if each.get("fileSize") == "0":
            yield "a file of no size"


def atom(content: bytes) -> list[str]:
    """RFC 4287, 5005 and 6721."""
    return list(_atom(etree.fromstring(content)))


def _atom(root: Any) -> Iterator[str]:
    if root.tag != f"{ATOM}feed":
        yield f"{root.tag} is no feed"
    yield from _once(root, "id title updated")
    yield from _once(root, "subtitle generator icon logo", least=0)
    yield from _links(root)
    entries = root.findall(f"{ATOM}entry")
    authored = root.find(f"{ATOM}author") is not None
    for entry in entries:
        yield from _once(entry, "id title updated")
        yield from _once(entry, "content summary published", least=0)
        if not authored and entry.find(f"{ATOM}author") is None:
            yield "an entry without an author"
        rels = [link.get("rel", "alternate") for link in entry.findall(f"{ATOM}link")]
        if entry.find(f"{ATOM}content") is None and "alternate" not in rels:
            yield "an entry with neither a text nor an address"
        if not TAG.fullmatch(entry.get(LANG, "")):
            yield f"an entry in the language {entry.get(LANG)!r}"
    ids = [each.text for each in root.iter(f"{ATOM}id")]
    yield from (f"id is no IRI: {each}" for each in ids if not _absolute(each))
    yield from (f"id comes twice: {each}" for each in _repeated(ids))
    times = root.iter(f"{ATOM}updated", f"{ATOM}published")
    yield from (f"no RFC 3339: {each.text}" for each in times
                if not RFC3339.fullmatch(each.text))  # fmt: skip
    yield from ("a category without a term" for each in root.iter(f"{ATOM}category")
                if not each.get("term"))  # fmt: skip
    yield from ("a person without a name" for each in root.iter(f"{ATOM}author")
                if not each.findtext(f"{ATOM}name"))  # fmt: skip
    yield from _media(root)
    for stone in root.findall(f"{AT}deleted-entry"):
        if not (_absolute(stone.get("ref")) and RFC3339.fullmatch(stone.get("when", ""))):
            yield f"a tombstone with {stone.attrib}"
        if stone.get("ref") in ids:
            yield "an entry beside its tombstone"
        if len(stone.findall(f"{AT}comment")) > 1:
            yield "a tombstone with several comments"


def rss(content: bytes) -> list[str]:
    """RSS 2.0 (rssboard.org), and its best practices."""
    return list(_rss(etree.fromstring(content)))


def _rss(root: Any) -> Iterator[str]:
    channels = root.findall("channel")
    if (root.tag, root.get("version"), len(channels)) != ("rss", "2.0", 1):
        yield "no RSS 2.0"
    channel = channels[0]
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        if len(channel.findall(name)) != 1 or not channel.findtext(name):
            yield f"the channel has no {name}, or several"
    yield from _links(channel)
    items = channel.findall("item")
    for item in items:
        if not (item.findtext("title") or item.findtext("description")):
            yield "an item that says nothing"
        for name in ("title", "link", "description", "pubDate", "guid"):
            if len(item.findall(name)) > 1:
                yield f"an item with several {name}"
        link = item.find("link")
        if link is not None and not _absolute(link.text):
            yield f"an item that leads to {link.text}"
        guid = item.find("guid")
        if guid is None or guid.get("isPermaLink") != "false" or not guid.text:
            yield "an item without a GUID, or with one that is an address"
        if not TAG.fullmatch(item.get(LANG, "")):
            yield f"an item in the language {item.get(LANG)!r}"
    yield from (f"guid comes twice: {each}"
                for each in _repeated([item.findtext("guid") for item in items]))  # fmt: skip
    for each in channel.iter("pubDate", "lastBuildDate"):
        if not RFC822.fullmatch(each.text) or not parsedate_to_datetime(each.text):
            yield f"no RFC 822: {each.text}"
    yield from _media(channel)


_FEED_KEYS = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str,
    "next_url": str, "language": str, "authors": list, "hubs": list, "items": list,
}  # fmt: skip
_ITEM_KEYS = {
    "id": str, "url": str, "title": str, "content_html": str, "content_text": str,
    "summary": str, "image": str, "date_published": str, "date_modified": str, "authors": list,
    "tags": list, "language": str, "attachments": list,
}  # fmt: skip


def _keys(found: dict[str, Any], known: dict[str, type], needed: str) -> Iterator[str]:
    for name, value in found.items():
        if name.startswith("_"):
            if not isinstance(value, dict) or not _absolute(value.get("about")):
                yield f"{name} does not say what it is"
        elif not isinstance(value, known.get(name, ())) or not (value or name == "items"):
            yield f"{name} is {value!r}"
    yield from (f"{name} is missing" for name in needed.split() if name not in found)


def json_feed(content: bytes) -> list[str]:
    """JSON Feed 1.1 (jsonfeed.org)."""
    return list(_json_feed(json.loads(content)))


def _json_feed(feed: dict[str, Any]) -> Iterator[str]:
    yield from _keys(feed, _FEED_KEYS, "version title items")
    if feed["version"] != "https://jsonfeed.org/version/1.1":
        yield feed["version"]
    if feed.get("next_url") == feed["feed_url"]:
        yield "a feed that follows on itself"
    for hub in feed.get("hubs", ()):
        yield from _keys(hub, {"type": str, "url": str}, "type url")
    for item in feed["items"]:
        yield from _keys(item, _ITEM_KEYS, "id")
        if not {"content_html", "content_text"} & set(item):
            yield "an item without a text"
        for name in ("date_published", "date_modified"):
            if not RFC3339.fullmatch(item[name]):
                yield f"no RFC 3339: {item[name]}"
        for author in item.get("authors", ()):
            yield from _keys(author, {"name": str, "url": str, "avatar": str}, "name")
        for each in item.get("attachments", ()):
            known = {"url": str, "mime_type": str, "title": str, "size_in_bytes": int}
            yield from _keys(each, known, "url mime_type")
        addresses = [item[name] for name in ("url", "image") if name in item]
        yield from (f"no address: {each}" for each in addresses if not _absolute(each))
    ids = [item["id"] for item in feed["items"]]
    yield from (f"id comes twice: {each}" for each in _repeated(ids))


RULES = {"rss": rss, "atom": atom, "json": json_feed}
