"""Who and what publications name."""

from django.contrib import admin

from .. import languages
from ..models import (
    Country,
    MediaContact,
    Membership,
    Office,
    OfficialName,
    Organisation,
    Person,
    Series,
    Topic,
)  # fmt: skip
from .recorded import NamedAdmin


class OfficeInline(admin.StackedInline):
    """Offices held, with their dates."""

    model = Office
    extra = 0
    autocomplete_fields = ("organisation", "country")


class MembershipInline(admin.TabularInline):
    """Members, with their dates."""

    model = Membership
    extra = 0
    autocomplete_fields = ("country",)


class OfficialNameInline(admin.StackedInline):
    """What a country is called officially, and from when to when."""

    model = OfficialName
    extra = 0


@admin.register(Person)
class PersonAdmin(NamedAdmin):
    """People."""

    list_display = ("__str__", "slug")
    search_fields = ("slug", *languages.columns("name"), *languages.columns("sort"))
    autocomplete_fields = ("portrait",)
    inlines = (OfficeInline,)


@admin.register(Organisation)
class OrganisationAdmin(NamedAdmin):
    """Organisations."""

    list_display = ("__str__", "slug", "website")
    search_fields = ("slug", *languages.columns("name"), *languages.columns("abbreviation"))
    inlines = (MembershipInline,)


@admin.register(Country)
class CountryAdmin(NamedAdmin):
    """Countries."""

    list_display = ("__str__", "iso2")
    search_fields = (
        "iso2", "aliases",
        *(f"names__{each}" for name in ("name", "formal") for each in languages.columns(name)),
    )  # fmt: skip
    inlines = (OfficialNameInline,)


@admin.register(Topic)
class TopicAdmin(NamedAdmin):
    """Topics."""

    list_display = ("__str__", "slug")
    search_fields = ("slug", *languages.columns("name"))


@admin.register(Series)
class SeriesAdmin(NamedAdmin):
    """Series."""

    list_display = ("__str__", "slug", "organisation")
    list_filter = ("organisation",)
    search_fields = ("slug", *languages.columns("name"))
    autocomplete_fields = ("organisation",)


@admin.register(MediaContact)
class MediaContactAdmin(NamedAdmin):
    """Media contacts."""

    list_display = ("__str__", "email", "phone", "general")
    list_filter = ("general",)
    search_fields = ("email", *languages.columns("name"))
    autocomplete_fields = ("organisation",)
