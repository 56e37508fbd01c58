"""A hostile day: what is sent to break in, to be taken for somebody else, or to bring the site to
its knees. Sign-in has tests of its own (test_signin.py), and so have uploads (test_uploads.py)."""

import json
import re
import time
import uuid
from typing import Any

import pytest
from django.conf import settings as site
from django.core import signing
from django.test import Client
from django.urls import reverse

from events import clients, editions, preview, publishing, search
from events.admin.preview import _SALT, COOKIE
from events.models import Change

from . import acts, factories
from .test_leaks import addresses, public_routes
from .test_limits import of_record, staff_routes

pytestmark = pytest.mark.django_db
EVIL = "evil.example"
SPOOFED = {
    "X-Forwarded-Host": EVIL, "X-Forwarded-For": "203.0.113.66", "X-Forwarded-Proto": "https",
    "X-Forwarded-Server": EVIL, "X-Forwarded-Port": "1", "X-Forwarded-Prefix": f"//{EVIL}",
    "Forwarded": f"for=203.0.113.66;host={EVIL};proto=https", "X-Host": EVIL,
    "X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/", "X-HTTP-Method-Override": "DELETE",
    "X-Real-IP": "203.0.113.66", "True-Client-IP": "203.0.113.66", "Origin": f"https://{EVIL}",
    "Referer": f"https://{EVIL}/", "X-Script-Name": f"//{EVIL}", "X-User": "root",
    "Authorization": "Basic cm9vdDpyb290", "Cookie": "sessionid=1; preview=1; csrftoken=1",
}  # fmt: skip
# What differs each time, or says what is left to one reader.
_NOT_COMPARED = ("RateLimit",)


@pytest.fixture
def rows():
    return factories.whole("published", "Plain", "KZ")


def sample(rows: Any) -> list[str]:
    """One address of every public route."""
    found = [next(iter(addresses(route, rows)), "") for route in public_routes()]
    return [each for each in found if each]


def answered(answer: Any) -> tuple[Any, ...]:
    headers = {name: value for name, value in answer.headers.items() if name not in _NOT_COMPARED}
    return answer.status_code, answer.getvalue(), headers


# --- Whom the site takes itself, and the reader, for ----------------------------------------------


@pytest.mark.parametrize(
    "host", [EVIL, f"localhost.{EVIL}", f"localhost@{EVIL}", f"localhost:80@{EVIL}", "localhost:x",
             f"127.0.0.1#{EVIL}", f"{EVIL}:80", "", "a\tb", "[::1", "press.example.evil.example"],
)  # fmt: skip
def test_host_that_is_not_ours_is_refused_and_never_repeated(client, rows, host, settings):
    settings.ALLOWED_HOSTS = ["localhost", "press.example"]
    for address in ("/admin/", "/accounts/login/", "/preview/", "/admin/events/event/"):
        answer = client.get(address, headers={"Host": host})
        told = answer.getvalue().decode() + str(answer.headers)
        assert (answer.status_code, EVIL in told) == (400, False), (host, address)
    for address in ("/", "/en/", rows["event"].get_absolute_url(), "/sitemap.xml"):
        answer = client.get(address, headers={"Host": host})
        assert EVIL not in answer.getvalue().decode() + str(answer.headers), (host, address)


def test_no_header_from_outside_changes_a_public_answer(client, rows, settings):
    """Neither its bytes nor where it leads: what one reader sends is in no other's cache."""
    settings.API_RATE = ""
    plain = {each: answered(client.get(each)) for each in sample(rows)}
    for address, before in plain.items():
        assert answered(Client().get(address, headers=SPOOFED)) == before, address


def test_address_of_a_reader_is_that_of_the_connection(rf, settings):
    for behind, expected in ((False, "192.0.2.7"), (True, "203.0.113.66")):
        settings.BEHIND_PROXY = behind
        assert clients.client(rf.get("/", headers=SPOOFED, REMOTE_ADDR="192.0.2.7")) == expected
    claimed = {"X-Forwarded-For": "198.51.100.1, 203.0.113.66"}
    assert clients.client(rf.get("/", headers=claimed, REMOTE_ADDR="192.0.2.7")) == "203.0.113.66"


@pytest.mark.parametrize("name", ["utm_source", "cb", "_", "callback", "jsonp", "lang",
                                  "format", "x-forwarded-host", "%00", "a" * 500])  # fmt: skip
