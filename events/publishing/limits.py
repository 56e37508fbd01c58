"""An item limited to the people named on it, and readers named before its release."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .. import notifications, roles, sight, visibility
from ..models import Access, Notification, Publication
from .frame import (
    P,
    Refused,
    locked,
    public_number,
    refuse_while_frozen,
    remember,
    was_released,
)  # fmt: skip


def limit(item: P, by: Any, people: Iterable[Any], *, only_them: bool = True) -> P:
    """Name the people who see an item before its release: they alone (`only_them`), or beside
    the rest of the office (for a Reader under embargo).

    Nobody locks themselves out: whoever limits an item is named on it, and a limited item has
    two people who can bring it to its release.
    """
    with transaction.atomic():
        roles.require(by, "limit_publication")
        record = locked(item)
        sight.require(by, record)
        refuse_while_frozen("limit", by)
        _refuse_released(record)
        # Locked, so that nobody named is deactivated or given other roles at the same time.
        pks = [user.pk for user in people]
        staff = get_user_model()._default_manager.select_for_update().order_by("pk")
        named = {user.pk: user for user in staff.filter(pk__in=pks)}
        if not all(user.is_active and user.is_staff for user in named.values()):
            raise Refused({"people": _("Name people who can sign in.")})
        if only_them:
            if by.pk not in named:
                raise Refused({"people": _("Name yourself too: you would lock yourself out.")})
            if not can_be_released_by(named.values()):
                raise Refused(
                    {"people": _("Name two people who can bring it to its release, one of them a"
                                 " press officer: else it could never be released.")}
                )  # fmt: skip
        _name(record, named, by)
        verb = "limit" if only_them else "name_readers"
        names = ", ".join(sorted(user.get_username() for user in named.values()))
        return _write(record, verb, by, names, limited=only_them)


def lift_limit(item: P, by: Any) -> P:
    """Let the whole office see the item again; whoever is named on it stays named."""
    with transaction.atomic():
        roles.require(by, "limit_publication")
        record = locked(item)
        sight.require(by, record)
        refuse_while_frozen("lift_limit", by)
        _refuse_released(record)
        if not record.limited:
            raise Refused(_("It is not limited."))
        return _write(record, "lift_limit", by, "", limited=False)


def named_on(item: Publication) -> list[Any]:
    """Who is named on an item, by name."""
    return [each.user for each in item.access.select_related("user").order_by("user__username")]


def can_be_released_by(people: Iterable[Any]) -> bool:
    """Whether these people suffice for four eyes: two who may write and countersign, one of
    whom may approve."""
    able = [user for user in people if roles.holds(user, "submit_publication")]
    return len(able) >= 2 and any(roles.holds(user, "approve_publication") for user in able)


def releasable_naming(user: Any) -> list[Publication]:
    """The limited items that name this person, are not released yet, and can be."""
    now = visibility.clock()
    return [
        item
        for item in Publication.objects.filter(limited=True, access__user=user.pk).order_by("pk")
        if not was_released(item, now) and can_be_released_by(named_on(item))
    ]


def _refuse_released(record: Publication) -> None:
    if was_released(record, visibility.clock()):
        raise Refused(_("It has been released: everybody may see it."))


def _name(record: Publication, named: dict[Any, Any], by: Any) -> None:
    before = set(record.access.values_list("user", flat=True))
    record.access.exclude(user__in=named).delete()
    now = visibility.clock()
    new = [user for pk, user in named.items() if pk not in before]
    for user in new:
        Access.objects.create(publication_id=record.pk, user=user, given_by=by, given_at=now)
    notifications.tell(record, Notification.Kind.NAMED, new, by)


def _write(record: P, verb: str, by: Any, note: str, *, limited: bool) -> P:
    record.limited = limited
    record.save()
    now = visibility.clock()
    remember(record, verb, by, now, note, public_number(record, now))
    return record
