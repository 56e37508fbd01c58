"""Feeds as subscribers read them: the same of each entry, whatever the format."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import feedparser
from lxml import etree

from .feed_rules import ATOM, RULES

FORMS = ("rss", "atom", "json")
NAMES = ("latest", "events", "statements", "quotes", "outcomes")


def valid(client: Any, address: str) -> bytes:
    """The bytes of a feed in which no rule of its format is broken."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    content: bytes = answer.content
    form = address.partition("?")[0].rpartition(".")[2]
    assert RULES[form](content) == [], address
    if form != "json":
        assert feedparser.parse(content).bozo == 0, address
    return content


def ids(client: Any, address: str) -> list[str]:
    """The GUIDs of a valid feed, in its order."""
    return [each["id"] for each in entries(client, address)]


def entries(client: Any, address: str) -> list[dict[str, str]]:
    """What a valid feed says of each entry: id, title, published, updated, language, url."""
    content = valid(client, address)
    if ".json" in address:
        return [
            {"id": each["id"], "title": each["title"], "published": each["date_published"],
             "updated": each["date_modified"], "language": each["language"],
             "url": each.get("url", "")}
            for each in json.loads(content)["items"]
        ]  # fmt: skip
    return [
        {"id": each.id, "title": each.title, "published": _written(each.published_parsed),
         "updated": _written(each.updated_parsed), "language": each.title_detail.language or "",
         # A GUID is taken for the address where there is none.
         "url": each.get("link", "").replace(each.id, "")}
        for each in feedparser.parse(content).entries
    ]  # fmt: skip


def _written(when: Any) -> str:
    return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+00:00".format(*when[:6])


def link(client: Any, address: str, rel: str) -> str:
    """Where a valid feed leads, as a path of this site; "" where it does not."""
    content = valid(client, address)
    if ".json" in address:
        found = json.loads(content)
        href = found.get("next_url", "") if rel == "prev-archive" else found["feed_url"]
        return str(href).removeprefix("https://press.example")
    for each in etree.fromstring(content).iter(f"{ATOM}link"):
        if each.get("rel") == rel:
            return str(each.get("href")).removeprefix("https://press.example")
    return ""


def walked(client: Any, address: str) -> list[tuple[str, list[str]]]:
    """The documents of a feed from the newest on, each with what its address asks for and the
    GUIDs in it."""
    found = []
    while address:
        query = parse_qs(urlsplit(address).query)
        found.append((query.get("archive", [""])[0], ids(client, address)))
        address = link(client, address, "prev-archive")
    return found
