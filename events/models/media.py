"""Photographs and documents. Uploaded bytes are immutable blobs named by their checksum."""

import hashlib
from collections.abc import Callable
from typing import Any, ClassVar, Self

from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from .. import visibility
from ..languages import translated
from ..markup import LineField, PlainTextField
from .publication import GatedQuerySet, Publication
from .record import Recorded, Row


class PhotoQuerySet(models.QuerySet[Any]):
    """Photos borrow the gate of what they are placed in."""

    def public(self) -> Self:
        """Placed in something public, or the portrait of a person something public names."""
        return self.held(visibility.public_q)

    def readable(self) -> Self:
        """Public, or placed in a withdrawn item: for the picture's own address alone. A portrait
        is on the pages of a person, who is public or is not."""
        return self.filter(
            self._placed(visibility.readable_q) | self._portrays(visibility.public_q)
        )

    def in_use(self) -> Self:
        """Placed in an approved text, released or not yet, or the portrait of a person there."""
        return self.held(visibility.bound_q)

    def held(self, condition: Callable[..., Q]) -> Self:
        """Held by a publication for which `condition` holds: see visibility."""
        return self.filter(self._placed(condition) | self._portrays(condition))

    def _placed(self, condition: Callable[..., Q]) -> Q:
        rows = Placement.objects.filter(visibility.gate_q(Placement, condition))
        return Q(Exists(rows.filter(photo=OuterRef("pk"))))

    def _portrays(self, condition: Callable[..., Q]) -> Q:
        from .reference import Person

        rows = Person.objects.filter(visibility.named_q(Person, condition))
        return Q(Exists(rows.filter(portrait=OuterRef("pk"))))


class Photo(Recorded):
    """A photograph in the library; placed in any number of publications."""

    image = models.ImageField(_("image"), width_field="width",
                              height_field="height", max_length=120,
        validators=[FileExtensionValidator("jpg jpeg png webp tif tiff".split())])  # fmt: skip
    width = models.PositiveIntegerField(_("width"), default=0, editable=False)
    height = models.PositiveIntegerField(_("height"), default=0, editable=False)
    # The ground that is shown before the picture, and of which picture it is: see files/tones.py.
    tone = models.CharField(max_length=20, blank=True, editable=False)
    alt = translated(LineField(_("alternative text"), max_length=300, blank=True,
        help_text=_("What the picture shows, for those who cannot see it.")))  # fmt: skip
    caption = translated(PlainTextField(_("caption"), blank=True))
    credit = LineField(_("credit"), max_length=200, blank=True)
    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    people = models.ManyToManyField("events.Person", blank=True, related_name="photos",
                                    verbose_name=_("people"))  # fmt: skip
    focal_x = models.FloatField(_("focal point, across"), default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)])  # fmt: skip
    focal_y = models.FloatField(_("focal point, down"), default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)])  # fmt: skip

    objects = PhotoQuerySet.as_manager()
    BOOKKEEPING: ClassVar[tuple[str, ...]] = ("width", "height", "tone")

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("-taken_on", "uid")

    def __str__(self) -> str:
        return self.any_text("alt") or self.any_text("caption") or str(self.uid)


class Placement(Row):
    """A photo in a publication, with the caption it has there."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="placements",
                                    verbose_name=_("publication"))  # fmt: skip
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="placements",
                              verbose_name=_("photo"))  # fmt: skip
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    caption = translated(PlainTextField(_("caption here"), blank=True,
        help_text=_("Left empty, the photo’s own caption is copied at approval.")))  # fmt: skip

    GATES = ("publication",)
    objects = GatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("placed photo")
        verbose_name_plural = _("placed photos")
        ordering = ("order", "uid")

    def __str__(self) -> str:
        return str(self.photo)

    def readable_languages(self) -> tuple[str, ...]:
        """Borrowed from the publication."""
        return self.publication.readable_languages()


class Attachment(Row):
    """A document of one publication."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="attachments",
                                    verbose_name=_("publication"))  # fmt: skip
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    file = models.FileField(_("file"), max_length=120,
        validators=[FileExtensionValidator("pdf docx xlsx odt txt csv zip".split())])  # fmt: skip
    title = translated(LineField(_("title"), max_length=200, blank=True))
    language = models.CharField(_("language"), max_length=10, blank=True)
    checksum = models.CharField(_("checksum"), max_length=64, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0, editable=False)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)

    GATES = ("publication",)
    objects = GatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("order", "uid")

    def __str__(self) -> str:
        return self.any_text("title") or str(self.uid)

    def clean(self) -> None:
        """Take size and checksum from the bytes themselves."""
        super().clean()
        if self.file:
            digest, stored = hashlib.sha256(), self.file.closed
            for chunk in self.file.chunks():
                digest.update(chunk)
            self.checksum, self.size = digest.hexdigest(), self.file.size
            if stored:  # an upload is still to be read by whoever stores it
                self.file.close()

    def readable_languages(self) -> tuple[str, ...]:
        """Borrowed from the publication."""
        return self.publication.readable_languages()
