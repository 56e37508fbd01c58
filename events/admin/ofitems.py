"""Lists of what happened to items: who read one, what hubs were told of it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from ..models import Publication
from .sighted import ReadOnlyAdmin


class OfItemsAdmin(ReadOnlyAdmin):
    """A list whose rows name an item by `record_uid`, as it may be gone."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list with its items, looked up together."""
        found = super().get_changelist_instance(request)
        rows = list(found.result_list)
        items = Publication.objects.in_bulk({row.record_uid for row in rows})
        for row in rows:
            row.item = items.get(row.record_uid)
        found.result_list = rows
        return found

    @admin.display(description=gettext_lazy("item"))
    def item_shown(self, row: Any) -> str | SafeString:
        """The title, and the way to its form; the identifier of a draft that was discarded."""
        item = getattr(row, "item", None) or Publication.objects.filter(pk=row.record_uid).first()
        if item is None:
            return str(row.record_uid)
        url = reverse(f"admin:events_{item.model}_change", args=[item.pk])
        return format_html('<a href="{}">{}</a>', url, item)
