"""The pages of an event, a statement and a quote: what they say, leave out, and cost."""

import datetime as dt
import gzip
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from events import bibtex, editions
from events.models import Edition, Event, Notice, Participant, Quote, Speaker, Statement
from events.roles import FOUNDING_IMPORT
from events.templatetags import press

from . import acts, factories

pytestmark = pytest.mark.django_db
DAY = dt.date(2020, 1, 1)
# A day before the events to come, at the office and at the venue alike.
NOW = dt.datetime(2026, 10, 6, 5, 0, tzinfo=dt.UTC)
START = dt.datetime(2026, 10, 9, 5, 0, tzinfo=dt.UTC)


def read(client, item, language="en", status=200):
    answer = client.get(f"/{language}/{kind(item)}/{key(item)}/")
    assert answer.status_code == status
    return BeautifulSoup(answer.content, "html5lib")


def kind(item):
    return f"{item._meta.model_name}s"


def key(item):
    return item.pk if isinstance(item, Quote) else item.slug


def words(found) -> str:
    return " ".join(found.get_text().split())


def in_all(name, *texts):
    """A text for each language; the same one for all where there is only one."""
    return dict(
        zip([f"{name}_{code}" for code in ("en", "ru", "kk")], (texts * 3)[:3], strict=True)
    )


def numbered(item, number=1):
    """The item with the edition that a verb would have written."""
    item = type(item).objects.get(pk=item.pk)
    editions.write(item, "approve", FOUNDING_IMPORT, NOW, "", number)
    return item


def to_come(**fields):
    """An event in three days, in a place two hours west of the office's UTC+5."""
    fields = {
        "state": "scheduled", "starts_at": START, "ends_at": START + dt.timedelta(hours=2),
        "time_zone": "Europe/Moscow", "date": START.date(), "until": START.date(), **fields,
    }  # fmt: skip
    return factories.event(**fields)


# --- What it costs --------------------------------------------------------------------------------


def much(number, writer, officer, item):
    """A corrected, re-dated event with so many of everything, and a corrected statement of it."""
    told = Statement.objects.create(
        slug="told-there", title_en="Told", ready_en=True, standing_en="authentic", date=DAY,
        statement_kind="speech", released_before=False, event=item, body_en="<p>One.</p>",
    )  # fmt: skip
    told.media_contacts.set(item.media_contacts.all())
    speaker = factories.person()
    Speaker.objects.create(statement=told, person=speaker)
    acts.released(told, writer, officer)
    acts.changed(told, writer, officer, body_en="<p>One two.</p>")
    for each in range(number):
        more = factories.statement(event=item)
        factories.quote(Statement.objects.get(pk=told.pk), person=speaker)
        factories.quote(more)
        outcome = factories.outcome(item, announced_in=told, follow_up=factories.event())
        body = factories.organisation()
        outcome.countries.add(factories.country("BY"), factories.country("KZ"))
        outcome.organisations.add(body)
        for row in ({"country": factories.country("KZ")}, {"organisation": body},
                    {"person": speaker}):  # fmt: skip
            Participant.objects.create(event=item, **row)
        for record in (item, told):
            record.topics.add(factories.topic())
            record.organisations.add(body)
        Notice.objects.create(event=item, notice_kind="moved", issued_at=NOW, text_en=f"No {each}")
        factories.event(series=item.series, date=DAY + dt.timedelta(days=each))
    return told


@pytest.mark.parametrize("number", [1, 9])
def test_item_pages_cost_as_much_with_little_as_with_much(
    client, event, writer, officer, number, django_assert_num_queries
):
    Event.objects.filter(pk=event.pk).update(series=factories.series())
    item = Event.objects.get(pk=event.pk)
    acts.released(item, writer, officer)
    acts.changed(item, writer, officer, "update", date="2007-10-07")
    told = much(number, writer, officer, Event.objects.get(pk=item.pk))
    quote = told.quotes.first()
    shown = {"events": 8, "statements": 6, "quotes": 3}
    for each in (item, told, quote):
        with django_assert_num_queries(shown[kind(each)]):
            page = read(client, each)
        assert page.select(".notice.told, .notice.changed, .notice.plan") or each is quote
    page = read(client, item)
    parts = [".statement", ".quote", ".ledger > li", ".participants li", ".notice.plan"]
    assert [len(page.select(part)) for part in parts] == [
        number + 1, 2 * number, number, 3 * number, number + 1,
    ]  # fmt: skip


