"""The door /rehearsal/: the whole public site as it will stand at a future moment, for staff."""

from datetime import datetime
from functools import wraps
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from .. import dates, preview, roles
from .preview import View, hushed


def _for_rehearsal(view: View) -> View:
    """Behind the staff session and the permission to rehearse; GET and HEAD alone."""

    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        roles.require(request.user, "rehearse")
        return view(request, *args, **kwargs)

    answer: View = hushed(require_safe(admin.site.admin_view(wraps(view)(checked))))
    return answer


class MomentForm(forms.Form):
    """A future moment by the office's clock."""

    at = forms.DateTimeField(
        label=gettext_lazy("Moment"),
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"],
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "1"}, "%Y-%m-%dT%H:%M:%S"),
        error_messages={"required": gettext_lazy("Choose a moment.")},
    )

    def clean_at(self) -> datetime:
        """Refuse what no rehearsal can show."""
        when: datetime = self.cleaned_data["at"]
        try:
            return preview.moment_of(preview.stamp(when))
        except (ValueError, OverflowError):
            raise ValidationError(
                _("Choose a moment in the future, at most five years ahead.")
            ) from None


@_for_rehearsal
def rehearsal(request: HttpRequest) -> HttpResponse:
    """Choose a moment, by the clock or among the coming releases."""
    form = MomentForm(request.GET if "at" in request.GET else None)
    with timezone.override(ZoneInfo(settings.OFFICE_TIME_ZONE)):
        if form.is_bound and form.is_valid():
            when = preview.stamp(form.cleaned_data["at"])
            return HttpResponseRedirect(reverse("rehearsal:moment", args=[when]))
        moments = [
            {"at": at, "stamp": preview.stamp(at), "rows": list(items)}
            for at, items in groupby(preview.coming(request.user), lambda item: item.release_at)
        ]
        return _staff_page(
            request, "rehearsal", _("Rehearsal"), form=form, moments=moments,
            zone=settings.OFFICE_TIME_ZONE,
        )  # fmt: skip


@_for_rehearsal
def moment(request: HttpRequest, when: str) -> HttpResponse:
    """What will be new and what different at a moment, each address with its rehearsal."""
    at = _moment(when)
    title = _("Rehearsal: %(when)s") % {
        "when": dates.written_exactly(at, settings.OFFICE_TIME_ZONE)}  # fmt: skip
    return _staff_page(
        request, "rehearsal_moment", title, at=at,
        base=reverse("rehearsal:moment", args=[when]), forecast=preview.forecast(request.user, at),
        languages=settings.LANGUAGES, most=preview.MOST, zone=settings.OFFICE_TIME_ZONE,
    )  # fmt: skip


@_for_rehearsal
def rehearsed(request: HttpRequest, when: str, rest: str) -> HttpResponse:
    """Any public address as it will be at a moment, as far as this person may see it."""
    at = _moment(when)
    prefix = reverse("rehearsal:moment", args=[when])
    items = preview.coming(request.user, at)
    with preview.rehearsing(request.user, at):
        answer = preview.public_answer(f"/{rest}", prefix, request.GET, request.method or "GET")
    preview.record_rehearsal(request.user, preview.shown_in(answer, items, f"/{rest}"))
    return preview.marked(
        answer, "preview/rehearsal_banner.html", at=at, back=prefix,
        label=gettext_lazy("Rehearsal: not released"),
    )  # fmt: skip


def _moment(when: str) -> datetime:
    try:
        return preview.moment_of(when)
    except ValueError:
        raise Http404 from None


def _staff_page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    context |= {**admin.site.each_context(request), "title": title}
    return TemplateResponse(request, f"admin/{name}.html", context).render()


rehearsal_patterns = [
    path("", rehearsal, name="choose"),
    path("<slug:when>/", moment, name="moment"),
    path("<slug:when>/<path:rest>", rehearsed),
]
