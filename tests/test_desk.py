"""The desk: every list, its number and the list that the number leads to; who sees which."""

import datetime as dt
import os
import re
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events import dates, editions, publishing, visibility
from events.admin import desklists, desknotes, deskpage, deskplot
from events.admin.desklists import LISTS, Viewer
from events.languages import CODES
from events.models import (
    Change,
    Edition,
    Event,
    LanguageVersion,
    MediaContact,
    Notification,
    Photo,
    Placement,
    Publication,
    Statement,
)  # fmt: skip
from events.publishing import foureyes

from . import axe, factories

# Playwright runs a loop of its own in this thread, which Django takes for an async caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = dt.datetime(2026, 10, 6, 5, 0, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1, hours=2, minutes=3)


@pytest.fixture
def office(staff):
    """One or two of every role."""
    names = {
        "writer": "Writer", "other-writer": "Writer", "officer": "Press officer",
        "second": "Press officer", "head": "Head of press", "archivist": "Archivist",
        "reader": "Reader under embargo",
    }  # fmt: skip
    return {name: staff(role, name) for name, role in names.items()}


@pytest.fixture
def make(office):
    """Writes a statement by the verbs, and brings it to a stage: make("Title", "in_review")."""
    contact = MediaContact.objects.create(name_en="Desk", email="desk@example.org")

    def make(title, stage="draft", by="writer", at=LATER, checker="officer", **fields):
        fields = {
            "slug": f"item-{Publication.objects.count()}-x", "title_en": title, "ready_en": True,
            "standing_en": "authentic", "date": dt.date(2026, 10, 1), "statement_kind": "speech",
            "released_before": False, **fields,
        }  # fmt: skip
        item = Statement(**fields)
        with publishing.saving(item, office[by]) as record:
            record.save(force_insert=True)
            record.media_contacts.add(contact)
        item = Statement.objects.get(pk=item.pk)
        if stage == "draft":
            return item
        item = publishing.submit(item, office[by])
        if stage == "embargoed":
            return publishing.approve(item, office[checker], at)
        if stage in ("published", "withdrawn", "retracted"):
            item = publishing.release_now(item, office[checker])
        if stage in ("withdrawn", "retracted"):
            verb = {"withdrawn": publishing.withdraw, "retracted": publishing.retract}[stage]
            item = verb(item, office[checker], {"en": "A reason."})
        return item

    return make


def edited(item, by, title):
    with publishing.saving(item, by) as record:
        record.title_en = title
        record.save()
    return Statement.objects.get(pk=item.pk)


def proposed(item, by, title):
    content = editions.snapshot(Statement.objects.get(pk=item.pk))
    content["fields"]["title_en"] = title
    return publishing.propose(item, content, by, "correction", {"en": "A note."})


def titles(user, name):
    """What a list of the desk holds for a person, by the title of the item."""
    rows = LISTS[name].rows(Viewer(user))
    uids = rows.values_list("record_uid" if rows.model is Change else "pk", flat=True)
    if rows.model is Photo:
        return sorted(str(row) for row in rows)
    return sorted(str(Publication.objects.get(pk=uid)) for uid in uids)


def of(names, found):
    """What `all_titles` gives where all of these people have the same rows."""
    return {name: list(found) for name in names}


def all_titles(office, name):
    return {who: found for who, user in office.items() if (found := titles(user, name))}


def limit(item, office, *names):
    return publishing.limit(item, office["head"], [office[name] for name in ("head", *names)])


# Which rows are in which list, for whom.


def test_embargoed_items_go_out_next_for_whoever_may_see_them(make, office):
    make("Tomorrow", "embargoed")
    named = make("For the reader")
    publishing.limit(named, office["head"], [office["reader"]], only_them=False)
    publishing.approve(publishing.submit(named, office["writer"]), office["officer"], LATER)
    for stage in ("draft", "in_review", "published", "withdrawn"):
        make(stage, stage)
    everybody = ["For the reader", "Tomorrow"]
    assert all_titles(office, "next") == of(office, everybody) | {"reader": ["For the reader"]}


