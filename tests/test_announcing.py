"""Hubs are told of each public act once, by whoever runs the command, and of nothing else."""

import datetime as dt
import http.server
import socket
import threading
from collections import Counter
from urllib.parse import parse_qs

import pytest
from django.core.management import call_command
from django.urls import reverse

from events import announcing, publishing, visibility
from events.announcing import pings
from events.models import Announcement, Ping, Statement

from . import acts, factories
from .test_settings import run as run_settings

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 6, 5, 0, 0, tzinfo=dt.UTC)
HOUR, SECOND = dt.timedelta(hours=1), dt.timedelta(seconds=1)
LATEST = "https://press.example/en/feeds/latest.rss"


class Hub(http.server.BaseHTTPRequestHandler):
    """A hub on this machine that answers as its server is told."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.heard.append(parse_qs(body))
        self.server.answer(self)

    def log_message(self, *args):
        pass


def accepts(handler):
    handler.send_response(202)
    handler.end_headers()


@pytest.fixture
def hub(settings):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.heard, server.answer = [], accepts
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    settings.WEBSUB_HUBS = [f"http://127.0.0.1:{server.server_port}/hub"]
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def people(staff):
    return staff("Press officer"), staff("Head of press")


@pytest.fixture
def clock():
    """A clock that a test moves."""
    held = [NOW]
    with visibility.clock_set_to(lambda: held[0]):
        yield held


def draft(word="Known", **fields):
    return factories.statement("draft", word, ready_ru=False, ready_kk=False, **fields)


def run(clock):
    with visibility.at(clock[0]):
        found = announcing.find()
    announcing.deliver()
    return [each.kind for each in found]


def heard(hub):
    """How often each feed was named to the hub, and how."""
    assert {tuple(each["hub.mode"]) for each in hub.heard} <= {("publish",)}
    assert all(each["hub.url"] == each["hub.topic"] for each in hub.heard)
    found = Counter(each["hub.url"][0] for each in hub.heard)
    hub.heard.clear()
    return found


def test_first_run_announces_nothing_old(hub, people, clock):
    acts.released(draft(), *people)
    assert (run(clock), heard(hub)) == ([], {})


def test_release_is_announced_once_at_its_second_without_any_act(hub, people, clock):
    run(clock)
    topic = factories.topic("Near")
    with publishing.saving(topic, people[0]):
        pass
    item = draft()
    item.topics.add(topic)
    acts.approved(item, *people, NOW + HOUR)
    clock[0] = NOW + HOUR - SECOND
    assert (run(clock), heard(hub), Announcement.objects.count()) == ([], {}, 0)
    clock[0] = NOW + HOUR
    assert run(clock) == ["released"]
    told = heard(hub)
    paths = [
        f"/{code}/{path}.{form}" for code in ("en", "ru", "kk") for form in ("rss", "atom", "json")
        for path in ("feeds/latest", "feeds/statements", f"topics/{topic.slug}/feed")
    ]  # fmt: skip
    assert told == {f"https://press.example{path}": 1 for path in paths}
    clock[0] += SECOND
    assert (run(clock), heard(hub)) == ([], {})


def test_each_act_on_what_is_public_is_announced_once(hub, people, clock):
    run(clock)
    item = acts.released(draft(), *people)
    assert run(clock) == ["released"]
    for act, kind in (
        (lambda row: acts.changed(row, *people, title_en="New"), "changed"),
        (lambda row: publishing.withdraw(row, people[1], {"en": "A reason."}), "withdrawn"),
        (lambda row: publishing.retract(row, people[1], {"en": "A reason."}), "retracted"),
    ):
        hub.heard.clear()
        clock[0] += HOUR
        item = act(Statement.objects.get())
        item = Statement.objects.get()
        assert run(clock) == [kind]
        assert heard(hub)[LATEST] == 1
    assert item.status == "retracted"
    assert (run(clock), heard(hub)) == ([], {})


def test_what_waits_or_is_hidden_is_not_announced(hub, people, clock):
    run(clock)
    hidden = acts.approved(draft("Hidden"), *people, NOW + 9 * HOUR)
    acts.changed(hidden, *people, title_en="Hidden and changed")
    item = acts.released(draft(), *people)
    run(clock)
    hub.heard.clear()
    publishing.withdraw(item, people[1], {"en": "A reason."})
    assert run(clock) == ["withdrawn"]
    hub.heard.clear()
    publishing.propose_reason(Statement.objects.get(pk=item.pk), people[0], {"en": "Another."})
    assert (run(clock), heard(hub)) == ([], {})


def test_archive_material_is_silent_but_for_its_retraction(hub, people, clock):
    run(clock)
    old = {"released_before": True, "first_released_on": dt.date(2007, 10, 6)}
    item = acts.released(draft(**old), *people)
    acts.changed(item, *people, title_en="Old and corrected")
    assert (run(clock), heard(hub)) == ([], {})
    publishing.retract(Statement.objects.get(), people[1], {"en": "A reason."})
    assert run(clock) == ["retracted"]
    assert heard(hub)[LATEST] == 1


def test_feed_that_a_text_has_left_is_told_too(hub, people, clock):
    run(clock)
    topics = [factories.topic("Near"), factories.topic("Far")]
    for topic in topics:
        with publishing.saving(topic, people[0]):
            pass
    staying, item = draft("Staying"), draft()
    staying.topics.add(topics[1])
    item.topics.add(*topics)
    acts.released(staying, *people)
    item = acts.released(item, *people)
    run(clock)
    hub.heard.clear()

    def without(content):
        content["many"]["topics"] = [str(topics[0].pk)]

    acts.changed(item, *people, edit=without)
    assert run(clock) == ["changed"]
    told = heard(hub)
    for topic in topics:
        assert told[f"https://press.example/en/topics/{topic.slug}/feed.rss"] == 1


def test_act_that_comes_to_light_late_is_announced(hub, people, clock):
    """A verb that is committed after a later one stands behind it in the order of editions."""
    run(clock)
    first = acts.released(draft("First"), *people)
    acts.released(draft("Second"), *people)
    run(clock)
    Announcement.objects.filter(record_uid=first.pk).delete()  # as if it had not been there
    hub.heard.clear()
    clock[0] += SECOND
    assert run(clock) == ["released"]
    assert heard(hub)[LATEST] == 1


def fails(status):
    def answer(handler):
        handler.send_response(status)
        handler.send_header("Location", "http://127.0.0.1:1/elsewhere")
        handler.end_headers()

    return answer


def says_garbage(handler):
    handler.wfile.write(b"\x00\xff garbage\r\n\r\n")


def drips(handler):
    for _each in range(200):
        try:
            handler.wfile.write(b"H")
            handler.wfile.flush()
        except OSError:
            return
        if handler.server.stopped.wait(0.05):
            return


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (fails(500), "answered 500"), (fails(302), "answered 302"), (fails(404), "answered 404"),
        (says_garbage, "not reached: BadStatusLine"), (drips, "not reached"),
    ],
)  # fmt: skip
def test_hub_that_fails_is_asked_again_later_and_not_before(
    hub, people, clock, monkeypatch, answer, said
):
    if answer is drips:
        monkeypatch.setattr(pings, "PATIENCE", 1.0)
    hub.answer, hub.stopped = answer, threading.Event()
    run(clock)
    acts.released(draft(), *people)
    assert run(clock) == ["released"]
    hub.stopped.set()
    number = Ping.objects.count()
    assert sum(heard(hub).values()) == number
    row = Ping.objects.get(topic=LATEST)
    assert (row.tries, row.sent_at, row.answer.startswith(said)) == (1, None, True)
    assert NOW + 3 * SECOND < row.due_at < NOW + 7 * SECOND
    run(clock)
    assert heard(hub) == {}
    hub.answer, clock[0] = accepts, NOW + 10 * SECOND
    run(clock)
    assert sum(heard(hub).values()) == number
    assert announcing.waiting() == 0


def test_hub_that_is_down_for_long_is_given_up(settings, people, clock):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.WEBSUB_HUBS = [f"http://127.0.0.1:{free.getsockname()[1]}/"]
    run(clock)
    acts.released(draft(), *people)
    run(clock)
    for _each in range(pings.TRIES):
        Ping.objects.exclude(topic=LATEST).delete()
        clock[0] += dt.timedelta(days=1)
        run(clock)
    row = Ping.objects.get()
    assert (row.tries, row.sent_at, row.given_up_at is None) == (pings.TRIES, None, False)
    assert row.answer == "not reached: ConnectionRefusedError"


def test_new_act_joins_a_ping_that_waits(hub, people, clock):
    hub.answer = fails(500)
    run(clock)
    item = acts.released(draft(), *people)
    run(clock)
    acts.changed(item, *people, title_en="New")
    run(clock)
    assert Ping.objects.filter(topic=LATEST).count() == 1


def test_ping_in_another_hand_is_left_alone_until_its_time_is_up(hub, people, clock):
    run(clock)
    acts.released(draft(), *people)
    with visibility.at(clock[0]):
        announcing.find()
    Ping.objects.update(taken_until=NOW + pings.LEASE)
    assert (announcing.deliver(), heard(hub)) == (announcing.Sent(), {})
    clock[0] += pings.LEASE + SECOND
    announcing.deliver()
    assert heard(hub)[LATEST] == 1


def test_command_tells_and_says_so(hub, people, capsys):
    call_command("announce")
    acts.released(draft(), *people)
    capsys.readouterr()
    call_command("announce")
    said = capsys.readouterr().out
    number = len(hub.heard)
    assert number > 0
    assert said == (
        f"New public acts: 1; hubs told: {number}; to be tried again: 0; given up: 0; waiting: 0.\n"
    )


def test_feeds_that_are_named_answer(hub, people, clock, client):
    run(clock)
    acts.released(draft(), *people)
    run(clock)
    assert {client.get(topic.removeprefix("https://press.example")).status_code
            for topic in heard(hub)} == {200}  # fmt: skip


@pytest.mark.parametrize(("role", "status"), [("Writer", 403), ("Press officer", 200)])
def test_officers_see_what_was_announced(hub, people, clock, client, staff, role, status):
    run(clock)
    acts.released(draft(), *people)
    run(clock)
    client.force_login(staff(role, "looker"))
    for name in ("announcement", "ping"):
        answer = client.get(reverse(f"admin:events_{name}_changelist"))
        assert answer.status_code == status
        if status == 200:
            assert ("Known title en" if name == "announcement" else LATEST) in answer.text


@pytest.mark.subprocess
@pytest.mark.parametrize("hub", ["ftp://hub.example/", "hub.example"])
def test_hub_must_be_an_address(tmp_path, hub):
    told = run_settings(tmp_path, "-c", "import pressoffice.settings", WEBSUB_HUBS=hub)
    assert f"WEBSUB_HUBS names '{hub}': each hub must be an https:// address." in told.stderr
