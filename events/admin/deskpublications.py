"""Events and statements in one list, where the numbers of the desk lead."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from ..models import Publication
from .filters import MineFilter, MissingFilter, MonthFilter, StageFilter, WaitsFilter
from .publication import PublicationAdmin
from .sighted import ReadOnlyAdmin


class _ChildLinks(ChangeList):
    """Each row leads to the form of the event or the statement that it is."""

    def url_for_result(self, result: Any) -> str:
        return reverse(f"admin:events_{result.model}_change", args=[result.pk])


@admin.register(Publication)
class AllPublicationsAdmin(ReadOnlyAdmin):
    """Every event and statement; each is written under its own kind."""

    list_display = ("title_shown", "kind", "stage_badge", "date", "release_shown",
                    "languages_shown")  # fmt: skip
    list_filter = (StageFilter, WaitsFilter, MineFilter, MissingFilter, MonthFilter)
    list_select_related = ("as_event", "as_statement__event")
    search_fields = PublicationAdmin.search_fields
    date_hierarchy = "date"
    ordering = ("-date", "-uid")
    list_per_page = PublicationAdmin.list_per_page

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list whose rows lead to the children's forms."""
        return _ChildLinks

    @admin.display(description=gettext_lazy("title"))
    def title_shown(self, item: Publication) -> str:
        """The title in whatever language has one."""
        return str(item)

    @admin.display(description=gettext_lazy("kind"), ordering="model")
    def kind(self, item: Publication) -> str:
        """Event or statement."""
        return item.get_model_display()

    @admin.display(description=gettext_lazy("stage"))
    def stage_badge(self, item: Publication) -> SafeString:
        """The stage in words, with its colour."""
        return PublicationAdmin.stage_badge(self, item)  # type: ignore[arg-type]

    @admin.display(description=gettext_lazy("release time"), ordering="release_at")
    def release_shown(self, item: Publication) -> str:
        """Office time, the venue's and UTC: never a time without its zone."""
        return PublicationAdmin.release_shown(self, item.child)  # type: ignore[arg-type]

    @admin.display(description=gettext_lazy("languages"))
    def languages_shown(self, item: Publication) -> SafeString:
        """What is ready, what is not, what is behind."""
        return PublicationAdmin.languages_shown(self, item)  # type: ignore[arg-type]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list with where the languages stand."""
        found = super().get_changelist_instance(request)
        found.result_list = found.result_list.prefetch_related("language_versions")
        return found

    def _of_child(self, request: HttpRequest, object_id: str, page: str) -> HttpResponse:
        item = self.get_object(request, object_id)
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse(f"admin:events_{item.model}_{page}", args=[item.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form of the child."""
        return self._of_child(request, object_id, "change")

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The editions of the child."""
        return self._of_child(request, object_id, "history")
