"""The lists of the desk: what goes out, what waits for whom, what is missing.

Each list is one function of the person who looks. The desk counts its rows, and the filter of
the same name in the admin's lists shows them, so that number and list cannot disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .. import dates, differences, roles, sight, versions, visibility
from ..languages import CODES, column
from ..models import Change, Edition, Photo, Placement, Publication
from ..publishing import foureyes
from ..visibility import Stage, Status

Rows = QuerySet[Any]
_DECIDED = (Status.APPROVED, Status.WITHDRAWN, Status.RETRACTED)


class Viewer:
    """A person at the desk, with what is asked of them again and again looked up once."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.holds: Callable[[str], bool] = cache(lambda codename: roles.holds(user, codename))

    @cached_property
    def seen(self) -> Q:
        """The condition "this person may see it", on publications."""
        return sight.seen_q(self.user)

    def publications(self) -> Rows:
        """Events and statements that this person may see."""
        return Publication.objects.filter(self.seen)

    @cached_property
    def _changes(self) -> Rows:
        return differences.seen_changes(self.user).open()

    def changes(self) -> Rows:
        """Undecided changes that touch nothing which this person may not see."""
        return self._changes.all()


@dataclass(frozen=True)
class DeskList:
    """One list: who has it, which rows it holds, and under which filter of which model's list.

    `permission` is what it takes to do something about its rows: nobody else has the list.
    """

    name: str
    title: str | Promise
    permission: str
    model: type[Any]
    parameter: str
    value: str
    find: Callable[[Viewer], Rows]

    def rows(self, viewer: Viewer) -> Rows:
        """Its rows for this person, without a particular order; none without the permission."""
        if not viewer.holds(self.permission):
            return self.model._default_manager.none()
        return self.find(viewer)

    def url(self) -> str:
        """The admin's list of exactly these rows."""
        name = f"admin:events_{self.model._meta.model_name}_changelist"
        return f"{reverse(name)}?{self.parameter}={self.value}"


def stage_q(stage: str, path: str = "") -> Q:
    """The condition "stands at this stage now", for the publication that `path` leads to."""
    prefix = f"{path}__" if path else ""
    if stage == Stage.PUBLISHED:
        return visibility.public_q(path)
    if stage == Stage.EMBARGOED:
        return Q(
            **{
                f"{prefix}status": Status.APPROVED,
                f"{prefix}release_at__gt": visibility.moment(),
            }
        )
    return Q(**{f"{prefix}status": stage})


def _acts(actions: tuple[str, ...], **of: Any) -> QuerySet[Edition]:
    return Edition.objects.filter(record_uid=OuterRef("pk"), action__in=actions, **of)


def _last(actions: tuple[str, ...], name: str) -> Subquery:
    return Subquery(_acts(actions).order_by("-number").values(name)[:1])


def _to_review(viewer: Viewer) -> Rows:
    open_edits = foureyes.open_edits().filter(record_uid=OuterRef("pk"))
    mine_alone = Exists(open_edits.filter(by=viewer.user.pk)) & ~Exists(
        open_edits.exclude(by=viewer.user.pk)
    )
    return viewer.publications().filter(~Q(mine_alone), status=Status.IN_REVIEW)


def _approvers() -> Rows:
    holding = Q(groups__permissions__codename="approve_publication")
    holding |= Q(user_permissions__codename="approve_publication")
    return get_user_model()._default_manager.filter(holding).values("pk")


def _to_countersign(viewer: Viewer) -> Rows:
    """Texts in which an approver wrote, for those who may not approve: see countersign."""
    if viewer.holds("review_publication"):
        return Publication.objects.none()
    theirs = foureyes.open_edits().filter(record_uid=OuterRef("pk"), by__in=_approvers())
    return viewer.publications().filter(
        Exists(theirs.exclude(by=viewer.user.pk)), status=Status.IN_REVIEW
    )


def _reasons(viewer: Viewer) -> Rows:
    proposed = Q(*((f"{column('proposed_reason', code)}__gt", "") for code in CODES),
                 _connector=Q.OR)  # fmt: skip
    return (
        viewer.publications()
        .filter(proposed, status__in=(Status.WITHDRAWN, Status.RETRACTED))
        .alias(proposer=_last(foureyes.REASONS, "by"))
        .filter(Q(proposer=None) | ~Q(proposer=viewer.user.pk))
    )


def _reinstatements(viewer: Viewer) -> Rows:
    acts = foureyes.REINSTATING
    return (
        viewer.publications()
        .filter(status__in=(Status.WITHDRAWN, Status.RETRACTED))
        .alias(last=_last(acts, "action"), asked_by=_last(acts, "by"))
        .filter(Q(asked_by=None) | ~Q(asked_by=viewer.user.pk), last="ask_reinstatement")
    )


def _mine(viewer: Viewer, status: Status) -> Rows:
    return viewer.publications().filter(
        Exists(_acts(foureyes.EDITS, by=viewer.user.pk)), status=status
    )


def _my_drafts(viewer: Viewer) -> Rows:
    """Those that were sent back are in a list of their own."""
    last = _last(("submit", "send_back"), "action")
    drafts = _mine(viewer, Status.DRAFT).alias(last=last)
    return drafts.filter(Q(last=None) | ~Q(last="send_back"))


def _sent_back(viewer: Viewer) -> Rows:
    drafts = _mine(viewer, Status.DRAFT).alias(last=_last(("submit", "send_back"), "action"))
    return drafts.filter(last="send_back").annotate(note=_last(("send_back",), "note"))


