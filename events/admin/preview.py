"""The door /preview/, and the page of an item's preview links.

Every answer of the door is stored by nobody, indexed by nobody and told to no other site, and
gets the readers' policy: what is shown is the public site's own.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from csp.decorators import csp
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Max, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import get_resolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import dates, differences, editions, preview, roles, sight, visibility
from ..languages import current
from ..models import Change, ChangeState, PreviewLink, Publication, Reading
from ..publishing import Refused
from ..visibility import Stage
from . import refusals
from .pages import Button, Pages

View = Callable[..., HttpResponse]
COOKIE = "preview"
_SALT = "events.preview"


def hushed(view: View) -> View:
    """A view whose every answer, refusals among them, is for the person who asks alone."""

    strict: Any = csp(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse
        try:
            response = view(request, *args, **kwargs)
        except Http404 as nothing:
            missing: Any = get_resolver().resolve_error_handler(404)
            response = missing(request, exception=nothing)
        except PermissionDenied as refusal:
            response = refusals.forbidden(request, refusal)
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response

    hushed_view: View = strict(answer)
    return hushed_view


def _page(request: HttpRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    context |= {"office_name": settings.OFFICE_NAMES[current()]}
    return HttpResponse(render_to_string(f"preview/{name}.html", context, request), status=status)


def _refused(request: HttpRequest) -> HttpResponse:
    """The one answer to a code that opens nothing: unknown, mistyped, expired, revoked."""
    return _page(request, "refused", 403)


# --- /preview/ -----------------------------------------------------------------------------------


@hushed
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """A page that names nothing, with a button; the button exchanges a code for a visit.

    A program that follows every link in a mail presses no button, and so uses nothing up.
    """
    if request.method != "POST":
        response = _page(request, "door")
        # With "no-referrer" a browser would not say where the form comes from, and CSRF
        # protection would refuse it. There is nothing in this address to be told.
        response.headers["Referrer-Policy"] = "same-origin"
        return response
    # Whoever pastes the whole address means what stands behind its sign.
    link = preview.link_with(request.POST.get("code", "").rpartition("#")[2].strip())
    if link is None or not preview.may_open(link):
        return _refused(request)
    where = preview.shows(link.publication, link.change)
    # An address without a fragment of its own would inherit the code, into the address bar.
    response = HttpResponseRedirect(f"{where}#")
    begins = preview.address(link.publication, link.change)
    if where == begins:
        left = link.expires_at - visibility.moment()
        response.set_signed_cookie(
            COOKIE, str(link.pk), salt=_SALT, max_age=min(preview.VISIT, left), path=begins,
            secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
        )  # fmt: skip
    return response


def _visiting(request: HttpRequest) -> PreviewLink | None:
    """The link by which this visit was begun, if it still opens its door."""
    uid = request.get_signed_cookie(COOKIE, None, salt=_SALT, max_age=preview.VISIT)
    if uid is None:
        return None
    link = PreviewLink.objects.select_related("publication", "change").filter(pk=uid).first()
    return link if link is not None and preview.may_open(link) else None


@hushed
@require_safe
def item(request: HttpRequest, uid: Any, rest: str = "") -> HttpResponse:
    """An item's own pages as readers will get them."""
    record = Publication.objects.filter(pk=uid).first()
    return _preview(request, rest, record and record.child, None)


@hushed
@require_safe
def change(request: HttpRequest, uid: Any, rest: str = "") -> HttpResponse:
    """A record's own pages as readers will get them once a change is applied."""
    proposal = Change.objects.filter(pk=uid).first()
    record = None
    if proposal is not None:
        model: Any = editions.model_named(proposal.model)
        if proposal.state == ChangeState.PROPOSED or issubclass(model, Publication):
            record = model.objects.filter(pk=proposal.record_uid).first()
    return _preview(request, rest, record, proposal)


