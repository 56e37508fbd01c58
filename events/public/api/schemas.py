"""What records look like, for the OpenAPI document. Answers are not passed through these
classes, which would cost more than making them; a test holds the two together."""

from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from ...models import (
    ChangeKind,
    EventKind,
    EventState,
    Notice,
    OutcomeKind,
    OutcomeState,
    Reliability,
    StatementKind,
)  # fmt: skip

SITE = "https://press.example"
UID = "7d0a3f0e-6c1b-4f52-9c9e-2f3f4a1f7c55"


def told(description: str, *examples: Any, **more: Any) -> Any:
    """A field that is always there: what it means, and an example."""
    return Field(..., description=description, examples=list(examples) or None, **more)


def one_of(description: str, values: list[str], example: str) -> Any:
    """A field with one of the values that there are."""
    return told(description, example, json_schema_extra={"enum": values})


def uid(of: str = "The permanent identifier (UUID).") -> Any:
    """A field with an identifier."""
    return told(of, UID, json_schema_extra={"format": "uuid"})


def url(description: str, path: str, **more: Any) -> Any:
    """A field with an address in full."""
    return told(description, f"{SITE}{path}", **more)


def moment(description: str) -> Any:
    """A field with a moment in UTC."""
    return told(description, "2007-10-06T05:00:00Z")


A_PERSON = {"uid": UID, "slug": "a-example", "name": {"en": "A. Example"},
            "api": f"{SITE}/api/v1/people/{UID}"}  # fmt: skip
A_STATEMENT = {
    "type": "statement", "uid": UID, "slug": "2007-10-06-press-release",
    "title": {"en": "On the session of the Council"}, "date": "2007-10-06",
    "date_precision": "day", "api": f"{SITE}/api/v1/statements/{UID}",
}  # fmt: skip
DATE = "Year, month or day, as far as it is known (ISO 8601)."
PRECISION = "How much of the date is known: day, month or year."
Texts = dict[str, str]
Precision = Literal["day", "month", "year"]


class Strict(Schema):
    """No record holds more than its schema tells of."""

    model_config = ConfigDict(extra="forbid")


class RowBrief(Strict):
    """A person, an organisation, a topic or a series, as other records name it."""

    uid: str = uid()
    slug: str = told(
        "The last part of its page’s address; what filters are given.", "regional-security"
    )
    name: Texts = told("Its name by language.", {"en": "Regional security"})
    api: str = url("Its own record.", f"/api/v1/topics/{UID}")


class CountryBrief(Strict):
    """A country as other records name it."""

    uid: str = uid()
    iso2: str = told("ISO 3166-1 code.", "TJ")
    name: Texts = told("Its name by language.", {"en": "Tajikistan", "ru": "Таджикистан"})
    api: str = url("Its own record.", f"/api/v1/countries/{UID}")


class PublicationBrief(Strict):
    """An event or a statement as other records name it."""

    type: Literal["event", "statement"] = told("What it is.", "event")
    uid: str = uid()
    slug: str = told("The last part of its page’s address.", "2007-10-06-council-session")
    title: Texts = told("Its title by language.", {"en": "Session of the Council"})
    date: str = told(DATE, "2007-10-06")
    date_precision: Precision = told(PRECISION, "day")
    api: str = url("Its own record.", f"/api/v1/events/{UID}")


class Ended(Strict):
    """When and why a text was withdrawn: it is no longer current, and stays readable at its own
    address alone."""

    at: str | None = moment("When (UTC).")
    reason: Texts = told("The public reason by language.", {"en": "Replaced by a later text."})


class Page(Strict):
    """The page of a record in one language."""

    page: str = url("The page.", "/en/topics/regional-security/")
    json_: str = url("The page’s JSON twin.", "/en/topics/regional-security.json", alias="json")


