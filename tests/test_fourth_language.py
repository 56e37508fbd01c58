"""A fourth language is one setting and one migration: Kazakh in Latin letters, in a copy of the
tree and a database of its own, which was full before it knew of the language."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = [pytest.mark.subprocess, pytest.mark.long]
PARTS = ("events", "pressoffice", "templates", "static", "fixtures")
SETTING = {"FURTHER_LANGUAGES": "kk-latn:Qazaqşa"}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs Python in a copy of the tree, with SQLite of its own."""
    here = tmp_path_factory.mktemp("tree")
    for part in PARTS:
        shutil.copytree(settings.BASE_DIR / part, here / part,
                        ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
    shutil.copy(settings.BASE_DIR / "manage.py", here)
    shutil.copy(settings.BASE_DIR / "tests" / "fourth.py", here)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    environ = kept | {"VAR_DIR": str(here / "var"), "PYTHONPATH": str(here), "LOG_LEVEL": "ERROR",
                      "DJANGO_SETTINGS_MODULE": "pressoffice.settings"}  # fmt: skip

    def call(*words: str, **more: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-W", "ignore", *words], cwd=here, env=environ | more,
            capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr[-3000:]
        return ran.stdout

    return call


@pytest.fixture(scope="module")
def answers(run):
    """A full office that learns a fourth language, and what it then answers."""
    for command in (["migrate", "-v0"], ["createcachetable"], ["load_demo"]):
        run("manage.py", *command)
    run("manage.py", "makemigrations", "events", "-n", "qazaqsha", "-v0", **SETTING)
    run("manage.py", "migrate", "-v0", **SETTING)
    found = {"missing": run("manage.py", "makemigrations", "--check", "--dry-run", **SETTING)}
    # Editions written before the language are in their place before anything is derived anew.
    found["editions"] = run("manage.py", "check_editions", **SETTING)
    run("manage.py", "reindex", "--missing", **SETTING)
    return found | json.loads(run("fourth.py", **SETTING))


def test_setting_and_one_migration_are_all(answers):
    assert answers["missing"] == "No changes detected\n"


def test_editions_that_were_written_before_it_are_still_right(answers):
    assert answers["editions"].endswith("every edition is in its place.\n")
    assert answers["unsound"] == []


def test_every_public_page_feed_and_calendar_answers_in_it(answers):
    pages = answers["pages"]
    assert {(each["status"], each["language"]) for each in pages.values()} == {(200, "kk-latn")}
    html = {name for name in pages if not name.endswith((".atom", ".ics", ".json"))}
    assert {name for name, each in pages.items() if each["marked"]} == html
    assert {name for name, each in pages.items() if each["found"]} == {
        "", "events/", "events/feed.atom", "events/calendar.ics", "feeds/latest.json",
        "search/?q=keŋesi", "events/tortinshi-til/", "events/tortinshi-til/event.ics",
    }  # fmt: skip


def test_readers_are_led_to_it_and_staff_write_it(answers):
    assert {name: answers[name] for name in ("switch", "alternate", "fields", "admin")} == {
        "switch": True, "alternate": True, "fields": True, "admin": True,
    }  # fmt: skip


def test_dates_are_those_of_the_language_it_is_a_form_of(answers):
    assert answers["written"] is True


def test_lists_have_their_order_in_it(answers):
    assert answers["in_order"] is True


@pytest.mark.parametrize("wrong", ["kk-latn", "KK:Qazaqşa", "kk:Qazaqşa", "x:X", "kk-latn-kz:Q"])
def test_setting_that_names_no_further_language_is_refused_in_words(wrong):
    code = "import pressoffice.settings"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True,
        env=os.environ | {"FURTHER_LANGUAGES": wrong}, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "ImproperlyConfigured: FURTHER_LANGUAGES names" in ran.stderr
