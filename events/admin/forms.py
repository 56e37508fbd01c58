"""The form of every recorded row: it knows which version it was made from."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest

from .. import languages, publishing


def by_language(*names: str) -> list[tuple[str, dict[str, Any]]]:
    """One fieldset per language with its column of each name."""
    return [
        (native, {"fields": [languages.column(name, code) for name in names]})
        for code, native in settings.LANGUAGES
    ]


class RecordForm(forms.ModelForm):
    """A form that knows which version it was made from, and refuses to overwrite a newer one.

    While a change is being proposed (`request.proposing`) nothing is saved in place, so that
    the verb is not asked. `request.refusal` is what the whole record was refused for, when the
    same request is answered once more with the typed text on screen.
    """

    request: HttpRequest
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "seen_version" in self.fields:
            self.fields["seen_version"].initial = publishing.owner(self.instance).version

    def clean(self) -> dict[str, Any]:
        """Ask the verb first: it locks the row until this request's transaction ends."""
        cleaned = super().clean() or {}
        refusal = getattr(self.request, "refusal", None)
        if refusal is not None:
            self.add_error(None, refusal)
        if getattr(self.request, "proposing", None) is not None:
            return cleaned
        try:
            publishing.begin_save(self.instance, self.request.user, cleaned.get("seen_version"))
        except publishing.Refused as refused:
            self.add_error(None, refused)
        return cleaned