def test_text_in_review_waits_for_those_who_review_but_not_for_its_only_author(make, office):
    make("By the writer", "in_review")
    own = make("By the officer", "in_review", by="officer")
    make("A draft")
    assert all_titles(office, "to_review") == {
        "officer": ["By the writer"],
        "second": ["By the officer", "By the writer"],
        "head": ["By the officer", "By the writer"],
    }
    assert all_titles(office, "to_countersign") == of(
        ("writer", "other-writer"), ["By the officer"]
    )
    publishing.countersign(own, office["writer"])
    assert titles(office["officer"], "to_review") == ["By the officer", "By the writer"]
    assert all_titles(office, "to_countersign") == {}


def test_text_that_reviewers_and_others_edited_waits_for_both(make, office):
    edited(make("Written", "in_review"), office["officer"], "Mended")
    assert all_titles(office, "to_review") == of(("officer", "second", "head"), ["Mended"])
    assert all_titles(office, "to_countersign") == of(("writer", "other-writer"), ["Mended"])


def test_list_to_review_holds_exactly_what_somebody_may_have_to_decide(make, office):
    """The same answer as the editions give, whoever edited and countersigned in what order."""
    acts = [("writer", "officer"), ("officer", "second"), ("second", "officer", "writer"),
            ("officer",), ("head", "head", "officer")]  # fmt: skip
    for number, names in enumerate(acts):
        item = make(f"Item {number}", "in_review")
        for step, name in enumerate(names):
            item = edited(item, office[name], f"Item {number} {step}")
            if step and publishing.MOVES["countersign"].waits(item, office[names[0]]):
                item = publishing.countersign(item, office[names[0]])
    for name in ("officer", "second", "head"):
        me = office[name].pk
        expected = {
            item.pk
            for item in Statement.objects.filter(status="in_review")
            if foureyes.unconfirmed_authors(item) != {me}
        }
        found = LISTS["to_review"].rows(Viewer(office[name])).values_list("pk", flat=True)
        assert set(found) == expected


def test_changes_wait_for_those_who_may_apply_them(make, office):
    item = make("Released", "published")
    own = proposed(item, office["officer"], "By the officer")
    proposed(item, office["writer"], "By the writer")
    both = ["Released", "Released"]
    assert all_titles(office, "to_apply") == {
        "officer": ["Released"], "second": both, "head": both,
    }  # fmt: skip
    assert all_titles(office, "to_confirm") == of(
        ("writer", "other-writer", "archivist"), ["Released"]
    )
    publishing.confirm_change(own, office["other-writer"])
    assert titles(office["officer"], "to_apply") == both
    assert all_titles(office, "to_confirm") == {}
    assert all_titles(office, "my_changes") == {"officer": ["Released"], "writer": ["Released"]}
    assert set(all_titles(office, "changes")) == set(office) - {"reader"}
    publishing.apply_change(own, office["second"])
    assert titles(office["head"], "changes") == ["By the officer"]


def test_reasons_and_reinstatements_wait_for_a_second_person(make, office):
    item = make("Taken back", "withdrawn")
    assert all_titles(office, "reasons") == {"second": ["Taken back"], "head": ["Taken back"]}
    publishing.ask_reinstatement(item, office["second"], "It was right.")
    assert all_titles(office, "reinstatements") == {
        "officer": ["Taken back"], "head": ["Taken back"],
    }  # fmt: skip
    item = publishing.approve_reason(item, office["head"])
    assert all_titles(office, "reasons") == {}
    publishing.reinstate(item, office["officer"])
    assert all_titles(office, "reinstatements") == {}


def test_work_of_mine_is_draft_sent_back_or_in_review_and_in_one_list_alone(make, office):
    make("A draft")
    make("In review", "in_review")
    back = make("Sent back", "in_review")
    publishing.send_back(back, office["officer"], "Name the venue.")
    make("Of another", by="other-writer")
    make("Released", "published")
    me = office["writer"]
    assert [titles(me, name) for name in ("my_drafts", "sent_back", "my_reviews")] == [
        ["A draft"], ["Sent back"], ["In review"],
    ]  # fmt: skip
    assert LISTS["sent_back"].rows(Viewer(me)).get().note == "Name the venue."
    publishing.submit(back, me)
    assert titles(me, "sent_back") == []


