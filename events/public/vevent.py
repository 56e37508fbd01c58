"""An event as a VEVENT of iCalendar (RFC 5545 and 7986).

It follows from the public record alone: its moments are those of the release and of the changes
that readers are told of, its number is that of the public edition, and its state is the event's
own. That a page is withdrawn or a text retracted takes the VEVENT away; it calls nothing off.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
from django.db.models import F, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber, Substr
from django.utils import translation
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from .. import dates, markup
from ..addresses import absolute
from ..files import addresses, renditions
from ..languages import candidates, column, columns, current
from ..models import EventState, Notice, Placement, Topic
from .revised import latest, revised

# A postponed event has its former day until it has a new one: nobody should count on it.
STATUS = {EventState.POSTPONED: "TENTATIVE", EventState.CANCELLED: "CANCELLED"}
# Programs hide a status, or what has it: that an event is off stands in its title too.
OFF = frozenset(STATUS)
# So much of a text is read where there is no summary, and so much of that is told.
READ, TOLD = 1500, 400
# As wide a picture as a calendar shows.
PICTURE = 960
# A mark or a sign of rich text that was cut in its middle.
_CUT = re.compile("(<[^>]*|&[^;]{0,9})$")


class Text(icalendar.vText):
    """Text as RFC 5545 escapes it (3.3.11). The library takes a backslash before an N that was
    typed, as in a path, for a line break."""

    def to_ical(self) -> bytes:
        """The escaped text."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return escaped.replace("\r\n", "\n").replace("\n", "\\n").replace("\r", "\\n").encode()


def text(words: str, lang: str = "") -> Text:
    """Words in a language; "" where they are in several."""
    return Text(words, params={"LANGUAGE": lang} if lang else {})


def uri(address: str, **params: str) -> icalendar.vUri:
    """An address where the kind of value must be said (RFC 7986)."""
    return icalendar.vUri(address, params={"VALUE": "URI", **params})


def has_day(event: Any) -> bool:
    """Whether there is a day to enter it under. A month or a year is none: an entry on its first
    day would tell what nobody said."""
    return bool(event.date_precision == dates.Precision.DAY)


def with_all(rows: QuerySet[Any], most: int) -> list[Any]:
    """The latest of public events that have a day, in order of time, each with all that its VEVENT
    tells. Four queries, and none but the first for no events. Of the texts, which may be long, the
    beginning alone is read."""
    texts = columns("body")
    begins = {f"begin_{each}": Substr(each, 1, READ) for each in texts}
    rows = revised(rows.filter(date_precision=dates.Precision.DAY)).annotate(**begins)
    rows = rows.defer(*texts).select_related("country", "accreditation_contact")
    rows = rows.prefetch_related(
        Prefetch("topics", Topic.objects.public()), Prefetch("notices", Notice.objects.public())
    )
    events = list(rows.latest_first()[:most])[::-1]  # type: ignore[attr-defined]
    leads = _leads(events)
    for each in events:
        each.lead = leads.get(each.pk)
    return events


def _leads(events: list[Any]) -> dict[Any, Any]:
    """The first photo of each event, by the event's key. One query, none for no events."""
    if not events:
        return {}
    nth = Window(RowNumber(), partition_by=F("publication"), order_by=[F("order"), F("uid")])
    placed = Placement.objects.public().filter(publication__in=[each.pk for each in events])
    first = placed.order_by().annotate(nth=nth).filter(nth=1).select_related("photo")
    return {each.publication_id: each.photo for each in first}


def vevent(event: Any) -> icalendar.Event:
    """One of the events that `with_all` gave, in the language that its title has for readers of
    the active one: an entry is in one language, as its page is."""
    lang = event.lang_of("title")
    with translation.override(lang):
        return _vevent(event, lang)


def _vevent(event: Any, lang: str) -> icalendar.Event:
    changed = latest(event.release_at, event.changed_at)
    made = icalendar.Event()
    made.add("uid", str(event.pk))
    made.add("dtstamp", changed)
    made.add("created", latest(event.release_at))
    made.add("last-modified", changed)
    made.add("sequence", (event.changed_to or 1) - 1)
    for name, value in _times(event):
        made.add(name, value)
    made.add("status", STATUS.get(event.state, "CONFIRMED"))
    made.add("class", "PUBLIC")
    # Whoever follows a public calendar is not thereby engaged.
    made.add("transp", "TRANSPARENT")
    title = f"{capfirst(event.get_state_display())}: " if event.state in OFF else ""
    made.add("summary", text(title + event.title, lang))
    address = absolute(event.get_absolute_url())
    made.add("description", text("\n\n".join([*_told(event), address]), lang))
    if place := _place(event):
        made.add("location", place)
    made.add("url", address)
    for categories in _categories(event):
        made.add("categories", categories)
    if event.lead and event.lead.image:
        made.add("image", _picture(event.lead))
    return made


