"""The photo library."""

from django.contrib import admin

from .. import languages
from ..models import Photo
from .recorded import ReferenceAdmin


@admin.register(Photo)
class PhotoAdmin(ReferenceAdmin):
    """Photos: free to describe while nothing public shows them."""

    list_display = ("__str__", "credit", "taken_on", "width", "height")
    list_filter = ("taken_on", "people")
    search_fields = ("credit", *languages.columns("alt"), *languages.columns("caption"))
    autocomplete_fields = ("people",)
