"""Changes of approved texts: proposed by one, applied by another, never slipped in."""

import copy
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from events import editions, publishing, visibility
from events.models import (
    Change,
    ChangeState,
    Edition,
    Event,
    Notice,
    Outcome,
    Person,
    Quote,
    Statement,
    Tombstone,
)  # fmt: skip
from events.publishing import Refused
from events.visibility import Stage

NOW = datetime(2026, 10, 6, 5, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
NOTE = {"en": "The date was wrong."}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def archivist(staff):
    return staff("Archivist")


@pytest.fixture
def released(statement, person, writer, officer):
    """A public statement with a quote, by the verbs alone."""
    with publishing.saving(statement, writer) as record:
        record.body_en = "<p>One two three.</p><p>Four five six.</p>"
        record.save()
        Quote.objects.create(statement=record, person=person, text_en="Four five six")
    return publishing.release_now(publishing.submit(statement, writer), officer)


@pytest.fixture
def gathering(event, writer, officer):
    """A public event with an outcome."""
    with publishing.saving(event, writer) as record:
        record.title_en = "A gathering"
        record.save()
        Outcome.objects.create(event=record, outcome_kind="decision", text_en="To meet again.")
    return publishing.release_now(publishing.submit(event, writer), officer)


def changed(record, **fields):
    """The record's present text with other values of some fields."""
    content = copy.deepcopy(editions.snapshot(record))
    content["fields"].update(fields)
    return content


def stored(record):
    return type(record).objects.get(pk=record.pk)


def propose(record, by, kind="correction", note=NOTE, **fields):
    return publishing.propose(record, changed(record, **fields), by, kind, note)


# --- Proposing -----------------------------------------------------------------------------------


def test_proposal_changes_no_row_and_writes_no_edition(released, writer):
    before = editions.snapshot(stored(released)), Edition.objects.count()
    change = propose(released, writer, title_en="Another title")
    assert (editions.snapshot(stored(released)), Edition.objects.count()) == before
    assert (change.state, change.base.number) == (ChangeState.PROPOSED, 3)
    assert change.snapshot["fields"]["title_en"] == "Another title"
    assert editions.check_chain(stored(released)) == []


def test_proposed_quote_is_no_row_until_it_is_applied(released, person, writer, officer):
    content = editions.snapshot(released)
    new = copy.deepcopy(content["parts"]["quotes"][0])
    new["uid"], new["fields"]["text_en"] = "11111111-1111-4111-8111-111111111111", "One two"
    content["parts"]["quotes"].append(new)
    change = publishing.propose(released, content, writer, "update", NOTE)
    assert Quote.objects.count() == 1
    with publishing.showing_change(change) as shown:
        assert shown.quotes.count() == 2
    assert Quote.objects.count() == 1
    publishing.apply_change(change, officer)
    assert sorted(Quote.objects.values_list("text_en", flat=True)) == ["Four five six", "One two"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Nothing is changed"),
        ({"slug": "another-address"}, "not available"),
        ({"reference_number": "X-1"}, "fixed at approval"),
        ({"title_en": ""}, "title"),
        ({"statement_kind": "song"}, "song"),
        ({"ready_ru": True}, "ready"),
    ],
)
def test_proposal_that_breaks_a_rule_is_refused_and_not_stored(released, writer, fields, message):
    with pytest.raises(ValidationError) as refusal:
        propose(released, writer, **fields)
    assert message in str(refusal.value)
    assert Change.objects.count() == 0
    assert editions.check_chain(stored(released)) == []


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.IN_REVIEW])
def test_what_is_not_approved_is_edited_directly(statement, writer, stage):
    with publishing.saving(statement, writer) as record:
        record.save()
    if stage is Stage.IN_REVIEW:
        publishing.submit(statement, writer)
    with pytest.raises(Refused, match="edit it directly"):
        propose(stored(statement), writer, title_en="Another")


