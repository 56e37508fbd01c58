"""Items limited to the people named on them: nobody is locked out, and nobody else learns of them
by any of the staff's addresses."""

import datetime as dt
import re
import uuid

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from events import editions, publishing, roles, sight, visibility
from events.admin.uploads import version_of
from events.models import (
    Access,
    Attachment,
    Bundle,
    Change,
    Event,
    Notification,
    Outcome,
    Placement,
    PreviewLink,
    Progress,
    Publication,
    Reading,
    Statement,
)  # fmt: skip
from events.publishing import Refused

from . import factories
from .test_admin import fields

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 6, 5, 0, 0, tzinfo=dt.UTC)
SENTINEL = "Kryptonym"
PART = "Kryptony"  # what is typed into searches, which a page may show again
TWIN = "Openlybeheld"


# --- The verbs -----------------------------------------------------------------------------------


@pytest.fixture
def head(staff):
    return staff("Head of press")


@pytest.mark.parametrize("role", [name for name in roles.ROLES if name != roles.HEAD])
def test_only_a_head_of_press_limits_and_lifts(role, staff, head, officer, statement):
    by = staff(role, "somebody")
    with pytest.raises(PermissionDenied):
        publishing.limit(statement, by, [by, head])
    publishing.limit(statement, head, [head, officer, by])
    with pytest.raises(PermissionDenied):
        publishing.lift_limit(statement, by)
    assert Statement.objects.get().limited is True


def test_nobody_stands_behind_a_part_that_they_may_not_read(staff, head, officer, event, statement):
    insider, outsider = staff("Writer", "insider"), staff("Press officer", "outsider")
    publishing.limit(statement, head, [head, officer, insider])
    with publishing.saving(event, insider) as record:
        Outcome.objects.create(
            event=record, announced_in=statement, outcome_kind="decision", text_en="Told to few."
        )
    item = publishing.submit(event, insider)
    later = visibility.clock() + dt.timedelta(hours=1)
    for act in (
        lambda: publishing.countersign(item, outsider),
        lambda: publishing.approve(item, outsider, later),
        lambda: publishing.release_now(item, outsider),
    ):
        with pytest.raises(Refused, match="limited to others"):
            act()
    assert Event.objects.get().stage == "in_review"
    assert publishing.approve(item, officer, later).stage == "embargoed"


def test_limited_item_names_its_people_and_has_an_edition(head, writer, statement):
    publishing.limit(statement, head, [head, writer])
    item = Statement.objects.get()
    assert item.limited
    assert publishing.named_on(item) == [head, writer]
    assert {each.given_by for each in item.access.all()} == {head}
    last = editions.of(item).last()
    assert (last.action, last.note, last.by) == ("limit", "head-of-press, writer", head)
    told = Notification.objects.values_list("user", "kind")
    assert list(told) == [(writer.pk, "named")]
    assert editions.check_chain(item) == []


def test_nobody_locks_themselves_out(head, officer, writer, statement):
    with pytest.raises(Refused) as refusal:
        publishing.limit(statement, head, [officer, writer])
    assert list(refusal.value.message_dict) == ["people"]
    assert (Statement.objects.get().limited, Access.objects.count()) == (False, 0)


def test_two_people_can_bring_a_limited_item_out(head, officer, writer, staff, statement):
    archivist, reader = staff("Archivist"), staff("Reader under embargo")
    for people in ([head], [head, archivist], [head, reader, archivist]):
        with pytest.raises(Refused):
            publishing.limit(statement, head, people)
    writer.is_active = False
    writer.save()
    with pytest.raises(Refused):
        publishing.limit(statement, head, [head, writer])
    publishing.limit(statement, head, [head, officer])
    assert publishing.named_on(statement) == [head, officer]


def test_limited_item_is_brought_out_by_those_named_alone(head, officer, writer, statement):
    other = writer
    with publishing.saving(statement, other) as record:
        record.title_en = "By somebody who is not named"
        record.save()
    publishing.limit(statement, head, [head, officer])
    with pytest.raises(PermissionDenied), publishing.saving(statement, other):
        pass
    with pytest.raises(PermissionDenied):
        publishing.submit(statement, other)
    item = publishing.submit(statement, officer)
    item = publishing.approve(item, head, dt.datetime(2090, 1, 1, tzinfo=dt.UTC))
    assert item.limited
    with pytest.raises(PermissionDenied):
        publishing.cancel_release(item, other, "No.")


