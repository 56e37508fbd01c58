"""How the desk names and links records, whatever kind they are of."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from .. import dates, editions, sight
from ..languages import CODES, column, current
from ..models import Publication


def titled(record: Any) -> tuple[str, str]:
    """A record's title or name, and the code of its language where that is not the page's."""
    for name in ("title", "text", "name", "alt", "caption"):
        for code in dict.fromkeys((current(), *CODES)):
            if text := getattr(record, column(name, code), ""):
                return text, "" if code == current() else code
    return str(record), ""


def form_url(record: Any) -> str:
    """The address of a record's form in the admin; an event's or a statement's from its row."""
    name = record.model if isinstance(record, Publication) else record._meta.model_name
    return reverse(f"admin:events_{name}_change", args=[record.pk])


def change_url(uid: Any) -> str:
    """Where a proposed change is looked at, by its identifier."""
    return reverse("admin:events_change_change", args=[uid])


def look_up(user: Any, rows: Iterable[Any]) -> dict[Any, Any]:
    """The records that rows name by `model` and `record_uid`, as far as this person may see
    them, by identifier: one query for each kind."""
    wanted: dict[Any, set[Any]] = {}
    for row in rows:
        kind = row.model in ("publication", *Publication.Model.values)
        model: Any = Publication if kind else editions.model_named(row.model)
        wanted.setdefault(model, set()).add(row.record_uid)
    return {
        record.pk: record
        for model, pks in wanted.items()
        for record in sight.seen_by(user, model._default_manager.filter(pk__in=pks))
    }


def language_names(codes: Iterable[str]) -> str:
    """Languages by their names in the active one."""
    names = dates.locale().languages
    return ", ".join(str(names.get(code, code)) for code in codes)
