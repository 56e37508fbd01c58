"""Nothing typed is lost: late saves, repeated ones, refused ones, and who else is at the form."""

import datetime as dt
import io
import os
import shutil
import subprocess
import sys
import time
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image

from events import editions, markup, publishing
from events.admin import presence
from events.models import (
    Access,
    Attachment,
    Event,
    Outcome,
    Photo,
    Quote,
    Statement,
    Topic,
)  # fmt: skip

from . import factories, form_races
from .test_admin import fields as shown
from .test_admin import url
from .uploads import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client, staff):
    """A client signed in as a writer."""
    client.force_login(staff("Writer"))
    return client


@pytest.fixture
def other(staff):
    """Somebody else who writes."""
    return staff("Press officer", "the-other")


def saved(item, by, **values):
    """The item as somebody saves it, with an edition."""
    with publishing.saving(item, by) as record:
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
    item.refresh_from_db()
    return item


def fields(answer):
    """What the browser would send back of the form on show, times in their two boxes included."""
    data = shown(answer)
    form = answer.context["adminform"].form
    for bound in form:
        widget = bound.field.widget
        if hasattr(widget, "widgets"):
            value = bound.value()
            parts = value if isinstance(value, list) else widget.decompress(value)
            for suffix, part, each in zip(
                widget.widgets_names, widget.widgets, parts, strict=True
            ):  # fmt: skip
                data[bound.html_name + suffix] = part.format_value(each) or ""
    return data


def name_on(item, user):
    """Let somebody see a limited item."""
    Access.objects.create(publication=item, user=user, given_by=user,
                          given_at=factories.LONG_AGO)  # fmt: skip


def new_statement(**more):
    """What is typed into an add form."""
    return {
        "slug": "a-new-statement", "statement_kind": "speech", "date": "2026-10-06",
        "date_precision": "day", "reliability": "as_published", "title_en": "A new statement",
        "ready_en": "on", "standing_en": "authentic", "released_before": "False", **more,
    }  # fmt: skip


def errors(answer):
    return answer.context["adminform"].form.errors


def at_row(answer, relation, number=0):
    """The errors of a row, as they stand at it."""
    sets = {each.formset.prefix: each.formset for each in answer.context["inline_admin_formsets"]}
    return sets[relation].forms[number].errors


# --- Somebody else has saved meanwhile ------------------------------------------------------------


def test_late_save_keeps_what_each_wrote_and_goes_through_when_sent_again(writer, event, other):
    saved(event, other, title_en="At first", summary_en="Short.")
    typed = fields(writer.get(url(event))) | {"summary_en": "Typed meanwhile."}
    saved(event, other, title_en="Theirs by now", city_en="Dushanbe")
    late = writer.post(url(event), typed)
    page = late.content.decode()
    assert "Somebody else has saved this since you opened it." in page
    assert "the-other" in page
    assert "<del>At first</del>" in page
    assert "<ins>Theirs by now</ins>" in page
    again = fields(late)
    assert (again["title_en"], again["city_en"]) == ("Theirs by now", "Dushanbe")
    assert again["summary_en"] == "Typed meanwhile."
    assert writer.post(url(event), again).status_code == 302
    held = Event.objects.get()
    assert (held.title_en, held.city_en, held.summary_en) == (
        "Theirs by now", "Dushanbe", "Typed meanwhile.",
    )  # fmt: skip
    assert [each.by_name for each in editions.of(held)] == ["the-other", "the-other", "writer"]


def test_late_save_of_the_same_field_shows_both_texts_and_says_which_stands(writer, event, other):
    saved(event, other, title_en="At first", summary_en="Short.")
    typed = fields(writer.get(url(event))) | {"title_en": "Mine"}
    saved(event, other, title_en="Theirs")
    late = writer.post(url(event), typed)
    changes = [(each.path, mine) for each, mine in late.context["meanwhile"].changes()]
    assert changes == [(("title_en",), True)]
    assert "you wrote here too" in late.content.decode()
    assert fields(late)["title_en"] == "Mine"
    assert Event.objects.get().title_en == "Theirs"
    writer.post(url(event), fields(late))
    assert Event.objects.get().title_en == "Mine"


