"""What became of outcomes, as numbers and a bar. No queries: of outcomes in hand."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template

from ..models import OutcomeState

register = template.Library()

# From what is done to what never will be, as the bar shows it from its beginning to its end.
ORDER = (
    OutcomeState.FULFILLED,
    OutcomeState.IN_PROGRESS,
    OutcomeState.AGREED,
    OutcomeState.LAPSED,
)


@dataclass(frozen=True)
class Share:
    """The outcomes in one state: how many, and where in the bar they stand ("12.5%": lengths
    for SVG, written with a point in every language)."""

    state: str
    label: str
    number: int
    start: str
    length: str


def shares(numbers: Mapping[str, int]) -> list[Share]:
    """The states that outcomes are in, of the numbers by state; those of none are left out."""
    whole = sum(numbers.get(state, 0) for state in ORDER)
    found, start = [], 0.0
    for state in ORDER:
        if number := numbers.get(state, 0):
            length = 100 * number / whole
            found.append(Share(state.value, str(state.label), number, _percent(start),
                               _percent(length)))  # fmt: skip
            start += length
    return found


def _percent(length: float) -> str:
    return f"{length:.3f}%"


@register.inclusion_tag("parts/progress.html")
def progress(outcomes: Iterable[Any]) -> dict[str, Any]:
    """How many of the outcomes are fulfilled, in words and as a bar; nothing without any.

    Each is asked for its `state` and whether it `is_overdue`.
    """
    found = list(outcomes)
    numbers = Counter(outcome.state for outcome in found)
    return {
        "shares": shares(numbers), "total": len(found), "done": numbers[OutcomeState.FULFILLED],
        "overdue": sum(1 for outcome in found if outcome.is_overdue),
    }  # fmt: skip


@register.inclusion_tag("parts/shares.html")
def bar(numbers: Mapping[str, int]) -> dict[str, Any]:
    """The bar alone, of numbers by state: what it shows stands beside it as text."""
    return {"shares": shares(numbers)}
