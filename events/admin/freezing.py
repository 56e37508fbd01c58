"""The page of the freeze: what it does, what goes out meanwhile, and the two acts themselves."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import publishing, roles, sight, visibility
from ..models import Publication
from ..publishing import freezing
from ..signin import fresh, sessions, standing
from .deskrows import form_url, titled
from .schedule import release_times

# So far ahead whoever freezes is told what will go out.
_AHEAD, _MOST = timedelta(days=7), 50


class FreezeForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500,
        help_text=gettext_lazy("Everybody on the staff reads it; readers never do."),
        error_messages={"required": gettext_lazy("Say why: everybody on the staff reads it.")},
    )  # fmt: skip


def freeze_view(request: HttpRequest) -> HttpResponse:
    """Freeze, or lift the freeze; for holders of the permission, who have lately shown who they
    are."""
    roles.require(request.user, freezing.PERMISSION)
    do = request.POST.get("do", "")
    form = FreezeForm(request.POST if do == "freeze" else None)
    if do == "unfreeze" or (form.is_bound and form.is_valid()):
        fresh.require(request)
        _act(request, form)
        return HttpResponseRedirect(reverse("admin:freeze"))
    context = {
        **admin.site.each_context(request), "title": _("Freeze"), "form": form,
        "freeze": freezing.current(), "due": _due(request.user),
        "asks_anew": not fresh.is_fresh(request),
    }  # fmt: skip
    return TemplateResponse(request, "admin/freeze.html", context)


def _act(request: HttpRequest, form: FreezeForm) -> None:
    try:
        if form.is_bound:
            publishing.freeze(request.user, form.cleaned_data["reason"], request)
            # Other windows of whoever froze it are not theirs for certain.
            sessions.end_all(request.user, but=request.session.session_key)
            standing.renew(request)
            messages.success(request, _("Frozen. Everybody else has been signed out."))
        else:
            publishing.unfreeze(request.user, request)
            messages.success(request, _("The freeze is lifted."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))


def _due(user: Any) -> list[dict[str, Any]]:
    """What goes out in the next days, the next first, with the way to take it out."""
    now = visibility.moment()
    rows = sight.seen_by(user, Publication.objects.filter(
        status=visibility.Status.APPROVED, release_at__gt=now, release_at__lte=now + _AHEAD,
    ))  # fmt: skip
    found = []
    for row in rows.order_by("release_at", "pk")[:_MOST]:
        title, lang = titled(row)
        found.append({
            "title": title, "lang": lang, "url": form_url(row), "times": release_times(row.child),
            "out": "" if row.bundle_id else
            reverse(f"admin:events_{row.model}_move", args=[row.pk, "cancel_release"]),
        })  # fmt: skip
    return found