def test_late_save_takes_over_every_kind_of_field(writer, event, other):
    topic, country = factories.topic(), factories.country("TJ")
    saved(event, other, title_en="At first")
    typed = fields(writer.get(url(event))) | {"summary_en": "Typed."}
    with publishing.saving(event, other) as record:
        record.starts_at = dt.datetime(2007, 10, 6, 9, 30, tzinfo=dt.UTC)
        record.time_zone, record.country, record.state = "Asia/Dushanbe", country, "held"
        record.ready_ru, record.standing_ru, record.title_ru = True, "courtesy", "Событие"
        record.released_before, record.first_released_on = True, dt.date(2007, 10, 7)
        record.save()
        record.topics.add(topic)
    theirs = editions.snapshot(Event.objects.get())
    assert writer.post(url(event), fields(writer.post(url(event), typed))).status_code == 302
    assert editions.snapshot(Event.objects.get()) == theirs | {
        "fields": theirs["fields"] | {"summary_en": "Typed."}
    }


def test_form_without_its_version_is_late(writer, event, other):
    saved(event, other, title_en="Theirs")
    typed = fields(writer.get(url(event))) | {"title_en": "Slipped in"}
    del typed["seen_version"]
    late = writer.post(url(event), typed)
    assert late.status_code == 200
    assert Event.objects.get().title_en == "Theirs"
    assert fields(late)["title_en"] == "Slipped in"


def test_row_added_meanwhile_stays(writer, statement, other):
    factories.quote(statement, "Old")
    saved(statement, other, title_en="At first")
    typed = fields(writer.get(url(statement))) | {"quotes-0-text_en": "Old words, mended"}
    with publishing.saving(statement, other) as record:
        factories.quote(record, "New")
    late = writer.post(url(statement), typed)
    assert "New words" in late.content.decode()
    assert writer.post(url(statement), fields(late)).status_code == 302
    words = set(Quote.objects.values_list("text_en", flat=True))
    assert words == {"Old words, mended", "New words"}


def test_row_removed_meanwhile_goes_unless_somebody_wrote_in_it(writer, statement, other):
    for word in ("First", "Second", "Third"):
        factories.quote(statement, word)
    saved(statement, other, title_en="At first")
    first, second, third = statement.quotes.order_by("text_en")
    typed = fields(writer.get(url(statement)))
    rows = {typed[f"quotes-{number}-uid"]: number for number in range(3)}
    typed[f"quotes-{rows[second.pk]}-text_en"] = "Second words, mended"
    typed[f"quotes-{rows[third.pk]}-text_en"] = "Third words, mended"
    with publishing.saving(statement, other):
        first.delete()
        second.delete()
    late = writer.post(url(statement), typed)
    assert late.status_code == 200
    again = fields(late)
    assert (again["quotes-TOTAL_FORMS"], again["quotes-INITIAL_FORMS"]) == ("2", "1")
    assert again["quotes-0-text_en"] == "Third words, mended"
    assert again["quotes-1-text_en"] == "Second words, mended"
    (said,) = at_row(late, "quotes", 1)["__all__"]
    assert said.startswith("the-other has removed this row since you opened the form.")
    assert said in late.content.decode().replace("&quot;", '"')
    assert writer.post(url(statement), again).status_code == 302
    words = set(Quote.objects.values_list("text_en", flat=True))
    assert words == {"Second words, mended", "Third words, mended"}


def test_row_of_another_record_or_of_none_is_refused_at_the_row(writer, statement, other):
    foreign = factories.quote(factories.statement("draft", "Foreign"), "Foreign")
    factories.quote(statement, "Own")
    typed = fields(writer.get(url(statement)))
    for key in (str(foreign.pk), "11111111-2222-3333-4444-555555555555", "garbled", ""):
        answer = writer.post(url(statement), typed | {"quotes-0-uid": key})
        assert answer.status_code == 200
        assert "This row is no longer here" in answer.content.decode()
    foreign.refresh_from_db()
    assert (foreign.text_en, Quote.objects.count()) == ("Foreign words", 2)


def test_late_save_of_an_outcome_is_shown_as_its_events(writer, event, other):
    outcome = factories.outcome(event, "Agreed")
    saved(event, other, title_en="At first")
    typed = fields(writer.get(url(outcome))) | {"text_ru": "Решение"}
    with publishing.saving(event, other):
        Outcome.objects.update(text_en="Theirs")
    late = writer.post(url(outcome), typed)
    assert "<ins>Theirs</ins>" in late.content.decode()
    assert writer.post(url(outcome), fields(late)).status_code == 302
    outcome.refresh_from_db()
    assert (outcome.text_en, outcome.text_ru) == ("Theirs", "Решение")


