"""The verbs: who may do what at which stage, two people behind every public word."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from events import editions, publishing, roles, visibility
from events.models import (
    Change,
    Edition,
    Event,
    MediaContact,
    Office,
    Quote,
    Statement,
    Topic,
)  # fmt: skip
from events.publishing import MOVES, Refused
from events.visibility import Stage, Status

pytestmark = pytest.mark.usefixtures("clock")
NOW = datetime(2026, 10, 6, 5, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ROLES = list(roles.ROLES)
ARGUMENTS = {
    "send_back": ("Mend the date.",), "approve": (LATER,), "move_release": (LATER,),
    "cancel_release": ("Not today.",), "withdraw": ({"en": "No longer current."},),
    "retract": ({"en": "Published in error."},), "propose_reason": ({"en": "Better words."},),
    "ask_reinstatement": ("It was right after all.",),
}  # fmt: skip


def written(item, by, title="Another title"):
    with publishing.saving(item, by) as record:
        record.title_en = title
        record.save()
    return type(item).objects.get(pk=item.pk)


def brought_to(item, stage, writer, officer):
    """Take a fresh draft to a stage by the verbs alone; embargoed until LATER."""
    item = written(item, writer)
    if stage is Stage.DRAFT:
        return item
    item = publishing.submit(item, writer)
    if stage is Stage.EMBARGOED:
        return publishing.approve(item, officer, LATER)
    if stage is not Stage.IN_REVIEW:
        item = publishing.release_now(item, officer)
        verb = {Stage.WITHDRAWN: "withdraw", Stage.RETRACTED: "retract"}.get(stage)
        if verb:
            item = getattr(publishing, verb)(item, officer, {"en": "A reason."})
            item = publishing.ask_reinstatement(item, officer, "It was right after all.")
    return item


@contextmanager
def undone():
    """What is done inside is undone at its end: the next case starts from where this one did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("stage", list(Stage))
def test_verb_is_possible_exactly_where_stage_and_role_allow(stage, event, staff, subtests):
    maker, checker = staff("Writer", "the-writer"), staff("Press officer", "the-officer")
    uid = brought_to(event, stage, maker, checker).pk
    before = Edition.objects.count()
    for verb, role in product(MOVES, ROLES):
        with subtests.test(verb=verb, role=role), undone():
            item, by = Event.objects.get(pk=uid), staff(role, "somebody-else")
            move = MOVES[verb]
            permitted = move.permission in roles.ROLES[role]
            in_place = stage in move.origins
            with visibility.at(NOW):
                offered = [each.name for each in publishing.moves_open_to(item, by)]
            assert offered.count(verb) == int(permitted and in_place)
            act = getattr(publishing, verb)
            if permitted and in_place:
                act(item, by, *ARGUMENTS.get(verb, ()))
                assert Edition.objects.count() == before + 1
            else:
                with pytest.raises(PermissionDenied if not permitted else Refused):
                    act(item, by, *ARGUMENTS.get(verb, ()))
                assert Edition.objects.count() == before
                assert Event.objects.get(pk=uid).status == item.status
            assert editions.check_chain(Event.objects.get(pk=uid)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [-3600, -6, -5, -1, 0, 1, 3600])
def test_verb_around_the_second_of_a_release(
    seconds, event, writer, officer, second, clock, subtests
):
    uid = brought_to(event, Stage.EMBARGOED, writer, officer).pk
    now = LATER + timedelta(seconds=seconds)
    clock(now)
    for verb in MOVES:
        with subtests.test(verb=verb), undone():
            item = Event.objects.get(pk=uid)
            with visibility.at(now):
                stage = visibility.stage(item)
                out = Event.objects.public().exists()
            due = seconds >= 0
            assert (stage, out) == ((Stage.PUBLISHED, True) if due else (Stage.EMBARGOED, False))
            arguments = ARGUMENTS.get(verb, ())
            if verb in ("approve", "move_release"):
                arguments = (now + timedelta(hours=1),)
            stoppable = verb in ("move_release", "cancel_release") and seconds < -5
            if stoppable or (verb in ("withdraw", "retract") and due):
                getattr(publishing, verb)(item, second, *arguments)
            else:
                with pytest.raises(Refused):
                    getattr(publishing, verb)(item, second, *arguments)
                with visibility.at(max(now, LATER)):
                    assert Event.objects.public().exists()


@pytest.mark.django_db
def test_superuser_without_a_role_holds_no_verb(event, django_user_model):
    root = django_user_model.objects.create_superuser("root", password="a-password-for-tests")
    with pytest.raises(PermissionDenied):
        publishing.submit(event, root)