def _to_apply(viewer: Viewer) -> Rows:
    """Of one's own only what somebody else stands behind."""
    return viewer.changes().exclude(by=viewer.user.pk, confirmed_by=None)


def _to_confirm(viewer: Viewer) -> Rows:
    """An approver's proposals, for those who may stand behind them and not apply them."""
    if viewer.holds("approve_publication"):
        return Change.objects.none()
    return viewer.changes().filter(by__in=_approvers(), confirmed_by=None)


def _missing(viewer: Viewer, codes: tuple[str, ...] = CODES) -> Rows:
    lacks = Q(*((column("ready", code), False) for code in codes), _connector=Q.OR)
    current = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED)
    return viewer.publications().filter(lacks, status__in=current)


def _behind(viewer: Viewer, *codes: str) -> Rows:
    current = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED)
    return viewer.publications().filter(Exists(versions.behind(*codes)), status__in=current)


def _without_alt(viewer: Viewer) -> Rows:
    current = viewer.publications().exclude(status__in=(Status.WITHDRAWN, Status.RETRACTED))
    lacks = Q()
    for code in CODES:
        shown = Placement.objects.filter(
            photo=OuterRef("pk"),
            publication__in=current.filter(**{column("ready", code): True}).values("pk"),
        )
        lacks |= Q(Exists(shown), **{column("alt", code): ""})
    return sight.seen_by(viewer.user, Photo.objects.filter(lacks))


def releases(viewer: Viewer) -> Rows:
    """What went out from here, whatever became of it since; not what an archive brought in."""
    return viewer.publications().filter(
        status__in=_DECIDED, release_at__lte=visibility.moment(), first_released_on=None
    )


def in_month(first: date) -> Q:
    """The condition "was released in the month of this day", by the office's calendar."""
    start, end = _midnight(first), _midnight(next_month(first))
    return Q(published_at__gte=start, published_at__lt=end)


def next_month(first: date) -> date:
    """The first day of the month after that of `first`."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, 1, tzinfo=ZoneInfo(settings.OFFICE_TIME_ZONE))


def last_months() -> list[date]:
    """The first days of the last twelve months of the office's calendar, this one included."""
    this = dates.office_today(visibility.moment()).replace(day=1)
    months = [this.year * 12 + this.month - 1 - back for back in range(11, -1, -1)]
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def _at(stage: Stage) -> Callable[[Viewer], Rows]:
    return lambda viewer: viewer.publications().filter(stage_q(stage))


def _late(code: str) -> Callable[[Viewer], Rows]:
    return lambda viewer: _behind(viewer, code)


def _lacking(code: str) -> Callable[[Viewer], Rows]:
    return lambda viewer: _missing(viewer, (code,))


LISTS: dict[str, DeskList] = {
    each.name: each
    for each in (
        DeskList("next", _("Goes out next"), "view_publication", Publication, "stage",
                 "embargoed", _at(Stage.EMBARGOED)),
        DeskList("released", _("Released last"), "view_publication", Publication, "stage",
                 "published", _at(Stage.PUBLISHED)),
        DeskList("to_review", _("To review or approve"), "review_publication", Publication,
                 "waits", "review", _to_review),
        DeskList("to_countersign", _("To countersign"), "submit_publication", Publication,
                 "waits", "countersign", _to_countersign),
        DeskList("reasons", _("Public reasons to approve"), "withdraw_publication", Publication,
                 "waits", "reason", _reasons),
        DeskList("reinstatements", _("To reinstate"), "approve_publication", Publication,
                 "waits", "reinstatement", _reinstatements),
        DeskList("to_apply", _("Changes to apply"), "approve_publication", Change,
                 "waits", "apply", _to_apply),
        DeskList("to_confirm", _("Changes to stand behind"), "propose_change", Change,
                 "waits", "confirm", _to_confirm),
        DeskList("changes", _("Changes proposed"), "view_change", Change,
                 "waits", "decision", Viewer.changes),
        DeskList("my_drafts", _("My drafts"), "submit_publication", Publication,
                 "mine", "draft", _my_drafts),
        DeskList("sent_back", _("Sent back to me"), "submit_publication", Publication,
                 "mine", "sent_back", _sent_back),
        DeskList("my_reviews", _("Mine, in review"), "submit_publication", Publication,
                 "mine", "in_review", lambda viewer: _mine(viewer, Status.IN_REVIEW)),
        DeskList("my_changes", _("My proposals"), "propose_change", Change,
                 "mine", "proposed", lambda viewer: viewer.changes().filter(by=viewer.user.pk)),
        DeskList("missing", _("Missing a language"), "propose_change", Publication,
                 "missing", "any", _missing),
        *(
            DeskList(f"missing_{code}", native, "propose_change", Publication,
                     "missing", code, _lacking(code))
            for code, native in settings.LANGUAGES
        ),
        DeskList("behind", _("Behind another language"), "propose_change", Publication,
                 "missing", "behind", _behind),
        *(
            DeskList(f"behind_{code}", format_lazy("{}: {}", native, _("behind")),
                     "propose_change", Publication, "missing", f"behind_{code}", _late(code))
            for code, native in settings.LANGUAGES
        ),
        DeskList("without_alt", _("Photos without alternative text"), "change_photo", Photo,
                 "missing", "alt", _without_alt),
    )
}  # fmt: skip