class TextVersion(Page):
    """One language in which a text may be read."""

    standing: Literal["authentic", "courtesy", "working"] = told(
        "What this version is worth: the authentic text, a courtesy translation, a working text.",
        "authentic",
    )
    pdf: str | None = url("The page on paper.", "/en/events/2007-10-06-council-session/event.pdf")
    card: str | None = url("The picture for sharing.", f"/cards/en/{UID}-1.png")
    text_digest: str | None = told("SHA-256 of this edition’s text in this language.", "9f86d081…")


class Correction(Strict):
    """A change of a public text that readers were told of."""

    edition: int = told("The number of the edition that it made.", 2)
    kind: str = one_of("What kind of change.", ChangeKind.values, "correction")
    at: str | None = moment("When readers got it (UTC).")
    note: Texts = told("What was changed, by language.", {"en": "The number of members."})


class Rendition(Strict):
    """A photo in one width and format."""

    width: int = told("Width in pixels.", 640)
    media_type: str = told("Media type.", "image/webp")
    url: str = url("Where it is.", f"/photos/{UID}/1a2b3c4d5e6f/640.webp")


class Photo(Strict):
    """A photograph."""

    uid: str = uid()
    alt: Texts = told("What it shows, for those who cannot see it.", {"en": "The table."})
    caption: Texts = told("Its caption in this place.", {"en": "The session opens."})
    credit: str = told("Who is to be credited.", "Press service")
    taken_on: str | None = told("The day on which it was taken.", "2007-10-06")
    width: int = told("Width of the original in pixels.", 3000)
    height: int = told("Height of the original in pixels.", 2000)
    focal_point: list[float] = told(
        "What must stay when it is cropped: across and down, from 0 to 1.", [0.5, 0.4]
    )
    checksum: str = told("SHA-256 of the picture as it is stored.", "9f86d081…")
    url: str = url("The original.", f"/photos/{UID}/1a2b3c4d5e6f/original.jpg")
    media_type: str = told("Media type of the original.", "image/jpeg")
    renditions: list[Rendition] = told("The same in smaller sizes.")


class Attachment(Strict):
    """A document of an event or a statement."""

    uid: str = uid()
    title: Texts = told("Its title by language.", {"en": "Declaration"})
    language: str | None = told("The language that it is in (BCP 47).", "ru")
    url: str = url("Where it is.", f"/files/{UID}/2007-10-06-council-session-ru.pdf")
    media_type: str = told("Media type.", "application/pdf")
    size: int = told("Bytes.", 81234)
    pages: int | None = told("Pages, where that is known.", 4)
    checksum: str = told("SHA-256 of its bytes.", "9f86d081…")


class Contact(Strict):
    """Whom a journalist may ask."""

    uid: str = uid()
    name: Texts = told("Name by language.", {"en": "Press desk"})
    role: Texts = told("Role by language.", {"en": "Duty officer"})
    phone: str | None = told("Telephone.", "+7 7172 00 00 00")
    email: str | None = told("E-mail.", "press@example.org")
    organisation: RowBrief | None = told("Where they work.")
    general: bool = told("Whether they answer for the whole office.", True)


class Attributed(Strict):
    """A person as a text names them: renaming a person never changes an old text."""

    name: Texts = told("Name as printed, by language.", {"en": "A. Example"})
    office: Texts = told("Office as printed, by language.", {"en": "Secretary-General"})
    person: RowBrief | None = told("Their own record.", A_PERSON)


class Participant(Strict):
    """Who took part in an event."""

    kind: Literal["country", "organisation", "person"] = told("What they are.", "country")
    name: Texts = told("Name as printed, by language.", {"en": "Belarus"})
    as_named: str | None = told("As the founding text has it, where that differs.", "Byelorussia")
    capacity: Texts = told("In what capacity.", {"en": "Member state"})
    who: CountryBrief | RowBrief | None = told("Their own record.")


class LastingNotice(Strict):
    """A lasting notice that an event was re-dated, postponed, cancelled or moved."""

    kind: str = one_of("What changed.", Notice.NoticeKind.values, "redated")
    issued_at: str | None = moment("When (UTC).")
    text: Texts = told("What readers are told.", {"en": "The session is on 6 October."})


