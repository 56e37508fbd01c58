"""Staff accounts, for Heads of press: roles are given and taken here, and nothing is deleted."""

from functools import cached_property
from typing import Any

# The stock admins of accounts are registered first, so that ours takes their place; those of
# sign-in would show sessions and secrets, and have no place.
import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from .. import dates, publishing, roles
from ..signin import fresh
from . import staffdoor

User: Any = get_user_model()
admin.site.unregister([User, Group, EmailAddress, Authenticator, UserSession])

_PASSWORDS = ("new_password", "again")


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, strip=False, help_text=help_text,
        widget=forms.PasswordInput({"autocomplete": autocomplete}),
    )  # fmt: skip


class StaffForm(forms.ModelForm):
    """An account with its roles. What must not happen the verb refuses."""

    request: HttpRequest
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(name, roles.label(name)) for name in roles.ROLES],
        help_text=gettext_lazy("What a role may do is fixed. Without any, one can only sign in."),
    )  # fmt: skip
    new_password = _password(
        gettext_lazy("New password"), "new-password",
        format_lazy(gettext_lazy("At least {number} characters. Left empty, the old one stays;"
                                 " another one signs the person out everywhere."),
                    number=settings.PASSWORD_MIN_LENGTH),
    )  # fmt: skip
    again = _password(gettext_lazy("New password, again"), "new-password")

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["roles"] = [group.name for group in self.instance.groups.all()]
        if "is_active" in self.fields:
            self.fields["is_active"].help_text = _(
                "Switched off, nobody can sign in with it. Accounts are never deleted: what people"
                " did keeps their names."
            )

    @cached_property
    def changed_data(self) -> list[str]:
        """What is told of the save; the password was typed twice, and changed once."""
        return [name for name in super().changed_data if name != "again"]

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same, and a new account has one."""
        cleaned = super().clean() or {}
        if cleaned.get("new_password") != cleaned.get("again"):
            self.add_error("again", _("The two passwords differ."))
        elif fresh.NOT_KEPT in self.data and not cleaned.get("new_password"):
            self.add_error("new_password", _("It was not kept while you confirmed that it is you:"
                                             " type it again, or save without it."))  # fmt: skip
        elif not self.instance.pk and not cleaned.get("new_password"):
            self.add_error("new_password", _("Give the account a first password."))
        return cleaned

    def _post_clean(self) -> None:
        """Where all else is right, call the verb, in the transaction of the request: its refusal
        stands beside the field, and nothing is left for the admin to store."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        given, new = self.cleaned_data, self.instance.pk is None
        try:
            with transaction.atomic():
                publishing.save_account(
                    self.instance, self.request.user, given["roles"],
                    active=given.get("is_active", True), password=given["new_password"],
                )  # fmt: skip
        except ValidationError as refusal:
            if new:
                self.instance.pk, self.instance._state.adding = None, True
            for name, errors in getattr(refusal, "error_dict", {None: [refusal]}).items():
                place = "new_password" if name == "password" else name
                self.add_error(place if place in self.fields else None, errors)


class RoleFilter(admin.SimpleListFilter):
    """Filter by role, under the name that people read."""

    title = gettext_lazy("roles")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every role."""
        return [(name, roles.label(name)) for name in roles.ROLES]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Who has the chosen role."""
        return queryset.filter(groups__name=self.value()) if self.value() else None


@admin.register(User)
class StaffAdmin(admin.ModelAdmin):
    """Who works here."""

    form = StaffForm
    list_display = ("username", "name_shown", "email", "roles_shown", "is_active", "signed_in")
    list_filter = ("is_active", RoleFilter)
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    actions = None
    readonly_fields = ("roles_shown", "signed_in", "since")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Every account, with its roles."""
        return super().get_queryset(request).prefetch_related("groups")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Let the form know who is asking."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"request": request})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """An account that one may not change is shown without what only a form has."""
        who = (_("Who"), {"fields": ("username", ("first_name", "last_name"), "email")})
        if obj is not None and not self.has_change_permission(request, obj):
            return (who, (_("Standing"), {"fields": ("is_active", "roles_shown", "signed_in",
                                                     "since")}))  # fmt: skip
        standing = ("roles",) if obj is None else ("is_active", "roles", "signed_in", "since")
        return (
            who, (_("Standing"), {"fields": standing}),
            (_("Password"), {"fields": ("new_password", "again")}),
        )  # fmt: skip

    change_form_template = "admin/staff_change_form.html"

    def get_urls(self) -> list[Any]:
        """With the pages of what is done to an account in a bad hour."""
        door = self.admin_site.admin_view(self.door_view)
        return [
            path("<int:pk>/door/<slug:act>/", door, name="auth_user_door"), *super().get_urls(),
        ]  # fmt: skip

    def door_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """One of those pages. Whoever manages no accounts learns of none."""
        if not publishing.manages_accounts(request.user):
            raise PermissionDenied
        return staffdoor.door_view(request, get_object_or_404(User, pk=pk), act)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """With the ways to those pages."""
        if context.get("original") is not None:
            context["door_buttons"] = staffdoor.buttons(context["original"], request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("name"))
    def name_shown(self, user: Any) -> str:
        """First and last name."""
        return user.get_full_name() or "–"

    @admin.display(description=gettext_lazy("roles"))
    def roles_shown(self, user: Any) -> str:
        """By name; a superuser is the technical administrator, and no role."""
        names = [roles.label(group.name) for group in user.groups.all()]
        names += [_("technical administrator")] if user.is_superuser else []
        return ", ".join(names) or "–"

    @admin.display(description=gettext_lazy("signed in last"), ordering="last_login")
    def signed_in(self, user: Any) -> str:
        """By the office's clock, with its offset."""
        return dates.written_moment(user.last_login) if user.last_login else "–"

    @admin.display(description=gettext_lazy("account since"), ordering="date_joined")
    def since(self, user: Any) -> str:
        """By the office's clock, with its offset."""
        return dates.written_moment(user.date_joined)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever manages accounts."""
        return publishing.manages_accounts(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever manages accounts."""
        return publishing.manages_accounts(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever manages accounts."""
        return publishing.manages_accounts(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the verb has it: a superuser's account is changed by a superuser alone."""
        if obj is None:
            return publishing.manages_accounts(request.user)
        return publishing.may_change(obj, request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Accounts are switched off, never deleted."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Nobody finds out a password by comparing, nor by what hangs on an account what its
        owner has written, read or been told, that not everybody may know of."""
        first = lookup.partition(LOOKUP_SEP)[0]
        foreign = {field.name for field in User._meta.get_fields() if not field.concrete}
        if first in ("password", *foreign):
            return False
        return super().lookup_allowed(lookup, value, request)

    @method_decorator(sensitive_post_parameters(*_PASSWORDS))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Keep passwords out of error reports; and let nobody give roles at a desk that somebody
        has left."""
        if request.method == "POST":
            fresh.require(request)
        return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Stored already, by the verb that the form called."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Keep which roles somebody was given, beside what else was changed."""
        told: list[Any] = [*super().construct_change_message(request, form, formsets, add)]
        if "roles" in form.changed_data:
            names = ", ".join(form.cleaned_data["roles"]) or "–"
            told.append({"changed": {"name": "roles", "object": names, "fields": ["Roles"]}})
        return told
