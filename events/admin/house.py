"""What the pages at /accounts/ share: the look of the admin, and where a passkey can be used."""

import ipaddress
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest


def has_passkeys(request: HttpRequest) -> bool:
    """Whether browsers offer passkeys where the page is asked for: never at a bare address
    (Web Authentication, 5.1.2: the relying party is a domain), such as http://127.0.0.1:8000."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False


def elsewhere(request: HttpRequest) -> str:
    """The same page where passkeys can be used, on one's own machine; "" on any other."""
    host, _colon, port = request.get_host().rpartition(":")
    if settings.IS_PUBLIC or has_passkeys(request) or host not in ("127.0.0.1", "[::1]"):
        return ""
    return f"http://localhost:{port}{request.get_full_path()}"


class House:
    """A page of allauth in the look of the admin."""

    title: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the admin's own pages know, and the page's title."""
        shown: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        request = self.request  # type: ignore[attr-defined]
        return {**admin.site.each_context(request), "title": self.title, **shown}
