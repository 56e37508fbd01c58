"""One language of an event or a statement is translated beside the other, or confirmed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import changekinds, editions, publishing, roles, versions
from ..languages import CODES
from ..models import ChangeKind, Edition
from .changes import ChangePages
from .pages import Button
from .proposing import ProposalForm, base_of
from .sidebyside import heading, side_by_side

# What a language that readers have already may be changed for.
_KNOWN_TO_READERS = (ChangeKind.CORRECTION, ChangeKind.UPDATE, ChangeKind.TYPOGRAPHICAL)


class TranslationForm(ProposalForm):
    """What is asked beside a translation: the note alone where readers get a new language. In one
    that they have, words change for them, and they are told why."""

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (ChangeKind.TRANSLATION,) if is_new else _KNOWN_TO_READERS
        asked: Any = self.fields["kind"]
        asked.choices = [each for each in asked.choices if each[0] in kinds]
        if is_new:
            asked.initial, asked.widget = ChangeKind.TRANSLATION, forms.HiddenInput()


class TranslatePages(ChangePages):
    """The side-by-side view, for each language. What is edited in place is saved there; of what
    is not, a change is proposed."""

    ROUTES = (
        ("translate/<slug:language>/", "translate_view"),
        ("translate/<slug:language>/confirm/", "confirm_language_view"),
    )

    def buttons(self, request: HttpRequest, item: Any) -> list[Button]:
        """None: the table of languages leads here."""
        return []

    def translate_view(self, request: HttpRequest, object_id: Any, language: str) -> Any:
        """The form of one language beside its source, which `?from=` names."""
        item = self.record(request, object_id)
        if language not in CODES:
            raise Http404
        source = self._source(request, item, language)
        if not source:
            messages.error(request, _("There is no text in another language to translate."))
            return HttpResponseRedirect(self.change_url(item))
        beside = TranslatePages(side_by_side(self.admin, language, source))
        if self.admin.is_editable(item):
            if not self.admin.has_change_permission(request, item):
                raise PermissionDenied
            return beside.admin.changeform_view(request, str(item.pk))
        self._proposable(request, object_id)
        base = base_of(request, item)
        revision = publishing.Revision(editions.content_of(base), [], base)
        return beside._propose(request, item, revision)

    def _source(self, request: HttpRequest, item: Any, language: str) -> str:
        """The language that is translated from: the one asked for, else the source of the text."""
        content = editions.snapshot(item)
        others = [code for code in versions.written_in(content) if code != language]
        asked = request.GET.get("from", "")
        if asked in others:
            return asked
        source = versions.source_of(content, list(versions.of(item)))
        return source if source in others else next(iter(others), "")

    def asking(self, data: Any, initial: dict[str, Any], base: Edition) -> ProposalForm:
        """The note, and the kind where there is a choice."""
        ready = changekinds.ready_in(editions.content_of(base))
        return TranslationForm(data, initial=initial, is_new=self.admin.language not in ready)

    def proposal_title(self, item: Any) -> str:
        """As the page is headed that saves in place."""
        return heading(item, self.admin.language)

    @method_decorator(require_POST)
    def confirm_language_view(
        self, request: HttpRequest, object_id: Any, language: str
    ) -> HttpResponse:  # fmt: skip
        """Say of a language that is behind that it is right as it stands."""
        item = self.record(request, object_id)
        roles.require(request.user, "propose_change")
        try:
            publishing.confirm_language(item, language, request.user)
        except publishing.Refused as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("Confirmed: this language is right as it stands."))
        return HttpResponseRedirect(self.change_url(item))
