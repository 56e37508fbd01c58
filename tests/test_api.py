"""The open API: the lists whole and in order, each record true, and every refusal a problem."""

import datetime as dt
import json
import re
from uuid import uuid4

import pytest
from django.conf import settings as office

from events import visibility
from events.models import Statement

from . import acts, factories

pytestmark = pytest.mark.django_db
API = "/api/v1/"
LISTS = ("publications", "events", "statements", "quotes", "outcomes", "people", "organisations",
         "countries", "topics", "series")  # fmt: skip
PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def _as_many_as_come(settings):
    settings.API_RATE = ""


@pytest.fixture
def rows():
    """One of everything."""
    return factories.whole("published", "Shown", "BY")


def one_of(rows):
    """The address of each kind of record."""
    held = {
        "publications": "event", "events": "event", "statements": "statement", "quotes": "quote",
        "outcomes": "outcome", "people": "person", "organisations": "organisation",
        "countries": "country", "topics": "topic", "series": "series",
    }  # fmt: skip
    return {name: f"{API}{name}/{rows[held[name]].pk}" for name in LISTS}


# --- The lists ------------------------------------------------------------------------------------


def dated(number):
    """Events and statements on few days, so that many share one; each with a quote or outcome."""
    for each in range(number):
        day = dt.date(2020, 1, 1 + each % 3)
        at = dt.datetime(2020, 1, 1 + each % 3, 9, tzinfo=dt.UTC)
        event = factories.event(date=day, until=day, release_at=at, published_at=at)
        statement = factories.statement(date=day, release_at=at, published_at=at)
        factories.quote(statement)
        factories.outcome(event, due=day)


