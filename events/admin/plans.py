"""Short ways to a change: an event is postponed, cancelled or given another date; an outcome has
come further. Each asks the few things it needs, and proposes them like any other change."""

import re
import uuid
from copy import deepcopy
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import dates, editions, languages, publishing, roles, sight
from ..editions import Snapshot
from ..languages import column
from ..models import ChangeKind, Event, EventState, Outcome, OutcomeState, Publication, Reading
from ..visibility import Stage
from . import schedule, sending
from .changes import ChangePages
from .pages import Button, Pages
from .proposing import NoteForm, base_of


def _day(label: Any, required: bool = False, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def _precision() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Known to the"), choices=dates.Precision, initial=dates.Precision.DAY
    )


class _LocalTime(forms.CharField):
    """A time as a clock shows it, whose zone is another field's."""

    widget = forms.DateTimeInput({"type": "datetime-local"})

    def prepare_value(self, value: Any) -> Any:
        """As the browser's own control wants it."""
        return value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value


class PlanForm(NoteForm):
    """What is to become of an event, with what readers are told of it for good."""

    state = EventState.SCHEDULED

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, native in settings.LANGUAGES:
            if code in event.readable_languages():
                label = _("Notice to readers (%(language)s)") % {"language": native}
                self.fields[column("note", code)].label = label
            else:
                del self.fields[column("note", code)]

    def alter(self, content: Snapshot) -> None:
        """Make the change in the event's text."""
        content["fields"]["state"] = str(self.state)


class PostponeForm(PlanForm):
    """No new date is known yet."""

    state = EventState.POSTPONED


class CancelForm(PlanForm):
    """It does not take place."""

    state = EventState.CANCELLED


