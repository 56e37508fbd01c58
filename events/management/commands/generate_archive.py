"""`manage.py generate_archive N`: an archive of a ministry that there is not."""

import os
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils.dateparse import parse_date
from tqdm import tqdm

from events import visibility
from events.examplia import archive


def _day(text: str) -> date:
    if (day := parse_date(text)) is None:
        raise ValueError
    return day


class Command(BaseCommand):
    help = (
        "Fill an empty database with the archive of Examplia, a ministry that there is not: events,"
        " statements, quotes and outcomes in all languages, with their editions, known to lists,"
        " counts and search. The same seed gives the same archive."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("number", type=int, help="how many publications")
        parser.add_argument("--seed", type=int, default=1, help="another seed, another archive")
        parser.add_argument("--until", type=_day, help="its last day, today by default")
        parser.add_argument("--photos", type=int, default=0, help="how many photos to draw")
        parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 4))
        parser.add_argument("--into-existing", action="store_true",
                            help="beside what people wrote")  # fmt: skip
        parser.add_argument("--on-a-public-site", action="store_true",
                            help="although readers come here")  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PUBLIC and not options["on_a_public_site"]:
            raise CommandError("Invented texts are not for a public site (--on-a-public-site).")
        if options["number"] < 1:
            raise CommandError("An archive has at least one publication.")
        until = options["until"] or visibility.clock().date()

        def progress(rows: Any, **told: Any) -> Any:
            return tqdm(rows, leave=False, disable=not self.stderr.isatty(), **told)

        try:
            archive.refuse_others(options["into_existing"])
        except archive.NotEmpty as problem:
            raise CommandError(str(problem)) from problem
        archive.generate(
            options["number"], options["seed"], until, options["photos"], options["processes"],
            progress,
        )  # fmt: skip
        self.stdout.write(f"Examplia has {options['number']} publications until {until}.")