def _preview(
    request: HttpRequest, rest: str, record: Any, proposal: Change | None
) -> HttpResponse:  # fmt: skip
    """Let in by session or by link, or send to where one is let in: before it is known whether
    there is anything here at all."""
    is_staff = admin.site.has_permission(request)
    if not is_staff and COOKIE not in request.COOKIES:
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    link = None
    if not (is_staff and record is not None and _sees(request.user, record, proposal)):
        link = _visiting(request)
        if not _is_of(link, record, proposal):
            if is_staff:
                raise Http404
            return _refused(request)
    own = f"/{rest}"
    begins = preview.address(record, proposal)
    where = preview.shows(record, proposal) if isinstance(record, Publication) else begins
    try:
        if where != begins:
            return HttpResponseRedirect(where)
        if not rest:
            return HttpResponseRedirect(begins.rstrip("/") + preview.entry(record, proposal))
        if not preview.is_own(own, record, proposal):
            return _elsewhere(request, own)
        with preview.showing(record, proposal):
            answer = preview.public_answer(own, begins, request.GET, request.method or "GET")
    except Refused as refusal:
        return _page(request, "nothing", 409, sentences=refusal.messages)
    if answer.status_code == 200 and not _is_noted(own, request.user, record, link):
        how = Reading.How.LINK if link else Reading.How.PREVIEW
        sight.record_reading(request.user, record, how, link)
    return preview.marked(answer, "preview/banner.html", **_banner(record, proposal))


def _is_noted(own: str, user: Any, record: Any, link: PreviewLink | None) -> bool:
    """Whether an address is that of a file, of an item whose reading is noted: the pictures of a
    page come with it."""
    if preview.file_uid(own) is None:
        return False
    who = {"link": link} if link else {"link": None, "by": user}
    lately = visibility.moment() - timedelta(hours=1)
    return Reading.objects.filter(record_uid=record.pk, at__gt=lately, **who).exists()


def _sees(user: Any, record: Any, proposal: Change | None) -> bool:
    if proposal is not None and not (
        roles.holds(user, "view_change") and differences.sees_whole(user, proposal)
    ):
        return False
    return all(sight.sees(user, each) for each in (record, proposal) if each is not None)


def _is_of(link: PreviewLink | None, record: Any, proposal: Change | None) -> bool:
    """Whether a link opens this door and no other."""
    if link is None or record is None:
        return False
    return link.publication_id == record.pk and link.change_id == (proposal and proposal.pk)


def _elsewhere(request: HttpRequest, own: str) -> HttpResponse:
    """To the real public address of whatever else a preview leads to."""
    if not preview.is_public_address(own):
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(escape_leading_slashes(own) + (f"?{query}" if query else ""))


def _banner(record: Any, proposal: Change | None) -> dict[str, Any]:
    stage = getattr(record, "stage", None)
    embargoed = stage is Stage.EMBARGOED
    return {
        "label": gettext_lazy("Preview: not released"), "change": proposal,
        "release_at": record.release_at if embargoed else None,
    }  # fmt: skip


# --- The page of an item's links ------------------------------------------------------------------


class LinkForm(forms.Form):
    """For whom, for how long, and of which text."""

    for_whom = forms.CharField(
        label=gettext_lazy("For whom"), max_length=200, required=False,
        widget=forms.TextInput({"class": "vTextField"}),
        help_text=gettext_lazy("A name or a newsroom: kept with every use of the link."),
    )  # fmt: skip
    hours = forms.IntegerField(
        label=gettext_lazy("Works for how many hours"), initial=preview.USUAL, required=False,
        widget=forms.NumberInput({"min": 1, "max": preview.LONGEST}),
        help_text=gettext_lazy("1 to 48."),
    )  # fmt: skip
    change = forms.ModelChoiceField(
        label=gettext_lazy("Which text"), queryset=Change.objects.none(), required=False,
        empty_label=gettext_lazy("The text as it stands"),
    )  # fmt: skip

    def __init__(self, item: Any, user: Any, data: Any = None) -> None:
        super().__init__(data)
        proposed = differences.seen_changes(user).open().filter(record_uid=item.pk)
        field: Any = self.fields["change"]
        field.queryset = proposed
        field.label_from_instance = _change_named
        if not proposed.exists():
            del self.fields["change"]
        elif not _is_unreleased(item):
            field.required, field.empty_label = True, None


