"""The catalogues: whole, sure, one with the code, in the typography of their language."""

import os
import re
import shutil
import string
import subprocess
import sys

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import formats, translation

from pressoffice import library_texts

FILES = [
    (language, name, domain)
    for language in ("kk", "ru")
    for name, domain in (("locale", "django"), ("locale_libraries", "django"),
                         ("locale_libraries", "djangojs"))
]  # fmt: skip
PLURALS = {"ru": 3, "kk": 2}


def path(language, name, domain):
    return settings.BASE_DIR / "pressoffice" / name / language / "LC_MESSAGES" / f"{domain}.po"


def messages(language, name, domain):
    with path(language, name, domain).open("rb") as file:
        return [each for each in read_po(file, locale=language) if each.id]


def texts(message):
    return (message.id, message.string) if isinstance(message.id, tuple) else (
        (message.id,), (message.string,))  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=str)
def test_nothing_is_missing_or_in_doubt_and_every_number_has_its_form(file):
    assert path(*file).read_text("utf-8").count("#~") == 0
    for message in messages(*file):
        said = texts(message)[1]
        assert all(said), message.id
        assert not message.fuzzy, message.id
        assert len(said) == (PLURALS[file[0]] if isinstance(message.id, tuple) else 1), message.id


def placeholders(text):
    percent = re.findall(r"%(?:\(\w+\))?[-#0 +]*[\d.*]*[a-z]", text.replace("%%", ""))
    try:
        braces = [name for _t, name, _s, _c in string.Formatter().parse(text) if name is not None]
    except ValueError:
        braces = []
    return sorted(percent), sorted(braces)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_placeholders_are_those_of_the_english_text(file):
    for message in messages(*file):
        english, said = texts(message)
        # A form for one may count without a figure; whatever is named is named in the other.
        wanted = [placeholders(each) for each in english]
        for each in said:
            assert placeholders(each) in wanted, (message.id, each)


# Of Django's own, English quotation marks stand around code.
_CODE = re.compile(r"<[^>]*>|%\(\w+\)r|DEBUG=True")


@pytest.mark.parametrize("file", FILES, ids=str)
def test_typography_is_that_of_the_language(file):
    for message in messages(*file):
        for said in texts(message)[1]:
            plain = _CODE.sub("", said)
            assert not re.search(r"[“”„\"]", plain), said
            assert plain.count("«") == plain.count("»"), said
            assert not re.search(r" [–—](?=\s|$)|№(?!\u00a0)|\.\.\.|\s,", plain.strip(" ,")), said


@pytest.mark.parametrize("file", FILES, ids=str)
def test_words_begin_and_end_as_the_english_text_does(file):
    for message in messages(*file):
        english, said = texts(message)
        for each in said:
            assert (each[0].isspace(), each[-1].isspace()) == (
                english[0][0].isspace(), english[0][-1].isspace()), message.id  # fmt: skip


@pytest.mark.skipif(
    shutil.which("xgettext") is None and not os.environ.get("CI"), reason="no gettext"
)
def test_every_text_of_the_code_is_collected(tmp_path):
    """What `make messages` would do changes no catalogue."""
    rule = re.search(r"^messages:.*?\n((?:\t.*\n)+)", (settings.BASE_DIR / "Makefile").read_text(),
                     re.MULTILINE)[1]  # fmt: skip
    options = re.search(r"makemessages ((?:.*\\\n)*.*)\n", rule)[1].replace("\\\n", " ")
    shutil.copytree(
        settings.BASE_DIR, tmp_path / "copy",
        ignore=shutil.ignore_patterns(".*", "var", "node_modules", "fixtures", "tests", "*.woff2",
                                      "__pycache__", "*.mo"),
    )  # fmt: skip
    command = [
        sys.executable, "manage.py", "makemessages",
        *(each.strip("'") for each in options.split() if each != "'$(VENV)'"), "-v", "0",
    ]  # fmt: skip
    environment = os.environ | {"DATABASE_URL": "sqlite://:memory:", "VAR_DIR": str(tmp_path)}
    command = [each for each in command if each]
    # The environment is not in the copy: there is nothing to leave out.
    command = [each for number, each in enumerate(command)
               if not (each == "--ignore" and command[number + 1].startswith("-"))]  # fmt: skip
    made = subprocess.run(command, cwd=tmp_path / "copy", env=environment, capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert made.returncode == 0, made.stderr
    for language in ("kk", "ru"):
        own = path(language, "locale", "django")
        copied = tmp_path / "copy" / own.relative_to(settings.BASE_DIR)
        assert copied.read_text("utf-8") == own.read_text("utf-8"), "run make messages"


def test_every_text_that_libraries_lack_is_collected(tmp_path, monkeypatch):
    shutil.copytree(library_texts.ROOT, tmp_path / "own")
    monkeypatch.setattr(library_texts, "ROOT", tmp_path / "own")
    assert library_texts.collect() == []


def test_library_text_that_went_is_dropped_and_a_new_one_waits(tmp_path, monkeypatch):
    monkeypatch.setattr(library_texts, "ROOT", tmp_path)
    monkeypatch.setattr(library_texts, "LIBRARIES", {"django.contrib.sessions": "en"})
    written = library_texts.collect()
    assert tmp_path / "kk/LC_MESSAGES/django.po" in written
    target = library_texts.catalogue_path("kk", "django")
    before = target.read_text("utf-8")
    assert 'msgid "session"\nmsgstr ""' in before
    target.write_text(before.replace('msgid "session"\nmsgstr ""', 'msgid "gone"\nmsgstr "x"\n\n'
                                     'msgid "session"\nmsgstr "сеанс"'), "utf-8")  # fmt: skip
    library_texts.collect()
    after = target.read_text("utf-8")
    assert ('msgid "gone"' in after, 'msgstr "сеанс"' in after) == (False, True)


def test_admin_is_in_kazakh_where_django_is_not():
    with translation.override("kk"):
        assert translation.gettext("Save and continue editing") == (
            "Сақтау және өзгертуді жалғастыру"
        )
        assert translation.gettext("This password is too common.") == (
            "Бұл құпиясөз тым кең таралған."
        )
        assert translation.ngettext("%(num)d day", "%(num)d days", 5) == "%(num)d күн"


def test_dates_and_numbers_of_the_admin_are_written_as_their_language_has_them():
    import datetime as dt

    day = dt.date(2007, 10, 6)
    moment = dt.datetime(2007, 10, 6, 9, 5)  # noqa: DTZ001
    said = {}
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            said[language] = (
                formats.date_format(day), formats.date_format(moment, "DATETIME_FORMAT"),
                formats.localize(1234567.5, use_l10n=True),
            )  # fmt: skip
    assert said["kk"][:2] == ("2007\u00a0ж. 6\u00a0қазан", "2007\u00a0ж. 6\u00a0қазан, 09:05")
    assert said["ru"][0] == "6 октября 2007 г."
    assert said["en"][0] == "6 October 2007"
    assert (said["kk"][2], said["ru"][2]) == ("1234567,5", "1234567,5")
