"""How often somebody may ask: counted exactly, told truly, and nobody's answer is another's."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches
from django.test import RequestFactory

from events.public import ratelimit
from events.public.ratelimit import Rate

from . import factories

EVENTS = "/api/v1/events"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """A clock that stands at the beginning of a minute, until it is set."""
    now = [1_800_000_000]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return lambda seconds: now.__setitem__(0, 1_800_000_000 + seconds)


@pytest.mark.parametrize(
    ("text", "found"),
    [("120/m", Rate(120, 60)), ("1/s", Rate(1, 1)), ("5000/h", Rate(5000, 3600)), ("", None)],
)
def test_rate_is_a_number_in_a_time(text, found):
    assert ratelimit.rate(text) == found


@pytest.mark.parametrize("text", ["0/m", "m", "1/d", "-1/m", "1.5/m", "1/m ", "٣/m", "12345678/m"])
def test_garbled_rate_is_refused(text):
    with pytest.raises(ValueError, match="is not a number in a time"):
        ratelimit.rate(text)


@pytest.mark.parametrize(
    ("behind", "connection", "forwarded", "found"),
    [
        (False, "192.0.2.1", "203.0.113.9", "192.0.2.1"), (True, "192.0.2.1", "", "192.0.2.1"),
        (True, "192.0.2.1", "203.0.113.9", "203.0.113.9"),
        (True, "192.0.2.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (True, "192.0.2.1", "203.0.113.9, garble", ""), (False, "", "", ""),
        (False, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (False, "2001:db8:1:2::9", "", "2001:db8:1:2::"),
        (False, "::ffff:192.0.2.1", "", "192.0.2.1"),
    ],
)  # fmt: skip
def test_client_is_who_is_known_to_have_asked(settings, behind, connection, forwarded, found):
    settings.BEHIND_PROXY = behind
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=connection, headers=headers)
    assert ratelimit.client(request) == found


def test_two_at_once_are_two():
    with ThreadPoolExecutor(8) as pool:
        counts = [
            pool.submit(ratelimit.count, "x", "somebody", Rate(100, 60), "limits")
            for _each in range(200)
        ]
    assert sorted(each.result().number for each in counts) == list(range(1, 201))


@pytest.mark.django_db
def test_count_in_the_databases_cache_is_exact_too(settings):
    from django.core.management import call_command

    backend = "django.core.cache.backends.db.DatabaseCache"
    settings.CACHES = {**settings.CACHES, "stored": {"BACKEND": backend, "LOCATION": "cache_test"}}
    call_command("createcachetable", verbosity=0)
    counts = [ratelimit.count("x", "somebody", Rate(2, 60), "stored") for _each in range(3)]
    assert [(each.number, each.is_over, each.left) for each in counts] == [
        (1, False, 1), (2, False, 0), (3, True, 0),
    ]  # fmt: skip


def test_full_cache_begins_to_count_again(monkeypatch):
    class Forgetful(type(caches["limits"])):
        def incr(self, *args, **kwargs):
            raise ValueError

    monkeypatch.setattr(caches["limits"], "__class__", Forgetful)
    for _each in range(3):
        assert ratelimit.count("x", "somebody", Rate(2, 60), "limits").number == 1


@pytest.mark.django_db
def test_what_is_too_much_is_refused_until_the_window_is_over(client, settings, noon):
    settings.API_RATE = "2/m"
    noon(15)
    first, second, third = (client.get(EVENTS) for _each in range(3))
    assert [each.status_code for each in (first, second, third)] == [200, 200, 429]
    assert [each["RateLimit"] for each in (first, second, third)] == [
        '"api";r=1;t=45', '"api";r=0;t=45', '"api";r=0;t=45',
    ]  # fmt: skip
    assert {each["RateLimit-Policy"] for each in (first, third)} == {'"api";q=2;w=60'}
    assert third["Content-Type"] == "application/problem+json"
    assert (third.json()["status"], third["Retry-After"]) == (429, "45")
    assert third["Cache-Control"] == "no-store"
    assert third["Access-Control-Allow-Origin"] == "*"
    assert client.get(EVENTS, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.options(EVENTS).status_code == 204
    assert client.get("/en/events.json").status_code == 200
    noon(60)
    assert client.get(EVENTS).status_code == 200


@pytest.mark.django_db
def test_limit_costs_no_query_and_changes_neither_bytes_nor_tags(
    client, settings, django_assert_num_queries
):
    factories.event()
    settings.API_RATE = ""
    plain = client.get(EVENTS)
    settings.API_RATE = "9/m"
    with django_assert_num_queries(1):
        limited = client.get(EVENTS)
    assert (limited.content, limited["ETag"]) == (plain.content, plain["ETag"])
    with django_assert_num_queries(1):
        unchanged = client.get(EVENTS, headers={"if-none-match": plain["ETag"]})
    assert (unchanged.status_code, unchanged["RateLimit"]) == (304, '"api";r=7;t=60')


@pytest.mark.django_db
def test_behind_a_proxy_that_caches_no_answer_says_what_is_left_to_one_reader(client, settings):
    settings.API_RATE, settings.BEHIND_PROXY = "2/m", True
    answers = [
        client.get(EVENTS, headers={"x-forwarded-for": f"203.0.113.{number}"})
        for number in (1, 1, 2, 1)
    ]
    kept, refused = answers[:3], answers[3]
    assert len({str(sorted(each.headers.items())) for each in kept}) == 1
    assert "RateLimit" not in kept[0].headers
    assert (refused.status_code, refused["RateLimit"][:9]) == (429, '"api";r=0')


@pytest.mark.django_db
def test_without_a_limit_nothing_is_told_of_one(client, settings):
    settings.API_RATE = ""
    assert "RateLimit-Policy" not in client.get(EVENTS).headers
    assert "429" not in client.get("/en/api/").content.decode().partition("<table")[0]
