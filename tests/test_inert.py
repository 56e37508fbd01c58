"""Whatever is written in whichever field, it is text: on every page of readers and of the staff, in
every feed, calendar and file, in mail, and in a browser.

The office of tests/office.py with hostile words in place of its own: through the verbs, so that
editions, changes and notices hold them, and then in every further column of every model, past the
forms and what these refuse. A text column that is neither filled nor named in NOT_TYPED fails.
"""

import io
import json
import os
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import icalendar
import pikepdf
import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.management import call_command
from django.db import models
from django.test import Client

from events import indexing, paper, roles
from events.files import kept
from events.languages import CODES
from events.models import Attachment, Placement

from . import factories, office
from .test_leaks import addresses, public_routes
from .test_words import PAGELESS, Samples, staff_routes

# Playwright runs a loop of its own in this thread, which Django takes for an async caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The shortest column that takes them has 30 letters.
SHORT = {
    "breaks out of an attribute": '"><img src=x onerror=zzx(1)>',
    "breaks out of a script": "</script><script>zzx(2)//",
    "breaks out of a line": "=zzx(3)\r\nATTENDEE:zzx\u2028{{9*7}}",
}
LONG = (
    "' onfocus='zzx(4)' autofocus \" onmouseover=\"zzx(5)\" <svg/onload=zzx(6)><a href="
    "javascript:zzx(7)>x</a>]]><script>zzx(8)</script><!--{% debug %}{{9*7}}\u202egnp.exe\r\n"
    "Bcc: zzx@example.org\r\nEND:VEVENT\r\nBEGIN:VALARM\x00\x1b&lt;script&gt;zzx(9)&lt;/script&gt;"
    "<style>*{background:url(//zzx.example)}</style>\ud7ff<iframe srcdoc=zzx><math><mtext><x:script"
    " xmlns:x='http://www.w3.org/1999/xhtml'>zzx(10)</x:script>"
)
# No browser makes an element of it: the first sign is not as it was typed.
RAW = re.compile(
    rb"<(img src=x|svg/onload|script>zzx|a href=javascript|style>\*|iframe srcdoc|x:script|!--\{%)",
    re.IGNORECASE,
)
SCHEMES = re.compile(r"\s*(javascript|data|vbscript|file|blob):", re.IGNORECASE)
LINKING = ("href", "src", "action", "formaction", "data", "poster", "xlink:href", "srcset")

# Text that nobody types: what verbs, digests and clocks write, codes with a rule of their own.
NOT_TYPED = {
    "model", "slug", "status", "iso2", "time_zone", "language", "original_language", "checksum",
    "tone", "code_hash", "edition_head", "chain_digest", "previous_digest", "action", "image",
    "file", "act", "kind", "state", "how", "number", "reference_number", "hub", "topic",
}  # fmt: skip
# Rows that only ever grow, which the verbs have written; and what is derived from the records.
WRITTEN_BY_VERBS = {"Edition", "Change", "Notification", "Reading", "Notice", "Tombstone"}
DERIVED = {"Entry", "Word", "Mark", "Tally", "AnnouncedUntil", "Announcement", "Ping",
           "WorkingLanguage", "Access"}  # fmt: skip


def typed(model: type[models.Model]) -> list[models.Field]:
    """The text columns of a model into which a person may write."""
    texts = [
        field
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    ]
    return [field for field in texts if field.name not in NOT_TYPED]


def hostile(field: models.Field, short: str, number: int) -> str:
    """What a column is filled with: as much as it holds."""
    if field.name in ("website", "stream_url"):
        return f"javascript:zzx({number})//"
    whole = f"{short} {LONG[number % 40 :]}" if field.max_length is None else short + LONG
    whole = whole.replace("\x00", "")  # PostgreSQL has no such letter, whatever a form lets in
    return whole if field.max_length is None else whole[: field.max_length]


def fill(short: str) -> int:
    """Write into every text column of every row; answer how many columns there were."""
    columns = 0
    for model in apps.get_app_config("events").get_models():
        if model.__name__ in WRITTEN_BY_VERBS | DERIVED:
            continue
        fields = typed(model)
        columns += len(fields)
        for row in model._default_manager.all() if fields else ():
            values = {
                field.name: hostile(field, short, number) for number, field in enumerate(fields)
            }
            model._default_manager.filter(pk=row.pk).update(**values)
    return columns


