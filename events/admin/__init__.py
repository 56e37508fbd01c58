"""The staff door: the stock admin, made a desk. Every save and move goes through a verb."""

from . import (
    announcing,
    bundles,
    content,
    deskpublications,
    icons,
    media,
    readings,
    record,
    reference,
    staff,
)

__all__ = [
    "announcing", "bundles", "content", "deskpublications", "icons", "media", "readings", "record",
    "reference", "staff",
]  # fmt: skip
