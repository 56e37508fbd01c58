"""Who of the staff sees what before its release: the same answer in SQL, of an object, and of all
that hangs on it."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from events import editions, publishing, roles, sight, visibility
from events.models import (
    Access,
    Bundle,
    Change,
    Edition,
    Event,
    Notification,
    Outcome,
    Photo,
    Placement,
    PreviewLink,
    Progress,
    Publication,
    Quote,
    Reading,
    Statement,
    Topic,
)  # fmt: skip

from . import factories

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 6, 5, 0, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
BEFORE = ("draft", "in_review", "embargoed")
SEE_THE_OFFICE = ("Writer", "Press officer", "Head of press", "Archivist")


def name_on(item, user):
    return Access.objects.create(
        publication_id=item.pk, user=user, given_by=user, given_at=factories.LONG_AGO
    )


def expected(role, stage, limited, named):
    """The rule in words: what is out is everybody's, what names you is yours, what is not limited
    is the office's."""
    return stage not in BEFORE or named or (not limited and role in SEE_THE_OFFICE)


@pytest.mark.parametrize("stage", factories.STAGES)
@pytest.mark.parametrize("limited", [False, True])
@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("role", [*roles.ROLES, "superuser"])
def test_who_sees_an_item_at_every_stage(role, stage, limited, named, staff, django_user_model):
    if role == "superuser":
        user = django_user_model.objects.create_superuser("root", password="a-password-for-tests")
    else:
        user = staff(role)
    item = factories.statement(stage, limited=limited)
    if named:
        name_on(item, user)
    answer = expected(role, stage, limited, named)
    for rows in (Statement.objects.all(), Publication.objects.all()):
        assert sight.seen_by(user, rows).exists() is answer
    assert sight.sees(user, item) is answer
    assert sight.sees(user, item.publication) is answer
    quote = factories.quote(item)
    assert sight.sees(user, quote) is answer


def test_limit_ends_in_the_second_of_the_release(staff):
    item = factories.statement("embargoed", limited=True, release_at=LATER, published_at=LATER)
    user = staff("Writer")
    for when, answer in ((LATER - dt.timedelta(seconds=1), False), (LATER, True)):
        with visibility.at(when):
            assert sight.sees(user, item) is answer
            assert sight.seen_by(user, Statement.objects.all()).exists() is answer


def test_nobody_sees_by_what_names_them_elsewhere(staff):
    user, other = staff("Reader under embargo"), staff("Reader under embargo", "another")
    mine, theirs = factories.event("embargoed"), factories.event("embargoed")
    name_on(mine, user)
    name_on(theirs, other)
    assert list(sight.seen_by(user, Event.objects.all())) == [mine]
    assert list(sight.seen_by(other, Event.objects.all())) == [theirs]


@pytest.fixture
def hidden(staff, photo):
    """A limited statement of a limited event, and a row of every model that hangs on them."""
    officer, named = staff("Press officer", "officer"), staff("Head of press", "named")
    made = factories.whole("embargoed", "Kryptonym", "KI")
    happened, told = made["event"], made["statement"]
    for item in (happened, told):
        type(item).objects.filter(pk=item.pk).update(limited=True)
        name_on(item, named)
        item.refresh_from_db()
    bundle = Bundle.objects.create(name="Kryptonym", made_by=officer, made_at=NOW)
    Statement.objects.filter(pk=told.pk).update(bundle=bundle)
    placement = Placement.objects.create(publication=told.publication, photo=photo)
    edition = editions.write(told, "save", officer, NOW)
    return {
        "named": named, "officer": officer, "event": happened, "statement": told,
        "quote": made["quote"], "outcome": made["outcome"], "bundle": bundle, "photo": photo,
        "placement": placement, "edition": edition, "topic": made["topic"],
        "photo edition": editions.write(photo, "save", officer, NOW),
        "participant": happened.participants.get(), "speaker": told.speakers.get(),
        "change": Change.objects.create(
            model="statement", record_uid=told.pk, base=edition, kind="update", snapshot={},
            by=officer, proposed_at=NOW),
        "reading": Reading.objects.create(
            record_uid=told.pk, by=officer, by_name="officer", how="form", at=NOW),
        "notification": Notification.objects.create(
            user=officer, kind="review", model="statement", record_uid=told.pk, due_at=NOW),
        "preview link": PreviewLink.objects.create(
            publication=told.publication, code_hash="0" * 64, for_whom="A newsroom",
            made_by=officer, made_at=NOW, expires_at=LATER),
        "access": Access.objects.filter(publication=told.publication).get(),
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["event", "statement", "quote", "outcome", "bundle", "photo", "placement", "edition",
     "photo edition", "participant", "speaker", "change", "reading", "notification",
     "preview link", "access"],
)  # fmt: skip
def test_what_hangs_on_a_limited_item_is_hidden_with_it(hidden, name):
    row = hidden[name]
    rows = type(row)._default_manager.filter(pk=row.pk)
    assert sight.is_secret(type(row))
    assert sight.seen_by(hidden["named"], rows).count() == 1
    assert sight.seen_by(hidden["officer"], rows).count() == 0
    assert (sight.sees(hidden["named"], row), sight.sees(hidden["officer"], row)) == (True, False)
    with pytest.raises(PermissionDenied):
        sight.require(hidden["officer"], row)
    with visibility.at(factories.FAR_AHEAD):
        assert sight.seen_by(hidden["officer"], rows).count() == 1


