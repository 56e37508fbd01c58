"""What lists, editions and errors look like, for the OpenAPI document."""

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from . import schemas
from .schemas import Strict, Texts, moment, told, url


def page_of(record: Any, name: str) -> Any:
    """The schema of a page of a list."""
    return create_model(
        f"{name}Page", __base__=Strict, __doc__="One page of a list.",
        items=(list[record], told("The records.")),
        next=(str | None, told("The next page; null on the last. Also in the header Link.",
                               "https://press.example/api/v1/events?after=2007-10-06_7d0a3f0e…")),
    )  # fmt: skip


class EditionBrief(Strict):
    """An edition that readers had."""

    number: int = told("The number that readers know it by.", 2)
    since: str | None = moment("When readers got it (UTC).")
    is_open: bool = told("Whether its text may still be read.", True)
    text_digests: dict[str, str] = told("SHA-256 of its text by language.", {"en": "9f86d081…"})
    correction: schemas.Correction | None = told("What was changed; null for the first edition.")
    api: str = url("The edition with its text.",
                   f"/api/v1/publications/{schemas.UID}/editions/2")  # fmt: skip


class Editions(Strict):
    """The public editions of an event or a statement, the latest first."""

    publication: schemas.PublicationBrief = told("What they are editions of.")
    items: list[EditionBrief] = told("The editions.")


class Stood(Schema):
    """What readers saw of a record, as it stood in an edition: texts by language, facts, the
    names of what it named, and its parts in the same form."""

    model_config = ConfigDict(extra="allow")

    uid: str = schemas.uid()
    title: Texts = Field({}, description="Texts are by language.", examples=[{"en": "Session"}])


class Edition(EditionBrief):
    """One edition with its text."""

    publication: schemas.PublicationBrief = told("What it is an edition of.")
    until: str | None = moment("When the next edition took its place (UTC).")
    text: Stood = told("The text as it stood.")


class Index(Strict):
    """Where the lists are, and what explains them."""

    title: Texts = told("Whose record this is.", {"en": "Press Office"})
    documentation: Texts = told("The page that explains this, by language.",
                                {"en": "https://press.example/en/api/"})  # fmt: skip
    openapi: str = url("The description for programs.", "/api/v1/openapi.json")
    lists: dict[str, str] = told("The lists.", {"events": "https://press.example/api/v1/events"})


class Problem(Schema):
    """An error (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = told("What kind of problem: about:blank where the status says it.", "about:blank")
    title: str = told("What it means, the same for every problem of this status.",
                      "There is nothing at this address.")  # fmt: skip
    status: int = told("The status of the answer.", 404)
    detail: str = Field("", description="What was wrong with this request.",
                        examples=["Unknown parameter: colour"])  # fmt: skip
    parameters: list[str] = Field([], description="The parameters that are to blame.",
                                  examples=[["colour"]])  # fmt: skip


class Gone(Problem):
    """What was published once, and is no longer: since when, and why."""

    urn: str = told("The identifier, which nothing else will ever have.",
                    f"urn:uuid:{schemas.UID}")  # fmt: skip
    pubstatus: str = told("IPTC’s word for it.", "canceled")
    retracted: schemas.Ended | None = Field(
        None, description="When and why its text was retracted."
    )
    removed: dict[str, Any] | None = Field(
        None, description="When a change took it out of its text, and what was noted then.",
        examples=[{"at": "2008-01-01T00:00:00Z", "note": {"en": "Not said."}}],
    )  # fmt: skip