@pytest.mark.django_db
def test_approver_does_not_approve_their_own_text(event, officer):
    item = publishing.submit(written(event, officer), officer)
    with pytest.raises(Refused):
        publishing.approve(item, officer, LATER)
    with pytest.raises(Refused):
        publishing.release_now(item, officer)
    assert Event.objects.get(pk=item.pk).status == Status.IN_REVIEW


@pytest.mark.django_db
def test_office_of_two_countersigns_and_is_not_stuck(event, writer, officer):
    item = publishing.submit(written(event, writer), writer)
    item = written(item, officer, "Mended by the officer")
    with pytest.raises(Refused):
        publishing.approve(item, officer, LATER)
    # An officer's own edits are not theirs to countersign.
    item = publishing.countersign(item, officer)
    with pytest.raises(Refused):
        publishing.countersign(item, officer)
    item = publishing.countersign(item, writer)
    assert publishing.approve(item, officer, LATER).stage is Stage.EMBARGOED


@pytest.mark.django_db
def test_edit_after_countersigning_needs_another(event, writer, officer):
    item = publishing.submit(written(event, writer), writer)
    item = publishing.countersign(written(item, officer, "Mended"), writer)
    item = written(item, officer, "Mended again")
    with pytest.raises(Refused):
        publishing.approve(item, officer, LATER)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "release_at",
    [None, NOW - timedelta(days=1), NOW, NOW + timedelta(seconds=59),
     LATER + timedelta(microseconds=1), LATER.replace(tzinfo=None)],
)  # fmt: skip
def test_approval_refuses_no_time_the_past_and_the_next_minute(event, writer, officer, release_at):
    item = brought_to(event, Stage.IN_REVIEW, writer, officer)
    with pytest.raises(Refused) as refusal:
        publishing.approve(item, officer, release_at)
    assert list(refusal.value.message_dict) == ["release_at"]
    assert Event.objects.get(pk=item.pk).release_at is None


@pytest.mark.django_db
def test_embargoed_item_is_public_at_its_second_and_not_one_sooner(event, writer, officer):
    item = brought_to(event, Stage.EMBARGOED, writer, officer)
    seen = []
    for when in (LATER - timedelta(seconds=1), LATER):
        with visibility.at(when):
            seen.append(Event.objects.public().filter(pk=item.pk).exists())
    assert seen == [False, True]


@pytest.mark.django_db
def test_moved_release_wins_and_a_past_one_is_not_moved(event, writer, officer, clock):
    item = brought_to(event, Stage.EMBARGOED, writer, officer)
    item = publishing.move_release(item, officer, LATER + timedelta(hours=1))
    with visibility.at(LATER):
        assert not Event.objects.public().exists()
    clock(LATER + timedelta(hours=1))
    for verb, argument in (("move_release", LATER + timedelta(days=1)), ("cancel_release", "No")):
        with pytest.raises(Refused):
            getattr(publishing, verb)(item, officer, argument)


@pytest.mark.django_db
def test_cancelled_release_never_comes(event, writer, officer):
    item = brought_to(event, Stage.EMBARGOED, writer, officer)
    item = publishing.cancel_release(item, officer, "The visit is off.")
    with visibility.at(LATER + timedelta(days=1)):
        assert (item.stage, Event.objects.public().exists()) == (Stage.IN_REVIEW, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "stage", [Stage.EMBARGOED, Stage.PUBLISHED, Stage.WITHDRAWN, Stage.RETRACTED]
)
def test_approved_text_is_not_edited_in_place(event, writer, officer, stage):
    item = brought_to(event, stage, writer, officer)
    with pytest.raises(Refused):
        written(item, writer, "Slipped in")
    assert Event.objects.get(pk=item.pk).title_en == "Another title"


@pytest.mark.django_db
def test_stale_save_is_refused(event, writer, officer):
    item = written(event, writer)
    written(item, officer, "By the other")
    with pytest.raises(Refused) as refusal, publishing.saving(item, writer, version=item.version):
        pass
    assert refusal.value.code == "stale"


@pytest.mark.django_db
def test_save_that_changes_nothing_is_no_edition(event, writer):
    item = written(event, writer)
    written(item, writer)
    assert [edition.action for edition in editions.of(item)] == ["save"]


@pytest.mark.django_db
def test_refused_save_leaves_nothing_behind(event, writer):
    def spoil():
        with publishing.saving(event, writer) as record:
            record.title_en = "Slipped in"
            record.save()
            record.outcomes.create(outcome_kind="no such kind", text_en="A text")

    with pytest.raises(ValidationError):
        spoil()
    assert (Event.objects.get(pk=event.pk).title_en, event.outcomes.count()) == ("An event", 0)


