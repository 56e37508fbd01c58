"""Events and statements: drafts are edited in the form, everything after approval is a move."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from .. import editions, languages, publishing, visibility
from ..visibility import Stage
from .filters import StageFilter
from .moves import MovePages, release_times
from .recorded import RecordAdmin


class PublicationAdmin(RecordAdmin):
    """Events and statements: drafts are edited here, everything after approval is a move."""

    list_display = ("title_shown", "stage_badge", "date", "release_shown", "slug")
    list_filter = (StageFilter, "date", "topics", "organisations")
    search_fields = ("slug", *languages.columns("title"), *languages.columns("summary"))
    readonly_fields = ("stage_badge", "release_shown")
    autocomplete_fields = ("topics", "organisations", "countries", "people", "media_contacts")
    date_hierarchy = "date"
    list_per_page = 50
    pages = (MovePages, *RecordAdmin.pages)

    @admin.display(description=gettext_lazy("title"))
    def title_shown(self, item: Any) -> str:
        """The title in whatever language has one."""
        return str(item)

    @admin.display(description=gettext_lazy("stage"))
    def stage_badge(self, item: Any) -> SafeString:
        """The stage in words, with its colour."""
        stage = item.stage if item.pk and not item._state.adding else Stage.DRAFT
        return format_html('<span class="stage stage-{}">{}</span>', stage.value, stage.label)

    @admin.display(description=gettext_lazy("release time"), ordering="release_at")
    def release_shown(self, item: Any) -> str:
        """Office time, the venue's and UTC: never a time without its zone."""
        return release_times(item) if item.release_at else "–"

    def is_editable(self, obj: Any) -> bool:
        """An approved text is not edited in place."""
        return obj.stage in (Stage.DRAFT, Stage.IN_REVIEW)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a draft that was never approved may be discarded."""
        if obj is None or obj.status != visibility.Status.DRAFT:
            return False
        allowed = admin.ModelAdmin.has_delete_permission(self, request, obj)
        return allowed and not editions.of(obj).filter(public_number__isnull=False).exists()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Discard by the verb, which leaves the editions."""
        publishing.discard(obj, request.user)
