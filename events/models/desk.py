"""What the office keeps for itself: bundles, who may see what, who read what, who was told."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..markup import LineField
from .publication import Publication
from .record import Change

USER = settings.AUTH_USER_MODEL


class Bundle(models.Model):
    """Items released together: one approval, one time, all of them or none.

    It holds no time and no status: its members' own say it, and the verbs keep them alike.
    """

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = LineField(_("name"), max_length=200,
        help_text=_("For the office alone; readers never see it."))  # fmt: skip
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", editable=False,
                                verbose_name=_("made by"))  # fmt: skip
    made_at = models.DateTimeField(_("made at"), editable=False)

    class Meta:
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")
        ordering = ("-made_at", "uid")
        default_permissions = ("view",)
        permissions = (("make_bundle", "Can make bundles and choose what is in them"),)

    def __str__(self) -> str:
        return self.name


class WorkingLanguage(models.Model):
    """The language that a member of staff works in, for what reaches them without a request."""

    user = models.OneToOneField(USER, models.CASCADE, primary_key=True, related_name="+")
    language = models.CharField(max_length=10)

    class Meta:
        verbose_name = _("working language")
        verbose_name_plural = _("working languages")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.language}"


class Access(models.Model):
    """A person named on an item: who may see it while it is limited, and whom else it is
    shown to before release (Reader under embargo)."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="access",
                                    verbose_name=_("publication"))  # fmt: skip
    user = models.ForeignKey(USER, models.CASCADE, related_name="+", verbose_name=_("person"))
    given_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("person named on an item")
        verbose_name_plural = _("people named on an item")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("publication", "user"), name="access_once"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.publication_id}"


class PreviewLink(models.Model):
    """A link that shows one item before its release to whoever holds it.

    Only the SHA-256 of its code is stored (lower-case hexadecimal); the code itself is shown
    once, to whoever made it. `change` narrows it to the item as a proposed change would have it.
    """

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="preview_links")
    change = models.ForeignKey(Change, models.CASCADE, null=True, related_name="preview_links")
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    for_whom = LineField(_("for whom"), max_length=200,
        help_text=_("A name or a newsroom: kept with every use of the link."))  # fmt: skip
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("works until"))
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ("-made_at",)
        default_permissions = ("view",)
        permissions = (("share_preview", "Can make and revoke preview links"),)

    def __str__(self) -> str:
        return self.for_whom

    def works_at(self, moment: datetime) -> bool:
        """Whether the link still opens anything at a moment (UTC)."""
        return self.revoked_at is None and moment < self.expires_at


class Reading(models.Model):
    """Somebody read an item that was not public. Rows are only ever added."""

    class How(models.TextChoices):
        """By which door."""

        FORM = "form", _("in the admin")
        HISTORY = "history", _("its editions")
        PREVIEW = "preview", _("preview")
        LINK = "link", _("preview link")
        REHEARSAL = "rehearsal", _("rehearsal")

    record_uid = models.UUIDField()
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(PreviewLink, models.SET_NULL, null=True, related_name="uses")
    # Who it was in words, as an account or a link may be gone ten years later.
    by_name = LineField(_("who"), max_length=200)
    how = models.CharField(_("door"), max_length=10, choices=How)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("reading before release")
        verbose_name_plural = _("readings before release")
        ordering = ("-at", "-pk")
        default_permissions = ("view",)
        indexes = (models.Index(fields=("record_uid", "-at"), name="reading_of"),)

    def __str__(self) -> str:
        return f"{self.by_name}: {self.record_uid}"


class NotificationQuerySet(models.QuerySet[Any]):
    """What people are told."""

    def due(self, moment: datetime) -> Self:
        """Entries whose moment has come: a release is told at its time, with no job to run."""
        return self.filter(due_at__lte=moment)


class Notification(models.Model):
    """One person is told that something waits for them, goes out or is taken back.

    It names the record and never its text: what the desk shows is looked up when it is shown,
    for those who may see it, and e-mail says only that something happened.
    """

    class Kind(models.TextChoices):
        """What happened."""

        REVIEW = "review", _("waits for review")
        COUNTERSIGN = "countersign", _("waits to be countersigned")
        SENT_BACK = "sent_back", _("was sent back to you")
        SCHEDULED = "scheduled", _("was approved for a time")
        MOVED = "moved", _("has another release time")
        CANCELLED = "cancelled", _("was taken out of its release")
        RELEASED = "released", _("is out")
        WITHDRAWN = "withdrawn", _("was withdrawn")
        RETRACTED = "retracted", _("was retracted")
        REASON = "reason", _("has a public reason that waits for a second person")
        REINSTATEMENT = "reinstatement", _("is to be reinstated: it takes a second person")
        REINSTATED = "reinstated", _("was reinstated")
        CHANGE_WAITS = "change_waits", _("has a proposed change that waits for review")
        CHANGE_APPLIED = "change_applied", _("was changed as proposed")
        CHANGE_REJECTED = "change_rejected", _("keeps its text: the change was rejected")
        NAMED = "named", _("is open to you")
        # Of an account of the staff instead of a record: notifications.ACCOUNT.
        NEW_DEVICE = "new_device", _("was signed in to from a new device")
        ODD_HOUR = "odd_hour", _("was signed in to outside office hours")
        PASSKEY_ADDED = "passkey_added", _("was given a passkey")
        PASSKEY_REMOVED = "passkey_removed", _("has a passkey less")
        CODES_ADDED = "codes_added", _("asks for codes from an app")
        CODES_REMOVED = "codes_removed", _("asks for no codes from an app any more")
        RECOVERY_CODES = "recovery_codes", _("was given recovery codes")
        FACTORS_RESET = "factors_reset", _("has lost its passkeys and codes: they were reset")
        FROZE = "froze", _("froze the site")
        LIFTED = "lifted", _("lifted the freeze")

    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    model = models.CharField(max_length=30)
    record_uid = models.UUIDField()
    change = models.ForeignKey(Change, models.CASCADE, null=True, related_name="+")
    # Whose act it was; empty where it is the clock's.
    actor_name = LineField(max_length=200, blank=True)
    due_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ("-due_at", "-pk")
        default_permissions = ()
        indexes = (
            models.Index("user", F("due_at").desc(), name="notification_of"),
            models.Index(fields=("due_at",), name="notification_to_mail",
                         condition=Q(mailed_at=None)),
            models.Index(fields=("record_uid", "kind"), name="notification_about"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"
