"""The forms of every recorded row and of its parts: made from a version, sent once, and saying
beside each field what is wrong with it or cannot be kept."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .. import languages, publishing
from ..files.kept import shown_name
from ..languages import CODES, column
from . import sending


def by_language(*names: str) -> list[tuple[str, dict[str, Any]]]:
    """One fieldset per language with its column of each name."""
    return [
        (native, {"fields": [languages.column(name, code) for name in names]})
        for code, native in settings.LANGUAGES
    ]


def _untitled(code: str) -> Callable[[Any], str]:
    title, standing = column("title", code), column("standing", code)
    return lambda item: standing if getattr(item, title) else title


# The field that each rule of the database is about, so that its sentence stands beside it.
_BESIDE: dict[str, str | Callable[[Any], str]] = {
    "publication_address_once": "slug",
    "publication_slug_rule": "slug",
    "publication_archive_with_a_day": "first_released_on",
    "publication_released_in_a_language": column("ready", CODES[0]),
    **{f"publication_ready_title_{code}": _untitled(code) for code in CODES},
    "event_ends_after_its_start": "ends_at",
    "event_timed_in_a_zone": "time_zone",
    "statement_timed_in_a_zone": "time_zone",
    "quote_has_words": column("text", CODES[0]),
    "outcome_has_a_text": column("text", CODES[0]),
}


class SaidBeside(forms.ModelForm):
    """A form whose every refusal stands beside the field that it is about."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            for code, native in settings.LANGUAGES:
                if name.endswith(column("", code)):
                    field.label = f"{capfirst(field.label)} ({native})"
            # A moment has two boxes, and one label that is for neither.
            if isinstance(field.widget, forms.SplitDateTimeWidget):
                for box, what in zip(field.widget.widgets, (_("date"), _("time")), strict=True):
                    box.attrs["aria-label"] = f"{field.label}: {what}"

    def _get_validation_exclusions(self) -> set[str]:
        # The address is taken or free among rows of its model, which no form shows.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"model"}

    def _update_errors(self, errors: ValidationError) -> None:
        found = getattr(errors, "error_dict", {})
        broken = list(self._broken_rules()) if NON_FIELD_ERRORS in found else []
        for name, rule in broken:
            said = {str(text) for text in rule.messages}
            found[name] = [*found.get(name, ()), *rule.error_list]
            found[NON_FIELD_ERRORS] = [
                each
                for each in found[NON_FIELD_ERRORS]
                if not said & {str(text) for text in each.messages}
            ]
        if broken and not found[NON_FIELD_ERRORS]:
            del found[NON_FIELD_ERRORS]
        super()._update_errors(errors)  # type: ignore[misc]

    def _broken_rules(self) -> Iterator[tuple[str, ValidationError]]:
        exclude = self._get_validation_exclusions()
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                place = _BESIDE.get(constraint.name, "")
                name = place(self.instance) if callable(place) else place
                if name not in self.fields:
                    continue
                try:
                    constraint.validate(model, self.instance, exclude=exclude)
                except ValidationError as rule:
                    yield name, rule

    def losses(self) -> Iterator[str]:
        """What was typed or pasted and is not kept: a sentence each, naming the field."""
        for name in self.changed_data:
            typed = self.data.get(self.add_prefix(name))
            columns = self.instance._meta.fields
            field: Any = next((each for each in columns if each.name == name), None)
            if typed and hasattr(field, "losses"):
                yield from (f"{self[name].label}: {lost}" for lost in field.losses(typed))
            notes = getattr(self.cleaned_data.get(name), "notes", ())
            yield from (f"{self[name].label}: {note}" for note in notes)

    def ask_for_files_again(self) -> None:
        """No browser fills in a file that was chosen before: say so, beside its field."""
        files: Any = self.files
        for name, file in files.items():
            for field in self.fields:
                # What is wrong with the file itself is said there already.
                if self.add_prefix(field) == name and field not in self.errors:
                    again = _("Nothing was saved yet: please choose “%(file)s” again.")
                    self.add_error(field, again % {"file": shown_name(file.name)})


