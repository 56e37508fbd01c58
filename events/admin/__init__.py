"""The staff door: the stock admin, made a desk. Every save and move goes through a verb."""

from . import bundles, content, deskpublications, icons, media, readings, record, reference, staff

__all__ = [
    "bundles", "content", "deskpublications", "icons", "media", "readings", "record",
    "reference", "staff",
]  # fmt: skip
