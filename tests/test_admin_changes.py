"""Changes of approved texts in the admin: proposed on the record's own form by one person,
looked at beside the live text and applied by another."""

import datetime as dt
import hashlib
import io
import random
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from events import editions, publishing
from events.models import (
    Access,
    Attachment,
    Change,
    Event,
    MediaContact,
    Notice,
    Outcome,
    Person,
    Photo,
    Progress,
    Quote,
    Reading,
    Statement,
    Tombstone,
    Topic,
)  # fmt: skip

from . import factories
from .test_admin import fields, url
from .uploads import pdf

pytestmark = pytest.mark.django_db
BODY = "<p>The text: “Exact words”, “New words”.</p>"
NOTE = {"en": "A word was wrong."}


@pytest.fixture
def writer(staff):
    return staff("Writer", "writer")


@pytest.fixture
def officer(staff):
    return staff("Press officer", "officer")


@pytest.fixture
def second(staff):
    return staff("Press officer", "second")


def saved(item, by):
    with publishing.saving(item, by) as record:
        record.summary_en = "A summary."
        record.save()
    return record


def released(item, writer, officer, answers=None):
    publishing.submit(saved(item, writer), writer)
    return publishing.release_now(item, officer, answers)


@pytest.fixture
def public(statement, writer, officer, person):
    """A published statement with a quote."""
    factories.quote(statement, text_en="Exact words", person=person)
    Statement.objects.update(body_en=BODY)
    statement.refresh_from_db()
    released(statement, writer, officer)
    return Statement.objects.get()


@pytest.fixture
def happening(event, writer, officer):
    """A published event to come, with an outcome."""
    Event.objects.update(date=dt.date(2090, 10, 6), until=dt.date(2090, 10, 6))
    factories.outcome(event, text_en="A centre will be built")
    released(event, writer, officer)
    return Event.objects.get()


def proposal(client, item, page="propose", *more, kind="correction", note="A word was wrong.",
             **typed):  # fmt: skip
    """Open the proposal's form, type into it, send it; the answer."""
    address = url(item, page, *more)
    shown = client.get(address)
    assert shown.status_code == 200, (address, shown.status_code)
    data = fields(shown) | {"proposal-kind": kind, "proposal-note_en": note} | typed
    return client.post(address, data)


def new_row(answer_or_client, item, relation="quotes"):
    return f"{relation}-{getattr(item, relation).count()}"


def quote_fields(item, person, text):
    number = item.quotes.count()
    return {
        "quotes-TOTAL_FORMS": str(number + 1), f"quotes-{number}-person": str(person.pk),
        f"quotes-{number}-text_en": text, f"quotes-{number}-order": "1",
    }  # fmt: skip


# --- Proposing -----------------------------------------------------------------------------------


def rows():
    return {
        model.__name__: model._default_manager.count()
        for model in (Statement, Quote, Person, Topic, Attachment, Photo, MediaContact)
    } | {"editions": editions.Edition.objects.count()}


def test_proposal_changes_nothing_and_leaves_no_row_and_no_edition(as_user, public, writer):
    before, text = rows(), editions.snapshot(public)
    speaker = Person.objects.get()
    answer = proposal(
        as_user(writer), public, title_en="Another title", **quote_fields(public, speaker, "New")
    )
    change = Change.objects.get()
    assert (answer.status_code, answer.url) == (302, url(public, "review", change.pk))
    assert rows() == before
    assert editions.snapshot(Statement.objects.get()) == text
    assert (change.by, change.kind, change.note_en) == (writer, "correction", NOTE["en"])
    assert change.base == editions.of(public).last()
    assert change.snapshot["fields"]["title_en"] == "Another title"
    assert [row["fields"]["text_en"] for row in change.snapshot["parts"]["quotes"]] == [
        "Exact words", "New",
    ]  # fmt: skip
    assert editions.check_chain(Statement.objects.get()) == []


def test_looking_at_the_form_writes_nothing_but_the_reading(as_user, statement, writer, officer):
    saved(statement, writer)
    publishing.submit(statement, writer)
    publishing.approve(statement, officer, factories.FAR_AHEAD)
    before = rows()
    page = as_user(writer).get(url(statement, "propose"))
    assert "Public note (English)" in page.content.decode()
    assert "Save and continue" not in page.content.decode()
    assert rows() == before
    assert [(each.by, each.how) for each in Reading.objects.all()] == [(writer, "form")]