def test_missing_languages_are_of_what_is_or_will_be_read(make, office):
    ready = {f"{name}_{code}": value for code in ("ru", "kk") for name, value in
             (("ready", True), ("title", "Т"), ("standing", "courtesy"))}  # fmt: skip
    make("Whole", "published", **ready)
    make("Lacks two", "published")
    make("Lacks one", "draft", **{key: ready[key] for key in ready if key.endswith("ru")})
    make("Gone", "retracted")
    assert titles(office["writer"], "missing") == ["Lacks one", "Lacks two"]
    assert titles(office["writer"], "missing_kk") == ["Lacks one", "Lacks two"]
    assert titles(office["writer"], "missing_ru") == ["Lacks two"]
    assert titles(office["writer"], "missing_en") == []
    assert "reader" not in all_titles(office, "missing")


def test_photo_lacks_a_text_only_in_languages_in_which_it_is_shown(make, office, photo):
    item = make("Shows it")
    assert titles(office["writer"], "without_alt") == []
    Placement.objects.create(publication=item.publication, photo=photo)
    assert titles(office["writer"], "without_alt") == []
    Photo.objects.update(alt_en="", caption_en="Red")
    assert titles(office["writer"], "without_alt") == ["Red"]
    Photo.objects.update(alt_en="A field")
    Statement.objects.update(ready_kk=True, title_kk="Т", standing_kk="courtesy")
    assert titles(office["writer"], "without_alt") == ["A field"]


# Number and list are one.


@pytest.fixture
def busy(make, office, photo):
    """An office with something in every list, and a limited item in each that can hold one."""
    for word in ("Plain", "Secret"):
        items = {
            stage: make(f"{word} {stage}", stage if word == "Plain" else "draft")
            for stage in ("draft", "in_review", "embargoed", "published", "withdrawn", "retracted")
        }
        if word == "Secret":
            for item in items.values():
                limit(item, office, "writer", "officer")
            publishing.submit(items["in_review"], office["writer"])
            later = publishing.submit(items["embargoed"], office["writer"])
            publishing.approve(later, office["officer"], LATER)
            shown = editions.snapshot(Statement.objects.get(pk=later.pk))
            shown["fields"]["title_en"] = "Secret change"
            publishing.propose(later, shown, office["officer"], "correction", {"en": "Secret"})
        else:
            proposed(items["published"], office["officer"], "Plain change")
            publishing.ask_reinstatement(items["withdrawn"], office["officer"], "Please.")
            publishing.send_back(items["in_review"], office["officer"], "Plain note.")
            make("Plain officer's", "in_review", by="officer")
            make("Plain writer's", "in_review")
        late = make(f"{word} late", title_ru="Т")
        with publishing.saving(late, office["writer"]) as record:
            record.summary_en = "More."
            record.save()
        if word == "Secret":
            limit(late, office, "writer", "officer")
        Placement.objects.create(publication=items["draft"].publication, photo=photo)
    Photo.objects.update(alt_en="")
    return office


def test_every_number_is_that_of_the_list_it_leads_to(busy, client):
    filled = set()
    for name in ("writer", "officer", "second", "reader"):
        user = busy[name]
        client.force_login(user)
        viewer = Viewer(user)
        for panel in deskpage.panels(viewer):
            for each in panel.lists:
                answer = client.get(each.url)
                assert answer.status_code == 200, (user, each.url)
                found = answer.context["cl"].queryset
                wanted = LISTS[each.name].rows(viewer)
                assert set(found.values_list("pk", flat=True)) == set(
                    wanted.values_list("pk", flat=True)
                ), (user, each.name)
                assert each.number == answer.context["cl"].result_count == wanted.count()
                filled |= {each.name} if each.number else set()
    by_language = {f"{name}_{code}" for name in ("missing", "behind") for code in CODES}
    assert filled == set(LISTS) - by_language


def test_event_and_statement_lists_have_the_same_filters(busy, client):
    client.force_login(busy["officer"])
    for each in LISTS.values():
        if each.model is not Publication:
            continue
        address = reverse("admin:events_statement_changelist")
        answer = client.get(f"{address}?{each.parameter}={each.value}")
        assert answer.status_code == 200, each.name
        found = answer.context["cl"].queryset.values_list("pk", flat=True)
        rows = each.rows(Viewer(busy["officer"])).values_list("pk", flat=True)
        assert set(found) == set(rows), each.name


