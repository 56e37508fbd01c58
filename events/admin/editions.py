"""The editions of a record: to be read, compared and restored, never edited."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from .. import editions, publishing
from .pages import Pages


class EditionPages(Pages):
    """The list of editions."""

    def list_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Every act on the record, with who and when."""
        record = self.record(request, object_id)
        return self.page(
            request, "admin/editions.html", record, _("Editions: %(record)s") % {"record": record},
            editions=editions.of(publishing.owner(record)).select_related("by"),
        )  # fmt: skip
