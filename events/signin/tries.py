"""How often somebody may try: a password, a code, a passkey.

Three counts hold for a try at an account. That of the account from one address is the tight one:
whoever guesses there is stopped, and locks out nobody elsewhere. That of the account from
everywhere is wide, so that guessing from many addresses is slow; a browser that has signed in to
the account before does not come under it (OWASP calls it a device cookie), so that nobody can be
kept out by strangers' guesses. That of the address is for one who tries many names.

A try is a slot of a window of time, taken in one step, before anything is compared: twenty at
once are twenty. It is given back by who turns out to be right.
"""

import hashlib
import time
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest

from ..clients import client
from . import devices


@dataclass(frozen=True)
class Rate:
    """So many tries in so many seconds."""

    most: int
    seconds: int


HERE, EVERYWHERE, ADDRESS = Rate(5, 300), Rate(30, 3600), Rate(40, 300)


class TooMany(Exception):
    """One try too many; the next is answered in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"The next try is answered in {seconds} s.")
        self.seconds = seconds


@dataclass(frozen=True)
class Try:
    """What a try has taken, to be given back where it was right."""

    slots: tuple[str, ...]

    def give_back(self) -> None:
        """It was right, and counts for nothing."""
        caches["default"].delete_many(self.slots)


def at_account(request: HttpRequest, scope: str, name: str) -> Try:
    """Count a try of `scope` ("password", "code") at an account by its name, whether there is
    one or not. Raises TooMany."""
    name, here = name.casefold(), client(request)
    if devices.is_of_account(request, name):
        return Try((_slot(scope, f"{name} {devices.cookie_hash(request)}", HERE),))
    return Try((
        _slot(scope, f"{name} {here}", HERE), _slot(scope, name, EVERYWHERE),
        _slot(scope, here, ADDRESS),
    ))  # fmt: skip


def from_address(request: HttpRequest, scope: str) -> Try:
    """Count a try that names no account. Raises TooMany."""
    return Try((_slot(scope, client(request), ADDRESS),))


def in_session(request: HttpRequest, scope: str) -> Try:
    """Count a try of whoever is signed in, in this session alone. Raises TooMany."""
    who = f"{request.user.pk} {request.session.session_key}"
    return Try((_slot(scope, who, HERE),))


def _slot(scope: str, who: str, allowed: Rate) -> str:
    window, passed = divmod(int(time.time()), allowed.seconds)
    # Names are what people type into a field: of any length, and sometimes a password.
    key = f"{scope} {allowed.seconds} {allowed.most} {window} {who}"
    head = f"try:{hashlib.sha256(key.encode()).hexdigest()}"
    store: Any = caches["default"]
    slots = [f"{head}:{number}" for number in range(allowed.most)]
    taken = store.get_many(slots)
    for slot in slots:
        # Adding is one step in every cache; adding one to a number is not in the database's.
        if slot not in taken and store.add(slot, 1, allowed.seconds + 1):
            return slot
    raise TooMany(allowed.seconds - passed)
