"""What the admin of every recorded model shares: saves through the verbs, moves as buttons."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import dates, editions, languages, publishing, visibility
from ..visibility import Stage


def by_language(*names: str) -> list[tuple[str, dict[str, Any]]]:
    """One fieldset per language with its column of each name."""
    return [
        (native, {"fields": [languages.column(name, code) for name in names]})
        for code, native in settings.LANGUAGES
    ]


class RecordForm(forms.ModelForm):
    """A form that knows which version it was made from, and refuses to overwrite a newer one."""

    request: HttpRequest
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "seen_version" in self.fields:
            self.fields["seen_version"].initial = publishing.owner(self.instance).version

    def clean(self) -> dict[str, Any]:
        """Ask the verb first: it locks the row until this request's transaction ends."""
        cleaned = super().clean() or {}
        try:
            publishing.begin_save(self.instance, self.request.user, cleaned.get("seen_version"))
        except publishing.Refused as refusal:
            self.add_error(None, refusal)
        return cleaned


class RecordAdmin(admin.ModelAdmin):
    """Saves write an edition; nothing that was public is edited in place or deleted."""

    form = RecordForm
    actions = None
    save_on_top = True

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Let the form know who is asking."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"request": request})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Carry the hidden version in the first fieldset of a form that can be saved."""
        fieldsets = [(name, dict(options)) for name, options in super().get_fieldsets(request, obj)]
        fields = [name for name in fieldsets[0][1]["fields"] if name != "seen_version"]
        editable = obj is None or self.has_change_permission(request, obj)
        fieldsets[0][1]["fields"] = [*fields, "seen_version"] if editable else fields
        return fieldsets

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store the parts too, then let the verb validate the whole and write the edition."""
        super().save_related(request, form, formsets, change)
        publishing.finish_save(form.instance, request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts are discarded by their own verb; everything else stays."""
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Turn what only the whole record can show into a message rather than an error page."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The editions are the history; there is no second one."""
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": record,
            "title": _("Editions: %(record)s") % {"record": record},
            "editions": editions.of(publishing.owner(record)).select_related("by"),
        }  # fmt: skip
        return TemplateResponse(request, "admin/editions.html", context)


class ReferenceAdmin(RecordAdmin):
    """Reference rows: free to change while nothing public shows them."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What readers see changes by a reviewed Change only."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not publishing.is_in_use(obj))


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


class MoveForm(forms.Form):
    """What a move must ask: a stated time, a reason, a note."""

    release_at = forms.DateTimeField(
        label=gettext_lazy("Release time"), required=False,
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"],
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "1"}, "%Y-%m-%dT%H:%M:%S"),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, widget=forms.Textarea,
        help_text=gettext_lazy("Kept for the record; readers see a neutral sentence."))  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea)

    def __init__(self, asks: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name not in asks:
                del self.fields[name]
        if "release_at" in self.fields:
            self.fields["release_at"].help_text = _(
                "Time zone: %(zone)s. To the second. An empty field is never “now”."
            ) % {"zone": settings.OFFICE_TIME_ZONE}


class PublicationAdmin(RecordAdmin):
    """Events and statements: drafts are edited here, everything after approval is a move."""

    change_form_template = "admin/publication_change_form.html"
    list_display = ("title_shown", "stage_badge", "date", "release_shown", "slug")
    list_filter = (StageFilter, "date", "topics", "organisations")
    search_fields = ("slug", *languages.columns("title"), *languages.columns("summary"))
    readonly_fields = ("stage_badge", "release_shown")
    autocomplete_fields = ("topics", "organisations", "countries", "people", "media_contacts")
    date_hierarchy = "date"
    list_per_page = 50

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

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An approved text is not edited in place."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.stage in (Stage.DRAFT, Stage.IN_REVIEW))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a draft that was never approved may be discarded."""
        if obj is None or obj.status != visibility.Status.DRAFT:
            return False
        allowed = admin.ModelAdmin.has_delete_permission(self, request, obj)
        return allowed and not editions.of(obj).filter(public_number__isnull=False).exists()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Discard by the verb, which leaves the editions."""
        publishing.discard(obj, request.user)

    def get_urls(self) -> list[Any]:
        """The moves, beside the stock pages."""
        name = f"events_{self.opts.model_name}_move"
        move = path(
            "<path:object_id>/move/<slug:verb>/",
            self.admin_site.admin_view(self.move_view),
            name=name,
        )
        return [move, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the moves that stage and role allow."""
        item = self.get_object(request, object_id)
        moves = publishing.moves_open_to(item, request.user) if item else []
        context = {
            "moves": [{"move": move, "url": self._move_url(item, move.name)} for move in moves],
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def _move_url(self, item: Any, verb: str) -> str:
        return reverse(f"admin:events_{self.opts.model_name}_move", args=[item.pk, verb])

    def move_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Ask what the move needs and confirm it; act on POST alone."""
        item = self.get_object(request, object_id)
        move = publishing.MOVES.get(verb)
        if item is None or move is None or not self.has_view_permission(request, item):
            raise Http404
        if move not in publishing.moves_open_to(item, request.user):
            raise PermissionDenied
        with timezone.override(ZoneInfo(settings.OFFICE_TIME_ZONE)):
            form = MoveForm(move.asks, request.POST if request.method == "POST" else None)
            done = (
                request.method == "POST"
                and form.is_valid()
                and self._act(move, item, request, form)
            )
        back = reverse(f"admin:events_{self.opts.model_name}_change", args=[item.pk])
        if done:
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": item,
            "move": move, "form": form, "title": f"{move.label}: {item}", "back": back,
            "zone": settings.OFFICE_TIME_ZONE,
            "now": dates.written_moment(visibility.moment()),
        }  # fmt: skip
        return TemplateResponse(request, "admin/move.html", context)

    def _act(self, move: publishing.Move, item: Any, request: HttpRequest, form: Any) -> bool:
        arguments = [form.cleaned_data[name] for name in move.asks]
        try:
            record = getattr(publishing, move.name)(item, request.user, *arguments)
        except ValidationError as refusal:
            for name, texts in getattr(refusal, "error_dict", {None: refusal}).items():
                form.add_error(name if name in form.fields else None, texts)
            return False
        stage = visibility.stage(record, visibility.clock())
        self.message_user(request, _("Done: %(item)s is now %(stage)s.") % {
            "item": record, "stage": stage.label})  # fmt: skip
        return True


def release_times(item: Any) -> str:
    """A release time in office time, venue time where it differs, and UTC."""
    at: datetime = item.release_at
    zones = [settings.OFFICE_TIME_ZONE, getattr(item, "time_zone", ""), "UTC"]
    shown = dict.fromkeys(zone for zone in zones if zone)
    return " · ".join(f"{zone}: {dates.written_moment(at, zone)}" for zone in shown)
