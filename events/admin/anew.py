"""The one page that asks anew who somebody is, and what leads back from it to an act that waits."""

from typing import Any

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import TemplateView

from .. import audit
from ..signin import factors, fresh, targets, tries
from ..signin.forms import LONGEST, AnewCodeForm, AnewKeyForm
from .house import House, has_passkeys


class PasswordForm(forms.Form):
    """One's own password."""

    password = forms.CharField(
        label=gettext_lazy("Your password"), strip=False, max_length=LONGEST,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )  # fmt: skip


@method_decorator(never_cache, name="dispatch")
@method_decorator(login_required, name="dispatch")
@method_decorator(sensitive_post_parameters("password", "code"), name="dispatch")
class Anew(House, TemplateView):
    """A password and a code together, or a passkey alone; a password alone of whoever has no
    second factor yet. What was wrong is not said: one answer for all of it."""

    template_name = "accounts/anew.html"
    title = gettext_lazy("Confirm that it is you")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What this account can be asked for, and what waits for it."""
        request = self.request
        rows = Authenticator.objects.filter(user=request.user.pk)
        kinds = set(rows.values_list("type", flat=True))
        passkeys = "webauthn" in kinds and has_passkeys(request)
        codes = bool(kinds & {"totp", "recovery_codes"})
        shown = super().get_context_data(**kwargs)
        return {
            **shown, "act": self._act(), "next": self._back(), "passkeys": passkeys,
            "with_password": request.user.has_usable_password() and (codes or not kinds),
            "password_form": PasswordForm(), "code_form": AnewCodeForm(user=request.user) if codes
            else None, "waits": fresh.kept(request, self._act()) is not None,
            "js_data": {"request_options": webauthn.begin_authentication(request.user)}
            if passkeys else None,
        }  # fmt: skip

    def post(self, request: HttpRequest) -> HttpResponse:
        """Judge it. Raises TooMany before anything is compared."""
        tried = tries.in_session(request, "anew")
        if not self._is_right(request):
            audit.note("confirmation_failed", by=request.user, request=request, record=request.user)
            wrong = _("That was not right. Nothing has happened; what waits still does.")
            return self.render_to_response(self.get_context_data(wrong=wrong), status=403)
        tried.give_back()
        fresh.confirm(request)
        audit.note("confirmed", by=request.user, request=request, record=request.user)
        act = fresh.kept(request, self._act())
        if act is None:
            return HttpResponseRedirect(self._back() or reverse("admin:index"))
        fresh.forget(request, self._act())
        context = {**admin.site.each_context(request), "title": _("It goes on"), "waiting": act,
                   "not_kept": fresh.NOT_KEPT}  # fmt: skip
        return TemplateResponse(request, "accounts/go_on.html", context)

    @sensitive_variables("password")
    def _is_right(self, request: HttpRequest) -> bool:
        if request.POST.get("credential"):
            key = AnewKeyForm(data=request.POST, user=request.user)
            if key.is_valid():
                key.save()
                return True
            return False
        form = PasswordForm(request.POST)
        password = form.cleaned_data["password"] if form.is_valid() else ""
        if not password or not request.user.check_password(password):
            return False
        if factors.of(request.user):
            code = AnewCodeForm(data=request.POST, user=request.user)
            if not code.is_valid():
                return False
            code.save()
        reauthenticate_by_password(request)
        return True

    def _act(self) -> str:
        return self.request.POST.get("act") or self.request.GET.get("act", "")

    def _back(self) -> str:
        back = self.request.POST.get("next") or self.request.GET.get("next", "")
        return back if targets.is_own(back) else ""
