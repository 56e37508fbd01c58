"""Search: the words of what is approved, found through the gate."""

from ..models import Recorded


def refresh(record: Recorded) -> None:
    """Make the entries of a record what they must be now."""
