"""The record's own form with the fields of one language alone, beside the text they are translated
from. All that keeps typed text, refuses late saves and proposes changes is that of the whole form.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.utils import flatten_fieldsets
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .. import editions, roles, versions
from ..editions import Snapshot
from ..languages import Standing, column
from ..markup import RichTextField
from ..models import Notice, Quote
from .forms import PartForm
from .sourcetext import SAME, Paragraph, paragraphs

_ABOUT = ("ready", "standing")
_EMPTY: Snapshot = {"fields": {}, "parts": {}}


@dataclass
class Pair:
    """A field of the form, and what stands there in the source. `field` is None where this person
    may not write in it."""

    label: str
    field: Any
    source: list[Paragraph] = field(default_factory=list)
    is_rich: bool = False

    @property
    def is_moved(self) -> bool:
        """Whether the source says something else than what was translated."""
        return any(each.mark != SAME for each in self.source)


@dataclass
class Rows:
    """The rows of one relation: the formset, and each form with its pairs."""

    title: str
    formset: Any
    forms: list[tuple[str, Any, list[Pair]]]


class QuoteWordsForm(PartForm):
    """Words in a language that they were not said in: never without being marked as the office's
    translation. What is exact already is mended on the statement's own form."""

    language: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text, mark = (column(name, self.language) for name in ("text", "is_translation"))
        row = self.instance
        self.fields[text].disabled = row.original_language == self.language or bool(
            getattr(row, text) and not getattr(row, mark)
        )
        self.fields[text].help_text = (
            _("Exact words, which are mended on the whole form.")
            if self.fields[text].disabled
            else _("Readers are told that this is a translation by the office.")
        )

    def clean(self) -> dict[str, Any]:
        """Mark what was typed as a translation."""
        cleaned = super().clean()
        text = self.fields[column("text", self.language)]
        if not text.disabled:
            words = cleaned.get(column("text", self.language), "")
            setattr(self.instance, column("is_translation", self.language), bool(words))
        return cleaned


class Translating:
    """Mixed into the admin of events or statements, for one page in one language."""

    language: str
    source: str
    change_form_template = proposal_template = "admin/translate.html"
    save_on_top = False

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to the whole form."""
        name = f"admin:events_{obj._meta.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[obj.pk]))

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Open with what a translation is, where nothing has been said of it yet."""
        form = super().get_form(request, obj, **kwargs)  # type: ignore[misc]
        offered = {column("standing", self.language): Standing.COURTESY}
        if getattr(request, "proposing", None) is not None:
            offered[column("ready", self.language)] = True

        def begin(self: Any, *args: Any, **kwargs: Any) -> None:
            form.__init__(self, *args, **kwargs)
            for name, value in offered.items():
                self.initial[name] = self.initial.get(name) or value

        return type(form.__name__, (form,), {"__init__": begin})

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Put each field beside its source."""
        item, natives = context["original"], dict(settings.LANGUAGES)
        version = versions.of(item).get(self.language)
        then = editions.of(item).get(number=version.written_in) if version else None
        before = editions.content_of(then) if then else None
        form = context["adminform"].form
        rows = [self._rows(each, before) for each in context["inline_admin_formsets"]]
        main = list(self._pairs(form, item, before))
        moved = any(pair.is_moved for pair in main) or any(
            pair.is_moved for each in rows for *_one, pairs in each.forms for pair in pairs
        )
        worth = getattr(item, column("standing", self.source))
        context.update(
            title=heading(item, self.language), subtitle=None, record=item, pairs=main,
            version=version, moved=moved,
            may_confirm=roles.holds(request.user, "propose_change"),
            confirm_url=reverse(
                f"admin:events_{item.model}_confirm_language", args=[item.pk, self.language]
            ),
            rows=[each for each in rows if each.forms],
            language=self.language, native=natives[self.language],
            source=self.source, source_native=natives[self.source],
            source_worth=Standing(worth).label if worth else "",
            sources=[
                (code, natives[code])
                for code in versions.written_in(editions.snapshot(item))
                if code not in (self.language, self.source)
            ],
            photos=list(self._photos(item)),
        )  # fmt: skip
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def _pairs(self, form: Any, row: Any, before: Snapshot | None) -> Iterator[Pair]:
        """Each field of the form, with the same in the source now, and as it was then."""
        ending = column("", self.language)
        for name in form.fields:
            base = name.removesuffix(ending)
            if base == name:
                continue
            label = str(form.fields[name].label)
            if base in _ABOUT:
                yield Pair(label, form[name])
                continue
            known = row._meta.get_field(name)
            there = column(base, self.source)
            then = None if before is None else before["fields"].get(there) or ""
            source = paragraphs(known, getattr(row, there), then)
            yield Pair(label, form[name], source, isinstance(known, RichTextField))

    def _rows(self, inline: Any, before: Snapshot | None) -> Rows:
        formset, found = inline.formset, []
        relation = formset.fk.remote_field.get_accessor_name(model=formset.model)
        kind = capfirst(str(formset.model._meta.verbose_name))
        known = before and {row["uid"]: row for row in before["parts"].get(relation, ())}
        for number, form in enumerate(formset.forms, 1):
            then = None if known is None else known.get(str(form.instance.pk), _EMPTY)
            pairs = list(self._pairs(form, form.instance, then))
            found.append((f"{kind} {number}", form, pairs))
        return Rows(capfirst(str(formset.model._meta.verbose_name_plural)), formset, found)

    def _photos(self, item: Any) -> Iterator[tuple[str, str, str]]:
        """The placed photos that have no alternative text in this language: they belong to the
        library, where that is written."""
        for each in item.placements.select_related("photo"):
            photo = each.photo
            if not getattr(photo, column("alt", self.language)):
                said = getattr(photo, column("alt", self.source))
                yield str(photo), said, reverse("admin:events_photo_change", args=[photo.pk])


def heading(item: Any, language: str) -> str:
    """What the page of one language is headed by."""
    return _("Translate into %(language)s: %(record)s") % {
        "language": dict(settings.LANGUAGES)[language], "record": item,
    }  # fmt: skip


def side_by_side(model_admin: Any, language: str, source: str) -> Any:
    """The admin of a model as it is for one page: the columns of one language, and the rows that
    are there, with theirs."""
    kind: Any = type(model_admin)
    name = f"{kind.__name__}In{language.title().replace('-', '')}"
    ending = column("", language)
    made = type(name, (Translating, kind), {"language": language, "source": source})
    found = made(model_admin.model, model_admin.admin_site)
    fields = [each for each in flatten_fieldsets(kind.fieldsets) if each.endswith(ending)]
    found.fieldsets = ((dict(settings.LANGUAGES)[language], {"fields": fields}),)
    found.inlines = [
        _in_language(each, ending, language) for each in kind.inlines if each.model is not Notice
    ]
    return found


def _in_language(inline: Any, ending: str, language: str) -> Any:
    """An inline with the columns of one language, of the rows that are there."""
    columns = [each.name for each in inline.model._meta.concrete_fields]
    shown = [
        each for each in columns
        if each.endswith(ending) and not each.startswith("is_translation")
    ]  # fmt: skip
    form: Any = forms.ModelForm
    if inline.model is Quote:
        form = type("QuoteWordsForm", (QuoteWordsForm,), {"language": language})
    return type(
        inline.__name__, (inline,),
        {
            "fields": shown, "form": form, "max_num": 0, "can_delete": False,
            "readonly_fields": (), "autocomplete_fields": (),
            "has_add_permission": lambda *_args: False,
        },
    )  # fmt: skip