def test_list_of_somebody_else_is_not_opened_by_its_address(busy, client):
    client.force_login(busy["writer"])
    address = reverse("admin:events_publication_changelist")
    for asked in ("waits=review", "waits=reason", "waits=nonsense", "missing=xx", "mine=%00"):
        answer = client.get(f"{address}?{asked}")
        assert answer.context["cl"].result_count == 0, asked


@pytest.mark.parametrize("month", ["nonsense", "2026", "2026-13", "2026-10-06", "0000-00"])
def test_month_that_is_none_is_a_clean_answer(office, client, month):
    client.force_login(office["writer"])
    answer = client.get(reverse("admin:events_publication_changelist"), {"released_in": month})
    assert answer.status_code == 302


@pytest.mark.parametrize("stage", factories.STAGES)
def test_quotes_and_outcomes_are_filtered_by_the_stage_of_what_holds_them(client, office, stage):
    made = {each: factories.whole(each, each.replace("_", ""), "BY") for each in factories.STAGES}
    client.force_login(office["officer"])
    for name in ("quote", "outcome", "event", "statement"):
        address = reverse(f"admin:events_{name}_changelist")
        found = client.get(address, {"stage": stage}).context["cl"].queryset
        assert [row.pk for row in found] == [made[stage][name].pk]


def test_publication_in_the_common_list_leads_to_its_own_form(busy, client):
    client.force_login(busy["second"])
    item = Statement.objects.filter(title_en="Plain draft").get()
    hidden = Statement.objects.filter(title_en="Secret draft").get()
    page = client.get(reverse("admin:events_publication_changelist")).content.decode()
    own = reverse("admin:events_statement_change", args=[item.pk])
    assert f'href="{own}' in page
    assert client.get(reverse("admin:events_publication_change", args=[item.pk])).url == own
    history = client.get(reverse("admin:events_publication_history", args=[item.pk])).url
    assert history == reverse("admin:events_statement_history", args=[item.pk])
    gone = reverse("admin:events_publication_change", args=[factories.event().pk])
    Event.objects.all().delete()
    for address in (reverse("admin:events_publication_change", args=[hidden.pk]), gone):
        assert client.get(address).url == reverse("admin:index")
    assert client.get(reverse("admin:events_publication_add")).status_code == 403


# Nothing of what is limited to others.


def test_desk_holds_nothing_that_is_limited_to_others(busy, client):
    seen = {}
    for name, user in busy.items():
        client.force_login(user)
        pages = [client.get("/admin/"), client.get(reverse("admin:notifications"))]
        seen[name] = "Secret" in "".join(page.content.decode() for page in pages)
    assert seen == {
        name: name in ("head", "writer", "officer") for name in busy
    }  # fmt: skip


def test_bundle_is_named_only_to_whoever_sees_all_of_it(make, office, client):
    one, two = make("Open member", "in_review"), make("Hidden member")
    two = publishing.submit(limit(two, office, "writer", "officer"), office["writer"])
    bundle = publishing.make_bundle("Sentinel bundle", office["officer"])
    for item in (one, two):
        publishing.join_bundle(bundle, item, office["officer"])
    publishing.approve_bundle(bundle, office["officer"], LATER)
    for name, expected in (("officer", True), ("second", False), ("writer", True)):
        client.force_login(office[name])
        page = client.get("/admin/").content.decode()
        assert ("Sentinel bundle" in page, "Hidden member" in page) == (expected, expected)
        assert "Open member" in page


# What is on the page.


def test_release_time_is_shown_in_every_zone_with_a_countdown(make, office, client, clock):
    make("Tomorrow", "embargoed", time_zone="Europe/London")
    client.force_login(office["reader"])
    publishing.limit(Statement.objects.get(), office["head"], [office["reader"]], only_them=False)
    [panel] = [each for each in client.get("/admin/").context["desk"]["panels"]
               if each.name == "next"]  # fmt: skip
    [row] = panel.lists[0].rows
    assert row.countdown == "goes out in 1 day 2 hours 3 minutes"
    assert row.seconds == (LATER - NOW).total_seconds()
    assert row.times == (
        ("office time (Asia/Almaty)", "Wednesday, 7 October 2026, 12:03:00 (UTC+5)"),
        ("venue time (Europe/London)", "Wednesday, 7 October 2026, 08:03:00 (UTC+1)"),
        ("UTC", "Wednesday, 7 October 2026, 07:03:00 (UTC+0)"),
    )
    clock(LATER)
    panels = {each.name: each for each in client.get("/admin/").context["desk"]["panels"]}
    assert (panels["next"].number, panels["released"].number) == (0, 1)