def test_quote_proposed_mended_and_applied_by_another(as_user, public, writer, officer):
    speaker = Person.objects.get()
    proposal(as_user(writer), public, **quote_fields(public, speaker, "Nev words"))
    first = Change.objects.get()
    uid = first.snapshot["parts"]["quotes"][1]["uid"]
    shown = as_user(writer).get(url(public, "mend", first.pk))
    assert "Nev words" in shown.content.decode()
    answer = proposal(
        as_user(writer), public, "mend", first.pk, note="A quote was missing.",
        **{"quotes-1-text_en": "New words"},
    )  # fmt: skip
    assert answer.status_code == 302
    first.refresh_from_db()
    second = Change.objects.get(state="proposed")
    assert (first.state, second.replaces) == ("superseded", first)
    assert second.snapshot["parts"]["quotes"][1]["uid"] == uid
    page = as_user(officer).get(url(public, "review", second.pk)).content.decode()
    assert "New words" in page
    answer = as_user(officer).post(url(public, "review", second.pk), {"decision": "apply"})
    assert (answer.status_code, answer.url) == (302, url(public))
    public = Statement.objects.get()
    assert [(str(each.pk), each.text_en) for each in public.quotes.order_by("order")][1] == (
        uid, "New words",
    )  # fmt: skip
    last = editions.of(public).last()
    assert (last.action, last.by, last.public_number) == ("apply_change", officer, 2)
    assert editions.check_chain(public) == []
    assert (
        "A quote was missing."
        in as_user(writer).get("/en/statements/a-statement/").content.decode()
    )


def test_removed_quote_leaves_a_tombstone(as_user, public, writer, officer, client):
    gone = public.quotes.get()
    address = reverse("public:quote", args=[gone.pk])
    proposal(as_user(writer), public, note="He did not say that.", **{"quotes-0-DELETE": "on"})
    assert Tombstone.objects.count() == 0
    assert client.get(address).status_code == 200
    change = Change.objects.get()
    as_user(officer).post(url(public, "review", change.pk), {"decision": "apply"})
    assert (Tombstone.objects.get().pk, Quote.objects.count()) == (gone.pk, 0)
    assert client.get(address).status_code == 410


def refused(answer):
    """Every sentence of refusal on a proposal's page, by field."""
    form, asked = answer.context["adminform"].form, answer.context["proposal"]
    return {**form.errors, **asked.errors}


def test_missing_kind_keeps_everything_typed(as_user, public, writer):
    answer = proposal(as_user(writer), public, kind="", note="Typed note", title_en="Typed title")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert {"kind", "__all__"} == set(refused(answer))
    assert "Typed note" in page
    assert "Typed title" in page
    assert Change.objects.count() == 0


def test_missing_note_is_said_beside_it_and_everything_typed_stays(as_user, public, writer):
    speaker = Person.objects.get()
    answer = proposal(
        as_user(writer), public, note=" ", title_en="Typed title",
        **quote_fields(public, speaker, "Typed quote"),
    )  # fmt: skip
    page = answer.content.decode()
    assert "Tell readers of this language what has changed." in refused(answer)["note_en"]
    assert "Typed title" in page
    assert "Typed quote" in page
    assert (Change.objects.count(), Quote.objects.count()) == (0, 1)


def test_wrong_kind_is_said_beside_the_kind(as_user, public, writer):
    answer = proposal(as_user(writer), public, kind="typographical", date="2007-10-07")
    assert refused(answer)["kind"] == [
        "A typographical change touches the wording alone: choose another kind."
    ]


def test_bad_field_is_said_beside_it_with_the_note_kept(as_user, public, writer):
    answer = proposal(as_user(writer), public, title_en="", date="soon", note="Typed note")
    assert "date" in refused(answer)
    assert "Typed note" in answer.content.decode()
    assert Change.objects.count() == 0


def test_nothing_changed_is_refused(as_user, public, writer):
    answer = proposal(as_user(writer), public)
    assert refused(answer)["__all__"] == ["Nothing is changed."]


