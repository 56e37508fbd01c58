"""The photo library beyond its forms: pictures shown to staff, and many uploaded at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .. import differences, editions, files, publishing, sight
from ..files import PhotoField, offer, renditions
from ..files.fields import PHOTO_TYPES
from ..files.kept import shown_name
from ..files.offers import sentences
from ..models import Photo
from .changes import ChangePages
from .pages import Pages
from .uploads import PREVIEW, picture_url, version_of

THUMB = 320  # pixels


class PicturePages(Pages):
    """The picture itself, for whoever may see its row in the admin: as it is, as it was in an
    edition, and as a proposal would have it."""

    ROUTES = (("picture/<slug:version>/<int:width>/", "picture_view"),)

    def picture_view(
        self, request: HttpRequest, object_id: Any, version: str, width: int
    ) -> FileResponse:
        """The rendition that is at least so wide, or the original; kept by no cache. Raises
        Http404 for what the person may not see, as for what does not exist."""
        photo = self.record(request, object_id)
        named = [
            photo.image.name,
            *editions.of(photo).values_list("snapshot__content__fields__image", flat=True),
            *differences.seen_changes(request.user)
            .filter(record_uid=photo.pk)
            .values_list("snapshot__fields__image", flat=True),
        ]
        known = {version_of(name): name for name in named if name}
        if version not in known:
            raise Http404
        shown = photo if known[version] == photo.image.name else Photo(image=known[version])
        storage = shown.image.storage
        fitting = next((each for each in renditions.widths(shown) if each >= width), None)
        blob = renditions.name(shown, fitting, "webp") if fitting else ""
        if not blob or not storage.exists(blob):
            blob = str(shown.image.name)
        try:
            opened = storage.open(blob)
        except OSError as problem:
            raise Http404 from problem
        kind = _KINDS.get(blob.rpartition(".")[2], "application/octet-stream")
        answer = FileResponse(opened, content_type=kind)
        answer["Cache-Control"] = "private, no-store"
        return answer


_KINDS = {**renditions.FORMATS, "jpeg": "image/jpeg", "png": "image/png"}


class PhotoChangePages(ChangePages):
    """A change of a photo is looked at with the picture: nobody approves a name of bytes."""

    def page(
        self, request: HttpRequest, template: str, item: Any, title: str, **context: Any
    ) -> TemplateResponse:  # fmt: skip
        """Show the picture that stands, and the proposed one where it is another."""
        if template == "admin/change_review.html":
            template = "admin/photo_review.html"
            before = context["change"].base.snapshot["content"]["fields"]["image"]
            after = context["change"].snapshot["fields"]["image"]
            pictures = [(_("The picture"), before)]
            if after != before:
                pictures = [(_("The picture until now"), before), (_("Proposed"), after)]
            context["pictures"] = [
                (label, picture_url(item.pk, name, PREVIEW)) for label, name in pictures
            ]
        return super().page(request, template, item, title, **context)


def thumbnail(photo: Any) -> SafeString:
    """A small picture for lists; its row says what it shows."""
    if not photo.image:
        return format_html("–")
    shape = f"{min(photo.width, THUMB)}", f"{_height(photo, THUMB)}"
    return format_html(
        '<img class="thumb" src="{}" width="{}" height="{}" alt="" loading="lazy">',
        picture_url(photo.pk, photo.image.name, THUMB), *shape,
    )  # fmt: skip


def _height(photo: Any, width: int) -> int:
    return round(photo.height * min(photo.width, width) / max(photo.width, 1))


@dataclass(frozen=True)
class Result:
    """What became of one uploaded file: its name as it came, and either the photo, with what
    there is to say of it, or the sentences why there is none."""

    name: str
    photo: Photo | None
    said: Sequence[Any] = ()
    known: bool = False

    @property
    def url(self) -> str:
        """Where to describe it."""
        return reverse("admin:events_photo_change", args=[self.photo.pk]) if self.photo else ""

    @property
    def thumb(self) -> SafeString:
        """The picture."""
        return thumbnail(self.photo)


def add_photo(upload: Any, by: Any) -> Result:
    """Take one file into the library, by the verb. A picture that is there already, as far as
    this person may see, is shown instead of being stored as another."""
    name = shown_name(upload.name or "")
    try:
        kept = PhotoField().clean(upload)
        photo = Photo(image=kept)
        offered = offer(kept.told)
        for field, value in offered.fields.items():
            setattr(photo, field, value)
        with publishing.saving(photo, by) as record:
            record.save()
            twin = _twin(record, by)
            if twin is not None:
                raise _Known(twin)
            record.people.set(offered.people)
    except _Known as known:
        return Result(name, known.photo, [_("This picture is in the library already.")], True)
    except ValidationError as refusal:
        return Result(name, None, refusal.messages)
    filled = [*offered.fields, *(["people"] if offered.people else [])]
    return Result(name, photo, sentences(offered, filled))


class _Known(Exception):
    def __init__(self, photo: Photo) -> None:
        self.photo = photo


def _twin(photo: Photo, by: Any) -> Photo | None:
    """Another photo of the same bytes that this person may see."""
    same = Photo.objects.filter(image=photo.image.name).exclude(pk=photo.pk)
    found: Photo | None = sight.seen_by(by, same).first()
    return found


def upload_view(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Many pictures at once: the page, and what became of each file sent to it. A script sends
    them one by one, with `part`, and gets that one's line of the list."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    results = []
    for upload in request.FILES.getlist("image"):
        with files.receiving(_Single(upload)):
            results.append(add_photo(upload, request.user))
    context = {"results": results, "part": True}
    if request.method == "POST" and request.POST.get("part"):
        return TemplateResponse(request, "admin/photo_results.html", context)
    context = {
        **model_admin.admin_site.each_context(request), "opts": model_admin.opts,
        "title": _("Add photos"), "desk": _("Desk"), "results": results,
        "nothing": request.method == "POST" and not results,
        "accept": PHOTO_TYPES,
        "list_url": reverse("admin:events_photo_changelist"),
    }  # fmt: skip
    return TemplateResponse(request, "admin/photo_upload.html", context)


class _Single:
    """One upload in the shape of a request's files."""

    def __init__(self, upload: Any) -> None:
        self.upload = upload

    def lists(self) -> list[tuple[str, list[Any]]]:
        """Its one name and file."""
        return [("image", [self.upload])]
