"""Publication: what every event and every statement is, and the one gate they pass."""

import datetime as dt
import re
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .. import dates, visibility
from ..languages import CODES, Standing, column, plain, translated
from ..markup import LineField, PlainTextField, RichTextField
from ..visibility import Stage, Status
from .record import Recorded

SLUG = r"^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$"
# Words that are, or may become, addresses beside the items of a list.
RESERVED_SLUGS = frozenset(
    "all api archive calendar cards contacts event events feed feeds files history latest map "
    "new news other outcomes past people photos preview quotes search statements upcoming "
    "verify".split()
)
# One sentence for a reserved and for a taken address: which of the two is nobody's business.
NOT_AVAILABLE = _("This address is not available.")


def validate_slug(slug: str) -> None:
    """Refuse addresses that the rule or the reserved words forbid."""
    if len(slug) < 3 or not re.fullmatch(SLUG, slug):
        raise ValidationError(
            _("Use 3 to 80 small Latin letters, digits and single hyphens, with a letter in it.")
        )
    if slug in RESERVED_SLUGS:
        raise ValidationError(NOT_AVAILABLE, code="unique")


class GatedQuerySet(models.QuerySet[Any]):
    """Rows that borrow the gate of what holds them."""

    def public(self) -> Self:
        """What anybody may read at the request's one moment."""
        return self.filter(visibility.gate_q(self.model))

    def readable(self) -> Self:
        """Public, or on a withdrawn item: for the item's own address and files alone."""
        return self.filter(visibility.gate_q(self.model, visibility.readable_q))

    def retracted(self) -> Self:
        """Once public, published in error: what answers 410."""
        return self.filter(visibility.gate_q(self.model, visibility.retracted_q))


class PublicationQuerySet(GatedQuerySet):
    """Events and statements, together or apart."""

    def newest(self) -> Self:
        """By publication, the latest first: feeds, lists of statements, what is new."""
        return self.order_by("-published_at", "-uid")

    def latest_first(self) -> Self:
        """By the date it happened, the latest first: lists of events."""
        return self.order_by("-date", "-uid")

    def about(self, row: models.Model) -> Self:
        """What names a person, organisation, country, topic or series."""
        return self.filter(row.names_q())  # type: ignore[attr-defined]


def _ready_languages(name: str, field: Any) -> Any:
    def get(item: Any) -> tuple[str, ...]:
        ready = [code for code in CODES if getattr(item, column(name, code))]
        rank = {Standing.AUTHENTIC: 0, Standing.COURTESY: 1}
        ready.sort(key=lambda code: rank.get(getattr(item, column("standing", code)), 2))
        return tuple(ready)

    return get


