"""Who gets which bytes at which stage: the gate for files, asked in every way there is."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from events import cards, editions, paper, preview, publishing
from events.files import addresses
from events.files.inscription import Facts, insertion
from events.languages import CODES
from events.models import Attachment, Edition, Person, Publication, Reading

from . import acts, factories

pytestmark = pytest.mark.django_db
WORD = "Kryptonym"
DOCUMENT, RENDITION = f"{WORD} document".encode(), factories.picture(WORD, "webp", 640)
WAYS = {"whole": {}, "range": {"range": "bytes=2-5"}, "known": {"if-none-match": "*"}}
# Stage -> what readers get of a whole file, and what its preview answers to a writer, an officer,
# the holder of a link and nobody in particular.
STAGES = {
    "draft": (404, (200, 200, 200, 302)),
    "in_review": (404, (200, 200, 200, 302)),
    "embargoed": (404, (200, 200, 200, 302)),
    "limited": (404, (404, 404, 403, 302)),
    "published": (200, (302, 302, 302, 302)),
    "withdrawn": (200, (302, 302, 302, 302)),
    "retracted": (410, (302, 302, 302, 302)),
}


def files_of(item):
    """An item's document, and its picture in both forms: their addresses."""
    photo = factories.photo(WORD, item)
    return {
        "document": addresses.of_file(factories.attachment(item, WORD)),
        "original": addresses.of_original(photo),
        "rendition": addresses.of_rendition(photo, 640, "webp"),
    }


def contents_of(item):
    """What readers get of the files of a statement: its picture says what the page says of it."""
    captions = {code: f"{WORD} caption here {code}" for code in CODES if code in item.ready}
    page = f"https://press.example/en/statements/{item.slug}/"
    picture = factories.picture(WORD)
    place, told = insertion(picture, Facts(captions, f"{WORD} credit", source=page))
    return {
        "document": DOCUMENT, "original": picture[:place] + told + picture[place:],
        "rendition": RENDITION,
    }  # fmt: skip


@pytest.fixture
def people(writer, officer):
    """Clients: somebody who writes, who approves, and nobody in particular."""
    found = {"writer": Client(), "officer": Client(), "anonymous": Client()}
    found["writer"].force_login(writer)
    found["officer"].force_login(officer)
    return found


@pytest.fixture
def staged(people, officer):
    """Brings an item with files to a stage, with a visit by link begun before it got there."""

    def bring(stage):
        item = factories.statement("draft", WORD)
        _link, code = preview.make_link(item, officer, "The Daily Example")
        people["link"] = Client()
        people["link"].post(reverse("preview:door"), {"code": code})
        there = factories._standing("embargoed" if stage == "limited" else stage)
        Publication.objects.filter(pk=item.pk).update(**there, limited=stage == "limited")
        return item, files_of(item)

    return bring


def answers(client, address):
    """Status and bytes of each way to ask, by GET and by HEAD."""
    found = {}
    for way, headers in WAYS.items():
        answer = client.get(address, headers=headers)
        found["GET", way] = answer.status_code, answer.getvalue()
        answer = client.head(address, headers=headers)
        found["HEAD", way] = answer.status_code, answer.getvalue()
    return found


def served(content):
    return {
        ("GET", "whole"): (200, content), ("HEAD", "whole"): (200, b""),
        ("GET", "range"): (206, content[2:6]), ("HEAD", "range"): (200, b""),
        ("GET", "known"): (304, b""), ("HEAD", "known"): (304, b""),
    }  # fmt: skip


def refused(status, page):
    return {
        (method, way): (status, page if method == "GET" else b"")
        for method in ("GET", "HEAD") for way in WAYS
    }  # fmt: skip


