"""Bundles: what is in one, who must confirm what, and one decision for the whole of it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from .. import dates, languages, publishing, roles, sight, visibility
from ..models import Bundle, Publication
from ..signin import fresh
from ..visibility import Stage, Status
from .bundleforms import LeaveForm, Whole, WholeForm, change_url, waiting
from .pages import Button, Pages
from .schedule import TimeForm, release_times
from .sighted import SightAdmin

VERBS: dict[str, Callable[..., Any]] = {
    "approve": publishing.approve_bundle, "release_now": publishing.release_bundle_now,
    "move_release": publishing.move_bundle, "cancel_release": publishing.cancel_bundle,
}  # fmt: skip
_HAPPENS = {
    "approve": gettext_lazy(
        "Everything below becomes public at the time you state, all of it in the same second,"
        " with no further act. If one member cannot be approved, none is."
    ),
    "release_now": gettext_lazy(
        "Everything below becomes public this very second. If one member cannot be released,"
        " none is."
    ),
    "move_release": gettext_lazy(
        "Everything below stays approved and becomes public together at another time."
    ),
    "cancel_release": gettext_lazy(
        "The release will not happen: everything below goes back into review, without a time."
    ),
}
_FOUND = 20


class BundlePages(Pages):
    """The bundle itself, what may join it, what leaves it, and the moves of the whole."""

    ROUTES = (
        ("join/", "join_view"), ("leave/<uuid:member>/", "leave_view"),
        ("move/<slug:verb>/", "move_view"), ("move/<slug:verb>/times/", "times_view"),
    )  # fmt: skip

    def whole_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The members, and on a search what may join them."""
        whole = Whole(self.record(request, object_id))
        mends = roles.holds(request.user, "make_bundle")
        rows = [
            {"item": row, "url": change_url(row), "waiting": waiting(row, request.user),
             "leave": self.url("leave", whole.bundle, row.pk) if mends and not whole.is_out else ""}
            for row in whole.members
        ]  # fmt: skip
        buttons = [
            Button(move.label, self.url("move", whole.bundle, move.name), move.name == "approve")
            for move in whole.moves(request.user)
        ]  # fmt: skip
        return self.page(
            request, "admin/bundle.html", whole.bundle, str(whole.bundle), whole=whole, rows=rows,
            release=release_times(whole) if whole.release_at else "", buttons=buttons,
            q=request.GET.get("q", ""), join=self.url("join", whole.bundle),
            found=self._found(request) if whole.is_open and mends else None,
        )  # fmt: skip

    def _found(self, request: HttpRequest) -> list[Publication]:
        """What this person may see, is not approved and in no bundle, the latest first."""
        words = Q()
        for word in request.GET.get("q", "").replace("\x00", "").split()[:8]:
            columns = ("slug", *languages.columns("title"))
            words &= Q(*((f"{name}__icontains", word) for name in columns), _connector=Q.OR)
        rows = sight.seen_by(request.user, Publication.objects.filter(words, bundle=None))
        rows = rows.filter(status__in=(Status.DRAFT, Status.IN_REVIEW))
        return list(rows.order_by("-date", "-uid")[:_FOUND])

    @method_decorator(require_POST)
    def join_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put an item in. Raises Http404 for one that the person may not see."""
        bundle = self.record(request, object_id)
        item = self._item(request, request.POST.get("item", ""))
        try:
            publishing.join_bundle(bundle, item, request.user)
            messages.success(request, _("“%(item)s” is in the bundle.") % {"item": item})
        except publishing.Refused as refused:
            messages.error(request, f"{item}: {' '.join(refused.messages)}")
        return HttpResponseRedirect(self.change_url(bundle))

    def _item(self, request: HttpRequest, key: Any) -> Any:
        try:
            row = sight.seen_by(request.user, Publication.objects.filter(pk=key)).first()
        except (ValidationError, ValueError) as problem:
            raise Http404 from problem
        if row is None:
            raise Http404
        return row.child

    def leave_view(self, request: HttpRequest, object_id: str, member: Any) -> HttpResponse:
        """Say what it means to take a member out, and do so on POST."""
        bundle = self.record(request, object_id)
        item = self._item(request, member)
        roles.require(request.user, "make_bundle")
        if item.bundle_id != bundle.pk:
            raise Http404
        form = LeaveForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                publishing.leave_bundle(item, request.user, form.cleaned_data["note"])
            except publishing.Refused as refused:
                beside = getattr(refused, "error_dict", {None: [refused]})
                for name, errors in beside.items():
                    form.add_error(name if name in form.fields else None, errors)
            else:
                left = _("“%(item)s” is in the bundle no more.") % {"item": item}
                messages.success(request, left)
                return HttpResponseRedirect(self.change_url(bundle))
        return self.page(
            request, "admin/bundle_leave.html", bundle, _("Take out of the bundle: %(item)s") % {
                "item": item}, form=form, member=item, whole=Whole(bundle),
        )  # fmt: skip

    def move_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Ask what the move of the whole needs and confirm it; act on POST alone. A move that is
        not possible is explained, with 409 Conflict."""
        whole, move = self._asked(request, object_id, verb)
        posted = request.method == "POST"
        form = WholeForm(move, whole, request.user, request.POST if posted else None)
        to_confirm = False
        if posted and form.is_valid():
            to_confirm = "release_at" in move.asks and form.is_to_be_shown()
            if move.anew and not to_confirm:
                fresh.require(request)
            if not to_confirm and self._act(form, whole):
                messages.success(request, _done(move, Whole(self.record(request, object_id))))
                return HttpResponseRedirect(self.change_url(whole.bundle))
        possible = move in whole.moves(request.user)
        answer = self.page(
            request, "admin/bundle_move.html", whole.bundle, f"{move.label}: {whole.bundle}",
            move=move, form=form, whole=whole, possible=possible, to_confirm=to_confirm,
            happens=_HAPPENS[verb], release=release_times(whole) if whole.release_at else "",
            now=dates.written_exactly(visibility.moment(), settings.OFFICE_TIME_ZONE),
            asks_anew=move.anew and not fresh.is_fresh(request),
        )  # fmt: skip
        answer.status_code = 200 if possible else 409
        return answer

    @method_decorator(require_POST)
    def times_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """The typed time in every zone, for the page to show while it is typed."""
        whole, move = self._asked(request, object_id, verb)
        if "release_at" not in move.asks:
            raise Http404
        form = TimeForm(whole, request.user, request.POST)
        form.full_clean()
        return TemplateResponse(request, "admin/move_times.html", {"form": form})

    def _asked(
        self, request: HttpRequest, object_id: str, verb: str
    ) -> tuple[Whole, publishing.Move]:  # fmt: skip
        whole = Whole(self.record(request, object_id))
        if verb not in VERBS:
            raise Http404
        move = publishing.MOVES[verb]
        roles.require(request.user, move.permission)
        return whole, move

    def _act(self, form: WholeForm, whole: Whole) -> bool:
        try:
            VERBS[form.move.name](whole.bundle, form.user, **form.arguments())
        except ValidationError as refusal:
            form.refuse(refusal)
            return False
        return True


