"""The whole record to be downloaded, while nothing that is in it has been withdrawn."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from ..addresses import absolute
from ..exporting import shelf
from .pages import public_page
from .sending import Blob, send

# What is no part of a dump's own list: the list, and the checksums.
_TYPES = {"json": "application/json", "txt": "text/plain; charset=utf-8"}


@public_page()
def listing(request: HttpRequest) -> HttpResponse:
    """The dumps that may be had, the latest first, each with its files."""
    found = [_told(dump) for dump in shelf.open_dumps()]
    response = JsonResponse({"dumps": found}, json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _told(dump: shelf.Dump) -> dict[str, Any]:
    said = dump.manifest()
    return {
        "moment": said["moment"],
        "files": [
            {**each, "url": absolute(reverse("dump_file", args=[dump.name, each["name"]]))}
            for each in said["files"]
        ],
    }  # fmt: skip


@public_page()
def file(request: HttpRequest, moment: str, name: str) -> HttpResponse:
    """One file of a dump. Raises Http404 for what is not there, and for a dump that is closed."""
    dump = shelf.dump_named(moment)
    if dump is None or not shelf.is_file_of(dump, name):
        raise Http404
    known = {each["name"]: each for each in dump.manifest()["files"]}
    digest = known[name]["sha256"] if name in known else f"{moment}-{name}"
    media_type = known[name]["media_type"] if name in known else _TYPES[name.rpartition(".")[2]]
    blob = Blob(shelf.storage(), f"{moment}/{name}", media_type, digest, f"{moment}-{name}")
    response: HttpResponse = send(request, blob)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