class Publication(Recorded):
    """A text with an address, a release time and two people behind it.

    One table for events and statements means one gate, one index, one feed query. All
    times are UTC in whole seconds; `published_at` orders what was published when: the day
    archive material first came out (its midnight, UTC), else the release time.
    """

    class Model(models.TextChoices):
        """Which child table completes the row."""

        EVENT = "event", _("event")
        STATEMENT = "statement", _("statement")

    model = models.CharField(_("kind"), max_length=10, choices=Model, editable=False)
    slug = models.CharField(
        _("address"), max_length=80, validators=[validate_slug],
        help_text=_("The last part of the page’s address. It is frozen at approval, for ever."),
    )  # fmt: skip
    title = translated(LineField(_("title"), max_length=300, blank=True))
    summary = translated(PlainTextField(_("summary"), blank=True,
        help_text=_("One or two sentences for lists, feeds and search results.")))  # fmt: skip
    body = translated(RichTextField(_("text"), blank=True))
    ready = plain(
        models.BooleanField(_("ready"), default=False,
            help_text=_("Readers may read this language once the item is released.")),
        _ready_languages,
    )  # fmt: skip
    standing = plain(
        models.CharField(_("standing"), max_length=10, choices=Standing, blank=True,
            help_text=_("Authentic text, courtesy translation or working text.")),
        lambda name, field: lambda item: getattr(
            item, column(name, item.lang_of("title") or CODES[0])
        ),
    )  # fmt: skip
    date = models.DateField(_("date"), help_text=_("When it happened or was said."))
    date_precision = models.CharField(_("known to the"), max_length=5, choices=dates.Precision,
                                      default=dates.Precision.DAY)  # fmt: skip

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT,
                              editable=False)  # fmt: skip
    release_at = models.DateTimeField(_("release time"), null=True, blank=True, editable=False,
                                      validators=[dates.validate_whole_second])  # fmt: skip
    released_before = models.BooleanField(
        _("released before?"), null=True, blank=True,
        choices=((False, _("No, this is its first release")), (True, _("Yes, before this site"))),
        help_text=_("Archive material keeps its own date and is not announced as new."),
    )  # fmt: skip
    first_released_on = models.DateField(_("first released on"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn or retracted at"), null=True, blank=True,
                                        editable=False)  # fmt: skip
    reason = translated(PlainTextField(_("public reason"), blank=True, editable=False))
    # What whoever withdrew or retracted it would tell readers, until a second person agrees.
    proposed_reason = translated(PlainTextField(_("proposed reason"), blank=True, editable=False))
    # When readers' text last changed: what feeds call updated.
    corrected_at = models.DateTimeField(_("corrected at"), null=True, blank=True, editable=False)
    bundle = models.ForeignKey("events.Bundle", models.PROTECT, null=True, blank=True,
        related_name="members", editable=False, verbose_name=_("bundle"))  # fmt: skip
    limited = models.BooleanField(_("limited to the people named on it"), default=False,
                                  editable=False)  # fmt: skip
    reference_number = LineField(_("reference number"), max_length=40, blank=True, null=True,
        default=None, help_text=_("Permanent. Left empty, one is given at approval."))  # fmt: skip

    topics = models.ManyToManyField("events.Topic", blank=True, related_name="publications",
                                    verbose_name=_("topics"))  # fmt: skip
    organisations = models.ManyToManyField("events.Organisation", blank=True,
        related_name="publications", verbose_name=_("organisations"))  # fmt: skip
    countries = models.ManyToManyField("events.Country", blank=True, related_name="publications",
                                       verbose_name=_("countries"))  # fmt: skip
    people = models.ManyToManyField("events.Person", blank=True, related_name="publications",
                                    verbose_name=_("people"))  # fmt: skip
    media_contacts = models.ManyToManyField("events.MediaContact", blank=True,
        related_name="publications", verbose_name=_("media contacts"))  # fmt: skip

    objects = PublicationQuerySet.as_manager()

    BOOKKEEPING: ClassVar[tuple[str, ...]] = (
        "model", "status", "release_at", "published_at", "withdrawn_at", "corrected_at",
        *(column("reason", code) for code in CODES),
        *(column("proposed_reason", code) for code in CODES), "bundle", "limited",
    )  # fmt: skip
    PARTS: ClassVar[tuple[str, ...]] = ("placements", "attachments")

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        default_permissions = ("view",)
        permissions = (
            ("submit_publication", "Can submit a draft for review"),
            ("review_publication", "Can send back and countersign"),
            ("approve_publication", "Can approve, release, move and cancel a release"),
            ("withdraw_publication", "Can withdraw"),
            ("retract_publication", "Can retract"),
            ("view_unreleased", "Can see unreleased items that are not limited to others"),
            ("rehearse", "Can see the whole site as it will stand at a future moment"),
            ("limit_publication", "Can limit an item to the people named on it"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("model", "slug"),
                name="publication_address_once",
                violation_error_message=NOT_AVAILABLE,
            ),
            models.UniqueConstraint(fields=("reference_number",), name="publication_number_once"),
            models.CheckConstraint(name="publication_slug_rule", condition=Q(slug__regex=SLUG)),
            models.CheckConstraint(
                name="publication_status_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="publication_approved_with_a_time",
                condition=Q(status__in=(Status.DRAFT, Status.IN_REVIEW))
                | Q(release_at__isnull=False, published_at__isnull=False),
                violation_error_message=_("An approved item has a release time."),
            ),
            models.CheckConstraint(
                name="publication_ended_with_a_reason",
                condition=~Q(status__in=(Status.WITHDRAWN, Status.RETRACTED))
                | (
                    Q(withdrawn_at__isnull=False)
                    & ~Q(**{column("reason", code): "" for code in CODES})
                ),
                violation_error_message=_("A withdrawal or retraction has a public reason."),
            ),
            models.CheckConstraint(
                name="publication_released_in_a_language",
                condition=Q(status__in=(Status.DRAFT, Status.IN_REVIEW))
                | Q(*((column("ready", code), True) for code in CODES), _connector=Q.OR),
                violation_error_message=_("Mark at least one language as ready."),
            ),
            models.CheckConstraint(
                name="publication_archive_with_a_day",
                condition=~Q(released_before=True) | Q(first_released_on__isnull=False),
                violation_error_message=_("Say on which day it was first released."),
            ),
            *(
                models.CheckConstraint(
                    name=f"publication_ready_title_{column('', code).strip('_')}",
                    condition=Q(**{column("ready", code): False})
                    | (~Q(**{column("title", code): ""}) & ~Q(**{column("standing", code): ""})),
                    violation_error_message=_(
                        "A language marked as ready has a title, and says whether its text is"
                        " authentic, a courtesy translation or a working text."
                    ),
                )
                for code in CODES
            ),
        )
        indexes = (
            # Nearly all of an archive is approved and out: the gate chooses nothing, and a list is
            # read in its order. SQLite knows that only where no index offers it the gate's two
            # columns to search by, and where each order has as many to begin with.
            models.Index(fields=("release_at", "status"), name="publication_released"),
            models.Index("status", F("published_at").desc(), F("uid").desc(),
                         name="publication_by_release"),
            models.Index("status", "model", F("published_at").desc(), F("uid").desc(),
                         name="publication_kind_by_release"),
            models.Index("status", "model", F("date").desc(), F("uid").desc(),
                         name="publication_kind_by_date"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.any_text("title") or self.slug

    def clean(self) -> None:
        """Refuse what one field alone cannot show. Raises ValidationError."""
        super().clean()
        if self.date:
            self.date = dates.first_day(self.date, self.date_precision)
        if not self.any_text("title"):
            raise ValidationError({column("title", CODES[0]): _("Give a title in a language.")})
        if self.first_released_on and not self.released_before:
            raise ValidationError(
                {"released_before": _("A day of first release is given: was it released before?")}
            )

    def readable_languages(self) -> tuple[str, ...]:
        """The languages marked as ready, authentic ones first."""
        ready: tuple[str, ...] = self.ready
        return ready

    @property
    def stage(self) -> Stage:
        """Where it stands at the request's one moment."""
        return visibility.stage(self)

    @property
    def published_on(self) -> dt.date | None:
        """The day of publication: of the archive's first release, else of the release."""
        if self.first_released_on:
            return self.first_released_on
        return dates.office_today(self.release_at) if self.release_at else None

    @property
    def is_archive(self) -> bool:
        """Came out before this site: has its own date, and is announced to nobody."""
        return bool(self.first_released_on)

    @property
    def has_proposed_reason(self) -> bool:
        """Whether a public reason for its withdrawal waits for a second person."""
        return any(getattr(self, column("proposed_reason", code)) for code in CODES)

    @property
    def urn(self) -> str:
        """The GUID for feeds and citations, the same for ever (RFC 9562)."""
        return f"urn:uuid:{self.uid}"

    @property
    def child(self) -> Any:
        """The event or the statement that this row is the parent of."""
        return self.as_event if self.model == self.Model.EVENT else self.as_statement

    def get_absolute_url(self) -> str:
        """The public address in the active language."""
        from django.urls import reverse

        return reverse(f"public:{self.model}", args=[self.slug])

    def written_date(self) -> str:
        """Its date in words, at its own precision, in the active language."""
        return dates.written(self.date, self.date_precision)

    def iso_date(self) -> str:
        """Its date for a time element, at its own precision."""
        return dates.iso(self.date, self.date_precision)
