"""The Django application of the press office."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Names the application; it connects no signals and does nothing at start-up."""

    default = True
    name = "events"
    verbose_name = _("Press office")
    default_auto_field = "django.db.models.BigAutoField"


class DeskConfig(AdminConfig):
    """The stock admin with our site class: its index is the desk."""

    default = False
    default_site = "events.desk.Desk"
