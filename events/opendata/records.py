"""Events, statements, quotes and outcomes as data, with all that `Around` found for them."""

from typing import Any

from .. import markup
from ..languages import column
from ..models import (
    Country,
    MediaContact,
    Organisation,
    Person,
    Publication,
    Series,
)
from ..visibility import Status
from . import held, links, references
from .around import Around
from .plain import Texts, dated, day, moment, ready, texts

Data = dict[str, Any]
# What IPTC's ninjs calls the standing of a text: one that is no longer current is withheld.
USABLE, WITHHELD, CANCELED = "usable", "withheld", "canceled"


def pubstatus(item: Any) -> str:
    """Where a text stands, in the words of ninjs."""
    return {Status.WITHDRAWN: WITHHELD, Status.RETRACTED: CANCELED}.get(item.status, USABLE)


def ended(item: Any) -> Data | None:
    """When and why a text was withdrawn or retracted, as readers are told; None of a current
    one."""
    if item.status not in (Status.WITHDRAWN, Status.RETRACTED):
        return None
    return {"at": moment(item.withdrawn_at), "reason": texts(item, "reason", ready(item))}


def brief(item: Any) -> Data | None:
    """An event or a statement as other records name it; None for none."""
    if item is None:
        return None
    return {
        "type": str(item.model), "uid": str(item.pk), "slug": item.slug,
        "title": texts(item, "title", ready(item)),
        **dated("date", item.date, item.date_precision), "api": links.api(item.model, item.pk),
    }  # fmt: skip


def _languages(item: Any, number: int | None, digests: dict[str, str]) -> Data:
    path = item.get_absolute_url()
    return {
        code: {
            "standing": str(getattr(item, column("standing", code))),
            **links.page(path, code),
            "pdf": links.on_paper(path, item.model, code),
            "card": links.card(item.pk, number, code),
            "text_digest": digests.get(code),
        }
        for code in ready(item)
    }


def correction(change: Any, languages: list[str]) -> Data:
    """An applied change of a public text, as readers are told of it."""
    return {
        "edition": change.public_number, "kind": str(change.kind),
        "at": moment(change.decided_at), "note": texts(change, "note", languages),
    }  # fmt: skip


def _rich(item: Any, languages: list[str]) -> Texts:
    return {code: str(markup.sanitise(text)) for code, text in
            texts(item, "body", languages).items()}  # fmt: skip


def publication(item: Any, around: Around) -> Data:
    """An event or a statement whole."""
    number, digests = around.editions.get(item.pk, (None, {}))
    languages = ready(item)
    for each in around.attachments[item.pk]:
        each.publication = item
    shared = {
        "type": str(item.model), "uid": str(item.pk), "urn": item.urn, "slug": item.slug,
        "reference_number": item.reference_number, "pubstatus": pubstatus(item),
        "withdrawn": ended(item), "edition": number,
        "languages": _languages(item, number, digests), "api": links.api(item.model, item.pk),
        "title": texts(item, "title", languages), "summary": texts(item, "summary", languages),
        "body": _rich(item, languages),
        **dated("date", item.date, item.date_precision),
        "published_at": moment(item.published_at), "released_at": moment(item.release_at),
        "first_released_on": day(item.first_released_on),
        "corrected_at": moment(item.corrected_at),
        "corrections": [correction(each, languages) for each in around.told[item.pk]],
    }  # fmt: skip
    own = _event if item.model == Publication.Model.EVENT else _statement
    named = {
        name: references.briefs(around.named_by(item.pk, name))
        for name in ("topics", "organisations", "countries", "people")
    }
    return {
        **shared, **own(item, languages, around), **named,
        "media_contacts": [
            references.contact(each, around.public(Organisation, each.organisation_id))
            for each in around.named_by(item.pk, "media_contacts")
        ],
        "photos": [
            found for each in around.placements[item.pk]
            if (found := held.placed(each, languages)) is not None
        ],
        "attachments": [
            held.attachment(each, languages) for each in around.attachments[item.pk]
        ],
    }  # fmt: skip


