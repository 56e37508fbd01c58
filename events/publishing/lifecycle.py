"""From draft to release, and back: the verbs of one item."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import dates, differences, editions, guards, notifications, roles, visibility
from ..languages import CODES, column
from ..models import Event, Notification, Publication, Statement
from ..visibility import Status
from . import foureyes
from .frame import LEAD, P, Refused, acting, refuse_to_stop

Told = Notification.Kind


def submit(item: P, by: Any, note: str = "") -> P:
    """Hand a draft over for review."""
    with acting("submit", item, by, note) as (record, _now):
        complete(record)
        record.status = Status.IN_REVIEW
        notifications.tell_holders(record, Told.REVIEW, "review_publication", by)
        foureyes.ask_to_countersign(record, by)
    return record


def send_back(item: P, by: Any, note: str) -> P:
    """Return an item to its writer, with a note that says what to do."""
    require_note(note)
    with acting("send_back", item, by, note) as (record, _now):
        record.status = Status.DRAFT
        notifications.tell_authors(record, Told.SENT_BACK, by)
    return record


def countersign(item: P, by: Any) -> P:
    """Stand behind what others edited, in the text and in the rows that only it names, so that
    an editor may approve in an office of two."""
    with acting("countersign", item, by) as (record, now):
        refuse_unseen(record, by)
        foureyes.hold_rows(record)
        if not foureyes.open_to(record, by):
            raise Refused(_("There is nothing by somebody else to countersign."))
        foureyes.confirm_rows(record, by, now)
    return record


def approve(
    item: P, by: Any, release_at: datetime | None, answers: Mapping[str, str] | None = None
) -> P:
    """Approve for a stated time at least a minute ahead. An empty time is never "now".

    `answers` holds the approver's sentence for each of guards.questions(), by its code.
    """
    with acting("approve", item, by, guards.recorded(item, answers)) as (record, now):
        refuse_in_bundle(record)
        stand_behind(record, by, now, answers)
        schedule(record, release_at, now)
        tell_of_release(record, by)
    return record


def release_now(item: P, by: Any, answers: Mapping[str, str] | None = None) -> P:
    """Approve for this very second: an act of its own, confirmed by the person."""
    with acting("release_now", item, by, guards.recorded(item, answers)) as (record, now):
        refuse_in_bundle(record)
        stand_behind(record, by, now, answers)
        set_release(record, now)
        tell_of_release(record, by)
    return record


def move_release(item: P, by: Any, release_at: datetime | None) -> P:
    """Give an embargoed item another time; refused once its time has come, or all but has."""
    with acting("move_release", item, by) as (record, now):
        refuse_in_bundle(record)
        refuse_to_stop(record, now)
        schedule(record, release_at, now)
        notifications.tell_authors(record, Told.MOVED, by, approvers=True)
        notifications.follow_release(record, by)
    return record


def cancel_release(item: P, by: Any, note: str) -> P:
    """Take an embargoed item out of its release and back into review; its approver is told.
    Refused once it is out, or all but is."""
    require_note(note)
    with acting("cancel_release", item, by, note) as (record, now):
        refuse_in_bundle(record)
        refuse_to_stop(record, now)
        unschedule(record, by)
    return record


def unschedule(record: Publication, by: Any) -> None:
    """Back into review, without a time; everybody who stood behind it is told."""
    notifications.forget_release(record)
    notifications.tell_authors(record, Told.CANCELLED, by, approvers=True)
    record.status = Status.IN_REVIEW
    record.release_at = record.published_at = None


def withdraw(item: P, by: Any, reason: Mapping[str, str] | str) -> P:
    """Mark a public text as no longer current. One person's immediate act.

    Readers see a fixed neutral wording: the reason given, by language, is one person's word
    until a second one approves it.
    """
    return _end("withdraw", Status.WITHDRAWN, Told.WITHDRAWN, item, by, reason)


def retract(item: P, by: Any, reason: Mapping[str, str] | str) -> P:
    """Take back a text published in error: its address answers 410 from now on."""
    return _end("retract", Status.RETRACTED, Told.RETRACTED, item, by, reason)


def _end(
    verb: str, status: Status, told: Told, item: P, by: Any, reason: Mapping[str, str] | str
) -> P:  # fmt: skip
    given = _given(reason)
    with acting(verb, item, by, _as_note(given)) as (record, now):
        record.status, record.withdrawn_at = status, now
        for code in CODES:
            with translation.override(code):
                neutral = (
                    gettext("Withdrawn by the press office.")
                    if status == Status.WITHDRAWN
                    else gettext("Retracted by the press office.")
                )
            setattr(record, column("reason", code), neutral)
            setattr(record, column("proposed_reason", code), given.get(code, ""))
        notifications.tell_holders(record, told, "withdraw_publication", by, behind=True)
        if record.has_proposed_reason:
            notifications.tell_holders(record, Told.REASON, "withdraw_publication", by)
    return record


def propose_reason(item: P, by: Any, reason: Mapping[str, str] | str) -> P:
    """Propose what readers are told of a withdrawal or retraction: a second person approves."""
    given = _given(reason)
    with acting("propose_reason", item, by, _as_note(given)) as (record, _now):
        if not any(given.get(code) for code in CODES):
            raise Refused({"reason": _("Give the reason in a language of the site.")})
        for code in CODES:
            setattr(record, column("proposed_reason", code), given.get(code, ""))
        notifications.tell_holders(record, Told.REASON, "withdraw_publication", by)
    return record


def approve_reason(item: P, by: Any) -> P:
    """Let readers have the proposed reason, in place of the neutral sentence."""
    with acting("approve_reason", item, by) as (record, _now):
        if not record.has_proposed_reason:
            raise Refused(_("No reason is proposed."))
        if foureyes.last_author(record, foureyes.REASONS) == foureyes.key(by):
            raise Refused(_("You have proposed this reason: somebody else must approve it."))
        for code in CODES:
            proposed = getattr(record, column("proposed_reason", code))
            if proposed:
                setattr(record, column("reason", code), proposed)
                setattr(record, column("proposed_reason", code), "")
    return record


def ask_reinstatement(item: P, by: Any, note: str) -> P:
    """Ask that a withdrawn or retracted item be reinstated; a second person does it."""
    require_note(note)
    with acting("ask_reinstatement", item, by, note) as (record, _now):
        notifications.tell_holders(record, Told.REINSTATEMENT, "approve_publication", by)
    return record


def reinstate(item: P, by: Any) -> P:
    """Put a withdrawn or retracted item back as it was: same address, same release time, and
    not new to anybody. It takes somebody else's request."""
    with acting("reinstate", item, by) as (record, now):
        asked = foureyes.asked_to_reinstate(record)
        if asked is None:
            raise Refused(_("Nobody has asked to reinstate it."))
        if asked.by_id == foureyes.key(by):
            raise Refused(_("You have asked for this: somebody else must reinstate it."))
        refuse_unseen(record, by)
        foureyes.hold_rows(record)
        refuse_own_rows(record, by)
        foureyes.confirm_rows(record, by, now)
        record.status, record.withdrawn_at = Status.APPROVED, None
        for name in ("reason", "proposed_reason"):
            for code in CODES:
                setattr(record, column(name, code), "")
        notifications.tell_authors(record, Told.REINSTATED, by, approvers=True)
    return record


