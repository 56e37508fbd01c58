"""Somebody says of a language version that it is right as it stands, though another has changed."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .. import versions, visibility
from .frame import P, Refused, locked, refuse_while_frozen, remember, require_to_move


def confirm_language(item: P, language: str, by: Any) -> P:
    """Confirm that a language version that is behind is still right, by an edition that names who.

    It takes no second person: no public word changes, and what the version says has two people
    behind it already. Raises Refused where that language is not behind.
    """
    with transaction.atomic():
        record = locked(item)
        require_to_move(record, by, "propose_change")
        refuse_while_frozen("confirm_language", by)
        found = versions.of(record).get(language)
        if found is None or found.behind_since is None:
            raise Refused(_("This language is not behind the others."))
        remember(record, versions.confirmation(language), by, visibility.clock())
    return record
