"""Two app hosts behind nginx, with a replica and Redis, as they are shipped: never early, never
late, and nobody notices that one of them is gone."""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from .machines import DEPLOY, HOST, Machines, adapted, machines

pytestmark = [
    pytest.mark.machines, pytest.mark.postgresql, pytest.mark.subprocess, pytest.mark.long,
    pytest.mark.xdist_group("machines"),  # all on one worker: they are started once
    pytest.mark.django_db,  # so that there is a database of the tests, to be copied
]  # fmt: skip
TLS = ssl._create_unverified_context()  # a certificate of the tests' own
TLS.set_alpn_protocols(["http/1.1"])
STATEMENTS = "/en/statements/"
APPS = ("one", "two")
PLACES = (*APPS, "nginx")


@pytest.fixture(scope="module")
def office(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
    assert name.startswith("test_")
    there = re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", os.environ["DATABASE_URL"])
    with machines(there) as started:
        yield started


@dataclass(frozen=True)
class Seen:
    """An answer: when it was asked for and when it had come (the clock on the wall)."""

    place: str
    asked: float
    came: float
    status: int
    headers: dict[str, str]
    body: bytes


class NamedConnection(http.client.HTTPSConnection):
    """To the loopback, by the name of the site."""

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = TLS.wrap_socket(self.sock, server_hostname=HOST)


class Reader:
    """Somebody who reads on one connection: of nginx, or of an app host as nginx would ask it."""

    def __init__(self, office: Machines, place: str) -> None:
        self.place, self.headers = place, {"Host": HOST}
        port = office.ports["https" if place == "nginx" else place]
        kind: Any = NamedConnection if place == "nginx" else http.client.HTTPConnection
        self.connection = kind("127.0.0.1", port, timeout=20)
        if place != "nginx":
            self.headers["X-Forwarded-Proto"] = "https"

    def get(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> Seen:
        asked = time.time()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, body, self.headers | named)
        answer = self.connection.getresponse()
        content = answer.read()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Seen(self.place, asked, time.time(), answer.status, told, content)

    def close(self) -> None:
        self.connection.close()


def get(office: Machines, place: str, path: str, *words: Any, **more: Any) -> Seen:
    """One answer, on a connection of its own."""
    reader = Reader(office, place)
    try:
        return reader.get(path, *words, **more)
    finally:
        reader.close()


def watched(office: Machines, path: str, places: Any, until: Any) -> list[Seen]:
    """What each place answers, fifty times a second, until a time on the clock, which may be set
    meanwhile: until[0]."""

    def watch(place: str) -> list[Seen]:
        reader, seen = Reader(office, place), []
        while time.time() < (until[0] if isinstance(until, list) else until):
            seen.append(reader.get(path))
            time.sleep(0.02)
        reader.close()
        return seen

    with ThreadPoolExecutor(len(places)) as pool:
        return [each for found in pool.map(watch, places) for each in found]


@contextmanager
def crowd(office: Machines, path: str, connections: int = 4):
    """Readers who reload a page through nginx without a pause; yields what they were answered."""
    over, statuses = threading.Event(), []

    def reload() -> None:
        reader = Reader(office, "nginx")
        while not over.is_set():
            try:
                statuses.append(reader.get(path).status)
            except (OSError, http.client.HTTPException) as problem:
                statuses.append(repr(problem))
                reader.close()
        reader.close()

    threads = [threading.Thread(target=reload) for _each in range(connections)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        over.set()
        for thread in threads:
            thread.join()


def answered(seen: Any) -> set[tuple[str, int]]:
    """Which places answered, and how."""
    return {(each.place, each.status) for each in seen}


def all_well(places: Any) -> set[tuple[str, int]]:
    """That every place answered, and with a page each time."""
    return {(place, 200) for place in places}


def late(seen: list[Seen], word: bytes, since: float) -> float:
    """Seconds after `since` at which somebody last asked and was not shown the word."""
    return max((each.asked - since for each in seen if word not in each.body), default=0.0)


def test_release_is_everywhere_within_a_second_and_nowhere_before(office):
    at = int(time.time()) + 10
    office.ask("approve", slug="for-a-moment", title="Appointed word", at=at)
    time.sleep(max(0, at - 2 - time.time()))
    with crowd(office, STATEMENTS) as statuses:
        seen = watched(office, STATEMENTS, PLACES, at + 1.6)
    word = b"Appointed word"
    assert answered(seen) == all_well(PLACES)
    assert set(statuses) == {200}
    early = [each for each in seen if word in each.body and each.came < at]
    assert early == []
    # An app host answers for the second in which it is asked: there is nothing to wait for.
    for place in APPS:
        own = [each for each in seen if each.place == place]
        assert len([each for each in own if each.came < at]) >= 20
        assert late(own, word, at) <= 0
    assert late(seen, word, at) < 1
    assert {each.place for each in seen if word in each.body} == set(PLACES)


def test_item_released_now_is_everywhere_within_a_second(office):
    with crowd(office, STATEMENTS) as statuses, ThreadPoolExecutor(1) as pool:
        until = [time.time() + 60]
        watching = pool.submit(watched, office, STATEMENTS, PLACES, until)
        committed = office.ask("release", slug="at-once", title="Sudden word")
        until[0] = time.time() + 2
        seen = watching.result()
    assert answered(seen) == all_well(PLACES)
    assert set(statuses) == {200}
    assert late(seen, b"Sudden word", committed) < 1
    assert max(each.asked for each in seen) > committed + 1


def test_what_the_replica_has_not_seen_is_read_from_the_primary(office):
    office.sql("select pg_wal_replay_pause()", "replica")
    try:
        committed = office.ask("release", slug="unreplayed", title="Unreplayed word")
        path = "/en/statements/unreplayed/"
        seen = watched(office, path, APPS, time.time() + 2)
        rows = "select count(*) from events_publication where slug = 'unreplayed'"
        there = [office.sql(rows, name) for name in ("primary", "replica")]
    finally:
        office.sql("select pg_wal_replay_resume()", "replica")
    assert there == [1, 0]
    assert answered(each for each in seen if each.asked > committed + 1) == all_well(APPS)


def _read_on(office: Machines, name: str) -> int:
    """Rows that queries have read of the publications, on one of the two."""
    return office.sql(
        "select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::int "
        "from pg_stat_user_tables where relname = 'events_publication'", name,
    )  # fmt: skip


def test_readers_are_answered_from_the_replica_while_it_is_fresh(office):
    before = _read_on(office, "replica")
    for _second in range(3):
        for place in APPS:
            assert get(office, place, STATEMENTS).status == 200
            assert get(office, place, "/en/").status == 200
        time.sleep(1)
    deadline = time.monotonic() + 15  # until its counts are told
    while _read_on(office, "replica") == before and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _read_on(office, "replica") > before


def test_site_goes_on_without_the_replica(office):
    office.kill("replica", signal.SIGINT)
    try:
        seen = watched(office, STATEMENTS, PLACES, time.time() + 2)
    finally:
        office.start_database("replica")
    assert answered(seen) == all_well(PLACES)


def test_site_goes_on_without_one_app_host(office):
    with crowd(office, STATEMENTS) as statuses:
        time.sleep(1)
        office.kill("one")
        killed = len(statuses)
        time.sleep(3)
    assert set(statuses) == {200}
    assert len(statuses) > killed
    office.start_app("one")
    office.until_answers("one")


def test_site_goes_on_without_redis(office):
    office.kill("redis")
    try:
        seen = [get(office, "nginx", path) for path in (STATEMENTS, "/en/", "/api/v1/events")]
    finally:
        office.start_redis()
    assert [each.status for each in seen] == [200, 200, 200]


def test_sentence_in_place_of_a_page_while_no_app_host_answers(office):
    for name in APPS:
        office.kill(name)
    try:
        paths = ("/en/events/", "/kk/", "/api/v1/events", "/ru/events.json", "/admin/")
        seen = {path: get(office, "nginx", path) for path in paths}
        sent = get(office, "nginx", "/admin/", "POST", b"title=typed")
    finally:
        for name in APPS:
            office.start_app(name)
            office.until_answers(name)
    deadline = time.monotonic() + 15  # nginx leaves each alone for five seconds
    while (back := get(office, "nginx", "/healthz").status) != 200 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert back == 200
    assert {each.status for each in (*seen.values(), sent)} == {503}
    assert {each.headers["retry-after"] for each in seen.values()} == {"10"}
    assert {each.headers["cache-control"] for each in seen.values()} == {"no-store"}
    assert b'lang="kk"' in seen["/kk/"].body
    assert b'lang="en"' in seen["/en/events/"].body
    kinds = [each.headers["content-type"] for each in seen.values()]
    assert kinds == [
        "text/html; charset=utf-8", "text/html; charset=utf-8", "application/problem+json",
        "application/problem+json", "text/html; charset=utf-8",
    ]  # fmt: skip
    for each in seen.values():
        assert "last-modified" not in each.headers
        assert each.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_nginx_passes_on_what_it_knows_and_tells_nothing_of_itself(office):
    hot = get(office, "nginx", "/en/", Accept_Encoding="gzip, deflate, br")
    own = get(office, "one", "/en/", Accept_Encoding="br")
    assert hot.headers["content-encoding"] == "br"
    assert (hot.body, hot.headers["etag"]) == (own.body, own.headers["etag"])
    assert hot.headers["server"] == "nginx"
    again = get(office, "nginx", "/en/", Accept_Encoding="br", If_None_Match=hot.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    head = get(office, "nginx", "/en/", "HEAD", Accept_Encoding="br")
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", hot.headers["etag"])
    assert get(office, "nginx", "/en/", "TRACE").status == 405
    # A forged scheme or address does not reach the press office: no redirect to itself, no 400.
    forged = get(office, "nginx", "/en/", X_Forwarded_Proto="http", X_Forwarded_Host="evil.example")
    assert (forged.status, forged.body) == (200, get(office, "nginx", "/en/").body)


def test_cookies_get_through_to_the_staffs_doors_alone(office):
    for door in sorted(settings.STAFF_DOORS - {"accounts"}):
        seen = get(office, "nginx", f"/{door}/", Cookie=f"language-{door}=kk")
        assert seen.headers["content-language"] == "kk"
        assert "no-store" in seen.headers["cache-control"]
    page = get(office, "nginx", "/en/", Cookie="__Host-sessionid=anybody")
    assert page.headers["cache-control"] == "public, max-age=0, s-maxage=1"
    assert "set-cookie" not in page.headers


def test_static_files_come_from_the_disk_and_last(office):
    page = get(office, "nginx", "/en/").body.decode()
    style = re.search(r'href="(/static/css/site\.[0-9a-f]{12}\.css)"', page)[1]
    sent = get(office, "nginx", style, Accept_Encoding="gzip")
    assert sent.status == 200
    assert sent.headers["cache-control"] == "max-age=315360000, public, immutable"
    assert sent.headers["content-encoding"] == "gzip"
    assert sent.headers["x-content-type-options"] == "nosniff"
    assert get(office, "nginx", "/static/css/nothing.css").status == 404


def test_keys_of_previews_are_in_no_log(office):
    for path in ("/preview/a-secret-key/", "/accounts/a-secret-key/", "/en/search/?q=a-secret-key"):
        get(office, "nginx", path)
    time.sleep(6)  # nginx writes what it has collected every five seconds
    log = (office.place / "pressoffice.log").read_text()
    assert "/preview/..." in log
    written = [path.read_text(errors="replace") for path in office.place.glob("*.log")
               if path.name.startswith(("pressoffice", "nginx"))]  # fmt: skip
    assert [text.count("a-secret-key") for text in written] == [0] * len(written)


def test_unknown_hosts_get_no_answer_and_known_ones_are_sent_to_tls(office):
    with (
        socket.create_connection(("127.0.0.1", office.ports["https"])) as plain,
        pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"),
    ):
        TLS.wrap_socket(plain, server_hostname="other.example")
    reader = http.client.HTTPConnection("127.0.0.1", office.ports["http"], timeout=5)
    reader.request("GET", "/en/?a=b", headers={"Host": HOST})
    answer = reader.getresponse()
    answer.read()
    reader.close()
    assert (answer.status, answer.getheader("Location")) == (301, f"https://{HOST}/en/?a=b")


def test_nginx_speaks_http_2(office):
    context = ssl._create_unverified_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", office.ports["https"])) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as spoken,
    ):
        assert spoken.selected_alpn_protocol() == "h2"


def test_nginx_has_nothing_to_complain_of(office):
    assert "test is successful" in office.checked
    assert "[warn]" not in office.checked


def test_doors_of_the_staff_are_the_same_for_nginx():
    text = adapted("pressoffice.nginx.conf", {})
    (doors,) = re.findall(r'"~\^/\(([a-z|]+)\)/" \$http_cookie', text)
    assert set(doors.split("|")) == settings.STAFF_DOORS
    located = re.findall(r"location ~ \^/\((admin[a-z|]*|accounts[a-z|]*)\)/", text)
    assert {each for found in located for each in found.split("|")} == settings.STAFF_DOORS


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_units_are_understood(tmp_path):
    names = sorted(path.name for path in (DEPLOY / "systemd").iterdir())
    for name in names:
        # Programs and accounts of an office are not on this machine.
        text = adapted(f"systemd/{name}", {})
        text = re.sub(r"^(ExecStart=)/srv/\S+", rf"\1{sys.executable}", text, flags=re.MULTILINE)
        (tmp_path / name).write_text(text)
    checked = [name.replace("@.", "@check.") for name in names]
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in checked)],
        capture_output=True, text=True, env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    assert [line for line in ran.stderr.splitlines() if "pressoffice" in line] == []
