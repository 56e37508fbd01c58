"""The forms that take files: a new photo's, filled in with what the picture says of itself; an
attachment's, with its pages counted."""

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminFileWidget
from django.db import models
from django.forms.widgets import Script
from django.urls import reverse
from django.utils.translation import gettext as _

from ..files import DocumentField, PhotoField, offer
from ..files.kept import extension
from ..files.offers import sentences
from ..models import Photo
from .downloads import file_url
from .forms import PartForm, RecordForm

PREVIEW = 960  # pixels


def version_of(blob: str) -> str:
    """How the admin's addresses tell one picture of a photo from another."""
    return PurePosixPath(blob).stem[:12]


def picture_url(uid: Any, blob: str, width: int) -> str:
    """Where staff see a picture: one of those that the photo has, had, or is to have."""
    return reverse("admin:events_photo_picture", args=[uid, version_of(blob), width])


class PictureWidget(AdminFileWidget):
    """Shows the picture above the box that takes another, and lets its focal point be set."""

    template_name = "admin/photo_widget.html"

    class Media:
        js = (Script("js/focal.js", defer=True),)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the address of the picture, once there is one in storage."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        if value and getattr(value, "_committed", False):
            photo = value.instance
            context["picture"] = picture_url(photo.pk, value.name, PREVIEW)
            context["whole"] = file_url(photo, photo.pk, value.name)
        return context


class DocumentWidget(AdminFileWidget):
    """Says what is attached, above the box that takes another. `record` is what it belongs to."""

    template_name = "admin/document_widget.html"
    record: Any = None

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With form, size and pages of the document, once there is one in storage."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        if value and getattr(value, "_committed", False):
            attached = value.instance
            context["form"] = extension(value.name).upper()
            context["size"], context["pages"] = attached.size, attached.pages
            if self.record is not None:
                context["url"] = file_url(self.record, attached.pk, value.name)
        return context


# How the admin's forms take the files of any model.
TAKES: dict[Any, dict[str, Any]] = {
    models.ImageField: {"form_class": PhotoField, "widget": PictureWidget},
    models.FileField: {"form_class": DocumentField, "widget": DocumentWidget},
}


class FocalWidget(forms.NumberInput):
    """One of the two numbers of a focal point, from 0 (left, top) to 1 (right, bottom)."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"min": 0, "max": 1, "step": "any", "inputmode": "decimal",
                          **(attrs or {})})  # fmt: skip


class PhotoForm(RecordForm):
    """A photo's form. Fields of a new photo in which nothing was typed take what the picture
    says of itself; `said` is what the editor is told of it."""

    said: tuple[str, ...] | list[str] = ()

    class Meta:
        model = Photo
        widgets = {"focal_x": FocalWidget, "focal_y": FocalWidget}
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        """Fill in what was left empty."""
        cleaned = super().clean()
        if self.instance._state.adding:
            self.said = self._fill_in(cleaned)
        return cleaned

    def _fill_in(self, cleaned: dict[str, Any]) -> list[str]:
        offered = offer(getattr(cleaned.get("image"), "told", None))
        filled = []
        for name, value in {**offered.fields, "people": offered.people}.items():
            if value and name in self.fields and name not in self.errors and not cleaned.get(name):
                cleaned[name] = value
                filled.append(name)
        return sentences(offered, filled)


class AttachmentForm(PartForm):
    """A document's form. The pages of a PDF are counted, whatever was typed; its language is one
    of the office's, or what it has been so far. `record` is what it belongs to."""

    record: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].widget.record = self.record
        if "language" not in self.fields:
            return
        known, now = list(settings.LANGUAGES), self.instance.language
        if now and now not in dict(known):
            known.append((now, now))
        self.fields["language"] = forms.ChoiceField(
            label=self.fields["language"].label, required=False,
            choices=[("", _("not stated")), *known],
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Take the number of pages from the document."""
        cleaned = super().clean()
        pages = getattr(cleaned.get("file"), "pages", None)
        if pages is not None and "pages" in self.fields:
            cleaned["pages"] = pages
        return cleaned
