"""The whole site as it will stand at a moment to come, and what that moment changes."""

import datetime as dt
import re

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import translation

from events import editions, preview, publishing, visibility
from events.models import MediaContact, Publication, Reading, Series
from events.public import items

from . import factories
from .test_headers import READERS_POLICY
from .test_preview import world

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 6, 4, 0, tzinfo=dt.UTC)
T = NOW + dt.timedelta(hours=2)
LATER = NOW + dt.timedelta(days=2)
AT = "20261006T060000Z"


@pytest.fixture(autouse=True)
def _the_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def path(item):
    with translation.override("en"):
        return item.get_absolute_url()


def at(address, when=AT):
    return f"/rehearsal/{when}{address}"


def embargoed(word, when=T, **fields):
    return factories.statement("embargoed", word, release_at=when, published_at=when, **fields)


def released_at(made, when):
    for name in ("event", "statement"):
        Publication.objects.filter(pk=made[name].pk).update(release_at=when, published_at=when)
    return made


def limited_to(item, *people):
    Publication.objects.filter(pk=item.pk).update(limited=True)
    for user in people:
        item.access.create(user=user, given_by=user, given_at=NOW)


# --- The site at a moment -------------------------------------------------------------------------


def test_rehearsal_shows_what_will_be_out_by_then_and_nothing_later(desk, client):
    soon, later = embargoed("Soonish"), embargoed("Laterish", LATER)
    draft = factories.statement("draft", "Draftish")
    text = desk.get(at("/en/statements/")).content.decode()
    assert ("Soonish" in text, "Laterish" in text, "Draftish" in text) == (True, False, False)
    statuses = [desk.get(at(path(item))).status_code for item in (soon, later, draft)]
    assert statuses == [200, 404, 404]
    assert [client.get(path(item)).status_code for item in (soon, later)] == [404, 404]


def test_rehearsal_equals_what_readers_get_at_that_moment(officer, client):
    made = released_at(factories.whole("embargoed", "Soonish", "KI"), T)
    factories.whole("published", "Plain", "BY")
    addresses = ["/en/", "/ru/events/", path(made["event"]), path(made["statement"]),
                 "/kk/people/", "/en/countries/ki/", "/en/feeds/latest.rss", "/en/feeds/",
                 "/en/nothing/"]  # fmt: skip
    rehearsed = {}
    for address in addresses:
        with preview.rehearsing(officer, T):
            answer = preview.public_answer(address)
        rehearsed[address] = (answer.status_code, answer.content)
    with time_machine.travel(T, tick=False):
        for address in addresses:
            answer = client.get(address)
            assert rehearsed[address] == (answer.status_code, answer.content), address


def test_every_page_carries_the_banner_with_the_moment_and_no_feed_does(desk):
    embargoed("Soonish")
    for language, written in (("en", "6 October 2026"), ("ru", "6 октября 2026")):
        text = desk.get(at(f"/{language}/")).content.decode()
        banner = text.split('<aside class="not-released"')[1].split("</aside>")[0]
        assert written in banner
        assert f'href="{at("/")}"' in banner
    assert "not-released" in desk.get(at("/en/nothing/")).content.decode()
    feed = desk.get(at("/en/feeds/latest.rss"))
    assert (feed.status_code, b"not-released" in feed.content) == (200, False)
    assert b"https://press.example/en/statements/soonish" in feed.content
    assert b"/rehearsal/" not in feed.content


def test_links_stay_in_the_rehearsal_and_names_of_record_are_real(desk):
    item = embargoed("Soonish")
    text = desk.get(at(path(item))).content.decode()
    assert f'<link rel="canonical" href="https://press.example{path(item)}">' in text
    assert f'href="{at("/en/events/")}"' in text
    assert f'href="{at(path(item)).replace("/en/", "/ru/")}" lang="ru"' in text
    assert f'hreflang="ru" href="https://press.example{path(item).replace("/en/", "/ru/")}"' in text


def test_every_answer_is_for_this_person_alone(desk):
    for address, status in ((at("/"), 200), ("/rehearsal/", 200), (at("/en/"), 200),
                            (at("/en/x/"), 404), (at("/admin/"), 404), (at("/preview/"), 404),
                            (at(at("/en/")), 404), ("/rehearsal/garbled/", 404)):  # fmt: skip
        answer = desk.get(address)
        assert answer.status_code == status, address
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Content-Security-Policy"] == READERS_POLICY
        assert "ETag" not in answer
        assert desk.post(address).status_code == 405


