"""How the body of a request is read: a file that is too large, or for which the disk has no room,
is read to its end and dropped, so that the form can say so beside its field."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from ..blobs import NotStored
from .kept import too_large


class CarefulFileHandler(TemporaryFileUploadHandler):
    """Django's own handler of larger files, with a limit, and with a word for a full disk.

    Nobody fills the disk by it: not even without an account, before whom Django reads the body
    to find the form's token.
    """

    problem: ValidationError | None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.problem = None
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece of it, while it may be kept."""
        most = settings.UPLOAD_MAX_MEGABYTES
        self.received += len(raw_data)
        if self.problem is None and self.received > most * 1_000_000:
            self.problem = too_large(most)
        if self.problem is None:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as problem:
                self.problem = NotStored(problem)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """The file; with its problem, for which the form refuses it."""
        try:
            file = super().file_complete(file_size)
        except OSError as problem:
            self.problem, file = NotStored(problem), self.file
        file.problem = self.problem  # type: ignore[union-attr]
        return file
