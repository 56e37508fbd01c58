"""The page that explains the open API to a person."""

from django.http import HttpRequest, HttpResponse

from ..metadata import page
from ..pages import public_page


@public_page()
def guide(request: HttpRequest) -> HttpResponse:
    """The open API: what there is, how it is asked, what it answers."""
    return page(request, "public/api.html", "api")
