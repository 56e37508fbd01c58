"""The files of a record, for whoever may see it in the admin: those that it has, that a proposal
would give it, and that an edition remembers. To be saved and not shown: no file is a page here."""

from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .. import audit, differences, editions, publishing, roles, sight
from ..differences import NamedFile
from ..files import addresses, documents, renditions
from ..models import Reading
from .pages import Pages

_TYPES = {**documents.TYPES, **renditions.FORMATS, "jpeg": "image/jpeg", "png": "image/png"}
# As public/sending.py has it: what is opened all the same runs nothing and asks for nothing.
POLICY = "default-src 'none'; sandbox"


def file_url(record: Any, holder: Any, blob: str) -> str:
    """Where staff get a file that a record, or the part of it that is `holder`, names."""
    version = NamedFile(blob).version
    return reverse(f"admin:events_{record._meta.model_name}_file",
                   args=[record.pk, holder, version])  # fmt: skip


def download_link(record: Any, holder: Any, blob: str) -> SafeString:
    """The same as a link, for a form that cannot be edited: what is there, and the way to it."""
    return format_html(
        '{} · <a href="{}">{}</a>', NamedFile(blob), file_url(record, holder, blob), _("Download")
    )


class FilePages(Pages):
    """The files themselves."""

    ROUTES = (("files/<uuid:holder>/<slug:version>/", "file_view"),)

    def file_view(
        self, request: HttpRequest, object_id: Any, holder: Any, version: str
    ) -> FileResponse:
        """A file, kept by no cache. Raises Http404 for what the person may not see, as for what
        does not exist; who reads a file of an unreleased item is noted, as its form is."""
        item = self.record(request, object_id)
        found = self._found(request.user, item, str(holder), version)
        if found is None:
            raise Http404
        try:
            opened = default_storage.open(found.blob)
        except OSError as problem:
            raise Http404 from problem
        sight.record_reading(request.user, publishing.owner(item), Reading.How.FORM)
        audit.note(
            "downloaded", request=request, record=publishing.owner(item), holder=str(holder),
            version=version,
        )  # fmt: skip
        form = addresses.extension(found.blob)
        answer = FileResponse(
            opened, as_attachment=True, filename=addresses.saved_as(found.title, form, version),
            content_type=_TYPES.get(form, "application/octet-stream"),
        )  # fmt: skip
        answer["Cache-Control"] = "private, no-store"
        answer["Content-Security-Policy"] = POLICY
        return answer

    def _found(self, user: Any, item: Any, holder: str, version: str) -> NamedFile | None:
        for content in self._contents(user, item, version):
            for uid, file in differences.files_in(content):
                if (uid, file.version) == (holder, version):
                    return file
        return None

    def _contents(self, user: Any, item: Any, version: str) -> Iterator[Any]:
        """The texts in which to look, the likeliest first: none is read before it is needed."""
        yield editions.snapshot(item)
        if roles.holds(user, "view_change"):
            changes = differences.seen_changes(user).filter(record_uid=item.pk)
            yield from map(
                editions.completed, _naming(changes, version).values_list("snapshot", flat=True)
            )
        if roles.holds(user, "view_edition"):
            found = _naming(editions.of(item), version).order_by("-number")
            for snapshot in found.values_list("snapshot", flat=True)[:1]:
                yield editions.completed(snapshot["content"])


def _naming(rows: Any, version: str) -> Any:
    """Of rows with a snapshot, those that name a file whose checksum begins so."""
    return rows.annotate(text=Cast("snapshot", TextField())).filter(text__contains=f"/{version}")
