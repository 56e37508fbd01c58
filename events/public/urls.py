"""Every public route on one screen."""

from django.urls import path

from . import feeds, history, machine, reference, views

app_name = "public"

# Below /<language>/.
urlpatterns = [
    path("", views.home, name="home"),
    path("events/", views.events, name="events"),
    path("events/<int:year>/", views.events_year, name="events_year"),
    path("events/<int:year>/<int:month>/", views.events_month, name="events_month"),
    path("events/<slug:slug>/", views.event, name="event"),
    path("events/<slug:slug>/history/", history.event_history, name="event_history"),
    path("statements/", views.statements, name="statements"),
    path("statements/<slug:slug>/", views.statement, name="statement"),
    path("statements/<slug:slug>/history/", history.statement_history, name="statement_history"),
    path("quotes/", views.quotes, name="quotes"),
    path("quotes/<uuid:uid>/", views.quote, name="quote"),
    path("outcomes/", views.outcomes, name="outcomes"),
    path("outcomes/<uuid:uid>/", views.outcome, name="outcome"),
    path("people/", reference.people, name="people"),
    path("people/<slug:slug>/", reference.person, name="person"),
    path("organisations/", reference.organisations, name="organisations"),
    path("organisations/<slug:slug>/", reference.organisation, name="organisation"),
    path("countries/", reference.countries, name="countries"),
    path("countries/<slug:iso2>/", reference.country, name="country"),
    path("topics/", reference.topics, name="topics"),
    path("topics/<slug:slug>/", reference.topic, name="topic"),
    path("series/<slug:slug>/", reference.series, name="series"),
    path("feeds/", views.feeds, name="feeds"),
    path("feeds/<slug:name>.<slug:ext>", feeds.feed, name="feed"),
    path("contacts/", views.contacts_page, name="contacts"),
]

# Addresses without a language.
root_patterns = [
    path("", views.root, name="root"),
    path("robots.txt", machine.robots, name="robots"),
    path(".well-known/security.txt", machine.security_txt, name="security_txt"),
    path("healthz", machine.healthz, name="healthz"),
    path("readyz", machine.readyz, name="readyz"),
]
