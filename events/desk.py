"""The admin's site: the desk on its first page, search and notifications beside it.

Not in admin/: the stock admin makes its site from this class before it reads that package, so
that what the pages show is imported only when they are asked for.
"""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from . import roles
from .languages import current

# The models as one works with them; what is named nowhere here comes last.
GROUPS = (
    (_("Publications"), ("Publication", "Event", "Statement", "Quote", "Outcome", "Bundle")),
    (_("People and places"), ("Person", "Organisation", "Country", "Topic", "Series",
                              "MediaContact")),
    (_("Pictures"), ("Photo",)),
    (_("Records"), ("Change", "Edition", "Reading", "AuditEntry", "PreviewLink", "Announcement",
                   "Ping")),
    (_("Accounts"), ("User", "Group")),
)  # fmt: skip


class Desk(admin.AdminSite):
    """The stock admin site under the office's name, with the desk on its index."""

    index_title = _("Desk")
    enable_nav_sidebar = False

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Name the office whose desk this is."""
        name = settings.OFFICE_NAMES[current()]
        return {
            **super().each_context(request), "site_header": name, "site_title": name,
            "tongues": settings.LANGUAGES, "here": request.get_full_path(),
            "frozen": getattr(getattr(request, "standing", None), "frozen", False),
        }  # fmt: skip

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The stock door leads to the one way in; whoever is in already goes on, and whoever may
        not is told."""
        from .signin import targets

        back = request.GET.get("next", "")
        to = back if targets.is_own(back) else reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(to)
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(to)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One's own; the old one is not guessed here either, at a desk that somebody has left."""
        from .signin import fresh

        fresh.require(request)
        return super().password_change(request, extra_context)

    def get_urls(self) -> list[Any]:
        """The desk's own pages before the stock ones."""
        from .admin import desknotes, freezing, languagelag, parts, search, sighted, tongues

        return [
            path("search/", self.admin_view(search.search_view), name="search"),
            # For whoever signs in too: nothing is shown or stored but a choice of language.
            path("language/", tongues.language_view, name="language"),
            path("freeze/", self.admin_view(freezing.freeze_view), name="freeze"),
            path("languages/", self.admin_view(languagelag.lag_view), name="languages"),
            path("parts/", self.admin_view(parts.parts_view), name="parts"),
            path("notifications/", self.admin_view(desknotes.list_view), name="notifications"),
            path(
                "notifications/read/", self.admin_view(desknotes.read_view),
                name="notifications_read",
            ),
            path(
                "autocomplete/", self.admin_view(sighted.Choices.as_view(admin_site=self)),
                name="autocomplete",
            ),
            path(
                "r/<path:content_type_id>/<path:object_id>/",
                self.admin_view(sighted.view_on_site), name="view_on_site",
            ),
            *super().get_urls(),
        ]  # fmt: skip

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The desk for whoever may see publications, above the stock lists in their groups."""
        from .admin import deskpage

        shown: dict[str, Any] = {"groups": self._groups(request)}
        shown["freezes"] = roles.holds(request.user, "freeze_site")
        if roles.holds(request.user, "view_publication"):
            shown["desk"] = deskpage.context(request)
        return super().index(request, {**(extra_context or {}), **shown})

    def _groups(self, request: HttpRequest) -> list[tuple[Any, list[dict[str, Any]]]]:
        left = {
            model["object_name"]: model
            for app in self.get_app_list(request)
            for model in app["models"]
        }
        found = [
            (title, [left.pop(name) for name in names if name in left]) for title, names in GROUPS
        ]
        return [(title, models) for title, models in (*found, (_("More"), [*left.values()]))
                if models]  # fmt: skip
