"""Editions in the admin: read, compared, found by a time, restored, and never edited."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events import editions, publishing
from events.models import Access, Change, Edition, Outcome, Quote, Reading, Statement, Topic
from events.visibility import Stage

from . import factories
from .test_admin import fields, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(staff):
    return staff("Writer", "writer")


@pytest.fixture
def officer(staff):
    return staff("Press officer", "officer")


def save(item, by, **values):
    with publishing.saving(item, by) as record:
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
    return record


@pytest.fixture
def drafted(statement, writer):
    """A draft with three editions, in each of which its summary says which."""
    for word in ("first", "second", "third"):
        save(statement, writer, summary_en=f"The {word} summary.")
    return statement


@pytest.fixture
def public(drafted, writer, officer):
    """The same, published, its text changed once since."""
    publishing.submit(drafted, writer)
    publishing.release_now(drafted, officer)
    record = Statement.objects.get()
    content = editions.snapshot(record)
    content["fields"]["summary_en"] = "The fourth summary."
    change = publishing.propose(record, content, writer, "update", {"en": "It went on."})
    publishing.apply_change(change, officer)
    return Statement.objects.get()


def compare(client, item, first, second):
    return client.get(url(item, "compare"), {"from": first, "to": second})


def test_list_has_every_act_in_plain_words_the_latest_first(as_user, public, officer):
    answer = as_user(officer).get(url(public, "history"))
    assert [(edition.number, edition.public_number, edition.by_name, act)
            for edition, act, _url in answer.context["rows"]] == [
        (6, 2, "officer", "changed as proposed"),
        (5, 1, "officer", "released at once"),
        (4, None, "writer", "submitted for review"),
        (3, None, "writer", "saved"),
        (2, None, "writer", "saved"),
        (1, None, "writer", "saved"),
    ]  # fmt: skip
    page = answer.content.decode()
    assert "changed as proposed" in page
    assert page.count('type="radio" name="from"') == 6


def test_every_act_of_the_verbs_has_plain_words():
    from events.admin.editions import ACTS

    written = {"save", "discard", "apply_change", "limit", "name_readers", "lift_limit",
               "join_bundle", "leave_bundle"}  # fmt: skip
    assert set(ACTS) == set(publishing.MOVES) | written


def test_edition_is_read_with_its_own_text_and_stage(as_user, public, officer):
    answer = as_user(officer).get(url(public, "edition", 2))
    page = answer.content.decode()
    assert "The second summary." in page
    assert "The fourth summary." not in page
    assert "<p>The text.</p>" in page
    assert answer.context["stage"] is Stage.DRAFT
    assert as_user(officer).get(url(public, "edition", 5)).context["stage"] is Stage.PUBLISHED


def test_any_two_editions_are_compared_word_by_word_both_ways(as_user, public, officer):
    client = as_user(officer)
    found = compare(client, public, 1, 6).context["found"]
    summary = next(each for each in found if each.column == "summary_en")
    assert (summary.label, summary.before, summary.after) == (
        "Summary (English)", "The first summary.", "The fourth summary.",
    )  # fmt: skip
    back = compare(client, public, 6, 1).context["found"]
    assert {(each.label, each.after, each.before) for each in back} == {
        (each.label, each.before, each.after) for each in found
    }
    assert compare(client, public, 3, 3).context["found"] == []


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [("", "1", 302), ("x", "1", 302), ("1", "99", 404), ("1", "-1", 302), ("1", "9" * 30, 302),
     ("0", "1", 404), ("²", "1", 302)],
)  # fmt: skip
def test_garbled_numbers_are_a_clean_answer(as_user, public, officer, first, second, status):
    client = as_user(officer)
    assert compare(client, public, first, second).status_code == status
    for page in ("edition", "restore"):
        assert client.get(url(public, page, 99)).status_code == 404
        assert client.get(url(public, page, 10**30)).status_code == 404


# --- As it stood on ------------------------------------------------------------------------------


@pytest.fixture
def dated(drafted):
    """The three editions at 10, 11 and 12 o'clock at the office on 6 October 2020: dated back
    straight past the trigger with which PostgreSQL refuses to change an edition."""
    zone = ZoneInfo(settings.OFFICE_TIME_ZONE)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("set session_replication_role = replica")
        for number in (1, 2, 3):
            at = dt.datetime(2020, 10, 6, 9 + number, tzinfo=zone)
            editions.of(drafted).filter(number=number).update(at=at)
        if connection.vendor == "postgresql":
            cursor.execute("set session_replication_role = origin")
    return drafted


@pytest.mark.parametrize(
    ("typed", "number"),
    [("2020-10-06T10:00:00", 1), ("2020-10-06T10:59:59", 1), ("2020-10-06T11:00", 2),
     ("2021-01-01", 3)],
)  # fmt: skip
def test_as_it_stood_on_a_time_by_the_offices_clock(as_user, dated, officer, typed, number):
    answer = as_user(officer).get(url(dated, "as_it_stood"), {"at": typed})
    assert answer.context["edition"].number == number
    assert "As it stood on" in answer.content.decode()
    assert settings.OFFICE_TIME_ZONE in answer.content.decode()


@pytest.mark.parametrize(
    "typed", ["", "yesterday", "2020-10-06T09:59:59", "2090-01-01", "2020-13-45"]
)
def test_time_without_an_edition_is_said_beside_the_field(as_user, dated, officer, typed):
    answer = as_user(officer).get(url(dated, "as_it_stood"), {"at": typed})
    assert answer.status_code == 200
    assert "at" in answer.context["time_form"].errors
    assert settings.OFFICE_TIME_ZONE in answer.content.decode()
    assert typed in answer.content.decode()


# --- Restore -------------------------------------------------------------------------------------


def test_draft_is_restored_as_an_edit_of_that_person(as_user, drafted, officer, writer):
    client = as_user(officer)
    shown = client.get(url(drafted, "restore", 1))
    assert [(each.before, each.after) for each in shown.context["found"]] == [
        ("The third summary.", "The first summary.")
    ]
    assert Statement.objects.get().summary_en == "The third summary."
    version = shown.context["original"].version
    answer = client.post(url(drafted, "restore", 1), {"seen_version": version})
    assert (answer.status_code, answer.url) == (302, url(drafted))
    record = Statement.objects.get()
    assert record.summary_en == "The first summary."
    last = editions.of(record).last()
    assert (last.number, last.action, last.by) == (4, "save", officer)
    assert editions.check_chain(record) == []
    publishing.submit(record, writer)
    with pytest.raises(publishing.Refused, match="somebody else must countersign"):
        publishing.release_now(record, officer)


def test_late_restore_of_a_draft_is_refused(as_user, drafted, officer, writer):
    client = as_user(officer)
    version = client.get(url(drafted, "restore", 1)).context["original"].version
    save(drafted, writer, summary_en="Typed meanwhile.")
    for sent in (version, "", "x", "9" * 30):
        answer = client.post(url(drafted, "restore", 1), {"seen_version": sent})
        assert answer.status_code == 200
        assert "Somebody else has saved this since you opened it." in answer.content.decode()
    assert Statement.objects.get().summary_en == "Typed meanwhile."


def test_removed_quote_comes_back_with_its_own_identity(
    as_user, statement, officer, writer, person
):
    quote = factories.quote(statement, text_en="Exact words", person=person)
    uid = quote.pk
    save(statement, writer, summary_en="With")
    with publishing.saving(statement, writer) as record:
        record.quotes.all().delete()
        record.save()
    client = as_user(officer)
    version = Statement.objects.get().version
    assert client.post(url(statement, "restore", 1), {"seen_version": version}).status_code == 302
    assert (Quote.objects.get().pk, Quote.objects.get().text_en) == (uid, "Exact words")


def test_published_text_is_restored_as_a_proposal(as_user, public, writer, officer):
    client = as_user(writer)
    answer = client.get(url(public, "restore", 3))
    assert (answer.status_code, answer.url) == (302, url(public, "propose_edition", 3))
    assert client.post(url(public, "restore", 3), {"seen_version": "6"}).status_code == 302
    assert Statement.objects.get().summary_en == "The fourth summary."
    shown = client.get(url(public, "propose_edition", 3))
    data = fields(shown)
    assert data["summary_en"] == "The third summary."
    data |= {"proposal-kind": "correction", "proposal-note_en": "The earlier text stands."}
    assert client.post(url(public, "propose_edition", 3), data).status_code == 302
    change = Change.objects.get(state="proposed")
    assert change.snapshot["fields"]["summary_en"] == "The third summary."
    assert change.snapshot["fields"]["reference_number"] == public.reference_number
    assert change.base.number == 6
    publishing.apply_change(change, officer)
    assert Statement.objects.get().summary_en == "The third summary."


def test_reference_row_is_restored_in_place_while_nothing_public_names_it(as_user, writer):
    topic = Topic.objects.create(slug="peace", name_en="Peace")
    save(topic, writer, name_en="Peace")
    save(topic, writer, name_en="War")
    client = as_user(writer)
    client.post(url(topic, "restore", 1), {"seen_version": Topic.objects.get().version})
    assert Topic.objects.get().name_en == "Peace"


# --- Who reads, and what nobody may do -----------------------------------------------------------


def test_reading_editions_of_an_unreleased_item_is_recorded(as_user, drafted, officer):
    client = as_user(officer)
    for address in (url(drafted, "history"), url(drafted, "edition", 1),
                    f"{url(drafted, 'compare')}?from=1&to=2",
                    f"{url(drafted, 'as_it_stood')}?at=2020-01-01",
                    url(drafted, "restore", 1)):  # fmt: skip
        Reading.objects.all().delete()
        client.get(address)
        assert [(each.by, each.how) for each in Reading.objects.all()] == [(officer, "history")]


def test_crafted_requests_write_no_edition(as_user, public, staff, writer, django_user_model):
    count = Edition.objects.count()
    edition = editions.of(public).last()
    root = django_user_model.objects.create_superuser("root", password="x" * 14)
    for user in (writer, staff("Head of press"), staff("Archivist"), root):
        client = as_user(user)
        for page in ("change", "delete"):
            address = reverse(f"admin:events_edition_{page}", args=[edition.pk])
            assert client.post(address, {"note": "x", "post": "yes"}).status_code in (302, 403)
        assert client.post(reverse("admin:events_edition_add"), {}).status_code == 403
        assert client.post(reverse("admin:events_edition_changelist"),
                           {"action": "delete_selected", "_selected_action": [edition.pk]}
                           ).status_code in (200, 302, 403)  # fmt: skip
        assert client.post(url(public, "restore", 1), {"seen_version": "6"}).status_code in (
            302,
            403,
        )
    assert (Edition.objects.count(), Statement.objects.get().summary_en) == (
        count, "The fourth summary.",
    )  # fmt: skip
    assert editions.check_chain(public) == []


def test_reader_and_superuser_without_a_role_read_no_edition(
    as_user, public, staff, django_user_model
):
    root = django_user_model.objects.create_superuser("root", password="x" * 14)
    for user in (staff("Reader under embargo"), root):
        client = as_user(user)
        for address in (url(public, "history"), url(public, "edition", 1),
                        f"{url(public, 'compare')}?from=1&to=2", url(public, "restore", 1),
                        f"{url(public, 'as_it_stood')}?at=2020-01-01"):  # fmt: skip
            assert client.get(address).status_code == 403


def test_archivist_restores_no_draft(as_user, drafted, staff):
    client = as_user(staff("Archivist"))
    assert "Restore" not in client.get(url(drafted, "edition", 1)).content.decode()
    assert client.post(url(drafted, "restore", 1), {"seen_version": "3"}).status_code == 403
    assert Statement.objects.get().summary_en == "The third summary."


def test_limited_item_answers_as_what_does_not_exist(as_user, drafted, writer, officer):
    Access.objects.create(publication=drafted.publication, user=writer, given_by=writer,
                          given_at=factories.LONG_AGO)  # fmt: skip
    Statement.objects.update(limited=True)
    client = as_user(officer)
    for address in (url(drafted, "edition", 1), url(drafted, "restore", 1),
                    f"{url(drafted, 'compare')}?from=1&to=2", url(drafted, "history"),
                    f"{url(drafted, 'as_it_stood')}?at=2020-01-01"):  # fmt: skip
        assert client.get(address).status_code == 404
    edition = editions.of(drafted).last()
    unknown = client.get(reverse("admin:events_edition_change", args=[10**6]))
    answer = client.get(reverse("admin:events_edition_change", args=[edition.pk]))
    assert (answer.status_code, answer.url) == (unknown.status_code, unknown.url)
    listed = client.get(reverse("admin:events_edition_changelist"))
    assert listed.context["cl"].result_count == 0
    assert as_user(writer).get(url(drafted, "edition", 1)).status_code == 200


@pytest.fixture
def told_in_secret(event, writer, officer):
    """A draft of an event with an outcome announced in a statement that `writer` alone sees."""
    secret = factories.statement("embargoed", "Secret", limited=True)
    Access.objects.create(publication=secret.publication, user=writer, given_by=writer,
                          given_at=factories.LONG_AGO)  # fmt: skip
    save(event, writer, summary_en="Before")
    factories.outcome(event, "Open")
    factories.outcome(event, "Secret", announced_in=secret)
    save(event, writer, summary_en="After")
    return event


def test_unseen_outcome_shows_in_no_edition_and_no_difference(
    as_user, told_in_secret, writer, officer
):
    event = told_in_secret
    addresses = (url(event, "edition", 2), f"{url(event, 'compare')}?from=1&to=2",
                 url(event, "restore", 1), url(event, "history"),
                 reverse("admin:events_edition_change", args=[editions.of(event).last().pk]),
                 f"{url(event, 'as_it_stood')}?at=2020-01-01")  # fmt: skip
    for user, shown in ((writer, True), (officer, False)):
        client = as_user(user)
        pages = [client.get(address).content.decode() for address in addresses]
        assert ["Secret outcome" in page for page in pages[:3]] == [shown] * 3
        assert ["Secret" in page for page in pages] == [shown] * 3 + [False, shown, False]
        assert ["Open outcome" in page for page in pages[:3]] == [True] * 3


def test_restoring_leaves_an_unseen_outcome_where_it_is(as_user, told_in_secret, officer):
    event = told_in_secret
    client = as_user(officer)
    client.post(url(event, "restore", 1), {"seen_version": type(event).objects.get().version})
    assert type(event).objects.get().summary_en == "Before"
    assert [each.text_en for each in Outcome.objects.all()] == ["Secret outcome"]


def test_list_of_all_editions_names_items_and_links_each(as_user, public, writer, officer):
    gone = factories.statement("draft", "Gone", ready_ru=False, ready_kk=False)
    save(gone, writer, title_en="A discarded draft")
    publishing.discard(gone, officer)
    client = as_user(officer)
    answer = client.get(reverse("admin:events_edition_changelist"))
    page = answer.content.decode()
    assert "A statement (statement)" in page
    assert "A discarded draft (discarded)" in page
    assert "changed as proposed" in page
    last = editions.of(gone).last()
    page = client.get(reverse("admin:events_edition_change", args=[last.pk])).content.decode()
    assert "A discarded draft" in page
    assert "Restore" not in page
    answer = client.get(reverse("admin:events_edition_changelist"), {"action": "apply_change"})
    assert [row.number for row in answer.context["cl"].result_list] == [6]


def test_list_of_editions_costs_the_same_however_many(as_user, public, officer):
    client = as_user(officer)
    address = reverse("admin:events_edition_changelist")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for word in ("a", "b", "c"):
        save(factories.topic(word), officer, name_en=word)
        item = factories.event("draft", word)
        save(item, officer, summary_en=word)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) - len(few) <= 2  # a query for each kind of record
