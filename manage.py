#!/usr/bin/env python3
"""The press office on the command line: `./manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressoffice.settings")
    try:
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError as problem:
        sys.exit(
            f"{problem.name} is not installed for {sys.executable}. `make run` makes an "
            "environment with everything in it: then use .venv/bin/python manage.py …"
        )
    try:
        # The first access reads the settings. Whoever runs the office sees the sentence that says
        # what to decide, not thirty lines of traceback above it.
        settings.configured or settings.INSTALLED_APPS  # noqa: B018 - read for its effect
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
