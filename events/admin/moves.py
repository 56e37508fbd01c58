"""The moves of an item: each is asked about on a page of its own, and made on POST alone."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import dates, publishing, visibility
from .pages import Button, Pages


class MoveForm(forms.Form):
    """What a move must ask: a stated time, a reason, a note."""

    release_at = forms.DateTimeField(
        label=gettext_lazy("Release time"), required=False,
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"],
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "1"}, "%Y-%m-%dT%H:%M:%S"),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, widget=forms.Textarea,
        help_text=gettext_lazy("Kept for the record; readers see a neutral sentence."))  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea)

    def __init__(self, asks: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name not in asks:
                del self.fields[name]
        if "release_at" in self.fields:
            self.fields["release_at"].help_text = _(
                "Time zone: %(zone)s. To the second. An empty field is never “now”."
            ) % {"zone": settings.OFFICE_TIME_ZONE}


class MovePages(Pages):
    """One page for every move."""

    ROUTES = (("move/<slug:verb>/", "move_view"),)

    def buttons(self, request: HttpRequest, item: Any) -> list[Button]:
        """The moves that stage and role allow."""
        return [
            Button(move.label, self.url("move", item, move.name))
            for move in publishing.moves_open_to(item, request.user)
        ]

    def move_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Ask what the move needs and confirm it; act on POST alone."""
        item = self.record(request, object_id)
        move = publishing.MOVES.get(verb)
        if move is None:
            raise Http404
        if move not in publishing.moves_open_to(item, request.user):
            raise PermissionDenied
        with timezone.override(ZoneInfo(settings.OFFICE_TIME_ZONE)):
            form = MoveForm(move.asks, request.POST if request.method == "POST" else None)
            done = (
                request.method == "POST"
                and form.is_valid()
                and self._act(move, item, request, form)
            )
        if done:
            return HttpResponseRedirect(self.change_url(item))
        return self.page(
            request, "admin/move.html", item, f"{move.label}: {item}", move=move, form=form,
            zone=settings.OFFICE_TIME_ZONE, now=dates.written_moment(visibility.moment()),
        )  # fmt: skip

    def _act(self, move: publishing.Move, item: Any, request: HttpRequest, form: Any) -> bool:
        arguments = [form.cleaned_data.get(name) for name in move.asks]
        try:
            record = getattr(publishing, move.name)(item, request.user, *arguments)
        except ValidationError as refusal:
            for name, texts in getattr(refusal, "error_dict", {None: refusal}).items():
                form.add_error(name if name in form.fields else None, texts)
            return False
        stage = visibility.stage(record, visibility.clock())
        messages.success(request, _("Done: %(item)s is now %(stage)s.") % {
            "item": record, "stage": stage.label})  # fmt: skip
        return True


def release_times(item: Any) -> str:
    """A release time in office time, venue time where it differs, and UTC."""
    at: datetime = item.release_at
    zones = [settings.OFFICE_TIME_ZONE, getattr(item, "time_zone", ""), "UTC"]
    shown = dict.fromkeys(zone for zone in zones if zone)
    return " · ".join(f"{zone}: {dates.written_moment(at, zone)}" for zone in shown)
