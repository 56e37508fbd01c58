"""The OpenAPI document: what django-ninja makes of the routes, and what it does not know."""

import copy
from functools import cache
from typing import Any

from ninja.openapi.schema import REF_TEMPLATE

from ...addresses import absolute
from ...opendata import API
from ..metadata import office_name
from .answers import Gone, Problem
from .routes import api

HEADERS = {
    "ETag": "Names these bytes: ask again with If-None-Match, and 304 says that nothing changed.",
    "Last-Modified": "When the public record last changed.",
    "RateLimit-Policy": "How many requests are answered in how many seconds, to each address.",
}
_LIST = {"Link": 'The next page: <…>; rel="next".'}
# Which problems there are, with what is meant.
PROBLEMS = {
    "400": "A parameter is unknown or cannot be understood: it is named.",
    "404": "There is nothing at this address: it is not public, or never was.",
    "405": "This address is for GET, HEAD and OPTIONS.",
    "410": "It was public, and is no longer: it was retracted, or taken out of its text.",
    "429": "Too many requests: come back after the seconds that Retry-After tells.",
    "500": "Something went wrong here.",
}


def _problem(status: str) -> dict[str, Any]:
    schema = {"$ref": REF_TEMPLATE.format(model="Gone" if status == "410" else "Problem")}
    found: dict[str, Any] = {
        "description": PROBLEMS[status],
        "content": {"application/problem+json": {"schema": schema}},
    }
    if status == "429":
        told = "Seconds until more is answered."
        found["headers"] = {"Retry-After": {"description": told, "schema": {"type": "integer"}}}
    return found


def _parameter(given: dict[str, Any]) -> dict[str, Any]:
    """A parameter as OpenAPI has it: an example of its own, and no default where there is none."""
    found = copy.deepcopy(given)
    schema = found["schema"]
    for name in ("title", "description", "examples"):
        found[name] = schema.pop(name, None)
    examples = found.pop("examples") or []
    found.pop("title")
    if examples:
        found["example"] = examples[0]
    if schema.get("default", "") is None:
        schema.pop("default")
    if found["description"] is None:
        found["description"] = "The permanent identifier." if found["name"] == "uid" else (
            "The number of the edition."
        )  # fmt: skip
    return found


def _operation(given: dict[str, Any]) -> dict[str, Any]:
    found = dict(given)
    found["parameters"] = [_parameter(each) for each in given["parameters"]]
    by_path = any(each["in"] == "path" for each in found["parameters"])
    headers = HEADERS | ({} if by_path else _LIST)
    answer = copy.deepcopy(given["responses"][200])
    answer["headers"] = {
        name: {"description": told, "schema": {"type": "string"}} for name, told in headers.items()
    }
    problems = [each for each in PROBLEMS if by_path or each not in ("404", "410")]
    found["responses"] = {"200": answer, **{each: _problem(each) for each in problems}}
    return found


@cache
def _made() -> dict[str, Any]:
    """All of it but the office's name and address, which the settings hold."""
    made = api.get_openapi_schema(path_prefix=API)
    paths = {
        path: {method: _operation(operation) for method, operation in methods.items()}
        for path, methods in made["paths"].items()
    }
    shapes = dict(made["components"]["schemas"])
    for model in (Problem, Gone):
        shape = model.model_json_schema(ref_template=REF_TEMPLATE)
        shapes |= shape.pop("$defs", {})
        shapes[model.__name__] = shape
    return {
        "openapi": made["openapi"], "info": made["info"], "servers": [], "paths": paths,
        "components": {"schemas": dict(sorted(shapes.items()))},
    }  # fmt: skip


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of this office."""
    made = _made()
    info = {**made["info"], "title": f"{office_name('en')}: open data"}
    return {**made, "info": info, "servers": [{"url": absolute("/").rstrip("/")}]}


def example(shape: dict[str, Any], deep: int = 0) -> Any:
    """An example of what a schema describes, from the examples of its fields."""
    if "examples" in shape:
        return shape["examples"][0]
    if "const" in shape:
        return shape["const"]
    if "$ref" in shape:
        shapes = _made()["components"]["schemas"]
        return example(shapes[shape["$ref"].rsplit("/", 1)[-1]], deep + 1)
    if "anyOf" in shape:
        return example(shape["anyOf"][0], deep)
    if shape.get("type") == "array":
        return [] if deep > 2 else [example(shape["items"], deep + 1)]
    if "additionalProperties" in shape and isinstance(shape["additionalProperties"], dict):
        return {"en": example(shape["additionalProperties"], deep + 1)}
    return {name: example(each, deep) for name, each in shape.get("properties", {}).items()}
