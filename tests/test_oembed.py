"""Our texts on other people's pages: oEmbed, the codes to copy, and the quote in a frame."""

import datetime as dt
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import publishing
from events.models import Quote, Statement
from events.public import embeds

from . import acts, factories

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = pytest.mark.django_db

SITE = "https://press.example"
NOW = dt.datetime(2026, 10, 6, 5, 0, tzinfo=dt.UTC)
HOSTILE = "</blockquote><script>alert(1)</script> & ]]> \u202e \U0001f600 \"'"


def address(item, language="en"):
    return f"{SITE}{item.get_absolute_url()}".replace("/en/", f"/{language}/")


def asked(client, item, **params):
    language = params.pop("language", "en")
    return client.get("/oembed", {"url": address(item, language), **params})


@pytest.fixture
def rows():
    return factories.whole("published", "Plain", "KZ")


# --- The provider ---------------------------------------------------------------------------------


def test_quote_comes_with_its_words_speaker_office_source_and_date(client, rows):
    Quote.objects.update(office_en="Minister then")
    answer = asked(client, rows["quote"])
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    there = address(rows["quote"])
    assert answer.json() == {
        "version": "1.0", "type": "rich", "provider_name": "Press Office",
        "provider_url": f"{SITE}/", "cache_age": 300, "title": "Plain name: “Plain words”",
        "author_name": "Plain name", "author_url": address(rows["person"]),
        "html": f'<blockquote cite="{there}" lang="en"><p>“Plain words”</p><footer>— Plain name, '
                f'Minister then. <a href="{there}">Plain title en</a>, <time datetime="2020-01-01">'
                '1 January 2020</time>. Press Office</footer></blockquote>',
        "width": 600, "height": 262,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["event", "statement"])
def test_event_and_statement_come_as_an_excerpt_in_the_language_of_their_address(
    client, rows, name
):
    answer = asked(client, rows[name], language="ru")
    said = answer.json()
    assert (answer["Content-Language"], said["title"]) == ("ru", "Plain title ru")
    assert said["provider_name"] == "Пресс-служба"
    there = address(rows[name], "ru")
    card = BeautifulSoup(said["html"], "html.parser").blockquote
    assert (card["cite"], card["lang"], card.a["href"]) == (there, "ru", there)
    assert [each.get_text() for each in card("p")] == ["Plain title ru", "Plain summary ru"]
    assert "1 января 2020" in card.footer.get_text()
    speaker = "Plain speaker" if name == "statement" else "Пресс-служба"
    assert said["author_name"] == speaker
    assert (speaker in card.footer.get_text()) is True


def test_xml_says_the_same(client, rows):
    for name in ("event", "statement", "quote"):
        plain, answer = asked(client, rows[name]).json(), asked(client, rows[name], format="xml")
        assert answer["Content-Type"] == "text/xml; charset=utf-8"
        root = ElementTree.fromstring(answer.content)
        assert root.tag == "oembed"
        assert {each.tag: each.text for each in root} == {
            key: str(value) for key, value in plain.items()
        }


@pytest.mark.parametrize("form", ["json", "xml"])
def test_hostile_texts_are_words_and_nothing_else(client, form):
    said = factories.statement(title_en=HOSTILE, summary_en=HOSTILE)
    quote = factories.quote(said, text_en=f"{HOSTILE}\nmore", name_en=HOSTILE, office_en=HOSTILE)
    for item in (said, quote):
        answer = asked(client, item, format=form).content
        whole = json.loads(answer) if form == "json" else {
            each.tag: each.text for each in ElementTree.fromstring(answer)
        }  # fmt: skip
        page = BeautifulSoup(whole["html"], "html.parser")
        assert {each.name for each in page(True)} <= {
            "blockquote", "p", "footer", "a", "strong", "time", "br",
        }  # fmt: skip
        assert HOSTILE in page.get_text()
        attributes = {name for each in page(True) for name in each.attrs}
        assert attributes <= {"cite", "lang", "href", "datetime"}


@pytest.mark.parametrize(
    ("limits", "width", "height"),
    [
        ({}, 600, 262), ({"maxwidth": "400"}, 400, 262), ({"maxwidth": "9999"}, 1000, 262),
        ({"maxwidth": "1"}, 1, 294), ({"maxheight": "100"}, 600, 100),
        ({"maxheight": "9999"}, 600, 262), ({"maxwidth": "", "maxheight": ""}, 600, 262),
    ],
)  # fmt: skip
def test_limits_are_kept(client, rows, limits, width, height):
    said = asked(client, rows["quote"], **limits).json()
    assert (said["width"], said["height"]) == (width, height)


def test_card_comes_where_it_fits(client, clock, statement, writer, officer):
    acts.released(statement, writer, officer)
    card = f"{SITE}/cards/en/{statement.pk}-1.png"
    limits = {"maxwidth": "1200", "maxheight": "630"}
    for given in ({}, limits):
        said = asked(client, statement, **given).json()
        size = said["thumbnail_width"], said["thumbnail_height"]
        assert (said["thumbnail_url"], size) == (card, (1200, 630))
    for given in ({"maxwidth": "1199"}, {"maxheight": "629"}):
        said = asked(client, statement, **given).json()
        assert [name for name in said if name.startswith("thumbnail")] == []


