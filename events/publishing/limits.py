"""An item limited to the people named on it, and readers named before its release."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .. import editions, notifications, roles, sight, visibility
from ..models import Access, Notification, Publication
from .frame import P, Refused, locked, public_number, was_released


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
        now = visibility.clock()
        if was_released(record, now):
            raise Refused(_("It has been released: there is nothing to limit."))
        named = {user.pk: user for user in people}
        if only_them:
            if by.pk not in named:
                raise Refused({"people": _("Name yourself too: you would lock yourself out.")})
            approvers = [u for u in named.values() if roles.holds(u, "approve_publication")]
            others = [u for u in named.values() if roles.holds(u, "submit_publication")]
            if not approvers or len(others) < 2:
                raise Refused(
                    {"people": _("Name two people who can bring it to its release, one of them a"
                                 " press officer: else it could never be released.")}
                )  # fmt: skip
        before = set(record.access.values_list("user", flat=True))
        record.access.exclude(user__in=named).delete()
        for pk, user in named.items():
            if pk not in before:
                Access.objects.create(
                    publication=record.publication, user=user, given_by=by, given_at=now
                )
        record.limited = only_them
        record.save()
        names = ", ".join(sorted(str(user) for user in named.values()))
        verb = "limit" if only_them else "name_readers"
        editions.write(record, verb, by, now, names, public_number(record, now))
        new = [user for pk, user in named.items() if pk not in before]
        notifications.tell(record, Notification.Kind.NAMED, new, by)
    return record


def lift_limit(item: P, by: Any) -> P:
    """Let the whole office see the item again; whoever is named on it stays named."""
    with transaction.atomic():
        roles.require(by, "limit_publication")
        record = locked(item)
        sight.require(by, record)
        record.limited = False
        record.save()
        now = visibility.clock()
        editions.write(record, "lift_limit", by, now, "", public_number(record, now))
    return record


def named_on(item: Publication) -> list[Any]:
    """Who is named on an item, by name."""
    return [each.user for each in item.access.select_related("user").order_by("user__username")]
