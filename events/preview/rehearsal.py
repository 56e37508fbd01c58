"""The whole site as it will stand at a future moment, and what that moment changes."""

import html
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from .. import sight, visibility
from ..models import (
    Event,
    MediaContact,
    Organisation,
    Outcome,
    Person,
    Publication,
    Quote,
    Reading,
    Series,
    Statement,
)  # fmt: skip
from ..publishing import named_rows
from ..visibility import Status
from .showing import file_uid, public_answer

FARTHEST = timedelta(days=5 * 365 + 1)
# Rendering is work: as many addresses as this are compared, and the page says where it stopped.
MOST = 300
# As many events as an event's page lists beside its own.
NEIGHBOURS = 6
_STAMP = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


def stamp(when: datetime) -> str:
    """A moment as addresses write it: 20261006T040000Z."""
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def moment_of(text: str) -> datetime:
    """The future moment that a stamp names (UTC). Raises ValueError for anything garbled, for
    what is not in the future, and for what is farther than five years."""
    if not _STAMP.fullmatch(text):
        raise ValueError(text)
    when = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    now = visibility.moment()
    if not now < when <= now + FARTHEST:
        raise ValueError(text)
    return when


def coming(user: Any, until: datetime | None = None) -> list[Publication]:
    """The embargoed items that this person may see and that are out at `until`; the first to be
    released comes first."""
    rows = Publication.objects.filter(
        status=Status.APPROVED, release_at__gt=visibility.moment()
    ).filter(sight.seen_q(user))
    if until is not None:
        rows = rows.filter(release_at__lte=until)
    return list(rows.order_by("release_at", "pk"))


@contextmanager
def rehearsing(user: Any, when: datetime) -> Iterator[None]:
    """The block's one moment is `when`, and what this person may not see is not in it.

    That is one short transaction which is always undone, where there is anything to hide:
    render completely inside. The rows are held, so that none of them is approved meanwhile.
    """
    seen = Publication.objects.filter(sight.seen_q(user)).values("pk")
    unseen = Publication.objects.exclude(pk__in=seen).order_by("pk")
    if not unseen.exists():
        with visibility.at(when):
            yield
        return
    with transaction.atomic():
        try:
            # In one order, as a bundle's verbs lock theirs, so that neither waits for the other.
            hidden = list(unseen.select_for_update().values_list("pk", flat=True))
            Publication.objects.filter(pk__in=hidden).update(status=Status.DRAFT)
            with visibility.at(when):
                yield
        finally:
            transaction.set_rollback(True)


def shown_in(
    response: HttpResponse, items: Iterable[Publication], path: str = ""
) -> list[Publication]:  # fmt: skip
    """Those of the items that an answer shows: whatever shows one also names its address, but
    for a file, which shows those that hold it."""
    if response.status_code != 200:
        return []
    if uid := file_uid(path):
        holding = Publication.objects.filter(Q(attachments=uid) | Q(placements__photo=uid))
        return list(holding.filter(pk__in=[item.pk for item in items]).distinct())
    text = response.content.decode(errors="replace")
    return [item for item in items if f"/{item.model}s/{item.slug}/" in text]


def record_rehearsal(user: Any, items: Iterable[Publication]) -> None:
    """Note who read which embargoed items, once an hour each. Called outside the rehearsal."""
    items = list(items)
    lately = set(
        Reading.objects.filter(
            record_uid__in=[item.pk for item in items], by=user, how=Reading.How.REHEARSAL,
            at__gt=visibility.moment() - timedelta(hours=1),
        ).values_list("record_uid", flat=True)
    )  # fmt: skip
    for item in items:
        if item.pk not in lately:
            sight.record_reading(user, item, Reading.How.REHEARSAL)


@dataclass(frozen=True)
class Row:
    """A public address ("/en/…") that a moment changes; `new` where it is 404 until then."""

    path: str
    title: str
    new: bool

    @property
    def tail(self) -> str:
        """The address without its language."""
        return self.path.split("/", 2)[2]


@dataclass
class Forecast:
    """What will be new or different, of how many addresses looked at; `cut` where there were
    more of them than are looked at, `everywhere` where the general media contacts will be others:
    they stand on every page of an item that names none."""

    new: list[Row] = field(default_factory=list)
    different: list[Row] = field(default_factory=list)
    looked_at: int = 0
    cut: bool = False
    everywhere: bool = False


def forecast(user: Any, when: datetime) -> Forecast:
    """Compare public addresses of the active language as they are now and as they will be at
    `when`, as far as this person may see what is to come."""
    items, contacts = [item.child for item in coming(user, when)], _general_contacts()
    with rehearsing(user, when):
        paths = list(dict.fromkeys(_candidates(items)))
        everywhere = contacts != _general_contacts()
    found = Forecast(
        looked_at=min(len(paths), MOST), cut=len(paths) > MOST, everywhere=everywhere
    )  # fmt: skip
    for path in paths[:MOST]:
        now = public_answer(path)
        with rehearsing(user, when):
            then = public_answer(path)
        if (now.status_code, now.content) == (then.status_code, then.content):
            continue
        if now.status_code == then.status_code == 404:  # it names the latest, whatever the address
            continue
        new = now.status_code == 404 and then.status_code == 200
        (found.new if new else found.different).append(Row(path, _title(then), new))
    return found