def test_late_save_shows_nothing_that_is_limited_to_others(writer, event, other):
    secret = factories.statement("draft", "Secret", limited=True)
    name_on(secret, other)
    saved(event, other, title_en="At first")
    typed = fields(writer.get(url(event))) | {"title_en": "Mine"}
    with publishing.saving(event, other) as record:
        factories.outcome(record, "Secret", announced_in=secret)
        factories.outcome(record, "Open")
    late = writer.post(url(event), typed)
    page = late.content.decode()
    assert "Open outcome" in page
    assert "Secret" not in page
    assert writer.post(url(event), fields(late)).status_code == 302
    assert Outcome.objects.count() == 2


# --- Sent twice -----------------------------------------------------------------------------------


def test_add_form_sent_twice_makes_one_record_and_leads_to_it(writer):
    address = reverse("admin:events_statement_add")
    data = fields(writer.get(address)) | new_statement(_continue="Save")
    first, second = writer.post(address, data), writer.post(address, data)
    held = Statement.objects.get()
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url == url(held)
    assert editions.of(held).count() == 1


def test_reference_row_with_parts_sent_twice_is_made_once(client, staff):
    client.force_login(staff("Archivist"))
    address = reverse("admin:events_person_add")
    data = fields(client.get(address)) | {"slug": "somebody", "name_en": "Some Body"}
    assert [client.post(address, data).status_code for _click in range(2)] == [302, 302]
    assert [each.by_name for each in editions.Edition.objects.all()] == ["archivist"]


def test_add_form_sent_again_with_another_text_is_asked_about(writer):
    address = reverse("admin:events_statement_add")
    data = fields(writer.get(address)) | new_statement()
    writer.post(address, data)
    answer = writer.post(address, data | {"title_en": "Typed after going back"})
    held = Statement.objects.get()
    assert answer.status_code == 200
    assert f'<a href="{url(held)}">A new statement</a>' in answer.content.decode()
    again = fields(answer)
    assert again["title_en"] == "Typed after going back"
    assert again["identity"] != data["identity"]
    assert held.title_en == "A new statement"
    assert writer.post(address, again | {"slug": "another"}).status_code == 302
    assert Statement.objects.count() == 2


def test_identity_of_an_add_form_is_nobodys_to_choose(writer, client, staff, statement):
    address = reverse("admin:events_statement_add")
    blank = fields(writer.get(address))
    of_event = fields(writer.get(reverse("admin:events_event_add")))["identity"]
    colleague = staff("Press officer")
    for identity in (str(statement.pk), blank["identity"] + "x", of_event, "\x01", "a colleague’s"):
        if identity == "a colleague’s":
            client.force_login(colleague)
            answer = client.post(address, blank | new_statement())
        else:
            answer = client.post(address, blank | new_statement(identity=identity))
        assert answer.status_code == 200
        assert "This form was opened by somebody else, or spoilt" in answer.content.decode()
        assert fields(answer)["title_en"] == "A new statement"
        assert Statement.objects.get() == statement
    # The last one, a colleague's, is the colleague's own by now.
    assert client.post(address, fields(answer)).status_code == 302
    assert Statement.objects.count() == 2


def test_repeat_is_asked_about_where_the_cache_is_away(writer):
    address = reverse("admin:events_statement_add")
    data = fields(writer.get(address)) | new_statement()
    with (
        mock.patch.object(cache, "get", side_effect=OSError),
        mock.patch.object(cache, "set", side_effect=OSError),
    ):
        assert writer.post(address, data).status_code == 302
        answer = writer.post(address, data)
    assert "This form has been saved already" in answer.content.decode()
    assert Statement.objects.count() == 1


@pytest.mark.parametrize("button", ["_save", "_continue", "_addanother"])
def test_browser_is_told_what_was_saved_and_only_then(writer, event, button):
    data = fields(writer.get(url(event)))
    refused = writer.post(url(event), data | {"title_en": "", button: "Save"})
    assert (refused.status_code, "saved" in refused.cookies) == (200, False)
    done = writer.post(url(event), data | {"title_en": "Mended", button: "Save"})
    cookie = done.cookies["saved"]
    assert cookie.value == url(event).replace("/", "%2F")
    assert (cookie["path"], cookie["samesite"], cookie["max-age"]) == ("/admin/", "Strict", 43200)


