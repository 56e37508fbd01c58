"""The page that explains the open API to a person: what the OpenAPI document says, to be read."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ...addresses import absolute
from .. import ratelimit
from ..metadata import page
from ..pages import public_page
from .document import PROBLEMS, document, example
from .lists import MOST, USUAL

# Whose example is shown whole.
SHOWN = "Quote"
# Of these the page tells nothing beyond where they are.
_LEFT_OUT = frozenset({"Index"})


@dataclass(frozen=True)
class Field:
    """A parameter or a field: its name, what it is (and the shape that it leads to, if any), what
    it means, and an example."""

    name: str
    kind: str
    leads_to: str
    meaning: str
    example: str = ""


@dataclass(frozen=True)
class Operation:
    """A route: its path, what it is, its parameters, and how it is asked."""

    path: str
    summary: str
    curl: str
    parameters: list[Field] = field(default_factory=list)


@dataclass(frozen=True)
class Shape:
    """A record, or a part of one, with its fields."""

    name: str
    meaning: str
    fields: list[Field]


def _name(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


def _kind(shape: dict[str, Any]) -> tuple[str, str]:
    """What a value is, in a few words; and the shape that it leads to, if any."""
    if "$ref" in shape:
        return "", _name(shape["$ref"])
    if "anyOf" in shape:
        each = [_kind(one) for one in shape["anyOf"]]
        words = [word or shape for word, shape in each]
        leads = [shape for _word, shape in each if shape]
        if len(leads) == 1 and len(words) == 2:
            return " | null", leads[0]
        return " | ".join(words), ""
    if "enum" in shape or "const" in shape:
        return " | ".join(str(each) for each in shape.get("enum", [shape.get("const")])), ""
    if shape.get("type") == "array":
        word, leads_to = _kind(shape.get("items", {}))
        return f"{word}[]", leads_to
    inner = shape.get("additionalProperties")
    if isinstance(inner, dict):
        word, leads_to = _kind(inner)
        return f"{{en: {word or leads_to}, …}}", ""
    return str(shape.get("type", "object")), ""


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parameters(given: Iterable[dict[str, Any]]) -> Iterator[Field]:
    for each in given:
        shown = _written(each["example"]) if "example" in each else ""
        yield Field(each["name"], _kind(each["schema"])[0], "", each["description"], shown)


def _operations(paths: dict[str, Any], base: str) -> Iterator[Operation]:
    for path, methods in paths.items():
        told = methods["get"]
        asked = list(_parameters(told["parameters"]))
        chosen = [each for each in asked if each.name in ("country", "topic", "limit")][:2]
        query = "&".join(f"{each.name}={each.example}" for each in chosen if each.example)
        address = base + path + (f"?{query}" if query else "")
        yield Operation(path, told["summary"], f"curl '{address}'", asked)


def _shapes(schemas: dict[str, Any]) -> Iterator[Shape]:
    for name, shape in schemas.items():
        if name in _LEFT_OUT or (name.endswith("Page") and name != "Page"):
            continue
        rows = [
            Field(each, *_kind(inner), inner.get("description", ""))
            for each, inner in shape.get("properties", {}).items()
        ]
        yield Shape(name, " ".join(shape.get("description", "").split()), rows)


@cache
def _told(base: str) -> dict[str, Any]:
    """What the page shows of the document: the same for every reader."""
    made = document()
    schemas = made["components"]["schemas"]
    return {
        "operations": list(_operations(made["paths"], base)), "shapes": list(_shapes(schemas)),
        "example": json.dumps(example(schemas[SHOWN]), ensure_ascii=False, indent=2),
        "problems": list(PROBLEMS.items()),
    }  # fmt: skip


@public_page()
def guide(request: HttpRequest) -> HttpResponse:
    """The open API: what there is, how it is asked, what it answers."""
    return page(
        request, "public/api.html", "api", base=absolute("/api/v1/"),
        openapi_url=reverse("api:openapi"), rate=ratelimit.rate(settings.API_RATE),
        usual=USUAL, most=MOST, **_told(absolute("/").rstrip("/")),
    )  # fmt: skip
