"""Changes of approved texts: proposed on the record's own form, reviewed beside the live text."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from .. import differences, editions, files, guards, publishing, roles, sight
from ..differences import Difference
from ..languages import CODES, column
from ..models import Change, ChangeState, Edition, Reading, Recorded
from ..signin import fresh
from . import sending
from .pages import Button, Pages
from .proposing import ProposalForm, base_of, mark_conflicts, record_form


@dataclass(frozen=True)
class Review:
    """A proposed change as one person looks at it: what differs from what, and what they may
    do about it. The verbs decide again."""

    change: Change
    record: Recorded
    user: Any

    @cached_property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return bool(self.change.state == ChangeState.PROPOSED)

    def _seen(self, content: Any) -> Any:
        return differences.seen_part(self.user, content)

    @cached_property
    def live(self) -> Any:
        """What stands now, as far as this person may see it."""
        return self._seen(editions.snapshot(self.record))

    @cached_property
    def base(self) -> Any:
        """What the proposal was made from."""
        return self._seen(editions.content_of(self.change.base))

    @cached_property
    def is_stale(self) -> bool:
        """Whether the text has changed since the proposal was made."""
        return self.is_open and editions.content_of(self.change.base) != editions.snapshot(
            self.record
        )

    @cached_property
    def proposed(self) -> list[Difference]:
        """What it would change."""
        return differences.compare(self.base, self._seen(editions.content_of(self.change)))

    @cached_property
    def meanwhile(self) -> list[Difference]:
        """What has changed since it was proposed."""
        return differences.compare(self.base, self.live) if self.is_stale else []

    @cached_property
    def parallel(self) -> list[Change]:
        """The other open proposals for the same record."""
        found = differences.seen_changes(self.user).open().filter(record_uid=self.change.record_uid)
        return list(found.exclude(pk=self.change.pk).select_related("by"))

    @cached_property
    def notes(self) -> list[tuple[str, str]]:
        """The public note with its language."""
        found = [(code, getattr(self.change, column("note", code))) for code in CODES]
        return [(code, note) for code, note in found if note]

    @cached_property
    def is_own(self) -> bool:
        """Whether the person has proposed it."""
        return bool(self.change.by_id == self.user.pk)

    @cached_property
    def may_apply(self) -> bool:
        """Whether to offer it: an approver, on a fresh proposal that somebody else stands
        behind."""
        two = not self.is_own or self.change.confirmed_by_id is not None
        return self.is_open and not self.is_stale and two and self._holds("approve_publication")

    @cached_property
    def may_confirm(self) -> bool:
        """Whether a second person may stand behind it."""
        fresh = self.is_open and self.change.confirmed_by_id is None
        return fresh and not self.is_own and self._holds("propose_change")

    @cached_property
    def may_reject(self) -> bool:
        """Whether they may turn it down, or take it back."""
        return self.is_open and (self.is_own or self._holds("review_publication"))

    @cached_property
    def may_mend(self) -> bool:
        """Whether they may propose another in its place."""
        return self.is_open and self._holds("propose_change")

    def _holds(self, codename: str) -> bool:
        return roles.holds(self.user, codename)

    @cached_property
    def seen_rows(self) -> str:
        """What stands in the rows that it names, for the page to carry."""
        try:
            return publishing.rows_seen(self.change) if self.may_apply else ""
        except ValidationError:
            return ""  # the verb says what is wrong

    @cached_property
    def questions(self) -> list[guards.Question]:
        """What an approver must answer before applying it."""
        try:
            return publishing.questions(self.change) if self.may_apply else []
        except ValidationError:
            return []  # the verb says what is wrong


class ChangePages(Pages):
    """Propose, mend, review, apply and reject."""

    ROUTES = (
        ("propose/", "propose_view"),
        ("propose/edition/<int:number>/", "propose_edition_view"),
        ("propose/mend/<uuid:change>/", "mend_view"),
        ("changes/<uuid:change>/", "review_view"),
    )

    def buttons(self, request: HttpRequest, item: Any) -> list[Button]:
        """The way to a proposal, and to those that wait, on what is not edited in place."""
        found = []
        if roles.holds(request.user, "propose_change") and not self.admin.is_editable(item):
            found.append(Button(_("Propose a change"), self.url("propose", item)))
        if roles.holds(request.user, "view_change"):
            found += [
                Button(
                    _("Review: %(kind)s by %(name)s")
                    % {"kind": change.get_kind_display(), "name": change.by},
                    self.url("review", item, change.pk),
                )
                for change in self._waiting(request, item)
            ]
        return found

    def _waiting(self, request: HttpRequest, item: Any) -> Any:
        """The open proposals for a record that this person may see."""
        seen = differences.seen_changes(request.user).open()
        return seen.filter(record_uid=item.pk).select_related("by")

    # --- Proposing -------------------------------------------------------------------------------

    def propose_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """The record's own form with the present text."""
        item = self._proposable(request, object_id)
        base = base_of(request, item)
        revision = publishing.Revision(editions.content_of(base), [], base)
        return self._propose(request, item, revision)

    def propose_edition_view(
        self, request: HttpRequest, object_id: Any, number: int
    ) -> HttpResponse:  # fmt: skip
        """The same with the text of an earlier edition, to restore it."""
        item = self._proposable(request, object_id)
        edition = edition_of(item, number)
        revision = publishing.restored(item, edition, request.user, base_of(request, item))
        return self._propose(request, item, revision, edition=edition)

    def mend_view(self, request: HttpRequest, object_id: Any, change: Any) -> HttpResponse:
        """The same with a proposal on top of the present text, to be proposed in its place."""
        item = self._proposable(request, object_id)
        mended = self._change(request, item, change)
        if mended.state != ChangeState.PROPOSED and request.method != "POST":
            messages.error(request, _("This change has been decided already."))
            return HttpResponseRedirect(self.url("review", item, mended.pk))
        revision = publishing.revision(mended, base_of(request, item))
        return self._propose(request, item, revision, mended=mended)

    def _proposable(self, request: HttpRequest, object_id: Any) -> Any:
        item = self.record(request, object_id)
        roles.require(request.user, "propose_change")
        if not item.edition_count:  # straight past the verbs: there is nothing to start from
            raise Http404
        return item

    def _propose(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with files.receiving(request.FILES):
            return self._answered(request, *args, **kwargs)

    def asking(self, data: Any, initial: dict[str, Any], base: Edition) -> ProposalForm:
        """What is asked beside the form of the record."""
        return ProposalForm(data, initial=initial)

    def proposal_title(self, item: Any) -> str:
        """What the page is headed by."""
        return _("Propose a change: %(record)s") % {"record": item}

    def _answered(
        self, request: HttpRequest, item: Any, revision: publishing.Revision,
        mended: Change | None = None, edition: Edition | None = None,
    ) -> HttpResponse:  # fmt: skip
        if self.admin.is_editable(item):
            messages.error(request, _("It is not approved yet: edit it directly."))
            return HttpResponseRedirect(self.change_url(item))
        sent = request.method == "POST"
        sight.record_reading(request.user, item, Reading.How.FORM)
        initial = {}
        if mended is not None:
            notes = [column("note", code) for code in CODES]
            initial = {name: getattr(mended, name) for name in ("kind", *notes)}
        asked = self.asking(request.POST if sent else None, initial, revision.base)
        present = differences.seen_part(request.user, editions.content_of(revision.base))

        def decorate(context: dict[str, Any]) -> None:
            offered = differences.seen_part(request.user, revision.content)
            mark_conflicts(context, revision.conflicts)
            context.update(
                proposal=asked, mended=mended, edition=edition, record=item,
                back=self.change_url(item),
                title=self.proposal_title(item), subtitle=None,
                conflicts=_conflicting(mended, revision, request.user) if mended else [],
                differences=differences.compare(present, offered) if edition else [],
                parallel=[
                    (change, self.url("review", item, change.pk))
                    for change in self._waiting(request, item)
                    if change != mended
                ],
            )  # fmt: skip

        def form(refusal: dict[str | None, list[str]] | None = None) -> Any:
            return record_form(self.admin, request, item, revision, decorate, refusal)

        if not sent:
            return form()[1]
        if not asked.is_valid():
            return form({None: [_("Say what kind of change this is.")]})[1]
        content, answer = form()
        if content is None:
            return answer
        try:
            change = publishing.propose(
                item, content, request.user, asked.cleaned_data["kind"], asked.notes(),
                revision.base, mended,
            )  # fmt: skip
        except ValidationError as refusal:
            rest = asked.say(refusal)
            return form(rest or {None: [_("Look at what is said beside the fields above.")]})[1]
        messages.success(request, _("Proposed. Somebody else reviews it before it is public."))
        response = HttpResponseRedirect(self.url("review", item, change.pk))
        return sending.say_saved(request, response)

    # --- Review ----------------------------------------------------------------------------------

    def review_view(self, request: HttpRequest, object_id: Any, change: Any) -> HttpResponse:
        """A proposal beside the live text; its decision on POST."""
        item = self.record(request, object_id)
        found = self._change(request, item, change)
        refused: list[Any] = []
        if request.method == "POST":
            answer = self._decide(request, item, found, refused)
            if answer is not None:
                return answer
            found.refresh_from_db()
        else:
            sight.record_reading(request.user, item, Reading.How.HISTORY)
        review = Review(found, item, request.user)
        return self.page(
            request, "admin/change_review.html", item,
            _("%(kind)s of %(record)s")
            % {"kind": str(found.get_kind_display()).capitalize(), "record": item},
            review=review, change=found, refused=refused, typed=request.POST,
            answers=[
                (each, f"answer-{each.code}", request.POST.get(f"answer-{each.code}", ""))
                for each in review.questions
            ],
            mend_url=self.url("mend", item, found.pk),
            base_url=self.url("edition", item, found.base.number),
            parallel=[(each, self.url("review", item, each.pk)) for each in review.parallel],
        )  # fmt: skip

    def _decide(
        self, request: HttpRequest, item: Any, change: Change, refused: list[Any]
    ) -> HttpResponse | None:
        """Do what the pressed button says; None with the sentences in `refused` where the verb
        refuses."""
        by, decision = request.user, request.POST.get("decision", "")
        try:
            if decision == "apply":
                fresh.require(request)
                answers = {
                    name.removeprefix("answer-"): text
                    for name, text in request.POST.items()
                    if name.startswith("answer-") and isinstance(text, str)
                }
                seen_rows = request.POST.get("seen_rows", "")
                publishing.apply_change(change, by, answers, seen_rows)
                done = _("Applied: this is the text now.")
            elif decision == "confirm":
                publishing.confirm_change(change, by)
                done = _("Countersigned: its author may apply it.")
            elif decision == "reject":
                publishing.reject_change(change, by, request.POST.get("note", ""))
                done = _("Rejected: the text stays as it was.")
                if change.by_id == by.pk:
                    done = _("Taken back: the text stays as it was.")
            else:
                refused.append(_("Choose what is to be done."))
                return None
        except ValidationError as refusal:
            refused += refusal.messages
            return None
        messages.success(request, done)
        to = self.url("review", item, change.pk) if decision == "confirm" else self.change_url(item)
        return HttpResponseRedirect(to)

    def _change(self, request: HttpRequest, item: Any, uid: Any) -> Change:
        """A change of this record that the person may see. Raises Http404 for any other."""
        if not roles.holds(request.user, "view_change"):
            raise PermissionDenied
        found: Change | None = (
            differences.seen_changes(request.user)
            .filter(record_uid=item.pk, pk=uid)
            .select_related("by", "base", "confirmed_by", "decided_by", "replaces")
            .first()
        )
        if found is None:
            raise Http404
        return found


def edition_of(item: Model, number: int) -> Edition:
    """One edition of a record. Raises Http404 where it has none of that number."""
    # A number that no column holds is no edition's.
    found = editions.of(item).filter(number=number).first() if number < 2**31 else None  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


def _conflicting(mended: Change, revision: publishing.Revision, user: Any) -> list[Difference]:
    """What the present text has at each place where both have changed, against the proposal."""
    base = differences.seen_part(user, editions.content_of(mended.base))
    present = differences.seen_part(user, editions.content_of(revision.base))
    return [
        each
        for each in differences.compare(base, present)
        if any(each.path[: len(path)] == path or path[: len(each.path)] == each.path
               for path in revision.conflicts)
    ]  # fmt: skip
