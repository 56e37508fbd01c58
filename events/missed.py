"""What is written down of an answer that there is nothing: one line, the same for every 404.

Neither what was hidden there, nor whether anything was, is known here: the public side compares
nothing. `manage.py digest_log` does, afterwards and elsewhere.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime

from . import clients
from .clients import Asking

# The name of these lines in the log, and the most that is kept of an address.
LOGGER = "events.missed"
LONGEST = 300
_log = logging.getLogger(LOGGER)


@dataclass(frozen=True)
class Miss:
    """Somebody asked for what is not there: when (UTC), how, where, and from which network."""

    at: datetime
    method: str
    path: str
    address: str


def tell(method: str, path: str, asking: Asking) -> None:
    """Write the line. Of a reader's address it keeps the network; of what was asked for no query:
    that may be what somebody looks for."""
    _log.info(
        "404",
        extra={
            "method": method[:20], "path": path[:LONGEST], "request_id": asking.request_id,
            "address": clients.network(asking.address),
        },
    )  # fmt: skip


def read(line: str) -> Miss | None:
    """The miss that a line of the log tells of; None for any other line, whole or garbled."""
    if LOGGER not in line:
        return None
    try:
        # Whatever collects the lines may have put its own words before them.
        told = json.loads(line[line.index("{") :])
        if told["logger"] != LOGGER:
            return None
        at = parse_datetime(told["at"])
        said = [told[name] for name in ("method", "path", "address")]
    except (ValueError, KeyError, TypeError):
        return None
    if at is None or at.tzinfo is None or not all(isinstance(each, str) for each in said):
        return None
    return Miss(at, *said)