def test_reader_under_embargo_proposes_nothing(released, staff):
    with pytest.raises(PermissionDenied):
        propose(released, staff("Reader under embargo"), title_en="Another")


# --- Applying ------------------------------------------------------------------------------------


def test_own_proposal_is_not_applied_without_a_second_person(released, writer, officer, second):
    change = propose(released, officer, title_en="Another title")
    with pytest.raises(Refused, match="somebody else must apply"):
        publishing.apply_change(change, officer)
    with pytest.raises(Refused):
        publishing.confirm_change(change, officer)
    assert stored(released).title_en == "A statement"
    publishing.confirm_change(change, writer)
    assert publishing.apply_change(change, officer).title_en == "Another title"


def test_writer_applies_nothing(released, writer, officer):
    change = propose(released, officer, title_en="Another title")
    with pytest.raises(PermissionDenied):
        publishing.apply_change(change, writer)
    assert stored(released).title_en == "A statement"


def test_applied_change_is_a_new_public_edition_at_the_same_address(
    released, writer, officer, clock
):
    clock(LATER)
    change = propose(released, writer, title_en="Another title")
    record = publishing.apply_change(change, officer)
    last = editions.of(record).last()
    assert (last.action, last.public_number, record.corrected_at) == ("apply_change", 2, LATER)
    assert (record.uid, record.slug, record.release_at) == (
        released.uid, released.slug, released.release_at,
    )  # fmt: skip
    held = Change.objects.get()
    assert (held.state, held.decided_by, held.public_number) == ("applied", officer, 2)
    assert editions.check_chain(record) == []
    with visibility.at(LATER):
        assert list(Change.objects.readable()) == [held]


def test_change_is_decided_once(released, writer, officer, second):
    change = propose(released, writer, title_en="Another title")
    publishing.apply_change(change, officer)
    for act in (
        lambda: publishing.apply_change(change, second),
        lambda: publishing.reject_change(change, second, "No."),
        lambda: publishing.confirm_change(change, second),
    ):
        with pytest.raises(Refused, match="decided already"):
            act()
    assert [each.action for each in editions.of(released)][-1:] == ["apply_change"]


def test_rejected_change_leaves_the_text_and_says_why(released, writer, officer):
    change = propose(released, writer, title_en="Another title")
    with pytest.raises(Refused):
        publishing.reject_change(change, officer, " ")
    publishing.reject_change(change, officer, "The first title is right.")
    held = Change.objects.get()
    assert (held.state, held.decision_note) == ("rejected", "The first title is right.")
    assert stored(released).title_en == "A statement"


def test_author_takes_back_their_own_proposal_and_nobody_else_s(released, writer, staff):
    change = propose(released, writer, title_en="Another title")
    with pytest.raises(PermissionDenied):
        publishing.reject_change(change, staff("Writer", "another-writer"), "No.")
    assert publishing.reject_change(change, writer, "My mistake.").state == "rejected"


def test_parallel_proposal_is_noticed_and_never_overwrites(released, writer, officer, second):
    title = propose(released, writer, title_en="Their title")
    summary = propose(released, second, "update", {"en": "A summary."}, summary_en="A summary")
    publishing.apply_change(title, officer)
    with pytest.raises(Refused) as refusal:
        publishing.apply_change(summary, officer)
    assert refusal.value.code == "stale"
    revision = publishing.revision(summary)
    assert revision.conflicts == []
    fields = revision.content["fields"]
    assert (fields["title_en"], fields["summary_en"]) == ("Their title", "A summary")
    mended = publishing.propose(
        released, revision.content, second, "update", {"en": "A summary."}, replaces=summary
    )
    record = publishing.apply_change(mended, officer)
    assert (record.title_en, record.summary_en) == ("Their title", "A summary")
    assert Change.objects.get(pk=summary.pk).state == ChangeState.SUPERSEDED


def test_proposals_of_the_same_words_are_a_conflict_for_a_person(released, writer, officer, second):
    one = propose(released, writer, title_en="One title")
    other = propose(released, second, title_en="Other title")
    publishing.apply_change(one, officer)
    revision = publishing.revision(other)
    assert revision.conflicts == [("title_en",)]
    assert revision.content["fields"]["title_en"] == "Other title"