@pytest.mark.parametrize(
    "when",
    ["20261006T040000Z", "20261006T035959Z", "20200101T000000Z", "20311007T040000Z",
     "20991231T235959Z", "20261306T060000Z", "20261006T060000", "2026-10-06T060000Z", "now",
     "20261006T060060Z", "２0261006T060000Z", "00000000T000000Z", "20261006t060000z"],
)  # fmt: skip
def test_moment_that_is_garbled_past_or_too_far_is_not_found(desk, when):
    assert desk.get(f"/rehearsal/{when}/").status_code == 404
    assert desk.get(f"/rehearsal/{when}/en/").status_code == 404


def test_doors_are_for_staff_who_may_rehearse(client, staff, officer):
    for address in ("/rehearsal/", at("/"), at("/en/"), "/rehearsal/x/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={address}")
    for role in ("Writer", "Archivist", "Reader under embargo"):
        client.force_login(staff(role))
        for address in ("/rehearsal/", at("/"), at("/en/"), "/rehearsal/x/"):
            assert client.get(address).status_code == 403
    client.force_login(officer)
    assert client.get("/rehearsal/").status_code == 200


# --- Access limits --------------------------------------------------------------------------------


def test_limited_item_is_in_no_page_list_feed_or_count_of_others_rehearsals(desk, officer, staff):
    """The hidden twin: not one byte of the site differs from one where it does not exist."""
    visible = released_at(factories.whole("embargoed", "Seen", "BY"), T)
    addresses = ["/en/", "/en/events/", "/en/statements/", "/en/quotes/", "/en/outcomes/",
                 "/en/people/", "/en/organisations/", "/en/countries/", "/en/topics/",
                 "/en/feeds/latest.rss", "/en/events/2020/",
                 path(visible["event"])]  # fmt: skip
    before = {each: desk.get(at(each)).content for each in addresses}
    hidden = released_at(factories.whole("embargoed", "Kryptonym", "KI"), T)
    other = staff("Head of press")
    for name in ("event", "statement"):
        limited_to(hidden[name], other)
    rows = world()
    assert {each: desk.get(at(each)).content for each in addresses} == before
    for name in ("event", "statement", "quote", "outcome", "person", "topic", "country"):
        assert desk.get(at(path(hidden[name]))).status_code == 404, name
    assert "Kryptonym" not in desk.get("/rehearsal/").content.decode()
    assert world() == rows
    desk.force_login(other)
    assert "Kryptonym" in desk.get(at("/en/events/")).content.decode()
    assert desk.get(at(path(hidden["country"]))).status_code == 200
    assert "Kryptonym" in desk.get(at("/")).content.decode()


def test_limit_ends_at_release_in_rehearsals_too(desk, staff):
    item = factories.statement("published", "Outalready", release_at=factories.LONG_AGO)
    limited_to(item, staff("Head of press"))
    limited_to(embargoed("Kryptonym"), staff("Head of press", "another"))
    text = desk.get(at("/en/statements/")).content.decode()
    assert ("Outalready" in text, "Kryptonym" in text) == (True, False)


def test_whoever_sees_named_items_alone_rehearses_those_alone(client, staff):
    reader = staff("Reader under embargo")
    reader.user_permissions.add(Permission.objects.get(codename="rehearse"))
    named, other = embargoed("Namedhere"), embargoed("Othersalone")
    named.access.create(user=reader, given_by=reader, given_at=NOW)
    client.force_login(reader)
    text = client.get(at("/en/statements/")).content.decode()
    assert ("Namedhere" in text, "Othersalone" in text) == (True, False)
    assert client.get(at(path(other))).status_code == 404


def test_rehearsal_leaves_rows_and_editions_untouched(desk, staff, event):
    writer, second = staff("Writer"), staff("Press officer", "second")
    publishing.finish_save(event, writer)
    publishing.submit(event, writer)
    publishing.countersign(event, staff("Press officer", "third"))
    publishing.approve(event, second, T)
    limited_to(event, second)
    publishing.finish_save(embargoed("Seen"), writer)
    before = world()
    for address in ("/en/", "/en/events/", "/"):
        assert desk.get(at(address)).status_code == 200
    assert world() == before
    item = type(event).objects.get(pk=event.pk)
    assert (item.stage, item.release_at) == (visibility.Stage.EMBARGOED, T)
    assert [each.action for each in editions.of(item)][-1] == "approve"


