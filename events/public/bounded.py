"""Memory that stays within bounds: what was used longest ago makes room, and what is too large for
the whole is not taken."""

from collections import OrderedDict
from threading import Lock
from typing import Any, Protocol

from django.core.cache.backends.locmem import LocMemCache


class Weighed(Protocol):
    """What a shelf holds: something that knows how many bytes it takes."""

    def weight(self) -> int:
        """Bytes in memory, about."""


class Shelf:
    """Things by name, at most `entries` of them and `size` bytes in all, for threads to share."""

    def __init__(self, entries: int, size: int) -> None:
        self.entries, self.size = entries, size
        self.taken = 0
        self._held: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, name: str) -> Any:
        """What has that name; None where nothing has."""
        with self._lock:
            found = self._held.get(name)
            if found is None:
                return None
            self._held.move_to_end(name)
            return found[0]

    def put(self, name: str, thing: Weighed) -> None:
        """Put a thing in the place of what had its name."""
        weight = thing.weight()
        with self._lock:
            self._drop(name)
            if weight <= self.size:
                self._held[name] = thing, weight
                self.taken += weight
            while self._held and (len(self._held) > self.entries or self.taken > self.size):
                self._drop(next(iter(self._held)))

    def weigh(self, name: str, thing: Weighed) -> None:
        """Weigh a thing anew that has grown, if it is still there."""
        if self.get(name) is thing:
            self.put(name, thing)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()
            self.taken = 0

    def _drop(self, name: str) -> None:
        _thing, weight = self._held.pop(name, (None, 0))
        self.taken -= weight


class BoundedCache(LocMemCache):
    """Django's cache in a process's own memory, bounded in bytes too: OPTIONS has MAX_BYTES.

    What it keeps is packed, so that its length is its weight.
    """

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self._max_bytes = int(params.get("OPTIONS", {}).get("MAX_BYTES", 16_000_000))

    def _set(self, key: str, value: bytes, *timeout: Any) -> None:
        """As there; then what was used longest ago makes room. The lock is held."""
        if len(value) > self._max_bytes:
            return
        super()._set(key, value, *timeout)  # type: ignore[misc]
        held: Any = self._cache  # type: ignore[attr-defined]
        taken = sum(map(len, held.values()))
        while taken > self._max_bytes:
            name, gone = held.popitem()
            self._expire_info.pop(name, None)  # type: ignore[attr-defined]
            taken -= len(gone)
