"""What is derived from the records, kept with them: the marks and tallies of lists, search, and
where each language stands.

Every verb ends here, inside its transaction. An item is in the index from its approval on;
whether anybody may find it there is asked of the gate, at the moment of the question.
"""

from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from . import facets, search, versions
from .models import RECORDED, Mark, Publication, Recorded, derived
from .models.reference import Reference
from .visibility import Status

# What has never been approved, or was taken out of its release, has no place in the index.
_BEFORE = (Status.DRAFT, Status.IN_REVIEW)
# A number of our own among PostgreSQL's advisory locks.
_LOCK = 20071006


def refresh(record: Recorded) -> None:
    """Derive anew what belongs to a record, as it stands in the database. For verbs, inside
    their transaction."""
    if isinstance(record, Publication):
        versions.refresh(record)
        if record.status in _BEFORE and not Mark.objects.filter(publication=record.pk).exists():
            return
        record = record if hasattr(record, "publication_id") else record.child
    if isinstance(record, Reference):
        derived.refresh(record)
    _one_at_a_time()
    if isinstance(record, Publication):
        facets.refresh(record)
    search.refresh(record)


def _one_at_a_time() -> None:
    """Let verbs that write the index wait for each other, until their transactions end: two
    bundles that count the same topics and words in another order would hold each other for
    good. On SQLite all writers do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])


def unindexed() -> QuerySet[Publication]:
    """Approved publications that lists and search do not know, and those whose languages nobody
    has looked at: of a database that is older than that, or of a fixture just loaded."""
    marks = Mark.objects.filter(publication=OuterRef("pk"))
    unfound = Publication.objects.filter(~Exists(marks), status=Status.APPROVED)
    return unfound | versions.unknown()


def is_out_of_order() -> bool:
    """Whether rows have no place in some alphabet: those of a fixture that was written before a
    language came, or of a database that has just learned one."""
    return any(
        model._default_manager.filter(**{field.attname: ""}).exists()
        for model in RECORDED
        for field in derived.columns_of(model)
        if isinstance(field, derived.LettersField)
    )


def everything() -> Iterator[Recorded]:
    """All records that have a place in the index, publications first."""
    for model in RECORDED:
        yield from model._default_manager.order_by("pk").iterator(chunk_size=100)


def rebuild(records: Iterable[Recorded]) -> int:
    """Derive anew what belongs to each record, one short transaction each, and count again.
    Returns how many tallies were wrong. Readers and verbs go on meanwhile."""
    for record in records:
        with transaction.atomic():
            held = type(record)._default_manager.select_for_update().filter(pk=record.pk).first()
            if isinstance(held, Publication):
                versions.forget(held)
            if held is not None:
                refresh(held)
    return facets.recount()
