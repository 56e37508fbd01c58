"""What was promised, by whom and until when, and what became of it."""

from typing import Any

from babel.numbers import format_decimal
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_filters import CharFilter

from .. import dates, facets, visibility
from ..dates import Precision
from ..facets import COUNTED, Counts
from ..models import Event, Outcome, OutcomeState, Publication
from ..templatetags.ledger import ORDER
from . import browsing, corrections, gone, named
from .filters import MarkedFilter, MarkFilter
from .listing import Listing, Rows, Shown, Step
from .metadata import page
from .numbered import edition, numbered
from .pages import public_page
from .paging import page_of
from .rows import with_outcomes

# So many other outcomes of its event are named on the page of an outcome.
OTHERS = 12


def overdue(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Outcomes whose day has passed at the office, with nothing recorded as fulfilled or lapsed:
    the same answer as `Outcome.is_overdue` gives. Stored is the first day of a month or a year
    that was said; it is over when the next one has begun."""
    today = dates.office_today(visibility.moment())
    passed = Q()
    for precision in Precision.values:
        begun = dates.first_day(today, precision)
        passed |= Q(due_precision=precision, due__lt=begun)
    return rows.filter(passed, state__in=(OutcomeState.AGREED, OutcomeState.IN_PROGRESS))


class OverdueFilter(MarkFilter):
    """Overdue is no mark of an item, but a question of time."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The overdue ones alone, where that is asked for."""
        return overdue(qs) if value else qs


class OutcomeFilter(MarkedFilter):
    """The filters of the ledger. Parties are who is responsible; the year is that of the event."""

    state = MarkFilter(label=gettext_lazy("State"))
    overdue = OverdueFilter(label=gettext_lazy("Time limit"))
    kind = MarkFilter(label=gettext_lazy("Kind"))
    country = MarkFilter(label=gettext_lazy("Responsible country"))
    organisation = MarkFilter(label=gettext_lazy("Responsible organisation"))
    due = MarkFilter(label=gettext_lazy("Due in"))
    year = MarkFilter(label=gettext_lazy("Year of the event"))
    event = CharFilter(label=gettext_lazy("Event"), field_name="event__slug", max_length=80)

    def __init__(self, data: Any, rows: Rows, known: Counts) -> None:
        super().__init__(data, rows, {**known, "overdue": {"1": 0}})


NEWEST, OLDEST, DUE = "newest", "oldest", "due"
OUTCOMES = Listing(
    Outcome, "outcomes", OutcomeFilter, "event__date", False, {}, (NEWEST, OLDEST, DUE)
)


class Ledger(Shown):
    """The ledger as an address asks for it."""

    def _steps(self) -> dict[str, Step]:
        steps = super()._steps()
        if self.sort == DUE:
            steps[DUE] = _dated
        return steps

    def _found(self) -> dict[str, Counts | None]:
        """As of any list, and how many of the rest are overdue. One query."""
        if not self.is_valid:
            return {"": None}
        wanted = {"overdue": overdue(self.narrowed(but="overdue"))}
        if self.steps:
            wanted[""] = self.narrowed()
        mine = [each for each in self.filter.marks() if each in self.chosen and each != "overdue"]
        if len(self.steps) > 1:
            wanted |= {name: self.narrowed(but=name) for name in mine}
        found = facets.counts_of_each(wanted)
        if not self.steps:
            found[""] = self.whole
        elif len(self.steps) == 1 and mine:
            found[mine[0]] = self.whole
        late = found["overdue"]
        if late is not None:
            self.whole["overdue"] = {"1": facets.total(late)}
            found["overdue"] = {"overdue": self.whole["overdue"]}
        return found

    def states(self) -> dict[str, int] | None:
        """How many outcomes are in which state, whichever of them is chosen; None where they are
        too many to count."""
        found = self.found.get("state", self.found[""])
        return None if found is None else found.get("state", {})

    def late(self) -> str:
        """How many are overdue, as it is written; "" for none."""
        if not self.is_valid:
            return ""
        found = self.found["overdue"]
        number = COUNTED if found is None else found["overdue"]["1"]
        written = str(format_decimal(number, locale=dates.locale()))
        return f"> {written}" if found is None else written if number else ""


def _dated(rows: Rows) -> Rows:
    return rows.filter(due__isnull=False)


def _counted(number: int | None) -> str:
    many = COUNTED if number is None else number
    shown = {"number": format_decimal(many, locale=dates.locale())}
    if number is None:
        return (
            ngettext("more than %(number)s outcome", "more than %(number)s outcomes", many) % shown
        )
    return ngettext("%(number)s outcome", "%(number)s outcomes", many) % shown


def _states(shown: Ledger, numbers: dict[str, int]) -> list[dict[str, Any]]:
    """The states in numbers, each with the address of the ledger that holds these alone."""
    chosen = shown.chosen.get("state", "")
    return [
        {"state": state.value, "label": str(state.label), "number": numbers[state],
         "current": state == chosen,
         "url": shown.query(state="" if state == chosen else state.value) or "."}
        for state in ORDER
        if numbers.get(state)
    ]  # fmt: skip


@public_page(*OUTCOMES.known)
def outcomes(request: HttpRequest) -> HttpResponse:
    """The ledger: what was promised, by whom and until when, and what became of it."""
    shown = Ledger(OUTCOMES, request.GET, None)
    names = browsing.choices(shown)
    rows = shown.narrowed().select_related("event").prefetch_related("progress")
    listed = page_of(
        rows, "due" if shown.sort == DUE else OUTCOMES.key, request.GET,
        ascending=shown.sort in (DUE, OLDEST), back=True,
    )  # fmt: skip
    named.give_parties(listed.items)
    for each in listed.items:
        _give_last_step(each)
    numbers = shown.states()
    sorts = {NEWEST: _("Newest first"), OLDEST: _("Oldest first"), DUE: _("By due date")}
    return page(
        request, "public/outcomes.html", "outcomes", page=listed,
        total=_counted(shown.total()), numbers=numbers, late=shown.late(),
        states=_states(shown, numbers) if numbers else [],
        late_url=shown.query(overdue="" if "overdue" in shown.chosen else "1") or ".",
        late_only="overdue" in shown.chosen, dated_only=shown.sort == DUE,
        **browsing.context(
            shown, names, _("All outcomes"), sorts, **_event_of(shown, listed.items)
        ),
    )  # fmt: skip


def _event_of(shown: Ledger, listed: list[Outcome]) -> dict[str, str]:
    """What the chosen event is called. That it is public its outcomes say; where there are none
    it is asked for, and a hidden one is as unknown as one that never was."""
    slug = shown.chosen.get("event")
    if not slug:
        return {}
    event = listed[0].event if listed else Event.objects.public().filter(slug=slug).first()
    if event is None:
        shown.filter.form.add_error("event", _("Nothing published is listed under this choice."))
        return {}
    return {"event": event.title}


def _give_last_step(outcome: Any) -> None:
    """Let an outcome say how far it has come (`last_step`, None before the first)."""
    steps = list(outcome.progress.all())
    outcome.last_step = steps[-1] if steps else None
    for step in steps:
        step.outcome = outcome


@public_page()
def outcome(request: HttpRequest, uid: Any) -> HttpResponse:
    """One outcome with its dated progress; a citation is shown while what it cites is public."""
    rows = with_outcomes(Outcome.objects.readable()).select_related(
        "event", "announced_in", "follow_up"
    )
    item = numbered(rows.filter(pk=uid), "event").first()
    if item is None:
        return gone.part("outcome", uid)
    others = item.event.outcomes.readable().exclude(pk=item.pk)[:OTHERS]
    followed = item.follow_up
    return page(
        request, "public/outcome.html", "outcomes", item=item.event, outcome=item,
        event=item.event, statement=item.announced_in, progress=_progress(item),
        follow_up=followed if followed and visibility.is_public(followed) else None,
        others=[_of(item.event, each) for each in others],
        withdrawn=item.event.status == visibility.Status.WITHDRAWN,
        told=corrections.of_part(item.event, "outcomes", item.pk), **edition(item, item.event),
    )  # fmt: skip


def _of(event: Event, outcome: Outcome) -> Outcome:
    outcome.event = event
    return outcome


def _progress(outcome: Outcome) -> list[Any]:
    steps: list[Any] = list(outcome.progress.all())
    cited = Publication.objects.public().in_bulk([step.cites_id for step in steps if step.cites_id])
    for step in steps:
        step.outcome, step.shown_citation = outcome, cited.get(step.cites_id)
    return steps