def test_names_of_the_reference_lists_are_the_whole_offices(hidden):
    assert sight.sees(hidden["officer"], hidden["topic"])
    assert not sight.is_secret(Topic)


def test_outcome_is_as_secret_as_its_announcement(staff):
    user = staff("Press officer")
    happened = factories.event("published")
    told = factories.statement("draft", limited=True)
    secret = factories.outcome(happened, "Kryptonym", announced_in=told)
    plain = factories.outcome(happened)
    assert list(sight.seen_by(user, Outcome.objects.all())) == [plain]
    name_on(told, user)
    assert set(sight.seen_by(user, Outcome.objects.all())) == {plain, secret}


def test_bundle_is_seen_whole_or_not_at_all(staff):
    user = staff("Press officer")
    bundle = Bundle.objects.create(name="A name", made_by=user, made_at=NOW)
    assert sight.sees(user, bundle)
    factories.statement("draft", bundle=bundle)
    assert sight.sees(user, bundle)
    secret = factories.statement("draft", bundle=bundle, limited=True)
    assert not sight.sees(user, bundle)
    name_on(secret, user)
    assert sight.sees(user, bundle)


def test_photo_is_hidden_only_where_hidden_items_alone_show_it(staff, photo):
    user = staff("Press officer")
    assert sight.sees(user, photo)  # in the library, nowhere yet
    secret = factories.statement("draft", limited=True)
    Placement.objects.create(publication=secret.publication, photo=photo)
    assert not sight.sees(user, photo)
    person = factories.person(portrait=photo)
    assert sight.sees(user, photo)  # the library's portrait of somebody
    person.portrait = None
    person.save()
    opened = factories.statement("draft")
    Placement.objects.create(publication=opened.publication, photo=photo)
    assert sight.sees(user, photo)


def test_reader_sees_the_photos_of_what_they_may_read_alone(staff, photo):
    reader = staff("Reader under embargo")
    assert not sight.seen_by(reader, Photo.objects.all()).exists()
    item = factories.statement("embargoed")
    Placement.objects.create(publication=item.publication, photo=photo)
    assert not sight.sees(reader, photo)
    name_on(item, reader)
    assert sight.sees(reader, photo)


def test_editions_of_a_limited_draft_stay_hidden_when_it_is_discarded(staff):
    head, writer = staff("Head of press"), staff("Writer")
    item = factories.statement("draft", "Kryptonym")
    with publishing.saving(item, head) as record:
        record.save()
    publishing.limit(item, head, [head, writer])
    open_one = factories.statement("draft")
    with publishing.saving(open_one, head) as record:
        record.save()
    for each in (item, open_one):
        publishing.discard(each, head)
    other = staff("Press officer")
    seen = sight.seen_by(other, Edition.objects.all())
    assert set(seen.values_list("record_uid", flat=True)) == {open_one.pk}
    assert sight.seen_by(head, Edition.objects.filter(record_uid=item.pk)).count() == 3


def test_veil_hides_a_link_and_keeps_the_column(staff):
    user = staff("Writer")
    secret = factories.event("draft", "Kryptonym", limited=True)
    item = factories.statement("draft", event=secret)
    before = editions.snapshot(item)
    assert sight.hidden_links(user, item) == ["event"]
    row = Statement.objects.get(pk=item.pk)
    assert sight.veil(user, row) == ["event"]
    assert (row.event, row.event_id) == (None, secret.pk)
    assert editions.snapshot(row) == before
    row.save()
    assert Statement.objects.get(pk=item.pk).event == secret
    name_on(secret, user)
    assert sight.veil(user, Statement.objects.get(pk=item.pk)) == []


def test_veil_covers_the_links_of_parts(staff):
    user = staff("Writer")
    secret = factories.event("draft", "Kryptonym", limited=True)
    outcome = factories.outcome(factories.event("draft"), follow_up=secret)
    step = Progress.objects.create(
        outcome=outcome, date=dt.date(2026, 1, 1), state="agreed", cites=secret.publication
    )
    assert sight.hidden_links(user, outcome) == ["follow_up"]
    assert sight.hidden_links(user, step) == ["cites"]


def test_actor_sees_everything_and_needs_no_account(hidden):
    for rows in (Statement.objects.all(), Quote.objects.all(), Bundle.objects.all()):
        assert sight.seen_by(roles.FOUNDING_IMPORT, rows).count() == rows.count() > 0


def test_who_are_told_are_those_who_see_it_and_may_act(staff):
    writer, officer = staff("Writer"), staff("Press officer")
    staff("Reader under embargo")
    closed = staff("Press officer", "closed")
    closed.is_active = False
    closed.save()
    item = factories.statement("in_review")
    assert sight.who_see(item, "review_publication") == [officer]
    assert sight.who_see(item) == [officer, writer]
    Statement.objects.filter(pk=item.pk).update(limited=True)
    name_on(item, writer)
    assert sight.who_see(Statement.objects.get(), "review_publication") == []
    assert sight.who_see(Statement.objects.get()) == [writer]


@pytest.mark.parametrize("stage", factories.STAGES)
def test_reading_is_noted_before_release_alone(staff, stage):
    user = staff("Writer")
    item = factories.statement(stage)
    sight.record_reading(user, item, Reading.How.FORM)
    found = [(each.record_uid, each.by, each.by_name, each.how) for each in Reading.objects.all()]
    noted = [(item.pk, user, "writer", "form")] if stage in BEFORE else []
    assert found == noted
