"""The state of the public record moves with every public act, and with nothing else."""

import datetime as dt

import pytest

from events import publishing, visibility
from events.latest import latest
from events.models import Statement, Topic

from . import acts, factories

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def people(staff):
    return staff("Press officer"), staff("Head of press")


@pytest.fixture
def out(people):
    """A statement that was released in the sight of two people."""
    item = factories.statement("draft", "Known", ready_ru=False, ready_kk=False)
    return acts.released(item, *people)


def saved(row, by):
    with publishing.saving(row, by):
        return row


def tag_at(when):
    with visibility.at(when):
        return latest().tag


def test_nothing_released_has_no_state(people):
    factories.statement("draft")
    assert (latest().tag, latest().at) == ("", None)


def test_release_changes_it_at_its_second_and_no_act_before_does(people, out):
    now = visibility.clock()
    before = tag_at(now)
    release_at = now + HOUR
    hidden = factories.statement("draft", "Hidden", ready_ru=False, ready_kk=False)
    topic = factories.topic("Hidden")
    hidden.topics.add(topic)
    saved(hidden, people[0])
    approved = acts.approved(hidden, *people, release_at)
    acts.changed(approved, *people, title_en="Hidden and changed")
    assert tag_at(now + HOUR - dt.timedelta(seconds=1)) == before
    with visibility.at(release_at):
        state = latest()
    assert state.tag != before
    assert state.at == release_at


@pytest.mark.parametrize("act", ["correct", "withdraw", "retract", "rename a topic"])
def test_every_public_act_changes_it(people, act):
    writer, officer = people
    topic = factories.topic("Named")
    item = factories.statement("draft", "Known", ready_ru=False, ready_kk=False)
    saved(topic, writer)
    item.topics.add(topic)
    item = acts.released(item, writer, officer)
    before = latest().tag
    if act == "correct":
        acts.changed(item, writer, officer, title_en="Corrected")
    elif act == "rename a topic":
        acts.changed(Topic.objects.get(), writer, officer, name_en="Renamed")
    else:
        getattr(publishing, act)(item, officer, {"en": "A reason."})
    assert latest().tag != before


def test_what_waits_for_a_second_person_changes_nothing(people, out):
    writer, officer = people
    ended = publishing.withdraw(out, officer, {"en": "A reason."})
    before = latest().tag
    publishing.propose_reason(ended, writer, {"en": "Another reason."})
    publishing.ask_reinstatement(Statement.objects.get(), writer, "It was right.")
    assert latest().tag == before


def test_it_costs_one_query(people, out, django_assert_num_queries):
    with django_assert_num_queries(1):
        latest()
