"""`manage.py reindex`: derive lists, counts and search anew from the records."""

from typing import Any

from django.core.management import BaseCommand
from django.db import connection
from tqdm import tqdm

from events import indexing, search
from events.models import RECORDED


class Command(BaseCommand):
    help = (
        "Derive lists, counts and search anew from the records. Readers and editors go on"
        " meanwhile. With --missing, only what has no place in them yet."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--missing", action="store_true", help="only what is not there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["missing"] and not (indexing.unindexed().exists() or indexing.is_out_of_order()):
            return
        number = sum(model._default_manager.count() for model in RECORDED)
        records = tqdm(indexing.everything(), total=number, unit="record", leave=False,
                       disable=not self.stderr.isatty())  # fmt: skip
        wrong = indexing.rebuild(records)
        # Until the database has looked at what is in its tables, it looks for it in odd ways.
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        search.forget_lost()
        self.stdout.write(f"Derived anew from {number} records; {wrong} counts were wrong.")