def test_save_may_lead_on_to_the_review_where_that_is_open(writer, event, client, staff):
    assert 'name="_review"' in writer.get(url(event)).content.decode()
    data = fields(writer.get(url(event))) | {"title_en": "Ready now", "_review": "Save"}
    answer = writer.post(url(event), data)
    assert answer.url == url(event, "move", "submit")
    assert Event.objects.get().title_en == "Ready now"
    client.force_login(staff("Archivist"))
    address = reverse("admin:events_topic_add")
    topic = fields(client.get(address)) | {"slug": "a-topic", "name_en": "A", "_review": "Save"}
    assert client.post(address, topic).url == reverse("admin:events_topic_changelist")


# --- What cannot be kept is said ------------------------------------------------------------------


def test_what_was_left_out_of_a_saved_text_is_said_field_by_field(writer, statement):
    factories.quote(statement, "Own")
    pasted = (
        '<p class="MsoNormal"><o:p></o:p>Kept <img src="x"></p>'
        "<table><tr><td>cell</td></tr></table>"
        '<p><a href="javascript:x()">a link</a></p>'
    )
    data = fields(writer.get(url(statement))) | {
        "title_en": "Two\r\nlines", "body_en": pasted, "summary_en": "With a \x07bell",
        "quotes-0-context_en": "tab\x0b", "_continue": "Save",
    }  # fmt: skip
    answer = writer.post(url(statement), data)
    told = [str(each) for each in get_messages(answer.wsgi_request)][:-1]
    label = {name: str(Statement._meta.get_field(f"{name}_en").verbose_name).capitalize()
             for name in ("title", "body", "summary")}  # fmt: skip
    assert [each.rpartition(": ")[2] for each in told if each.startswith(label["title"])] == [
        "line breaks were made into spaces."
    ]
    assert len(told) == 7
    assert any(each.startswith("Quote 1, ") for each in told)
    after = fields(writer.get(answer.url))
    assert after["title_en"] == "Two lines"
    assert after["body_en"] == '<p>Kept </p>cell<p><a rel="noopener">a link</a></p>'
    assert after["summary_en"] == "With a bell"


def test_nothing_is_said_of_what_was_not_changed_or_is_kept_whole(writer, statement):
    link = '<a href="https://example.org" rel="noopener" target="_blank">link</a>'
    text = f"<p>One {link} &amp; more</p>"
    data = fields(writer.get(url(statement))) | {"body_en": text, "summary_en": "Two\r\nlines"}
    answer = writer.post(url(statement), data)
    assert len(list(get_messages(answer.wsgi_request))) == 1
    assert Statement.objects.get().summary_en == "Two\nlines"


@pytest.mark.parametrize(
    ("name", "limit"), [("body_en", markup.RICH_LIMIT), ("summary_en", markup.PLAIN_LIMIT)]
)
def test_text_beyond_the_limit_stays_on_screen_with_the_number(writer, statement, name, limit):
    text = "a" * 1_000_000
    typed = fields(writer.get(url(statement)))
    answer = writer.post(url(statement), typed | {name: text})
    assert answer.status_code == 200
    (said,) = errors(answer)[name]
    assert said.startswith(f"This text has 1000000 characters; at most {limit} can be kept.")
    assert text in answer.content.decode()
    fits = {name: "a" * limit}
    assert writer.post(url(statement), typed | fits).status_code == 302
    assert len(getattr(Statement.objects.get(), name)) == limit


def test_null_characters_are_refused_beside_the_field(writer, statement):
    typed = fields(writer.get(url(statement))) | {"title_en": "a\x00b"}
    answer = writer.post(url(statement), typed)
    assert list(errors(answer)) == ["title_en"]


def test_request_too_large_is_a_clean_refusal(writer, statement):
    typed = fields(writer.get(url(statement))) | {"body_en": "a" * 11 * 1024 * 1024}
    answer = writer.post(url(statement), typed)
    assert answer.status_code in (400, 413)
    assert "saved" not in answer.cookies


