"""A page is a function of its address and of the whole second: never early, never older."""

import datetime as dt
import gzip
import pickle
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events import visibility
from events.public import front as fronts
from events.public.bounded import BoundedCache, Shelf
from events.public.finished import Finished
from events.public.front import Front, address_of, is_page, normalised

from . import factories
from .fronted import Counting, ask, environ, front, sent

NOON = dt.datetime(2026, 10, 6, 12, 0, tzinfo=dt.UTC)
FRESH = "public, max-age=0, s-maxage=1"
PAGES = ("/en/", "/ru/events/", "/kk/statements/", "/en/feeds/latest.atom", "/en/events.json",
         "/en/events/calendar.ics", "/api/v1/events", "/sitemap.xml", "/robots.txt")  # fmt: skip


@pytest.fixture
def at_noon(monkeypatch):
    """Clocks that stand until they are set: at_noon(seconds after noon). On a busy machine a second
    would be over before its first page is made."""
    passed = [0]
    for module in ("front", "finished", "outlook"):
        monkeypatch.setattr(f"events.public.{module}.monotonic", lambda: 1000.0 + passed[0])
    with visibility.clock_set_to(lambda: NOON + dt.timedelta(seconds=passed[0])):
        yield lambda seconds: passed.__setitem__(0, seconds)


@pytest.fixture
def unlimited(settings):
    settings.API_RATE = ""


# --- The same answer ------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("coding", ["", "gzip", "br"])
@pytest.mark.parametrize("address", PAGES)
def test_page_from_memory_is_the_page_byte_for_byte(at_noon, unlimited, address, coding):
    factories.whole("published", "Known", "BY")
    before = front()
    first = ask(before, address, accept_encoding=coding)
    again = ask(before, address, accept_encoding=coding)
    plain = ask(before.application.house, address, accept_encoding=coding)
    assert first == again == plain
    assert (first.status, first.headers["Cache-Control"]) == (200, FRESH)
    assert len(before.application.asked) == 1