@pytest.fixture
def filled(db: None, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Any:
    """An office whose every word is hostile: its rows by what they are samples of, and its head."""
    short = SHORT[request.param]
    monkeypatch.setattr(office, "WORD", short.replace("\r\n", "").replace("\u2028", ""))
    roles.setup_roles()
    people = []
    for number, role in enumerate(("Writer", "Press officer", "Head of press")):
        user = User.objects.create_user(
            f"account{number}", f"{number}@example.org", "a-password-for-tests", is_staff=True,
            first_name=short, last_name=LONG[:100].replace("\x00", ""),
        )  # fmt: skip
        user.groups.add(Group.objects.get(name=role))
        people.append(user)
    rows = office.filled(*people)
    for holder in (rows["published"], rows["quote"].statement, rows["lived"]):
        factories.attachment(holder, short)
        Placement.objects.create(publication_id=holder.pk, photo=rows["photo"])
    assert fill(short) > 100
    indexing.rebuild(indexing.everything())
    client = Client()
    client.force_login(people[2])
    return rows, people, client


def judged(content: bytes, kind: str, address: str) -> list[str]:
    """What is alive in an answer, by what it says it is."""
    if kind == "text/html":
        return html(content.decode())
    if kind.endswith("xml"):
        return xml(content)
    if kind.endswith("json"):
        return [fault for text in strings(json.loads(content)) for fault in html(text, whole=False)]
    if kind == "text/calendar":
        return calendar(content)
    if kind == "application/zip":
        return kit(content)
    if kind == "application/pdf":
        return pdf(content)
    assert kind in ("text/plain", "image/png", "image/webp", "image/jpeg", "image/avif",
                    "application/javascript", "text/javascript", "application/octet-stream",
                    "text/csv"), (kind, address)  # fmt: skip
    return []


def html(text: str, whole: bool = True) -> list[str]:
    """Elements, attributes and addresses that nobody of ours has written. Of a text in data only
    what a program would show as HTML."""
    if not whole and not re.match(r"\s*<(p|h3|h4|ul|ol|blockquote|div|article|iframe)\b", text):
        return []
    found = [f"raw {match[0]!r}" for match in RAW.finditer(text.encode())]
    if "<" not in text:
        return found
    soup = BeautifulSoup(text, "lxml")
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            said = " ".join(value) if isinstance(value, list) else str(value)
            if name.startswith("on") or (name in ("style", "srcdoc") and "zzx" in said):
                found.append(f"<{tag.name} {name}={said[:40]}>")
            if name in LINKING and SCHEMES.match(said):
                found.append(f"<{tag.name} {name}={said[:40]}>")
        if tag.name == "script" and tag.string:
            if tag.get("type") == "application/ld+json" or tag.get("type") == "application/json":
                json.loads(tag.string)
            elif "zzx" in tag.string:
                found.append("script with words")
    return found


def strings(data: Any) -> list[str]:
    """Every text in JSON."""
    if isinstance(data, dict | list):
        inner = data.values() if isinstance(data, dict) else data
        return [each for part in inner for each in strings(part)]
    return [data] if isinstance(data, str) else []


def xml(content: bytes) -> list[str]:
    """A feed, a sitemap or an oEmbed answer: well-formed, and what it holds as HTML is inert."""
    found = []
    for each in ElementTree.fromstring(content).iter():
        name = str(each.tag).rpartition("}")[2].lower()
        if name in ("script", "svg", "img", "iframe", "style", "valarm"):
            found.append(f"<{name}> in XML")
        found += [f"{key}={value}" for key, value in each.attrib.items()
                  if key.startswith("on") or SCHEMES.match(value)]  # fmt: skip
        texts = [each.text or ""] if each.get("type") == "html" or name in ("description", "html",
                 "encoded") else []  # fmt: skip
        found += [fault for text in texts for fault in html(text, whole=False)]
    return found


def calendar(content: bytes) -> list[str]:
    """Nothing of a text became a line or a component of its own."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    found = [line for line in lines if line and not re.match(r"[A-Z][A-Z-]*[;:]", line)]
    found += [line for line in lines if re.match(r"(ATTENDEE|Bcc|BEGIN:VALARM)", line)]
    names = {part.name for part in icalendar.Calendar.from_ical(content).walk()}
    return found + sorted(names - {"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"})


def kit(content: bytes) -> list[str]:
    """What a press kit would unpack, and where."""
    found = []
    for name in zipfile.ZipFile(io.BytesIO(content)).namelist():
        if not re.fullmatch(r"[a-z0-9][a-z0-9._/-]*", name, re.I) or ".." in name:
            found.append(f"file {name!r}")
    return found


def pdf(content: bytes) -> list[str]:
    """Programs, files and addresses in a document on paper."""
    with pikepdf.open(io.BytesIO(content)) as document:
        parts = [str(each) for each in document.objects if isinstance(each, pikepdf.Dictionary)]
    live = re.compile(r"/(JavaScript|JS|Launch|EmbeddedFile)\b|/URI\W+(javascript|data|file):")
    return [each[:80] for each in parts if live.search(each)]


def readers(rows: dict[str, Any]) -> list[str]:
    """Every public address of what is released, in one language by turns."""
    own = {name: rows[name] for name in ("quote", "person", "outcome", "series", "country", "topic",
                                         "organisation")}  # fmt: skip
    own |= {
        "event": rows["published"],
        "statement": rows["quote"].statement,
        "photo": rows["photo"],
    }
    own["attachment"] = Attachment.objects.filter(publication=rows["published"].pk).first()
    found = []
    for number, route in enumerate(public_routes()):
        turn = CODES[number % len(CODES)]
        found += [
            each
            for each in addresses(route, own)
            if each.startswith(f"/{turn}/") or each[1:4] not in {f"{c}/" for c in CODES}
        ]
    for name in ("lived", "gone", "withdrawn", "retracted"):
        slug = rows[name].slug
        found += [f"/en/events/{slug}/", f"/ru/events/{slug}/history/", f"/kk/events/{slug}.json"]
    return list(dict.fromkeys(found))


@pytest.mark.django_db
@pytest.mark.parametrize("filled", SHORT, indirect=True)
def test_words_are_text_on_every_public_address(filled, settings, monkeypatch):
    settings.API_RATE = ""
    monkeypatch.setattr(paper, "pdf", lambda page, *pictures: page)
    rows, _people, _client = filled
    reader, alive, held = Client(), [], 0
    for address in readers(rows):
        answer = reader.get(address)
        assert answer.status_code in (200, 301, 302, 304, 404, 410), address
        content = answer.getvalue()
        kind = answer["Content-Type"].partition(";")[0]
        if kind == "application/pdf" and content.lstrip().startswith(b"<"):
            kind = "text/html"  # the page that it would be set from
        held += b"zzx" in content
        alive += [f"{address}: {fault}" for fault in judged(content, kind, address)]
        for name, value in answer.headers.items():
            if "\n" in value or "\r" in value or SCHEMES.match(value):
                alive.append(f"{address}: {name}: {value}")
    assert "\n".join(alive) == ""
    assert held > 60


@pytest.mark.django_db
@pytest.mark.parametrize("filled", SHORT, indirect=True)
def test_words_are_text_on_every_page_of_the_staff(filled):
    rows, people, client = filled
    samples, alive, held = Samples(rows, people[0]), [], 0
    found = [
        address
        for route in sorted(staff_routes())
        if not PAGELESS.fullmatch(route)
        for address in samples.of(route)
    ]
    for model in admin.site._registry:
        name = model._meta.model_name
        found += [f"/admin/autocomplete/?app_label=events&model_name={name}&field_name={field.name}"
                  for field in model._meta.get_fields()
                  if field.concrete and field.is_relation]  # fmt: skip
    found += [f"/preview/{rows['later'].pk}/en/statements/{rows['later'].slug}/",
              f"/admin/search/?q={SHORT['breaks out of a script']}"]  # fmt: skip
    for address in dict.fromkeys(found):
        answer = client.get(address, follow=True)
        content = answer.getvalue()
        kind = answer["Content-Type"].partition(";")[0]
        held += b"zzx" in content
        alive += [f"{address}: {fault}" for fault in judged(content, kind, address)]
    assert "\n".join(dict.fromkeys(alive)) == ""
    assert held > 60


@pytest.mark.django_db
@pytest.mark.parametrize("filled", ["breaks out of a line"], indirect=True)
def test_mail_has_no_header_of_somebodys_words(filled):
    call_command("send_mail")
    assert len(mail.outbox) > 1
    for each in mail.outbox:
        message = each.message()
        assert "zzx" not in " ".join(str(value) for value in message.values())
        assert set(message.keys()) <= {"Content-Type", "MIME-Version", "Content-Transfer-Encoding",
                                       "Subject", "From", "To", "Date", "Message-ID",
                                       "Auto-Submitted"}  # fmt: skip
        assert message.get_content_type() == "text/plain"


@pytest.mark.django_db
@pytest.mark.parametrize("filled", ["breaks out of an attribute"], indirect=True)
def test_words_run_nothing_on_paper(filled, client):
    rows, _people, _client = filled
    statement = rows["quote"].statement
    answer = client.get(f"/en/statements/{statement.slug}/statement.pdf")
    if answer.status_code == 404:
        pytest.skip("no Pango")
    assert answer["Content-Type"] == "application/pdf"
    assert pdf(answer.getvalue()) == []


def test_every_text_column_is_filled_or_said_to_be_nobodys():
    """A new column is hostile from its first day: what is left out is left out by name, and is in
    use."""
    names, left = set(), set()
    for model in apps.get_app_config("events").get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.CharField | models.TextField) and not field.choices:
                (left if field.name in NOT_TYPED else names).add(field.name)
    assert {"title_en", "body_kk", "caption_ru", "credit", "for_whom", "website"} <= names
    known = {model.__name__ for model in apps.get_app_config("events").get_models()}
    assert known >= WRITTEN_BY_VERBS | DERIVED


NAMES = (
    'a".html', "a'.svg", "../../../etc/passwd.pdf", "a\r\nSet-Cookie: zzx=1.pdf", "a\x00.html.pdf",
    "<script>zzx(1)</script>.pdf", "\u202efdp.exe", "a;filename=zzx.html.pdf", "a%0d%0aX: y.pdf",
    "CON.pdf", ".htaccess", "a" * 300 + ".pdf", "a.pdf.html", "a\u2028b.pdf", "C:\\zzx\\a.pdf",
)  # fmt: skip


_KEPT_AS = re.compile(
    r"(attachment|inline); filename=\"[A-Za-z0-9 ._()-]+\.pdf\""
    r"(; filename\*=UTF-8''[^;\s\"<>]+\.pdf)?"
)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_name_of_a_file_is_no_path_no_header_and_no_type(client, name):
    """A document is told by its title and its checksum; how it was called where it came from
    decides nothing."""
    shown = kept.shown_name(name)
    assert not re.search(r"[\x00-\x1f\x7f\u2028/\\]", shown)
    item = factories.event()
    document = factories.attachment(item, title_en=name.replace("\x00", "")[:200], title_ru="",
                                    title_kk="")  # fmt: skip
    listed = factories.listed(item)
    page = client.get(listed.get_absolute_url())
    assert html(page.content.decode()) == []
    soup = BeautifulSoup(page.content, "lxml")
    where = next(a["href"] for a in soup("a", href=True) if str(document.pk) in a["href"])
    answer = client.get(where)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    said = answer["Content-Disposition"]
    assert _KEPT_AS.fullmatch(said), said
    assert "Set-Cookie" not in answer.headers


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("filled", ["breaks out of an attribute", "breaks out of a script"],
                         indirect=True)  # fmt: skip
def test_browser_runs_nothing_of_it_and_asks_for_nothing_elsewhere(
    filled, page, live_server, complaints
):
    """The main pages, opened by a browser that would tell of any script that ran, any request to
    elsewhere and any breach of the policy."""
    rows, _people, client = filled
    page.context.add_init_script(
        "window.ran = []; window.zzx = number => window.ran.push(number);"
        "addEventListener('securitypolicyviolation', e => window.ran.push(e.effectiveDirective));"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value,
                               "url": live_server.url}])  # fmt: skip
    statement, lived = rows["quote"].statement, rows["lived"]
    paths = [
        "/en/",
        f"/en/statements/{statement.slug}/",
        f"/en/events/{rows['published'].slug}/",
        f"/en/events/{lived.slug}/history/",
        f"/en/quotes/{rows['quote'].pk}/",
        "/en/search/?q=zzx",
        "/en/outcomes/",
        "/admin/",
        "/admin/events/statement/",
        "/admin/search/?q=zzx",
        "/admin/notifications/",
        f"/admin/events/statement/{rows['waiting'].pk}/change/",
        f"/admin/events/event/{lived.pk}/changes/{rows['change'].pk}/",
        f"/admin/events/event/{lived.pk}/history/",
        f"/admin/events/statement/{rows['later'].pk}/preview-links/",
        f"/admin/events/bundle/{rows['bundle'].pk}/change/",
        f"/preview/{rows['later'].pk}/en/statements/{rows['later'].slug}/",
    ]
    for path in paths:
        answer = page.goto(f"{live_server.url}{path}")
        assert answer.status == 200, path
        page.wait_for_load_state("networkidle")
        assert "zzx" in page.content(), path
        assert page.evaluate("window.ran") == [], path
    assert [
        each for each in asked if not each.startswith((live_server.url, "blob:", "data:"))
    ] == []
    assert [each for each in complaints if "favicon" not in each] == []
