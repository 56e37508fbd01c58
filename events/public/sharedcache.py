"""A cache that readers never wait for: while it is away they are answered without it."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import DatabaseError

logger = logging.getLogger(__name__)

T = TypeVar("T")
# Seconds for which a cache that did not answer is left alone: each try may cost a second.
_REST = 5.0
_away_until: dict[str, float] = {}


class SharedCache:
    """One of settings.CACHES, by its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def is_shared(self) -> bool:
        """Whether other processes have it too."""
        return not isinstance(caches[self.name], LocMemCache)

    def ask(self, do: Callable[[], T]) -> T | None:
        """What `do` returns, which asks the cache; None where that is away."""
        if monotonic() < _away_until.get(self.name, 0):
            return None
        try:
            return do()
        except DatabaseError:
            raise
        except Exception:
            _away_until[self.name] = monotonic() + _REST
            logger.warning("The cache “%s” is away.", self.name, exc_info=True)
            return None

    def get(self, key: str) -> Any:
        """What is kept under a key, if anything."""
        return self.ask(lambda: caches[self.name].get(key))

    def set(self, key: str, value: Any, seconds: int) -> None:
        """Keep something for so many seconds, if that can be."""
        self.ask(lambda: caches[self.name].set(key, value, seconds))
