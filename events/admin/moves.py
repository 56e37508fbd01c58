"""The moves of an item: each is asked about on a page of its own, and made on POST alone."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from .. import dates, editions, guards, publishing, roles, sight, visibility
from ..languages import CODES, column
from ..publishing import foureyes
from ..publishing.frame import locked
from ..publishing.lifecycle import refuse_rows_since
from ..signin import fresh
from ..templatetags.press import language_name
from ..visibility import Stage
from .pages import Button, Pages
from .schedule import TimeForm, release_times, shown_in

# What stops something is not held up by what somebody else did meanwhile. By every other move a
# person decides on what they have read: it must be what is there now.
_AT_ONCE = ("cancel_release", "withdraw", "retract")
# What a page carries of what was on it.
_SEEN = ("seen_version", "seen_rows")
# Moves by which a person stands behind what a text names, too.
_STAND_BEHIND = ("countersign", "approve", "release_now", "reinstate")
# What most people come for, the likeliest first.
_MAIN = ("submit", "approve", "countersign", "approve_reason", "reinstate")

# What is about to happen, for whoever is about to do it.
_HAPPENS = {
    "submit": gettext_lazy("It is handed over for review; whoever reviews is told."),
    "send_back": gettext_lazy("It goes back to its writer as a draft, with your note."),
    "countersign": gettext_lazy("You stand behind what others have written in it."),
    "approve": gettext_lazy(
        "It becomes public at the time you state, everywhere at once, with no further act."
    ),
    "release_now": gettext_lazy("It becomes public this very second, everywhere at once."),
    "move_release": gettext_lazy(
        "It stays approved and becomes public at another time; whoever wrote or approved it is"
        " told."
    ),
    "cancel_release": gettext_lazy(
        "It will not become public on %(when)s: that release will not happen. The item goes back"
        " into review, without a time; whoever approved it is told."
    ),
    "withdraw": gettext_lazy(
        "It is marked as no longer current, at once: its own page stays readable and says so; it"
        " is gone from every list, feed and search."
    ),
    "retract": gettext_lazy(
        "It is taken back as published in error, at once: its page answers that it is gone, with"
        " the date and a public reason, and none of its text."
    ),
    "propose_reason": gettext_lazy(
        "Readers go on seeing what they see now until a second person approves your words."
    ),
    "approve_reason": gettext_lazy("Readers see the proposed words from now on."),
    "ask_reinstatement": gettext_lazy("A second person is asked to put it back as it was."),
    "reinstate": gettext_lazy(
        "It is public again, at once, at the same address and under its old date; it is not"
        " announced as new."
    ),
}  # fmt: skip


class MoveForm(TimeForm):
    """What a move must ask: a stated time, reasons by language, a note, answers."""

    reason_help = gettext_lazy(
        "In at least one language. Readers see a neutral sentence until a second person approves"
        " these words."
    )

    def __init__(self, move: publishing.Move, item: Any, user: Any, data: Any = None) -> None:
        super().__init__(item, user, data)
        self.move = move
        if "release_at" not in move.asks:
            for name in self.TIME:
                del self.fields[name]
        self.fields["seen_version"] = forms.IntegerField(required=False)
        self.fields["seen_rows"] = forms.CharField(required=False)
        self.reasons: list[str] = []
        if "reason" in move.asks:
            self._ask_reasons()
        if "note" in move.asks:
            self.fields["note"] = _text(_("Note"))
        self.questions = guards.questions(item) if "answers" in move.asks else []
        for each in self.questions:
            self.fields[f"answer-{each.code}"] = _text(each.sentence, rows=2)

    def _ask_reasons(self) -> None:
        for code in self.item.readable_languages():
            name = column("reason", code)
            self.fields[name] = _text(
                _("Reason (%(language)s)") % {"language": language_name(code)}, lang=code
            )
            if self.move.name == "propose_reason":
                self.initial[name] = getattr(self.item, column("proposed_reason", code))
            self.reasons.append(name)
        self.fields[self.reasons[-1]].help_text = self.reason_help

    def asked(self) -> list[forms.BoundField]:
        """The fields to show beside the release time."""
        return [field for field in self if field.name not in (*self.TIME, *_SEEN)]

    def arguments(self) -> list[Any]:
        """What the verb is given, in the order in which the move asks."""
        given = self.cleaned_data
        values = {
            "release_at": given.get("release_at"),
            "note": given.get("note", ""),
            "reason": {
                code: given.get(column("reason", code), "")
                for code in CODES
                if column("reason", code) in self.reasons
            },
            "answers": {each.code: given[f"answer-{each.code}"] for each in self.questions},
        }
        return [values[name] for name in self.move.asks]

    def refuse(self, refusal: ValidationError) -> None:
        """Show a verb's refusal beside the field that it is about."""
        found: Any = refusal.error_dict if hasattr(refusal, "error_dict") else {None: [refusal]}
        for name, errors in found.items():
            if name == "answers" and self.questions:
                self._refuse_unanswered()
            elif name == "reason" and self.reasons:
                self.add_error(self.reasons[0], errors)
            elif name in self.fields:
                self.add_error(name, errors)
            else:
                label = self._label(name)
                self.add_error(None, [f"{label}{text}" for each in errors for text in each])

    def _refuse_unanswered(self) -> None:
        for each in self.questions:
            if not self.cleaned_data.get(f"answer-{each.code}", "").strip():
                self.add_error(f"answer-{each.code}", _("Answer this question first."))

    def _label(self, name: str | None) -> str:
        """The words that a field of the record goes by; nothing for the record as a whole."""
        try:
            return f"{self.item._meta.get_field(name).verbose_name}: "
        except FieldDoesNotExist:
            return ""


