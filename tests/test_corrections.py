"""What readers are told of changes, and what answers where something was taken out."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from events import editions, publishing
from events.models import Outcome, Quote, Statement, Topic

from . import acts, factories

NOW = datetime(2026, 10, 6, 5, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def draft(statement, person, writer):
    """A statement with two quotes, ready in English alone, submitted."""
    with publishing.saving(statement, writer) as record:
        record.body_en = "<p>One two three.</p>"
        record.save()
        for number, words in enumerate(("Four five six", "Seven eight nine"), 1):
            Quote.objects.create(statement=record, person=person, text_en=words, order=number)
    return publishing.submit(statement, writer)


@pytest.fixture
def released(statement, person, writer, officer):
    return acts.released(draft(statement, person, writer), writer, officer)


@pytest.fixture
def gathering(event, writer, officer):
    """A public event with two outcomes and a topic of its own."""
    with publishing.saving(event, writer) as record:
        record.title_en, record.state = "A gathering", "scheduled"
        record.save()
        record.topics.add(Topic.objects.create(slug="a-topic", name_en="A topic"))
        for number, words in enumerate(("First promise", "Second promise"), 1):
            Outcome.objects.create(
                event=record, outcome_kind="decision", text_en=words, order=number
            )
    return acts.released(event, writer, officer)


@pytest.fixture
def change(writer, officer):
    """Proposes and applies: change(item, "correction", note, title_en="…") or with an edit of
    the whole content."""

    return lambda item, *args, **fields: acts.changed(item, writer, officer, *args, **fields)


def read(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


def notices(text: str, name: str = "changed") -> list[str]:
    """The words of every element of a page that has this class beside "notice"."""
    found = re.findall(rf'<(?:aside|ul) class="notice {name}".*?</(?:aside|ul)>', text, re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", each).split()) for each in found]


def address(item):
    return f"/en/{item.model}s/{item.slug}/"


def without(relation, index):
    return lambda content: content["parts"][relation].pop(index)


def test_change_is_told_at_the_head_with_its_time_and_note(client, released, change, clock):
    clock(LATER)
    change(released, body_en="<p>One two.</p>")
    text = read(client, address(released))
    assert notices(text) == [
        "Corrected on 6 October 2026, 11:00 (UTC+5) : The date was wrong."
        " All editions and what changed"
    ]
    assert '<time datetime="2026-10-06T06:00:00Z">6 October 2026, 11:00 (UTC+5)</time>' in text
    assert text.index('class="notice changed"') < text.index('class="body"')
    assert "Edition 2." in text


def test_latest_correction_or_update_leads_and_the_others_follow_newest_first(
    client, released, change, clock
):
    for number, (kind, note) in enumerate(
        [("correction", "First."), ("update", "Second."), ("typographical", ""), ("update", "T.")]
    ):
        clock(LATER + timedelta(hours=number))
        change(released, kind, {"en": note}, body_en=f"<p>One two{'e' * number}.</p>")
    clock(LATER + timedelta(hours=9))
    change(released, "typographical", {}, body_en="<p>One twoee.</p>")
    (notice,) = notices(read(client, address(released)))
    kinds = "Corrected|Updated|Typographical errors corrected"
    said = re.findall(rf"({kinds}) on 6 October 2026, (\d+)", notice)
    assert said == [
        ("Updated", "14"), ("Typographical errors corrected", "20"),
        ("Typographical errors corrected", "13"), ("Updated", "12"), ("Corrected", "11"),
    ]  # fmt: skip
    # The standard sentence says no more than the heading does.
    assert "errors were corrected" not in notice


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_every_kind_of_change_has_its_sentence_in_every_language(
    client, gathering, change, language, clock
):
    def progress(content):
        content["parts"]["outcomes"][0]["state"] = "fulfilled"
        content["parts"]["outcomes"][0]["fields"]["state"] = "fulfilled"

    changes = [
        ("correction", {"summary_en": "a"}, None), ("update", {"summary_en": "b"}, None),
        ("translation", {"ready_ru": True, "standing_ru": "courtesy", "title_ru": "Т"}, None),
        ("progress", {}, progress), ("typographical", {"summary_en": "bb"}, None),
    ]  # fmt: skip
    for number, (kind, fields, edit) in enumerate(changes, 1):
        clock(NOW + timedelta(hours=number))
        change(gathering, kind, {"en": f"{kind}!", "ru": f"{kind}!"}, edit, **fields)
    (notice,) = notices(read(client, address(gathering).replace("/en/", f"/{language}/")))
    expected = {
        "en": ["Updated on", "Typographical errors corrected on", "Progress recorded on",
               "Translation published on", "Corrected on"],
        "ru": ["Обновлено 6", "Опечатки исправлены 6", "Сведения о ходе выполнения внесены 6",
               "Перевод опубликован 6", "Исправлено 6"],
        "kk": [") жаңартылды", ") емле қателері түзетілді",
               ") орындалу барысы туралы мәлімет енгізілді", ") аудармасы жарияланды",
               ") түзетілді"],
    }[language]  # fmt: skip
    places = [notice.find(words) for words in expected]
    assert -1 not in places
    assert places == sorted(places)
    assert ("on 6 October" in notice) == (language == "en")


def test_change_before_release_is_told_to_nobody(
    client, statement, person, writer, officer, change, clock
):
    item = acts.approved(draft(statement, person, writer), writer, officer, LATER)
    change(item, body_en="<p>Mended in time.</p>")
    clock(LATER)
    text = read(client, address(item))
    assert ("Mended in time." in text, "Edition 1." in text) == (True, True)
    assert ("Corrected" in text, "The date was wrong." in text) == (False, False)
    assert re.findall(r'href="[^"]*history/([^"]*)"', text) == ["?edition=1"]


def test_change_that_is_only_proposed_or_rejected_changes_no_byte(
    client, released, writer, officer
):
    pages = [address(released), address(released) + "history/", "/en/feeds/latest.rss"]
    before = [client.get(each) for each in pages]
    content = editions.snapshot(Statement.objects.get())
    content["fields"]["title_en"] = "A secret title"
    proposed = publishing.propose(released, content, writer, "correction", acts.NOTE)
    for _act in (None, lambda: publishing.reject_change(proposed, officer, "No.")):
        after = [client.get(each) for each in pages]
        assert [each.content for each in after] == [each.content for each in before]
        assert [dict(each.headers) for each in after] == [dict(each.headers) for each in before]
        if _act:
            _act()


def test_withdrawn_item_keeps_what_was_told_and_retracted_one_tells_nothing(
    client, released, change, officer
):
    change(released, body_en="<p>One two.</p>")
    publishing.withdraw(Statement.objects.get(), officer, {"en": "Out of date."})
    text = read(client, address(released))
    assert len(notices(text)) == len(notices(text, "withdrawn")) == 1
    publishing.retract(Statement.objects.get(), officer, {"en": "In error."})
    assert "The date was wrong." not in read(client, address(released), 410)


def test_note_falls_back_by_the_language_rule_and_is_marked(client, released, change):
    change(released, "update", {"en": "Only <b>English</b>\nnote."}, body_en="<p>One two.</p>")
    russian = {"ready_ru": True, "standing_ru": "courtesy", "title_ru": "Заголовок",
               "body_ru": "<p>Раз два.</p>"}  # fmt: skip
    change(released, "translation", {}, **russian)
    text = read(client, address(released).replace("/en/", "/ru/"))
    assert '<span lang="en">Only &lt;b&gt;English&lt;/b&gt;<br>note.</span>' in text
    # A language that readers no longer have takes its notes with it.
    change(released, "update", {"en": "En.", "ru": "По-русски."}, body_en="<p>Two.</p>")
    assert "По-русски." in read(client, address(released).replace("/en/", "/ru/"))
    change(released, "update", {"en": "No Russian now."}, ready_ru=False)
    text = read(client, address(released).replace("/en/", "/ru/"))
    assert ("По-русски." in text, '<span lang="en">En.</span>' in text) == (False, True)


def test_cancelled_event_says_so_once_at_its_head_and_plainly_in_lists(client, gathering, change):
    change(gathering, "update", {"en": "Cancelled for snow."}, state="cancelled")
    text = read(client, address(gathering))
    assert notices(text, "plan cancelled") == [
        "Cancelled · 6 October 2026, 10:00 (UTC+5) Cancelled for snow."
    ]
    # The notice says it already; the history says it as well.
    assert (notices(text), text.count("Cancelled for snow.")) == ([], 1)
    assert "Cancelled for snow." in read(client, address(gathering) + "history/")
    for path in ("/en/events/", "/en/topics/a-topic/", "/en/"):
        assert '<strong class="off">Cancelled</strong>' in read(client, path), path
    assert '"off"' not in read(client, "/en/statements/")


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_removed_quote_answers_410_with_the_note_and_no_word_of_it(
    client, released, change, language, clock
):
    quote = released.quotes.first()
    clock(LATER)
    change(released, note={"en": "Nobody said this."}, edit=without("quotes", 0))
    answer = client.get(f"/{language}/quotes/{quote.pk}/")
    assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store")
    text = answer.content.decode()
    assert '<time datetime="2026-10-06T06:00:00Z">' in text
    note = "Nobody said this." if language == "en" else '<span lang="en">Nobody said this.</span>'
    assert f": {note}</p>" in text
    assert f'href="/{language}/statements/a-statement/"' in text
    for word in ("Four", "five", "six"):
        assert word not in text
    said = {"en": "This quotation was removed on", "ru": "Эта цитата удалена",
            "kk": "Бұл дәйексөз"}  # fmt: skip
    assert said[language] in text
    # The other one is where it was, and only there.
    assert read(client, f"/{language}/quotes/{released.quotes.last().pk}/")
    assert client.get(f"/{language}/outcomes/{quote.pk}/").status_code == 404


def test_tombstone_of_a_removed_quote_follows_its_statement(client, released, change, officer):
    quote, content = released.quotes.first(), editions.snapshot(Statement.objects.get())
    path = f"/en/quotes/{quote.pk}/"
    change(released, note={"en": "Nobody said this."}, edit=without("quotes", 0))
    publishing.withdraw(Statement.objects.get(), officer, {"en": "Out of date."})
    assert "Nobody said this." in read(client, path, 410)
    publishing.retract(Statement.objects.get(), officer, {"en": "In error."})
    text = read(client, path, 410)
    assert ("Nobody said" in text, "Retracted by the press office." in text) == (False, True)
    assert client.get(path).content == client.get(address(released)).content
    item = publishing.ask_reinstatement(Statement.objects.get(), officer, "It was right.")
    second = publishing_second(officer)
    publishing.reinstate(item, second)
    assert "Nobody said this." in read(client, path, 410)
    # What is put back is no longer gone.
    change(released, edit=lambda new: new["parts"].update(quotes=content["parts"]["quotes"]))
    assert "Four five six" in read(client, path)


def publishing_second(officer):
    """Another press officer."""
    other = type(officer).objects.create_user("second-officer", is_staff=True)
    other.groups.set(officer.groups.all())
    return other


def test_quote_taken_out_before_release_never_existed(
    client, statement, person, writer, officer, change, clock
):
    item = acts.approved(draft(statement, person, writer), writer, officer, LATER)
    quote = item.quotes.first()
    change(item, edit=without("quotes", 0))
    for when in (NOW, LATER):
        clock(when)
        answer = client.get(f"/en/quotes/{quote.pk}/")
        never = client.get("/en/quotes/00000000-0000-4000-8000-000000000000/")
        assert (answer.status_code, answer.content) == (404, never.content)
        assert dict(answer.headers) == dict(never.headers)


def test_removed_outcome_answers_410_and_leads_to_its_event(client, gathering, change):
    outcome = gathering.outcomes.first()
    change(gathering, note={"en": "It was not agreed."}, edit=without("outcomes", 0))
    text = read(client, f"/en/outcomes/{outcome.pk}/", 410)
    assert "This outcome was removed on <time" in text
    assert 'href="/en/events/an-event/"' in text
    assert ("It was not agreed." in text, "promise" in text) == (True, False)


def test_quote_tells_of_corrections_of_its_own_words_alone(client, released, change):
    first, last = released.quotes.first(), released.quotes.last()

    def reword(content):
        content["parts"]["quotes"][0]["fields"]["text_en"] = "Four five"

    change(released, note={"en": "A word was put in."}, edit=reword)
    change(released, note={"en": "The text."}, body_en="<p>One.</p>")
    assert notices(read(client, f"/en/quotes/{first.pk}/"), "told") == [
        "Corrected on 6 October 2026, 10:00 (UTC+5) : A word was put in."
    ]
    assert notices(read(client, f"/en/quotes/{last.pk}/"), "told") == []


def test_event_page_tells_of_corrections_of_the_statements_it_shows(
    client, gathering, statement, person, writer, officer, change
):
    with publishing.saving(statement, writer) as record:
        record.event = gathering
        record.save()
    item = acts.released(draft(statement, person, writer), writer, officer)
    change(item, body_en="<p>One two.</p>")
    text = read(client, address(gathering))
    assert notices(text, "told") == [
        "Corrected on 6 October 2026, 10:00 (UTC+5) : The date was wrong."
    ]
    assert notices(text) == []


@pytest.mark.parametrize("number", [1, 5])
def test_told_changes_cost_one_query_however_many(
    client, released, change, number, django_assert_num_queries
):
    for each in range(number):
        change(released, body_en=f"<p>One {'two ' * each}</p>")
    with django_assert_num_queries(6):
        read(client, address(released))


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_retraction_shows_date_and_neutral_reason_until_a_second_person_agrees(
    client, released, officer, language, clock
):
    """The item is ready in English alone; the office still answers in every language."""
    neutral = {"en": "Retracted by the press office.", "ru": "Отозвано пресс-службой.",
               "kk": "Баспасөз қызметі кері қайтарып алды."}  # fmt: skip
    clock(LATER)
    publishing.retract(released, officer, {"en": "A wrong document.", "ru": "Не тот документ."})
    path = address(released).replace("/en/", f"/{language}/")
    text = read(client, path, 410)
    assert f"<p>{neutral[language]}</p>" in text
    assert '<time datetime="2026-10-06T06:00:00Z">' in text
    publishing.approve_reason(Statement.objects.get(), publishing_second(officer))
    agreed = {"en": "A wrong document.", "ru": "Не тот документ.", "kk": neutral["kk"]}
    for address_ in (path, path + "history/", path + "history/?edition=1"):
        text = read(client, address_, 410)
        assert f"<p>{agreed[language]}</p>" in text
        for secret in ("A statement", "One two", "Four five"):
            assert secret not in text


def test_reason_in_another_language_is_marked(client):
    item = factories.statement("retracted")
    text = read(client, f"/kk/statements/{item.slug}/", 410)
    assert '<p><span lang="en">A reason.</span></p>' in text
