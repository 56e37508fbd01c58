"""What every public view shares: GET and HEAD alone, and a 400 for what it does not know."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .metadata import error_page


class BadRequest(Exception):
    """A query that this address does not understand, with the sentence that names it."""


def _only(request: HttpRequest, *known: str) -> None:
    """Refuse unknown query parameters. Raises BadRequest that names them."""
    unknown = sorted(set(request.GET) - set(known))
    if unknown:
        raise BadRequest(_("Unknown parameter: %(names)s") % {"names": ", ".join(unknown)[:100]})


def public_page(*known: str) -> Any:
    """A view that answers GET and HEAD, and a 400 in house style to what it does not know."""

    def decorate(view: Any) -> Any:
        @require_safe
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                _only(request, *known)
                response: HttpResponse = view(request, *args, **kwargs)
            except BadRequest as refusal:
                return error_page("400.html", 400, message=str(refusal))
            return response

        checked.__name__, checked.__doc__ = view.__name__, view.__doc__
        return checked

    return decorate
