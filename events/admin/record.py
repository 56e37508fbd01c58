"""Editions and proposed changes: to be read, never edited."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import dates, differences, editions, roles, sight
from ..models import RECORDED, Change, ChangeState, Edition
from .deskrows import look_up, titled
from .editions import EditionPages, act_in_words, content_of, stage_then
from .filters import MineFilter, WaitsFilter
from .sighted import ReadOnlyAdmin


class LinesAdmin(ReadOnlyAdmin):
    """Lines about records, each of which knows its record."""

    list_per_page = 50
    # Whole texts, which no list needs.
    texts: ClassVar[tuple[str, ...]] = ("snapshot",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the texts, until one is asked for."""
        return super().get_queryset(request).defer(*self.texts)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Let each row of the page know its record."""
        found = super().get_changelist_instance(request)
        found.result_list = list(found.result_list)
        records = look_up(request.user, found.result_list)
        for row in found.result_list:
            row.record = records.get(row.record_uid)
        return found

    @admin.display(description=gettext_lazy("item"))
    def record_shown(self, row: Any) -> str:
        """The title or name of the record; what it was called where it is gone."""
        record = getattr(row, "record", None)
        kind = editions.model_named(row.model)._meta.verbose_name
        if record is not None:
            return f"{titled(record)[0]} ({kind})"
        return _("%(title)s (discarded)") % {"title": title_of(row.snapshot)}


def title_of(snapshot: Any) -> str:
    """What a record was called, from what is kept of it."""
    content = snapshot.get("content", snapshot)
    model = editions.model_named(content["model"])
    known = {field.name: field.attname for field in model._meta.concrete_fields}
    values = {known[name]: value for name, value in content["fields"].items() if name in known}
    return str(model(**values))


class KindFilter(admin.SimpleListFilter):
    """Filter by what kind of record a row is about."""

    title = gettext_lazy("what it is about")
    parameter_name = "model"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every kind that has editions."""
        return [
            (str(model._meta.model_name), model._meta.verbose_name)
            for model in RECORDED
        ]  # fmt: skip

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Rows about records of the chosen kind."""
        return queryset.filter(model=self.value()) if self.value() else None


class ActFilter(admin.SimpleListFilter):
    """Filter by what was done."""

    title = gettext_lazy("act")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every act that there is an edition of, as far as this person may see."""
        seen = sight.seen_by(request.user, Edition.objects.order_by())
        found = seen.values_list("action", flat=True).distinct()
        return sorted(((each, act_in_words(each)) for each in found), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Editions of the chosen act."""
        return queryset.filter(action=self.value()) if self.value() else None


@admin.register(Edition)
class EditionAdmin(LinesAdmin):
    """Every act on every record."""

    list_display = ("when", "record_shown", "number", "known_as", "act", "who")
    list_filter = (KindFilter, ActFilter, "at")
    search_fields = ("record_uid", "by_name", "note")
    ordering = ("-at", "-pk")
    texts = ("snapshot", "text_digests")
    show_full_result_count = False

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def when(self, row: Any) -> str:
        """By the office's clock, with its offset."""
        return dates.written_moment(row.at)

    @admin.display(description=gettext_lazy("known to readers as"), ordering="public_number")
    def known_as(self, row: Any) -> str:
        """The number that readers know it by; none for what they have never seen."""
        return str(row.public_number or "–")

    @admin.display(description=gettext_lazy("who"), ordering="by_name")
    def who(self, row: Any) -> str:
        """Who did it, as they were called."""
        return row.who

    @admin.display(description=gettext_lazy("act"), ordering="action")
    def act(self, row: Any) -> str:
        """What was done, in plain words."""
        return act_in_words(row.action)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """The edition among those of its record; by itself where its record is gone."""
        edition = self.get_object(request, object_id)
        if edition is None or request.method != "GET":
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_view_permission(request, edition):
            return super().change_view(request, object_id, form_url, extra_context)
        model = editions.model_named(edition.model)
        if model._default_manager.filter(pk=edition.record_uid).exists():
            pages = EditionPages(self.admin_site.get_model_admin(model))
            return pages.edition_view(request, edition.record_uid, edition.number)
        roles.require(request.user, "view_edition")
        title = title_of(edition.snapshot)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": title,
            "title": _("Edition %(number)s: %(record)s") % {
                "number": edition.number, "record": title},
            **content_of(request.user, edition), "when": edition.at,
            "stage": stage_then(edition, edition.at),
            "back": reverse("admin:events_edition_changelist"),
        }  # fmt: skip
        return TemplateResponse(request, "admin/edition.html", context)


@admin.register(Change)
class ChangeAdmin(LinesAdmin):
    """Proposed changes of approved texts: those that wait come first."""

    list_display = ("record_shown", "kind", "state_badge", "who", "when", "second", "decider")
    list_filter = (WaitsFilter, MineFilter, "state", "kind", KindFilter)
    list_select_related = ("by", "confirmed_by", "decided_by")
    search_fields = ("record_uid", "by__username", "by__last_name")

    def get_ordering(self, request: HttpRequest) -> Any:
        """What waits for somebody, then the latest."""
        waits = Case(When(state=ChangeState.PROPOSED, then=Value(0)), default=Value(1))
        return [waits.asc(), "-proposed_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """None that touches what this person may not see."""
        seen = differences.seen_changes(request.user)
        return super().get_queryset(request).filter(pk__in=seen.values("pk"))

    @admin.display(description=gettext_lazy("proposed by"), ordering="by")
    def who(self, row: Any) -> str:
        """Its author."""
        return str(row.by or "–")

    @admin.display(description=gettext_lazy("proposed on"), ordering="proposed_at")
    def when(self, row: Any) -> str:
        """By the office's clock, with its offset."""
        return dates.written_moment(row.proposed_at)

    @admin.display(description=gettext_lazy("countersigned by"), ordering="confirmed_by")
    def second(self, row: Any) -> str:
        """Who stands behind it beside its author."""
        return str(row.confirmed_by or "–")

    @admin.display(description=gettext_lazy("decided by"), ordering="decided_by")
    def decider(self, row: Any) -> str:
        """Who applied or rejected it."""
        return str(row.decided_by or "–")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, row: Any) -> SafeString:
        """The state in words, with its colour."""
        return format_html(
            '<span class="stage change-{}">{}</span>', row.state, row.get_state_display()
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """The page of review is among those of the record."""
        change = self.get_object(request, object_id)
        if change is None or not self.has_view_permission(request, change):
            raise Http404
        if request.method != "GET":
            return super().change_view(request, object_id, form_url, extra_context)
        name = f"admin:events_{change.model}_review"
        return HttpResponseRedirect(reverse(name, args=[change.record_uid, change.pk]))
