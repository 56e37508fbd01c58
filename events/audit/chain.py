"""The chain of the audit trail: each entry's digest covers the one before it.

An entry gets its place after its transaction has been committed, one writer at a time: nobody who
holds other rows waits for the end of the chain, so no verb can stand in another's way. What a crash
left without a place gets it with the next.
"""

import hashlib
import logging
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC
from itertools import islice
from typing import Any

import rfc8785
from django.db import transaction

from ..models import AuditEntry, AuditHead, AuditLink, Edition

_log = logging.getLogger("events.audit")
_HEAD = 1
# So many entries at once; and how far back it is looked for some that came late.
_AT_ONCE, _BACK = 500, 10_000


def digest(entry: AuditEntry, number: int, previous: str) -> str:
    """What a link's digest must be: SHA-256 over the RFC 8785 form of every column."""
    whole = {
        "number": number, "entry": entry.pk, "act": entry.act, "by": entry.by_id,
        "by_name": entry.by_name, "account": entry.account_id, "model": entry.model,
        "record_uid": str(entry.record_uid or ""), "at": entry.at.astimezone(UTC).isoformat(),
        "request_id": entry.request_id, "address": entry.address or "", "details": entry.details,
        "previous": previous,
    }  # fmt: skip
    return hashlib.sha256(rfc8785.dumps(whole)).hexdigest()


def seal() -> None:
    """Give every entry that is committed its place in the chain."""
    while _seal_some() == _AT_ONCE:
        pass


def _seal_some() -> int:
    with transaction.atomic():
        AuditHead.objects.get_or_create(pk=_HEAD)
        head = AuditHead.objects.select_for_update().get(pk=_HEAD)
        rows = AuditEntry.objects.filter(link=None, pk__gt=head.entry - _BACK).order_by("pk")
        links = []
        for entry in rows[:_AT_ONCE]:
            head.count += 1
            link = AuditLink(
                number=head.count, entry=entry, previous_digest=head.digest,
                digest=digest(entry, head.count, head.digest),
            )  # fmt: skip
            head.digest, head.entry = link.digest, max(head.entry, entry.pk)
            links.append(link)
        if links:
            AuditLink.objects.bulk_create(links)
            head.save(force_update=True)
    for link in links:
        # Logs are kept elsewhere: whoever rewrites the whole chain is found out by them. What a
        # command says is read by whoever ran it.
        if link.entry.request_id:
            told = {"number": link.number, "act": link.entry.act, "digest": link.digest}
            _log.info("audit", extra=told)
    return len(links)


def check(broken: Collection[Any] = ()) -> list[str]:
    """What is wrong with the trail: the first broken link, a cut tail, editions that it knows of
    and that are gone, but of records that are known to be `broken` (uids); [] when sound."""
    seal()
    number, previous, problems = 0, "", []
    links = AuditLink.objects.order_by("number").select_related("entry")
    for some in _in_batches(links.iterator(_AT_ONCE)):
        for link in some:
            number += 1
            if link.number != number:
                return [f"audit trail: entry {number} is missing"]
            if link.previous_digest != previous:
                return [f"audit trail: entry {number} does not follow the one before it"]
            if link.digest != digest(link.entry, number, previous):
                return [f"audit trail: entry {number} was changed after it was written"]
            previous = link.digest
        problems += _gone([link for link in some if link.entry.record_uid not in broken])
    head = AuditHead.objects.filter(pk=_HEAD).first() or AuditHead()
    if (head.count, head.digest) != (number, previous):
        return [f"audit trail: {head.count} entries were written, {number} are here"]
    if left := AuditEntry.objects.filter(link=None).count():
        problems.append(f"audit trail: {left} entries have no place in it")
    return problems


def _in_batches(links: Iterator[AuditLink]) -> Iterator[Sequence[AuditLink]]:
    while some := list(islice(links, _AT_ONCE)):
        yield some


def _gone(links: Sequence[AuditLink]) -> Iterator[str]:
    """The editions that entries name and that are not there as they were."""
    named = [link for link in links if "edition" in link.entry.details]
    rows = Edition.objects.filter(record_uid__in={link.entry.record_uid for link in named})
    there = {
        (uid, number): found
        for uid, number, found in rows.values_list("record_uid", "number", "chain_digest")
    }
    for link in named:
        entry: Any = link.entry
        number = entry.details["edition"]
        found = there.get((entry.record_uid, number))
        if found != entry.details.get("digest"):
            what = "is gone" if found is None else "is not the one that was written"
            yield f"{entry.model} {entry.record_uid}: edition {number} {what} (entry {link.number})"
