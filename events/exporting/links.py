"""Links of a page, as they lead from file to file.

The pages are our own, written as HTML validators want them: attributes in double quotes, in the
templates and in what the sanitiser lets through.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import parse_qsl, quote, unquote, urlsplit

# What stands in a link: an address of this site, as its path and query; what it becomes, or None
# where the copy has no such page.
Place = Callable[[str, str], str | None]

_ATTRIBUTE = re.compile(r'(\s)(href|src|action|content)="([^"]*)"')
_SET = re.compile(r'(\s)srcset="([^"]*)"')
_SEEK = re.compile(r'<form class="seek".*?</form>', re.DOTALL)
_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_SCRIPT = re.compile(r'<script\b[^>]*\bsrc="[^"]*"[^>]*>\s*</script>\s*')
# What a browser does with these needs the site: search, embedding, the machine's twin of a page.
_HEAD = re.compile(
    r'<link rel="(?:search|hub)"[^>]*>\s*'
    r'|<link rel="alternate"[^>]*type="(?:application/json|text/calendar|[a-z/]+\+oembed)"[^>]*>\s*'
    r'|<link rel="alternate"[^>]*type="application/json\+oembed"[^>]*>\s*'
)
_URL = re.compile(r"""url\((["']?)([^)"']+)\1\)""")
# The queries of lists whose pages are files of their own.
FOLLOWED = frozenset({"after", "before", "edition"})


def file_of(path: str, query: str = "") -> str:
    """The file that holds an address of the site: "/en/events/" is en/events/index.html, and a
    further page of it a file beside that."""
    path = unquote(path).lstrip("/")
    name = f"{path}index.html" if not path or path.endswith("/") else path
    if not query:
        return name
    stem, dot, extension = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(query.encode()).hexdigest()[:12]}{dot}{extension}"


def followed(query: str) -> str:
    """What of a query leads to a file of its own; the rest of it asks for a choice that a copy
    cannot make."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return query if pairs and {name for name, _value in pairs} <= FOLLOWED else ""


def relative(target: str, source: str, fragment: str = "") -> str:
    """The way from one file to another."""
    way = posixpath.relpath(target, posixpath.dirname(source) or ".")
    return quote(way) + (f"#{fragment}" if fragment else "")


def _placed(value: str, here: str, source: str, site: str, place: Place) -> str | None:
    """A link as it leads in the copy; None where it leads nowhere there. `here` is the address of
    the page, `source` its file."""
    said = unescape(value)
    for scheme in ("webcal://", "webcals://"):
        if said.startswith(scheme):
            said = f"{urlsplit(site).scheme}://{said.removeprefix(scheme)}"
    parts, own = urlsplit(said), urlsplit(site)
    if parts.scheme or parts.netloc:
        if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
            return value  # elsewhere, or mailto:
    elif not parts.path and not parts.query:
        return value  # on this very page
    path = posixpath.join(here, parts.path) if not parts.path.startswith("/") else parts.path
    path = posixpath.normpath(path) + ("/" if path.endswith(("/", "/.")) and path != "/" else "")
    query = parts.query if parts.path or parts.query else ""
    target = place(path or "/", query)
    return None if target is None else escape(relative(target, source, parts.fragment))


def with_index(page: str, index: str) -> str:
    """A page that leads to the index of everything where it had a field for search."""
    return _SEEK.sub(lambda _found: index, page)


def rewritten(page: str, here: str, source: str, site: str, place: Place) -> str:
    """A page with its links leading from file to file, and without what needs the site."""
    page = _HEAD.sub("", _SCRIPT.sub("", _FORM.sub("", page)))

    def attribute(found: re.Match[str]) -> str:
        space, name, value = found.groups()
        if name == "content" and not unescape(value).startswith(f"{site}/"):
            return found[0]
        placed = _placed(value, here, source, site, place)
        if placed is None:
            return "" if name == "href" else f'{space}{name}=""'
        return f'{space}{name}="{placed}"'

    def pictures(found: re.Match[str]) -> str:
        kept = []
        for each in found[2].split(","):
            address, _blank, width = each.strip().partition(" ")
            if (placed := _placed(address, here, source, site, place)) is not None:
                kept.append(f"{placed} {width}".strip())
        return f'{found[1]}srcset="{", ".join(kept)}"'

    return _SET.sub(pictures, _ATTRIBUTE.sub(attribute, page))


def styled(sheet: str, here: str, source: str, place: Place) -> str:
    """A stylesheet with the fonts and pictures that it names, as files."""

    def address(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(here), found[2]))
        if found[2].startswith("data:") or (target := place(path, "")) is None:
            return found[0]
        return f'url("{relative(target, source)}")'

    return _URL.sub(address, sheet)
