"""Share cards: the words in the house's fonts, behind the gate, never of an older edition."""

import datetime as dt
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from events import cards, publishing
from events.models import Quote, Statement

from . import acts

NOW = dt.datetime(2026, 10, 6, 5, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
WORDS = "Exact words with <angles> & an ampersand"


@pytest.fixture
def drawn(monkeypatch):
    """The cards that were drawn, in place of pixels that no test can read."""
    seen = []
    monkeypatch.setattr(cards, "draw", lambda card: seen.append(card) or b"png")
    return seen


@pytest.fixture
def quote(statement, person):
    return Quote.objects.create(
        statement=statement, person=person, text_en=WORDS, office_en="President of the Council"
    )


def url(item, number=1, language="en"):
    return f"/cards/{language}/{item.pk}-{number}.png"


@pytest.mark.django_db
def test_card_says_what_the_page_says(client, clock, drawn, statement, quote, writer, officer):
    acts.released(statement, writer, officer)
    assert client.get(url(statement))["Content-Type"] == "image/png"
    assert client.get(url(quote, language="ru")).status_code == 200
    assert drawn == [
        cards.Card("Press Office", "Speech · 6 October 2007", "A statement"),
        cards.Card(
            "Пресс-служба", "Цитата · 6 октября 2007\u202fг.", f"“{WORDS}”",
            "A Person, President of the Council", is_quote=True,
        ),
    ]  # fmt: skip


@pytest.mark.django_db
def test_card_of_a_hidden_item_is_the_404_of_one_that_never_existed(
    client, clock, drawn, statement, quote, event, writer, officer
):
    acts.approved(statement, writer, officer, LATER)
    never = client.get("/cards/en/00000000-0000-4000-8000-000000000000-1.png")
    for item in (statement, quote, event):
        for number in (0, 1, 2):
            answer = client.get(url(item, number), headers={"if-none-match": "*"})
            assert (answer.status_code, answer.content) == (404, never.content)
            assert dict(answer.headers) == dict(never.headers)
    clock(LATER - dt.timedelta(seconds=1))
    assert [client.get(url(item)).status_code for item in (statement, quote)] == [404, 404]
    assert drawn == []
    clock(LATER)
    assert [client.get(url(item)).status_code for item in (statement, quote)] == [200, 200]


@pytest.mark.django_db
def test_corrected_item_has_another_address_and_the_old_one_shows_nothing(
    client, clock, drawn, statement, writer, officer
):
    acts.released(statement, writer, officer)
    client.get(url(statement))
    clock(LATER)
    acts.changed(statement, writer, officer, title_en="Another title")
    assert client.get(url(statement, 1)).status_code == 404
    assert client.get(url(statement, 2)).status_code == 200
    assert [card.words for card in drawn] == ["A statement", "Another title"]


@pytest.mark.django_db
def test_withdrawn_says_so_and_retracted_is_gone(
    client, clock, drawn, statement, quote, writer, officer
):
    acts.released(statement, writer, officer)
    clock(LATER)
    publishing.withdraw(Statement.objects.get(pk=statement.pk), officer, {"en": "Old."})
    assert [client.get(url(each)).status_code for each in (statement, quote)] == [200, 200]
    assert {card.mark for card in drawn} == {"Withdrawn"}
    publishing.retract(Statement.objects.get(pk=statement.pk), officer, {"en": "Wrong."})
    assert [client.get(url(each)).status_code for each in (statement, quote)] == [410, 410]


@pytest.mark.django_db
def test_a_card_is_drawn_once_for_all_who_ask(client, clock, drawn, statement, writer, officer):
    acts.released(statement, writer, officer)
    assert client.get(url(statement)).content == client.get(url(statement)).content
    assert len(drawn) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/cards/de/{}-1.png", "/cards/en/{}-99999999999999999999.png", "/cards/en/{}-1.jpg"]
)
def test_no_card_at_nonsense(client, clock, statement, writer, officer, address):
    acts.released(statement, writer, officer)
    assert client.get(address.format(statement.pk)).status_code == 404
    assert client.get(url(statement), {"size": "9"}).status_code == 400


def test_the_picture_is_as_large_as_readers_of_links_expect_and_the_same_each_time():
    card = cards.Card(
        "Office", "Speech", "Ұжымдық қауіпсіздік кеңесінің сессиясы", mark="Withdrawn"
    )
    picture = cards.draw(card)
    opened = Image.open(io.BytesIO(picture))
    assert (opened.format, opened.size) == ("PNG", (1200, 630))
    assert cards.draw(card) == picture
    assert cards.draw(cards.Card("Office", "Speech", "Other words")) != picture


@settings(max_examples=40)
@given(st.text(alphabet="абвгқңұ abcW„“—-\u202e中", max_size=1500))
def test_any_words_stay_within_the_card(words):
    lines, font = cards.fitted(words, cards.SERIF, 1000, 380)
    assert max(font.getlength(line) for line in lines) <= 1000
    assert len(lines) * font.size * cards.LEADING <= 380
    whole = "".join(words.split())
    shown = "".join("".join(lines).split())
    assert shown == whole or whole.startswith(shown.removesuffix("…").rstrip())


def test_every_letter_of_the_three_languages_has_a_shape_of_its_own():
    nothing = cards._font(cards.SERIF, 40).getmask("\U0010ffff")
    for face in (cards.SERIF, cards.SERIF_TEXT, cards.SANS):
        font = cards._font(face, 40)
        for letter in "ӘәҒғҚқҢңӨөҰұҮүҺһІіЁёЙй№₸«»“”„…–—éü":
            assert bytes(font.getmask(letter)) != bytes(nothing), (face, letter)
