"""The gate: what may be read at a moment.

Decisions are stored, time is compared. A publication is public at a moment when it was
approved and its release time is not later than that moment; nothing has to run for an
embargo to end. Every request, task and command fixes one moment first, floored to the whole
second, so that no page can mix two states.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, TextChoices
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """The decisions about a publication; what time makes of them is `Stage`."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    WITHDRAWN = "withdrawn", _("withdrawn")
    RETRACTED = "retracted", _("retracted")


class Stage(TextChoices):
    """Where a publication stands at a moment: its status, with "approved" split by time."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    EMBARGOED = "embargoed", _("embargoed")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    RETRACTED = "retracted", _("retracted")


_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)
_clock: ContextVar[Callable[[], datetime] | None] = ContextVar("clock", default=None)


def clock() -> datetime:
    """The time now, in UTC, floored to the whole second. Verbs read this, last of all."""
    set_clock = _clock.get()
    return (set_clock() if set_clock else datetime.now(UTC)).replace(microsecond=0)


def moment() -> datetime:
    """The one moment of this request, task or command (UTC, whole second).

    Outside of any, each call is a moment of its own.
    """
    return _moment.get() or clock()


@contextmanager
def at(when: datetime | None = None) -> Iterator[datetime]:
    """Fix the one moment for the block: now, or `when` (aware; floored to its second)."""
    fixed = (when.astimezone(UTC) if when else clock()).replace(microsecond=0)
    token = _moment.set(fixed)
    try:
        yield fixed
    finally:
        _moment.reset(token)


@contextmanager
def clock_set_to(when: Callable[[], datetime]) -> Iterator[None]:
    """Let verbs in the block read `when()` as the clock, so that fixtures can be rebuilt alike.

    For `build_fixtures` and `generate_archive`; no request ever enters it.
    """
    token = _clock.set(when)
    try:
        yield
    finally:
        _clock.reset(token)


# In a request's META: the moment that was fixed before Django began (public/front.py). No header
# can bear this name.
MOMENT = "pressoffice.moment"


class OneMomentMiddleware:
    """Fixes the request's one moment before anything else looks at the time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with at(request.META.get(MOMENT)):
            return self.get_response(request)


def _path(prefix: str, field: str) -> str:
    return f"{prefix}__{field}" if prefix else field


def public_q(path: str = "", when: datetime | None = None) -> Q:
    """The condition "is public", for the publication that `path` leads to."""
    return Q(
        **{
            _path(path, "status"): Status.APPROVED,
            _path(path, "release_at__lte"): when or moment(),
        }
    )


def readable_q(path: str = "", when: datetime | None = None) -> Q:
    """Public, or withdrawn: for an item's own address, its history and its files alone."""
    return Q(
        **{
            _path(path, "status__in"): [Status.APPROVED, Status.WITHDRAWN],
            _path(path, "release_at__lte"): when or moment(),
        }
    )


def retracted_q(path: str = "", when: datetime | None = None) -> Q:
    """Once public and since retracted: what answers 410 with a tombstone."""
    return Q(
        **{
            _path(path, "status"): Status.RETRACTED,
            _path(path, "release_at__lte"): when or moment(),
        }
    )


def bound_q(path: str = "", when: datetime | None = None) -> Q:
    """Approved and not taken back: what such a text names is part of it, already before its
    release, and changes by a reviewed Change alone. Time does not come into it."""
    return Q(**{_path(path, "status__in"): [Status.APPROVED, Status.WITHDRAWN]})


def gate_q(
    model: type[Model],
    condition: Callable[..., Q] = public_q,
    when: datetime | None = None,
) -> Q:
    """The condition for rows of `model`, through every publication they borrow the gate of.

    A model says in GATES which of its foreign keys hold it; an optional one that is empty
    holds nothing back. Without GATES the model is itself a publication. Where readers are
    asked about, further holders must be public whatever `condition` asks of the first: a
    withdrawn announcement takes its outcome off every page but the event's own.
    """
    gates: tuple[str, ...] = getattr(model, "GATES", ())
    if not gates:
        return condition("", when)
    q = condition(gates[0], when)
    further = bound_q if condition is bound_q else public_q
    for gate in gates[1:]:
        q &= Q(**{gate: None}) | further(gate, when)
    return q


def named_q(
    model: type[Model],
    condition: Callable[..., Q] = public_q,
    when: datetime | None = None,
) -> Q:
    """The condition for reference rows: named by something for which `condition` holds.

    A model lists in NAMED_BY (model, its field that names the row, path to a publication);
    a topic that only an embargoed item uses is as secret as the item.
    """
    q = Q()
    for other, field, path in model.NAMED_BY:  # type: ignore[attr-defined]
        namer: Any = model._meta.apps.get_model("events", other)
        theirs = condition(path, when) if path else gate_q(namer, condition, when)
        q |= Q(Exists(namer.objects.filter(theirs, **{field: OuterRef("pk")})))
    return q


def stage(item: Any, when: datetime | None = None) -> Stage:
    """Where a publication stands at the moment `when` (the request's one by default)."""
    if item.status != Status.APPROVED:
        return Stage(item.status)
    released = item.release_at is not None and item.release_at <= (when or moment())
    return Stage.PUBLISHED if released else Stage.EMBARGOED


def is_public(item: Any, when: datetime | None = None) -> bool:
    """Whether an object in hand is public: the same answer as `.public()` gives in SQL."""
    gates: tuple[str, ...] = getattr(type(item), "GATES", ())
    if not gates:
        return stage(item, when) == Stage.PUBLISHED
    return all(
        stage(holder, when) == Stage.PUBLISHED
        for holder in (getattr(item, gate) for gate in gates)
        if holder is not None
    )


def is_readable(item: Any, when: datetime | None = None) -> bool:
    """Whether an item's own address shows it: public, or withdrawn after its release."""
    released = item.release_at is not None and item.release_at <= (when or moment())
    return released and item.status in (Status.APPROVED, Status.WITHDRAWN)
