"""Where uploaded bytes are kept: immutable, named by their checksum, outside any served folder."""

import hashlib
from pathlib import PurePosixPath

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class BlobStorage(FileSystemStorage):
    """Names every file by its SHA-256, so that nothing is ever overwritten, lost or guessed.

    The same bytes are stored once; a second upload of them is a second reference. Files have
    no address of their own: readers get them through the gate alone.
    """

    def save(self, name: str | None, content: File, max_length: int | None = None) -> str:
        """Store `content` and return its name, "blobs/<2 signs>/<checksum><extension>"."""
        digest = hashlib.sha256()
        for chunk in content.chunks():
            digest.update(chunk)
        content.seek(0)
        checksum = digest.hexdigest()
        extension = PurePosixPath(name or "").suffix.lower()[:8]
        blob = f"blobs/{checksum[:2]}/{checksum}{extension}"
        return blob if self.exists(blob) else super().save(blob, content, max_length)

    def url(self, name: str | None) -> str:
        """No address: readers get files through the gate, and forms show the bare name."""
        return ""