@pytest.mark.django_db
def test_one_render_serves_every_coding_and_its_304_and_head(at_noon):
    factories.event()
    before = front()
    answers = {}
    for coding in ("", "br", "gzip"):
        whole = answers[coding] = ask(before, "/en/events/", accept_encoding=coding)
        tag = whole.headers["ETag"]
        for asked in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            same = ask(before, "/en/events/", accept_encoding=coding, if_none_match=asked)
            assert (same.status, same.body, same.headers["ETag"]) == (304, b"", tag)
        head = ask(before, "/en/events/", "HEAD", accept_encoding=coding)
        assert head == whole._replace(body=b"")
    assert brotli.decompress(answers["br"].body) == answers[""].body
    assert gzip.decompress(answers["gzip"].body) == answers[""].body
    assert len({each.headers["ETag"] for each in answers.values()}) == 3
    assert before.application.asked == ["/en/events/"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/en/events/", "/en/feeds/latest.rss"])
def test_304_from_memory_says_what_that_of_the_house_says(at_noon, address):
    factories.event()
    before = front()
    tag = ask(before, address, accept_encoding="br").headers["ETag"]
    said = {"accept_encoding": "br", "if_none_match": tag}
    from_memory, plain = (
        ask(before, address, **said),
        ask(before.application.house, address, **said),
    )
    assert from_memory == plain
    assert (from_memory.status, "Content-Length" in from_memory.headers) == (304, False)
    assert "Content-Security-Policy" in from_memory.headers


@pytest.mark.django_db
def test_condition_that_is_not_met_is_refused(at_noon):
    before = front()
    assert ask(before, "/en/", if_match='"another"').status == 412
    assert ask(before, "/en/", if_match='"another"').headers["Cache-Control"] == "no-store"
    assert ask(before, "/en/", if_match="*").status == 200


@pytest.mark.django_db
def test_page_from_memory_has_every_header_of_the_house(at_noon):
    before = front()
    ask(before, "/en/")
    said = ask(before, "/en/").headers
    assert {"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
            "Cross-Origin-Opener-Policy", "Permissions-Policy", "Cross-Origin-Resource-Policy",
            "X-Frame-Options", "Content-Language", "Vary", "ETag"} <= set(said)  # fmt: skip
    assert "Set-Cookie" not in said


@pytest.mark.django_db
def test_who_asks_and_with_what_changes_nothing(at_noon, client, officer):
    factories.event("embargoed", "Kryptonym")
    client.force_login(officer)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    before = front()
    staff = ask(before, "/en/events/", cookie=f"{cookie}; language-admin=kk",
                accept_language="kk", range="bytes=0-9", authorization="Bearer x")  # fmt: skip
    assert (staff.status, b"Kryptonym" in staff.body) == (200, False)
    assert ask(before, "/en/events/") == staff == ask(Counting(), "/en/events/")


# --- The whole second -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_release_is_on_the_page_at_its_second_and_not_before(at_noon):
    factories.event("embargoed", "Secret", release_at=NOON, published_at=NOON)
    before, seen = front(), []
    for second in (-2, -1, -1, 0, 0, 1):
        at_noon(second)
        seen.append(b"Secret" in ask(before, "/en/events/").body)
    assert seen == [False, False, False, True, True, True]
    assert len(before.application.asked) == 4


@pytest.mark.django_db
def test_write_in_the_middle_of_a_second_is_there_at_the_next(at_noon):
    item = factories.event()
    before = front()
    old = ask(before, "/en/events/")
    type(item).objects.filter(pk=item.pk).update(title_en="Written since")
    assert ask(before, "/en/events/") == old
    at_noon(1)
    assert b"Written since" in ask(before, "/en/events/").body


@pytest.mark.django_db
def test_clock_set_back_brings_no_old_page_back(at_noon, monkeypatch):
    item = factories.event()
    passing = [1000.0]
    for module in ("front", "finished", "outlook"):
        monkeypatch.setattr(f"events.public.{module}.monotonic", lambda: passing[0])
    before = front()
    assert b"Plain title" in ask(before, "/en/events/").body
    type(item).objects.filter(pk=item.pk).update(title_en="Written since")
    # The same second once more, a minute later.
    passing[0] += 60
    assert b"Written since" in ask(before, "/en/events/").body
    # And an hour that has been already: what was made later is not given earlier.
    at_noon(-3600)
    type(item).objects.filter(pk=item.pk).update(title_en="Written last")
    assert b"Written last" in ask(before, "/en/events/").body


@pytest.mark.django_db
def test_moment_is_fixed_before_the_house_begins(at_noon):
    """The clock ticks between the front and the house: the page is of the second it is kept for."""
    factories.event("embargoed", "Secret", release_at=NOON, published_at=NOON)

    class Late(Counting):
        def __call__(self, said, start_response):
            at_noon(0)
            return super().__call__(said, start_response)

    at_noon(-1)
    assert b"Secret" not in ask(Front(Late(), 16), "/en/events/").body


# --- One render, however many ask -----------------------------------------------------------------


class Stub:
    """A house that takes its time, and counts."""

    def __init__(self, answer=None, slow=0.0):
        self.asked, self.slow, self.lock = 0, slow, threading.Lock()
        self.answer = answer or (lambda number: page(f"page {number}"))

    def __call__(self, said, start_response):
        with self.lock:
            self.asked += 1
            number = self.asked
        time.sleep(self.slow)
        response = self.answer(number)
        start_response(f"{response.status_code} OK", list(response.items()))
        return response


def page(text, status=200, cache=FRESH, **headers):
    return HttpResponse(text, status=status, headers={"Cache-Control": cache, "ETag": '"x"',
                                                      **headers})  # fmt: skip


@pytest.fixture
def stubbed(monkeypatch):
    """A front before a stub, that knows the state of the record without a database."""

    def make(*arguments, **named):
        before = Front(Stub(*arguments, **named), 16)
        monkeypatch.setattr(before.outlook, "look", lambda *_second, **_anew: "state")
        return before

    return make


def crowd(before, number, address="/en/", second=NOON):
    def one(_number):
        with visibility.clock_set_to(lambda: second):
            return ask(before, address)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_fifty_who_ask_in_one_second_cost_one_render(stubbed):
    before = stubbed(slow=0.3)
    answers = crowd(before, 50)
    assert before.application.asked == 1
    assert {each.body for each in answers} == {b"page 1"}


@pytest.mark.django_db(transaction=True)
def test_fifty_who_ask_the_real_house_cost_one_render():
    factories.event()
    before = front()
    now = visibility.clock()
    answers = crowd(before, 50, "/en/events/", now)
    assert before.application.asked == ["/en/events/"]
    assert {each.status for each in answers} == {200}
    assert len({each.body for each in answers}) == 1


def test_slow_page_serves_its_own_second_and_none_later(stubbed):
    before = stubbed(slow=0.4)
    later = NOON + dt.timedelta(seconds=1)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(crowd, before, 9, "/en/", NOON)
        time.sleep(0.2)
        second = pool.submit(crowd, before, 9, "/en/", later)
        assert {each.body for each in first.result()} == {b"page 1"}
        assert {each.body for each in second.result()} == {b"page 2"}
    assert before.application.asked == 2


def test_page_that_took_longer_than_a_second_is_given_to_nobody_who_comes_later(stubbed):
    before = stubbed(slow=1.1)
    assert {each.body for each in crowd(before, 5)} == {b"page 1"}
    before.application.slow = 0
    # Its second again, for whoever's clock stands still: it is older than a second.
    assert [each.body for each in crowd(before, 1)] == [b"page 2"]


def test_who_waits_for_a_render_that_fails_is_let_go(stubbed):
    def fails(number):
        raise RuntimeError(f"number {number}")

    before = stubbed(fails, slow=0.2)

    def one(_number):
        with visibility.clock_set_to(lambda: NOON):
            try:
                ask(before, "/en/")
            except RuntimeError:
                return "told"
        return "served"

    started = time.monotonic()
    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(one, range(5))) == ["told"] * 5
    assert time.monotonic() - started < 10
    assert before._flights == {}


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_who_waits_gets_the_error_and_nobody_who_comes_later_does(stubbed, status):
    before = stubbed(lambda number: page(f"no {number}", status, "no-store"), slow=0.3)
    assert {(each.status, each.body) for each in crowd(before, 9)} == {(status, b"no 1")}
    assert [each.body for each in crowd(before, 1)] == [b"no 2"]
    assert len(before.shelf) == 0


