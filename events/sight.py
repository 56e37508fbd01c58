"""Who of the staff may see what before its release, and who did.

An item limited to the people named on it is seen by them alone, with everything that hangs
on it: changes, editions, quotes, outcomes, photos, bundle. Somebody without the permission
`view_unreleased` (Reader under embargo) sees only what names them. Superusers see no more
than their roles allow. Every limit ends at release. What a person may not see is answered
like what does not exist; the names of the reference lists are the whole office's.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, ForeignKey, Model, OuterRef, Q, QuerySet

from . import audit, roles, visibility
from .models import (
    Access,
    AuditEntry,
    Bundle,
    Change,
    Edition,
    Notification,
    Person,
    Photo,
    Placement,
    PreviewLink,
    Publication,
    Reading,
)  # fmt: skip
from .visibility import Stage, Status

_DECIDED = (Status.APPROVED, Status.WITHDRAWN, Status.RETRACTED)
_BEFORE = (Stage.DRAFT, Stage.IN_REVIEW, Stage.EMBARGOED)
# Rows that name a record by its identifier alone.
_ABOUT = (AuditEntry, Change, Edition, Notification, Reading)


def seen_q(user: Any, path: str = "") -> Q:
    """The condition "this person may see it", for the publication that `path` leads to."""
    if isinstance(user, roles.Actor):
        return Q()
    prefix = f"{path}__" if path else ""
    named = Access.objects.filter(user=user.pk).values("publication")
    q = Q(**{f"{prefix}status__in": _DECIDED, f"{prefix}release_at__lte": visibility.moment()})
    q |= Q(**{f"{path or 'pk'}__in": named})
    if roles.holds(user, "view_unreleased"):
        q |= Q(**{f"{prefix}limited": False})
    return q


def _hidden(user: Any) -> QuerySet[Any]:
    """The keys of the publications that a person may not see."""
    return Publication.objects.exclude(pk__in=_seen(user)).values("pk")


def _seen(user: Any) -> QuerySet[Any]:
    return Publication.objects.filter(seen_q(user)).values("pk")


def _hidden_photos(user: Any) -> Q:
    """The condition "placed in hidden items alone": a photo that is placed nowhere yet, or is
    somebody's portrait, is the whole office's. Whoever sees named items alone sees only the
    photos placed in what they see, and portraits."""
    placed = Placement.objects.filter(photo=OuterRef("pk"))
    seen = Exists(placed.filter(publication__in=_seen(user)))
    portrait = Exists(Person.objects.filter(portrait=OuterRef("pk")))
    hidden = Q(~seen, ~portrait)
    return hidden & Q(Exists(placed)) if roles.holds(user, "view_unreleased") else hidden


def _gone(user: Any) -> QuerySet[Any]:
    """The records of drafts that were discarded while limited, by somebody else: who was named
    on them is known no more, their editions are."""
    last = Edition.objects.filter(action="discard", snapshot__standing__limited=True)
    return last.exclude(by=user.pk).values("record_uid")


def seen_by(user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of any of the office's rows, those that this person may see."""
    model: type[Model] = rows.model
    if isinstance(user, roles.Actor):
        return rows
    if issubclass(model, Publication):
        return rows.filter(seen_q(user))
    if gates := getattr(model, "GATES", ()):
        # A further gate may be more secret than the first: an outcome's announcement.
        for gate in gates:
            rows = rows.filter(Q(**{gate: None}) | seen_q(user, gate))
        return rows
    if model in (Access, PreviewLink):
        return rows.filter(seen_q(user, "publication"))
    if model in _ABOUT:
        photos = Photo.objects.filter(_hidden_photos(user)).values("pk")
        for unseen in (_hidden(user), photos, _gone(user)):
            rows = rows.exclude(record_uid__in=unseen)
        return rows
    if model is Bundle:
        return rows.exclude(pk__in=_hidden(user).filter(bundle__isnull=False).values("bundle"))
    if model is Photo:
        return rows.exclude(_hidden_photos(user))
    return rows


def is_secret(model: type[Model]) -> bool:
    """Whether there may be rows of a model that somebody of the staff may not see."""
    held = issubclass(model, Publication) or bool(getattr(model, "GATES", ()))
    return held or model in (Access, Bundle, Photo, PreviewLink, *_ABOUT)


def sees(user: Any, item: Any) -> bool:
    """Whether this person may see a row of the office: the same answer as `seen_by` in SQL."""
    if isinstance(user, roles.Actor) or item._state.adding:
        return True
    return seen_by(user, type(item)._default_manager.filter(pk=item.pk)).exists()


def require(by: Any, item: Any) -> None:
    """Raise PermissionDenied unless `by` may see the item."""
    if not sees(by, item):
        raise PermissionDenied("This item is limited to the people named on it.")


def hidden_links(user: Any, row: Model) -> list[str]:
    """The fields by which a row leads to something that this person may not see."""
    return [
        field.name
        for field in row._meta.concrete_fields
        if isinstance(field, ForeignKey)
        and not field.remote_field.parent_link
        and is_secret(field.related_model)
        and (key := getattr(row, field.attname)) is not None
        and not seen_by(user, field.related_model._default_manager.filter(pk=key)).exists()
    ]


def veil(user: Any, row: Model) -> list[str]:
    """Let a row in hand read as if it led to nothing hidden, and return the fields concerned.
    Its columns stay: saving the row, or taking a snapshot of it, loses no link."""
    names = hidden_links(user, row)
    for name in names:
        row._state.fields_cache[name] = None
    return names


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
    """Note who read an item before its release; what has been released is not noted, withdrawn
    since or not. Every use of a link is: it may show a change that nobody has read yet.

    Twice: as a row that leads to link and item, and in the audit trail, where nothing is undone.
    """
    if isinstance(item, Publication) and (link or visibility.stage(item) in _BEFORE):
        name = f"{link.for_whom} ({link.uid})" if link else (user.get_full_name() or str(user))
        Reading.objects.create(
            record_uid=item.pk, by=None if link else user, link=link, by_name=name[:200],
            how=how, at=visibility.clock(),
        )  # fmt: skip
        act = "preview_used" if link else "read"
        audit.note(act, by=name if link else user, record=item, door=str(how.value))