def test_readers_are_named_beside_the_office(head, writer, staff, statement):
    reader = staff("Reader under embargo")
    publishing.limit(statement, head, [reader], only_them=False)
    item = Statement.objects.get()
    assert not item.limited
    assert (sight.sees(reader, item), sight.sees(writer, item)) == (True, True)
    publishing.limit(item, head, [], only_them=False)
    assert not sight.sees(reader, item)
    assert [each.action for each in editions.of(item)] == ["name_readers", "name_readers"]


def test_lifted_limit_opens_it_to_the_office_and_keeps_the_names(head, officer, writer, statement):
    with pytest.raises(Refused):
        publishing.lift_limit(statement, head)
    publishing.limit(statement, head, [head, officer])
    assert not sight.sees(writer, statement)
    publishing.lift_limit(statement, head)
    assert sight.sees(writer, statement)
    assert publishing.named_on(statement) == [head, officer]


def test_head_who_is_not_named_cannot_touch_it(head, officer, staff, statement):
    other = staff("Head of press", "other-head")
    publishing.limit(statement, head, [head, officer])
    for act in (
        lambda: publishing.limit(statement, other, [other, officer]),
        lambda: publishing.lift_limit(statement, other),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize("stage", ["published", "withdrawn", "retracted"])
def test_what_has_been_released_is_limited_no_more(stage, head, officer):
    item = factories.statement(stage, limited=True)
    for act in (
        lambda: publishing.limit(item, head, [head, officer]),
        lambda: publishing.lift_limit(item, head),
    ):
        with pytest.raises(Refused):
            act()
    assert editions.of(item).count() == 0


def test_somebody_without_an_open_account_is_not_named(head, officer, staff, statement):
    closed = staff("Reader under embargo")
    closed.is_active = False
    closed.save()
    with pytest.raises(Refused):
        publishing.limit(statement, head, [closed], only_them=False)


def test_draft_with_rows_that_one_may_not_see_is_not_discarded_by_them(head, officer, writer):
    happened = factories.event("draft")
    with publishing.saving(happened, writer) as record:
        record.save()
    told = factories.statement("draft", SENTINEL)
    secret = factories.outcome(happened, SENTINEL, announced_in=told)
    publishing.limit(told, head, [head, officer])
    with pytest.raises(Refused) as refusal:
        publishing.discard(happened, writer)
    assert SENTINEL not in str(refusal.value)
    assert Outcome.objects.get() == secret


def test_draft_that_something_hidden_leads_to_is_refused_without_naming_it(head, officer, writer):
    happened = factories.event("draft")
    with publishing.saving(happened, writer) as record:
        record.save()
    told = factories.statement("draft", SENTINEL, event=happened)
    publishing.limit(told, head, [head, officer])
    with pytest.raises(Refused) as refusal:
        publishing.discard(happened, writer)
    assert SENTINEL not in str(refusal.value)
    assert Event.objects.count() == 1
    assert [each.action for each in editions.of(happened)] == ["save"]


# --- Every address of the staff ------------------------------------------------------------------


@pytest.fixture
def office(staff, photo):
    """A limited event and statement with the sentinel in every text, open records that lead to
    them, and an open twin. Written by somebody who is named."""
    named = staff("Head of press", "named")
    staff("Press officer", "named-too")

    def make(stage):
        happened = factories.event(stage, SENTINEL, limited=True)
        told = factories.statement(stage, SENTINEL, event=happened, limited=True)
        for item in (happened, told):
            Access.objects.create(publication_id=item.pk, user=named, given_by=named,
                                  given_at=NOW)  # fmt: skip
        plain = factories.person()
        quote = factories.quote(told, SENTINEL, person=plain)
        photo.alt_en = photo.caption_en = photo.credit = SENTINEL
        photo.save()
        Placement.objects.create(publication=told.publication, photo=photo, caption_en=SENTINEL)
        document = Attachment.objects.create(
            publication=told.publication, title_en=SENTINEL,
            file=factories.stored(SENTINEL.encode(), "x.pdf"),
        )  # fmt: skip
        bundle = Bundle.objects.create(name=f"{SENTINEL} bundle", made_by=named, made_at=NOW)
        # Open records that lead to the hidden ones.
        open_event = factories.event(stage, TWIN, bundle=bundle)
        open_statement = factories.statement(stage, TWIN, event=happened)
        Publication.objects.filter(pk=told.pk).update(bundle=bundle)
        secret = factories.outcome(open_event, SENTINEL, announced_in=told)
        outcome = factories.outcome(open_event, TWIN, follow_up=happened)
        step = Progress.objects.create(outcome=outcome, date=NOW.date(), state="agreed",
                                       cites=told.publication, text_en=TWIN)  # fmt: skip
        own = factories.outcome(happened, SENTINEL)
        made = [happened, told, photo, open_event, open_statement]
        for item in made:
            item.refresh_from_db()
        edition = [editions.write(item, "save", named, NOW, f"{item._meta.model_name}")
                   for item in made]  # fmt: skip
        change = Change.objects.create(
            model="statement", record_uid=told.pk, base=edition[1], kind="update", by=named,
            snapshot=edition[1].snapshot["content"], note_en=SENTINEL, proposed_at=NOW,
        )  # fmt: skip
        link = PreviewLink.objects.create(
            publication=told.publication, code_hash="0" * 64, for_whom=SENTINEL, made_by=named,
            made_at=NOW, expires_at=factories.FAR_AHEAD,
        )  # fmt: skip
        reading = Reading.objects.create(record_uid=told.pk, by_name=SENTINEL, how="form", at=NOW)
        return {
            "hidden": {
                "event": [happened], "statement": [told], "publication": [told], "quote": [quote],
                "outcome": [secret, own], "photo": [photo], "bundle": [bundle],
                "edition": edition[:3], "change": [change], "reading": [reading],
                "previewlink": [link],
            },
            "open": {
                "event": [open_event], "statement": [open_statement], "outcome": [outcome],
                "publication": [open_event], "edition": edition[3:],
            },
            "step": step, "named": named, "document": document,
        }  # fmt: skip

    return make


def staff_routes():
    """Every route of the admin, as (name, address with its converters)."""

    def walk(patterns, before=""):
        for entry in patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, before + str(entry.pattern))
            elif isinstance(entry, URLPattern) and entry.name:
                yield entry.name, before + str(entry.pattern)

    found = [each for each in walk(get_resolver().url_patterns) if each[1].startswith("admin/")]
    return list(dict.fromkeys(found))