def test_each_role_has_the_lists_that_it_can_do_something_about(office):
    lists = {
        name: [each.name for panel in deskpage.panels(Viewer(user)) for each in panel.lists]
        for name, user in office.items()
    }
    reader = ["next", "released"]
    archivist = ["next", "to_confirm", "my_changes", "changes", "missing", "behind", "without_alt",
                 "released"]  # fmt: skip
    writer = ["next", "to_countersign", "to_confirm", "sent_back", "my_drafts", "my_reviews",
              "my_changes", "changes", "missing", "behind", "without_alt", "released"]  # fmt: skip
    assert (lists["reader"], lists["archivist"], lists["writer"]) == (reader, archivist, writer)
    assert (
        set(lists["officer"])
        == set(lists["head"])
        == {
            each.name
            for each in LISTS.values()
            if not re.fullmatch("(missing|behind)_..", each.name)
        }
    )


def test_somebody_without_a_role_sees_no_desk(client, django_user_model):
    for stage in factories.STAGES:
        factories.statement(stage)
    client.force_login(django_user_model.objects.create_superuser("root", password="x" * 14))
    answer = client.get("/admin/")
    assert "desk" not in answer.context
    assert "Plain" not in answer.content.decode()


def test_desk_names_no_recent_actions_and_groups_the_lists(busy, client):
    from django.contrib.admin.models import LogEntry

    client.force_login(busy["second"])
    LogEntry.objects.create(user=busy["second"], object_repr="Sentinel", action_flag=1)
    answer = client.get("/admin/")
    assert "Sentinel" not in answer.content.decode()
    groups = [(str(title), [model["object_name"] for model in models])
              for title, models in answer.context["groups"]]  # fmt: skip
    assert groups[0][1][:5] == ["Publication", "Event", "Statement", "Quote", "Outcome"]
    assert [title for title, _models in groups][:4] == [
        "Publications", "People and places", "Pictures", "Records",
    ]  # fmt: skip
    assert "style=" not in answer.content.decode()


# Releases by month.


def test_plot_counts_what_went_out_in_each_month_of_the_office(make, office, clock, client):
    at = {
        "last of september": dt.datetime(2026, 9, 30, 18, 59, 59, tzinfo=dt.UTC),
        "first of october": dt.datetime(2026, 9, 30, 19, 0, 0, tzinfo=dt.UTC),
        "a year ago": dt.datetime(2025, 11, 1, 0, 0, 0, tzinfo=dt.UTC),
        "too long ago": dt.datetime(2025, 10, 31, 18, 59, 59, tzinfo=dt.UTC),
    }
    for number, (title, when) in enumerate(at.items()):
        factories.statement("published", f"M{number}", title_en=title, release_at=when,
                            published_at=when)  # fmt: skip
    factories.statement("retracted", "Gone", release_at=NOW, published_at=NOW)
    factories.statement("embargoed", "Soon", release_at=LATER, published_at=LATER)
    old = dt.date(2026, 10, 2)
    factories.statement("published", "Old", release_at=NOW, first_released_on=old,
                        released_before=True)  # fmt: skip
    user = office["reader"]
    months = deskplot.plot(Viewer(user)).months
    numbers = {month.label: month.number for month in months if month.number}
    assert numbers == {"November 2025": 1, "September 2026": 1, "October 2026": 2}
    assert (len(months), months[0].label, months[-1].label) == (
        12, "November 2025", "October 2026")  # fmt: skip
    client.force_login(user)
    for month in months:
        assert client.get(month.url).context["cl"].result_count == month.number, month.label


def test_plot_counts_no_release_that_somebody_may_not_see(busy, client):
    for user in (busy["writer"], busy["second"]):
        client.force_login(user)
        for month in deskplot.plot(Viewer(user)).months:
            assert client.get(month.url).context["cl"].result_count == month.number