BAD = {
    "title_en": ("event", {"title_en": "", "ready_en": None}),
    "ready language": ("event", {"title_ru": "", "ready_ru": "on"}, "title_ru"),
    "standing": ("event", {"standing_en": ""}, "standing_en"),
    "ends_on": ("event", {"ends_on": "2007-10-05"}),
    "ends_at": ("event", {"starts_at_0": "2007-10-06", "starts_at_1": "10:00:00",
                          "ends_at_0": "2007-10-06", "ends_at_1": "09:00:00",
                          "time_zone": "Asia/Dushanbe"}),
    "end without a start": ("event", {"ends_at_0": "2007-10-06", "ends_at_1": "09:00:00"},
                            "ends_at"),
    "time_zone": ("event", {"starts_at_0": "2007-10-06", "starts_at_1": "10:00:00"}),
    "no such zone": ("event", {"time_zone": "Mars/Olympus"}, "time_zone"),
    "first_released_on": ("event", {"released_before": "True"}),
    "released_before": ("event", {"first_released_on": "2007-10-06"}),
    "slug": ("event", {"slug": "taken-address"}),
    "delivered": ("statement", {"delivered_at_0": "2007-10-06", "delivered_at_1": "10:00:00"},
                  "time_zone"),
    "date": ("statement", {"date": "2007-13-45"}),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_has_its_sentence_beside_its_field(writer, event, statement, case):
    factories.event("draft", slug="taken-address")
    name, values, *place = BAD[case]
    item = {"event": event, "statement": statement}[name]
    typed = fields(writer.get(url(item))) | {"summary_en": "Kept."} | values
    answer = writer.post(url(item), {key: value for key, value in typed.items() if value != None})  # noqa: E711
    assert answer.status_code == 200
    assert list(errors(answer)) == [*place, case][:1]
    assert fields(answer)["summary_en"] == "Kept."
    assert editions.of(item).count() == 0


def test_what_is_wrong_with_a_part_is_said_at_the_part(writer, statement, event):
    speaker = factories.person()
    typed = fields(writer.get(url(statement))) | {
        "quotes-TOTAL_FORMS": "1", "quotes-0-person": str(speaker.pk), "quotes-0-order": "0",
        "quotes-0-text_en": "",
    }  # fmt: skip
    answer = writer.post(url(statement), typed)
    assert at_row(answer, "quotes") == {
        "text_en": ["A quote has its words in at least one language."]
    }
    typed |= {
        "quotes-0-text_en": "Words", "quotes-0-original_language": "en",
        "quotes-0-is_translation_en": "on",
    }  # fmt: skip
    answer = writer.post(url(statement), typed)
    assert list(at_row(answer, "quotes")) == ["is_translation_en"]
    typed = fields(writer.get(url(event))) | {
        "participants-TOTAL_FORMS": "1", "participants-0-order": "0",
        "participants-0-as_named": "Nobody",
    }  # fmt: skip
    answer = writer.post(url(event), typed)
    assert list(at_row(answer, "participants")) == ["__all__"]
    assert Quote.objects.count() == 0


def picture(name="field.png", size=(4, 3)):
    png = io.BytesIO()
    Image.effect_noise(size, 90).save(png, "PNG")
    return SimpleUploadedFile(name, png.getvalue(), "image/png")


def test_save_that_the_whole_record_refuses_keeps_rows_on_screen_and_asks_for_files(
    writer, statement
):
    typed = fields(writer.get(url(statement))) | {
        "title_en": "Typed", "quotes-TOTAL_FORMS": "1", "quotes-0-text_en": "Typed words",
        "quotes-0-person": str(factories.person().pk), "quotes-0-order": "0",
        "attachments-TOTAL_FORMS": "1", "attachments-0-order": "0",
        "attachments-0-title_en": "Annex",
        "attachments-0-file": SimpleUploadedFile("annex.pdf", pdf(), "application/pdf"),
    }  # fmt: skip
    refusal = ValidationError("Not as a whole.")
    with mock.patch.object(publishing, "finish_save", side_effect=refusal):
        answer = writer.post(url(statement), typed)
    page = answer.content.decode()
    assert "Not as a whole." in page
    assert "Typed words" in page
    assert at_row(answer, "attachments") == {
        "file": ["Nothing was saved yet: please choose “annex.pdf” again."]
    }
    assert (Quote.objects.count(), Attachment.objects.count()) == (0, 0)
    assert Statement.objects.get().title_en == "A statement"
    again = fields(answer) | {
        "attachments-0-file": SimpleUploadedFile("annex.pdf", pdf(), "application/pdf")
    }
    assert writer.post(url(statement), again).status_code == 302
    assert (Quote.objects.count(), Attachment.objects.count()) == (1, 1)


@pytest.mark.parametrize("size", [(4, 3), (1400, 2000)], ids=["in memory", "in a file"])
def test_refused_picture_is_asked_for_again_and_never_called_broken(client, staff, size):
    client.force_login(staff("Archivist"))
    address = reverse("admin:events_photo_add")
    typed = fields(client.get(address)) | {"alt_en": "Noise", "image": picture(size=size)}
    refusal = ValidationError("Not as a whole.")
    with mock.patch.object(publishing, "finish_save", side_effect=refusal):
        answer = client.post(address, typed)
    assert errors(answer)["image"] == ["Nothing was saved yet: please choose “field.png” again."]
    assert errors(answer)["__all__"] == ["Not as a whole."]
    assert client.post(address, fields(answer) | {"image": picture()}).status_code == 302
    assert Photo.objects.get().alt_en == "Noise"


# --- Who else is here -----------------------------------------------------------------------------


def test_others_who_have_the_form_open_are_named_until_they_leave(client, staff, event):
    one, two = staff("Writer", "one"), staff("Press officer", "two")
    client.force_login(one)
    assert client.get(url(event)).context["presence"] == ""
    client.force_login(two)
    opened = client.get(url(event))
    assert opened.context["presence"].startswith("one has this open too.")
    assert "one has this open too." in opened.content.decode()
    place = url(event, "presence")
    client.force_login(one)
    assert client.post(place).json() == {"sentence": presence.sentence(["two"])}
    client.force_login(two)
    typed = fields(client.get(url(event)))
    client.post(url(event), typed | {"_continue": "Save"})
    client.force_login(one)
    assert client.post(place).json() == {"sentence": presence.sentence(["two"])}
    client.force_login(two)
    assert client.post(url(event), fields(client.get(url(event)))).status_code == 302
    client.force_login(one)
    assert client.post(place).json() == {"sentence": ""}


def test_form_that_has_not_told_of_itself_for_90_seconds_is_closed(event, staff, monkeypatch):
    one, two = staff("Writer", "one"), staff("Writer", "two")
    now = time.time()
    monkeypatch.setattr(presence.time, "time", lambda: now)
    presence.arrive(one, event)
    monkeypatch.setattr(presence.time, "time", lambda: now + 89)
    assert presence.arrive(two, event) == presence.sentence(["one"])
    monkeypatch.setattr(presence.time, "time", lambda: now + 90)
    assert presence.arrive(two, event) == ""


def test_presence_tells_nothing_of_what_a_person_may_not_see(client, staff, other):
    hidden = factories.event("draft", "Secret", limited=True)
    name_on(hidden, other)
    presence.arrive(other, hidden)
    client.force_login(staff("Writer"))
    nothing = reverse("admin:events_event_presence", args=["11111111-2222-3333-4444-555555555555"])
    answers = [client.post(address) for address in (url(hidden, "presence"), nothing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert client.get(url(factories.event("draft"), "presence")).status_code == 405


def test_presence_writes_no_row_and_does_without_the_cache(
    writer, event, django_assert_max_num_queries
):
    with (
        mock.patch.object(cache, "get", side_effect=OSError),
        mock.patch.object(cache, "set", side_effect=OSError),
    ):
        assert writer.get(url(event)).status_code == 200
        assert writer.post(url(event, "presence")).json() == {"sentence": ""}
    with django_assert_max_num_queries(12) as asked:
        writer.post(url(event, "presence"))
    wrote = [each["sql"] for each in asked if each["sql"].split()[0] in ("INSERT", "UPDATE")]
    assert wrote == []


def test_presence_is_shown_to_whoever_edits_and_not_to_whoever_reads(client, staff, event):
    presence.arrive(staff("Writer", "one"), event)
    client.force_login(staff("Archivist"))
    page = client.get(url(event))
    assert page.status_code == 200
    assert "presence" not in page.context
    assert 'id="presence"' not in page.content.decode()


# --- Two at once ----------------------------------------------------------------------------------


@pytest.mark.subprocess
@pytest.mark.parametrize("race", form_races.RACES, ids=lambda race: race.__name__)
def test_race_in_a_file_of_its_own_on_sqlite(race, tmp_path, database_file):
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite, and this is PostgreSQL")
    shutil.copy(database_file, tmp_path / "db.sqlite3")
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "VAR_DIR": str(tmp_path),
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-m", "tests.form_races", race.__name__],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("race", form_races.RACES, ids=lambda race: race.__name__)
def test_race_on_postgresql(race):
    race()


def test_topic_saved_through_the_form_is_found(client, staff):
    """The plainest path of all, as a check of the others: a row without parts."""
    client.force_login(staff("Archivist"))
    address = reverse("admin:events_topic_add")
    data = fields(client.get(address)) | {"slug": "a-topic", "name_en": "A topic"}
    assert client.post(address, data).status_code == 302
    assert Topic.objects.get().name_en == "A topic"
