"""What was promised, and what became of it; and everything that was said."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from .. import visibility
from ..models import (
    Outcome,
    OutcomeState,
    Publication,
    Quote,
)
from . import corrections, gone
from .metadata import page
from .pages import public_page
from .paging import page_of
from .rows import with_outcomes, with_quotes


@public_page("after")
def quotes(request: HttpRequest) -> HttpResponse:
    """All quotes, the latest first."""
    rows = page_of(with_quotes(Quote.objects.public()), "statement__date", request.GET)
    return page(request, "public/quotes.html", "quotes", page=rows)


@public_page("after")
def outcomes(request: HttpRequest) -> HttpResponse:
    """The ledger: what was promised, and what became of it."""
    rows = with_outcomes(Outcome.objects.public()).select_related("event", "follow_up")
    listed = page_of(rows, "event__date", request.GET)
    return page(
        request, "public/outcomes.html", "outcomes", page=listed, states=OutcomeState.choices
    )


@public_page()
def outcome(request: HttpRequest, uid: Any) -> HttpResponse:
    """One outcome with its dated progress; a citation is shown while what it cites is public."""
    rows = with_outcomes(Outcome.objects.readable()).select_related(
        "event", "announced_in", "follow_up"
    )
    item = rows.filter(pk=uid).first()
    if item is None:
        return gone.part("outcome", uid)
    return page(
        request, "public/outcome.html", "outcomes", item=item.event, outcome=item,
        event=item.event, statement=item.announced_in, progress=_progress(item),
        withdrawn=item.event.status == visibility.Status.WITHDRAWN,
        told=corrections.of_part(item.event, "outcomes", item.pk),
    )  # fmt: skip


def _progress(outcome: Outcome) -> list[Any]:
    steps = list(outcome.progress.all())
    cited = Publication.objects.public().in_bulk([step.cites_id for step in steps if step.cites_id])
    for step in steps:
        step.outcome, step.shown_citation = outcome, cited.get(step.cites_id)
    return steps
