"""Show the pages without the rest of Custodes: real templates, made-up facts.

``python frontend/dev/serve.py FOLDER PORT`` writes a made-up clip into FOLDER and serves
the pages of this folder on the loopback address, under a strict content policy.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import re
import sys
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.template import Context, Engine

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
WEB = ROOT / "src/custodes/web"
# What a careful installation sends: no inline script, no inline style, nothing from elsewhere.
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

sys.path.insert(0, str(HERE))
import facts  # noqa: E402
import footage  # noqa: E402


def start_django() -> Engine:
    """Prepare just enough of Django to draw a template."""
    settings.configure(STATIC_URL="/static/", USE_TZ=True, TIME_ZONE="Europe/London")
    django.setup()
    return Engine(
        dirs=[str(WEB / "templates"), str(HERE)],
        libraries={"static": "django.templatetags.static"},
    )


Facts = dict[str, Any]


class Pages(BaseHTTPRequestHandler):
    """Answer with a page, a file or a live fragment."""

    protocol_version = "HTTP/1.1"

    def __init__(self, engine: Engine, media: Path, recording: Facts, *rest: Any) -> None:  # noqa: ANN401 - as socketserver calls it
        self.engine, self.media, self.recording = engine, media, recording
        super().__init__(*rest)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        """Find what was asked for."""
        path, _, _query = self.path.partition("?")
        if path.startswith("/static/"):
            return self.send_file(WEB / "static" / path.removeprefix("/static/"))
        if path.startswith("/media/"):
            return self.send_file(self.media / path.removeprefix("/media/"))
        if path == "/docks/board/live":
            return self.send_fragment()
        name = path.strip("/") or "list"
        if not (HERE / f"{name}.html").exists():
            return self.answer(404, b"No such page", "text/plain")
        return self.answer(200, self.draw(f"{name}.html"), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Keep a bookmark, or refuse one whose label says so."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if "refuse" in body:
            return self.answer(400, b"no", "text/plain")
        return self.answer(200, json.dumps({"by": "PC 4711"}).encode(), "application/json")

    def draw(self, template: str) -> bytes:
        """Draw a template with the made-up facts."""
        context = facts.context(self.recording, at=time.time())
        return self.engine.get_template(template).render(Context(context)).encode()

    def send_fragment(self) -> None:
        """Send the live part of the dock board, or 304 when nothing changed."""
        body = self.draw("board_live.html")
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == tag:
            return self.answer(304, b"", "text/html", {"ETag": tag})
        return self.answer(200, body, "text/html; charset=utf-8", {"ETag": tag})

    def send_file(self, path: Path) -> None:
        """Send a file, or the part of it that was asked for."""
        if not path.is_file():
            return self.answer(404, b"", "text/plain")
        body, kind = path.read_bytes(), mimetypes.guess_type(path.name)[0] or "text/plain"
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not wanted:
            return self.answer(200, body, kind, {"Accept-Ranges": "bytes"})
        first = int(wanted[1])
        last = min(int(wanted[2] or first + 262_143), len(body) - 1)
        span = {"Content-Range": f"bytes {first}-{last}/{len(body)}", "Accept-Ranges": "bytes"}
        return self.answer(206, body[first : last + 1], kind, span)

    def answer(self, code: int, body: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        """Send one answer."""
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def serve(folder: Path, port: int) -> None:
    """Serve the pages until stopped."""
    recording = footage.make(folder)
    handler = partial(Pages, start_django(), folder, recording)
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
