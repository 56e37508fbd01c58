"""Pages about one record beside its form: each group of them in a module of its own."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Button:
    """A way from the record's form to one of its pages; `main` marks the one most come for."""

    label: Any
    url: str
    main: bool = False


class Pages:
    """A group of pages about one record, mounted below its address by RecordAdmin.pages.

    A subclass lists its ROUTES as (below the record's address, method name); the method's name
    without "_view" ends the route's name: admin:events_statement_<name>.
    """

    ROUTES: tuple[tuple[str, str], ...] = ()

    def __init__(self, model_admin: Any) -> None:
        self.admin = model_admin
        self.opts = model_admin.opts

    def urls(self) -> list[Any]:
        """The routes, each behind the staff session."""
        return [
            path(
                f"<uuid:object_id>/{route}",
                self.admin.admin_site.admin_view(getattr(self, method)),
                name=self.route_name(method.removesuffix("_view")),
            )
            for route, method in self.ROUTES
        ]

    def buttons(self, request: HttpRequest, item: Any) -> list[Button]:
        """The ways from the record's form to these pages, for this person and stage."""
        return []

    def route_name(self, name: str) -> str:
        """The name of one of these routes, without its namespace."""
        return f"events_{self.opts.model_name}_{name}"

    def url(self, name: str, item: Any, *more: Any) -> str:
        """The address of one of these pages for a record."""
        return reverse(f"admin:{self.route_name(name)}", args=[item.pk, *more])

    def change_url(self, item: Any) -> str:
        """The address of the record's form."""
        return self.url("change", item)

    def record(self, request: HttpRequest, object_id: Any) -> Any:
        """The record that the person may see. Raises Http404 for any other, without telling
        one that exists from one that does not."""
        item = self.admin.get_object(request, str(object_id))
        if item is None or not self.admin.has_view_permission(request, item):
            raise Http404
        return item

    def page(
        self, request: HttpRequest, template: str, item: Any, title: str, **context: Any
    ) -> TemplateResponse:  # fmt: skip
        """Answer with an admin template that knows its record and the way back to the form."""
        context = {
            **self.admin.admin_site.each_context(request), "opts": self.opts, "original": item,
            "title": title, "back": self.change_url(item), "desk": _("Desk"), **context,
        }  # fmt: skip
        return TemplateResponse(request, template, context)
