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

from .. import editions, languages, publishing, roles, sight, visibility
from ..models import Bundle
from ..visibility import Stage
from . import languagetable
from .bundles import MemberPages
from .downloads import FilePages
from .filters import MineFilter, MissingFilter, StageFilter, WaitsFilter
from .limits import LimitPages
from .moves import MovePages, release_times
from .preview import PreviewPages
from .recorded import RecordAdmin
from .translate import TranslatePages


class PublicationAdmin(RecordAdmin):
    """Events and statements: drafts are edited here, everything after approval is a move."""

    list_display = ("title_shown", "stage_badge", "date", "release_shown", "bundle_shown",
                    "languages_shown", "slug")  # fmt: skip
    list_filter = (StageFilter, WaitsFilter, MineFilter, MissingFilter, "date", "topics",
                   "organisations")  # fmt: skip
    search_fields = ("slug", *languages.columns("title"), *languages.columns("summary"))
    readonly_fields = ("stage_badge", "release_shown", "bundle_shown")
    autocomplete_fields = ("topics", "organisations", "countries", "people", "media_contacts")
    date_hierarchy = "date"
    ordering = ("-date", "-uid")
    list_per_page = 50
    pages = (MovePages, MemberPages, PreviewPages, *RecordAdmin.pages, TranslatePages, LimitPages,
             FilePages)  # fmt: skip

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

    @admin.display(description=gettext_lazy("languages"))
    def languages_shown(self, item: Any) -> SafeString:
        """What is ready, what is not, what is behind."""
        known = {row.language: row for row in item.language_versions.all()}
        return languagetable.marks(item, known)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Tell of every language, with the way to its translation."""
        item = context.get("original")
        if item is not None and getattr(request, "proposing", None) is None:
            codename = "change_" + str(self.opts.model_name)
            if not self.is_editable(item):
                codename = "propose_change"
            may_write = roles.holds(request.user, codename)
            context["language_rows"] = languagetable.language_rows(item, may_write)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list with the bundles that this person may see, and where the languages stand."""
        found = super().get_changelist_instance(request)
        seen = sight.seen_by(request.user, Bundle.objects.all())
        found.result_list = found.result_list.prefetch_related(
            Prefetch("bundle", seen), "language_versions"
        )  # fmt: skip
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