def test_rehearsal_fixes_its_moment_and_gives_it_back(officer):
    limited_to(embargoed("Kryptonym"))
    with visibility.at(NOW):
        with preview.rehearsing(officer, T):
            assert visibility.moment() == T
        assert visibility.moment() == NOW


# --- Readings -------------------------------------------------------------------------------------


def test_rehearsal_records_each_item_it_shows_once_an_hour(desk, officer, settings):
    settings.SESSION_IDLE_MINUTES = 120
    shown, later = embargoed("Soonish"), embargoed("Laterish", LATER)
    other = embargoed("Elsewhere", date=dt.date(2019, 1, 1))
    desk.get(at(path(shown)))
    desk.get(at(path(shown)))
    rows = Reading.objects.values_list("record_uid", "by", "how")
    assert list(rows.all()) == [(shown.pk, officer.pk, "rehearsal")]
    desk.get(at("/en/statements/"))
    assert {row[0] for row in rows.all()} == {shown.pk, other.pk}
    assert not Reading.objects.filter(record_uid=later.pk).exists()
    with time_machine.travel(NOW + dt.timedelta(minutes=61), tick=False):
        desk.get(at("/en/statements/"))
    assert Reading.objects.filter(record_uid=shown.pk).count() == 2


def test_page_that_shows_no_embargoed_item_records_nothing(desk):
    embargoed("Soonish")
    factories.event("published")
    desk.get(at("/en/events/"))
    desk.get(at("/en/contacts/"))
    assert Reading.objects.count() == 0


# --- Choosing a moment ----------------------------------------------------------------------------


def test_moment_is_chosen_by_the_offices_clock(desk):
    answer = desk.get("/rehearsal/", {"at": "2026-10-06T11:00:00"})
    assert settings.OFFICE_TIME_ZONE == "Asia/Almaty"
    assert (answer.status_code, answer["Location"]) == (302, at("/"))


@pytest.mark.parametrize(
    "typed", ["", "2026-10-06T08:00:00", "tomorrow", "2099-01-01T00:00", "0001-01-01T00:00",
              "9999-12-31T23:59:59", "2026-13-45T99:00"]
)  # fmt: skip
def test_moment_that_cannot_be_is_said_beside_the_field(desk, typed):
    answer = desk.get("/rehearsal/", {"at": typed})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["at"])


def test_coming_releases_are_offered_once_each_moment(desk, staff):
    for word, when in (("One", T), ("Two", T), ("Three", LATER)):
        embargoed(word, when)
    limited_to(embargoed("Kryptonym", LATER + dt.timedelta(days=1)), staff("Head of press"))
    moments = desk.get("/rehearsal/").context["moments"]
    assert [(each["stamp"], len(each["rows"])) for each in moments] == [
        (AT, 2), ("20261008T040000Z", 1)]  # fmt: skip


# --- What changes ---------------------------------------------------------------------------------


def predicted(desk, when=AT):
    forecast = desk.get(f"/rehearsal/{when}/").context["forecast"]
    return ({row.path for row in forecast.new}, {row.path for row in forecast.different})


def test_forecast_is_empty_where_nothing_changes(desk):
    factories.whole("published", "Plain", "BY")
    embargoed("Laterish", LATER)
    factories.statement("draft", "Draftish")
    assert predicted(desk) == (set(), set())


