"""What a messenger or a network shows beside a link: Open Graph, which X reads too."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from .. import cards
from ..addresses import absolute
from ..languages import CODES, current, known_for
from . import graph

# The locales of Open Graph, with a territory: the English is Britain's, as the dates are.
LOCALES = {"en": "en_GB", "ru": "ru_RU", "kk": "kk_KZ"}
ARTICLES = ("public/event.html", "public/statement.html", "public/quote.html",
            "public/outcome.html")  # fmt: skip
# What others may show by oEmbed.
EMBEDDED = ("public/event.html", "public/statement.html", "public/quote.html")
PROFILES = ("public/person.html",)


def shared(template: str, context: Mapping[str, Any], ready: Iterable[str]) -> dict[str, Any]:
    """What base.html tells of a page that the languages `ready` can be read in. The picture is
    the card of what the page is of, else the office's."""
    is_article = template in ARTICLES
    kind = "article" if is_article else "profile" if template in PROFILES else "website"
    card = context.get("card") or absolute(reverse("house_card", args=[current()]))
    others = [known_for(LOCALES, code) for code in CODES if code in ready and code != current()]
    found = {
        "kind": kind, "card": card, "width": cards.WIDTH, "height": cards.HEIGHT,
        "locale": known_for(LOCALES, current()), "others": others,
    }  # fmt: skip
    if template in EMBEDDED and not context.get("withdrawn"):
        there = absolute(reverse("oembed"))
        found["oembed"] = f"{there}?{urlencode({'url': context['canonical']})}"
    if is_article:
        item = context["item"]
        found |= {
            "published": graph.published(item), "modified": graph.modified(item),
            "tags": [each.name for each in context.get("topics", ())],
        }  # fmt: skip
    return found
