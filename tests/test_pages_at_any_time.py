"""Whatever happens and whenever somebody asks: what the front hands out is what the house would say
to the first who asked in that second, and to everybody once it is over."""

import datetime as dt
import gzip

import brotli
import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import publishing, visibility

from . import acts, factories
from .fronted import ask, front

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 10, 6, 12, 0, tzinfo=dt.UTC)
OPEN = {"gzip": gzip.decompress, "br": brotli.decompress, "": bytes}
ITEMS = 3
NOTE = dict.fromkeys(("en", "ru", "kk"), "What was wrong.")
ADDRESSES = (
    "/en/", "/en/statements/", "/ru/statements/?kind=speech&sort=oldest",
    "/en/statements/?sort=oldest&kind=speech", "/en/feeds/latest.atom", "/en/statements.json",
    *(f"/en/statements/no-{number}/" for number in range(ITEMS)),
    "/en/statements/no-0.json", "/en/statements/no-1/history/",
)  # fmt: skip

waits = st.tuples(st.just("wait"), st.sampled_from([0, 1, 1, 2, 59, 60, 61]))
verbs = st.tuples(
    st.sampled_from(["release", "approve", "withdraw", "retract", "change", "plain"]),
    st.integers(0, ITEMS - 1),
)
asks = st.tuples(
    st.just("ask"), st.sampled_from(ADDRESSES), st.sampled_from(["", "gzip", "br"]),
    st.sampled_from(["GET", "HEAD"]), st.booleans(),
)  # fmt: skip


class Office:
    """Three texts, two people, and a clock."""

    def __init__(self, writer, officer):
        self.writer, self.officer, self.seconds, self.done = writer, officer, 0, []
        self.items = [
            factories.statement("draft", f"No {number}", slug=f"no-{number}", release_at=None)
            for number in range(ITEMS)
        ]

    def now(self):
        return NOON + dt.timedelta(seconds=self.seconds)

    def act(self, verb, number):
        """Do it, if it can be done."""
        item = type(self.items[number]).objects.get(pk=self.items[number].pk)
        try:
            with transaction.atomic():
                if verb == "release":
                    acts.released(item, self.writer, self.officer)
                elif verb == "approve":
                    at = self.now() + dt.timedelta(seconds=60)
                    acts.approved(item, self.writer, self.officer, at)
                elif verb == "change":
                    text = f"Changed at {self.seconds}"
                    acts.changed(item, self.writer, self.officer, note=NOTE, title_en=text)
                elif verb == "plain":  # past every verb, as a restored database would have it
                    type(item).objects.filter(pk=item.pk).update(title_en=f"At {self.seconds}")
                else:
                    getattr(publishing, verb)(item, self.officer, "A reason.")
                self.done.append(verb)
        except ValidationError:  # not from this stage
            return


@pytest.fixture
def office_of_two(staff):
    """Who writes, and who may do everything else."""
    return staff("Writer"), staff("Head of press")


def opened(told):
    return OPEN[told.headers.get("Content-Encoding", "")](told.body)


def test_every_act_is_seen_at_the_next_second_and_not_in_its_own(office_of_two, clock):
    office, before, seen = Office(*office_of_two), front(), []
    with visibility.clock_set_to(office.now):
        for verb in ("plain", "release", "change", "withdraw", "retract"):
            page = "/en/statements/no-0/"
            was = ask(before, page)
            office.act(verb, 0)
            same = ask(before, page) == was or was.status != 200
            office.seconds += 1
            now = ask(before, page)
            seen.append((same, now.status, now.body != was.body))
    assert office.done == ["plain", "release", "change", "withdraw", "retract"]
    assert seen == [
        (True, 404, False), (True, 200, True), (True, 200, True), (True, 200, True),
        (True, 410, True),
    ]  # fmt: skip


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture,
                                            HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(st.one_of(asks, asks, verbs, waits), min_size=4, max_size=16))
def test_handed_out_is_what_the_house_would_say(steps, office_of_two, monkeypatch):
    passing = [0.0]
    for module in ("front", "finished", "outlook"):
        monkeypatch.setattr(f"events.public.{module}.monotonic", lambda: passing[0])
    for cache in caches.all():
        cache.clear()
    with transaction.atomic():
        office, before = Office(*office_of_two), front()
        with visibility.clock_set_to(office.now):
            _run(steps, office, before, passing)
        transaction.set_rollback(True)


def _run(steps, office, before, passing):
    first, acted = {}, set()
    for name, *what in steps:
        if name == "wait":
            office.seconds += what[0]
            passing[0] += what[0]
        elif name != "ask":
            office.act(name, *what)
            acted = set(first)
        else:
            _ask(before, office.seconds, first, acted, *what)


def _ask(before, second, first, acted, address, coding, method, again):
    said = {"accept_encoding": coding}
    if again:
        said["if_none_match"] = ask(before, address, **said).headers.get("ETag", '"none"')
    told = ask(before, address, method, **said)
    # Parameters in another order are the same page.
    name = (address.replace("sort=oldest&kind=speech", "kind=speech&sort=oldest"), second)
    asked = name[0]
    kept = first.get(name)
    if kept is None or kept.status != 200:  # nothing but a page is kept for its second
        kept = first[name] = ask(before, asked)
        acted.discard(name)
    if name not in acted:
        plain = ask(before.application.house, asked, method, **said)
        assert told == plain
    elif told.status == 200 and method == "GET":
        assert opened(told) == kept.body
