"""An office whose own words hold no Latin letter: what is left of English on its pages is theirs.

One item at every stage, changes decided and undecided, a bundle, a limit, a link, readings and
notifications, so that every page of the staff has something to show.
"""

import datetime as dt
from typing import Any

from django.apps import apps
from django.db import models

from events import indexing, preview, publishing
from events.languages import CODES
from events.models import Event, Photo, Publication, Statement, Topic

from . import acts, factories

WORD = "Сынақ"
# In addresses, which have Latin letters alone.
SLUG = "zz"


def _speechless(field: models.Field) -> bool:
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def _in_our_letters() -> None:
    """Put a word of ours in place of every text that a factory has written."""
    for model in apps.get_app_config("events").get_models():
        own = [field for field in model._meta.local_fields if _speechless(field)]
        texts = {
            field.name: WORD
            for field in own
            if field.name.endswith(tuple(f"_{code}" for code in CODES))
            or field.name in ("credit", "as_named")
        }
        texts.pop("language", None)
        for number, row in enumerate(model._default_manager.all()):
            changed = {name: word for name, word in texts.items() if getattr(row, name)}
            if any(field.name == "slug" for field in own):
                changed["slug"] = f"{SLUG}-{model._meta.model_name[:2]}{number}"
            if "reference_number" in {field.name for field in own}:
                changed["reference_number"] = f"{number:04}"
            if changed:
                model._default_manager.filter(pk=row.pk).update(**changed)


def filled(writer: Any, officer: Any, head: Any) -> dict[str, Any]:
    """Fill the office and return its rows by what they are samples of."""
    made = {stage: factories.whole(stage, SLUG, "KZ") for stage in factories.STAGES}
    _in_our_letters()
    indexing.rebuild(indexing.everything())
    rows: dict[str, Any] = {
        stage: type(row)._default_manager.get(pk=row.pk)
        for stage, names in made.items() for row in [names["event"]]
    }  # fmt: skip
    rows["said"] = Statement.objects.get(pk=made["draft"]["statement"].pk)
    rows |= {name: made["published"][name] for name in ("person", "organisation", "country",
             "topic", "series", "contact", "photo", "quote", "outcome")}  # fmt: skip
    return rows | _lived(writer, officer, head)


def _item(model: Any, number: int, **fields: Any) -> Any:
    texts = {f"{name}_{code}": f"{WORD} {number}" for name in ("title", "summary")
             for code in CODES}  # fmt: skip
    return model(
        slug=f"{SLUG}-lived-{number}", date=dt.date(2020, 1, number), released_before=False,
        **{f"ready_{code}": True for code in CODES},
        **{f"standing_{code}": "authentic" for code in CODES},
        **{f"body_{code}": f"<p>{WORD}. {WORD}.</p>" for code in CODES},
        **texts, **fields,
    )  # fmt: skip


def _written(by: Any, model: Any, number: int, **fields: Any) -> Any:
    with publishing.saving(_item(model, number, **fields), by) as record:
        record.save()
    return model.objects.get(slug=f"{SLUG}-lived-{number}")


def _lived(writer: Any, officer: Any, head: Any) -> dict[str, Any]:
    """Items with a life behind them: their editions, changes, bundle, links."""
    happened = {"event_kind": "session", "until": dt.date(2020, 1, 1)}
    out = _written(writer, Event, 1, **{**happened, "state": "scheduled"})
    out = acts.released(out, writer, officer)
    note = dict.fromkeys(CODES, f"{WORD}.")
    acts.changed(out, writer, officer, note=note, summary_kk=f"{WORD} 9")
    rows = {"lived": type(out).objects.get(pk=out.pk)}
    rows["change"] = _proposed(rows["lived"], writer, note, summary_kk=f"{WORD} 10")
    rows["other"] = _proposed(rows["lived"], officer, note, summary_kk=f"{WORD} 11")
    with publishing.saving(factories.photo(SLUG), writer) as photo:
        Photo.objects.filter(pk=photo.pk).update(
            credit=WORD, **{f"{name}_{code}": WORD for name in ("alt", "caption") for code in CODES}
        )
        photo.refresh_from_db()
        photo.save()
    rows["photo_kept"] = photo
    with publishing.saving(Topic(slug=f"{SLUG}-kept", name_kk=WORD, name_ru=WORD, name_en=WORD),
                           writer) as topic:  # fmt: skip
        topic.save()
    rows["topic_kept"] = topic
    waiting = publishing.submit(_written(writer, Statement, 2, statement_kind="speech"), writer)
    rows["waiting"] = waiting
    back = publishing.submit(_written(writer, Statement, 3, statement_kind="speech"), writer)
    rows["back"] = publishing.send_back(back, officer, WORD)
    soon = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=2)
    later = _written(writer, Statement, 4, statement_kind="press_release")
    rows["later"] = acts.approved(later, writer, officer, soon)
    rows["bundle"] = publishing.make_bundle(WORD, officer)
    member = publishing.submit(_written(writer, Statement, 5, statement_kind="speech"), writer)
    rows["member"] = publishing.join_bundle(rows["bundle"], member, officer)
    secret = publishing.submit(_written(writer, Statement, 6, statement_kind="speech"), writer)
    rows["secret"] = publishing.limit(secret, head, [head, officer, writer])
    rows["link"], _code = preview.make_link(rows["later"], officer, WORD)
    gone = acts.released(_written(writer, Event, 7, **happened), writer, officer)
    reasons = dict.fromkeys(CODES, WORD)
    rows["gone"] = publishing.withdraw(gone, officer, reasons)
    publishing.ask_reinstatement(rows["gone"], officer, WORD)
    return rows


def _proposed(item: Publication, by: Any, note: Any, **fields: Any) -> Any:
    from events import editions

    content = editions.snapshot(type(item).objects.get(pk=item.pk))
    content["fields"] |= fields
    return publishing.propose(item, content, by, "correction", note)
