"""Photos and documents on the pages of events and statements."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.files import addresses
from events.models import Attachment, Placement

from . import factories

pytestmark = pytest.mark.django_db


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html5lib")


def test_event_shows_its_files_then_those_of_its_statements_and_each_photo_once(client):
    event = factories.event("published", "First")
    told = factories.statement("published", "Second", event=event)
    hidden = factories.statement("embargoed", "Kryptonym", event=event)
    own, other = factories.photo("First", event), factories.photo("Second", told)
    factories.placement(told, own, "Repeated", order=5)
    documents = [factories.attachment(told, "Late", order=0), factories.attachment(event, "Early")]
    factories.photo("Kryptonym", hidden)
    factories.attachment(hidden, "Kryptonym")
    found = page(client, f"/en/events/{event.slug}/")
    assert [img["alt"] for img in found.select("figure img")] == ["First alt en", "Second alt en"]
    assert [each["fetchpriority"] for each in found.select(".opening img")] == ["high"]
    assert [each["loading"] for each in found.select(".gallery img")] == ["lazy"]
    captions = [each.select_one("figcaption").get_text() for each in found.select("figure")]
    assert ["First caption here en" in captions[0], "Second caption here en" in captions[1]] == [
        True, True
    ]  # fmt: skip
    originals = [each.select_one("figcaption a")["href"] for each in found.select("figure")]
    assert originals == [addresses.of_original(own), addresses.of_original(other)]
    links = [each["href"] for each in found.select(".documents li > a")]
    assert links == [addresses.of_file(each) for each in reversed(documents)]
    for address in (*originals, *links):
        assert client.get(address).getvalue()
    assert "Kryptonym" not in str(found)


def test_document_is_described_as_it_is(client):
    told = factories.statement("published", "Plain", ready_kk=False)
    document = factories.attachment(
        told, title_en="", title_ru="Заявление", title_kk="Құпия", language="ru",
        size=1_250_000, pages=4,
    )  # fmt: skip
    found = page(client, f"/en/statements/{told.slug}/").select_one(".documents li")
    assert found.select_one("a").get_text() == "Заявление"
    assert found.select_one("a [lang]")["lang"] == "ru"
    assert " ".join(found.select_one("p").get_text().split()) == (
        "PDF · Russian · 1.2\xa0MB · 4 pages".replace("\xa0", " ")
    )
    assert found.select_one("code").get_text() == document.checksum


def test_withdrawn_item_keeps_its_files_and_an_item_without_any_says_nothing(client):
    withdrawn, bare = factories.event("withdrawn"), factories.event("published")
    factories.photo("Plain", withdrawn)
    factories.attachment(withdrawn)
    shown = page(client, f"/en/events/{withdrawn.slug}/")
    assert (len(shown.select("figure.photo")), len(shown.select(".documents li"))) == (1, 1)
    empty = page(client, f"/en/events/{bare.slug}/")
    assert empty.select("figure.photo, .gallery, .opening, .documents") == []


def test_files_cost_a_page_no_query(client):
    told = factories.whole("published", "Plain", "KZ")["statement"]
    for address in (f"/en/events/{told.event.slug}/", f"/en/statements/{told.slug}/"):
        client.get(address)
        counted = []
        for _more in range(2):
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            counted.append(len(asked))
            factories.attachment(told)
            factories.photo("Other", told)
        assert counted[0] == counted[1] <= 8
        Placement.objects.all().delete()
        Attachment.objects.all().delete()
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked) == counted[0]
