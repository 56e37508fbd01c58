"""Where each language of an event or a statement stands: derived from its editions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .publication import Publication


class LanguageVersion(models.Model):
    """One language of a publication that has a text in it. Derived by versions/, kept by the verbs.

    `since` is from when on readers have it, or will have it as long as nothing changes (UTC); None
    where no release has been set. `written_at` is when its text was last written, or confirmed as
    still right, in the edition that has the number `written_in`. `behind_since` is when the text
    of the language `behind` changed first since then; None where none has. `edition` is the number
    of the last edition that was looked at.
    """

    publication = models.ForeignKey(
        Publication, models.CASCADE, related_name="language_versions", verbose_name=_("publication")
    )
    language = models.CharField(_("language"), max_length=8)
    since = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField()
    written_in = models.PositiveIntegerField()
    behind_since = models.DateTimeField(null=True, blank=True)
    behind = models.CharField(max_length=8, blank=True)
    edition = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("language version")
        verbose_name_plural = _("language versions")
        default_permissions = ()
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("publication", "language"), name="language_version_once"
            ),
        )
        indexes = (
            models.Index(fields=("language", "behind_since"), name="language_version_behind"),
        )

    def __str__(self) -> str:
        return f"{self.publication_id}, {self.language}"
