"""Several items released together: all of them or none, at one second, for everybody."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from events import editions, publishing, roles, visibility
from events.models import Access, Bundle, Event, Notification, Publication, Statement
from events.publishing import Refused
from events.publishing import bundles as verbs
from events.visibility import Stage, Status

from . import factories
from .races import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = datetime(2026, 10, 6, 5, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SECOND = timedelta(seconds=1)


def written(by, word="Plain", make=factories.statement, **fields):
    """A new item in review, written by the verbs, with somebody to ask."""
    item = make("draft", word, **fields)
    with publishing.saving(item, by) as record:
        record.title_en = f"{word} as written"
        record.save()
        record.media_contacts.add(factories.contact(word))
    return publishing.submit(item, by)


def rows(bundle):
    return list(Publication.objects.filter(bundle=bundle).order_by("pk"))


def stands(bundle):
    """Where every member stands: one value where the whole is whole."""
    return {(row.status, row.release_at) for row in rows(bundle)}


def sound(bundle):
    return [editions.check_chain(row.child) for row in rows(bundle)] == [[]] * len(rows(bundle))


@pytest.fixture
def bundle(officer, writer):
    made = publishing.make_bundle("The session", officer)
    for word, make in (("Event", factories.event), ("One", factories.statement),
                       ("Two", factories.statement)):  # fmt: skip
        publishing.join_bundle(made, written(writer, word, make), officer)
    return made


def test_bundle_is_made_by_those_who_may(staff, officer):
    assert publishing.make_bundle("A name", officer).made_by == officer
    for role in ("Writer", "Archivist", "Reader under embargo"):
        with pytest.raises(PermissionDenied):
            publishing.make_bundle("A name", staff(role))
    with pytest.raises(ValidationError):
        publishing.make_bundle("", officer)
    assert [each.name for each in Bundle.objects.all()] == ["A name"]


def test_only_items_that_are_not_approved_join(bundle, officer, writer):
    alone = publishing.approve(written(writer, "Alone"), officer, LATER)
    with pytest.raises(Refused):
        publishing.join_bundle(bundle, alone, officer)
    out = factories.statement("published")
    with pytest.raises(Refused):
        publishing.join_bundle(bundle, out, officer)
    assert len(rows(bundle)) == 3


def test_item_is_in_one_bundle_once(bundle, officer, writer):
    other = publishing.make_bundle("Another", officer)
    member = rows(bundle)[0].child
    for target in (bundle, other):
        with pytest.raises(Refused):
            publishing.join_bundle(target, member, officer)
    publishing.approve_bundle(bundle, officer, LATER)
    with pytest.raises(Refused):
        publishing.join_bundle(bundle, written(writer, "Late"), officer)
    assert (len(rows(bundle)), rows(other)) == (3, [])


def test_whole_is_approved_for_one_time_and_every_member_has_an_edition(bundle, officer):
    publishing.approve_bundle(bundle, officer, LATER)
    assert stands(bundle) == {(Status.APPROVED, LATER)}
    for row in rows(bundle):
        last = editions.of(row.child).last()
        assert (last.action, last.by, last.public_number) == ("approve", officer, 1)
        assert row.reference_number
    assert sound(bundle)


def test_answers_are_kept_with_the_member_that_they_are_about(bundle, officer):
    silent = rows(bundle)[1]
    silent.media_contacts.clear()
    given = {str(silent.pk): {"no-contact": "The desk, as always."}}
    with pytest.raises(Refused) as refusal:
        publishing.approve_bundle(bundle, officer, LATER)
    assert str(silent) in " ".join(refusal.value.messages)
    assert stands(bundle) == {(Status.IN_REVIEW, None)}
    publishing.approve_bundle(bundle, officer, LATER, given)
    notes = [editions.of(row.child).last().note for row in rows(bundle)]
    assert [("The desk, as always." in note) for note in notes] == [False, True, False]


def test_one_member_that_the_approver_wrote_refuses_the_whole_and_is_named(bundle, officer, second):
    own = rows(bundle)[2].child
    with publishing.saving(own, officer) as record:
        record.title_en = "The officer's own words"
        record.save()
    count = Notification.objects.count()
    for act in (
        lambda: publishing.approve_bundle(bundle, officer, LATER),
        lambda: publishing.release_bundle_now(bundle, officer),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert "The officer's own words" in " ".join(refusal.value.messages)
        assert stands(bundle) == {(Status.IN_REVIEW, None)}
        assert {editions.of(row.child).last().action for row in rows(bundle)} <= {
            "join_bundle", "save"}  # fmt: skip
    assert Notification.objects.count() == count
    publishing.approve_bundle(bundle, second, LATER)
    assert stands(bundle) == {(Status.APPROVED, LATER)}


def test_draft_among_the_members_refuses_the_whole_and_is_named(bundle, officer):
    draft = publishing.send_back(rows(bundle)[0].child, officer, "Mend it.")
    for act in (
        lambda: publishing.approve_bundle(bundle, officer, LATER),
        lambda: publishing.release_bundle_now(bundle, officer),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert str(draft) in " ".join(refusal.value.messages)
    assert {row.status for row in rows(bundle)} == {Status.DRAFT, Status.IN_REVIEW}
    assert {row.release_at for row in rows(bundle)} == {None}


@pytest.mark.parametrize(
    "release_at",
    [None, NOW, NOW + timedelta(seconds=59), LATER.replace(microsecond=1),
     LATER.replace(tzinfo=None)],
)  # fmt: skip
def test_time_of_the_whole_follows_the_rules_of_one(bundle, officer, release_at):
    with pytest.raises(Refused) as refusal:
        publishing.approve_bundle(bundle, officer, release_at)
    assert list(refusal.value.message_dict) == ["release_at"]
    publishing.approve_bundle(bundle, officer, LATER)
    with pytest.raises(Refused) as refusal:
        publishing.move_bundle(bundle, officer, release_at)
    assert list(refusal.value.message_dict) == ["release_at"]
    assert stands(bundle) == {(Status.APPROVED, LATER)}


def test_empty_bundle_is_not_released(officer):
    empty = publishing.make_bundle("Empty", officer)
    for act in (
        lambda: publishing.approve_bundle(empty, officer, LATER),
        lambda: publishing.release_bundle_now(empty, officer),
        lambda: publishing.move_bundle(empty, officer, LATER),
        lambda: publishing.cancel_bundle(empty, officer, "No."),
    ):
        with pytest.raises(Refused):
            act()


def test_member_is_approved_moved_and_stopped_with_the_whole_alone(bundle, officer):
    member = rows(bundle)[0].child
    with pytest.raises(Refused):
        publishing.approve(member, officer, LATER)
    with pytest.raises(Refused):
        publishing.release_now(member, officer)
    publishing.approve_bundle(bundle, officer, LATER)
    with pytest.raises(Refused):
        publishing.move_release(member, officer, LATER + SECOND)
    with pytest.raises(Refused):
        publishing.cancel_release(member, officer, "No.")
    with visibility.at(NOW):
        offered = {move.name for move in publishing.moves_open_to(rows(bundle)[0].child, officer)}
    assert offered & {"approve", "release_now", "move_release", "cancel_release"} == set()
    assert stands(bundle) == {(Status.APPROVED, LATER)}


def test_whole_is_moved_and_cancelled_with_its_editions(bundle, officer):
    publishing.approve_bundle(bundle, officer, LATER)
    publishing.move_bundle(bundle, officer, LATER + timedelta(hours=1))
    assert stands(bundle) == {(Status.APPROVED, LATER + timedelta(hours=1))}
    with pytest.raises(Refused):
        publishing.cancel_bundle(bundle, officer, " ")
    publishing.cancel_bundle(bundle, officer, "The talks go on.")
    assert stands(bundle) == {(Status.IN_REVIEW, None)}
    for row in rows(bundle):
        acts = [edition.action for edition in editions.of(row.child)]
        assert acts[-3:] == ["approve", "move_release", "cancel_release"]
    assert sound(bundle)


def test_member_taken_out_holds_the_whole_until_it_is_approved_anew(bundle, officer, writer, clock):
    publishing.approve_bundle(bundle, officer, LATER)
    leaving = rows(bundle)[1].child
    with pytest.raises(Refused):
        publishing.leave_bundle(leaving, officer, "")
    publishing.leave_bundle(leaving, officer, "One paragraph is in dispute.")
    left = type(leaving).objects.get(pk=leaving.pk)
    assert (left.bundle, left.status, left.release_at) == (None, Status.IN_REVIEW, None)
    assert stands(bundle) == {(Status.IN_REVIEW, None)}
    clock(LATER)
    with visibility.at(LATER):
        assert Publication.objects.public().count() == 0
    publishing.approve_bundle(bundle, officer, LATER + timedelta(hours=1))
    assert {row.stage for row in rows(bundle)} == {Stage.EMBARGOED}
    assert sound(bundle)
    assert editions.check_chain(left) == []
    assert editions.of(left).last().action == "leave_bundle"


def test_member_leaves_before_any_approval_without_touching_the_others(bundle, officer):
    leaving = rows(bundle)[0].child
    counts = [row.edition_count for row in rows(bundle)[1:]]
    publishing.leave_bundle(leaving, officer, "It goes out alone.")
    assert [row.edition_count for row in rows(bundle)] == counts
    alone = publishing.approve(leaving, officer, LATER)
    assert (alone.status, alone.bundle) == (Status.APPROVED, None)
    with pytest.raises(Refused):
        publishing.leave_bundle(alone, officer, "Again.")


@pytest.mark.parametrize("ahead", [0, 1, 5])
def test_nothing_stops_or_moves_the_whole_in_its_last_seconds(bundle, officer, clock, ahead):
    publishing.approve_bundle(bundle, officer, LATER)
    clock(LATER - ahead * SECOND)
    member = rows(bundle)[0].child
    for act in (
        lambda: publishing.move_bundle(bundle, officer, LATER + timedelta(hours=1)),
        lambda: publishing.cancel_bundle(bundle, officer, "Too late."),
        lambda: publishing.leave_bundle(member, officer, "Too late."),
        lambda: publishing.approve_bundle(bundle, officer, LATER + timedelta(hours=1)),
        lambda: publishing.release_bundle_now(bundle, officer),
    ):
        with pytest.raises(Refused):
            act()
    assert stands(bundle) == {(Status.APPROVED, LATER)}
    with visibility.at(LATER):
        assert Publication.objects.public().count() == 3


def test_whole_is_stopped_while_there_is_time(bundle, officer, clock):
    publishing.approve_bundle(bundle, officer, LATER)
    clock(LATER - 6 * SECOND)
    publishing.cancel_bundle(bundle, officer, "In time.")
    with visibility.at(LATER):
        assert Publication.objects.public().count() == 0


def test_what_takes_longer_than_the_time_left_changes_nothing(bundle, officer, monkeypatch):
    """Twenty members are not written in no time: the clock is read again at the end."""
    time = [NOW]
    with visibility.clock_set_to(lambda: time[0]):
        publishing.approve_bundle(bundle, officer, LATER)
        time[0] = LATER - 6 * SECOND
        slow = editions.write

        def write(*args, **kwargs):
            time[0] += 3 * SECOND
            return slow(*args, **kwargs)

        monkeypatch.setattr(editions, "write", write)
        member = rows(bundle)[2].child
        for act in (
            lambda: publishing.move_bundle(bundle, officer, LATER + timedelta(hours=1)),
            lambda: publishing.cancel_bundle(bundle, officer, "Slowly."),
            lambda: publishing.leave_bundle(member, officer, "Slowly."),
        ):
            time[0] = LATER - 6 * SECOND
            with pytest.raises(Refused) as refusal:
                act()
            assert "Its time came" in " ".join(refusal.value.messages)
        assert stands(bundle) == {(Status.APPROVED, LATER)}


def test_approval_that_is_written_after_its_own_time_is_refused(bundle, officer, monkeypatch):
    time = [NOW]
    slow = editions.write

    def write(*args, **kwargs):
        time[0] += 30 * SECOND
        return slow(*args, **kwargs)

    monkeypatch.setattr(editions, "write", write)
    with visibility.clock_set_to(lambda: time[0]), pytest.raises(Refused):
        publishing.approve_bundle(bundle, officer, NOW + 61 * SECOND)
    assert stands(bundle) == {(Status.IN_REVIEW, None)}


def test_nobody_leaves_a_bundle_that_is_out(bundle, officer, clock):
    publishing.release_bundle_now(bundle, officer)
    assert stands(bundle) == {(Status.APPROVED, NOW)}
    clock(LATER)
    member = rows(bundle)[0].child
    with pytest.raises(Refused):
        publishing.leave_bundle(member, officer, "Too late.")
    assert len(rows(bundle)) == 3
    # Each is withdrawn by itself: readers may need one gone, and not the others.
    publishing.withdraw(member, officer, {"en": "Wrong date."})
    assert sorted(row.status for row in rows(bundle)) == ["approved", "approved", "withdrawn"]


def test_what_changed_since_it_was_looked_at_is_not_approved(bundle, officer, writer):
    seen = {str(row.pk): row.version for row in rows(bundle)}
    changed = rows(bundle)[1].child
    with publishing.saving(changed, writer) as record:
        record.title_en = "Slipped in meanwhile"
        record.save()
    with pytest.raises(Refused) as refusal:
        publishing.approve_bundle(bundle, officer, LATER, seen=seen)
    assert "Slipped in meanwhile" in " ".join(refusal.value.messages)
    seen = {str(row.pk): row.version for row in rows(bundle)}
    publishing.join_bundle(bundle, written(writer, "Joined"), officer)
    with pytest.raises(Refused):
        publishing.release_bundle_now(bundle, officer, seen=seen)
    seen = {str(row.pk): row.version for row in rows(bundle)}
    publishing.leave_bundle(changed, officer, "Alone.")
    with pytest.raises(Refused):
        publishing.approve_bundle(bundle, officer, LATER, seen=seen)
    seen.pop(str(changed.pk))
    publishing.approve_bundle(bundle, officer, LATER, seen=seen)
    assert stands(bundle) == {(Status.APPROVED, LATER)}


@pytest.mark.parametrize("role", ["Writer", "Archivist", "Reader under embargo"])
def test_roles_without_approval_decide_nothing_of_the_whole(bundle, staff, officer, role):
    by = staff(role, "somebody-else")
    for act in (
        lambda: publishing.approve_bundle(bundle, by, LATER),
        lambda: publishing.release_bundle_now(bundle, by),
        lambda: publishing.leave_bundle(rows(bundle)[0].child, by, "Out."),
        lambda: publishing.move_bundle(bundle, by, LATER),
        lambda: publishing.cancel_bundle(bundle, by, "No."),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert stands(bundle) == {(Status.IN_REVIEW, None)}


def test_bundle_with_a_member_that_one_may_not_see_is_not_touched(bundle, staff, officer, second):
    head = staff("Head of press")
    hidden, open_one, *_rest = rows(bundle)
    publishing.limit(hidden.child, head, [head, officer])
    for act in (
        lambda: publishing.approve_bundle(bundle, second, LATER),
        lambda: publishing.release_bundle_now(bundle, second),
        lambda: publishing.leave_bundle(open_one.child, second, "Out."),
        lambda: publishing.join_bundle(bundle, written(head, "More"), second),
    ):
        with pytest.raises(PermissionDenied):
            act()
    with pytest.raises(Refused) as refusal:
        publishing.approve(open_one.child, second, LATER)
    assert bundle.name not in " ".join(refusal.value.messages)
    publishing.approve_bundle(bundle, officer, LATER)
    assert stands(bundle) == {(Status.APPROVED, LATER)}
    assert Access.objects.count() == 2


def test_name_of_a_bundle_is_in_no_edition(bundle, officer):
    """A member may be seen by those who may not see the bundle."""
    publishing.approve_bundle(bundle, officer, LATER)
    publishing.move_bundle(bundle, officer, LATER + SECOND)
    for row in rows(bundle):
        for edition in editions.of(row.child):
            assert bundle.name not in edition.note + str(edition.snapshot)


def test_twenty_members_appear_as_one_on_every_page_and_feed(client, officer, writer, clock):
    bundle = publishing.make_bundle("Twenty", officer)
    happened = written(writer, "Sentinelone", factories.event)
    members = [happened, *(written(writer, f"Sentinel{n}one", event=happened) for n in range(19))]
    for item in members:
        publishing.join_bundle(bundle, item, officer)
    publishing.approve_bundle(bundle, officer, LATER)
    assert len(verbs.members(bundle)) == 20
    pages = ["/en/", "/en/events/", "/en/statements/", f"/en/events/{happened.slug}/",
             "/en/feeds/latest.rss", "/en/feeds/statements.rss"]  # fmt: skip
    pages += [f"/en/statements/{item.slug}/" for item in members[1:]]

    def appears(when):
        """Which members stand on each page, by the addresses that the page leads to."""
        clock(when)
        found = {}
        for page in pages:
            text = client.get(page).content.decode()
            found[page] = {item.slug for item in members if f"/{item.slug}/" in text}
        return found

    before, at = appears(LATER - SECOND), appears(LATER)
    assert set(map(frozenset, before.values())) == {frozenset()}
    told = {item.slug for item in members[1:]}
    assert at["/en/statements/"] >= told
    assert at["/en/events/"] >= {happened.slug}
    for page in (f"/en/events/{happened.slug}/", "/en/feeds/latest.rss"):
        assert at[page] == {happened.slug, *told}, page
    assert at["/en/feeds/statements.rss"] >= told
    for item in members[1:]:
        assert item.slug in at[f"/en/statements/{item.slug}/"]
    public = Publication.objects.filter(bundle=bundle)
    for when, count in ((LATER - SECOND, 0), (LATER, 20)):
        with visibility.at(when):
            assert public.public().count() == count
            assert Event.objects.public().filter(bundle=bundle).count() == min(count, 1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(4))
def test_nobody_joins_or_leaves_while_the_whole_is_approved(officer, second, writer, attempt):
    """In threads of their own, at the same time: whoever comes second finds it decided."""
    made = publishing.make_bundle("Raced for", officer)
    first, leaving, joining = (written(writer, f"Raced{n}") for n in range(3))
    for item in (first, leaving):
        publishing.join_bundle(made, item, officer)
    # The clock of the threads is their own: a time far ahead of any.
    when = datetime(2090, 1, 1, 9, 0, tzinfo=UTC)
    results = together(
        lambda: publishing.approve_bundle(made, officer, when),
        lambda: publishing.leave_bundle(leaving, second, "In dispute."),
        lambda: publishing.join_bundle(made, joining, second),
    )
    assert [each for each in results if isinstance(each, Exception)
            and not isinstance(each, Refused)] == []  # fmt: skip
    assert len(stands(made)) == 1
    apart = Publication.objects.filter(bundle=None, slug__startswith="raced")
    assert {(row.status, row.release_at) for row in apart} <= {(Status.IN_REVIEW, None)}
    for item in (first, leaving, joining):
        assert editions.check_chain(Statement.objects.get(pk=item.pk)) == []


STEP = st.tuples(
    st.sampled_from(["approve", "now", "move", "cancel", "leave", "join", "edit", "countersign"]),
    st.integers(0, 2), st.sampled_from([0, 1, 3, 6, 60, 3590, 3600]),
)  # fmt: skip


class RandomMoves(TestCase):
    """Whatever is tried in whatever order, and however close to the time, a bundle is seen
    whole or not at all."""

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEP, min_size=4, max_size=10))
    def test_members_are_public_together_or_not_at_all(self, steps):
        roles.setup_roles()
        people = {}
        for name, role in (("writer", "Writer"), ("officer", "Press officer")):
            user, _new = get_user_model().objects.get_or_create(username=name, is_staff=True)
            user.groups.set([Group.objects.get(name=role)])
            people[name] = user
        time = [NOW]
        with visibility.clock_set_to(lambda: time[0]):
            items = [written(people["writer"], f"Item{n}") for n in range(3)]
            bundle = publishing.make_bundle("Any", people["officer"])
            for item in items:
                publishing.join_bundle(bundle, item, people["officer"])
            for verb, which, seconds in steps:
                time[0] += timedelta(seconds=seconds)
                self.attempt(verb, bundle, items[which], people, time[0])
                members = Publication.objects.filter(bundle=bundle)
                assert len({(row.status, row.release_at) for row in members
                            if row.status == Status.APPROVED}) <= 1  # fmt: skip
                for when in (time[0], time[0] + timedelta(hours=1), time[0] + timedelta(days=1)):
                    with visibility.at(when):
                        assert members.public().count() in (0, members.count())
            for item in items:
                assert editions.check_chain(Statement.objects.get(pk=item.pk)) == []

    @staticmethod
    def attempt(verb, bundle, item, people, now):
        officer, ahead = people["officer"], now + timedelta(hours=1)
        item = Statement.objects.get(pk=item.pk)
        acts = {
            "approve": lambda: publishing.approve_bundle(bundle, officer, ahead),
            "now": lambda: publishing.release_bundle_now(bundle, officer),
            "move": lambda: publishing.move_bundle(bundle, officer, ahead),
            "cancel": lambda: publishing.cancel_bundle(bundle, officer, "No."),
            "leave": lambda: publishing.leave_bundle(item, officer, "Out."),
            "join": lambda: publishing.join_bundle(bundle, item, officer),
            "countersign": lambda: publishing.countersign(item, people["writer"]),
        }
        try:
            if verb == "edit":
                with publishing.saving(item, officer) as record:
                    record.title_en = f"Edited at {now:%H:%M:%S}"
                    record.save()
            else:
                acts[verb]()
        except Refused:
            pass
