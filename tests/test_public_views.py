"""The pages: who sees what, bad input, headers, and how many queries each costs."""

import datetime as dt

import html5lib
import pytest
from django.test import Client

from events import visibility

from . import factories

pytestmark = pytest.mark.django_db
DAY = dt.date(2020, 1, 1)


def titles(answer) -> list[str]:
    return [item.title_en for item in answer.context["page"].items]


def test_root_leads_to_the_reader_s_language(client):
    for asked, language in (("kk,ru;q=0.5", "kk"), ("ru", "ru"), ("de", "en"), ("", "en")):
        answer = client.get("/", headers={"accept-language": asked})
        assert (answer.status_code, answer["Location"]) == (302, f"/{language}/")
        assert (answer["Vary"], answer["Cache-Control"]) == ("Accept-Language", "no-store")


def test_events_are_listed_latest_first_and_page_by_key(client):
    for number in range(45):
        factories.event(date=DAY + dt.timedelta(days=number % 30), title_en=f"No {number}")
    seen, address = [], "/en/events/"
    while address:
        answer = client.get(address)
        seen += [(item.date, item.uid) for item in answer.context["page"].items]
        older = answer.context["page"].older
        address = f"/en/events/{older}" if older else ""
    assert len(seen) == 45
    assert seen == sorted(seen, key=lambda key: (key[0], key[1].hex), reverse=True)


