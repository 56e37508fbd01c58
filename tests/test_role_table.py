"""Every role at every address of the staff, as a table to be read: who is let in, and that all else
is refused alike, whether what was asked for is hidden, limited to others or was never there."""

import datetime as dt
import re
import uuid

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from events import editions, roles
from events.models import (
    Announcement,
    Bundle,
    Change,
    Ping,
    Reading,
)  # fmt: skip

from . import factories, test_limits

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
TABLE = {}


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
    """One open row of every model in the admin, and the hidden ones beside them."""
    made = office("draft")
    opened = made["open"]
    by = staff("Writer", "by")
    twin = factories.whole("draft", "Openly", "BY")
    told = factories.statement("published", "Openly")
    edition = editions.write(told, "save", by, NOW)
    for row in (twin["person"], twin["photo"], twin["topic"]):
        editions.write(row, "save", by, NOW)
    found = {
        **{
            name: twin[name]
            for name in (
                "event",
                "statement",
                "quote",
                "outcome",
                "photo",
                "person",
                "organisation",
                "country",
                "topic",
                "series",
            )
        },
        "mediacontact": twin["contact"],
        "publication": twin["event"].publication,
        "bundle": Bundle.objects.create(name="Openly", made_by=by, made_at=NOW),
        "edition": opened["edition"][0],
        "change": Change.objects.create(
            model="statement",
            record_uid=told.pk,
            base=edition,
            kind="update",
            by=by,
            snapshot=edition.snapshot["content"],
            note_en="Openly",
            proposed_at=NOW,
        ),
        "reading": Reading.objects.create(
            record_uid=twin["event"].pk, by_name="x", how="form", at=NOW
        ),
        "announcement": Announcement.objects.create(
            act="a", kind="released", record_uid=told.pk, at=NOW
        ),
        "ping": Ping.objects.create(
            hub="https://hub.example/", topic="https://t.example/", due_at=NOW
        ),
        "user": by,
    }
    return {"open": found, "hidden": made["hidden"], "made": made, "told": told}


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
        return not re.match(r"/admin/(login/|$)", answer["Location"])
    return answer.status_code in (200, 409)


def test_discover(rows, clients):
    import collections
    import logging

    logging.disable(logging.CRITICAL)
    out = open("/tmp/found.txt", "w")
    for model in admin.site._registry:
        name = model._meta.model_name
        row = rows["open"][name]
        found = {}
        for letter in WHO:
            for column, url in addresses(model, row).items():
                with transaction.atomic():
                    a = clients[letter].get(url)
                    key = column if let_in(a) else f"~{column}{a.status_code}"
                    found[key] = found.get(key, "") + letter
                    transaction.set_rollback(True)
        print(name, found, file=out, flush=True)
    made = collections.defaultdict(dict)
    samples = {
        "link_id": [str(uuid.UUID(int=7))],
        "change": [str(rows["open"]["change"].pk)],
        "holder": [str(rows["open"]["photo"].pk)],
        "version": [test_limits.version_of(rows["open"]["photo"].image.name)],
        "verb": ["submit", "approve", "withdraw"],
        "what": ["cancel"],
    }
    for name, route in test_limits.staff_routes():
        model = test_limits.model_of(name)
        if (
            model not in ("event", "statement", "outcome", "photo", "topic", "bundle")
            or "object_id" not in route
        ):
            continue
        kind = name.split("_", 2)[2]
        if kind in ("change", "delete", "history", "changelist", "add"):
            continue
        row = (
            rows["told"]
            if kind in ("propose", "mend", "review") and model == "statement"
            else rows["open"][model]
        )
        for url in test_limits.of_record(route, row.pk, samples):
            for letter in WHO:
                for method in ("get", "post"):
                    with transaction.atomic():
                        a = getattr(clients[letter], method)(url)
                        d = made[
                            f"{model}_{kind} {url.rstrip('/').split('/')[-1] if 'move' in kind else ''} {method}"
                        ]
                        key = f"{a.status_code}" + (
                            " login" if a.status_code == 302 and "login" in a["Location"] else ""
                        )
                        d[key] = d.get(key, "") + letter
                        transaction.set_rollback(True)
    for k, v in made.items():
        print(k, v, file=out, flush=True)
    for url in [
        "/admin/",
        "/admin/search/?q=Openly",
        "/admin/parts/",
        "/admin/notifications/",
        "/admin/password_change/",
        "/admin/jsi18n/",
        "/admin/events/",
        "/admin/auth/",
        "/admin/events/photo/upload/",
        "/rehearsal/",
        "/rehearsal/20300101T000000Z/",
        "/rehearsal/20300101T000000Z/en/",
        f"/preview/{rows['open']['event'].pk}/",
        f"/preview/change/{rows['open']['change'].pk}/",
        "/preview/",
    ]:
        d = {}
        for letter in WHO:
            a = clients[letter].get(url)
            key = f"{a.status_code}" + (
                " login" if a.status_code == 302 and "login" in a["Location"] else ""
            )
            d[key] = d.get(key, "") + letter
        print(url, d, file=out, flush=True)
    assert 0
