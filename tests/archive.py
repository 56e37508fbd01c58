"""A full archive in seconds: copies of one event and one statement, with all that they hold, past
the verbs and in bulk, and known to lists, counts and search as the verbs would have it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Model, QuerySet

from events import facets
from events.models import (
    Entry,
    Event,
    Mark,
    Outcome,
    Participant,
    Publication,
    Quote,
    Speaker,
    Statement,
)
from events.search import entries, matching

FIRST = dt.date(1995, 1, 10)
APART = dt.timedelta(days=17)  # from one to the next, so that every year and month has some
OTHER_LANGUAGES = {("language", "ru"), ("language", "kk")}
NAMES = ("topics", "organisations", "people", "countries", "media_contacts")


def fill(rows: dict[str, Any], number: int) -> None:
    """Add `number` copies of the event and as many of the statement that `factories.whole` made.
    They are in English alone: a third of the words to index."""
    days = {uuid4(): FIRST + n * APART for n in range(number)}
    told = {uuid4(): (happened, day) for happened, day in days.items()}
    _publications(rows["event"], days)
    _publications(rows["statement"], {uid: day for uid, (_event, day) in told.items()}, told)
    quotes = _parts(Quote, rows["quote"], "statement_id", told)
    outcomes = _parts(Outcome, rows["outcome"], "event_id", days, announced_in_id=None)
    _parts(Participant, rows["event"].participants.first(), "event_id", days)
    _parts(Speaker, rows["statement"].speakers.first(), "statement_id", told)
    copies = {
        rows["event"].pk: {uid: (uid, day) for uid, day in days.items()},
        rows["statement"].pk: {uid: (uid, day) for uid, (_event, day) in told.items()},
        rows["quote"].pk: {uid: (held, told[held][1]) for uid, held in quotes.items()},
        rows["outcome"].pk: {uid: (held, days[held]) for uid, held in outcomes.items()},
    }
    _marks(copies)
    _entries((rows["event"], rows["statement"]), copies)
    if connection.vendor == "postgresql":
        # As its own housekeeping would have done long before an archive is that full.
        with connection.cursor() as cursor:
            cursor.execute("analyze")


def _values(row: Model, fields: Iterable[Any], **changed: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in fields} | changed


def _publications(original: Any, days: dict[UUID, dt.date], told: Any = None) -> None:
    """Rows of the parent table and of the child's, which Django inserts one by one at most."""
    model, made = type(original), []
    for uid, day in days.items():
        noon = dt.datetime(day.year, day.month, day.day, 9, tzinfo=dt.UTC)
        changed = {
            "uid": uid, "slug": f"copy-{uid}"[:80], "reference_number": f"{uid}",
            "date": day, "release_at": noon, "published_at": noon,
            "ready_ru": False, "ready_kk": False, "publication_id": uid,
        }  # fmt: skip
        changed |= {"event_id": told[uid][0]} if told else {"until": day}
        made.append(model(**_values(original, model._meta.concrete_fields, **changed)))
    parent = Publication._meta.concrete_fields
    Publication.objects.bulk_create(Publication(**_values(each, parent)) for each in made)
    QuerySet(model)._batched_insert(made, model._meta.local_concrete_fields, batch_size=None)
    for name in NAMES:
        through = getattr(Publication, name).through
        field = through._meta.get_field(getattr(Publication, name).field.m2m_reverse_field_name())
        for named in getattr(original, name).all():
            through.objects.bulk_create(
                through(publication_id=uid, **{field.attname: named.pk}) for uid in days
            )


def _parts(
    model: type[Model], original: Any, holder: str, held_by: Iterable[UUID], **changed: Any
) -> dict[UUID, UUID]:
    """A copy for each holder; returns which has which."""
    held = {uuid4(): uid for uid in held_by}
    fields = model._meta.concrete_fields
    model._base_manager.bulk_create(
        model(**_values(original, fields, uid=uid, **{holder: up}, **changed))
        for uid, up in held.items()
    )
    return held


def _marks(copies: dict[UUID, dict[UUID, tuple[UUID, dt.date]]]) -> None:
    def value(mark: Mark, day: dt.date) -> str:
        dated = {"year": f"{day:%Y}", "month": f"{day:%Y-%m}"}
        return dated.get(mark.facet, mark.value)

    marks = Mark.objects.filter(uid__in=copies)
    Mark.objects.bulk_create(
        Mark(model=mark.model, uid=uid, publication_id=held, facet=mark.facet,
             value=value(mark, day))
        for mark in marks if (mark.facet, mark.value) not in OTHER_LANGUAGES
        for uid, (held, day) in copies[mark.uid].items()
    )  # fmt: skip
    facets.recount()


def _entries(
    originals: Iterable[Any], copies: dict[UUID, dict[UUID, tuple[UUID, dt.date]]]
) -> None:
    for original in originals:
        for found in entries.of(original):
            if found.language != "en":
                continue
            columns = found.columns() | {"announced_in_id": None}
            made = Entry.objects.bulk_create(
                Entry(**columns | {"uid": uid, "publication_id": held, "date": day})
                for uid, (held, day) in copies[found.uid].items()
            )
            terms = found.terms()
            matching.write({entry.pk: terms for entry in made})


def latest(model: type[Event] | type[Statement]) -> Any:
    """The copy with the latest date."""
    return model.objects.filter(slug__startswith="copy-").latest("date")
