"""The founding record: verbatim, valid, in its place, and rebuilt to the same bytes."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from events import editions, markup, publishing, visibility
from events.management.commands.build_fixtures import FOUNDED
from events.models import (
    RECORDED,
    Edition,
    Event,
    Outcome,
    Participant,
    Publication,
    Quote,
    Statement,
    Topic,
)  # fmt: skip
from events.roles import FOUNDING_IMPORT

FIXTURES = ("reference", "dushanbe-2007", "other-events")
FOLDER = settings.BASE_DIR / "fixtures"
SLUG = "csto-collective-security-council-session-dushanbe-2007"

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(db):
    call_command("loaddata", *(str(FOLDER / f"{name}.json") for name in FIXTURES), verbosity=0)


def test_release_is_verbatim_in_english_and_in_no_other_language(record):
    source = (FOLDER / "sources" / "dushanbe-2007.en.txt").read_text(encoding="utf-8")
    paragraphs = [each.strip("\n") for each in re.split(r"\n\n+", source) if each.strip()]
    statement = Statement.objects.get()
    assert markup.to_text(statement.body_en).split("\n\n") == paragraphs
    assert len(paragraphs) == 13
    assert (statement.body_ru, statement.body_kk) == ("", "")


def test_quote_is_the_exact_words_of_the_release(record):
    quote = Quote.objects.get()
    assert f"“{quote.text_en},” Kazakhstan’s President thinks." in markup.to_text(
        quote.statement.body_en
    )
    assert (quote.text_ru, quote.text_kk, quote.original_language) == ("", "", "")
    assert (quote.name_en, quote.office_en) == ("Nursultan Nazarbayev", "Kazakhstan’s President")


def test_outcomes_and_the_session_they_lead_to(record):
    kinds = list(Outcome.objects.order_by("order").values_list("outcome_kind", flat=True))
    assert kinds == ["document", "agreement", "body", "body", "chairmanship", "next_meeting"]
    following = Outcome.objects.get(outcome_kind="next_meeting").follow_up
    assert (following.written_date(), following.date_precision) == ("2008", "year")
    assert following.series == Event.objects.get(slug=SLUG).series


def test_member_states_are_named_as_in_the_text_and_shown_as_countries(record):
    rows = Participant.objects.filter(event__slug=SLUG, country__isnull=False).order_by("order")
    assert [(row.country.iso2, row.as_named) for row in rows] == [
        ("AM", "Armenia"), ("BY", "Byelorussia"), ("KZ", "Kazakhstan"), ("KG", "Kyrgyzstan"),
        ("RU", "Russia"), ("TJ", "Tajikistan"), ("UZ", "Uzbekistan"),
    ]  # fmt: skip
    with translation.override("en"):
        assert rows[1].country.name == "Belarus"


def test_every_row_is_valid_and_every_chain_sound(record):
    for model in apps.get_app_config("events").get_models():
        for row in model._default_manager.all():
            row.full_clean()
    problems = [
        problem
        for model in RECORDED for row in model._default_manager.all()
        for problem in editions.check_chain(row)
    ]  # fmt: skip
    assert problems == []
    assert Edition.objects.exclude(by=None).count() == get_user_model().objects.count() == 0


def test_text_digests_are_those_of_the_texts_that_were_loaded(record):
    for model in (Event, Statement):
        for row in model.objects.all():
            assert editions.of(row).last().text_digests == editions.text_digests(row)
            assert set(editions.text_digests(row)) == {"en", "ru", "kk"}


def test_everything_is_public_after_the_founding_and_nothing_at_it(record):
    with visibility.at(FOUNDED):
        assert Publication.objects.public().count() == 0
    with visibility.at(FOUNDED + timedelta(days=1)):
        assert Publication.objects.public().count() == Publication.objects.count() == 16
        assert Outcome.objects.public().count() == 6
    assert ("dushanbe" in SLUG, "2007" in SLUG) == (True, True)


def test_latest_of_the_other_events_was_released_last(record):
    others = Event.objects.filter(released_before=False)
    assert others.count() == 13
    released = list(others.order_by("release_at").values_list("date", flat=True))
    assert released == sorted(released)
    assert set(others.values_list("first_released_on", flat=True)) == {None}


def test_founding_release_keeps_its_own_day_and_names_whom_to_ask(record):
    archive = Publication.objects.filter(released_before=True)
    assert [str(each.first_released_on) for each in archive] == ["2007-10-06"] * 3
    for item in (Event.objects.get(slug=SLUG), Statement.objects.get()):
        assert [each.general for each in item.media_contacts.all()] == [True]
        assert (item.standing_en, item.standing_ru, item.standing_kk) == (
            "authentic", "courtesy", "courtesy",
        )  # fmt: skip


def test_statement_names_the_states_and_organisations_of_the_release(record):
    statement = Statement.objects.get()
    countries = sorted(statement.countries.values_list("iso2", flat=True))
    assert countries == ["AM", "BY", "KG", "KZ", "RU", "TJ", "UZ"]
    organisations = sorted(statement.organisations.values_list("slug", flat=True))
    assert organisations == ["csto", "osce", "sco", "united-nations"]
    assert {
        "peacekeeping", "illegal-migration", "emergency-situations", "air-defence",
        "energy-security", "ecology",
    } <= set(statement.topics.values_list("slug", flat=True))  # fmt: skip


def test_office_goes_on_where_the_fixtures_end(record):
    # The fixtures fix the keys of editions; the next one written must not meet any of them.
    topic, loaded = Topic(slug="a-new-topic", name_en="A new topic"), Edition.objects.count()
    with publishing.saving(topic, FOUNDING_IMPORT):
        topic.save()
    assert editions.of(topic).get().pk > loaded
    assert editions.check_chain(topic) == []


def test_titles_summaries_and_outcomes_stand_in_three_languages(record):
    for model, names in ((Event, ("title", "summary")), (Statement, ("title", "summary")),
                         (Outcome, ("text",))):  # fmt: skip
        for row in model.objects.all():
            texts = [
                getattr(row, f"{name}_{code}") for name in names for code in ("en", "ru", "kk")
            ]
            assert all(texts)
            assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_founding_page_shows_the_release_in_every_language(record, client, language):
    text = client.get(f"/{language}/events/{SLUG}/").content.decode()
    assert "A significant progress has been made over the last year." in text
    assert ("“Kazakhstan is satisfied" in text, "Byelorussia" in text) == (True, True)
    assert ('<div lang="en">' in text) is (language != "en")


def test_fixtures_are_rebuilt_to_the_same_bytes(tmp_path):
    call_command("build_fixtures", into=tmp_path, verbosity=0)
    for name in FIXTURES:
        assert (tmp_path / f"{name}.json").read_bytes() == (FOLDER / f"{name}.json").read_bytes()
    assert Event.objects.count() == 0


def test_fixtures_are_not_built_over_a_record(record, tmp_path):
    with pytest.raises(CommandError, match="are built in an empty database"):
        call_command("build_fixtures", into=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_fixtures_are_not_built_beside_a_single_row_of_any_kind(tmp_path):
    topic = Topic.objects.create(slug="a-topic", name_en="A topic of this office alone")
    with pytest.raises(CommandError, match="this one holds topics"):
        call_command("build_fixtures", into=tmp_path)
    with publishing.saving(topic, FOUNDING_IMPORT):
        pass
    Topic.objects.all().delete()
    with pytest.raises(CommandError, match="this one holds editions"):
        call_command("build_fixtures", into=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "said", "instead", "refusal"),
    [
        ("other-events.toml", 'date = "2005-07-05"', 'date = "5 July"', ValueError),
        ("other-events.toml", 'event_kind = "visit"', 'event_kind = "picnic"', ValidationError),
        ("other-events.toml", 'organisations = ["osce"]', 'organisations = ["x"]', CommandError),
        ("dushanbe-2007.toml", 'follow_up = "csto', 'follow_up = "x', CommandError),
    ],
)
def test_sources_that_break_a_rule_are_refused_whole(
    tmp_path, monkeypatch, name, said, instead, refusal
):
    read = Path.read_text

    def spoilt(path, *args, **kwargs):
        text = read(path, *args, **kwargs)
        assert path.name != name or said in text
        return text.replace(said, instead) if path.name == name else text

    monkeypatch.setattr(Path, "read_text", spoilt)
    with pytest.raises(refusal):
        call_command("build_fixtures", into=tmp_path)
    assert (list(tmp_path.iterdir()), Edition.objects.count()) == ([], 0)
