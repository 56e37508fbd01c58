"""What every answer tells a browser not to do: load from elsewhere, run inline code, be framed."""

import re
from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.forms import Media as PlainMedia
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from js_asset import Media

# The pages ask for none of these, so a script that got in through some mistake may not either.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)

# Data that pages of other sites may read as well: it is public, and no cookie says anything here.
SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After"
    ),
}
# Pictures that a feed reader or a newsroom's page shows from our address; all else is ours alone.
SHOWN_ELSEWHERE = ("/photos/", "/cards/")

# The one page that is made to be framed by anybody: a quote, and what became of it.
FRAMED = re.compile(r"/[a-z]{2}/quotes/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/embed/")


def may_be_framed(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Tell whether anybody may frame an answer: a page made for that, or what is left of it.
    Where there is nothing, the answer is that of any other address with nothing."""
    there = response.status_code in (200, 304, 410)
    return there and FRAMED.fullmatch(request.path_info) is not None


def is_staff_address(request: HttpRequest) -> bool:
    """Tell whether the address belongs to the staff's side, whoever asks for it."""
    return request.path_info.removeprefix("/").partition("/")[0] in settings.STAFF_DOORS


def is_data_address(request: HttpRequest) -> bool:
    """Tell whether the address is one of public data: the open API, or a page's JSON twin."""
    path = request.path_info
    return path.startswith("/api/") or (path.endswith(".json") and not is_staff_address(request))


class ContentSecurityPolicy(CSPMiddleware):
    """The strict policy for readers; for staff the same with the nonce that their editor needs."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Choose the policy by the address alone."""
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None and is_staff_address(request):
            parts.config = settings.STAFF_CONTENT_SECURITY_POLICY
        if may_be_framed(request, response):
            parts.replace = {**(parts.replace or {}), "frame-ancestors": ["*"]}
        return parts

    def process_template_response(
        self, request: HttpRequest, response: SimpleTemplateResponse
    ) -> SimpleTemplateResponse:
        """Give the nonce to the admin's `media`: the editor's import map is an inline script."""
        context = response.context_data
        if context and is_staff_address(request) and isinstance(context.get("media"), PlainMedia):
            context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
        return response

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Write the header with its directives in order.

        django-csp joins them in the order of a set, which differs from one process to the next;
        readers get the same header from all of them.
        """
        response = super().process_response(request, response)
        if HEADER in response:
            response[HEADER] = "; ".join(sorted(response[HEADER].split("; ")))
        return response


# What staff's addresses are asked with. TRACE is not among it: it says back what a proxy added.
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")


class KnownMethods:
    """Refuses other methods at the staff's addresses with 405, before it is looked where. Public
    routes refuse all but GET and HEAD by themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let through, or refuse."""
        if request.method in METHODS or not is_staff_address(request):
            return self.get_response(request)
        return HttpResponseNotAllowed(METHODS, headers={"Cache-Control": "no-store, private"})


class IsolationHeaders:
    """Permissions-Policy and Cross-Origin-Resource-Policy, which Django does not know; leave for
    other sites' pages to read what is public data, whatever the answer; and no X-Frame-Options
    on what is made to be framed: it knows only one's own pages, or none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add both to any answer that did not choose its own."""
        response = self.get_response(request)
        shared = is_data_address(request)
        shown_elsewhere = shared or request.path_info.startswith(SHOWN_ELSEWHERE)
        if may_be_framed(request, response):
            shown_elsewhere = True
            del response.headers["X-Frame-Options"]
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if shown_elsewhere else "same-origin"
        )
        for name, value in SHARED.items() if shared else ():
            response.headers.setdefault(name, value)
        return response
