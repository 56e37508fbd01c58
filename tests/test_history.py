"""The public editions: what readers had and what changed, and nothing that they never had."""

import copy
import re
from datetime import UTC, date, datetime, timedelta

import html5lib
import pytest

from events import editions, publishing
from events.models import Edition, Event, Outcome, Quote, Speaker, Statement, Topic

from . import acts, axe, factories

NOW = datetime(2026, 10, 6, 5, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SECRET = "Kryptonym"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def writer(staff):
    return staff("Writer", "wanda-the-writer")


@pytest.fixture
def officer(staff):
    return staff("Press officer", "olga-the-officer")


@pytest.fixture
def change(writer, officer):
    """Proposes and applies: change(item, "correction", note, title_en="…") or with an edit of
    the whole content."""

    return lambda item, *args, **fields: acts.changed(item, writer, officer, *args, **fields)


@pytest.fixture
def text(statement, person, writer):
    """A statement in review, with a quote and a draft of its Russian that is not ready."""
    with publishing.saving(statement, writer) as record:
        record.body_en = "<p>One two three.</p><p>Kept as it is.</p>"
        record.title_ru, record.body_ru = f"{SECRET} title", f"<p>{SECRET} body</p>"
        record.save()
        Quote.objects.create(statement=record, person=person, text_en="Four five six",
                             text_ru=f"{SECRET} words", context_kk=f"{SECRET} context")  # fmt: skip
        Speaker.objects.create(statement=record, person=person)
    return publishing.submit(statement, writer)


@pytest.fixture
def released(text, officer):
    return acts.released(text, None, officer)


@pytest.fixture
def gathering(event, writer, officer):
    """A public event with two outcomes and a topic that nothing else names."""
    with publishing.saving(event, writer) as record:
        record.title_en, record.state = "A gathering", "scheduled"
        record.save()
        record.topics.add(Topic.objects.create(slug="old-topic", name_en="Old topic"))
        for number, words in enumerate(("First promise", "Second promise"), 1):
            Outcome.objects.create(
                event=record, outcome_kind="decision", text_en=words, order=number
            )
    return acts.released(event, writer, officer)


def another(officer):
    """Another press officer."""
    other = type(officer).objects.create_user("second-officer", is_staff=True)
    other.groups.set(officer.groups.all())
    return other


def history(item, query="", language="en"):
    return f"/{language}/{item.model}s/{item.slug}/history/{query}"


def read(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def plain(markup: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", markup).split())


def listed(text: str) -> list[tuple[str, str]]:
    """Each edition of a history page: its heading, and what it is said to have changed."""
    sections = re.findall(r'<section id="edition-.*?</section>', text, re.DOTALL)
    found = []
    for each in sections:
        changes = re.findall(r'<dl class="differences">(.*?)</dl>', each, re.DOTALL)
        woven = re.sub("<(/?)(ins|del)>", r"[\1\2]", "".join(changes))
        found.append((re.search(r"<h2[^>]*>(.*?)</h2>", each)[1], plain(woven)))
    return found


def test_editions_are_listed_newest_first_with_what_each_changed(client, released, change, clock):
    clock(LATER)
    change(released, body_en="<p>One three.</p><p>Kept as it is.</p>")
    clock(LATER + timedelta(hours=1))
    change(released, "update", {"en": "A new name."}, title_en="Another statement")
    page = read(client, history(released))
    assert listed(page) == [
        ("Edition 3", "Title (English) [del]A[/del][ins]Another[/ins] statement"),
        ("Edition 2", "Text (English) One [del]two [/del]three. Kept as it is."),
        ("Edition 1", ""),
    ]
    told = [plain(each) for each in re.findall(r"</h2>\s*<p>(.*?)</p>", page, re.DOTALL)]
    assert told == [
        "Updated on 6 October 2026, 12:00 (UTC+5) : A new name.",
        "Corrected on 6 October 2026, 11:00 (UTC+5) : The date was wrong.",
        "Released: 6 October 2026, 10:00 (UTC+5)",
    ]


def test_every_edition_has_the_digest_that_its_citation_had(client, released, change):
    cited = []
    for title in ("A statement", "Second", "Third"):
        if title != "A statement":
            change(released, title_en=title)
        page = read(client, f"/en/statements/{released.slug}/")
        cited += re.findall(r"<code>([0-9a-f]{64})</code>", page)
    page = read(client, history(released))
    assert re.findall(r"<code>([0-9a-f]{64})</code>", page) == cited[::-1]
    assert len(set(cited)) == 3
    for number, digest in enumerate(cited, 1):
        old = read(client, history(released, f"?edition={number}"))
        assert re.findall(r"<code>([0-9a-f]{64})</code>", old) == [digest]


def test_drafts_and_mends_before_release_are_nobody_s_business(
    client, text, change, writer, officer, clock
):
    with publishing.saving(text, writer) as record:
        record.summary_en = f"{SECRET} of a draft"
        record.save()
    with publishing.saving(text, writer) as record:
        record.summary_en = "A summary"
        record.save()
    item = acts.approved(text, writer, officer, LATER + timedelta(days=1))
    change(item, note={"en": f"{SECRET} note"}, title_en=f"{SECRET} approved")
    change(item, note={"en": f"{SECRET} note"}, title_en="As released")
    item = publishing.cancel_release(item, officer, f"{SECRET} reason")
    item = acts.approved(item, writer, officer, LATER)
    assert read(client, history(item), 404)
    clock(LATER)
    page, old = read(client, history(item)), read(client, history(item, "?edition=1"))
    assert listed(page) == [("Edition 1", "")]
    for each in (page, old):
        # Neither the words, nor who wrote them, nor when they were approved.
        assert SECRET not in each
        assert ("wanda" in each, "olga" in each, "10:00 (UTC+5)" in each) == (False,) * 3
        assert "11:00 (UTC+5)" in each
    assert "As released" in old


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_languages_that_were_not_ready_are_never_shown(client, released, change, language):
    change(released, body_en="<p>One.</p>", summary_ru=f"{SECRET} summary")
    for query in ("", "?edition=1", "?edition=2"):
        assert SECRET not in read(client, history(released, query, language))
    russian = {"ready_ru": True, "standing_ru": "courtesy", "title_ru": "Заголовок",
               "body_ru": "<p>Перевод.</p>", "summary_ru": ""}  # fmt: skip

    def clean(content):
        content["parts"]["quotes"][0]["fields"]["text_ru"] = "Четыре"

    change(released, "translation", {}, clean, **russian)
    for query in ("", "?edition=1", "?edition=2", "?edition=3"):
        shown = read(client, history(released, query, language))
        assert (query, SECRET in shown) == (query, False)
    page = read(client, history(released, "", language))
    assert '<dd lang="ru"><ins>Перевод.' in page
    # A reader of Russian has it in the open, others below "in other languages".
    newest = page[page.index('id="edition-3"') : page.index('id="edition-2"')]
    folded = newest.find("<details")
    assert (newest.index("Перевод.") < folded) == (language == "ru")


def test_names_of_rows_that_are_not_public_are_never_shown(client, gathering, change):
    new = Topic.objects.create(slug="new-topic", name_en="New topic")
    change(gathering, edit=lambda content: content["many"].update(topics=[str(new.pk)]))
    page, old = read(client, history(gathering)), read(client, history(gathering, "?edition=1"))
    # Nothing public names the old topic any more: its name is as hidden as its page.
    assert client.get("/en/topics/old-topic/").status_code == 404
    assert listed(page)[0] == ("Edition 2", "Topics [ins]New topic[/ins]")
    assert ("Old topic" in page, "Old topic" in old) == (False, False)
    other = factories.event()
    other.topics.add(Topic.objects.get(slug="old-topic"))
    page, old = read(client, history(gathering)), read(client, history(gathering, "?edition=1"))
    assert listed(page)[0] == ("Edition 2", "Topics [del]Old[/del][ins]New[/ins] topic")
    assert "Old topic" in old


@pytest.mark.parametrize("stage", ["draft", "embargoed", "withdrawn", "retracted"])
def test_outcome_that_a_hidden_text_announces_is_never_shown(client, gathering, change, stage):
    hidden = factories.statement(stage, "Hidden")

    def add(content):
        outcome = copy.deepcopy(content["parts"]["outcomes"][0])
        outcome["uid"] = "00000000-0000-4000-8000-000000000001"
        outcome["fields"] |= {
            "text_en": f"{SECRET} promise", "announced_in": str(hidden.pk), "order": 5,
        }  # fmt: skip
        content["parts"]["outcomes"].append(outcome)

    def announce(content):
        content["parts"]["outcomes"][0]["fields"]["announced_in"] = str(hidden.pk)

    pages = [history(gathering, query) for query in ("", "?edition=1", "?edition=2")]
    change(gathering, "update", acts.NOTE, add, title_en="A larger gathering")
    shown = [read(client, each) for each in pages]
    assert [SECRET in each or "Hidden" in each for each in shown] == [False] * 3
    assert ["First promise" in each for each in shown] == [False, True, True]
    # One that was public, and waits for its announcement since, is hidden in old editions too.
    change(gathering, "update", acts.NOTE, announce, title_en="A gathering")
    assert ["First promise" in read(client, each) for each in pages] == [False] * 3
    factories.Statement.objects.filter(pk=hidden.pk).update(
        status="approved", release_at=NOW, published_at=NOW
    )
    assert [SECRET in read(client, each) for each in pages] == [True, False, True]


def test_edition_is_shown_as_it_stood_and_is_kept_out_of_search_engines(
    client, released, change, clock
):
    def edit(content):
        content["fields"] |= {"title_en": "Another", "date": "2007-10-07"}
        content["fields"]["body_en"] = "<p>Quite <strong>other</strong> words.</p>"
        content["parts"]["quotes"] = []
        content["parts"]["speakers"][0]["fields"]["office_en"] = "Minister"

    clock(LATER)
    change(released, edit=edit)
    old = read(client, history(released, "?edition=1"))
    for words in ("A statement", '<p id="p1">', "</a>One two three.</p>", "“Four five six”",
                  "A Person", "6 October 2007",
                  'from <time datetime="2026-10-06T05:00:00Z">6 October 2026, 10:00 (UTC+5)</time>'
                  ' to <time datetime="2026-10-06T06:00:00Z">'):  # fmt: skip
        assert words in old
    main = old[old.index("<main") :]
    for words in ("Another", "other</strong>", "Minister", "7 October 2007"):
        assert words not in main
    new = read(client, history(released, "?edition=2"))
    assert "This is how the text stands since" in new
    assert ("Minister" in new, "<strong>other</strong>" in new) == (True, True)
    for page in (old, new, read(client, history(released))):
        assert '<meta name="robots" content="noindex">' in page
        assert page.count('rel="canonical"') == 1
        assert (
            f'rel="canonical" href="https://press.example/en/statements/{released.slug}/"' in page
        )
    assert f'href="/ru/statements/{released.slug}/history/?edition=1"' in old


def test_event_is_shown_as_it_stood(client, gathering, change):
    change(gathering, "update", {"en": "Moved."}, date="2007-10-08", city_en="Elsewhere",
           state="postponed")  # fmt: skip
    old = read(client, history(gathering, "?edition=1"))
    assert ("6 October 2007" in old, "Elsewhere" in old, "· postponed" in old) == (
        True,
        False,
        False,
    )
    assert ("First promise" in old, "Old topic" in old) == (True, True)
    assert listed(read(client, history(gathering)))[0] == (
        "Edition 2",
        "City (English) [ins]Elsewhere[/ins]"
        " State [del]scheduled[/del][ins]postponed[/ins]"
        " Date [del]6[/del][ins]8[/ins] October 2007",
    )


@pytest.mark.parametrize(
    "query", ["edition=3", "edition=0", "edition=01", "edition=-1", "edition=1.0", "edition=",
              "edition=one", "edition=١", "edition=999999999999", "edition=1&edition=2"],
)  # fmt: skip
def test_edition_that_never_was_is_not_found(client, released, change, query):
    change(released, title_en="Second")
    answer = client.get(history(released, f"?{query}"))
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")
    assert answer.content == client.get("/en/statements/never-existed/").content


def test_other_parameters_are_refused_by_name(client, released):
    for query in ("?x=1", "?edition=1&by=me", "?after=1"):
        answer = client.get(history(released, query))
        assert answer.status_code == 400
        assert "Unknown parameter" in answer.content.decode()
    assert client.post(history(released)).status_code == 405


def test_history_is_named_on_a_page_once_there_is_one(client, released, change):
    path = f"/en/statements/{released.slug}/"
    assert f'href="{history(released)}"' not in read(client, path)
    change(released, title_en="Second")
    assert read(client, path).count(f'href="{history(released)}"') == 2


def test_history_of_a_withdrawn_text_stays_with_its_banner(client, released, change, officer):
    change(released, title_en="Second")
    publishing.withdraw(Statement.objects.get(), officer, {"en": "Out of date."})
    for query, words in (("", "Edition 2"), ("?edition=1", "One two three.")):
        page = read(client, history(released, query))
        assert (words in page, 'class="notice withdrawn"' in page) == (True, True)


def test_history_of_a_retracted_text_is_gone_with_it(client, released, change, officer):
    change(released, title_en="Second")
    publishing.retract(Statement.objects.get(), officer, {"en": "In error."})
    tombstone = read(client, f"/en/statements/{released.slug}/", 410)
    for query in ("", "?edition=1", "?edition=2", "?edition=7"):
        assert read(client, history(released, query), 410) == tombstone
    item = publishing.ask_reinstatement(Statement.objects.get(), officer, "It was right.")
    publishing.reinstate(item, another(officer))
    assert [head for head, _changes in listed(read(client, history(released)))] == [
        "Edition 2", "Edition 1",
    ]  # fmt: skip
    assert "One two three." in read(client, history(released, "?edition=1"))


def test_text_that_was_retracted_and_replaced_before_it_returned_stays_gone(
    client, released, change, officer
):
    """Edition 1 was in error; 2 was a mend that readers never had; 3 is what came back."""
    publishing.retract(released, officer, {"en": "In error."})
    change(Statement.objects.get(), body_en="<p>Never read.</p>")
    change(Statement.objects.get(), body_en="<p>Right at last.</p>")
    item = publishing.ask_reinstatement(Statement.objects.get(), officer, "It is right now.")
    publishing.reinstate(item, another(officer))
    page = read(client, history(released))
    assert listed(page) == [("Edition 3", ""), ("Edition 2", ""), ("Edition 1", "")]
    assert page.count("The text of this edition was retracted and is not shown.") == 2
    assert ("two" in page, "Never read" in page) == (False, False)
    for number in (1, 2):
        assert read(client, history(released, f"?edition={number}"), 404)
    last = read(client, history(released, "?edition=3"))
    assert ("Right at last." in last, "Never read" in last, "One two" in last) == (
        True, False, False,
    )  # fmt: skip


def test_hidden_item_has_no_history_like_one_that_never_existed(client, text, officer, writer):
    never = client.get("/en/statements/never-existed/history/")
    assert never.content == client.get("/en/nothing/").content
    for _stage in ("in review", "embargoed"):
        for query in ("", "?edition=1"):
            answer = client.get(history(text, query))
            assert (answer.status_code, answer.content) == (404, never.content)
            assert dict(answer.headers) == dict(never.headers)
        acts.approved(text, writer, officer, LATER) if _stage == "in review" else None


def test_embargoed_item_s_change_moves_no_byte_or_header_anywhere(
    client, text, change, officer, clock
):
    factories.whole("published", "Twin", "BY")
    item = acts.approved(text, None, officer, LATER + timedelta(hours=1))
    twin = Event.objects.get(title_en="Twin title en")
    paths = [
        "/en/", "/en/events/", "/en/statements/", "/en/quotes/", "/en/outcomes/",
        f"/en/events/{twin.slug}/", f"/en/events/{twin.slug}/history/", history(item),
        *(f"/en/feeds/{name}.rss" for name in ("latest", "events", "statements")),
    ]  # fmt: skip
    before = [client.get(path) for path in paths]
    clock(LATER)
    again = [client.get(path) for path in paths]
    change(item, body_en="<p>Mended.</p>")
    after = [client.get(path) for path in paths]
    for path, was, same, now in zip(paths, before, again, after, strict=True):
        assert (path, now.content, dict(now.headers)) == (path, same.content, dict(same.headers))
        assert (path, was.status_code) == (path, now.status_code)


@pytest.mark.parametrize("number", [1, 6])
def test_queries_do_not_grow_with_the_editions(
    client, gathering, change, number, django_assert_num_queries
):
    topics = [Topic.objects.create(slug=f"topic-{each}", name_en=f"T{each}") for each in range(6)]
    for each in range(number):
        keys = [str(topic.pk) for topic in topics[: each + 1]]
        change(gathering, edit=lambda content, keys=keys: content["many"].update(topics=keys))
    with django_assert_num_queries(5):
        read(client, history(gathering))
    with django_assert_num_queries(5):
        read(client, history(gathering, "?edition=1"))


def test_long_history_compares_the_latest_and_leads_to_the_others(
    client, released, change, monkeypatch
):
    monkeypatch.setattr("events.public.history.COMPARED", 2)
    for each in range(1, 5):
        change(released, title_en=f"A statement, {each}")
    compared = [bool(changes) for _head, changes in listed(read(client, history(released)))]
    assert compared == [True] * 2 + [False] * 3
    old = read(client, history(released, "?edition=2"))
    assert "A statement<ins>, 1</ins>" in old


def test_long_texts_are_shown_around_what_changed(client, released, change):
    before = " ".join(f"before{n}" for n in range(400))
    after = " ".join(f"after{n}" for n in range(400))
    change(released, body_en=f"<p>{before} red {after}</p>")
    change(released, body_en=f"<p>{before} blue {after}</p>")
    (newest, *_rest) = listed(read(client, history(released)))
    assert re.fullmatch(
        r"Text \(English\) … (before\d+ )+\[del\]red\[/del\]\[ins\]blue\[/ins\]( after\d+)+ …",
        newest[1],
    )
    assert len(newest[1]) < 300


def test_internal_columns_are_never_told(client, gathering, change):
    def reorder(content):
        for number, each in enumerate(content["parts"]["outcomes"]):
            each["fields"]["order"] = 9 - number

    change(gathering, "update", acts.NOTE, reorder, pool_en="Pool of three")
    assert listed(read(client, history(gathering)))[0] == ("Edition 2", "")
    assert "Nothing that this page shows has changed." in read(client, history(gathering))


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_history_pages_are_valid_html(client, released, gathering, change, officer, language):
    for item in (released, gathering):
        change(item, title_en="A <b>bold</b> & other")
        change(item, "update", {"en": "Two\nlines"}, summary_en="New")
        for path in (history(item, "", language), history(item, "?edition=1", language),
                     history(item, "?edition=3", language),
                     f"/{language}/{item.model}s/{item.slug}/"):  # fmt: skip
            parser = html5lib.HTMLParser()
            parser.parse(client.get(path).content)
            assert (path, parser.errors) == (path, [])
    quote = released.quotes.get()
    change(released, edit=lambda content: content["parts"].update(quotes=[]))
    parser = html5lib.HTMLParser()
    parser.parse(client.get(f"/{language}/quotes/{quote.pk}/").content)
    assert parser.errors == []


def test_editions_are_read_and_never_written(client, released, change):
    change(released, title_en="Second")
    count = Edition.objects.count()
    for query in ("", "?edition=1"):
        read(client, history(released, query))
    assert Edition.objects.count() == count
    assert editions.check_chain(Statement.objects.get()) == []
    assert Statement.objects.get().date == date(2007, 10, 6)


@pytest.mark.django_db(transaction=True)
def test_history_and_tombstones_are_accessible_and_fit(
    page, live_server, released, gathering, change
):
    quote = released.quotes.get()
    change(released, body_en="<p>One three.</p>", edit=lambda new: new["parts"].update(quotes=[]))
    change(released, "update", {"en": "More."}, title_en="A statement of great length and weight")
    change(gathering, "update", {"en": "Cancelled for snow."}, state="cancelled")
    page.set_viewport_size({"width": 320, "height": 900})
    for language in ("en", "ru", "kk"):
        for path in (
            history(released, "", language), history(released, "?edition=1", language),
            history(gathering, "", language), history(gathering, "?edition=1", language),
            f"/{language}/statements/{released.slug}/", f"/{language}/events/{gathering.slug}/",
            f"/{language}/quotes/{quote.pk}/", f"/{language}/events/",
        ):  # fmt: skip
            page.goto(live_server.url + path)
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert (path, axe.violations(page)) == (path, [])
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
