"""Where one is signed in, and signing out there."""

from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from .. import audit
from ..signin import devices, sessions, standing


@never_cache
@login_required
def sessions_view(request: HttpRequest) -> HttpResponse:
    """Each session with its device, its address and when it was last seen; ending one, all
    others, or all of them asks for nothing: it takes nothing from anybody but a stranger."""
    if request.method == "POST":
        return _end(request)
    here = request.session.session_key
    rows = [
        {"row": row, "device": devices.family(row.user_agent), "here": row.session_key == here,
         "address": "" if row.ip == "0.0.0.0" else row.ip}  # noqa: S104
        for row in sessions.of(request.user)
    ]  # fmt: skip
    context = {**admin.site.each_context(request), "title": _("Where you are signed in"),
               "rows": rows}  # fmt: skip
    return TemplateResponse(request, "accounts/sessions.html", context)


def _end(request: HttpRequest) -> HttpResponse:
    what = request.POST.get("end", "")
    if what == "everywhere":
        audit.note("sessions_ended", by=request.user, request=request, record=request.user)
        sessions.end_all(request.user)
        logout(request)
        return HttpResponseRedirect(reverse("account_login"))
    if what == "others":
        sessions.end_all(request.user, but=request.session.session_key)
        standing.renew(request)
        audit.note("sessions_ended", by=request.user, request=request, record=request.user)
        messages.success(request, _("You are signed in here alone."))
    elif sessions.end(request, what):
        messages.success(request, _("That session has ended."))
    return HttpResponseRedirect(reverse("usersessions_list"))
