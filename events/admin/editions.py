"""The editions of a record: to be read, compared and restored, never edited."""

import datetime as dt
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import differences, editions, publishing, roles, sight, versions, visibility
from ..models import Edition, Publication, Reading
from ..visibility import Stage
from .changes import edition_of
from .deskrows import language_names
from .pages import Button, Pages

# What was done, in plain words, by the name of the verb.
ACTS = {
    "save": gettext_lazy("saved"),
    "submit": gettext_lazy("submitted for review"),
    "send_back": gettext_lazy("sent back"),
    "countersign": gettext_lazy("countersigned"),
    "approve": gettext_lazy("approved for a time"),
    "release_now": gettext_lazy("released at once"),
    "move_release": gettext_lazy("given another release time"),
    "cancel_release": gettext_lazy("taken out of its release"),
    "withdraw": gettext_lazy("withdrawn"),
    "retract": gettext_lazy("retracted"),
    "propose_reason": gettext_lazy("given another public reason, still to be approved"),
    "approve_reason": gettext_lazy("public reason approved"),
    "ask_reinstatement": gettext_lazy("asked to be reinstated"),
    "reinstate": gettext_lazy("reinstated"),
    "apply_change": gettext_lazy("changed as proposed"),
    "discard": gettext_lazy("discarded"),
    "limit": gettext_lazy("limited to the people named on it"),
    "name_readers": gettext_lazy("opened to readers named on it"),
    "lift_limit": gettext_lazy("opened to the whole office"),
    "join_bundle": gettext_lazy("put into a bundle"),
    "leave_bundle": gettext_lazy("taken out of its bundle"),
}
_CONFIRMED = gettext_lazy("%(language)s confirmed as still right")


def act_in_words(action: str) -> str:
    """What an edition's action says, in the active language."""
    if language := versions.confirmed_language(action):
        return str(_CONFIRMED) % {"language": language_names([language])}
    return str(ACTS.get(action, action.replace("_", " ")))


def stage_then(edition: Edition, when: dt.datetime) -> Stage | None:
    """Where a publication stood at a moment (UTC), by its edition of that time; None for a
    reference row."""
    standing = edition.snapshot["standing"]
    if not standing:
        return None
    if standing["status"] != visibility.Status.APPROVED:
        return Stage(standing["status"])
    released = parse_datetime(standing["release_at"] or "")
    return Stage.PUBLISHED if released and released <= when else Stage.EMBARGOED


class TimeForm(forms.Form):
    """A moment by the office's clock."""

    at = forms.DateTimeField(
        label=gettext_lazy("As it stood on"),
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "1"}, "%Y-%m-%dT%H:%M:%S"),
    )

    def clean_at(self) -> dt.datetime:
        """Refuse a time that nobody can know of yet."""
        at: dt.datetime = self.cleaned_data["at"]
        if at > visibility.moment():
            raise ValidationError(_("That time has not come yet."))
        return at