# --- An event -------------------------------------------------------------------------------------


def test_parties_of_outcomes_are_those_of_each_and_in_their_order(client):
    item = factories.event()
    for number, codes in enumerate((("TJ", "BY"), (), ("KZ",))):
        outcome = factories.outcome(item, order=number)
        outcome.countries.set([factories.country(code) for code in codes])
        if not number:
            outcome.organisations.add(factories.organisation("Other"))
    answer = client.get(f"/en/events/{item.slug}/")
    found = [[row.iso2 for row in each.countries.all()] for each in answer.context["outcomes"]]
    assert found == [["BY", "TJ"], [], ["KZ"]]
    bodies = [[row.name for row in each.organisations.all()] for each in answer.context["outcomes"]]
    assert bodies == [["Other body"], [], []]


def test_contacts_are_the_item_s_own_and_else_the_office_s(client):
    general = factories.contact("General")
    own = factories.contact("Own")
    type(own).objects.filter(pk=own.pk).update(general=False)
    item, plain = factories.event(), factories.statement()
    item.media_contacts.add(own)
    factories.event().media_contacts.add(general)
    assert words(read(client, item).select_one(".contacts p")) == (
        "Own contact · own@example.org"
    )  # fmt: skip
    assert [words(p) for p in read(client, plain).select(".contacts p")] == [
        f"{general.name} · general@example.org"
    ]


def test_withdrawn_event_links_to_no_page_that_is_gone_with_it(client):
    gone = factories.whole("withdrawn", "Gone", "KI")
    there = factories.whole("published", "W", "BY")
    item = gone["event"]
    item.topics.add(there["topic"])
    Event.objects.filter(pk=item.pk).update(
        host_country=gone["country"], host_organisation=gone["organisation"]
    )
    page = read(client, item)
    assert [words(a) for a in page.select(".named a")] == ["W topic"]
    assert "Host: Kiribati, Gone body" in words(page.select_one(".head"))
    links = [link["href"] for link in page.select("main a[href^='/']")]
    assert [path for path in links if client.get(path).status_code != 200] == []
    assert page.select(".share") == []
    quote = read(client, gone["quote"])
    links = [link["href"] for link in quote.select("main a[href^='/']")]
    assert [path for path in links if client.get(path).status_code != 200] == []


def test_series_neighbours_on_one_day_follow_one_another_in_one_order(client):
    series = factories.series()
    rows = sorted((factories.event(series=series) for _each in range(3)), key=lambda row: row.pk)
    seen = []
    for item in rows:
        context = client.get(f"/en/events/{item.slug}/").context
        seen.append((context["previous"], context["next"]))
        assert item not in context["others"]
    assert seen == [(None, rows[1]), (rows[0], rows[2]), (rows[1], None)]


def test_embargoed_events_change_nothing_of_what_stands_around_an_event(client):
    series = factories.series()
    item = factories.event(series=series)
    factories.event(series=series, date=DAY - dt.timedelta(days=9))
    path = f"/en/events/{item.slug}/"
    before = client.get(path).content
    for days in range(-4, 5):
        factories.event("embargoed", series=series, date=DAY + dt.timedelta(days=days))
    assert client.get(path).content == before


