"""Events and statements as PDFs: the same page, through the same gate, on paper."""

import copy
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from .. import paper
from . import items
from .media import picture_at
from .pages import public_page

View = Callable[..., HttpResponse]


def page_of_item(view: View, request: HttpRequest, name: str, slug: str) -> HttpResponse:
    """What the item's own address in the active language answers at this moment."""
    asked = copy.copy(request)
    asked.path = asked.path_info = reverse(f"public:{name}", args=[slug])
    asked.method = "GET"
    return view(asked, slug)


def _on_paper(view: View, request: HttpRequest, name: str, slug: str) -> HttpResponse:
    """The PDF of an item's page; whatever the page answers where it is not shown."""
    if not paper.available():
        raise Http404
    page = page_of_item(view, request, name, slug)
    if page.status_code != 200:
        return page
    answer = HttpResponse(paper.pdf(page.content, picture_at), content_type=paper.MEDIA_TYPE)
    # An address is made of letters, digits and hyphens: no quoting is needed (RFC 6266).
    answer.headers["Content-Disposition"] = f'inline; filename="{slug}.pdf"'
    return answer


@public_page()
def event_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """One event on paper: letterhead, text, contacts, citation."""
    return _on_paper(items.event, request, "event", slug)


@public_page()
def statement_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """One statement on paper."""
    return _on_paper(items.statement, request, "statement", slug)
