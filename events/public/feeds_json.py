"""JSON Feed 1.1. Retractions and archives, which it does not know, are extensions of ours."""

import json
from datetime import datetime
from typing import Any

from django.utils.feedgenerator import rfc3339_date

from .feeds_entry import Ended, Entry, FeedDocument

VERSION = "https://jsonfeed.org/version/1.1"


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    """What is not known is left out, as the format has it."""
    return {name: value for name, value in values.items() if value not in ("", None, [], ())}


def _date(when: datetime) -> str:
    return str(rfc3339_date(when))


def _item(entry: Entry, guide: str) -> dict[str, Any]:
    authors = [_without_nothing({"name": each.written, "url": each.url}) for each in entry.authors]
    # An item has a text in HTML or a plain one, and a summary beside it.
    texts = {"content_html": entry.content} if entry.content else {"content_text": entry.summary}
    documents = [
        _without_nothing({
            "url": each.url, "mime_type": each.type, "title": each.title,
            "size_in_bytes": each.size or None,
        })
        for each in entry.documents
    ]  # fmt: skip
    if entry.picture:
        picture = {"url": entry.picture.url, "mime_type": entry.picture.type}
        documents.insert(0, _without_nothing({**picture, "title": entry.picture.words}))
    return _without_nothing({
        "id": entry.urn, "url": entry.url, "title": entry.title, **texts,
        "summary": entry.summary, "image": entry.picture.url if entry.picture else "",
        "date_published": _date(entry.published), "date_modified": _date(entry.updated),
        "authors": authors, "tags": [each.label for each in entry.categories],
        "language": entry.language, "attachments": documents,
        "_image": _without_nothing({"about": guide, "credit": entry.picture.credit})
        if entry.picture and entry.picture.credit else None,
        "_version": {"about": guide, "standing": entry.standing} if entry.standing else None,
        "_ended": _ended(entry.ended, guide) if entry.ended else None,
    })  # fmt: skip


def _ended(ended: Ended, guide: str) -> dict[str, str]:
    return {"about": guide, "id": ended.of, "action": ended.action, "date": _date(ended.at)}


def written_json(document: FeedDocument) -> str:
    """The document as JSON Feed."""
    archive = {"about": document.guide} | {
        link.rel.replace("-", "_"): link.href
        for link in document.links
        if link.rel in ("current", "prev-archive", "next-archive")
    }
    feed = _without_nothing({
        "version": VERSION, "title": document.title, "home_page_url": document.page,
        "feed_url": document.address, "description": document.description,
        "next_url": document.older, "language": document.language,
        "authors": [{"name": document.author}],
        "hubs": [{"type": "WebSub", "url": hub} for hub in document.hubs],
        "_archive": archive if len(archive) > 1 else None,
    })  # fmt: skip
    feed["items"] = [_item(entry, document.guide) for entry in document.entries]
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":"))
