"""Events with their participants and outcomes; statements with their speakers and quotes."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from .. import languages
from ..models import (
    Attachment,
    Event,
    Notice,
    Outcome,
    Participant,
    Placement,
    Progress,
    Quote,
    Speaker,
    Statement,
)  # fmt: skip
from ..visibility import Stage
from .downloads import download_link
from .filters import EventStageFilter, StatementStageFilter
from .forms import by_language
from .plans import OutcomePages, PlanPages
from .presence import PresencePages
from .publication import PublicationAdmin
from .recorded import RecordAdmin
from .sighted import ReadOnlyAdmin, SightInline
from .uploads import TAKES, AttachmentForm


class PlacementInline(SightInline):
    """Photos from the library."""

    model = Placement
    extra = 0
    autocomplete_fields = ("photo",)


class AttachmentInline(SightInline):
    """Documents of this item, each with the way to its file."""

    model = Attachment
    form = AttachmentForm
    formfield_overrides = TAKES
    extra = 0
    readonly_fields = ("file_shown",)

    @admin.display(description=gettext_lazy("file"))
    def file_shown(self, document: Attachment) -> str | SafeString:
        """The file where it cannot be replaced."""
        if not document.file:
            return "–"
        name = document.file.name
        record = self.parent_model(pk=document.publication_id)
        return download_link(record, document.pk, name)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The field of the file, or the file: a field that cannot be edited shows its blob."""
        left_out = "file_shown" if obj is None or self._is_edited(request, obj) else "file"
        return [each for each in super().get_fields(request, obj) if each != left_out]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Let each row's form know what it belongs to."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = type(formset.form.__name__, (formset.form,), {"record": obj})
        return formset

    def _is_edited(self, request: HttpRequest, obj: Any) -> bool:
        owner = self.admin_site.get_model_admin(self.parent_model)
        return bool(owner.has_change_permission(request, obj))


class ParticipantInline(SightInline):
    """Who took part."""

    model = Participant
    extra = 0
    autocomplete_fields = ("country", "organisation", "person")


class OutcomeInline(SightInline):
    """What came of it. Two foreign keys lead from an outcome to an event: this is the first."""

    model = Outcome
    fk_name = "event"
    extra = 0
    autocomplete_fields = ("announced_in", "follow_up", "countries", "organisations")
    show_change_link = True


class NoticeInline(SightInline):
    """Public notices: kept for good, so never changed or deleted here."""

    model = Notice
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Notices are written by the verbs that change a date or a state."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing changes a notice."""
        return False


class SpeakerInline(SightInline):
    """Who delivered it."""

    model = Speaker
    extra = 0
    autocomplete_fields = ("person",)


class QuoteInline(SightInline):
    """Exact words."""

    model = Quote
    extra = 0
    autocomplete_fields = ("person",)


class ProgressInline(SightInline):
    """Dated steps with the publication that proves each."""

    model = Progress
    extra = 0
    autocomplete_fields = ("cites",)


STANDING = (
    gettext_lazy("About this item"),
    {"fields": ["stage_badge", "release_shown", "bundle_shown", "slug",
                ("released_before", "first_released_on"), "reference_number"]},
)  # fmt: skip
NAMES = (
    gettext_lazy("What it names"),
    {"fields": ["topics", "organisations", "countries", "people", "media_contacts"]},
)


@admin.register(Event)
class EventAdmin(PublicationAdmin):
    """Events."""

    pages = (*PublicationAdmin.pages, PlanPages)
    list_filter = (*PublicationAdmin.list_filter, "event_kind", "state", "series")
    autocomplete_fields = (
        *PublicationAdmin.autocomplete_fields, "country", "host_country", "host_organisation",
        "series", "accreditation_contact",
    )  # fmt: skip
    inlines = (ParticipantInline, OutcomeInline, NoticeInline, PlacementInline, AttachmentInline)
    fieldsets = (
        STANDING,
        (gettext_lazy("What and when"), {"fields": [
            ("event_kind", "state"), ("date", "date_precision"), "ends_on",
            ("starts_at", "ends_at"), "time_zone"]}),
        *by_language("ready", "standing", "title", "summary", "body", "venue", "city"),
        (gettext_lazy("Where and with whom"), {"fields": [
            "country", "host_country", "host_organisation", "series"]}),
        NAMES,
        (gettext_lazy("For the media"), {"classes": ["collapse"], "fields": [
            "accreditation_deadline", "accreditation_contact", "camera_setup_at", "final_access_at",
            *languages.columns("pool"), *languages.columns("interpretation"), "stream_url"]}),
    )  # fmt: skip


@admin.register(Statement)
class StatementAdmin(PublicationAdmin):
    """Statements."""

    list_filter = (*PublicationAdmin.list_filter, "statement_kind", "reliability")
    autocomplete_fields = (*PublicationAdmin.autocomplete_fields, "event")
    inlines = (SpeakerInline, QuoteInline, PlacementInline, AttachmentInline)
    fieldsets = (
        STANDING,
        (gettext_lazy("What and when"), {"fields": [
            "statement_kind", "event", ("date", "date_precision"),
            ("delivered_at", "time_zone"), "reliability"]}),
        *by_language("ready", "standing", "title", "summary", "body", "place"),
        NAMES,
    )  # fmt: skip


@admin.register(Outcome)
class OutcomeAdmin(RecordAdmin):
    """An outcome by itself, for its progress. It is part of its event's record."""

    pages = (OutcomePages, PresencePages)
    list_display = ("__str__", "stage_badge", "event", "outcome_kind", "state", "due")
    list_filter = (EventStageFilter, "state", "outcome_kind", "due")
    list_select_related = ("event",)
    search_fields = languages.columns("text")
    autocomplete_fields = ("event", "announced_in", "follow_up", "countries", "organisations")
    inlines = (ProgressInline,)
    fieldsets = (
        (None, {"fields": ["event", "announced_in", ("outcome_kind", "state"),
                           ("due", "due_precision"), "order"]}),
        *by_language("text"),
        (gettext_lazy("Who and what next"), {"fields": [
            "countries", "organisations", "follow_up"]}),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("stage"))
    def stage_badge(self, item: Any) -> SafeString:
        """Where its event stands."""
        return PublicationAdmin.stage_badge(self, item.event)  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Outcomes are added on their event."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """An outcome never moves to another event."""
        return ("event",)

    def is_editable(self, obj: Any) -> bool:
        """As its event: an approved text is not edited in place."""
        return obj.event.stage in (Stage.DRAFT, Stage.IN_REVIEW)


@admin.register(Quote)
class QuoteAdmin(ReadOnlyAdmin):
    """All quotes to look through; each is edited on its statement."""

    list_display = ("__str__", "stage_badge", "person", "statement", "original_language")
    list_filter = (StatementStageFilter, "original_language", "statement__date")
    list_select_related = ("person", "statement")
    search_fields = languages.columns("text")

    @admin.display(description=gettext_lazy("stage"))
    def stage_badge(self, item: Any) -> SafeString:
        """Where its statement stands."""
        return PublicationAdmin.stage_badge(self, item.statement)  # type: ignore[arg-type]