def test_times_are_those_of_the_venue_with_their_offset(client):
    found = read(client, to_come()).select_one(".clock")
    assert words(found) == "08:00–10:00 local time (UTC+3) 05:00–07:00 UTC"
    stamps = [each["datetime"] for each in found.select("time")]
    assert stamps == ["2026-10-09T05:00:00Z", "2026-10-09T07:00:00Z"]
    place = found.select_one("[data-yours]")
    assert (place["data-day"], place["data-yours"]) == ("2026-10-09", "{} your time")


def test_times_over_midnight_name_their_days_and_whole_days_have_none(client):
    item = to_come(ends_at=START + dt.timedelta(hours=20))
    assert words(read(client, item).select_one(".clock")) == (
        "9 October 2026, 08:00–10 October 2026, 04:00 local time (UTC+3)"
        " 9 October 2026, 05:00–10 October 2026, 01:00 UTC"
    )
    assert read(client, factories.event()).select(".clock") == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "in 3 days"), ({"state": "cancelled"}, ""), ({"state": "postponed"}, ""),
        ({"date": DAY, "until": DAY}, ""),
        ({"date": NOW.date(), "until": START.date(), "starts_at": None, "ends_at": None}, "today"),
    ],
)  # fmt: skip
def test_event_to_come_says_how_far_ahead_it_is(client, clock, fields, expected):
    item = to_come(**fields)
    assert client.get(f"/en/events/{item.slug}/").context["ahead"] == expected
    assert [words(each) for each in read(client, item).select_one(".facts").select("strong")] == (
        [expected] if expected else []
    )


def test_media_advisory_stands_before_the_text_of_what_is_to_come_and_after_what_was(client, clock):
    fields = {
        "accreditation_deadline": START - dt.timedelta(days=1), "stream_url": "https://x.example/",
        "accreditation_contact": factories.contact("Gate"), "camera_setup_at": START,
        "final_access_at": START, **in_all("pool", "Two"), **in_all("interpretation", "English"),
    }  # fmt: skip
    page = read(client, to_come(**fields))
    pairs = {words(dt_): words(dt_.find_next("dd")) for dt_ in page.select(".advisory dt")}
    assert pairs == {
        "Accreditation": "until 8 October 2026, 08:00 (UTC+3)Gate contact · gate@example.org",
        "Camera set-up": "from 9 October 2026, 08:00 (UTC+3)",
        "Final access": "9 October 2026, 08:00 (UTC+3)", "Pool": "Two",
        "Interpretation": "English", "Live stream": "https://x.example/",
    }  # fmt: skip
    assert page.select_one(".advisory").find_next_sibling(class_="body") is not None
    over = {"date": DAY, "until": DAY, "starts_at": None, "ends_at": None}
    page = read(client, to_come(**over, **in_all("pool", "Two")))
    assert page.select_one(".advisory").find_next_sibling(class_="body") is None
    assert read(client, to_come()).select(".advisory") == []


def test_participants_are_grouped_with_their_capacities_and_printed_names(client):
    item, person = factories.event(), factories.person()
    Participant.objects.create(event=item, person=person, **in_all("capacity", "Minister"),
                               **in_all("name", "As Printed"))  # fmt: skip
    Participant.objects.create(event=item, country=factories.country("BY"), as_named="Byelorussia")
    page = read(client, item).select_one(".participants")
    assert [words(each) for each in page.select("h3, li")] == [
        "Countries", "Belarus (named in the text as “Byelorussia”)",
        "People", "As Printed, Minister",
    ]  # fmt: skip


# --- A statement ----------------------------------------------------------------------------------


