"""How files leave the office: whole, in part, unchanged, or not at all."""

import io
import logging

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from PIL import Image

from events.files import addresses, renditions
from events.models import Attachment, Photo, Placement, Publication
from events.public import media, sending
from events.public.freshness import ONE_SECOND

from . import factories

pytestmark = pytest.mark.django_db
CONTENT = b"0123456789" * 20_000  # more than one piece


@pytest.fixture
def told():
    return factories.statement("published", "Plain", slug="a-plain-text")


@pytest.fixture
def document(told):
    return factories.attachment(told, content=CONTENT, language="ru")


@pytest.fixture
def picture(told):
    return factories.photo("Plain", told)


def bytes_of(address, client, **headers):
    answer = client.get(address, headers=headers)
    return answer.status_code, answer.getvalue(), answer


# --- One address for one file ---------------------------------------------------------------------


def test_document_has_one_address_whatever_its_title_becomes(client, document):
    address = f"/files/{document.pk}/a-plain-text-ru.pdf"
    assert addresses.of_file(document) == address
    Attachment.objects.filter(pk=document.pk).update(title_ru="Другое", title_en="Other")
    assert client.get(address).status_code == 200
    for name in ("a-plain-text-ru.PDF", "a-plain-text.pdf", "other.pdf", "a-plain-text-ru.pdf/"):
        assert client.get(f"/files/{document.pk}/{name}").status_code == 404


@pytest.mark.parametrize(
    "tail", ["{v}/0640.webp", "{v}/641.webp", "{v}/1920.webp", "{v}/640.png", "{v}/640.jpeg",
             "{v}/original.png", "{v}/original.webp", "000000000000/640.webp",
             "000000000000/original.jpg", "{v}/-640.webp", "{V}/640.webp"],
)  # fmt: skip
def test_picture_has_no_address_but_its_own(client, picture, tail):
    version = renditions.version(picture)
    tail = tail.format(v=version, V=version.upper() + "A")
    assert client.get(addresses.of_rendition(picture, 640, "webp")).status_code == 200
    assert client.get(f"/photos/{picture.pk}/{tail}").status_code == 404


def test_another_picture_makes_the_old_address_a_404(client, picture):
    old = addresses.of_original(picture)
    blob = factories.stored(factories.picture("Other"), "other.jpg")
    Photo.objects.filter(pk=picture.pk).update(image=blob)
    assert client.get(old).status_code == 404
    picture.refresh_from_db()
    assert client.get(addresses.of_original(picture)).getvalue().endswith(
        factories.picture("Other")[20:]
    )  # fmt: skip


# --- What a reader is told of a file --------------------------------------------------------------


def test_headers_of_a_document(client, document):
    status, content, answer = bytes_of(addresses.of_file(document), client)
    assert (status, content) == (200, CONTENT)
    told = {name: answer.headers.get(name) for name in (
        "Content-Type", "Content-Length", "Content-Disposition", "ETag", "Accept-Ranges",
        "Cache-Control", "X-Content-Type-Options", "Content-Security-Policy", "Content-Language",
        "Cross-Origin-Resource-Policy", "Last-Modified", "Set-Cookie", "Vary",
    )}  # fmt: skip
    assert told == {
        "Content-Type": "application/pdf", "Content-Length": "200000",
        "Content-Disposition": 'inline; filename="Plain document ru.pdf"',
        "ETag": f'"{document.checksum}"', "Accept-Ranges": "bytes", "Cache-Control": ONE_SECOND,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox", "Content-Language": "ru",
        "Cross-Origin-Resource-Policy": "same-origin",
        # When it was uploaded is nobody's business.
        "Last-Modified": None, "Set-Cookie": None, "Vary": None,
    }  # fmt: skip


def test_headers_of_a_rendition(client, picture):
    address = addresses.of_rendition(picture, 640, "webp")
    status, content, answer = bytes_of(address, client)
    assert (status, content) == (200, factories.picture("Plain", "webp", 640))
    number = str(picture.pk).partition("-")[0]
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Content-Disposition"] == f'inline; filename="photo-{number}-640.webp"'
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == ONE_SECOND


