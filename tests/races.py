"""Two people at once, on a database of its own: run by test_races.py on both databases.

In memory SQLite locks otherwise than in a file, so that there these run in a process of their
own: `python -m tests.races NAME`. Each race raises AssertionError where somebody was lost.
"""

import datetime as dt
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

BUSY_TIMEOUT = 20  # seconds: what a writer waits for another on SQLite


def _staff(name: str, role: str) -> Any:
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    from events import roles

    if not Group.objects.exists():
        roles.setup_roles()
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def _statement(slug: str) -> Any:
    from events.models import MediaContact, Statement

    item = Statement.objects.create(
        slug=slug, title_en="A statement", ready_en=True, standing_en="authentic",
        body_en="<p>The text.</p>", date=dt.date(2007, 10, 6), statement_kind="speech",
        released_before=False,
    )  # fmt: skip
    item.media_contacts.add(MediaContact.objects.create(name_en="Desk", email="d@example.org"))
    return item


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do all at the same time; return what each returned, or the exception it raised."""
    from django.db import connection

    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait()
            results[number] = act()
        except Exception as problem:
            results[number] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "somebody waits for ever"
    return results


def _refused(results: list[Any]) -> int:
    from events.publishing import Refused

    unexpected = [
        each for each in results if isinstance(each, Exception) and not isinstance(each, Refused)
    ]
    assert unexpected == [], unexpected
    return sum(isinstance(each, Refused) for each in results)


def saves_from_the_same_form() -> None:
    """One of two is kept, the other is refused: nobody is overwritten."""
    from events import editions, publishing

    item, one, two = _statement("a-statement"), _staff("one", "Writer"), _staff("two", "Writer")

    def save(by: Any) -> None:
        with publishing.saving(item, by, version=item.version) as record:
            record.title_en = f"By {by}"
            record.save()

    assert _refused(together(lambda: save(one), lambda: save(two))) == 1
    assert editions.of(item).count() == 1
    item.refresh_from_db()
    assert item.title_en == f"By {editions.of(item).get().by_name}"
    assert editions.check_chain(item) == []


def applied_twice() -> None:
    """Two officers press the same button: the change is applied once."""
    from events import editions, publishing

    item, writer = _statement("a-statement"), _staff("writer", "Writer")
    one, two = _staff("one", "Press officer"), _staff("two", "Press officer")
    with publishing.saving(item, writer) as record:
        record.save()
    publishing.release_now(publishing.submit(item, writer), one)
    content = editions.snapshot(type(item).objects.get())
    content["fields"]["title_en"] = "Corrected"
    change = publishing.propose(item, content, writer, "correction", {"en": "A note."})
    results = together(
        lambda: publishing.apply_change(change, one), lambda: publishing.apply_change(change, two)
    )
    assert _refused(results) == 1
    numbers = list(editions.of(item).values_list("number", "action"))
    assert numbers == [(1, "save"), (2, "submit"), (3, "release_now"), (4, "apply_change")]


def edit_against_approval() -> None:
    """Whichever comes first, what is approved is what the approver stood behind."""
    from events import editions, publishing
    from events.models import Statement

    item, writer = _statement("a-statement"), _staff("writer", "Writer")
    one, two = _staff("one", "Press officer"), _staff("two", "Press officer")
    with publishing.saving(item, writer) as record:
        record.save()
    item = publishing.submit(item, writer)

    def edit() -> None:
        with publishing.saving(item, two) as record:
            record.title_en = "Slipped in"
            record.save()

    results = together(edit, lambda: publishing.approve(item, one, _in_an_hour()))
    held = Statement.objects.get()
    acts = list(editions.of(held).values_list("action", flat=True))
    # After the approval the edit is refused; before it, the approver confirms the mended text.
    assert _refused(results) == (acts[-1] == "approve" and "save" not in acts[2:-1])
    assert (held.title_en == "Slipped in") == ("save" in acts[2:])
    assert acts[-1] == "approve"
    assert editions.check_chain(held) == []


def shown_change_holds_nobody_up() -> None:
    """Somebody looks at a proposal while another saves: the other waits, and is not refused."""
    from events import editions, publishing

    item, writer = _statement("a-statement"), _staff("writer", "Writer")
    one = _staff("one", "Press officer")
    with publishing.saving(item, writer) as record:
        record.save()
    publishing.release_now(publishing.submit(item, writer), one)
    content = editions.snapshot(type(item).objects.get())
    content["fields"]["title_en"] = "Only shown"
    other, took = _statement("another-statement"), []

    def look() -> None:
        with publishing.showing(item, content):
            time.sleep(1)  # a slow page

    def save() -> None:
        time.sleep(0.2)
        start = time.monotonic()
        with publishing.saving(other, writer) as record:
            record.title_en = "Saved meanwhile"
            record.save()
        took.append(time.monotonic() - start)

    assert _refused(together(look, save)) == 0
    assert took[0] < BUSY_TIMEOUT
    item.refresh_from_db()
    other.refresh_from_db()
    assert (item.title_en, other.title_en) == ("A statement", "Saved meanwhile")


def mailed_by_two_processes() -> None:
    """Two send what is due at the same time: everybody gets one message."""
    from django.core import mail
    from django.test import override_settings

    from events import notifications, publishing
    from events.models import Notification

    item, writer = _statement("a-statement"), _staff("writer", "Writer")
    officers = [_staff(f"officer-{number}", "Press officer") for number in range(6)]
    with publishing.saving(item, writer) as record:
        record.save()
    publishing.submit(item, writer)
    for officer in officers:
        officer.email = f"{officer}@example.org"
        officer.save()
    Notification.objects.update(mailed_at=None)

    def send() -> int:
        return notifications.send(notifications.people_to_mail())

    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        results = together(send, send)
    assert (_refused(results), sum(results)) == (0, 6)
    assert sorted(message.to[0] for message in mail.outbox) == [
        f"officer-{number}@example.org" for number in range(6)
    ]


def audit_trail_of_many() -> None:
    """Whoever writes at the same time gets one place each in one chain."""
    from django.db import transaction

    from events import audit
    from events.models import AuditHead, AuditLink

    def write(name: str) -> None:
        for number in range(5):
            with transaction.atomic():
                audit.note("read", by=name, number=number)

    names = [f"writer {number}" for number in range(6)]
    assert together(*(lambda name=name: write(name) for name in names)) == [None] * 6  # type: ignore[misc]
    assert audit.check() == []
    found = AuditLink.objects.values_list("entry__by_name", flat=True)
    assert sorted(found) == sorted(names * 5)
    assert AuditHead.objects.get().count == 30


def _in_an_hour() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(hours=1)


RACES = (
    saves_from_the_same_form, applied_twice, edit_against_approval, shown_change_holds_nobody_up,
    mailed_by_two_processes, audit_trail_of_many,
)  # fmt: skip


def main(name: str) -> None:
    """Run one race in the database that DATABASE_URL names, which is empty."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressoffice.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    next(race for race in RACES if race.__name__ == name)()


if __name__ == "__main__":
    main(sys.argv[1])
