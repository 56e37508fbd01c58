"""Write the fixtures from fixtures/sources/, through the verbs, the same bytes every time."""

import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models, transaction

from events import dates, markup, publishing, visibility
from events.languages import CODES, column
from events.models import (
    AuditEntry,
    AuditHead,
    AuditLink,
    Country,
    Edition,
    Event,
    MediaContact,
    Membership,
    Office,
    OfficialName,
    Organisation,
    Outcome,
    Participant,
    Person,
    Publication,
    Quote,
    Recorded,
    Series,
    Statement,
    Topic,
)  # fmt: skip
from events.roles import FOUNDING_IMPORT

# Identifiers follow from kind and slug, so that a rebuilt fixture is the same record.
NAMESPACE = UUID("6f1d0a52-6c0f-5d0e-9b55-2007100620aa")
# The clock that the founding import's verbs read; each release one second after the last.
FOUNDED = datetime(2026, 11, 1, tzinfo=UTC)

Source = dict[str, Any]


def _uid(kind: str, key: str) -> UUID:
    return uuid5(NAMESPACE, f"{kind}:{key}")


def _texts(source: Source, *names: str) -> dict[str, str]:
    """The translated columns that a source gives."""
    keys = [column(name, code) for name in names for code in CODES]
    return {key: source[key] for key in keys if source.get(key)}


def _dated(source: Source, name: str, field: str = "") -> dict[str, Any]:
    """A date of the source with its precision; nothing where it is empty."""
    if not source.get(name):
        return {}
    day, precision = dates.parse(source[name])
    return {field or name: day, f"{field or name}_precision": precision}


def _found(model: type[models.Model], **key: str) -> Any:
    try:
        return model._default_manager.get(**key)
    except ObjectDoesNotExist:
        raise CommandError(f"The sources name no {model.__name__} {key}.") from None


