"""The filters of "All events": one GET form, and choices from public rows alone."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ..models import Country, Event, Organisation, Topic

# What a list understands beside its filters.
PAGING = {"after"}


class EventFilter(django_filters.FilterSet):
    """Year, country, organisation and topic. A choice that nothing public names is unknown."""

    year = django_filters.NumberFilter(
        label=_("Year"),
        field_name="date",
        lookup_expr="year",
        min_value=1900,
        max_value=2200,
        decimal_places=0,
    )
    country = django_filters.ModelChoiceFilter(
        label=_("Country"), method="about", to_field_name="iso2",
        queryset=lambda request: Country.objects.public(), empty_label=_("All countries"),
    )  # fmt: skip
    organisation = django_filters.ModelChoiceFilter(
        label=_("Organisation"), method="about", to_field_name="slug",
        queryset=lambda request: Organisation.objects.public(), empty_label=_("All organisations"),
    )  # fmt: skip
    topic = django_filters.ModelChoiceFilter(
        label=_("Topic"), method="about", to_field_name="slug",
        queryset=lambda request: Topic.objects.public(), empty_label=_("All topics"),
    )  # fmt: skip

    class Meta:
        model = Event
        fields: tuple[str, ...] = ()

    def about(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Events that name the chosen row in any capacity."""
        return rows.about(value)  # type: ignore[attr-defined, no-any-return]

    @property
    def unknown(self) -> list[str]:
        """Query parameters that this list does not know."""
        return sorted(set(self.data) - set(self.filters) - PAGING)

    @property
    def chosen(self) -> bool:
        """Whether any filter is set."""
        return any(self.data.get(name) for name in self.filters)
