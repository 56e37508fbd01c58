"""What is done is noted, in a chain that shows whatever is changed in it or cut off."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from events import audit, publishing, sight
from events.models import AuditEntry, AuditLink, Edition, Reading, Topic
from events.roles import FOUNDING_IMPORT

from . import factories

pytestmark = pytest.mark.django_db


def _noted(*names: str) -> list[tuple]:
    return list(AuditEntry.objects.order_by("pk").values_list(*names))


def _three() -> None:
    for act in ("first", "second", "third"):
        audit.note(act, by="somebody", number=7)
    audit.seal()


def test_entry_says_who_what_when_from_where_and_about_what(rf, officer, event):
    request = rf.get("/admin/", REMOTE_ADDR="192.0.2.7")
    request.user = officer
    entry = audit.note("probed", request=request, record=event, found=3, names=["a", "b"])
    entry.refresh_from_db()
    assert (entry.act, entry.by, entry.by_name) == ("probed", officer, "press-officer")
    assert (entry.model, entry.record_uid, entry.account) == ("event", event.pk, None)
    assert (entry.address, len(entry.request_id)) == ("192.0.2.7", 32)
    assert entry.details == {"found": 3, "names": ["a", "b"]}


def test_entry_about_an_account_names_it(officer, second):
    entry = audit.note("roles_changed", by=officer, record=second)
    assert (entry.account, entry.record_uid, entry.model) == (second, None, "user")


@pytest.mark.parametrize("name", ["password", "new_password", "code", "body_en", "text", "token"])
def test_what_is_secret_is_no_detail(name):
    with pytest.raises(ValueError, match="does not belong into the audit trail"):
        audit.note("exported", **{name: "secret"})
    assert AuditEntry.objects.count() == 0


def test_long_and_garbled_details_are_stored_short_and_clean():
    entry = audit.note("exported", by="x" * 300, file="a\x00b\ud800" + "y" * 300)
    entry.refresh_from_db()
    assert entry.by_name == "x" * 200
    assert entry.details == {"file": ("ab" + "y" * 300)[:200]}


def test_sound_trail_has_nothing_wrong():
    _three()
    assert audit.check() == []
    assert list(AuditLink.objects.values_list("number", flat=True).order_by("number")) == [1, 2, 3]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_changed_entry_is_named(intruder, number):
    _three()
    AuditEntry.objects.filter(link__number=number).update(by_name="somebody else")
    assert audit.check() == [f"audit trail: entry {number} was changed after it was written"]


@pytest.mark.parametrize("number", [1, 2])
def test_removed_beginning_or_middle_is_named(intruder, number):
    _three()
    link = AuditLink.objects.get(number=number)
    link.delete()
    AuditEntry.objects.filter(pk=link.entry_id).delete()
    assert audit.check() == [f"audit trail: entry {number} is missing"]


@pytest.mark.parametrize("left", [2, 1, 0])
def test_cut_tail_is_named(intruder, left):
    _three()
    cut = list(AuditLink.objects.filter(number__gt=left).values_list("entry", flat=True))
    AuditLink.objects.filter(number__gt=left).delete()
    AuditEntry.objects.filter(pk__in=cut).delete()
    assert audit.check() == [f"audit trail: 3 entries were written, {left} are here"]


def test_changed_entry_with_a_digest_to_match_breaks_the_next_link(intruder):
    _three()
    link = AuditLink.objects.select_related("entry").get(number=2)
    link.entry.by_name = "somebody else"
    link.entry.save()
    link.digest = audit.chain.digest(link.entry, 2, link.previous_digest)
    link.save()
    assert audit.check() == ["audit trail: entry 3 does not follow the one before it"]


def test_command_that_checks_editions_checks_the_trail_too(intruder):
    _three()
    AuditEntry.objects.filter(link__number=2).update(act="slipped_in")
    with pytest.raises(CommandError) as caught:
        call_command("check_editions")
    assert str(caught.value) == "audit trail: entry 2 was changed after it was written"


def _topic() -> Topic:
    topic = Topic(slug="a-topic", name_en="A topic")
    with publishing.saving(topic, FOUNDING_IMPORT) as topic:
        topic.save()
    return topic


def test_verb_is_noted_by_the_digest_of_its_edition():
    topic = _topic()
    edition = Edition.objects.get()
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.by_name, entry.record_uid) == ("save", "founding import", topic.pk)
    assert entry.details == {"edition": 1, "digest": edition.chain_digest}


def test_record_that_vanished_with_all_its_editions_is_missed(intruder):
    topic = _topic()
    assert audit.check() == []
    Edition.objects.all().delete()
    Topic.objects.all().delete()
    assert audit.check() == [f"topic {topic.pk}: edition 1 is gone (entry 1)"]


def test_entry_of_an_act_that_is_undone_is_undone_with_it():
    @transaction.atomic
    def undone() -> None:
        audit.note("approve", by="somebody")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert AuditEntry.objects.count() == 0


@pytest.mark.postgresql
@pytest.mark.parametrize("model", [AuditEntry, AuditLink])
@pytest.mark.parametrize("act", ["delete", "update"])
def test_database_refuses_to_change_or_remove_anything(model, act):
    _three()
    rows = model.objects.order_by("pk")[:1]
    first = model.objects.filter(pk=rows.get().pk)
    field = "act" if model is AuditEntry else "digest"
    change = {
        "delete": lambda: first._raw_delete("default"),
        "update": lambda: first.update(**{field: "x"}),
    }
    with transaction.atomic(), pytest.raises(DatabaseError, match="append-only"):
        transaction.atomic(change[act])()
    assert audit.check() == []


def test_signing_in_and_out_are_noted(client, writer):
    assert client.login(username="writer", password="a-password-for-tests")
    client.logout()
    assert _noted("act", "by", "account") == [
        ("signed_in", writer.pk, writer.pk), ("signed_out", writer.pk, writer.pk),
    ]  # fmt: skip


def test_failure_names_an_account_only_where_there_is_one(client, writer):
    assert not client.login(username="writer", password="wrong-password")
    assert not client.login(username="my-secret-password", password="writer")
    assert _noted("act", "by", "account", "by_name", "details") == [
        ("sign_in_failed", None, writer.pk, "", {}), ("sign_in_failed", None, None, "", {}),
    ]  # fmt: skip


def test_reading_before_release_is_noted_and_after_it_is_not(officer):
    embargoed, public = factories.event("embargoed"), factories.event()
    before = AuditEntry.objects.count()
    for item in (embargoed, public):
        sight.record_reading(officer, item, Reading.How.FORM)
    entries = AuditEntry.objects.order_by("pk")[before:]
    assert [(each.act, each.record_uid, each.by, each.details) for each in entries] == [
        ("read", embargoed.pk, officer, {"door": "form"})
    ]
