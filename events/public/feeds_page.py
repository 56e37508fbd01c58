"""The page that explains feeds to a person, and builds the address of one from filters."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from . import browsing, calendar
from .feeds_sources import LISTS, understood
from .ledger import OUTCOMES, Ledger
from .listing import Listing, Shown
from .lists import TYPED
from .metadata import FEEDS, FORMATS, feed_link, feed_name, list_feeds, page
from .pages import BadRequest, public_page

# What the form itself asks; all else are filters of the chosen list.
OWN = ("of", "format")
_KNOWN = tuple({*OWN, *(name for each in LISTS.values() for name in understood(each))})


def _one_of(params: QueryDict, name: str, values: Iterable[str]) -> str:
    """One of the form's own choices, the first where none is made. Raises BadRequest."""
    value: str = params.get(name, "") or next(iter(values))
    if value not in values:
        raise BadRequest(_("Unknown parameter: %(names)s") % {"names": f"{name}={value}"[:100]})
    return value


def _shown(listing: Listing, params: QueryDict) -> Shown:
    """The list that is chosen, with what is chosen in it. Raises BadRequest for the filters of
    another list."""
    given = params.copy()
    for name in OWN:
        given.pop(name, None)
    if unknown := sorted(set(given) - set(understood(listing))):
        raise BadRequest(_("Unknown parameter: %(names)s") % {"names": ", ".join(unknown)[:100]})
    return (Ledger if listing is OUTCOMES else Shown)(listing, given, None)


def _fields(shown: Shown) -> list[Any]:
    """The filters to choose from. One query."""
    fields = browsing.fields(shown, browsing.choices(shown), TYPED)
    return [each for each in fields if each.name in shown.filter.base_filters]


@public_page(*_KNOWN)
def feeds(request: HttpRequest) -> HttpResponse:
    """What there is, what it is for, and the address of whatever is put together in the form."""
    of = _one_of(request.GET, "of", tuple(LISTS))
    form = _one_of(request.GET, "format", tuple(FORMATS))
    shown = _shown(LISTS[of], request.GET)
    found = list_feeds(of, shown.query())
    built = "format" in request.GET and shown.is_valid
    names = [feed_name(name) for name in FEEDS]
    return page(
        request, "public/feeds.html", "feeds",
        every=[
            {"name": name, "links": [feed_link(key, each) for each in FORMATS]}
            for key, name in zip(FEEDS, names, strict=True)
        ],
        of=of, form=form, forms=[(key, name) for key, (name, _type) in FORMATS.items()],
        kinds=[
            {"name": feed_name(key), "current": key == of, "url": f"?of={key}#build"}
            for key in LISTS
        ],
        fields=_fields(shown), when=shown.when, has_when=bool(shown.listing.when),
        built=next(each for each in found if each.form == form) if built else None,
        others=[each for each in found if each.form != form] if built else [],
        list_url=reverse(f"public:{of}") + shown.query(), list_name=feed_name(of),
        calendar=calendar.of_all(),
        same=calendar.of_list(shown) if built and of == "events" else None,
    )  # fmt: skip
