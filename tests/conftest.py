"""What every test stands on: nothing left over from another, no network, and a real browser."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.db.transaction import atomic
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django.live_server_helper import LiveServer

from pressoffice.catalogues import compile_stale

from . import machines

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
# In CI a missing browser or database is a failure: a skipped test proves nothing.
IN_CI = bool(os.environ.get("CI"))
# Tables whose rows PostgreSQL itself lets nobody change or delete.
GUARDED = ("events_edition", "events_auditentry", "events_auditlink")

# How long an example takes says something about the machine, nothing about the claim.
hypothesis_settings.register_profile("office", deadline=None, print_blob=True)
hypothesis_settings.load_profile("office")


def pytest_configure(config: pytest.Config) -> None:
    """Replace what reaches out of the process, for the whole run."""
    if not hasattr(config, "workerinput"):
        compile_stale()  # as `make` does, for whoever calls pytest alone
    if connection.vendor == "postgresql":
        # A test's database need not outlive a power cut: nothing waits for the disk.
        options = settings.DATABASES["default"]["OPTIONS"]
        options["options"] = f"{options.get('options', '')} -c synchronous_commit=off".strip()
    config.scratch = Path(tempfile.mkdtemp(prefix="pressoffice-tests-"))
    (config.scratch / "static").mkdir()
    config.for_tests = override_settings(
        VAR_DIR=config.scratch,
        MEDIA_ROOT=config.scratch / "media",
        # The live server of the browser tests needs an address to compare with; nothing is there.
        MEDIA_URL="/no-such-media/",
        STATIC_ROOT=config.scratch / "static",
        # No manifest: tests run without collectstatic.
        STORAGES=settings.STORAGES
        | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
        CACHES={
            name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
            for name in settings.CACHES
        },
        # A hundred thousand rounds per sign-in protect nobody here.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        SITE_URL="https://press.example",
    )
    config.for_tests.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Put the settings back and remove the files."""
    if hasattr(config, "for_tests"):
        config.for_tests.disable()
        shutil.rmtree(config.scratch, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the browser, and skip what this database or machine cannot run."""
    no_browser = not Path(CHROMIUM).exists()
    if no_browser and (IN_CI or os.environ.get("TEST_BROWSER")):
        raise pytest.UsageError(f"Browser tests must run here, and {CHROMIUM} does not exist.")
    if IN_CI and connection.vendor == "sqlite" and not os.environ.get("TEST_DATABASE_URL"):
        raise pytest.UsageError(
            "In CI the tests must run on PostgreSQL too: set TEST_DATABASE_URL."
        )
    lacking = machines.missing()
    if lacking and IN_CI:
        raise pytest.UsageError(f"Tests of several machines must run here: {', '.join(lacking)}.")
    for item in items:
        if lacking and item.get_closest_marker("machines"):
            item.add_marker(pytest.mark.skip(reason=f"no {', '.join(lacking)}"))
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if no_browser and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium"))
        if connection.vendor != "postgresql" and item.get_closest_marker("postgresql"):
            item.add_marker(pytest.mark.skip(reason="about PostgreSQL, and this is SQLite"))
    _begin_with_the_longest(items)


def _begin_with_the_longest(items: list[pytest.Item]) -> None:
    """Of the tests that commit, which come last whatever the order, first those that take half a
    minute: one worker would be at them alone when everything else is done."""
    committing = [i for i, item in enumerate(items) if _commits(item)]
    if committing:
        last = items[committing[0] :]
        last.sort(key=lambda item: item.get_closest_marker("long") is None)
        items[committing[0] :] = last


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return marker is not None and bool(marker.kwargs.get("transaction"))


def pytest_collection_finish() -> None:
    """What was imported stays to the end: it need not be looked through for garbage each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """An office has its roles from the first day, and again after each test that commits."""
    from events import roles

    with django_db_blocker.unblock():
        roles.setup_roles()
        first_day = _rows(connection.introspection.django_table_names(only_existing=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _self: _back_to(first_day))
        yield
    if connection.vendor == "postgresql":
        # A thread that a browser still keeps waiting holds the database, and none that is held can
        # be dropped.
        others = "datname = current_database() and pid <> pg_backend_pid()"
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where {others}")


def _rows(tables: list[str]) -> dict[str, list[Any]]:
    """All that is in the tables."""
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"select * from {connection.ops.quote_name(table)}")
            found[table] = cursor.fetchall()
        return found


def _back_to(first_day: dict[str, list[Any]]) -> None:
    """Leave in each table what was there on the first day, as Django's `flush` does, which empties
    those that are empty too, and works out every permission anew."""
    quoted = {table: connection.ops.quote_name(table) for table in first_day}
    some = " union all ".join(
        f"select '{table}' where exists (select 1 from {name})" for table, name in quoted.items()
    )
    guard = "alter table %s %s trigger user"
    with connection.constraint_checks_disabled(), atomic(), connection.cursor() as cursor:
        cursor.execute(some)
        full = [table for (table,) in cursor.fetchall()]
        guarded = [table for table in GUARDED if table in full] if _has_guards() else []
        for table in guarded:
            cursor.execute(guard % (table, "disable"))
        for table in full:
            cursor.execute(f"delete from {quoted[table]}")
        for table, rows in first_day.items():
            if rows:
                places = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"insert into {quoted[table]} values ({places})", rows)
        if guarded:
            cursor.execute("set constraints all immediate")
        for table in guarded:
            cursor.execute(guard % (table, "enable"))


