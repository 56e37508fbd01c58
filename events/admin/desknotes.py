"""What a person was told: on the desk, and all of it on a page of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from .. import notifications, publishing, visibility
from ..models import Notification
from .deskrows import change_url, form_url, look_up, titled

PAGE = 50
Kind = Notification.Kind
# What waited once: whoever has read it, or somebody else has dealt with it.
_WAITED = {
    Kind.REVIEW: gettext_lazy("was submitted for review"),
    Kind.COUNTERSIGN: gettext_lazy("was to be countersigned"),
    Kind.REASON: gettext_lazy("was given another public reason, for a second person to approve"),
    Kind.REINSTATEMENT: gettext_lazy("was to be reinstated, by a second person"),
    Kind.CHANGE_WAITS: gettext_lazy("had a change proposed"),
}


@dataclass(frozen=True)
class Told:
    """An entry as a sentence: which record, what became of it, by whom, when."""

    title: str
    lang: str
    url: str
    what: str
    who: str
    at: datetime
    unread: bool


def sentences(user: Any, entries: Any) -> list[Told]:
    """Entries with the titles that their records have now, as far as this person sees them."""
    rows = list(entries)
    records = look_up(user, [row for row in rows if row.model != notifications.ACCOUNT])
    told = []
    for row in rows:
        if row.model == notifications.ACCOUNT:
            told.append(_of_account(user, row))
        elif row.record_uid in records:
            record = records[row.record_uid]
            url = change_url(row.change_id) if row.change_id else form_url(record)
            told.append(
                Told(*titled(record), url, _what(row), row.actor_name, row.due_at,
                     row.seen_at is None)
            )  # fmt: skip
    return told


def _of_account(user: Any, row: Notification) -> Told:
    """What became of somebody's account; their own they look at themselves, a Head at any."""
    own = row.record_uid == notifications.account_uid(user.pk)
    account = get_user_model()._default_manager.filter(pk=row.record_uid.int).first()
    url = reverse("usersessions_list") if own else ""
    if not own and account is not None and publishing.manages_accounts(user):
        url = reverse("admin:auth_user_change", args=[account.pk])
    return Told(str(account or "–"), "", url, _what(row), row.actor_name, row.due_at,
                row.seen_at is None)  # fmt: skip


def _what(row: Notification) -> str:
    label = Kind(row.kind).label
    return str(label if row.seen_at is None else _WAITED.get(Kind(row.kind), label))


def unread(user: Any) -> QuerySet[Notification]:
    """The entries that a person has not read, the latest first."""
    return notifications.entries(user).filter(seen_at=None)


@require_GET
def list_view(request: HttpRequest) -> HttpResponse:
    """Everything that this person was told, page by page."""
    only_unread = "unread" in request.GET
    rows = unread(request.user) if only_unread else notifications.entries(request.user)
    page = Paginator(rows, PAGE).get_page(request.GET.get("p"))
    return TemplateResponse(
        request, "admin/notifications.html",
        {
            **admin.site.each_context(request), "title": _("Notifications"), "page": page,
            "told": sentences(request.user, page.object_list), "moment": visibility.moment(),
            "unread": unread(request.user).count(), "only_unread": only_unread,
        },
    )  # fmt: skip


@require_POST
def read_view(request: HttpRequest) -> HttpResponse:
    """Take as read what was there when the page was made (`until`), and nothing that came since."""
    try:
        until = datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        return HttpResponseBadRequest(_("Open the desk anew."))
    until = min(until if until.tzinfo else until.replace(tzinfo=UTC), visibility.moment())
    number = notifications.mark_read(request.user, until)
    messages.success(
        request, ngettext("%(num)d marked as read.", "%(num)d marked as read.", number)
        % {"num": number},
    )  # fmt: skip
    return HttpResponseRedirect(reverse("admin:index"))