def require_note(note: str) -> None:
    """Raise Refused for a note that says nothing."""
    if not note.strip():
        raise Refused({"note": _("Say what is to be done.")})


def _given(reason: Mapping[str, str] | str) -> dict[str, str]:
    given = {"": reason} if isinstance(reason, str) else dict(reason)
    given = {code: text.strip() for code, text in given.items() if text.strip()}
    if not given:
        raise Refused({"reason": _("Give the reason.")})
    return given


def _as_note(given: Mapping[str, str]) -> str:
    return "\n".join(f"{code} {text}".strip() for code, text in given.items())


def complete(record: Publication) -> None:
    """What must be answered before anybody is asked to read it."""
    if not record.readable_languages():
        raise Refused(_("Mark at least one language as ready."))
    if record.released_before is None:
        raise Refused(
            {"released_before": _("Say whether it was released before this site, and when.")}
        )


def refuse_in_bundle(record: Publication) -> None:
    """A member of a bundle is released, moved and stopped with the whole of it."""
    if record.bundle_id is not None:
        raise Refused(
            _("It is released together with others: decide in its bundle, for the whole of it."),
            code="bundle",
        )  # fmt: skip


def stand_behind(
    record: Publication, by: Any, now: datetime, answers: Mapping[str, str] | None
) -> None:
    """The approver's half of four eyes: nothing of theirs may be unconfirmed, in the text or in
    the rows that it names; every question of the guards has an answer."""
    complete(record)
    if not isinstance(by, roles.Actor):
        if foureyes.key(by) in foureyes.unconfirmed_authors(record):
            raise Refused(
                _(
                    "You have edited this text: somebody else must countersign before you"
                    " approve it."
                )
            )
        refuse_unseen(record, by)
        foureyes.hold_rows(record)
        refuse_own_rows(record, by)
        refuse_unanswered(guards.questions(record), answers)
        foureyes.confirm_rows(record, by, now)
    finish_text(record)