@pytest.mark.parametrize("month", range(1, 13))
def test_last_months_are_twelve_of_the_office_whatever_the_day(month, clock):
    clock(dt.datetime(2026, month, 1, 18, 59, 59, tzinfo=dt.UTC) - dt.timedelta(days=1))
    assert desklists.last_months()[-1].month == (month - 2) % 12 + 1
    clock(dt.datetime(2026, month, 1, 19, 0, 0, tzinfo=dt.UTC) - dt.timedelta(days=1))
    months = desklists.last_months()
    assert len(set(months)) == 12
    assert all(desklists.next_month(one) == two for one, two in pairwise(months))
    assert (months[-1].year, months[-1].month) == (2026, month)


def test_plot_of_nothing_is_drawn_too(office):
    plot = deskplot.plot(Viewer(office["reader"]))
    assert {(month.number, month.height) for month in plot.months} == {(0, 0)}


# Notifications on their page.


def test_notifications_say_what_who_and_when_and_are_marked_as_read(make, office, client):
    item = make("Waits & waits", "in_review")
    client.force_login(office["officer"])
    answer = client.get("/admin/")
    [told] = answer.context["desk"]["told"]
    assert (told.title, told.what, told.who, told.at, told.unread) == (
        "Waits & waits", "waits for review", "writer", NOW, True)  # fmt: skip
    assert told.url == reverse("admin:events_statement_change", args=[item.pk])
    assert "Waits &amp; waits</a> waits for review" in answer.content.decode()
    address = reverse("admin:notifications_read")
    assert client.get(address).status_code == 405
    answer = client.post(address, {"until": NOW.isoformat()}, follow=True)
    assert (answer.redirect_chain, answer.context["desk"]["told"]) == ([("/admin/", 302)], [])
    [told] = client.get(reverse("admin:notifications")).context["told"]
    assert (told.what, told.unread) == ("was submitted for review", False)
    assert client.get(reverse("admin:notifications"), {"unread": 1}).context["told"] == []
    others = Notification.objects.exclude(user=office["officer"])
    assert set(others.values_list("seen_at", flat=True)) == {None}


@pytest.mark.parametrize(
    "until", ["", "nonsense", "9999-99-99", "\x00", "2026-10-06T05:00:00Z" * 9]
)
def test_marking_as_read_until_no_time_is_a_clean_answer(office, client, until):
    client.force_login(office["officer"])
    assert client.post(reverse("admin:notifications_read"), {"until": until}).status_code == 400


def test_marking_as_read_reaches_no_further_than_now(make, office, client):
    make("Tomorrow", "embargoed")
    client.force_login(office["writer"])
    client.post(reverse("admin:notifications_read"), {"until": "9999-01-01T00:00:00+00:00"})
    unread = Notification.objects.filter(user=office["writer"], seen_at=None)
    assert list(unread.values_list("kind", flat=True)) == ["released"]


def test_notifications_come_page_by_page(make, office, client):
    for number in range(desknotes.PAGE + 1):
        Notification.objects.create(
            user=office["reader"], kind="named", model="statement", due_at=NOW,
            record_uid=factories.statement("published", title_en=f"No {number}").pk,
        )  # fmt: skip
    client.force_login(office["reader"])
    address = reverse("admin:notifications")
    pages = [client.get(address, {"p": p}).context["told"] for p in ("1", "2", "99", "x")]
    assert [len(page) for page in pages] == [desknotes.PAGE, 1, 1, desknotes.PAGE]
    assert pages[1][0].title == "No 0"


@pytest.mark.parametrize("name", ["admin:notifications", "admin:search"])
def test_pages_of_the_desk_ask_a_stranger_to_sign_in(client, name):
    address = reverse(name)
    assert client.get(address).url == f"/admin/login/?next={address}"


# Cost.