class EditionPages(Pages):
    """The list of editions, each of them, any two compared, one of a time, one restored."""

    ROUTES = (
        ("editions/<int:number>/", "edition_view"),
        ("editions/<int:number>/restore/", "restore_view"),
        ("editions/compare/", "compare_view"),
        ("editions/at/", "as_it_stood_view"),
    )

    def buttons(self, request: HttpRequest, item: Any) -> list[Button]:
        """None: the stock way to the history leads here."""
        return []

    def _item(self, request: HttpRequest, object_id: Any) -> Any:
        """The record, for somebody who may read editions."""
        item = self.record(request, object_id)
        roles.require(request.user, "view_edition")
        if request.method != "HEAD":
            sight.record_reading(request.user, publishing.owner(item), Reading.How.HISTORY)
        return item

    def list_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Every act on the record, with who and when."""
        item = self._item(request, object_id)
        record = publishing.owner(item)
        if record != item:  # an outcome's editions are its event's
            admin = self.admin.admin_site.get_model_admin(type(record))
            return HttpResponseRedirect(EditionPages(admin).url("history", record))
        return self._list(request, record, TimeForm())

    def _list(self, request: HttpRequest, record: Any, time_form: TimeForm) -> HttpResponse:
        found = editions.of(record).defer("snapshot", "text_digests").order_by("-number")
        return self.page(
            request, "admin/editions.html", record,
            _("Editions: %(record)s") % {"record": record}, time_form=time_form,
            zone=settings.OFFICE_TIME_ZONE, compare_url=self.url("compare", record),
            at_url=self.url("as_it_stood", record),
            rows=[
                (each, act_in_words(each.action), self.url("edition", record, each.number))
                for each in found
            ],
        )  # fmt: skip

    def edition_view(self, request: HttpRequest, object_id: Any, number: int) -> HttpResponse:
        """One edition to be read."""
        item = self._item(request, object_id)
        edition = edition_of(item, number)
        return self._edition(request, item, edition, edition.at)

    def _edition(
        self, request: HttpRequest, item: Any, edition: Edition, when: dt.datetime,
        stood_on: bool = False,
    ) -> HttpResponse:  # fmt: skip
        latest = edition.number == item.edition_count
        return self.page(
            request, "admin/edition.html", item,
            _("Edition %(number)s: %(record)s") % {"number": edition.number, "record": item},
            **content_of(request.user, edition), when=when, stood_on=stood_on,
            stage=stage_then(edition, when), zone=settings.OFFICE_TIME_ZONE,
            history_url=self.url("history", item),
            restore_url="" if latest or not self._may_restore(request, item)
            else self.url("restore", item, edition.number),
        )  # fmt: skip

    def _may_restore(self, request: HttpRequest, item: Any) -> bool:
        if self.admin.is_editable(item):
            return bool(self.admin.has_change_permission(request, item))
        return roles.holds(request.user, "propose_change")

    def compare_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """The words that differ between two editions: ?from=3&to=5."""
        item = self._item(request, object_id)
        pair = []
        for name in ("from", "to"):
            number = request.GET.get(name, "")
            if not (number.isascii() and number.isdecimal() and len(number) < 10):
                messages.error(request, _("Choose two editions to compare."))
                return HttpResponseRedirect(self.url("history", item))
            pair.append(edition_of(item, int(number)))
        seen = [
            differences.seen_part(request.user, editions.content_of(edition)) for edition in pair
        ]
        return self.page(
            request, "admin/edition_diff.html", item,
            _("Editions compared: %(record)s") % {"record": item},
            pair=[(edition, act_in_words(edition.action)) for edition in pair],
            found=differences.compare(*seen), history_url=self.url("history", item),
        )  # fmt: skip

    def as_it_stood_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """The edition that stood at a moment, by the office's clock: ?at=2026-10-06T10:00."""
        item = self._item(request, object_id)
        with timezone.override(ZoneInfo(settings.OFFICE_TIME_ZONE)):
            form = TimeForm(request.GET)
            if form.is_valid():
                found = editions.of(item).filter(at__lte=form.cleaned_data["at"]).last()
                if found is not None:
                    at = form.cleaned_data["at"].astimezone(dt.UTC)
                    return self._edition(request, item, found, at, stood_on=True)
                form.add_error("at", _("There was nothing of it yet at that time."))
        return self._list(request, item, form)

    def restore_view(self, request: HttpRequest, object_id: Any, number: int) -> HttpResponse:
        """Put an edition back: on what is edited in place as a save of the person's own, which
        somebody else confirms; on what is not as a proposed change."""
        item = self._item(request, object_id)
        edition = edition_of(item, number)
        if not self._may_restore(request, item):
            raise PermissionDenied
        if not self.admin.is_editable(item):
            return HttpResponseRedirect(self.url("propose_edition", item, number))
        refused: list[str] = []
        if request.method == "POST":
            try:
                self._restore(request, item, edition)
                done = _("Edition %(number)s is the text again: an edit of yours, to be confirmed.")
                messages.success(request, done % {"number": number})
                return HttpResponseRedirect(self.change_url(item))
            except ValidationError as refusal:
                refused = refusal.messages
                item.refresh_from_db()
        revision = publishing.restored(item, edition, request.user)
        present = editions.snapshot(item)
        seen = [differences.seen_part(request.user, each) for each in (present, revision.content)]
        return self.page(
            request, "admin/edition_restore.html", item,
            _("Restore edition %(number)s: %(record)s") % {"number": number, "record": item},
            edition=edition, found=differences.compare(*seen), refused=refused,
            history_url=self.url("history", item),
        )  # fmt: skip

    def _restore(self, request: HttpRequest, item: Any, edition: Edition) -> None:
        version = request.POST.get("seen_version", "")
        seen = (
            int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else -1
        )
        with publishing.saving(item, request.user, seen) as record:
            editions.apply(record, publishing.restored(record, edition, request.user).content)


def content_of(user: Any, edition: Edition) -> dict[str, Any]:
    """What the page of an edition shows: its text as far as this person may see it, in parts."""
    lines = differences.lines(differences.seen_part(user, editions.content_of(edition)))
    return {
        "edition": edition, "act": act_in_words(edition.action),
        "parts": [(owner, list(part)) for owner, part in groupby(lines, lambda line: line.owner)],
        "is_publication": issubclass(editions.model_named(edition.model), Publication),
    }  # fmt: skip
