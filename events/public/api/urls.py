"""Every page's JSON twin: the page's own address with .json. Below /<language>/."""

from django.urls import path

from . import twins as data

twins = [
    path("index.json", data.index, name="home_json"),
    path("events.json", data.events, name="events_json"),
    path("events/<int:year>.json", data.events, name="events_year_json"),
    path("events/<int:year>/<int:month>.json", data.events, name="events_month_json"),
    path("events/<slug:slug>.json", data.event, name="event_json"),
    path("events/<slug:slug>/history.json", data.event_history, name="event_history_json"),
    path("statements.json", data.statements, name="statements_json"),
    path("statements/<int:year>.json", data.statements, name="statements_year_json"),
    path("statements/<int:year>/<int:month>.json", data.statements, name="statements_month_json"),
    path("statements/<slug:slug>.json", data.statement, name="statement_json"),
    path(
        "statements/<slug:slug>/history.json", data.statement_history,
        name="statement_history_json",
    ),
    path("quotes.json", data.quotes, name="quotes_json"),
    path("quotes/<uuid:uid>.json", data.quote, name="quote_json"),
    path("outcomes.json", data.outcomes, name="outcomes_json"),
    path("outcomes/<uuid:uid>.json", data.outcome, name="outcome_json"),
    path("people.json", data.people, name="people_json"),
    path("people/<slug:address>.json", data.person, name="person_json"),
    path("organisations.json", data.organisations, name="organisations_json"),
    path("organisations/<slug:address>.json", data.organisation, name="organisation_json"),
    path("countries.json", data.countries, name="countries_json"),
    path("countries/<slug:address>.json", data.country, name="country_json"),
    path("topics.json", data.topics, name="topics_json"),
    path("topics/<slug:address>.json", data.topic, name="topic_json"),
    path("series.json", data.series_list, name="series_list_json"),
    path("series/<slug:address>.json", data.series, name="series_json"),
    path("search.json", data.found, name="search_json"),
    path("feeds.json", data.feeds, name="feeds_json"),
    path("contacts.json", data.contacts, name="contacts_json"),
    path("api.json", data.api, name="api_json"),
]  # fmt: skip
