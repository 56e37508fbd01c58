"""Who read what before its release: for Heads of press to look through, and for nobody to edit."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from .. import dates, roles
from ..models import Publication, Reading
from .sighted import ReadOnlyAdmin


class PersonFilter(admin.RelatedOnlyFieldListFilter):
    """Filter by who read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = gettext_lazy("person")


class DoorFilter(admin.ChoicesFieldListFilter):
    """Filter by which way it was read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = gettext_lazy("door")


class DateFilter(admin.DateFieldListFilter):
    """Filter by when it was read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = gettext_lazy("date")


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin):
    """Readings of what this person may see, the latest first."""

    list_display = ("when", "item_shown", "who", "door")
    list_display_links = None
    list_filter = (("by", PersonFilter), ("how", DoorFilter), ("at", DateFilter))
    search_fields = ("by_name", "record_uid")
    date_hierarchy = "at"
    list_per_page = 50
    fields = readonly_fields = ("when", "item_shown", "who", "door")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By role alone: being a superuser shows nothing."""
        return roles.holds(request.user, "view_reading")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list with the items that were read, looked up together."""
        found = super().get_changelist_instance(request)
        rows = list(found.result_list)
        items = Publication.objects.in_bulk({row.record_uid for row in rows})
        for row in rows:
            row.item = items.get(row.record_uid)
        found.result_list = rows
        return found

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def when(self, row: Any) -> str:
        """By the office's clock, with its offset."""
        return dates.written_moment(row.at)

    @admin.display(description=gettext_lazy("person"), ordering="by_name")
    def who(self, row: Any) -> str:
        """In words, as an account or a link may be gone."""
        return str(row.by_name)

    @admin.display(description=gettext_lazy("door"), ordering="how")
    def door(self, row: Any) -> str:
        """By which way."""
        return str(row.get_how_display())

    @admin.display(description=gettext_lazy("item"))
    def item_shown(self, row: Any) -> str | SafeString:
        """The title, and the way to its form; the identifier of a draft that was discarded."""
        item = getattr(row, "item", None) or Publication.objects.filter(pk=row.record_uid).first()
        if item is None:
            return str(row.record_uid)
        url = reverse(f"admin:events_{item.model}_change", args=[item.pk])
        return format_html('<a href="{}">{}</a>', url, item)
