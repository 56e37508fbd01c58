"""A page on paper: the public page itself, set by its own print stylesheet as a tagged PDF.

WeasyPrint sets it, with the Pango library of the system; where that is not installed there is
no PDF, and nothing else is missing. Nothing is fetched: stylesheets, fonts and pictures come
from this machine, by the caller's leave.
"""

import ctypes
import hashlib
import logging
import mimetypes
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches

# PDF/UA (ISO 14289-1): tagged, with a title and a language, for whoever hears it read.
VARIANT = "pdf/ua-1"
MEDIA_TYPE = "application/pdf"
# As WeasyPrint itself looks for it, on Linux, macOS and Windows.
_PANGO = ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll")
log = logging.getLogger(__name__)

# Bytes and media type of a picture at a public path ("/photos/…"); None where there is none.
Pictures = Callable[[str], tuple[bytes, str] | None]


@cache
def available() -> bool:
    """Whether this machine can set PDFs. Asked once, and of the library alone: pages that offer a
    PDF ask, and need not load what sets it."""
    for name in _PANGO:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    log.warning("No PDFs: the Pango library is not installed (Debian: libpangoft2-1.0-0).")
    return False


def _static(path: str) -> bytes | None:
    name = unquote(path.removeprefix(settings.STATIC_URL))
    found = finders.find(name)
    if isinstance(found, str):
        with open(found, "rb") as file:
            return file.read()
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            data: bytes = file.read()
            return data
    return None


def _fetcher(pictures: Pictures) -> Any:
    from weasyprint import urls

    class FromHere(urls.URLFetcher):
        """Gives what this site has, by path, and refuses every other address."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            there, site = urlsplit(url), urlsplit(settings.SITE_URL)
            if (there.scheme, there.netloc) != (site.scheme, site.netloc):
                raise ValueError("A page on paper fetches nothing from elsewhere.")
            if there.path.startswith(settings.STATIC_URL):
                data, kind = _static(there.path), mimetypes.guess_type(there.path)[0]
                if data is None:
                    raise urls.FatalURLFetchingError(f"{there.path} is missing")
            else:
                data, kind = pictures(there.path) or (None, None)
                if data is None:
                    raise ValueError("There is no picture at this address.")
            return urls.URLFetcherResponse(url, data, {"Content-Type": kind or ""})

    return FromHere()


def pdf(page: bytes, pictures: Pictures = lambda path: None) -> bytes:
    """The PDF of a finished page of this site (UTF-8 HTML). The same page is the same bytes.

    Set once: it is known by the page's own bytes, so that it is never out of date. Raises
    LookupError where a stylesheet or font is missing: better no PDF than one in the wrong dress.
    """
    import weasyprint

    # It tells of every step, and of every rule that is for screens.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    digest = hashlib.sha256(page).hexdigest()
    done: bytes | None = caches["pages"].get(f"pdf:{digest}")
    if done is None:
        document = weasyprint.HTML(
            string=page.decode(), base_url=settings.SITE_URL, media_type="print",
            url_fetcher=_fetcher(pictures),
        )  # fmt: skip
        try:
            done = document.write_pdf(
                pdf_variant=VARIANT, pdf_identifier=bytes.fromhex(digest[:32])
            )
        except weasyprint.urls.FatalURLFetchingError as missing:  # no Exception, and so no 500
            raise LookupError(str(missing)) from missing
        assert done is not None
        caches["pages"].set(f"pdf:{digest}", done)
    return done
