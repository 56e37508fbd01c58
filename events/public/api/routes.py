"""The routes of the open API. Each answers GET and HEAD, to anybody, without a key."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, get_script_prefix, path, re_path, reverse
from django.utils import translation
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError

from ... import opendata
from ...addresses import absolute
from ...languages import CODES
from ..metadata import office_name
from ..pages import BadRequest, public_page
from ..problems import written
from . import editions, lists, queries, rows, schemas, single
from .answers import Edition, Editions, Index, page_of
from .lists import KINDS, by_state

api = NinjaAPI(
    title="Open data of the press office", version="1", urls_namespace="api",
    openapi_url=None, docs_url=None,
    description=(
        "Events, statements, quotes and outcomes, with all that they name, as data: for anybody, "
        "without a key. Texts are in all the languages that are ready; times are in UTC; what is "
        "not public is not there. Identifiers and addresses never change."
    ),
)  # fmt: skip
RECORD: dict[str, Any] = {
    "publications": schemas.Event | schemas.Statement, "events": schemas.Event,
    "statements": schemas.Statement, "quotes": schemas.Quote, "outcomes": schemas.Outcome,
    "people": rows.Person, "organisations": rows.Organisation, "countries": rows.Country,
    "topics": rows.Topic, "series": rows.Series,
}  # fmt: skip
QUERY: dict[str, Any] = {
    "publications": queries.Publications, "events": queries.Events,
    "statements": queries.Statements, "quotes": queries.Quotes, "outcomes": queries.Outcomes,
}  # fmt: skip
CALLED = {
    "publications": "events and statements", "events": "events", "statements": "statements",
    "quotes": "quotes", "outcomes": "outcomes", "people": "people",
    "organisations": "organisations", "countries": "countries", "topics": "topics",
    "series": "series of meetings",
}  # fmt: skip
ONE = {
    "publications": "event or statement", "events": "event", "statements": "statement",
    "quotes": "quote", "outcomes": "outcome", "people": "person",
    "organisations": "organisation", "countries": "country", "topics": "topic",
    "series": "series of meetings",
}  # fmt: skip
# The parameters that each route understands, by its name.
KNOWN: dict[str, tuple[str, ...]] = {}


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, refusal: ValidationError) -> HttpResponse:
    told = {str(each["loc"][-1]): str(each["msg"]) for each in refusal.errors}
    raise BadRequest("; ".join(f"{name}: {why}" for name, why in told.items()), *told)


@api.exception_handler(Exception)
@api.exception_handler(Http404)
def _as_elsewhere(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What goes wrong is answered where that of every public view is."""
    raise exception


def _list_of(name: str) -> None:
    asked: Any = QUERY.get(name, queries.Rows)

    def listed(request: HttpRequest, query: Any) -> HttpResponse:
        if name in KINDS:
            return lists.answer(lists.found(KINDS[name], request.GET, request.path))
        return lists.answer(lists.named(*single.ROWS[name], request.GET, request.path))

    listed.__annotations__["query"] = asked
    listed.__defaults__ = (Query(...),)
    KNOWN[name] = tuple(asked.model_fields)
    api.get(
        f"/{name}", response=page_of(RECORD[name], name.capitalize()), url_name=name, by_alias=True,
        operation_id=f"list_{name}", summary=f"All {CALLED[name]}", tags=[name],
        description=f"The public {CALLED[name]} that the parameters leave, page by page.",
    )(listed)  # fmt: skip


def _one_of(name: str) -> None:
    def one(request: HttpRequest, uid: UUID) -> HttpResponse:
        if name in single.TEXTS:
            return single.text(name, pk=uid)
        if name in single.PARTS:
            return single.part(name, uid)
        return written(single.named(name, single.row(name, pk=uid)))

    api.get(
        f"/{name}/{{uuid:uid}}", response=RECORD[name], url_name=f"{name}_one", by_alias=True,
        operation_id=f"get_{name}", summary=f"One {ONE[name]}", tags=[name],
        description=f"One {ONE[name]} by its permanent identifier.",
    )(one)  # fmt: skip


for _name in RECORD:
    _list_of(_name)
    _one_of(_name)


@api.get(
    "/publications/{uuid:uid}/editions", response=Editions, url_name="editions", by_alias=True,
    operation_id="list_editions", summary="The editions of an event or a statement",
    tags=["editions"],
)  # fmt: skip
def _editions(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What readers had, from when, and what was changed: the latest first."""
    item, refusal = single.readable("publications", pk=uid)
    return refusal or editions.listed(item)


@api.get(
    "/publications/{uuid:uid}/editions/{int:number}", response=Edition, url_name="edition",
    by_alias=True, operation_id="get_edition", summary="One edition with its text",
    tags=["editions"],
)  # fmt: skip
def _edition(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """An edition as readers had it, by the number that they know it by."""
    item, refusal = single.readable("publications", pk=uid)
    return refusal or editions.one(item, number)


@api.get("/", response=Index, url_name="index", operation_id="get_index", tags=["index"],
         summary="Where the lists are")  # fmt: skip
def _index(request: HttpRequest) -> HttpResponse:
    """The lists, and what explains them to people and to programs."""
    pages = {}
    for code in CODES:
        with translation.override(code):
            pages[code] = absolute(reverse("public:api"))
    here = absolute(get_script_prefix() + opendata.API)
    return written({
        "title": {code: office_name(code) for code in CODES}, "documentation": pages,
        "openapi": f"{here}openapi.json", "lists": {name: f"{here}{name}" for name in RECORD},
    })  # fmt: skip


@public_page(by_state=True)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API for programs (OpenAPI 3.1)."""
    from .document import document

    return written(document())


@public_page()
def nothing(request: HttpRequest) -> HttpResponse:
    """Any other address below the API's."""
    raise Http404


def _door(pattern: URLPattern) -> URLPattern:
    """A route of django-ninja behind what every public view shares. HEAD is answered as GET,
    without the body, and a form's token is asked of nobody: nothing is written here."""
    inner = pattern.callback

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        method, request.method = request.method, "GET"
        try:
            answer: HttpResponse = inner(request, *args, **kwargs)
        finally:
            request.method = method
        return answer

    pattern.callback = public_page(*KNOWN.get(str(pattern.name), ()), by_state=by_state)(view)
    pattern.callback.csrf_exempt = True
    return pattern


openapi.csrf_exempt = nothing.csrf_exempt = True
_routes = [_door(each) for each in api.urls[0] if each.name != "api-root"]
# Below /api/: the version, then its routes; whatever is not there is a problem, and no page.
api_patterns = [
    path("v1/openapi.json", openapi, name="openapi"),
    *(path("v1/", ([each], None, None)) for each in _routes),
    re_path("", nothing, name="nothing"),
]
