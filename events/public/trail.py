"""The way back from a page: the crumbs above it, which search engines are told too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..addresses import unprefixed
from ..templatetags.press import foreign

# What the list is called to which an item's page leads back.
LISTS = {
    "events": gettext_lazy("All events"), "statements": gettext_lazy("All statements"),
    "quotes": gettext_lazy("All quotes"), "outcomes": gettext_lazy("All outcomes"),
    "people": gettext_lazy("People"), "organisations": gettext_lazy("Organisations"),
    "countries": gettext_lazy("Countries"), "topics": gettext_lazy("Topics"),
    "series_list": gettext_lazy("All series"),
}  # fmt: skip
# The list above each page that is one of many; history and editions say it by their section.
ABOVE = {
    "public/event.html": "events", "public/statement.html": "statements",
    "public/quote.html": "quotes", "public/outcome.html": "outcomes",
    "public/person.html": "people", "public/organisation.html": "organisations",
    "public/country.html": "countries", "public/topic.html": "topics",
    "public/series.html": "series_list",
}  # fmt: skip
PAST = ("public/history.html", "public/edition.html")


@dataclass(frozen=True)
class Crumb:
    """A page on the way: `lang` is the language of its name where that is not the page's."""

    name: str
    url: str
    lang: str = ""


def crumbs(template: str, section: str, path: str, context: Mapping[str, Any]) -> list[Crumb]:
    """The pages above the one that a template makes, the front page first; it has none itself."""
    home = reverse("public:home")
    if unprefixed(path) == unprefixed(home):
        return []
    found = [Crumb(_("Home"), home)]
    route = section if template in PAST else ABOVE.get(template)
    if route:
        found.append(Crumb(str(LISTS[route]), reverse(f"public:{route}")))
    elif context.get("archive"):
        found.append(Crumb(context["list_name"], context["list_url"]))
    if template in PAST:
        record = context["record"]
        title, lang = record.title, foreign(record, "title")
        found.append(Crumb(title, record.get_absolute_url(), lang))
    if template == PAST[1]:
        found.append(Crumb(_("Editions"), path))
    return found
