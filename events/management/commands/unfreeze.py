"""`manage.py unfreeze`: the freeze is lifted."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from events import publishing, roles


class Command(BaseCommand):
    help = "Lift the freeze of the site."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            publishing.unfreeze(roles.CONSOLE)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write("The freeze is lifted.")
