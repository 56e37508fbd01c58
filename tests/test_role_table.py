"""Every role at every address of the staff, as a table to be read: who is let in, and that all else
is refused alike, whether what was asked for is hidden, limited to others or was never there."""

import datetime as dt
import logging
import re
import uuid

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.core.files import File
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse

from events import audit, editions, roles
from events.admin.uploads import version_of
from events.models import (
    Announcement,
    Bundle,
    Change,
    Edition,
    Ping,
    PreviewLink,
    Publication,
    Reading,
)  # fmt: skip
from events.publishing import MOVES

from . import factories, test_limits
from .test_admin import fields

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 6, 5, 0, 0, tzinfo=dt.UTC)
office = test_limits.office
NEVER = uuid.UUID(int=5)

WHO = {
    "W": "Writer", "P": "Press officer", "H": "Head of press", "A": "Archivist",
    "R": "Reader under embargo", "S": "a superuser without a role", "N": "staff without a role",
    "O": "signed in, and not staff", "-": "nobody",
}  # fmt: skip
COLUMNS = ("list", "add", "form", "save", "delete", "history", "choices")


@pytest.fixture
def clients(staff, django_user_model):
    """A browser for each of those who come to the door."""

    def signed_in(user):
        client = Client()
        client.force_login(user)
        return client

    people = {letter: staff(role, f"a-{letter}") for letter, role in WHO.items()
              if role in roles.ROLES}  # fmt: skip
    make = django_user_model.objects.create_user
    people["S"] = django_user_model.objects.create_superuser("a-S", password="a-password-for-tests")
    people["N"] = make("a-N", password="a-password-for-tests", is_staff=True)
    people["O"] = make("a-O", password="a-password-for-tests")
    return {letter: signed_in(user) for letter, user in people.items()} | {"-": Client()}


@pytest.fixture
def rows(office, staff):
    """One open row of every model in the admin, what hangs on it, and hidden ones beside them."""
    made = office("draft")
    by = staff("Writer", "by")
    twin, out = (
        factories.whole("draft", "Openly", "BY"),
        factories.whole("published", "Openly", "KZ"),
    )
    told, happened = out["statement"], out["event"]
    for row in (told, happened, *(twin[name] for name in EDITED)):
        editions.write(row, "save", by, NOW)
    bundle = Bundle.objects.create(name="Openly", made_by=by, made_at=NOW)
    member, draft = (factories.statement("draft", "Openly") for _each in range(2))
    Publication.objects.filter(pk=member.pk).update(bundle=bundle)
    changes = {row._meta.model_name: _proposal(row, by) for row in (told, happened)}
    uid = twin["event"].pk
    found = {
        **{name: twin[name] for name in
           ("event", "statement", "quote", "outcome", "photo", "person", "organisation", "country",
            "topic", "series")},
        "mediacontact": twin["contact"], "publication": twin["event"].publication,
        "bundle": bundle, "edition": editions.of(told).last(), "change": changes["statement"],
        "reading": Reading.objects.create(record_uid=uid, by_name="x", how="form", at=NOW),
        "announcement": Announcement.objects.create(
            act="release", kind="released", record_uid=told.pk, at=NOW),
        "ping": Ping.objects.create(
            hub="https://hub.example/", topic="https://press.example/", due_at=NOW),
        "auditentry": audit.note("read", by=by, record=twin["event"]),
        "user": by,
    }  # fmt: skip
    return {
        "open": found, "hidden": made["hidden"], "told": told, "happened": happened,
        "changes": changes, "member": member, "draft": draft, "document": twin["attachment"],
        "paper": factories.attachment(twin["statement"], "Openly"),
        "links": {name: _link(twin[name], by) for name in ("event", "statement")},
    }  # fmt: skip


EDITED = ("event", "statement", "photo", "person", "organisation", "country", "topic", "series",
          "contact")  # fmt: skip


def _proposal(row, by):
    base = editions.of(row).last()
    return Change.objects.create(
        model=row._meta.model_name, record_uid=row.pk, base=base, kind="update", by=by,
        snapshot=base.snapshot["content"], note_en="Openly", proposed_at=NOW,
    )  # fmt: skip


def _link(row, by):
    return PreviewLink.objects.create(
        publication=row.publication, code_hash=str(row.pk), for_whom="Openly", made_by=by,
        made_at=NOW, expires_at=factories.FAR_AHEAD,
    )  # fmt: skip


