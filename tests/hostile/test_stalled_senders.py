"""Senders that stop half-way, say too much or say nonsense, before anybody knows who they are."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import pytest
from tests.hostile.place import Place

# More than the server has threads.
MANY = 140
FORM = "Content-Type: application/x-www-form-urlencoded"


def request(line: str, *headers: str) -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


def stalled(place: Place, door: str) -> bytes:
    """Return the beginning of a request whose body never comes."""
    if door == "pages":
        browser = place.anonymous()
        browser.get("/account/login/")
        cookie = f"Cookie: csrftoken={browser.cookies['csrftoken']}"
        return request("POST /account/login/", cookie, FORM, "Content-Length: 500")
    if door == "tus":
        return request("PATCH /tus/files/x", "Tus-Resumable: 1.0.0", "Content-Length: 500")
    return request("PUT /v1/x/y", "Content-Length: 500")


@contextlib.contextmanager
def many(place: Place, beginning: bytes) -> Iterator[None]:
    lines = [place.plug() for _ in range(MANY)]
    for line in lines:
        line.sendall(beginning)
    time.sleep(0.5)
    yield
    for line in lines:
        line.close()


@pytest.mark.parametrize("door", ["axis", "tus", "pages"])
def test_strangers_who_never_send_their_bodies_do_not_stop_the_server(
    place: Place, door: str
) -> None:
    with many(place, stalled(place, door)):
        place.answers_at_once()
        place.answers_at_once()


@pytest.mark.parametrize("door", ["axis", "tus", "pages"])
def test_a_stranger_who_never_sends_the_body_is_answered_within_ten_seconds(
    place: Place, door: str
) -> None:
    began = time.monotonic()

    answer = place.raw(stalled(place, door))

    assert answer.startswith(b"HTTP/1.1 4")
    assert time.monotonic() - began < 10


def test_a_page_takes_forms_and_never_a_file(place: Place) -> None:
    mark = "Content-Type: multipart/form-data; boundary=x"

    answer = place.raw(request("POST /account/login/", mark, f"Content-Length: {10 << 30}"))

    assert answer.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("length", ["18000000000000000000", "9999999999999999999", "-1", "1e3", ""])
@pytest.mark.parametrize("line", ["PUT /v1/x/y", "PATCH /tus/files/x", "POST /account/login/"])
def test_a_length_that_is_none_is_a_bad_request(place: Place, line: str, length: str) -> None:
    answer = place.raw(request(line, "Tus-Resumable: 1.0.0", f"Content-Length: {length}"))

    assert answer.startswith(b"HTTP/1.1 4"), answer


@pytest.mark.parametrize(
    "headers",
    [
        ["X-Bomb: " + "a" * 2_000_000],
        [f"X-Bomb-{n}: a" for n in range(5_000)],
        ["Cookie: " + "; ".join(f"a{n}=b" for n in range(60_000))],
    ],
    ids=["one huge header", "many headers", "many cookies"],
)
def test_a_bomb_of_headers_is_refused_and_forgotten(place: Place, headers: list[str]) -> None:
    answer = place.raw(request("PUT /v1/x/y", *headers))

    assert answer[:12] in {b"HTTP/1.1 431", b"HTTP/1.1 400", b""}
    place.answers_at_once()


def test_an_address_of_a_million_letters_is_refused(place: Place) -> None:
    answer = place.raw(request("GET /recordings/" + "a" * 1_000_000))

    assert answer[:12] in {b"HTTP/1.1 414", b"HTTP/1.1 431", b"HTTP/1.1 400"}
    place.answers_at_once()


@pytest.mark.parametrize(
    "bytes_sent",
    [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\0" * 4096, b"GET\r\n\r\n", b"A" * 70_000],
    ids=["tls hello", "zeros", "no address", "one letter"],
)
def test_what_is_no_http_at_all_ends_the_connection_only(place: Place, bytes_sent: bytes) -> None:
    place.raw(bytes_sent, within=2)

    place.answers_at_once()


def test_two_lengths_at_once_smuggle_no_second_request(place: Place) -> None:
    inner = request("GET /health")
    both = request("POST /tus/files", "Content-Length: 4", "Transfer-Encoding: chunked")

    answer = place.raw(both + b"0\r\n\r\n" + inner)

    assert b"ok\n" not in answer
    assert answer.startswith(b"HTTP/1.1 4")
