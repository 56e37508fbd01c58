"""The events and statements of Examplia: each follows from the seed and its number alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeVar

from ..languages import CODES, column
from ..models import (
    Event,
    Outcome,
    Participant,
    Placement,
    Publication,
    Quote,
    Speaker,
    Statement,
)  # fmt: skip
from ..visibility import Status
from . import inhand
from .people import Named, texts, uid
from .words import (
    EVENTS,
    OUTCOMES,
    QUOTES,
    REASON,
    SENTENCES,
    STATEMENTS,
    Words,
    filled,
)  # fmt: skip

T = TypeVar("T")

# The first day of the archive, and how long before its day an event is announced.
BEGINS = date(1995, 1, 9)
ANNOUNCED = (1, 14)
ZONE = "Arctic/Longyearbyen"
# The last of an archive are not out yet: at most so many, one of fifty, of each of three stages.
WAITING, OF = 24, 50
_STAGES = (Status.APPROVED, Status.IN_REVIEW, Status.DRAFT)
# One text of so many was withdrawn, or retracted.
_WITHDRAWN, _RETRACTED = 997, 1999


@dataclass(frozen=True)
class Plan:
    """What an archive is to be: how many publications until which day, from which seed."""

    number: int
    seed: int
    until: date
    named: Named

    def released(self, n: int) -> datetime:
        """When text `n` came out: evenly over the years, one after the other."""
        begin = datetime(BEGINS.year, BEGINS.month, BEGINS.day, 6, tzinfo=UTC)
        end = datetime(self.until.year, self.until.month, self.until.day, tzinfo=UTC)
        return begin + timedelta(seconds=int((end - begin).total_seconds() * n / self.number))

    def waits(self, n: int) -> bool:
        """Whether text `n` is not out yet."""
        return n >= self.number - min(WAITING, self.number // OF)


class Text:
    """One event or statement with all that belongs to it, in memory."""

    def __init__(self, plan: Plan, n: int) -> None:
        self.plan, self.named, self.n = plan, plan.named, n
        self.rng = Random(f"{plan.seed} {n}")  # noqa: S311 - nothing is secret
        self.released = plan.released(n)
        self.topics = self.rng.sample(self.named.topics, self.rng.randint(1, 2))
        self.place = self.some_place()

    def some_place(self) -> Words:
        """A place: the first ones of the list often, the last ones in one text of thousands."""
        known = self.named.places
        return known[int(len(known) * self.rng.random() ** 4)]

    def sentence(self, patterns: Sequence[Words]) -> Words:
        """One of the sentences, with what it is about."""
        rng = self.rng
        return filled(
            rng.choice(patterns), place=self.some_place(), number=str(rng.randint(3, 9000)),
            topic=_named(rng.choice(self.topics)), body=_named(rng.choice(self.named.bodies)),
        )  # fmt: skip

    def title(self, pattern: Words) -> Words:
        """A heading, the first letter of it large."""
        made = filled(pattern, topic=_named(self.topics[0]), place=self.place)
        return {code: text[0].upper() + text[1:] for code, text in made.items()}

    def in_languages(self) -> tuple[str, ...]:
        """Texts of the last years are in all languages, earlier ones mostly in fewer."""
        recent = self.n * 3 > self.plan.number * 2
        kept = self.rng.choices((len(CODES), 2, 1), (80, 15, 5) if recent else (20, 30, 50))[0]
        return CODES[:kept]

    def status(self) -> Status:
        """Where it stands."""
        if self.plan.waits(self.n):
            return _STAGES[self.n % len(_STAGES)]
        if self.n % _RETRACTED == _RETRACTED - 1:
            return Status.RETRACTED
        return Status.WITHDRAWN if self.n % _WITHDRAWN == _WITHDRAWN - 1 else Status.APPROVED

    def columns(self, kind: str, pattern: Words, paragraphs: int) -> dict[str, Any]:
        """The columns that events and statements share."""
        rng, ready, status = self.rng, self.in_languages(), self.status()
        sentences = [self.sentence(SENTENCES) for _each in range(paragraphs * 2)]
        title = self.title(pattern)
        body = {
            code: "".join(
                f"<p>{' '.join(each[code] for each in sentences[at : at + 2])}</p>"
                for at in range(0, len(sentences), 2)
            )
            for code in CODES
        }
        written = {"title": title, "summary": sentences[0], "body": body}
        release: datetime | None = self.released
        if status in (Status.DRAFT, Status.IN_REVIEW):
            release = None
        elif self.plan.waits(self.n):
            release = self.released + timedelta(days=1000)
        ended = status in (Status.WITHDRAWN, Status.RETRACTED)
        row = uid(rng)
        return {
            "uid": row, "publication_id": row, "slug": f"{kind}-{self.n:07}",
            "reference_number": f"EXAMPLIA-{self.released.year}-{self.n:07}",
            "status": status, "release_at": release, "published_at": release,
            "withdrawn_at": self.released + timedelta(days=30) if ended else None,
            "released_before": False,
            **{column(name, code): text[code] for name, text in written.items() for code in ready},
            **{column("ready", code): True for code in ready},
            **{column("standing", code): "courtesy" if code != ready[0] else "authentic"
               for code in ready},
            **(texts("reason", REASON) if ended else {}),
        }  # fmt: skip

    def hold(self, item: Publication, **parts: list[Any]) -> None:
        """Let the text have its parts, and name its subjects."""
        named, rng = self.named, self.rng
        placed = []
        if named.photos and self.n % 4 == 0:
            placed = [Placement(uid=uid(rng), publication=item, photo=rng.choice(named.photos))]
        inhand.hold(
            item, topics=self.topics, organisations=some(rng, named.bodies, 0, 1),
            countries=some(rng, named.countries, 0, 2), people=some(rng, named.people, 0, 1),
            media_contacts=named.contacts, placements=placed, attachments=[], **parts,
        )  # fmt: skip


def _named(row: Any) -> Words:
    return {code: getattr(row, column("name", code)) for code in CODES}


def some(rng: Random, known: Sequence[T], least: int, most: int) -> list[T]:
    """A few of them."""
    return rng.sample(known, min(rng.randint(least, most), len(known)))


def event(plan: Plan, n: int) -> Event:
    """The event of number `n`."""
    text = Text(plan, n)
    rng, named = text.rng, text.named
    kind = rng.choice(list(EVENTS))
    day = text.released.date() + timedelta(days=rng.randint(*ANNOUNCED))
    start = None
    if rng.random() < 0.6:
        start = datetime(day.year, day.month, day.day, rng.randint(8, 15), 30 * rng.randint(0, 1),
                         tzinfo=UTC)  # fmt: skip
    country = rng.choice(named.countries)
    made = Event(
        event_kind=kind, date=day, until=day, starts_at=start, time_zone=ZONE if start else "",
        state="held" if day < plan.until else "scheduled", country=country,
        host_country=country if rng.random() < 0.5 else None,
        series=rng.choice(named.series) if kind == "session" else None,
        **texts("city", text.place), **text.columns("event", EVENTS[kind], 1),
    )  # fmt: skip
    participants = [
        Participant(uid=uid(rng), event=made, order=at, **{_kind(who): who}, **texts("name", name))
        for at, (who, name) in enumerate(
            [(each, {code: each.name_in(code) for code in CODES})
             for each in some(rng, named.countries, 0, 2)]
            + [(each, _named(each)) for each in some(rng, named.bodies, 0, 1)]
            + [(each, _named(each)) for each in some(rng, named.people, 0, 2)]
        )
    ]  # fmt: skip
    outcomes = [_outcome(text, made, at) for at in range(rng.choice((0, 0, 0, 1, 1, 2)))]
    text.hold(made, participants=participants, outcomes=outcomes, notices=[])
    return made


def _kind(row: Any) -> str:
    return str(row._meta.model_name)


def _outcome(text: Text, event: Event, order: int) -> Outcome:
    rng = text.rng
    due = event.date + timedelta(days=rng.randint(30, 900)) if rng.random() < 0.5 else None
    made = Outcome(
        uid=uid(rng), event=event, order=order, due=due,
        outcome_kind=rng.choice(("document", "agreement", "decision", "commitment")),
        state=rng.choice(("agreed", "in_progress", "fulfilled")),
        **texts("text", text.sentence(OUTCOMES)),
    )  # fmt: skip
    inhand.hold(made, countries=some(rng, text.named.countries, 0, 2),
                organisations=some(rng, text.named.bodies, 0, 1), progress=[])  # fmt: skip
    return made


def statement(plan: Plan, n: int, about: Event | None) -> Statement:
    """The statement of number `n`, on an event or on none."""
    text = Text(plan, n)
    rng, named = text.rng, text.named
    kind = rng.choice(list(STATEMENTS))
    made = Statement(
        statement_kind=kind, event=about, date=text.released.date(),
        reliability=rng.choice(("as_published", "transcript", "as_delivered")),
        **texts("place", text.place),
        **text.columns("statement", STATEMENTS[kind], rng.choice((1, 2, 2, 4))),
    )  # fmt: skip
    speakers = some(rng, named.people, 1, 2)

    def attributed(model: Any, at: int, person: Any, **more: Any) -> Any:
        return model(
            uid=uid(rng), statement=made, person=person, order=at,
            **texts("name", _named(person)), **texts("office", named.offices[person.pk]), **more,
        )  # fmt: skip

    text.hold(
        made, speakers=[attributed(Speaker, at, who) for at, who in enumerate(speakers)],
        quotes=[
            attributed(Quote, at, rng.choice(speakers), original_language="en",
                       **texts("text", text.sentence(QUOTES)),
                       **{column("is_translation", code): code != "en" for code in CODES})
            for at in range(rng.choice((0, 1, 1, 2)))
        ],
    )  # fmt: skip
    return made
