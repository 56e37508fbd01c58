"""What hubs of WebSub were told, so that each is told once."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class AnnouncedUntil(models.Model):
    """How far announcing has come: one row. What was public before `began_at` is old news."""

    began_at = models.DateTimeField()
    moment = models.DateTimeField()
    edition = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_announcer"),)

    def __str__(self) -> str:
        return f"until {self.moment:%Y-%m-%d %H:%M:%S}"


class Announcement(models.Model):
    """One public act that subscribers are told of. Rows are only ever added, after the act is
    public, and hold no word of any text."""

    class Kind(models.TextChoices):
        """What became of the text."""

        RELEASED = "released", _("released")
        CHANGED = "changed", _("changed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        RETRACTED = "retracted", _("retracted")
        REASON = "reason", _("reason published")
        REINSTATED = "reinstated", _("reinstated")

    # The same for one act whoever sees it: "release:<uid>:<moment>" or "edition:<number>".
    act = models.CharField(max_length=100, unique=True)
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    record_uid = models.UUIDField(_("record"))
    at = models.DateTimeField(_("public since"))
    topics = models.JSONField(_("feeds"), default=list)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ("-at", "-pk")
        default_permissions = ("view",)
        indexes = (models.Index(fields=("record_uid", "-at"), name="announcement_of"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.record_uid}"


class PingQuerySet(models.QuerySet[Any]):
    """Pings and how they stand."""

    def waiting(self) -> Self:
        """Neither sent nor given up."""
        return self.filter(sent_at=None, given_up_at=None)


class Ping(models.Model):
    """One hub is told that one feed has changed. Several acts that it has not been told of yet
    are one ping: the hub fetches the feed as it stands."""

    hub = models.CharField(_("hub"), max_length=500)
    topic = models.CharField(_("feed"), max_length=500)
    due_at = models.DateTimeField(_("next try"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    # Whoever sends it has it alone until then; a process that died lets it go.
    taken_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    given_up_at = models.DateTimeField(_("given up"), null=True)
    # What the hub answered or why it could not be reached, in a few words of our own.
    answer = models.CharField(_("answer"), max_length=100, blank=True)

    objects = PingQuerySet.as_manager()

    class Meta:
        verbose_name = _("ping of a hub")
        verbose_name_plural = _("pings of hubs")
        ordering = ("-due_at", "-pk")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(
                fields=("hub", "topic"), name="ping_waits_once",
                condition=models.Q(sent_at=None, given_up_at=None, taken_until=None),
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("due_at",), name="ping_due",
                         condition=models.Q(sent_at=None, given_up_at=None)),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.hub}: {self.topic}"
