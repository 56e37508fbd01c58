"""The markup of every page: html-validate finds nothing, in any language and in any state.

html-validate is a program of Node; `make html-validate` installs what package-lock.json pins.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from events.languages import CODES
from events.public import home

from . import pages

FOLDER = Path(__file__).parent / "html_validate"
PROGRAM = FOLDER / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
# What a reader can never meet without a template.
PARTS_OF_OTHERS = frozenset({"public/reference.html"})

pytestmark = pytest.mark.django_db


def validated(folder: Path) -> str:
    """What html-validate says of the pages in a folder: "" where it finds nothing, else a line for
    each thing with the page, the rule and the place."""
    if shutil.which("node") is None or not PROGRAM.exists():
        if os.environ.get("CI"):
            pytest.fail("html-validate is not installed: .ci/run installs it with npm ci.")
        pytest.skip("html-validate is not installed: make html-validate installs it (needs npm)")
    # Into a file: what it writes to a pipe is cut off at its end.
    done = subprocess.run(
        ["node", str(PROGRAM), "--config", str(FOLDER / "htmlvalidate.config.cjs"),
         "--formatter", f"json={folder / 'said.json'}", str(folder / "*.html")],
        capture_output=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    names = json.loads((folder / "addresses.json").read_text(encoding="utf-8"))
    return "\n".join(dict.fromkeys(
        f"{names[Path(report['filePath']).name]}: {said['ruleId']}: {said['message']}"
        f" ({said['selector']})"
        for report in json.loads((folder / "said.json").read_bytes()) for said in report["messages"]
    ))  # fmt: skip


def written(folder: Path, found: list[pages.Page], client: Client) -> set[str]:
    """Ask for each page, put it into the folder, and return the templates that it took."""
    names, templates = {}, set()
    for number, page in enumerate(found):
        answer = client.get(page.address)
        if answer.status_code == 301:
            continue
        assert answer.status_code == page.status, page
        name = f"{number}.html"
        names[name] = page.address
        templates |= {each.name for each in answer.templates}
        (folder / name).write_bytes(answer.content)
    (folder / "addresses.json").write_text(json.dumps(names), encoding="utf-8")
    return templates


def test_every_page_is_valid_html_and_every_template_is_among_them(
    client, tmp_path, writer, officer, monkeypatch
):
    found = pages.filled(writer, officer)
    for route in pages.LONG & {page.route for page in found}:
        assert {page.language for page in found if page.route == route} == set(CODES), route
    templates = written(tmp_path, found, client)
    broken = Client(raise_request_exception=False)
    with monkeypatch.context() as patch:
        patch.setattr(home, "contacts", lambda: 1 / 0)
        answer = broken.get("/en/contacts/")
    assert answer.status_code == 500
    (tmp_path / "500.html").write_bytes(answer.content)
    names = json.loads((tmp_path / "addresses.json").read_text())
    (tmp_path / "addresses.json").write_text(json.dumps(names | {"500.html": "500"}))
    assert validated(tmp_path) == ""
    wanted = {f"public/{file.name}" for file in (pages.TEMPLATES / "public").iterdir()}
    wanted |= {f"parts/{file.name}" for file in (pages.TEMPLATES / "parts").iterdir()}
    wanted |= {"400.html", "404.html", "410.html", "base.html"}
    assert sorted(wanted - templates - pages.NOT_FOR_READERS) == []


def test_lists_of_an_empty_office_are_valid_html(client, tmp_path):
    written(tmp_path, pages.empty(), client)
    assert validated(tmp_path) == ""


def test_validator_finds_what_is_wrong(tmp_path):
    """A judge that says nothing may be asleep."""
    (tmp_path / "0.html").write_text("<!doctype html><html lang=en><p><div></div><img src=x>")
    (tmp_path / "addresses.json").write_text('{"0.html": "wrong"}')
    rules = {each.split(": ")[1] for each in validated(tmp_path).splitlines()}
    assert {"attr-quotes", "close-order", "wcag/h37"} <= rules


def test_lock_file_pins_by_checksum_and_names_no_host():
    text = (FOLDER / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert [name for name, row in packages.items() if name and "integrity" not in row] == []
    assert "://" not in text
    wanted = json.loads((FOLDER / "package.json").read_text())["devDependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
