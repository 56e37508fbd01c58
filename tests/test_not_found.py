"""What is hidden answers like what never was: the same bytes and headers, however it is asked for.

Every route with its addresses (tests/test_leaks.py) × every stage that is not public × every
method and condition; beside each address stands the same one with names that nothing ever had.
"""

import datetime as dt
import uuid
from typing import Any

import pytest

from events import paper
from events.languages import CODES
from events.models import Publication

from . import factories
from .test_leaks import addresses, public_routes

WORD, NOBODY = "Kryptonym", "Nevermade"
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
CONDITIONS: tuple[dict[str, str], ...] = (
    {"if-none-match": "*"}, {"if-none-match": '"x"'}, {"if-match": "*"}, {"if-match": '"x"'},
    {"if-modified-since": "Thu, 01 Jan 2026 00:00:00 GMT"},
    {"if-unmodified-since": "Thu, 01 Jan 1970 00:00:00 GMT"}, {"range": "bytes=0-0"},
    {"range": "bytes=999999-"}, {"accept-encoding": "br"}, {"accept-encoding": "gzip"},
    {"accept": "application/json"}, {"accept-language": "kk"},
    {"cookie": "sessionid=x; preview=y"}, {"origin": "https://elsewhere.example"},
)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_limits_and_paper(settings, monkeypatch):
    settings.API_RATE = settings.SEARCH_RATE = settings.PAPER_RATE = ""
    monkeypatch.setattr(paper, "available", lambda: True)
    monkeypatch.setattr(paper, "pdf", lambda page, *pictures: page)


def _limited(rows: dict[str, Any]) -> None:
    Publication.objects.filter(pk__in=[rows["event"].pk, rows["statement"].pk]).update(limited=True)


def _ahead(status: str, rows: dict[str, Any]) -> None:
    """Decided on before its moment: what the office takes back while nobody has read it."""
    Publication.objects.filter(pk__in=[rows["event"].pk, rows["statement"].pk]).update(
        status=status, release_at=factories.FAR_AHEAD, withdrawn_at=factories.LONG_AGO,
        reason_en="A reason.",
    )  # fmt: skip


STAGES = {
    "draft": ("draft", lambda rows: None), "in_review": ("in_review", lambda rows: None),
    "embargoed": ("embargoed", lambda rows: None), "limited": ("embargoed", _limited),
    "withdrawn_before_its_moment": ("withdrawn", lambda rows: _ahead("withdrawn", rows)),
    "retracted_before_its_moment": ("retracted", lambda rows: _ahead("retracted", rows)),
}  # fmt: skip


def made(stage: str) -> dict[str, Any]:
    """One of everything at a stage."""
    base, change = STAGES[stage]
    rows = factories.whole(base, WORD, "KI")
    change(rows)
    return rows


def never(rows: dict[str, Any]) -> dict[str, str]:
    """What to write instead of each name and identifier, so that it was never anybody's."""
    instead = {"KI": "NR", "/ki": "/nr", "ki.": "nr."}
    for row in rows.values():
        instead[str(row.pk)] = str(uuid.uuid4())
        if slug := getattr(row, "slug", ""):
            instead[slug] = slug.replace(WORD.lower(), NOBODY.lower())
    return instead


def replaced(text: str, instead: dict[str, str]) -> str:
    """An address by other names."""
    for name, other in instead.items():
        text = text.replace(name, other)
    return text


def heard(client: Any, method: str, address: str, **headers: str) -> tuple[int, bytes, str]:
    """All that an answer says."""
    answer = client.generic(method, address, headers=headers)
    return answer.status_code, answer.getvalue(), str(sorted(answer.headers.items()))


