"""Who and what publications name. A reference row is public when something public names it."""

from datetime import date
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from .. import alphabet, dates, visibility
from ..languages import CODES, candidates, column, current, language_of, translated
from ..markup import LineField
from . import derived
from .publication import validate_slug
from .record import Recorded, Row


class ReferenceQuerySet(models.QuerySet[Any]):
    """Reference rows leak too: a topic used only by an embargoed item is embargoed."""

    def public(self) -> Self:
        """Rows that something public names at the request's one moment."""
        return self.filter(visibility.named_q(self.model))

    def in_use(self) -> Self:
        """Rows that an approved text names, released or not yet."""
        return self.filter(visibility.named_q(self.model, visibility.bound_q))

    def in_order(self, path: str = "") -> Self:
        """In the order of the alphabet of the active language, of these rows or of those that
        `path` leads to."""
        return self.order_by(*in_order(path))


def in_order(path: str = "") -> tuple[str, str]:
    """What lists in the active language sort by: rows, or what their relation `path` leads to."""
    there = f"{path}__" if path else ""
    return f"{there}{column('letters', current())}", f"{there}pk"


class Reference(Recorded):
    """What every named row shares.

    NAMED_BY lists (model, its field that names this row, path from it to its publication;
    "" where the model has gates of its own).
    """

    NAMED_BY: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    # The route of the public page; "" for rows without one.
    PAGE: ClassVar[str] = ""
    ADDRESS: ClassVar[str] = "slug"

    letters = derived.letters()

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = tuple(
            models.Index(fields=(column("letters", code),), name=f"%(class)s_{column('in', code)}")
            for code in CODES
        )

    def __str__(self) -> str:
        return self.any_text("name")

    def derive(self, field: Any) -> str:
        """What a derived column must hold: its place in the alphabet of a language."""
        return alphabet.key(self.listed_as(field.language), field.language)

    def named_in(self, language: str, day: date) -> str:
        """What a text of a day calls it in a language; "" where it has no name there."""
        return str(getattr(self, column("name", language)))

    def listed_by(self, language: str | None = None) -> str:
        """Under which of its names lists in a language have it: the translated field."""
        return "name"

    def listed_as(self, language: str) -> str:
        """What lists in a language call it, whatever language that is in."""
        name = self.listed_by(language)
        code = language_of(self, name, language)
        return str(getattr(self, column(name, code))) if code else ""

    def names_q(self) -> Q:
        """The condition on publications "names this row", for `.about()`."""
        q = Q()
        for model, field, path in self.NAMED_BY:
            if model == "Publication":
                namer: Any = type(self)._meta.apps.get_model("events", model)
                through = namer._meta.get_field(field).remote_field.through
                theirs = through._meta.get_field(self._meta.model_name)
                q |= Q(
                    Exists(
                        through.objects.filter(**{theirs.name: self, "publication": OuterRef("pk")})
                    )
                )
            elif model == "Event":
                q |= Q(pk__in=self._namers(model, field).values("pk"))
            elif path:
                q |= Q(pk__in=self._namers(model, field).values(path))
        return q

    def _namers(self, model: str, field: str) -> Any:
        namer: Any = type(self)._meta.apps.get_model("events", model)
        return namer.objects.filter(**{field: self})

    def get_absolute_url(self) -> str:
        """The public page in the active language."""
        from django.urls import reverse

        return reverse(f"public:{self.PAGE}", args=[getattr(self, self.ADDRESS)])


class Slugged(Reference):
    """A reference row with an address and a name in each language."""

    slug = models.CharField(_("address"), max_length=80, unique=True, validators=[validate_slug])
    name = translated(LineField(_("name"), max_length=200, blank=True))

    class Meta(Reference.Meta):
        abstract = True

    def clean(self) -> None:
        """Ask for a name in at least one language."""
        super().clean()
        if not self.any_text("name"):
            raise ValidationError({column("name", CODES[0]): _("Give a name in a language.")})