@pytest.mark.django_db
def test_withdrawal_shows_a_neutral_reason_until_a_second_person_stands_behind_another(
    event, writer, officer
):
    item = brought_to(event, Stage.PUBLISHED, writer, officer)
    item = publishing.withdraw(item, officer, {"en": "One officer's own words."})
    assert item.reason_en == "Withdrawn by the press office."
    assert editions.of(item).last().note == "en One officer's own words."
    with pytest.raises(Refused):
        publishing.retract(item, officer, "  ")


@pytest.mark.django_db
def test_approval_prints_names_that_a_renaming_never_changes(statement, person, writer, officer):
    Office.objects.create(person=person, title_en="Minister", since=date(2007, 1, 1))
    Office.objects.create(person=person, title_en="Deputy", until=date(2006, 12, 31))
    with publishing.saving(statement, writer):
        Quote.objects.create(statement=statement, person=person, text_en="The text.")
    publishing.approve(publishing.submit(statement, writer), officer, LATER)
    person.name_en = "Renamed"
    person.save()
    quote = Quote.objects.get()
    assert (quote.name_en, quote.office_en, quote.name) == ("A Person", "Minister", "A Person")
    assert editions.check_chain(Statement.objects.get()) == []


@pytest.mark.django_db
def test_reference_number_is_given_once_and_tells_no_count(event, writer, officer):
    item = brought_to(event, Stage.EMBARGOED, writer, officer)
    number = item.reference_number
    assert number.startswith("20071006-")
    assert len(number) == len("20071006-ABCDE")
    item = publishing.cancel_release(item, officer, "Later.")
    assert publishing.approve(item, officer, LATER).reference_number == number


@pytest.mark.django_db
def test_draft_may_be_discarded_and_its_editions_stay(event, writer, officer):
    item = written(event, writer)
    publishing.discard(item, writer)
    assert not Event.objects.exists()
    assert [each.action for each in editions.of(item)] == ["save", "discard"]


