"""The public site as files: pages that lead from one to the other in any browser, for as long as
there are browsers, and everything that hangs on them."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from .. import dates, visibility
from ..languages import CODES
from ..models import Event, Publication, Statement
from ..preview import public_answer
from ..visibility import Status
from . import folder, links
from .frozen import frozen

# Routes that ask something of the site, or that a program asks: a copy has no answer.
_LEFT_OUT = frozenset({"root", "opensearch", "healthz", "readyz", "robots", "security_txt"})
# Rows of the index that are in memory at a time.
_AT_ONCE = 500


@dataclass
class Copied:
    """What a copy holds, and what was linked to and is not there."""

    pages: int = 0
    files: int = 0
    bytes: int = 0
    broken: list[str] = field(default_factory=list)


class _Copy:
    """One copy in the making: what is still to be rendered, and where everything is."""

    def __init__(self, target: folder.Folder) -> None:
        self.target, self.site = target, settings.SITE_URL.rstrip("/")
        self.places: dict[tuple[str, str], str | None] = {}
        self.waiting: deque[tuple[str, str]] = deque()
        self.copied = Copied()

    def place(self, path: str, query: str) -> str | None:
        """The file of an address, which is made in its turn; None for what a copy does not have."""
        query = links.followed(query)
        known = (path, query)
        if known not in self.places:
            self.places[known] = links.file_of(path, query) if _is_kept(path) else None
            if self.places[known] is not None:
                self.waiting.append(known)
        return self.places[known]

    def make(self, progress: Callable[[int], Any]) -> None:
        """Make everything that is linked to from what is already placed."""
        while self.waiting:
            path, query = self.waiting.popleft()
            name = self.places[path, query]
            assert name is not None
            if path.startswith(settings.STATIC_URL):
                self._static(path, name)
            elif path.endswith("/search/"):
                self._index(path, name)
            else:
                self._answer(path, query, name)
            progress(1)

    def _answer(self, path: str, query: str, name: str) -> None:
        answer = public_answer(path, query=QueryDict(query), whole=False)
        if answer.status_code != 200:
            self.copied.broken.append(f"{path}{'?' + query if query else ''}")
            return
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            self.copied.pages += 1
            page = answer.content.decode()
            self.target.add(name, [self._rewritten(page, path, name).encode()])
        else:
            self.copied.files += 1
            self.target.add(name, answer if answer.streaming else [answer.content])

    def _rewritten(self, page: str, path: str, name: str) -> str:
        with translation.override(path.split("/")[1]):
            name_of_it = _("Index")
            index = f'<p class="seek"><a href="{reverse("public:search")}">{name_of_it}</a></p>'
        page = links.with_index(page, index)
        return links.rewritten(page, path, name, self.site, self.place)

    def _static(self, path: str, name: str) -> None:
        found = finders.find(path.removeprefix(settings.STATIC_URL))
        if not isinstance(found, str):
            from django.contrib.staticfiles.storage import staticfiles_storage

            found = staticfiles_storage.path(path.removeprefix(settings.STATIC_URL))
        data = Path(found).read_bytes()
        if name.endswith(".css"):
            data = links.styled(data.decode(), path, name, self.place).encode()
        self.copied.files += 1
        self.target.add(name, [data])

    def _index(self, path: str, name: str) -> None:
        """In the place of search: everything by year, to be looked through by the browser."""
        code = path.split("/")[1]
        with translation.override(code):
            around = public_answer(path).content.decode()
            head, _begin, rest = around.partition('<main id="content" class="wrap">')
            _old, _end, foot = rest.partition("</main>")
            with self.target.file(name) as file:
                heading = _("Index")
                begun = f'{head}<main id="content" class="wrap"><h1>{heading}</h1>'
                file.write(self._rewritten(begun, path, name).encode())
                for part in _years():
                    file.write(self._rewritten(part, path, name).encode())
                file.write(self._rewritten(f"</main>{foot}", path, name).encode())
        self.copied.pages += 1


def _is_kept(path: str) -> bool:
    """Whether an address of the site is a page or a file that a copy has."""
    if path.startswith(settings.STATIC_URL):
        return True
    code = path.removeprefix("/").partition("/")[0]
    with translation.override(code if code in CODES else settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return False
    if match.namespaces not in ([], ["public"]) or not match.url_name:
        return False
    return match.url_name not in _LEFT_OUT and not path.startswith("/api/")


def _years() -> Iterator[str]:
    """All events and statements, each kind by year, as parts of a page."""
    for model, heading in ((Event, _("Events")), (Statement, _("Statements"))):
        yield f"<h2>{heading}</h2>"
        rows: Iterable[Any] = (
            model.objects.public().order_by("-date", "-uid").iterator(_AT_ONCE)
        )  # fmt: skip
        year, items = None, list[Any]()
        for item in rows:
            if item.date.year != year and items:
                yield _year(items)
                items = []
            year = item.date.year
            items.append(item)
        if items:
            yield _year(items)


def _year(items: list[Any]) -> str:
    return render_to_string("export/year.html", {"items": items, "year": items[0].date.year})


def copy_site(target: Path, *, force: bool = False, progress: Callable[[int], Any]) -> Copied:
    """Write the public site, as it stands at this moment, into a folder that opens from a disk.

    Raises Unwilling where the folder is not empty, and where something was withdrawn or retracted
    while the copy was being made: it would keep what readers were just asked not to.
    """
    with folder.made(target, force=force) as made:
        with frozen() as moment:
            copy = _Copy(made)
            for code in CODES:
                with translation.override(code):
                    copy.place(reverse("public:home"), "")
            copy.make(progress)
            context = {"moment": dates.written_moment(moment), "site": settings.SITE_URL,
                       "homes": [(code, f"{code}/index.html") for code in CODES]}  # fmt: skip
            made.add("index.html", [render_to_string("export/index.html", context).encode()])
            made.add("README.txt", [render_to_string("export/readme.txt", context).encode()])
        if _ended_since(moment):
            raise folder.Unwilling(
                _("Something was withdrawn or retracted meanwhile: make the copy again.")
            )
        copy.copied.bytes = sum(size for size, _digest in made.written.values())
    return copy.copied


def _ended_since(moment: Any) -> bool:
    with visibility.at():
        ended = (Status.WITHDRAWN, Status.RETRACTED)
        return Publication.objects.filter(status__in=ended, withdrawn_at__gte=moment).exists()
