"""The language versions of events and statements: since when there is each, and which is behind.

following.py   editions read one after the other: what each says of every language
lag.py         how long readers of one language waited for what others had

A version is behind where the source has changed, or any language was corrected, after its text
was last written. It no longer is once somebody edits it, or confirms that it is right as it
stands. What is found is kept in LanguageVersion, by every verb in its own transaction, so that
desk and lists read no edition; `manage.py reindex` derives it anew.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from ..models import Change, ChangeState, Edition, LanguageVersion, Publication
from .following import (
    CONFIRM,
    Standing,
    confirmation,
    confirmed_language,
    follow,
    source_of,
    written_in,
)  # fmt: skip

__all__ = [
    "CONFIRM", "behind", "confirmation", "confirmed_language", "forget", "languages_since", "of",
    "of_all", "refresh", "source_of", "unknown", "written_in",
]  # fmt: skip


def refresh(record: Publication) -> None:
    """Read what editions a publication has beyond those that were read before. For verbs, inside
    their transaction."""
    rows = {row.language: row for row in LanguageVersion.objects.filter(publication=record.pk)}
    known = {code: _standing(row) for code, row in rows.items()}
    seen = max((row.edition for row in rows.values()), default=0)
    editions = list(
        Edition.objects.filter(record_uid=record.pk, number__gte=seen).order_by("number")
    )
    new = editions[1:] if seen else editions
    if not new:
        return
    applied = any(each.action == "apply_change" for each in new)
    kinds = _kinds(record.pk) if applied else {}
    before = editions[0] if seen else None
    for edition in new:
        follow(known, before, edition, kinds.get(edition.at, ""))
        before = edition
    _keep(record, rows, known, new[-1].number)


def _standing(row: LanguageVersion) -> Standing:
    return Standing(row.written_at, row.written_in, row.since, row.behind_since, row.behind)


def _kinds(uid: UUID) -> dict[datetime, str]:
    """Why a text was changed, by when: an edition says it in words alone."""
    applied = Change.objects.filter(record_uid=uid, state=ChangeState.APPLIED)
    return dict(applied.values_list("decided_at", "kind"))


def _keep(
    record: Publication, rows: dict[str, LanguageVersion], known: dict[str, Standing], number: int
) -> None:  # fmt: skip
    gone = [row.pk for code, row in rows.items() if code not in known]
    if gone:
        LanguageVersion.objects.filter(pk__in=gone).delete()
    for code, standing in known.items():
        row = rows.get(code) or LanguageVersion(publication_id=record.pk, language=code)
        for name, value in vars(standing).items():
            setattr(row, name, value)
        row.edition = number
        row.save()


def forget(record: Publication) -> None:
    """Let the next `refresh` read all editions of a publication from the first."""
    LanguageVersion.objects.filter(publication=record.pk).delete()


def unknown() -> QuerySet[Publication]:
    """Publications whose editions nobody has read for this: of a database that is older than it,
    or of a fixture just loaded."""
    own = LanguageVersion.objects.filter(publication=OuterRef("pk"))
    written = Edition.objects.filter(record_uid=OuterRef("pk"))
    return Publication.objects.filter(~Exists(own), Exists(written))


def of(record: Any) -> dict[str, LanguageVersion]:
    """The language versions of a publication, by language, in the order they were written in."""
    return {row.language: row for row in LanguageVersion.objects.filter(publication=record.pk)}


def of_all(uids: Any) -> dict[UUID, dict[str, LanguageVersion]]:
    """The same of several publications. One query."""
    found: dict[UUID, dict[str, LanguageVersion]] = {}
    for row in LanguageVersion.objects.filter(publication__in=list(uids)):
        found.setdefault(row.publication_id, {})[row.language] = row
    return found


def languages_since(record: Any) -> dict[str, datetime | None]:
    """From when on readers have each language of a publication (UTC): a moment to come while it is
    under embargo, None while no release is set. One that has no text is not named."""
    return {code: row.since for code, row in of(record).items()}


def behind(*languages: str) -> QuerySet[LanguageVersion]:
    """The versions that are behind, for the subquery of a query whose key is a publication's; those
    of some languages, where any are given."""
    rows = LanguageVersion.objects.filter(publication=OuterRef("pk"), behind_since__isnull=False)
    return rows.filter(language__in=languages) if languages else rows
