"""What the desk shows: short lists with their numbers, what one was told, releases by month."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import dates, sight, versions, visibility
from ..languages import CODES, column
from ..models import Bundle, Change, Photo, Publication
from ..visibility import Stage
from . import desknotes, deskplot, languagetable, schedule
from .desklists import LISTS, DeskList, Viewer
from .deskrows import change_url, form_url, language_names, look_up, titled

# So many rows of each list are shown; its number leads to all of them.
ROWS = 6


@dataclass(frozen=True)
class Row:
    """One line of a list: a link, and what there is to know about it."""

    title: str
    lang: str
    url: str
    facts: tuple[str, ...] = ()
    stage: Stage | None = None
    note: str = ""
    times: tuple[tuple[str, str], ...] = ()
    countdown: str = ""
    # How long it still is, for the countdown in the browser.
    seconds: int = 0


@dataclass(frozen=True)
class Shown:
    """A list as it is shown: its first rows, the number of all of them, and where they are."""

    name: str
    title: str | Promise
    number: int
    url: str
    rows: list[Row]


@dataclass(frozen=True)
class Panel:
    """Lists that answer one question; where there is nothing in any, `nothing` says so."""

    name: str
    title: str | Promise
    nothing: str | Promise
    lists: list[Shown]

    @property
    def number(self) -> int:
        """How many rows there are in all of its lists."""
        return sum(each.number for each in self.lists)


# Which lists stand together, in which order.
_PANELS = (
    ("next", gettext_lazy("Goes out next"), gettext_lazy("Nothing is under embargo."),
     ("next",)),
    ("waits", gettext_lazy("Waits for me"), gettext_lazy("Nothing waits for you."),
     ("to_review", "to_countersign", "to_apply", "to_confirm", "reasons", "reinstatements")),
    ("mine", gettext_lazy("I have in work"), gettext_lazy("You have nothing in work."),
     ("sent_back", "my_drafts", "my_reviews", "my_changes")),
    ("changes", gettext_lazy("Changes proposed"), gettext_lazy("No change is proposed."),
     ("changes",)),
    ("missing", gettext_lazy("Missing"), gettext_lazy("Nothing is missing."),
     ("missing", "behind", "without_alt")),
    ("released", gettext_lazy("Released last"), gettext_lazy("Nothing has been released yet."),
     ("released",)),
)  # fmt: skip
_ORDER = {
    "next": ("release_at", "pk"), "released": ("-published_at", "-pk"),
    "to_apply": ("proposed_at", "pk"), "to_confirm": ("proposed_at", "pk"),
    "changes": ("-proposed_at", "pk"), "my_changes": ("-proposed_at", "pk"),
    "missing": ("-date", "pk"), "behind": ("-date", "pk"), "without_alt": ("-taken_on", "pk"),
}  # fmt: skip
_RELATED = {
    Publication: ("as_event", "as_statement__event", "bundle"), Change: ("by",), Photo: (),
}  # fmt: skip

# Lists of which each row says how long a language has been late.
_OF_LANGUAGES = ("missing", "behind")
# Whole texts, of which a list shows nothing.
_DEFERRED = {Change: ("snapshot",)}


def context(request: HttpRequest) -> dict[str, Any]:
    """What the template of the desk needs, in a number of queries that does not grow."""
    viewer = Viewer(request.user)
    unread = desknotes.unread(request.user)
    return {
        "panels": panels(viewer), "plot": deskplot.plot(viewer), "words": json.dumps(words()),
        "told": desknotes.sentences(request.user, unread[:ROWS]), "unread": unread.count(),
        "moment": visibility.moment(),
    }  # fmt: skip


def panels(viewer: Viewer) -> list[Panel]:
    """The lists that this person has, those without rows among them."""
    found = []
    for name, title, nothing, names in _PANELS:
        lists = [LISTS[each] for each in names if viewer.holds(LISTS[each].permission)]
        if lists:
            found.append(Panel(name, title, nothing, [_shown(each, viewer) for each in lists]))
    return found


def _shown(each: DeskList, viewer: Viewer) -> Shown:
    found = each.rows(viewer)
    number = found.count()
    rows: list[Row] = []
    if number:
        found = found.order_by(*_ORDER.get(each.name, ("date", "pk")))
        found = found.select_related(*_RELATED[each.model]).defer(*_DEFERRED.get(each.model, ()))
        rows = _rows(each, list(found[:ROWS]), viewer)
    return Shown(each.name, each.title, number, each.url(), rows)


def _rows(each: DeskList, found: list[Any], viewer: Viewer) -> list[Row]:
    if each.model is Change:
        return _change_rows(found, viewer)
    if each.name == "next":
        return _next_rows(found, viewer)
    if each.model is Photo:
        return [_photo_row(row) for row in found]
    known = versions.of_all(row.pk for row in found) if each.name in _OF_LANGUAGES else {}
    return [_row(row, each.name, known.get(row.pk, {})) for row in found]


def _row(item: Publication, name: str, known: Any) -> Row:
    fact = item.written_date()
    lags: list[str] = []
    if name == "behind":
        fact = ""
        lags = languagetable.lags(item, [c for c in known if known[c].behind_since], known)
    elif name == "missing":
        missing = [code for code in CODES if not getattr(item, column("ready", code))]
        fact = _("not ready: %(languages)s") % {"languages": language_names(missing)}
        # All of them wait since the same moment.
        lags = [languagetable.waited(known)]
    elif name == "released" and item.published_on:
        fact = dates.written(item.published_on)
    facts = tuple(each for each in (item.get_model_display(), fact, *lags) if each)
    return Row(*titled(item), form_url(item), facts, item.stage, getattr(item, "note", ""))


def _next_rows(found: list[Publication], viewer: Viewer) -> list[Row]:
    # The name of a bundle may tell of a member that this person may not see.
    named = Bundle.objects.filter(pk__in=[item.bundle_id for item in found if item.bundle_id])
    seen = set(sight.seen_by(viewer.user, named).values_list("pk", flat=True))
    rows = []
    for item in found:
        facts = [str(item.get_model_display())]
        if item.bundle_id in seen:
            facts.append(_("bundle “%(bundle)s”") % {"bundle": item.bundle})
        at: Any = item.release_at
        times = tuple(
            (label, dates.written_exactly(at, zone))
            for zone, label in schedule.zones(item.child).items()
        )
        rows.append(
            Row(*titled(item), form_url(item), tuple(facts), times=times,
                countdown=schedule.countdown(at),
                seconds=int((at - visibility.moment()).total_seconds()))
        )  # fmt: skip
    return rows


def _change_rows(found: list[Change], viewer: Viewer) -> list[Row]:
    records = look_up(viewer.user, found)
    rows = []
    for change in found:
        who = (change.by.get_full_name() or change.by.get_username()) if change.by else ""
        facts = (change.get_kind_display(), who, dates.written_moment(change.proposed_at))
        record = records.get(change.record_uid)
        title = titled(record) if record is not None else (_("no longer there"), "")
        rows.append(Row(*title, change_url(change.pk), tuple(str(each) for each in facts if each)))
    return rows


def _photo_row(photo: Photo) -> Row:
    missing = [code for code in CODES if not getattr(photo, column("alt", code))]
    fact = _("no alternative text: %(languages)s") % {"languages": language_names(missing)}
    return Row(*titled(photo), form_url(photo), (fact,))


def words() -> dict[str, list[str]]:
    """How the page's language counts days, hours, minutes and seconds, for one, a few and many,
    as `dates.written_span` does: the countdown goes on in the browser."""
    return {
        "day": [ngettext("%(num)d day", "%(num)d days", num) for num in (1, 2, 5)],
        "hour": [ngettext("%(num)d hour", "%(num)d hours", num) for num in (1, 2, 5)],
        "minute": [ngettext("%(num)d minute", "%(num)d minutes", num) for num in (1, 2, 5)],
        "second": [ngettext("%(num)d second", "%(num)d seconds", num) for num in (1, 2, 5)],
        "left": [_("goes out in %(span)s")],
        "out": [_("out")],
    }
