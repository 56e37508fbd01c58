"""`manage.py freeze`: nobody changes anything, everybody is signed out."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from events import publishing, roles


class Command(BaseCommand):
    help = (
        "Freeze the site: staff can read, and change nothing; all their sessions end. Readers' "
        "pages go on, and what is approved still goes out at its time."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--reason", required=True, help="why; everybody on the staff reads it")

    def handle(self, *args: Any, reason: str, **options: Any) -> None:
        try:
            publishing.freeze(roles.CONSOLE, reason)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write("Frozen: every session has ended. manage.py unfreeze lifts it.")