@pytest.mark.parametrize(
    "answer",
    [
        page("x", cache="no-store"), page("x", 429), page("x", 301), page("x", **{
            "X-Accel-Redirect": "/stored/x"}), page("x", cache="private"),
    ],
)  # fmt: skip
def test_what_may_not_be_kept_is_not(stubbed, answer):
    before = stubbed(lambda _number: answer)
    for _each in range(2):
        assert [each.status for each in crowd(before, 1)] == [answer.status_code]
    assert len(before.shelf) == 0


def test_stream_and_cookie_are_nobody_elses(stubbed):
    def streamed(number):
        return StreamingHttpResponse(iter([b"part"]), headers={"Cache-Control": FRESH})

    def with_cookie(number):
        response = page("x")
        response.set_cookie("a", "b")
        return response

    for answer in (streamed, with_cookie):
        before = stubbed(answer)
        assert crowd(before, 1)[0].status == 200
        assert (len(before.shelf), Finished.can_be(answer(1))) == (0, False)


# --- What is a page -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/en/", True), ("/kk/events/2007/10/", True), ("/ru/feeds/latest.rss", True),
        ("/en/events/a.json", True), ("/en/events/a/event.pdf", True), ("/robots.txt", True),
        ("/sitemap-people.xml", True), ("/api/v1/events/5", True), ("/oembed", True),
        ("/cards/en.png", True), ("/.well-known/security.txt", True),
        ("/", False), ("/en/search/", False), ("/en/search.json", False), ("/healthz", False),
        ("/en/search/feed.rss", False), ("/readyz", False), ("/files/1/a.pdf", False),
        ("/photos/1/2/3.webp", False), ("/api/v1/dumps/x/events.json", False),
        ("/en/events/a/press-kit.zip", False), ("/static/css/site.css", False),
        *((f"/{door}/x/", False) for door in sorted(settings.STAFF_DOORS)),
        ("/rehearsal/20261006T040000Z/en/", False), ("/admin/en/", False), ("", False),
    ],
)  # fmt: skip
def test_pages_are_known_by_their_address(path, kept):
    assert is_page(path) is kept


@pytest.mark.parametrize(
    "said",
    [
        {"method": "POST"}, {"method": "OPTIONS"}, {"host": "elsewhere.example"}, {"host": ""},
        {"host": "testserver:x"},
    ],
)  # fmt: skip
def test_the_house_itself_answers_what_it_may_refuse(said):
    assert address_of(environ("/en/", **said)) == ""
    assert address_of(environ("/en/")) != ""


