"""How long each language takes: an overview for the staff, by kind, over a period."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import dates, roles, visibility
from ..models import EventKind, Publication, StatementKind
from ..versions import lag
from .desklists import Viewer
from .deskrows import form_url, titled

PERIOD = dt.timedelta(days=90)
# No calendar goes beyond these.
_EARLIEST, _LATEST = dt.date(1990, 1, 1), dt.date(2200, 1, 1)


class PeriodForm(forms.Form):
    """From which day to which, both included, by the office's calendar."""

    since = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput({"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or is in no calendar of ours."""
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and not _EARLIEST <= since <= until <= _LATEST:
            raise ValidationError(_("The period ends before it begins."))
        return cleaned


@dataclass(frozen=True)
class Cell:
    """One kind in one language, in words."""

    native: str
    code: str
    number: int
    missing: int
    median: str
    longest: str
    title: str = ""
    lang: str = ""
    url: str = ""


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.OFFICE_TIME_ZONE))


def _span(span: dt.timedelta | None) -> str:
    if span is None:
        return "–"
    return dates.written_lag(span) or _("at once")


def _kind(model: str, kind: str) -> str:
    choices: Any = EventKind if model == Publication.Model.EVENT else StatementKind
    return f"{Publication.Model(model).label}: {choices(kind).label}"


def lag_view(request: HttpRequest) -> HttpResponse:
    """The median and the longest lag of each language, by kind. Of what this person may see."""
    roles.require(request.user, "view_publication")
    today = dates.office_today(visibility.moment())
    usual = {"since": today - PERIOD, "until": today}
    form = PeriodForm(request.GET or {name: day.isoformat() for name, day in usual.items()})
    kinds = []
    if form.is_valid():
        start, end = (form.cleaned_data[name] for name in ("since", "until"))
        kinds = _table(Viewer(request.user), _midnight(start), _midnight(end + dt.timedelta(1)))
    context = {
        **admin.site.each_context(request), "title": _("How long each language takes"),
        "form": form, "kinds": kinds,
    }  # fmt: skip
    status = 200 if form.is_valid() else 400
    return TemplateResponse(request, "admin/languages.html", context, status=status)


def _table(viewer: Viewer, start: dt.datetime, end: dt.datetime) -> list[tuple[str, list[Cell]]]:
    found = lag.waited(viewer.publications(), start, end, visibility.moment())
    slowest = [one.slowest for each in found.values() for one in each.values() if one.longest]
    items = viewer.publications().in_bulk(slowest)
    return sorted(
        (capfirst(_kind(*kind)), [_cell(code, native, each[code], items)
                                  for code, native in settings.LANGUAGES])
        for kind, each in found.items()
    )  # fmt: skip


def _cell(code: str, native: str, one: lag.Waited, items: dict[Any, Any]) -> Cell:
    item = items.get(one.slowest)
    title, lang = titled(item) if item is not None else ("", "")
    return Cell(
        native, code, one.number, one.missing, _span(one.median), _span(one.longest),
        title, lang, form_url(item) if item is not None else "",
    )  # fmt: skip
