"""The design system: one stylesheet made of its sources, its budget, its colours, its parts."""

import re
from pathlib import Path

import brotli
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from events.models import Event, OutcomeState
from pressoffice import stylesheet

from . import factories

CSS = Path(settings.BASE_DIR) / "static" / "css"
# Sheets of doors of their own: the staff's desk, and the banner of previews.
ASIDE = {"admin", "feed", "preview"}
KILOBYTE = 1000


def rules(text: str) -> list[str]:
    """The lines that say something, without comments."""
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return [line.strip() for line in bare.splitlines() if line.strip()]


def served() -> str:
    return Path(finders.find(stylesheet.NAME)).read_text(encoding="utf-8")


def test_stylesheet_is_made_of_every_source_in_its_order():
    sheets = {path.stem for path in CSS.glob("*.css")} - ASIDE
    assert set(stylesheet.SOURCES) == sheets
    lines = [line for path in stylesheet.sources() for line in rules(path.read_text("utf-8"))]
    wrapping = {'@charset "utf-8";', "@media print{", "}"}
    made = [line for line in rules(served()) if line not in wrapping]
    assert made == [line for line in lines if line not in wrapping]


def test_stylesheet_says_what_is_for_paper_on_paper_alone():
    before, _mark, printed = served().rpartition("@media print{\n")
    paper = rules((CSS / "print.css").read_text("utf-8"))
    assert rules(printed) == [*paper, "}"]
    assert "@page" not in before


def test_stylesheet_is_the_sources_as_they_are_when_it_is_asked_for(tmp_path, monkeypatch):
    for name in stylesheet.SOURCES:
        (tmp_path / f"{name}.css").write_text(f".{name}{{color:red}}\n", encoding="utf-8")
    monkeypatch.setattr(stylesheet, "FOLDER", tmp_path)
    with override_settings(VAR_DIR=tmp_path):
        first = served()
        (tmp_path / "base.css").write_text("/* Қ */\n.base{color:blue}\n", encoding="utf-8")
        assert served() == first.replace(".base{color:red}", ".base{color:blue}")


def test_collectstatic_collects_the_stylesheet_with_its_fonts_hashed(tmp_path):
    storages = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", "--no-input", verbosity=0)
    sheets = list((tmp_path / "css").glob("site.*.css"))
    named = set(re.findall(r"fonts/([^\"]+)\"", sheets[0].read_text(encoding="utf-8")))
    assert (len(sheets), len(named)) == (1, 4)
    assert named <= {path.name for path in (tmp_path / "fonts").iterdir()}
    assert all(re.search(r"\.[0-9a-f]{12}\.woff2$", name) for name in named)


def test_stylesheet_and_fonts_keep_their_budget():
    assert len(brotli.compress(served().encode())) <= 20 * KILOBYTE
    fonts = list((Path(settings.BASE_DIR) / "static" / "fonts").glob("*.woff2"))
    assert len(fonts) == 4
    assert sum(path.stat().st_size for path in fonts) <= 120 * KILOBYTE


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "nothing/", "events/", "?x=1"])
def test_page_asks_for_one_stylesheet_and_for_nothing_of_others(client, path):
    page = BeautifulSoup(client.get(f"/en/{path}").content, "html.parser")
    sheets = [link["href"] for link in page.select("link[rel=stylesheet]")]
    assert sheets == ["/static/css/site.css"]
    fetched = [each.get("src") or each.get("href") for each in page.select("[src],link[rel=icon]")]
    assert [address for address in fetched if not address.startswith("/static/")] == []


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb (WCAG 2.2, definition)."""
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_colours_can_be_told_apart(colours):
    """WCAG 2.2, 1.4.3 (text 4.5:1) and 1.4.11 (edges of controls 3:1)."""
    day, _mark, night = (CSS / "tokens.css").read_text("utf-8").partition("prefers-color-scheme")
    found = re.findall(r"--(\w+):(#[0-9a-f]+)", day if colours == "light" else night)
    token = dict(found)
    for ground in ("paper", "sheet", "wash"):
        for text in ("ink", "soft", "accent", "good"):
            assert contrast(token[text], token[ground]) >= 4.5, (text, ground)
        assert contrast(token["edge"], token[ground]) >= 3, ground


@pytest.mark.django_db
def test_page_of_parts_is_for_staff_alone(client, as_user, staff, django_user_model):
    assert client.get("/admin/parts/").status_code == 302
    outsider = django_user_model.objects.create_user("outsider", password="x" * 12)
    assert as_user(outsider).get("/admin/parts/").status_code == 302
    assert as_user(staff("Reader under embargo")).get("/admin/parts/").status_code == 200
    assert 'href="/admin/parts/"' in client.get("/admin/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_page_of_parts_shows_all_states_and_reads_no_record(as_user, writer, language):
    factories.whole("published", "Recorded", "KZ")
    client = as_user(writer)
    client.cookies["language-admin"] = language
    client.get("/admin/parts/")
    with CaptureQueriesContext(connection) as counted:
        answer = client.get("/admin/parts/")
    # Who asks, and whether they still may, is no record.
    asked = [query["sql"] for query in counted.captured_queries
             if "events_" in query["sql"] and 'FROM "auth_user"' not in query["sql"]]  # fmt: skip
    page = BeautifulSoup(answer.content, "html.parser")
    assert (asked, "Recorded" in answer.content.decode()) == ([], False)
    states = {tuple(each["class"])[-1] for each in page.select(".outcome")}
    assert states == {f"state-{state}" for state in OutcomeState.values}
    assert len(page.select(".outcome .state strong")) == 1  # overdue
    assert len(page.select(".row")) == len(answer.context["rows"])
    assert len(page.select(".row .off")) == 2
    foreign = {each["lang"] for each in page.select(".row [lang], blockquote[lang]")}
    assert (len(foreign), language in foreign) == (1, False)
    kinds = {" ".join(each["class"]) for each in page.select("main .notice")}
    assert kinds == {
        "notice", "notice withdrawn", "notice changed", "notice plan redated",
        "notice plan postponed", "notice plan cancelled", "notice plan moved",
    }  # fmt: skip
    photo = page.select_one("figure.photo img")
    assert (photo["width"], photo["height"], bool(photo["alt"])) == ("1200", "800", True)
    assert not Event.objects.filter(slug="plain-test").exists()
