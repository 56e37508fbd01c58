"""Who sees an item before its release: named by a Head of press on a page beside its form."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from .. import publishing, roles
from ..visibility import Stage
from .pages import Button, Pages

_BEFORE = (Stage.DRAFT, Stage.IN_REVIEW, Stage.EMBARGOED)


class _People(forms.ModelMultipleChoiceField):
    """Members of staff, with what each does here."""

    def label_from_instance(self, obj: Any) -> str:
        """The name, the account and the roles."""
        names = ", ".join(roles.label(group.name) for group in obj.groups.all())
        known = f"{obj.get_full_name()} ({obj.get_username()})" if obj.get_full_name() else str(obj)
        return f"{known} – {names}" if names else known


class LimitForm(forms.Form):
    """Whom an item names, and whether they alone see it."""

    WHO = (
        ("them", gettext_lazy("The people chosen below alone")),
        ("office", gettext_lazy("The whole office, and the readers under embargo chosen below")),
    )
    who = forms.ChoiceField(
        label=gettext_lazy("Who sees it before its release"), choices=WHO,
        widget=forms.RadioSelect,
    )  # fmt: skip
    people = _People(
        label=gettext_lazy("People named on it"), queryset=get_user_model().objects.none(),
        required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, item: Any, data: Any = None) -> None:
        super().__init__(data)
        staff = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
        self.fields["people"].queryset = (  # type: ignore[attr-defined]
            staff.order_by("last_name", "username").prefetch_related("groups")
        )
        self.initial = {
            "who": "them" if item.limited else "office",
            "people": [each.pk for each in publishing.named_on(item)],
        }


class LimitPages(Pages):
    """Name people, lift the limit."""

    ROUTES = (("limit/", "limit_view"), ("limit/lift/", "lift_view"))

    def buttons(self, request: HttpRequest, item: Any) -> list[Button]:
        """For Heads of press: who may see it while it is not out, and who has read it."""
        found = []
        if item.stage in _BEFORE and roles.holds(request.user, "limit_publication"):
            found.append(Button(_("Who may see it"), self.url("limit", item)))
        if roles.holds(request.user, "view_reading"):
            readings = reverse("admin:events_reading_changelist")
            found.append(Button(_("Who has read it"), f"{readings}?record_uid={item.pk}"))
        return found

    def limit_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show who is named, and name others on POST."""
        item = self.record(request, object_id)
        roles.require(request.user, "limit_publication")
        posted = request.method == "POST"
        form = LimitForm(item, request.POST if posted else None)
        if posted and form.is_valid():
            people, only_them = form.cleaned_data["people"], form.cleaned_data["who"] == "them"
            try:
                publishing.limit(item, request.user, people, only_them=only_them)
            except ValidationError as refusal:
                beside = getattr(refusal, "error_dict", {None: [refusal]})
                for name, errors in beside.items():
                    form.add_error(name if name in form.fields else None, errors)
            else:
                messages.success(request, _("Stored who may see “%(item)s”.") % {"item": item})
                return HttpResponseRedirect(self.url("limit", item))
        named = item.access.select_related("user", "given_by").order_by("user__username")
        return self.page(
            request, "admin/limits.html", item, _("Who may see it: %(item)s") % {"item": item},
            form=form, named=named, lift=self.url("lift", item), possible=item.stage in _BEFORE,
        )  # fmt: skip

    @method_decorator(require_POST)
    def lift_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let the whole office see it again."""
        item = self.record(request, object_id)
        roles.require(request.user, "limit_publication")
        try:
            publishing.lift_limit(item, request.user)
            messages.success(request, _("The whole office sees “%(item)s” again.") % {"item": item})
        except publishing.Refused as refused:
            messages.error(request, " ".join(refused.messages))
        return HttpResponseRedirect(self.url("limit", item))