@pytest.mark.django_db
def test_what_was_approved_is_never_deleted(event, writer, officer):
    item = brought_to(event, Stage.EMBARGOED, writer, officer)
    item = publishing.cancel_release(item, officer, "Later.")
    item = publishing.send_back(item, officer, "Mend it.")
    with pytest.raises(Refused):
        publishing.discard(item, writer)
    assert Event.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns",
    [
        {"status": "approved"},
        {"status": "approved", "release_at": NOW},
        {"status": "withdrawn", "release_at": NOW, "published_at": NOW},
        {"status": "retracted", "release_at": NOW, "published_at": NOW, "withdrawn_at": NOW},
        {"status": "live"},
        {"slug": "-wrong-"},
        {"slug": "2007"},
        {"ready_ru": True},
        {"ready_en": True, "standing_en": ""},
        {"released_before": True},
    ],
    ids=str,
)
def test_database_refuses_half_decisions(event, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        type(event).__mro__[1].objects.filter(pk=event.pk).update(**columns)


BUNDLED = ("approve_bundle", "release_bundle_now", "move_bundle", "cancel_bundle")
ACTS = ("edit", "edit_row", "propose", "apply_change", "confirm_change", "join_bundle",
        "leave_bundle", *BUNDLED, *MOVES)  # fmt: skip
# Mostly the acts that lead somewhere, so that many sequences reach a release.
LIKELY = ("edit", "submit", "countersign", "approve", "release_now", "propose", "apply_change")
STEP = st.tuples(
    st.sampled_from([*ACTS, *LIKELY, *LIKELY, *LIKELY]),
    st.sampled_from(["officer", "officer", "writer", "second"]), st.integers(0, 90),
)  # fmt: skip


def steps(*acts):
    """Steps as a sentence: "officer edits" is ("edit", "officer", 1)."""
    return [(verb, name, 1) for name, verb in (act.split() for act in acts)]


# What somebody who wants to be alone with a text would try.
ATTACKS = (
    steps("officer edit", "officer submit", "officer approve"),
    steps("officer edit", "officer submit", "officer countersign", "officer release_now"),
    steps("officer edit_row", "writer submit", "officer approve"),
    steps("officer edit", "officer join_bundle", "officer submit", "officer approve_bundle"),
    steps("writer submit", "officer countersign", "officer edit", "officer release_now"),
    steps("writer submit", "second release_now", "officer propose", "officer apply_change"),
    steps("writer submit", "second release_now", "officer propose", "officer confirm_change",
          "officer apply_change"),
    steps("writer submit", "second approve", "officer propose", "officer apply_change"),
    steps("writer submit", "second approve", "officer edit_row", "officer edit"),
    steps("writer submit", "second approve", "officer cancel_release", "officer edit_row",
          "officer approve"),
    steps("writer submit", "second release_now", "officer retract", "officer edit_row",
          "second ask_reinstatement", "officer reinstate"),
)  # fmt: skip


class RandomVerbs(TestCase):
    """Whatever people try in whatever order, no text that only its author has seen goes public."""

    def people(self):
        from django.contrib.auth import get_user_model
        from django.contrib.auth.models import Group

        if not Group.objects.exists():
            roles.setup_roles()
        found = {}
        for name, role in (("writer", "Writer"), ("officer", "Press officer"),
                           ("second", "Press officer")):  # fmt: skip
            user, _new = get_user_model().objects.get_or_create(username=name, is_staff=True)
            user.groups.set([Group.objects.get(name=role)])
            found[name] = user
        return found

    def act(self, verb, by, item, bundle, text, time):
        """Try one act; return the texts of a change that it confirmed, if any."""
        later = time + timedelta(minutes=30)
        change = Change.objects.open().first()
        if verb == "edit":
            written(item, by, text)
        elif verb == "edit_row":
            with publishing.saving(Topic.objects.get(), by) as topic:
                topic.name_en = text
                topic.save()
        elif verb == "propose":
            content = editions.snapshot(item)
            content["fields"]["title_en"] = text
            publishing.propose(item, content, by, "update", {"en": "A note."})
        elif verb in ("apply_change", "confirm_change"):
            if change is not None:
                getattr(publishing, verb)(change, by)
                return change.snapshot["fields"]["title_en"]
        elif verb == "join_bundle":
            publishing.join_bundle(bundle, item, by)
        elif verb == "leave_bundle":
            publishing.leave_bundle(item, by, "Not with these.")
        elif verb in BUNDLED:
            more = {"cancel_bundle": ("Stop.",), "release_bundle_now": ()}.get(verb, (later,))
            getattr(publishing, verb)(bundle, by, *more)
        else:
            more = (later,) if verb in ("approve", "move_release") else ARGUMENTS.get(verb, ())
            getattr(publishing, verb)(item, by, *more)
        return None

    def test_nobody_is_alone_with_a_text_by_any_known_trick(self):
        for attack in ATTACKS:
            with transaction.atomic():
                self.run_through(attack)
                transaction.set_rollback(True)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEP, min_size=8, max_size=24))
    def test_no_unconfirmed_word_is_ever_public(self, steps):
        self.run_through(steps)

    def run_through(self, steps):
        people, time, day = self.people(), NOW, date(2007, 10, 6)
        item = Event(slug="an-item", title_en="0", ready_en=True, standing_en="authentic", date=day,
                     until=day, event_kind="visit", released_before=False)  # fmt: skip
        topic = Topic(slug="a-topic", name_en="row 0")
        with visibility.clock_set_to(lambda: time):
            with publishing.saving(topic, people["writer"]):
                topic.save()
            with publishing.saving(item, people["writer"]):
                item.save()
                item.topics.add(topic)
                item.media_contacts.add(
                    MediaContact.objects.create(name_en="Desk", email="desk@example.org")
                )
            bundle = publishing.make_bundle("A bundle", people["officer"])
            # Who stands behind which words: their author, and whoever confirmed them since.
            behind = {"0": {"writer"}, "row 0": {"writer"}}
            for number, (verb, name, minutes) in enumerate(steps, 1):
                time += timedelta(minutes=minutes)
                text = f"row {number}" if verb == "edit_row" else str(number)
                held = Event.objects.get(pk=item.pk)
                standing = held.title_en, Topic.objects.get().name_en
                try:
                    with transaction.atomic():
                        confirmed = self.act(verb, people[name], held, bundle, text, time)
                except (Refused, PermissionDenied):
                    pass
                else:
                    if verb in ("edit", "edit_row", "propose"):
                        behind[text] = {name}
                    if verb in (*publishing.CONFIRMATIONS, "approve_bundle", "release_bundle_now"):
                        for words in standing:
                            behind[words].add(name)
                    if confirmed is not None:
                        behind[confirmed].add(name)
                        if verb == "apply_change":
                            behind[standing[1]].add(name)
                record = Event.objects.get(pk=item.pk)
                with visibility.at(time):
                    if record.stage in (Stage.EMBARGOED, Stage.PUBLISHED, Stage.WITHDRAWN):
                        words = record.title_en, Topic.objects.get().name_en
                        assert all(len(behind[each]) > 1 for each in words), (verb, name)
                for each in (record, Topic.objects.get()):
                    numbers = list(editions.of(each).values_list("number", flat=True))
                    assert numbers == list(range(1, len(numbers) + 1))
                    assert editions.check_chain(each) == []
