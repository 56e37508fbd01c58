"""`manage.py write_away`: what nginx says while no app host answers."""

import json
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import BaseCommand
from django.template.loader import render_to_string

AWAY = HTTPStatus.SERVICE_UNAVAILABLE


class Command(BaseCommand):
    help = (
        "Write the page, and the problem for programs, with which nginx answers while no app host"
        " does. After each collectstatic: the page names the stylesheet of this build."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        context = {
            "style": staticfiles_storage.url("css/site.css"),
            "office_name": settings.OFFICE_NAMES[settings.LANGUAGE_CODE],
        }
        problem = {"type": "about:blank", "title": AWAY.phrase, "status": AWAY}
        written = {
            "503.html": render_to_string("away.html", context),
            "503.json": json.dumps(problem, separators=(",", ":")),
        }
        place = settings.VAR_DIR / "away"
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
        for name, text in written.items():
            (place / name).write_text(text, encoding="utf-8")
        self.stdout.write(f"Wrote {' and '.join(written)} into {place}.")
