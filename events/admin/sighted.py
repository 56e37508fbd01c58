"""Admins and inlines that show a person what sight.py lets them see, by every way there is: lists,
forms, choices, look-ups in addresses, the question before a deletion, the way to the site."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db.models.constants import LOOKUP_SEP
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch
from django.utils.text import capfirst

from .. import roles, sight

# The ways to ask for one row and no other.
_EXACTLY = ("", "exact", "pk", "pk__exact", "uid", "uid__exact")


class SightedForm(forms.ModelForm):
    """A form of a row that may lead to what this person may not see: the link is not shown, and
    a save that does not set another one leaves it as it is."""

    sighted_for: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.veiled = sight.veil(self.sighted_for, self.instance)
        for name in self.veiled:
            self.initial[name] = None

    def _post_clean(self) -> None:
        for name in self.veiled:
            if self.cleaned_data.get(name) is None:
                self.cleaned_data.pop(name, None)
        super()._post_clean()  # type: ignore[misc]


def sighted(form: type[Any], request: HttpRequest) -> type[Any]:
    """A form class that knows who is asking."""
    return type(form.__name__, (SightedForm, form), {"sighted_for": request.user})


class _Sighted:
    """What admins and inlines share."""

    def get_queryset(self, request: HttpRequest) -> Any:
        """What this person may see; of the rest, not even that it exists."""
        return sight.seen_by(request.user, super().get_queryset(request))  # type: ignore[misc]

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        """Only what this person may see is a choice, whether picked or sent by hand."""
        rows = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        target = db_field.remote_field.model
        if not sight.is_secret(target):
            return rows
        return sight.seen_by(
            request.user, target._default_manager.all() if rows is None else rows
        )  # fmt: skip


class SightInline(_Sighted, admin.StackedInline):
    """Rows of a record: those that this person may see. The others stay as they are."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Let each row's form know who is asking."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = sighted(formset.form, request)
        return formset


class SightAdmin(_Sighted, admin.ModelAdmin):
    """An admin of rows that not everybody sees."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Let the form know who is asking."""
        return sighted(super().get_form(request, obj, change, **kwargs), request)

    def get_list_filter(self, request: HttpRequest) -> Any:
        """No filter lists the names of rows that this person has no list of."""
        return [each for each in super().get_list_filter(request) if self._lists(each, request)]

    def _lists(self, each: Any, request: HttpRequest) -> bool:
        name = each[0] if isinstance(each, tuple) else each
        if not isinstance(name, str):
            return True
        *_way, last = _fields(self.model, name)
        target: Any = last.related_model
        if target is None:
            return True
        return roles.holds(request.user, f"view_{target._meta.model_name}")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """No look-up in an address asks about what hangs on a row unseen, nor compares the key
        of something hidden: a link to it is asked for exactly, by whoever sees where it leads."""
        if not super().lookup_allowed(lookup, value, request):
            return False
        gates = getattr(self.model, "GATES", ())
        target: Any
        for number, field in enumerate(_fields(self.model, lookup), 1):
            if not field.is_relation:
                return True
            if not field.concrete:
                return False
            target = field.related_model
            if number == 1 and field.name in gates:
                continue
            if sight.is_secret(target) and not getattr(field.remote_field, "parent_link", False):
                rest = LOOKUP_SEP.join(lookup.split(LOOKUP_SEP)[number:])
                return rest in _EXACTLY and _is_seen(request.user, target, value)
        return True

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes with a row: its own parts, those that this person may see. Whether anything
        else stands against it, the verb says."""
        shown: list[Any] = []
        count: dict[Any, int] = {}
        for obj in objs:
            relations = getattr(obj, "PARTS", ())
            parts = [
                part
                for relation in relations
                for part in sight.seen_by(request.user, getattr(obj, relation).all())
            ]
            for each in (obj, *parts):
                plural = each._meta.verbose_name_plural
                count[plural] = count.get(plural, 0) + 1
            shown += [_labelled(obj), [_labelled(part) for part in parts]]
        return shown, count, set(), []


def _labelled(row: Any) -> str:
    return f"{capfirst(str(row._meta.verbose_name))}: {row}"


def _fields(model: Any, lookup: str) -> Iterator[Any]:
    """The fields that a look-up leads through, until a transform or the end."""
    for part in lookup.split(LOOKUP_SEP):
        try:
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            return
        yield field
        if not field.is_relation:
            return
        model = field.related_model


def _is_seen(user: Any, model: Any, key: str) -> bool:
    try:
        return bool(sight.seen_by(user, model._default_manager.filter(pk=key)).exists())
    except (ValidationError, ValueError):
        return False


class ReadOnlyAdmin(SightAdmin):
    """A list and a page to read; no route adds, changes or deletes what verbs alone write, or
    what is written as part of something else."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here."""
        return False


class Choices(AutocompleteJsonView):
    """The choices of a field that one picks from by typing: of a field, and of nothing else."""

    def process_request(self, request: HttpRequest) -> Any:
        """Refuse what is no field of a form, as what does not exist."""
        term, model_admin, field, to_field = super().process_request(request)
        if not field.concrete:
            raise PermissionDenied
        return term, model_admin, field, to_field


def view_on_site(request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
    """The public address of a row that this person may see in the admin. Raises Http404 for any
    other, whether it exists or not."""
    try:
        kind = ContentType.objects.get_for_id(int(content_type_id))
        model_admin: Any = admin.site.get_model_admin(apps.get_model(kind.app_label, kind.model))
        row = model_admin.get_object(request, object_id)
        if row is None or not model_admin.has_view_permission(request, row):
            raise Http404
        return HttpResponseRedirect(row.get_absolute_url())
    except (ContentType.DoesNotExist, LookupError, NotRegistered) as problem:
        raise Http404 from problem
    except (AttributeError, NoReverseMatch, ValueError) as problem:
        raise Http404 from problem
