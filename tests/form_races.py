"""Two people at the same form at once, through the staff door: run by test_admin_keep.py on both
databases, as tests/races.py has it. `python -m tests.form_races NAME` in a database of its own."""

import os
import sys
from typing import Any

from .races import _staff, _statement, together


def _at_the_desk(user: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client


def two_saves_of_one_form() -> None:
    """One is stored, the other is shown with both texts, and goes through when sent again."""
    from django.urls import reverse

    from events import editions, publishing
    from events.models import Statement

    from .test_admin import fields

    item, founder = _statement("a-statement"), _staff("founder", "Writer")
    with publishing.saving(item, founder) as record:
        record.save()
    address = reverse("admin:events_statement_change", args=[item.pk])
    desks = {name: _at_the_desk(_staff(name, "Writer")) for name in ("one", "two")}
    sent = {
        name: fields(desk.get(address)) | {"title_en": f"By {name}", f"place_{lang}": name}
        for (name, desk), lang in zip(desks.items(), ("en", "ru"), strict=True)
    }
    answers = together(*(lambda name=name: desks[name].post(address, sent[name]) for name in sent))
    assert sorted(answer.status_code for answer in answers) == [200, 302], answers
    held = Statement.objects.get()
    loser = next(name for name in sent if held.title_en != f"By {name}")
    late = answers[list(sent).index(loser)]
    page = late.content.decode()
    assert f"By {loser}" in page
    assert held.title_en in page
    assert desks[loser].post(address, fields(late)).status_code == 302
    held.refresh_from_db()
    # Where both wrote, the later one decided; where only one did, nothing is lost.
    assert (held.title_en, held.place_en, held.place_ru) == (f"By {loser}", "one", "two")
    assert [each.by_name for each in editions.of(held)][-1] == loser
    assert editions.check_chain(held) == []


def one_add_form_sent_twice() -> None:
    """A double click reaches two processes at once: one record, and both are led to it."""
    from django.urls import reverse

    from events import editions
    from events.models import Statement

    from .test_admin import fields

    address = reverse("admin:events_statement_add")
    user = _staff("one", "Writer")
    data = fields(_at_the_desk(user).get(address)) | {
        "slug": "sent-twice", "statement_kind": "speech", "date": "2026-10-06",
        "date_precision": "day", "reliability": "as_published", "title_en": "Sent twice",
        "ready_en": "on", "standing_en": "authentic", "released_before": "False",
        "_continue": "Save",
    }  # fmt: skip
    desks = [_at_the_desk(user), _at_the_desk(user)]
    answers = together(*(lambda desk=desk: desk.post(address, data) for desk in desks))
    held = Statement.objects.get()
    led_to = {getattr(answer, "url", answer) for answer in answers}
    assert led_to == {reverse("admin:events_statement_change", args=[held.pk])}, answers
    assert editions.of(held).count() == 1


RACES = (two_saves_of_one_form, one_add_form_sent_twice)


def main(name: str) -> None:
    """Run one race in the database that DATABASE_URL names, which is empty."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressoffice.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import override_settings, setup_test_environment

    setup_test_environment()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        next(race for race in RACES if race.__name__ == name)()


if __name__ == "__main__":
    main(sys.argv[1])