@pytest.mark.django_db
def test_foreign_host_is_refused_though_the_page_is_in_memory(at_noon):
    before = front()
    assert ask(before, "/en/").status == 200
    assert ask(before, "/en/", host="elsewhere.example").status == 400


@pytest.mark.django_db
def test_reader_without_tls_is_sent_to_it_though_the_page_is_in_memory(at_noon, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    before = Front(Counting(), 16)
    for _each in range(2):
        safe = ask(before, "/en/", x_forwarded_proto="https")
        assert (safe.status, safe.headers["Strict-Transport-Security"]) == (200, "max-age=60")
        for said in ({}, {"x_forwarded_proto": "http"}):
            assert ask(before, "/en/", **said).status == 301


@pytest.mark.django_db
def test_parameters_in_any_order_are_one_page_and_unknown_ones_none(at_noon):
    factories.event(date=dt.date(2020, 1, 1))
    before = front()
    first = ask(before, "/en/events/?when=past&kind=session")
    assert ask(before, "/en/events/?kind=session&when=past") == first
    assert before.application.asked == ["/en/events/"]
    assert (first.status, len(before.shelf)) == (200, 1)
    for unknown in ("?utm_source=x", "?sort=up"):
        assert ask(before, f"/en/events/{unknown}").status == 400
    assert len(before.shelf) == 1


def test_of_one_name_the_order_stays():
    assert normalised("b=2&a=1&&b=1&%61=0") == "a=1&%61=0&b=2&b=1"


@pytest.mark.django_db
def test_search_is_kept_nowhere(at_noon):
    factories.event()
    before = front()
    for _each in range(2):
        assert ask(before, "/en/search/?q=title").headers["Cache-Control"] == "no-store"
    assert (len(before.shelf), before.application.asked) == (0, ["/en/search/"] * 2)


@pytest.mark.django_db
def test_limit_of_the_open_api_holds_for_pages_in_memory(at_noon, settings):
    settings.API_RATE = "2/h"
    before, plain = front(), Counting()
    answers = [ask(before, "/api/v1/events") for _each in range(3)]
    assert [each.status for each in answers] == [200, 200, 429]
    assert len({each.headers["RateLimit"] for each in answers[:2]}) == 2
    caches["limits"].clear()
    other = ask(plain, "/api/v1/events")
    told = [each.headers.pop("RateLimit")[:9] for each in (other, answers[0])]
    assert (other, told) == (answers[0], ['"api";r=1'] * 2)
    assert len(before.application.asked) == 2


@pytest.mark.django_db
def test_what_goes_through_two_fronts_is_counted_once(at_noon, settings):
    settings.API_RATE = "9/h"
    left = [ask(front(), "/api/v1/events").headers["RateLimit"] for _each in range(2)]
    assert [each.partition(";t=")[0] for each in left] == ['"api";r=8', '"api";r=7']


# --- Bounded --------------------------------------------------------------------------------------


class Heavy:
    def __init__(self, weight):
        self.heavy = weight

    def weight(self):
        return self.heavy


def test_memory_is_bounded_in_entries_and_bytes():
    shelf = Shelf(3, 100)
    for name in "abcd":
        shelf.put(name, Heavy(10))
    assert [bool(shelf.get(name)) for name in "abcd"] == [False, True, True, True]
    shelf.get("b")
    shelf.put("e", Heavy(80))
    assert ([bool(shelf.get(name)) for name in "bcde"], shelf.taken) == (
        [True, False, True, True], 100,
    )  # fmt: skip
    shelf.put("e", Heavy(101))
    assert (shelf.get("e"), shelf.taken) == (None, 20)
    grown = shelf.get("b")
    grown.heavy = 95
    shelf.weigh("b", grown)
    assert (len(shelf), shelf.taken) == (1, 95)
    shelf.weigh("b", Heavy(1))
    assert shelf.taken == 95


@pytest.mark.django_db
def test_memory_counts_what_was_compressed(at_noon):
    factories.event()
    before = front()
    ask(before, "/en/")
    alone = before.shelf.taken
    ask(before, "/en/", accept_encoding="br")
    assert before.shelf.taken > alone
    assert before.shelf.taken == before.shelf.get(address_of(environ("/en/"))).weight()


def test_large_answer_is_not_kept(stubbed, monkeypatch):
    monkeypatch.setattr(fronts, "LARGEST", 5)
    before = stubbed()
    assert [crowd(before, 1)[0].body for _each in range(2)] == [b"page 1", b"page 2"]


@pytest.mark.django_db
def test_same_bytes_are_compressed_once_however_many_seconds_pass(at_noon, monkeypatch):
    factories.event()
    before, packed = front(), []
    compress = brotli.compress
    monkeypatch.setattr("brotli.compress", lambda *a, **k: packed.append(1) or compress(*a, **k))
    answers = []
    for second in range(3):
        at_noon(second)
        answers.append(ask(before, "/en/events/", accept_encoding="br"))
    assert (len(set(map(str, answers))), len(packed), len(before.application.asked)) == (1, 1, 3)


def test_djangos_cache_is_bounded_in_bytes_too():
    cache = BoundedCache("bounded", {"OPTIONS": {"MAX_BYTES": 1000}})
    for number in range(5):
        cache.set(str(number), b"x" * 300)
    assert [cache.get(str(number)) is not None for number in range(5)] == [
        False, False, True, True, True,
    ]  # fmt: skip
    cache.set("large", b"x" * 2000)
    assert cache.get("large") is None
    cache.clear()


# --- Several processes ----------------------------------------------------------------------------


class Redis:
    """As much of a cache that is shared as pages use; it can be away."""

    def __init__(self):
        self.held, self.away, self.tried = {}, False, 0

    def get(self, key):
        self.tried += 1
        if self.away:
            raise ConnectionError("away")
        return pickle.loads(self.held[key][0]) if key in self.held else None

    def set(self, key, value, seconds):
        self.held[key] = pickle.dumps(value), seconds


@pytest.fixture
def redis(monkeypatch):
    cache = Redis()
    monkeypatch.setattr("events.public.sharedcache._away_until", {})
    monkeypatch.setattr("events.public.sharedcache.caches", {"pages": cache})
    return cache


@pytest.mark.django_db
def test_other_process_gets_the_page_for_the_same_second_alone(stubbed, redis, at_noon):
    one, other = stubbed(), stubbed()
    assert ask(one, "/en/", accept_encoding="br") == ask(other, "/en/", accept_encoding="br")
    assert (one.application.asked, other.application.asked) == (1, 0)
    assert {seconds for _bytes, seconds in redis.held.values()} == {1}
    at_noon(1)
    ask(other, "/en/")
    assert (one.application.asked, other.application.asked) == (1, 1)


@pytest.mark.django_db
def test_shared_cache_that_is_away_is_left_alone(stubbed, redis, at_noon):
    redis.away = True
    before = stubbed()
    for second in range(3):
        at_noon(second)
        assert ask(before, "/en/").body == f"page {second + 1}".encode()
    assert redis.tried == 1


# --- The door -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_public_address_meets_no_session_user_or_token(client, officer, monkeypatch):
    """Nothing of the staff's side is even there for a view of the public door."""
    seen = []
    monkeypatch.setattr(
        "events.public.pages._only", lambda request, *known: seen.append(set(vars(request)))
    )
    client.force_login(officer)
    assert client.get("/en/").status_code == 200
    assert seen
    assert not any({"session", "user", "_messages", "csrf_processing_done"} & each for each in seen)


@pytest.mark.django_db
def test_staff_address_meets_them_all(client, officer):
    client.force_login(officer)
    answer = client.get("/admin/")
    request = answer.wsgi_request
    assert (request.user, hasattr(request, "session"), hasattr(request, "_messages")) == (
        officer, True, True,
    )  # fmt: skip


@pytest.mark.django_db
def test_public_address_asks_no_session_of_the_database(client, officer):
    client.force_login(officer)
    with CaptureQueriesContext(connection) as queries:
        client.get("/en/contacts/")
    assert not [each for each in queries if "session" in each["sql"] or "auth_user" in each["sql"]]


@pytest.mark.django_db
def test_form_of_the_staff_from_elsewhere_is_still_refused(officer):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    assert strict.post("/admin/events/statement/add/", {"a": "b"}).status_code == 403
    assert strict.post("/en/events/", {"a": "b"}).status_code == 405


@pytest.mark.django_db
def test_page_is_handed_out_to_a_server_whole(at_noon):
    """What a WSGI server gets is a list of bytes of the length that was announced."""
    before = front()
    told = sent(before, environ("/en/"))
    assert int(told.headers["Content-Length"]) == len(told.body)