class Advisory(Strict):
    """What journalists need who want to come."""

    accreditation_deadline: str | None = moment("Accreditation closes (UTC).")
    accreditation_contact: Contact | None = told("Whom to write to.")
    camera_setup_at: str | None = moment("Cameras are set up from (UTC).")
    final_access_at: str | None = moment("Last admission (UTC).")
    pool: Texts = told("The pool.", {"en": "Two cameras"})
    interpretation: Texts = told("Languages of interpretation.", {"en": "Russian, English"})
    stream_url: str | None = told("Live stream.", "https://stream.example/live")


class Progress(Strict):
    """A dated step of an outcome."""

    date: str = told(DATE, "2008-09")
    date_precision: Precision = told(PRECISION, "month")
    state: str = one_of("The state from then on.", OutcomeState.values, "in_progress")
    text: Texts = told("What was done.", {"en": "The agreement was signed."})
    cites: PublicationBrief | None = told("The text that proves it, where that is public.")


class Part(Strict):
    """What a quote and an outcome share: they stand and fall with the text that holds them."""

    uid: str = uid()
    urn: str = told("The identifier as a URN, the same for ever.", f"urn:uuid:{UID}")
    pubstatus: Literal["usable", "withheld"] = told(
        "IPTC’s word for where it stands: withheld where the text was withdrawn.", "usable"
    )
    withdrawn: Ended | None = told("When and why, where it was withdrawn.")
    edition: int | None = told("The public edition of the text that holds it.", 1)
    languages: dict[str, Page] = told("Its pages by language.")
    api: str = url("This record.", f"/api/v1/quotes/{UID}")


class Quote(Part):
    """Exact words, never reformatted."""

    type: Literal["quote"] = told("What it is.", "quote")
    text: Texts = told("The words by language, without quotation marks.", {"en": "We agreed."})
    is_translation: dict[str, bool] = told("Which of these the office translated.", {"en": True})
    original_language: str | None = told(
        "The language in which it was said; mul: another one; null: the source does not tell.",
        "ru",
    )
    context: Texts = told("When or to what it was said.", {"en": "At the opening"})
    speaker: Attributed = told("Who said it.")
    statement: PublicationBrief = told("The statement that it stands in.", A_STATEMENT)
    event: PublicationBrief | None = told("The event at which it was said, where that is public.")


class Outcome(Part):
    """What came of an event: who is to do what, until when, and how far it has come."""

    type: Literal["outcome"] = told("What it is.", "outcome")
    outcome_kind: str = one_of("What kind of outcome.", OutcomeKind.values, "decision")
    text: Texts = told("What was agreed.", {"en": "To hold the next session in 2008."})
    state: str = one_of("How far it has come.", OutcomeState.values, "agreed")
    due: str | None = told(f"Until when. {DATE}", "2008")
    due_precision: Precision | None = told(PRECISION, "year")
    countries: list[CountryBrief] = told("The countries that are responsible.")
    organisations: list[RowBrief] = told("The organisations that are responsible.")
    event: PublicationBrief = told("The event that it came of.")
    announced_in: PublicationBrief | None = told("The statement that announced it.")
    follow_up: PublicationBrief | None = told("The event that follows it up, where public.")
    progress: list[Progress] = told("What was done, the earliest first.")


class AnnouncedOutcome(Strict):
    """An outcome as the statement that announced it names it."""

    uid: str = uid()
    text: Texts = told("What was agreed.", {"en": "To hold the next session in 2008."})
    event: PublicationBrief = told("The event that it came of.")
    api: str = url("Its own record.", f"/api/v1/outcomes/{UID}")


