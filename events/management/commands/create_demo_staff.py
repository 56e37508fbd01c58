"""`manage.py create_demo_staff`: somebody in every role, to try the office with."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from events.languages import slugify
from events.roles import ROLES

# Two people stand behind every public word, so one press officer would be able to publish nothing.
PEOPLE_PER_ROLE = {"Press officer": 2}


class Command(BaseCommand):
    help = (
        "Create one demo account per role, two press officers, with random passwords kept in "
        "demo-staff.txt beside the database. Accounts that exist are left as they are."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PUBLIC:
            raise CommandError("Demo accounts are for this machine alone, not for a public site.")
        path = settings.VAR_DIR / "demo-staff.txt"
        created = [
            line
            for role in ROLES
            for number in range(1, PEOPLE_PER_ROLE.get(role, 1) + 1)
            if (line := self.create(role, number, path))
        ]
        for line in created:
            self.stdout.write(f"  {line}")
        self.stdout.write(
            f"Created {len(created)} demo accounts; user, password and role are in {path}."
            if created
            else f"Demo accounts exist already; their passwords are in {path}."
        )

    def create(self, role: str, number: int, path: Path) -> str:
        """Create one account and return its line in the file; "" where it exists."""
        username = slugify(role) + (str(number) if PEOPLE_PER_ROLE.get(role, 1) > 1 else "")
        accounts = get_user_model()._default_manager
        if accounts.filter(username=username).exists():
            return ""
        password = secrets.token_urlsafe(12)
        line = f"{username} {password} {role}"
        # Kept within the transaction: an account never exists without its password being known.
        with transaction.atomic():
            user = accounts.create_user(username, password=password, is_staff=True)
            user.groups.add(Group.objects.get(name=role))
            keep(path, username, line)
        return line


def keep(path: Path, username: str, line: str) -> None:
    """Put the account's line into the file, in place of one from an earlier database."""
    path.parent.mkdir(parents=True, exist_ok=True)
    earlier = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    lines = [each for each in earlier if not each.startswith(f"{username} ")] + [line]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.writelines(f"{each}\n" for each in lines)
