"""Changes of approved texts: proposed on the record's own form, reviewed beside the live text."""

from .pages import Pages


class ChangePages(Pages):
    """Propose, mend, review, apply and reject."""
