"""The nouns of the press office."""

from .announcing import AnnouncedUntil, Announcement, Ping
from .audit import AuditEntry, AuditHead, AuditLink
from .content import (
    Event,
    EventKind,
    EventState,
    Notice,
    Participant,
    Quote,
    Reliability,
    Speaker,
    Statement,
    StatementKind,
)  # fmt: skip
from .countries import Country, OfficialName
from .desk import Access, Bundle, Notification, PreviewLink, Reading, WorkingLanguage
from .index import Entry, Mark, Plain, Tally, Word
from .media import Attachment, Photo, Placement
from .outcomes import Outcome, OutcomeKind, OutcomeState, Progress
from .publication import Publication
from .record import Change, ChangeKind, ChangeState, Edition, Recorded, Row, Tombstone
from .reference import (
    MediaContact,
    Membership,
    Office,
    Organisation,
    Person,
    Series,
    Topic,
)  # fmt: skip
from .staff import Device, Freeze, Standing
from .versions import LanguageVersion

RECORDED: tuple[type[Recorded], ...] = (
    Event, Statement, Person, Organisation, Country, Topic, Series, MediaContact, Photo,
)  # fmt: skip

__all__ = [
    "RECORDED", "Access", "AnnouncedUntil", "Announcement", "Attachment", "AuditEntry",
    "AuditHead", "AuditLink", "Bundle", "Change", "ChangeKind", "ChangeState", "Country", "Device",
    "Edition", "Entry", "Event", "EventKind", "EventState", "Freeze", "LanguageVersion", "Mark",
    "MediaContact", "Membership", "Notice", "Notification", "Office", "OfficialName",
    "Organisation", "Outcome", "OutcomeKind", "OutcomeState", "Participant", "Person", "Photo",
    "Ping", "Placement", "Plain", "PreviewLink", "Progress", "Publication", "Quote", "Reading",
    "Recorded", "Reliability", "Row", "Series", "Speaker", "Standing", "Statement",
    "StatementKind", "Tally", "Tombstone", "Topic", "Word", "WorkingLanguage",
]  # fmt: skip
