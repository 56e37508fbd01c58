"""What hubs of WebSub were told: to look through, and for nobody to edit."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from .. import dates, roles
from ..models import Announcement, Ping
from .ofitems import OfItemsAdmin
from .sighted import ReadOnlyAdmin


@admin.register(Announcement)
class AnnouncementAdmin(OfItemsAdmin):
    """Public acts that subscribers are told of, the latest first."""

    list_display = ("when", "kind", "item_shown", "feeds")
    list_display_links = None
    list_filter = ("kind",)
    list_per_page = 50
    fields = readonly_fields = ("when", "kind", "item_shown", "feeds")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By role alone."""
        return roles.holds(request.user, "view_announcement")

    @admin.display(description=gettext_lazy("public since"), ordering="at")
    def when(self, row: Any) -> str:
        """By the office's clock, with its offset."""
        return dates.written_moment(row.at)

    @admin.display(description=gettext_lazy("feeds"))
    def feeds(self, row: Any) -> str:
        """How many feeds changed with it."""
        return str(len(row.topics))


@admin.register(Ping)
class PingAdmin(ReadOnlyAdmin):
    """How each hub took it: what waits, what failed and when it is tried again."""

    list_display = ("topic", "hub", "standing", "tries", "next_try", "answer")
    list_display_links = None
    list_filter = ("hub", ("sent_at", admin.EmptyFieldListFilter),
                   ("given_up_at", admin.EmptyFieldListFilter))  # fmt: skip
    search_fields = ("topic",)
    list_per_page = 50
    fields = readonly_fields = list_display

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By role alone."""
        return roles.holds(request.user, "view_ping")

    @admin.display(description=gettext_lazy("state"))
    def standing(self, row: Any) -> str:
        """In a word, with the moment where there is one."""
        if row.sent_at:
            return f"{gettext_lazy('accepted')}, {dates.written_moment(row.sent_at)}"
        if row.given_up_at:
            return f"{gettext_lazy('given up')}, {dates.written_moment(row.given_up_at)}"
        return str(gettext_lazy("waits"))

    @admin.display(description=gettext_lazy("next try"), ordering="due_at")
    def next_try(self, row: Any) -> str:
        """By the office's clock; nothing where there is none."""
        return "" if row.sent_at or row.given_up_at else dates.written_moment(row.due_at)
