"""One server, two doors: cameras come in through ``docks``, people through Django.

Uploads never pass through Django's request handling: it would spool them to
disk first. The paths below belong to the docks; everything else is a page, and
gets its form only when all of it is there. Film goes on playing past the pages.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custodes.site.settings")
pages = get_wsgi_application()

from custodes.docks.wsgi import DOCK_PATHS, dock_application  # noqa: E402 - Django must be up first
from custodes.site.form_bodies import Filled  # noqa: E402 - the same
from custodes.web.admitted import Admitted  # noqa: E402 - the same

people = Admitted(Filled(pages))


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
    """Answer one request."""
    if environ.get("PATH_INFO", "").startswith(DOCK_PATHS):
        return dock_application(environ, start_response)
    return people(environ, start_response)