def test_every_paragraph_has_a_link_to_itself_named_in_the_language_of_the_text(client):
    body = "<p>One</p><h3>Head</h3><ul><li><p>Two</p></li></ul><blockquote><p>3</p></blockquote>"
    item = factories.statement(ready_ru=False, ready_kk=False, body_en=body)
    page = read(client, item, "ru")
    links = page.select(".body a.para")
    assert [(link["href"], link["aria-label"], link.get_text()) for link in links] == [
        (f"#p{n}", f"Paragraph {n}", "") for n in (1, 2, 3)
    ]
    assert [words(page.select_one(link["href"])) for link in links] == ["One", "Two", "3"]
    assert words(page.select_one("#ph1")) == "Head"


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, ""), (99, ""), (100, "1 minute to read"), (299, "1 minute to read"),
     (300, "2 minutes to read"), (4100, "21 minutes to read")],
)  # fmt: skip
def test_reading_time_is_in_whole_minutes_at_200_words(number, expected):
    item = Statement(ready_en=True, body_en=f"<p>{'word ' * number}</p>")
    assert press.reading_time(item, "body") == expected


@pytest.mark.parametrize(
    ("reliability", "loud"),
    [("check_against_delivery", True), ("speaking_notes", True), ("as_delivered", False)],
)
def test_text_that_was_not_checked_says_so_at_its_head(client, reliability, loud):
    item = factories.statement(reliability=reliability)
    page = read(client, item)
    label = item.get_reliability_display()
    assert [words(each) for each in page.select(".notice.check strong")] == (
        [label.capitalize()] if loud else []
    )
    assert (label in words(page.select_one(".kicker"))) == (not loud)


def test_language_versions_are_those_that_may_be_read_with_their_standing(client):
    secret = {"ready_kk": False, "title_kk": "Қупия", "body_kk": "<p>Қупия</p>"}
    item = factories.statement(standing_ru="courtesy", body_ru="", **secret)
    line = read(client, item).find(string=re.compile("Languages:")).parent
    assert words(line) == (
        "Languages: English (authentic text) · Русский (title and summary: courtesy translation)"
    )
    assert [(a["href"], a["lang"], a["hreflang"]) for a in line.select("a")] == [
        (f"/ru/statements/{item.slug}/", "ru", "ru")
    ]
    alone = factories.statement(ready_ru=False, ready_kk=False)
    assert read(client, alone).find(string=re.compile("Languages:")) is None


def test_event_tells_the_standing_of_its_languages(client):
    item = factories.event(standing_ru="courtesy", standing_kk="working")
    line = read(client, item).find(string=re.compile("Languages:")).parent
    assert words(line) == (
        "Languages: English (authentic text) · Русский (courtesy translation)"
        " · Қазақша (working text)"
    )


@pytest.mark.parametrize(
    ("fields", "notices"),
    [
        ({}, []), ({"standing_en": "courtesy"}, ["Courtesy translation."]),
        ({"standing_en": "working"}, ["Working text."]),
        ({"standing_en": "courtesy", "body_en": ""},
         ["Title and summary: courtesy translation."]),
    ],
)  # fmt: skip
def test_what_is_less_than_the_authentic_text_says_so(client, fields, notices):
    for make in (factories.event, factories.statement):
        page = read(client, make(**fields))
        found = [words(each) for each in page.select('.notice[aria-label="Language"]')]
        assert found == notices


def test_statement_names_its_speaker_with_the_office_then_and_where_it_was_said(client):
    item = factories.statement(event=factories.event(title_en="The session"),
                               delivered_at=START, time_zone="Asia/Dushanbe")  # fmt: skip
    person = factories.person()
    Speaker.objects.create(statement=item, person=person, **in_all("name", "Printed"),
                           **in_all("office", "Minister then"))  # fmt: skip
    head = words(read(client, item).select_one(".head"))
    assert "Printed, Minister then" in head
    assert "10:00 local time (UTC+5) 05:00 UTC" in head
    assert "Said at: The session" in head
    hidden = factories.statement(event=factories.event("embargoed", title_en="Secret session"))
    assert "Said at" not in words(read(client, hidden).select_one(".head"))


def test_description_is_the_summary_or_how_the_text_begins():
    item = Statement(ready_en=True, body_en="<p>First  words</p><p>then " + "more " * 90 + "</p>")
    assert press.gist(item).startswith("First words then more")
    assert len(press.gist(item)) == 200
    item.summary_en = "In\nshort."
    assert press.gist(item) == "In short."


