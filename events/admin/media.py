"""The photo library."""

from django.contrib import admin

from .. import languages
from ..models import Photo
from .filters import MissingFilter
from .recorded import ReferenceAdmin


@admin.register(Photo)
class PhotoAdmin(ReferenceAdmin):
    """Photos: free to describe while nothing public shows them."""

    list_display = ("__str__", "credit", "taken_on", "width", "height")
    list_filter = (MissingFilter, "taken_on", "people")
    search_fields = ("credit", *languages.columns("alt"), *languages.columns("caption"))
    autocomplete_fields = ("people",)