# --- Readers' addresses ---------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_readers_address_answers_everybody_alike_at_every_stage(people, staged, stage):
    status = STAGES[stage][0]
    item, files = staged(stage)
    contents = contents_of(item)
    nothing = people["anonymous"].get("/nothing").content
    for name, address in files.items():
        for who, client in people.items():
            found = answers(client, address)
            if status == 200:
                assert found == served(contents[name]), (name, who)
                continue
            page = nothing if status == 404 else found["GET", "whole"][1]
            assert found == refused(status, page), (name, who)
            assert contents[name] not in page


@pytest.mark.parametrize("stage", ["in_review", "embargoed", "limited"])
def test_hidden_file_and_one_that_never_was_are_the_same_in_every_byte(people, staged, stage):
    _item, files = staged(stage)
    never = dict(zip(files, (
        "/files/5e1b9e0c-52c1-4b8e-9a53-0d6a6a1f2c11/kryptonym-1.pdf",
        "/photos/5e1b9e0c-52c1-4b8e-9a53-0d6a6a1f2c11/0123456789ab/original.jpg",
        "/photos/5e1b9e0c-52c1-4b8e-9a53-0d6a6a1f2c11/0123456789ab/640.webp",
    ), strict=True))  # fmt: skip
    asked = [("GET", "", headers, 404) for headers in (
        *WAYS.values(), {"accept-language": "kk"}, {"if-match": '"a"'}
    )]  # fmt: skip
    asked += [("HEAD", "", {}, 404), ("GET", "?unknown=1", {}, 400)]
    asked += [(method, "", {}, 405) for method in ("OPTIONS", "POST", "PUT", "DELETE", "TRACE")]
    for name, address in files.items():
        for method, query, headers, status in asked:
            one, other = (
                people["officer"].generic(method, path + query, headers=headers)
                for path in (address, never[name])
            )
            assert (one.status_code, other.status_code) == (status, status)
            assert one.content == other.content, (method, headers, query)
            assert dict(one.headers) == dict(other.headers), (method, headers, query)


def test_retracted_file_says_when_and_why_at_its_own_address_alone(people, staged):
    item, files = staged("retracted")
    photo = files["original"].rpartition("/")[0]
    for address in files.values():
        answer = people["anonymous"].get(address)
        assert "A reason." in answer.content.decode()
        assert WORD not in answer.content.decode()
        assert answer.headers["Cache-Control"] == "no-store"
    for other in (files["document"][:-4], f"{photo}/641.webp", f"{photo}/original.png"):
        assert people["anonymous"].get(other).status_code == 404
    assert item.pk


def test_file_comes_with_its_second_and_no_command(client, statement, writer, officer, clock):
    release = dt.datetime(2026, 10, 6, 6, 0, tzinfo=dt.UTC)
    files = files_of(statement)
    acts.approved(statement, writer, officer, release)
    for name, address in files.items():
        clock(release - dt.timedelta(seconds=1))
        assert client.get(address).status_code == 404
        clock(release)
        assert answers(client, address) == served(contents_of(statement)[name])


def test_photo_is_as_public_as_the_most_public_that_shows_it(client):
    hidden, public = factories.event("embargoed"), factories.event("published")
    photo = factories.photo(WORD, hidden)
    address = addresses.of_original(photo)
    assert client.get(address).status_code == 404
    factories.placement(factories.event("retracted"), photo)
    assert client.get(address).status_code == 410
    factories.placement(factories.event("withdrawn"), photo)
    assert client.get(address).getvalue().endswith(factories.picture(WORD)[20:])
    factories.placement(public, photo)
    assert client.get(address).getvalue().endswith(factories.picture(WORD)[20:])


@pytest.mark.parametrize(
    ("stage", "status"),
    [("draft", 404), ("embargoed", 404), ("withdrawn", 404), ("retracted", 404),
     ("published", 200)],
)  # fmt: skip
def test_portrait_is_public_with_the_person(client, stage, status):
    person = factories.person(portrait=factories.photo(WORD))
    item = factories.statement(stage)
    item.people.add(person)
    assert client.get(addresses.of_original(person.portrait)).status_code == status


