"""What reference records look like, for the OpenAPI document."""

from typing import Literal

from .schemas import (
    DATE,
    PRECISION,
    UID,
    CountryBrief,
    Page,
    Photo,
    Precision,
    RowBrief,
    Strict,
    Texts,
    told,
    uid,
    url,
)  # fmt: skip


class Row(Strict):
    """What reference records share."""

    uid: str = uid()
    urn: str = told("The identifier as a URN, the same for ever.", f"urn:uuid:{UID}")
    name: Texts = told("Its name by language.", {"en": "Example"})
    languages: dict[str, Page] = told("Its pages by language.")
    api: str = url("This record.", f"/api/v1/topics/{UID}")


class Named(Row):
    """A reference record with an address of its own."""

    slug: str = told("The last part of its page’s address; what filters are given.", "example")


class Period(Strict):
    """A span of time, open-ended without an end."""

    since: str | None = told(DATE, "2002-10")
    since_precision: Precision | None = told(PRECISION, "month")
    until: str | None = told(f"{DATE} Null while it lasts, or where it is not known.", "2008")
    until_precision: Precision | None = told(PRECISION, "year")


class Office(Period):
    """An office that a person held."""

    title: Texts = told("Title by language.", {"en": "Secretary-General"})
    organisation: RowBrief | None = told("Of which organisation.")
    country: CountryBrief | None = told("Of which country.")


class Person(Named):
    """A person, with the offices held and when."""

    type: Literal["person"] = told("What it is.", "person")
    sort_name: Texts = told("Family name first.", {"en": "Example, A."})
    offices: list[Office] = told("The offices held, the latest first.")
    portrait: Photo | None = told("A portrait.")


class Member(Period):
    """A country’s membership of an organisation."""

    iso2: str = told("ISO 3166-1 code.", "TJ")
    name: Texts = told("The country’s name by language.", {"en": "Tajikistan"})
    country: CountryBrief | None = told("The country’s own record, where it has one.")


class Organisation(Named):
    """An international organisation."""

    type: Literal["organisation"] = told("What it is.", "organisation")
    abbreviation: Texts = told("Abbreviation by language.", {"en": "CSTO"})
    website: str | None = told("Its own site.", "https://organisation.example/")
    members: list[Member] = told("Its members, with the dates of their membership.")
    series: list[RowBrief] = told("The series of meetings that it holds.")


class OfficialName(Period):
    """What a country is called officially, from one day to another."""

    name: Texts = told("Its name by language; CLDR’s where there is none.", {"en": "Kyrgyzstan"})
    formal: Texts = told("Its name in full by language.", {"en": "Kyrgyz Republic"})


class Country(Row):
    """A country."""

    type: Literal["country"] = told("What it is.", "country")
    iso2: str = told("ISO 3166-1 code.", "TJ")
    official_names: list[OfficialName] = told("What it is and was called officially.")


class Topic(Named):
    """A subject."""

    type: Literal["topic"] = told("What it is.", "topic")


class Series(Named):
    """Meetings that follow one another."""

    type: Literal["series"] = told("What it is.", "series")
    organisation: RowBrief | None = told("Who holds them.")