def _event(event: Any, languages: list[str], around: Around) -> Data:
    contact = around.public(MediaContact, event.accreditation_contact_id)
    return {
        "event_kind": str(event.event_kind), "state": str(event.state),
        "starts_at": moment(event.starts_at), "ends_at": moment(event.ends_at),
        "time_zone": event.time_zone or None, "until": day(event.until),
        "venue": texts(event, "venue", languages), "city": texts(event, "city", languages),
        "country": references.brief(around.public(Country, event.country_id)),
        "host_country": references.brief(around.public(Country, event.host_country_id)),
        "host_organisation": references.brief(
            around.public(Organisation, event.host_organisation_id)
        ),
        "series": references.brief(around.public(Series, event.series_id)),
        "advisory": {
            "accreditation_deadline": moment(event.accreditation_deadline),
            "accreditation_contact": references.contact(contact) if contact else None,
            "camera_setup_at": moment(event.camera_setup_at),
            "final_access_at": moment(event.final_access_at),
            "pool": texts(event, "pool", languages),
            "interpretation": texts(event, "interpretation", languages),
            "stream_url": event.stream_url or None,
        },
        "notices": [
            {"kind": str(each.notice_kind), "issued_at": moment(each.issued_at),
             "text": texts(each, "text", languages)}
            for each in around.notices[event.pk]
        ],
        "participants": [
            _participant(each, languages, around) for each in around.participants[event.pk]
        ],
        "statements": [brief(each) for each in around.statements[event.pk]],
        "outcomes": [outcome(each, event, around) for each in around.outcomes[event.pk]],
    }  # fmt: skip


def _printed(row: Any, name: str, who: Any, languages: list[str]) -> Texts:
    """A name as it was printed; where none was, as whoever it is is called."""
    called = references.names(who)
    return {code: called[code] for code in languages if code in called} | texts(
        row, name, languages
    )


def _participant(row: Any, languages: list[str], around: Around) -> Data:
    kind = "country" if row.country_id else "organisation" if row.organisation_id else "person"
    model: Any = {"country": Country, "organisation": Organisation, "person": Person}[kind]
    return {
        "kind": kind, "name": _printed(row, "name", row.who, languages),
        "as_named": row.as_named or None, "capacity": texts(row, "capacity", languages),
        "who": references.brief(around.public(model, row.who.pk)),
    }  # fmt: skip


def _attributed(row: Any, languages: list[str], around: Around) -> Data:
    return {
        "name": _printed(row, "name", row.person, languages),
        "office": texts(row, "office", languages),
        "person": references.brief(around.public(Person, row.person_id)),
    }  # fmt: skip


def _statement(statement: Any, languages: list[str], around: Around) -> Data:
    return {
        "statement_kind": str(statement.statement_kind),
        "reliability": str(statement.reliability),
        "delivered_at": moment(statement.delivered_at), "time_zone": statement.time_zone or None,
        "place": texts(statement, "place", languages),
        "event": brief(around.public(Publication, statement.event_id)),
        "speakers": [
            _attributed(each, languages, around) for each in around.speakers[statement.pk]
        ],
        "quotes": [quote(each, statement, around) for each in around.quotes[statement.pk]],
        "announced_outcomes": [
            _announced(each, around) for each in around.announced[statement.pk]
        ],
    }  # fmt: skip


def _announced(outcome: Any, around: Around) -> Data:
    event = around.public(Publication, outcome.event_id)
    return {
        "uid": str(outcome.pk), "text": texts(outcome, "text", ready(event)),
        "event": brief(event), "api": links.api("outcome", outcome.pk),
    }  # fmt: skip


def _part(row: Any, model: str, holder: Any, around: Around) -> Data:
    number, _digests = around.editions.get(holder.pk, (None, {}))
    return {
        "type": model, "uid": str(row.pk), "urn": f"urn:uuid:{row.pk}",
        "pubstatus": pubstatus(holder), "withdrawn": ended(holder), "edition": number,
        "languages": links.pages(row, ready(holder)), "api": links.api(model, row.pk),
    }  # fmt: skip


def quote(row: Any, statement: Any, around: Around) -> Data:
    """Exact words, of a statement in hand."""
    languages = ready(statement)
    words = texts(row, "text", languages)
    return {
        **_part(row, "quote", statement, around), "text": words,
        "is_translation": {
            code: bool(getattr(row, column("is_translation", code))) for code in words
        },
        "original_language": row.original_language or None,
        "context": texts(row, "context", languages),
        "speaker": _attributed(row, languages, around),
        "statement": brief(statement),
        "event": brief(around.public(Publication, statement.event_id)),
    }  # fmt: skip


def outcome(row: Any, event: Any, around: Around) -> Data:
    """What came of an event in hand, with its progress."""
    languages = ready(event)
    return {
        **_part(row, "outcome", event, around), "outcome_kind": str(row.outcome_kind),
        "text": texts(row, "text", languages), "state": str(row.state),
        **dated("due", row.due, row.due_precision),
        "countries": references.briefs(around.named_by(row.pk, "countries")),
        "organisations": references.briefs(around.named_by(row.pk, "organisations")),
        "event": brief(event),
        "announced_in": brief(around.public(Publication, row.announced_in_id)),
        "follow_up": brief(around.public(Publication, row.follow_up_id)),
        "progress": [
            {**dated("date", each.date, each.date_precision), "state": str(each.state),
             "text": texts(each, "text", languages),
             "cites": brief(around.public(Publication, each.cites_id))}
            for each in around.progress[row.pk]
        ],
    }  # fmt: skip
