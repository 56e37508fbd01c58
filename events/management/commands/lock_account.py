"""`manage.py lock_account NAME`: it cannot sign in, and its sessions end."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError

from events import roles
from events.signin import locking


class Command(BaseCommand):
    help = (
        "Lock an account: it cannot sign in, its sessions end, and the preview links that it made "
        "open nothing any more."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("name", help="the account's name")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        account = get_user_model()._default_manager.filter(username=name).first()
        if account is None:
            raise CommandError(f"There is no account called {name}.")
        links = locking.lock(account, roles.CONSOLE)
        self.stdout.write(
            f"Locked {name}: its sessions have ended, {links} of its preview links were revoked."
        )
