"""`manage.py unlock_account NAME`: it can sign in again."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError

from events import roles
from events.signin import locking


class Command(BaseCommand):
    help = "Unlock an account: it can sign in again, with the password and factors that it has."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("name", help="the account's name")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        account = get_user_model()._default_manager.filter(username=name).first()
        if account is None:
            raise CommandError(f"There is no account called {name}.")
        locking.unlock(account, roles.CONSOLE)
        self.stdout.write(f"Unlocked {name}.")
