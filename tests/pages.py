"""Every page that a reader can open, in every state: what the tests of the look, the markup, the
weight and the keys go through.

The routes come from the URLconf and their addresses from tests/test_leaks.py, so that a new page is
tested from its first day; here stand only the states that a page can be in.
"""

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from events import publishing
from events.languages import CODES
from events.models import Event, MediaContact, Notice, Outcome, Person, Quote, Statement

from . import acts, archive, factories
from .test_leaks import addresses, public_routes

EVENT = "csto-collective-security-council-session-dushanbe-2007"
# The routes with the most on their pages: the first page of each is looked at in every language,
# all others in one by turns.
LONG = frozenset(
    {"public:home", "public:events", "public:event", "public:statement", "public:outcomes",
     "public:search"}
)  # fmt: skip
TEMPLATES = settings.BASE_DIR / "templates"
# Rendered for staff or for programs alone.
NOT_FOR_READERS = frozenset(
    f"public/feed_{name}.html" for name in ("ended", "item", "outcome", "quote")
)


@dataclass(frozen=True)
class Page:
    """A page and the answer that it must give. `route` is "" where an address is nowhere."""

    route: str
    address: str
    status: int = 200

    @property
    def language(self) -> str:
        """The language of the address."""
        return self.address.split("/", 2)[1]


def filled(writer: Any, officer: Any) -> list[Page]:
    """Every page of an office with records in every state, each once: in one language by turns, and
    the long ones in all. Among them are addresses that lead on to another."""
    call_command("load_demo", verbosity=0, stdout=io.StringIO())
    client = Client()
    found = [*_of_routes(_founding_rows()), *_states(writer, officer), *_nowhere()]
    found = _in_turns(found)
    return list(dict.fromkeys([*found, *_chosen(client, found)]))


def empty() -> list[Page]:
    """The lists of an office that has published nothing yet."""
    without_rows = ("home", "events", "statements", "quotes", "outcomes", "people", "organisations",
                    "countries", "topics", "contacts", "feeds", "search")  # fmt: skip
    known = set(public_routes())
    names = [name for name in without_rows if f"public:{name}" in known]
    return [
        Page(f"public:{name}", f"/{code}/{'' if name == 'home' else name + '/'}")
        for number, name in enumerate(names) for code in [CODES[number % len(CODES)]]
    ]  # fmt: skip


def _founding_rows() -> dict[str, Any]:
    """The rows of the founding record, by the names that tests/test_leaks.py knows them by."""
    event = Event.objects.get(slug=EVENT)
    statement = Statement.objects.get(event=event)
    quote = Quote.objects.get(statement=statement)
    return {
        "event": event, "statement": statement, "quote": quote, "person": quote.person,
        "outcome": Outcome.objects.filter(event=event).first(), "series": event.series,
        "country": event.country, "topic": event.topics.first(),
        "organisation": event.organisations.first(),
    }  # fmt: skip


