"""A bundle as a whole: where it stands, who must confirm what in it, what its moves ask."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import editions, guards, publishing, roles
from ..models import Bundle, Publication
from ..publishing import foureyes
from ..visibility import Stage, Status
from .schedule import TimeForm

# The moves of the whole, by the names that they have for one item.
MOVES = ("approve", "release_now", "move_release", "cancel_release")
_STAND_BEHIND = ("approve", "release_now")


def change_url(item: Publication) -> str:
    """The form of a member."""
    return reverse(f"admin:events_{item.model}_change", args=[item.pk])


@dataclass
class Whole:
    """A bundle with its members, as a release time and its form look at it."""

    bundle: Bundle

    @cached_property
    def members(self) -> list[Publication]:
        """Its events, then its statements, by date."""
        rows = self.bundle.members.all()
        return sorted(rows, key=lambda row: (row.model, row.date, str(row.pk)))

    @property
    def release_at(self) -> datetime | None:
        """The time that all its members share; None while they have none."""
        return next((row.release_at for row in self.members if row.release_at), None)

    @property
    def stage(self) -> Stage | None:
        """Where the whole stands; that of the member least far on, where they differ."""
        stages = {row.stage for row in self.members}
        return next((stage for stage in Stage if stage in stages), None)

    @property
    def time_zone(self) -> str:
        """The venue's zone where all its members have the same one."""
        zones = {getattr(row.child, "time_zone", "") for row in self.members} - {""}
        return zones.pop() if len(zones) == 1 else ""

    def moves(self, user: Any) -> list[publishing.Move]:
        """What the stage of every member and the person's roles allow for the whole."""
        stages = {row.stage for row in self.members}
        found = [publishing.MOVES[name] for name in MOVES]
        return [
            move
            for move in found
            if stages and stages <= move.origins and roles.holds(user, move.permission)
        ]

    @property
    def is_open(self) -> bool:
        """Whether items may still join: none of its members is approved."""
        return all(row.stage in (Stage.DRAFT, Stage.IN_REVIEW) for row in self.members)

    @property
    def is_out(self) -> bool:
        """Whether readers have had it."""
        return any(row.stage not in (Stage.DRAFT, Stage.IN_REVIEW, Stage.EMBARGOED)
                   for row in self.members)  # fmt: skip


def waiting(item: Publication, user: Any) -> list[str]:
    """What stands between a member and its release: who must still confirm what."""
    found = []
    if item.stage == Stage.DRAFT:
        found.append(_("It is a draft: it is not handed over for review yet."))
    if not item.readable_languages():
        found.append(_("No language is marked as ready."))
    if item.status not in (Status.DRAFT, Status.IN_REVIEW):
        return found
    for row, authors in [
        (item.child, publishing.unconfirmed_authors(item.child)),
        *publishing.unconfirmed_rows(item.child),
    ]:
        names = _names(row, authors)
        if not names:
            continue
        what = {"names": names, "row": row}
        if user.pk in authors:
            found.append(
                _("Edited by %(names)s: somebody other than you must countersign it.") % what
                if row is item.child
                else _("Names “%(row)s”, edited by %(names)s: somebody other than you must"
                       " countersign it.") % what
            )  # fmt: skip
        else:
            found.append(
                _("Edited by %(names)s: whoever approves confirms it.") % what
                if row is item.child
                else _("Names “%(row)s”, edited by %(names)s: whoever approves confirms it.") % what
            )
    return found


def _names(row: Any, authors: set[Any]) -> str:
    acts = editions.of(row).filter(action__in=publishing.EDITS, by__in=authors - {None})
    return ", ".join(dict.fromkeys(map(roles.named, acts.values_list("by_name", flat=True))))


class WholeForm(TimeForm):
    """What a move of the whole must ask: a stated time, a note, every member's questions."""

    def __init__(self, move: publishing.Move, whole: Whole, user: Any, data: Any = None) -> None:
        super().__init__(whole, user, data)
        self.move, self.whole = move, whole
        if "release_at" not in move.asks:
            for name in self.TIME:
                del self.fields[name]
        if "note" in move.asks:
            self.fields["note"] = forms.CharField(label=_("Note"), required=False,
                                                  widget=forms.Textarea({"rows": 4}))  # fmt: skip
        self.questions: dict[str, list[guards.Question]] = {}
        if move.name in _STAND_BEHIND:
            for row in whole.members:
                self._ask(row)

    def _ask(self, row: Publication) -> None:
        self.questions[str(row.pk)] = guards.questions(row.child)
        for each in self.questions[str(row.pk)]:
            self.fields[f"answer-{row.pk}-{each.code}"] = forms.CharField(
                label=each.sentence, widget=forms.Textarea({"rows": 2}),
                error_messages={"required": _("Answer this question first.")},
            )  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """The members with what waits, and the fields of their questions."""
        return [
            {
                "item": row, "url": change_url(row),
                "waiting": waiting(row, self.user) if self.move.name in _STAND_BEHIND else [],
                "seen_rows": foureyes.rows_seen(row.child)
                if self.move.name in _STAND_BEHIND
                else "",
                "fields": [self[f"answer-{row.pk}-{each.code}"]
                           for each in self.questions.get(str(row.pk), ())],
            }
            for row in self.whole.members
        ]  # fmt: skip

    def asked(self) -> list[forms.BoundField]:
        """The fields that are not about one member."""
        return [self["note"]] if "note" in self.fields else []

    def arguments(self) -> dict[str, Any]:
        """What the verb is given, by name."""
        given: dict[str, Any] = {}
        if "release_at" in self.move.asks:
            given["release_at"] = self.cleaned_data.get("release_at")
        if "note" in self.move.asks:
            given["note"] = self.cleaned_data.get("note", "")
        if self.move.name in _STAND_BEHIND:
            given["answers"] = {
                uid: {each.code: self.cleaned_data[f"answer-{uid}-{each.code}"] for each in asked}
                for uid, asked in self.questions.items()
            }
            given["seen"] = {
                name.removeprefix("seen-"): int(version)
                for name, version in self.data.items()
                if name.startswith("seen-") and version.isdecimal()
            }
            given["seen_rows"] = {
                name.removeprefix("rows-"): value
                for name, value in self.data.items()
                if name.startswith("rows-")
            }
        return given

    def refuse(self, refusal: ValidationError) -> None:
        """Show a verb's refusal beside the field that it is about."""
        found: Any = refusal.error_dict if hasattr(refusal, "error_dict") else {None: [refusal]}
        for name, errors in found.items():
            self.add_error(name if name in self.fields else None, errors)


class LeaveForm(forms.Form):
    """Why a member is taken out."""

    note = forms.CharField(label=gettext_lazy("Note"), required=False,
                           widget=forms.Textarea({"rows": 4}))  # fmt: skip
