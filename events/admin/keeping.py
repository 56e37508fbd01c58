"""An admin whose forms lose nothing that was typed: refused saves are shown again with the text
on screen, late ones on top of what others have changed, repeated ones find what they made."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminErrorList
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from .. import files, publishing
from ..models import Publication
from . import presence, sending, stale
from .forms import PartForm, PartFormSet, all_losses

# A long paste into many fields is not answered with a page of sentences.
_LOSSES_TOLD = 8


class KeepingAdmin(admin.ModelAdmin):
    """What is typed is saved, or stays in the form with the reason beside it."""

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Let the parts say beside their fields what is wrong, as the record does."""
        inlines = super().get_inline_instances(request, obj)
        for inline in inlines:
            if inline.form is forms.ModelForm:
                inline.form = PartForm
            if inline.formset is BaseInlineFormSet:
                inline.formset = PartFormSet
        return inlines

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "",
        extra_context: Any = None,
    ) -> Any:  # fmt: skip
        """Answer a refused save with the form once more, whatever it was refused for."""
        ask = partial(super().changeform_view, request, object_id, form_url, extra_context)
        if request.method != "POST":
            return ask()
        with files.receiving(request.FILES):
            if object_id is not None:
                return self._asked(request, ask)
            return self._made(request) or self._asked(request, ask)

    def _asked(self, request: HttpRequest, ask: Callable[[], Any]) -> Any:
        try:
            answer = ask()
        except ValidationError as refusal:
            # What only the whole record can show, once its parts are stored: all of it is undone.
            request.refusal = refusal.messages  # type: ignore[attr-defined]
            return ask()
        except IntegrityError:
            made = self._made(request)
            if made is not None:
                return made
            request.refusal = [_at_once()]  # type: ignore[attr-defined]
            return ask()
        if getattr(request, "stale_version", None) is not None:
            return self._on_top(request, answer, ask)
        if answer.status_code == 200 and not hasattr(request, "refusal"):
            # The form's twin may have been stored while this one was being judged.
            return self._made(request) or (ask() if hasattr(request, "refusal") else answer)
        return answer

    def _made(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to an add form that has been saved already: what it made. Where it says
        something else by now it is refused, with a new identity in case another row is meant."""
        model = self.model
        try:
            uid = sending.uid_of(request.POST.get("identity", ""), model, request.user)
        except ValueError:
            return None
        if not self.has_add_permission(request) or not model._default_manager.filter(pk=uid):
            return None
        item = self.get_queryset(request).filter(pk=uid).first()
        if item is not None and sending.is_repeat(request, uid):
            return self.response_add(request, item)
        data = request.POST.copy()
        data["identity"] = sending.new_identity(model, request.user)
        request.POST = data  # type: ignore[assignment]
        request.refusal = [_made_already(item)]  # type: ignore[attr-defined]
        return None

    def _on_top(self, request: HttpRequest, answer: Any, ask: Callable[[], Any]) -> Any:
        """The late form once more: with what the others changed, and the author's text on it."""
        context = answer.context_data
        form = context["adminform"].form
        rows = [each for each in context["inline_admin_formsets"] if each.has_change_permission]
        version = request.stale_version  # type: ignore[attr-defined]
        meanwhile = stale.since(form.instance, version, request.user)
        stale.put_on_top(request, form, [each.formset for each in rows], meanwhile)
        request.meanwhile = meanwhile  # type: ignore[attr-defined]
        request.refusal = [_too_late()]  # type: ignore[attr-defined]
        return ask()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new row is the one that its form named."""
        if not change and form.uid is not None:
            obj.uid = form.uid
        super().save_model(request, obj, form, change)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """All is stored: remember which form did it, and say what could not be kept."""
        if add:
            sending.remember(request, form.instance.uid)
        losses = all_losses(form, formsets)
        for lost in losses[:_LOSSES_TOLD]:
            messages.warning(request, lost)
        if len(losses) > _LOSSES_TOLD:
            messages.warning(request, _("The same happened in further fields: look them through."))
        return super().construct_change_message(request, form, formsets, add)

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Saved: the browser may forget what it kept."""
        answer = super().response_add(request, obj, *args, **kwargs)
        return sending.say_saved(request, _going_on(request, obj, answer))

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        """As for a new row; and whoever does not stay has left."""
        if "_continue" not in request.POST:
            presence.leave(request.user, obj)
        answer = super().response_change(request, obj)
        return sending.say_saved(request, _going_on(request, obj, answer))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Say what a refused form must say at its rows, and who else has the form open."""
        item = context.get("original")
        form, rows = context["adminform"].form, context["inline_admin_formsets"]
        if request.method == "POST":
            formsets = [each.formset for each in rows]
            context["meanwhile"] = getattr(request, "meanwhile", None)
            _say_at_rows(form, formsets, context["meanwhile"])
            context["errors"] = AdminErrorList(form, formsets)
        # What is shown while a change is being proposed is undone, the cache's rows included.
        saves = getattr(request, "proposing", None) is None
        context["review_open"] = saves and _may_submit(request, item or self.model())
        if saves and item is not None and self.has_change_permission(request, item):
            context["presence_url"] = presence.PresencePages(self).url("presence", item)
            context["presence"] = presence.arrive(request.user, item)
        return super().render_change_form(request, context, *args, **kwargs)


def _may_submit(request: HttpRequest, item: Any) -> bool:
    """Whether a save may lead on to handing the item over for review."""
    moves = publishing.moves_open_to(item, request.user) if isinstance(item, Publication) else ()
    return publishing.MOVES["submit"] in moves


def _going_on(request: HttpRequest, item: Any, answer: HttpResponse) -> HttpResponse:
    """The answer to a save; to "save and submit", the page that asks about it."""
    if "_review" in request.POST and _may_submit(request, item):
        page = reverse(f"admin:events_{item._meta.model_name}_move", args=[item.pk, "submit"])
        return HttpResponseRedirect(page)
    return answer


def _say_at_rows(form: Any, formsets: list[Any], meanwhile: Any) -> None:
    for each in (form, *(part for formset in formsets for part in formset.forms)):
        if hasattr(each, "ask_for_files_again"):
            each.ask_for_files_again()
        if meanwhile is not None and each.prefix in meanwhile.removed:
            each.add_error(None, stale.removed_row(meanwhile.removed[each.prefix]))


def _too_late() -> str:
    return _(
        "Somebody else has saved this since you opened it. Nothing of yours is lost: your text is"
        " in the form, on top of theirs. Look at both, then save again to keep what the form shows."
    )


def _at_once() -> str:
    return _("Somebody else saved at the same moment. Your text is in the form: save it again.")


def _made_already(item: Any) -> str:
    again = _("To make another one of what the form shows now, save again.")
    if item is None:
        return f"{_('This form has been saved already.')} {again}"
    url = reverse(f"admin:events_{item._meta.model_name}_change", args=[item.pk])
    return format_html(
        '{} <a href="{}">{}</a> {}', _("This form has been saved already, as"), url, item, again
    )