def test_change_does_not_bring_in_a_person_only_its_applier_wrote(
    released, writer, officer, second
):
    ghost = Person(slug="a-new-person", name_en="A New Person")
    with publishing.saving(ghost, officer):
        ghost.save()
    content = editions.snapshot(released)
    content["many"]["people"] = [str(ghost.pk)]
    change = publishing.propose(released, content, writer, "update", NOTE)
    with pytest.raises(Refused, match="A New Person"):
        publishing.apply_change(change, officer)
    publishing.apply_change(change, second)
    assert [each.action for each in editions.of(ghost)] == ["save", "countersign"]


# --- Embargoed items keep their appointment ------------------------------------------------------


@pytest.fixture
def embargoed(statement, writer, officer):
    with publishing.saving(statement, writer) as record:
        record.save()
    return publishing.approve(publishing.submit(statement, writer), officer, LATER)


def test_pending_change_leaves_the_release_and_its_text(embargoed, writer):
    propose(embargoed, writer, "typographical", {}, title_en="A statment")
    with visibility.at(LATER):
        assert [each.title_en for each in Statement.objects.public()] == ["A statement"]


def test_change_before_release_goes_out_with_it_and_is_nobody_s_business(
    embargoed, writer, second, clock
):
    clock(LATER - timedelta(minutes=2))
    change = propose(embargoed, writer, "typographical", {}, title_en="A statment")
    record = publishing.apply_change(change, second)
    assert (record.release_at, record.corrected_at) == (LATER, None)
    assert editions.of(record).last().public_number == 1
    with visibility.at(LATER):
        assert [each.title_en for each in Statement.objects.public()] == ["A statment"]
        assert list(Change.objects.readable()) == []


@pytest.mark.parametrize("seconds", [1, 5])
def test_nothing_is_altered_or_stopped_in_the_last_seconds(
    embargoed, writer, second, clock, seconds
):
    change = propose(embargoed, writer, "typographical", {}, title_en="A statment")
    clock(LATER - timedelta(seconds=seconds))
    for act in (
        lambda: publishing.apply_change(change, second),
        lambda: publishing.cancel_release(embargoed, second, "Stop."),
        lambda: publishing.move_release(embargoed, second, LATER + timedelta(hours=1)),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "settling"
    with visibility.at(LATER):
        assert [each.title_en for each in Statement.objects.public()] == ["A statement"]


def test_change_at_the_second_of_release_is_one_that_readers_are_told_of(
    embargoed, writer, second, clock
):
    change = propose(embargoed, writer, "typographical", {}, title_en="A statment")
    clock(LATER)
    record = publishing.apply_change(change, second)
    assert (record.corrected_at, editions.of(record).last().public_number) == (LATER, 2)


# --- Kinds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields", "allowed"),
    [
        ("typographical", {"title_en": "A statment"}, True),
        ("typographical", {"title_en": "A statement of 7 October"}, False),
        ("typographical", {"date": "2007-10-07"}, False),
        ("typographical", {"summary_en": " ".join(["word"] * 13)}, False),
        ("typographical", {"slug": "another"}, False),
        ("translation", {"title_ru": "Заявление", "ready_ru": True, "standing_ru": "courtesy"},
         True),
        ("translation", {"title_en": "Another"}, False),
        ("translation", {"date": "2007-10-07"}, False),
        ("progress", {"title_en": "Another"}, False),
        ("correction", {"date": "2007-10-07"}, True),
        ("update", {"title_en": "Another"}, True),
        ("gossip", {"title_en": "Another"}, False),
    ],
)  # fmt: skip
def test_kind_is_a_promise_of_what_is_touched(released, writer, kind, fields, allowed):
    note = NOTE if kind in ("correction", "update") else {}
    if "ready_ru" in fields and kind == "correction":
        note = {**NOTE, "ru": "Дата."}
    if allowed:
        assert propose(released, writer, kind, note, **fields).kind == kind
    else:
        with pytest.raises(ValidationError):
            propose(released, writer, kind, note, **fields)
        assert Change.objects.count() == 0


