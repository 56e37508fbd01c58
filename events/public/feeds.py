"""RSS 2.0: the latest, the events, the statements, and all about a person, an organisation, a
country, a topic or a series; full text, identifiers that never change."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _

from .. import markup
from ..addresses import absolute
from ..languages import current
from ..models import (
    Country,
    Event,
    Organisation,
    Person,
    Publication,
    Series,
    Statement,
    Topic,
)  # fmt: skip
from . import connected, corrections
from .corrections import Told
from .metadata import FEEDS, FeedLink, feed_link, home_url, office_name, row_feed
from .pages import public_page

FEED_SIZE = 30
# The date of a feed in which nothing has been published.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FullTextRss(Rss201rev2Feed):
    """RSS with the whole text in content:encoded beside the summary."""

    def rss_attributes(self) -> dict[str, str]:
        """Declare the content module's namespace."""
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Add the full text after what RSS itself has."""
        super().add_item_elements(handler, item)
        if item["full_text"]:
            handler.addQuickElement("content:encoded", item["full_text"])


class PublicationFeed(Feed):
    """One feed: of the newest of `rows`, called and found as `link` says, beside the page at the
    path `of`. Addresses come from SITE_URL, not from the request."""

    feed_type = FullTextRss

    def __init__(self, link: FeedLink, of: str, rows: QuerySet[Any]) -> None:
        self.link, self.of, self.rows = link, of, rows

    def get_feed(self, obj: Any, request: HttpRequest) -> Any:
        """Build the feed without django.contrib.sites, whose table knows one host only."""
        rows = self.newest()
        told = corrections.grave_of_all(rows)
        moments = [when for row in rows for when in (row.published_at, row.corrected_at) if when]
        updated = max(moments, default=None)
        feed = self.feed_type(
            title=self.link.title,
            link=absolute(self.of),
            description=_("Events, statements, quotes and outcomes of %(office)s")
            % {"office": office_name()},
            language=current(),
            feed_url=self.link.address,
        )
        # From the content and never from the clock, so that unchanged means unchanged.
        feed.latest_post_date = lambda: updated or _EPOCH  # type: ignore[method-assign]
        for row in rows:
            changes = [each.plain for each in told.get(row.pk, ())]
            feed.add_item(
                title=row.title,
                link=absolute(row.get_absolute_url()),
                description="\n".join([*changes, row.summary or markup.to_text(row.body)[:500]]),
                unique_id=row.urn,
                unique_id_is_permalink=False,
                pubdate=row.published_at,
                categories=[topic.name for topic in row.topics.all()],
                full_text=self.full_text(row, told.get(row.pk, ())),
            )
        return feed

    def newest(self) -> list[Any]:
        """The newest of the rows; those without a text in this language come in the one they
        have, as their page does."""
        return list(self.rows.newest().prefetch_related("topics")[:FEED_SIZE])  # type: ignore[attr-defined]

    def full_text(self, row: Any, told: Sequence[Told]) -> str:
        """The safe HTML of the text, marked with its language, below what was corrected in it;
        "" where there is no text but the summary."""
        context = {"item": row, "told": told}
        return render_to_string("public/feed_item.html", context).strip() if row.body else ""

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The feed as a response."""
        response: HttpResponse = self(request)
        # syndication says when the newest row came; the state of the record says more.
        response.headers.pop("Last-Modified", None)
        return response


@public_page(by_state=True)
def feed(request: HttpRequest, name: str, ext: str) -> HttpResponse:
    """One of the feeds of this language. Raises Http404 for a name or format unknown."""
    if name not in FEEDS or ext != "rss":
        raise Http404
    model = {"events": Event, "statements": Statement}.get(name, Publication)
    return PublicationFeed(feed_link(name), home_url(), model.objects.public()).answer(request)


def _of(model: Any) -> Any:
    @public_page(by_state=True)
    def of_row(request: HttpRequest, address: str, ext: str) -> HttpResponse:
        """The events and statements that name one row. Raises Http404 for a row that nothing
        public names, as for one that never was."""
        if ext != "rss" or address != address.lower():
            raise Http404
        value = address.upper() if model is Country else address
        row = get_object_or_404(model.objects.public(), **{model.ADDRESS: value})
        rows = connected.naming(row)
        return PublicationFeed(row_feed(row), row.get_absolute_url(), rows).answer(request)

    return of_row


person, organisation, country, topic, series = (
    _of(model) for model in (Person, Organisation, Country, Topic, Series)
)
