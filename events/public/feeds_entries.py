"""Events and statements as the entries of a feed."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import capfirst

from .. import markup
from ..addresses import absolute
from ..files import documents, renditions
from ..files.addresses import extension, of_file, of_rendition
from ..languages import columns, current
from ..models import Person, Speaker, Topic
from . import corrections, placed
from .corrections import Told
from .feeds_entry import Author, Category, Document, Entry, Picture
from .feeds_gather import Gathered, branch, gathered

# A text without a summary is told by its beginning.
BEGINNING = 500
# In pixels: wide enough for any screen that shows a feed.
WIDEST = 1280
_SPEAKER = ("order", *columns("name"), *columns("office"))
_PERSON = ("slug", *columns("name"))


def _branches(items: Sequence[Any]) -> list[Any]:
    """What is asked for of public events and statements: they vouch for the topics they name."""
    uids = [item.pk for item in items]
    speakers = Speaker.objects.public().filter(statement__in=uids)
    person = [f"person__{name}" for name in _PERSON]
    return [
        branch("topic", Topic.objects.public().filter(publications__in=uids), "publications",
               ("slug", *columns("name"))),
        branch("speaker", speakers, "statement", (*_SPEAKER, *person)),
        *placed.packed(uids, 1),
    ]  # fmt: skip


def entries(items: Sequence[Any], more: Iterable[Any] = ()) -> tuple[list[Entry], Gathered]:
    """Public events and statements as entries; and what `more` branches of the one query found.
    Two queries, one where no text has changed, none for nothing."""
    branches = [*more, *(_branches(items) if items else ())]
    found = gathered(branches)
    told, since = corrections.of_all_with_languages(items, current())
    return [_entry(item, found, told.get(item.pk, ()), since.get(item.pk)) for item in items], found


def _entry(item: Any, found: Gathered, told: Sequence[Told], since: Any) -> Entry:
    published = item.published_at
    # A language that came later is new to its readers on the day it came; archive material keeps
    # its own date in any language.
    if since and not item.is_archive:
        published = max(published, since)
    files = _placed(found, item)
    return Entry(
        urn=item.urn,
        title=item.title,
        url=absolute(item.get_absolute_url()),
        language=item.lang_of("title") or current(),
        published=published,
        updated=max(published, item.corrected_at or published),
        summary=_summary(item, told),
        content=_content(item, told),
        authors=tuple(_authors(found, item)),
        categories=tuple(_categories(found, item)),
        picture=_picture(files["placements"][0]) if files["placements"] else None,
        documents=tuple(_document(each) for each in files["attachments"]),
        standing=str(item.standing),
    )


def _summary(item: Any, told: Iterable[Told]) -> str:
    changes = [each.plain for each in told]
    return "\n".join([*changes, item.summary or markup.to_text(item.body)[:BEGINNING]])


def _content(item: Any, told: Sequence[Told]) -> str:
    """The safe HTML of the text, marked with its language, below what was corrected in it; "" where
    there is no text but the summary. An event says when and where in any case."""
    event = item if item.model == "event" else None
    if not (item.body or event):
        return ""
    context = {"item": item, "event": event, "told": told}
    return render_to_string("public/feed_item.html", context).strip()


def _authors(found: Gathered, item: Any) -> Iterable[Author]:
    rows = found["speaker"].get(item.pk, ())
    for _uid, values in sorted(rows, key=lambda row: (row[1][0], row[0])):
        own, persons = values[: len(_SPEAKER)], values[len(_SPEAKER) :]
        person = Person(**dict(zip(_PERSON, persons, strict=True)))
        speaker = Speaker(statement=item, person=person, **dict(zip(_SPEAKER, own, strict=True)))
        yield author(speaker)


def author(each: Any) -> Author:
    """A speaker, or whoever is quoted, as printed."""
    return Author(each.printed_name, each.office, absolute(each.person.get_absolute_url()))


def _categories(found: Gathered, item: Any) -> Iterable[Category]:
    yield kind_of(item, f"{item.model}s", f"{item.model}_kind")
    rows = (
        Topic(**dict(zip(("slug", *columns("name")), values, strict=True)))
        for _uid, values in found["topic"].get(item.pk, ())
    )
    scheme = absolute(reverse("public:topics"))
    for topic in sorted(rows, key=lambda each: each.slug):
        yield Category(topic.slug, topic.name, scheme)


def kind_of(row: Any, route: str, name: str) -> Category:
    """The kind of an event, a statement or an outcome."""
    label = capfirst(str(getattr(row, f"get_{name}_display")()))
    return Category(getattr(row, name), label, absolute(reverse(f"public:{route}")))


def _placed(found: Gathered, item: Any) -> dict[str, list[Any]]:
    rows = [
        (kind, item.pk, uid, values)
        for kind in (placed.PLACED, placed.ATTACHED)
        for uid, values in found[kind].get(item.pk, ())
    ]
    return placed.made(rows, [item])


def _picture(placement: Any) -> Picture | None:
    """The lead photo, no wider than it need be."""
    photo = placement.photo
    narrow = [width for width in renditions.widths(photo) if width <= WIDEST]
    if not narrow:
        return None
    width = narrow[-1]
    return Picture(
        url=absolute(of_rendition(photo, width, "jpg")), type=renditions.FORMATS["jpg"],
        width=width, height=max(1, round(photo.height * width / photo.width)),
        credit=photo.credit, words=placement.caption or photo.alt,
    )  # fmt: skip


def _document(attachment: Any) -> Document:
    kind = documents.TYPES.get(extension(attachment.file.name), "application/octet-stream")
    return Document(
        absolute(of_file(attachment)), kind, attachment.title, attachment.size, attachment.language
    )
