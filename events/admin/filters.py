"""Filters of the lists: by stage, and by the lists of the desk."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from .. import dates
from ..visibility import Stage
from . import desklists
from .desklists import LISTS, DeskList, Viewer


class StageFilter(admin.SimpleListFilter):
    """Filter by stage, which time makes of status; rows that hang on a publication have its."""

    title = gettext_lazy("stage")
    parameter_name = "stage"
    path = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every stage there is."""
        return list(Stage.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Rows at the chosen stage at this request's moment."""
        stage = self.value()
        return queryset.filter(desklists.stage_q(stage, self.path)) if stage else None


class StatementStageFilter(StageFilter):
    """A quote stands where its statement does."""

    path = "statement"


class EventStageFilter(StageFilter):
    """An outcome stands where its event does."""

    path = "event"


class DeskFilter(admin.SimpleListFilter):
    """Filter by lists of the desk: exactly the rows that the desk counts for this person."""

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.viewer = Viewer(request.user)
        self.model = model
        super().__init__(request, params, model, model_admin)

    def _lists(self) -> list[DeskList]:
        return [
            each
            for each in LISTS.values()
            if each.parameter == self.parameter_name and issubclass(self.model, each.model)
        ]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The lists that this person has."""
        return [
            (each.value, each.title)
            for each in self._lists()
            if self.viewer.holds(each.permission)
        ]  # fmt: skip

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The rows of the chosen list; no list of that name holds none."""
        if not self.value():
            return None
        for each in self._lists():
            if each.value == self.value():
                return queryset.filter(pk__in=each.rows(self.viewer).values("pk"))
        return queryset.none()


class WaitsFilter(DeskFilter):
    """What this person is waited for with."""

    title = gettext_lazy("what waits for me")
    parameter_name = "waits"


class MineFilter(DeskFilter):
    """What this person has in work."""

    title = gettext_lazy("what I have in work")
    parameter_name = "mine"


class MissingFilter(DeskFilter):
    """What lacks a language, or an alternative text."""

    title = gettext_lazy("what is missing")
    parameter_name = "missing"


class MonthFilter(admin.SimpleListFilter):
    """Filter by the month of release, as the desk's plot counts it."""

    title = gettext_lazy("month of release")
    parameter_name = "released_in"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The last twelve months, the latest first."""
        months = reversed(desklists.last_months())
        return [(dates.iso(each, "month"), dates.written(each, "month")) for each in months]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """What was released in the chosen month."""
        month = self.value()
        if not month:
            return None
        try:
            first, precision = dates.parse(month)
            if precision != "month":
                raise ValueError
        except ValueError as problem:
            raise IncorrectLookupParameters(ValidationError("")) from problem
        found = desklists.releases(Viewer(request.user)).filter(desklists.in_month(first))
        return queryset.filter(pk__in=found.values("pk"))
