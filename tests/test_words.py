"""Each reader and each editor works wholly in their language: every page of the public and of the
staff, read in Kazakh and in Russian, has no English word left but names.

The office of tests/office.py and the founding record have no English of their own that is not
marked with its language, so that whatever Latin word is left on a page is a text of the interface.
A page of the staff without samples here fails, as does one that is not asked for.
"""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from bs4 import BeautifulSoup
from bs4.element import NavigableString
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import translation

from events import preview, roles
from events.languages import CODES
from events.publishing import MOVES
from events.visibility import stage

from . import office, pages

LANGUAGES = [code for code in CODES if code != "en"]
# Names of products, formats, standards and keys; units; and the words of the office's addresses.
NAMES = {
    # Of languages, each named in itself; and what the verbs of tests/acts.py answer.
    "English",
    "Checked",
} | set(
    """
    ABR ASCII Atom BibTeX CORS CSV Command Control Ctrl DOCX Enter Feed HTML HTTPS IANA ISO
    JPEG JPG JSON Mac PDF PNG RFC RSS SHA iCalendar null
    Shift Tab Telegram TIFF URL UTC UUID WebP WhatsApp XLSX ZIP urn uuid
    JavaScript PIN localhost
    Modified Not withheld Almaty Asia Dushanbe GMT HEIC GIF WebP SVG
    """.split()
)
# Beside scripts: keys, entries for BibTeX, and HTML to copy.
_NO_WORDS = ("script", "style", "code", "kbd", "template", "pre", "textarea")
# How a quote is cited, in its own language; and the configuration of the editor.
_NOT_SAID = ("data-said", "data-django-prose-editor")
_SAID_IN = ("title", "alt", "placeholder", "aria-label", "aria-description")
# Addresses, identifiers, file names, and what stands in braces for something else.
_ADDRESS = re.compile(
    r"\b\d{8}-[A-Z0-9]+\b|https?://\S+|/\S*/|\S+@\S+|\b[0-9a-f-]{36}\b|\b[\w/-]+\.\w{2,4}\b|\b[0-9a-f]{8,}\b|\w+/\w+"
    rf"|\b{office.SLUG}-[\w-]+|{{\w*}}|%\(\w+\)[sd]"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z’']{2,}")


def english(answer: Any, language: str) -> list[str]:
    """The English words of a page's text and of what it says in attributes, each with what stands
    around it; without what is marked as being in another language."""
    soup = BeautifulSoup(answer.content, "lxml")
    assert soup.html["lang"] == language, answer.request["PATH_INFO"]
    for foreign in soup.find_all(lang=lambda code: code and code != language):
        foreign.clear()
        foreign.attrs = {}
    for each in soup(_NO_WORDS):
        each.decompose()
    said = [str(text) for text in soup.find_all(string=True) if type(text) is NavigableString]
    for tag in soup.find_all(True):
        said += [tag[name] for name in _SAID_IN if tag.get(name)]
        # What a script is to say stands in the page.
        for name, value in tag.attrs.items():
            if name.startswith("data-") and not name.startswith(_NOT_SAID):
                said += _strings(value)
        if tag.name == "input" and tag.get("type") in ("submit", "button", "reset"):
            said.append(tag.get("value", ""))
    found = []
    for text in said:
        plain = _ADDRESS.sub(" ", text)
        left = [word for word in _WORD.findall(plain) if word not in NAMES]
        if left:
            found.append(f"{' '.join(left)[:80]}  ←  {' '.join(text.split())[:120]}")
    return list(dict.fromkeys(found))


def _strings(value: Any) -> list[str]:
    """The sentences in an attribute: itself, or those that its JSON holds."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [each for part in inner for each in _strings(part)]
    if not isinstance(value, str) or " " not in value:
        return []
    if value[0] not in "{[":
        return [value]
    try:
        return _strings(json.loads(value))
    except ValueError:
        return [value]


# Routes of the accounts, whose names are allauth's own; and how those of the staff begin.
_ACCOUNTS = (
    "account_login", "account_reauthenticate", "usersessions_list", "mfa_authenticate",
    "mfa_login_webauthn", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_add_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
)  # fmt: skip
_DOORS = ("admin:", "preview:", "rehearsal:", "account", "mfa_", "usersessions_")


def staff_routes() -> set[str]:
    """Every named route of the staff's doors, from the URLconf itself."""

    def walk(patterns: Any, namespace: str = "") -> Any:
        for entry in patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, entry.namespace or namespace)
            elif entry.name:
                yield f"{namespace}:{entry.name}" if namespace else entry.name

    routes = set(walk(get_resolver().url_patterns))
    return {route for route in routes if route.startswith(_DOORS)}


