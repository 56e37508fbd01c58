"""What test_fourth_language.py runs in a process of its own, in a copy of the tree whose settings
name a fourth language: prints what each address answers, as JSON."""

import json
import os
import re
import sys
from typing import Any

import django

LANGUAGE = "kk-latn"
TITLE = "Ūjymdyq qauıpsızdık keŋesi"
ADDRESSES = ("", "events/", "events/feed.atom", "events/calendar.ics", "people/", "countries/",
             "search/?q=keŋesi", "feeds/latest.json", "statements/", "outcomes/", "quotes/",
             "contacts/")  # fmt: skip


def _written() -> Any:
    """An event of the fixture, given a title in the fourth language by the verbs; made public."""
    import datetime as dt

    from events import publishing, visibility
    from events.models import Event, MediaContact, Organisation
    from events.roles import FOUNDING_IMPORT

    event = Event(slug="tortinshi-til", title_en="A fourth language", title_kk_latn=TITLE,
                  ready_en=True, ready_kk_latn=True, standing_en="authentic",
                  standing_kk_latn="courtesy", date=dt.date(2026, 10, 6), event_kind="meeting",
                  until=dt.date(2026, 10, 6), released_before=False)  # fmt: skip
    with publishing.saving(event, FOUNDING_IMPORT):
        event.save()
        event.media_contacts.set(MediaContact.objects.all())
        event.organisations.set(Organisation.objects.filter(slug="csto"))
    with visibility.clock_set_to(lambda: dt.datetime(2026, 11, 2, tzinfo=dt.UTC)):
        publishing.release_now(publishing.submit(event, FOUNDING_IMPORT), FOUNDING_IMPORT)
    return event


def main() -> None:
    """Ask every door for the fourth language."""
    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.test import Client

    from events import editions, roles
    from events.models import RECORDED, Person

    settings.ALLOWED_HOSTS.append("testserver")
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    unsound = [problem for model in RECORDED for row in model._default_manager.all()
               for problem in editions.check_chain(row)]  # fmt: skip
    event = _written()
    client = Client()
    found = {}
    for address in (*ADDRESSES, f"events/{event.slug}/", f"events/{event.slug}/event.ics"):
        answer = client.get(f"/{LANGUAGE}/{address}")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = {
            "status": answer.status_code, "language": answer.headers.get("Content-Language"),
            "found": TITLE in body.decode() or event.slug in body.decode(),
            "marked": f'<html lang="{LANGUAGE}"' in body.decode(),
        }  # fmt: skip
    page = client.get(f"/{LANGUAGE}/events/{event.slug}/").content.decode()
    roles.setup_roles()
    writer = get_user_model().objects.create_user("writer", password="x" * 20, is_staff=True)
    writer.groups.add(Group.objects.get(name="Writer"))
    client.force_login(writer)
    client.cookies["language-admin"] = LANGUAGE
    form = client.get("/admin/events/event/add/").content.decode()
    json.dump({
        "unsound": unsound, "pages": found, "switch": ">Qazaqşa<" in page,
        "alternate": f'hreflang="{LANGUAGE}"' in page,
        "fields": all(f'name="{name}_kk_latn"' in form for name in ("title", "summary", "body",
                                                                    "ready", "standing")),
        "admin": f'lang="{LANGUAGE}"' in form,
        "in_order": not Person.objects.filter(letters_kk_latn="").exists(),
        # CLDR has no dates in these letters: those of the language that it is a form of.
        "written": "2026 ж. 6 қазан" in re.sub(r"\s", " ", page),
    }, sys.stdout)  # fmt: skip


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressoffice.settings")
    main()