class RecordForm(SaidBeside):
    """A form that knows which version it was made from, and refuses to overwrite a newer one.

    While a change is being proposed (`request.proposing`) nothing is saved in place, so that
    the verb is not asked. `request.refusal` is what the whole record was refused for, when the
    same request is answered once more with the typed text on screen: sentences, or sentences by
    field.
    """

    request: HttpRequest
    seen_version = forms.IntegerField(label="", required=False, widget=forms.HiddenInput)
    identity = forms.CharField(label="", required=False, widget=forms.HiddenInput)
    uid: UUID | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "seen_version" in self.fields:
            self.fields["seen_version"].initial = publishing.owner(self.instance).version
        if self.instance._state.adding:
            self.fields["identity"].initial = sending.new_identity(
                self._meta.model, self.request.user
            )
        else:
            del self.fields["identity"]

    def clean(self) -> dict[str, Any]:
        """Ask the verb first: it locks the row until this request's transaction ends."""
        cleaned = super().clean() or {}
        refusal = getattr(self.request, "refusal", None)
        if refusal is not None:
            beside = refusal if isinstance(refusal, dict) else {None: refusal}
            for name, texts in beside.items():
                self.add_error(name if name in self.fields else None, texts)
        if identity := cleaned.get("identity"):
            try:
                self.uid = sending.uid_of(identity, self._meta.model, self.request.user)
            except ValueError:
                self._identify_anew()
        if getattr(self.request, "proposing", None) is not None:
            return cleaned
        try:
            self._begin(cleaned.get("seen_version"))
        except publishing.Refused as refused:
            self.add_error(None, refused)
        return cleaned

    def _identify_anew(self) -> None:
        """Refuse an identity that was never this person's, and carry one that is."""
        data: Any = self.data
        data = data.copy()
        data["identity"] = self.fields["identity"].initial
        self.data = data
        spoilt = _(
            "This form was opened by somebody else, or spoilt on its way. Your text is still here:"
            " look it through, then save again."
        )
        self.add_error(None, spoilt)

    def _begin(self, version: int | None) -> None:
        """Ask the verb. A form without its version is older than any."""
        if version is None and not self.instance._state.adding:
            version = -1
        try:
            publishing.begin_save(self.instance, self.request.user, version)
        except publishing.Refused as refused:
            if refused.code == "stale":
                self.request.stale_version = version  # type: ignore[attr-defined]
            raise


class PartForm(SaidBeside):
    """The form of a row that belongs to a record."""

    gone = False

    def clean(self) -> dict[str, Any]:
        """Refuse a row that is not, or no longer, among the record's own."""
        cleaned = super().clean() or {}
        if self.gone:
            self.add_error(None, _("This row is no longer here: somebody has removed it."))
        return cleaned


class PartFormSet(BaseInlineFormSet):
    """The rows of a record, matched by identifier: whatever was added or removed meanwhile,
    each typed text stays with its own row, and stays on screen."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if self.is_bound and i < self.initial_form_count():
            form.gone = form.instance._state.adding
        return form

    def get_queryset(self) -> Any:
        """The rows in the order of the forms: the admin pairs the two by position."""
        if self.is_bound and "forms" in self.__dict__:
            return [form.instance for form in self.initial_forms]
        return super().get_queryset()

    def losses(self) -> Iterator[str]:
        """As a form's, with the row named."""
        kind = capfirst(str(self.model._meta.verbose_name))  # type: ignore[union-attr]
        rows: list[Any] = self.forms
        for number, form in enumerate(rows, 1):
            if form not in self.deleted_forms:
                row = f"{kind} {number}"
                yield from (f"{row}, {lost}" for lost in form.losses())


def all_losses(form: Any, formsets: Iterable[Any]) -> list[str]:
    """What was sent with a form and its rows and is not kept, a sentence for each field."""
    return [lost for each in (form, *formsets) for lost in getattr(each, "losses", list)()]