def test_mending_what_was_decided_meanwhile_is_refused_with_the_text_kept(
    as_user, public, writer, officer
):
    change = proposed(public, officer, title_en="Theirs")
    client = as_user(writer)
    data = fields(client.get(url(public, "mend", change.pk))) | {
        "proposal-kind": "correction", "proposal-note_en": "Mine", "title_en": "Typed title",
    }  # fmt: skip
    publishing.reject_change(change, officer, "No")
    answer = client.post(url(public, "mend", change.pk), data)
    assert refused(answer)["__all__"] == ["This change has been decided already."]
    assert "Typed title" in answer.content.decode()
    assert Change.objects.count() == 1
    answer = client.get(url(public, "mend", change.pk))
    assert (answer.status_code, answer.url) == (302, url(public, "review", change.pk))


def test_edition_that_names_what_is_gone_opens_with_the_present_text_and_says_so(
    as_user, statement, writer, officer
):
    topic = factories.topic("Peace")
    statement.topics.add(topic)
    saved(statement, writer)
    statement.topics.clear()
    with publishing.saving(statement, writer) as record:
        record.title_en = "A later title"
        record.save()
    publishing.submit(statement, writer)
    publishing.release_now(statement, officer)
    topic.delete()
    page = as_user(writer).get(url(statement, "propose_edition", 1))
    assert "The text names something that no longer exists." in page.content.decode()
    assert fields(page)["title_en"] == "A later title"
    assert Statement.objects.get().title_en == "A later title"


def test_double_click_proposes_once(as_user, public, writer):
    client = as_user(writer)
    assert proposal(client, public, title_en="Once").status_code == 302
    again = proposal(client, public, title_en="Once")
    assert "You have proposed this already" in str(refused(again))
    assert Change.objects.count() == 1


def test_address_and_number_are_not_fields_of_a_proposal(as_user, public, writer):
    client = as_user(writer)
    shown = fields(client.get(url(public, "propose")))
    assert not {"slug", "reference_number"} & set(shown)
    proposal(client, public, title_en="New", slug="slipped-in", reference_number="X")
    change = Change.objects.get()
    assert change.snapshot["fields"]["slug"] == "a-statement"
    assert change.snapshot["fields"]["reference_number"] == public.reference_number


def test_attachment_is_proposed_and_served_only_once_applied(as_user, public, writer, officer):
    file = SimpleUploadedFile("text.pdf", pdf(), "application/pdf")
    proposal(
        as_user(writer), public, note="The document is attached.", kind="update",
        **{"attachments-TOTAL_FORMS": "1", "attachments-0-file": file,
           "attachments-0-title_en": "The document", "attachments-0-order": "0"},
    )  # fmt: skip
    change = Change.objects.get()
    assert Attachment.objects.count() == 0
    page = as_user(officer).get(url(public, "review", change.pk)).content.decode()
    assert "The document" in page
    as_user(officer).post(url(public, "review", change.pk), {"decision": "apply"})
    attachment = Attachment.objects.get()
    with attachment.file.open() as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == attachment.checksum
    assert attachment.checksum in attachment.file.name


def noise(document):
    document.pages[0].Contents = document.make_stream(random.Random(1).randbytes(3_000_000))


def test_large_file_of_a_refused_proposal_is_asked_for_again(as_user, public, writer):
    file = SimpleUploadedFile("text.pdf", pdf(2, noise), "application/pdf")
    assert file.size > 2_500_000  # it is not kept in memory
    answer = proposal(
        as_user(writer), public, note="",
        **{"attachments-TOTAL_FORMS": "1", "attachments-0-file": file,
           "attachments-0-title_en": "The document", "attachments-0-order": "0"},
    )  # fmt: skip
    assert answer.status_code == 200
    assert "please choose “text.pdf” again" in answer.content.decode()
    assert (Change.objects.count(), Attachment.objects.count()) == (0, 0)


def test_image_of_a_placed_photo_is_changed_by_a_proposal(
    as_user, statement, photo, writer, officer
):
    with publishing.saving(photo, officer) as record:
        record.save()
    statement.placements.create(photo=photo)
    publishing.submit(saved(statement, writer), writer)
    publishing.countersign(statement, writer)
    publishing.release_now(statement, officer)
    old = Photo.objects.get().image.name
    png = io.BytesIO()
    Image.new("RGB", (7, 5), "blue").save(png, "PNG")
    answer = proposal(
        as_user(writer), Photo.objects.get(), note="Another picture",
        image=SimpleUploadedFile("blue.png", png.getvalue(), "image/png"),
    )  # fmt: skip
    assert answer.status_code == 302, refused(answer)
    assert Photo.objects.get().image.name == old
    change = Change.objects.get()
    client = as_user(officer)
    assert client.get(url(photo, "review", change.pk)).status_code == 200
    assert client.post(url(photo, "review", change.pk), {"decision": "apply"}).status_code == 302
    assert (Photo.objects.get().width, Photo.objects.get().height) == (7, 5)


