"""Which database answers readers: the replica only while it has all that the primary promised."""

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from events.models import Publication
from events.public.outlook import READ
from pressoffice import routing
from pressoffice.routing import BETWEEN_LOOKS, LEFT_ALONE, MOST_BEHIND, Watch


class Pair:
    """A primary and a replica of it, and a clock, all of which stand where they are put."""

    def __init__(self):
        self.now, self.written, self.replayed = 100.0, 1000, 1000
        self.replica_is, self.away, self.asked = "this", set(), []
        self.watch = Watch(self.ask, lambda: self.now)

    def ask(self, alias, question):
        self.asked.append(alias)
        if alias in self.away:
            raise OperationalError("away")
        if alias == "default":
            return self.written, "this"
        return self.replayed, self.replica_is


@pytest.fixture
def pair():
    return Pair()


def test_replica_that_has_everything_is_enough_however_long_nothing_happened(pair):
    assert pair.watch.has(pair.now) is True
    pair.now += 3600
    assert pair.watch.has(pair.now) is True


def test_replica_that_lacks_something_is_not_asked_until_it_has_it(pair):
    pair.replayed = 999
    assert pair.watch.has(pair.now) is False
    pair.now, pair.replayed = pair.now + BETWEEN_LOOKS, 1000
    assert pair.watch.has(100.0) is True


def test_what_was_committed_in_the_meantime_does_not_count_against_it(pair):
    pair.replayed = 999
    since = pair.now
    assert pair.watch.has(since) is False
    pair.now, pair.written, pair.replayed = pair.now + BETWEEN_LOOKS, 2000, 1500
    assert pair.watch.has(since) is True
    assert pair.watch.has(since + 0.1) is False


def test_replica_is_too_far_behind_after_half_a_second(pair):
    assert pair.watch.has(pair.now) is True
    since, pair.written = pair.now, 2000
    pair.now += MOST_BEHIND
    assert pair.watch.has(since) is True
    pair.now += 0.01
    assert pair.watch.has(since) is False


def test_both_are_asked_a_few_times_a_second_at_most(pair):
    pair.replayed = 0
    for _each in range(1000):
        assert pair.watch.has(pair.now) is False
        pair.now += 0.001
    assert len(pair.asked) <= 2 * (1 / BETWEEN_LOOKS + 1)


def test_replica_that_does_not_answer_is_left_alone(pair):
    pair.away = {"replica"}
    assert pair.watch.has(pair.now) is False
    pair.away, pair.now = set(), pair.now + LEFT_ALONE - 0.01
    assert pair.watch.has(pair.now) is False
    assert pair.asked == ["default", "replica"]
    pair.now += 0.02
    assert pair.watch.has(pair.now) is True


@pytest.mark.parametrize(("replayed", "replica_is"), [(None, "this"), (5000, "another")])
def test_server_that_is_no_replica_of_the_primary_is_not_asked(pair, replayed, replica_is):
    pair.replayed, pair.replica_is = replayed, replica_is
    assert pair.watch.has(pair.now) is False


def test_nobody_vouches_for_a_replica_whose_primary_is_away(pair):
    pair.away = {"default"}
    assert pair.watch.has(pair.now) is False


# --- A request ------------------------------------------------------------------------------------


@pytest.fixture
def replica(db, monkeypatch):
    """A replica that has everything, and is the same database: what stands there is told by the
    alias that is asked."""
    watch = Pair().watch
    monkeypatch.setattr(watch, "has", lambda since: not watch.is_left)
    watch.is_left = False
    monkeypatch.setattr(watch, "leave_alone", lambda: setattr(watch, "is_left", True))
    monkeypatch.setattr(routing, "watch", watch)
    monkeypatch.setattr(routing.transaction, "atomic", connection_of)
    return watch


class connection_of:  # noqa: N801 - stands for transaction.atomic
    def __init__(self, using):
        assert using == "replica"

    def __enter__(self):
        return None

    def __exit__(self, *problem):
        return False


def where(request):
    """A view that answers with the database that its rows are read from."""
    return HttpResponse(routing.ReplicaRouter().db_for_read(Publication))


def asked(method="get", **meta):
    return getattr(RequestFactory(), method)("/en/", **meta)


def test_readers_are_answered_from_the_replica(replica):
    answer = routing.from_replica(asked(), where, (), {})
    assert answer.content == b"replica"
    assert where(asked()).content == b"default"


@pytest.mark.parametrize("method", ["post", "put", "options", "delete"])
def test_what_is_sent_to_us_goes_to_the_primary(replica, method):
    assert routing.from_replica(asked(method), where, (), {}) is None


def test_replica_may_not_be_older_than_what_is_known_of_the_record(db, monkeypatch):
    said = []
    monkeypatch.setattr(routing.watch, "has", said.append)
    assert routing.from_replica(asked(**{READ: 1e12}), where, (), {}) is None
    assert said == [1e12]


@pytest.mark.parametrize("problem", [OperationalError, InterfaceError])
def test_replica_that_fails_midway_is_not_noticed(replica, problem):
    def failing(request):
        raise problem("terminating connection due to conflict with recovery")

    assert routing.from_replica(asked(), failing, (), {}) is None
    assert routing.from_replica(asked(), where, (), {}) is None  # it is left alone
    assert where(asked()).content == b"default"


def test_what_is_absent_on_the_replica_is_answered_from_the_same_state(replica):
    def absent(request):
        raise Http404

    answer = routing.from_replica(asked(), absent, (), {})
    assert answer.status_code == 404


def test_mistake_of_a_view_is_not_blamed_on_the_replica(replica):
    def mistaken(request):
        raise ValueError("a mistake")

    with pytest.raises(ValueError, match="a mistake"):
        routing.from_replica(asked(), mistaken, (), {})
    assert replica.is_left is False


def test_rows_of_others_and_everything_that_is_written_are_on_the_primary():
    from django.contrib.sessions.models import Session

    router = routing.ReplicaRouter()
    token = routing._chosen.set(routing.REPLICA)
    try:
        found = (router.db_for_read(Publication), router.db_for_read(Session))
        assert found == ("replica", "default")
        assert router.db_for_write(Publication) == "default"
    finally:
        routing._chosen.reset(token)
    assert router.allow_migrate("replica", "events") is False
    assert router.allow_migrate("default", "events") is None


@pytest.mark.postgresql
def test_primary_tells_how_far_its_log_is_to_any_account(db):
    with connection.cursor() as cursor:
        cursor.execute(routing._WRITTEN)
        written, system = cursor.fetchone()
        cursor.execute(routing._REPLAYED)
        assert cursor.fetchone() == (None, system)
    assert written > 0