@pytest.mark.parametrize(
    ("extension", "media_type", "kind"),
    [
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         "attachment"),
        ("odt", "application/vnd.oasis.opendocument.text", "attachment"),
        ("csv", "text/csv; charset=utf-8", "attachment"),
        ("txt", "text/plain; charset=utf-8", "inline"),
        ("html", "application/octet-stream", "attachment"),
        ("svg", "application/octet-stream", "attachment"),
    ],
)  # fmt: skip
def test_office_says_what_a_file_is_and_not_its_bytes(
    client, told, extension, media_type, kind
):  # fmt: skip
    blob = factories.stored(b"<html><script>alert(1)</script>", f"page.{extension}")
    answer = client.get(addresses.of_file(factories.attachment(told, file=blob)))
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Disposition"].partition(";")[0] == kind


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Заявление «О мире»",
         "inline; filename=\"zayavlenie-o-mire.pdf\"; filename*=UTF-8''%D0%97%D0%B0%D1%8F%D0%B2"
         "%D0%BB%D0%B5%D0%BD%D0%B8%D0%B5%20%C2%AB%D0%9E%20%D0%BC%D0%B8%D1%80%D0%B5%C2%BB.pdf"),
        ('A "b" \\ c/d: 50%',
         "inline; filename=\"a-b-c-d-50.pdf\"; filename*=UTF-8''A%20b%20c%20d%2050%25.pdf"),
        ("annex \u202efdp.exe", 'inline; filename="annex fdp.exe.pdf"'),
        ("../../etc/passwd", 'inline; filename="etc passwd.pdf"'),
        ("\u200f \u202e", 'inline; filename="a-plain-text.pdf"'),
        ("Annex 1.PDF", 'inline; filename="Annex 1.pdf"'),
        ("", 'inline; filename="a-plain-text.pdf"'),
    ],
)  # fmt: skip
def test_name_that_a_file_is_kept_by_is_plain_and_true(client, told, title, expected):
    texts = {f"title_{code}": title for code in ("en", "ru", "kk")}
    document = factories.attachment(told, **texts)
    answer = client.get(addresses.of_file(document))
    assert answer.headers["Content-Disposition"] == expected


def test_longest_title_makes_a_name_that_a_disk_takes(told):
    document = factories.attachment(told, title_ru="ж" * 200, language="ru")
    assert len(addresses.kept_as(document).encode()) == addresses.LONGEST_NAME + len(".pdf")


def test_title_in_a_language_that_is_not_ready_is_not_told(client, told):
    Publication.objects.filter(pk=told.pk).update(ready_kk=False)
    document = factories.attachment(told, "Plain", title_kk="Құпия", title_ru="", language="kk")
    answer = client.get(addresses.of_file(document))
    assert answer.headers["Content-Disposition"] == 'inline; filename="Plain document en.pdf"'


# --- In part (RFC 9110, 14) -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-0", 0, 1), ("bytes=5-70004", 5, 70005), ("bytes=199990-", 199_990, 200_000),
     ("bytes=-3", 199_997, 200_000), ("bytes=-900000", 0, 200_000), ("BYTES= 2-4 ", 2, 5),
     ("bytes=199999-900000", 199_999, 200_000), ("bytes=0-199999", 0, 200_000)],
)  # fmt: skip
def test_range_is_a_part(client, document, asked, start, end):
    status, content, answer = bytes_of(addresses.of_file(document), client, range=asked)
    assert (status, content) == (206, CONTENT[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/200000"
    assert answer.headers["Content-Length"] == str(end - start)
    assert answer.headers["Cache-Control"] == ONE_SECOND
    assert answer.headers["ETag"] == f'"{document.checksum}"'


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,4-5", "bytes=5-2", "bytes=", "bytes=-", "bytes=a-b", "items=0-1", "0-1",
              "bytes=0-1;q=1", "bytes=--1", f"bytes={'9' * 40}-", "bytes=٠-٣"],
)  # fmt: skip
def test_range_that_is_none_or_several_is_the_whole(client, document, asked):
    status, content, answer = bytes_of(addresses.of_file(document), client, range=asked)
    assert (status, content, "Content-Range" in answer.headers) == (200, CONTENT, False)


