"""The nouns of the press office."""

from .announcing import AnnouncedUntil, Announcement, Ping
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
from .desk import Access, Bundle, Notification, PreviewLink, Reading, WorkingLanguage
from .index import Entry, Mark, Plain, Tally, Word
from .media import Attachment, Photo, Placement
from .outcomes import Outcome, OutcomeKind, OutcomeState, Progress
from .publication import Publication
from .record import Change, ChangeKind, ChangeState, Edition, Recorded, Row, Tombstone
from .reference import (
    Country,
    MediaContact,
    Membership,
    Office,
    Organisation,
    Person,
    Series,
    Topic,
)  # fmt: skip

RECORDED: tuple[type[Recorded], ...] = (
    Event, Statement, Person, Organisation, Country, Topic, Series, MediaContact, Photo,
)  # fmt: skip

__all__ = [
    "RECORDED", "Access", "AnnouncedUntil", "Announcement", "Attachment", "Bundle", "Change",
    "ChangeKind", "ChangeState", "Country",
    "Edition", "Entry", "Event", "EventKind", "EventState", "Mark", "MediaContact", "Membership",
    "Notice",
    "Notification", "Office", "Organisation", "Outcome", "OutcomeKind", "OutcomeState",
    "Participant", "Person", "Photo", "Ping", "Placement", "Plain", "PreviewLink", "Progress",
    "Publication",
    "Quote", "Reading", "Recorded", "Reliability", "Row", "Series", "Speaker", "Statement",
    "StatementKind", "Tally", "Tombstone", "Topic", "Word",
    "WorkingLanguage",
]  # fmt: skip