BAD = {
    "nothing": "",
    "words": "hello",
    "javascript": "javascript:alert(1)",
    "data": "data:text/html,x",
    "other host": "https://other.example{path}",
    "other port": f"{SITE}:8443{{path}}",
    "other scheme": "http://press.example{path}",
    "no scheme": "//press.example{path}",
    "path alone": "{path}",
    "signed in": f"{SITE}@other.example{{path}}",
    "user": "https://user@press.example{path}",
    "with a query": f"{SITE}{{path}}?a=1",
    "broken": "http://[",
    "root": f"{SITE}/",
    "list": f"{SITE}/en/events/",
    "no language": f"{SITE}/events/x-y/",
    "unknown": f"{SITE}/en/events/x-y/",
    "other language": f"{SITE}/de/events/x-y/",
    "staff": f"{SITE}/admin/",
    "preview": f"{SITE}/preview/en/events/x-y/",
    "outcome": "{outcome}",
    "history": f"{SITE}{{path}}history/",
    "overlong": f"{SITE}/" + "a" * 9000,
    "null": f"{SITE}/en/events/%00/",
    "not Unicode": f"{SITE}/en/events/%ff/",
}


def test_an_address_that_is_not_ours_to_show_is_not_found(client, rows):
    path = rows["event"].get_absolute_url()
    assert client.get("/oembed", {"url": f"{SITE}{path}"}).status_code == 200
    never = client.get("/oembed", {"url": f"{SITE}/en/events/never-was/"})
    assert never.status_code == 404
    for name, url in BAD.items():
        given = url.format(path=path, outcome=address(rows["outcome"]))
        answer = client.get("/oembed", {"url": given})
        if name == "nothing":
            assert answer.status_code == 400
        else:
            assert (name, answer.status_code) == (name, 404)
            assert answer.content == never.content, name
            assert dict(answer.headers) == dict(never.headers), name


def test_fragment_of_an_address_is_no_part_of_it(client, rows):
    there = f"{address(rows['event'])}#p3"
    assert client.get("/oembed", {"url": there}).status_code == 200
    upper = address(rows["event"]).replace("press.example", "PRESS.example")
    assert client.get("/oembed", {"url": upper}).status_code == 200


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"format": "json"}, 200), ({"dnt": "1"}, 200), ({"format": "yaml"}, 501),
        ({"format": "JSON"}, 501), ({"maxwidth": "0"}, 400), ({"maxwidth": "-1"}, 400),
        ({"maxwidth": "1.5"}, 400), ({"maxheight": "many"}, 400), ({"maxheight": "٣"}, 400),
        ({"maxheight": "9" * 30}, 400), ({"callback": "run"}, 400),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(client, rows, params, status):
    assert asked(client, rows["quote"], **params).status_code == status


def test_only_reading_is_answered(client):
    assert client.post("/oembed").status_code == 405


@pytest.mark.parametrize("stage", ["draft", "in_review", "embargoed", "withdrawn", "retracted"])
def test_hidden_text_is_answered_like_one_that_never_was(client, stage):
    hidden = factories.whole(stage, "Hidden", "KI")
    never = client.get("/oembed", {"url": f"{SITE}/en/events/never-was/"})
    for name in ("event", "statement", "quote"):
        for form in ("json", "xml"):
            answer = asked(client, hidden[name], format=form)
            assert (answer.status_code, answer.content) == (404, never.content)
            assert dict(answer.headers) == dict(never.headers)


def test_it_is_there_at_its_moment_and_gone_at_once(client, clock, statement, writer, officer):
    later = NOW + dt.timedelta(hours=1)
    acts.approved(statement, writer, officer, later)
    clock(later - dt.timedelta(seconds=1))
    assert asked(client, statement).status_code == 404
    clock(later)
    assert asked(client, statement).status_code == 200
    publishing.withdraw(Statement.objects.get(), officer, {"en": "Old."})
    assert asked(client, statement).status_code == 404


def test_it_costs_few_queries_and_one_when_asked_again(client, rows):
    for name, number in (("event", 2), ("statement", 3), ("quote", 2)):
        for most in (number, 1):
            with CaptureQueriesContext(connection) as queries:
                asked(client, rows[name])
            assert (name, len(queries)) == (name, most)


def test_pages_name_their_address_here(client, rows):
    for name in ("event", "statement", "quote"):
        page = BeautifulSoup(client.get(rows[name].get_absolute_url()).content, "html.parser")
        links = page.select('link[type$="+oembed"]')
        types = ["application/json+oembed", "text/xml+oembed"]
        assert [each["type"] for each in links] == types
        for each in links:
            answer = client.get(each["href"].removeprefix(SITE))
            assert (answer.status_code, each["title"] in answer.content.decode()) == (200, True)
    page = BeautifulSoup(client.get("/en/events/").content, "html.parser")
    assert page.select('link[type$="+oembed"]') == []


