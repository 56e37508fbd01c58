"""The photo library."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import languages
from ..models import Photo
from . import library
from .downloads import FilePages, download_link
from .filters import MissingFilter
from .forms import by_language
from .recorded import RecordAdmin, ReferenceAdmin
from .uploads import TAKES, PhotoForm


@admin.register(Photo)
class PhotoAdmin(ReferenceAdmin):
    """Photos: free to describe while nothing public shows them."""

    form = PhotoForm
    formfield_overrides = TAKES
    change_list_template = "admin/photo_change_list.html"
    pages = (library.PhotoChangePages, *RecordAdmin.pages[1:], library.PicturePages,
             FilePages)  # fmt: skip
    list_display = ("thumb", "named", "credit", "taken_on", "size_shown")
    list_display_links = ("thumb", "named")
    list_filter = (MissingFilter, "taken_on", "people")
    list_per_page = 50
    search_fields = ("credit", "taken_on", *languages.columns("alt"), *languages.columns("caption"),
                     *(f"people__{each}" for each in languages.columns("name")))  # fmt: skip
    search_help_text = gettext_lazy("Words of the caption, the credit, a person’s name, or a date"
                                    " such as 2007-10.")  # fmt: skip
    autocomplete_fields = ("people",)
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ["image", ("focal_x", "focal_y")]}),
        *by_language("alt", "caption"),
        (gettext_lazy("Whose and when"), {"fields": ["credit", "taken_on", "people"]}),
    )

    @admin.display(description=gettext_lazy("picture"))
    def thumb(self, photo: Photo) -> SafeString:
        """The picture, small."""
        return library.thumbnail(photo)

    @admin.display(description=gettext_lazy("photo"), ordering="uid")
    def named(self, photo: Photo) -> str:
        """What it shows, in whatever language it is told."""
        shown = str(photo)
        return _("not described yet") if shown == str(photo.pk) else shown

    @admin.display(description=gettext_lazy("size"), ordering="width")
    def size_shown(self, photo: Photo) -> str:
        """Pixels across and down."""
        return f"{photo.width} × {photo.height}"

    @admin.display(description=gettext_lazy("image"))
    def picture_shown(self, photo: Photo) -> SafeString:
        """The picture where it cannot be replaced, with the way to its original."""
        return format_html("{}<br>{}", library.thumbnail(photo),
                           download_link(photo, photo.pk, str(photo.image.name)))  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The picture in place of a field that cannot be edited: that would show its blob."""
        return [*super().get_readonly_fields(request, obj), "picture_shown"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The field of the picture, or the picture."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and obj.image and not self.has_change_permission(request, obj):
            fields = fieldsets[0][1]["fields"]
            fields[fields.index("image")] = "picture_shown"
        return fieldsets

    def get_urls(self) -> list[Any]:
        """The page of many at once, before the stock ones."""
        many = partial(library.upload_view, self)
        upload = path("upload/", self.admin_site.admin_view(many), name="events_photo_upload")
        return [upload, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Offer the way to add many."""
        extra = {"upload": self.has_add_permission(request), **(extra_context or {})}
        return super().changelist_view(request, extra)

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Open what was filled in from the picture once more, with the sentence that says so."""
        said = getattr(request, "said", ())
        if said and not {"_popup", "_addanother"} & set(request.POST):
            data = request.POST.copy()
            data["_continue"] = "1"
            request.POST = data  # type: ignore[assignment]
        answer = super().response_add(request, obj, *args, **kwargs)
        for each in said:
            messages.info(request, each)
        return answer

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Remember what the form took from the picture."""
        request.said = form.said  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)
