"""What is written down: one line of JSON for each event, with the number of its request.

Never a text, a password, a code, or what somebody looks for: lines have only the fields that are
named here, queries are cut off, and of an exception its kind and its place are told, not its words,
for databases and forms repeat in them what they refuse.
"""

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace, TracebackType
from typing import Any

from events import clients, missed

# What a line may say beside when, how grave, who says it and what.
_FIELDS = ("method", "path", "address", "number", "act", "digest")
# The query of an address that somebody else's message names.
_QUERY = re.compile(r"(/[^\s?\"']*)\?[^\s\"']*")
# The innermost places are those that tell; the rest is the way through the framework.
_FRAMES = 12


class JSONLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line: moment (UTC), level, logger, message; the number of the request, if any."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "at": at.replace("+00:00", "Z"), "level": record.levelname, "logger": record.name,
            "message": _QUERY.sub(r"\1?…", record.getMessage()),
        }  # fmt: skip
        if number := getattr(record, "request_id", "") or clients.asking().request_id:
            line["request_id"] = number
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = [_told(each) for each in _chain(record.exc_info[1])]
        # A surrogate that somebody sent is in no encoding.
        text = json.dumps(line, ensure_ascii=False, default=str)
        return text.encode("utf-8", "backslashreplace").decode()


def _chain(problem: BaseException | None) -> Iterator[BaseException]:
    """An exception, and what it came of."""
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        yield problem
        problem = problem.__cause__ or (
            None if problem.__suppress_context__ else problem.__context__
        )


def _told(problem: BaseException) -> dict[str, Any]:
    kind = type(problem)
    frames = list(_frames(problem.__traceback__))[-_FRAMES:]
    return {"type": f"{kind.__module__}.{kind.__qualname__}", "at": frames}


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}"
        traceback = traceback.tb_next


Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Numbered:
    """A WSGI application around all others: gives each request its number, before anything of it
    can be written down, and writes the one line of every 404, whoever answered it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        asking = clients.who_asks(SimpleNamespace(META=environ))
        # Taken now: Django writes its own reading of the address into the same place.
        method, path = environ.get("REQUEST_METHOD", ""), environ.get("PATH_INFO", "")
        path = path.encode("latin-1", "replace").decode("utf-8", "replace")

        def started(status: str, *more: Any) -> Any:
            if status.startswith("404"):
                missed.tell(method, path, asking)
            return start_response(status, *more)

        with clients.asked_by(asking):
            return self.application(environ, started)
