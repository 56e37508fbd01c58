"""What search finds of a record: an entry in each language that readers may read it in.

An entry in a language holds the words of that language. Names and places that have none in it
come as the page shows them there, in the language they have. Names of people and organisations
are what was printed in the text: a later name is found with the person.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

from django.utils import translation

from .. import markup
from ..languages import CODES, column
from ..models import (
    Country,
    Entry,
    Event,
    Organisation,
    Outcome,
    Person,
    Publication,
    Quote,
    Recorded,
    Series,
    Topic,
    Word,
)  # fmt: skip
from ..visibility import Status
from . import matching
from .folding import folded, terms

REFERENCES = (Person, Organisation, Country, Topic, Series)
# "Did you mean" offers words of these lengths, in letters.
SHORTEST_WORD, LONGEST_WORD = 4, 40
# Rows of one statement, well below what either database takes.
AT_ONCE = 500


@dataclass(frozen=True)
class Found:
    """An entry to be: what is shown of it, and its words by where they stand."""

    model: str
    uid: UUID
    language: str
    heading: str
    text: str
    title: tuple[str, ...] = ()
    quote: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    date: dt.date | None = None
    publication_id: UUID | None = None
    announced_in_id: UUID | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of its row."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        return plain | {name: folded(*plain[name]) for name in matching.COLUMNS}

    def terms(self) -> dict[str, Iterable[str]]:
        """Its terms in the index, by where they stand."""
        return {
            name: terms("\n".join(getattr(self, name)), self.language) for name in matching.COLUMNS
        }


def _joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def _listed(*texts: str) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))


def of(record: Recorded) -> list[Found]:
    """The entries of a record: none of a publication that is not approved, and none of what has
    no page that a name leads to."""
    found: list[Found] = []
    if isinstance(record, REFERENCES):
        for code in CODES:
            with translation.override(code):
                found += _of_reference(record, code)
    elif isinstance(record, Publication) and record.status == Status.APPROVED:
        holder = _Holder(record)
        for code in (code for code in CODES if code in record.readable_languages()):
            with translation.override(code):
                found += holder.in_language(code)
    return found


@dataclass
class _Holder:
    """A publication with the rows that belong to it, each read once for all its languages."""

    record: Any
    participants: list[Any] = field(default_factory=list)
    speakers: list[Any] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    notices: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        record = self.record
        if isinstance(record, Event):
            self.participants = list(
                record.participants.select_related("country", "organisation", "person")
            )
            rows = record.outcomes.prefetch_related("countries", "progress")
            self.outcomes, self.notices = list(rows), list(record.notices.all())
        else:
            self.speakers = list(record.speakers.select_related("person"))
            self.quotes = list(record.quotes.select_related("person"))

    def in_language(self, code: str) -> Iterator[Found]:
        yield self.itself(code)
        for quote in self.quotes:
            if getattr(quote, column("text", code)):
                yield self.of_quote(quote, code)
        for outcome in self.outcomes:
            if getattr(outcome, column("text", code)):
                yield self.of_outcome(outcome, code)

    def itself(self, code: str) -> Found:
        item, title = self.record, getattr(self.record, column("title", code))
        own = [
            getattr(item, column("summary", code)),
            markup.to_text(getattr(item, column("body", code))),
            *(notice.text for notice in self.notices),
        ]
        facts = [_where(item) if isinstance(item, Event) else item.place]
        facts += [_listed(each.printed_name, each.office) for each in self.speakers]
        facts += [_participant(each, item.date) for each in self.participants]
        shown = "; ".join(fact for fact in facts if fact)
        return self.entry(
            item, code, heading=title, text=_joined(*own, shown), title=(title,),
            body=(*own, *facts, item.reference_number or ""),
        )  # fmt: skip

    def of_quote(self, quote: Quote, code: str) -> Found:
        # The words stand alone in `text`: nothing else may look like a part of them.
        words = getattr(quote, column("text", code))
        who = _listed(quote.printed_name, quote.office)
        return self.entry(
            quote, code, heading=" · ".join(part for part in (who, quote.context) if part),
            text=words, quote=(words,), body=(who, quote.context),
        )  # fmt: skip

    def of_outcome(self, outcome: Outcome, code: str) -> Found:
        text = getattr(outcome, column("text", code))
        steps = [getattr(step, column("text", code)) for step in outcome.progress.all()]
        parties = _listed(
            *(country.name_on(self.record.date) for country in outcome.countries.all())
        )
        # The event is shown beside it, and is found by its own words.
        return self.entry(
            outcome, code, heading=text,
            text=_joined(getattr(self.record, column("title", code)), *steps, parties),
            quote=(text,), body=(*steps, parties), announced_in_id=outcome.announced_in_id,
        )  # fmt: skip

    def entry(self, row: Any, code: str, **rest: Any) -> Found:
        record = self.record
        model = str(row._meta.model_name)
        return Found(model, row.pk, code, date=record.date, publication_id=record.pk, **rest)


def _where(event: Event) -> str:
    countries = [
        row.name_on(event.date) for row in (event.country, event.host_country) if row is not None
    ]
    return _listed(event.venue, event.city, *countries)


def _participant(each: Any, day: dt.date) -> str:
    who = each.who.name_on(day) if each.country_id else each.who.name
    return _listed(each.name or who, each.capacity, each.named_otherwise)


def _of_reference(row: Any, code: str) -> Iterator[Found]:
    country, person = isinstance(row, Country), isinstance(row, Person)
    name = row.name_in(code) if country else getattr(row, column("name", code))
    if not name:
        return
    # Other names are found and never shown.
    known_as = (
        [row.aliases, *_official(row, code)]
        if country
        else [getattr(row, column("sort", code), "")]
    )
    short = getattr(row, column("abbreviation", code), "")
    offices = [getattr(each, column("title", code)) for each in row.offices.all()] if person else []
    yield Found(
        str(row._meta.model_name), row.pk, code, heading=name, text=short or _listed(*offices),
        title=(name, short), body=(*known_as, *offices),
    )  # fmt: skip


def _official(country: Country, code: str) -> list[str]:
    """What a country is or was called officially in a language."""
    return [text for _since, _until, *kinds in country.official_names
            for names in kinds if (text := names.get(code))]  # fmt: skip


def refresh(record: Recorded) -> None:
    """Make the entries of a record what they must be now, and touch those alone that differ.
    For verbs, inside their transaction."""
    own = {"uid": record.pk, "publication": None}
    if isinstance(record, Publication):
        own = {"publication": record.pk}
    present = {(entry.uid, entry.language): entry for entry in Entry.objects.filter(**own)}
    wanted = {(found.uid, found.language): found for found in of(record)}
    same = {key for key, entry in present.items() if key in wanted and _holds(entry, wanted[key])}
    gone = [entry.pk for key, entry in present.items() if key not in same]
    if gone:
        matching.remove(gone)
        Entry.objects.filter(pk__in=gone).delete()
    new = [found for key, found in wanted.items() if key not in same]
    if new:
        entries = Entry.objects.bulk_create(Entry(**found.columns()) for found in new)
        matching.write({entry.pk: found.terms() for entry, found in zip(entries, new, strict=True)})
        learn(word for entry in entries for word in vocabulary(entry))


def _holds(entry: Entry, found: Found) -> bool:
    return all(getattr(entry, name) == value for name, value in found.columns().items())


def vocabulary(entry: Entry) -> Iterator[str]:
    """The words of an entry that "did you mean" may offer."""
    for text in (entry.title, entry.quote, entry.body):
        yield from (w for w in text.split() if SHORTEST_WORD <= len(w) <= LONGEST_WORD)


def learn(words: Iterable[str]) -> None:
    """Keep the words that "did you mean" may offer. None is ever forgotten: what no public text
    holds is offered to nobody."""
    listed = sorted(set(words))
    for start in range(0, len(listed), AT_ONCE):
        some = listed[start : start + AT_ONCE]
        known = set(Word.objects.filter(word__in=some).values_list("word", flat=True))
        # In one order, so that two verbs do not wait for each other.
        Word.objects.bulk_create(
            (
                Word(word=word, length=len(word), head=word[:2], tail=word[-2:])
                for word in some
                if word not in known
            ),
            ignore_conflicts=True,
        )


def forget_lost() -> None:
    """Remove the entries of people, topics and the like that exist no more."""
    for model in REFERENCES:
        named = Entry.objects.filter(model=model._meta.model_name, publication=None)
        there: Any = model._default_manager.values("pk")
        named.exclude(uid__in=there).delete()
    matching.remove_lost()
