"""Everything that was said, by speaker, year, topic and country."""

from babel.numbers import format_decimal
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import dates
from ..facets import COUNTED
from ..models import Quote
from . import browsing
from .filters import MarkedFilter, MarkFilter
from .listing import Listing, Shown
from .metadata import page
from .pages import public_page
from .paging import page_of
from .rows import with_quotes


class QuoteFilter(MarkedFilter):
    """The filters of "All quotes"."""

    person = MarkFilter(label=gettext_lazy("Speaker"))
    year = MarkFilter(label=gettext_lazy("Year"))
    topic = MarkFilter(label=gettext_lazy("Topic"))
    country = MarkFilter(label=gettext_lazy("Country"))


QUOTES = Listing(Quote, "quotes", QuoteFilter, "statement__date", False, {})


def _counted(number: int | None) -> str:
    many = COUNTED if number is None else number
    shown = {"number": format_decimal(many, locale=dates.locale())}
    if number is None:
        return ngettext("more than %(number)s quote", "more than %(number)s quotes", many) % shown
    return ngettext("%(number)s quote", "%(number)s quotes", many) % shown


@public_page(*QUOTES.known)
def quotes(request: HttpRequest) -> HttpResponse:
    """All quotes, the latest first, or those that the filters leave."""
    shown = Shown(QUOTES, request.GET, None)
    names = browsing.choices(shown)
    listed = page_of(
        with_quotes(shown.narrowed()), QUOTES.key, request.GET,
        ascending=shown.sort == "oldest", back=True,
    )  # fmt: skip
    sorts = {"newest": _("Newest first"), "oldest": _("Oldest first")}
    return page(
        request, "public/quotes.html", "quotes", page=listed, total=_counted(shown.total()),
        **browsing.context(shown, names, _("All quotes"), sorts),
    )  # fmt: skip
