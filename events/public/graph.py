"""The parts of linked data (schema.org, as JSON-LD): what every kind of thing is made of.

Nothing here asks the database: whatever is described is in the view's hands already, and as
public as the page that it stands on. What is not known is left out, never guessed.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from .. import cards, dates
from ..addresses import absolute
from ..files import addresses, renditions
from ..models import ChangeKind
from ..templatetags import press
from .trail import Crumb

Node = dict[str, Any]
CONTEXT = "https://schema.org"
# The most characters of a headline that search engines show (their rule for articles).
HEADLINE = 110
# What a correction is to a reader; a translation and progress correct nothing.
CORRECTING = (ChangeKind.CORRECTION, ChangeKind.UPDATE, ChangeKind.TYPOGRAPHICAL)
# A state takes part in its own name: both a place and a body that acts.
STATE = ["Country", "Organization"]


def node(kind: str | list[str], **facts: Any) -> Node:
    """A thing of a kind with what is known of it. A leading `at_` stands for the @ of JSON-LD."""
    known = {name.replace("at_", "@", 1) if name.startswith("at_") else name: value
             for name, value in facts.items() if value not in (None, "", [], {})}  # fmt: skip
    return {"@type": kind, **known}


def document(nodes: Iterable[Node]) -> Node:
    """The one document of a page."""
    return {"@context": CONTEXT, "@graph": list(nodes)}


# --- The office and its site ----------------------------------------------------------------------


def site() -> str:
    """The address of the site, without a slash at its end."""
    return str(settings.SITE_URL).rstrip("/")


def office(name: str) -> Node:
    """The press office, whose record this is. Static files are below no prefix of a preview."""
    logo = site() + staticfiles_storage.url("img/favicon.svg")
    return node(
        "Organization", at_id=f"{site()}/#office", name=name, url=f"{site()}/",
        logo=logo,
    )  # fmt: skip


def breadcrumbs(trail: Iterable[Crumb], name: str) -> Node:
    """The crumbs as the page shows them, and at their end the page itself without a link, where
    it has a `name` to be told."""
    steps = [(each.name, absolute(each.url)) for each in trail] + ([(name, "")] if name else [])
    return node("BreadcrumbList", itemListElement=[
        node("ListItem", position=number, name=each, item=url)
        for number, (each, url) in enumerate(steps, 1)
    ])  # fmt: skip


# --- Times ----------------------------------------------------------------------------------------


def moment(when: datetime | None, zone: str = "") -> str:
    """A moment with its offset in a zone, or in UTC; "" for none."""
    if when is None:
        return ""
    if not zone:
        return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return when.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def published(item: Any) -> str:
    """When a text came out: to the second, or the day where that was before this site."""
    first: date | None = item.first_released_on
    return first.isoformat() if first else moment(item.release_at)


def modified(item: Any) -> str:
    """When its public text last changed, which is at first when it came out."""
    return moment(item.corrected_at) or published(item)


def day(value: date | None, precision: str) -> str:
    """A date as far as it is known: 2008, 2008-09 or 2008-09-05; "" for none."""
    return dates.iso(value, precision) if value else ""


# --- Who and where --------------------------------------------------------------------------------


def link(row: Any, linked: bool = True) -> str:
    """The page of a row in full; "" where it is not `linked` from here."""
    return absolute(row.get_absolute_url()) if linked else ""


def speaker(each: Any, linked: bool = True) -> Node:
    """Who said or delivered it: the name and the office as they were printed then."""
    return node("Person", name=each.printed_name, jobTitle=each.office,
                url=link(each.person, linked))  # fmt: skip


def country(row: Any, linked: bool = True) -> Node:
    """A country that acts."""
    return node(STATE, name=row.name, identifier=row.iso2, url=link(row, linked))


def organisation(row: Any, linked: bool = True) -> Node:
    """An organisation."""
    return node("Organization", name=row.name, alternateName=row.abbreviation,
                url=link(row, linked))  # fmt: skip


def topic(row: Any) -> Node:
    """A subject."""
    return node("Thing", name=row.name, url=link(row))


def participant(each: Any) -> Node:
    """Who took part, under the name that was printed, in what capacity."""
    kind = STATE if each.country_id else "Person" if each.person_id else "Organization"
    name = each.name or each.who.name
    capacity = {"jobTitle": each.capacity} if each.person_id else {"description": each.capacity}
    return node(kind, name=name, url=absolute(each.url) if each.url else "", **capacity)


def place(event: Any) -> Node:
    """Where it takes place, as far as that is known; {} where nothing is."""
    land = event.country.name_on(event.date) if event.country_id else ""
    name = event.venue or event.city or land
    if not name:
        return {}
    code = event.country.iso2 if event.country_id else ""
    address = node("PostalAddress", addressLocality=event.city, addressCountry=code)
    return node("Place", name=name, address=address if len(address) > 1 else None)


# --- Pictures -------------------------------------------------------------------------------------


def photo(placed: Any) -> Node:
    """A photo of an item, in the widest form that is made of it, with its caption and credit."""
    shown = placed.photo
    if not shown.image:
        return {}
    widths = renditions.widths(shown)
    widest = addresses.of_rendition(shown, widths[-1], "jpg") if widths else ""
    return node(
        "ImageObject", url=absolute(widest or addresses.of_original(shown)),
        caption=placed.caption or shown.alt, creditText=shown.credit,
    )  # fmt: skip


def card(address: str) -> Node:
    """The card that is made of a page's words."""
    return node("ImageObject", url=address, width=cards.WIDTH, height=cards.HEIGHT)


def pictures(context: Mapping[str, Any]) -> list[Node]:
    """What shows what a page is of: its photos, the first of them first, and its card."""
    found = [photo(each) for each in (context.get("placements") or [])[:3]]
    found += [card(context["card"])] if context.get("card") else []
    return [each for each in found if each]


# --- What became of a text ------------------------------------------------------------------------


def corrections(told: Iterable[Any]) -> list[Node]:
    """What readers are told of corrections and updates, the newest first."""
    return [
        node("CorrectionComment", text=each.plain, datePublished=moment(each.at))
        for each in told
        if each is not None and each.kind in CORRECTING
    ]  # fmt: skip


def ended(item: Any, status: str) -> Node:
    """That a text is no longer what the office says, since when and why: as every reader's
    program learns of it. Not a word of the text is in it."""
    words, lang = press.reason_of(item)
    when = moment(item.withdrawn_at)
    return {
        "creativeWorkStatus": status,
        "expires": when,
        "correction": node("CorrectionComment", text=words, datePublished=when, inLanguage=lang),
    }


def headline(title: str) -> str:
    """A title at the length of a headline, cut between words where there are several."""
    if len(title) <= HEADLINE:
        return title
    cut = title[: HEADLINE - 1]
    whole = cut.rpartition(" ")[0].rstrip(",;:–— ")
    return f"{whole or cut}…"