def _text(label: str, rows: int = 4, **attrs: str) -> forms.CharField:
    widget = forms.Textarea({"rows": rows, "cols": 60, **attrs})
    return forms.CharField(label=label, required=False, widget=widget)


class MovePages(Pages):
    """One page for every move."""

    ROUTES = (("move/<slug:verb>/", "move_view"), ("move/<slug:verb>/times/", "move_times_view"))

    def buttons(self, request: HttpRequest, item: Any) -> list[Button]:
        """The moves that stage and role allow, with the one that most come for marked."""
        found = {move.name: move for move in publishing.moves_open_to(item, request.user)}
        main = next((name for name in _MAIN if name in found), "")
        return [
            Button(move.label, self.url("move", item, name), main=name == main)
            for name, move in found.items()
        ]

    def move_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Ask what the move needs and confirm it; act on POST alone. A time is shown in every
        zone before it counts. A move that is not possible is explained, with 409 Conflict."""
        item, move = self._asked(request, object_id, verb)
        form = MoveForm(move, item, request.user, request.POST if _is_post(request) else None)
        to_confirm = False
        if _is_post(request) and form.is_valid():
            to_confirm = "release_at" in move.asks and form.is_to_be_shown()
            if move.anew and not to_confirm:
                fresh.require(request)
            record = None if to_confirm else self._act(form)
            if record is not None:
                messages.success(request, _done(move, record))
                return HttpResponseRedirect(self.change_url(record))
            item = self.record(request, object_id)
        possible = move in publishing.moves_open_to(item, request.user)
        answer = self.page(
            request, "admin/move.html", item, f"{move.label}: {item}", move=move, form=form,
            to_confirm=to_confirm, possible=possible, refusal=_refusal(item, move),
            happens=_happens(item, move), facts=_facts(item, move, request.user),
            bundle=_bundle(item, request.user), words=_words(item, move),
            release=shown_in(form.zones, item.release_at) if item.release_at else None,
            seen_rows=foureyes.rows_seen(item) if move.name in _STAND_BEHIND else "",
            now=dates.written_exactly(visibility.moment(), settings.OFFICE_TIME_ZONE),
            asks_anew=move.anew and not fresh.is_fresh(request),
        )  # fmt: skip
        answer.status_code = 200 if possible else 409
        return answer

    @method_decorator(require_POST)
    def move_times_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """The typed time in every zone, for the page to show while it is typed. By POST, so that
        no log tells of a time that may become a release's."""
        item, move = self._asked(request, object_id, verb)
        if "release_at" not in move.asks:
            raise Http404
        form = TimeForm(item, request.user, request.POST)
        form.full_clean()
        return TemplateResponse(request, "admin/move_times.html", {"form": form})

    def _asked(
        self, request: HttpRequest, object_id: str, verb: str
    ) -> tuple[Any, publishing.Move]:  # fmt: skip
        """The item and the move. Raises Http404 for either that there is not, and
        PermissionDenied where the person's roles do not allow the move."""
        item = self.record(request, object_id)
        if verb not in publishing.MOVES:
            raise Http404
        move = publishing.MOVES[verb]
        roles.require(request.user, move.permission)
        return item, move

    def _act(self, form: MoveForm) -> Any:
        """Call the verb. None where it refuses, with its sentence in the form."""
        move, item = form.move, form.item
        try:
            with transaction.atomic():
                if move.name not in _AT_ONCE:
                    _require_as_seen(form)
                return getattr(publishing, move.name)(item, form.user, *form.arguments())
        except ValidationError as refusal:
            form.refuse(refusal)
            return None