def _change_named(change: Change) -> str:
    when = dates.written_moment(change.proposed_at)
    return _("As changed: %(kind)s, %(when)s") % {"kind": change.get_kind_display(), "when": when}


class PreviewPages(Pages):
    """The preview of an item that is not public, and the links that show it to others."""

    ROUTES = (
        ("preview-links/", "preview_links_view"),
        ("preview-links/<uuid:link_id>/revoke/", "revoke_preview_link_view"),
    )

    def buttons(self, request: HttpRequest, item: Any) -> list[Button]:
        """The preview at every stage that is not public yet; links for those who may share."""
        found = []
        if _is_unreleased(item):
            found.append(Button(_("Preview"), preview.address(item)))
        may_share = roles.holds(request.user, "share_preview")
        if may_share and (_is_unreleased(item) or item.preview_links.exists()):
            found.append(Button(_("Preview links"), self.url("preview_links", item)))
        if item.stage is Stage.EMBARGOED and roles.holds(request.user, "rehearse"):
            when = preview.stamp(item.release_at)
            found.append(Button(_("Rehearsal"), reverse("rehearsal:moment", args=[when])))
        return found

    def preview_links_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Make a link, whose address is shown this once, and see what became of the others."""
        record = self._shared(request, object_id)
        form = LinkForm(record, request.user, request.POST if request.method == "POST" else None)
        made = None
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                made, code = preview.make_link(
                    record, request.user, given["for_whom"], given["hours"], given.get("change")
                )
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                made.address = settings.SITE_URL + reverse("preview:door") + f"#{code}"  # type: ignore[attr-defined]
                form = LinkForm(record, request.user)
        title = _("Preview links: %(item)s") % {"item": record}
        return self.page(
            request, "admin/preview_links.html", record, title, form=form, made=made,
            links=self._links(request, record), limited=record.limited and _is_unreleased(record),
            can_make=preview.shareable(record) or "change" in form.fields,
        )  # fmt: skip

    @method_decorator(require_POST)
    def revoke_preview_link_view(
        self, request: HttpRequest, object_id: Any, link_id: Any
    ) -> HttpResponse:
        """Stop a link at once."""
        record = self._shared(request, object_id)
        link = get_object_or_404(_seen_links(request.user, record), pk=link_id)
        preview.revoke_link(link, request.user)
        messages.success(request, _("The link for %(whom)s is revoked.") % {"whom": link.for_whom})
        return HttpResponseRedirect(self.url("preview_links", record))

    def _shared(self, request: HttpRequest, object_id: Any) -> Any:
        record = self.record(request, object_id)
        roles.require(request.user, "share_preview")
        return record

    def _links(self, request: HttpRequest, record: Any) -> list[PreviewLink]:
        rows = (
            _seen_links(request.user, record)
            .select_related("made_by", "change", "publication")
            .annotate(times=Count("uses"), last=Max("uses__at"))
            .prefetch_related(Prefetch("uses", Reading.objects.order_by("-at")))
        )
        links: list[Any] = list(rows)
        for link in links:
            link.works = preview.may_open(link)
            link.expired = link.expires_at <= visibility.moment()
        return links


def _seen_links(user: Any, record: Any) -> Any:
    """The links of an item, but for those to a change of more than this person may see."""
    seen = differences.seen_changes(user).filter(record_uid=record.pk).values("pk")
    links = PreviewLink.objects.filter(publication=record.pk)
    return links.filter(Q(change=None) | Q(change__in=seen))


def _is_unreleased(item: Any) -> bool:
    return item.stage in (
        Stage.DRAFT, Stage.IN_REVIEW, Stage.EMBARGOED
    )  # fmt: skip


preview_patterns = [
    path("", door, name="door"),
    path("change/<uuid:uid>/", change, name="change"),
    path("change/<uuid:uid>/<path:rest>", change),
    path("<uuid:uid>/", item, name="item"),
    path("<uuid:uid>/<path:rest>", item),
]
