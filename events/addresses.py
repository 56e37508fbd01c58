"""Addresses in full, as feeds and calendars name them: from SITE_URL, never from a request."""

from django.conf import settings
from django.urls import get_script_prefix


def unprefixed(path: str) -> str:
    """The public path of a page that is shown below a prefix (a preview, a rehearsal)."""
    return "/" + path.removeprefix(get_script_prefix())


def absolute(path: str) -> str:
    """A public address in full. A page that is shown below a prefix still names its real one."""
    return str(settings.SITE_URL).rstrip("/") + unprefixed(path)


def in_language(path: str, language: str) -> str:
    """The same page under another language's address, below the same prefix."""
    return f"{get_script_prefix()}{language}/" + unprefixed(path).split("/", 2)[2]
