"""Editions: a snapshot says everything, applying one brings it all back, digests show tampering."""

import io
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from PIL import Image

from events import editions
from events.models import (
    Country,
    Event,
    MediaContact,
    Membership,
    Office,
    Organisation,
    Outcome,
    Participant,
    Person,
    Photo,
    Placement,
    Progress,
    Quote,
    Series,
    Speaker,
    Statement,
    Topic,
)  # fmt: skip

from . import factories

LETTERS = st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs", "Cn", "Co"))
TEXT = st.text(LETTERS, max_size=30)
WORDS = st.text(LETTERS, min_size=1, max_size=30)
DAYS = st.dates(date(1991, 1, 1), date(2040, 12, 31))
PRECISION = st.sampled_from(["day", "month", "year"])
FLAGS = st.booleans()


def languages(name: str, texts=TEXT, first=None):
    """Columns of a translated field; the first language may have to be non-empty."""
    return st.fixed_dictionaries(
        {f"{name}_en": texts if first is None else first, f"{name}_ru": texts, f"{name}_kk": texts}
    )


def merged(*parts):
    return st.tuples(*parts).map(lambda each: {k: v for part in each for k, v in part.items()})


PUBLICATION = merged(
    languages("title", first=WORDS),
    languages("summary"),
    st.fixed_dictionaries({"date": DAYS, "date_precision": PRECISION}),
    st.fixed_dictionaries({"standing_en": st.sampled_from(["authentic", "working"]),
                           "ready_en": FLAGS}),
)  # fmt: skip
EVENT = merged(PUBLICATION, languages("venue"), languages("city"), st.fixed_dictionaries(
    {"state": st.sampled_from(["held", "scheduled"]), "event_kind": st.just("visit")}))  # fmt: skip
STATEMENT = merged(PUBLICATION, languages("place"), st.fixed_dictionaries(
    {"statement_kind": st.sampled_from(["speech", "message"])}))  # fmt: skip
QUOTES = st.lists(
    merged(
        languages("text", first=WORDS),
        languages("office"),
        st.fixed_dictionaries(
            {"original_language": st.sampled_from(["", "en", "mul"]), "order": st.integers(0, 9)}
        ),
    ),
    max_size=3,
)
OUTCOMES = st.lists(
    merged(
        languages("text", first=WORDS),
        st.fixed_dictionaries(
            {"due": st.none() | DAYS, "due_precision": PRECISION, "outcome_kind": st.just("body")}
        ),
    ),
    max_size=3,
)


def made(model, fields, **more):
    row = model(**fields, **more)
    row.full_clean()
    row.save()
    return row


class RoundTrip(TestCase):
    """snapshot → anything → apply → the same snapshot, for every recorded model."""

    def setUp(self):
        key = uuid4().hex[:8]
        self.person = Person.objects.create(slug=f"p-{key}", name_en="A person")
        self.country, _created = Country.objects.get_or_create(iso2="KZ")
        self.organisation = Organisation.objects.create(slug=f"o-{key}", name_en="A body")
        self.topic = Topic.objects.create(slug=f"t-{key}", name_en="A topic")
        self.slug = f"item-{key}"

    def assert_round_trip(self, record, change):
        record = type(record).objects.get(pk=record.pk)
        before = editions.snapshot(record)
        change(record)
        record = type(record).objects.get(pk=record.pk)
        assert editions.snapshot(record) != before
        editions.apply(record, before)
        assert editions.snapshot(type(record).objects.get(pk=record.pk)) == before

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(EVENT, OUTCOMES, languages("capacity"))
    def test_event(self, fields, outcomes, capacity):
        event = made(Event, fields, slug=self.slug)
        event.topics.set([self.topic])
        event.countries.set([self.country])
        Participant.objects.create(
            event=event, country=self.country, as_named="As named", **capacity
        )
        for number, each in enumerate(outcomes):
            outcome = made(Outcome, each, event=event, order=number)
            outcome.organisations.set([self.organisation])
            Progress.objects.create(outcome=outcome, date=date(2008, 1, 1), state="in_progress")

        def change(record):
            record.topics.clear()
            record.title_en = "Quite another title that no strategy gives"
            record.save()
            record.participants.all().delete()
            record.outcomes.all().delete()
            Outcome.objects.create(event=record, outcome_kind="decision", text_en="Intruder")

        self.assert_round_trip(event, change)
        event.outcomes.all().delete()
        event.delete()

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STATEMENT, QUOTES, languages("office"))
    def test_statement(self, fields, quotes, office):
        statement = made(Statement, fields, slug=self.slug, body_en="<p>A “text”.</p>")
        statement.people.set([self.person])
        Speaker.objects.create(statement=statement, person=self.person, **office)
        for each in quotes:
            made(Quote, each, statement=statement, person=self.person)

        def change(record):
            record.people.clear()
            record.body_en, record.body_kk = "<p>Other</p>", "<p>Басқа</p>"
            record.save()
            record.speakers.all().delete()
            for quote in record.quotes.all():
                quote.text_en = "Changed"
                quote.save()
            Quote.objects.create(statement=record, person=self.person, text_ru="Лишняя")

        self.assert_round_trip(statement, change)
        statement.delete()

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(languages("name", first=WORDS), languages("title"), DAYS, PRECISION)
    def test_reference_rows(self, name, title, since, precision):
        slug = f"r-{uuid4().hex[:8]}"
        person = made(Person, name, slug=slug)
        made(Office, title, person=person, since=since, since_precision=precision)
        body = made(Organisation, name, slug=slug)
        made(Membership, {}, organisation=body, country=self.country, since=since)
        series = made(Series, name, slug=slug, organisation=body)
        contact = made(MediaContact, name, email="press@example.org")
        country, _created = Country.objects.get_or_create(iso2="TJ")

        def rename(record):
            if record == country:
                record.aliases = "Another name for the country"
            else:
                record.name_en = "Quite another name that no strategy gives"
            record.save()
            for relation in record.PARTS:
                getattr(record, relation).all().delete()

        for record in (person, body, series, contact, country, made(Topic, name, slug=slug)):
            self.assert_round_trip(record, rename)


