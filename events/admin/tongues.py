"""Which language a member of staff works in: chosen in the header of every page, remembered."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import notifications
from ..languages import CODES, current, has_chosen, remember
from ..signin import targets


@require_POST
def language_view(request: HttpRequest) -> HttpResponse:
    """Take a choice, of whoever is at the sign-in page too, and lead back to where it was made."""
    language = request.POST.get("language", "")
    if language not in CODES:
        return HttpResponseBadRequest(_("There is no such language here."))
    if request.user.is_authenticated:
        notifications.works_in(request.user, language)
    response = HttpResponseRedirect(_way_back(request))
    remember(response, language)
    return response


def _way_back(request: HttpRequest) -> str:
    """The staff's page that the choice was made on; the desk where something else is named."""
    back = request.POST.get("next", "")
    return back if targets.is_own(back) else reverse("admin:index")


def signed_in(request: HttpRequest, response: HttpResponse) -> None:
    """Somebody has signed in: what they chose on that page holds from now on; who chose nothing
    there gets the language that they work in elsewhere."""
    if has_chosen(request):
        notifications.works_in(request.user, current())
    else:
        kept = notifications.language_of(request.user, current())
        notifications.works_in(request.user, kept)
        remember(response, kept)
