"""The admin's first page: what goes out next, what waits, what I have in work.

Not in admin/: the stock admin makes its site from this class before it reads that package.
"""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from . import visibility
from .languages import current
from .visibility import Status

ROWS = 8


def change_url(item: Any) -> str:
    """The admin page of an event or statement, from its parent row."""
    return reverse(f"admin:events_{item.model}_change", args=[item.pk])


class Desk(admin.AdminSite):
    """The stock admin site under the office's name, with the desk on its index."""

    index_title = _("Desk")
    enable_nav_sidebar = False

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Name the office whose desk this is."""
        name = settings.OFFICE_NAMES[current()]
        return {**super().each_context(request), "site_header": name, "site_title": name}

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The stock index below four short lists, for those who may see publications."""
        lists = _lists(request) if request.user.has_perm("events.view_publication") else []
        return super().index(request, {**(extra_context or {}), "desk": lists})


def _lists(request: HttpRequest) -> list[dict[str, Any]]:
    from .models import Edition, Publication

    now = visibility.moment()
    rows = Publication.objects.all()
    mine = Edition.objects.filter(by=request.user.pk, action="save").values("record_uid")
    chosen = [
        (_("Goes out next"),
         rows.filter(status=Status.APPROVED, release_at__gt=now).order_by("release_at")),
        (_("Waits for review"), rows.filter(status=Status.IN_REVIEW).order_by("date")),
        (_("My drafts"), rows.filter(status=Status.DRAFT, pk__in=mine).order_by("date")),
        (_("Released last"), rows.public().order_by("-release_at")),
    ]  # fmt: skip
    return [
        {
            "title": title,
            "rows": [{"item": item, "url": change_url(item)} for item in found[:ROWS]],
        }
        for title, found in chosen
    ]