def test_unknown_parameter_is_no_key_to_a_cache(client, rows, name):
    """A page answers it as what it does not know, or not differently at all."""
    for address in ("/en/", "/en/events/", rows["event"].get_absolute_url(), "/en/feeds/latest.rss",
                    "/api/v1/events", "/en/events/calendar.ics"):  # fmt: skip
        answer = client.get(f"{address}?{name}=https://{EVIL}/")
        assert answer.status_code in (400, 404, 422), (address, name)
        assert "no-store" in answer["Cache-Control"]
        assert EVIL not in answer.headers.get("Location", "")


# --- Where it leads, and what it gives ------------------------------------------------------------

ELSEWHERE = (f"https://{EVIL}/", f"//{EVIL}/", f"/\\{EVIL}", f"\\\\{EVIL}", f"///{EVIL}",
             f"/admin//{EVIL}/../..//{EVIL}", "javascript:alert(1)", f"/%09/{EVIL}", f"/\t/{EVIL}",
             f"https:{EVIL}", f"http:///{EVIL}", f"/admin/\r\nLocation: https://{EVIL}",
             f"{EVIL}/admin/", f"@{EVIL}", f"/@{EVIL}", f"data:text/html,{EVIL}")  # fmt: skip


@pytest.mark.parametrize("to", ELSEWHERE)
def test_nothing_leads_elsewhere(client, as_user, officer, to):
    """Whichever word an address calls it by, before signing in and after."""
    names = ("next", "url", "to", "redirect", "return", "continue", "back", "_popup", "_to_field",
             "_changelist_filters")  # fmt: skip
    named = dict.fromkeys(names, to)
    for browser in (Client(), as_user(officer)):
        for address in ("/admin/login/", "/accounts/login/", "/accounts/reauthenticate/", "/admin/",
                        "/accounts/", "/preview/"):  # fmt: skip
            for answer in (browser.get(address, named), browser.post(address, named)):
                where = answer.headers.get("Location", "")
                assert answer.status_code < 500, address
                assert re.fullmatch(r"(/[a-z][^\\]*)?", where), (address, where)
                assert not where.startswith(f"/{EVIL}")
        answer = browser.post("/admin/language/", {"language": "ru", "next": to})
        assert re.fullmatch(r"/(admin|accounts|preview|rehearsal)/[^\r\n]*", answer["Location"])


@pytest.mark.parametrize("path", [
    "../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/secret-key", "..\\secret-key",
    "....//....//secret-key", "%252e%252e%252fsecret-key", "secret-key%00.pdf", "/etc/passwd",
    "file:///etc/passwd", "C:\\boot.ini", ".", "..", "~root", "db.sqlite3", "%c0%ae%c0%ae/x",
])  # fmt: skip
def test_address_of_a_file_leads_to_no_other(client, as_user, officer, rows, path):
    photo, document = rows["photo"], rows["attachment"]
    browser = as_user(officer)
    for begin in (f"/files/{document.pk}/", f"/photos/{photo.pk}/", "/static/", "/api/v1/dumps/",
                  f"/photos/{photo.pk}/{'0' * 12}/", "/cards/", f"/preview/{rows['event'].pk}/",
                  f"/preview/{rows['event'].pk}/files/{document.pk}/",
                  f"/admin/events/photo/{photo.pk}/picture/",
                  f"/admin/events/event/{rows['event'].pk}/files/{document.pk}/"):  # fmt: skip
        answer = browser.get(f"{begin}{path}", follow=False)
        assert answer.status_code in (301, 302, 400, 403, 404), begin
        assert b"root:" not in answer.getvalue()
        assert "evil" not in answer.headers.get("Location", "")


# --- Forms that come from elsewhere ---------------------------------------------------------------


