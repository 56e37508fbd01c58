"""The founding record: verbatim, valid, in its place, and rebuilt to the same bytes."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import translation

from events import editions, markup
from events.models import RECORDED, Edition, Event, Outcome, Participant, Quote, Statement

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
    with pytest.raises(CommandError):
        call_command("build_fixtures", into=tmp_path)
    assert list(Path(tmp_path).iterdir()) == []


def test_check_editions_names_a_changed_edition_a_missing_one_and_a_cut_tail(record, capsys):
    call_command("check_editions")
    assert "every edition is in its place" in capsys.readouterr().out
    statement = Statement.objects.get()
    rows = list(editions.of(statement))

    def refusal() -> str:
        with pytest.raises(CommandError) as caught:
            call_command("check_editions")
        return str(caught.value)

    Edition.objects.filter(pk=rows[-1].pk).delete()
    assert refusal() == f"statement {statement.pk}: 3 editions were written, 2 are here"
    Edition.objects.bulk_create([rows[-1]])
    Edition.objects.filter(pk=rows[1].pk).delete()
    assert refusal() == f"statement {statement.pk}: edition 2 is missing"
    Edition.objects.bulk_create([rows[1]])
    Edition.objects.filter(pk=rows[1].pk).update(note="Slipped in")
    assert refusal() == f"statement {statement.pk}: edition 2 was changed after it was written"
    Edition.objects.filter(pk=rows[1].pk).update(note="")
    Statement.objects.filter(pk=statement.pk).update(title_en="Slipped in")
    assert refusal() == f"statement {statement.pk}: was changed without an edition"
