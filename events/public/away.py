"""What readers are told while the database cannot be reached."""

from typing import Any

from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from . import problems
from .metadata import error_page

# In a request's META: that nobody need ask the database now; and what happened to whoever did.
AWAY, FAILED = "pressoffice.database_away", "pressoffice.database_failed"
# Seconds after which it is worth coming again.
AGAIN = 10


def is_outage(problem: BaseException | None) -> bool:
    """Whether an error says that the database is away, starting, full or too slow, rather than
    that it was asked something wrong. During a change of servers the former one only reads."""
    if isinstance(problem, (OperationalError, InterfaceError)):
        return True
    cause: Any = getattr(problem, "__cause__", None)
    return isinstance(problem, Error) and getattr(cause, "sqlstate", "") == "25006"


def unavailable(request: HttpRequest) -> HttpResponse:
    """A 503 in the language of the address, in house style or as a problem; it asks nothing of
    the database."""
    if problems.is_data(request):
        response = problems.problem(503)
    else:
        response = error_page("503.html", 503)
    response.headers["Retry-After"] = str(AGAIN)
    response.headers["Cache-Control"] = "no-store"
    return response
