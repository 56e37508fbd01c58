"""Who is told what: each kind of notification, who gets it and who does not, desk and mail."""

import datetime as dt
import smtplib

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.urls import reverse

from events import editions, notifications, publishing, visibility
from events.models import Bundle, Event, Notification, Statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = dt.datetime(2026, 10, 6, 5, 0, 0, tzinfo=dt.UTC)
SOON = NOW + dt.timedelta(minutes=10)
LATER = NOW + dt.timedelta(hours=1)
DESK = "https://press.example/admin/"


@pytest.fixture
def office(staff):
    """One or two of every role, all with an address, and an officer who has left."""
    names = {
        "writer": "Writer", "other-writer": "Writer", "officer": "Press officer",
        "second": "Press officer", "gone": "Press officer", "head": "Head of press",
        "archivist": "Archivist", "reader": "Reader under embargo",
    }  # fmt: skip
    people = {name: staff(role, name) for name, role in names.items()}
    for name, user in people.items():
        user.email = f"{name}@example.org"
        user.is_active = name != "gone"
        user.save()
    return people


def written(item, by, title="Sentinel title"):
    with publishing.saving(item, by) as record:
        record.title_en = title
        record.save()
    return type(item).objects.get(pk=item.pk)


def in_review(item, office, by="writer"):
    return publishing.submit(written(item, office[by]), office[by])


def out(item, office):
    return publishing.release_now(in_review(item, office), office["officer"])


def told(kind, due=None):
    """Who has how many entries of a kind, due by now unless `due` says otherwise."""
    rows = Notification.objects.filter(kind=kind).due(due or visibility.clock())
    return sorted(rows.values_list("user__username", flat=True))


def waiting(kind):
    """Whose entry of a kind is unread."""
    rows = Notification.objects.filter(kind=kind, seen_at=None)
    return sorted(rows.values_list("user__username", flat=True))


def shown(user):
    return [(row.kind, row.record_uid) for row in notifications.entries(user)]


# Each kind: who is told, and who is not.


def test_submitted_text_is_told_to_those_who_review(event, office):
    in_review(event, office)
    assert told("review") == ["head", "officer", "second"]
    assert told("countersign") == []


def test_reviewer_who_submits_is_not_told_and_writers_are_asked_to_countersign(event, office):
    in_review(event, office, by="officer")
    assert told("review") == ["head", "second"]
    assert told("countersign") == ["other-writer", "writer"]


def test_mending_in_review_asks_for_a_countersignature_once(event, office):
    item = in_review(event, office)
    assert told("countersign") == []
    item = written(item, office["officer"], "Mended")
    written(item, office["officer"], "Mended again")
    assert told("countersign") == ["other-writer", "writer"]
    written(item, office["writer"], "And mine")
    assert told("countersign") == ["other-writer", "writer"]


def test_text_sent_back_is_told_to_its_writers_and_waits_no_more(event, office):
    item = in_review(event, office)
    assert waiting("review") == ["head", "officer", "second"]
    publishing.send_back(item, office["officer"], "Mend the date.")
    assert told("sent_back") == ["writer"]
    assert waiting("review") == []


def test_approval_is_told_to_the_writer_and_the_release_to_both_at_its_time(event, office, clock):
    item = publishing.approve(in_review(event, office), office["officer"], LATER)
    assert told("scheduled") == ["writer"]
    assert waiting("review") == []
    assert told("released") == []
    assert (shown(office["officer"]), told("released", LATER)) == (
        [("review", item.pk)], ["officer", "writer"])  # fmt: skip
    clock(LATER - dt.timedelta(seconds=1))
    assert [kind for kind, _uid in shown(office["writer"])] == ["scheduled"]
    clock(LATER)
    assert [kind for kind, _uid in shown(office["writer"])] == ["released", "scheduled"]


def test_release_now_is_not_told_to_whoever_pressed_the_button(event, office):
    out(event, office)
    assert (told("released"), told("scheduled")) == (["writer"], [])


def test_archive_material_is_announced_to_nobody(event, office):
    event.released_before, event.first_released_on = True, dt.date(2007, 10, 6)
    event.save()
    publishing.approve(in_review(event, office), office["officer"], LATER)
    assert told("released", LATER) == []


def test_moved_release_is_told_once_and_comes_at_its_new_time_alone(event, office):
    item = publishing.approve(in_review(event, office), office["officer"], SOON)
    publishing.move_release(item, office["second"], LATER)
    assert told("moved") == ["officer", "writer"]
    assert told("released", SOON) == []
    assert told("released", LATER) == ["officer", "second", "writer"]