def test_withdrawn_page_names_none_and_offers_no_code(client):
    rows = factories.whole("withdrawn", "Plain", "KZ")
    for name in ("event", "statement", "quote"):
        page = BeautifulSoup(client.get(rows[name].get_absolute_url()).content, "html.parser")
        assert (page.select('link[type$="+oembed"]'), page.select(".embedding")) == ([], [])


# --- The codes and the frame ----------------------------------------------------------------------


def test_codes_on_the_page_are_what_others_get(client, rows):
    quote = rows["quote"]
    page = BeautifulSoup(client.get(quote.get_absolute_url()).content, "html.parser")
    plain, frame = (each.string for each in page.select(".embedding textarea"))
    assert plain == asked(client, quote).json()["html"]
    inner = BeautifulSoup(frame, "html.parser").iframe
    assert (inner["src"], inner["title"]) == (
        f"{address(quote)}embed/", "Plain name: “Plain words”",
    )  # fmt: skip
    assert client.get(inner["src"].removeprefix(SITE)).status_code == 200


def test_hostile_words_end_neither_the_field_nor_the_frame(client):
    hostile = f'"></textarea>{HOSTILE}'
    quote = factories.quote(factories.statement(), text_en=hostile, name_en=hostile)
    page = BeautifulSoup(client.get(quote.get_absolute_url()).content, "html.parser")
    plain, frame = (each.string for each in page.select(".embedding textarea"))
    assert hostile in BeautifulSoup(plain, "html.parser").get_text()
    assert [each.name for each in BeautifulSoup(frame, "html.parser")(True)] == ["iframe"]


def test_frame_is_for_anybody_with_no_cookie_and_no_way_to_the_staff(client, rows):
    answer = client.get(f"{rows['quote'].get_absolute_url()}embed/")
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.cookies == {}
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.blockquote.p.string == "“Plain words”"
    assert {each["href"] for each in page("a")} == {address(rows["quote"]), "/en/"}
    assert {each["target"] for each in page("a")} == {"_blank"}
    assert page("script") == []
    elsewhere = client.get(rows["quote"].get_absolute_url())
    assert elsewhere["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in elsewhere["Content-Security-Policy"]


def test_frame_says_what_became_of_the_words(client, clock, statement, person, writer, officer):
    Quote.objects.create(statement=statement, person=person, text_en="Exact words")
    acts.released(statement, writer, officer)
    there = f"{Quote.objects.get().get_absolute_url()}embed/"
    clock(NOW + dt.timedelta(hours=1))

    def edit(content):
        content["parts"]["quotes"][0]["fields"]["text_en"] = "More exact words"

    acts.changed(statement, writer, officer, edit=edit)
    shown = client.get(there).content.decode()
    assert ("More exact words" in shown, "The date was wrong." in shown) == (True, True)
    publishing.withdraw(Statement.objects.get(), officer, {"en": "Old."})
    answer = client.get(there)
    assert (answer.status_code, "exact words" in answer.content.decode()) == (200, False)
    assert "Withdrawn" in answer.content.decode()
    publishing.retract(Statement.objects.get(), officer, {"en": "Wrong."})
    answer = client.get(there)
    assert (answer.status_code, "exact words" in answer.content.decode()) == (410, False)
    assert "This text has been retracted" in answer.content.decode()
    assert "frame-ancestors *" in answer["Content-Security-Policy"]


def test_frame_costs_few_queries(client, rows):
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{rows['quote'].get_absolute_url()}embed/")
    assert len(queries) == 1


def test_a_frame_is_as_high_as_its_words_are_many():
    assert embeds.height(10, 600) < embeds.height(1000, 600) < embeds.height(1000, 300)


@pytest.fixture
def elsewhere():
    """Another site, under another name of this machine: serves one page with what it is given."""

    class Page(BaseHTTPRequestHandler):
        body = ""

        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>Elsewhere</title>{self.body}".encode())

        def log_message(self, *_said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def serve(body):
        Page.body = body
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    server.shutdown()
    server.server_close()


@pytest.mark.django_db(transaction=True)
def test_quote_is_framed_by_a_page_of_another_site_without_a_complaint(
    page, complaints, live_server, elsewhere
):
    quote = factories.quote(factories.statement(), text_en="Framed words")
    there = f"{live_server.url}/en/quotes/{quote.pk}/"
    code = BeautifulSoup(embeds.frame(quote, "Quote"), "html.parser")
    code.iframe["src"] = f"{there}embed/"
    page.goto(elsewhere(f'{code}<link rel="icon" href="data:,">'))
    words = page.frame_locator("iframe").locator("blockquote p")
    assert words.inner_text() == "“Framed words”"
    font = words.evaluate("each => getComputedStyle(each).fontFamily")
    assert font.startswith('"Noto Serif"')
    page.goto(there)  # linked data is no script, and is not run
    assert page.locator('script[type="application/ld+json"]').count() == 1
    assert complaints == []
