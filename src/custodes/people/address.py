"""Where a request comes from: one answer for every door that counts by it or records it."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return where a request came from, for the record and to count what comes from there.

    Behind a proxy it is what the proxy saw, the last it added to ``X-Forwarded-For``; what a
    browser sends in that header itself stands before it and is never read.
    """
    said = request.headers.get("X-Forwarded-For", "") if settings.CUSTODES.public_url else ""
    last = said.rpartition(",")[2].strip()
    try:
        return str(ip_address(last))
    except ValueError:
        return str(request.META.get("REMOTE_ADDR", "an address not known"))
