"""What every public view shares: GET and HEAD alone, and a 400 for what it does not know."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from ..latest import latest
from . import freshness, problems
from .metadata import error_page

By = bool | Callable[[HttpRequest], bool]


class BadRequest(Exception):
    """A query that this address does not understand, with the sentence that names it, and the
    names of the parameters in question where there are any."""

    def __init__(self, sentence: str, *parameters: str) -> None:
        super().__init__(sentence)
        self.parameters = parameters


def _only(request: HttpRequest, *known: str) -> None:
    """Refuse unknown query parameters. Raises BadRequest that names them."""
    unknown = sorted(set(request.GET) - set(known))
    if unknown:
        names = ", ".join(unknown)[:100]
        raise BadRequest(_("Unknown parameter: %(names)s") % {"names": names}, *unknown[:10])


def _refused(request: HttpRequest, refusal: BadRequest) -> HttpResponse:
    if problems.is_data(request):
        return problems.bad_request(str(refusal), *(each[:100] for each in refusal.parameters))
    return error_page("400.html", 400, message=str(refusal))


def _not_allowed(request: HttpRequest) -> HttpResponse:
    if problems.is_data(request):
        return problems.not_allowed(request)
    return HttpResponseNotAllowed(["GET", "HEAD"])


def public_page(*known: str, by_state: By = False) -> Any:
    """A view that answers GET and HEAD, and a 400 to what it does not know: in house style, or
    as a problem where the address is one of data.

    `by_state` says (or tells of a request) that what it answers follows from the address and the
    public record alone, not from the day or the hour: a program that comes again while nothing
    has changed costs one query, and nothing is rendered for it.
    """

    def decorate(view: Any) -> Any:
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return _not_allowed(request)
            try:
                _only(request, *known)
                from_state = by_state(request) if callable(by_state) else by_state
                if from_state and not freshness.is_rehearsed():
                    return _by_state(request, lambda: view(request, *args, **kwargs))
                response: HttpResponse = view(request, *args, **kwargs)
            except BadRequest as refusal:
                return _refused(request, refusal)
            return response

        checked.__name__, checked.__doc__ = view.__name__, view.__doc__
        return checked

    return decorate


def _by_state(request: HttpRequest, render: Callable[[], HttpResponse]) -> HttpResponse:
    """What is kept of this state of the record, else what `render` makes. The state is read before
    anything is rendered: whatever changes meanwhile makes the next answer a new one."""
    state = latest()
    key = freshness.state_key(request, state)
    response = freshness.kept(key)
    if response is None:
        response = render()
        freshness.keep(key, response)
    freshness.date(response, state)
    return response