class Founding:
    """The founding import: reads sources, acts through the verbs."""

    def __init__(self, sources: Path) -> None:
        self.sources = sources
        self.time = FOUNDED

    def read(self, name: str) -> Source:
        """A source file as data."""
        return tomllib.loads((self.sources / name).read_text(encoding="utf-8"))

    def reference(self) -> None:
        """Countries, organisations with members, topics, people with offices, series, the desk."""
        source = self.read("reference.toml")
        for each in source["country"]:
            country = Country(uid=_uid("country", each["iso2"]), iso2=each["iso2"],
                              aliases="\n".join(each.get("aliases", [])))  # fmt: skip
            with publishing.saving(country, FOUNDING_IMPORT):
                country.save()
                for number, name in enumerate(each.get("official", [])):
                    OfficialName.objects.create(
                        uid=_uid("officialname", f"{country.iso2}/{number}"), country=country,
                        **_texts(name, "name", "formal"), **_dated(name, "since"),
                        **_dated(name, "until"),
                    )  # fmt: skip
        for each in source["organisation"]:
            body = Organisation(
                uid=_uid("organisation", each["slug"]), slug=each["slug"],
                website=each.get("website", ""), **_texts(each, "name", "abbreviation"),
            )  # fmt: skip
            with publishing.saving(body, FOUNDING_IMPORT):
                body.save()
                for number, member in enumerate(each.get("members", [])):
                    Membership.objects.create(
                        uid=_uid("membership", f"{body.slug}/{number}"), organisation=body,
                        country=_found(Country, iso2=member["country"]),
                        **_dated(member, "since"), **_dated(member, "until"),
                    )  # fmt: skip
        for each in source["topic"]:
            self._named(Topic, each)
        for each in source["person"]:
            person = Person(
                uid=_uid("person", each["slug"]), slug=each["slug"], **_texts(each, "name", "sort")
            )
            with publishing.saving(person, FOUNDING_IMPORT):
                person.save()
                for number, office in enumerate(each.get("office", [])):
                    Office.objects.create(
                        uid=_uid("office", f"{person.slug}/{number}"), person=person,
                        country=self._one(Country, "iso2", office.get("country")),
                        organisation=self._one(Organisation, "slug", office.get("organisation")),
                        **_texts(office, "title"), **_dated(office, "since"),
                        **_dated(office, "until"),
                    )  # fmt: skip
        for each in source["series"]:
            self._named(
                Series, each,
                organisation=self._one(Organisation, "slug", each.get("organisation")),
            )  # fmt: skip
        for number, each in enumerate(source["media_contact"]):
            contact = MediaContact(
                uid=_uid("media_contact", str(number)), general=True, email=each.get("email", ""),
                phone=each.get("phone", ""), **_texts(each, "name", "role"),
            )  # fmt: skip
            with publishing.saving(contact, FOUNDING_IMPORT):
                contact.save()

    def _one(self, model: type[models.Model], field: str, key: str | None) -> Any:
        return _found(model, **{field: key}) if key else None

    def _named(self, model: type[Any], source: Source, **more: Any) -> None:
        row = model(
            uid=_uid(model.__name__.lower(), source["slug"]), slug=source["slug"],
            **_texts(source, "name"), **more,
        )  # fmt: skip
        with publishing.saving(row, FOUNDING_IMPORT):
            row.save()

    def _publication(self, source: Source, archive: bool) -> dict[str, Any]:
        ready = [code for code in CODES if source.get(column("title", code))]
        return {
            "slug": source["slug"],
            **_texts(source, "title", "summary"),
            **_dated(source, "date"),
            **{column("ready", code): True for code in ready},
            # English is the language of the sources; the other two are the office's courtesy.
            **{
                column("standing", code): "authentic" if code == "en" else "courtesy"
                for code in ready
            },
            "released_before": archive,
            "first_released_on": dates.parse("2007-10-06")[0] if archive else None,
        }

    def _about(self, record: Publication, source: Source) -> None:
        record.topics.set([_found(Topic, slug=key) for key in source.get("topics", [])])
        record.people.set([_found(Person, slug=key) for key in source.get("people", [])])
        record.organisations.set(
            [_found(Organisation, slug=key) for key in source.get("organisations", [])]
        )
        record.countries.set([_found(Country, iso2=key) for key in source.get("countries", [])])

    def event(self, source: Source, archive: bool = False) -> Event:
        """A draft of an event with its participants."""
        country = self._one(Country, "iso2", source.get("country"))
        event = Event(
            uid=_uid("event", source["slug"]), event_kind=source["event_kind"],
            state=source["state"], country=country, host_country=country,
            series=self._one(Series, "slug", source.get("series")),
            ends_on=dates.parse(source["ends_on"])[0] if source.get("ends_on") else None,
            **_texts(source, "city", "venue"), **self._publication(source, archive),
        )  # fmt: skip
        with publishing.saving(event, FOUNDING_IMPORT):
            event.full_clean()
            event.save()
            self._about(event, source)
            for number, each in enumerate(source.get("participants", [])):
                Participant.objects.create(
                    uid=_uid("participant", f"{event.slug}/{number}"), event=event, order=number,
                    country=self._one(Country, "iso2", each.get("country")),
                    organisation=self._one(Organisation, "slug", each.get("organisation")),
                    person=self._one(Person, "slug", each.get("person")),
                    as_named=each.get("as_named", ""), **_texts(each, "capacity"),
                )  # fmt: skip
        return event

    def founding_release(self) -> None:
        """The release of 6 October 2007: event, statement, quote, outcomes, the next session."""
        source = self.read("dushanbe-2007.toml")
        following = self.event(source["next_event"], archive=True)
        event = self.event(source["event"], archive=True)
        told = source["statement"]
        body = (self.sources / told["body_file"]).read_text(encoding="utf-8")
        statement = Statement(
            uid=_uid("statement", told["slug"]), statement_kind=told["statement_kind"],
            reliability=told["reliability"], event=event, body_en=markup.from_text(body),
            **_texts(told, "place"), **self._publication(told, True),
        )  # fmt: skip
        with publishing.saving(statement, FOUNDING_IMPORT):
            statement.save()
            self._about(statement, told)
            statement.media_contacts.set(MediaContact.objects.all())
            for number, each in enumerate(source["quote"]):
                Quote.objects.create(
                    uid=_uid("quote", f"{statement.slug}/{number}"), statement=statement,
                    order=number, person=_found(Person, slug=each["speaker"]),
                    original_language=each["original_language"],
                    **_texts(each, "text", "name", "office", "context"),
                )  # fmt: skip
        with publishing.saving(event, FOUNDING_IMPORT) as event:
            event.media_contacts.set(MediaContact.objects.all())
            for number, each in enumerate(source["outcome"]):
                outcome = Outcome.objects.create(
                    uid=_uid("outcome", f"{event.slug}/{number}"), event=event, order=number,
                    announced_in=statement, outcome_kind=each["outcome_kind"], state=each["state"],
                    follow_up=self._one(Event, "slug", each.get("follow_up")),
                    **_texts(each, "text"), **_dated(each, "due"),
                )  # fmt: skip
                outcome.countries.set([_found(Country, iso2=k) for k in each["parties_countries"]])
                outcome.organisations.set(
                    [_found(Organisation, slug=k) for k in each["parties_organisations"]]
                )
        # The statement first: the outcomes it announces are part of what the event then tells.
        for item in (following, statement, event):
            self.release(item)

    def other_events(self) -> None:
        """Further events around the same organisations, released in the order of their dates."""
        for each in sorted(self.read("other-events.toml")["event"], key=lambda each: each["date"]):
            self.release(self.event(each))

    def release(self, item: Any) -> None:
        """Through review to release, at the next second of the import."""
        self.time += timedelta(seconds=1)
        item = type(item).objects.get(pk=item.pk)
        publishing.release_now(publishing.submit(item, FOUNDING_IMPORT), FOUNDING_IMPORT)


