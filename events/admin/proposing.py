"""An approved text is changed on its own form: shown, bound and saved in a transaction that is
always undone, and what it would have become is proposed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media

from .. import editions, publishing
from ..differences import Path
from ..editions import Snapshot
from ..languages import CODES, column
from ..models import ChangeKind, Edition

# When to use each kind, said beside it.
MEANINGS = {
    ChangeKind.CORRECTION: gettext_lazy("Something was wrong: readers are told what, and since "
                                        "when it is right."),
    ChangeKind.UPDATE: gettext_lazy("What was right has gone on: a new date, a further document,"
                                    " a fuller text."),
    ChangeKind.TRANSLATION: gettext_lazy("A further language of the same text; the others stay as"
                                         " they are."),
    ChangeKind.PROGRESS: gettext_lazy("How far an outcome has come. The item is not announced as"
                                      " changed."),
    ChangeKind.TYPOGRAPHICAL: gettext_lazy("A few letters, no fact, no number, no quoted word."
                                           " Readers are told the standard sentence."),
}  # fmt: skip


class NoteForm(forms.Form):
    """The public note, a field for each language, and whatever else a change asks beside it."""

    prefix = "proposal"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, native in settings.LANGUAGES:
            self.fields[column("note", code)] = forms.CharField(
                label=_("Public note (%(language)s)") % {"language": native}, required=False,
                widget=forms.Textarea({"rows": 2, "lang": code}),
            )  # fmt: skip

    def notes(self) -> dict[str, str]:
        """What was typed for readers, by language."""
        return {code: self.cleaned_data.get(column("note", code), "") for code in CODES}

    def say(self, refusal: ValidationError) -> dict[str | None, list[str]]:
        """Put what a verb refused beside the fields that it is about; return the rest, by the
        name of its field, None for the whole."""
        rest: dict[str | None, list[str]] = {}
        if hasattr(refusal, "error_dict"):
            found = {name: ValidationError(e).messages for name, e in refusal.error_dict.items()}
        else:
            found = {None: refusal.messages}  # type: ignore[dict-item]
        for name, texts in found.items():
            if name in self.fields:
                for text in texts:
                    self.add_error(name, text)
            else:
                rest[None if name == "__all__" else name] = texts
        return rest


class ProposalForm(NoteForm):
    """What is asked above the record's own form: why it changes, and what readers are told."""

    field_order = ("kind",)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of change"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, f"{str(kind.label).capitalize()}: {MEANINGS[kind]}") for kind in ChangeKind
        ]


@dataclass
class Proposing:
    """Set on a request (`request.proposing`) while a record's form stands for a proposal of it:
    nothing is saved in place, and `content` is what the form would have saved."""

    content: Snapshot | None = None


def base_of(request: HttpRequest, item: Any) -> Edition:
    """The edition that a form was made from: its hidden version is that edition's number. The
    latest one for a form still to be made. Raises Refused where there is none."""
    number = request.POST.get("seen_version", "")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        found = editions.of(item).filter(number=int(number)).first()
        if found is not None:
            return found
    return publishing.standing_edition(item)


@contextmanager
def _standing_as(item: Any, content: Snapshot) -> Iterator[list[str]]:
    """The record as `content` has it for the block, or, where that breaks a rule by now, as it
    is, with the reasons."""
    with ExitStack() as stack:
        try:
            stack.enter_context(publishing.showing(item, content))
            reasons = []
        except ValidationError as refusal:
            reasons = refusal.messages
            stack.enter_context(transaction.atomic())
            stack.callback(transaction.set_rollback, True)
        yield reasons


def record_form(
    model_admin: Any, request: HttpRequest, item: Any, revision: publishing.Revision,
    decorate: Callable[[Any], None], refusal: dict[str | None, list[str]] | None = None,
) -> tuple[Snapshot | None, TemplateResponse | None]:  # fmt: skip
    """Open or send the record's own form, on the text of `revision`: what it would have saved,
    or the form to be shown, rendered whole.

    With `refusal` (sentences by field, None for the whole) a form that was sent is shown again
    with all that was typed. `decorate` adds to the page's context.
    """
    proposing = Proposing()
    request.proposing = proposing  # type: ignore[attr-defined]
    if refusal:
        request.refusal = refusal  # type: ignore[attr-defined]
    with _standing_as(item, revision.content) as reasons:
        answer = model_admin.changeform_view(request, str(item.pk))
        if proposing.content is not None:
            return proposing.content, None
        answer.template_name = model_admin.proposal_template
        context = answer.context_data
        # This page is rendered before the middleware sees it.
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
        context["not_applied"] = reasons
        decorate(context)
        answer.render()
    return None, answer


def mark_conflicts(context: Any, conflicts: list[Path]) -> None:
    """Say at each field where both the proposal and the present text have changed, which of
    the two the form shows."""
    rows: dict[Path, Any] = {(): context["adminform"].form}
    for inline in context["inline_admin_formsets"]:
        relation = inline.formset.fk.remote_field.get_accessor_name(model=inline.formset.model)
        rows |= {(relation, str(form.instance.pk)): form for form in inline.formset.forms}
    for path in conflicts:
        form = rows.get(path[:-1])
        if form is not None and path[-1] in form.fields:
            field = form.fields[path[-1]]
            field.help_text = _(
                "Changed on both sides: the field shows the proposal; what stands now is above."
            )
            field.widget.attrs["class"] = f"{field.widget.attrs.get('class', '')} both".strip()
