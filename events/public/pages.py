"""What every public view shares: GET and HEAD alone, and a 400 for what it does not know."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..latest import latest
from . import freshness
from .metadata import error_page


class BadRequest(Exception):
    """A query that this address does not understand, with the sentence that names it."""


def _only(request: HttpRequest, *known: str) -> None:
    """Refuse unknown query parameters. Raises BadRequest that names them."""
    unknown = sorted(set(request.GET) - set(known))
    if unknown:
        raise BadRequest(_("Unknown parameter: %(names)s") % {"names": ", ".join(unknown)[:100]})


def public_page(*known: str, by_state: bool = False) -> Any:
    """A view that answers GET and HEAD, and a 400 in house style to what it does not know.

    `by_state` says that what it answers follows from the address and the public record alone, not
    from the day or the hour: a program that comes again while nothing has changed costs one query,
    and nothing is rendered for it.
    """

    def decorate(view: Any) -> Any:
        @require_safe
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                _only(request, *known)
                if by_state and not freshness.is_rehearsed():
                    return _by_state(request, lambda: view(request, *args, **kwargs))
                response: HttpResponse = view(request, *args, **kwargs)
            except BadRequest as refusal:
                return error_page("400.html", 400, message=str(refusal))
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