def sampled(rows: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every public route to a page with each of its sample addresses for the rows; what ends in
    the name of a file is none."""
    for route in public_routes():
        try:
            found = addresses(route, rows)
        except KeyError:
            continue  # without samples: tests/test_leaks.py fails on it
        for address in found:
            if "." not in address.partition("?")[0].rpartition("/")[2]:
                yield route, address


def _of_routes(rows: dict[str, Any]) -> Iterator[Page]:
    for route, address in sampled(rows):
        yield Page(route, address)


def _in_turns(found: list[Page]) -> list[Page]:
    """Each page in one language, by turns, and the first of the long ones in every language."""
    paths: dict[tuple[str, str], Page] = {}
    for page in found:
        if page.language in CODES:  # the others are no pages: robots.txt, pictures
            paths.setdefault((page.route, page.address.split("/", 2)[2]), page)
    long = {page.route: path for (_route, path), page in reversed(paths.items())
            if page.route in LONG}  # fmt: skip
    return [
        Page(page.route, f"/{code}/{path}", page.status)
        for number, ((route, path), page) in enumerate(paths.items())
        for code in (CODES if long.get(route) == path else [CODES[number % len(CODES)]])
    ]


def _states(writer: Any, officer: Any) -> Iterator[Page]:
    """Items as they stand after something happened to them."""
    return _everywhere(
        [
            *_ended(),
            *_changed(writer, officer),
            *_to_come(),
            *_in_one_language(),
            *_long(),
            *_illustrated(),
        ]
    )


def _everywhere(found: list[tuple[str, str, int]]) -> Iterator[Page]:
    for route, path, status in found:
        yield Page(f"public:{route}", f"/{CODES[0]}/{path}", status)


def _ended() -> Iterator[tuple[str, str, int]]:
    """Withdrawn texts on their own addresses, and the tombstones of retracted ones."""
    for number, stage in enumerate(("withdrawn", "retracted")):
        rows = factories.whole(stage, stage.capitalize(), ("KG", "UZ")[number])
        status = 200 if stage == "withdrawn" else 410
        yield "event", f"events/{rows['event'].slug}/", status
        yield "statement", f"statements/{rows['statement'].slug}/", status
        yield "quote", f"quotes/{rows['quote'].pk}/", status
        yield "quote_embed", f"quotes/{rows['quote'].pk}/embed/", status
        # An outcome that another text announced is gone with that text; this one stands alone.
        outcome = factories.outcome(rows["event"], stage.capitalize())
        yield "outcome", f"outcomes/{outcome.pk}/", status


def _changed(writer: Any, officer: Any) -> Iterator[tuple[str, str, int]]:
    """A corrected statement, with a quote that the correction took out, and its history."""
    draft = Statement.objects.create(
        slug="corrected-statement", title_en="Corrected", ready_en=True, standing_en="authentic",
        body_en="<p>One two three.</p><ul><li><p>Four</p></li></ul>", date=dt.date(2020, 1, 1),
        statement_kind="speech", released_before=False,
    )  # fmt: skip
    draft.media_contacts.add(MediaContact.objects.create(name_en="Desk", email="desk@example.org"))
    person = Person.objects.create(slug="corrected-person", name_en="Plain person")
    with publishing.saving(draft, writer) as record:
        gone = Quote.objects.create(statement=record, person=person, text_en="Four five", order=1)
        Quote.objects.create(statement=record, person=person, text_en="Six seven", order=2)
    acts.released(draft, writer, officer)
    acts.changed(draft, writer, officer, body_en="<p>One two.</p>")
    acts.changed(draft, writer, officer, edit=lambda content: content["parts"]["quotes"].pop(0))
    yield "statement", "statements/corrected-statement/", 200
    yield "statement_history", "statements/corrected-statement/history/", 200
    yield "statement_history", "statements/corrected-statement/history/?edition=1", 200
    yield "statement_history", "statements/corrected-statement/history/?edition=2", 200
    yield "quote", f"quotes/{gone.pk}/", 410


def _to_come() -> Iterator[tuple[str, str, int]]:
    """An event that journalists are invited to, and one that will not take place."""
    near = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=3)
    times = {"starts_at": near, "ends_at": near + dt.timedelta(hours=2), "time_zone": "Asia/Almaty"}
    advisory = {
        "accreditation_deadline": near - dt.timedelta(days=1),
        "accreditation_contact": factories.contact("Gate"),
        "camera_setup_at": near - dt.timedelta(hours=2),
        "final_access_at": near - dt.timedelta(hours=1),
        "stream_url": "https://stream.example/live",
        **{f"pool_{code}": "Pool" for code in CODES},
        **{f"interpretation_{code}": "English, Russian" for code in CODES},
    }
    invited = factories.event(
        state="scheduled", date=near.date(), until=near.date(), **times, **advisory
    )
    off = factories.event(state="cancelled", date=near.date(), until=near.date())
    Notice.objects.create(event=off, notice_kind="cancelled", issued_at=factories.LONG_AGO,
                          text_en="It will not take place.")  # fmt: skip
    yield "event", f"events/{invited.slug}/", 200
    yield "event", f"events/{off.slug}/", 200


def _in_one_language() -> Iterator[tuple[str, str, int]]:
    """Texts without the asked language: whichever it is, for one of the three."""
    for code in CODES:
        only = {f"ready_{other}": other == code for other in CODES}
        rows = {"event": factories.event(word=f"Only{code}", **only)}
        rows["statement"] = factories.statement(word=f"Only{code}", event=rows["event"], **only)
        quote = factories.quote(rows["statement"], f"Only{code}", **{f"text_{code}": "Said"})
        yield "event", f"events/{rows['event'].slug}/", 200
        yield "statement", f"statements/{rows['statement'].slug}/", 200
        yield "quote", f"quotes/{quote.pk}/", 200


def _long() -> Iterator[tuple[str, str, int]]:
    """Words that do not end where a line does, and more rows than a page holds."""
    word = "Unpronounceable" * 5
    item = factories.event(word="Long", **{f"title_{code}": word for code in CODES})
    bodies = {f"body_{code}": f"<p>{word} {word}</p>" for code in CODES}
    said = factories.statement(word="Long", event=item, **bodies)
    factories.quote(said, "Long", text_en=word, office_en=word)
    factories.outcome(item, "Long", text_en=word, due=dt.date(2021, 1, 1), state="in_progress")
    archive.fill(factories.whole("published", "Filling", "KZ"), 24)
    yield "event", f"events/{item.slug}/", 200
    yield "statement", f"statements/{said.slug}/", 200


def _illustrated() -> Iterator[tuple[str, str, int]]:
    """A draft to be checked against delivery, and an event, with photos and documents."""
    item = factories.event(word="Shown")
    said = factories.statement(word="Shown", event=item, reliability="check_against_delivery")
    for each in (item, said):
        factories.attachment(each, "Shown")
        for number in range(3):
            factories.photo(f"Shown{number}{each.model}", each)
    yield "event", f"events/{item.slug}/", 200
    yield "statement", f"statements/{said.slug}/", 200


def _nowhere() -> Iterator[Page]:
    for code in CODES:
        yield Page("", f"/{code}/nothing-is-here/", 404)
        yield Page("", f"/{code}/?unknown=1", 400)


def _chosen(client: Client, found: list[Page]) -> Iterator[Page]:
    """Every list with a form once more, with something chosen in it, with everything chosen that
    the form offers first, and with nonsense: filters, chips, no results, words beside a field."""
    seen = set()
    for page in found:
        if page.status != 200 or page.route in seen or page.address.count("/") > 3:
            continue
        seen.add(page.route)
        for form in BeautifulSoup(client.get(page.address).content, "html.parser")("form"):
            target = urljoin(page.address, form.get("action") or ".")
            if not target.endswith("/search/") or page.route == "public:search":
                yield from (Page(page.route, f"{target}?{urlencode(q)}") for q in _queries(form))


def _queries(form: Any) -> list[dict[str, str]]:
    """What a reader may send with a form: one choice, the first of each, and nonsense."""
    choices = {
        select["name"]: values[0]
        for select in form("select")
        if (values := [each["value"] for each in select("option") if each.get("value")])
    }
    typed = [
        field["name"]
        for field in form("input")
        if field.get("type", "text") in ("text", "search", "number", "date", "month")
    ]
    first = dict(list(choices.items())[:1])
    wanted = [first, choices, dict.fromkeys(typed, "zzz") | first]
    return [each for each in wanted if each]
