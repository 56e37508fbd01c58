"""One language is written beside the other: what is shown, saved, proposed, kept and refused."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from events import editions, publishing, sight, versions, visibility
from events.languages import CODES
from events.models import Change, Event, Outcome, Publication, Quote, Statement

from . import acts, factories
from .conftest import with_contact
from .test_admin import fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOUR = dt.timedelta(hours=1)
NOTE = dict.fromkeys(CODES, "What changed.")


def page(item, language="ru", name="translate"):
    return reverse(f"admin:events_{item.model}_{name}", args=[item.pk, language])


@pytest.fixture
def item(writer, clock):
    """A draft in English."""
    made = Statement(
        slug="to-be-translated", date=dt.date(2026, 10, 6), statement_kind="speech",
        title_en="First", summary_en="In short.", body_en="<p>One.</p><ul><li>Two.</li></ul>",
        ready_en=True, standing_en="authentic", released_before=False,
    )  # fmt: skip
    with publishing.saving(made, writer) as record:
        record.save()
        with_contact(record)
    clock(visibility.clock() + HOUR)
    return Statement.objects.get(pk=made.pk)


def saved(item, by, **values):
    with publishing.saving(item, by) as record:
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
    return type(item).objects.get(pk=item.pk)


def marks(answer):
    """The paragraphs of the source that are marked, by how."""
    pairs = [*answer.context["pairs"], *(
        pair for rows in answer.context["rows"] for *_one, pairs in rows.forms for pair in pairs
    )]  # fmt: skip
    return [
        (pair.field.name, each.mark, str(each.html))
        for pair in pairs for each in pair.source if each.mark
    ]  # fmt: skip


# --- What is shown --------------------------------------------------------------------------------


def test_source_stands_beside_the_fields_of_one_language_alone(as_user, writer, item):
    answer = as_user(writer).get(page(item))
    soup = BeautifulSoup(answer.content, "lxml")
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    assert list(form.fields) == [
        "ready_ru", "standing_ru", "title_ru", "summary_ru", "body_ru", "place_ru", "seen_version",
    ]  # fmt: skip
    assert form["standing_ru"].value() == "courtesy"
    source = [" ".join(each.get_text().split()) for each in soup.select(".pair-source[lang=en]")]
    assert [each for each in source if each] == ["First", "In short.", "One. Two."]
    assert [each["data-n"] for each in soup.select(".para[data-n]")] == ["1", "2"]
    assert marks(answer) == []


def test_changed_paragraphs_are_marked_until_the_translation_is_written(as_user, writer, item):
    item = saved(item, writer, title_ru="Первое", body_ru="<p>Один.</p>")
    assert marks(as_user(writer).get(page(item))) == []
    item = saved(
        item, writer, summary_en="In brief.", body_en="<p>One.</p><p>One and a half.</p><p>2.</p>"
    )
    answer = as_user(writer).get(page(item))
    assert marks(answer) == [
        ("summary_ru", "changed", "In brief."),
        ("body_ru", "changed", "One and a half."), ("body_ru", "new", "2."),
    ]  # fmt: skip
    assert answer.context["version"].behind == "en"
    item = saved(item, writer, body_en="<p>One.</p>")
    assert ("body_ru", "gone", "Two.") in marks(as_user(writer).get(page(item)))
    item = saved(item, writer, body_ru="<p>Раз.</p>")
    assert marks(as_user(writer).get(page(item))) == []


def test_any_other_language_may_be_the_source(as_user, writer, item):
    item = saved(item, writer, title_kk="Бірінші")
    for asked, source in (("kk", "kk"), ("en", "en"), ("ru", "en"), ("de", "en"), ("", "en")):
        answer = as_user(writer).get(page(item), {"from": asked})
        assert answer.context["source"] == source


def test_language_without_another_leads_back_to_the_form(as_user, writer, item):
    answer = as_user(writer).get(page(item, "en"))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("admin:events_statement_change", args=[item.pk])


def test_unknown_language_or_item_answers_404(as_user, writer, item):
    assert as_user(writer).get(page(item, "de")).status_code == 404
    gone = reverse("admin:events_event_translate", args=[item.pk, "ru"])
    assert as_user(writer).get(gone).status_code == 404


def test_limited_item_is_translated_by_those_named_on_it_alone(as_user, staff, writer, item):
    head, other = staff("Head of press"), staff("Writer", "other")
    item = publishing.limit(item, head, [head, writer])
    assert not sight.sees(other, item)
    assert as_user(other).get(page(item)).status_code == 404
    assert as_user(other).post(page(item, "ru", "confirm_language")).status_code == 404
    assert as_user(writer).get(page(item)).status_code == 200


def test_reader_under_embargo_translates_nothing(as_user, staff, writer, item):
    head, reader = staff("Head of press"), staff("Reader under embargo")
    item = publishing.limit(item, head, [head, writer, reader])
    assert as_user(reader).get(page(item)).status_code == 403


# --- A draft is saved -----------------------------------------------------------------------------


def test_draft_is_saved_in_its_language_and_in_no_other(as_user, writer, item):
    client = as_user(writer)
    data = fields(client.get(page(item)))
    before = editions.snapshot(item)["fields"]
    answer = client.post(page(item), data | {"title_ru": "Первое", "body_ru": "<p>Один.</p>"})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("admin:events_statement_change", args=[item.pk])
    assert answer.cookies["saved"].value == page(item).replace("/", "%2F")
    item = Statement.objects.get(pk=item.pk)
    changed = {k: v for k, v in editions.snapshot(item)["fields"].items() if before[k] != v}
    assert changed == {"title_ru": "Первое", "body_ru": "<p>Один.</p>", "standing_ru": "courtesy"}
    assert (editions.of(item).last().action, editions.of(item).last().by) == ("save", writer)
    assert item.status == "draft"


def test_save_and_go_on_stays_on_the_page(as_user, writer, item):
    client = as_user(writer)
    data = fields(client.get(page(item)))
    answer = client.post(page(item), data | {"title_ru": "Первое", "_continue": "1"})
    assert answer["Location"] == page(item)


def test_late_save_keeps_what_each_wrote(as_user, writer, officer, item):
    client = as_user(writer)
    data = fields(client.get(page(item)))
    item = saved(item, officer, summary_en="Otherwise.", title_ru="Их заголовок")
    answer = client.post(page(item), data | {"title_ru": "Мой заголовок"})
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    assert form["title_ru"].value() == "Мой заголовок"
    changes = [(each.path, typed) for each, typed in answer.context["meanwhile"].changes()]
    assert changes == [(("title_ru",), True), (("summary_en",), False)]
    assert Statement.objects.get(pk=item.pk).title_ru == "Их заголовок"
    client.post(page(item), fields(answer))
    item = Statement.objects.get(pk=item.pk)
    assert (item.title_ru, item.summary_en) == ("Мой заголовок", "Otherwise.")


def test_refused_save_keeps_the_typed_text_on_screen(as_user, writer, item):
    client = as_user(writer)
    data = fields(client.get(page(item)))
    typed = {"title_ru": "", "ready_ru": "on", "body_ru": "<p>Один.</p>"}
    answer = client.post(page(item), data | typed)
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    assert form["body_ru"].value() == "<p>Один.</p>"
    assert set(form.errors) == {"standing_ru"} or form.errors
    assert Statement.objects.get(pk=item.pk).body_ru == ""


def test_quote_is_translated_only_as_a_marked_translation(as_user, writer, item):
    with publishing.saving(item, writer) as record:
        person = factories.person()
        for order, texts in enumerate((
            {"text_en": "Said so.", "original_language": "en"},
            {"text_en": "Translated.", "text_ru": "Сказано.", "original_language": "ru"},
        )):  # fmt: skip
            Quote.objects.create(statement=record, person=person, order=order, **texts)
    client = as_user(writer)
    answer = client.get(page(item))
    rows = {each.formset.prefix: each.formset for each in answer.context["rows"]}
    first, second = rows["quotes"].forms
    assert (first.fields["text_ru"].disabled, second.fields["text_ru"].disabled) == (False, True)
    assert not {"is_translation_ru", "person", "text_en"} & set(first.fields)
    data = fields(answer) | {"quotes-0-text_ru": "Так сказано.", "quotes-1-text_ru": "Иначе."}
    assert client.post(page(item), data).status_code == 302
    found = Quote.objects.order_by("order").values_list("text_ru", "is_translation_ru")
    assert list(found) == [("Так сказано.", True), ("Сказано.", False)]
    assert Quote.objects.count() == 2


def test_outcomes_and_captions_are_translated_and_none_is_added_or_removed(as_user, writer):
    event = factories.event("draft", ready_ru=False, title_ru="", body_ru="", summary_ru="")
    with publishing.saving(event, writer) as record:
        Outcome.objects.create(event=record, outcome_kind="decision", text_en="Decided.")
    photo = factories.photo("Plain", event, alt_ru="")
    item = saved(event, writer, title_en="An event")
    client = as_user(writer)
    answer = client.get(page(item))
    assert [each[1] for each in answer.context["photos"]] == [photo.alt_en]
    data = fields(answer) | {
        "outcomes-0-text_ru": "Решено.", "outcomes-0-DELETE": "on", "title_ru": "Событие",
        "placements-0-caption_ru": "Подпись.",
    }  # fmt: skip
    assert client.post(page(item), data).status_code == 302
    item = Event.objects.get(pk=item.pk)
    assert (item.outcomes.get().text_ru, item.placements.get().caption_ru, item.title_ru) == (
        "Решено.", "Подпись.", "Событие",
    )  # fmt: skip


# --- After approval it is proposed ----------------------------------------------------------------


@pytest.fixture
def released(item, writer, officer):
    return acts.released(item, writer, officer)


def test_translation_of_a_public_text_is_proposed_and_public_when_applied(
    as_user, writer, officer, released, client
):
    signed_in = as_user(writer)
    answer = signed_in.get(page(released))
    form, proposal = answer.context["adminform"].form, answer.context["proposal"]
    assert (form["ready_ru"].value(), form["standing_ru"].value()) == (True, "courtesy")
    assert [kind for kind, _label in proposal.fields["kind"].choices] == ["translation"]
    data = fields(answer) | {
        "proposal-kind": "translation", "ready_ru": "on", "title_ru": "Первое",
        "body_ru": "<p>Один.</p><ul><li>Два.</li></ul>",
    }  # fmt: skip
    sent = signed_in.post(page(released), data)
    change = Change.objects.get()
    assert sent["Location"] == reverse(
        "admin:events_statement_review", args=[released.pk, change.pk]
    )
    assert (change.kind, change.by, change.state) == ("translation", writer, "proposed")
    assert Statement.objects.get(pk=released.pk).title_ru == ""
    assert sent.cookies["saved"].value == page(released).replace("/", "%2F")
    publishing.apply_change(change, officer)
    item = Statement.objects.get(pk=released.pk)
    assert item.readable_languages() == ("en", "ru")
    assert versions.languages_since(item)["ru"] == visibility.clock()


def test_language_that_readers_have_changes_with_a_kind_and_a_note(
    as_user, writer, officer, released
):
    new = {"title_ru": "Первое", "ready_ru": True, "standing_ru": "courtesy"}
    item = acts.changed(released, writer, officer, "translation", {}, **new)
    client = as_user(writer)
    answer = client.get(page(item))
    kinds = [kind for kind, _label in answer.context["proposal"].fields["kind"].choices]
    assert kinds == ["correction", "update", "typographical"]
    data = fields(answer) | {"title_ru": "Первая"}
    refused = client.post(page(item), data | {"proposal-kind": "translation"})
    assert (refused.status_code, Change.objects.filter(state="proposed").count()) == (200, 0)
    assert refused.context["adminform"].form["title_ru"].value() == "Первая"
    again = client.post(page(item), fields(refused) | {"proposal-kind": "correction"})
    assert set(again.context["proposal"].errors) == {"note_en", "note_ru"}
    notes = {"proposal-note_en": "Mended.", "proposal-note_ru": "Исправлено."}
    sent = client.post(page(item), fields(again) | {"proposal-kind": "correction"} | notes)
    assert sent.status_code == 302
    change = Change.objects.get(state="proposed")
    assert (change.kind, change.snapshot["fields"]["title_ru"]) == ("correction", "Первая")


def test_two_translations_at_once_are_both_kept(as_user, writer, officer, released):
    client = as_user(writer)
    pages = {code: fields(client.get(page(released, code))) for code in ("ru", "kk")}
    for code, data in pages.items():
        typed = {f"title_{code}": "Т", f"ready_{code}": "on", "proposal-kind": "translation"}
        assert client.post(page(released, code), data | typed).status_code == 302
    assert Change.objects.filter(state="proposed").count() == 2


# --- Confirming, and what is told of languages ----------------------------------------------------


@pytest.fixture
def late(released, writer, officer, clock):
    """A statement whose Russian is a day and two hours behind."""
    new = {"title_ru": "Первое", "ready_ru": True, "standing_ru": "courtesy"}
    item = acts.changed(released, writer, officer, "translation", {}, **new)
    clock(visibility.clock() + HOUR)
    item = acts.changed(item, writer, officer, "correction", NOTE, summary_en="Mended.")
    clock(visibility.clock() + 26 * HOUR)
    return item


def test_language_is_confirmed_on_its_page(as_user, writer, late):
    client = as_user(writer)
    answer = client.get(page(late))
    assert marks(answer) == [("summary_ru", "changed", "Mended.")]
    confirm = page(late, "ru", "confirm_language")
    assert f'action="{confirm}"' in answer.content.decode()
    assert client.get(confirm).status_code == 405
    assert client.post(confirm).status_code == 302
    assert versions.of(late)["ru"].behind_since is None
    answer = client.get(page(late))
    assert (marks(answer), confirm in answer.content.decode()) == ([], False)
    assert "not behind" in client.post(confirm, follow=True).content.decode()


def test_form_tells_where_each_language_stands(as_user, writer, late):
    address = reverse("admin:events_statement_change", args=[late.pk])
    answer = as_user(writer).get(address)
    rows = {each.code: each for each in answer.context["language_rows"]}
    assert [(code, row.is_ready, row.worth, row.lag) for code, row in rows.items()] == [
        ("en", True, "authentic text", ""),
        ("ru", True, "courtesy translation", "English has changed since: 1 day 2 hours behind"),
        ("kk", False, "", "readers have waited for 1 day 3 hours"),
    ]  # fmt: skip
    assert [row.url for row in rows.values()] == [page(late, code) for code in rows]
    assert rows["ru"].since == versions.languages_since(late)["ru"]


def test_whoever_may_not_write_is_led_to_no_translation(as_user, staff, late):
    reader = staff("Reader under embargo")
    address = reverse("admin:events_statement_change", args=[late.pk])
    answer = as_user(reader).get(address)
    assert [each.url for each in answer.context["language_rows"]] == ["", "", ""]


def test_lists_and_desk_tell_what_is_missing_or_behind(as_user, writer, late):
    client = as_user(writer)
    for name in ("statement", "publication"):
        answer = client.get(reverse(f"admin:events_{name}_changelist"))
        soup = BeautifulSoup(answer.content, "lxml")
        found = [(each["class"][1], each["title"]) for each in soup.select(".tongue")]
        assert found == [
            ("tongue-ready", "English: ready"), ("tongue-behind", "Russian: behind"),
            ("tongue-missing", "Kazakh: not ready"),
        ]  # fmt: skip
    panels = client.get("/admin/").context["desk"]["panels"]
    lists = {each.name: each for panel in panels for each in panel.lists}
    assert [row.facts for row in lists["behind"].rows] == [
        ("statement", "Russian: English has changed since: 1 day 2 hours behind")
    ]
    assert [row.facts for row in lists["missing"].rows] == [
        ("statement", "not ready: Kazakh", "readers have waited for 1 day 3 hours")
    ]
    for value, number in (("behind", 1), ("behind_ru", 1), ("behind_kk", 0), ("kk", 1)):
        answer = client.get(reverse("admin:events_publication_changelist"), {"missing": value})
        assert answer.context["cl"].result_count == number, value


def test_list_takes_no_query_for_each_row(as_user, writer, late, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_user(writer)
    address = reverse("admin:events_publication_changelist")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _each in range(5):
        factories.statement()
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    # A list leads to each statement's own row for its release time, and did so before.
    assert len(many) == len(few)


def test_overview_tells_the_lag_of_what_one_may_see(as_user, staff, writer, officer, late):
    address = reverse("admin:languages")
    client = as_user(writer)
    answer = client.get(address)
    ((kind, cells),) = answer.context["kinds"]
    assert kind == "Statement: speech"
    assert [(c.code, c.number, c.missing, c.median, c.longest) for c in cells] == [
        ("en", 1, 0, "at once", "at once"), ("ru", 1, 0, "at once", "at once"),
        ("kk", 0, 1, "–", "–"),
    ]  # fmt: skip
    assert (
        client.get(address, {"since": "2020-01-01", "until": "2020-02-01"}).context["kinds"] == []
    )
    for bad in ({"since": "ә"}, {"since": "2026-10-07", "until": "2026-10-06"},
                {"since": "0001-01-01", "until": "9999-12-31"}):  # fmt: skip
        assert client.get(address, bad).status_code == 400
    assert as_user(staff("Reader under embargo")).get(address).status_code == 200
    assert Publication.objects.count() == 1
