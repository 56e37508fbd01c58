"""The ledger: what was promised, by whom and until when, and what became of it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation

from events import facets, visibility
from events.models import Outcome, Progress
from events.public import ledger as ledger_module
from events.public.ledger import overdue
from events.templatetags.ledger import progress, shares

from . import factories

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2009, 3, 1, 7, 0, tzinfo=dt.UTC)


def texts(answer) -> list[str]:
    return [each.text_en for each in answer.context["page"].items]


def promised(word="A", **fields):
    event = fields.pop("event", None) or factories.event()
    return factories.outcome(event, word, text_en=word, **fields)


def responsible(outcome, country=None, organisation=None):
    if country:
        outcome.countries.add(factories.country(country))
    if organisation:
        outcome.organisations.add(organisation)
    factories.listed(outcome.event)
    return outcome


@pytest.fixture
def ledger():
    """Four outcomes of two events, each unlike the others."""
    body = factories.organisation()
    old = factories.event(date=dt.date(2007, 10, 6), slug="old-session")
    new = factories.event(date=dt.date(2009, 6, 14), slug="new-session")
    responsible(promised("A", event=old, due=dt.date(2008, 1, 1), due_precision="year"), "KG")
    responsible(promised("B", event=old, state="fulfilled", outcome_kind="document"), "KG", body)
    responsible(promised("C", event=new, state="in_progress", due=dt.date(2090, 1, 1)), "TJ")
    promised("D", event=new, state="lapsed", due=dt.date(2008, 1, 1), due_precision="year")
    return body


@pytest.mark.parametrize(
    ("query", "left"),
    [("", "ABCD"), ("state=agreed", "A"), ("state=lapsed", "D"), ("kind=document", "B"),
     ("country=kg", "AB"), ("country=KG", "AB"), ("country=kg&state=fulfilled", "B"),
     ("due=2008", "AD"), ("due=none", "B"), ("year=2009", "CD"), ("overdue=1", "A"),
     ("overdue=1&country=tj", ""), ("event=new-session", "CD"), ("sort=due", "ACD"),
     ("event=old-session&overdue=1", "A")],
)  # fmt: skip
def test_filter_narrows_the_ledger_and_the_number_says_how_far(client, ledger, query, left):
    answer = client.get(f"/en/outcomes/?{query}")
    assert sorted(texts(answer)) == list(left)
    number = "1 outcome" if len(left) == 1 else f"{len(left)} outcomes"
    assert answer.context["total"] == number


def test_organisation_narrows_to_what_it_is_responsible_for(client, ledger):
    assert texts(client.get(f"/en/outcomes/?organisation={ledger.slug}")) == ["B"]


def test_ledger_goes_by_the_day_of_the_event_or_by_the_due_date(client, ledger):
    by_event = texts(client.get("/en/outcomes/"))
    assert (sorted(by_event[:2]), sorted(by_event[2:])) == (["C", "D"], ["A", "B"])
    oldest = texts(client.get("/en/outcomes/?sort=oldest"))
    assert oldest == by_event[::-1]
    assert texts(client.get("/en/outcomes/?sort=due"))[-1] == "C"


def test_choices_say_how_many_outcomes_they_lead_to(client, ledger):
    form = client.get("/en/outcomes/?country=kg").context["fields"]
    offered = {field.name: [str(name) for _value, name in field.field.widget.choices]
               for field in form}  # fmt: skip
    assert offered["state"] == ["All", "Agreed (1)", "Fulfilled (1)"]
    assert offered["country"] == ["All", "Kyrgyzstan (2)", "Tajikistan (1)"]
    assert offered["due"] == ["All", "2008 (1)", "No due date (1)"]
    assert offered["overdue"] == ["All", "Overdue (1)"]


def test_chips_lead_to_the_ledger_without_each_choice(client, ledger):
    query = "state=agreed&country=kg&event=old-session&overdue=1&sort=oldest"
    answer = client.get(f"/en/outcomes/?{query}")
    chips = {
        str(chip["label"]): (str(chip["name"]), chip["url"]) for chip in answer.context["chips"]
    }
    assert {label: name for label, (name, _url) in chips.items()} == {
        "State": "Agreed", "Time limit": "Overdue", "Responsible country": "Kyrgyzstan",
        "Event": "Plain title en",
    }  # fmt: skip
    for _name, url in chips.values():
        assert texts(client.get(f"/en/outcomes/{url}")) == ["A"]
    assert chips["Event"][1] == "?state=agreed&overdue=1&country=kg&sort=oldest"


@pytest.mark.parametrize(
    "query", ["state=done", "kind=x", "country=xx", "organisation=none", "due=never", "year=1066",
              "overdue=2", "event=none", "event=%3Cb%3E"],
)  # fmt: skip
def test_value_that_nothing_bears_is_said_beside_its_field(client, ledger, query):
    answer = client.get(f"/en/outcomes/?{query}")
    name = query.split("=")[0]
    assert answer.status_code == 200
    assert list(answer.context["filter"].form.errors) == [name]
    assert name in [field.name for field in answer.context["fields"]]
    assert texts(answer) == []


@pytest.mark.parametrize("query", ["sort=none", "x=1", "when=past"])
def test_what_the_ledger_does_not_know_is_a_bad_request(client, query):
    assert client.get(f"/en/outcomes/?{query}").status_code == 400


@pytest.mark.parametrize("column", ["event", "organisation", "country"])
def test_hidden_row_is_as_unknown_to_the_ledger_as_none(client, ledger, column):
    hidden = factories.whole("embargoed", "Hidden", "KI")
    hidden["outcome"].organisations.add(hidden["organisation"])
    hidden["outcome"].countries.add(hidden["country"])
    factories.listed(hidden["event"])
    value = hidden[column].iso2.lower() if column == "country" else hidden[column].slug
    there = client.get(f"/en/outcomes/?{column}={value}").content.decode()
    never = client.get(f"/en/outcomes/?{column}=zz-zz").content.decode()
    assert there.replace(f"{column}={value}", "").replace(f'"{value}"', "") == never.replace(
        f"{column}=zz-zz", ""
    ).replace('"zz-zz"', "")


@pytest.mark.parametrize(
    ("due", "precision", "since"),
    [("2008-01-01", "year", dt.date(2009, 1, 1)), ("2009-02-01", "month", dt.date(2009, 3, 1)),
     ("2009-02-28", "day", dt.date(2009, 3, 1)), ("2009-01-01", "year", None),
     ("2009-03-01", "month", None), ("2009-03-01", "day", None)],
)  # fmt: skip
def test_overdue_is_what_was_said_and_has_passed(due, precision, since):
    outcome = promised(due=dt.date.fromisoformat(due), due_precision=precision)
    outcome.refresh_from_db()
    with visibility.at(NOON):
        late = list(overdue(Outcome.objects.all()))
        assert (bool(late), outcome.is_overdue) == (since is not None, since is not None)
    if since:
        midnight = dt.datetime(*since.timetuple()[:3], tzinfo=ZoneInfo(settings.OFFICE_TIME_ZONE))
        for moment, late in ((midnight - dt.timedelta(seconds=1), False), (midnight, True)):
            with visibility.at(moment):
                found = overdue(Outcome.objects.all()).exists()
                assert (found, outcome.is_overdue) == (late, late)


@pytest.mark.parametrize("state", ["fulfilled", "lapsed"])
def test_what_is_settled_is_never_overdue(state):
    outcome = promised(due=dt.date(2000, 1, 1), state=state)
    assert (list(overdue(Outcome.objects.all())), outcome.is_overdue) == ([], False)


def test_head_of_the_ledger_has_the_states_in_numbers_and_leads_to_each(client, ledger):
    answer = client.get("/en/outcomes/")
    states = [(each["state"], each["number"], each["url"]) for each in answer.context["states"]]
    assert states == [
        ("fulfilled", 1, "?state=fulfilled"), ("in_progress", 1, "?state=in_progress"),
        ("agreed", 1, "?state=agreed"), ("lapsed", 1, "?state=lapsed"),
    ]  # fmt: skip
    assert answer.context["late"] == "1"
    # Whichever state is chosen, the others stay in sight, within the other choices.
    chosen = client.get("/en/outcomes/?state=agreed&country=kg").context["states"]
    assert [(each["state"], each["number"], each["current"]) for each in chosen] == [
        ("fulfilled", 1, False), ("agreed", 1, True)
    ]  # fmt: skip


def test_what_is_too_much_to_count_is_said_to_be_more(client, monkeypatch):
    event = factories.event()
    for number in range(5):
        promised(f"P{number}", event=event, due=dt.date(2000, 1, 1),
                 outcome_kind="decision" if number else "body")  # fmt: skip
    for module in (facets, ledger_module):
        monkeypatch.setattr(module, "COUNTED", 3)
    whole = client.get("/en/outcomes/").context
    assert (whole["total"], whole["late"]) == ("5 outcomes", "> 3")
    assert [(each["state"], each["number"]) for each in whole["states"]] == [("agreed", 5)]
    some = client.get("/en/outcomes/?sort=due&kind=decision").context
    assert (some["total"], some["states"]) == ("more than 3 outcomes", [])
    few = client.get("/en/outcomes/?overdue=1&kind=body").context
    assert (few["total"], few["late"]) == ("1 outcome", "1")


def test_shares_fill_the_bar_in_any_language():
    for language in ("en", "ru", "kk"):
        with translation.override(language):
            found = shares({"agreed": 1, "fulfilled": 2, "lapsed": 0})
        assert [(each.state, each.start, each.length) for each in found] == [
            ("fulfilled", "0.000%", "66.667%"), ("agreed", "66.667%", "33.333%")
        ]  # fmt: skip


def test_progress_of_a_session_is_told_in_words(client):
    event = factories.event()
    for number, state in enumerate(["fulfilled", "fulfilled", "agreed"]):
        promised(f"P{number}", event=event, state=state, due=dt.date(2000, 1, 1))
    told = progress(event.outcomes.all())
    assert (told["done"], told["total"], told["overdue"]) == (2, 3, 1)
    text = client.get(f"/en/events/{event.slug}/").content.decode()
    assert "2 of 3 outcomes fulfilled" in text


def test_outcome_shows_each_step_with_what_proves_it(client):
    outcome = promised()
    proof = factories.event(title_en="The proof")
    kept = {"outcome": outcome, "state": "in_progress"}
    Progress.objects.create(date=dt.date(2008, 5, 1), text_en="Signed.", cites=proof, **kept)
    Progress.objects.create(
        date=dt.date(2008, 1, 1), date_precision="year", text_en="Sent.", **kept
    )
    answer = client.get(f"/en/outcomes/{outcome.pk}/")
    steps = [(each.text, each.shown_citation) for each in answer.context["progress"]]
    assert [(text, cited and cited.pk) for text, cited in steps] == [
        ("Sent.", None), ("Signed.", proof.pk)
    ]  # fmt: skip
    assert "The proof" in answer.content.decode()
    assert "1 May 2008: in progress. Signed." in client.get("/en/outcomes/").content.decode()


def test_other_outcomes_of_the_event_are_those_that_may_be_told(client):
    event = factories.event()
    one, two = promised("One", event=event), promised("Two", event=event)
    promised("Three", event=event, announced_in=factories.statement("embargoed"))
    answer = client.get(f"/en/outcomes/{one.pk}/")
    assert [each.pk for each in answer.context["others"]] == [two.pk]


def test_party_of_a_withdrawn_event_has_no_link_to_a_page_that_is_not_there(client):
    body = factories.organisation("Lone")
    outcome = responsible(promised(event=factories.event("withdrawn")), "KI", body)
    text = client.get(f"/en/outcomes/{outcome.pk}/").content.decode()
    assert ("Kiribati" in text, "Lone body" in text) == (True, True)
    assert ("/countries/ki/" in text, body.slug in text) == (False, False)


def everything(client, addresses):
    return {
        address: (answer.content, dict(answer.headers))
        for address in addresses
        for answer in [client.get(address)]
    }


@pytest.mark.parametrize("stage", ["draft", "embargoed"])
def test_hidden_progress_follow_ups_and_outcomes_change_no_byte(client, stage):
    made = factories.whole("published", "Open", "BY")
    outcome = responsible(made["outcome"], "BY", made["organisation"])
    Progress.objects.create(outcome=outcome, date=dt.date(2021, 1, 1), state="in_progress",
                            text_en="A step.")  # fmt: skip
    addresses = [f"/{code}/{path}" for code in ("en", "kk") for path in (
        "outcomes/", "outcomes/?state=agreed", "outcomes/?country=by", f"outcomes/{outcome.pk}/",
        f"outcomes/?event={made['event'].slug}", "quotes/", "quotes/?country=by",
        f"quotes/?person={made['person'].slug}", f"people/{made['person'].slug}/",
        "countries/by/", f"organisations/{made['organisation'].slug}/", "countries/", "people/",
        f"series/{made['series'].slug}/", f"topics/{made['topic'].slug}/", "series/",
        f"people/{made['person'].slug}/feed.rss", "countries/by/feed.rss",
        f"events/{made['event'].slug}/",
    )]  # fmt: skip
    before = everything(client, addresses)
    hidden = factories.event(stage, "Hidden", series=made["series"], country=made["country"])
    told = factories.statement(stage, "Hidden", event=made["event"])
    for item in (hidden, told):
        item.people.add(made["person"])
        item.countries.add(made["country"])
        item.topics.add(made["topic"])
        item.organisations.add(made["organisation"])
    factories.quote(told, "Hidden", person=made["person"])
    responsible(promised("Hidden", event=hidden, due=dt.date(2000, 1, 1)), "BY",
                made["organisation"])  # fmt: skip
    responsible(promised("Hidden", event=made["event"], announced_in=told, state="fulfilled"), "BY")
    outcome.follow_up = hidden
    outcome.save()
    assert everything(client, addresses) == before
    Progress.objects.update(cites=hidden)
    assert everything(client, addresses) == before
    with visibility.clock_set_to(lambda: factories.FAR_AHEAD):
        after = everything(client, addresses)
    if stage == "embargoed":
        assert [address for address in addresses if after[address] == before[address]] == []
    else:
        assert "Hidden" not in str(after)


@pytest.mark.parametrize("number", [2, 12])
def test_queries_of_the_ledger_do_not_grow(client, number, django_assert_num_queries):
    event = factories.event(slug="the-event")
    for each in range(number):
        outcome = promised(f"P{each}", event=event, due=dt.date(2000 + each, 1, 1))
        responsible(outcome, "BY", factories.organisation())
        for day in (1, 2):
            Progress.objects.create(outcome=outcome, date=dt.date(2020, 1, day), state="agreed",
                                    cites=event)  # fmt: skip
    pinned = {
        "/en/outcomes/": 6, "/en/outcomes/?state=agreed": 6, "/en/outcomes/?sort=due": 6,
        "/en/outcomes/?country=by&state=agreed&overdue=1": 6,
        "/en/outcomes/?event=the-event": 6, "/en/outcomes/?event=none": 4,
        f"/en/outcomes/{outcome.pk}/": 6,
    }  # fmt: skip
    for address, queries in pinned.items():
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200
