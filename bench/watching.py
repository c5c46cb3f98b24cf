"""A person at a browser, without the browser: signs in, finds recordings, plays them."""

from __future__ import annotations

import http.client
import io
import re
import time

import httpx

from .installation import Installation

USERNAME, _PASSWORD = "bench", "a bench needs no secret"
_ROW = re.compile(r'href="/recordings/([A-Za-z0-9_-]{22})"')


class Person:
    """Somebody signed in, whose camera made every recording of the bench."""

    def __init__(self, place: Installation, camera: str = "BENCH-1") -> None:
        self._place = place
        place.run(
            "user", "add", "Bench", "--role", "officer", "--username", USERNAME,
            "--password", _PASSWORD,
        )  # fmt: skip
        place.run("camera", "issue", camera, USERNAME)
        self._client = httpx.Client(base_url=place.url, follow_redirects=True)
        self._sign_in()

    @property
    def cookies(self) -> str:
        """Return the Cookie header of the session."""
        return "; ".join(f"{name}={value}" for name, value in self._client.cookies.items())

    def recordings(self) -> set[str]:
        """Return the handles on the first page of the recordings list."""
        page = self._client.get("/recordings")
        page.raise_for_status()
        return set(_ROW.findall(page.text))

    def plays(self, handle: str) -> bool:
        """Say whether the media endpoint sends a part of the recording's first file."""
        answer = self._client.get(media_path(handle), headers={"Range": "bytes=0-65535"})
        return answer.status_code == httpx.codes.PARTIAL_CONTENT

    def wait_until_listed(self, known: set[str], seconds: float = 60) -> str:
        """Return the handle of the first recording on the list that is not known."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            if fresh := self.recordings() - known:
                return fresh.pop()
            time.sleep(0.02)
        raise AssertionError(f"no recording was listed within {seconds} s")

    def wait_until_playable(self, handle: str, seconds: float = 120) -> None:
        """Return once the recording plays."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            if self.plays(handle):
                return
            time.sleep(0.02)
        raise AssertionError(f"the recording did not play within {seconds} s")

    def _sign_in(self) -> None:
        page = self._client.get("/account/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, "the sign-in page has no form"
        form = {"login": USERNAME, "password": _PASSWORD, "csrfmiddlewaretoken": token[1]}
        self._client.post("/account/login/", data=form, headers={"Referer": self._place.url})
        assert self._client.get("/recordings").status_code == httpx.codes.OK, "nobody is signed in"


def media_path(handle: str) -> str:
    """Return where the first file of a recording is played from."""
    return f"/recordings/{handle}/files/1/media"


def wait_until_prepared(place: Installation, seconds: float = 300) -> None:
    """Return once the worker has made all there is to make of every recording."""
    until = time.perf_counter() + seconds
    while not all(recording["prepared"] for recording in place.json("recordings")):
        assert time.perf_counter() < until, f"nobody looked at the film within {seconds} s"
        time.sleep(0.5)


class RangedFile(io.RawIOBase):
    """A file behind HTTP, read as a player does.

    Asks for everything from here on, reads while it reads on, and asks anew when
    it jumps or when the server ended its answer.
    """

    def __init__(self, port: int, path: str, cookies: str = "") -> None:
        super().__init__()
        self._port, self._path, self._cookies = port, path, cookies
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._answer: http.client.HTTPResponse | None = None
        self._at = self._answer_at = 0
        self.size = self._ask(0)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; nothing is asked for before the next read."""
        self._at = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence] + offset
        return self._at

    def tell(self) -> int:
        """Return where the reader stands."""
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill what comes from the answer under way, or from a new one."""
        if self._at >= self.size:
            return 0
        if self._answer is None or self._answer.isclosed() or self._answer_at != self._at:
            self._ask(self._at)
        assert self._answer is not None
        got = self._answer.readinto(buffer)
        self._at += got
        self._answer_at += got
        return got

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
        super().close()

    def _ask(self, start: int) -> int:
        if self._answer is not None and not self._answer.isclosed():
            self._connection.close()  # as a browser drops what it no longer wants
        headers = {"Range": f"bytes={start}-", "Cookie": self._cookies}
        self._connection.request("GET", self._path, headers=headers)
        self._answer = self._connection.getresponse()
        self._answer_at = start
        if self._answer.status != httpx.codes.PARTIAL_CONTENT:
            raise AssertionError(f"{self._path} was answered with {self._answer.status}")
        return int(self._answer.headers["Content-Range"].rpartition("/")[2])
