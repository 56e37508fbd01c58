"""Check every record's chain of editions, and the audit trail's."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from events import audit, editions
from events.models import RECORDED


class Command(BaseCommand):
    """Names the first broken link or cut tail of each record that has one."""

    help = "Check that no edition was changed, removed or cut off, and no record changed without."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one sentence; exit 1 with the broken ones."""
        checked, problems, broken = 0, [], set()
        for model in RECORDED:
            rows = model._default_manager.order_by("pk")
            name = str(model._meta.verbose_name_plural)
            for record in tqdm(
                rows.iterator(), total=rows.count(), desc=name, disable=None, leave=False
            ):
                if found := editions.check_chain(record):
                    broken.add(record.pk)
                    problems += found
                checked += 1
        problems += audit.check(broken)
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write(f"{checked} records checked; every edition is in its place.")