def addresses(model, row):
    app = model._meta.app_label
    name = f"admin:{app}_{model._meta.model_name}"
    return {
        "list": reverse(f"{name}_changelist"),
        "add": reverse(f"{name}_add"),
        "form": reverse(f"{name}_change", args=[row.pk]),
        "delete": reverse(f"{name}_delete", args=[row.pk]),
        "history": reverse(f"{name}_history", args=[row.pk]),
    }


def let_in(answer):
    """Whether an answer is what was asked for: no refusal, nor the way to somewhere else."""
    if answer.status_code == 302:
        return not re.match(r"/(admin/(login/|$)|accounts/)", answer["Location"])
    return answer.status_code in (200, 409)


# Whom each address of the stock admin lets in. A row is asked for at its open, unreleased state;
# `save` stores what the form shows with something changed, `history` leads to the editions,
# `choices` are what a field that leads here offers to whoever types.
TABLE = {
    #               list      add    form    save    delete history choices
    "event":        ("WPHARS", "WPH", "WPHA", "WPH", "WPH", "WPHA", "WPHARS"),
    "statement":    ("WPHARS", "WPH", "WPHA", "WPH", "WPH", "WPHA", "WPHARS"),
    "publication":  ("WPHARS", "", "WPHA", "", "", "WPHA", "WPHARS"),
    "quote":        ("WPHARS", "", "WPHA", "", "", "WPHA", ""),
    "outcome":      ("WPHARS", "", "WPHA", "WPH", "", "WPHA", ""),
    "photo":        ("WPHAS", "WPHA", "WPHA", "WPHA", "", "WPHA", "WPHAS"),
    "person":       ("WPHAS", "WPHA", "WPHAS", "WPHA", "", "WPHA", "WPHAS"),
    "organisation": ("WPHAS", "WPHA", "WPHAS", "WPHA", "", "WPHA", "WPHAS"),
    "country":      ("WPHAS", "WPHA", "WPHAS", "WPHA", "", "WPHA", "WPHAS"),
    "topic":        ("WPHAS", "WPHA", "WPHAS", "WPHA", "", "WPHA", "WPHAS"),
    "series":       ("WPHAS", "WPHA", "WPHAS", "WPHA", "", "WPHA", "WPHAS"),
    "mediacontact": ("WPHAS", "WPHA", "WPHAS", "WPHA", "", "WPHA", "WPHAS"),
    "bundle":       ("WPHA", "PH", "WPHA", "", "", "", "WPHA"),
    "edition":      ("WPHAS", "", "WPHA", "", "", "WPHAS", "WPHAS"),
    "change":       ("WPHAS", "", "WPHAS", "", "", "WPHAS", "WPHAS"),
    "reading":      ("H", "", "H", "", "", "H", ""),
    "announcement": ("PH", "", "PH", "", "", "PH", ""),
    "ping":         ("PH", "", "PH", "", "", "PH", ""),
    "auditentry":   ("H", "", "H", "", "", "H", ""),
    "user":         ("HS", "HS", "HS", "", "", "HS", "HS"),
}  # fmt: skip
# Whom each page of our own lets in, by the end of its route's name. Of `move` the verbs stand by
# themselves; a page that is asked for by POST alone is.
PAGES = {
    "move submit": "WPH", "move send_back": "PH", "move countersign": "WPH", "move approve": "PH",
    "move release_now": "PH", "move move_release": "PH", "move cancel_release": "PH",
    "move withdraw": "PH", "move retract": "PH", "move propose_reason": "PH",
    "move approve_reason": "PH", "move ask_reinstatement": "PH", "move reinstate": "PH",
    "move_times": "PH", "times": "PH", "join": "PH", "leave": "PH",
    "propose": "WPHA", "propose_edition": "WPHA", "mend": "WPHA", "review": "WPHA",
    "plan": "WPHA", "progress": "WPHA", "translate": "WPH", "confirm_language": "WPHA",
    "door": "HS", "export": "H",
    "edition": "WPHA", "restore": "WPHA", "compare": "WPHA", "as_it_stood": "WPHA",
    "presence": "WPHA", "file": "WPHA", "picture": "WPHA", "upload": "WPHA",
    "preview_links": "PH", "revoke_preview_link": "PH", "limit": "H", "lift": "H",
}  # fmt: skip
BY_POST = {
    "move_times",
    "times",
    "join",
    "presence",
    "revoke_preview_link",
    "lift",
    "confirm_language",
    "export",
}
# Addresses that are of no model.
PLACES = {
    "/admin/": "WPHARSN", "/admin/search/?q=Openly": "WPHARSN", "/admin/parts/": "WPHARSN",
    "/admin/freeze/": "H", "/admin/languages/": "WPHAR",
    "/admin/notifications/": "WPHARSN", "/admin/password_change/": "WPHARSN",
    "/admin/password_change/done/": "WPHARSN", "/admin/jsi18n/": "WPHARSN",
    "/admin/events/": "WPHARS", "/admin/auth/": "HS",
    "/rehearsal/": "PH", "/rehearsal/20300101T000000Z/": "PH",
    "/rehearsal/20300101T000000Z/en/": "PH",
    "/preview/": "WPHARSNO-", "/admin/login/": "", "/admin/logout/": "", "/admin/language/": "",
    "/admin/notifications/read/": "",
}  # fmt: skip


