"""The public record as data, whole, at one moment: JSON Lines, CSV and ninjs, with a list of what
there is and a description that catalogues understand (DCAT)."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .. import opendata
from ..addresses import absolute
from ..models import (
    Country,
    Event,
    Organisation,
    Outcome,
    Person,
    Publication,
    Quote,
    Series,
    Statement,
    Topic,
)  # fmt: skip
from ..visibility import Status
from . import folder, ninjs, shelf, tables
from .frozen import frozen

# Records that are in memory at a time.
AT_ONCE = 200
BOM = "\ufeff".encode()
MEDIA_TYPES = {
    "jsonl": "application/jsonl", "csv": "text/csv", "json": "application/json",
    "jsonld": "application/ld+json", "txt": "text/plain",
}  # fmt: skip


@dataclass(frozen=True)
class _Kind:
    name: str
    rows: Callable[[], QuerySet[Any]]
    as_data: Callable[[Iterable[Any]], list[dict[str, Any]]]


def _kinds() -> list[_Kind]:
    public = {
        model: model.objects.public
        for model in (Event, Statement, Person, Organisation, Country, Topic, Series)
    }
    return [
        _Kind("events", public[Event], opendata.events),
        _Kind("statements", public[Statement], opendata.statements),
        _Kind("quotes", lambda: Quote.objects.public().select_related(
            "statement", "statement__event", "person"), opendata.quotes),
        _Kind("outcomes", lambda: Outcome.objects.public().select_related("event"),
              opendata.outcomes),
        _Kind("people", public[Person], opendata.people),
        _Kind("organisations", public[Organisation], opendata.organisations),
        _Kind("countries", public[Country], opendata.countries),
        _Kind("topics", public[Topic], opendata.topics),
        _Kind("series", public[Series], opendata.series),
    ]  # fmt: skip


def _pages(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """The rows in the order of their identifiers, some at a time; by key, as a cursor of the
    database would end with its transaction."""
    rows, last = rows.order_by("pk"), None
    while True:
        page = list(islice((rows.filter(pk__gt=last) if last else rows).iterator(AT_ONCE), AT_ONCE))
        if not page:
            return
        yield page
        last = page[-1].pk


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def make(
    *, bom: bool = False, keep: int = 3, progress: Callable[[int], Any] = lambda number: None
) -> shelf.Dump:
    """Put a dump of this moment on the shelf, and take those down that are too many or closed.

    `bom` begins tables with a byte order mark, for spreadsheets that take UTF-8 for nothing else.
    Raises Unwilling where a dump of this very second is there, or something was withdrawn or
    retracted while it was made.
    """
    with ExitStack() as stack:
        moment = stack.enter_context(frozen())
        dump = shelf.Dump(shelf.name_of(moment), shelf.place() / shelf.name_of(moment))
        with folder.made(dump.path) as made:
            numbers = _write(made, bom, progress)
            _describe(made, dump, numbers)
            stack.close()
            ended = shelf.last_ending()
            if ended is not None and ended >= moment:
                raise folder.Unwilling(
                    _("Something was withdrawn or retracted meanwhile: make the dump again.")
                )
    _tidy(keep)
    return dump


def _write(
    made: folder.Folder, bom: bool, progress: Callable[[int], Any]
) -> dict[str, int]:  # fmt: skip
    numbers = {}
    with made.file("news.ninjs.jsonl") as news:
        numbers["news.ninjs.jsonl"] = 0
        for kind in _kinds():
            with made.file(f"{kind.name}.jsonl") as lines, made.file(f"{kind.name}.csv") as table:
                table.write((BOM if bom else b"") + tables.line(tables.heading(kind.name)))
                number = 0
                for page in _pages(kind.rows()):
                    for data in kind.as_data(page):
                        lines.write(_json(data))
                        table.write(tables.row(kind.name, data))
                        if kind.name in ("events", "statements"):
                            for item in ninjs.items(data, settings.OFFICE_NAMES):
                                news.write(_json(item))
                                numbers["news.ninjs.jsonl"] += 1
                    number += len(page)
                    progress(len(page))
            numbers[f"{kind.name}.jsonl"] = numbers[f"{kind.name}.csv"] = number
        for page in _pages(_ended()):
            for notice in (each for item in page for each in ninjs.notices(item)):
                news.write(_json(notice))
                numbers["news.ninjs.jsonl"] += 1
    return numbers


def _ended() -> QuerySet[Any]:
    """What was public and is no longer current, for the notices that say so."""
    out = Publication.objects.readable() | Publication.objects.retracted()
    return out.exclude(status=Status.APPROVED)


def _describe(made: folder.Folder, dump: shelf.Dump, numbers: dict[str, int]) -> None:
    """The description for people, for catalogues, and the list of what there is, last."""
    context = {"site": settings.SITE_URL, "office": settings.OFFICE_NAMES,
               "moment": f"{dump.moment:%Y-%m-%d %H:%M:%S} UTC"}  # fmt: skip
    made.add("README.txt", [render_to_string("export/dump.txt", context).encode()])
    made.add("dcat.jsonld", [_json(_dcat(made, dump, numbers))])
    listed = {
        "moment": f"{dump.moment:%Y-%m-%dT%H:%M:%SZ}", "site": settings.SITE_URL,
        "files": [
            {"name": name, "bytes": size, "sha256": digest, "rows": numbers.get(name),
             "media_type": media_type(name)}
            for name, (size, digest) in sorted(made.written.items())
        ],
    }  # fmt: skip
    made.add(shelf.MANIFEST, [_json(listed)])


def media_type(name: str) -> str:
    """What a file of a dump is, by its name."""
    return MEDIA_TYPES[name.rpartition(".")[2]]


def _dcat(made: folder.Folder, dump: shelf.Dump, numbers: dict[str, int]) -> dict[str, Any]:
    """The dump as a dataset of a catalogue (W3C DCAT 3)."""
    base = absolute(f"/api/v1/dumps/{dump.name}/")
    titles = [{"@language": code, "@value": name} for code, name in settings.OFFICE_NAMES.items()]
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/", "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": base, "@type": "dcat:Dataset", "dct:title": titles,
        "dct:issued": {"@type": "xsd:dateTime", "@value": f"{dump.moment:%Y-%m-%dT%H:%M:%SZ}"},
        "dct:language": list(settings.OFFICE_NAMES),
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": titles,
                          "foaf:homepage": settings.SITE_URL},
        "dcat:landingPage": settings.SITE_URL,
        "dcat:distribution": [
            {
                "@id": base + name, "@type": "dcat:Distribution", "dct:title": name,
                "dcat:downloadURL": base + name, "dcat:mediaType": media_type(name),
                "dcat:byteSize": size,
                "spdx:checksum": {"spdx:algorithm": "spdx:checksumAlgorithm_sha256",
                                  "spdx:checksumValue": digest},
            }
            for name, (size, digest) in sorted(made.written.items()) if name in numbers
        ],
    }  # fmt: skip


def _tidy(keep: int) -> None:
    """Take down the closed dumps and those beyond the latest few."""
    kept = {dump.name for dump in shelf.open_dumps()[:keep]}
    for path in shelf.place().iterdir():
        if path.name not in kept and not path.name.startswith("."):
            shutil.rmtree(path, ignore_errors=True)
