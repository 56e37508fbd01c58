"""Who of the staff may see what before its release, and who did.

An item limited to the people named on it is seen by them alone, with everything that hangs
on it: changes, editions, quotes, outcomes, photos, bundle. Somebody without the permission
`view_unreleased` (Reader under embargo) sees only what names them. Superusers see no more
than their roles allow. Every limit ends at release.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from . import roles, visibility
from .models import (
    Access,
    Bundle,
    Change,
    Edition,
    Notification,
    Outcome,
    Photo,
    Placement,
    Publication,
    Quote,
    Reading,
)  # fmt: skip
from .visibility import Stage, Status

_DECIDED = (Status.APPROVED, Status.WITHDRAWN, Status.RETRACTED)


def seen_q(user: Any, path: str = "") -> Q:
    """The condition "this person may see it", for the publication that `path` leads to."""
    prefix = f"{path}__" if path else ""
    released = Q(
        **{f"{prefix}status__in": _DECIDED, f"{prefix}release_at__lte": visibility.moment()}
    )
    if isinstance(user, roles.Actor):
        return Q()
    named = Access.objects.filter(user=user.pk).values("publication")
    q = released | Q(**{f"{path or 'pk'}__in": named})
    if roles.holds(user, "view_unreleased"):
        q |= Q(**{f"{prefix}limited": False})
    return q


def _hidden(user: Any) -> QuerySet[Any]:
    return Publication.objects.exclude(seen_q(user)).values("pk")


def seen_by(user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of any of the office's rows, those that this person may see."""
    model: type[Model] = rows.model
    if issubclass(model, Publication):
        return rows.filter(seen_q(user))
    if model is Quote:
        return rows.filter(seen_q(user, "statement"))
    if model is Outcome:
        # Its announcement may be more secret than its event.
        return rows.filter(
            seen_q(user, "event"), Q(announced_in=None) | seen_q(user, "announced_in")
        )
    if model in (Change, Edition, Notification, Reading):
        return rows.exclude(record_uid__in=_hidden(user))
    if model is Bundle:
        return rows.exclude(pk__in=_hidden(user).filter(bundle__isnull=False).values("bundle"))
    if model is Photo:
        placed = Placement.objects.filter(photo=OuterRef("pk"))
        hidden = placed.filter(publication__in=_hidden(user))
        return rows.filter(~Exists(hidden) | Exists(placed.exclude(publication__in=_hidden(user))))
    return rows


def sees(user: Any, item: Any) -> bool:
    """Whether this person may see a row of the office: the same answer as `seen_by` in SQL."""
    if isinstance(user, roles.Actor) or item._state.adding:
        return True
    return seen_by(user, type(item)._default_manager.filter(pk=item.pk)).exists()


def require(by: Any, item: Any) -> None:
    """Raise PermissionDenied unless `by` may see the item."""
    if not sees(by, item):
        raise PermissionDenied("This item is limited to the people named on it.")


def who_see(item: Publication, codename: str = "") -> list[Any]:
    """The active staff who may see an item and hold a permission, by name: whom to tell."""
    from django.contrib.auth import get_user_model

    staff = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
    if codename:
        staff = staff.filter(
            Q(groups__permissions__codename=codename) | Q(user_permissions__codename=codename)
        )
    return [user for user in staff.distinct().order_by("username") if sees(user, item)]


def record_reading(
    user: Any, item: Any, how: Reading.How, link: Any = None
) -> None:  # fmt: skip
    """Note who read an item that was not public at this moment; a public one is not noted."""
    if isinstance(item, Publication) and visibility.stage(item) != Stage.PUBLISHED:
        name = f"{link.for_whom} ({link.uid})" if link else (user.get_full_name() or str(user))
        Reading.objects.create(
            record_uid=item.pk, by=None if link else user, link=link, by_name=name[:200],
            how=how, at=visibility.clock(),
        )  # fmt: skip