@pytest.mark.django_db
def test_photo_round_trip_keeps_the_blob():
    png = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(png, "PNG")
    photo = Photo(alt_en="A red field", focal_x=0.25)
    photo.image.save("field.png", ContentFile(png.getvalue(), "field.png"))
    before = editions.snapshot(photo)
    photo.alt_en, photo.focal_x = "Another", 1.0
    photo.save()
    editions.apply(photo, before)
    assert editions.snapshot(Photo.objects.get(pk=photo.pk)) == before
    assert before["fields"]["image"].startswith("blobs/")


@pytest.mark.django_db
def test_placement_is_part_of_the_publication(event, photo):
    Placement.objects.create(publication=event, photo=photo, caption_en="Here")
    before = editions.snapshot(event)
    event.placements.all().delete()
    editions.apply(event, before)
    assert editions.snapshot(event) == before
    assert len(before["parts"]["placements"]) == 1


@pytest.mark.django_db
def test_apply_refuses_another_record_s_snapshot(event):
    other = Event.objects.create(slug="other-one", title_en="Other", event_kind="visit",
                                 date=date(2007, 1, 1), until=date(2007, 1, 1))  # fmt: skip
    with pytest.raises(ValidationError):
        editions.apply(other, editions.snapshot(event))


@pytest.mark.django_db
def test_text_digest_is_of_what_readers_see_and_of_nothing_else(statement, person):
    Quote.objects.create(statement=statement, person=person, text_en="Words", name_en="Printed")
    first = editions.text_digests(statement)
    assert list(first) == ["en"]
    person.name_en = "Renamed"
    person.save()
    statement.version, statement.title_ru = 99, "Не готово"
    statement.release_at = datetime(2030, 1, 1, tzinfo=UTC)
    assert editions.text_digests(statement) == first
    quote = statement.quotes.get()
    quote.text_en = "Words."
    quote.save()
    assert editions.text_digests(statement) != first


@pytest.mark.django_db
def test_text_digest_does_not_tell_composed_from_decomposed_letters(statement):
    statement.title_en = "Communiqué"
    composed = editions.text_digests(statement)
    statement.title_en = "Communique\u0301"
    assert editions.text_digests(statement) == composed


@pytest.mark.django_db
def test_outcome_of_an_embargoed_statement_stays_out_of_its_events_digest():
    event = factories.event("published")
    later = factories.statement("embargoed", event=event)
    before = editions.text_digests(event)
    outcome = factories.outcome(event, announced_in=later)
    assert editions.text_digests(event) == before
    outcome.announced_in = factories.statement("published", event=event)
    outcome.save()
    assert set(editions.text_digests(event).values()).isdisjoint(before.values())


# --- Columns that came later ----------------------------------------------------------------------


def _as_before_kazakh(content):
    """What was written when there was no Kazakh and no outcome had progress."""
    return content | {
        "fields": {name: v for name, v in content["fields"].items() if not name.endswith("_kk")},
        "parts": {
            relation: [_as_before_kazakh(state) for state in states]
            for relation, states in content["parts"].items()
            if relation != "progress"
        },
    }


@pytest.mark.django_db
def test_edition_written_before_a_column_stays_the_text_that_it_was(event):
    outcome = Outcome.objects.create(event=event, outcome_kind="decision", text_en="Decided")
    now = editions.snapshot(Event.objects.get(pk=event.pk))
    old = _as_before_kazakh(now)
    assert old != now
    assert editions.completed(old) == editions.completed(now) == now
    event.title_kk = outcome.text_kk = "Қазақша"
    event.save()
    outcome.save()
    filled = editions.snapshot(Event.objects.get(pk=event.pk))
    assert editions.completed(old) != filled
    # Laid on top of the text as it stands, it takes nothing away that it does not know of.
    assert editions.completed(old, filled) == filled
