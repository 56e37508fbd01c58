"""The parameters of lists, for the OpenAPI document and for its judge of what is asked."""

import datetime as dt
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from ...languages import CODES
from ...models import EventKind, EventState, OutcomeKind, OutcomeState, Reliability, StatementKind
from .lists import MOST, USUAL


def may(description: str, *examples: Any, **more: Any) -> Any:
    """A parameter that may be left out. Empty, it is as if it were."""
    return Field(None, description=description, examples=list(examples) or None, **more)


def one_of(description: str, values: Any, example: str) -> Any:
    """A parameter with one of the values that there are."""
    return may(description, example, json_schema_extra={"enum": list(values)})


def slug(description: str, example: str) -> Any:
    """A parameter that is the address of a row."""
    return may(f"{description} The last part of its page’s address.", example, max_length=80)


COUNTRY = "ISO 3166-1 code, in any case."


class Paged(Schema):
    """How much of a list, and from where."""

    limit: int = Field(USUAL, description="Records of a page.", ge=1, le=MOST, examples=[50])
    after: str = may("Where the page begins: follow next rather than making it up.",
                     max_length=80)  # fmt: skip


class Rows(Paged):
    """The parameters of lists of reference records."""


class Publications(Paged):
    """The parameters of the list of events and statements together."""

    type: Literal["event", "statement"] = may("Events alone, or statements alone.", "event")
    country: str = may(COUNTRY, "tj", pattern="^[A-Za-z]{2}$")
    organisation: str = slug("What it names: an organisation.", "csto")
    topic: str = slug("What it is about.", "regional-security")
    person: str = slug("Whom it names.", "a-person")
    language: str = one_of("In which it may be read.", CODES, "ru")
    sort: Literal["newest", "oldest"] = may("By when it was published.", "oldest")


class Dated(Schema):
    """A period, and words."""

    text: str = may("Words that it holds, as the search understands them.", "council",
                    min_length=1, max_length=200)  # fmt: skip
    since: dt.date = may("From this day on (1900 to 2199).", "2007-01-01")
    until: dt.date = may("To this day.", "2007-12-31")


class Events(Paged, Dated):
    """The parameters of the list of events."""

    kind: str = one_of("What kind of event.", EventKind.values, "session")
    state: str = one_of("What became of the plan.", EventState.values, "held")
    country: str = may(f"Where it is, or who takes part. {COUNTRY}", "tj", pattern="^[A-Za-z]{2}$")
    organisation: str = slug("An organisation that is named.", "csto")
    topic: str = slug("What it is about.", "regional-security")
    person: str = slug("Who is named.", "a-person")
    series: str = slug("The series of meetings.", "council-sessions")
    language: str = one_of("In which it may be read.", CODES, "ru")
    when: Literal["upcoming", "past"] = may("Still to come, or over, by the office’s day.", "past")
    sort: Literal["newest", "oldest"] = may("By date; the next one first for upcoming.", "oldest")


class Statements(Paged, Dated):
    """The parameters of the list of statements."""

    kind: str = one_of("What kind of text.", StatementKind.values, "speech")
    reliability: str = one_of("How far it is what was said.", Reliability.values, "as_delivered")
    country: str = may(COUNTRY, "tj", pattern="^[A-Za-z]{2}$")
    organisation: str = slug("An organisation that is named.", "csto")
    topic: str = slug("What it is about.", "regional-security")
    person: str = slug("Who is named.", "a-person")
    language: str = one_of("In which it may be read.", CODES, "ru")
    sort: Literal["newest", "oldest"] = may("By when it was published.", "oldest")


class Quotes(Paged):
    """The parameters of the list of quotes."""

    person: str = slug("Who said it.", "a-person")
    year: str = may("The year in which it was said.", "2007", pattern="^(19|20|21)[0-9]{2}$")
    topic: str = slug("What its statement is about.", "regional-security")
    country: str = may(COUNTRY, "tj", pattern="^[A-Za-z]{2}$")
    sort: Literal["newest", "oldest"] = may("By date.", "oldest")


class Outcomes(Paged):
    """The parameters of the list of outcomes."""

    state: str = one_of("How far it has come.", OutcomeState.values, "in_progress")
    overdue: Literal["1"] = may("Those alone whose day has passed, by the office’s day.", "1")
    kind: str = one_of("What kind of outcome.", OutcomeKind.values, "decision")
    country: str = may(f"A country that is responsible. {COUNTRY}", "tj", pattern="^[A-Za-z]{2}$")
    organisation: str = slug("An organisation that is responsible.", "csto")
    due: str = may("The year in which it is due; none: without a due date.", "2008",
                   pattern="^((19|20|21)[0-9]{2}|none)$")  # fmt: skip
    year: str = may("The year of the event.", "2007", pattern="^(19|20|21)[0-9]{2}$")
    event: str = slug("The event that it came of.", "2007-10-06-council-session")
    sort: Literal["newest", "oldest", "due"] = may(
        "By the event’s date; or by due date, those alone that have one.", "due"
    )