# --- A quote --------------------------------------------------------------------------------------


def test_quote_page_leads_to_more_by_the_speaker_that_is_public(client):
    person = factories.person()
    days = [DAY + dt.timedelta(days=n) for n in range(5)]
    said = [factories.quote(factories.statement(date=day), f"W{day.day}", person=person)
            for day in days]  # fmt: skip
    factories.quote(factories.statement("embargoed", date=days[-1]), "Hidden", person=person)
    factories.quote(factories.statement(), "Stranger")
    page = read(client, said[4])
    found = page.select("[aria-labelledby=more] .words a")
    assert [words(each) for each in found] == ["“W4 words”", "“W3 words”", "“W2 words”"]
    assert [each["href"] for each in found] == [q.get_absolute_url() for q in said[3:0:-1]]
    assert page.select_one("blockquote p").get_text() == "“W5 words”"
    assert len(page.select("h1")) == 1


def test_quote_names_its_original_and_marks_what_the_office_translated(client):
    quote = factories.quote(
        factories.statement(ready_kk=False), **in_all("text", "Said"), original_language="ru",
        is_translation_en=True, is_translation_kk=True,
    )  # fmt: skip
    caption = words(read(client, quote).select_one("figcaption"))
    assert "Original language: Russian · translation by the office" in caption
    label = read(client, quote).find("dt", string="Languages:")
    assert words(label.find_next("dd")) == (
        "English (translation by the office) · Русский (the original words)"
    )
    unsaid = factories.quote(factories.statement())
    assert "not stated in the source" in words(read(client, unsaid).select_one("figcaption"))


def test_quote_in_another_language_is_marked_and_the_page_says_so(client):
    statement = factories.statement(ready_ru=False, ready_kk=False)
    page = read(client, factories.quote(statement, text_en="Said"), "kk")
    assert page.select_one("blockquote")["lang"] == "en"
    assert len(page.select("main > article > .notice")) == 1


# --- Cite and share -------------------------------------------------------------------------------


def test_citation_ends_no_sentence_twice(client):
    item = numbered(factories.statement(title_ru="Что дальше?"))
    line = words(read(client, item, "ru").select_one("#cite-line"))
    assert line.startswith("Пресс-служба: Что дальше? 1 января 2020 г. Редакция 1. https://")


@pytest.mark.parametrize("number", [1, 3])
def test_citation_names_the_edition_and_its_lasting_address(client, number):
    item = numbered(factories.statement(title_en="A & B", reference_number="20200101-AB"), number)
    page = read(client, item)
    own = f"https://press.example/en/statements/{item.slug}/"
    assert words(page.select_one("#cite-line")) == (
        f"Press Office: A & B. 1 January 2020. Edition {number}. {own}history/?edition={number}"
    )
    assert page.select_one("#cite-bibtex").get_text() == (
        "@misc{20200101-AB,\n  author = {{Press Office}},\n  title = {{A \\& B}},\n"
        f"  howpublished = {{{{Edition {number}.}}}},\n  note = {{{{{item.urn}}}}},\n"
        "  year = {2020},\n  month = jan,\n  day = {1},\n"
        f"  url = {{{own}history/?edition={number}}}\n}}"
    )
    assert words(page.select_one("#cite-link")) == own
    assert words(page.select_one("#cite-digest")) == Edition.objects.get().text_digests["en"]
    told = page.select(f"a[href='/en/statements/{item.slug}/history/']")
    assert len(told) == (0 if number == 1 else 1)


def test_citation_of_a_text_in_another_language_gives_the_address_it_has_there(client):
    item = numbered(factories.event(ready_ru=False, ready_kk=False))
    line = words(read(client, item, "kk").select_one("#cite-line"))
    assert line.endswith(f" https://press.example/en/events/{item.slug}/history/?edition=1")


