"""Events and statements on paper, and the press kit: what the pages say, behind the same gate."""

import datetime as dt
import hashlib
import io
import zipfile

import pikepdf
import pytest
from django.core.files.base import ContentFile

from events import paper, publishing
from events.models import Attachment, Outcome, Placement, Quote, Statement

from . import acts

NOW = dt.datetime(2026, 10, 6, 5, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
WORDS = "Exact words with <angles> & an ampersand"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not paper.available(), reason="no Pango, and so no PDFs"),
]


@pytest.fixture
def plain(monkeypatch):
    """Pages in place of the PDFs that would be set from them: what is claimed is not their look,
    and setting one takes a second."""
    monkeypatch.setattr(paper, "pdf", lambda page, *pictures: page)


@pytest.fixture
def told(statement, event, person):
    """A statement of the event, with a quote, an outcome and a text in Kazakh too."""
    statement.event = event
    statement.title_kk, statement.body_kk = "Мәлімдеме", "<p>Ұжымдық қауіпсіздік</p>"
    statement.ready_kk, statement.standing_kk = True, "courtesy"
    statement.save()
    Quote.objects.create(statement=statement, person=person, text_en=WORDS)
    Outcome.objects.create(event=event, outcome_kind="decision", text_en="A council to be formed")
    return statement


def released(told, event, writer, officer):
    acts.released(event, writer, officer)
    return acts.released(told, writer, officer)


def opened(answer):
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return pikepdf.open(io.BytesIO(answer.content))


def test_pdf_is_tagged_and_says_its_title_and_language(client, clock, told, event, writer, officer):
    released(told, event, writer, officer)
    answer = client.get(f"/kk/statements/{told.slug}/statement.pdf")
    assert answer["Content-Disposition"] == f'inline; filename="{told.slug}.pdf"'
    with opened(answer) as document:
        assert document.Root.MarkInfo.Marked == True  # noqa: E712 (a PDF's own true)
        assert str(document.Root.Lang) == "kk"
        with document.open_metadata() as said:
            assert said["pdfuaid:part"] == "1"
            assert said["dc:title"].startswith("Мәлімдеме")
        fonts = {
            str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()
        }
    assert any("Noto-Serif" in name for name in fonts), fonts
    again = client.get(f"/kk/statements/{told.slug}/statement.pdf")
    assert again.content == answer.content


def test_pdf_of_a_hidden_item_is_the_404_of_one_that_never_existed(
    client, clock, plain, told, event, writer, officer
):
    acts.approved(event, writer, officer, LATER)
    acts.approved(told, writer, officer, LATER)
    never = client.get("/en/events/never-existed/event.pdf")
    hidden = [f"/en/events/{event.slug}/event.pdf", f"/en/events/{event.slug}/press-kit.zip",
              f"/en/statements/{told.slug}/statement.pdf"]  # fmt: skip
    clock(LATER - dt.timedelta(seconds=1))
    for address in hidden:
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, never.content)
        assert dict(answer.headers) == dict(never.headers)
    clock(LATER)
    assert [client.get(address).status_code for address in hidden] == [200, 200, 200]


def test_withdrawn_item_keeps_its_pdf_and_has_no_kit_and_retracted_is_gone(
    client, clock, plain, told, event, writer, officer
):
    released(told, event, writer, officer)
    publishing.withdraw(type(event).objects.get(pk=event.pk), officer, {"en": "Old."})
    addresses = [f"/en/events/{event.slug}/event.pdf", f"/en/events/{event.slug}/press-kit.zip"]
    assert [client.get(address).status_code for address in addresses] == [200, 404]
    publishing.retract(type(event).objects.get(pk=event.pk), officer, {"en": "Wrong."})
    assert [client.get(address).status_code for address in addresses] == [410, 410]


def test_paper_fetches_nothing_from_elsewhere_and_no_file_of_the_machine(settings):
    asked = []
    page = (
        "<!doctype html><html lang='en'><title>T</title><body>"
        "<img alt='a' src='https://elsewhere.example/x.png'><img alt='b' src='file:///etc/passwd'>"
        "<img alt='c' src='/photos/x.webp'><img alt='d' src='/static/../../etc/passwd.png'>"
    )
    paper.pdf(page.encode(), asked.append)
    assert asked == ["/photos/x.webp", "/etc/passwd.png"]
    styled = page.replace("<title>", "<link rel=stylesheet href='/static/css/none.css'><title>")
    with pytest.raises(LookupError, match="is missing"):
        paper.pdf(styled.encode(), lambda path: None)


def kit(client, slug, language="en"):
    answer = client.get(f"/{language}/events/{slug}/press-kit.zip")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(answer.getvalue()))


def test_kit_holds_every_language_every_file_and_checksums_that_are_right(
    client, clock, plain, told, event, photo, writer, officer
):
    Placement.objects.create(publication=event.publication, photo=photo, caption_en="As placed")
    paper_file = ContentFile(b"a,b\n1,2\n", "table.csv")
    Attachment.objects.create(publication=told.publication, file=paper_file, title_en="Ә table")
    released(told, event, writer, officer)
    with kit(client, event.slug) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == [
            "en/an-event.txt", "en/an-event.html", "en/an-event.pdf",
            "en/a-statement.txt", "en/a-statement.html", "en/a-statement.pdf",
            "kk/a-statement.txt", "kk/a-statement.html", "kk/a-statement.pdf",
            "photos/01.png", "photos/captions.txt", "documents/01 Ә table.csv", "SHA256SUMS",
        ]  # fmt: skip
        text = archive.read("en/a-statement.txt").decode()
        assert f"“{WORDS}”\n— A Person\n" in text
        assert "https://press.example/en/statements/a-statement/" in text
        assert (
            "Exact words with &lt;angles&gt; &amp;" in archive.read("en/a-statement.html").decode()
        )
        assert "* A council to be formed\n" in archive.read("en/an-event.txt").decode()
        assert "Ұжымдық қауіпсіздік" in archive.read("kk/a-statement.txt").decode()
        assert b"As placed" in archive.read("photos/01.png")
        assert archive.read("photos/captions.txt").decode() == "01.png\nAs placed\n"
        assert archive.read("documents/01 Ә table.csv") == b"a,b\n1,2\n"
        sums = dict(
            line.split("  ")[::-1]
            for line in archive.read("SHA256SUMS").decode().split("\n")
            if line
        )
        assert sums == {name: hashlib.sha256(archive.read(name)).hexdigest() for name in names[:-1]}


def test_kit_says_nothing_of_what_is_still_to_come(
    client, clock, plain, told, event, writer, officer
):
    acts.released(event, writer, officer)
    before = client.get(f"/en/events/{event.slug}/press-kit.zip").getvalue()
    Outcome.objects.create(
        event=event, outcome_kind="decision", text_en="Hidden", announced_in=told
    )
    acts.approved(told, writer, officer, LATER)
    assert client.get(f"/en/events/{event.slug}/press-kit.zip").getvalue() == before
    clock(LATER)
    assert "en/a-statement.txt" in kit(client, event.slug).namelist()


def test_kit_is_of_one_moment_though_it_streams_after_a_retraction(
    client, clock, plain, told, event, writer, officer
):
    released(told, event, writer, officer)
    answer = client.get(f"/en/events/{event.slug}/press-kit.zip")
    publishing.retract(Statement.objects.get(pk=told.pk), officer, {"en": "Wrong."})
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert archive.testzip() is None
    assert WORDS in archive.read("en/a-statement.txt").decode()
    assert "en/a-statement.txt" not in kit(client, event.slug).namelist()
