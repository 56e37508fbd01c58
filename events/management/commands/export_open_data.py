"""`manage.py export_open_data`: the whole public record as data, to be downloaded."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from events.exporting import dumps
from events.exporting.folder import Unwilling


class Command(BaseCommand):
    help = (
        "Put the whole public record on the shelf as JSON Lines, CSV and IPTC ninjs, with checksums"
        " and a description; readers download it at /api/v1/dumps/. A retraction closes older ones."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--bom", action="store_true",
            help="begin tables with a byte order mark, for spreadsheets that need one",
        )  # fmt: skip
        parser.add_argument("--keep", type=int, default=3, help="how many dumps stay (3)")

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(unit="record", leave=False, disable=not self.stderr.isatty()) as bar:
            try:
                dump = dumps.make(
                    bom=options["bom"], keep=max(1, options["keep"]), progress=bar.update
                )
            except (Unwilling, OSError) as problem:
                raise CommandError(str(problem)) from problem
        files = dump.manifest()["files"]
        size = sum(each["bytes"] for each in files) / 1e6
        self.stdout.write(f"{len(files)} files, {size:.1f} MB, in {dump.path}.")
