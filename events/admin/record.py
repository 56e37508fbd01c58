"""Editions and proposed changes: to be read, never edited."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .. import sight
from ..models import Change, Edition


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list and a page to read; no route adds, changes or deletes."""

    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        """Of records that this person may see."""
        return sight.seen_by(request.user, super().get_queryset(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Verbs alone write these."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes these."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes these."""
        return False


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    """Every act on every record."""

    list_display = ("at", "model", "record_uid", "number", "action", "by_name")
    list_filter = ("model", "action", "at")
    search_fields = ("record_uid", "by_name")
    ordering = ("-at", "-pk")


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """Proposed changes of approved texts."""

    list_display = ("kind", "model", "record_uid", "state", "by", "proposed_at")
    list_filter = ("state", "kind", "model")
