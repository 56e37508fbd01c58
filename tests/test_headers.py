"""The headers of every answer, by address alone."""

import pytest
from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django_prose_editor.widgets import AdminProseEditorWidget

from pressoffice.headers import ContentSecurityPolicy, IsolationHeaders

READERS_POLICY = (
    "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self'; manifest-src 'self'; script-src 'self'; "
    "style-src 'self'"
)
EMBED = "/en/quotes/152057e8-c74f-5cc5-bc2d-084dc206465c/embed/"


def policy(rf, address: str) -> str:
    answer = ContentSecurityPolicy(lambda request: HttpResponse())(rf.get(address))
    return answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address", ["/", "/en/", "/administration/", "/en/admin/", "/photos/1/2/3.webp"]
)
def test_readers_get_the_strict_policy_without_a_nonce(rf, address):
    assert policy(rf, address) == READERS_POLICY


def test_a_reader_gets_the_strict_policy_where_a_view_asked_for_a_nonce(rf):
    def view(request):
        return HttpResponse(str(request.csp_nonce))

    answer = ContentSecurityPolicy(view)(rf.get("/en/"))
    assert answer["Content-Security-Policy"] == READERS_POLICY


@pytest.mark.parametrize("door", sorted(settings.STAFF_DOORS))
def test_staff_get_the_hash_of_their_editor_and_nothing_unsafe(rf, door):
    directives = dict(part.split(" ", 1) for part in policy(rf, f"/{door}/").split("; "))
    readers = dict(part.split(" ", 1) for part in READERS_POLICY.split("; "))
    assert directives == readers | {
        "img-src": "'self' blob: data:",
        "style-src": f"'self' {settings.PROSE_EDITOR_STYLE_HASH}",
    }


def test_the_editors_import_map_carries_the_nonce_of_its_own_answer(rf):
    def answer(request):
        response = TemplateResponse(request, [], {"media": forms.Media() + widget.media})
        response = middleware.process_template_response(request, response)
        # What a template does with {{ media }}.
        response.content = str(response.context_data["media"])
        return response

    widget = AdminProseEditorWidget()
    middleware = ContentSecurityPolicy(answer)
    first, second = (middleware(rf.get("/admin/events/statement/add/")) for _ in range(2))
    for response in (first, second):
        scripts = response["Content-Security-Policy"].split("script-src ")[1].split(";")[0]
        nonce = scripts.split("'nonce-")[1].rstrip("'")
        assert f'<script type="importmap" nonce="{nonce}">' in response.content.decode()
    assert first["Content-Security-Policy"] != second["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("address", "who_may_show_it"),
    [
        ("/en/", "same-origin"),
        ("/admin/", "same-origin"),
        ("/files/1/a.pdf", "same-origin"),
        ("/photos/1/2/3.webp", "cross-origin"),
        ("/cards/en/1-1.png", "cross-origin"),
        (EMBED, "cross-origin"),
        (f"/rehearsal/20261006T040000Z{EMBED}", "same-origin"),
    ],
)
def test_only_pictures_may_be_shown_elsewhere(rf, address, who_may_show_it):
    answer = IsolationHeaders(lambda request: HttpResponse())(rf.get(address))
    assert answer["Cross-Origin-Resource-Policy"] == who_may_show_it
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.parametrize(
    ("address", "status", "framed"),
    [
        (EMBED, 200, True), (EMBED, 304, True), (EMBED, 410, True), (EMBED, 404, False),
        (EMBED.removesuffix("embed/"), 200, False), (f"{EMBED}more/", 200, False),
        (f"/preview/1{EMBED}", 200, False), (f"/rehearsal/20261006T040000Z{EMBED}", 200, False),
        ("/en/events/embed/", 200, False), ("/admin/", 200, False),
    ],
)  # fmt: skip
def test_a_quote_made_for_frames_and_nothing_else_may_be_framed(rf, address, status, framed):
    def view(request):
        return HttpResponse(status=status, headers={"X-Frame-Options": "DENY"})

    answer = ContentSecurityPolicy(IsolationHeaders(view))(rf.get(address))
    anybody = "frame-ancestors *" in answer["Content-Security-Policy"]
    assert (anybody, "X-Frame-Options" not in answer) == (framed, framed)
