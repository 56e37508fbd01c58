"""Which language version there is since when, and which is behind: read from the editions."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from events import editions, indexing, publishing, versions, visibility
from events.admin.editions import act_in_words
from events.languages import CODES
from events.models import Edition, LanguageVersion, Outcome, Publication, Statement
from events.publishing import Refused
from events.versions import lag

from . import acts, factories
from .conftest import with_contact

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 6, 5, 0, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
NOTE = dict.fromkeys(CODES, "What changed.")


@pytest.fixture
def write(clock, writer):
    """Saves a draft an hour later: write(item, title_ru="…"), a new one without an item."""

    def save(item=None, by=None, **fields):
        clock(visibility.clock() + HOUR)
        item = item or Statement(
            slug=f"written-{Statement.objects.count()}", date=dt.date(2026, 10, 6),
            statement_kind="speech", released_before=False, title_en="First",
        )  # fmt: skip
        with publishing.saving(item, by or writer) as record:
            for name, value in fields.items():
                setattr(record, name, value)
            record.save()
        return with_contact(Statement.objects.get(pk=item.pk))

    return save


@pytest.fixture
def released(write, writer, officer):
    """A statement in three languages, authentic in English, that readers have."""
    item = write(
        body_en="<p>One.</p>",
        **{f"ready_{code}": True for code in CODES},
        **{f"title_{code}": f"Title {code}" for code in CODES},
        standing_en="authentic", standing_ru="courtesy", standing_kk="courtesy",
    )  # fmt: skip
    return acts.released(item, writer, officer)


@pytest.fixture
def change(clock, writer, officer):
    """Changes a released text an hour later."""

    def apply(item, kind="correction", note=NOTE, edit=None, **fields):
        clock(visibility.clock() + HOUR)
        return acts.changed(item, writer, officer, kind, note, edit, **fields)

    return apply


def behind(item):
    """The languages that are behind, with the one that each is behind and since when."""
    return {
        code: (row.behind, row.behind_since)
        for code, row in versions.of(item).items()
        if row.behind_since
    }


def rows(item):
    """Everything that is kept of an item's languages, without its keys."""
    found = LanguageVersion.objects.filter(publication=item.pk).values()
    return [{name: each[name] for name in each if name != "id"} for each in found]


# --- While it is written --------------------------------------------------------------------------


def test_translation_is_behind_once_its_source_has_changed_and_until_it_is_edited(write):
    item = write()
    item = write(item, title_ru="Первое")
    assert behind(item) == {}
    item = write(item, body_en="<p>More.</p>")
    since = visibility.clock()
    assert behind(item) == {"ru": ("en", since)}
    item = write(item, body_en="<p>Still more.</p>")
    assert behind(item) == {"ru": ("en", since)}
    item = write(item, body_ru="<p>Больше.</p>")
    assert behind(item) == {}
    assert versions.of(item)["ru"].written_at == visibility.clock()


def test_translating_does_not_make_the_source_look_old(write):
    item = write()
    for title in ("Первое", "Первый", "Первая"):
        item = write(item, title_ru=title)
    assert behind(item) == {}


def test_source_is_the_authentic_text_whichever_language_came_first(write):
    item = write(title_kk="Бірінші", standing_kk="authentic", standing_en="courtesy")
    item = write(item, summary_en="In English.")
    assert behind(item) == {}
    item = write(item, summary_kk="Қазақша.")
    assert set(behind(item)) == {"en"}


def test_language_that_came_first_is_the_source_while_none_is_authentic(write):
    item = write(title_en="", title_kk="Бірінші")
    item = write(item, title_en="First")
    item = write(item, summary_kk="Қазақша.")
    assert behind(item) == {"en": ("kk", visibility.clock())}


def test_facts_without_words_put_no_language_behind(write):
    item = write(title_ru="Первое")
    item = write(item, date=dt.date(2026, 10, 7), ready_en=True, standing_en="authentic")
    assert behind(item) == {}


def test_both_languages_edited_at_once_are_level(write):
    item = write(title_ru="Первое")
    item = write(item, title_en="Second", title_ru="Второе")
    assert behind(item) == {}


def test_language_that_is_emptied_has_no_version(write):
    item = write(title_ru="Первое")
    assert set(versions.of(item)) == {"en", "ru"}
    item = write(item, title_ru="")
    assert set(versions.of(item)) == {"en"}


def test_names_printed_at_approval_are_nobodys_edit(write, writer, officer):
    from events.models import Speaker

    item = write(title_ru="Первое", ready_en=True, standing_en="authentic")
    clock_now = visibility.clock()
    with publishing.saving(item, writer) as record:
        person = factories.person(name_ru="Некто", name_kk="Біреу")
        Speaker.objects.create(statement=record, person=person)
    item = acts.released(item, writer, officer)
    found = versions.of(item)
    assert item.speakers.get().name_ru == "Некто"
    assert (found["ru"].written_at, set(found)) == (clock_now, {"en", "ru"})
    assert behind(item) == {}


