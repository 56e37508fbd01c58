"""Every public route on one screen."""

from django.urls import path

from . import cards, feeds, history, home, items, ledger, lists, machine, reference

app_name = "public"

# Below /<language>/.
urlpatterns = [
    path("", home.home, name="home"),
    path("events/", lists.events, name="events"),
    path("events/<int:year>/", lists.events_year, name="events_year"),
    path("events/<int:year>/<int:month>/", lists.events_month, name="events_month"),
    path("events/<slug:slug>/", items.event, name="event"),
    path("events/<slug:slug>/history/", history.event_history, name="event_history"),
    path("statements/", lists.statements, name="statements"),
    path("statements/<slug:slug>/", items.statement, name="statement"),
    path("statements/<slug:slug>/history/", history.statement_history, name="statement_history"),
    path("quotes/", ledger.quotes, name="quotes"),
    path("quotes/<uuid:uid>/", items.quote, name="quote"),
    path("outcomes/", ledger.outcomes, name="outcomes"),
    path("outcomes/<uuid:uid>/", ledger.outcome, name="outcome"),
    path("people/", reference.people, name="people"),
    path("people/<slug:slug>/", reference.person, name="person"),
    path("organisations/", reference.organisations, name="organisations"),
    path("organisations/<slug:slug>/", reference.organisation, name="organisation"),
    path("countries/", reference.countries, name="countries"),
    path("countries/<slug:iso2>/", reference.country, name="country"),
    path("topics/", reference.topics, name="topics"),
    path("topics/<slug:slug>/", reference.topic, name="topic"),
    path("series/<slug:slug>/", reference.series, name="series"),
    path("feeds/", home.feeds, name="feeds"),
    path("feeds/<slug:name>.<slug:ext>", feeds.feed, name="feed"),
    path("contacts/", home.contacts_page, name="contacts"),
]

# Addresses without a language.
root_patterns = [
    path("", home.root, name="root"),
    path("cards/<slug:language>/<uuid:uid>-<int:number>.png", cards.card, name="card"),
    path("robots.txt", machine.robots, name="robots"),
    path(".well-known/security.txt", machine.security_txt, name="security_txt"),
    path("healthz", machine.healthz, name="healthz"),
    path("readyz", machine.readyz, name="readyz"),
]
