"""What is written down: one line of JSON, with its request's number, and never a secret."""

import json
import logging
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client

from events import clients, missed
from events.public.front import Front
from pressoffice.logs import JSONLines, Numbered

from . import factories
from .fronted import connection_kept

SECRET = "The-embargoed-words"


def line(message: str, *args, exc_info=None, **extra) -> dict:
    logger = logging.getLogger("events.somewhere")
    record = logger.makeRecord(logger.name, logging.INFO, "", 1, message, args, exc_info, "", extra)
    written = JSONLines().format(record)
    assert "\n" not in written
    return json.loads(written)


def test_line_says_when_how_grave_who_and_what():
    said = line("It was %s.", "done", number=3, body_en=SECRET)
    at = datetime.fromisoformat(said.pop("at"))
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60
    assert said == {
        "level": "INFO", "logger": "events.somewhere", "message": "It was done.", "number": 3,
    }  # fmt: skip


def test_line_has_the_number_of_the_request_that_is_being_answered():
    with clients.asked_by(clients.Asking("number-of-a-request", "192.0.2.1")):
        assert line("x")["request_id"] == "number-of-a-request"
    assert "request_id" not in line("x")


@pytest.mark.parametrize(
    "message",
    [
        f"GET /en/search/?q={SECRET} HTTP/1.1", f'"GET /preview/?code={SECRET}"',
        f"went to https://press.example/preview/x/?a=1&b={SECRET}", f"Not Found: /x?{SECRET}",
    ],
)  # fmt: skip
def test_no_query_of_an_address_is_written(message):
    assert SECRET not in json.dumps(line(message))


def test_exception_is_told_by_its_kind_and_place_never_by_its_words():
    try:
        try:
            raise DatabaseError(f"Failing row contains ({SECRET})")
        except DatabaseError as problem:
            raise ValueError(SECRET) from problem
    except ValueError:
        said = line("Failed", exc_info=sys.exc_info())
    assert SECRET not in json.dumps(said)
    assert [each["type"] for each in said["exception"]] == [
        "builtins.ValueError", "django.db.utils.DatabaseError",
    ]  # fmt: skip
    assert "test_logs.py" in said["exception"][0]["at"][-1]


def test_controls_and_surrogates_stay_in_their_line():
    written = JSONLines().format(
        logging.makeLogRecord({"msg": "a\nb\ud800\u2028\x1b[31m", "levelname": "INFO", "name": "x"})
    )
    assert len(written.splitlines()) <= 2  # U+2028 is a character of the text
    assert "\n" not in written
    assert "\x1b" not in written
    written.encode()


# --- The number of a request ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behind", "given", "is_kept"),
    [
        (True, "0af7651916cd43dd8448eb211c80319c", True), (False, "0af7651916cd43dd8448", False),
        (True, "short", False), (True, 'x" or "y' * 3, False), (True, "a" * 65, False),
        (True, "", False), (True, "абвгдежзи", False),
    ],
)  # fmt: skip
def test_number_is_a_trusted_proxys_or_a_new_one(settings, rf, behind, given, is_kept):
    settings.BEHIND_PROXY = behind
    request = rf.get("/", headers={"x-request-id": given})
    number = clients.request_id(request)
    assert (number == given) is is_kept
    assert clients._REQUEST_ID.fullmatch(number)
    assert is_kept or number != clients.request_id(request)


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::", "2001:db8:1::/48"), ("", "")],
)
def test_of_a_reader_the_network_is_kept(address, network):
    assert clients.network(address) == network


# --- Every 404 ------------------------------------------------------------------------------------


