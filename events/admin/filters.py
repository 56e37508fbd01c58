"""Filters of the lists."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from .. import visibility
from ..visibility import Stage


class StageFilter(admin.SimpleListFilter):
    """Filter by stage, which time makes of status."""

    title = gettext_lazy("stage")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every stage there is."""
        return list(Stage.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Rows of the chosen stage at this request's moment."""
        if self.value() == Stage.PUBLISHED:
            return queryset.filter(visibility.public_q())
        if self.value() == Stage.EMBARGOED:
            return queryset.filter(~visibility.public_q() & Q(status="approved"))
        return queryset.filter(status=self.value()) if self.value() else queryset
