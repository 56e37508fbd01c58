"""Countries, and what each is called officially from one day to another."""

import json
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import dates, visibility
from ..languages import CODES, column, current, translated
from ..markup import LineField, PlainTextField
from . import derived
from .reference import Period, Reference


class Country(Reference):
    """A country by its ISO 3166-1 code. Its names are those of CLDR, except where an official name
    is in force on the day; `aliases` are found, never shown."""

    iso2 = models.CharField(_("ISO code"), max_length=2, unique=True,
                            validators=[RegexValidator("^[A-Z]{2}$")])  # fmt: skip
    aliases = PlainTextField(_("other names"), blank=True,
        help_text=_("One on each line: names in old texts, found by search."))  # fmt: skip
    called = derived.NamesField()

    PAGE, ADDRESS = "country", "iso2"
    PARTS: ClassVar[tuple[str, ...]] = ("names",)
    NAMED_BY = (
        ("Publication", "countries", ""), ("Participant", "country", "event"),
        ("Event", "country", ""), ("Event", "host_country", ""), ("Outcome", "countries", ""),
    )  # fmt: skip

    class Meta(Reference.Meta):
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ("iso2",)

    def __str__(self) -> str:
        return self.name

    def derive(self, field: Any) -> str:
        """Its official names with their days, or its place in the alphabet of a language."""
        if not isinstance(field, derived.NamesField):
            return super().derive(field)
        names = [] if self._state.adding else [each.as_kept() for each in self.names.all()]
        # Of two that overlap, the one that began last is in force.
        names.sort(key=lambda each: each[0], reverse=True)
        return json.dumps(names, ensure_ascii=False) if names else ""

    @property
    def official_names(self) -> derived.Names:
        """(since, until, names by language, formal names by language), the last first; the days
        in ISO 8601, "" for an open end."""
        return json.loads(self.called) if self.called else []

    def lang_of(self, name: str) -> str:
        """Its name is known in every language."""
        return current() if name == "name" else super().lang_of(name)

    def listed_as(self, language: str) -> str:
        """Its name of today."""
        return self.name_in(language)

    def name_in(self, language: str, day: date | None = None) -> str:
        """Its name in a language on a day, by default at the request's moment: the official one,
        else CLDR's, else the code."""
        day = day or dates.office_today(visibility.moment())
        official = derived.in_force(self.official_names, day, 2).get(language)
        return official or str(dates.locale(language).territories.get(self.iso2, self.iso2))

    def named_in(self, language: str, day: date) -> str:
        """Its name is known in every language."""
        return self.name_in(language, day)

    def name_on(self, day: date) -> str:
        """Its name in the active language in a text of a day."""
        return self.name_in(current(), day)

    def formal_in(self, language: str) -> str:
        """The formal name at the request's moment, such as "Kyrgyz Republic"; "" where none is
        recorded."""
        today = dates.office_today(visibility.moment())
        return derived.in_force(self.official_names, today, 3).get(language, "")

    @property
    def name(self) -> str:
        """Its name in the active language at the request's moment."""
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


class OfficialName(Period):
    """What a country is called officially, from one day to another: where CLDR has another name,
    and for texts of a time when it had another one."""

    country = models.ForeignKey(Country, models.CASCADE, related_name="names",
                                verbose_name=_("country"))  # fmt: skip
    name = translated(LineField(_("name"), max_length=200, blank=True,
        help_text=_("As texts of that time name the country. In a language left empty it has the"
                    " name of Unicode’s CLDR.")))  # fmt: skip
    formal = translated(LineField(_("formal name"), max_length=250, blank=True,
        help_text=_("In full, such as “Kyrgyz Republic”.")))  # fmt: skip

    class Meta:
        verbose_name = _("official name")
        verbose_name_plural = _("official names")
        # What has no beginning comes last on every database.
        ordering = (models.F("since").desc(nulls_last=True), "uid")

    def __str__(self) -> str:
        return self.any_text("name") or self.any_text("formal")

    def clean(self) -> None:
        """A name that says nothing is none."""
        super().clean()
        if not str(self):
            raise ValidationError({column("name", CODES[0]): _("Give a name in a language.")})

    def as_kept(self) -> tuple[str, str, dict[str, str], dict[str, str]]:
        """As the country's row keeps it: its days in ISO 8601, and its names by language."""
        until = dates.last_day(self.until, self.until_precision) if self.until else None
        names, formal = (
            {code: text for code in CODES if (text := getattr(self, column(field, code)))}
            for field in ("name", "formal")
        )
        since = self.since.isoformat() if self.since else ""
        return since, until.isoformat() if until else "", names, formal
