"""What came of an event: who is to do what, until when, and how far it has come."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .. import dates, visibility
from ..languages import CODES, column, translated
from ..markup import PlainTextField
from .content import Event, Statement
from .publication import GatedQuerySet, Publication
from .record import Row


class OutcomeKind(models.TextChoices):
    """Kinds of outcome."""

    DOCUMENT = "document", _("document approved")
    AGREEMENT = "agreement", _("agreement")
    DECISION = "decision", _("decision")
    BODY = "body", _("body established")
    CHAIRMANSHIP = "chairmanship", _("chairmanship")
    NEXT_MEETING = "next_meeting", _("next meeting")
    COMMITMENT = "commitment", _("commitment")


class OutcomeState(models.TextChoices):
    """How far an outcome has come."""

    AGREED = "agreed", _("agreed")
    IN_PROGRESS = "in_progress", _("in progress")
    FULFILLED = "fulfilled", _("fulfilled")
    LAPSED = "lapsed", _("lapsed")


class Outcome(Row):
    """What came of an event: who is to do what, until when, and how far it has come."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="outcomes",
                              verbose_name=_("event"))  # fmt: skip
    announced_in = models.ForeignKey(Statement, models.PROTECT, null=True, blank=True,
                                     related_name="outcomes", verbose_name=_("announced in"),
        help_text=_("Shown to nobody while that statement is not public."))  # fmt: skip
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    outcome_kind = models.CharField(_("kind"), max_length=15, choices=OutcomeKind)
    text = translated(PlainTextField(_("text"), blank=True))
    countries = models.ManyToManyField("events.Country", blank=True, related_name="outcomes",
                                       verbose_name=_("responsible countries"))  # fmt: skip
    organisations = models.ManyToManyField("events.Organisation", blank=True,
        related_name="outcomes", verbose_name=_("responsible organisations"))  # fmt: skip
    due = models.DateField(_("due"), null=True, blank=True)
    due_precision = models.CharField(_("known to the"), max_length=5, choices=dates.Precision,
                                     default=dates.Precision.DAY)  # fmt: skip
    state = models.CharField(_("state"), max_length=12, choices=OutcomeState,
                             default=OutcomeState.AGREED)  # fmt: skip
    follow_up = models.ForeignKey(Event, models.PROTECT, null=True, blank=True,
        related_name="follows_up", verbose_name=_("follow-up event"))  # fmt: skip

    GATES = ("event", "announced_in")
    PARTS: ClassVar[tuple[str, ...]] = ("progress",)
    objects = GatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ("order", "uid")
        constraints = (
            models.CheckConstraint(
                name="outcome_has_a_text",
                condition=~Q(**{column("text", code): "" for code in CODES}),
                violation_error_message=_("An outcome has a text in at least one language."),
            ),
        )

    def __str__(self) -> str:
        return self.any_text("text")[:120]

    def clean(self) -> None:
        """Store an imprecise due date as its first day."""
        super().clean()
        if self.due:
            self.due = dates.first_day(self.due, self.due_precision)

    def readable_languages(self) -> tuple[str, ...]:
        """Borrowed from the event."""
        return self.event.readable_languages()

    def written_due(self) -> str:
        """The due date in words; "" without one."""
        return dates.written(self.due, self.due_precision) if self.due else ""

    @property
    def is_overdue(self) -> bool:
        """Promised for a day that has passed, with nothing recorded as fulfilled or lapsed."""
        if not self.due or self.state in (OutcomeState.FULFILLED, OutcomeState.LAPSED):
            return False
        today: date = dates.office_today(visibility.moment())
        return dates.last_day(self.due, self.due_precision) < today

    def get_absolute_url(self) -> str:
        """The outcome's permalink in the active language."""
        from django.urls import reverse

        return reverse("public:outcome", args=[self.uid])


class Progress(Row):
    """A dated step of an outcome, with the publication that proves it.

    The citation is shown only while that publication is public.
    """

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="progress",
                                verbose_name=_("outcome"))  # fmt: skip
    date = models.DateField(_("date"))
    date_precision = models.CharField(_("known to the"), max_length=5, choices=dates.Precision,
                                      default=dates.Precision.DAY)  # fmt: skip
    state = models.CharField(_("state from then on"), max_length=12, choices=OutcomeState)
    text = translated(PlainTextField(_("text"), blank=True))
    cites = models.ForeignKey(Publication, models.PROTECT, null=True, blank=True,
                              related_name="cited_by", verbose_name=_("proved by"))  # fmt: skip

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        ordering = ("date", "uid")

    def __str__(self) -> str:
        return f"{self.date}: {self.get_state_display()}"

    def readable_languages(self) -> tuple[str, ...]:
        """Borrowed from the outcome's event."""
        return self.outcome.readable_languages()