def _general_contacts() -> set[Any]:
    return set(MediaContact.objects.public().filter(general=True).values_list("pk", flat=True))


def _title(answer: HttpResponse) -> str:
    match = _TITLE.search(answer.content.decode(errors="replace"))
    return html.unescape(match[1]).rpartition(" · ")[0] or html.unescape(match[1]) if match else ""


def _candidates(items: list[Any]) -> Iterator[str]:
    """The addresses that the items may change, those most surely changed first. Called at the
    moment in question, so that what is public then is public here."""
    for item in items:
        yield item.get_absolute_url()
    yield from _lists(items)
    outcomes = _outcomes(items)
    quotes = Quote.objects.public().filter(
        Q(statement__in=_keys(items, Statement)) | Q(statement__event__in=_keys(items, Event))
    )
    for part in [*outcomes, *quotes.distinct()]:
        yield reverse(f"public:{part._meta.model_name}", args=[part.pk])
    for item in (*_statements(items, outcomes), *_events(items, outcomes)):
        yield item.get_absolute_url()
        yield from _route(f"{item.model}_history", item.slug)
    yield from _references(items, outcomes)


def _keys(items: list[Any], model: Any) -> list[Any]:
    return [item.pk for item in items if isinstance(item, model)]


def _route(name: str, *arguments: Any) -> Iterator[str]:
    try:
        yield reverse(f"public:{name}", args=arguments)
    except NoReverseMatch:
        return


def _lists(items: list[Any]) -> Iterator[str]:
    """Every page of the site that is of no single row, the archives of the items' dates and the
    feeds: a name that a feed does not have is 404 both times."""
    for entry in get_resolver().url_patterns:
        for group in entry.url_patterns if isinstance(entry, URLResolver) else ():
            if isinstance(group, URLResolver) and group.namespace == "public":
                route: Any
                for route in group.url_patterns:
                    # A page's JSON twin changes with the page.
                    if not route.pattern.converters and not str(route.pattern).endswith(".json"):
                        yield from _route(route.name)
    for item in items:
        if isinstance(item, Event):
            yield from _route("events_year", item.date.year)
            yield from _route("events_month", item.date.year, item.date.month)
    for name in ("latest", "events", "statements", "quotes", "outcomes"):
        for form in ("rss", "atom", "json"):
            yield from _route("feed", name, form)


def _outcomes(items: list[Any]) -> list[Outcome]:
    events = _keys(items, Event)
    rows = Outcome.objects.public().filter(
        Q(event__in=events) | Q(follow_up__in=events)
        | Q(announced_in__in=_keys(items, Statement))
        | Q(progress__cites__in=[item.pk for item in items])
    )  # fmt: skip
    return list(rows.distinct())


def _statements(items: list[Any], outcomes: list[Outcome]) -> list[Any]:
    rows = Statement.objects.public().filter(
        Q(event__in=_keys(items, Event)) | Q(outcomes__in=outcomes)
    )
    return list(rows.distinct())


def _events(items: list[Any], outcomes: list[Outcome]) -> list[Any]:
    """The events of statements and outcomes, and the neighbours of events: in their series, and
    among those whose pages list them as other events."""
    told_at = [item.event_id for item in items if isinstance(item, Statement) and item.event_id]
    public = Event.objects.public()
    found = list(public.filter(Q(pk__in=told_at) | Q(outcomes__in=outcomes)).distinct())
    for item in (each for each in items if isinstance(each, Event)):
        same_day = Q(date=item.date)
        earlier = public.filter(Q(date__lt=item.date) | same_day & Q(uid__lt=item.uid))
        later = public.filter(Q(date__gt=item.date) | same_day & Q(uid__gt=item.uid))
        for side in (earlier.latest_first(), later.order_by("date", "uid")):
            if item.series_id:
                found += side.filter(series=item.series_id)[:1]
            near = list(side[:NEIGHBOURS])
            # Those of one day are all as near as the last of them.
            found += near + list(side.filter(date=near[-1].date)[:MOST] if near else [])
    return found


def _references(items: list[Any], outcomes: list[Outcome]) -> Iterator[str]:
    """Whatever the items name, with its feed, and whoever is to do what they announce; and the
    pages that name these because they are public: organisations their members and series, people
    the places of their offices, series their organisation and what came of their sessions."""
    rows: list[Any] = [row for item in items for row in named_rows(item)]
    for outcome in outcomes:
        rows += [*outcome.countries.all(), *outcome.organisations.all()]
    keys = [row.pk for row in rows]
    named = [
        Organisation.objects.public().filter(
            Q(memberships__country__in=keys) | Q(series__in=keys)
        ),
        Person.objects.public().filter(
            Q(offices__organisation__in=keys) | Q(offices__country__in=keys)
        ),
        Series.objects.public().filter(
            Q(organisation__in=keys) | Q(events__outcomes__in=outcomes)
        ),
    ]  # fmt: skip
    for row in [*rows, *(each for found in named for each in found.distinct())]:
        if route := getattr(row, "PAGE", ""):
            yield row.get_absolute_url()
            yield from _route(f"{route}_feed", getattr(row, row.ADDRESS).lower(), "rss")
