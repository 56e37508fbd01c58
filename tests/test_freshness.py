"""The same bytes for everybody, in each coding, and nothing sent again that has not changed."""

import datetime as dt
import gzip

import brotli
import pytest

from events import visibility
from events.public.freshness import build

from . import acts, factories

pytestmark = pytest.mark.django_db
FEED, PAGE = "/en/feeds/latest.rss", "/en/statements/"


@pytest.fixture
def out(staff):
    """A statement that was released in the sight of two people, a minute ago."""
    item = factories.statement(
        "draft", "Known", ready_ru=False, ready_kk=False, body_en=f"<p>{'Many words. ' * 99}</p>"
    )
    before = visibility.clock() - dt.timedelta(minutes=1)
    with visibility.clock_set_to(lambda: before):
        return acts.released(item, staff("Press officer"), staff("Head of press"))


@pytest.mark.parametrize("address", [FEED, PAGE])
def test_each_coding_has_the_same_content_and_its_own_tag(client, out, address):
    whole = client.get(address)
    sent = {
        coding: client.get(address, headers={"accept-encoding": coding})
        for coding in ("br", "gzip")
    }
    assert whole.has_header("Content-Encoding") is False
    assert brotli.decompress(sent["br"].content) == whole.content
    assert gzip.decompress(sent["gzip"].content) == whole.content
    assert [each["Content-Encoding"] for each in sent.values()] == ["br", "gzip"]
    assert len({whole["ETag"], *(each["ETag"] for each in sent.values())}) == 3
    for answer in (whole, *sent.values()):
        assert "Accept-Encoding" in answer["Vary"]
        assert int(answer["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize(
    ("asked", "coding"),
    [
        ("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"),
        ("BR;q=1.0", "br"), ("deflate", ""), ("", ""), ("gzip;q=0", ""), ("zstd", ""),
    ],
)  # fmt: skip
def test_coding_is_one_that_the_reader_takes(client, out, asked, coding):
    assert (
        client.get(FEED, headers={"accept-encoding": asked}).get("Content-Encoding", "") == coding
    )


@pytest.mark.parametrize("coding", ["", "br", "gzip"])
@pytest.mark.parametrize("address", [FEED, PAGE])
def test_304_in_the_coding_that_the_reader_has(client, out, address, coding):
    headers = {"accept-encoding": coding}
    tag = client.get(address, headers=headers)["ETag"]
    again = client.get(address, headers={**headers, "if-none-match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert again["Cache-Control"] == "public, max-age=0, s-maxage=1"
    other = client.get(address, headers={"accept-encoding": "other", "if-none-match": tag})
    assert other.status_code == (200 if coding else 304)


def test_304_of_a_feed_costs_one_query(client, out, django_assert_num_queries):
    tag = client.get(FEED)["ETag"]
    with django_assert_num_queries(1):
        assert client.get(FEED, headers={"if-none-match": tag}).status_code == 304


def test_time_of_the_last_change_is_told_once_its_second_is_over(client, staff, out):
    since = client.get(FEED)["Last-Modified"]
    assert client.get(FEED, headers={"if-modified-since": since}).status_code == 304
    second = factories.statement("draft", "Second", ready_ru=False, ready_kk=False)
    now = visibility.clock()
    with visibility.clock_set_to(lambda: now):
        acts.released(second, staff("Writer"), staff("Press officer", "other"))
        answer = client.get(FEED, headers={"if-modified-since": since})
    assert (answer.status_code, answer.has_header("Last-Modified")) == (200, False)


def test_nothing_is_unchanged_that_never_was(client, out):
    tag = client.get(FEED)["ETag"]
    for absent in ("/en/feeds/nothing.rss", "/en/topics/nothing/feed.rss"):
        for asked in (tag, "*", f"W/{tag}"):
            assert client.get(absent, headers={"if-none-match": asked}).status_code == 404
    assert client.get("/ru/feeds/latest.rss", headers={"if-none-match": tag}).status_code == 200


def test_build_is_told_by_what_it_is_made_of(settings):
    before = build()
    build.cache_clear()
    assert build() == before
    build.cache_clear()
    settings.SITE_URL = "https://elsewhere.example"
    assert build() != before
    build.cache_clear()
