"""A request that brings files: they are looked at before it writes anything, and what nothing
names at its end is not left behind."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import Max, TextField
from django.db.models.functions import Cast

from .. import blobs, visibility
from ..models import Attachment, Change, Edition, Photo
from .fields import take_document, take_photo

logger = logging.getLogger(__name__)

# By the end of a form field's name, how it takes a file.
_TAKES = {"image": take_photo, "file": take_document}
# A blob that this request has put there first can be named only by what was written meanwhile:
# by far not more than so many editions, or so long ago.
_EDITIONS, _MEANWHILE = 5_000, timedelta(days=1)


@contextmanager
def receiving(uploads: Any) -> Iterator[None]:
    """Around all that a request does with the files that it brings (`request.FILES`).

    A picture takes a second to decode and encode: that happens first, because a form is judged
    in a transaction, which on SQLite keeps every other writer waiting. Afterwards each blob that
    was stored is either named by something, and there, or gone.
    """
    if blobs.is_noting():
        yield
        return
    for name, each in _each(uploads):
        take = _TAKES.get(name.rpartition("-")[2])
        if take is not None and each.size:
            with suppress(ValidationError):  # the form says it beside the field
                take(each)
    with blobs.noting() as stored:
        try:
            yield
        finally:
            for blob in stored:
                _settle(blob)


def _each(uploads: Any) -> Iterator[tuple[str, Any]]:
    for name, found in uploads.lists():
        for each in found:
            yield name, each


def _settle(blob: blobs.Stored) -> None:
    """Let a blob be there if anything names it, and be gone if it was new and nothing does.

    Two requests may bring the same bytes, and one of them fail: the blob goes out of reach
    first, then is asked about once more. Whoever has committed by then keeps it; whoever
    commits later looks here afterwards, finds it gone and puts it back.
    """
    storage: Any = default_storage
    try:
        if is_named(blob.name):
            storage.put_back(blob)
        elif blob.new and storage.exists(blob.name):
            with storage.aside(blob.name) as path:
                if not is_named(blob.name):
                    path.unlink()
    except Exception:
        # An orphan is untidy; to lose a file, or the answer to the request, is worse.
        logger.exception("Could not tell whether a stored file is needed; it was left.")


def is_named(blob: str) -> bool:
    """Whether a row, a late edition or a late proposal names a blob."""
    if Photo.objects.filter(image=blob).exists() or Attachment.objects.filter(file=blob).exists():
        return True
    last = Edition.objects.aggregate(last=Max("pk"))["last"] or 0
    since = visibility.clock() - _MEANWHILE
    late = (
        Edition.objects.filter(pk__gt=last - _EDITIONS),
        Change.objects.filter(proposed_at__gte=since),
    )
    return any(
        rows.annotate(text=Cast("snapshot", TextField())).filter(text__contains=blob).exists()
        for rows in late
    )
