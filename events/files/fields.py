"""The form fields of files: the one way in, whatever the form."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from . import documents, photos
from .kept import Kept, accepted

PHOTO_TYPES = "image/jpeg,image/png,image/webp,image/tiff"


def take_photo(upload: UploadedFile) -> Kept:
    """The safe picture of an upload. Raises Refusal with the sentence why not."""
    return accepted(upload, photos.accept)


def take_document(upload: UploadedFile) -> Kept:
    """The safe document of an upload. Raises Refusal with the sentence why not."""
    return accepted(upload, documents.accept)


class PhotoField(forms.FileField):
    """Takes a picture and gives on what is kept of it."""

    def __init__(self, *, max_length: int | None = None, **kwargs: Any) -> None:
        # Of the name only the extension is kept: however long it is, it is no reason to refuse.
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> Any:
        """What is kept of an upload."""
        upload = super().to_python(data)
        return None if upload is None else take_photo(upload)  # type: ignore[arg-type]

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        """Let the browser's chooser offer what is taken."""
        return {**super().widget_attrs(widget), "accept": PHOTO_TYPES}


class DocumentField(forms.FileField):
    """Takes a document and gives on what is kept of it."""

    def __init__(self, *, max_length: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> Any:
        """What is kept of an upload."""
        upload = super().to_python(data)
        return None if upload is None else take_document(upload)  # type: ignore[arg-type]

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        """Let the browser's chooser offer what is taken."""
        accept = ",".join(f".{each}" for each in documents.allowed())
        return {**super().widget_attrs(widget), "accept": accept}