def _times(event: Any) -> Iterator[tuple[str, date | datetime]]:
    """Start and end: moments in UTC, or whole days, of which the end is the day after."""
    if not event.starts_at:
        yield "dtstart", event.date
        if event.until < date.max:
            yield "dtend", event.until + timedelta(days=1)
        return
    yield "dtstart", event.starts_at.astimezone(UTC)
    # An end that is no later than the start is none (3.6.1).
    if event.ends_at and event.ends_at > event.starts_at:
        yield "dtend", event.ends_at.astimezone(UTC)


def _told(event: Any) -> Iterator[str]:
    """What there is to know, as plain text: what became of the plan, when it is on the clock of
    the place, what it is about, and what the media need."""
    for notice in event.notices.all():
        kind = capfirst(notice.get_notice_kind_display())
        said = f"{kind}, {dates.written_moment(notice.issued_at)}"
        yield f"{said}: {notice.text}" if notice.text else said
    if event.starts_at:
        moments = [event.starts_at, *([event.ends_at] if event.ends_at else [])]
        there = " – ".join(dates.written_moment(each, event.time_zone) for each in moments)
        yield _("At the venue: %(when)s") % {"when": there}
    if about := _about(event):
        yield about
    if event.state != EventState.HELD:
        yield from ["\n".join(media)] if (media := list(_for_the_media(event))) else []


def _about(event: Any) -> str:
    """The summary, else how the text begins, as plain text; in the language of the entry first."""
    for code in candidates(event.readable_languages(), current()):
        if summary := getattr(event, column("summary", code)):
            return str(summary)
        if begin := getattr(event, f"begin_{column('body', code)}"):
            words = " ".join(markup.to_text(_CUT.sub("", begin)).split())
            return str(Truncator(words).chars(TOLD))
    return ""


def _for_the_media(event: Any) -> Iterator[str]:
    """The media advisory, a line each."""
    zone, contact = event.time_zone, event.accreditation_contact
    if event.accreditation_deadline:
        deadline = dates.written_moment(event.accreditation_deadline, zone)
        until = _("until %(deadline)s") % {"deadline": deadline}
        yield f"{_('Accreditation')}: {until}"
    if contact:
        who = ", ".join(each for each in (contact.name, contact.phone, contact.email) if each)
        yield f"{_('Accreditation')}: {who}"
    if event.camera_setup_at:
        setup = dates.written_moment(event.camera_setup_at, zone)
        yield f"{_('Camera set-up')}: {_('from %(setup)s') % {'setup': setup}}"
    if event.final_access_at:
        yield f"{_('Final access')}: {dates.written_moment(event.final_access_at, zone)}"
    named = (
        (_("Pool"), event.pool),
        (_("Interpretation"), event.interpretation),
        (_("Live stream"), event.stream_url),
    )
    yield from (f"{name}: {said}" for name, said in named if said)


def _place(event: Any) -> Text | None:
    """Venue, city and country, from the nearer to the wider."""
    parts = [(getattr(event, name), event.lang_of(name)) for name in ("venue", "city")]
    parts += [(event.country.name_on(event.date), current())] if event.country else []
    said = [(words, lang) for words, lang in parts if words]
    tongues = {lang for _words, lang in said}
    place = ", ".join(words for words, _lang in said)
    return text(place, tongues.pop() if len(tongues) == 1 else "") if place else None


def _categories(event: Any) -> Iterator[icalendar.vCategory]:
    """The kind of event and its topics, those in each language by themselves."""
    named: dict[str, list[Any]] = defaultdict(list)
    named[current()].append(Text(capfirst(event.get_event_kind_display())))
    for topic in event.topics.all():
        named[topic.lang_of("name")].append(Text(topic.name))
    for lang, names in named.items():
        categories = icalendar.vCategory([], params={"LANGUAGE": lang})
        categories.cats = names
        yield categories


def _picture(photo: Any) -> icalendar.vUri:
    """The address of the lead photo, in a width for a screen, else of the whole."""
    width = max((each for each in renditions.widths(photo) if each <= PICTURE), default=0)
    path = addresses.of_rendition(photo, width, "jpg") if width else addresses.of_original(photo)
    form = "jpg" if width else addresses.extension(photo.image.name)
    kind = {"jpg": "image/jpeg", "tif": "image/tiff"}.get(form, f"image/{form}")
    return uri(absolute(path), FMTTYPE=kind, DISPLAY="BADGE")