def test_cancelled_release_alerts_its_approver_and_never_comes(event, office):
    item = publishing.approve(in_review(event, office), office["officer"], SOON)
    publishing.cancel_release(item, office["second"], "Not today.")
    assert told("cancelled") == ["officer", "writer"]
    assert told("released", LATER) == []


def test_changes_of_an_embargoed_text_leave_its_release_entries_alone(event, office):
    item = publishing.approve(in_review(event, office), office["officer"], LATER)
    publishing.apply_change(proposed(item, office["writer"]), office["second"])
    assert told("released", LATER) == ["officer", "writer"]


@pytest.mark.parametrize(("verb", "kind"), [("withdraw", "withdrawn"), ("retract", "retracted")])
def test_end_is_told_once_to_every_head_and_officer_and_to_those_behind(verb, kind, event, office):
    item = out(event, office)
    getattr(publishing, verb)(item, office["second"], {"en": "Published in error."})
    assert told(kind) == ["head", "officer", "writer"]
    assert told("reason") == ["head", "officer"]


def test_head_who_retracts_is_not_told_and_a_reason_in_no_language_waits_for_nobody(event, office):
    publishing.retract(out(event, office), office["head"], "For the record alone.")
    assert (told("retracted"), told("reason")) == (["officer", "second", "writer"], [])


def test_reason_waits_for_a_second_person_until_it_is_approved(event, office):
    item = publishing.withdraw(out(event, office), office["officer"], {"en": "Old."})
    item = publishing.propose_reason(item, office["second"], {"en": "Superseded."})
    assert waiting("reason") == ["head", "officer"]
    publishing.approve_reason(item, office["head"])
    assert waiting("reason") == []


def test_reinstatement_waits_for_a_second_person_and_is_told_to_those_behind(event, office):
    item = publishing.withdraw(out(event, office), office["officer"], {"en": "Old."})
    item = publishing.ask_reinstatement(item, office["second"], "It was right after all.")
    assert waiting("reinstatement") == ["head", "officer"]
    publishing.reinstate(item, office["officer"])
    assert (waiting("reinstatement"), waiting("reason")) == ([], [])
    assert told("reinstated") == ["writer"]
    assert told("released") == ["writer"]


def proposed(item, by, title="Sentinel change", **more):
    content = editions.snapshot(type(item).objects.get(pk=item.pk))
    content["fields"]["title_en"] = title
    return publishing.propose(item, content, by, "correction", {"en": "A note."}, **more)


def test_proposed_change_waits_for_those_who_approve_until_it_is_decided(event, office):
    item = out(event, office)
    change = proposed(item, office["second"])
    assert waiting("change_waits") == ["head", "officer"]
    publishing.confirm_change(change, office["writer"])
    publishing.apply_change(change, office["officer"])
    assert waiting("change_waits") == []
    assert told("change_applied") == ["second", "writer"]


def test_rejected_change_is_told_to_its_author_and_a_taken_back_one_to_nobody(event, office):
    item = out(event, office)
    publishing.reject_change(proposed(item, office["writer"]), office["officer"], "No.")
    assert (told("change_rejected"), waiting("change_waits")) == (["writer"], [])
    publishing.reject_change(proposed(item, office["writer"]), office["writer"], "My mistake.")
    assert (told("change_rejected"), waiting("change_waits")) == (["writer"], [])


def test_replaced_proposal_waits_no_more_and_the_new_one_does(event, office):
    first = proposed(out(event, office), office["writer"])
    second = proposed(event, office["writer"], "Another", replaces=first)
    open_entries = Notification.objects.filter(kind="change_waits", seen_at=None)
    assert {row.change_id for row in open_entries} == {second.pk}


def test_people_named_on_an_item_are_told_once(event, office):
    item = written(event, office["head"])
    people = [office["head"], office["writer"], office["officer"]]
    publishing.limit(item, office["head"], people)
    publishing.limit(item, office["head"], [*people, office["second"]])
    assert told("named") == ["officer", "second", "writer"]


# Whoever may not see it.


def test_limited_item_is_told_to_the_people_named_alone(event, office, clock):
    item = written(event, office["writer"])
    named = [office[name] for name in ("head", "writer", "officer")]
    item = publishing.limit(item, office["head"], named)
    item = publishing.submit(item, office["writer"])
    assert told("review") == ["head", "officer"]
    item = publishing.approve(item, office["officer"], LATER)
    assert told("released", LATER) == ["officer", "writer"]
    clock(LATER)
    publishing.withdraw(item, office["head"], {"en": "Old."})
    assert told("withdrawn") == ["officer", "second", "writer"]


def test_entry_about_what_was_limited_since_is_shown_and_mailed_to_nobody_else(event, office):
    item = in_review(event, office)
    named = [office[name] for name in ("head", "writer", "officer")]
    publishing.limit(item, office["head"], named)
    assert shown(office["second"]) == []
    assert shown(office["officer"]) == [("named", item.pk), ("review", item.pk)]
    notifications.send([office["second"].pk, office["officer"].pk])
    assert [message.to for message in mail.outbox] == [["officer@example.org"]]