@pytest.fixture
def served(client, caplog):
    """Asks the whole server, as a WSGI server does: the status, and what was written."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test.client import FakePayload

    application = Numbered(Front(WSGIHandler()))

    def ask(path: str, method: str = "GET", query: str = "", **more):
        caplog.clear()
        environ = Client()._base_environ(
            PATH_INFO=path.encode().decode("latin-1"), REQUEST_METHOD=method, QUERY_STRING=query,
            SERVER_NAME="localhost", **more,
        )  # fmt: skip
        environ["wsgi.input"] = FakePayload(b"")
        environ["HTTP_HOST"] = "localhost"
        status = []
        with caplog.at_level(logging.DEBUG), connection_kept():
            body = application(environ, lambda code, headers, exc_info=None: status.append(code))
            list(body)
            getattr(body, "close", lambda: None)()
        found = [each for each in caplog.records if each.levelno >= logging.INFO]
        return status[0][:3], found

    return ask


@pytest.mark.django_db
def test_every_404_writes_the_same_line_and_nothing_else(served):
    hidden = factories.event("embargoed", "Hidden", slug="hidden-event-2090")
    attachment = factories.attachment(hidden, "Hidden")
    addresses = [
        ("/en/events/hidden-event-2090/", ""), ("/en/events/never-was-2090/", ""),
        (f"/files/{attachment.uid}/x.pdf", ""), ("/en/events/hidden-event-2090.json", ""),
        ("/nothing", ""), ("/admin-nothing/", ""), ("/api/v1/nothing", ""),
        ("/en/events/hidden-event-2090/", "utm=secret"), ("/қазақша/", ""),
    ]  # fmt: skip
    keys = set()
    for path, query in addresses:
        status, records = served(path, query=query, REMOTE_ADDR="203.0.113.9")
        if status != "404":
            assert (status, query) == ("400", "utm=secret")
            continue
        assert [record.name for record in records] == [missed.LOGGER], path
        said = json.loads(JSONLines().format(records[0]))
        keys.add(tuple(said))
        assert (said["path"], said["method"], said["address"]) == (path, "GET", "203.0.113.0/24")
    assert keys == {
        ("at", "level", "logger", "message", "request_id", "method", "path", "address")
    }  # fmt: skip


@pytest.mark.django_db
def test_crowd_at_an_address_with_nothing_leaves_a_line_each(served):
    numbers = set()
    for _each in range(3):
        _status, (record,) = served("/en/events/never-was/")
        numbers.add(record.request_id)
    assert len(numbers) == 3


@pytest.mark.django_db
def test_what_is_there_leaves_no_line(served):
    assert served("/robots.txt") == ("200", [])


def test_line_is_read_back_and_anything_else_is_not():
    asking = clients.Asking("number-of-it", "192.0.2.7")
    found = []
    handler = logging.Handler()
    handler.emit = lambda record: found.append(JSONLines().format(record))
    logger = logging.getLogger(missed.LOGGER)
    logger.addHandler(handler)
    try:
        missed.tell("GET", "/en/events/x/" + "y" * 400, asking)
    finally:
        logger.removeHandler(handler)
    miss = missed.read(f"Nov 25 12:00:00 host gunicorn[1]: {found[0]}\n")
    assert (miss.method, miss.address) == ("GET", "192.0.2.0/24")
    assert miss.path == ("/en/events/x/" + "y" * 400)[:300]
    for other in ("", "events.missed", found[0][:-5], '{"logger": "events.missed"}', "[1]",
                  '{"logger":"events.missed","at":"x","method":"G","path":"/","address":""}',
                  found[0].replace("events.missed", "events.other")):  # fmt: skip
        assert missed.read(other) is None


@pytest.mark.subprocess
def test_gunicorn_writes_lines_too_and_names_no_banner(tmp_path):
    code = (
        "import runpy, sys; sys.path.insert(0, '.'); "
        "conf = runpy.run_path('pressoffice/gunicorn.conf.py'); "
        "import logging.config, types; logging.config.dictConfig(conf['logconfig_dict']); "
        "import logging; logging.getLogger('gunicorn.error').info('begins'); "
        "from gunicorn.http.wsgi import Response; "
        "r = types.SimpleNamespace(req=types.SimpleNamespace(version=(1, 1)), version='gunicorn',"
        " status='200 OK', should_close=lambda: True, upgrade=False, chunked=False, headers=[]); "
        "print(Response.default_headers(r))"
    )
    environment = {"VAR_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    ran = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment,
                         capture_output=True, text=True, timeout=60)  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stderr)["message"] == "begins"
    assert "Server" not in ran.stdout
    assert "Date" in ran.stdout