# --- After its release ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["correction", "update"])
@pytest.mark.parametrize("code", CODES)
def test_correction_in_one_language_flags_the_others(released, change, kind, code):
    item = change(released, kind, **{f"summary_{code}": "Mended."})
    since = visibility.clock()
    assert behind(item) == {other: (code, since) for other in CODES if other != code}


def test_correction_of_two_languages_flags_the_third_alone(released, change):
    item = change(released, summary_en="Mended.", summary_ru="Исправлено.")
    assert set(behind(item)) == {"kk"}
    item = change(item, summary_kk="Түзетілді.")
    assert set(behind(item)) == {"en", "ru"}


def test_slip_of_the_pen_flags_no_other_language(released, change):
    item = change(released, "typographical", {}, title_en="Titel en")
    assert behind(item) == {}
    indexing.rebuild(indexing.everything())
    assert behind(item) == {}


def test_progress_in_one_language_flags_the_others(write, clock, writer, officer, change):
    draft = factories.event("draft", **{f"venue_{code}": "V" for code in CODES})
    with publishing.saving(with_contact(draft), writer) as record:
        texts = {f"text_{code}": "Done soon." for code in CODES}
        Outcome.objects.create(event=record, outcome_kind="decision", **texts)
    item = acts.released(draft, writer, officer)

    def step(content):
        outcome = content["parts"]["outcomes"][0]
        fields = {"date": "2026-10-06", "date_precision": "day", "state": "in_progress",
                  "text_en": "Begun."}  # fmt: skip
        outcome["parts"]["progress"].append(
            {"uid": str(uuid.uuid4()), "fields": fields, "many": {}, "parts": {}}
        )

    item = change(item, "progress", edit=step)
    assert set(behind(item)) == {"ru", "kk"}


def test_new_language_is_level_and_puts_none_behind(write, writer, officer, change):
    item = write(ready_en=True, standing_en="authentic", body_en="<p>One.</p>")
    item = acts.released(item, writer, officer)
    out = versions.languages_since(item)
    assert out == {"en": item.release_at}
    new = {"title_ru": "Первое", "ready_ru": True, "standing_ru": "courtesy"}
    item = change(item, "translation", {}, **new)
    assert versions.languages_since(item) == {**out, "ru": visibility.clock()}
    assert behind(item) == {}


def test_languages_are_read_from_their_release_on_even_when_it_moves(write, writer, officer, clock):
    item = write(ready_en=True, standing_en="authentic", title_ru="Первое")
    assert versions.languages_since(item) == {"en": None, "ru": None}
    at = visibility.clock() + DAY
    item = acts.approved(item, writer, officer, at)
    assert versions.languages_since(item) == {"en": at, "ru": None}
    item = publishing.move_release(item, officer, at + DAY)
    assert versions.languages_since(item) == {"en": at + DAY, "ru": None}
    item = publishing.cancel_release(item, officer, "Not yet.")
    assert versions.languages_since(item) == {"en": None, "ru": None}


def test_withdrawal_does_not_undo_that_it_was_read(released, clock, officer):
    before = versions.languages_since(released)
    clock(visibility.clock() + DAY)
    item = publishing.withdraw(released, officer, NOTE)
    assert versions.languages_since(item) == before
    assert set(before.values()) == {released.release_at}


# --- Confirming -----------------------------------------------------------------------------------


def test_confirmed_language_is_no_longer_behind_and_no_public_word_changes(
    released, change, clock, writer, second
):
    item = change(released, summary_en="Mended.")
    number, text = item.edition_count, editions.snapshot(item)
    public = Edition.objects.exclude(public_number=None).count()
    clock(visibility.clock() + HOUR)
    item = publishing.confirm_language(item, "ru", second)
    assert set(behind(item)) == {"kk"}
    assert versions.of(item)["ru"].written_in == item.edition_count == number + 1
    last = editions.of(item).last()
    assert (last.by, last.public_number, last.snapshot["content"]) == (second, None, text)
    assert act_in_words(last.action) == "Russian confirmed as still right"
    assert Edition.objects.exclude(public_number=None).count() == public
    assert editions.check_chain(item) == []
    item = change(item, summary_en="Mended again.")
    assert set(behind(item)) == {"ru", "kk"}


