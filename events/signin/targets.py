"""Where a sign-in, or anything else that remembers whence one came, may lead to."""

import re

from django.conf import settings

# A path of ours: one slash at its beginning, no backslash (browsers read it as a slash) and
# nothing that they leave out of an address before they read it.
_PLAIN = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def is_own(url: str | None) -> bool:
    """Whether an address is one of the staff's pages here: a path, without a host, that begins
    with the word of one of their doors."""
    if not url or not _PLAIN.fullmatch(url):
        return False
    path = url.partition("?")[0].partition("#")[0]
    door, slash, _rest = path[1:].partition("/")
    return bool(slash) and door in settings.STAFF_DOORS
