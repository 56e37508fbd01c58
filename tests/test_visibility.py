"""The gate's truth table: SQL and object agree at every status and time."""

from datetime import UTC, datetime, timedelta

import pytest

from events import visibility
from events.models import Event, Outcome, Quote, Statement, Topic
from events.visibility import Stage, Status

T = datetime(2026, 10, 6, 10, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def stored(model: type, status: Status, release_at: datetime | None, slug: str, **more: object):
    """A row as the database allows it, straight past the verbs."""
    kind = {"event_kind": "session"} if model is Event else {"statement_kind": "speech"}
    if model is Event:
        kind["until"] = T.date()
    ended = status in (Status.WITHDRAWN, Status.RETRACTED)
    return model.objects.create(
        slug=slug, title_en="Title", ready_en=True, standing_en="authentic", date=T.date(),
        status=status, release_at=release_at, published_at=release_at,
        withdrawn_at=T if ended else None, reason_en="Reason" if ended else "", **kind, **more,
    )  # fmt: skip


# status, release relative to the moment: (public, readable, retracted, stage)
TABLE = [
    (Status.DRAFT, None, (False, False, False, Stage.DRAFT)),
    (Status.DRAFT, -SECOND, (False, False, False, Stage.DRAFT)),
    (Status.DRAFT, SECOND, (False, False, False, Stage.DRAFT)),
    (Status.IN_REVIEW, None, (False, False, False, Stage.IN_REVIEW)),
    (Status.IN_REVIEW, -SECOND, (False, False, False, Stage.IN_REVIEW)),
    (Status.APPROVED, SECOND, (False, False, False, Stage.EMBARGOED)),
    (Status.APPROVED, 0 * SECOND, (True, True, False, Stage.PUBLISHED)),
    (Status.APPROVED, -SECOND, (True, True, False, Stage.PUBLISHED)),
    (Status.WITHDRAWN, -SECOND, (False, True, False, Stage.WITHDRAWN)),
    (Status.WITHDRAWN, SECOND, (False, False, False, Stage.WITHDRAWN)),
    (Status.RETRACTED, -SECOND, (False, False, True, Stage.RETRACTED)),
    (Status.RETRACTED, SECOND, (False, False, False, Stage.RETRACTED)),
]


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Event, Statement])
@pytest.mark.parametrize(("status", "offset", "expected"), TABLE)
def test_gate_sql_and_object_agree_at_every_status_and_time(model, status, offset, expected):
    item = stored(model, status, None if offset is None else T + offset, "an-item")
    with visibility.at(T):
        in_sql = (
            model.objects.public().filter(pk=item.pk).exists(),
            model.objects.readable().filter(pk=item.pk).exists(),
            model.objects.retracted().filter(pk=item.pk).exists(),
            item.stage,
        )
        in_hand = (
            visibility.is_public(item),
            visibility.is_readable(item),
            expected[2],
            item.stage,
        )
    assert in_sql == expected
    assert in_hand == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "offset", "expected"), TABLE)
def test_quote_borrows_the_gate_of_its_statement(person, status, offset, expected):
    release = None if offset is None else T + offset
    statement = stored(Statement, status, release, "a-statement")
    quote = Quote.objects.create(statement=statement, person=person, text_en="Words")
    with visibility.at(T):
        assert Quote.objects.public().filter(pk=quote.pk).exists() == expected[0]
        assert Quote.objects.readable().filter(pk=quote.pk).exists() == expected[1]
        assert visibility.is_public(quote) == expected[0]


@pytest.mark.django_db
@pytest.mark.parametrize("event_out", [True, False])
@pytest.mark.parametrize("announcement", [None, "public", "embargoed", "retracted"])
def test_outcome_waits_for_its_event_and_for_its_announcement(event_out, announcement):
    past, future = T - SECOND, T + SECOND
    event = stored(Event, Status.APPROVED, past if event_out else future, "an-event")
    told = {
        None: lambda: None,
        "public": lambda: stored(Statement, Status.APPROVED, past, "told"),
        "embargoed": lambda: stored(Statement, Status.APPROVED, future, "told"),
        "retracted": lambda: stored(Statement, Status.RETRACTED, past, "told"),
    }[announcement]()
    outcome = Outcome.objects.create(
        event=event, announced_in=told, outcome_kind="document", text_en="A text"
    )
    expected = event_out and announcement in (None, "public")
    with visibility.at(T):
        assert Outcome.objects.public().filter(pk=outcome.pk).exists() is expected
        assert visibility.is_public(outcome) is expected


@pytest.mark.django_db
def test_topic_is_public_only_while_something_public_names_it():
    topic = Topic.objects.create(slug="a-topic", name_en="A topic")
    item = stored(Event, Status.APPROVED, T, "an-event")
    item.topics.add(topic)
    seen = []
    for when in (T - SECOND, T, T + SECOND):
        with visibility.at(when):
            seen.append(Topic.objects.public().filter(pk=topic.pk).exists())
    assert seen == [False, True, True]


@pytest.mark.django_db
def test_moment_is_one_for_the_whole_block_and_a_whole_second():
    with visibility.at(T + timedelta(microseconds=999_999)) as moment:
        assert (moment, visibility.moment(), visibility.moment().microsecond) == (T, T, 0)
