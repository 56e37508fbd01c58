"""`manage.py make_renditions`: make the widths and forms in which readers get photos."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from events.files import renditions
from events.models import Photo


class Command(BaseCommand):
    help = (
        "Make the widths and forms in which readers get photos. With --missing, only those that"
        " are not there, as after a crash."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--missing", action="store_true", help="only what is not there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        photos = Photo.objects.order_by("uid")
        failed, made = [], 0
        shown = tqdm(photos.iterator(100), total=photos.count(), unit="photo", leave=False,
                     disable=not self.stderr.isatty())  # fmt: skip
        for photo in shown:
            try:
                made += renditions.make(photo, anew=not options["missing"])
            except (OSError, ValidationError) as problem:
                failed.append(f"{photo.pk}: {problem}")
        self.stdout.write(f"Made {made} renditions.")
        if failed:
            raise CommandError("No renditions of these photos:\n" + "\n".join(failed))
