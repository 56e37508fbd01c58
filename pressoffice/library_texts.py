"""What the libraries do not say well: `python -m pressoffice.library_texts`, for `make messages`.

Django and the editor speak some languages better than others. What they lack in ours is collected
from the catalogues that they ship into pressoffice/locale_libraries/, and is translated there like
the texts of the house, which win where both have one. A text that a library has learned to say
since is dropped again. In Kazakh Django's own texts are few and often wrong: all are ours.
"""

import re
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent / "locale_libraries"
DOMAINS = ("django", "djangojs")
# By package: a language of it whose catalogue names all of its texts.
LIBRARIES = {
    "django.conf": "en",
    "django.contrib.admin": "en",
    "django.contrib.auth": "en",
    "django.contrib.contenttypes": "en",
    "django.contrib.sessions": "en",
    "django_filters": "ru",
    "django_prose_editor": "de",
}
LANGUAGES = ("kk", "ru")
OURS_WHOLLY = frozenset({"kk"})
# No page of ours shows these: names of a hundred languages, and views that we do not use.
_NOWHERE = ("conf/global_settings.py", "views/debug.py", "views/generic/", "views/static.py",
            "views/templates/")  # fmt: skip


def collect() -> list[Path]:
    """Bring the catalogues up to date with the libraries; return those that have changed."""
    changed = []
    for language in LANGUAGES:
        for domain in DOMAINS:
            path = catalogue_path(language, domain)
            before = path.read_bytes() if path.exists() else b""
            text = BytesIO()
            write_po(text, _collected(language, domain), width=0, no_location=True)
            path.parent.mkdir(parents=True, exist_ok=True)
            # Which Babel wrote it is nobody's business.
            path.write_bytes(re.sub(rb'"Generated-By: .*\n', b"", text.getvalue()))
            if path.read_bytes() != before:
                changed.append(path)
    return changed


def catalogue_path(language: str, domain: str) -> Path:
    """Where the texts of a language are kept."""
    return ROOT / language / "LC_MESSAGES" / f"{domain}.po"


def _collected(language: str, domain: str) -> Catalog:
    """The catalogue anew, with what has been translated in it."""
    path = catalogue_path(language, domain)
    ours = _read(path, language) if path.exists() else Catalog(locale=language)
    found = Catalog(
        locale=language, project="Press office", version="0.1", copyright_holder="",
        msgid_bugs_address="-", charset="utf-8", header_comment=_HEAD,
        creation_date=ours.creation_date, revision_date=ours.revision_date,
        last_translator="The press office contributors", language_team=language, fuzzy=False,
    )  # fmt: skip
    for package, reference in LIBRARIES.items():
        own = _shipped(package, language, domain)
        for message in _shipped(package, reference, domain):
            if not message.id or _is_nowhere(message):
                continue
            if language not in OURS_WHOLLY and _translation(own, message):
                continue
            found.add(
                message.id, _translation(ours, message) or "", auto_comments=[package],
                flags=message.flags & {"python-format"}, context=message.context,
            )  # fmt: skip
    return found


_HEAD = """\
# Texts of libraries, collected by pressoffice/library_texts.py and translated here."""


def _shipped(package: str, language: str, domain: str) -> Catalog:
    """The catalogue that a library brings along; an empty one where there is none."""
    spec = find_spec(package)
    where = spec.origin if spec else None
    if where is None:
        raise LookupError(f"{package} is not installed.")
    path = Path(where).parent / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
    return _read(path, language) if path.exists() else Catalog(locale=language)


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _is_nowhere(message: Message) -> bool:
    places = [str(place) for place, _line in message.locations]
    return bool(places) and all(place.startswith(_NOWHERE) for place in places)


def _translation(catalogue: Catalog, message: Message) -> str | tuple[str, ...]:
    """What a catalogue says for a text; "" where it says nothing, or part of it, or is in doubt."""
    key = message.id if isinstance(message.id, str) else message.id[0]
    found = catalogue.get(key, message.context)
    if found is None or found.fuzzy or isinstance(found.id, str) != isinstance(message.id, str):
        return ""
    said = found.string
    return said if said and (isinstance(said, str) or all(said)) else ""


if __name__ == "__main__":
    for changed in collect():
        print(f"Changed: {changed.relative_to(ROOT.parent.parent)}")  # noqa: T201
