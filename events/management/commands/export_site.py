"""`manage.py export_site`: the whole public site as files that any browser opens."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from events.exporting import folder, site


class Command(BaseCommand):
    help = (
        "Write the whole public site, in every language, into a folder of plain files: pages that"
        " lead from one to the other without this software, pictures, documents and feeds."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--to", required=True, type=Path, help="a folder, new or empty")
        parser.add_argument("--force", action="store_true", help="replace what is there")

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(unit="file", leave=False, disable=not self.stderr.isatty()) as bar:
            try:
                done = site.copy_site(options["to"], force=options["force"], progress=bar.update)
            except (folder.Unwilling, OSError) as problem:
                raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"{done.pages} pages and {done.files} files, {done.bytes / 1e6:.1f} MB, in"
            f" {options['to']}. Open index.html."
        )
        for address in done.broken:
            self.stderr.write(f"Linked to, and not there: {address}")
