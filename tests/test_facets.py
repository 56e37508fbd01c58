"""Facets: every count is what the gate lets through, and no hidden item moves one."""

import datetime as dt

import pytest
from django.db.models import Count

from events import facets, indexing, publishing, visibility
from events.models import Event, Mark, Outcome, Quote, Statement, Tally

from . import acts, factories

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 3, 1, 9, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
LISTED = (Event, Statement, Quote, Outcome)


def counted_by_hand():
    """The same numbers from the rows themselves, each asked of the gate."""
    found = {}
    for model in LISTED:
        numbers = {}
        public = set(model.objects.public().values_list("pk", flat=True))
        for mark in Mark.objects.filter(model=model._meta.model_name):
            if mark.uid in public:
                values = numbers.setdefault(mark.facet, {})
                values[mark.value] = values.get(mark.value, 0) + 1
        found[model] = numbers
    return found


def assert_sound():
    rows = Mark.objects.values_list("model", "facet", "value").annotate(Count("pk")).order_by()
    right = {row[:3]: row[3] for row in rows}
    kept = {(t.model, t.facet, t.value): t.number for t in Tally.objects.exclude(number=0)}
    assert kept == right
    by_hand = counted_by_hand()
    assert {model: facets.counts(model) for model in LISTED} == by_hand
    for facet in ("country", "topic", "person"):
        assert facets.counts_under(facet) == {
            model._meta.model_name: numbers[facet]
            for model, numbers in by_hand.items()
            if facet in numbers
        }


def test_every_act_of_an_item_leaves_the_counts_right(
    statement, event, writer, officer, second, clock
):
    clock(NOW)
    topic, country = factories.topic(), factories.country("TJ")
    event.topics.add(topic)
    event.countries.add(country)
    factories.outcome(event, announced_in=statement)
    factories.quote(statement)
    assert Mark.objects.count() == 0
    acts.approved(statement, writer, officer, LATER)
    acts.released(event, writer, officer)
    assert_sound()
    assert facets.counts(Event)["topic"] == {topic.slug: 1}
    assert facets.counts(Event)["country"] == {"tj": 1}
    assert facets.counts(Statement) == {}
    assert facets.counts(Outcome) == {}
    clock(LATER)
    assert_sound()
    assert facets.counts(Outcome)["state"] == {"agreed": 1}
    assert facets.total(facets.counts(Quote)) == 1
    event_now = Event.objects.get(pk=event.pk)
    acts.changed(event_now, writer, officer, event_kind="visit")
    assert facets.counts(Event)["kind"] == {"visit": 1}
    assert_sound()
    publishing.withdraw(Statement.objects.get(pk=statement.pk), officer, {"en": "Old."})
    assert facets.total(facets.counts(Statement)) == 0
    assert facets.total(facets.counts(Quote)) == 0
    assert facets.counts(Outcome) == {}
    assert_sound()
    publishing.ask_reinstatement(Statement.objects.get(pk=statement.pk), officer, "It stands.")
    publishing.reinstate(Statement.objects.get(pk=statement.pk), second)
    assert facets.counts(Outcome)["state"] == {"agreed": 1}
    assert_sound()


def test_embargoed_items_change_no_count_and_are_in_it_at_their_second(clock):
    clock(LATER - dt.timedelta(seconds=1))
    factories.whole("published", "Open", "BY")
    before = {model: facets.counts(model) for model in LISTED}
    for _number in range(20):
        factories.whole("embargoed", "Hidden", "KI")
    hidden = factories.whole("embargoed", "Hidden", "KI")
    Event.objects.filter(pk=hidden["event"].pk).update(release_at=LATER)
    assert {model: facets.counts(model) for model in LISTED} == before
    assert facets.counts_under("country", "ki") == {}
    with visibility.at(LATER):
        assert facets.counts(Event)["country"] == {"by": 1, "ki": 1}
        assert facets.counts_under("country", "ki") == {"event": {"ki": 1}}
        # Its outcome waits for the statement that announces it.
        assert facets.total(facets.counts(Outcome)) == 1


@pytest.mark.parametrize("stage", ["draft", "in_review", "withdrawn", "retracted"])
def test_what_is_not_approved_bears_no_mark(stage):
    factories.whole(stage, "Hidden", "KI")
    assert Mark.objects.count() == 0


def test_chosen_rows_are_counted_by_themselves_and_not_beyond_the_limit(monkeypatch):
    one, other = factories.topic(), factories.topic()
    for number in range(5):
        item = factories.event(date=dt.date(2000 + number, 1, 1))
        item.topics.add(one if number else other)
        factories.listed(item)
    rows = facets.narrow(Event.objects.public(), "topic", one.slug)
    assert facets.counts_of(rows)["year"] == {"2001": 1, "2002": 1, "2003": 1, "2004": 1}
    assert facets.total(facets.counts_of(rows)) == 4
    monkeypatch.setattr(facets, "COUNTED", 3)
    assert facets.counts_of(rows) is None


def test_counts_cost_one_query_however_many_items_there_are(django_assert_num_queries):
    for _number in range(3):
        factories.whole("published", "Open", "BY")
    with django_assert_num_queries(1):
        facets.counts(Event)
    with django_assert_num_queries(1):
        facets.counts_under("country")
    with django_assert_num_queries(1):
        facets.counts_of(Event.objects.public())


def test_rebuild_mends_a_tally_and_finds_what_has_no_place_yet():
    factories.whole("published", "Open", "BY")
    right = {model: facets.counts(model) for model in LISTED}
    assert not indexing.unindexed().exists()
    Tally.objects.filter(facet="country").update(number=7)
    Mark.objects.exclude(model="statement").exclude(model="quote").delete()
    assert indexing.unindexed().count() == 1
    assert indexing.rebuild(indexing.everything()) > 0
    assert {model: facets.counts(model) for model in LISTED} == right
    assert_sound()


def test_an_imprecise_date_has_a_year_and_no_month():
    factories.event(date=dt.date(2008, 1, 1), date_precision="year")
    assert facets.counts(Event)["year"] == {"2008": 1}
    assert "month" not in facets.counts(Event)
