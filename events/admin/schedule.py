"""A release time: typed in a zone that is named, shown in every zone that matters before it counts.

A clock change makes a local time that never comes, or one that comes twice. The first is refused
with the nearest times that do come, the second is asked about. Nothing is guessed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import dates, publishing, sight, visibility

_SECOND = timedelta(seconds=1)
_SHAPE = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]+)?)?"
)
# Far enough for any release, near enough that no zone runs out of the calendar.
_YEARS = range(1900, 3000)


def moments(local: datetime, zone: str) -> list[datetime]:
    """The moments (UTC) at which the clocks of `zone` show `local` (naive), the first one first:
    none where they skip it, two where they are put back over it."""
    there = ZoneInfo(zone)
    found = {local.replace(tzinfo=there, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in found if at.astimezone(there).replace(tzinfo=None) == local)


def beside_gap(local: datetime, zone: str) -> tuple[datetime, datetime]:
    """The last second before and the first after the gap that `local` (naive) falls into, as
    times of `zone`. To be called for a time that never comes alone."""
    there = ZoneInfo(zone)
    # PEP 495: in a gap the offset from before the change (fold 0) leads past it, the other
    # one leads to before it.
    before, after = (local.replace(tzinfo=there, fold=fold).astimezone(UTC) for fold in (1, 0))
    while after - before > _SECOND:
        middle = before + (after - before) // 2 // _SECOND * _SECOND
        if middle.astimezone(there).replace(tzinfo=None) < local:
            before = middle
        else:
            after = middle
    return before.astimezone(there), after.astimezone(there)


def parse(typed: str) -> datetime:
    """What a date-and-time field sends, as a naive time in whole seconds. Raises ValidationError
    for anything else."""
    shape = _SHAPE.fullmatch(typed)
    if shape is None:
        raise ValidationError(_not_understood(), code="garbled")
    *parts, fraction = shape.groups()
    if (fraction or "").strip(".0"):
        raise ValidationError(_("Give the time in whole seconds."), code="fraction")
    try:
        # Naive on purpose: what a clock shows, of whichever zone.
        year, month, day, hour, minute, second = (int(part or 0) for part in parts)
        local = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
    except ValueError as problem:
        raise ValidationError(_not_understood(), code="garbled") from problem
    if local.year not in _YEARS:
        raise ValidationError(_("Check the year."), code="garbled")
    return local


def _not_understood() -> str:
    return _("Give a date and a time of day, such as 2026-10-06 10:00:00.")


def read(typed: str, zone: str, which: str = "") -> datetime:
    """The moment (UTC) of a time as typed in `zone`; `which` is "first" or "second" for a time
    that comes twice. Raises ValidationError with the code "garbled", "fraction", "gap" or
    "twice" and a sentence for whoever typed it."""
    local = parse(typed)
    found = moments(local, zone)
    if not found:
        before, after = beside_gap(local, zone)
        raise ValidationError(
            _(
                "There is no such time: the clocks of %(zone)s skip it. The nearest are"
                " %(before)s and %(after)s."
            ),
            params={
                "zone": zone,
                "before": dates.written_exactly(before, zone),
                "after": dates.written_exactly(after, zone),
            },
            code="gap",
        )
    if len(found) == 1:
        return found[0]
    if which not in ("first", "second"):
        raise ValidationError(
            _(
                "This time comes twice: the clocks of %(zone)s are put back over it. Say which"
                " of the two is meant."
            ),
            params={"zone": zone},
            code="twice",
        )
    return found[0 if which == "first" else 1]


def zones(item: Any, user: Any = None) -> dict[str, str]:
    """The time zones that matter for an item, each with what it is here: the office's, the
    venue's (of a statement's event too, where `user` may see that) and UTC."""
    event = getattr(item, "event", None)
    there = event.time_zone if event is not None and user and sight.sees(user, event) else ""
    named = [
        (settings.OFFICE_TIME_ZONE, _("office time")),
        (getattr(item, "time_zone", ""), _("venue time")),
        (there, _("the event’s time")),
    ]
    found: dict[str, str] = {}
    for zone, what in named:
        if zone:
            found.setdefault(zone, f"{what} ({zone})")
    found.setdefault("UTC", "UTC")
    return found


def countdown(at: datetime) -> str:
    """How long it still is until `at`, from the request's one moment, in words."""
    span = dates.written_span(at - visibility.moment())
    return _("goes out in %(span)s") % {"span": span} if span else ""