# One value for each further argument of a route.
SAMPLES = {
    "verb": ["submit", "approve", "move_release", "withdraw"], "number": ["1"],
    "what": ["cancelled", "postponed"], "link_id": [str(uuid.UUID(int=7))],
    "member": [str(uuid.UUID(int=7))], "app_label": ["events"], "change": str(uuid.UUID(int=7)),
    "width": ["320"], "language": ["kk"],
}  # fmt: skip
# Addresses that are about no record, or are asked for by themselves below.
NOT_WALKED = {"login", "logout", "password_change", "password_change_done", "jsi18n",
              "view_on_site", "autocomplete", "app_list"}  # fmt: skip


def of_record(route, pk, samples):
    """The addresses of a route for one record. A route that has no sample fails the guard."""
    address = re.sub(r"<\w+:object_id>", str(pk), route)
    for name in re.findall(r"<(?:\w+:)?(\w+)>", address):
        value = (SAMPLES | samples).get(name)
        assert value, f"no sample of {name} in {route}"
        values = value if isinstance(value, list) else [value]
        return [
            further
            for each in values
            for further in of_record(re.sub(rf"<(?:\w+:)?{name}>", each, address), pk, samples)
        ]
    return [f"/{address}"]


def files(made):
    """What addresses of the hidden photo's picture, and of the hidden document, hold beside the
    identifier of their record."""
    photo, document = made["hidden"]["photo"][0], made["document"]
    return {"holder": [str(photo.pk), str(document.pk)],
            "version": [version_of(photo.image.name), version_of(document.file.name)]}  # fmt: skip


