"""Firefox, driven over WebDriver BiDi (W3C) with nothing but the standard library.

Only what the verifier's page needs: open it from disk, choose a file, read what it says.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.verify_page.page import Claims, built
from tests.world.waiting import eventually

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
_PORT = re.compile(r"WebDriver BiDi listening on ws://[^:]+:(\d+)")
# Firefox calls its makers by itself; here every call ends at a port where nobody is.
_NOWHERE = """user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1"); user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1"); user_pref("network.proxy.ssl_port", 9);
"""
_TRUST = """policy => { const text = document.getElementById("policy-text");
  text.value = policy; text.dispatchEvent(new Event("input")); }"""
_SAID = """() => JSON.stringify(document.documentElement.dataset.verdict
  ? [...document.querySelectorAll("[data-claim]")].map(one => ({claim: one.dataset.claim,
      about: one.dataset.about, verdict: one.dataset.verdict, reason: one.dataset.reason}))
  : null)"""
_AGAIN = """() => { document.querySelector(".v-actions button:last-child").click();
  delete document.documentElement.dataset.verdict; }"""


class Firefox:
    """One page of a running Firefox."""

    def __init__(self, port: int) -> None:
        self._stream = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._stream.sendall(
            f"GET /session HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}"
            "\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._file = self._stream.makefile("rb")
        while self._file.readline() not in (b"\r\n", b""):
            pass
        self._sent = 0
        self.ask("session.new", capabilities={})
        self._page = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def check(self, package: Path, policy: str) -> Claims:
        """Trust a policy, choose a package, and return the claims."""
        self._call(_TRUST, policy)
        self._choose("zip-file", package)
        while (said := json.loads(self._call(_SAID))) is None:
            pass
        self._call(_AGAIN)
        claims: Claims = said
        return claims

    def pin(self, roots: Path) -> None:
        """Believe timestamping authorities under these certificates."""
        self._choose("roots-file", roots)

    def open(self, page: Path) -> None:
        """Go to a page on disk."""
        self.ask("browsingContext.navigate", context=self._page, url=page.as_uri(), wait="complete")

    def _choose(self, name: str, path: Path) -> None:
        found = self.ask(
            "browsingContext.locateNodes",
            context=self._page,
            locator={"type": "css", "value": f"#{name}"},
        )
        element = {"sharedId": found["nodes"][0]["sharedId"]}
        self.ask("input.setFiles", context=self._page, element=element, files=[str(path)])

    def _call(self, function: str, *arguments: str) -> Any:
        answer = self.ask(
            "script.callFunction",
            functionDeclaration=function,
            arguments=[{"type": "string", "value": each} for each in arguments],
            target={"context": self._page},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and return its result; fails the test on an error."""
        self._sent += 1
        self._send(json.dumps({"id": self._sent, "method": method, "params": params}).encode())
        while True:
            answer = json.loads(self._receive())
            if answer.get("id") == self._sent:
                assert answer["type"] == "success", answer
                result: dict[str, Any] = answer["result"]
                return result

    def _send(self, data: bytes) -> None:
        # RFC 6455 s5.2: a final text frame, its length in one, three or nine bytes, masked.
        length = len(data)
        if length < 126:
            head = bytes([0x81, 0x80 | length])
        else:
            wide = 2 if length < 1 << 16 else 8
            head = bytes([0x81, 0x80 | (126 if wide == 2 else 127)]) + length.to_bytes(wide, "big")
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[nth % 4] for nth, byte in enumerate(data))
        self._stream.sendall(head + mask + masked)

    def _receive(self) -> bytes:
        message = b""
        while True:
            first, second = self._file.read(2)
            length = second & 127
            if length >= 126:
                length = int.from_bytes(self._file.read(2 if length == 126 else 8), "big")
            data = self._file.read(length)
            if first & 15 in (0, 1):
                message += data
            if first & 0x80 and first & 15 in (0, 1):
                return message


@contextmanager
def open_firefox() -> Iterator[Firefox]:
    """Open the verifier's page in a fresh Firefox; skips the test, saying so, without one."""
    if FIREFOX is None:
        pytest.skip("there is no Firefox on this machine")
    page = built()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        profile, said = Path(folder, "profile"), Path(folder, "said")
        profile.mkdir()
        (profile / "user.js").write_text(_NOWHERE)
        command = [FIREFOX, "--headless", "--no-remote", "--profile", str(profile)]
        command += ["--remote-debugging-port", "0"]
        environment = {**os.environ, "HOME": folder}
        with (
            said.open("w") as out,
            subprocess.Popen(command, stdout=out, stderr=out, env=environment) as running,
        ):
            try:
                eventually(lambda: _PORT.search(said.read_text()) is not None)
                found = _PORT.search(said.read_text())
                assert found is not None
                firefox = Firefox(int(found[1]))
                firefox.open(page)
                yield firefox
            finally:
                running.terminate()
