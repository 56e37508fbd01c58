"""The text that the guards look at, taken apart once for all of them."""

import datetime as dt
from functools import cached_property
from typing import Any

from .. import dates
from ..figures import Figures, read
from ..languages import column
from ..markup import paragraphs, to_text
from ..models import Event, Publication, Quote, Statement

Record = Event | Statement


class Text:
    """An event or a statement as it stands in the database, with `codes`, its ready languages:
    the source of the others first, which is the authentic one, else the first."""

    def __init__(self, record: Publication) -> None:
        self.record: Record = record if isinstance(record, Record) else record.child
        self.codes = self.record.readable_languages()
        self.bodies = {code: body for code in self.codes if (body := self.of("body", code))}
        self.plain = {code: to_text(body) for code, body in self.bodies.items()}
        self._figures: dict[tuple[str, str], Figures] = {}

    @cached_property
    def paragraphs(self) -> dict[str, list[str]]:
        """The paragraphs of each body as plain text; headings and list items are paragraphs."""
        return {code: list(map(to_text, paragraphs(body))) for code, body in self.bodies.items()}

    @cached_property
    def paragraph_figures(self) -> dict[str, list[Figures]]:
        """The numbers and dates of each of them."""
        return {
            code: [read(each, code) for each in found] for code, found in self.paragraphs.items()
        }

    def of(self, name: str, code: str) -> Any:
        """What stands in the column of that language."""
        return getattr(self.record, column(name, code))

    def figures(self, name: str, code: str) -> Figures:
        """The numbers and dates of title, summary or body; none where it is empty."""
        if (name, code) not in self._figures:
            text = self.plain.get(code, "") if name == "body" else self.of(name, code)
            self._figures[name, code] = read(text, code)
        return self._figures[name, code]

    @property
    def first_day(self) -> dt.date:
        """The first day that its date may mean."""
        return self.record.date

    @property
    def last_day(self) -> dt.date:
        """The last day that it may mean, or the event last."""
        if isinstance(self.record, Event):
            return self.record.until
        return dates.last_day(self.record.date, self.record.date_precision)

    def days_away(self, day: dt.date) -> int:
        """How many days lie between a day and the item's own."""
        return max((self.first_day - day).days, (day - self.last_day).days, 0)

    def dates_named(self, code: str) -> list[dt.date]:
        """Each whole date that title, summary and body of a language name, in their order."""
        parts = (self.figures(name, code) for name in ("title", "summary", "body"))
        found = (day.date for part in parts for day in part.dates)
        return list(dict.fromkeys(day for day in found if day))

    @cached_property
    def quotes(self) -> list[Quote]:
        """The quotes of a statement, with their speakers."""
        if isinstance(self.record, Event):
            return []
        return list(self.record.quotes.select_related("person"))
