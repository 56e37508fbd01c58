"""Columns that a row works out from itself each time it is stored: no text of anybody's, so that
editions do not hold them. `reindex` works them out anew."""

from datetime import date
from typing import Any

from django.db import models

from .. import alphabet
from ..languages import CODES, plain


class Derived:
    """A column that the row's method `derive` fills, given the column. Loading a fixture brings
    its own value: see indexing.refresh."""

    derived = True

    def pre_save(self, row: Any, add: bool) -> Any:
        """Work it out anew; a model of a migration leaves it as it is."""
        if hasattr(row, "derive"):
            setattr(row, self.attname, row.derive(self))  # type: ignore[attr-defined]
        return getattr(row, self.attname)  # type: ignore[attr-defined]

    def deconstruct(self) -> Any:
        """A plain column to migrations."""
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        kind = "CharField" if isinstance(self, models.CharField) else "TextField"
        return name, f"django.db.models.{kind}", args, kwargs


class LettersField(Derived, models.CharField):
    """The place of a row in the alphabet of one language: alphabet.key of what lists call it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kept = {"max_length": alphabet.LONGEST, "blank": True, "default": "", "editable": False}
        super().__init__(*args, **kept | kwargs)

    @property
    def language(self) -> str:
        """The language whose alphabet it is."""
        return str(self._translated_field_language_code)  # type: ignore[attr-defined]


class NamesField(Derived, models.TextField):
    """The official names of a country with their days, as JSON: whoever has the row knows them
    without another query."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"blank": True, "default": "", "editable": False} | kwargs)


def _no_getter(name: str, field: Any) -> Any:
    def get(row: Any) -> str:
        raise AttributeError(f"Say which language: {', '.join(CODES)}")

    return get


def letters() -> Any:
    """One column of letters for each language."""
    return plain(LettersField(), _no_getter)


def columns_of(model: type[models.Model]) -> list[Any]:
    """The derived columns of a model."""
    return [each for each in model._meta.concrete_fields if getattr(each, "derived", False)]


def refresh(row: Any) -> None:
    """Store what its derived columns must be now, where they hold something else. An update, so
    that neither the row's version nor anything else is touched."""
    wanted = {each.attname: row.derive(each) for each in columns_of(type(row))}
    if any(getattr(row, name) != value for name, value in wanted.items()):
        # Names first: letters follow from them.
        for name, value in wanted.items():
            setattr(row, name, value)
        wanted = {each.attname: row.derive(each) for each in columns_of(type(row))}
        type(row)._default_manager.filter(pk=row.pk).update(**wanted)


Names = list[tuple[str, str, dict[str, str], dict[str, str]]]


def in_force(names: Names, day: date, which: int) -> dict[str, str]:
    """The names by language that are official on a day; {} where CLDR's are. `which` is 2 for
    the usual and 3 for the formal ones."""
    for name in names:
        since, until = name[:2]
        if since <= day.isoformat() and (not until or day.isoformat() <= until):
            return name[which]  # type: ignore[return-value]
    return {}