def pairs(rows: dict[str, Any], codes: Any = CODES) -> list[tuple[str, str, str]]:
    """Each address that names one of the rows, with the one that names nothing."""
    instead, others = never(rows), set(CODES) - set(codes)
    found = [(route, each) for route in public_routes() for each in addresses(route, rows)]
    return [
        (route, address, other)
        for route, address in found
        if (other := replaced(address, instead)) != address and address[1:3] not in others
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("stage", STAGES)
def test_hidden_answers_like_what_never_was_to_every_method(client, stage):
    rows = made(stage)
    factories.whole("published", "Openly", "BY")
    told, statuses = [], set()
    for route, address, other in pairs(rows, CODES[:1]):
        for method in METHODS:
            hidden, absent = heard(client, method, address), heard(client, method, other)
            statuses.add(absent[0])
            if hidden != absent:
                told.append((method, route, address, hidden[0], absent[0]))
    assert told == []
    assert statuses >= {404, 405}


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["embargoed", "limited"])
def test_hidden_answers_like_what_never_was_under_every_condition(client, stage):
    rows = made(stage)
    factories.whole("published", "Openly", "BY")
    told = [
        (headers, route, address)
        for number, (route, address, other) in enumerate(pairs(rows))
        # Each address in each language, under the conditions by turns.
        for headers in (CONDITIONS[number % 7 :: 7] if address[1:3] in CODES[1:] else CONDITIONS)
        if heard(client, "GET", address, **headers) != heard(client, "GET", other, **headers)
    ]  # fmt: skip
    assert told == []


@pytest.mark.django_db
def test_names_of_hidden_rows_in_a_query_tell_nothing(client):
    rows = made("embargoed")
    factories.whole("published", "Openly", "BY")
    instead, told = never(rows), []
    for kind in ("topic", "person", "organisation", "series", "event"):
        for path in ("events/", "statements/", "quotes/", "outcomes/", "events.json", "quotes.json",
                     "events/feed.atom", "events/calendar.ics", "feeds/"):  # fmt: skip
            address = f"/en/{path}?{kind}={rows[kind].slug}"
            hidden = heard(client, "GET", address)
            absent = heard(client, "GET", replaced(address, instead))
            # A refusal may repeat what was asked.
            repeated = hidden[1].decode().count(rows[kind].slug)
            if repeated:
                hidden = (hidden[0], replaced(hidden[1].decode(), instead).encode(), "")
                absent = (absent[0], absent[1], "")
            if hidden != absent:
                told.append((address, hidden[0], absent[0]))
    assert told == []


@pytest.mark.django_db
def test_trace_is_refused_at_every_address_and_repeats_nothing(client):
    rows = factories.whole("published", "Openly", "BY")
    secret = "X-Secret-Of-The-Proxy"
    asked = [each for route in public_routes() for each in addresses(route, rows)]
    for address in [*asked, "/admin/", "/admin/login/", "/preview/", "/accounts/nothing/"]:
        answer = client.generic("TRACE", address, headers={"x-secret": secret})
        assert answer.status_code == 405, address
        assert secret not in answer.getvalue().decode(errors="replace") + str(answer.headers)


@pytest.mark.django_db
def test_a_method_is_refused_by_the_route_alone(client):
    rows = factories.whole("published", "Openly", "BY")
    hidden = made("embargoed")
    for route in public_routes():
        for public, other in zip(addresses(route, rows), addresses(route, hidden), strict=True):
            if "?" in public:
                continue
            for method in ("POST", "PUT", "DELETE", "TRACE"):
                there, here = heard(client, method, public), heard(client, method, other)
                assert there == here, (method, public, other)


@pytest.mark.django_db
def test_slash_is_added_by_the_route_alone(client):
    item, hidden = factories.event(), factories.event("embargoed")
    for slug in (item.slug, hidden.slug, "never-was"):
        answer = client.get(f"/en/events/{slug}")
        assert (answer.status_code, answer["Location"]) == (301, f"/en/events/{slug}/")


@pytest.mark.django_db
def test_moment_of_release_is_the_first_difference(client, monkeypatch):
    from events import visibility

    item = factories.event("embargoed", release_at=dt.datetime(2090, 1, 1, 9, tzinfo=dt.UTC))
    address, other = f"/en/events/{item.slug}/", "/en/events/never-was-there/"
    for second, status in ((-1, 404), (0, 200)):
        now = item.release_at + dt.timedelta(seconds=second)
        monkeypatch.setattr(visibility, "clock", lambda now=now: now)
        assert client.get(address).status_code == status
        same = heard(client, "GET", address) == heard(client, "GET", other)
        assert same is (status == 404)