def model_of(name):
    match = re.fullmatch(r"events_([a-z]+)_\w+", name)
    return match[1] if match else ""


def neutral(answer, pk):
    """What an answer says, but for the identifier that was asked for and what is new each time."""
    text = answer.content.decode() + str(answer.headers.get("Location", ""))
    text = re.sub(rf"(?<=[/“]){pk}(?=[/”])", "PK", text.replace("_2D", "-"))
    return answer.status_code, re.sub(r'(nonce|value|content|token)="[^"]*"', "", text)


def lists():
    """Every list of the office's rows, asked in every way that an address can ask."""
    asked = ["", f"?q={PART}&_popup=1", "?_facets=True&o=1", "?date__year=2020"]
    for model in admin.site._registry:
        if model._meta.app_label != "events":
            continue
        address = reverse(f"admin:events_{model._meta.model_name}_changelist")
        yield from (f"{address}{each}" for each in asked)


def autocompletes():
    """Every foreign key of the office's rows, asked for choices."""
    for model in admin.site._registry:
        for field in model._meta.get_fields():
            if field.is_relation and field.related_model is not None:
                yield (f"/admin/autocomplete/?app_label={model._meta.app_label}&term={PART}"
                       f"&model_name={model._meta.model_name}&field_name={field.name}")  # fmt: skip


@pytest.mark.parametrize(
    ("role", "stage"),
    [*((role, "embargoed") for role in (*roles.ROLES, "superuser")), ("Press officer", "draft")],
)
def test_limited_item_is_found_on_no_address_of_the_staff(
    client, office, staff, django_user_model, role, stage
):
    made = office(stage)
    if role == "superuser":
        user = django_user_model.objects.create_superuser("root", password="a-password-for-tests")
    else:
        user = staff(role)
    Notification.objects.create(user=user, kind="review", model="statement", due_at=NOW,
                                record_uid=made["hidden"]["statement"][0].pk)  # fmt: skip
    client.force_login(user)
    leaks, seen_twin, asked = [], 0, 0
    samples = {"change": str(made["hidden"]["change"][0].pk), **files(made)}
    addresses = ["/admin/", f"/admin/search/?q={PART}", "/admin/notifications/", "/admin/events/",
                 *lists(), *autocompletes()]  # fmt: skip
    for name, route in staff_routes():
        model = model_of(name)
        if name in NOT_WALKED or "object_id" not in route:
            continue
        for rows in (made["hidden"], made["open"]):
            for row in rows.get(model, ()):
                addresses += of_record(route, row.pk, samples)
    for row in made["hidden"]["statement"] + made["hidden"]["event"]:
        addresses += [f"/preview/{row.pk}/", f"/preview/{row.pk}/en/"]
    addresses.append(f"/preview/change/{samples['change']}/")
    for address in dict.fromkeys(addresses):
        answer = client.get(address)
        asked += 1
        assert answer.status_code < 500, address
        text = answer.content.decode() + str(answer.headers)
        seen_twin += TWIN in text
        if SENTINEL.lower() in text.lower():
            leaks.append(address)
    assert leaks == []
    assert asked > 200
    # Readers under embargo, and superusers without a role, see nothing of it at all.
    assert (seen_twin > 10) is (role in ("Writer", "Press officer", "Head of press", "Archivist"))


@pytest.mark.parametrize("role", roles.ROLES)
def test_hidden_and_never_existed_get_one_answer(client, office, staff, role):
    made = office("embargoed")
    client.force_login(staff(role))
    never, different, known = uuid.UUID(int=5), [], {}
    samples = files(made)
    for name, route in staff_routes():
        model = model_of(name)
        if name in NOT_WALKED or "object_id" not in route:
            continue
        for row in made["hidden"].get(model, ()):
            nobody = never if isinstance(row.pk, uuid.UUID) else 987654321
            pairs = zip(*(of_record(route, pk, samples) for pk in (row.pk, nobody)), strict=True)
            for mine, theirs in pairs:
                for method in (client.get, client.post):
                    answer, key = neutral(method(mine), row.pk), (method, theirs)
                    if key not in known:  # what never existed is asked for once
                        known[key] = neutral(method(theirs), nobody)
                    if answer != known[key]:
                        different.append((mine, answer[0], known[key][0]))
    assert different == []


