"""The Django application of the press office."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Names the application; it connects no signals and does nothing at start-up."""

    name = "events"
    verbose_name = _("Press office")
    default_auto_field = "django.db.models.BigAutoField"
