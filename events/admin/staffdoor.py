"""What a Head of press does to a colleague's account in a bad hour: locks it, ends its sessions,
takes away the factors that were lost. Each is asked about on a page, and done on POST alone."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import audit, publishing
from ..signin import factors, fresh, locking, sessions
from .pages import Button

_ACTS = {
    "lock": (
        gettext_lazy("Lock the account"),
        gettext_lazy("It cannot sign in, and is signed out everywhere at once. The preview links"
                     " that it made open nothing any more; whoever holds one asks for another."
                     " What it wrote stays, with its name."),
    ),
    "unlock": (
        gettext_lazy("Unlock the account"),
        gettext_lazy("It can sign in again, with the password and the factors that it has. If they"
                     " may be known to somebody else, give it another password first."),
    ),
    "sessions": (
        gettext_lazy("Sign out everywhere"),
        gettext_lazy("All of its sessions end at once; it can sign in again."),
    ),
    "factors": (
        gettext_lazy("Reset passkeys and codes"),
        gettext_lazy("For somebody who has lost them: they are taken away, the recovery codes too,"
                     " and the account is signed out everywhere. The person is told, and adds"
                     " others at the next sign-in. Make sure that it is the person who asks."),
    ),
}  # fmt: skip


def buttons(account: Any, by: Any) -> list[Button]:
    """What may be done to an account by this person."""
    if not publishing.may_change(account, by) or account.pk == by.pk:
        return []
    names = ["unlock" if locking.is_locked(account) else "lock", "sessions", "factors"]
    return [
        Button(_ACTS[name][0], reverse("admin:auth_user_door", args=[account.pk, name]))
        for name in names
    ]


def door_view(request: HttpRequest, account: Any, act: str) -> HttpResponse:
    """Say what it means, and do it on POST. Raises Http404 for an act that there is not, and
    PermissionDenied for whoever may not change the account, and for one's own."""
    if act not in _ACTS:
        raise Http404
    if not factors.may_reset(account, request.user):
        raise PermissionDenied
    label, happens = _ACTS[act]
    back = reverse("admin:auth_user_change", args=[account.pk])
    if request.method == "POST":
        fresh.require(request)
        try:
            messages.success(request, _DO[act](request, account))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(back)
    context = {
        **admin.site.each_context(request), "title": f"{label}: {account}", "label": label,
        "happens": happens, "back": back, "account": account,
        "asks_anew": not fresh.is_fresh(request),
    }  # fmt: skip
    return TemplateResponse(request, "admin/staff_door.html", context)


def _lock(request: HttpRequest, account: Any) -> str:
    links = locking.lock(account, request.user, request)
    return ngettext(
        "Locked. %(number)d preview link was revoked.",
        "Locked. %(number)d preview links were revoked.", links,
    ) % {"number": links}  # fmt: skip


def _unlock(request: HttpRequest, account: Any) -> str:
    locking.unlock(account, request.user, request)
    return _("Unlocked.")


def _sessions(request: HttpRequest, account: Any) -> str:
    audit.note("sessions_ended", by=request.user, request=request, record=account)
    sessions.end_all(account)
    return _("Signed out everywhere.")


def _factors(request: HttpRequest, account: Any) -> str:
    factors.reset(account, request.user, request)
    return _("Reset: other passkeys or codes are added at the next sign-in.")


_DO: dict[str, Callable[[HttpRequest, Any], str]] = {
    "lock": _lock, "unlock": _unlock, "sessions": _sessions, "factors": _factors,
}  # fmt: skip