@pytest.mark.parametrize("role", ["Writer", "Press officer", "Archivist", "Reader under embargo"])
def test_way_to_the_site_is_the_same_for_hidden_and_never_existed(client, office, staff, role):
    from django.contrib.contenttypes.models import ContentType

    made = office("embargoed")
    client.force_login(staff(role))
    for model in (Event, Statement, Outcome):
        kind = ContentType.objects.get_for_model(model).pk
        hidden = made["hidden"][model._meta.model_name][0]
        answers = [client.get(f"/admin/r/{kind}/{pk}/") for pk in (hidden.pk, uuid.UUID(int=5))]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    opened = factories.event("published")
    kind = ContentType.objects.get_for_model(Event).pk
    answer = client.get(f"/admin/r/{kind}/{opened.pk}/")
    expected = 302
    assert (answer.status_code, answer.get("Location")) == (expected, opened.get_absolute_url())


def test_look_ups_in_addresses_tell_nothing_of_what_hangs_on_a_row(client, office, staff):
    made = office("embargoed")
    client.force_login(staff("Press officer"))
    secret = made["hidden"]["event"][0]
    shown = made["open"]["event"][0]
    for address in (
        "/admin/events/event/?statements__isnull=False", "/admin/events/event/?statements__gt=0",
        f"/admin/events/statement/?event={secret.pk}", "/admin/events/statement/?event__gt=0",
        "/admin/events/statement/?event__isnull=False", "/admin/events/event/?bundle__isnull=False",
        f"/admin/events/event/?bundle={made['hidden']['bundle'][0].pk}",
        f"/admin/events/statement/?event__title_en__startswith={PART}",
        f"/admin/events/topic/?publications__title_en__startswith={PART}",
        "/admin/events/topic/?publications__isnull=True", "/admin/events/outcome/?follow_up__gt=0",
        "/admin/events/event/?access__user=1", "/admin/events/event/?outcomes__isnull=False",
        "/admin/events/photo/?placements__isnull=True", "/admin/events/person/?quotes__gt=0",
    ):  # fmt: skip
        assert client.get(address).status_code == 400, address
    never = f"/admin/events/statement/?event={uuid.UUID(int=5)}"
    assert client.get(never).status_code == 400
    answer = client.get(f"/admin/events/statement/?event={shown.pk}")
    assert answer.status_code == 200
    own = client.get(f"/admin/events/event/?title_en__startswith={TWIN}")
    assert [row.pk for row in own.context["cl"].result_list] == [shown.pk]
    hidden = client.get(f"/admin/events/event/?title_en__startswith={PART}")
    assert list(hidden.context["cl"].result_list) == []


def test_counts_of_a_list_are_of_what_one_sees(client, office, staff):
    office("draft")
    client.force_login(staff("Press officer"))
    for model, count in (("event", 1), ("statement", 1), ("outcome", 1), ("quote", 0),
                         ("bundle", 0), ("change", 0), ("photo", 0)):  # fmt: skip
        found = client.get(f"/admin/events/{model}/").context["cl"]
        assert (found.result_count, found.full_result_count) == (count, count), model


@pytest.mark.parametrize("model", ["event", "statement", "outcome"])
def test_saving_an_open_record_keeps_its_links_to_hidden_ones(client, office, staff, model):
    made = office("draft")
    client.force_login(staff("Writer"))
    row = made["open"][model][0]
    before = editions.snapshot(publishing.owner(row))
    address = reverse(f"admin:events_{model}_change", args=[row.pk])
    data = fields(client.get(address))
    data |= {"title_en": "Saved anew"} if model != "outcome" else {"text_en": "Saved anew"}
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context and answer.context["errors"]
    record = type(publishing.owner(row)).objects.get(pk=publishing.owner(row).pk)
    after = editions.snapshot(record)
    if model == "outcome":
        changed = [each for each in after["parts"]["outcomes"] if each["uid"] == str(row.pk)]
        assert changed[0]["fields"].pop("text_en") == "Saved anew"
        for each in before["parts"]["outcomes"]:
            if each["uid"] == str(row.pk):
                each["fields"].pop("text_en")
    else:
        assert after["fields"].pop("title_en") == "Saved anew"
        before["fields"].pop("title_en")
    assert after == before
    assert editions.of(record).last().action == "save"