def _is_post(request: HttpRequest) -> bool:
    return request.method == "POST"


def _require_as_seen(form: MoveForm) -> None:
    """Raise Refused where the item is no longer what was on screen. Its row stays locked, so
    that it is this until the verb has acted."""
    seen = form.cleaned_data.get("seen_version")
    record = locked(form.item)
    possible = visibility.stage(record, visibility.clock()) in form.move.origins
    if possible and seen is not None and seen != record.version:
        raise publishing.Refused(
            _("It has changed since you opened this page: look at it again, then decide."),
            code="stale",
        )
    if possible and form.move.name in _STAND_BEHIND:
        foureyes.hold_rows(record)
        refuse_rows_since(record, form.cleaned_data.get("seen_rows", ""))


def _done(move: publishing.Move, record: Any) -> str:
    stage = visibility.stage(record, visibility.clock())
    done = _("%(verb)s: done. “%(item)s” is %(stage)s.") % {
        "verb": move.label, "item": record, "stage": stage.label}  # fmt: skip
    return f"{done} {release_times(record)}" if stage == Stage.EMBARGOED else done


def _refusal(item: Any, move: publishing.Move) -> str:
    """Why a move is not possible, as far as the item tells."""
    if item.stage in move.origins and item.bundle_id is not None:
        return _("It is released together with others: decide in its bundle, for the whole of it.")
    if item.stage in move.origins:
        return _("“%(verb)s” is not open to you now.") % {"verb": move.label}
    return _("“%(verb)s” is not possible: the item is %(stage)s.") % {
        "verb": move.label, "stage": item.stage.label}  # fmt: skip


def _happens(item: Any, move: publishing.Move) -> str:
    at = item.release_at
    when = dates.written_exactly(at, settings.OFFICE_TIME_ZONE) if at else "–"
    return str(_HAPPENS[move.name]) % {"when": when}


def _facts(item: Any, move: publishing.Move, user: Any) -> list[str]:
    """Who has written and who has confirmed, what waits for a second person, and who asked."""
    found = []
    if names := _names(item, publishing.EDITS):
        found.append(_("Edited by %(names)s.") % {"names": names})
    if names := _names(item, publishing.CONFIRMATIONS):
        found.append(_("Confirmed by %(names)s.") % {"names": names})
    authors = publishing.unconfirmed_authors(item)
    if authors:
        names = _names(item, publishing.EDITS, authors)
        found.append(_("Waiting to be countersigned: edits by %(names)s.") % {"names": names})
    for row, authors_of_row in publishing.unconfirmed_rows(item):
        names = _names(row, publishing.EDITS, authors_of_row)
        found.append(
            _("Waiting to be countersigned: edits by %(names)s in “%(row)s”, which it names.")
            % {"names": names, "row": row}
        )
    if move.name in ("approve", "release_now") and user.pk in authors:
        found.append(_("You have edited it: somebody else must countersign before you approve it."))
    if move.name == "approve_reason" and item.has_proposed_reason:
        names = _names(item, foureyes.REASONS, {foureyes.last_author(item, foureyes.REASONS)})
        found.append(_("The words are proposed by %(names)s.") % {"names": names})
    asked = foureyes.asked_to_reinstate(item)
    if asked is not None:
        found.append(
            _("%(name)s asked on %(when)s to reinstate it: “%(note)s”")
            % {
                "name": asked.who,
                "when": dates.written_moment(asked.at),
                "note": asked.note,
            }
        )
    return found


def _names(record: Any, actions: tuple[str, ...], keys: set[Any] | None = None) -> str:
    """Who did these acts on a record, each once, in the order in which they came."""
    acts = editions.of(record).filter(action__in=actions).values_list("by", "by_name")
    return ", ".join(
        dict.fromkeys(roles.named(name) for key, name in acts if keys is None or key in keys)
    )


def _words(item: Any, move: publishing.Move) -> list[dict[str, str]]:
    """What readers are told of a withdrawal now, and the words proposed, by language."""
    if move.name not in ("propose_reason", "approve_reason"):
        return []
    return [
        {
            "code": code,
            "language": language_name(code),
            "now": getattr(item, column("reason", code)),
            "proposed": getattr(item, column("proposed_reason", code)),
        }
        for code in item.readable_languages()
    ]


def _bundle(item: Any, user: Any) -> dict[str, str] | None:
    """The bundle that an item is released with, and its page."""
    if item.bundle_id is None or not sight.sees(user, item.bundle):
        return None
    try:
        url = reverse("admin:events_bundle_change", args=[item.bundle_id])
    except NoReverseMatch:
        url = ""
    return {"name": str(item.bundle), "url": url}