def test_topic_that_a_public_text_names_is_changed_by_a_proposal(
    as_user, statement, writer, officer
):
    topic = factories.topic("Peace")
    with publishing.saving(topic, writer) as record:
        record.save()
    statement.topics.add(topic)
    released(statement, writer, officer)
    client = as_user(writer)
    assert "Propose a change" in client.get(url(topic)).content.decode()
    assert proposal(client, topic, note="Its usual name", name_en="Peacekeeping").status_code == 302
    assert Topic.objects.get().name_en == "Peace topic"
    as_user(officer).post(url(topic, "review", Change.objects.get().pk), {"decision": "apply"})
    assert Topic.objects.get().name_en == "Peacekeeping"


def test_draft_is_edited_not_proposed(as_user, statement, writer):
    saved(statement, writer)
    client = as_user(writer)
    assert "Propose a change" not in client.get(url(statement)).content.decode()
    answer = client.get(url(statement, "propose"))
    assert (answer.status_code, answer.url) == (302, url(statement))
    assert client.post(url(statement, "propose"), {"title_en": "Slipped in"}).status_code == 302
    assert (Statement.objects.get().title_en, Change.objects.count()) == ("A statement", 0)


@pytest.mark.parametrize("end", ["withdraw", "retract"])
def test_withdrawn_and_retracted_texts_are_changed_by_proposals_too(
    as_user, public, writer, officer, end
):
    getattr(publishing, end)(public, officer, "A reason")
    assert proposal(as_user(writer), public, title_en="Other").status_code == 302
    assert Change.objects.count() == 1


# --- Review --------------------------------------------------------------------------------------


def proposed(item, by, kind="correction", **values):
    content = editions.snapshot(item)
    content["fields"] |= values
    return publishing.propose(item, content, by, kind, NOTE)


def test_review_shows_both_texts_with_what_differs_marked(as_user, public, writer, officer):
    change = proposed(public, writer, body_en=BODY.replace("The text", "The new draft"))
    answer = as_user(officer).get(url(public, "review", change.pk))
    page = answer.content.decode()
    marked = [
        (tag, re.sub(r"<span[^>]*>.*?</span>", "", inside))
        for tag, inside in re.findall(r"<(ins|del)>(.*?)</(?:ins|del)>", page, re.DOTALL)
    ]
    assert marked == [("del", "text"), ("ins", "new draft")]
    assert page.count("“Exact words”, “New words”") == 2
    assert [each.label for each in answer.context["review"].proposed] == ["Text (English)"]
    assert all(word in page for word in ("writer", NOTE["en"], "correction", "Live text"))


def decide(client, item, change, decision, **more):
    return client.post(url(item, "review", change.pk), {"decision": decision, **more})


def test_own_proposal_is_not_applied_until_somebody_countersigns(as_user, public, officer, writer):
    change = proposed(public, officer, title_en="Mine")
    page = as_user(officer).get(url(public, "review", change.pk)).content.decode()
    assert "Apply: make this the text" not in page
    answer = decide(as_user(officer), public, change, "apply")
    assert "You have proposed this: somebody else must apply it." in answer.content.decode()
    assert (
        "somebody else must stand behind it"
        in decide(as_user(officer), public, change, "confirm").content.decode()
    )
    assert Statement.objects.get().title_en == "A statement"
    assert decide(as_user(writer), public, change, "confirm").status_code == 302
    page = as_user(officer).get(url(public, "review", change.pk)).content.decode()
    assert "Apply: make this the text" in page
    assert decide(as_user(officer), public, change, "apply").status_code == 302
    assert Statement.objects.get().title_en == "Mine"


