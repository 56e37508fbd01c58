"""Which door an address leads to: the readers', behind which is nothing but the views, or the
staff's, behind which are sessions, accounts and forms. The first word of the address decides.

And the one place where an outage of the database becomes an answer.
"""

import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse

from events.admin import outage
from events.public import away, home
from events.public.freshness import is_public_address

from . import routing


class _Views(BaseHandler):
    """The views, without any middleware of their own: no session, no user, no form's token. Where
    there is a replica, they are answered from it."""

    _view_middleware: Any = ()
    _template_response_middleware: Any = ()
    _exception_middleware: Any = ()

    def __init__(self) -> None:
        if routing.REPLICA in settings.DATABASES:
            self._view_middleware = (routing.from_replica,)
        here: Any = self
        self.answer: Any = convert_exception_to_response(here._get_response)


class Doors:
    """Answers public addresses from the views; lets the staff's through to what stands below it in
    settings.MIDDLEWARE. Neither asks the database where it is known to be away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.staff = get_response
        self.readers = _Views().answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or let through."""
        if request.META.get(away.AWAY):
            return unavailable(request)
        if is_public_address(request.path_info):
            answer: HttpResponse = self.readers(request)
            return answer
        return self.staff(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The 503 of the door that the address leads to."""
    if is_public_address(request.path_info):
        return away.unavailable(request)
    return outage.unavailable(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody has caught, from whichever layer: 503 where the database is away or too slow,
    else 500. Django calls this while the exception is being handled."""
    problem = sys.exc_info()[1]
    if problem is None or not away.is_outage(problem):
        return home.server_error(request)
    request.META[away.FAILED] = problem
    return unavailable(request)