def _done(move: publishing.Move, whole: Whole) -> str:
    done = _("%(verb)s: done, for all %(count)d members.") % {
        "verb": move.label, "count": len(whole.members)}  # fmt: skip
    return f"{done} {release_times(whole)}" if whole.stage == Stage.EMBARGOED else done


class MemberPages(Pages):
    """The way from a member to its bundle, where its release is decided."""

    def buttons(self, request: HttpRequest, item: Any) -> list[Button]:
        """For whoever may see the whole of it."""
        bundle = Bundle.objects.filter(pk=item.bundle_id).first()
        if bundle is None or not sight.sees(request.user, bundle):
            return []
        url = reverse("admin:events_bundle_change", args=[bundle.pk])
        return [Button(_("Released with its bundle: %(bundle)s") % {"bundle": bundle}, url)]


@admin.register(Bundle)
class BundleAdmin(SightAdmin):
    """Bundles: made with a name, then decided on their own page."""

    list_display = ("name", "stage_shown", "count_shown", "release_shown", "made_by", "made")
    list_display_links = ("name",)
    list_select_related = ("made_by",)
    search_fields = ("name",)
    fields = ("name",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        """Those of which this person may see every member."""
        members = Publication.objects.select_related("as_event", "as_statement")
        return super().get_queryset(request).prefetch_related(Prefetch("members", members))

    def get_urls(self) -> list[Any]:
        """The pages of a bundle, before the stock ones."""
        return [*BundlePages(self).urls(), *super().get_urls()]

    @admin.display(description=gettext_lazy("stage"))
    def stage_shown(self, bundle: Bundle) -> str:
        """Where the whole stands."""
        stage = Whole(bundle).stage
        if stage is None:
            return "–"
        return format_html('<span class="stage stage-{}">{}</span>', stage.value, stage.label)

    @admin.display(description=gettext_lazy("members"))
    def count_shown(self, bundle: Bundle) -> int:
        """How many items are in it."""
        return len(bundle.members.all())

    @admin.display(description=gettext_lazy("release time"))
    def release_shown(self, bundle: Bundle) -> str:
        """The one time, in every zone that matters."""
        whole = Whole(bundle)
        return release_times(whole) if whole.release_at else "–"

    @admin.display(description=gettext_lazy("made"), ordering="made_at")
    def made(self, bundle: Bundle) -> str:
        """When, by the office's clock, with its offset."""
        return dates.written_moment(bundle.made_at)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By role alone: being a superuser shows nothing."""
        return roles.holds(request.user, "view_bundle")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever makes bundles."""
        return roles.holds(request.user, "make_bundle")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its own page and the verbs change it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What went out together is known as such for good."""
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Its own page, in place of a form."""
        if self.get_object(request, object_id) is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        return BundlePages(self).whole_view(request, object_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """What happened to its members, their editions tell."""
        raise Http404

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What keeps a bundle from being made stands above what was typed."""
        base: Any = super().get_form(request, *args, **kwargs)

        class BundleForm(base):
            def clean(self) -> Any:
                publishing.refuse_while_frozen("make_bundle", request.user)
                return super().clean()

        return BundleForm

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Made by the verb."""
        obj.pk = publishing.make_bundle(obj.name, request.user).pk

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """A list of recent actions would tell its name to whoever may not see a later member."""

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """On to what is to be in it."""
        return HttpResponseRedirect(reverse("admin:events_bundle_change", args=[obj.pk]))