def test_parallel_proposals_are_shown_and_never_overwritten(
    as_user, public, writer, officer, second
):
    one = proposed(public, writer, title_en="One title")
    other = proposed(public, officer, title_en="Other title", summary_en="Other summary")
    page = as_user(second).get(url(public, "review", one.pk)).content.decode()
    assert url(public, "review", other.pk) in page
    assert decide(as_user(second), public, one, "apply").status_code == 302
    page = as_user(second).get(url(public, "review", other.pk)).content.decode()
    assert "The text has changed since this was proposed" in page
    assert "Apply: make this the text" not in page
    answer = decide(as_user(second), public, other, "apply")
    assert "The text has changed since this was proposed: look at both" in answer.content.decode()
    assert (Statement.objects.get().title_en, Statement.objects.get().summary_en) == (
        "One title", "A summary.",
    )  # fmt: skip
    # Mended on top of the present text, with the place that both changed marked.
    shown = as_user(officer).get(url(public, "mend", other.pk))
    form = shown.context["adminform"].form
    assert [each.label for each in shown.context["conflicts"]] == ["Title (English)"]
    assert "Changed on both sides" in form.fields["title_en"].help_text
    assert "Changed on both sides" not in str(form.fields["summary_en"].help_text)
    answer = proposal(as_user(officer), public, "mend", other.pk, title_en="Both titles")
    assert answer.status_code == 302
    mended = Change.objects.get(state="proposed")
    assert mended.base == editions.of(public).last()
    assert decide(as_user(second), public, mended, "apply").status_code == 302
    assert (Statement.objects.get().title_en, Statement.objects.get().summary_en) == (
        "Both titles", "Other summary",
    )  # fmt: skip


def test_form_of_an_older_text_is_proposed_against_that_text(
    as_user, public, writer, officer, second
):
    client = as_user(writer)
    shown = fields(client.get(url(public, "propose")))
    first = editions.of(public).last()
    change = proposed(public, officer, summary_en="Meanwhile")
    publishing.apply_change(change, second)
    data = shown | {"proposal-kind": "correction", "proposal-note_en": "x", "title_en": "Mine"}
    assert client.post(url(public, "propose"), data).status_code == 302
    mine = Change.objects.get(state="proposed")
    assert mine.base == first
    assert mine.snapshot["fields"]["summary_en"] == "A summary."
    publishing_revision = publishing.revision(mine)
    assert (publishing_revision.content["fields"]["summary_en"], publishing_revision.conflicts) == (
        "Meanwhile", [],
    )  # fmt: skip


def test_rejection_needs_a_note_and_is_told(as_user, public, writer, officer):
    change = proposed(public, writer, title_en="No")
    answer = decide(as_user(officer), public, change, "reject", note=" ")
    assert "Say why." in answer.content.decode()
    assert decide(as_user(officer), public, change, "reject", note="Not so").status_code == 302
    change.refresh_from_db()
    assert (change.state, change.decided_by, change.decision_note) == (
        "rejected", officer, "Not so",
    )  # fmt: skip
    page = as_user(writer).get(url(public, "review", change.pk)).content.decode()
    assert "Not so" in page
    assert "Decide" not in page


def test_writer_takes_back_their_own_and_rejects_nobody_elses(as_user, public, writer, staff):
    change = proposed(public, writer, title_en="No")
    other = staff("Writer", "another")
    assert decide(as_user(other), public, change, "reject", note="x").status_code == 403
    assert decide(as_user(writer), public, change, "reject", note="A mistake").status_code == 302
    change.refresh_from_db()
    assert change.state == "rejected"


def test_new_question_is_asked_and_its_answer_recorded(as_user, public, writer, officer):
    content = editions.snapshot(public)
    content["many"]["media_contacts"] = []
    change = publishing.propose(public, content, writer, "correction", NOTE)
    client = as_user(officer)
    page = client.get(url(public, "review", change.pk)).content.decode()
    assert 'name="answer-no-contact"' in page
    answer = decide(client, public, change, "apply")
    assert "No media contact is named." in answer.content.decode()
    assert Change.objects.get().state == "proposed"
    answer = decide(client, public, change, "apply", **{"answer-no-contact": "The duty officer."})
    assert answer.status_code == 302
    assert "The duty officer." in editions.of(public).last().note