def test_entry_about_a_discarded_draft_is_gone(event, office):
    item = publishing.send_back(in_review(event, office), office["officer"], "Start anew.")
    assert shown(office["writer"]) == [("sent_back", item.pk)]
    publishing.discard(item, office["second"])
    assert (shown(office["writer"]), shown(office["second"])) == ([], [])


# Several at once.


def test_bundle_is_told_item_by_item_on_the_desk_and_in_one_mail(
    event, statement, office, clock, django_capture_on_commit_callbacks
):
    bundle = publishing.make_bundle("Sentinel bundle", office["officer"])
    for item in (event, statement):
        publishing.join_bundle(bundle, in_review(item, office), office["officer"])
    Notification.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        publishing.approve_bundle(bundle, office["officer"], SOON)
    assert told("scheduled") == ["writer", "writer"]
    assert [message.to for message in mail.outbox] == [["writer@example.org"]]
    assert "An item was approved for a time: 2" in mail.outbox[0].body
    with django_capture_on_commit_callbacks(execute=True):
        publishing.move_bundle(Bundle.objects.get(), office["second"], LATER)
    assert told("moved") == ["officer", "officer", "writer", "writer"]
    assert told("released", SOON) == []
    assert told("released", LATER) == sorted(["officer", "second", "writer"] * 2)
    publishing.cancel_bundle(Bundle.objects.get(), office["head"], "Not today.")
    assert told("cancelled") == ["officer", "officer", "writer", "writer"]
    assert told("released", LATER) == []


# The mail.


def test_no_mail_of_a_whole_life_holds_a_word_of_the_text(
    event, office, clock, django_capture_on_commit_callbacks
):
    Event.objects.filter(pk=event.pk).update(slug="sentinel-slug")
    when = dt.datetime(2026, 10, 6, 6, 43, 21, tzinfo=dt.UTC)
    with django_capture_on_commit_callbacks(execute=True):
        item = publishing.send_back(in_review(event, office), office["officer"], "Sentinel note")
        item = publishing.submit(item, office["writer"])
        item = publishing.approve(item, office["officer"], SOON)
        item = publishing.move_release(item, office["second"], when)
        item = publishing.cancel_release(item, office["second"], "Sentinel why")
        item = publishing.approve(item, office["officer"], when)
        publishing.apply_change(proposed(item, office["writer"]), office["second"])
    notifications.send(notifications.people_to_mail())
    clock(when)
    notifications.send(notifications.people_to_mail())
    with django_capture_on_commit_callbacks(execute=True):
        item = publishing.withdraw(item, office["second"], {"en": "Sentinel reason"})
        publishing.ask_reinstatement(item, office["second"], "Sentinel wish")
    assert len(mail.outbox) > 5
    for message in mail.outbox:
        everything = str(message.message()).lower()
        for secret in ("sentinel", "06:43", "11:43", "43:21", str(event.pk), "an event"):
            assert secret not in everything
        assert message.body.endswith(f"It is on your desk: {DESK}\n")
        assert message.extra_headers == {"Auto-Submitted": "auto-generated"}
    assert settings.SITE_URL + reverse("admin:index") == DESK


def test_mail_says_what_happened_in_the_language_of_the_office(
    event, office, django_capture_on_commit_callbacks
):
    from django.utils import translation

    with translation.override("ru"), django_capture_on_commit_callbacks(execute=True):
        in_review(event, office)
    assert sorted((message.to[0], message.subject) for message in mail.outbox) == [
        (f"{name}@example.org", "Press office: an item waits for review")
        for name in ("head", "officer", "second")
    ]
    assert mail.outbox[0].body == (f"An item waits for review: 1\n\nIt is on your desk: {DESK}\n")


def test_release_is_mailed_once_it_is_out_and_not_before(event, office, clock, capsys):
    publishing.approve(in_review(event, office), office["officer"], LATER)
    Notification.objects.exclude(kind="released").delete()
    call_command("send_mail")
    assert capsys.readouterr().out == "E-mails sent: 0; people still to be told: 0.\n"
    clock(LATER)
    call_command("send_mail")
    assert capsys.readouterr().out == "E-mails sent: 2; people still to be told: 0.\n"
    call_command("send_mail")
    assert [message.subject for message in mail.outbox] == ["Press office: an item is out"] * 2


def test_nobody_is_mailed_what_they_have_read_or_cannot_be_sent(event, office, capsys):
    office["head"].email = ""
    office["head"].save()
    office["second"].is_active = False
    in_review(event, office)
    office["second"].save()
    assert notifications.mark_read(office["officer"], NOW) == 1
    call_command("send_mail")
    assert (mail.outbox, notifications.people_to_mail()) == ([], [])


