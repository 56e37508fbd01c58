"""Records as IPTC's News in JSON (ninjs 3.3), which newsrooms' systems take in: one object for each
language version of an event or a statement."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils import translation

from .. import markup
from ..addresses import absolute
from ..opendata.plain import moment, ready, texts

STANDARD = {
    "name": "ninjs", "version": "3.3",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.3.json",
}  # fmt: skip
CANCELED, WITHHELD = "canceled", "withheld"


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _concepts(rows: Any, code: str) -> list[dict[str, str]]:
    return [
        {"name": row["name"].get(code) or next(iter(row["name"].values()), ""),
         "uri": f"urn:uuid:{row['uid']}"}
        for row in rows or ()
    ]  # fmt: skip


def _dates(data: Mapping[str, Any]) -> dict[str, str]:
    if data.get("starts_at"):
        return _known({"startDate": data["starts_at"], "endDate": data.get("ends_at")})
    return {"expectedStartDate": data["date"]}


def items(data: Mapping[str, Any], office: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The language versions of a public event or statement, of the record as plain data."""
    is_event = data["type"] == "event"
    for code, version in data["languages"].items():
        speakers = [each["name"].get(code, "") for each in data.get("speakers", ())]
        body = data["body"].get(code, "")
        title, summary = data["title"].get(code, ""), data["summary"].get(code, "")
        yield _known({
            "standard": STANDARD,
            "uri": version["page"],
            "type": "event" if is_event else "text",
            "representationType": "complete",
            "version": str(data["edition"] or 1),
            "firstCreated": data["published_at"],
            "versionCreated": data["corrected_at"] or data["released_at"],
            "pubStatus": "usable",
            "language": code,
            "title": title,
            "headlines": [{"role": "main", "value": title}] if title else [],
            "descriptions": [{"role": "summary", "value": summary}] if summary else [],
            "bodies": [
                {"role": "main", "contentType": "text/html", "value": body},
                {"role": "plain", "contentType": "text/plain", "value": markup.to_text(body)},
            ] if body else [],
            "by": ", ".join(filter(None, speakers)),
            "people": _concepts(data["people"], code),
            "organisations": _concepts(data["organisations"], code),
            "places": _concepts(data["countries"], code),
            "subjects": _concepts(data["topics"], code),
            "eventDetails": {"dates": _dates(data)} if is_event else {},
            "infoSources": [{"name": office[code], "role": "publisher"}],
            "altIds": [
                {"role": "urn", "value": data["urn"]},
                *([{"role": "reference", "value": data["reference_number"]}]
                  if data["reference_number"] else []),
            ],
        })  # fmt: skip


def notices(item: Any) -> Iterator[dict[str, Any]]:
    """That a text which was public no longer is, for whoever has it: without a word of it."""
    status = CANCELED if item.status == "retracted" else WITHHELD
    for code in ready(item):
        with translation.override(code):
            uri = absolute(reverse(f"public:{item.model}", args=[item.slug]))
        reason = texts(item, "reason", ready(item))
        yield _known({
            "standard": STANDARD,
            "uri": uri,
            "type": "event" if item.model == "event" else "text",
            "representationType": "incomplete",
            "versionCreated": moment(item.withdrawn_at),
            "pubStatus": status,
            "language": code,
            "descriptions": [
                {"role": "reason", "value": text}
                for text in [reason.get(code) or next(iter(reason.values()), "")] if text
            ],
            "altIds": [{"role": "urn", "value": item.urn}],
        })  # fmt: skip
