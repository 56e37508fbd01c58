"""`manage.py announce`: tell the hubs of WebSub what has become public since the last time."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from events import announcing, visibility


class Command(BaseCommand):
    help = (
        "Tell the hubs in WEBSUB_HUBS what was released, changed, withdrawn or retracted since the"
        " last time; from a timer, or for ever with --watch. Releases wait for none of it."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--watch", action="store_true", help="go on until stopped")
        parser.add_argument(
            "--every", type=float, default=1.0, help="seconds between looks, with --watch"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        if options["watch"]:
            for sign in (signal.SIGTERM, signal.SIGINT):
                signal.signal(sign, lambda *_: stop.set())
        if not settings.WEBSUB_HUBS:
            self.stdout.write("No hub is named in WEBSUB_HUBS; acts are noted, nobody is told.")
        self._once(stop, quiet=False)
        while options["watch"] and not stop.wait(max(0.2, options["every"])):
            try:
                self._once(stop, quiet=True)
            except DatabaseError as problem:  # it comes back, and what it missed is still there
                self.stderr.write(f"The database cannot be asked: {type(problem).__name__}.")
            close_old_connections()

    def _once(self, stop: threading.Event, *, quiet: bool) -> None:
        with visibility.at():
            found = announcing.find()
        sent = announcing.deliver(stop.is_set)
        if not quiet or found or sent != announcing.Sent():
            self.stdout.write(
                f"New public acts: {len(found)}; hubs told: {sent.accepted}; to be tried again:"
                f" {sent.failed}; given up: {sent.given_up}; waiting: {announcing.waiting()}."
            )