def cells(found):
    """A line for each row of a table that is not as it should be."""
    return "\n".join(sorted(found))


@pytest.fixture(autouse=True)
def _quiet():
    """A refusal is logged with its traceback, and there are a thousand of them."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def undone(act):
    """What an act answers, and nothing that it did."""
    with transaction.atomic():
        answer = act()
        transaction.set_rollback(True)
    if answer.streaming:
        answer.getvalue()  # a file is closed when it has been read
    return answer


def sent_back(page):
    """What a browser would send of a form on show, but for files: it chooses none by itself."""
    return {name: value for name, value in fields(page).items() if not isinstance(value, File)}


def test_every_model_of_the_admin_is_in_the_table():
    assert {model._meta.model_name for model in admin.site._registry} == set(TABLE)


def test_stock_address_lets_in_exactly_whom_the_table_names(rows, clients):
    wrong = []
    for model in admin.site._registry:
        name = model._meta.model_name
        expected = dict(zip(COLUMNS, TABLE[name], strict=True))
        for column, address in addresses(model, rows["open"][name]).items():
            found = "".join(
                letter
                for letter, client in clients.items()
                if let_in(undone(lambda client=client, address=address: client.get(address)))
            )
            if found != expected[column]:
                wrong.append(f"{name} {column}: {found}, not {expected[column]}")
    assert cells(wrong) == ""


def test_stock_form_is_saved_by_exactly_whom_the_table_names(rows, clients):
    """Everybody sends what a head's form would, with a word changed: whoever is not in the table
    is refused, and no row and no edition is any different."""
    wrong = []
    for model in admin.site._registry:
        name = model._meta.model_name
        if name in ("user", "bundle"):
            continue  # by verbs of their own: tests/test_admin_staff.py, test_admin_bundles.py
        row, expected = rows["open"][name], dict(zip(COLUMNS, TABLE[name], strict=True))
        address = addresses(model, row)["form"]
        page = undone(lambda address=address: clients["H"].get(address))
        data = sent_back(page) if page.context and "adminform" in page.context else {}
        text = next((each for each in data if each in WORDS), "note_en")
        data |= {text: WORDS.get(text, "Otherwise"), "_continue": "1"}
        found = ""
        for letter, client in clients.items():
            with transaction.atomic():
                count = Edition.objects.count()
                client.post(address, data)
                saved = Edition.objects.count() - count
                found += letter * saved
                if not saved:
                    assert model._default_manager.filter(pk=row.pk).values().get() == stored(row)
                transaction.set_rollback(True)
        if found != expected["save"]:
            wrong.append(f"{name}: {found}, not {expected['save']}")
    assert cells(wrong) == ""


# What is changed in a form, by the field that it has.
WORDS = {"title_en": "Otherwise", "text_en": "Otherwise", "name_en": "Otherwise",
         "aliases": "Otherwise", "credit": "Otherwise"}  # fmt: skip


def stored(row):
    return type(row)._default_manager.filter(pk=row.pk).values().get()


def test_nobody_adds_deletes_or_acts_where_the_table_has_no_letter(rows, clients):
    """By POST, with all that a form of any model could hold; a list has no actions."""
    before = {model: model._default_manager.count() for model in admin.site._registry}
    wrong = []
    for model in admin.site._registry:
        name = model._meta.model_name
        row, table = rows["open"][name], dict(zip(COLUMNS, TABLE[name], strict=True))
        at = addresses(model, row)
        act = {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes",
               "select_across": "1", "index": "0"}  # fmt: skip
        for letter, client in clients.items():
            sent = [(at["list"], act), (f"{at['list']}?_popup=1", act)]
            sent += [(at["add"], {})] if letter not in table["add"] else []
            sent += [(at["delete"], {"post": "yes"})] if letter not in table["delete"] else []
            with transaction.atomic():
                for address, data in sent:
                    answer = client.post(address, data)
                    kept = model._default_manager.count() == before[model]
                    if answer.status_code not in (200, 302, 403, 404) or not kept:
                        wrong.append(f"{name} {letter} {address}: {answer.status_code}")
                transaction.set_rollback(True)
    assert cells(wrong) == ""


def test_choices_are_offered_to_exactly_whom_the_table_names(rows, clients):
    """Of every field that leads to a model; to whoever may see the list of it."""
    wrong = []
    for model in admin.site._registry:
        name = model._meta.model_name
        leads = [
            (source, field)
            for source in admin.site._registry for field in source._meta.get_fields()
            if field.concrete and field.is_relation and field.related_model is model
            and not getattr(field.remote_field, "parent_link", False)
        ]  # fmt: skip
        found = set()
        for source, field in leads:
            address = (
                f"/admin/autocomplete/?app_label={source._meta.app_label}&term=Openly"
                f"&model_name={source._meta.model_name}&field_name={field.name}"
            )
            found.add("".join(
                letter for letter, client in clients.items()
                if client.get(address).status_code == 200
            ))  # fmt: skip
        expected = {TABLE[name][-1]} if leads else set()
        if found - {""} != expected - {""}:
            wrong.append(f"{name} choices: {found}, not {expected}")
    assert cells(wrong) == ""


def test_page_of_our_own_lets_in_exactly_whom_the_table_names(rows, clients):
    """Every route of the staff that is no stock one; one that is in no table here fails."""
    opened, photo = rows["open"], rows["open"]["photo"]
    document = rows["document"]
    holder = {"photo": (photo, photo.image.name), "event": (document, document.file.name),
              "statement": (rows["paper"], rows["paper"].file.name)}  # fmt: skip
    # Pages about what is not edited in place, and about editions.
    lived = {"statement": rows["told"], "event": rows["happened"]}
    of_lived = ("propose", "propose_edition", "mend", "review", "plan", "edition", "restore",
                "compare", "as_it_stood")  # fmt: skip
    wrong, seen = [], set()
    for name, route in test_limits.staff_routes():
        app, _, rest = name.partition("_")
        model, _, page = rest.partition("_")
        if app not in ("events", "auth") or not page or page in STOCK:
            continue
        row = opened[model]
        if page in of_lived:
            row = lived.get(model, row)
        which, blob = holder.get(model, (photo, photo.image.name))
        change = rows["changes"].get(model)
        samples = {
            "verb": list(MOVES if model != "bundle" else BUNDLE_MOVES) if page == "move"
            else ["approve"],
            "what": ["cancel"], "language": ["ru"], "pk": [str(row.pk)], "act": ["lock"],
            "number": ["1"], "link_id": [str(rows["links"].get(model, row).pk)],
            "change": [str(change.pk if change else NEVER)], "member": [str(rows["member"].pk)],
            "holder": [str(which.pk)], "version": [version_of(blob)], "width": ["320"],
        }  # fmt: skip
        page_is_there = change is not None or page not in ("mend", "review")
        for address in test_limits.of_record(route, row.pk, samples):
            kind = f"move {address.rstrip('/').rpartition('/')[2]}" if page == "move" else page
            seen.add(kind)
            query = "?from=1&to=1" if page == "compare" else ""
            found = ""
            for letter, client in clients.items():

                def act(client=client, address=address + query, page=page):
                    if page not in BY_POST:
                        return client.get(address)
                    return client.post(address, {"item": str(rows["draft"].pk)})

                found += letter if let_in(undone(act)) else ""
            expected = PAGES[kind] if page_is_there else ""
            expected += EXTRA.get((model, page), "")
            if "".join(sorted(found)) != "".join(sorted(expected)):
                wrong.append(f"{model} {kind}: {found}, not {expected}")
    assert cells(wrong) == ""
    assert seen == set(PAGES)


# What the admin's own views are called.
STOCK = ("changelist", "add", "change", "delete", "history")
BUNDLE_MOVES = ("approve", "release_now", "move_release", "cancel_release")
# A superuser sees the names of the reference lists, as the whole office does.
EXTRA = {(model, "presence"): "S" for model in
         ("person", "organisation", "country", "topic", "series", "mediacontact")}  # fmt: skip
NAMED_AFTER_NOTHING = {"view_on_site", "autocomplete", "app_list"}


def test_place_of_no_model_lets_in_exactly_whom_the_table_names(rows, clients):
    change, item = rows["changes"]["statement"], rows["open"]["event"]
    places = PLACES | {f"/preview/{item.pk}/": "WPHA", f"/preview/change/{change.pk}/": "WPHA"}
    wrong = []
    for address, expected in places.items():
        found = "".join(
            letter
            for letter, client in clients.items()
            if let_in(undone(lambda client=client, address=address: client.get(address)))
        )
        if found != expected:
            wrong.append(f"{address}: {found}, not {expected}")
    assert cells(wrong) == ""
    routes = {resolve(address.partition("?")[0]).url_name for address in places}
    own = {name for name, _route in test_limits.staff_routes()
           if not name.startswith(("events_", "auth_"))}  # fmt: skip
    assert own - routes - NAMED_AFTER_NOTHING == set()


# --- Without an oracle ----------------------------------------------------------------------------


_UID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def said(client, answer, pk):
    """All that an answer tells: status, words, where it leads, and what the next page would say;
    but for what was asked for, and what is new each time."""
    status, text = test_limits.neutral(answer, pk)
    told = [str(each) for each in get_messages(answer.wsgi_request)]
    told = [re.sub(rf"\b{pk}\b", "PK", each) for each in told]
    if isinstance(pk, uuid.UUID):  # a number may stand anywhere
        text = text.replace(str(pk), "PK")
    # What a row that is not stored yet would be known by is another one each time.
    text = _UID.sub("UID", text)
    session = client.session
    if "_messages" in session:
        del session["_messages"]
        session.save()
    return status, text, told


def look_ups(model):
    """Every look-up through every field of a list's model, a relation's fields among them."""
    for field in model._meta.get_fields():
        yield f"{field.name}__isnull", "True"
        if field.is_relation and field.related_model is not None:
            for further in field.related_model._meta.get_fields():
                if further.name.endswith("_en") or further.name in ("uid", "id", "slug", "limited"):
                    yield f"{field.name}__{further.name}__startswith", test_limits.PART
                    yield f"{field.name}__{further.name}__regex", "^K"
                if further.is_relation:
                    yield f"{field.name}__{further.name}__body_en__startswith", test_limits.PART
        elif field.concrete:
            yield f"{field.name}__startswith", test_limits.PART


@pytest.mark.parametrize("letter", ["P", "R", "S"])
def test_no_look_up_in_an_address_finds_what_is_hidden(rows, clients, letter):
    """Whatever is compared, the list holds what it may hold, or the question is refused; a
    question that something hidden would answer gets the answer of one that nothing does."""
    client, wrong = clients[letter], []
    for model in admin.site._registry:
        name = model._meta.model_name
        if letter not in TABLE[name][0]:
            continue
        address = reverse(f"admin:{model._meta.app_label}_{name}_changelist")
        hidden = {row.pk for row in rows["hidden"].get(name, ())}
        for lookup, value in dict.fromkeys(look_ups(model)):
            answer = client.get(address, {lookup: value})
            page = answer.context and answer.context.get("cl")
            shown = {row.pk for row in page.result_list} if page else set()
            text = answer.content.decode()
            if answer.status_code not in (200, 302, 400) or shown & hidden:
                wrong.append(f"{name} {lookup}: {answer.status_code}")
            if test_limits.SENTINEL in text.replace(test_limits.PART + '"', ""):
                wrong.append(f"{name} {lookup}: told")
    assert cells(wrong) == ""


@pytest.mark.parametrize("letter", ["P", "H", "R", "S", "N", "O", "-"])
def test_hidden_and_never_existing_are_told_apart_by_nobody(rows, clients, letter):
    """At the addresses of every model: as its key, as what a look-up compares, as the way to the
    site, as the field by which a popup picks."""
    client, wrong = clients[letter], []
    for model in admin.site._registry:
        name = model._meta.model_name
        kind = ContentType.objects.get_for_model(model).pk
        base = f"admin:{model._meta.app_label}_{name}"
        for row in rows["hidden"].get(name, ()):
            nobody = NEVER if isinstance(row.pk, uuid.UUID) else 987654321
            asked = []
            for pk in (row.pk, nobody):
                form = reverse(f"{base}_change", args=[pk])
                asked.append([
                    ("get", form), ("post", form), ("get", f"{form}?_popup=1"),
                    ("get", f"{form}?_to_field={model._meta.pk.name}"),
                    ("get", reverse(f"{base}_delete", args=[pk])),
                    ("post", reverse(f"{base}_delete", args=[pk])),
                    ("get", reverse(f"{base}_history", args=[pk])),
                    ("get", f"/admin/r/{kind}/{pk}/"), ("get", f"/preview/{pk}/"),
                    ("get", f"/preview/{pk}/en/"), ("get", f"/preview/change/{pk}/"),
                    ("get", f"{reverse(f'{base}_changelist')}?{model._meta.pk.name}={pk}"),
                    ("get", f"{reverse(f'{base}_changelist')}?q={pk}"),
                    ("get", f"{reverse('admin:events_reading_changelist')}?record_uid={pk}"),
                    ("get", f"/admin/search/?q={pk}"),
                    ("get", f"/admin/events/statement/?event={pk}"),
                    ("get", f"/admin/events/statement/?bundle={pk}"),
                    ("get", f"/admin/events/outcome/?announced_in={pk}"),
                    ("get", f"/admin/events/person/?portrait={pk}"),
                ])  # fmt: skip
            if not isinstance(row.pk, uuid.UUID):  # a number may stand anywhere on a page
                asked = [[each for each in pair if "?" not in each[1]] for pair in asked]
            for (method, mine), (_same, theirs) in zip(*asked, strict=True):
                pair = [
                    said(client, undone(lambda a=address, m=method: getattr(client, m)(a)), pk)
                    for address, pk in ((mine, row.pk), (theirs, nobody))
                ]
                if pair[0] != pair[1]:
                    wrong.append(f"{method} {mine}: {pair[0][0]}, {pair[1][0]}")
    assert cells(wrong) == ""


@pytest.mark.parametrize("letter", ["W", "H"])
def test_hidden_row_in_a_field_is_refused_like_one_that_never_was(rows, clients, letter):
    """As the choice of a foreign key, in a field of many, as the identifier of an inline's row."""
    client, hidden, opened = clients[letter], rows["hidden"], rows["open"]
    quote, outcome = hidden["quote"][0], hidden["outcome"][0]
    tries = {
        ("statement", "event"): hidden["event"][0].pk,
        ("event", "outcomes-0-announced_in"): hidden["statement"][0].pk,
        ("event", "outcomes-0-follow_up"): hidden["event"][0].pk,
        ("event", "outcomes-0-uid"): outcome.pk,
        ("event", "placements-0-photo"): hidden["photo"][0].pk,
        ("event", "people"): hidden["statement"][0].pk,
        ("statement", "quotes-0-uid"): quote.pk,
        ("statement", "placements-0-photo"): hidden["photo"][0].pk,
        ("outcome", "announced_in"): hidden["statement"][0].pk,
        ("outcome", "follow_up"): hidden["event"][0].pk,
        ("outcome", "progress-0-cites"): hidden["statement"][0].pk,
        ("person", "portrait"): hidden["photo"][0].pk,
    }
    before = {row.pk: stored(row) for row in (quote, outcome)}
    for (name, field), pk in tries.items():
        address = reverse(f"admin:events_{name}_change", args=[opened[name].pk])
        data = sent_back(undone(lambda address=address: client.get(address)))
        prefix = field.partition("-")[0]
        if "-" in field and f"{prefix}-0-uid" not in data:
            data[f"{prefix}-TOTAL_FORMS"] = "1"
            data |= {f"{prefix}-0-order": "0", f"{prefix}-0-date": "2026-10-06",
                     f"{prefix}-0-state": "agreed", f"{prefix}-0-text_en": "x"}  # fmt: skip
        pair = []
        for each in (pk, NEVER):
            answer = undone(lambda a=address, d=data | {field: str(each)}: client.post(a, d))
            assert answer.status_code == 200, (name, field)
            pair.append(said(client, answer, each))
        assert pair[0] == pair[1], (name, field)
    assert {row.pk: stored(row) for row in (quote, outcome)} == before
