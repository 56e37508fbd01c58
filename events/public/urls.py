"""Every public route on one screen."""

from django.urls import include, path

from . import (
    calendar,
    cards,
    dumps,
    feeds,
    feeds_page,
    history,
    home,
    items,
    ledger,
    lists,
    machine,
    media,
    oembed,
    paper,
    presskit,
    quotes,
    reference,
    search,
    sitemaps,
)  # fmt: skip
from .api import guide
from .api.routes import api_patterns
from .api.urls import twins

app_name = "public"

# Below /<language>/.
urlpatterns = [
    path("", home.home, name="home"),
    path("events/", lists.events, name="events"),
    path("events/calendar.ics", calendar.events, name="events_calendar"),
    path("events/feed.<slug:ext>", feeds.events, name="events_feed"),
    path("events/<int:year>/", lists.events_year, name="events_year"),
    path("events/<int:year>/<int:month>/", lists.events_month, name="events_month"),
    path("events/<slug:slug>/", items.event, name="event"),
    path("events/<slug:slug>/event.ics", calendar.event, name="event_calendar"),
    path("events/<slug:slug>/event.pdf", paper.event_pdf, name="event_pdf"),
    path("events/<slug:slug>/press-kit.zip", presskit.press_kit, name="press_kit"),
    path("events/<slug:slug>/history/", history.event_history, name="event_history"),
    path("statements/", lists.statements, name="statements"),
    path("statements/feed.<slug:ext>", feeds.statements, name="statements_feed"),
    path("statements/<int:year>/", lists.statements_year, name="statements_year"),
    path("statements/<int:year>/<int:month>/", lists.statements_month, name="statements_month"),
    path("statements/<slug:slug>/", items.statement, name="statement"),
    path("statements/<slug:slug>/statement.pdf", paper.statement_pdf, name="statement_pdf"),
    path("statements/<slug:slug>/history/", history.statement_history, name="statement_history"),
    path("quotes/", quotes.quotes, name="quotes"),
    path("quotes/feed.<slug:ext>", feeds.quotes, name="quotes_feed"),
    path("quotes/<uuid:uid>/", items.quote, name="quote"),
    path("quotes/<uuid:uid>/embed/", oembed.quote_embed, name="quote_embed"),
    path("outcomes/", ledger.outcomes, name="outcomes"),
    path("outcomes/feed.<slug:ext>", feeds.outcomes, name="outcomes_feed"),
    path("outcomes/<uuid:uid>/", ledger.outcome, name="outcome"),
    path("people/", reference.people, name="people"),
    path("people/<slug:slug>/", reference.person, name="person"),
    path("organisations/", reference.organisations, name="organisations"),
    path("organisations/<slug:slug>/", reference.organisation, name="organisation"),
    path("countries/", reference.countries, name="countries"),
    path("countries/<slug:iso2>/", reference.country, name="country"),
    path("topics/", reference.topics, name="topics"),
    path("topics/<slug:slug>/", reference.topic, name="topic"),
    path("series/", reference.series_list, name="series_list"),
    path("series/<slug:slug>/", reference.series, name="series"),
    path("search/", search.search, name="search"),
    path("search/feed.<slug:ext>", feeds.found, name="search_feed"),
    path("feeds/", feeds_page.feeds, name="feeds"),
    path("feeds/<slug:name>.<slug:ext>", feeds.feed, name="feed"),
    path("people/<slug:address>/feed.<slug:ext>", feeds.person, name="person_feed"),
    path(
        "organisations/<slug:address>/feed.<slug:ext>", feeds.organisation, name="organisation_feed"
    ),
    path("countries/<slug:address>/feed.<slug:ext>", feeds.country, name="country_feed"),
    path("topics/<slug:address>/feed.<slug:ext>", feeds.topic, name="topic_feed"),
    path("series/<slug:address>/feed.<slug:ext>", feeds.series, name="series_feed"),
    path("people/<slug:address>/calendar.ics", calendar.person, name="person_calendar"),
    path(
        "organisations/<slug:address>/calendar.ics",
        calendar.organisation,
        name="organisation_calendar",
    ),
    path("countries/<slug:address>/calendar.ics", calendar.country, name="country_calendar"),
    path("topics/<slug:address>/calendar.ics", calendar.topic, name="topic_calendar"),
    path("series/<slug:address>/calendar.ics", calendar.series, name="series_calendar"),
    path("contacts/", home.contacts_page, name="contacts"),
    path("api/", guide.guide, name="api"),
    *twins,
]

# Addresses without a language.
root_patterns = [
    path("", home.root, name="root"),
    path("files/<uuid:uid>/<str:name>", media.file, name="file"),
    path("photos/<uuid:uid>/<slug:version>/<slug:width>.<slug:form>", media.photo, name="photo"),
    path("cards/<slug:language>.png", cards.house_card, name="house_card"),
    path("cards/<slug:language>/<uuid:uid>-<int:number>.png", cards.card, name="card"),
    path("oembed", oembed.oembed, name="oembed"),
    path("api/v1/dumps/", dumps.listing, name="dumps"),
    path("api/v1/dumps/<slug:moment>/<str:name>", dumps.file, name="dump_file"),
    path("api/", include((api_patterns, "api"))),
    path("robots.txt", machine.robots, name="robots"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<slug:name>.xml", sitemaps.part, name="sitemap_part"),
    path("news-sitemap.xml", sitemaps.news, name="news_sitemap"),
    path("opensearch.xml", search.opensearch, name="opensearch"),
    path(".well-known/security.txt", machine.security_txt, name="security_txt"),
    path("healthz", machine.healthz, name="healthz"),
    path("readyz", machine.readyz, name="readyz"),
]
