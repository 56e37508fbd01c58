"""How many queries each page costs: few, and as many in a full archive as in a small one."""

from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event, Quote, Statement

from . import archive, factories, pages

pytestmark = pytest.mark.django_db

FEW, MANY = 12, 1200
# DESIGN, section 7. Every page of an item or of a reference row costs no more than MOST.
MOST = 8
LISTS = ("events", "events_year", "events_month", "statements", "statements_year",
         "statements_month", "quotes", "outcomes", "people", "organisations", "countries",
         "topics", "series_list", "contacts", "feeds")  # fmt: skip
LIMITS = {f"public:{name}": 6 for name in LISTS} | {"public:search": 4}


def rows_of(whole):
    """The rows that the sample addresses are made of: of the copies, where there is one of each."""
    event, statement = archive.latest(Event), archive.latest(Statement)
    return whole | {
        "event": event, "statement": statement, "outcome": event.outcomes.first(),
        "quote": Quote.objects.get(statement=statement),
    }  # fmt: skip


def counted(client, rows) -> dict[tuple[str, str], int]:
    """How many queries each page needs, by its route and what its address asks for."""
    found = {}
    for route, address in pages.sampled(rows):
        # Rows made past the verbs have no editions, and so no history.
        if not address.startswith("/en/") or "/history/" in address:
            continue
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        if answer.get("Content-Type", "").startswith("text/html") and answer.status_code != 301:
            assert answer.status_code == 200, address
            found[route, ",".join(parse_qs(address.partition("?")[2]))] = len(queries)
    return found


def test_queries_are_few_and_do_not_grow_with_the_archive(client):
    whole = factories.whole("published", "Plain", "KZ")
    archive.fill(whole, FEW // 2)
    small = counted(client, rows_of(whole))
    archive.fill(whole, (MANY - FEW) // 2)
    full = counted(client, rows_of(whole))
    assert {key: number for key, number in full.items() if number != small[key]} == {}
    over = {key: number for key, number in full.items() if number > LIMITS.get(key[0], MOST)}
    assert over == {}