def test_decided_change_is_not_decided_again(as_user, public, writer, officer):
    change = proposed(public, writer, title_en="Once")
    decide(as_user(officer), public, change, "apply")
    for decision in ("apply", "confirm", "reject"):
        answer = decide(as_user(officer), public, change, decision, note="x")
        assert "This change has been decided already." in answer.content.decode()
    assert editions.of(public).filter(action="apply_change").count() == 1


# --- Whom each route refuses ---------------------------------------------------------------------


def test_crafted_posts_are_refused_by_role(
    as_user, public, writer, officer, staff, django_user_model
):
    change = proposed(public, officer, title_en="Other")
    reader, archivist = staff("Reader under embargo"), staff("Archivist")
    root = django_user_model.objects.create_superuser("root", password="x" * 14)
    data = {"title_en": "Slipped in", "proposal-kind": "correction", "proposal-note_en": "x"}
    found = {}
    for user in (writer, archivist, reader, root):
        client = as_user(user)
        found[user.username] = [
            client.post(url(public, "propose"), data).status_code in (403, 404),
            client.post(url(public, "mend", change.pk), data).status_code in (403, 404),
            decide(client, public, change, "apply").status_code,
            decide(client, public, change, "reject", note="x").status_code,
        ]
    assert found == {
        "writer": [False, False, 403, 403],
        "archivist": [False, False, 403, 403],
        "reader-under-embargo": [True, True, 403, 403],
        "root": [True, True, 403, 403],
    }
    assert Statement.objects.get().title_en == "A statement"
    change.refresh_from_db()
    assert change.state == "proposed"
    client.force_login(reader)
    assert decide(client, public, change, "confirm").status_code == 403
    client.logout()
    assert decide(client, public, change, "apply").status_code == 302  # to the sign-in
    change.refresh_from_db()
    assert (change.state, change.confirmed_by) == ("proposed", None)


@pytest.fixture
def limited(statement, writer, officer, second):
    """An embargoed statement that `writer` and `officer` alone may see, with a proposal."""
    publishing.submit(saved(statement, writer), writer)
    publishing.approve(statement, officer, factories.FAR_AHEAD)
    change = proposed(Statement.objects.get(), writer, title_en="Secret title")
    for user in (writer, officer):
        Access.objects.create(
            publication=statement.publication, user=user, given_by=officer,
            given_at=factories.LONG_AGO,
        )  # fmt: skip
    Statement.objects.update(limited=True)
    return change


def test_limited_items_answer_as_what_does_not_exist(as_user, limited, second, officer, statement):
    unknown = "00000000-0000-4000-8000-000000000000"
    client = as_user(second)
    for page, more in (("propose", []), ("mend", [limited.pk]), ("review", [limited.pk]),
                       ("propose_edition", [1])):  # fmt: skip
        for method in (client.get, client.post):
            assert method(url(statement, page, *more)).status_code == 404, page
    assert client.get(reverse("admin:events_change_change", args=[limited.pk])).status_code == 404
    assert client.get(reverse("admin:events_change_change", args=[unknown])).status_code == 404
    page = client.get(reverse("admin:events_change_changelist"))
    assert page.context["cl"].result_count == 0
    assert "Secret title" not in page.content.decode()
    page = as_user(officer).get(reverse("admin:events_change_changelist"))
    assert page.context["cl"].result_count == 1


def test_change_of_another_record_is_not_found_under_this_one(
    as_user, public, event, writer, officer
):
    change = proposed(public, writer, title_en="Other")
    saved(event, writer)
    client = as_user(officer)
    assert client.get(url(event, "review", change.pk)).status_code == 404
    assert decide(client, event, change, "apply").status_code == 404


