"""Small plain-text answers to programs: robots, security researchers, the balancer."""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Event

from django.conf import settings
from django.core.cache import caches
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from .. import visibility
from ..addresses import absolute

logger = logging.getLogger(__name__)


def _plain(text: str, status: int = 200, cache: str = "") -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    if cache:
        response.headers["Cache-Control"] = cache
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read by everybody (RFC 9309), and the sitemaps tell what there is;
    staff addresses are no reading."""
    doors = "".join(f"Disallow: /{door}/\n" for door in sorted(settings.STAFF_DOORS))
    maps = "".join(f"Sitemap: {absolute(reverse(name))}\n" for name in ("sitemap", "news_sitemap"))
    return _plain(f"User-agent: *\n{doors}\n{maps}")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116). It expires half a year ahead, to the month."""
    ahead = (visibility.moment() + timedelta(days=180)).replace(day=1, hour=0, minute=0, second=0)
    return _plain(
        f"Contact: mailto:{settings.DEFAULT_FROM_EMAIL}\n"
        f"Expires: {ahead:%Y-%m-%dT%H:%M:%SZ}\n"
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}\n"
        f"Canonical: {absolute(request.path)}\n"
    )


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; the database is not asked."""
    return _plain("ok\n", cache="no-store")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether readers and staff can be served: 503 with the names of what is in the way."""
    # Each would wait for the database, and none could tell more than this.
    if not _has_database():
        return _plain("not ready: database\n", 503, "no-store")
    failing = [name for name, works in _PARTS.items() if not works()]
    if failing:
        return _plain(f"not ready: {', '.join(failing)}\n", 503, "no-store")
    return _plain("ready\n", cache="no-store")


def _has_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Error:
        return False
    return True


def _is_migrated() -> bool:
    """Whether the database is as this code expects it. What was applied once stays so: it is read
    until then, and not again."""
    if not _MIGRATED.is_set():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _MIGRATED.set()
    return True


def _has_caches() -> bool:
    try:
        for name in settings.CACHES:
            caches[name].get("readyz")
    except Exception:
        logger.warning("A cache is away.", exc_info=True)
        return False
    return True


_MIGRATED = Event()
_PARTS = {"migrations": _is_migrated, "cache": _has_caches}


class HealthMiddleware:
    """Answers the balancer before anybody looks at the name of the host, or asks for TLS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.views: dict[str, Callable[[HttpRequest], HttpResponse]] = {
            "/healthz": healthz, "/readyz": readyz
        }  # fmt: skip

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = self.views.get(request.path_info)
        return view(request) if view else self.get_response(request)
