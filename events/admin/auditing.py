"""The audit trail: for Heads of press to search and to take away as a table, for nobody to edit."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from .. import audit, dates, editions, roles, visibility
from ..exporting.tables import safe
from ..models import AuditEntry, Publication
from .editions import ACTS
from .readings import DateFilter, PersonFilter
from .sighted import ReadOnlyAdmin

_COLUMNS = ("number", "at", "act", "by", "by_name", "account", "model", "record_uid", "address",
            "request_id", "details", "digest")  # fmt: skip


def in_words(act: str) -> str:
    """What an entry says was done, in the active language: a verb in the words of editions."""
    return str(ACTS[act]) if act in ACTS else audit.in_words(act)


class ActFilter(admin.SimpleListFilter):
    """Filter by what was done: by one of the acts that the trail holds."""

    title = gettext_lazy("act")
    parameter_name = "act"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The acts that there are, by their words."""
        found = model_admin.get_queryset(request).order_by().values_list("act", flat=True)
        return sorted(((act, in_words(act)) for act in found.distinct()), key=lambda each: each[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The entries of one act."""
        return queryset.filter(act=self.value()) if self.value() else None


class KindFilter(admin.SimpleListFilter):
    """Filter by what it was done to: events, statements, accounts and so on."""

    title = gettext_lazy("kind of record")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every kind that may be in the trail."""
        kinds = editions.kinds()
        return [(name, str(model._meta.verbose_name)) for name, model in kinds.items()] + [
            ("user", str(gettext_lazy("account")))
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The entries about one kind."""
        return queryset.filter(model=self.value()) if self.value() else None


@admin.register(AuditEntry)
class AuditAdmin(ReadOnlyAdmin):
    """Who did what, the latest first; of items that this person may see."""

    list_display = ("when", "what", "who", "about", "address", "more")
    list_display_links = None
    list_filter = (ActFilter, ("by", PersonFilter), KindFilter, ("at", DateFilter))
    search_fields = ("by_name", "account__username", "record_uid", "address", "request_id")
    search_help_text = gettext_lazy("A person, an address, a record’s or a request’s identifier.")
    date_hierarchy = "at"
    list_per_page = 50
    list_select_related = ("account",)
    change_list_template = "admin/audit_change_list.html"
    fields = readonly_fields = (
        "when", "what", "who", "about", "address", "request_id", "more", "place",
    )  # fmt: skip

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By role alone: being a superuser shows nothing."""
        return roles.holds(request.user, "view_auditentry")

    def get_urls(self) -> list[Any]:
        """The table beside the list."""
        export = self.admin_site.admin_view(self.export_view)
        return [path("export/", export, name="events_auditentry_export"), *super().get_urls()]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list with the items that it names, looked up together."""
        found = super().get_changelist_instance(request)
        rows = list(found.result_list)
        items = Publication.objects.in_bulk({row.record_uid for row in rows if row.record_uid})
        for row in rows:
            row.item = items.get(row.record_uid)
        found.result_list = rows
        return found

    def export_view(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """The chosen entries as CSV (RFC 4180), the latest first; that it was taken is noted, with
        what was chosen. Only by a button: an address alone takes nothing away."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        found: Any = super().get_changelist_instance(request)
        # As far as the trail went when the button was pressed: not the note of this export.
        rows = found.queryset.filter(pk__lte=AuditEntry.objects.latest("pk").pk)
        audit.note(
            "exported", request=request, what="audit trail", rows=found.queryset.count(),
            chosen=request.GET.urlencode(),
        )  # fmt: skip
        name = f"audit-{visibility.moment():%Y%m%dT%H%M%SZ}.csv"
        return StreamingHttpResponse(
            _table(rows.select_related("by", "account", "link").iterator(1000)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"',
                     "Cache-Control": "no-store, private"},
        )  # fmt: skip

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def when(self, row: Any) -> str:
        """By the office's clock, with its offset."""
        return dates.written_moment(row.at)

    @admin.display(description=gettext_lazy("act"), ordering="act")
    def what(self, row: Any) -> str:
        """In words."""
        return in_words(row.act)

    @admin.display(description=gettext_lazy("person"), ordering="by_name")
    def who(self, row: Any) -> str:
        """In words, as an account or a link may be gone; nobody where nobody was signed in."""
        return roles.named(row.by_name) or "–"

    @admin.display(description=gettext_lazy("about"))
    def about(self, row: Any) -> str | SafeString:
        """The account; the item's title, and the way to its form; or the identifier."""
        if row.account_id:
            return str(row.account.get_username())
        if row.record_uid is None:
            return "–"
        item = row.item if hasattr(row, "item") else None
        item = item or Publication.objects.filter(pk=row.record_uid).first()
        if item is None:
            return f"{_kind(row.model)} {row.record_uid}"
        url = reverse(f"admin:events_{item.model}_change", args=[item.pk])
        return format_html('<a href="{}">{}</a>', url, item)

    @admin.display(description=gettext_lazy("details"))
    def more(self, row: Any) -> str | SafeString:
        """Names and numbers as they are stored, in no language; of a verb only which edition,
        whose digest the table has."""
        told = "; ".join(
            f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
            for name, value in row.details.items()
            if name != "digest"
        )
        return format_html("<code>{}</code>", told) if told else "–"

    @admin.display(description=gettext_lazy("place in the chain"))
    def place(self, row: Any) -> str:
        """Its number and digest."""
        link = getattr(row, "link", None)
        return f"{link.number}: {link.digest}" if link else "–"


def _kind(name: str) -> str:
    model = editions.kinds().get(name)
    return str(model._meta.verbose_name) if model else name


class _Line:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _table(rows: Iterator[Any]) -> Iterator[str]:
    """The lines of the table, none of whose cells a spreadsheet takes for a formula. It begins
    with a mark of UTF-8, without which one common program reads it as something else."""
    writer: Any = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(_COLUMNS)
    for row in rows:
        link = getattr(row, "link", None)
        cells = (
            link.number if link else "", row.at.astimezone(UTC).isoformat(), row.act,
            row.by.get_username() if row.by else "", row.by_name,
            row.account.get_username() if row.account else "", row.model, row.record_uid,
            row.address, row.request_id,
            json.dumps(row.details, ensure_ascii=False, sort_keys=True),
            link.digest if link else "",
        )  # fmt: skip
        yield writer.writerow([safe(cell) for cell in cells])
