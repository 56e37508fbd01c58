"""What the admin of every recorded model shares: saves through the verbs, pages beside the form."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from .. import editions, publishing, roles, sight
from ..languages import current
from ..models import Reading
from ..models.reference import in_order
from .changes import ChangePages
from .editions import EditionPages
from .forms import RecordForm
from .keeping import KeepingAdmin
from .pages import Pages
from .presence import PresencePages
from .sighted import SightAdmin


class RecordAdmin(SightAdmin, KeepingAdmin):
    """Saves write an edition; nothing that was public is edited in place or deleted."""

    form = RecordForm
    change_form_template = "admin/record_change_form.html"
    proposal_template = "admin/change_form_proposal.html"
    actions = None
    save_on_top = True
    pages: ClassVar[tuple[type[Pages], ...]] = (ChangePages, EditionPages, PresencePages)

    def get_urls(self) -> list[Any]:
        """The pages beside the form, before the stock ones."""
        own = [url for pages in self.pages for url in pages(self).urls()]
        return [*own, *super().get_urls()]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Let the form know who is asking."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"request": request})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Carry the hidden version in the first fieldset of a form that can be saved, and in an
        add form the identity of the row that it makes."""
        fieldsets = [(name, dict(options)) for name, options in super().get_fieldsets(request, obj)]
        hidden = ("seen_version", "identity")
        fields = [name for name in fieldsets[0][1]["fields"] if name not in hidden]
        editable = obj is None or self.has_change_permission(request, obj)
        carried = hidden[: 2 if obj is None else 1] if editable else ()
        fieldsets[0][1]["fields"] = [*fields, *carried]
        return fieldsets

    def get_view_on_site_url(self, obj: Any = None) -> Any:
        """The way to the public page, once there is one: before, it would lead to the 404."""
        if obj is None or not type(obj).objects.public().filter(pk=obj.pk).exists():
            return None
        return super().get_view_on_site_url(obj)

    def is_editable(self, obj: Any) -> bool:
        """Whether the record is edited in place at all, whoever asks."""
        return not publishing.is_in_use(obj)

    def _may(self, request: HttpRequest, action: str) -> bool:
        """Whether a role allows it: being a superuser does not, and would only be refused once a
        whole form has been filled in."""
        codename = f"{action}_{self.opts.model_name}"
        return not request.user.is_superuser or roles.holds(request.user, codename)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By role."""
        return super().has_add_permission(request) and self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """In place before approval; while a change is being proposed, by whoever may propose."""
        if getattr(request, "proposing", None) is not None:
            return roles.holds(request.user, "propose_change")
        allowed = super().has_change_permission(request, obj) and self._may(request, "change")
        return allowed and (obj is None or self.is_editable(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts are discarded by their own verb; everything else stays."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store the parts too, then let the verb validate the whole and write the edition."""
        super().save_related(request, form, formsets, change)
        if getattr(request, "proposing", None) is None:
            publishing.finish_save(form.instance, request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A change leaves alone what was fixed at approval."""
        fields = super().get_readonly_fields(request, obj)
        if getattr(request, "proposing", None) is None:
            return fields
        own = {field.name for field in self.opts.get_fields()}
        return [*fields, *(name for name in publishing.FROZEN if name in own)]

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        """Saved; or, while a change is being proposed, what it would be, before it is undone."""
        proposing = getattr(request, "proposing", None)
        if proposing is None:
            return super().response_change(request, obj)
        proposing.content = editions.snapshot(self.model._default_manager.get(pk=obj.pk))
        return HttpResponse(status=204)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The editions are the log; there is no second one."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nor for changes."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """Nor for discarded drafts."""

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Offer the ways to the pages beside the form, and note who reads what is not public."""
        item = context.get("original")
        if item is not None:
            context["buttons"] = [
                button for pages in self.pages for button in pages(self).buttons(request, item)
            ]
            if request.method != "HEAD":
                sight.record_reading(request.user, publishing.owner(item), Reading.How.FORM)
        response: TemplateResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """The editions are the history; there is no second one."""
        return EditionPages(self).list_view(request, object_id)


class ReferenceAdmin(RecordAdmin):
    """Rows that texts name: free to change until an approved text names them."""


class NamedAdmin(ReferenceAdmin):
    """Rows with a name: lists and choices have them by the alphabet of whoever is asking."""

    def get_ordering(self, request: HttpRequest) -> Any:
        """By the alphabet, unless a column's head was pressed."""
        return in_order()

    def get_list_display(self, request: HttpRequest) -> Any:
        """The name first, as lists have it; pressing its head sorts by the alphabet."""

        @admin.display(description=_("name"), ordering=in_order()[0])
        def listed(row: Any) -> str:
            return row.listed_as(current()) or str(row)

        return [listed if name == "__str__" else name for name in super().get_list_display(request)]