def test_change_of_an_unseen_outcome_is_seen_by_nobody_else(
    as_user, happening, writer, officer, second
):
    """An outcome announced in a limited statement is part of its public event's record."""
    secret = factories.statement("embargoed", "Secret", limited=True)
    for user in (writer, officer):
        Access.objects.create(
            publication=secret.publication, user=user, given_by=officer,
            given_at=factories.LONG_AGO,
        )  # fmt: skip
    plain = proposed(happening, writer, summary_en="Else")
    content = editions.snapshot(happening)
    content["parts"]["outcomes"][0]["fields"]["announced_in"] = str(secret.pk)
    content["parts"]["outcomes"][0]["fields"]["text_en"] = "Secret outcome"
    hidden = publishing.propose(happening, content, writer, "correction", NOTE)
    client = as_user(second)
    assert client.get(url(happening, "review", hidden.pk)).status_code == 404
    assert decide(client, happening, hidden, "apply").status_code == 404
    page = client.get(url(happening, "review", plain.pk)).content.decode()
    assert "Secret" not in page
    assert str(hidden.pk) not in page
    assert str(hidden.pk) not in client.get(url(happening)).content.decode()
    listed = client.get(reverse("admin:events_change_changelist"))
    assert [row.pk for row in listed.context["cl"].result_list] == [plain.pk]
    assert (
        "Secret outcome"
        in as_user(officer).get(url(happening, "review", hidden.pk)).content.decode()
    )
    with pytest.raises(publishing.frame.roles.PermissionDenied):
        publishing.apply_change(hidden, second)


# --- The list ------------------------------------------------------------------------------------


def test_list_has_what_waits_first_by_title_with_a_way_to_its_review(
    as_user, public, writer, officer
):
    done = proposed(public, writer, title_en="Done")
    waits = proposed(public, writer, summary_en="Waits")
    publishing.reject_change(done, officer, "No")
    last = proposed(public, writer, summary_en="Last")
    publishing.reject_change(last, officer, "No")
    client = as_user(officer)
    answer = client.get(reverse("admin:events_change_changelist"))
    assert next(row.pk for row in answer.context["cl"].result_list) == waits.pk
    page = answer.content.decode()
    assert "A statement (statement)" in page
    assert f">{public.pk}<" not in page
    address = reverse("admin:events_change_change", args=[waits.pk])
    assert address in page
    answer = client.get(address)
    assert (answer.status_code, answer.url) == (302, url(public, "review", waits.pk))
    shown = client.get(
        reverse("admin:events_change_changelist"),
        {"state__exact": "rejected", "kind__exact": "correction"},
    )
    assert {row.pk for row in shown.context["cl"].result_list} == {last.pk, done.pk}


# --- Plans and progress --------------------------------------------------------------------------


def plan(client, item, what, **typed):
    shown = client.get(url(item, "plan", what))
    assert shown.status_code == 200
    form = shown.context["form"]
    data = {form[name].html_name: form[name].value() or "" for name in form.fields}
    data |= {f"proposal-{name}": value for name, value in typed.items()}
    data["seen_version"] = str(shown.context["record"].version)
    return client.post(url(item, "plan", what), data)


def applied(client, item):
    change = Change.objects.get(state="proposed")
    assert decide(client, item, change, "apply").status_code == 302
    return Event.objects.get()


@pytest.mark.parametrize(
    ("what", "state"), [("postpone", "postponed"), ("cancel", "cancelled")]
)  # fmt: skip
def test_event_is_postponed_or_cancelled_with_a_lasting_notice(
    as_user, happening, writer, officer, what, state
):
    page = as_user(writer).get(url(happening)).content.decode()
    assert url(happening, "plan", what) in page
    answer = plan(as_user(writer), happening, what, note_en="It does not take place that day.")
    assert answer.status_code == 302
    assert (Event.objects.get().state, Notice.objects.count()) == ("scheduled", 0)
    assert Change.objects.get().kind == "update"
    assert applied(as_user(officer), happening).state == state
    notice = Notice.objects.get()
    assert (notice.notice_kind, notice.text_en) == (state, "It does not take place that day.")


def test_event_is_given_another_time_by_the_venues_clock(as_user, happening, writer, officer):
    answer = plan(
        as_user(writer), happening, "redate", starts_at="2090-11-02T10:00",
        ends_at="2090-11-02T12:30", time_zone="Asia/Dushanbe", note_en="On 2 November instead.",
    )  # fmt: skip
    assert answer.status_code == 302
    event = applied(as_user(officer), happening)
    assert (event.starts_at, event.ends_at) == (
        dt.datetime(2090, 11, 2, 5, 0, tzinfo=dt.UTC),
        dt.datetime(2090, 11, 2, 7, 30, tzinfo=dt.UTC),
    )
    assert (event.date, event.state) == (dt.date(2090, 11, 2), "scheduled")
    assert Notice.objects.get().notice_kind == "redated"


