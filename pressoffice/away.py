"""What nginx says while no app host answers: `python -m pressoffice.away`, after each
collectstatic, since the pages name the stylesheet of this build.

They are the press office's own answers while its database is away: a page in each language, and a
problem for programs, in VAR_DIR/away. See deploy/pressoffice.nginx.conf.
"""

import os
from pathlib import Path

import django
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def write() -> list[Path]:
    """Write the pages, and the problem; return what was written."""
    from events.public.away import unavailable

    place = settings.VAR_DIR / "away"
    place.mkdir(mode=0o755, parents=True, exist_ok=True)
    addresses = {f"{code}.html": f"/{code}/" for code, _name in settings.LANGUAGES}
    written = []
    for name, address in (addresses | {"problem.json": "/api/"}).items():
        request = HttpRequest()
        request.path = request.path_info = address
        language = address[1:3] if name.endswith(".html") else settings.LANGUAGE_CODE
        with translation.override(language):
            (place / name).write_bytes(unavailable(request).content)
        written.append(place / name)
    return written


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressoffice.settings")
    django.setup()
    write()
