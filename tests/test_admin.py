"""The staff door: who may do what, by forms and by crafted requests."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from events import editions, publishing
from events.models import Event, Quote, Reading, Statement, Topic
from events.visibility import Stage

from . import factories

pytestmark = pytest.mark.django_db
REGISTERED = [model for model in admin.site._registry if model._meta.app_label == "events"]
INLINE_ONLY = {"Participant", "Notice", "Speaker", "Progress", "Membership", "Office",
               "OfficialName", "Placement", "Attachment", "Tombstone", "Access", "Notification",
               "PreviewLink", "WorkingLanguage"}  # fmt: skip
# Made from the records by the verbs, and by nobody's hand.
DERIVED = {"AnnouncedUntil", "Entry", "LanguageVersion", "Mark", "Tally", "Word"}


@pytest.fixture
def door(client, staff):
    """Signs in with a role and returns the client."""

    def sign_in(role, name=""):
        client.force_login(staff(role, name))
        return client

    return sign_in


def url(item, page="change", *more):
    return reverse(f"admin:events_{item._meta.model_name}_{page}", args=[item.pk, *more])


def fields(answer):
    """What the browser would send back of the form on show."""
    data = {}
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is True:
                data[bound.html_name] = "on"
            elif value is not None and (value is not False or bound.widget_type == "select"):
                data[bound.html_name] = value
            if hasattr(bound.field.widget, "widgets"):
                data.pop(bound.html_name, None)
    return data


def test_every_model_has_a_page_or_is_part_of_one():
    models = {model.__name__ for model in apps.get_app_config("events").get_models()}
    assert models - {model.__name__ for model in REGISTERED} == INLINE_ONLY | DERIVED


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_list_and_search_open_for_a_press_officer(door, model):
    factories.whole("draft", "Findme", "BY")
    # Who read what is for Heads of press alone.
    client = door("Head of press" if model is Reading else "Press officer")
    address = reverse(f"admin:events_{model._meta.model_name}_changelist")
    assert client.get(address).status_code == 200
    assert client.get(address, {"q": "Findme"}).status_code == 200


@pytest.mark.parametrize("stage", factories.STAGES)
def test_change_pages_open_at_every_stage_and_edit_only_before_approval(door, stage):
    made = factories.whole(stage, "Plain", "BY")
    client = door("Press officer")
    for name in ("event", "statement", "outcome"):
        answer = client.get(url(made[name]))
        assert answer.status_code == 200
        assert answer.context["has_change_permission"] is (stage in ("draft", "in_review")), name


@pytest.mark.parametrize(
    "name", ["person", "organisation", "topic", "series", "country", "contact"]
)
def test_reference_row_is_free_until_something_public_shows_it(door, name):
    client = door("Archivist")
    row = factories.whole("draft", "Plain", "BY")[name]
    assert client.get(url(row)).context["has_change_permission"] is True
    shown = factories.whole("published", "Shown", "KZ")[name]
    assert client.get(url(shown)).context["has_change_permission"] is False
    assert client.post(url(shown), {"name_en": "Slipped in"}).status_code == 403


def test_writer_drafts_with_a_quote_and_the_edition_is_written(door):
    client = door("Writer")
    speaker = factories.person()
    address = reverse("admin:events_statement_add")
    data = fields(client.get(address)) | {
        "slug": "a-new-statement", "statement_kind": "speech", "date": "2026-10-06",
        "date_precision": "day", "reliability": "as_published", "title_en": "A new statement",
        "ready_en": "on", "standing_en": "authentic", "body_en": "<p>Text<script>x</script></p>",
        "released_before": "False", "quotes-TOTAL_FORMS": "1", "quotes-0-person": str(speaker.pk),
        "quotes-0-text_en": "“Exact”  words", "quotes-0-order": "0",
    }  # fmt: skip
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context["errors"]
    item = Statement.objects.get()
    assert (item.body_en, Quote.objects.get().text_en) == ("<p>Text</p>", "“Exact”  words")
    assert [each.action for each in editions.of(item)] == ["save"]
    assert editions.check_chain(item) == []


def test_bad_input_is_said_beside_the_field_and_nothing_is_lost(door):
    client = door("Writer")
    address = reverse("admin:events_event_add")
    data = fields(client.get(address)) | {
        "slug": "events", "event_kind": "visit", "date": "2026-10-06", "date_precision": "day",
        "ends_on": "2026-10-05", "summary_en": "Kept on the screen", "ready_en": "on",
    }  # fmt: skip
    answer = client.post(address, data)
    assert answer.status_code == 200
    assert {"slug", "ends_on"} <= set(answer.context["adminform"].form.errors)
    assert "Kept on the screen" in answer.content.decode()
    assert Event.objects.count() == 0


def test_stale_save_is_refused_with_the_text_still_on_screen(door, event, staff):
    client = door("Writer")
    data = fields(client.get(url(event))) | {"title_en": "Mine, typed meanwhile"}
    with publishing.saving(event, staff("Press officer")) as record:
        record.title_en = "Theirs"
        record.save()
    answer = client.post(url(event), data)
    assert answer.status_code == 200
    assert "Somebody else has saved this since you opened it." in answer.content.decode()
    assert "Mine, typed meanwhile" in answer.content.decode()
    assert Event.objects.get().title_en == "Theirs"


def test_double_click_saves_once(door, event):
    client = door("Writer")
    data = fields(client.get(url(event))) | {"title_en": "Once"}
    assert client.post(url(event), data).status_code == 302
    assert client.post(url(event), data).status_code == 200
    assert editions.of(event).count() == 1


def approved_time(hours=1):
    zone = ZoneInfo(settings.OFFICE_TIME_ZONE)
    return (dt.datetime.now(zone) + dt.timedelta(hours=hours)).replace(microsecond=0)


def test_draft_goes_through_review_to_its_release_by_buttons(door, event):
    client = door("Writer")
    data = fields(client.get(url(event))) | {"title_en": "Ready"}
    client.post(url(event), data)
    assert client.post(url(event, "move", "submit")).status_code == 302
    assert client.post(url(event, "move", "approve")).status_code == 403
    client = door("Press officer")
    page = client.get(url(event, "move", "approve")).content.decode()
    assert settings.OFFICE_TIME_ZONE in page
    when = approved_time()
    typed = {"release_at": when.strftime("%Y-%m-%dT%H:%M:%S")}
    answer = client.post(url(event, "move", "approve"), typed)
    assert Event.objects.get().stage is Stage.IN_REVIEW
    typed["confirmed"] = answer.context["form"].shown().stamp
    assert client.post(url(event, "move", "approve"), typed).status_code == 302
    item = Event.objects.get()
    assert (item.stage, item.release_at) == (Stage.EMBARGOED, when)


@pytest.mark.parametrize("typed", ["", "2020-01-01T10:00:00", "tomorrow", "2026-13-45T99:00"])
def test_empty_past_or_garbled_release_time_is_a_sentence_beside_the_field(
    door, event, staff, typed
):
    writer = staff("Writer")
    with publishing.saving(event, writer) as record:
        record.title_en = "Ready"
        record.save()
    publishing.submit(event, writer)
    client = door("Press officer")
    answer = client.post(url(event, "move", "approve"), {"release_at": typed})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["release_at"]
    assert Event.objects.get().stage is Stage.IN_REVIEW


def test_own_text_is_not_approved_through_the_form_either(door, event, staff):
    officer = staff("Press officer", "the-author")
    with publishing.saving(event, officer) as record:
        record.title_en = "Mine"
        record.save()
    publishing.submit(event, officer)
    client = door("Writer")
    client.force_login(officer)
    answer = client.post(url(event, "move", "release_now"))
    assert answer.status_code == 200
    assert "somebody else must countersign" in answer.content.decode()
    assert Event.objects.get().stage is Stage.IN_REVIEW


def test_move_by_get_changes_nothing(door, event):
    assert door("Writer").get(url(event, "move", "submit")).status_code == 200
    assert Event.objects.get().stage is Stage.DRAFT


def test_approved_item_refuses_a_crafted_post_and_deletion(door):
    item = factories.event("embargoed")
    client = door("Press officer")
    assert client.post(url(item), {"title_en": "Slipped in"}).status_code == 403
    assert client.post(url(item, "delete"), {"post": "yes"}).status_code == 403
    assert Event.objects.get().title_en == "Plain title en"


@pytest.mark.parametrize("stage", factories.STAGES)
def test_way_to_the_public_page_is_offered_once_there_is_one(door, stage):
    page = door("Press officer").get(url(factories.event(stage))).content.decode()
    assert ("/admin/r/" in page) is (stage == "published")


def test_draft_is_discarded_and_its_editions_stay(door, event, staff):
    with publishing.saving(event, staff("Press officer")) as record:
        record.title_en = "A draft"
        record.save()
    assert door("Writer").post(url(event, "delete"), {"post": "yes"}).status_code == 302
    assert (Event.objects.count(), editions.of(event).last().action) == (0, "discard")


def test_editions_are_read_and_never_written(door, event, staff):
    with publishing.saving(event, staff("Writer")) as record:
        record.title_en = "A draft"
        record.save()
    edition = editions.of(event).get()
    client = door("Head of press")
    assert client.get(url(edition)).status_code == 200
    assert client.post(url(edition), {"note": "x"}).status_code == 403
    assert client.get(url(edition, "delete")).status_code == 403
    assert client.get(reverse("admin:events_edition_add")).status_code == 403
    assert "save" in client.get(url(event, "history")).content.decode()


def test_superuser_without_a_role_sees_no_move(client, django_user_model, event):
    client.force_login(django_user_model.objects.create_superuser("root", password="x" * 14))
    assert client.get(url(event)).status_code == 302  # as for what does not exist
    assert client.post(url(event, "move", "submit")).status_code == 404


def test_desk_lists_what_goes_out_what_waits_and_what_is_out(door):
    for stage in ("embargoed", "in_review", "published"):
        factories.event(stage, title_en=f"The {stage} one")
    panels = door("Press officer").get("/admin/").context["desk"]["panels"]
    shown = {each.name: [row.title for row in each.rows] for panel in panels
             for each in panel.lists if each.rows}  # fmt: skip
    assert shown == {
        "next": ["The embargoed one"], "to_review": ["The in_review one"],
        "released": ["The published one"],
    }  # fmt: skip


def test_archivist_saves_reference_rows_with_their_editions(door):
    client = door("Archivist")
    address = reverse("admin:events_topic_add")
    data = fields(client.get(address)) | {"slug": "a-topic", "name_en": "A topic"}
    assert client.post(address, data).status_code == 302
    assert [each.by_name for each in editions.of(Topic.objects.get())] == ["archivist"]
