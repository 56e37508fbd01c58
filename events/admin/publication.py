"""Events and statements: drafts are edited in the form, everything after approval is a move."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import editions, languages, publishing, sight, visibility
from ..models import Bundle
from ..visibility import Stage
from .bundles import MemberPages
from .downloads import FilePages
from .filters import MineFilter, MissingFilter, StageFilter, WaitsFilter
from .limits import LimitPages
from .moves import MovePages, release_times
from .preview import PreviewPages
from .recorded import RecordAdmin


class PublicationAdmin(RecordAdmin):
    """Events and statements: drafts are edited here, everything after approval is a move."""

    list_display = ("title_shown", "stage_badge", "date", "release_shown", "bundle_shown", "slug")
    list_filter = (StageFilter, WaitsFilter, MineFilter, MissingFilter, "date", "topics",
                   "organisations")  # fmt: skip
    search_fields = ("slug", *languages.columns("title"), *languages.columns("summary"))
    readonly_fields = ("stage_badge", "release_shown", "bundle_shown")
    autocomplete_fields = ("topics", "organisations", "countries", "people", "media_contacts")
    date_hierarchy = "date"
    ordering = ("-date", "-uid")
    list_per_page = 50
    pages = (MovePages, MemberPages, PreviewPages, *RecordAdmin.pages, LimitPages, FilePages)

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

    @admin.display(description=gettext_lazy("bundle"))
    def bundle_shown(self, item: Any) -> str | SafeString:
        """What it is released together with, by the bundle's name; without it where a member is
        hidden from this person (a veiled row knows no bundle, only that there is one)."""
        if item.bundle_id is None:
            return "–"
        if item.bundle is None:
            return _("released together with others")
        url = reverse("admin:events_bundle_change", args=[item.bundle_id])
        return format_html('<a href="{}">{}</a>', url, item.bundle)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list with the bundles that this person may see."""
        found = super().get_changelist_instance(request)
        seen = sight.seen_by(request.user, Bundle.objects.all())
        found.result_list = found.result_list.prefetch_related(Prefetch("bundle", seen))
        return found

    def is_editable(self, obj: Any) -> bool:
        """An approved text is not edited in place."""
        return obj.stage in (Stage.DRAFT, Stage.IN_REVIEW)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a draft that was never approved may be discarded."""
        if obj is None or obj.status != visibility.Status.DRAFT:
            return False
        allowed = admin.ModelAdmin.has_delete_permission(self, request, obj)
        return allowed and not editions.of(obj).filter(public_number__isnull=False).exists()

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> Any:  # fmt: skip
        """Ask, then discard; what stands against it is said above the form."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except publishing.Refused as refused:
            messages.error(request, " ".join(refused.messages))
            change = f"admin:events_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(change, args=[object_id]))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Discard by the verb, which leaves the editions."""
        publishing.discard(obj, request.user)