# --- A file that a change replaces ----------------------------------------------------------------


def replaced(item, blob):
    """The item's content with other bytes in its document."""
    content = editions.snapshot(type(item).objects.get(pk=item.pk))
    content["parts"]["attachments"][0]["fields"] |= {"file": blob, "checksum": blob[10:74]}
    return content


@pytest.mark.parametrize("out", [True, False])
def test_old_file_is_served_until_the_change_is_applied(people, statement, staff, clock, out):
    author, head = staff("Writer", "author"), staff("Press officer", "head")
    document = factories.attachment(statement, WORD)
    release = dt.datetime(2026, 10, 6, 6, 0, tzinfo=dt.UTC)
    item = acts.approved(statement, author, head, release)
    address = addresses.of_file(document)
    clock(release if out else release - dt.timedelta(minutes=5))
    new = f"{WORD} document, mended".encode()
    change = publishing.propose(
        item, replaced(item, factories.stored(new, "new.pdf")), author, "correction", acts.NOTE
    )
    old = served(DOCUMENT)
    nobody = people["anonymous"]
    missing = refused(404, nobody.get("/nothing").content)
    assert answers(nobody, address) == (old if out else missing)
    as_changed = preview.address(item, change).rstrip("/") + address
    as_it_stands = preview.address(item).rstrip("/") + address
    assert people["officer"].get(as_changed).getvalue() == new
    if not out:
        assert people["officer"].get(as_it_stands).getvalue() == DOCUMENT
    assert Attachment.objects.get(pk=document.pk).file == document.file
    publishing.apply_change(change, head, {
        each.code: "Checked." for each in publishing.questions(change)
    })  # fmt: skip
    clock(release)
    assert answers(nobody, address) == served(new)


# --- Previews and rehearsals ----------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_preview_shows_files_to_those_alone_who_may_see_the_item(people, staged, stage):
    item, files = staged(stage)
    contents = contents_of(item)
    for name, address in files.items():
        own = preview.address(item).rstrip("/") + address
        for who, status in zip(("writer", "officer", "link", "anonymous"), STAGES[stage][1],
                               strict=True):  # fmt: skip
            for way, headers in WAYS.items():
                answer = people[who].get(own, headers=headers)
                # It is stored nowhere, so that it is always sent, and always whole.
                assert answer.status_code == status, (name, who, way)
                assert answer.headers["Cache-Control"] == "no-store, private"
                assert (contents[name] in answer.getvalue()) == (status == 200), (name, who, way)
            answer = people[who].head(own)
            assert (answer.status_code, answer.getvalue()) == (status, b""), (name, who)


def test_preview_of_one_item_shows_no_file_of_another(people, staged):
    item, _files = staged("embargoed")
    others = files_of(factories.statement("embargoed", "Other"))
    public = files_of(factories.statement("published", "Other"))
    for name, address in others.items():
        for who in ("officer", "link"):
            own = preview.address(item).rstrip("/")
            assert people[who].get(own + address).status_code == 404
            assert people[who].get(own + public[name]).status_code == 200


def test_revoked_link_gives_no_file(people, staged, officer):
    item, files = staged("draft")
    own = preview.address(item).rstrip("/") + files["rendition"]
    assert people["link"].get(own).status_code == 200
    preview.revoke_link(item.preview_links.get(), officer)
    answer = people["link"].get(own)
    assert (answer.status_code, RENDITION in answer.content) == (403, False)


def test_pictures_of_a_page_are_one_reading_with_it(people, staged):
    item, files = staged("draft")
    begins = preview.address(item).rstrip("/")
    for who in ("officer", "link"):
        for address in (*files.values(), f"/en/statements/{item.slug}/", *files.values()):
            people[who].get(begins + address).getvalue()
    counted = [Reading.objects.filter(record_uid=item.pk, how=how).count()
               for how in ("preview", "link")]  # fmt: skip
    # The first file, before any page, and the page.
    assert counted == [2, 2]


