"""What the office keeps of its own people's accounts: whether they stand, and from where they
sign in; and whether all of it is frozen."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..markup import LineField

USER = settings.AUTH_USER_MODEL


class Standing(models.Model):
    """Whether an account may sign in, beside being active: no row is as good as an open one.

    `epoch` counts how often all of its sessions were ended: one that began under another number
    is over. A lock is not a closed account: it is put on at once, whatever waits for the person.
    """

    user = models.OneToOneField(USER, models.CASCADE, primary_key=True, related_name="standing")
    epoch = models.PositiveIntegerField(default=0)
    locked_at = models.DateTimeField(null=True)
    # In words: whoever works at the server's own console has no account.
    locked_by_name = LineField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("standing of an account")
        verbose_name_plural = _("standings of accounts")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.epoch}"


class Freeze(models.Model):
    """A time in which nobody may change anything; open while it has not been lifted. Rows are
    only ever added, and closed once."""

    frozen_at = models.DateTimeField(_("frozen at"))
    frozen_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    frozen_by_name = LineField(_("frozen by"), max_length=200)
    reason = LineField(_("reason"), max_length=500)
    lifted_at = models.DateTimeField(_("lifted at"), null=True)
    lifted_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    lifted_by_name = LineField(_("lifted by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("freeze")
        verbose_name_plural = _("freezes")
        ordering = ("-pk",)
        default_permissions = ()
        permissions = (("freeze_site", "Can freeze the site and lift the freeze"),)
        indexes = (
            models.Index(fields=("lifted_at",), name="freeze_open",
                         condition=models.Q(lifted_at=None)),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.frozen_at:%Y-%m-%d %H:%M}"


class Device(models.Model):
    """A browser from which somebody has signed in: known again by the cookie that it was given
    (its SHA-256 is stored, in lower-case hexadecimal), or by its kind and its network."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    cookie_hash = models.CharField(max_length=64)
    family = LineField(max_length=100)
    network = models.CharField(max_length=50)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("user", "cookie_hash"), name="device_once"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.family}"