def test_quoted_words_are_never_a_typographical_matter(released, writer):
    content = editions.snapshot(released)
    content["parts"]["quotes"][0]["fields"]["text_en"] = "Four five sicks"
    with pytest.raises(ValidationError, match="sacred"):
        publishing.propose(released, content, writer, "typographical", {})
    assert publishing.propose(released, content, writer, "correction", NOTE)


@pytest.mark.parametrize("kind", ["correction", "update"])
def test_readers_of_every_ready_language_are_told(released, writer, officer, kind):
    translated = {"title_ru": "Заявление", "ready_ru": True, "standing_ru": "courtesy"}
    publishing.apply_change(propose(released, writer, "translation", {}, **translated), officer)
    record = stored(released)
    with pytest.raises(ValidationError) as refusal:
        propose(record, writer, kind, {"en": "A note."}, title_en="Another")
    assert list(refusal.value.message_dict) == ["note_ru"]
    told = {"en": "A note.", "ru": "Примечание.", "kk": "Ескерту."}
    change = propose(record, writer, kind, told, title_en="Another")
    assert (change.note_en, change.note_ru, change.note_kk) == ("A note.", "Примечание.", "")


def test_typographical_note_is_the_standard_sentence_whatever_is_given(released, writer):
    change = propose(released, writer, "typographical", {"en": "Buy now!"}, title_en="A statment")
    assert change.note_en == "Typographical errors were corrected."


def test_progress_moves_the_outcome_and_no_date_of_the_event(gathering, writer, officer, clock):
    clock(LATER)
    content = editions.snapshot(gathering)
    outcome = content["parts"]["outcomes"][0]
    outcome["fields"]["state"] = "fulfilled"
    outcome["parts"]["progress"].append({
        "uid": "22222222-2222-4222-8222-222222222222",
        "fields": {"date": "2026-10-06", "date_precision": "day", "state": "fulfilled",
                   "text_en": "They met.", "text_ru": "", "text_kk": "", "cites": None},
        "many": {}, "parts": {},
    })  # fmt: skip
    change = publishing.propose(gathering, content, writer, "progress", {})
    record = publishing.apply_change(change, officer)
    assert (record.corrected_at, Outcome.objects.get().state) == (None, "fulfilled")
    assert [each.text_en for each in Outcome.objects.get().progress.all()] == ["They met."]


# --- What leaves a trace for good ----------------------------------------------------------------


def test_removed_quote_leaves_a_tombstone_with_the_note_and_comes_back_without(
    released, writer, officer, second
):
    quote = Quote.objects.get()
    content = editions.snapshot(released)
    content["parts"]["quotes"] = []
    note = {"en": "Not his words."}
    publishing.apply_change(
        publishing.propose(released, content, writer, "correction", note), officer
    )
    grave = Tombstone.objects.get()
    assert (grave.uid, grave.model, grave.note_en) == (quote.pk, "quote", "Not his words.")
    assert Quote.objects.count() == 0
    first = editions.of(released).get(number=3).snapshot["content"]
    again = publishing.propose(stored(released), first, writer, "correction", {"en": "His."})
    publishing.apply_change(again, second)
    assert [each.pk for each in Quote.objects.all()] == [quote.pk]
    assert Tombstone.objects.count() == 0


def test_quote_removed_before_release_was_never_there(statement, person, writer, officer, second):
    with publishing.saving(statement, writer) as record:
        Quote.objects.create(statement=record, person=person, text_en="The text")
    item = publishing.approve(publishing.submit(statement, writer), officer, LATER)
    content = editions.snapshot(item)
    content["parts"]["quotes"] = []
    publishing.apply_change(publishing.propose(item, content, writer, "update", NOTE), second)
    assert (Quote.objects.count(), Tombstone.objects.count()) == (0, 0)


