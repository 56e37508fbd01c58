"""Who read what before its release: for Heads of press to look through, and for nobody to edit."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from .. import dates, roles
from ..models import Reading
from .ofitems import OfItemsAdmin


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
class ReadingAdmin(OfItemsAdmin):
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
