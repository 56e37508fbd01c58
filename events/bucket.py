"""The same blobs in an S3-compatible store (django-storages): private objects, and no other.

Chosen by the setting S3_BUCKET. Objects are private, as they are wherever nobody asks for more,
and leave through the gate: no address of the store, signed or not, is ever handed out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import uuid4

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from storages.backends.s3 import S3Storage

from .blobs import FOLDERS, ByChecksum, Found, NotStored

_ASIDE = "aside"


@dataclass(frozen=True)
class _Aside:
    """An object out of reach, as blobs.BlobStorage.aside yields a path."""

    storage: "BucketStorage"
    name: str

    def unlink(self) -> None:
        """Remove it for good."""
        self.storage.delete(self.name)


class BucketStorage(ByChecksum, S3Storage):
    """Names every object by its SHA-256, as BlobStorage does files."""

    @contextmanager
    def aside(self, name: str) -> Iterator[_Aside]:
        """A blob out of reach for the block; back in its place afterwards, unless the block has
        removed it. It is at either place at any time."""
        hidden = _Aside(self, f"{_ASIDE}/{uuid4().hex}/{name}")
        self._move(name, hidden.name)
        try:
            yield hidden
        finally:
            if self.exists(hidden.name):
                self._move(hidden.name, name)

    def found(self) -> Iterator[Found]:
        """All that is in the bucket, blobs out of reach included."""
        for folder in (*FOLDERS, _ASIDE):
            for each in self.bucket.objects.filter(Prefix=f"{folder}/"):
                hides = each.key.split("/", 2)[2] if folder == _ASIDE else ""
                yield Found(each.key, each.size, each.last_modified, hides)

    def return_to(self, hidden: str, name: str) -> None:
        """Give a blob that was left out of reach its name again."""
        self._move(hidden, name)

    def write(self, name: str, chunks: Any) -> None:
        """Store all of the chunks, or nothing. Raises NotStored."""
        with SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE) as whole:
            for chunk in chunks:
                whole.write(chunk)
            whole.seek(0)
            self._send(name, whole)

    def _send(self, name: str, whole: IO[bytes]) -> None:
        try:
            self.bucket.Object(name).upload_fileobj(whole)
        except (Boto3Error, BotoCoreError, ClientError) as problem:
            raise NotStored(OSError(str(problem))) from problem

    def _move(self, old: str, new: str) -> None:
        self.bucket.Object(new).copy({"Bucket": self.bucket_name, "Key": old})
        self.delete(old)
