"""The Django application of the press office."""

from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Names the application; at start-up it lets the audit trail hear who signs in, and each
    sign-in begin a session that stands."""

    default = True
    name = "events"
    verbose_name = _("Press office")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect to the signals of those who sign people in. There are none of our own."""
        from django.contrib.auth.signals import user_logged_in

        from .audit import hearing

        hearing.connect()
        user_logged_in.connect(_signed_in, dispatch_uid="events.signin")


def _signed_in(request: Any, user: Any, **_more: Any) -> None:
    from .signin import standing

    standing.begin(request, user)


class DeskConfig(AdminConfig):
    """The stock admin with our site class: its index is the desk."""

    default = False
    default_site = "events.desk.Desk"