def refuse_unseen(record: Publication, by: Any) -> None:
    """Raise Refused where part of the text is limited to others: nobody stands behind words that
    they may not read."""
    whole = editions.snapshot(record)
    if differences.seen_part(by, whole) != whole:
        raise Refused(_("Part of this text is limited to others: it takes one of them."))


def refuse_rows_since(record: Publication, seen: str) -> None:
    """Raise Refused where a row that the text names was edited after somebody looked: `seen` is
    what foureyes.rows_seen was then, "" where it is not known."""
    if seen and seen != foureyes.rows_seen(record):
        raise Refused(
            _("What “%(item)s” names has changed since you opened this page: look at it again."),
            params={"item": record}, code="stale",
        )  # fmt: skip


def refuse_own_rows(record: Publication, by: Any) -> None:
    """Raise Refused where the text names something that only `by` has written."""
    own = [
        str(row)
        for row, authors in foureyes.unconfirmed_rows(record)
        if foureyes.key(by) in authors
    ]
    if own and not isinstance(by, roles.Actor):
        raise Refused(
            _("You have written what this text names (%(rows)s): somebody else must countersign."),
            params={"rows": ", ".join(own)},
        )


def refuse_unanswered(questions: list[guards.Question], answers: Mapping[str, str] | None) -> None:
    """Raise Refused with the questions that have no answer, under the key "answers"."""
    missing = [each for each in questions if not (answers or {}).get(each.code, "").strip()]
    if missing:
        raise Refused({"answers": [str(each.sentence) for each in missing]})


def schedule(record: Publication, release_at: datetime | None, now: datetime) -> None:
    """Set a stated time. Raises Refused for none, the past, the next minute and fractions."""
    if release_at is None:
        raise Refused({"release_at": _("State the release time; an empty field is never “now”.")})
    if release_at.tzinfo is None:
        raise Refused({"release_at": _("The release time needs a time zone.")})
    if release_at.microsecond:
        raise Refused({"release_at": _("Give the time in whole seconds.")})
    if release_at < now + LEAD:
        raise Refused({"release_at": _("The release time must be at least one minute ahead.")})
    set_release(record, release_at)


def set_release(record: Publication, release_at: datetime) -> None:
    """Approved, for this time."""
    record.status, record.release_at = Status.APPROVED, release_at
    first = record.first_released_on
    record.published_at = dates.day_start(first) if first else release_at


def tell_of_release(record: Publication, by: Any) -> None:
    """Whoever wrote it is told that it was approved, and at its time that it is out."""
    if record.release_at and record.release_at > visibility.clock():
        notifications.tell_authors(record, Told.SCHEDULED, by)
    notifications.follow_release(record, by)


def _number(record: Publication) -> str:
    """A permanent reference number: the date and five signs of the identifier.

    Never a count: a gap between two numbers would tell of an embargoed text.
    """
    signs = base64.b32encode(record.uid.bytes).decode()[:5]
    return f"{record.date:%Y%m%d}-{signs}"


def finish_text(record: Publication) -> None:
    """What approval adds to a text: names and offices as printed, and a permanent number."""
    print_names(record)
    if not record.reference_number:
        record.reference_number = _number(record)


def print_names(record: Publication) -> None:
    """Copy names, offices and captions as they are now where none are printed yet, so that
    renaming a person never changes an old text."""
    pairs: list[tuple[Any, str, Any, str]] = []
    if isinstance(record, Statement):
        for words in (*record.speakers.all(), *record.quotes.all()):
            pairs.append((words, "name", words.person, "name"))
            if office := words.person.office_on(record.date):
                pairs.append((words, "office", office, "title"))
    if isinstance(record, Event):
        pairs += [(each, "name", each.who, "name") for each in record.participants.all()]
    pairs += [(each, "caption", each.photo, "caption") for each in record.placements.all()]
    for row, name, source, source_name in pairs:
        for code in CODES:
            if not getattr(row, column(name, code)):
                setattr(row, column(name, code), _source_text(source, source_name, code, record))
        row.save()


def _source_text(source: Any, name: str, code: str, record: Publication) -> str:
    if hasattr(source, "name_in"):
        return str(source.name_in(code, record.date))
    return str(getattr(source, column(name, code)))