@pytest.mark.parametrize(
    "address",
    ["/en/events/?after=zz", "/en/events/?after=2020-13-01_" + "0" * 36,
     "/en/statements/?after=2020-01-01_00000000-0000-0000-0000-000000000000",
     "/en/statements/?after=0001-01-01T00:00:00%2B14:00_00000000-0000-0000-0000-000000000000",
     "/en/quotes/not-a-uuid/", "/de/", "/en/events/1066/", "/en/events/2020/13/",
     "/en/events/99999/", "/en/feeds/none.rss", "/en/feeds/latest.xml", "/en/countries/zz/",
     "/nothing", "/files/x", "/en/events/%00/", "/en/events/" + "x" * 3000 + "/"],
)  # fmt: skip
def test_nonsense_is_not_found(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("address", ["/en/?x=1", "/en/events/?y=2", "/en/feeds/?utm_source=z",
                                     "/en/events/?sort=up", "/en/events/?when=never"])  # fmt: skip
def test_unknown_parameter_is_named_in_house_style(client, address):
    answer = client.get(address)
    assert answer.status_code == 400
    assert address.split("?")[1].split("=")[0] in answer.content.decode()


def test_public_doors_take_no_post(client):
    item = factories.event("embargoed")
    for path in ("/en/", "/en/events/", f"/en/events/{item.slug}/", "/en/events/never-existed/"):
        assert client.post(path).status_code == 405


def test_public_pages_set_no_cookie_and_open_no_session(django_user_model, client):
    item = factories.event()
    client.force_login(django_user_model.objects.create_superuser("root", password="x" * 12))
    staff = client.get(f"/en/events/{item.slug}/")
    anonymous = Client().get(f"/en/events/{item.slug}/")
    assert staff.content == anonymous.content
    assert (dict(staff.cookies), staff["Vary"]) == ({}, "Accept-Encoding")
    assert dict(staff.headers) == dict(anonymous.headers)
    assert staff["Cache-Control"] == "public, max-age=0, s-maxage=1"


def test_etag_answers_304_until_the_text_changes(client):
    item = factories.event()
    first = client.get("/en/events/")
    again = client.get("/en/events/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    item.title_en = "Another"
    item.save()
    assert client.get("/en/events/", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_item_lifts_from_embargo_at_its_second_everywhere(client):
    item = factories.event("embargoed")
    addresses = ["/en/", "/en/events/", f"/en/events/{item.slug}/", "/en/feeds/latest.rss"]
    for second, expected in ((-1, [False] * 4), (0, [True] * 4)):
        moment = factories.FAR_AHEAD + dt.timedelta(seconds=second)
        with visibility.clock_set_to(lambda moment=moment: moment):
            seen = ["Plain title" in client.get(each).content.decode() for each in addresses]
        assert seen == expected


def test_withdrawn_item_says_so_on_its_own_address(client):
    item = factories.statement("withdrawn")
    answer = client.get(f"/en/statements/{item.slug}/")
    assert answer.status_code == 200
    assert "A reason." in answer.content.decode()
    assert titles(client.get("/en/statements/")) == []


def test_retracted_item_answers_410_with_its_reason_and_no_word_of_it(client):
    item = factories.statement("retracted", "Secret")
    quote = factories.quote(item, "Secret")
    for address in (f"/en/statements/{item.slug}/", f"/en/quotes/{quote.pk}/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store")
        text = answer.content.decode()
        assert ("A reason." in text, "Secret" in text) == (True, False)


def test_text_missing_in_a_language_is_shown_in_the_one_it_has_and_not_indexed(client):
    item = factories.event(ready_ru=False, ready_kk=False)
    text = client.get(f"/kk/events/{item.slug}/").content.decode()
    assert '<span lang="en">Plain title en</span>' in text
    assert '<meta name="robots" content="noindex">' in text
    assert f'rel="canonical" href="https://press.example/en/events/{item.slug}/"' in text
    assert "Plain title kk" not in text


def test_other_events_are_the_nearest_and_never_the_event_itself(client):
    events = [factories.event(date=DAY + dt.timedelta(days=10 * n)) for n in range(9)]
    answer = client.get(f"/en/events/{events[4].slug}/")
    others = [events.index(each) for each in answer.context["others"]]
    assert sorted(others) == [1, 2, 3, 5, 6, 7]
    assert set(others[:2]) == {3, 5}


def test_event_page_ends_as_the_founding_page_did(client):
    item = factories.event()
    factories.event(date=DAY - dt.timedelta(days=1))
    text = client.get(f"/en/events/{item.slug}/").content.decode()
    closing = text[text.index('class="closing"') :]
    order = [
        closing.index("All events"),
        closing.index("Other events"),
        closing.rindex("All events"),
    ]
    assert order == sorted(order)
    assert closing.count("All events") == 2


def test_series_neighbours_are_the_public_ones(client):
    series = factories.series()
    old, hidden, item, new = (
        factories.event(stage, date=dt.date(2020, 1, day), series=series)
        for stage, day in (("published", 1), ("embargoed", 2), ("published", 3), ("published", 4))
    )
    answer = client.get(f"/en/events/{item.slug}/")
    assert (answer.context["previous"], answer.context["next"]) == (old, new)
    assert hidden.slug not in answer.content.decode()


def test_staff_pages_are_stored_by_nobody(client):
    assert "no-store" in client.get("/accounts/login/")["Cache-Control"]


@pytest.mark.parametrize("rows", [3, 12])
def test_query_counts_do_not_grow_with_the_archive(client, rows, django_assert_num_queries):
    for number in range(rows):
        made = factories.whole("published", f"W{number}", "BY")
    pinned = {
        "/en/events/": 3, "/en/statements/": 4, "/en/quotes/": 3, "/en/outcomes/": 5,
        f"/en/events/{made['event'].slug}/": 8,
        f"/en/statements/{made['statement'].slug}/": 5, "/en/": 7,
    }  # fmt: skip
    for address, queries in pinned.items():
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("language", ["en", "kk"])
def test_pages_are_valid_html(client, language):
    made = factories.whole("published", "W", "BY")
    gone = factories.event("retracted")
    for path in ("", "events/", "events/2020/", "events/2020/1/", "statements/2020/1/",
                 f"events/{made['event'].slug}/", "statements/",
                 f"statements/{made['statement'].slug}/", f"quotes/{made['quote'].pk}/",
                 f"outcomes/{made['outcome'].pk}/", "outcomes/", "people/", "countries/by/",
                 f"people/{made['person'].slug}/", f"organisations/{made['organisation'].slug}/",
                 "feeds/", "contacts/", "no/", f"events/{gone.slug}/", "?x=1"):  # fmt: skip
        parser = html5lib.HTMLParser()
        parser.parse(client.get(f"/{language}/{path}").content)
        assert (path, parser.errors) == (path, [])


def test_cursor_in_another_offset_and_a_country_in_capitals_are_not_found(client):
    factories.whole("published", "W", "BY")
    zero = "00000000-0000-0000-0000-000000000000"
    for when in ("0001-01-01T00:00:00%2B14:00", "2020-01-01T00:00:00%2B05:00"):
        assert client.get(f"/en/statements/?after={when}_{zero}").status_code == 404
    assert client.get(f"/en/statements/?after=2020-01-01T00:00:00Z_{zero}").status_code == 200
    assert client.get("/en/countries/BY/").status_code == 404
    assert client.get("/en/countries/by/").status_code == 200
