"""What each kind of page is about, as linked data for search engines and archives.

One function for each template, from the context that its view made: no query is asked here, and
what the page does not show is not described. The first node of each is what the page is about.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from .. import visibility
from ..addresses import absolute
from ..languages import current
from ..models import EventState
from . import graph
from .graph import Node, node
from .trail import Crumb

Context = Mapping[str, Any]
# So many of those who took part are described; the page names all.
ATTENDING = 60
# What became of the plan, in schema.org's words: what was held had been scheduled.
STATES = {
    EventState.SCHEDULED: "EventScheduled", EventState.HELD: "EventScheduled",
    EventState.POSTPONED: "EventPostponed", EventState.CANCELLED: "EventCancelled",
}  # fmt: skip


@dataclass(frozen=True)
class Linked:
    """What a page tells programs of itself, once it knows what it is called."""

    template: str
    context: Context
    trail: Sequence[Crumb] = ()

    def document(self, name: str, description: str) -> Node | None:
        """The page's linked data; None where there is nothing to tell. `name` and `description`
        are those of its head."""
        context = self.context
        is_ended = bool(context.get("withdrawn")) and self.template in _TEXTS
        describe = _withdrawn if is_ended else _KINDS.get(self.template)
        found = describe(context, name) if describe else []
        for each in found:
            if each["@type"] in _DESCRIBED and not {"description", "expires"} & each.keys():
                each["description"] = description
        if self.trail:
            found.append(graph.breadcrumbs(self.trail, "" if is_ended else name))
        return graph.document(found) if found else None


# --- Pages ----------------------------------------------------------------------------------------


def _page(context: Context, name: str, kind: str = "WebPage", **facts: Any) -> Node:
    address = context["canonical"]
    return node(
        kind, at_id=address, url=address, name=name, inLanguage=current(),
        isPartOf={"@id": f"{graph.site()}/#site"},
        publisher=graph.office(context["office_name"]), **facts,
    )  # fmt: skip


def _of_text(context: Context) -> Node:
    """What every page of a text tells of it: its dates, its edition, its lasting name."""
    item = context["item"]
    return {
        "datePublished": graph.published(item),
        "dateModified": graph.modified(item),
        "version": context.get("edition"),
        "correction": graph.corrections(_told(context)),
    }


def _told(context: Context) -> list[Any]:
    """All that the page tells of changes: at its head, or of a quote or an outcome alone."""
    return [context.get("changed"), *context.get("changes", ()), *context.get("told", ())]


def _withdrawn(context: Context, name: str) -> list[Node]:
    """A page whose text is no longer current: that it is so, and why; none of the text."""
    item = context["item"]
    ended = graph.ended(item, "Withdrawn")
    part = context.get("quote") or context.get("outcome")
    urn = f"urn:uuid:{part.pk}" if part else item.urn
    return [_page(context, "", identifier=urn, datePublished=graph.published(item), **ended)]


def _reference(title: str, row: Any) -> Node:
    """Another text of this site, as it is named here."""
    return node(title, at_id=f"{graph.link(row)}#it", name=row.title, url=graph.link(row))


# --- Texts ----------------------------------------------------------------------------------------


def _event(context: Context, name: str) -> list[Node]:
    event, address = context["event"], context["canonical"]
    about = node(
        "Event", at_id=f"{address}#it", identifier=event.urn, name=event.title, url=address,
        description=event.summary, **_times(event), **_where(event),
        eventStatus=f"{graph.CONTEXT}/{STATES[EventState(event.state)]}",
        organizer=[
            *([graph.country(event.host_country)] if event.host_country_id else []),
            *([graph.organisation(event.host_organisation)] if event.host_organisation_id else []),
        ],
        attendee=[
            graph.participant(each)
            for each in [each for group in context["participants"].values() for each in group][
                :ATTENDING
            ]
        ],
        superEvent=_series(event.series) if event.series_id else None,
        about=_about(context), image=graph.pictures(context), inLanguage=event.lang_of("title"),
        subjectOf=[_reference("NewsArticle", each) for each in context["statements"]],
    )  # fmt: skip
    shown = _page(context, event.title, mainEntity={"@id": about["@id"]}, **_of_text(context))
    return [about, shown]


def _times(event: Any) -> Node:
    """Start and end: to the second at the venue, or as much of the date as is known."""
    if event.starts_at:
        zone = event.time_zone
        return {"startDate": graph.moment(event.starts_at, zone),
                "endDate": graph.moment(event.ends_at, zone)}  # fmt: skip
    last = event.ends_on.isoformat() if event.ends_on else ""
    return {"startDate": event.iso_date(), "endDate": last}


def _where(event: Any) -> Node:
    """The place, and that one has to go there; nothing of either where it is not known."""
    place = graph.place(event)
    mode = f"{graph.CONTEXT}/OfflineEventAttendanceMode"
    return {"location": place, "eventAttendanceMode": mode} if place else {}


def _series(row: Any, **facts: Any) -> Node:
    return node("EventSeries", at_id=f"{graph.link(row)}#it", name=row.name,
                url=graph.link(row), **facts)  # fmt: skip


def _about(context: Context) -> list[Node]:
    return [*map(graph.topic, context["topics"]),
            *map(graph.organisation, context["organisations"])]  # fmt: skip


def _statement(context: Context, name: str) -> list[Node]:
    item, address, event = context["statement"], context["canonical"], context["event"]
    office = graph.office(context["office_name"])
    article = node(
        "NewsArticle", at_id=f"{address}#it", identifier=item.urn, url=address,
        headline=graph.headline(item.title), name=item.title,
        inLanguage=item.lang_of("body") or item.lang_of("title"), **_of_text(context),
        genre=item.get_statement_kind_display(),
        author=list(map(graph.speaker, context["speakers"])) or office, publisher=office,
        image=graph.pictures(context), about=_about(context),
        keywords=[each.name for each in context["topics"]],
        recordedAt=_reference("Event", event) if event else None,
        hasPart=[{"@type": "Quotation", "@id": f"{graph.link(each)}#it"}
                 for each in context["quotes"]],
        mainEntityOfPage={"@type": "WebPage", "@id": address},
    )  # fmt: skip
    return [article]


def _quote(context: Context, name: str) -> list[Node]:
    quote, address, event = context["quote"], context["canonical"], context["event"]
    source = _reference("NewsArticle", context["statement"])
    office = graph.office(context["office_name"])
    said = node(
        "Quotation", at_id=f"{address}#it", identifier=f"urn:uuid:{quote.pk}", url=address,
        name=name, text=quote.text, inLanguage=quote.lang_of("text"),
        creator=graph.speaker(quote), dateCreated=context["statement"].iso_date(),
        **_of_text(context), publisher=office,
        translator=office if quote.is_translation else None,
        isPartOf=source, isBasedOn={"@id": source["@id"]},
        recordedAt=_reference("Event", event) if event else None,
        image=graph.pictures(context), mainEntityOfPage={"@type": "WebPage", "@id": address},
    )  # fmt: skip
    return [said]


def _outcome(context: Context, name: str) -> list[Node]:
    """No vocabulary has a word for what came of a meeting: a work with its text and its state,
    about those who are to do it."""
    outcome, address, statement = context["outcome"], context["canonical"], context["statement"]
    cited = [each.shown_citation for each in context["progress"] if each.shown_citation]
    came = node(
        "CreativeWork", at_id=f"{address}#it", identifier=f"urn:uuid:{outcome.pk}", url=address,
        name=name, text=outcome.text, inLanguage=outcome.lang_of("text"),
        genre=outcome.get_outcome_kind_display(), creativeWorkStatus=outcome.state,
        **_of_text(context), publisher=graph.office(context["office_name"]),
        about=[*map(graph.organisation, outcome.organisations.all()),
               *map(graph.country, outcome.countries.all())],
        recordedAt=_reference("Event", context["event"]),
        isBasedOn=_reference("NewsArticle", statement) if statement else None,
        citation=[node("WebPage", name=each.title, url=graph.link(each)) for each in cited],
        image=graph.pictures(context), mainEntityOfPage={"@type": "WebPage", "@id": address},
    )  # fmt: skip
    return [came]


# --- Who and what texts name ----------------------------------------------------------------------


def _person(context: Context, name: str) -> list[Node]:
    row, offices = context["person"], context["offices"]
    held = [
        node("Role", hasOccupation=node("Occupation", name=each.title),
             startDate=graph.day(each.since, each.since_precision),
             endDate=graph.day(each.until, each.until_precision))
        for each in offices
    ]  # fmt: skip
    now = [each for each in offices if each.is_current]
    bodies = [place for each in now for place in each.at if not hasattr(place, "iso2")]
    person = node(
        "Person", at_id=f"{context['canonical']}#it", name=row.name, url=context["canonical"],
        jobTitle=[each.title for each in now], hasOccupation=held,
        worksFor=list(map(graph.organisation, bodies)),
    )  # fmt: skip
    return [person, _page(context, name, "ProfilePage", mainEntity={"@id": person["@id"]})]


def _organisation(context: Context, name: str) -> list[Node]:
    row = context["organisation"]
    about = node(
        "Organization", at_id=f"{context['canonical']}#it", name=row.name,
        alternateName=row.abbreviation, url=context["canonical"], sameAs=row.website,
    )  # fmt: skip
    return _collection(context, name, about)


def _country(context: Context, name: str) -> list[Node]:
    about = graph.country(context["country"])
    return _collection(context, name, about | {"@id": f"{context['canonical']}#it"})


def _topic(context: Context, name: str) -> list[Node]:
    about = graph.topic(context["topic"])
    return _collection(context, name, about | {"@id": f"{context['canonical']}#it"})


def _series_page(context: Context, name: str) -> list[Node]:
    of = context["of"]
    return _collection(context, name, _series(
        context["series"], organizer=graph.organisation(of) if of else None
    ))  # fmt: skip


def _collection(context: Context, name: str, about: Node) -> list[Node]:
    return [about, _page(context, name, "CollectionPage", mainEntity={"@id": about["@id"]})]


def _list(context: Context, name: str) -> list[Node]:
    return [_page(context, name, "CollectionPage")]


def _plain(context: Context, name: str) -> list[Node]:
    return [_page(context, name)]


def _home(context: Context, name: str) -> list[Node]:
    """The site itself, and how it is searched."""
    found = absolute(reverse("public:search")) + "?q={search_term_string}"
    return [node(
        "WebSite", at_id=f"{graph.site()}/#site", url=context["canonical"],
        name=context["office_name"], inLanguage=current(),
        publisher=graph.office(context["office_name"]),
        potentialAction=node(
            "SearchAction", target=node("EntryPoint", urlTemplate=found),
            **{"query-input": "required name=search_term_string"},
        ),
    )]  # fmt: skip


# --- What is gone ---------------------------------------------------------------------------------


def _gone(context: Context, name: str) -> list[Node]:
    """A tombstone: that a text, or a part of one, is gone, since when and why. Its address may
    be made of the words that are gone, so that its lasting identifier alone names it."""
    office = graph.office(context["office_name"])
    stone = context.get("stone")
    if stone is None:
        item = context["ended"]
        return [node("WebPage", identifier=item.urn, publisher=office,
                     **graph.ended(item, "Retracted"))]  # fmt: skip
    when = graph.moment(stone.removed_at)
    return [node(
        "WebPage", identifier=f"urn:uuid:{stone.pk}", publisher=office,
        creativeWorkStatus="Removed", expires=when,
        isPartOf=_reference("WebPage", stone.publication)
        if visibility.is_public(stone.publication) else None,
        correction=node("CorrectionComment", text=stone.note, datePublished=when),
    )]  # fmt: skip


# What the description in the head of a page is of: of its text, or of the page itself, never of
# whoever it is about.
_DESCRIBED = ("Event", "NewsArticle", "WebSite", "WebPage", "CollectionPage", "ProfilePage")
_TEXTS: dict[str, Callable[[Context, str], list[Node]]] = {
    "public/event.html": _event, "public/statement.html": _statement,
    "public/quote.html": _quote, "public/outcome.html": _outcome,
}  # fmt: skip
_LISTS = ("events", "statements", "quotes", "outcomes", "people", "organisations", "countries",
          "topics", "series_list")  # fmt: skip
_KINDS: dict[str, Callable[[Context, str], list[Node]]] = {
    **_TEXTS, "public/person.html": _person, "public/organisation.html": _organisation,
    "public/country.html": _country, "public/topic.html": _topic,
    "public/series.html": _series_page, "public/home.html": _home, "410.html": _gone,
    "public/contacts.html": _plain, "public/feeds.html": _plain,
    **{f"public/{name}.html": _list for name in _LISTS},
}  # fmt: skip