def test_portrait_that_an_item_will_make_public_is_in_its_preview(people, staged):
    item, _files = staged("embargoed")
    person = factories.person(portrait=factories.photo("Other"))
    item.people.add(person)
    address = addresses.of_original(Person.objects.get(pk=person.pk).portrait)
    assert people["anonymous"].get(address).status_code == 404
    assert people["officer"].get(preview.address(item).rstrip("/") + address).status_code == 200


def test_rehearsal_shows_the_files_of_its_moment_and_notes_who_saw_them(people, officer):
    item, later = (factories.statement("embargoed", WORD) for _number in range(2))
    soon = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(hours=1)
    Publication.objects.filter(pk=item.pk).update(release_at=soon, published_at=soon)
    hidden = factories.statement("embargoed", WORD, release_at=soon, published_at=soon,
                                 limited=True)  # fmt: skip
    begins = f"/rehearsal/{preview.stamp(soon)}"
    for name, address in files_of(item).items():
        answer = people["officer"].get(begins + address)
        assert (answer.status_code, answer.getvalue()) == (200, contents_of(item)[name])
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert people["anonymous"].get(begins + address).status_code == 302
    for other in (later, hidden):
        for address in files_of(other).values():
            answer = people["officer"].get(begins + address)
            # The same picture is in the first item, and is that one's.
            assert answer.status_code == 404
    readings = Reading.objects.values_list("record_uid", "how", "by")
    assert list(readings) == [(item.pk, "rehearsal", officer.pk)]


# --- What is made of an item: its card, its PDF, its press kit ------------------------------------


@pytest.fixture
def made(monkeypatch):
    """Brings a statement and an event to a stage; gives the addresses of what is made of them, and
    the addresses of the same below the statement's preview. Nothing is drawn or set."""
    monkeypatch.setattr(cards, "draw", lambda card: b"picture")
    monkeypatch.setattr(paper, "pdf", lambda page, *pictures: b"paper")
    monkeypatch.setattr(paper, "available", lambda: True)

    def bring(item, event):
        for number, each in enumerate((item, event), 1):
            Edition.objects.create(
                model=each.model, record_uid=each.pk, number=number, action="approve",
                snapshot={}, by_name="x", at=factories.LONG_AGO, public_number=1,
            )  # fmt: skip
        found = {
            "card": f"/cards/en/{item.pk}-1.png",
            "paper": f"/en/statements/{item.slug}/statement.pdf",
            "kit": f"/en/events/{event.slug}/press-kit.zip",
        }
        below = preview.address(item).rstrip("/")
        return found, [below + found["card"], below + found["paper"]]

    return bring


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_made_of_an_item_is_as_public_as_its_page_and_never_in_a_preview(
    people, staged, made, stage
):
    item, _files = staged(stage)
    event = factories.event("embargoed" if stage == "limited" else stage, WORD)
    found, below = made(item, event)
    status = STAGES[stage][0]
    expected = {"card": status, "paper": status, "kit": 404 if stage == "withdrawn" else status}
    nothing = people["anonymous"].get("/en/nothing").content
    for name, address in found.items():
        for who, client in people.items():
            whole, part = client.get(address), client.get(address, headers=WAYS["range"])
            known = client.get(address, headers=WAYS["known"])
            head = client.head(address)
            assert whole.status_code == expected[name], (name, who)
            # Small or made as it is asked for: a range of it is the whole (RFC 9110, 14.2).
            assert (part.status_code, head.status_code) == (expected[name], expected[name])
            # A kit is put together for whoever asks, and kept by nobody.
            kept = expected[name] == 200 and name != "kit"
            assert known.status_code == (304 if kept else expected[name]), (name, who)
            if expected[name] == 404 and name != "card":
                assert whole.content == nothing
    # A PDF or a card has no banner that says "not released": a preview gives none.
    for address in below:
        for who, client in people.items():
            assert client.get(address).status_code != 200, (address, who)
