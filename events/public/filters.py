"""The filters of the lists: one GET form. Its values are the marks that `facets` keeps."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .. import dates, facets
from ..models import Entry
from ..search import parse
from ..search.finding import matches_q
from ..search.query import LONGEST

# Days outside of these are slips of the keyboard, and some would lead out of the calendar.
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)


class MarkSelect(forms.Select):
    """A choice of one; names that are not in the page's language say so (WCAG 3.1.2)."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if lang := getattr(option["label"], "lang", ""):
            option["attrs"]["lang"] = lang
        return option


class MarkField(forms.CharField):
    """A value that something public bears. Any other is unknown, whether a hidden item bears it
    or none does; the choices that are shown are a part of those that are understood."""

    widget = MarkSelect

    def __init__(self, *, known: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known = known

    def clean(self, value: Any) -> str:
        """The value in small letters: a code of a country may be written in capitals."""
        found: str = super().clean(value).lower()
        if found and found not in self.known:
            raise ValidationError(_("Nothing published is listed under this choice."))
        return found


class WordsField(forms.CharField):
    """Words as search understands them. Raises ValidationError where there is none among them."""

    def clean(self, value: Any) -> str:
        """What was typed, as it was typed."""
        typed: str = super().clean(value)
        if typed and not parse(typed):
            raise ValidationError(_("Give a word to look for."))
        return typed


class WordsFilter(django_filters.CharFilter):
    """Words that an item holds."""

    field_class = WordsField


class MarkFilter(django_filters.Filter):
    """Items that bear a mark of the facet that the filter is named after."""

    field_class = MarkField

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The rows narrowed to those with the mark; all of them where none is chosen."""
        return facets.narrow(qs, self.field_name, value) if value else qs


class DayFilter(django_filters.DateFilter):
    """A day of the office's calendar, as ISO 8601 writes it."""

    def __init__(self, **kwargs: Any) -> None:
        within = _("Give a day between 1900 and 2199.")
        limits = {"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
        super().__init__(
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "date", **limits}),
            validators=[MinValueValidator(FIRST_DAY, within), MaxValueValidator(LAST_DAY, within)],
            **kwargs,
        )


class MarkedFilter(django_filters.FilterSet):
    """What every list is filtered by: marks. `known` are those of everything public."""

    def __init__(self, data: Any, rows: QuerySet[Any], known: facets.Counts) -> None:
        super().__init__(data, rows)
        for name in self.marks():
            self.filters[name].extra["known"] = frozenset(known.get(name, ()))

    def marks(self) -> list[str]:
        """The filters by facets, in the order of the form."""
        return [name for name, each in self.filters.items() if isinstance(each, MarkFilter)]

    def chosen(self) -> dict[str, Any]:
        """The filters that are set and understood, with their values."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}


class PeriodForm(forms.Form):
    """A form with the first and the last day of a period."""

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, beside its end."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("since"), given.get("until")
        if first and last and last < first:
            self.add_error("until", _("The last day is before the first."))
        return given


def _office_midnight(day: dt.date) -> dt.datetime:
    """The instant at which a day begins at the office."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.OFFICE_TIME_ZONE))


class ListFilter(MarkedFilter):
    """What the lists of events and of statements are both filtered by."""

    text = WordsFilter(
        label=_("Words"), max_length=LONGEST, method="with_words",
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    since = DayFilter(label=_("From the day"), method="from_day")
    until = DayFilter(label=_("To the day"), method="to_day")

    class Meta:
        form = PeriodForm

    def with_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Items that search finds by these words: in any of the languages that may be read."""
        found = Entry.objects.public().filter(matches_q(parse(value)))
        return rows.filter(pk__in=found.filter(model=rows.model._meta.model_name).values("uid"))


class EventFilter(ListFilter):
    """The filters of "All events"."""

    kind = MarkFilter(label=_("Kind"))
    state = MarkFilter(label=_("State"))
    country = MarkFilter(label=_("Country"))
    organisation = MarkFilter(label=_("Organisation"))
    topic = MarkFilter(label=_("Topic"))
    person = MarkFilter(label=_("Person"))
    series = MarkFilter(label=_("Series"))
    language = MarkFilter(label=_("Language"))

    def from_day(self, rows: QuerySet[Any], name: str, value: dt.date) -> QuerySet[Any]:
        """Events that last into the period: one of which the year alone is known, all of it."""
        return rows.filter(until__gte=value)

    def to_day(self, rows: QuerySet[Any], name: str, value: dt.date) -> QuerySet[Any]:
        """Events that begin by the end of the period."""
        return rows.filter(date__lte=value)


class StatementFilter(ListFilter):
    """The filters of "All statements". Its days are those of publication, as in the list."""

    kind = MarkFilter(label=_("Kind"))
    reliability = MarkFilter(label=_("Reliability"))
    country = MarkFilter(label=_("Country"))
    organisation = MarkFilter(label=_("Organisation"))
    topic = MarkFilter(label=_("Topic"))
    person = MarkFilter(label=_("Person"))
    language = MarkFilter(label=_("Language"))

    def from_day(self, rows: QuerySet[Any], name: str, value: dt.date) -> QuerySet[Any]:
        """Statements published on the day or later, by the office's calendar."""
        return rows.filter(
            Q(first_released_on__gte=value)
            | Q(first_released_on=None, release_at__gte=_office_midnight(value)),
            # Nothing new is said, but by the column that the list is in order of.
            published_at__gte=dates.day_start(value - dt.timedelta(days=1)),
        )

    def to_day(self, rows: QuerySet[Any], name: str, value: dt.date) -> QuerySet[Any]:
        """Statements published on the day or before it."""
        after = value + dt.timedelta(days=1)
        return rows.filter(
            Q(first_released_on__lte=value)
            | Q(first_released_on=None, release_at__lt=_office_midnight(after)),
            published_at__lt=dates.day_start(after + dt.timedelta(days=1)),
        )