def test_outcome_that_nobody_could_read_leaves_no_tombstone(
    gathering, statement, writer, officer, second
):
    with publishing.saving(statement, writer) as record:
        record.save()
    secret = publishing.approve(publishing.submit(statement, writer), officer, LATER)
    read = Outcome.objects.get()
    for announced_in in (None, secret):
        content = editions.snapshot(stored(gathering))
        new = copy.deepcopy(content["parts"]["outcomes"][0])
        new["uid"] = str(uuid4())
        new["fields"]["announced_in"] = announced_in and str(announced_in.pk)
        content["parts"]["outcomes"].append(new)
        change = publishing.propose(stored(gathering), content, writer, "update", NOTE)
        publishing.apply_change(change, second)
    content = editions.snapshot(stored(gathering))
    content["parts"]["outcomes"] = [
        s for s in content["parts"]["outcomes"] if s["uid"] == str(read.pk)
    ]
    told = {str(each.pk) for each in Outcome.objects.filter(announced_in=None)} - {str(read.pk)}
    change = publishing.propose(stored(gathering), content, writer, "correction", NOTE)
    publishing.apply_change(change, second)
    assert {str(each.pk) for each in Tombstone.objects.all()} == told


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"state": "postponed"}, "postponed"),
        ({"state": "cancelled"}, "cancelled"),
        ({"date": "2007-10-08"}, "redated"),
        ({"venue_en": "Another hall"}, "moved"),
        ({"title_en": "Another"}, None),
    ],
)
def test_changed_plan_of_an_event_leaves_a_lasting_notice(
    event, writer, officer, second, fields, kind
):
    with publishing.saving(event, writer) as record:
        record.venue_en = "A hall"
        record.save()
    event = publishing.release_now(publishing.submit(event, writer), officer)
    publishing.apply_change(propose(event, writer, "update", {"en": "A storm."}, **fields), second)
    notices = [(each.notice_kind, each.text_en) for each in Notice.objects.all()]
    assert notices == ([(kind, "A storm.")] if kind else [])
    # An older text takes no notice away.
    record = stored(event)
    back = copy.deepcopy(editions.of(record).get(number=3).snapshot["content"])
    publishing.apply_change(
        publishing.propose(record, back, writer, "update", {"en": "Again."}), second
    )
    assert Notice.objects.filter(text_en="A storm.").count() == len(notices)
    assert editions.check_chain(stored(event)) == []


def test_plan_changed_before_release_needs_no_notice(event, writer, officer, second):
    with publishing.saving(event, writer) as record:
        record.save()
    event = publishing.approve(publishing.submit(event, writer), officer, LATER)
    publishing.apply_change(propose(event, writer, "update", NOTE, date="2007-10-08"), second)
    assert (Event.objects.get().date, Notice.objects.count()) == (date(2007, 10, 8), 0)


# --- Reference rows ------------------------------------------------------------------------------


def test_row_that_an_embargoed_text_names_changes_by_two_people_only(
    embargoed, person, writer, officer, second, archivist
):
    with publishing.saving(person, archivist):
        person.save()
    content = editions.snapshot(embargoed)
    content["many"]["people"] = [str(person.pk)]
    publishing.apply_change(publishing.propose(embargoed, content, writer, "update", NOTE), second)
    with pytest.raises(Refused, match="propose a change"), publishing.saving(person, archivist):
        pass
    change = propose(stored(person), archivist, name_en="Renamed")
    with pytest.raises(PermissionDenied):
        publishing.apply_change(change, archivist)
    assert publishing.apply_change(change, officer).name_en == "Renamed"


def test_free_row_is_edited_directly(person, archivist):
    with publishing.saving(person, archivist):
        person.save()
    with pytest.raises(Refused, match="edit it directly"):
        propose(person, archivist, name_en="Renamed")


