"""What one person may see of a text: an event may hold an outcome that is announced in a statement
limited to others, and cite an item that is."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from django.db import models
from django.db.models.functions import Cast

from .. import roles, sight
from ..editions import Snapshot, content_of, model_named
from ..models import Change, Outcome, Publication
from .fields import Path, field_named
from .merging import in_order

# So many identifiers are looked for in one query, which must not grow without bound.
_AT_ONCE = 100


def _leads(
    model: type[models.Model], state: Snapshot, prefix: Path = ()
) -> Iterator[tuple[Path, Any, str]]:
    """Every value of a text that leads to what somebody may not see: where, to what, its key."""
    for name, value in state["fields"].items():
        field = field_named(model, name)
        to = field.related_model if field is not None and field.many_to_one else None
        if value and to is not None and sight.is_secret(to):
            yield (*prefix, name), to, value
    for relation, rows in state["parts"].items():
        part: Any = model._meta.get_field(relation).related_model
        for row in rows:
            yield from _leads(part, row, (*prefix, relation, row["uid"]))


def _part(user: Any, content: Snapshot) -> tuple[Snapshot, dict[Path, Any]]:
    """A text as one person may see it, and what was left out of it."""
    model = model_named(content["model"])
    leads = list(_leads(model, content))
    seen: set[str] = set()
    for kind in {to for _path, to, _key in leads}:
        rows = kind._default_manager.filter(pk__in={key for _path, to, key in leads if to is kind})
        seen |= {str(pk) for pk in sight.seen_by(user, rows).values_list("pk", flat=True)}
    hidden = {path for path, _to, key in leads if key not in seen}
    left_out: dict[Path, Any] = {}
    return (_cut(model, content, hidden, (), left_out) if hidden else content), left_out


def _cut(
    model: type[models.Model], state: Snapshot, hidden: set[Path], prefix: Path,
    left_out: dict[Path, Any],
) -> Snapshot:  # fmt: skip
    fields = {}
    for name, value in state["fields"].items():
        fields[name] = value
        if (*prefix, name) in hidden:
            left_out[(*prefix, name)], fields[name] = value, None
    parts: dict[str, list[Snapshot]] = {}
    for relation, rows in state["parts"].items():
        part: Any = model._meta.get_field(relation).related_model
        parts[relation] = []
        for row in rows:
            path = (*prefix, relation, row["uid"])
            # An outcome whose announcement is not seen is not there at all.
            if part is Outcome and (*path, "announced_in") in hidden:
                left_out[path] = row
            else:
                parts[relation].append(_cut(part, row, hidden, path, left_out))
    return {**state, "fields": fields, "parts": parts}


def seen_part(user: Any, content: Snapshot) -> Snapshot:
    """A text as this person may see it: without the outcomes announced in a statement that is
    limited to others, and without what leads to such an item."""
    return _part(user, content)[0]


def with_unseen(user: Any, content: Snapshot, present: Snapshot) -> Snapshot:
    """`content` with what this person may not see put back as `present` has it: nobody changes
    what they cannot see."""
    whole = deepcopy(seen_part(user, content))
    for path, value in _part(user, present)[1].items():
        _put_back(whole, path, value)
    return whole


def _put_back(state: Snapshot, path: Path, value: Any) -> None:
    if len(path) == 1:
        state["fields"][path[0]] = value
        return
    relation, uid, *rest = path
    rows = state["parts"].setdefault(relation, [])
    if not rest:
        rows[:] = in_order([*(row for row in rows if row["uid"] != uid), value])
    for row in rows if rest else ():
        if row["uid"] == uid:
            _put_back(row, tuple(rest), value)


def sees_whole(user: Any, change: Change) -> bool:
    """Whether this person may see everything that a proposed change touches."""
    if isinstance(user, roles.Actor):
        return True
    return _part(user, content_of(change.base))[1] == _part(user, content_of(change))[1]


def seen_changes(user: Any) -> Any:
    """The proposed changes that this person may see: of records that they may see, and of no
    part of one that they may not."""
    found = sight.seen_by(user, Change.objects.all())
    secret = Publication.objects.exclude(
        pk__in=sight.seen_by(user, Publication.objects.all()).values("pk")
    )
    uids = [str(pk) for pk in secret.values_list("pk", flat=True)]
    if not uids:
        return found
    texts = found.annotate(
        before=Cast("base__snapshot", models.TextField()),
        after=Cast("snapshot", models.TextField()),
    )
    hidden = {
        change.pk
        for start in range(0, len(uids), _AT_ONCE)
        for change in texts.filter(_names_any(uids[start : start + _AT_ONCE]))
        .select_related("base")
        if not sees_whole(user, change)
    }  # fmt: skip
    return found.exclude(pk__in=hidden)


def _names_any(uids: list[str]) -> models.Q:
    """The condition "one of these is named in a change or in what it was made from"."""
    found = models.Q()
    for uid in uids:
        found |= models.Q(before__contains=uid) | models.Q(after__contains=uid)
    return found
