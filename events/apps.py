"""The Django application of the press office."""

from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Names the application, and lets each sign-in begin a session that stands."""

    default = True
    name = "events"
    verbose_name = _("Press office")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Django says when somebody has signed in, whichever way that was."""
        from django.contrib.auth.signals import user_logged_in

        user_logged_in.connect(_signed_in, dispatch_uid="events.signin")


def _signed_in(request: Any, user: Any, **kwargs: Any) -> None:
    from .signin import standing

    standing.begin(request, user)


class DeskConfig(AdminConfig):
    """The stock admin with our site class: its index is the desk."""

    default = False
    default_site = "events.desk.Desk"