def test_event_is_given_other_whole_days(as_user, happening, writer, officer):
    plan(as_user(writer), happening, "redate", date="2090-12-01", ends_on="2090-12-03",
         note_en="In December.")  # fmt: skip
    event = applied(as_user(officer), happening)
    assert (event.date, event.until, event.starts_at) == (
        dt.date(2090, 12, 1), dt.date(2090, 12, 3), None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"date": ""}, "date"),
        ({"date": "soon"}, "date"),
        ({"date": "2090-12-03", "ends_on": "2090-12-01"}, "ends_on"),
        ({"starts_at": "2090-12-03T10:00"}, "time_zone"),
        ({"starts_at": "2090-12-03T10:00", "time_zone": "Asia/Nowhere"}, "time_zone"),
        ({"starts_at": "2026-03-29T02:30", "time_zone": "Europe/Berlin"}, "starts_at"),
        ({"starts_at": "2026-10-25T02:30", "time_zone": "Europe/Berlin"}, "starts_at"),
        ({"starts_at": "noon", "time_zone": "Europe/Berlin"}, "starts_at"),
        ({"ends_at": "2090-12-03T10:00", "time_zone": "Europe/Berlin"}, "starts_at"),
        ({"note_en": ""}, "note_en"),
        ({"date_precision": "century"}, "date_precision"),
    ],
)
def test_bad_date_is_said_beside_its_field_with_the_notice_kept(
    as_user, happening, writer, typed, field
):
    typed = {"date": "2090-12-01", "note_en": "Kept notice"} | typed
    answer = plan(as_user(writer), happening, "redate", **typed)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert Change.objects.count() == 0
    if typed["note_en"]:
        assert "Kept notice" in answer.content.decode()


def test_plans_are_offered_and_taken_only_where_the_event_stands_so(
    as_user, event, happening, writer, staff
):
    Event.objects.update(state="held")
    client = as_user(writer)
    assert "/plan/" not in client.get(url(happening)).content.decode()
    answer = client.post(url(happening, "plan", "cancel"), {"proposal-note_en": "x"})
    assert (answer.status_code, Change.objects.count()) == (302, 0)
    assert client.get(url(happening, "plan", "explode")).status_code == 404
    client = as_user(staff("Reader under embargo"))
    assert client.post(url(happening, "plan", "cancel"), {}).status_code == 403


def test_progress_of_an_outcome_is_proposed_and_applied(
    as_user, happening, public, writer, officer
):
    outcome = Outcome.objects.get()
    client = as_user(writer)
    assert url(outcome, "progress") in client.get(url(outcome)).content.decode()
    shown = client.get(url(outcome, "progress"))
    data = {
        "proposal-date": "2090-12-01", "proposal-date_precision": "day",
        "proposal-state": "fulfilled", "proposal-text_en": "The centre has opened.",
        "proposal-cites": "https://press.example/en/statements/a-statement/",
        "seen_version": shown.context["record"].version,
    }  # fmt: skip
    assert client.post(url(outcome, "progress"), data).status_code == 302
    assert Progress.objects.count() == 0
    change = Change.objects.get()
    assert (change.kind, change.note_en) == ("progress", "Progress was recorded.")
    assert decide(as_user(officer), happening, change, "apply").status_code == 302
    step = Progress.objects.get()
    assert (step.text_en, step.cites_id, step.outcome.state) == (
        "The centre has opened.", public.pk, "fulfilled",
    )  # fmt: skip
    assert Event.objects.get().corrected_at is None
    assert editions.check_chain(Event.objects.get()) == []


def test_progress_cites_nothing_unseen_and_says_the_same_of_nothing(as_user, happening, writer):
    secret = factories.statement("embargoed", "Secret", limited=True)
    outcome, client, said = Outcome.objects.get(), as_user(writer), []
    for slug in (secret.slug, "no-such-thing"):
        answer = client.post(
            url(outcome, "progress"),
            {"proposal-date": "2026-12-01", "proposal-date_precision": "day",
             "proposal-state": "agreed", "proposal-cites": slug},
        )  # fmt: skip
        said.append(answer.context["form"].errors["cites"])
    assert said == [["There is no such item."]] * 2
    assert Change.objects.count() == 0


def test_history_of_an_outcome_is_its_events(as_user, happening, officer):
    answer = as_user(officer).get(url(Outcome.objects.get(), "history"))
    assert (answer.status_code, answer.url) == (302, url(happening, "history"))
