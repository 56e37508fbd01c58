"""People, organisations, countries, topics, series and media contacts as data; and each in
brief, as other records name it."""

from collections.abc import Iterable
from typing import Any

from ..languages import CODES
from ..models import Country, Membership, Office, OfficialName, Organisation, Photo, Series
from . import held, links
from .around import by_key, public_rows
from .plain import Texts, dated, texts

Data = dict[str, Any]


def names(row: Any) -> Texts:
    """What a row is called in each language; a country as it is called today."""
    if isinstance(row, Country):
        return {code: row.name_in(code) for code in CODES}
    return texts(row, "name")


def brief(row: Any) -> Data | None:
    """A row as other records name it; None for none, and for one that is not public."""
    if row is None:
        return None
    address = {"iso2": row.iso2} if isinstance(row, Country) else {"slug": row.slug}
    return {"uid": str(row.pk), **address, "name": names(row),
            "api": links.api(row._meta.model_name, row.pk)}  # fmt: skip


def briefs(rows: Iterable[Any]) -> list[Data]:
    """Rows as other records name them."""
    return [found for row in rows if (found := brief(row))]


def _own(row: Any) -> Data:
    address = {"iso2": row.iso2} if isinstance(row, Country) else {"slug": row.slug}
    return {
        "type": row._meta.model_name, "uid": str(row.pk), "urn": f"urn:uuid:{row.pk}", **address,
        "name": names(row), "languages": links.pages(row),
        "api": links.api(row._meta.model_name, row.pk),
    }  # fmt: skip


def _period(row: Any) -> Data:
    return dated("since", row.since, row.since_precision) | dated(
        "until", row.until, row.until_precision
    )


def countries(rows: Iterable[Any]) -> list[Data]:
    """Countries with their official names. One query."""
    rows = list(rows)
    official = by_key(OfficialName.objects.filter(country__in=rows), "country_id")
    return [
        {
            **_own(row),
            "official_names": [
                {"name": texts(each, "name"), "formal": texts(each, "formal"), **_period(each)}
                for each in official[row.pk]
            ],
        }
        for row in rows
    ]


def topic(row: Any) -> Data:
    """A subject."""
    return _own(row)


def series(rows: list[Any]) -> list[Data]:
    """Series of meetings. One query."""
    shown = public_rows(Organisation, (row.organisation_id for row in rows))
    return [
        {**_own(row), "organisation": brief(shown.get(row.organisation_id))} for row in rows
    ]  # fmt: skip


def people(rows: list[Any]) -> list[Data]:
    """Persons with their offices and portraits. Four queries."""
    offices = by_key(Office.objects.filter(person__in=rows), "person_id")
    held_by = [each for found in offices.values() for each in found]
    bodies = public_rows(Organisation, (each.organisation_id for each in held_by))
    places = public_rows(Country, (each.country_id for each in held_by))
    portraits = public_rows(Photo, (row.portrait_id for row in rows))
    return [
        {
            **_own(row), "sort_name": texts(row, "sort"),
            "offices": [
                {"title": texts(each, "title"), **_period(each),
                 "organisation": brief(bodies.get(each.organisation_id)),
                 "country": brief(places.get(each.country_id))}
                for each in offices[row.pk]
            ],
            "portrait": held.photo(portraits[row.portrait_id])
            if row.portrait_id in portraits else None,
        }
        for row in rows
    ]  # fmt: skip


def organisations(rows: list[Any]) -> list[Data]:
    """Organisations with their members and series. Three queries.

    That a country belongs to an organisation is no secret; that it has a record here may be.
    """
    members = by_key(
        Membership.objects.filter(organisation__in=rows).select_related("country"),
        "organisation_id",
    )
    places = public_rows(Country, (each.country_id for found in members.values() for each in found))
    theirs = by_key(Series.objects.public().filter(organisation__in=rows), "organisation_id")
    return [
        {
            **_own(row), "abbreviation": texts(row, "abbreviation"),
            "website": row.website or None,
            "members": [
                {"iso2": each.country.iso2, "name": names(each.country), **_period(each),
                 "country": brief(places.get(each.country_id))}
                for each in members[row.pk]
            ],
            "series": briefs(theirs[row.pk]),
        }
        for row in rows
    ]  # fmt: skip


def contact(row: Any, organisation: Any = None) -> Data:
    """Whom journalists may ask. `organisation` is theirs where it is public."""
    return {
        "uid": str(row.pk), "name": texts(row, "name"), "role": texts(row, "role"),
        "phone": row.phone or None, "email": row.email or None,
        "organisation": brief(organisation), "general": row.general,
    }  # fmt: skip


def contacts(rows: list[Any]) -> list[Data]:
    """Media contacts, each with its organisation where that is public. One query."""
    shown = public_rows(Organisation, (row.organisation_id for row in rows))
    return [contact(row, shown.get(row.organisation_id)) for row in rows]