def test_citation_of_a_quote_is_of_its_words_at_its_own_address(client):
    statement = factories.statement(title_en="A speech", reference_number="20200101-AB")
    long = "word " * 60
    quote = factories.quote(statement, text_en=long, name_en="A Speaker")
    numbered(statement)
    page = read(client, quote)
    address = f"https://press.example/en/quotes/{quote.pk}/"
    shown = f"“{' '.join(['word'] * 24)}…”"
    assert words(page.select_one("#cite-line")) == (
        f"A Speaker: {shown} Press Office: A speech. 1 January 2020. Edition 1. {address}"
    )
    entry = page.select_one("#cite-bibtex").get_text()
    for field in ("@misc{20200101-AB-" + str(quote.pk)[:8], "author = {{A Speaker}}",
                  f"title = {{{{{shown}}}}}", f"note = {{{{urn:uuid:{quote.pk}}}}}",
                  "howpublished = {{Press Office: A speech. Edition 1.}}",
                  f"url = {{{address}}}"):  # fmt: skip
        assert field in entry


def test_item_without_an_edition_has_no_citation(client):
    assert read(client, factories.event()).select(".cite") == []


def test_share_links_hold_the_public_address_and_title_and_ask_nobody(client):
    item = factories.event(title_en='A & "B" 100%')
    page = read(client, item)
    address = f"https://press.example/en/events/{item.slug}/"
    links = [link["href"] for link in page.select(".share a")]
    asked = [urlsplit(link) for link in links]
    assert [each.netloc for each in asked] == ["", "t.me", "wa.me", "x.com"]
    for each in asked:
        given_ = unquote(" ".join(value for (value,) in parse_qs(each.query).values()))
        assert (address in given_, item.title in given_) == (True, True)
    assert {tuple(link["rel"]) for link in page.select(".share a")[1:]} == {
        ("noopener", "nofollow")
    }
    scripts = [each["src"] for each in page.select("script[src]")]
    assert scripts == [path for path in scripts if path.startswith("/static/")]


def test_buttons_that_need_a_script_are_hidden_without_one(client):
    page = read(client, numbered(factories.event()))
    buttons = page.select("main button")
    assert len(buttons) == 6
    assert [button for button in buttons if not button.has_attr("hidden")] == []
    names = [button.get("aria-label", words(button)) for button in buttons]
    assert len(set(names)) == len(names)


def test_script_of_items_stays_small():
    source = (settings.BASE_DIR / "static/js/item.js").read_bytes()
    assert len(gzip.compress(source)) <= 3000


# --- BibTeX ---------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)


@given(TEXTS)
def test_escaped_text_has_balanced_braces_and_no_bare_sign(text):
    escaped = bibtex.escaped(text)
    depth = 0
    for sign in escaped:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth in (0, 1)
    assert depth == 0
    assert re.search(r"(?<!\\)[%&$#_]|[~^]", escaped) is None
    assert "\n" not in escaped


def test_escaped_text_keeps_every_letter():
    assert bibtex.escaped("Қазақстан — №1 «ә»\nü") == "Қазақстан — №1 «ә» ü"
    assert bibtex.escaped(r"a\b {c} 5%_#$&~^") == (
        r"a\textbackslash{}b \textbraceleft{}c\textbraceright{} 5\%\_\#\$\&"
        r"\textasciitilde{}\textasciicircum{}"
    )


@pytest.mark.parametrize(
    ("iso", "expected"),
    [("2007", ["year = {2007}"]), ("2007-10", ["year = {2007}", "month = oct"]),
     ("2007-10-06", ["year = {2007}", "month = oct", "day = {6}"])],
)  # fmt: skip
def test_entry_dates_no_more_than_was_said(iso, expected):
    entry = bibtex.entry("a key, {", {"title": "T", "note": ""}, iso, "https://x/{}")
    lines = [line.strip().rstrip(",") for line in entry.splitlines()]
    assert lines == ["@misc{akey", "title = {{T}}", *expected, "url = {https://x/%7B%7D}", "}"]