@pytest.mark.parametrize("asked", ["bytes=200000-", "bytes=200000-200001", "bytes=-0"])
def test_range_beyond_the_end_is_416(client, document, asked):
    status, content, answer = bytes_of(addresses.of_file(document), client, range=asked)
    assert (status, content) == (416, b"")
    assert answer.headers["Content-Range"] == "bytes */200000"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("said", "status"),
    [('"{etag}"', 206), ('W/"{etag}"', 200), ('"other"', 200),
     ("Wed, 21 Oct 2015 07:28:00 GMT", 200)],
)  # fmt: skip
def test_part_is_given_only_to_whoever_has_the_rest_of_the_same(client, document, said, status):
    headers = {"range": "bytes=0-4", "if-range": said.format(etag=document.checksum)}
    content = CONTENT[:5] if status == 206 else CONTENT
    assert bytes_of(addresses.of_file(document), client, **headers)[:2] == (status, content)


def test_range_of_nothing_is_nothing(client, told):
    document = factories.attachment(told, file=factories.stored(b"", "empty.txt"))
    assert bytes_of(addresses.of_file(document), client, range="bytes=0-")[:2] == (200, b"")


def test_head_has_the_headers_of_the_whole_and_asks_for_no_part(client, document):
    address = addresses.of_file(document)
    whole = client.get(address)
    head = client.head(address, headers={"range": "bytes=0-4"})
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(whole.headers)


# --- Not again ------------------------------------------------------------------------------------


def test_unchanged_is_304_with_the_policy_of_the_file(client, document):
    address, etag = addresses.of_file(document), f'"{document.checksum}"'
    for said in (etag, f"W/{etag}", f'"a", {etag}', "*"):
        status, content, answer = bytes_of(address, client, **{"if-none-match": said})
        assert (status, content) == (304, b"")
        assert answer.headers["ETag"] == etag
        assert answer.headers["Cache-Control"] == ONE_SECOND
        assert answer.headers["Content-Security-Policy"] == sending.POLICY
    assert bytes_of(address, client, **{"if-none-match": '"other"'})[0] == 200
    assert bytes_of(address, client, **{"if-match": '"other"'})[0] == 412


def test_renditions_made_anew_are_not_unchanged(client, told):
    picture = factories.photo("Anew", told)
    address = addresses.of_rendition(picture, 640, "jpg")
    etag = client.get(address).headers["ETag"]
    default_storage.put(renditions.name(picture, 640, "jpg"), b"made by another library")
    status, content, _answer = bytes_of(address, client, **{"if-none-match": etag})
    assert (status, content) == (200, b"made by another library")


# --- Memory, disk, proxy --------------------------------------------------------------------------


def test_file_is_never_whole_in_memory(client, document):
    answer = client.get(addresses.of_file(document))
    pieces = list(answer.streaming_content)
    assert [len(piece) for piece in pieces] == [sending.PIECE] * 3 + [200_000 - 3 * sending.PIECE]


def test_file_is_open_only_while_it_is_read(client, document, monkeypatch):
    opened = []
    open_ = type(default_storage._wrapped).open

    def watched(self, *arguments):
        opened.append(open_(self, *arguments))
        return opened[-1]

    monkeypatch.setattr(type(default_storage._wrapped), "open", watched)
    address, etag = addresses.of_file(document), f'"{document.checksum}"'
    client.head(address)
    client.get(address, headers={"range": "bytes=999999-"})
    client.get(address, headers={"if-none-match": etag})
    client.get(address)
    assert opened == []
    blob = sending.Blob(default_storage, document.file.name, "application/pdf", "tag", "a.pdf")
    pieces = sending.section(blob, 0, 200_000)
    next(pieces)
    assert [file.closed for file in opened] == [False]
    pieces.close()
    assert bytes_of(address, client, range="bytes=0-1")[1] == b"01"
    assert [file.closed for file in opened] == [True, True]