def _rows(after: int) -> list[models.Model]:
    """All rows of the records whose editions came after one, with those editions, in an order
    that plain loaddata takes on a database that checks foreign keys at once."""
    editions = list(Edition.objects.filter(pk__gt=after).order_by("pk"))
    uids = {edition.record_uid for edition in editions}
    order: list[type[models.Model]] = [
        Country, OfficialName, Organisation, Membership, Topic, Person, Office, Series,
        MediaContact, Publication, Event, Statement, Participant, Outcome, Quote,
    ]  # fmt: skip
    found: list[models.Model] = []
    for model in order:
        rows = model._default_manager.order_by("pk")
        if issubclass(model, Recorded):
            rows = rows.filter(pk__in=uids)
        else:
            owner: dict[type[models.Model], str] = {
                Membership: "organisation", Office: "person", Quote: "statement",
                OfficialName: "country",
            }  # fmt: skip
            rows = rows.filter(**{f"{owner.get(model, 'event')}__in": uids})
        found += rows
    return [*found, *editions]


class Command(BaseCommand):
    """Builds in a transaction that is rolled back: the database is left as it was."""

    help = "Write fixtures/*.json from fixtures/sources/, through the verbs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write: fixtures/ by default, elsewhere for a comparison."""
        parser.add_argument("--into", type=Path, default=settings.BASE_DIR / "fixtures")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a database that holds a row; build all, roll back, then write, and say so."""
        for model in apps.get_app_config("events").get_models():
            # Any row would find its way into the fixtures, by its editions or by its keys; the
            # audit trail tells of what was here once, and is in none.
            if model not in (AuditEntry, AuditHead, AuditLink) and model._default_manager.exists():
                raise CommandError(
                    "The fixtures are built in an empty database; this one holds"
                    f" {model._meta.verbose_name_plural}."
                )
        founding = Founding(settings.BASE_DIR / "fixtures" / "sources")
        texts, written = {}, []
        with transaction.atomic(), visibility.clock_set_to(lambda: founding.time):
            number = last = 0
            for name, build in (
                ("reference", founding.reference),
                ("dushanbe-2007", founding.founding_release),
                ("other-events", founding.other_events),
            ):
                build()
                rows = _rows(last)
                last = Edition.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
                for row in rows:
                    if isinstance(row, Edition):
                        # Keys of their own, whatever the sequence of this database has come to.
                        number += 1
                        row.pk = number
                        # PostgreSQL keeps no order of keys; the file has one.
                        row.snapshot = json.loads(json.dumps(row.snapshot, sort_keys=True))
                        row.text_digests = dict(sorted(row.text_digests.items()))
                text = serializers.serialize("json", rows, indent=1, ensure_ascii=False)
                texts[f"{name}.json"] = text.rstrip() + "\n"
                written.append(f"{name}.json ({len(rows)} rows)")
            transaction.set_rollback(True)
        # Only now: sources that break a rule are refused whole, and leave the files as they were.
        for file_name, text in texts.items():
            (options["into"] / file_name).write_text(text, encoding="utf-8")
        self.stdout.write(f"Wrote {', '.join(written)}.")
