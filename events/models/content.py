"""What happened, what was said, what came of it."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .. import dates, visibility
from ..languages import CODES, column, plain, translated
from ..markup import LineField, PlainTextField
from .publication import GatedQuerySet, Publication, PublicationQuerySet
from .record import Row


class EventKind(models.TextChoices):
    """Kinds of event."""

    SESSION = "session", _("summit or session")
    VISIT = "visit", _("visit")
    MEETING = "meeting", pgettext_lazy("event kind", "meeting")
    NEGOTIATIONS = "negotiations", _("negotiations")
    CEREMONY = "ceremony", _("ceremony")
    BRIEFING = "briefing", _("briefing")
    CONFERENCE = "conference", _("conference")
    OTHER = "other", pgettext_lazy("event kind", "other event")


class EventState(models.TextChoices):
    """What became of the plan."""

    SCHEDULED = "scheduled", _("scheduled")
    POSTPONED = "postponed", _("postponed")
    CANCELLED = "cancelled", _("cancelled")
    HELD = "held", _("held")


class Event(Publication):
    """What happened, or will. Either timed (`starts_at`, in the venue's zone) or whole days."""

    publication = models.OneToOneField(Publication, models.CASCADE, parent_link=True,
                                       primary_key=True, related_name="as_event")  # fmt: skip
    event_kind = models.CharField(_("kind"), max_length=15, choices=EventKind)
    state = models.CharField(_("state"), max_length=10, choices=EventState,
                             default=EventState.SCHEDULED)  # fmt: skip
    starts_at = models.DateTimeField(_("start"), null=True, blank=True,
        help_text=_("Leave empty for whole days; then the date above counts."))  # fmt: skip
    ends_at = models.DateTimeField(_("end"), null=True, blank=True)
    time_zone = models.CharField(_("time zone of the venue"), max_length=40, blank=True,
        validators=[dates.validate_time_zone],
        help_text=_("A name of the IANA database, such as Asia/Dushanbe."))  # fmt: skip
    ends_on = models.DateField(_("last day"), null=True, blank=True,
        help_text=_("For whole-day events of more than one day."))  # fmt: skip
    until = models.DateField(_("lasts until"), editable=False,
        help_text=_("The last day it may last."))  # fmt: skip
    venue = translated(LineField(_("venue"), max_length=200, blank=True))
    city = translated(LineField(_("city"), max_length=100, blank=True))
    country = models.ForeignKey("events.Country", models.PROTECT, null=True, blank=True,
                                related_name="events_there", verbose_name=_("country"))  # fmt: skip
    host_country = models.ForeignKey("events.Country", models.PROTECT, null=True, blank=True,
        related_name="events_hosted", verbose_name=_("host country"))  # fmt: skip
    host_organisation = models.ForeignKey("events.Organisation", models.PROTECT, null=True,
        blank=True, related_name="events_hosted", verbose_name=_("host organisation"))  # fmt: skip
    series = models.ForeignKey("events.Series", models.PROTECT, null=True, blank=True,
                               related_name="events", verbose_name=_("series"))  # fmt: skip

    accreditation_deadline = models.DateTimeField(_("accreditation until"), null=True, blank=True)
    accreditation_contact = models.ForeignKey(
        "events.MediaContact",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accreditations",
        verbose_name=_("accreditation with"),
    )
    camera_setup_at = models.DateTimeField(_("camera set-up from"), null=True, blank=True)
    final_access_at = models.DateTimeField(_("final access"), null=True, blank=True)
    pool = translated(LineField(_("pool"), max_length=200, blank=True))
    interpretation = translated(LineField(_("interpretation"), max_length=200, blank=True))
    stream_url = models.CharField(_("live stream"), max_length=300, blank=True,
                                  validators=[URLValidator(schemes=["https"])])  # fmt: skip

    objects = PublicationQuerySet.as_manager()

    PARTS: ClassVar[tuple[str, ...]] = (*Publication.PARTS, "participants", "outcomes", "notices")
    KEPT: ClassVar[tuple[str, ...]] = ("notices",)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = (
            models.CheckConstraint(
                name="event_ends_after_its_start",
                condition=Q(ends_at=None)
                | Q(starts_at__isnull=False, ends_at__gte=models.F("starts_at")),
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                name="event_timed_in_a_zone", condition=Q(starts_at=None) | ~Q(time_zone=""),
                violation_error_message=_("A time needs the time zone of the venue."),
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("until",), name="event_until"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.model = self.Model.EVENT

    def clean(self) -> None:
        """Let the date follow from the times, and refuse ends before starts."""
        if self.starts_at and self.time_zone:
            zone = ZoneInfo(self.time_zone)
            self.date, self.date_precision = self.starts_at.astimezone(zone).date(), "day"
            last = (self.ends_at or self.starts_at).astimezone(zone).date()
        elif self.date:
            if self.ends_on and self.ends_on < self.date:
                raise ValidationError({"ends_on": _("The last day is before the first.")})
            last = self.ends_on or dates.last_day(self.date, self.date_precision)
        if self.date:
            self.until = last
        super().clean()

    def written_date(self) -> str:
        """The day, the days or the period it is set for, in the active language."""
        if self.date_precision == dates.Precision.DAY and self.until and self.until != self.date:
            return dates.written_range(self.date, self.until)
        return super().written_date()

    def written_times(self) -> str:
        """Start (and end) at the venue with the UTC offset; "" for whole days."""
        return dates.written_moment(self.starts_at, self.time_zone) if self.starts_at else ""

    @property
    def is_over(self) -> bool:
        """Whether its last possible day has passed at the office."""
        return self.until < dates.office_today(visibility.moment())


class Participant(Row):
    """Who took part: a country, an organisation or a person, in what capacity.

    `as_named` is the name in the founding text where it differs ("Byelorussia"); `name` is
    what was printed, copied in at approval.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="participants",
                              verbose_name=_("event"))  # fmt: skip
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    country = models.ForeignKey(
        "events.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("country"),
    )
    organisation = models.ForeignKey("events.Organisation", models.PROTECT, null=True, blank=True,
        related_name="participations", verbose_name=_("organisation"))  # fmt: skip
    person = models.ForeignKey("events.Person", models.PROTECT, null=True, blank=True,
                               related_name="participations", verbose_name=_("person"))  # fmt: skip
    capacity = translated(LineField(_("capacity"), max_length=200, blank=True))
    as_named = LineField(_("as named in the text"), max_length=200, blank=True)
    name = translated(LineField(_("name as printed"), max_length=200, blank=True))

    GATES = ("event",)
    objects = GatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ("order", "uid")
        constraints = (
            models.CheckConstraint(
                name="participant_is_one_of_three",
                condition=Q(country__isnull=False, organisation=None, person=None)
                | Q(country=None, organisation__isnull=False, person=None)
                | Q(country=None, organisation=None, person__isnull=False),
                violation_error_message=_("Name a country, an organisation or a person: one."),
            ),
        )

    def __str__(self) -> str:
        return self.any_text("name") or self.as_named or str(self.who or "–")

    def readable_languages(self) -> tuple[str, ...]:
        """Borrowed from the event, the printed name of a fact in any language included."""
        return self.event.readable_languages()

    @property
    def who(self) -> Any:
        """The country, organisation or person."""
        return self.country or self.organisation or self.person

    @property
    def named_otherwise(self) -> str:
        """The name in the text where it is none of the names we know; else ""."""
        known = {self.who.named_in(code, self.event.date) for code in CODES}
        return "" if self.as_named in known else self.as_named


class Notice(Row):
    """A public notice that an event was re-dated, postponed, cancelled or moved. Kept for good."""

    class NoticeKind(models.TextChoices):
        """What changed about the plan."""

        REDATED = "redated", _("new date")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")
        MOVED = "moved", _("new venue")

    event = models.ForeignKey(Event, models.PROTECT, related_name="notices",
                              verbose_name=_("event"))  # fmt: skip
    notice_kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind)
    text = translated(PlainTextField(_("text"), blank=True))
    issued_at = models.DateTimeField(_("issued at"), editable=False)

    GATES = ("event",)
    objects = GatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-issued_at", "uid")
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return f"{self.get_notice_kind_display()}, {self.issued_at:%Y-%m-%d}"

    def readable_languages(self) -> tuple[str, ...]:
        """Borrowed from the event."""
        return self.event.readable_languages()


class StatementKind(models.TextChoices):
    """Kinds of statement."""

    PRESS_RELEASE = "press_release", _("press release")
    STATEMENT = "statement", _("statement")
    SPEECH = "speech", _("speech")
    COMMUNIQUE = "communique", _("communiqué")
    TRANSCRIPT = "transcript", _("transcript")
    ANSWER = "answer", _("answer to the media")
    MESSAGE = "message", _("message")


class Reliability(models.TextChoices):
    """How far the text is what was said."""

    AS_PUBLISHED = "as_published", _("as published")
    TRANSCRIPT = "transcript", _("transcript")
    AS_DELIVERED = "as_delivered", _("as delivered")
    CHECK = "check_against_delivery", _("draft: check against delivery")
    NOTES = "speaking_notes", _("speaking notes")


class Statement(Publication):
    """What was said or issued, in full."""

    publication = models.OneToOneField(Publication, models.CASCADE, parent_link=True,
                                       primary_key=True, related_name="as_statement")  # fmt: skip
    statement_kind = models.CharField(_("kind"), max_length=15, choices=StatementKind)
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True,
                              related_name="statements", verbose_name=_("event"))  # fmt: skip
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True,
                                 validators=[dates.validate_time_zone])  # fmt: skip
    place = translated(LineField(_("place of delivery"), max_length=200, blank=True))
    reliability = models.CharField(_("reliability"), max_length=25, choices=Reliability,
                                   default=Reliability.AS_PUBLISHED)  # fmt: skip

    objects = PublicationQuerySet.as_manager()

    PARTS: ClassVar[tuple[str, ...]] = (*Publication.PARTS, "speakers", "quotes")

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = (
            models.CheckConstraint(
                name="statement_timed_in_a_zone", condition=Q(delivered_at=None) | ~Q(time_zone=""),
                violation_error_message=_("A time needs its time zone."),
            ),
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.model = self.Model.STATEMENT


class Attributed(Row):
    """Words with a person behind them: the name and office as printed, copied in at approval,
    so that renaming a person never changes an old text."""

    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = translated(LineField(_("name as printed"), max_length=200, blank=True,
        help_text=_("Left empty, it is copied from the person at approval.")))  # fmt: skip
    office = translated(LineField(_("office as printed"), max_length=250, blank=True,
        help_text=_("Left empty, the office held on that day is copied at approval.")))  # fmt: skip

    GATES: ClassVar[tuple[str, ...]] = ("statement",)
    objects = GatedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("order", "uid")

    def readable_languages(self) -> tuple[str, ...]:
        """Borrowed from the statement."""
        languages: tuple[str, ...] = self.statement.readable_languages()  # type: ignore[attr-defined]
        return languages

    @property
    def printed_name(self) -> str:
        """The speaker as printed; before approval, as the person is called now."""
        return self.name or self.person.name  # type: ignore[attr-defined, no-any-return]


class Speaker(Attributed):
    """Who delivered a statement."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="speakers",
                                  verbose_name=_("statement"))  # fmt: skip
    person = models.ForeignKey("events.Person", models.PROTECT, related_name="speeches",
                               verbose_name=_("person"))  # fmt: skip

    class Meta(Attributed.Meta):
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")

    def __str__(self) -> str:
        return self.any_text("name") or str(self.person)


# Not every language somebody speaks is one of ours; "" says that the source does not tell.
ORIGINALS = (
    ("", _("not stated in the source")),
    *settings.LANGUAGES,
    ("mul", _("another language")),
)


class Quote(Attributed):
    """Exact words. Stored and shown as typed: never reformatted, never translated by the office
    unless `is_translation` marks that language's text as a translation."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="quotes",
                                  verbose_name=_("statement"))  # fmt: skip
    person = models.ForeignKey("events.Person", models.PROTECT, related_name="quotes",
                               verbose_name=_("speaker"))  # fmt: skip
    text = translated(PlainTextField(_("exact words"), blank=True,
        help_text=_("Without quotation marks; they are set by the page.")))  # fmt: skip
    is_translation = plain(
        models.BooleanField(_("is a translation by the office"), default=False),
        lambda name, field: (
            lambda item: bool((code := item.lang_of("text")) and getattr(item, column(name, code)))
        ),
    )
    original_language = models.CharField(_("original language"), max_length=10, blank=True,
                                         choices=ORIGINALS, default="")  # fmt: skip
    context = translated(LineField(_("context"), max_length=300, blank=True))

    class Meta(Attributed.Meta):
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = (
            models.CheckConstraint(
                name="quote_has_words",
                condition=~Q(**{column("text", code): "" for code in CODES}),
                violation_error_message=_("A quote has its words in at least one language."),
            ),
        )

    def __str__(self) -> str:
        words = self.any_text("text")
        return words if len(words) <= 80 else words[:79].rsplit(" ", 1)[0] + "…"

    def clean(self) -> None:
        """Refuse an original that is marked as the office's translation."""
        super().clean()
        original = self.original_language
        if original in CODES and getattr(self, column("is_translation", original)):
            raise ValidationError(
                {column("is_translation", original): _("The original is not a translation.")}
            )

    def get_absolute_url(self) -> str:
        """The quote's permalink in the active language."""
        from django.urls import reverse

        return reverse("public:quote", args=[self.uid])