def test_link_to_a_hidden_event_is_replaced_by_choice_alone(client, office, staff):
    made = office("draft")
    client.force_login(staff("Writer"))
    row, other = made["open"]["statement"][0], made["open"]["event"][0]
    address = reverse("admin:events_statement_change", args=[row.pk])
    data = fields(client.get(address))
    assert "event" not in data
    secret = made["hidden"]["event"][0]
    for pk in (secret.pk, uuid.UUID(int=5)):
        answer = client.post(address, data | {"event": str(pk)})
        assert answer.status_code == 200
        assert [str(text) for text in answer.context["adminform"].form.errors["event"]] == [
            "Select a valid choice. That choice is not one of the available choices."
        ]
    assert client.post(address, data | {"event": str(other.pk)}).status_code == 302
    assert Statement.objects.get(pk=row.pk).event == other


def test_hidden_photo_is_no_choice(client, office, staff):
    made = office("draft")
    client.force_login(staff("Writer"))
    row = made["open"]["statement"][0]
    address = reverse("admin:events_statement_change", args=[row.pk])
    data = fields(client.get(address)) | {"placements-TOTAL_FORMS": "1", "placements-0-order": "0"}
    for pk in (made["hidden"]["photo"][0].pk, uuid.UUID(int=5)):
        answer = client.post(address, data | {"placements-0-photo": str(pk)})
        assert answer.status_code == 200
        assert not row.placements.exists()


def test_question_before_a_deletion_names_nothing_hidden(client, office, staff):
    made = office("draft")
    client.force_login(staff("Writer"))
    row = made["open"]["event"][0]
    Publication.objects.filter(pk=row.pk).update(bundle=None)
    address = reverse("admin:events_event_delete", args=[row.pk])
    page = client.get(address)
    assert (page.status_code, SENTINEL in page.content.decode()) == (200, False)
    assert TWIN in page.content.decode()
    answer = client.post(address, {"post": "yes"}, follow=True)
    assert "Something else depends on it" in answer.content.decode()
    assert SENTINEL not in answer.content.decode()
    assert Event.objects.filter(pk=row.pk).exists()


def test_those_named_see_all_of_it(client, office):
    made = office("draft")
    client.force_login(made["named"])
    for model, rows in made["hidden"].items():
        if model in ("reading", "previewlink", "publication"):
            continue
        for row in rows:
            answer = client.get(reverse(f"admin:events_{model}_change", args=[row.pk]), follow=True)
            assert answer.status_code == 200, model
            assert SENTINEL in answer.content.decode(), model
    row = made["open"]["statement"][0]
    page = client.get(reverse("admin:events_statement_change", args=[row.pk]))
    assert SENTINEL in page.content.decode()


def test_limit_is_over_for_everybody_at_the_release(client, office, staff):
    made = office("embargoed")
    Publication.objects.filter(limited=True).update(
        release_at=factories.LONG_AGO, published_at=factories.LONG_AGO
    )
    client.force_login(staff("Archivist"))
    answer = client.get(
        reverse("admin:events_statement_change", args=[made["hidden"]["statement"][0].pk])
    )
    assert (answer.status_code, SENTINEL in answer.content.decode()) == (200, True)


# --- Readers under embargo -----------------------------------------------------------------------


def test_reader_reads_what_names_them_and_what_is_out_and_no_lists_of_the_office(client, staff):
    reader = staff("Reader under embargo")
    named = factories.statement("embargoed", "Forme")
    factories.statement("embargoed", "Nottome")
    factories.statement("published", "Forall")
    factories.quote(named, "Forme")
    Access.objects.create(publication_id=named.pk, user=reader, given_by=reader, given_at=NOW)
    client.force_login(reader)
    found = client.get("/admin/events/statement/").context["cl"]
    assert {str(row) for row in found.result_list} == {"Forme title en", "Forall title en"}
    page = client.get(reverse("admin:events_statement_change", args=[named.pk]))
    assert page.status_code == 200
    assert page.context["has_change_permission"] is False
    assert "Forme body en" in page.content.decode()
    assert "Forme words" in page.content.decode()
    assert [each.by for each in Reading.objects.all()] == [reader]
    own = reverse("admin:events_statement_change", args=[named.pk])
    assert client.post(own, {"title_en": "Mine"}).status_code == 403
    for model in ("edition", "change", "bundle", "reading", "photo", "topic", "person"):
        assert client.get(f"/admin/events/{model}/").status_code == 403, model
    assert client.get("/admin/auth/user/").status_code == 403
    for page in ("history", "limit"):
        address = reverse(f"admin:events_statement_{page}", args=[named.pk])
        assert client.get(address).status_code == 403, page


