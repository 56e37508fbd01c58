"""The parts that public pages are made of, each in all its states, for whoever designs them.

Everything here is a test word: nothing is stored, and no link leads anywhere. In the person's
language, with the readers' own stylesheet, so that what looks right here looks right there.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _

from .. import dates, visibility
from ..languages import CODES, column, current, known_for
from ..models import (
    Country,
    Event,
    EventKind,
    Notice,
    Organisation,
    Outcome,
    OutcomeState,
    Person,
    Photo,
    Placement,
    Quote,
    Statement,
    StatementKind,
)  # fmt: skip

WORDS = {
    "en": {
        "title": "Plain meeting of the Test Council",
        "long": "Plain session of the Test Council of the Fictional Organisation for the"
                " Examination of Long Names and of the Way in Which They Are Set over Several"
                " Lines of a Narrow Column",
        "summary": "A summary says in one or two sentences what an item is about; this one is"
                   " about nothing.",
        "city": "Plain City", "name": "Plain Person",
        "office": "Test Minister of Plain Affairs", "body": "Plain Organisation",
        "short": "These are plain words.",
        "words": "These are the exact words of nobody. They run over several lines, so that the"
                 " measure, the leading and the mark beside them can be judged, and they end"
                 " where such words end: with a full stop.",
        "context": "At a test of the parts", "outcome": "The parties of the test undertake"
                   " something plain that can be checked.",
        "note": "A plain sentence says what has changed, and for whom.",
    },
    "ru": {
        "title": "Простая встреча Испытательного совета",
        "long": "Простая сессия Испытательного совета Вымышленной организации по проверке"
                " длинных названий и того, как они располагаются на нескольких строках узкой"
                " колонки",
        "summary": "Краткое изложение говорит в одном-двух предложениях, о чём материал; этот —"
                   " ни о чём.",
        "city": "Простой город", "name": "Простое имя",
        "office": "испытательный министр простых дел", "body": "Простая организация",
        "short": "Это простые слова.",
        "words": "Это точные слова никого. Они занимают несколько строк, чтобы можно было"
                 " судить о ширине, межстрочном расстоянии и знаке рядом с ними, и кончаются"
                 " там, где кончаются такие слова: точкой.",
        "context": "На проверке частей", "outcome": "Стороны испытания обязуются сделать нечто"
                   " простое, что можно проверить.",
        "note": "Простое предложение говорит, что изменилось и для кого.",
    },
    "kk": {
        "title": "Сынақ кеңесінің қарапайым кездесуі",
        "long": "Ұзын атауларды және олардың тар бағанның бірнеше жолына қалай орналасатынын"
                " тексеретін ойдан шығарылған ұйымның Сынақ кеңесінің қарапайым сессиясы",
        "summary": "Қысқаша мазмұн материалдың не туралы екенін бір-екі сөйлеммен айтады; бұл"
                   " ештеңе туралы емес.",
        "city": "Қарапайым қала", "name": "Қарапайым есім",
        "office": "қарапайым істердің сынақ министрі", "body": "Қарапайым ұйым",
        "short": "Бұл — қарапайым сөздер.",
        "words": "Бұл — ешкімнің дәл сөздері. Ені, жол аралығы және жанындағы белгі қалай"
                 " көрінетінін бағалау үшін олар бірнеше жолға созылады және осындай сөздер"
                 " аяқталатын жерде аяқталады: нүктемен.",
        "context": "Бөліктерді сынау кезінде", "outcome": "Сынақ тараптары тексеруге болатын"
                   " қарапайым нәрсені міндетіне алады.",
        "note": "Қарапайым сөйлем не және кім үшін өзгергенін айтады.",
    },
}  # fmt: skip


def _in(language: str, **texts: str) -> dict[str, str]:
    """Columns for texts of WORDS in one language: {"title_en": …}."""
    return {column(name, language): known_for(WORDS, language)[key] for name, key in texts.items()}


def _ready(language: str, title: str = "title") -> dict[str, Any]:
    return {
        **_in(language, title=title, summary="summary"),
        column("ready", language): True, column("standing", language): "authentic",
    }  # fmt: skip


def _event(language: str, today: date, title: str = "title", **fields: Any) -> Event:
    day = fields.pop("date", today)
    return Event(
        slug="plain-test", event_kind=EventKind.SESSION, date=day, until=fields.pop("until", day),
        **_in(language, city="city"), **_ready(language, title), **fields,
    )  # fmt: skip


def _statement(language: str, today: date, title: str = "title") -> Statement:
    return Statement(
        slug="plain-test", statement_kind=StatementKind.PRESS_RELEASE, date=today,
        **_ready(language, title),
    )  # fmt: skip


def _rows(today: date, language: str, other: str) -> list[tuple[str, Any]]:
    soon = _event(language, today + timedelta(days=3), state="scheduled")
    soon.ahead = _("tomorrow")  # type: ignore[attr-defined]
    return [
        (_("An event"), _event(language, today, state="held")),
        (_("A statement"), _statement(language, today)),
        (_("An event to come"), soon),
        (_("A cancelled event"), _event(language, today, state="cancelled")),
        (_("A postponed event"), _event(language, today, state="postponed")),
        (_("Several days"), _event(language, today, until=today + timedelta(days=2))),
        (_("A month, as the source has it"),
         _event(language, today.replace(day=1), date_precision="month")),
        (_("A long title"), _event(language, today, "long", state="held")),
        (_("In another language only"), _statement(other, today)),
    ]  # fmt: skip


def _quotes(today: date, language: str, other: str) -> list[tuple[str, Quote]]:
    def quote(words: str, lang: str, **fields: Any) -> Quote:
        statement = _statement(lang, today)
        person = Person(slug="plain-test", **_in(lang, name="name"))
        texts = _in(lang, text=words, name="name", office="office", context="context")
        return Quote(statement=statement, person=person, **texts, **fields)

    return [
        (_("Short"), quote("short", language, original_language=language)),
        (_("Long"), quote("words", language)),
        (_("A translation by the office"),
         quote("words", language, original_language="mul",
               **{column("is_translation", language): True})),
        (_("In another language only"), quote("short", other, original_language=other)),
    ]  # fmt: skip


def _outcomes(today: date, language: str) -> list[Outcome]:
    event = _event(language, today, state="held")
    body = Organisation(slug="plain-test", **_in(language, name="body"))
    due = today + timedelta(days=100)
    cases: list[tuple[OutcomeState, date | None]] = [(state, due) for state in OutcomeState]
    cases += [(OutcomeState.AGREED, today - timedelta(days=1)), (OutcomeState.AGREED, None)]
    found = []
    for state, day in cases:
        outcome = Outcome(event=event, outcome_kind="commitment", state=state, due=day,
                          **_in(language, text="outcome"))  # fmt: skip
        # As a list fetches them: the part asks for the parties' names and no query is made.
        outcome._prefetched_objects_cache = {  # type: ignore[attr-defined]
            "countries": [Country(iso2="KZ")], "organisations": [body], "progress": [],
        }  # fmt: skip
        found.append(outcome)
    return found


def _placed(language: str, today: date) -> Placement:
    """A photo in a publication. It has no file: the template is given the picture to show."""
    photo = Photo(width=1200, height=800, credit=known_for(WORDS, language)["name"],
                  **_in(language, alt="short"))  # fmt: skip
    held_by = _event(language, today)
    return Placement(photo=photo, publication=held_by, **_in(language, caption="summary"))


def _notices(language: str) -> list[dict[str, Any]]:
    """What parts/notice.html is given: for each kind its class, title, time and text."""
    at, text = visibility.moment(), known_for(WORDS, language)["note"]
    event = Event(**{column("ready", language): True})
    plans = [Notice(event=event, notice_kind=kind) for kind in Notice.NoticeKind]
    kinds = [(f"plan {each.notice_kind}", each.get_notice_kind_display()) for each in plans]
    kinds = [("withdrawn", _("Withdrawn")), *kinds, ("changed", _("correction"))]
    return [
        *({"kind": kind, "title": title.capitalize(), "label": title, "at": at, "text": text}
          for kind, title in kinds),
        {"kind": "", "label": _("Language"), "text": _("This text is not available in this "
         "language. It is shown in the language it has.")},
    ]  # fmt: skip


def parts_view(request: HttpRequest) -> HttpResponse:
    """Every part of the public pages in all its states, for any member of staff."""
    language = current()
    other = next(code for code in CODES if code != language)
    today = dates.office_today(visibility.moment())
    quotes = _quotes(today, language, other)
    context = {
        "office_name": settings.OFFICE_NAMES[language], "indexed": False, "today": today,
        "rows": _rows(today, language, other), "quotes": quotes,
        "outcomes": _outcomes(today, language), "notices": _notices(language),
        "person": quotes[0][1],
        "placed": _placed(language, today), "sample": static("img/test-picture.svg"),
    }  # fmt: skip
    return TemplateResponse(request, "admin/parts.html", context)
