"""The public site as files: whole, leading from file to file, and holding nothing hidden."""

import hashlib
import re
from html import unescape
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import CommandError, call_command

from events import paper, publishing, visibility
from events.exporting import frozen, links, site
from events.exporting.folder import Unwilling
from events.models import Statement

from . import acts, factories

SITE = "https://press.example"
_LINK = re.compile(r'(?:href|src)="([^"]*)"|srcset="([^"]*)"|url\("?([^")]+)"?\)')


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("/en/", "", "en/index.html"), ("/en/events/a-b/", "", "en/events/a-b/index.html"),
        ("/files/1/%D0%B0.pdf", "", "files/1/а.pdf"),
        ("/en/events/", "after=x", "en/events/index-fdaab4fb9a9a.html"),
    ],
)  # fmt: skip
def test_each_address_has_a_file(path, query, name):
    found = links.file_of(path, query)
    assert re.sub("-[0-9a-f]{12}", "-", found) == re.sub("-[0-9a-f]{12}", "-", name)
    assert query == "" or found != links.file_of(path, query + "y")


def rewritten(page, here="/en/events/", source="en/events/index.html"):
    return links.rewritten(page, here, source, SITE, lambda path, query: (
        None if path.startswith("/api") else links.file_of(path, links.followed(query))
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ('<a href="/en/">', '<a href="../index.html">'),
        ('<a href="a/#p1">', '<a href="a/index.html#p1">'),
        ('<a href=".">', '<a href="index.html">'),
        ('<a href="#top">', '<a href="#top">'),
        ('<a href="?kind=visit&amp;year=2007">', '<a href="index.html">'),
        (f'<link rel="a" href="{SITE}/en/x/">', '<link rel="a" href="../x/index.html">'),
        ('<a href="https://other.example/en/">', '<a href="https://other.example/en/">'),
        ('<a href="mailto:a@press.example">', '<a href="mailto:a@press.example">'),
        ('<a href="/api/v1/">', "<a>"),
        (f'<meta content="{SITE}/cards/en/1.png">', '<meta content="../../cards/en/1.png">'),
        ('<meta content="/en/ and more">', '<meta content="/en/ and more">'),
        ('<img srcset="/photos/1/a/320.webp 320w, /photos/1/a/640.webp 640w">',
         '<img srcset="../../photos/1/a/320.webp 320w, ../../photos/1/a/640.webp 640w">'),
        ('a<form action="/en/search/"><input></form>b', "ab"),
        ('<script src="/static/js/item.js" defer></script>', ""),
        ('<script type="a/ld+json">{}</script>', '<script type="a/ld+json">{}</script>'),
        ('<a href="webcal://press.example/en/events/calendar.ics">', '<a href="calendar.ics">'),
    ],
)  # fmt: skip
def test_links_lead_from_file_to_file(written, becomes):
    assert rewritten(written) == becomes


@pytest.fixture(scope="module")
def copied(django_db_setup, django_db_blocker, tmp_path_factory):
    """A copy of an office with one public text of each kind and hidden ones beside them."""
    from django.db import transaction

    target = tmp_path_factory.mktemp("copies") / "site"
    with (
        django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patched
    ):  # fmt: skip
        patched.setattr(paper, "available", lambda: False)  # a third of a second for each PDF
        for number in range(21):
            factories.event(word=f"Known{number}")
        item = factories.statement(word="Known")
        factories.quote(item, word="Known")
        for stage in ("draft", "in_review", "embargoed", "retracted"):
            hidden = factories.statement(stage, "Sentinel")
            factories.quote(hidden, word="Sentinel")
            hidden.topics.add(factories.topic("Sentinel"))
            factories.event(stage, "Sentinel")
        done = site.copy_site(target, progress=lambda _number: None)
        transaction.set_rollback(True)
    return target, done


def pages(target):
    return {path: path.read_text() for path in target.rglob("*.html")}


def test_copy_holds_what_is_public_and_nothing_else(copied):
    target, done = copied
    found = pages(target)
    names = {str(path.relative_to(target)) for path in found}
    assert {f"{code}/search/index.html" for code in ("en", "ru", "kk")} <= names
    assert sum("Known title en" in page for page in found.values()) > 3
    for path in target.rglob("*"):
        assert "sentinel" not in str(path).lower()
        if path.is_file():
            assert b"Sentinel" not in path.read_bytes(), path
    assert done.broken == []
    # Every page of a list is a file: all events are found by turning pages from the first.
    turned = [name for name in names if re.fullmatch(r"en/events/index-[0-9a-f]+[.]html", name)]
    assert len(turned) == 2  # onward from the first page, and back from the second


def test_every_link_in_the_copy_leads_to_a_file_of_it(copied):
    target, _done = copied
    broken, seen = [], 0
    for path, page in pages(target).items():
        for match in _LINK.finditer(page):
            sets = [each.split()[0] for each in (match[2] or "").split(",") if each.strip()]
            for value in sets or [match[1] or match[3] or ""]:
                parts = urlsplit(unescape(value))
                if parts.scheme or parts.netloc or not parts.path:
                    assert not unescape(value).startswith(SITE), value
                    continue
                seen += 1
                if not (path.parent / unquote(parts.path)).is_file() or value.startswith("/"):
                    broken.append((path, value))
    assert (seen > 1000, broken) == (True, [])


def test_copy_needs_nothing_that_runs(copied):
    for page in pages(copied[0]).values():
        assert "<form" not in page
        assert not re.search(r"<script[^>]*src=", page)


def test_checksums_are_those_of_the_files(copied):
    target, _done = copied
    lines = (target / "SHA256SUMS.txt").read_text().splitlines()
    said = dict(reversed(line.split("  ", 1)) for line in lines)
    files = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert set(said) == files - {"SHA256SUMS.txt"}
    assert all(hashlib.sha256((target / name).read_bytes()).hexdigest() == digest
               for name, digest in said.items())  # fmt: skip


@pytest.mark.django_db
def test_what_is_there_is_replaced_by_force_alone(tmp_path, capsys):
    kept = tmp_path / "site" / "kept.txt"
    kept.parent.mkdir()
    kept.write_text("Mine.")
    with pytest.raises(CommandError, match="is not empty"):
        call_command("export_site", to=tmp_path / "site")
    assert [path.name for path in kept.parent.iterdir()] == ["kept.txt"]
    call_command("export_site", to=tmp_path / "site", force=True)
    assert (kept.exists(), (kept.parent / "en" / "index.html").exists()) == (False, True)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.django_db
def test_copy_is_not_kept_of_what_is_retracted_meanwhile(tmp_path, staff, monkeypatch):
    item = factories.statement("draft", "Known", ready_ru=False, ready_kk=False)
    acts.released(item, staff("Press officer"), staff("Head of press"))
    done = []

    def retract_meanwhile(number):
        if not done:
            done.append(number)
            officer = staff("Head of press", "second")
            publishing.retract(Statement.objects.get(), officer, {"en": "A reason."})

    with pytest.raises(Unwilling, match="make the copy again"):
        site.copy_site(tmp_path / "site", progress=retract_meanwhile)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_export_sees_one_state_of_the_record_and_holds_nobody_up():
    factories.statement(word="Before")
    with frozen.frozen() as moment:
        assert Statement.objects.public().count() == 1
        assert visibility.moment() == moment
        made_elsewhere()
        assert Statement.objects.public().count() == 1
    assert Statement.objects.public().count() == 2


def made_elsewhere():
    """Another connection writes and commits meanwhile."""
    import threading

    from django.db import connection

    def write():
        factories.statement(word="Meanwhile")
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive()