@pytest.mark.parametrize("place", [0, 3, 70_000])
def test_what_is_inserted_is_part_of_every_part(document, place):
    blob = sending.Blob(
        default_storage, document.file.name, "text/plain", "tag", "a.txt", place=place,
        inserted=b"INSERTED",
    )  # fmt: skip
    whole = CONTENT[:place] + b"INSERTED" + CONTENT[place:]
    edges = (0, 1, place, place + 3, place + 8, place + 9, len(whole))
    for start in edges:
        for end in (each for each in edges if each >= start):
            assert b"".join(sending.section(blob, start, end - start)) == whole[start:end]


def test_lost_file_is_the_404_and_a_line_in_the_log(client, document, picture, caplog):
    never = client.get("/files/00000000-0000-4000-8000-000000000000/a.pdf")
    for blob, address in (
        (document.file.name, addresses.of_file(document)),
        (picture.image.name, addresses.of_original(picture)),
    ):
        default_storage.delete(blob)
        caplog.clear()
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, never.content)
        errors = [each for each in caplog.records if each.levelno == logging.ERROR]
        assert [each.getMessage() for each in errors] == [f"A file is missing in storage: {blob}"]


def test_rendition_that_is_not_made_leads_to_the_whole_picture(client, picture, caplog):
    answer = client.get(addresses.of_rendition(picture, 320, "webp"))
    assert (answer.status_code, answer.headers["Location"]) == (302, addresses.of_original(picture))
    assert answer.headers["Cache-Control"] == "no-store"
    assert [each.levelno for each in caplog.records].count(logging.ERROR) == 1
    assert not default_storage.exists(renditions.name(picture, 320, "webp"))