class Organisation(Slugged):
    """An international organisation, with its members and the dates of their membership."""

    abbreviation = translated(LineField(_("abbreviation"), max_length=30, blank=True))
    website = models.CharField(_("website"), max_length=200, blank=True,
                               validators=[URLValidator(schemes=["http", "https"])])  # fmt: skip

    PAGE = "organisation"
    PARTS: ClassVar[tuple[str, ...]] = ("memberships",)
    NAMED_BY = (
        ("Publication", "organisations", ""), ("Participant", "organisation", "event"),
        ("Event", "host_organisation", ""), ("Outcome", "organisations", ""),
    )  # fmt: skip

    class Meta(Reference.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("slug",)


class Period(Row):
    """A span of time known to the day, the month or the year; open-ended without an end."""

    since = models.DateField(_("since"), null=True, blank=True)
    since_precision = models.CharField(_("known to the"), max_length=5, choices=dates.Precision,
                                       default=dates.Precision.DAY)  # fmt: skip
    until = models.DateField(_("until"), null=True, blank=True)
    until_precision = models.CharField(_("known to the"), max_length=5, choices=dates.Precision,
                                       default=dates.Precision.DAY)  # fmt: skip

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Store imprecise dates as their first day, and refuse an end before the start."""
        super().clean()
        if self.since:
            self.since = dates.first_day(self.since, self.since_precision)
        if self.until:
            self.until = dates.first_day(self.until, self.until_precision)
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("The end is before the beginning.")})

    def covers(self, day: date) -> bool:
        """Whether the span may hold that day, at the precision it is known to."""
        return not (
            (self.since and day < self.since)
            or (self.until and day > dates.last_day(self.until, self.until_precision))
        )

    def written_since(self) -> str:
        """Its beginning in words; "" where unknown."""
        return dates.written(self.since, self.since_precision) if self.since else ""

    def written_until(self) -> str:
        """Its end in words; "" while it lasts or where unknown."""
        return dates.written(self.until, self.until_precision) if self.until else ""


class Membership(Period):
    """A country's membership of an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships",
                                     verbose_name=_("organisation"))  # fmt: skip
    country = models.ForeignKey("events.Country", models.PROTECT, related_name="memberships",
                                verbose_name=_("country"))  # fmt: skip

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("country__iso2", "since")

    def __str__(self) -> str:
        return str(self.country)


class Topic(Slugged):
    """A subject."""

    PAGE = "topic"
    NAMED_BY = (("Publication", "topics", ""),)

    class Meta(Reference.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("slug",)


class Series(Slugged):
    """Meetings that follow one another; previous and next follow from their dates."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True,
        related_name="series", verbose_name=_("organisation"))  # fmt: skip

    PAGE = "series"
    NAMED_BY = (("Event", "series", ""),)

    class Meta(Reference.Meta):
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ("slug",)


class Person(Slugged):
    """A person, with the offices held and when."""

    sort = translated(LineField(_("name for sorting"), max_length=200, blank=True,
        help_text=_("Family name first.")))  # fmt: skip
    portrait = models.ForeignKey("events.Photo", models.PROTECT, null=True, blank=True,
                                 related_name="portrays", verbose_name=_("portrait"))  # fmt: skip

    PAGE = "person"
    PARTS: ClassVar[tuple[str, ...]] = ("offices",)
    NAMED_BY = (
        ("Publication", "people", ""), ("Participant", "person", "event"),
        ("Speaker", "person", "statement"), ("Quote", "person", "statement"),
    )  # fmt: skip

    class Meta(Reference.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("slug",)

    def listed_by(self, language: str | None = None) -> str:
        """By the family name, where that is known; but in the language of the list, if it is."""
        for code in candidates(CODES, language or current()):
            for name in ("sort", "name"):
                if getattr(self, column(name, code)):
                    return name
        return "name"

    def office_on(self, day: date) -> "Office | None":
        """The office held on a day: the one that began last of those that cover it."""
        held = [office for office in self.offices.all() if office.covers(day)]
        return max(held, key=lambda office: office.since or date.min) if held else None


class Office(Period):
    """An office that a person held."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="offices",
                               verbose_name=_("person"))  # fmt: skip
    title = translated(LineField(_("title"), max_length=250, blank=True))
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True,
                                     related_name="+", verbose_name=_("organisation"))  # fmt: skip
    country = models.ForeignKey("events.Country", models.PROTECT, null=True, blank=True,
                                related_name="+", verbose_name=_("country"))  # fmt: skip

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ("-since", "uid")

    def __str__(self) -> str:
        return self.any_text("title")


class MediaContact(Reference):
    """Whom a journalist may ring or write to."""

    name = translated(LineField(_("name"), max_length=200, blank=True))
    role = translated(LineField(_("role"), max_length=200, blank=True))
    phone = LineField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True,
                                     related_name="+", verbose_name=_("organisation"))  # fmt: skip
    general = models.BooleanField(_("general contact"), default=False,
        help_text=_("Shown on the contacts page whether or not an item names it."))  # fmt: skip

    NAMED_BY = (("Publication", "media_contacts", ""), ("Event", "accreditation_contact", ""))

    class Meta(Reference.Meta):
        verbose_name = _("media contact")
        verbose_name_plural = _("media contacts")
        ordering = ("uid",)

    def clean(self) -> None:
        """A contact that cannot be contacted helps nobody."""
        super().clean()
        if not (self.phone or self.email):
            raise ValidationError(_("Give a telephone number or an e-mail address."))