def walked(client, address):
    """All records of a list, page by page, by the addresses that it gives."""
    found, pages = [], 0
    while address:
        answer = client.get(address.removeprefix("https://press.example"))
        assert answer.status_code == 200, answer.content
        body, link = answer.json(), answer.headers.get("Link", "")
        address = body["next"]
        assert link == (f'<{address}>; rel="next"' if address else "")
        found += body["items"]
        pages += 1
    return found, pages


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("publications?limit=3", "published_at"),
        ("publications?limit=3&sort=oldest", "published_at"),
        ("events?limit=4", "date"), ("events?limit=4&sort=oldest", "date"),
        ("statements?limit=4", "published_at"), ("quotes?limit=3", ""),
        ("outcomes?limit=3&sort=due", "due"), ("people?limit=2", "slug"),
    ],
)  # fmt: skip
def test_list_is_walked_whole_and_once_in_order(client, query, key):
    dated(7)
    found, pages = walked(client, API + query)
    name, size = query.partition("?")[0], int(query.partition("limit=")[2][0])
    whole, one = walked(client, API + query.replace(f"limit={size}", "limit=100"))
    assert (one, pages) == (1, -(-len(whole) // size))
    assert found == whole
    assert len({each["uid"] for each in found}) == len(found) == {"publications": 14}.get(name, 7)
    keys = [(each[key], each["uid"]) for each in found] if key and key != "slug" else []
    ascending = "oldest" in query or "due" in query
    assert keys == sorted(keys, reverse=not ascending)


def test_filters_are_those_of_the_pages(client, rows):
    other = factories.whole("published", "Other", "TJ")
    slugs = {name: rows[name].slug for name in ("topic", "organisation", "person", "series")}
    for address, expected in {
        f"events?topic={slugs['topic']}": 1, f"events?series={slugs['series']}": 1,
        "events?country=BY": 1, "events?country=by": 1, "events?country=fr": 0,
        "events?kind=session": 2, "events?kind=briefing": 0, "events?when=past": 2,
        "events?when=upcoming": 0, "events?since=2020-01-02": 0, "events?until=2020-01-02": 2,
        "events?text=shown": 1, "events?language=kk": 2, "events?topic=&kind=": 2,
        "publications?type=event": 2, f"publications?topic={slugs['topic']}": 2,
        f"statements?person={slugs['person']}": 1, "statements?reliability=transcript": 0,
        f"quotes?person={slugs['person']}&year=2020": 1, "quotes?year=1999": 0,
        "quotes?country=tj": 1, "outcomes?state=agreed&due=none": 2, "outcomes?state=lapsed": 0,
        f"outcomes?event={other['event'].slug}": 1, "outcomes?overdue=1": 0,
    }.items():  # fmt: skip
        assert len(client.get(API + address).json()["items"]) == expected, address


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("number", [3, 30])
def test_lists_cost_the_same_whatever_they_hold(client, name, number, django_assert_num_queries):
    for _each in range(number // 3):
        factories.whole("published", "Shown", "BY")
    costs = {"publications": 25, "events": 20, "statements": 17, "quotes": 6, "outcomes": 7,
             "people": 3, "organisations": 4, "countries": 3, "topics": 2, "series": 2}  # fmt: skip
    with django_assert_num_queries(costs[name]):
        assert client.get(f"{API}{name}").status_code == 200


# --- What is asked badly --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("events?colour=red", ["colour"]), ("events?b=1&a=2", ["a", "b"]),
        ("events?limit=0", ["limit"]), ("events?limit=101", ["limit"]),
        ("events?limit=ten", ["limit"]), ("events?limit=", ["limit"]),
        ("events?limit=%D9%A3", ["limit"]), ("events?after=yesterday", ["after"]),
        ("events?after=2020-01-01_" + "0" * 36, ["after"]),
        ("events?after=9999-99-99_00000000-0000-0000-0000-000000000000", ["after"]),
        ("statements?after=0001-01-01T00:00:00%2B14:00_" + "0" * 36, ["after"]),
        ("events?kind=party", ["kind"]), ("events?country=xx", ["country"]),
        ("events?country=tajikistan", ["country"]), ("events?topic=no-such-topic", ["topic"]),
        ("events?since=2020-13-01", ["since"]), ("events?since=1066-10-14", ["since"]),
        ("events?since=2020-02-01&until=2020-01-01", ["until"]), ("events?when=now", ["when"]),
        ("events?sort=random", ["sort"]), ("events?text=%22%22", ["text"]),
        ("events?before=2020-01-01_" + "0" * 36, ["before"]), ("quotes?year=20", ["year"]),
        ("outcomes?event=no-such-event", ["event"]), ("outcomes?overdue=2", ["overdue"]),
        ("outcomes?due=never", ["due"]), ("people?after=%00", ["after"]),
        ("people?topic=x", ["topic"]),
        ("publications?type=quote", ["type"]), ("publications?language=de", ["language"]),
        ("events/00000000-0000-0000-0000-000000000000?lang=en", ["lang"]), ("?x=1", ["x"]),
        ("openapi.json?x=1", ["x"]), ("events?topic=" + "x" * 3000, ["topic"]),
        ("events?%3Cscript%3E=1", ["<script>"]),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_a_problem_that_names_it(client, rows, query, named):
    answer = client.get(API + query)
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM), answer.content
    body = answer.json()
    assert (body["status"], body["parameters"]) == (400, named)
    assert body["detail"]
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert len(answer.content) < 4000


@pytest.mark.parametrize(
    "path",
    ["", "v1", "v2/events", "v1/nothing", "v1/events/", "v1/events/1", "v1/events/x/y/../z",
     "v1/publications/x/editions/1", "v1/openapi.yaml", "v1/events/%00", "v1/events/%F0%9F%98%80"],
)  # fmt: skip
def test_nothing_is_one_problem_wherever_it_is(client, path):
    nothing = client.get(f"{API}events/{uuid4()}")
    answer = client.get(f"/api/{path}")
    assert answer.status_code == nothing.status_code == 404
    assert answer.content == nothing.content
    assert dict(answer.headers) == dict(nothing.headers)
    assert answer["Content-Type"] == PROBLEM


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_nothing_can_be_written(client, rows, method):
    for path in (f"{API}events", f"{API}openapi.json", f"{API}nothing", "/en/events.json"):
        answer = getattr(client, method)(path)
        assert (answer.status_code, answer["Content-Type"]) == (405, PROBLEM), path
        assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_failure_is_a_problem_and_tells_nothing(client, rows, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("events.opendata.records.brief", lambda item: 1 / 0)
    answer = client.get(f"{API}events")
    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
    assert answer.json() == {"type": "about:blank", "title": "Something went wrong here.",
                             "status": 500}  # fmt: skip
    assert answer["Access-Control-Allow-Origin"] == "*"


# --- Who may read it, and how often it is sent ----------------------------------------------------


def test_head_is_get_without_the_body(client, rows):
    for path in (*one_of(rows).values(), f"{API}events?limit=1", API, f"{API}openapi.json"):
        whole, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert dict(head.headers) == dict(whole.headers)


def test_pages_of_other_sites_may_read_all_of_it(client, rows):
    tag = client.get(f"{API}events")["ETag"]
    for path, headers in [
        (f"{API}events", {}), (f"{API}events", {"if-none-match": tag}), (f"{API}events?x=1", {}),
        (f"{API}nothing", {}), ("/en/events.json", {}), ("/ru/nothing.json", {}),
    ]:  # fmt: skip
        answer = client.get(path, headers={"origin": "https://elsewhere.example", **headers})
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert {"ETag", "Link", "Retry-After"} <= set(
            answer["Access-Control-Expose-Headers"].split(", ")
        )
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET",
             "access-control-request-headers": "if-none-match"}  # fmt: skip
    for path in (f"{API}events", "/en/events.json"):
        answer = client.options(path, headers=asked)
        assert (answer.status_code, answer.content) == (204, b"")
        assert "If-None-Match" in answer["Access-Control-Allow-Headers"]
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/en/events/").headers
    assert "Access-Control-Allow-Origin" not in client.get("/admin/x.json").headers


def test_unchanged_costs_one_query(client, rows, django_assert_num_queries):
    for path in (f"{API}events", f"{API}publications?limit=100", *one_of(rows).values(), API,
                 "/en/events.json", "/en/people.json",
                 f"/en/events/{rows['event'].slug}.json"):  # fmt: skip
        tag = client.get(path)["ETag"]
        with django_assert_num_queries(1):
            answer = client.get(path, headers={"if-none-match": tag})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag), path
        assert answer["Cache-Control"] == "public, max-age=0, s-maxage=1"


def test_what_depends_on_the_day_is_never_told_unchanged_by_the_time_of_the_record(client, rows):
    for query in ("events?when=upcoming", "outcomes?overdue=1"):
        assert "Last-Modified" not in client.get(API + query).headers


def test_large_page_is_kept_whole(client, django_assert_num_queries):
    for _each in range(8):
        factories.event(body_en=f"<p>{'Many words. ' * 4000}</p>")
    whole = client.get(f"{API}events")
    with django_assert_num_queries(1):
        again = client.get(f"{API}events")
    assert len(whole.content) > 300_000
    assert again.content == whole.content


def test_embargoed_item_changes_no_byte_and_no_header(client, staff):
    """Neither writing one nor approving it, for all that is answered before its moment."""
    rows = factories.whole("published", "Shown", "BY")
    paths = [*one_of(rows).values(), *(API + name for name in LISTS), API,
             *(f"{API}{name}?country=by" for name in ("events", "quotes", "outcomes")),
             f"{API}publications/{rows['event'].pk}/editions", "/en/index.json",
             "/en/events.json", "/ru/countries.json", "/kk/search.json?q=title",
             f"/en/people/{rows['person'].slug}.json"]  # fmt: skip
    now = visibility.clock()

    def answers():
        with visibility.clock_set_to(lambda: now):
            return {path: (dict(each.headers), each.content)
                    for path in paths for each in [client.get(path)]}  # fmt: skip

    before = answers()
    hidden = factories.statement(
        "draft", "Kryptonym", event=rows["event"], ready_ru=False, ready_kk=False
    )
    hidden.topics.add(rows["topic"], factories.topic("Kryptonym"))
    factories.quote(hidden, "Kryptonym", person=rows["person"])
    factories.outcome(rows["event"], "Kryptonym", announced_in=hidden)
    assert answers() == before
    acts.approved(hidden, staff("Press officer"), staff("Head of press"),
                  now + dt.timedelta(hours=1))  # fmt: skip
    assert answers() == before
    with visibility.clock_set_to(lambda: now + dt.timedelta(hours=1)):
        assert "Kryptonym" in client.get(f"{API}statements").content.decode()


# --- What is there, and what is not any more ------------------------------------------------------


def test_record_by_its_identifier_is_the_one_in_the_list_and_its_pages_twin(client, rows):
    for name, path in one_of(rows).items():
        found = client.get(path).json()
        assert found in client.get(API + name).json()["items"]
        assert found["api"].removeprefix("https://press.example") in (
            path, path.replace("publications", "events")
        )  # fmt: skip
        twin = found["languages"]["en"]["json"].removeprefix("https://press.example")
        there = client.get(twin).json()
        assert {key: there[key] for key in found} == found


@pytest.mark.parametrize("stage", ["draft", "in_review", "embargoed"])
def test_hidden_is_as_if_it_had_never_been(client, stage):
    rows = factories.whole(stage, "Kryptonym", "KI")
    never = client.get(f"{API}events/{uuid4()}")
    for path in one_of(rows).values():
        for asked in (path, f"{path}/editions", f"{path}/editions/1"):
            answer = client.get(asked)
            assert (answer.status_code, answer.content) == (404, never.content), asked
            assert dict(answer.headers) == dict(never.headers)
    for name in LISTS:
        assert client.get(API + name).json() == {"items": [], "next": None}
    for query in (
        "events?topic={topic}", "events?series={series}", "quotes?person={person}",
        "outcomes?event={event}", "publications?organisation={organisation}",
    ):  # fmt: skip
        slugs = {name: getattr(row, "slug", "") for name, row in rows.items()}
        hidden = client.get(API + query.format(**slugs))
        absent = client.get(API + query.format(**dict.fromkeys(slugs, "never-was")))
        assert (hidden.status_code, hidden.content) == (400, absent.content), query


def test_retracted_answers_gone_with_the_day_and_the_reason_and_no_word(client):
    rows = factories.whole("retracted", "Kryptonym", "KI")
    paths = one_of(rows)
    gone = {"at": "2020-01-01T09:00:00Z", "reason": {"en": "A reason."}}
    for name in ("publications", "events", "statements", "quotes", "outcomes"):
        answer = client.get(paths[name])
        assert (answer.status_code, answer["Content-Type"]) == (410, PROBLEM)
        body = answer.json()
        assert (body["pubstatus"], body["retracted"]) == ("canceled", gone)
        assert "Kryptonym" not in answer.content.decode()
    assert client.get(f"{paths['publications']}/editions").status_code == 410
    assert client.get(f"{paths['publications']}/editions/1").status_code == 410
    for name in ("people", "topics", "countries", "organisations", "series"):
        assert client.get(paths[name]).status_code == 404
    assert client.get(f"/en/events/{rows['event'].slug}.json").status_code == 410


def test_withdrawn_is_at_its_own_address_alone_and_says_so(client):
    rows = factories.whole("withdrawn", "Ended", "KI")
    paths = one_of(rows)
    for name in ("publications", "events", "statements", "quotes"):
        body = client.get(paths[name]).json()
        assert (body["pubstatus"], body["withdrawn"]["reason"]) == ("withheld", {"en": "A reason."})
        assert client.get(API + name).json()["items"] == []


def test_quote_that_a_change_took_out_is_gone_with_its_note(client, staff):
    people = staff("Press officer"), staff("Head of press")
    item = factories.statement("draft", "Known", ready_ru=False, ready_kk=False)
    quote = factories.quote(item)
    released = acts.released(item, *people)
    acts.changed(released, *people, edit=lambda content: content["parts"]["quotes"].clear())
    answer = client.get(f"{API}quotes/{quote.pk}")
    assert (answer.status_code, answer["Content-Type"]) == (410, PROBLEM)
    assert answer.json()["removed"]["note"] == acts.NOTE


def test_editions_are_told_as_readers_had_them(client, staff):
    people = staff("Press officer"), staff("Head of press")
    item = factories.statement("draft", "Known", ready_ru=False, ready_kk=False)
    released = acts.released(item, *people)
    acts.changed(released, *people, title_en="Corrected title")
    there = f"{API}publications/{item.pk}/editions"
    listed = client.get(there).json()
    now = Statement.objects.get()
    assert [each["number"] for each in listed["items"]] == [2, 1]
    assert listed["items"][0]["correction"]["note"] == acts.NOTE
    assert listed["items"][1]["correction"] is None
    first, second = (client.get(f"{there}/{number}").json() for number in (1, 2))
    assert first["text"]["title"] == {"en": "Known title en"}
    assert second["text"]["title"] == {"en": "Corrected title"}
    assert (first["until"], second["until"]) == (second["since"], None)
    record = client.get(f"{API}statements/{item.pk}").json()
    assert second["text_digests"]["en"] == record["languages"]["en"]["text_digest"]
    assert (record["edition"], record["corrections"]) == (2, [listed["items"][0]["correction"]])
    assert record["corrected_at"] == now.corrected_at.isoformat().replace("+00:00", "Z")
    for number in (0, 3, 99):
        assert client.get(f"{there}/{number}").status_code == 404
    # How many drafts there were is nobody's business.
    assert "chain" not in json.dumps([listed, first, second])


def test_text_of_any_kind_is_valid_json(client):
    wild = "]]> & <b> \U0001f600 \u202eright\u202c \\ \" '"
    factories.event(title_en=wild, body_en=f"<p>{'x' * 200_000} &amp; ]]&gt;</p>")
    answer = client.get(f"{API}events")
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["items"][0]["title"]["en"] == wild
    assert len(answer.json()["items"][0]["body"]["en"]) > 200_000


def test_index_leads_to_every_list_and_the_guide(client, rows):
    body = client.get(API).json()
    assert set(body["lists"]) == set(LISTS)
    for address in (*body["lists"].values(), body["openapi"], *body["documentation"].values()):
        assert client.get(address.removeprefix("https://press.example")).status_code == 200
    assert set(body["documentation"]) == {code for code, _name in office.LANGUAGES}


def test_guide_tells_of_every_route_and_field(client):
    text = client.get("/en/api/").content.decode()
    document = client.get(f"{API}openapi.json").json()
    for path in document["paths"]:
        assert f"<code>GET {path}</code>" in text
    for name in ("Event", "Statement", "Quote", "Outcome", "Person", "Organisation", "Problem"):
        assert f'id="shape-{name}"' in text
    loaded = re.findall(r'<(?:script|img|link|iframe)[^>]+(?:src|href)="([^"]+)"', text)
    assert [each for each in loaded if not each.startswith(("/", "https://press.example/"))] == []