def test_every_form_of_the_staff_needs_its_token_and_frames_nowhere(officer):
    """Every route is sent a form without a token: it is refused, and none is taken for GET."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(officer)
    samples = {"pk": ["1"], "act": ["lock"], "language": ["ru"], "holder": str(uuid.UUID(int=7)),
               "version": "0" * 12, "app_label": ["events"]}  # fmt: skip
    taken = []
    for name, route in staff_routes():
        if name in ("view_on_site", "app_list"):
            continue
        for address in of_record(re.sub(r"<path:(object_id)>", r"<x:\1>", route), uuid.UUID(int=7),
                                 samples):  # fmt: skip
            answer = browser.post(address, {"action": "delete_selected"})
            if answer.status_code != 403:
                taken.append((name, answer.status_code))
            assert answer.headers.get("X-Frame-Options") == "DENY", name
            assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], name
    assert taken == []


# --- Preview: what is nearly a token --------------------------------------------------------------


@pytest.fixture
def shared(officer):
    """An item with a link, another with another, and a visit that was begun by the first."""
    items = [factories.statement("draft", "Kryptonym") for _each in range(2)]
    links = [preview.make_link(item, officer, "The Daily Example") for item in items]
    client = Client()
    cookie = client.post(reverse("preview:door"), {"code": links[0][1]}).cookies[COOKIE].value
    return items, links, cookie


WIDE = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}


def test_a_thousand_cookies_that_are_nearly_right_open_nothing(shared):
    """Bits flipped, cut, signed for something else, by another key, for another link, long ago; in
    other digits and letters: each gets the answer that one without meaning gets."""
    items, links, cookie = shared
    link = links[0][0]
    value, stamp, mac = cookie.rsplit(":", 2)
    signed = signing.get_cookie_signer(salt=COOKIE + _SALT).sign
    others = signing.get_cookie_signer(salt=f"other{_SALT}").sign
    forged = [cookie[:length] for length in range(0, len(cookie), 2)]
    forged += [cookie[:at] + chr(ord(cookie[at]) ^ bit) + cookie[at + 1 :]
               for at in range(len(cookie)) for bit in (1, 2, 4, 8, 16, 32)]  # fmt: skip
    forged += [
        signed(str(links[1][0].pk)), others(str(link.pk)), signed(links[0][1]), signed(""),
        signed(str(link.pk).upper()) + "x", signed(f"{link.pk}\u200b"), signed(str(uuid.uuid4())),
        signing.TimestampSigner(key="x" * 50, salt=COOKIE + _SALT).sign(str(link.pk)),
        f"{value}:{stamp}:{mac}:{mac}", f"{value}::{mac}", f"{value}:{stamp}:", f":{stamp}:{mac}",
        f"{value}:1:{mac}", f"{value}:zzzzzz:{mac}", f"{value}:{stamp.swapcase()}:{mac}",
        f"{value}:{stamp}:{mac.swapcase()}", str(link.pk), links[0][1], " ", "a" * 9_000,
        f"{value.translate(WIDE)}:{stamp}:{mac}", f"{value}:{stamp}:{mac}".replace(":", "："),
        signing.dumps(str(link.pk), salt=COOKIE + _SALT), link.code_hash,
    ]  # fmt: skip
    assert len(forged) > 300
    forged += [signing.TimestampSigner(key=f"{number:050}", salt=COOKIE + _SALT).sign(value)
               for number in range(1000 - len(forged))]  # fmt: skip
    where = f"{preview.address(items[0])}en/statements/{items[0].slug}/"
    browser, answers = Client(), {}
    for each in forged:
        if each == cookie:
            continue
        browser.cookies[COOKIE] = each.encode("utf-8", "ignore").decode("latin-1")
        answer = browser.get(where)
        answers.setdefault((answer.status_code, answer.content), []).append(each)
    # A cookie of no value is none at all: whoever has none is led to where one is let in.
    led = {status: found for (status, _content), found in answers.items() if status == 302}
    assert set(led.get(302, ())) <= {""}
    refused = [content for (status, content) in answers if status == 403]
    assert (len(refused), {status for status, _content in answers} - {302}) == (1, {403})
    browser.cookies[COOKIE] = signed(str(uuid.UUID(int=5)))
    assert browser.get(where).content == refused[0]
    browser.cookies[COOKIE] = cookie
    assert browser.get(where).status_code == 200


def test_preview_of_a_change_is_for_whoever_sees_the_whole_of_it(staff, event, writer, officer):
    """A change that touches what is limited to others: its preview, its links and the list of
    texts that a link may show know as little of it as the admin."""
    head, insider = staff("Head of press"), staff("Press officer", "insider")
    out = acts.released(event, writer, officer)
    secret = factories.statement("draft", "Kryptonym")
    publishing.limit(secret, head, [head, insider])
    base = editions.of(out).last()
    content = json.loads(json.dumps(base.snapshot["content"]))
    factory = factories.outcome(factories.event("draft"), "Kryptonym")
    row = next(part for part in editions.snapshot(factory.event)["parts"]["outcomes"])
    row["uid"] = str(uuid.uuid4())
    row["fields"]["announced_in"] = str(secret.pk)
    content["parts"]["outcomes"].append(row)
    change = Change.objects.create(
        model="event", record_uid=out.pk, base=base, kind="update", by=insider, snapshot=content,
        note_en="Kryptonym", proposed_at=base.at,
    )  # fmt: skip
    outside, inside = Client(), Client()
    outside.force_login(officer)
    inside.force_login(insider)
    never = preview.address(out, Change(uid=uuid.UUID(int=5)))
    for more in ("", "en/"):
        mine = outside.get(preview.address(out, change) + more)
        assert (mine.status_code, mine.content) == (404, outside.get(never + more).content)
    page = reverse("admin:events_event_preview_links", args=[out.pk])
    sent = {"for_whom": "X", "hours": "3", "change": str(change.pk)}
    before = outside.get(page).content.decode()
    assert (str(change.pk) in before, str(change.pk) in inside.get(page).content.decode()) == (
        False, True)  # fmt: skip
    outside.post(page, sent)
    assert not change.preview_links.exists()
    inside.post(page, sent)
    assert change.preview_links.count() == 1
    assert "Kryptonym" not in outside.get(page).content.decode()
    revoke = reverse("admin:events_event_revoke_preview_link",
                     args=[out.pk, change.preview_links.get().pk])  # fmt: skip
    assert outside.post(revoke).status_code == 404


# --- Too much ------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [
    "[" * 200_000, '{"a":' * 100_000, "[" * 50_000 + "]" * 50_000, "\x00" * 1000, "NaN", '"' * 9999,
    json.dumps({"x": "y" * 1_000_000}),
])  # fmt: skip
def test_deep_and_broken_json_is_refused_by_every_method(client, body):
    for address in ("/api/v1/events", "/api/v1/", "/en/events.json"):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(client, method)(address, body, "application/json")
            assert answer.status_code in (400, 404, 405, 413, 415, 429), (method, address)


@pytest.mark.parametrize("query", ["q=" + "a" * 100_000, "&".join(f"a{n}=1" for n in range(6_000)),
                                   "year=" + "9" * 5_000, "after=" + "%41" * 20_000,
                                   "&".join(["topic=x"] * 3_000)])  # fmt: skip
def test_huge_query_is_refused_or_answered_and_costs_little(client, rows, query):
    for address in ("/en/search/", "/en/events/", "/api/v1/events", "/en/feeds/latest.atom"):
        answer = client.get(f"{address}?{query}")
        assert answer.status_code in (200, 301, 400, 404, 414, 422, 429), address
        assert len(answer.getvalue()) < 500_000


# What makes a careless pattern go back again and again.
WORDS = (
    "a" * 200, "a " * 100, '"' + "a" * 198, '"' * 200, "-" * 200, "(a+)+$" * 30,
    "a" * 100 + "!" * 100,
    "«" * 200, "«»" * 100, "- -" * 60, "\u0301" * 200, "а" * 199 + "ё", "İ" * 200, "<" * 200,
    "<a " * 60, "." * 200, "\\" * 200, "[" * 200, "ﬃ" * 200, "%" * 200,
)  # fmt: skip


def test_no_question_takes_much_longer_than_another(client, as_user, officer):
    """Of readers and of the staff: relative to an ordinary one, so that a slow machine is no
    failure. The text that is searched is long and of few letters, as a careless pattern has it."""
    link = f'<a href="https://x.example/{"a" * 3_000}">x</a>'
    text = f"<p>{'a' * 3_000}{' aa' * 3_000}</p><p>{link}</p>"
    item = factories.statement("published", "Plain", body_en=text)
    factories.listed(item)
    browser = as_user(officer)

    def took(address: str, words: str) -> float:
        begun = time.process_time()
        assert browser.get(address, {"q": words}).status_code in (200, 400)
        return time.process_time() - begun

    for address in ("/en/search/", "/admin/search/", "/admin/events/statement/"):
        took(address, "plain")
        ordinary = max(took(address, "plain title") for _each in range(3))
        slow = {words: seconds for words in WORDS
                if (seconds := took(address, words)) > 20 * ordinary + 0.5}  # fmt: skip
        assert slow == {}, address


def test_search_reads_any_question_in_linear_time():
    """Four times the letters, and no more than some twelve times the time."""

    def took(text: str) -> float:
        begun = time.process_time()
        for _each in range(5):
            search.parse(text)
        return time.process_time() - begun

    for piece in ('"a ', "-a ", "«", "a-", '" -'):
        short = min(took(piece * 5_000) for _each in range(3))
        assert took(piece * 20_000) < 12 * short + 0.2, piece


def test_secret_of_the_site_is_in_no_answer(client, rows):
    for address in ("/en/", "/admin/login/", "/healthz", "/readyz", "/nothing/", "/api/v1/nothing"):
        assert site.SECRET_KEY not in client.get(address, follow=True).getvalue().decode()
