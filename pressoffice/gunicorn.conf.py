"""How gunicorn serves the site: `gunicorn -c pressoffice/gunicorn.conf.py pressoffice.wsgi`."""

import os
import sys
from pathlib import Path

from gunicorn.http.wsgi import Response

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressoffice.settings")
# Readers are not kept waiting longer: seconds.
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT", "10")

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"

# Threads, because a request waits for the database more than it computes; two processes, so that
# one may be restarted.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)

# The heartbeat file in memory: on a busy disk a worker would look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# Nobody steers the server through a socket in somebody's home directory.
control_socket_disable = True

timeout = 30
graceful_timeout = 20
# A proxy keeps its connections open a little longer than its own idle time.
keepalive = 75
errorlog = "-"
# Its own lines as the house writes them.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "pressoffice.logs.JSONLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        name: {"handlers": [], "level": "INFO", "propagate": True}
        for name in ("gunicorn.error", "gunicorn.access")
    },
}

# Which server this is, and which version, helps nobody but whoever looks for its weaknesses.
_headers = Response.default_headers


def _without_a_banner(response):
    return [line for line in _headers(response) if not line.startswith("Server:")]


Response.default_headers = _without_a_banner


def on_starting(server):
    """Refuse in one place what the settings refuse, rather than in every worker again and again."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        settings.INSTALLED_APPS  # noqa: B018 - read for its effect
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))


def when_ready(server):
    """Say where to look, once there is something to see."""
    from django.conf import settings

    lines = ["", "The press office is open; Ctrl+C closes it.", ""]
    lines += [f"  {settings.SITE_URL}/{code}/    {name}" for code, name in settings.LANGUAGES]
    staff = settings.VAR_DIR / "demo-staff.txt"
    accounts = f"accounts: {staff}" if staff.exists() else ""
    lines += [f"  {settings.SITE_URL}/admin/ {accounts}", ""]
    print("\n".join(lines), flush=True)  # noqa: T201
