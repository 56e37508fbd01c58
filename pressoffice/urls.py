"""Every door of the site: the public one, the staff's, and the balancer's."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from events.admin import refusals
from events.admin.accounts import accounts_patterns
from events.admin.preview import preview_patterns
from events.admin.rehearsal import rehearsal_patterns
from events.public import home
from events.public.urls import root_patterns

from . import doors

urlpatterns = [
    path("accounts/", include(accounts_patterns)),
    path("admin/", admin.site.urls),
    path("preview/", include((preview_patterns, "preview"))),
    path("rehearsal/", include((rehearsal_patterns, "rehearsal"))),
    *root_patterns,
    *i18n_patterns(path("", include("events.public.urls"))),
]

handler400 = home.bad_request
handler403 = refusals.forbidden
handler404 = home.not_found
handler500 = doors.server_error
