"""Announcing: what has become public since the last time, told to the hubs of WebSub.

Nobody has to act for it at a release. A command looks what is public now and was not announced
(`acts`), works out which feeds that changed (`topics`), and tells each hub of each such feed once
(`pings`). Readers and their pages depend on none of it: a hub that is down is late alone.
"""

from .acts import find
from .pings import Sent, deliver, waiting

__all__ = ["Sent", "deliver", "find", "waiting"]
