"""Quotes and outcomes as the entries of a feed: what was said, and what came of it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.template.loader import render_to_string

from .. import alphabet
from ..addresses import absolute
from ..languages import columns, current
from ..models import ChangeKind, Country, Organisation, Outcome, Progress
from ..templatetags import press
from . import corrections
from .corrections import Told
from .feeds_entries import author, kind_of
from .feeds_entry import Entry
from .feeds_gather import Gathered, branch, gathered

# Letters of a title made of somebody's words.
LONGEST = 120
_STEP = ("date", "date_precision", "state", *columns("text"))
_ORGANISATION = ("slug", *columns("name"))
# A slip of the pen and another language are no news of a quote; an outcome's progress is.
_OF_QUOTES = (ChangeKind.CORRECTION, ChangeKind.UPDATE, ChangeKind.TYPOGRAPHICAL)
_OF_OUTCOMES = (*_OF_QUOTES, ChangeKind.PROGRESS)


def quotes(rows: Sequence[Any], more: Iterable[Any] = ()) -> tuple[list[Entry], Gathered]:
    """Public quotes, with speaker and statement in hand. At most two queries."""
    found = gathered(more)
    changed = {each.pk: each.statement for each in rows if each.statement.corrected_at}
    told = corrections.of_parts(changed, "quotes", _OF_QUOTES) if changed else {}
    return [_quote(each, told.get(each.pk, ())) for each in rows], found


def _quote(quote: Any, told: Sequence[Told]) -> Entry:
    statement = quote.statement
    context = {
        "quote": quote, "told": [each for each in told if each.is_grave],
        "address": absolute(statement.get_absolute_url()),
    }  # fmt: skip
    published = quote.published
    return Entry(
        urn=f"urn:uuid:{quote.pk}",
        title=f"{quote.printed_name}: {press.excerpt(quote, LONGEST)}",
        url=absolute(quote.get_absolute_url()),
        language=quote.lang_of("text") or current(),
        published=published,
        updated=max([published, *(each.at for each in told)]),
        summary="\n".join([*(each.plain for each in context["told"]), press.quoted(quote)]),
        content=render_to_string("public/feed_quote.html", context).strip(),
        authors=(author(quote),),
        categories=(kind_of(statement, "statements", "statement_kind"),),
    )


def outcomes(rows: Sequence[Any], more: Iterable[Any] = ()) -> tuple[list[Entry], Gathered]:
    """Public outcomes, with their event in hand. At most two queries."""
    found = gathered([*more, *(_branches(rows) if rows else ())])
    told = corrections.of_parts({each.pk: each.event for each in rows}, "outcomes", _OF_OUTCOMES)
    return [_outcome(each, found, told.get(each.pk, ())) for each in rows], found


def _branches(rows: Sequence[Any]) -> list[Any]:
    """What is asked for of public outcomes: they vouch for the parties they name."""
    uids = [each.pk for each in rows]
    steps: Any = Outcome.objects.public().filter(pk__in=uids, progress__isnull=False)
    parties: dict[str, Any] = {
        "organisation": (Organisation, _ORGANISATION),
        "country": (Country, ("iso2", "called")),
    }
    return [
        branch("step", steps, "pk", [f"progress__{name}" for name in _STEP]),
        *(
            branch(kind, party.objects.public().filter(outcomes__in=uids), "outcomes", names)
            for kind, (party, names) in parties.items()
        ),
    ]


def _steps(outcome: Any, found: Gathered) -> list[Progress]:
    steps = []
    for _uid, values in sorted(found["step"].get(outcome.pk, ()), key=lambda row: row[1]):
        known = dict(zip(_STEP, values, strict=True))
        known["date"] = dt.date.fromisoformat(known["date"])
        steps.append(Progress(outcome=outcome, **known))
    return steps


def _parties(outcome: Any, found: Gathered) -> str:
    organisations = [
        Organisation(**dict(zip(_ORGANISATION, values, strict=True))).name
        for _uid, values in found["organisation"].get(outcome.pk, ())
    ]
    countries = [
        Country(iso2=iso2, called=called).name_on(outcome.event.date)
        for _uid, (iso2, called) in found["country"].get(outcome.pk, ())
    ]
    return ", ".join(
        name for kind in (organisations, countries) for name in sorted(kind, key=_in_order)
    )


def _in_order(name: str) -> str:
    return alphabet.key(name, current())


def _outcome(outcome: Any, found: Gathered, told: Sequence[Told]) -> Entry:
    grave = [each for each in told if each.is_grave or each.kind == ChangeKind.PROGRESS]
    context = {
        "outcome": outcome, "told": grave, "steps": _steps(outcome, found),
        "parties": _parties(outcome, found), "address": absolute(outcome.event.get_absolute_url()),
    }  # fmt: skip
    published = outcome.published
    return Entry(
        urn=f"urn:uuid:{outcome.pk}",
        title=press.excerpt(outcome, LONGEST),
        url=absolute(outcome.get_absolute_url()),
        language=outcome.lang_of("text") or current(),
        published=published,
        updated=max([published, *(each.at for each in told)]),
        summary="\n".join([*(each.plain for each in grave), outcome.text]),
        content=render_to_string("public/feed_outcome.html", context).strip(),
        categories=(kind_of(outcome, "outcomes", "outcome_kind"),),
    )