class Text(Strict):
    """What an event and a statement share."""

    uid: str = uid()
    urn: str = told("The identifier as a URN, the same for ever.", f"urn:uuid:{UID}")
    slug: str = told("The last part of its page’s address.", "2007-10-06-council-session")
    reference_number: str | None = told("The office’s own number.", "2007-118")
    pubstatus: Literal["usable", "withheld"] = told(
        "IPTC’s word for where it stands: withheld where it was withdrawn.", "usable"
    )
    withdrawn: Ended | None = told("When and why, where it was withdrawn.")
    edition: int | None = told("The public edition: 1, and one more with every change.", 1)
    languages: dict[str, TextVersion] = told("The languages in which it may be read.")
    api: str = url("This record.", f"/api/v1/events/{UID}")
    title: Texts = told("Title by language.", {"en": "Session of the Council"})
    summary: Texts = told("Summary by language.", {"en": "The Council met in Dushanbe."})
    body: Texts = told("The text by language, as safe HTML.", {"en": "<p>The Council met …</p>"})
    date: str = told(f"When it happened or was said. {DATE}", "2007-10-06")
    date_precision: Precision = told(PRECISION, "day")
    published_at: str | None = moment(
        "When it was published (UTC): what lists are in order of. Of archive material, the "
        "midnight of the day on which it first came out."
    )
    released_at: str | None = moment("When it was released on this site (UTC).")
    first_released_on: str | None = told(
        "The day on which archive material first came out; null for what came out here.",
        "2007-10-06",
    )
    corrected_at: str | None = moment("When its text last changed (UTC).")
    corrections: list[Correction] = told("What was changed, the latest first.")
    topics: list[RowBrief] = told("What it is about.")
    organisations: list[RowBrief] = told("The organisations that it is about.")
    countries: list[CountryBrief] = told("The countries that it is about.")
    people: list[RowBrief] = told("The people whom it is about.")
    media_contacts: list[Contact] = told("Whom journalists may ask.")
    photos: list[Photo] = told("Its photos.")
    attachments: list[Attachment] = told("Its documents.")


class Event(Text):
    """What happened, or will."""

    type: Literal["event"] = told("What it is.", "event")
    event_kind: str = one_of("What kind of event.", EventKind.values, "session")
    state: str = one_of("What became of the plan.", EventState.values, "held")
    starts_at: str | None = moment("When it begins (UTC); null for whole days.")
    ends_at: str | None = moment("When it ends (UTC).")
    time_zone: str | None = told("The venue’s time zone (IANA).", "Asia/Dushanbe")
    until: str | None = told("The last day that it may last.", "2007-10-06")
    venue: Texts = told("Venue by language.", {"en": "Palace of the Nation"})
    city: Texts = told("City by language.", {"en": "Dushanbe"})
    country: CountryBrief | None = told("Where it is.")
    host_country: CountryBrief | None = told("The host, where it is a country.")
    host_organisation: RowBrief | None = told("The host, where it is an organisation.")
    series: RowBrief | None = told("The series of meetings that it belongs to.")
    advisory: Advisory = told("For journalists who want to come.")
    notices: list[LastingNotice] = told("Lasting notices of changed plans, the latest first.")
    participants: list[Participant] = told("Who took part.")
    statements: list[PublicationBrief] = told("What was said there.")
    outcomes: list[Outcome] = told("What came of it.")


class Statement(Text):
    """What was said or issued, in full."""

    type: Literal["statement"] = told("What it is.", "statement")
    statement_kind: str = one_of("What kind of text.", StatementKind.values, "speech")
    reliability: str = one_of(
        "How far the text is what was said.", Reliability.values, "as_delivered"
    )
    delivered_at: str | None = moment("When it was delivered (UTC).")
    time_zone: str | None = told("The time zone there (IANA).", "Asia/Dushanbe")
    place: Texts = told("Where it was delivered.", {"en": "Dushanbe"})
    event: PublicationBrief | None = told("The event that it belongs to, where that is public.")
    speakers: list[Attributed] = told("Who delivered it.")
    quotes: list[Quote] = told("The words in it that may be quoted alone.")
    announced_outcomes: list[AnnouncedOutcome] = told("What it announced.")