def _has_guards() -> bool:
    return bool(connection.vendor == "postgresql")


@pytest.fixture(scope="session")
def database_file(django_db_setup: None, django_db_blocker: Any) -> Path:
    """On SQLite the empty database in a file, for processes that need one of their own: they copy
    it, and have all migrations behind them."""
    path = Path(settings.VAR_DIR) / "empty.sqlite3"
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            connection.ensure_connection()
            path.write_bytes(connection.connection.serialize())
    return path


@pytest.fixture(autouse=True)
def _nothing_left_over() -> Iterator[None]:
    """Start with empty caches and the office's own language, whatever ran before."""
    for name in settings.CACHES:
        caches[name].clear()
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """pytest-django's server, whose threads may end after it: the browser keeps connections open
    beyond the last test, and their threads still close the database that all of them share."""
    server = LiveServer("localhost")
    for shared in server.thread.connections_override.values():
        shared.inc_thread_sharing()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium, quiet towards everything outside."""
    # The browser's driver runs an event loop in this thread, and Django refuses to touch a database
    # near one. Nothing here is asynchronous: the loop waits while the test works.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return browser_type_launch_args | {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            # Fonts and hinting of the machine must not decide where a line breaks.
            "--font-render-hinting=none",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Give every page the same reader: a desk, English, the office's clock."""
    return browser_context_args | {
        "locale": "en-GB",
        "timezone_id": settings.OFFICE_TIME_ZONE,
        "viewport": {"width": 1280, "height": 900},
    }


@pytest.fixture
def complaints(page):
    """What the browser's console says: errors and policy violations."""
    said = []
    page.on("console", lambda message: message.type == "error" and said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def clock():
    """A clock that tests set, for verbs and pages alike, from 6 October 2026, 05:00 UTC on:
    clock(when), a moment with its time zone."""
    import datetime as dt

    from events import visibility

    time = [dt.datetime(2026, 10, 6, 5, 0, 0, tzinfo=dt.UTC)]
    with visibility.clock_set_to(lambda: time[0]):
        yield lambda when: time.__setitem__(0, when)


@pytest.fixture
def person(db):
    """A person without an office."""
    from events.models import Person

    return Person.objects.create(slug="a-person", name_en="A Person")


def with_contact(item):
    """The item with somebody whom journalists may ask, so that no approver is asked for one."""
    from events.models import MediaContact

    item.media_contacts.add(MediaContact.objects.create(name_en="Desk", email="desk@example.org"))
    return item


@pytest.fixture
def event(db):
    """A draft of an event, ready in English, as an editor left it."""
    import datetime as dt

    from events.models import Event

    return with_contact(Event.objects.create(
        slug="an-event", title_en="An event", ready_en=True, standing_en="authentic",
        date=dt.date(2007, 10, 6), until=dt.date(2007, 10, 6), event_kind="session",
        released_before=False,
    ))  # fmt: skip


@pytest.fixture
def statement(db):
    """A draft of a statement, ready in English."""
    import datetime as dt

    from events.models import Statement

    return with_contact(Statement.objects.create(
        slug="a-statement", title_en="A statement", ready_en=True, standing_en="authentic",
        body_en="<p>The text.</p>", date=dt.date(2007, 10, 6), statement_kind="speech",
        released_before=False,
    ))  # fmt: skip


@pytest.fixture
def photo(db):
    """A photo in the library."""
    import io

    from django.core.files.base import ContentFile
    from PIL import Image

    from events.models import Photo

    png = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(png, "PNG")
    photo = Photo(alt_en="A red field", caption_en="Red")
    photo.image.save("field.png", ContentFile(png.getvalue(), "field.png"))
    return photo


@pytest.fixture
def intruder(db):
    """Somebody with the database's own password: its guard of what is append-only is off."""
    if _has_guards():
        with connection.cursor() as cursor:
            for table in GUARDED:
                cursor.execute(f"alter table {table} disable trigger user")


@pytest.fixture
def staff(db, django_user_model):
    """Makes a member of staff with a role: staff("Writer"), staff("Press officer", "second")."""
    from django.contrib.auth.models import Group

    from events import roles

    if not Group.objects.exists():
        roles.setup_roles()

    def make(role: str, name: str = ""):
        user = django_user_model.objects.create_user(
            username=name or role.lower().replace(" ", "-"), password="a-password-for-tests",
            is_staff=True,
        )  # fmt: skip
        user.groups.add(Group.objects.get(name=role))
        return user

    return make


@pytest.fixture
def writer(staff):
    """Somebody who writes."""
    return staff("Writer")


@pytest.fixture
def officer(staff):
    """Somebody who may approve."""
    return staff("Press officer")


@pytest.fixture
def second(staff):
    """Somebody else who may approve."""
    return staff("Press officer", "second-officer")


@pytest.fixture
def as_user(client):
    """Signs somebody in and returns the client: as_user(officer)."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