class Down(EmailBackend):
    """A mail server that does not answer."""

    asked = 0

    def open(self):
        type(self).asked += 1
        raise ConnectionRefusedError("nobody is there")


class Choosy(EmailBackend):
    """A mail server that refuses one address."""

    def send_messages(self, messages):
        if messages[0].to == ["head@example.org"]:
            raise smtplib.SMTPRecipientsRefused({"head@example.org": (550, b"no such box")})
        return super().send_messages(messages)


@pytest.fixture
def backend(monkeypatch):
    """Puts a mail server in place of the one that takes everything."""

    def use(server):
        monkeypatch.setattr("events.notifications.get_connection", server)

    return use


def test_mail_server_that_is_down_changes_nothing_and_is_told_later(
    event, office, backend, django_capture_on_commit_callbacks, caplog
):
    backend(Down)
    Down.asked = 0
    with django_capture_on_commit_callbacks(execute=True):
        item = in_review(event, office)
    assert (item.status, Down.asked, mail.outbox) == ("in_review", 1, [])
    assert "Sentinel" not in caplog.text
    assert "ConnectionRefusedError" in caplog.text
    assert len(notifications.people_to_mail()) == 3
    backend(EmailBackend)
    assert notifications.send(notifications.people_to_mail()) == 3
    assert notifications.send(notifications.people_to_mail()) == 0


def test_mistake_of_ours_in_the_mail_is_logged_and_changes_nothing_of_the_verb(
    event, office, backend, django_capture_on_commit_callbacks, caplog
):
    def mistaken():
        raise RuntimeError("a mistake")

    backend(mistaken)
    with django_capture_on_commit_callbacks(execute=True):
        item = in_review(event, office)
    assert item.status == "in_review"
    assert "a mistake" in caplog.text


def test_refused_address_keeps_nobody_else_waiting(event, office, backend):
    in_review(event, office)
    backend(Choosy)
    assert notifications.send(notifications.people_to_mail()) == 2
    assert notifications.people_to_mail() == [office["head"].pk]


def test_process_that_comes_while_another_sends_sends_nothing_twice(event, office, backend):
    class Meanwhile(EmailBackend):
        """Each message is on its way when another process begins to send all that is due."""

        begun = 0

        def send_messages(self, messages):
            if not type(self).begun:
                type(self).begun = 1
                notifications.send(notifications.people_to_mail())
            return super().send_messages(messages)

    in_review(event, office)
    backend(Meanwhile)
    notifications.send(notifications.people_to_mail())
    assert sorted(message.to[0] for message in mail.outbox) == [
        "head@example.org", "officer@example.org", "second@example.org",
    ]  # fmt: skip


def test_failure_of_our_own_lets_go_of_what_was_claimed(event, office, backend):
    class Broken(EmailBackend):
        def send_messages(self, messages):
            raise RuntimeError("a mistake")

    in_review(event, office)
    backend(Broken)
    with pytest.raises(RuntimeError):
        notifications.send(notifications.people_to_mail())
    assert len(notifications.people_to_mail()) == 3


# The entries themselves.


def test_what_came_since_the_page_was_made_stays_unread(event, statement, office, clock):
    in_review(event, office)
    clock(SOON)
    item = in_review(statement, office)
    assert notifications.mark_read(office["officer"], NOW) == 1
    unread = notifications.entries(office["officer"]).filter(seen_at=None)
    assert [row.record_uid for row in unread] == [item.pk]


def test_entries_name_whoever_acted_as_the_editions_do(event, office):
    office["writer"].first_name, office["writer"].last_name = "A", "Writer"
    office["writer"].save()
    in_review(event, office)
    assert set(Notification.objects.values_list("actor_name", flat=True)) == {"A Writer"}


def test_open_edits_in_sql_are_those_that_the_editions_tell(event, statement, office):
    from events.models import Edition
    from events.publishing import foureyes

    def agree():
        for item in (event, statement):
            found = foureyes.open_edits().filter(record_uid=item.pk)
            assert set(found.values_list("by", flat=True)) == foureyes.unconfirmed_authors(item)

    agree()
    in_review(statement, office)
    for by in ("writer", "officer", "writer", "second"):
        written(event, office[by], f"By {by}")
        agree()
    publishing.submit(event, office["writer"])
    for act in ("officer", "writer", "second"):
        publishing.countersign(event, office[act])
        agree()
        written(event, office[act], f"Again by {act}")
        agree()
    assert Edition.objects.filter(record_uid=event.pk).count() > 8
    assert Statement.objects.get().status == "in_review"