def test_proxy_is_told_where_the_bytes_are_and_gets_none(client, document, settings):
    settings.X_ACCEL_REDIRECT = "/stored/"
    answer = client.get(addresses.of_file(document), headers={"range": "bytes=0-4"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["X-Accel-Redirect"] == f"/stored/{document.file.name}"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["ETag"] == f'"{document.checksum}"'
    assert answer.headers["Cache-Control"] == ONE_SECOND
    unchanged = client.get(
        addresses.of_file(document), headers={"if-none-match": f'"{document.checksum}"'}
    )
    assert (unchanged.status_code, "X-Accel-Redirect" in unchanged.headers) == (304, False)


def test_gate_is_asked_at_most_twice(client, document, picture):
    hidden, retracted = (factories.event(stage) for stage in ("embargoed", "retracted"))
    asked = {}
    for address, status in (
        (addresses.of_file(document), 200), (addresses.of_original(picture), 200),
        (addresses.of_rendition(picture, 640, "jpg"), 200),
        (addresses.of_file(factories.attachment(hidden)), 404),
        (addresses.of_original(factories.photo("Plain", hidden)), 404),
        (addresses.of_file(factories.attachment(retracted)), 410),
        (addresses.of_original(factories.photo("Plain", retracted)), 410), ("/nothing", 404),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == status
        asked[address] = len(queries)
    *gate, of_the_page = asked.values()
    assert gate == [1, 2, 1, 1 + of_the_page, 2 + of_the_page, 1, 2]


# --- What an original says of itself --------------------------------------------------------------


def told_by(client, photo):
    answer = client.get(addresses.of_original(photo))
    content = answer.getvalue()
    assert answer.headers["Content-Length"] == str(len(content))
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture.info["xmp"].decode(), answer


def test_original_says_what_its_page_says_and_nothing_that_is_not_public(client):
    hidden = factories.event("embargoed", "Kryptonym")
    withdrawn = factories.event("withdrawn", "Former", release_at=factories.LONG_AGO)
    told = factories.statement("published", "Plain", ready_kk=False)
    photo = factories.photo("Plain", caption_en="In the library alone", taken_on="2007-10-06")
    for item, word in ((hidden, "Kryptonym"), (withdrawn, "Former"), (told, "Plain")):
        factories.placement(item, photo, word)
    known, unknown = factories.person("Plain"), factories.person("Kryptonym")
    told.people.add(known)
    hidden.people.add(unknown)
    photo.people.set([known, unknown])
    says, answer = told_by(client, photo)
    assert "Plain caption here en" in says
    assert "Plain caption here ru" in says
    assert "Plain credit" in says
    assert "2007-10-06" in says
    assert "<rdf:li>Plain person</rdf:li>" in says
    assert f"https://press.example/en/statements/{told.slug}/" in says
    for secret in ("Kryptonym", "Former", "caption here kk", "In the library alone"):
        assert secret not in says
    etag = answer.headers["ETag"]
    assert client.get(addresses.of_original(photo)).headers["ETag"] == etag
    Placement.objects.filter(publication=told.pk).update(caption_ru="Другая подпись")
    says, answer = told_by(client, photo)
    assert "Другая подпись" in says
    assert answer.headers["ETag"] != etag


def test_original_of_a_portrait_has_no_page_to_tell_of(client):
    person = factories.person(portrait=factories.photo("Plain"))
    factories.statement("published").people.add(person)
    says, _answer = told_by(client, person.portrait)
    assert ("Plain credit" in says, "WebStatement" in says, "caption" in says) == (
        True, False, False
    )  # fmt: skip


def test_original_that_is_told_something_is_sent_by_the_office_itself(client, picture, settings):
    settings.X_ACCEL_REDIRECT = "/stored/"
    assert "X-Accel-Redirect" not in client.get(addresses.of_original(picture)).headers
    rendition = client.get(addresses.of_rendition(picture, 640, "jpg"))
    assert rendition.headers["X-Accel-Redirect"].startswith("/stored/renditions/")


# --- The part of the page -------------------------------------------------------------------------


def shown(source, **context):
    return Template("{% load pictures %}" + source).render(Context(context))


def test_picture_part_names_widths_forms_and_what_it_shows(picture, django_assert_num_queries):
    with django_assert_num_queries(0):
        html = shown("{% picture photo 'lead' %}", photo=picture)
    base = f"/photos/{picture.pk}/{renditions.version(picture)}"
    webp = ", ".join(f"{base}/{width}.webp {width}w" for width in (320, 480, 640, 960, 1280, 1600))
    assert f'<source type="image/webp" srcset="{webp}" sizes="' in html
    assert f'<img src="{base}/960.jpg" alt="Plain alt en" width="1600" height="1200"' in html
    assert ('fetchpriority="high"' in html, "lazy" in html, "style" in html) == (True, False, False)
    assert 'loading="lazy"' in shown("{% picture photo %}", photo=picture)


def test_picture_part_is_the_whole_where_it_comes_in_no_width(picture):
    picture.width = 0
    html = shown("{% picture photo %}", photo=picture)
    assert ("<source" in html, "width=" in html) == (False, False)
    assert f'<img src="{addresses.of_original(picture)}"' in html


def test_picture_part_says_in_which_language_it_speaks(picture):
    picture.alt_en = ""
    assert 'alt="Plain alt ru" lang="ru"' in shown("{% picture photo %}", photo=picture)


def test_picture_on_paper_comes_through_the_gate(picture):
    address = addresses.of_rendition(picture, 640, "jpg")
    hidden = factories.photo("Kryptonym", factories.event("embargoed"))
    assert media.picture_at(address) == (factories.picture("Plain", "JPEG", 640), "image/jpeg")
    whole = (factories.picture("Plain"), "image/jpeg")
    assert media.picture_at(addresses.of_rendition(picture, 960, "jpg")) == whole
    assert media.picture_at(addresses.of_original(picture)) == whole
    for other in (addresses.of_original(hidden), address.replace("640", "641"), "/en/", "/nothing"):
        assert media.picture_at(other) is None
