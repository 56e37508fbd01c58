"""The staff door: the stock admin, made a desk. Every save and move goes through a verb."""

from . import content, media, record, reference

__all__ = ["content", "media", "record", "reference"]
