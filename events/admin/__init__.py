"""The staff door: the stock admin, made a desk. Every save and move goes through a verb."""

from . import (
    announcing,
    auditing,
    bundles,
    content,
    deskpublications,
    media,
    readings,
    record,
    reference,
    staff,
    stock,
)

__all__ = [
    "announcing", "auditing", "bundles", "content", "deskpublications", "media", "readings",
    "record", "reference", "staff", "stock",
]  # fmt: skip