# Answers without a page of their own: redirects, files, fragments, what takes only POST.
PAGELESS = re.compile(
    r"admin:(autocomplete|jsi18n|view_on_site|language|logout|notifications_read)|preview:(item|change)"
    r"|.*_(file|presence|confirm_language|times|lift|export|revoke_preview_link|join|picture"
    r"|as_it_stood)"
)


class Samples:
    """Addresses of the staff's pages for the rows of the office, by route."""

    def __init__(self, rows: dict[str, Any], user: Any) -> None:
        self.rows = rows
        self.keys: dict[str, list[Any]] = {}
        for model in admin.site._registry:
            name = model._meta.model_name
            self.keys[name] = [
                row.pk for row in rows.values() if type(row)._meta.model_name == name
            ]
        self.keys["user"] = [user.pk]
        self.keys["publication"] = []

    def of(self, route: str) -> list[str]:
        """The addresses of a route; a KeyError for one that nothing is known of."""
        own = route.removeprefix("admin:")
        plain = {
            "search": ["", {"q": office.WORD}, {"q": "ззз"}], "notifications": ["", {"unread": 1}],
            "parts": [""], "languages": [""],
            "index": [""], "login": [], "password_change": [""],
            "password_change_done": [""], "freeze": [""], "accounts": [""],
            **{name: [""] for name in _ACCOUNTS},
            # Looked at below: it takes a passkey.
            "mfa_remove_webauthn": [],
        }  # fmt: skip
        if own in plain:
            return [self._at(route, query=query) for query in plain[own]]
        if own == "app_list":
            return [reverse(route, args=[app]) for app in ("events", "auth")]
        if route == "preview:door":
            return [reverse(route)]
        if route == "rehearsal:choose":
            return [reverse(route), f"{reverse(route)}?at=2001-01-01T00:00"]
        if route == "rehearsal:moment":
            return [reverse(route, args=[preview.stamp(self.rows["later"].release_at)])]
        _app, model, page = own.split("_", 2)
        return list(self._of_model(route, model, page))

    def _at(self, route: str, *args: Any, query: Any = "") -> str:
        return reverse(route, args=args) + (f"?{urlencode(query)}" if query else "")

    def _of_model(self, route: str, model: str, page: str) -> Any:
        rows = self.rows
        lived = {"event": rows["lived"], "photo": rows["photo_kept"], "topic": rows["topic_kept"]}
        item = lived.get(model)
        if page == "changelist":
            yield from (self._at(route), self._at(route, query={"q": office.WORD}))
        elif page in ("add", "upload"):
            yield self._at(route)
        elif page in ("change", "history", "delete"):
            # The form differs from stage to stage, what leads on from it does not.
            keys = self.keys[model] if page == "change" else self.keys[model][-2:]
            yield from (self._at(route, key) for key in keys)
        elif page == "move" and model != "bundle":
            own = [row for row in rows.values() if type(row)._meta.model_name == model]
            verbs = {verb: row for row in own for verb in _moves(row)}
            yield from (self._at(route, row.pk, verb) for verb, row in verbs.items())
        elif page in ("propose", "limit", "preview_links", "progress"):
            keys = [item.pk] if item else self.keys[model]
            yield from (self._at(route, key) for key in keys)
        elif page == "translate":
            own = rows["lived"] if model == "event" else rows["back"]
            yield from (self._at(route, own.pk, code) for code in CODES)
        elif page == "door":
            acts = ("lock", "unlock", "sessions", "factors")
            yield from (self._at(route, self.keys["user"][0], act) for act in acts)
        elif page == "plan":
            yield from (self._at(route, rows["lived"].pk, what)
                        for what in ("postpone", "cancel", "redate"))  # fmt: skip
        elif model == "bundle":
            more = {"leave": [rows["member"].pk], "move": ["approve"]}[page]
            yield self._at(route, rows["bundle"].pk, *more)
        elif page in ("mend", "review"):
            if model == "event":
                yield from (self._at(route, item.pk, rows[name].pk) for name in ("change", "other"))
        elif page in ("edition", "restore", "propose_edition"):
            if item:
                yield self._at(route, item.pk, 1)
        elif page == "compare":
            if item:
                yield self._at(
                    route, item.pk, query={"from": 1, "to": 3 if model == "event" else 1}
                )
        else:
            raise KeyError(route)


