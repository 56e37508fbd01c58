"""Public pages as they would be: rendered whole in a transaction that is always undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import (
    Resolver404,
    ResolverMatch,
    get_resolver,
    get_script_prefix,
    resolve,
    set_script_prefix,
)  # fmt: skip
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from .. import editions, roles, visibility
from ..languages import CODES, column, current
from ..models import Change, ChangeState, Publication, Recorded
from ..publishing import Refused
from ..publishing.changes import follow
from ..publishing.frame import locked, was_released
from ..publishing.lifecycle import finish_text, set_release

# Signs the edition that exists for as long as a preview is being rendered.
_NOBODY = roles.Actor("preview")
# What a banner stands above: behind the link that skips to the text, which comes first.
_MASTHEAD = '<header class="masthead">'


@contextmanager
def showing(record: Recorded, change: Change | None = None) -> Iterator[Recorded]:
    """The record as readers will get it, for as long as the block lasts and for nobody else:
    released at the request's moment where it is not yet, with a proposed change applied.

    One short transaction that is always undone: render completely inside, and write nothing
    that a rollback does not undo. Raises Refused for a text that readers could not be given.
    """
    with transaction.atomic():
        try:
            yield _as_readers_get_it(locked(record), change)
        finally:
            transaction.set_rollback(True)


def _as_readers_get_it(record: Recorded, change: Change | None) -> Recorded:
    now, number = visibility.moment(), 1
    before = editions.snapshot(record)
    if change is not None:
        try:
            editions.apply(record, change.snapshot)
        except ValidationError as refusal:
            raise Refused(refusal.messages) from refusal
        record = type(record)._default_manager.get(pk=record.pk)
    if not isinstance(record, Publication):
        return record
    if not record.readable_languages():
        raise Refused(_("Mark at least one language as ready."))
    finish_text(record)
    if not was_released(record, now):
        set_release(record, now)
    elif change is not None:
        held = Change.objects.get(pk=change.pk)
        follow(record, held, before, now)
        number = held.public_number or 1
        Change.objects.filter(pk=change.pk).update(
            state=ChangeState.APPLIED, decided_at=now, public_number=number
        )
    record.save()
    editions.write(record, "preview", _NOBODY, now, "", number)
    return record


def _language_of(path: str) -> str:
    first = path.removeprefix("/").partition("/")[0]
    return first if first in CODES else settings.LANGUAGE_CODE


def _match(path: str) -> ResolverMatch:
    """The public route of an address. Raises Http404 for the staff's and for none."""
    if path.removeprefix("/").partition("/")[0] in settings.STAFF_DOORS:
        raise Http404
    with translation.override(_language_of(path)):
        return resolve(path)


def is_public_address(path: str) -> bool:
    """Whether the public door has a route for an address ("/en/events/")."""
    try:
        _match(path)
    except Http404:
        return False
    return True


def file_uid(path: str) -> UUID | None:
    """The identifier of the document or picture that an address is of; None for a page."""
    try:
        match = _match(path)
    except Http404:
        return None
    is_file = not match.namespaces and match.url_name in ("file", "photo")
    return match.kwargs["uid"] if is_file else None


def is_own(path: str, record: Any, change: Change | None = None) -> bool:
    """Whether an address is one of the record's own: its page, its history, the permalinks of
    its quotes and outcomes, those that a change would add or remove among them.

    A file's may be, or that of a portrait which the record makes public: while the record is
    shown, the gate knows, and tells nothing of any other that is not public.
    """
    try:
        match = _match(path)
    except Resolver404:
        return False
    if file_uid(path):
        return True
    if match.namespace != "public":
        return False
    if not isinstance(record, Publication):
        return bool(getattr(record, "PAGE", "")) and path == _public_url(record, _language_of(path))
    if match.url_name in (record.model, f"{record.model}_history"):
        return match.kwargs == {"slug": record.slug}
    relation = {"quote": "quotes", "outcome": "outcomes"}.get(match.url_name or "")
    if relation not in record.PARTS:
        return False
    uids = {str(uid) for uid in getattr(record, relation).values_list("pk", flat=True)}
    if change is not None:
        uids |= {state["uid"] for state in change.snapshot["parts"].get(relation, ())}
    return str(match.kwargs["uid"]) in uids


def _public_url(record: Any, language: str) -> str:
    with translation.override(language):
        url: str = record.get_absolute_url()
    return url


def entry(record: Any, change: Change | None = None) -> str:
    """The record's own public address ("/en/events/…") where a preview begins: in the person's
    language where that is ready, else in the first that is. Raises Refused where none is."""
    if not isinstance(record, Publication):
        return _public_url(record, current())
    ready: list[str] = list(record.readable_languages())
    if change is not None:
        ready = [code for code in CODES if change.snapshot["fields"].get(column("ready", code))]
    if not ready:
        raise Refused(_("Mark at least one language as ready."))
    return _public_url(record, current() if current() in ready else ready[0])


def public_answer(
    path: str, prefix: str = "/", query: QueryDict | None = None, method: str = "GET",
    whole: bool = True,
) -> HttpResponse:  # fmt: skip
    """What the public door answers to anybody for `path` ("/en/…"), rendered completely, with
    its links below `prefix`. No middleware and so no cache; no cookie, session or user. An answer
    that is not `whole` may still be a stream, which asks the database as it is read."""
    site, language = urlsplit(settings.SITE_URL), _language_of(path)
    request: Any = HttpRequest()
    request.method = method
    request.path_info, request.path = path, prefix.rstrip("/") + path
    request.META = {
        "REQUEST_METHOD": method, "SCRIPT_NAME": prefix.rstrip("/"), "PATH_INFO": path,
        "SERVER_NAME": site.hostname or "", "SERVER_PORT": str(site.port or 443),
    }  # fmt: skip
    request.GET = query if query is not None else QueryDict()
    request.META["QUERY_STRING"] = request.GET.urlencode()
    request.LANGUAGE_CODE = language
    outer = get_script_prefix()
    set_script_prefix(prefix)
    try:
        with translation.override(language):
            try:
                request.resolver_match = match = _match(path)
                response = match.func(request, *match.args, **match.kwargs)
            except Http404 as nothing:
                missing: Any = get_resolver().resolve_error_handler(404)
                response = missing(request, exception=nothing)
            if hasattr(response, "render"):
                response.render()
            # Stored bytes are whole already, wherever they are: no row has a say in them.
            stream = response.streaming and not getattr(response, "is_stored", False)
            if stream and whole:
                joined = HttpResponse(b"".join(response), status=response.status_code)
                joined.headers = response.headers
                response = joined
    finally:
        set_script_prefix(outer)
    response.headers["Content-Language"] = language
    answer: HttpResponse = response
    return answer


def marked(response: HttpResponse, template: str, **context: Any) -> HttpResponse:
    """A page with a banner over it, in its own language, and its title saying the same.

    The template gives the banner; `label` of the context is the banner's first words. Raises
    LookupError rather than let a page out without its banner. What is no page stays as it is.
    """
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return response
    with translation.override(response.headers["Content-Language"]):
        label = str(context["label"])
        banner = render_to_string(template, {**context, "label": label})
        head = render_to_string("preview/head.html")
    content = response.content.decode()
    for mark, replacement in (
        ("<title>", f"<title>{escape(label)} · "), ("</head>", head + "</head>"),
        (_MASTHEAD, banner + _MASTHEAD),
    ):  # fmt: skip
        if mark not in content:
            raise LookupError(f"This page has no {mark}: nothing could say what it is.")
        content = content.replace(mark, replacement, 1)
    response.content = content.encode()
    return response
