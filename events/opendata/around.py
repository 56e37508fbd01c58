"""All that records lead to, asked of the database at once, and of the gate each time."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Value

from ..languages import columns
from ..models import (
    Attachment,
    Change,
    Country,
    Edition,
    MediaContact,
    Notice,
    Organisation,
    Outcome,
    Participant,
    Person,
    Placement,
    Progress,
    Publication,
    Quote,
    Series,
    Speaker,
    Statement,
    Topic,
)  # fmt: skip

# Which rows of other models a text names, and an outcome's parties; by the name of the relation.
NAMED: dict[str, Any] = {
    "topics": Topic, "organisations": Organisation, "countries": Country, "people": Person,
    "media_contacts": MediaContact,
}  # fmt: skip
PARTIES: dict[str, Any] = {"countries": Country, "organisations": Organisation}
# What is told of a text elsewhere than in its own record.
_BRIEF = (
    "model", "slug", "date", "date_precision",
    *columns("title"), *columns("ready"), *columns("standing"),
)  # fmt: skip
By = dict[UUID, list[Any]]


def by_key(rows: Iterable[Any], key: str) -> By:
    """Rows by the value that each has under `key`, in their order."""
    found: By = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def public_rows(model: Any, keys: Iterable[UUID | None]) -> dict[UUID, Any]:
    """Those of the rows that anybody may know of. One query, and none for no rows."""
    wanted = {key for key in keys if key is not None}
    rows = model.objects.public()
    if model is Publication:
        rows = rows.only(*_BRIEF)
    return {row.pk: row for row in rows.filter(pk__in=wanted)} if wanted else {}


def _pairs(name: str, owner: Any, relation: str, holders: Iterable[UUID]) -> QuerySet[Any]:
    field = owner._meta.get_field(relation)
    through = field.remote_field.through
    here, there = field.m2m_field_name(), field.m2m_reverse_field_name()
    rows = through._default_manager.filter(**{f"{here}__in": list(holders)})
    return rows.order_by().values_list(Value(name), F(f"{here}_id"), F(f"{there}_id"))


class Around:
    """What belongs to some events and statements, quotes or outcomes, and the public rows that
    they name: a fixed number of queries for any number of them.

    `public(model, key)` is the row where anybody may know of it, else None.
    """

    def __init__(
        self, publications: Iterable[Any] = (), quotes: Iterable[Any] = (),
        outcomes: Iterable[Any] = (),
    ) -> None:  # fmt: skip
        texts = {each.pk: each for each in publications}
        events = [uid for uid, each in texts.items() if each.model == Publication.Model.EVENT]
        statements = [uid for uid in texts if uid not in set(events)]
        self._texts(texts, events, statements)
        mine = list(outcomes)
        self.outcomes = by_key(Outcome.objects.readable().filter(event__in=events), "event_id")
        came = [*mine, *(each for rows in self.outcomes.values() for each in rows)]
        self.progress = by_key(
            Progress.objects.filter(outcome__in=[each.pk for each in came]), "outcome_id"
        )
        said = list(quotes)
        self.named = self._named(list(texts), [each.pk for each in came])
        held = {*texts, *(each.event_id for each in mine), *(each.statement_id for each in said)}
        self.editions = _editions(held)
        self.shown = self._shown(texts.values(), said, came)

    def _texts(self, texts: Any, events: list[UUID], statements: list[UUID]) -> None:
        """The parts of events and statements, each through its gate."""
        held = {"publication__in": list(texts)}
        self.placements = by_key(
            Placement.objects.readable().filter(**held).select_related("photo"), "publication_id"
        )
        self.attachments = by_key(Attachment.objects.readable().filter(**held), "publication_id")
        told = Change.objects.readable().filter(record_uid__in=list(texts)).defer("snapshot")
        self.told = by_key(told.order_by("-public_number"), "record_uid")
        took_part = Participant.objects.readable().filter(event__in=events)
        self.participants = by_key(
            took_part.select_related("country", "organisation", "person"), "event_id"
        )
        self.notices = by_key(Notice.objects.readable().filter(event__in=events), "event_id")
        of_event = Statement.objects.public().filter(event__in=events)
        self.statements = by_key(
            of_event.only("event_id", *_BRIEF).order_by("published_at", "uid"), "event_id"
        )
        spoke = Speaker.objects.readable().filter(statement__in=statements)
        self.speakers = by_key(spoke.select_related("person"), "statement_id")
        quotes = Quote.objects.readable().filter(statement__in=statements)
        self.quotes = by_key(quotes.select_related("person"), "statement_id")
        announced = Outcome.objects.public().filter(announced_in__in=statements)
        self.announced = by_key(announced, "announced_in_id")

    def _named(self, texts: list[UUID], outcomes: list[UUID]) -> dict[tuple[str, UUID], list[UUID]]:
        """The keys of what is named, by the relation and who names it. One query."""
        asked = [_pairs(name, Publication, name, texts) for name in NAMED if texts]
        asked += [_pairs(name, Outcome, name, outcomes) for name in PARTIES if outcomes]
        found: dict[tuple[str, UUID], list[UUID]] = defaultdict(list)
        if asked:
            for name, holder, uid in asked[0].union(*asked[1:], all=True):
                found[name, holder].append(uid)
        return found

    def _shown(
        self, texts: Iterable[Any], quotes: list[Any], outcomes: list[Any]
    ) -> dict[Any, dict[UUID, Any]]:
        """The public rows among those that are led to, by model. One query for each model."""
        wanted: dict[Any, set[UUID | None]] = defaultdict(set)
        for (name, _holder), uids in self.named.items():
            wanted[NAMED[name]].update(uids)
        for item in texts:
            if item.model == Publication.Model.EVENT:
                wanted[Country] |= {item.country_id, item.host_country_id}
                wanted[Organisation].add(item.host_organisation_id)
                wanted[Series].add(item.series_id)
                wanted[MediaContact].add(item.accreditation_contact_id)
            else:
                wanted[Publication].add(item.event_id)
        for each in (each for rows in self.participants.values() for each in rows):
            wanted[Country].add(each.country_id)
            wanted[Organisation].add(each.organisation_id)
            wanted[Person].add(each.person_id)
        for relation in (self.speakers, self.quotes):
            for each in (each for rows in relation.values() for each in rows):
                wanted[Person].add(each.person_id)
        for each in quotes:
            wanted[Person].add(each.person_id)
            wanted[Publication].add(each.statement.event_id)
        announced = [each for rows in self.announced.values() for each in rows]
        for each in (*outcomes, *announced):
            wanted[Publication] |= {each.event_id, each.announced_in_id, each.follow_up_id}
        for each in (each for rows in self.progress.values() for each in rows):
            wanted[Publication].add(each.cites_id)
        return {model: public_rows(model, keys) for model, keys in wanted.items()}

    def public(self, model: Any, key: UUID | None) -> Any:
        """The row, where it was led to and is public; else None."""
        return self.shown.get(model, {}).get(key)

    def named_by(self, holder: UUID, relation: str) -> list[Any]:
        """The public rows that a text or an outcome names, in the order of their model."""
        model = NAMED[relation]
        found = [self.public(model, uid) for uid in self.named.get((relation, holder), ())]
        order = model._meta.ordering[0]
        return sorted((each for each in found if each), key=lambda each: getattr(each, order))


def _editions(held: set[UUID]) -> dict[UUID, tuple[int, dict[str, str]]]:
    """The number and the digests of the edition that readers have of each text. One query."""
    rows = Edition.objects.filter(record_uid__in=held, public_number__isnull=False)
    numbered = rows.order_by("number").values_list("record_uid", "public_number", "text_digests")
    return {uid: (number, digests) for uid, number, digests in numbered}
