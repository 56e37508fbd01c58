"""`manage.py send_mail`: what people are to be told by e-mail and were not yet."""

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from events import notifications


class Command(BaseCommand):
    help = "Send the e-mail that fell due, such as that an item is out, or was not taken before."

    def handle(self, *args: Any, **options: Any) -> None:
        people = notifications.people_to_mail()
        sent = notifications.send(tqdm(people, desc="e-mail", disable=None, leave=False))
        left = len(notifications.people_to_mail())
        self.stdout.write(f"E-mails sent: {sent}; people still to be told: {left}.")
