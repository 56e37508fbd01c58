"""Append-only memory: what every recorded row carries, its editions, and proposed changes."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models, router
from django.db.models import BooleanField, CheckConstraint, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .. import roles
from ..languages import Readable, translated
from ..markup import LineField, PlainTextField


class Row(Readable, models.Model):
    """A row that a reader can meet. Its UUID is its identity: in feeds, links and editions."""

    uid = models.UUIDField(_("permanent identifier"), primary_key=True, default=uuid.uuid4,
                           editable=False)  # fmt: skip

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Any = None) -> None:
        """As Django has it, but the database is asked about all checks of a table at once, and
        about one by one only where one of them fails: a form has dozens."""
        left = [
            (model, _without_checks(found) if _hold(self, model, found, exclude) else found)
            for model, found in self.get_constraints()
        ]
        self.get_constraints = lambda: left  # type: ignore[method-assign]
        try:
            super().validate_constraints(exclude)
        finally:
            del self.get_constraints


def _hold(row: models.Model, model: type[models.Model], found: Any, exclude: Any) -> bool:
    """Whether every check of a table surely holds for a row. Where the database cannot say, or a
    check needs a field that is left out, the answer is no."""
    checks = [Q(each.condition) for each in found if isinstance(each, CheckConstraint)]
    # What is neither true nor false fulfils a check.
    every = Q(*(Coalesce(each, True, output_field=BooleanField()) for each in checks))
    values = row._get_field_expression_map(model._meta, exclude)  # type: ignore[attr-defined]
    using = router.db_for_write(type(row), instance=row)
    try:
        return bool(checks) and not (~every).check(values, using=using)
    except FieldError:
        return False


def _without_checks(found: Any) -> list[models.BaseConstraint]:
    return [each for each in found if not isinstance(each, CheckConstraint)]


class Recorded(Row):
    """A row with editions of its own.

    PARTS names the relations whose rows belong to this one and are kept in its editions;
    rows of a relation in KEPT are never removed by applying an older text.
    """

    PARTS: ClassVar[tuple[str, ...]] = ()
    KEPT: ClassVar[tuple[str, ...]] = ()

    version = models.PositiveIntegerField(_("version"), default=0, editable=False,
        help_text=_("Counts saves; a form that is older than this is refused."))  # fmt: skip
    edition_count = models.PositiveIntegerField(default=0, editable=False)
    edition_head = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True


class Edition(models.Model):
    """What a record was after one act. Rows are only ever added.

    `chain_digest` covers this row and the previous digest; the record keeps its last digest
    and count, so that neither a changed row nor a cut tail goes unseen. `text_digests` holds,
    per ready language, the SHA-256 of the RFC 8785 form of what readers see.
    """

    model = models.CharField(max_length=30)
    record_uid = models.UUIDField()
    number = models.PositiveIntegerField(_("number"))
    action = models.CharField(_("act"), max_length=30)
    snapshot = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True,
                           related_name="+")  # fmt: skip
    by_name = LineField(_("who"), max_length=150)
    at = models.DateTimeField(_("when"))
    note = PlainTextField(_("note"), blank=True)
    public_number = models.PositiveIntegerField(_("known to readers as"), null=True, blank=True)
    text_digests = models.JSONField(default=dict, blank=True)
    previous_digest = models.CharField(max_length=64, blank=True)
    chain_digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ("record_uid", "number")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(fields=("record_uid", "number"), name="edition_number_once"),
        )
        indexes = (models.Index(fields=("by", "-at"), name="edition_by"),)

    def __str__(self) -> str:
        named = self._meta.apps.get_model("events", self.model)._meta.verbose_name
        return f"{named} {self.record_uid}, {self.number}"

    @property
    def who(self) -> str:
        """Whose act it was, as people read it."""
        return roles.named(self.by_name)


class ChangeKind(models.TextChoices):
    """Why a text changes after its approval."""

    CORRECTION = "correction", _("correction")
    UPDATE = "update", _("update")
    TRANSLATION = "translation", _("translation")
    PROGRESS = "progress", _("progress")
    TYPOGRAPHICAL = "typographical", _("typographical")


class ChangeState(models.TextChoices):
    """What became of a proposed change."""

    PROPOSED = "proposed", _("proposed")
    APPLIED = "applied", _("applied")
    REJECTED = "rejected", _("rejected")
    SUPERSEDED = "superseded", _("superseded")


class ChangeQuerySet(models.QuerySet[Any]):
    """Proposed changes, and those that readers are told of."""

    def open(self) -> Self:
        """What waits for somebody's decision."""
        return self.filter(state=ChangeState.PROPOSED)

    def readable(self) -> Self:
        """Applied to a text that readers already had, while they may still read it: what was
        mended before release is nobody's business."""
        publication: Any = self.model._meta.apps.get_model("events", "Publication")
        return self.filter(
            Exists(publication.objects.readable().filter(pk=OuterRef("record_uid"))),
            state=ChangeState.APPLIED, public_number__gt=1,
        )  # fmt: skip


