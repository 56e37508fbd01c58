"""What whoever may not do something is told, in their language: Django's own pages are English."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from ..languages import current


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A 403 that names nothing: neither what was asked for nor the permission that it takes."""
    return _page(request, "403.html")


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: from a page that was left open, or from another site."""
    return _page(request, "403_csrf.html")


def _page(request: HttpRequest, name: str) -> HttpResponse:
    context = {"office_name": settings.OFFICE_NAMES[current()]}
    return HttpResponse(render_to_string(name, context, request), status=403)