def _moves(row: Any) -> list[str]:
    return [move.name for move in MOVES.values() if stage(row) in move.origins]


@pytest.fixture
def filled(db: None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The office's rows, and its staff by role."""
    roles.setup_roles()
    people = {}
    for number, role in enumerate(roles.ROLES):
        user = User.objects.create_user(
            f"қызметкер{number}", f"{number}@example.org", "құпия-сөз-сынақ",
            first_name="Әсел", last_name=f"Ө{number}", is_staff=True,
        )  # fmt: skip
        user.groups.add(Group.objects.get(name=role))
        people[role] = user
    with translation.override("kk"):
        rows = office.filled(people["Writer"], people["Press officer"], people["Head of press"])
    return rows, people


def _reader(user: Any, language: str) -> Client:
    """A browser that asks for a language, signed in as somebody."""
    client = Client(headers={"Accept-Language": language})
    if user is not None:
        client.force_login(user)
    return client


def _judged(client: Any, language: str, addresses: Any) -> dict[str, str]:
    """What is left of English, each with the first address that it stands on."""
    found: dict[str, str] = {}
    for address in addresses:
        answer = client.get(address)
        if answer.status_code in (301, 302) or not answer["Content-Type"].startswith("text/html"):
            continue
        assert answer.status_code in (200, 403, 404, 409, 410), (address, answer.status_code)
        for left in english(answer, language):
            found.setdefault(left, address)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_an_english_word_left(filled, language):
    rows, people = filled
    head = _reader(people["Head of press"], language)
    of_staff = _of_staff(rows, people)
    of_readers = _of_readers(rows, language)
    assert (len(of_staff) > 100, len(of_readers) > 30) == (True, True)
    found = _judged(head, language, of_staff)
    found |= _judged(_reader(None, language), language, of_readers)
    for user in people.values():
        found |= _judged(_reader(user, language), language, _of_each_role(rows))
    for answer in _refusals(_reader(None, language), head, rows):
        if answer.status_code != 302:
            found |= dict.fromkeys(english(answer, language), answer.request["PATH_INFO"])
    assert found == {}


def _of_staff(rows: dict[str, Any], people: dict[str, Any]) -> list[str]:
    samples = Samples(rows, people["Writer"])
    routes = sorted(route for route in staff_routes() if not PAGELESS.fullmatch(route))
    return [address for route in routes for address in samples.of(route)]


def _of_each_role(rows: dict[str, Any]) -> list[str]:
    return [
        "/admin/", "/admin/notifications/",
        *(reverse("admin:events_statement_change", args=[rows[name].pk])
          for name in ("waiting", "back", "later")),
        reverse("admin:events_event_review", args=[rows["lived"].pk, rows["change"].pk]),
    ]  # fmt: skip


def _refusals(out: Client, head: Client, rows: dict[str, Any]) -> list[Any]:
    """Forms that were filled in badly, and addresses where nothing is."""

    def at(name: str, row: Any, *more: str) -> str:
        return reverse(f"admin:events_{row._meta.model_name}_{name}", args=[row.pk, *more])

    passwords = {"old_password": "ә", "new_password1": "1", "new_password2": "2"}
    return [
        out.get("/accounts/login/"), out.post("/accounts/login/", {"login": "ә", "password": "ә"}),
        head.post("/accounts/reauthenticate/", {"password": "ә"}),
        head.post("/accounts/factors/codes/", {"code": "ә"}),
        head.post("/accounts/factors/passkey/", {"credential": "ә"}),
        head.post("/accounts/factors/paper/new/"), head.post("/admin/freeze/", {"do": "freeze"}),
        out.get("/preview/"), out.post("/preview/", {"code": "zz"}),
        head.post("/admin/password_change/", passwords),
        _sent(head, reverse("admin:auth_user_add"), username="!"),
        _sent(head, at("change", rows["draft"]), slug="-", date="ә"),
        *(_sent(head, reverse(f"admin:events_{name}_add"))
          for name in ("event", "statement", "person", "country", "mediacontact", "photo")),
        head.post("/admin/events/photo/upload/", {}),
        head.post(at("move", rows["waiting"], "approve"), {"release_at": "2001-01-01T00:00"}),
        head.post(at("move", rows["waiting"], "release_now"), {"password": "ә"}),
        head.post(at("move", rows["published"], "withdraw"), {}),
        head.post(at("plan", rows["lived"], "redate"), {}),
        _sent(head, at("propose", rows["lived"])),
        head.get("/admin/languages/", {"since": "2001-01-01", "until": "2000-01-01"}),
        head.get("/admin/nothing/"), head.get("/admin/events/event/zz/change/", follow=True),
    ]  # fmt: skip


def _sent(client: Client, address: str, **typed: str) -> Any:
    """A form sent back empty, but for its hidden fields and what was typed."""
    form = BeautifulSoup(client.get(address).content, "lxml").select_one("#content-start form")
    hidden = {each["name"]: each.get("value", "") for each in form.select("input[type=hidden]")}
    return client.post(address, hidden | typed)


def _of_readers(rows: dict[str, Any], language: str) -> list[str]:
    own = {
        name: rows["published"] if name == "event" else rows[name]
        for name in ("event", "quote", "person", "outcome", "series", "country", "topic",
                     "organisation")
    }  # fmt: skip
    own["statement"] = own["quote"].statement
    found = [each for _route, each in pages.sampled(own) if each.startswith(f"/{language}/")]
    for name in ("lived", "gone", "withdrawn"):
        found += [f"/{language}/events/{rows[name].slug}/{more}" for more in ("", "history/")]
    # What a reader looked for is repeated to them.
    found = [each for each in found if "q=" not in each and "text=" not in each]
    return [*found, f"/{language}/search/?q={office.WORD}", f"/{language}/nothing-is-here/"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_ones_own_passkeys_has_an_english_word_left(filled, language):
    _rows, people = filled
    user = people["Reader under embargo"]
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": office.WORD})
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    addresses = [reverse("mfa_index"), reverse("mfa_remove_webauthn", args=[key.pk]),
                 reverse("mfa_deactivate_totp"), reverse("mfa_view_recovery_codes"),
                 reverse("mfa_view_recovery_codes")]  # fmt: skip
    assert _judged(_reader(user, language), language, addresses) == {}


def test_words_that_are_left_are_found():
    page = (
        '<html lang="kk"><p>Сақтау Save</p><p lang="en">Save</p><img alt="A dog"><code>x y</code>'
        '<input type="submit" value="Going on"><i data-done="Copied it">PDF</i></html>'
    )
    answer = type("Answer", (), {"content": page.encode(), "request": {"PATH_INFO": "/"}})
    assert [each.partition(" ")[0] for each in english(answer, "kk")] == [
        "Save", "dog", "Going", "Copied",
    ]  # fmt: skip