def test_approver_does_not_release_a_name_that_only_they_have_written(
    statement, person, writer, officer, second
):
    with publishing.saving(statement, writer) as record:
        Quote.objects.create(statement=record, person=person, text_en="The text")
    with publishing.saving(person, officer) as row:
        row.name_en = "Slipped in"
        row.save()
    item = publishing.submit(statement, writer)
    with pytest.raises(Refused, match="Slipped in"):
        publishing.approve(item, officer, LATER)
    item = publishing.countersign(item, writer)
    assert publishing.approve(item, officer, LATER).stage is Stage.EMBARGOED
    assert [each.action for each in editions.of(person)] == ["save", "countersign"]
    assert editions.check_chain(stored(person)) == []


# --- Reasons and reinstatement -------------------------------------------------------------------


def test_reason_reaches_readers_when_a_second_person_approves_it(released, writer, officer, second):
    item = publishing.withdraw(released, officer, {"en": "Superseded.", "kk": ""})
    assert (item.reason_en, item.proposed_reason_en) == (
        "Withdrawn by the press office.", "Superseded.",
    )  # fmt: skip
    with pytest.raises(Refused, match="somebody else must approve"):
        publishing.approve_reason(item, officer)
    item = publishing.approve_reason(item, second)
    assert (item.reason_en, item.proposed_reason_en) == ("Superseded.", "")
    assert item.reason_ru == "Снято пресс-службой."
    with pytest.raises(Refused, match="No reason is proposed"):
        publishing.approve_reason(item, second)


def test_reason_proposed_anew_is_its_proposers_own(released, officer, second):
    item = publishing.retract(released, officer, {"en": "First words."})
    item = publishing.propose_reason(item, second, {"en": "Second words."})
    with pytest.raises(Refused):
        publishing.approve_reason(item, second)
    assert publishing.approve_reason(item, officer).reason_en == "Second words."


@pytest.mark.parametrize("verb", ["withdraw", "retract"])
def test_reinstated_item_is_what_it_was_and_takes_two(released, writer, officer, second, verb):
    was = released.uid, released.slug, released.release_at, released.published_at
    item = getattr(publishing, verb)(released, officer, {"en": "A mistake."})
    with pytest.raises(Refused, match="Nobody has asked"):
        publishing.reinstate(item, second)
    item = publishing.ask_reinstatement(item, officer, "It was right.")
    with pytest.raises(Refused, match="somebody else must"):
        publishing.reinstate(item, officer)
    item = publishing.reinstate(item, second)
    assert (item.uid, item.slug, item.release_at, item.published_at) == was
    assert (item.stage, item.withdrawn_at, item.reason_en) == (Stage.PUBLISHED, None, "")
    assert editions.of(item).exclude(public_number=None).last().public_number == 1
    # A request is used up: the next withdrawal needs one of its own.
    item = publishing.withdraw(item, officer, {"en": "Again."})
    with pytest.raises(Refused, match="Nobody has asked"):
        publishing.reinstate(item, second)


# --- Memory --------------------------------------------------------------------------------------


def test_showing_leaves_no_trace(released):
    before = editions.snapshot(released), Edition.objects.count()
    with publishing.showing(released, changed(released, title_en="Only shown")) as shown:
        assert shown.title_en == "Only shown"
        assert stored(released).title_en == "Only shown"
    assert (editions.snapshot(stored(released)), Edition.objects.count()) == before


def test_showing_undoes_itself_when_the_block_fails(released):
    with (
        pytest.raises(ZeroDivisionError),
        publishing.showing(released, changed(released, title_en="Only shown")),
    ):
        raise ZeroDivisionError
    assert stored(released).title_en == "A statement"


@pytest.mark.postgresql
@pytest.mark.parametrize("act", ["update", "delete"])
def test_database_refuses_to_alter_an_edition(released, act):
    assert connection.vendor == "postgresql"
    rows = editions.of(released)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(note="Slipped in") if act == "update" else rows.delete()
    assert editions.check_chain(stored(released)) == []