def test_desk_asks_as_much_of_sixty_items_as_of_three(office, client, photo):
    me = office["officer"]
    client.force_login(me)

    def act(item, *acts):
        """Editions straight past the verbs: (action, by), the first one first."""
        return [
            Edition.objects.create(
                model="statement", record_uid=item.pk, number=number, action=action, snapshot={},
                by=by, by_name=str(by), at=NOW, note="A note.", chain_digest="-",
            )
            for number, (action, by) in enumerate(acts, 1)
        ][-1]  # fmt: skip

    def fill(number):
        for _each in range(number):
            made = {
                stage: factories.statement(stage, ready_kk=False, proposed_reason_en="Better.")
                for stage in factories.STAGES
            }
            act(made["draft"], ("save", me))
            LanguageVersion.objects.create(
                publication=made["draft"].publication, language="ru", written_at=NOW,
                written_in=1, behind_since=NOW, behind="en", edition=1,
            )  # fmt: skip
            act(made["in_review"], ("save", office["writer"]))
            act(made["withdrawn"], ("withdraw", office["head"]),
                ("ask_reinstatement", office["head"]))  # fmt: skip
            act(factories.statement("in_review"), ("save", me))
            act(factories.statement("draft"), ("save", me), ("submit", me),
                ("send_back", office["head"]))  # fmt: skip
            base = act(made["published"], ("save", me))
            for by in (me, office["writer"]):
                Change.objects.create(
                    model="statement", record_uid=made["published"].pk, by=by, kind="update",
                    base=base, snapshot={}, proposed_at=NOW,
                )  # fmt: skip
            for item in made.values():
                Notification.objects.create(
                    user=me, kind="review", model="statement", record_uid=item.pk, due_at=NOW
                )
            factories.statement("embargoed", limited=True)
            picture = Photo.objects.create(image=photo.image.name)
            Placement.objects.create(publication=made["draft"].publication, photo=picture)

    def queries():
        with CaptureQueriesContext(connection) as found:
            answer = client.get("/admin/")
        numbers = {each.name: each.number for panel in answer.context["desk"]["panels"]
                   for each in panel.lists}  # fmt: skip
        return len(found), numbers

    fill(3)
    client.get("/admin/")
    few, numbers = queries()
    empty = {name for name, number in numbers.items() if number < 3}
    assert empty == {"to_countersign", "to_confirm"}  # an officer decides instead
    fill(57)
    many, more = queries()
    assert more["next"] == 60
    assert many == few
    assert many <= 130  # two thirds of them ask which permissions one holds


# In a browser.


@pytest.fixture
def seated(page, live_server, client, office):
    """Opens a page in a browser for a person of the office: seated("officer", "/admin/")."""

    def open_as(name, path, **options):
        client.force_login(office[name])
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(f"{live_server.url}{path}")
        return page

    return open_as


@pytest.mark.django_db(transaction=True)
def test_countdown_goes_on_in_the_words_of_the_server_until_it_is_out(seated, make, page):
    complaints = []
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    with visibility.clock_set_to(lambda: now):
        make("Soon", "embargoed", at=now + dt.timedelta(minutes=62, seconds=5))
    page.clock.install(time=now)
    seated("officer", "/admin/")
    countdown = page.locator(".countdown")
    served = int(countdown.get_attribute("data-seconds"))
    assert 3600 < served <= 3725
    expected = dt.timedelta(seconds=served)
    with visibility.at(now):
        for gone in (0, 90, 300, served - 61, served - 1):
            page.clock.fast_forward(1000 * gone - getattr(page, "gone", 0))
            page.gone = 1000 * gone
            words = dates.written_span(expected - dt.timedelta(seconds=gone))
            assert countdown.inner_text() == f"goes out in {words}", gone
    page.clock.fast_forward(2000)
    assert (countdown.inner_text(), complaints) == ("out", [])


@pytest.mark.django_db(transaction=True)
def test_slash_goes_to_the_search_box_unless_one_types_or_has_switched_it_off(seated, page):
    seated("writer", "/admin/")
    focused = "document.activeElement.id"
    page.keyboard.press("/")
    assert page.evaluate(focused) == "desk-search"
    page.keyboard.type("a/b")
    assert page.locator("#desk-search").input_value() == "a/b"
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/search/?q=a%2Fb")
    assert page.locator("#desk-search").input_value() == "a/b"
    page.uncheck("#slash-choice")
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate(focused) != "desk-search"
    page.check("#slash-choice")
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate(focused) == "desk-search"


@pytest.mark.django_db(transaction=True)
def test_desk_fits_and_is_accessible(seated, busy, page):
    """WCAG 2.2 AA, as far as a program can tell."""
    for path in ("/admin/", "/admin/notifications/", "/admin/search/?q=plain"):
        seated("officer", path)
        for width in (1280, 768, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        assert (path, axe.violations(page)) == (path, [])
