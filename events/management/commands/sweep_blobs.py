"""`manage.py sweep_blobs`: find stored files that nothing names."""

from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from events.files import sweeping


class Command(BaseCommand):
    help = (
        "Find files in storage that no row, edition or proposed change names, as a killed process"
        " leaves them. Nothing is touched without --delete."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--delete", action="store_true", help="remove what is found")
        parser.add_argument(
            "--older-than", type=float, default=24, metavar="HOURS",
            help="leave what is younger than this (24): an upload may be under way",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        hours = options["older_than"]
        if not 1 <= hours <= 1_000_000:
            raise CommandError("--older-than takes at least 1 hour: an upload may be under way.")
        swept = sweeping.sweep(timedelta(hours=hours), act=options["delete"])
        for found in swept.strays:
            self.stdout.write(f"{found.name}  {_size(found.size)}")
        done = "Removed" if options["delete"] else "Found"
        size = _size(sum(each.size for each in swept.strays))
        self.stdout.write(f"{done} {len(swept.strays)} files that nothing names, {size}.")
        if swept.returned:
            put = "Put back" if options["delete"] else "To be put back"
            self.stdout.write(f"{put} into their place: {len(swept.returned)} files.")
        self.stdout.write(
            f"{swept.named} files are named and stay; {swept.young} are younger than {hours:g}"
            " hours and stay."
        )
        if swept.lost:
            raise CommandError(
                "These are named, and are not in storage:\n" + "\n".join(sorted(swept.lost))
            )
        if not options["delete"] and (swept.strays or swept.returned):
            self.stdout.write("Nothing was touched: --delete does it.")


def _size(size: int) -> str:
    return str(filesizeformat(size)).replace("\xa0", " ")