class RedateForm(PlanForm):
    """Another date or time: by the venue's clock, or whole days."""

    starts_at = _LocalTime(label=gettext_lazy("Start"), required=False,
        help_text=gettext_lazy("By the clock of the venue, in the time zone below."))  # fmt: skip
    ends_at = _LocalTime(label=gettext_lazy("End"), required=False,
        help_text=gettext_lazy("By the clock of the venue. May be left empty."))  # fmt: skip
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone of the venue"), required=False, max_length=40,
        validators=[dates.validate_time_zone],
        help_text=gettext_lazy("A name of the IANA database, such as Asia/Dushanbe."),
    )  # fmt: skip
    date = _day(gettext_lazy("Date"), help_text=gettext_lazy("For whole days: with no start."))
    date_precision = _precision()
    ends_on = _day(gettext_lazy("Last day"), help_text=gettext_lazy("For more than one day."))

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        names = ("date", "date_precision", "ends_on", "time_zone")
        initial = {name: getattr(event, name) for name in names}
        for name in ("starts_at", "ends_at"):
            if at := getattr(event, name):
                initial[name] = at.astimezone(ZoneInfo(event.time_zone))
        super().__init__(*args, event=event, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Read the times by the venue's clock. The gap of a clock change is refused, and so is
        the hour that comes twice."""
        cleaned: dict[str, Any] = super().clean() or {}
        zone = cleaned.get("time_zone", "")
        timed = [name for name in ("starts_at", "ends_at") if cleaned.get(name)]
        if not timed and not cleaned.get("date") and "date" not in self.errors:
            self.add_error("date", _("Give the new date, or the new start."))
        if timed and not zone and "time_zone" not in self.errors:
            self.add_error("time_zone", _("A time needs the time zone of the venue."))
        if timed and "starts_at" not in timed:
            self.add_error("starts_at", _("Give the start too, or no end."))
        for name in timed if zone else ():
            try:
                cleaned[name] = schedule.read(cleaned[name], zone)
            except ValidationError as refusal:
                twice = _("The clocks are put back over this time: it comes twice. Choose another.")
                self.add_error(name, twice if refusal.code == "twice" else refusal)
        return cleaned

    def alter(self, content: Snapshot) -> None:
        """Also the dates; what had been postponed or cancelled is scheduled again."""
        super().alter(content)
        cleaned = self.cleaned_data
        new: dict[str, Any] = {name: cleaned[name] for name in ("time_zone", "date_precision")}
        for name in ("starts_at", "ends_at"):
            new[name] = cleaned[name].strftime("%Y-%m-%dT%H:%M:%SZ") if cleaned[name] else None
        if cleaned["starts_at"]:
            new["ends_on"] = None  # whole days alone have one; the date follows from the start
        else:
            new["date"] = cleaned["date"].isoformat()
            new["ends_on"] = cleaned["ends_on"].isoformat() if cleaned["ends_on"] else None
        content["fields"].update(new)


class ProgressForm(NoteForm):
    """A dated step of an outcome, with what proves it."""

    field_order = ("date", "date_precision", "state", *languages.columns("text"), "cites")
    date = _day(gettext_lazy("Date"), required=True)
    date_precision = _precision()
    state = forms.ChoiceField(label=gettext_lazy("State from then on"), choices=OutcomeState)
    cites = forms.CharField(
        label=gettext_lazy("Proved by"), required=False, max_length=300,
        help_text=gettext_lazy("The address of a statement or an event on this site, or the last"
                               " part of it. Shown to readers while that item is public."),
    )  # fmt: skip

    def __init__(self, *args: Any, outcome: Outcome, user: Any, **kwargs: Any) -> None:
        self.outcome, self.user = outcome, user
        super().__init__(*args, initial={"state": outcome.state}, **kwargs)
        for code, native in settings.LANGUAGES:
            self.fields[column("note", code)].help_text = _(
                "Left empty, readers are told a standard sentence."
            )
            self.fields[column("text", code)] = forms.CharField(
                label=_("What has been done (%(language)s)") % {"language": native},
                required=False, widget=forms.Textarea({"rows": 2, "lang": code}),
            )  # fmt: skip
        self.order_fields(self.field_order)

    def clean_cites(self) -> str | None:
        """The identifier of the item that the address is of."""
        typed = self.cleaned_data["cites"].strip()
        if not typed:
            return None
        *_before, kind, slug = ["", *re.sub(r"[?#].*", "", typed).strip("/").split("/")]
        found = sight.seen_by(self.user, Publication.objects.filter(slug=slug))
        if kind in ("events", "statements"):
            found = found.filter(model=kind.removesuffix("s"))
        rows = list(found[:2])
        if len(rows) != 1:
            raise ValidationError(
                _("An event and a statement have this address: give the whole of it.")
                if rows
                else _("There is no such item.")
            )
        return str(rows[0].pk)

    def alter(self, content: Snapshot) -> None:
        """Append the step; the outcome stands where its latest step leaves it."""
        cleaned = self.cleaned_data
        fields = {name: cleaned[name] for name in ("date_precision", "state", "cites",
                                                   *languages.columns("text"))}  # fmt: skip
        fields["date"] = cleaned["date"].isoformat()
        for row in content["parts"]["outcomes"]:
            if row["uid"] == str(self.outcome.pk):
                steps = row["parts"]["progress"]
                if all(step["fields"]["date"] <= fields["date"] for step in steps):
                    row["fields"]["state"] = fields["state"]
                steps.append({"uid": str(uuid.uuid4()), "fields": fields, "many": {}, "parts": {}})


class ShortPages(Pages):
    """A page that asks a little, and proposes it as a change of one record."""

    def _ask(
        self, request: HttpRequest, item: Any, form: Any, kind: str, title: str, saves: str
    ) -> HttpResponse:  # fmt: skip
        record = publishing.owner(item)
        if request.method != "POST":
            sight.record_reading(request.user, record, Reading.How.FORM)
        elif form.is_valid():
            base = base_of(request, record)
            content = deepcopy(editions.content_of(base))
            form.alter(content)
            try:
                change = publishing.propose(record, content, request.user, kind, form.notes(), base)
            except ValidationError as refusal:
                for texts in form.say(refusal).values():
                    form.add_error(None, texts)
            else:
                messages.success(
                    request, _("Proposed. Somebody else reviews it before it is public.")
                )
                pages = ChangePages(self.admin.admin_site.get_model_admin(type(record)))
                response = HttpResponseRedirect(pages.url("review", record, change.pk))
                return sending.say_saved(request, response)
        return self.page(
            request, "admin/short_change.html", item, title, form=form, saves=saves, record=record
        )


class PlanPages(ShortPages):
    """An event is postponed, cancelled or given another date."""

    ROUTES = (("plan/<slug:what>/", "plan_view"),)
    # By name: what the button says, the form, and the states of the plan that it starts from.
    PLANS = {
        "postpone": (gettext_lazy("Postpone"), PostponeForm, {EventState.SCHEDULED}),
        "cancel": (gettext_lazy("Cancel the event"), CancelForm,
                   {EventState.SCHEDULED, EventState.POSTPONED}),
        "redate": (gettext_lazy("Set another date"), RedateForm,
                   {EventState.SCHEDULED, EventState.POSTPONED, EventState.CANCELLED}),
    }  # fmt: skip

    def _plans(self, request: HttpRequest, item: Any) -> list[str]:
        """The plans that are open for this event and person: on a draft the form itself is."""
        if self.admin.is_editable(item) or not item.edition_count:
            return []
        if item.stage == Stage.RETRACTED or not roles.holds(request.user, "propose_change"):
            return []
        return [name for name, (_l, _f, states) in self.PLANS.items() if item.state in states]

    def buttons(self, request: HttpRequest, item: Any) -> list[Button]:
        """The plans, on an approved event that has not been held."""
        return [
            Button(self.PLANS[name][0], self.url("plan", item, name))
            for name in self._plans(request, item)
        ]

    def plan_view(self, request: HttpRequest, object_id: Any, what: str) -> HttpResponse:
        """Ask what the plan needs; propose it on POST."""
        item = self.record(request, object_id)
        if what not in self.PLANS:
            raise Http404
        roles.require(request.user, "propose_change")
        if what not in self._plans(request, item):
            messages.error(request, _("This is not possible as the event stands."))
            return HttpResponseRedirect(self.change_url(item))
        label, form_class, _states = self.PLANS[what]
        form = form_class(request.POST if request.method == "POST" else None, event=item)
        title, saves = f"{label}: {item}", _("Propose this change")
        return self._ask(request, item, form, ChangeKind.UPDATE, title, saves)


class OutcomePages(ShortPages):
    """An outcome's progress; whatever else changes about it is a change of its event."""

    ROUTES = (("progress/", "progress_view"),)

    def _is_open(self, request: HttpRequest, item: Any) -> bool:
        fixed = not self.admin.is_editable(item) and item.event.edition_count
        return bool(fixed) and roles.holds(request.user, "propose_change")

    def buttons(self, request: HttpRequest, item: Any) -> list[Button]:
        """The way to its progress, and to the pages of its event."""
        event = self.admin.admin_site.get_model_admin(Event)
        found = []
        if self._is_open(request, item):
            found.append(Button(_("Record progress"), self.url("progress", item)))
        return [*found, *ChangePages(event).buttons(request, item.event)]

    def progress_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Ask for the step; propose it on POST."""
        item = self.record(request, object_id)
        roles.require(request.user, "propose_change")
        if not self._is_open(request, item):
            messages.error(request, _("It is not approved yet: edit it directly."))
            return HttpResponseRedirect(self.change_url(item))
        sent = request.POST if request.method == "POST" else None
        form = ProgressForm(sent, outcome=item, user=request.user)
        title = _("Record progress: %(item)s") % {"item": item}
        return self._ask(
            request, item, form, ChangeKind.PROGRESS, title, _("Propose this progress")
        )
