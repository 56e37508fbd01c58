"""Small plain-text answers to programs: robots, security researchers, the balancer."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from .. import visibility
from ..addresses import absolute


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
    """The database answers and its migrations are applied; 503 otherwise."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return _plain("the database cannot be reached\n", 503, "no-store")
    if waiting:
        return _plain("migrations are waiting\n", 503, "no-store")
    return _plain("ready\n", cache="no-store")