def test_forecast_names_every_new_and_different_address(desk, client):
    """Compared with all addresses of the site, as readers get them before and after."""
    series = factories.series("Plain")
    for number in range(12):
        factories.event("published", f"Near{number}", date=dt.date(2020, 1, 1 + number),
                        series=series if number < 3 else None)  # fmt: skip
    old = factories.whole("published", "Openly", "BY")
    made = released_at(factories.whole("embargoed", "Soonish", "KI"), T)
    Publication.objects.filter(pk=made["event"].pk).update(date=dt.date(2020, 1, 6))
    type(made["event"]).objects.filter(pk=made["event"].pk).update(series=series)
    # What is out already names what is to come, and the other way round.
    type(old["statement"]).objects.filter(pk=old["statement"].pk).update(event=made["event"])
    factories.outcome(old["event"], "Announced", announced_in=made["statement"])
    factories.outcome(old["event"], "Followed", follow_up=made["event"])
    step = old["outcome"].progress.create(date=dt.date(2020, 2, 2), state="fulfilled",
                                          cites=made["statement"].publication)  # fmt: skip
    assert step.cites_id
    old["organisation"].memberships.create(country=made["country"])
    old["person"].offices.create(title_en="Head", organisation=made["organisation"])
    Series.objects.filter(pk=old["series"].pk).update(organisation=made["organisation"])
    Series.objects.filter(pk=series.pk).update(organisation=old["organisation"])
    announced = factories.outcome(factories.event(series=factories.series("Session")), "New",
                                  announced_in=made["statement"])  # fmt: skip
    announced.countries.add(factories.country("AM"))
    factories.event().countries.add(factories.country("AM"))
    for row in (announced.event, old["event"], made["event"]):
        factories.listed(row)
    # A general contact stands on every page: said in a sentence, not listed (see below).
    MediaContact.objects.update(general=False)
    new, different = predicted(desk)

    every = {"/en/" + name for name in (
        "", "events/", "events/2020/", "events/2020/1/", "statements/", "quotes/", "outcomes/",
        "people/", "organisations/", "countries/", "topics/", "series/", "feeds/", "contacts/",
        "events/calendar.ics")}  # fmt: skip
    every |= {f"/en/feeds/{name}.{form}" for form in ("rss", "atom", "json")
              for name in ("latest", "events", "statements", "quotes", "outcomes")}  # fmt: skip
    references = (factories.Person, factories.Organisation, factories.Country, factories.Topic,
                  Series)  # fmt: skip
    for model in (factories.Event, factories.Statement, factories.Quote, factories.Outcome,
                  *references):  # fmt: skip
        every |= {path(row) for row in model.objects.all()}
    # What people, organisations and series name of others is there while those are public.
    every |= {f"{path(row)}feed.rss" for model in references for row in model.objects.all()}
    every |= {f"{each}history/" for each in every if re.search("(events|statements)/.*[a-z]", each)}
    before = {each: (a := client.get(each)).content + bytes(a.status_code) for each in every}
    statuses = {each: client.get(each).status_code for each in every}
    with time_machine.travel(T, tick=False):
        after = {each: client.get(each) for each in every}
    changed = {
        each for each in every
        if before[each] != after[each].content + bytes(after[each].status_code)
        # The page that answers for what is not there names the latest that is.
        and {statuses[each], after[each].status_code} != {404}
    }  # fmt: skip
    truly_new = {e for e in changed if statuses[e] == 404 and after[e].status_code == 200}
    assert new == truly_new
    assert different == changed - truly_new
    assert {path(made["event"]), path(made["country"])} <= new
    assert {"/en/", path(old["statement"]), path(old["organisation"])} <= different


@pytest.mark.parametrize("general", [True, False])
def test_forecast_says_where_general_contacts_change_every_page(desk, general):
    item = embargoed("Soonish")
    item.media_contacts.add(factories.contact("Soonish"))
    MediaContact.objects.update(general=general)
    answer = desk.get(at("/"))
    assert answer.context["forecast"].everywhere is general
    assert ("general media contacts will be others" in answer.content.decode()) is general


def test_forecast_looks_at_as_many_neighbours_as_a_page_lists():
    assert preview.rehearsal.NEIGHBOURS >= items.OTHERS


def test_forecast_links_each_address_in_every_language(desk):
    item = embargoed("Soonish")
    text = desk.get(at("/")).content.decode()
    for code in ("en", "ru", "kk"):
        address = at(path(item)).replace("/en/", f"/{code}/")
        assert f'href="{address}"' in text
        assert desk.get(address).status_code == 200


def test_forecast_says_where_it_stopped(desk, monkeypatch):
    monkeypatch.setattr(preview.rehearsal, "MOST", 5)
    embargoed("Soonish")
    answer = desk.get(at("/"))
    assert (answer.context["forecast"].looked_at, answer.context["forecast"].cut) == (5, True)
    assert "the rest was not looked at" in answer.content.decode()
    assert len(answer.context["forecast"].new) == 1


def test_forecast_tells_nothing_of_limited_items(desk, staff):
    embargoed("Seen")
    before = desk.get(at("/")).context["forecast"]
    limited_to(embargoed("Kryptonym"), staff("Head of press"))
    answer = desk.get(at("/"))
    assert (answer.context["forecast"], "Kryptonym" in answer.content.decode()) == (before, False)


def test_stamp_and_moment_are_each_others_inverse():
    with visibility.at(NOW):
        assert preview.moment_of(preview.stamp(T)) == T
    assert preview.stamp(T.astimezone(dt.timezone(dt.timedelta(hours=5)))) == AT
    assert reverse("rehearsal:moment", args=[AT]) == at("/")