def test_only_a_language_that_is_behind_is_confirmed(released, change, writer, officer, staff):
    item = change(released, summary_en="Mended.")
    for code in ("en", "de"):
        with pytest.raises(Refused, match="not behind"):
            publishing.confirm_language(item, code, writer)
    with pytest.raises(PermissionDenied):
        publishing.confirm_language(item, "ru", staff("Reader under embargo"))
    publishing.confirm_language(item, "ru", writer)
    with pytest.raises(Refused, match="not behind"):
        publishing.confirm_language(item, "ru", writer)


def test_confirming_leaves_proposals_and_four_eyes_as_they_are(released, change, writer, officer):
    item = change(released, summary_en="Mended.")
    content = editions.snapshot(item)
    content["fields"]["summary_ru"] = "Исправлено."
    proposed = publishing.propose(item, content, writer, "correction", NOTE)
    publishing.confirm_language(item, "kk", writer)
    item = publishing.apply_change(proposed, officer)
    assert behind(item) == {"en": ("ru", visibility.clock()), "kk": ("ru", visibility.clock())}
    draft = factories.statement("draft")
    with publishing.saving(draft, officer) as record:
        record.title_en = "By an officer"
        record.save()
    before = publishing.unconfirmed_authors(draft)
    assert versions.of(draft)["ru"].behind_since is None
    with publishing.saving(draft, officer) as record:
        record.title_en = "By an officer again"
        record.save()
    publishing.confirm_language(draft, "ru", writer)
    assert publishing.unconfirmed_authors(draft) == before == {officer.pk}


# --- Kept, and derived anew -----------------------------------------------------------------------


def test_derived_anew_it_is_what_the_verbs_kept(released, change, write, officer):
    change(released, summary_en="Mended.")
    item = change(released, summary_kk="Түзетілді.", ready_ru=False)
    publishing.confirm_language(item, "en", officer)
    draft = write(write(title_ru="Первое"), body_en="<p>More.</p>")
    kept = [rows(item), rows(draft)]
    assert [len(each) for each in kept] == [3, 2]
    assert set(behind(draft)) == {"ru"}
    LanguageVersion.objects.update(behind_since=None, since=None, written_in=0)
    indexing.rebuild(indexing.everything())
    assert [rows(item), rows(draft)] == kept


def test_older_database_is_looked_through_once(released):
    LanguageVersion.objects.all().delete()
    call_command("reindex", "--missing")
    assert set(versions.of(released)) == set(CODES)
    assert not indexing.unindexed().exists()


def test_verb_reads_no_more_than_the_editions_since_the_last_one(
    released, change, django_assert_num_queries
):
    for number in range(3):
        change(released, summary_en=f"Mended {number}.")
    item = Statement.objects.get(pk=released.pk)
    with django_assert_num_queries(2):
        versions.refresh(item)


# --- Lag ------------------------------------------------------------------------------------------


def test_lag_is_from_the_first_language_to_each(write, change, writer, officer):
    since = visibility.clock()
    new = {"title_ru": "Первое", "ready_ru": True, "standing_ru": "courtesy"}
    slow = None
    for hours in (1, 2, 6):
        item = write(ready_en=True, standing_en="authentic")
        item = acts.released(item, writer, officer)
        for _each in range(hours - 1):
            write()  # an hour goes by
        slow = change(item, "translation", {}, **new)
    acts.released(write(ready_en=True, standing_en="authentic"), writer, officer)
    found = lag.waited(
        Publication.objects.all(), since, visibility.clock() + DAY, visibility.clock()
    )
    assert set(found) == {("statement", "speech")}
    by_language = found["statement", "speech"]
    assert {code: (each.number, each.missing) for code, each in by_language.items()} == {
        "en": (4, 0), "ru": (3, 1), "kk": (0, 4),
    }  # fmt: skip
    ru, kk = by_language["ru"], by_language["kk"]
    assert (ru.median, ru.longest, ru.slowest) == (2 * HOUR, 6 * HOUR, slow.pk)
    assert (kk.median, kk.longest, kk.slowest) == (None, None, None)
    assert by_language["en"].longest == dt.timedelta(0)


def test_lag_counts_what_readers_have_in_the_period_alone(write, writer, officer, clock):
    first = visibility.clock()
    archive = write(ready_en=True, standing_en="authentic", released_before=True,
                    first_released_on=dt.date(2007, 10, 6))  # fmt: skip
    acts.released(archive, writer, officer)
    item = write(ready_en=True, standing_en="authentic")
    at = visibility.clock() + DAY
    acts.approved(item, writer, officer, at)
    everything = Publication.objects.all()
    assert lag.waited(everything, first, at + DAY, at - HOUR) == {}
    assert lag.waited(everything, first, at, at) == {}
    assert set(lag.waited(everything, at, at + HOUR, at)) == {("statement", "speech")}
