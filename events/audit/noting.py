"""Writing an entry of the audit trail."""

from typing import Any

from django.db import models, transaction
from django.http import HttpRequest

from .. import clients, markup, visibility
from ..models import AuditEntry
from ..roles import Actor
from .chain import seal

_LONGEST = 200
# What no entry may hold, under whatever name somebody would give it.
_SECRET = ("password", "passwd", "secret", "token", "code", "key", "body", "text", "cookie")
_PLAIN = (str, int, bool, type(None))


def note(
    act: str, *, by: Any = None, request: HttpRequest | None = None, record: Any = None,
    **details: Any,
) -> AuditEntry:  # fmt: skip
    """Add an entry: `act` by `by` (a user, an Actor, a name; else whoever is signed in with
    `request`), about `record` (a row with a uid, or an account). `details` are short strings and
    numbers, or lists of them; longer strings are cut.

    Raises ValueError for a detail whose name says that it does not belong here. To be called in
    the transaction of the act, where it has one. Moment: the clock's, in UTC.
    """
    if by is None and request is not None:
        user = getattr(request, "user", None)
        by = user if user is not None and user.is_authenticated else None
    asking = clients.asking()
    if request is not None and not asking.request_id:
        asking = clients.who_asks(request)
    uid = getattr(record, "uid", None)
    entry = AuditEntry(
        act=act, by_id=getattr(by, "pk", None), by_name=name_of(by),
        account_id=record.pk if record is not None and uid is None else None,
        model=record._meta.model_name if isinstance(record, models.Model) else "",
        record_uid=uid, at=visibility.clock(),
        request_id=asking.request_id, address=asking.address or None,
        details={name: _plain(name, value) for name, value in details.items()},
    )  # fmt: skip
    entry.save(force_insert=True)
    transaction.on_commit(seal, robust=True)
    return entry


def name_of(by: Any) -> str:
    """Somebody as the trail names them; "" for nobody."""
    if by is None:
        return ""
    if isinstance(by, str):
        name = by
    elif isinstance(by, Actor):
        name = by.name
    else:
        name = by.get_full_name() or by.get_username()
    return markup.strip_controls(name)[:_LONGEST]


def _plain(name: str, value: Any) -> Any:
    if any(part in _SECRET for part in name.split("_")):
        raise ValueError(f"{name} does not belong into the audit trail")
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(name, each) for each in value]
    if not isinstance(value, _PLAIN):
        value = str(value)
    return markup.strip_controls(value)[:_LONGEST] if isinstance(value, str) else value
