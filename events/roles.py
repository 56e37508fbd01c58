"""Which role holds which permission, and the actors that have no account.

Roles are Django groups. `setup_roles()` makes the groups agree with this table, so that the
table is the one place to read or change.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.translation import gettext_lazy as _

CONTENT = ("event", "statement", "quote", "outcome", "placement", "attachment", "photo",
           "participant", "speaker", "progress")  # fmt: skip
REFERENCE = ("person", "office", "organisation", "membership", "country", "officialname", "topic",
             "series", "mediacontact")  # fmt: skip


def _may(actions: str, models: tuple[str, ...]) -> set[str]:
    return {f"{action}_{model}" for action in actions.split() for model in models}


# An item with all that belongs to it; which items, sight.py decides.
_READ = _may("view", ("event", "statement", "publication", "quote", "outcome", "placement",
                      "attachment", "participant", "speaker", "progress", "notice"))  # fmt: skip
_VIEW = _READ | _may("view", ("photo", *REFERENCE, "edition", "change", "bundle"))
# Sees every item that is not limited to others, released or not.
_VIEW |= {"view_unreleased"}
_WRITE = _VIEW | {"add_notice"} | _may("add change delete", CONTENT) | _may("add change", REFERENCE)
_WRITE |= {"submit_publication", "propose_change"}
_OFFICER = _WRITE | {
    "make_bundle", "share_preview", "view_previewlink", "rehearse",
    "review_publication", "approve_publication", "withdraw_publication", "retract_publication",
    "view_announcement", "view_ping",
}  # fmt: skip

# Codenames, by role. Users and groups belong to django.contrib.auth, all else to events.
ROLES: dict[str, set[str]] = {
    "Writer": _WRITE,
    "Press officer": _OFFICER,
    "Head of press": _OFFICER
    | {"limit_publication", "view_reading", "view_auditentry", "freeze_site"}
    | {"view_user", "add_user", "change_user"},
    "Archivist": _VIEW
    | _may("add change delete", REFERENCE)
    | _may("add change", ("photo",))
    | {"propose_change"},
    "Reader under embargo": _READ,
}
# As people read them; a group keeps its English name, by which it is found.
_LABELS = {
    "Writer": _("Writer"),
    "Press officer": _("Press officer"),
    "Head of press": _("Head of press"),
    "Archivist": _("Archivist"),
    "Reader under embargo": _("Reader under embargo"),
}
# Who gives the others their roles: there is always one.
HEAD = "Head of press"


def label(role: str) -> str:
    """A role's name in the active language."""
    return str(_LABELS.get(role, role))


# Of those that have no account: what editions call them, as people read it.
_ACTORS = {
    "founding import": _("founding import"),
    "console": _("the server’s console"),
    "generated archive": _("generated archive"),
}


def named(actor: str) -> str:
    """A name as an edition holds it; that of an Actor in the active language."""
    return str(_ACTORS.get(actor, actor))


@dataclass(frozen=True)
class Actor:
    """Who acts where no account does: a command of the office itself, named in editions.

    It holds every permission and confirms its own edits, because what it brings was
    public, with two people behind it, before this site was.
    """

    name: str


FOUNDING_IMPORT = Actor("founding import")
# Whoever can run commands where the site runs: shuts doors, and opens them again.
CONSOLE = Actor("console")
# Writes texts that nobody ever said, of a ministry that there is not: see examplia/.
GENERATED = Actor("generated archive")


_HELD = """
select 1 from auth_permission held where held.codename = %s and (
    exists (select 1 from auth_user_user_permissions own
            where own.permission_id = held.id and own.user_id = %s)
    or exists (select 1 from auth_user_groups belongs
               join auth_group_permissions given on given.group_id = belongs.group_id
               where given.permission_id = held.id and belongs.user_id = %s)
) limit 1
"""


def require(by: Any, codename: str) -> None:
    """Raise PermissionDenied unless `by` (a user, or an Actor) holds events.<codename>.

    Superusers hold no implicit verbs: the permission must come from a role.
    """
    if not holds(by, codename):
        raise PermissionDenied(f"This takes the permission {codename}.")


def holds(by: Any, codename: str) -> bool:
    """Whether `by` holds events.<codename> through a role or of their own."""
    if isinstance(by, Actor):
        return True
    if by is None or not by.is_active or not by.is_staff:
        return False
    # Asked dozens of times for a page: in plain SQL, which costs a tenth of having it composed.
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [codename, by.pk, by.pk])
        return cursor.fetchone() is not None


def setup_roles() -> list[str]:
    """Make the groups agree with ROLES and return their names. A group that is none of them
    (a role of an earlier version) holds nothing. Raises LookupError for a codename that no
    permission has, so that a renamed model cannot silently lose a role."""
    from django.contrib.auth.models import Group, Permission

    known = {
        permission.codename: permission
        for permission in Permission.objects.filter(content_type__app_label__in=("events", "auth"))
    }
    for role, codenames in ROLES.items():
        if missing := sorted(codenames - known.keys()):
            raise LookupError(f"{role}: no permission is called {', '.join(missing)}")
    for group in Group.objects.exclude(name__in=ROLES):
        group.permissions.clear()
    for role, codenames in ROLES.items():
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set([known[codename] for codename in codenames])
    return list(ROLES)
