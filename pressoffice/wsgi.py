"""What a WSGI server serves, finished pages first: `gunicorn pressoffice.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressoffice.settings")

_house = get_wsgi_application()

# Known once Django is set up.
from events.public.front import Front  # noqa: E402

from .logs import Numbered  # noqa: E402

application = Numbered(Front(_house))
