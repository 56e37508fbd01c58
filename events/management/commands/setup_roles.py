"""`manage.py setup_roles`: the groups and their permissions, as events/roles.py has them."""

from typing import Any

from django.core.management import BaseCommand

from events.roles import setup_roles


class Command(BaseCommand):
    help = "Make the staff's groups hold the permissions that events/roles.py gives them."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Roles: {', '.join(setup_roles())}.")
