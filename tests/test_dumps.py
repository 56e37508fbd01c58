"""The whole record as data: complete, checkable, harmless, and closed by a retraction."""

import csv
import datetime as dt
import functools
import hashlib
import io
import json

import pytest
from django.core.management import call_command

from events import publishing, visibility
from events.exporting import dumps, frozen, shelf, tables
from events.exporting.folder import Unwilling
from events.models import Publication, Statement

from . import acts, factories

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/dumps/"


@pytest.fixture(autouse=True)
def state(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def lines(dump, name):
    return [json.loads(each) for each in (dump.path / name).read_text().splitlines()]


def table(dump, name):
    text = (dump.path / name).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def record():
    event = factories.event(word="Known")
    item = factories.statement(word="Known", event=event)
    factories.quote(item, word="Known")
    factories.outcome(event, word="Known")
    item.topics.add(factories.topic("Known"))
    return item


def test_dump_holds_every_public_record_once_in_each_form(record):
    dump = dumps.make()
    for kind, number in {"events": 1, "statements": 1, "quotes": 1, "outcomes": 1,
                         "topics": 1, "people": 1}.items():  # fmt: skip
        told = [each["uid"] for each in lines(dump, f"{kind}.jsonl")]
        assert (len(told), told) == (number, [row["uid"] for row in table(dump, f"{kind}.csv")])
    (statement,) = lines(dump, "statements.jsonl")
    (row,) = table(dump, "statements.csv")
    assert statement["title"]["ru"] == row["title_ru"] == "Known title ru"
    assert row["topics"] == statement["topics"][0]["slug"]


def test_dump_is_the_same_bytes_whatever_is_hidden(record, staff):
    before = {path.name: path.read_bytes() for path in dumps.make().path.iterdir()}
    moment = shelf.open_dumps()[0].moment
    for stage in ("draft", "in_review", "embargoed"):
        hidden = factories.statement(stage, "Sentinel", event=record.event)
        factories.quote(hidden, word="Sentinel")
        factories.outcome(record.event, word="Sentinel", announced_in=hidden)
        hidden.topics.add(factories.topic("Sentinel"))
        factories.event(stage, "Sentinel")
    shelf.open_dumps()[0].path.rename(shelf.place().parent / "before")
    with visibility.clock_set_to(lambda: moment):
        after = {path.name: path.read_bytes() for path in dumps.make().path.iterdir()}
    assert after == before
    assert not any(b"Sentinel" in data for data in after.values())


def test_sizes_and_checksums_are_those_of_the_files(record):
    dump = dumps.make()
    files = dump.manifest()["files"]
    assert {each["name"] for each in files} | {"manifest.json", "SHA256SUMS.txt"} == {
        path.name for path in dump.path.iterdir()
    }
    for each in files:
        data = (dump.path / each["name"]).read_bytes()
        assert (each["bytes"], each["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    told = {each["name"]: each["rows"] for each in files}
    assert (told["events.csv"], told["events.jsonl"], told["README.txt"]) == (1, 1, None)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx", "＝1"])
def test_no_cell_is_a_formula(text):
    assert tables.safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["1 − 1", "a=b", "", "«=»", 'a "b", c\nd'])
def test_other_cells_are_as_they_were(text):
    assert tables.safe(text) == text
    assert next(csv.reader(io.StringIO(tables.line([text]).decode(), newline=""))) == [text]


def test_table_of_formulas_is_harmless_and_the_lines_are_exact():
    factories.statement(title_en='=HYPERLINK("http://x")', body_en="<p>-1 &amp; more</p>")
    dump = dumps.make()
    (row,), (statement,) = table(dump, "statements.csv"), lines(dump, "statements.jsonl")
    assert row["title_en"] == '\'=HYPERLINK("http://x")'
    assert row["body_en"] == "'-1 & more"
    assert statement["title"]["en"] == '=HYPERLINK("http://x")'


def test_byte_order_mark_is_there_for_whoever_wants_it(record):
    assert (dumps.make(bom=True).path / "events.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    later = dt.datetime(2050, 1, 1, tzinfo=dt.UTC)
    with visibility.clock_set_to(lambda: later):
        assert not (dumps.make().path / "events.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_news_in_json_has_a_version_in_each_language_and_notices_without_a_word(record):
    factories.statement("retracted", "Sentinel")
    factories.event("withdrawn", "Sentinel")
    news = lines(dumps.make(), "news.ninjs.jsonl")
    known = {"standard", "uri", "type", "representationType", "version", "firstCreated",
             "versionCreated", "pubStatus", "language", "title", "headlines", "descriptions",
             "bodies", "by", "people", "organisations", "places", "subjects", "eventDetails",
             "infoSources", "altIds"}  # fmt: skip
    assert all({"standard", "uri", "versionCreated"} <= set(each) <= known for each in news)
    told = sorted((each["type"], each["pubStatus"], each["language"]) for each in news)
    tongues = ("en", "kk", "ru")
    assert told == sorted(
        (kind, status, code)
        for kind, status in [("event", "usable"), ("event", "withheld"), ("text", "canceled"),
                             ("text", "usable")]
        for code in tongues
    )  # fmt: skip
    gone = [each for each in news if each["pubStatus"] != "usable"]
    assert not any("title" in each or "bodies" in each for each in gone)
    assert {each["descriptions"][0]["value"] for each in gone} == {"A reason."}
    (own,) = [each for each in news if each["type"] == "text" and each["language"] == "ru"
              and each["pubStatus"] == "usable"]  # fmt: skip
    assert own["uri"] == f"https://press.example/ru/statements/{record.slug}/"
    assert own["bodies"][1] == {
        "role": "plain", "contentType": "text/plain", "value": "Known body ru",
    }  # fmt: skip


def test_dump_is_read_page_by_page(record, monkeypatch):
    monkeypatch.setattr(dumps, "AT_ONCE", 2)
    for _each in range(4):
        factories.statement()
    told = [each["uid"] for each in lines(dumps.make(), "statements.jsonl")]
    assert told == sorted(str(each.pk) for each in Statement.objects.all())


def test_catalogue_names_what_can_be_downloaded(record):
    dump = dumps.make()
    (described,) = lines(dump, "dcat.jsonld")
    names = {each["dct:title"] for each in described["dcat:distribution"]}
    assert names == {path.name for path in dump.path.iterdir() if path.suffix in (".csv", ".jsonl")}
    first = described["dcat:distribution"][0]
    assert (
        first["dcat:downloadURL"]
        == f"https://press.example{ADDRESS}{dump.name}/{names_first(first)}"
    )


def names_first(each):
    return each["dct:title"]


def test_files_are_downloaded_in_part_and_not_again(record, client):
    assert client.get(ADDRESS).json() == {"dumps": []}
    dump = dumps.make()
    (told,) = client.get(ADDRESS).json()["dumps"]
    files = {each["name"]: each for each in told["files"]}
    address = files["events.jsonl"]["url"].removeprefix("https://press.example")
    answer = client.get(address)
    assert b"".join(answer) == (dump.path / "events.jsonl").read_bytes()
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["ETag"] == f'"{files["events.jsonl"]["sha256"]}"'
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    part = client.get(address, headers={"range": "bytes=0-9"})
    assert (part.status_code, b"".join(part)) == (
        206,
        (dump.path / "events.jsonl").read_bytes()[:10],
    )
    assert client.get(f"{ADDRESS}{dump.name}/SHA256SUMS.txt").status_code == 200


@pytest.mark.parametrize(
    "path", ["20200101T000000Z/events.csv", "x/events.csv", "{name}/nothing.csv",
             "{name}/..%2f..%2fsecret-key", "{name}/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(record, client, path):
    dump = dumps.make()
    (shelf.place().parent / "secret-key").write_text("secret")
    absent = client.get("/api/v1/nothing")
    assert absent["Content-Type"] == "application/problem+json"
    answer = client.get(ADDRESS + path.format(name=dump.name))
    assert (answer.status_code, answer.content) == (404, absent.content)


@pytest.mark.parametrize("act", ["withdraw", "retract"])
def test_dump_is_closed_by_what_ends_a_text_in_it(record, staff, client, act):
    item = factories.statement("draft", "Gone", ready_ru=False, ready_kk=False)
    officer = staff("Head of press")
    acts.released(item, staff("Press officer"), officer)
    dump = dumps.make()
    address = f"{ADDRESS}{dump.name}/statements.jsonl"
    etag = client.get(address)["ETag"]
    getattr(publishing, act)(Statement.objects.get(pk=item.pk), officer, {"en": "A reason."})
    assert client.get(ADDRESS).json() == {"dumps": []}
    for headers in ({}, {"if-none-match": etag}, {"range": "bytes=0-9"}):
        assert client.get(address, headers=headers).status_code == 404


def test_what_was_ended_under_embargo_closes_nothing(record, client):
    dumps.make()
    assert len(client.get(ADDRESS).json()["dumps"]) == 1
    factories.statement("draft", "Hidden")
    assert len(client.get(ADDRESS).json()["dumps"]) == 1


def test_dump_is_not_kept_of_what_is_retracted_meanwhile(record, monkeypatch):
    def ending(number):
        now = visibility.clock()
        Publication.objects.filter(pk=record.pk).update(
            status="retracted", withdrawn_at=now, reason_en="A reason."
        )

    with pytest.raises(Unwilling, match="make the dump again"):
        dumps.make(progress=ending)
    assert list(shelf.place().iterdir()) == []


def test_command_keeps_the_latest_and_says_what_it_made(record, capsys):
    for year in range(2030, 2034):
        with visibility.clock_set_to(functools.partial(dt.datetime, year, 1, 1, tzinfo=dt.UTC)):
            call_command("export_open_data", keep=2)
    assert [dump.moment.year for dump in shelf.open_dumps()] == [2033, 2032]
    assert capsys.readouterr().out.splitlines()[-1].endswith(f"in {shelf.open_dumps()[0].path}.")


def test_frozen_block_has_one_moment():
    with frozen.frozen() as moment:
        assert visibility.moment() == moment