def release_times(item: Any) -> str:
    """A release time in office time, venue time where it differs, and UTC; while it is still to
    come with its countdown."""
    at: datetime = item.release_at
    written = dates.written_exactly if at.second else dates.written_moment
    shown = [f"{zone}: {written(at, zone)}" for zone in zones(item)]
    if item.stage == visibility.Stage.EMBARGOED:
        shown.append(countdown(at))
    return " · ".join(shown)


@dataclass(frozen=True)
class Shown:
    """A time before it counts: in each zone, with its countdown ("" once it is past), and the
    stamp that says it has been looked at."""

    rows: list[tuple[str, str]]
    countdown: str
    stamp: str


def shown_in(names: dict[str, str], at: datetime) -> Shown:
    """A moment (UTC) in each of some zones, given with their names."""
    rows = [(name, dates.written_exactly(at, zone)) for zone, name in names.items()]
    return Shown(rows, countdown(at), f"{at:%Y-%m-%dT%H:%M:%SZ}")


class TimeForm(forms.Form):
    """A release time, the zone it is typed in, and for a time that comes twice which is meant.

    `confirmed` carries the stamp of the time that was on screen: the one typed since is
    another, and is shown before it counts.
    """

    TIME = ("release_at", "zone", "which", "confirmed")

    release_at = forms.CharField(
        label=gettext_lazy("Release time"), required=False,
        help_text=gettext_lazy("To the second. An empty field is never “now”."),
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "1"}),
    )  # fmt: skip
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"), required=False)
    which = forms.ChoiceField(required=False, choices=(("first", ""), ("second", "")))
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, item: Any, user: Any, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.item, self.user = item, user
        self.zones = zones(item, user)
        self.fields["zone"].choices = list(self.zones.items())  # type: ignore[attr-defined]
        if item.release_at is not None:
            local = item.release_at.astimezone(ZoneInfo(settings.OFFICE_TIME_ZONE))
            self.initial = {
                "release_at": f"{local:%Y-%m-%dT%H:%M:%S}",
                "which": "second" if local.fold else "first",
            }
        typed = (data or {}).get("release_at", "")
        if typed and not _SHAPE.fullmatch(typed):
            # A browser empties its own date field of what it cannot read: keep what was typed.
            self.fields["release_at"].widget.input_type = "text"

    def clean(self) -> dict[str, Any]:
        """Make a moment of what was typed; an empty field stays empty, for the verb to refuse."""
        cleaned = super().clean() or {}
        if "zone" in self.errors or "which" in self.errors:
            return cleaned
        typed = cleaned.get("release_at")
        if not typed:
            return cleaned | {"release_at": None}
        zone = cleaned.get("zone") or settings.OFFICE_TIME_ZONE
        try:
            cleaned["release_at"] = read(typed, zone, cleaned.get("which", ""))
        except ValidationError as problem:
            self.add_error("release_at", problem)
            return cleaned
        if cleaned["release_at"] == self.item.release_at:
            self.add_error("release_at", _("It goes out at this time already."))
        return cleaned

    def twice(self) -> list[tuple[str, str, str]]:
        """Of a time that comes twice both, as (value, label, written); else nothing."""
        zone = self["zone"].value() or settings.OFFICE_TIME_ZONE
        try:
            found = moments(parse(self["release_at"].value() or ""), zone)
        except (ValidationError, KeyError, ValueError):
            return []
        if len(found) < 2 or zone not in self.zones:
            return []
        labels = (("first", _("the first time")), ("second", _("the second time")))
        return [
            (value, label, dates.written_exactly(at, zone))
            for (value, label), at in zip(labels, found, strict=True)
        ]

    def shown(self) -> Shown | None:
        """The typed time as it is to be looked at; None where there is none."""
        if not self.is_bound or any(self.has_error(name) for name in self.TIME):
            return None
        at = self.cleaned_data.get("release_at")
        return shown_in(self.zones, at) if at is not None else None

    def is_to_be_shown(self) -> bool:
        """Whether the time must be looked at first. One that the verb will refuse is not asked
        about: the verb says why."""
        at = self.cleaned_data.get("release_at")
        if at is None or at < visibility.moment() + publishing.LEAD:
            return False
        return self.cleaned_data.get("confirmed") != shown_in(self.zones, at).stamp
