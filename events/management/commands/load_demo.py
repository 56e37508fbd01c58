"""`manage.py load_demo`: the founding records, into an office that has none yet."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand, call_command

from events import indexing

FIXTURES = ("reference", "dushanbe-2007", "other-events")


class Command(BaseCommand):
    help = "Load the founding fixtures, unless the database already holds a publication."

    def handle(self, *args: Any, **options: Any) -> None:
        if apps.get_model("events", "Publication")._base_manager.exists():
            self.stdout.write("The office has records already; nothing was loaded.")
            return
        files = [settings.BASE_DIR / "fixtures" / f"{name}.json" for name in FIXTURES]
        call_command("loaddata", *files, verbosity=0)
        indexing.rebuild(indexing.everything())
        count = apps.get_model("events", "Publication")._base_manager.count()
        self.stdout.write(f"Loaded the founding records: {count} publications.")
