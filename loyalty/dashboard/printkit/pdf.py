"""Pages as PDF, for printers that browsers get wrong."""

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage


class NoPdf(Exception):
    """WeasyPrint's system libraries are missing here. Print the page from the browser instead."""


def drawn(html: str, *, also: Mapping[str, str | bytes]) -> bytes:
    """A page as an accessible PDF (PDF/UA-1). Raises NoPdf.

    It may use our static files and what `also` holds, by path; nothing else is opened, neither on
    this machine nor on the network, whatever the page says.
    """
    try:
        from weasyprint import HTML  # noqa: PLC0415 (half a second, and needs Pango)
        from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415
    except OSError as missing:
        raise NoPdf from missing

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            path = urlsplit(url).path
            body = also[path] if path in also else static_file(path).read_bytes()
            kind, _encoding = mimetypes.guess_type(path, strict=False)
            headers = {"Content-Type": kind or "application/octet-stream"}
            return URLFetcherResponse(url, body, headers)

    page = HTML(string=html, base_url=settings.PUBLIC_URL, url_fetcher=OwnFiles())
    return page.write_pdf(pdf_variant="pdf/ua-1")


def static_file(path: str) -> Path:
    """The static file behind an address, collected or not. ValueError: none of ours."""
    prefix = urlsplit(settings.STATIC_URL).path
    if not path.startswith(prefix):
        raise ValueError(f"not one of our files: {path}")
    name = path.removeprefix(prefix)
    found = finders.find(name)  # refuses names that lead out of the folders
    if found is None and settings.STATIC_ROOT and staticfiles_storage.exists(name):
        found = staticfiles_storage.path(name)
    if found is None:
        raise ValueError(f"not one of our files: {path}")
    return Path(found)
