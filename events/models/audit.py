"""The audit trail: who did what, when and from where. Rows are only ever added."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..markup import LineField

USER = settings.AUTH_USER_MODEL


class AuditEntry(models.Model):
    """One act: of a member of staff, of whoever holds a preview link, or of somebody who tried.

    `account` is the account that it is about (whose roles, whose password), `record_uid` the
    record. `details` are names and numbers, never a text, a password or a code. The address is
    whole, of IPv6 the network of one household: a trail must tell the office's own machine from a
    stranger's, which half an address cannot; readers are not in it.
    """

    act = models.CharField(_("act"), max_length=40)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+",
                           verbose_name=_("person"))  # fmt: skip
    # Who it was in words, as an account or a link may be gone ten years later.
    by_name = LineField(_("who"), max_length=200, blank=True)
    account = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+",
                                verbose_name=_("account"))  # fmt: skip
    model = models.CharField(_("kind of record"), max_length=30, blank=True)
    record_uid = models.UUIDField(_("record"), null=True)
    at = models.DateTimeField(_("when"))
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("entry of the audit trail")
        verbose_name_plural = _("audit trail")
        ordering = ("-pk",)
        default_permissions = ("view",)
        indexes = (
            models.Index(fields=("at",), name="audit_at"),
            models.Index(fields=("act", "at"), name="audit_act"),
            models.Index(fields=("record_uid", "at"), name="audit_about"),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%dT%H:%M:%SZ}"


class AuditLink(models.Model):
    """An entry's place in the chain. `digest` covers the entry and the digest before it.

    Apart from the entry, which is written with what it tells of, in one transaction, and waits
    for nobody; its place it gets the moment after, one writer at a time.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="link")
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"


class AuditHead(models.Model):
    """Where the chain ends, so that a cut tail shows: one row, locked by whoever adds a link."""

    count = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    # The latest entry that has its place.
    entry = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.count} {self.digest}"
