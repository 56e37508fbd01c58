"""Who and what publications name. A reference row is public when something public names it."""

from datetime import date
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from .. import dates, visibility
from ..languages import CODES, column, current, translated
from ..markup import LineField, PlainTextField
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


class Reference(Recorded):
    """What every named row shares.

    NAMED_BY lists (model, its field that names this row, path from it to its publication;
    "" where the model has gates of its own).
    """

    NAMED_BY: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    # The route of the public page; "" for rows without one.
    PAGE: ClassVar[str] = ""
    ADDRESS: ClassVar[str] = "slug"

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.any_text("name")

    def sort_key(self) -> str:
        """What lists in the active language sort by."""
        return str(getattr(self, "sort", "") or self.name)  # type: ignore[attr-defined]

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


class Country(Reference):
    """A country by its ISO 3166-1 code, with names from CLDR; `aliases` are found, never shown."""

    iso2 = models.CharField(_("ISO code"), max_length=2, unique=True,
                            validators=[RegexValidator("^[A-Z]{2}$")])  # fmt: skip
    aliases = PlainTextField(_("other names"), blank=True,
        help_text=_("One on each line: names in old texts, found by search."))  # fmt: skip

    PAGE, ADDRESS = "country", "iso2"
    NAMED_BY = (
        ("Publication", "countries", ""), ("Participant", "country", "event"),
        ("Event", "country", ""), ("Event", "host_country", ""), ("Outcome", "countries", ""),
    )  # fmt: skip

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ("iso2",)

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        """Its CLDR name in a language; the code where CLDR has none."""
        return str(dates.locale(language).territories.get(self.iso2, self.iso2))

    @property
    def name(self) -> str:
        """Its CLDR name in the active language."""
        return self.name_in(current())

    def clean(self) -> None:
        """Refuse a code that CLDR does not know as a territory."""
        super().clean()
        if self.iso2 and self.iso2 not in dates.locale("en").territories:
            raise ValidationError({"iso2": _("This is not the code of a country.")})

    def get_absolute_url(self) -> str:
        """The public page; addresses are in small letters."""
        from django.urls import reverse

        return reverse("public:country", args=[self.iso2.lower()])


class Slugged(Reference):
    """A reference row with an address and a name in each language."""

    slug = models.CharField(_("address"), max_length=80, unique=True, validators=[validate_slug])
    name = translated(LineField(_("name"), max_length=200, blank=True))

    class Meta:
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

    class Meta:
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
    country = models.ForeignKey(Country, models.PROTECT, related_name="memberships",
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

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("slug",)


class Series(Slugged):
    """Meetings that follow one another; previous and next follow from their dates."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True,
        related_name="series", verbose_name=_("organisation"))  # fmt: skip

    PAGE = "series"
    NAMED_BY = (("Event", "series", ""),)

    class Meta:
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

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("slug",)

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
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+",
                                verbose_name=_("country"))  # fmt: skip

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

    class Meta:
        verbose_name = _("media contact")
        verbose_name_plural = _("media contacts")
        ordering = ("uid",)

    def clean(self) -> None:
        """A contact that cannot be contacted helps nobody."""
        super().clean()
        if not (self.phone or self.email):
            raise ValidationError(_("Give a telephone number or an e-mail address."))