class Change(Row):
    """A proposed text for a record that is approved: reviewed by a second person, applied
    whole. `base` is the edition it was written against, so that a parallel one is noticed.

    A proposal is never edited: to mend it is to propose anew, in place of it (`replaces`).
    `confirmed_by` stands behind it beside its author, so that the author may apply it.
    `public_number` is the number readers know the changed text by; 1 before its release.
    """

    model = models.CharField(max_length=30, editable=False)
    record_uid = models.UUIDField(editable=False)
    base = models.ForeignKey(Edition, models.PROTECT, related_name="+", editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=ChangeKind)
    snapshot = models.JSONField(editable=False)
    note = translated(PlainTextField(_("public note"), blank=True))
    state = models.CharField(_("state"), max_length=10, choices=ChangeState,
                             default=ChangeState.PROPOSED, editable=False)  # fmt: skip
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+",
                           null=True, editable=False)  # fmt: skip
    proposed_at = models.DateTimeField(editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+",
                                   null=True, editable=False)  # fmt: skip
    decided_at = models.DateTimeField(null=True, editable=False)
    decision_note = PlainTextField(blank=True, editable=False)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by",
                                 editable=False)  # fmt: skip
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+",
                                     null=True, editable=False)  # fmt: skip
    confirmed_at = models.DateTimeField(null=True, editable=False)
    public_number = models.PositiveIntegerField(null=True, editable=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        ordering = ("-proposed_at",)
        default_permissions = ("view",)
        permissions = (("propose_change", "Can propose a change of an approved text"),)
        indexes = (models.Index(fields=("record_uid", "state"), name="change_of"),)
        constraints = (
            models.CheckConstraint(
                name="change_decided_with_a_time",
                condition=Q(state=ChangeState.PROPOSED) | Q(decided_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        named = self._meta.apps.get_model("events", self.model)._meta.verbose_name
        return f"{self.get_kind_display()}: {named} {self.record_uid}"


class Tombstone(Readable, models.Model):
    """What is left of a quote or an outcome that a change took out of a public text: its
    address answers 410 with the change's note; its words are in the editions alone."""

    GATES = ("publication",)

    uid = models.UUIDField(primary_key=True)
    model = models.CharField(max_length=30)
    publication = models.ForeignKey("events.Publication", models.PROTECT,
                                    related_name="tombstones")  # fmt: skip
    removed_at = models.DateTimeField()
    note = translated(PlainTextField(blank=True))

    class Meta:
        verbose_name = _("removed quote or outcome")
        verbose_name_plural = _("removed quotes and outcomes")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.model} {self.uid}"

    def readable_languages(self) -> tuple[str, ...]:
        """The note is read in the languages of the text it was taken from."""
        return self.publication.readable_languages()