def test_reader_is_offered_no_filter_of_names(client, staff):
    factories.topic("Unnamed")
    factories.event("published")
    client.force_login(staff("Reader under embargo"))
    page = client.get("/admin/events/event/")
    assert (page.status_code, "Unnamed topic" in page.content.decode()) == (200, False)


# --- The page of who may see it ------------------------------------------------------------------


def limit_page(item):
    return reverse("admin:events_statement_limit", args=[item.pk])


def test_head_limits_and_lifts_by_the_page(client, head, officer, writer, statement):
    client.force_login(head)
    page = client.get(limit_page(statement))
    assert "The whole office sees it." in page.content.decode()
    answer = client.post(limit_page(statement), {"who": "them", "people": [officer.pk]})
    assert list(answer.context["form"].errors) == ["people"]
    people = [head.pk, officer.pk]
    assert client.post(limit_page(statement), {"who": "them", "people": people}).status_code == 302
    page = client.get(limit_page(statement)).content.decode()
    assert "press-officer" in page
    assert "limited to the people named on it" in page
    lift = reverse("admin:events_statement_lift", args=[statement.pk])
    assert client.get(lift).status_code == 405
    assert client.post(lift).status_code == 302
    assert Statement.objects.get().limited is False
    assert client.post(limit_page(statement), {"who": "nobody", "people": ["x"]}).status_code == 200


@pytest.mark.parametrize("role", ["Writer", "Press officer", "Archivist"])
def test_page_of_who_may_see_it_is_for_heads_alone(client, staff, statement, role):
    client.force_login(staff(role))
    assert client.get(limit_page(statement)).status_code == 403
    assert client.post(limit_page(statement), {"who": "office"}).status_code == 403
    lift = reverse("admin:events_statement_lift", args=[statement.pk])
    assert client.post(lift).status_code == 403
    assert editions.of(statement).count() == 0


def test_head_sees_who_has_read_it(client, head, writer, statement):
    client.force_login(writer)
    client.get(reverse("admin:events_statement_change", args=[statement.pk]))
    client.force_login(head)
    form = client.get(reverse("admin:events_statement_change", args=[statement.pk]))
    button = next(each for each in form.context["buttons"] if "read" in str(each.label))
    found = client.get(button.url)
    assert [row.by_name for row in found.context["cl"].result_list] == ["head-of-press", "writer"]
    assert "A statement" in found.content.decode()
    filtered = client.get(f"{button.url}&by__id__exact={writer.pk}&how__exact=form")
    assert [row.by_name for row in filtered.context["cl"].result_list] == ["writer"]
    reading = Reading.objects.first()
    page = reverse("admin:events_reading_change", args=[reading.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"by_name": "x"}).status_code == 403
    assert client.get(reverse("admin:events_reading_delete", args=[reading.pk])).status_code == 403


def test_group_of_readers_is_offered_with_its_roles(client, head, staff, statement):
    staff("Reader under embargo", "an-embassy")
    assert Group.objects.count() == 5
    client.force_login(head)
    page = client.get(limit_page(statement)).content.decode()
    assert "an-embassy – Reader under embargo" in page


def test_moment_of_the_request_ends_the_limit_too(head, officer, writer, statement):
    later = NOW + dt.timedelta(hours=1)
    Statement.objects.filter(pk=statement.pk).update(
        limited=True, status="approved", release_at=later, published_at=later
    )
    item = Statement.objects.get()
    with visibility.at(NOW):
        assert not sight.sees(writer, item)
    with visibility.at(later):
        assert sight.sees(writer, item)
