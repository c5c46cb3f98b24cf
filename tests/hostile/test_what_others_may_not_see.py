"""Whoever may not see a recording gets, at every address, what they get for one that never was."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from tests.hostile.doors import Axis
from tests.hostile.place import Place

from custodes.kernel.ids import new_handle

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
FORM = {
    "purpose": "To review what happened",
    "words": "x",
    "category": "1",
    "text": "a note",
    "at": "0",
    "label": "here",
    "because": "a case",
}
_TOKEN = re.compile(r"[A-Za-z0-9]{64}")


@pytest.fixture(scope="module")
def recording(place: Place, axis: Axis, film: bytes) -> str:
    """Return a recording of the officer Okonkwo's, ready to be played."""
    handle = axis.delivered(film, "20240514_115930_MINE.mp4")
    place.worker_goes_on()
    assert place.page_of("okonkwo").get(f"/recordings/{handle}").status_code == 200
    return handle


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in patterns:
        path = before + str(one.pattern)
        if path == "api/":
            continue  # opened by no session: tests/api/test_cases.py asks the same of it
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, path)
        else:
            yield path


def of_one(handle: str) -> list[str]:
    found = [route for route in routes(get_resolver().url_patterns) if "recordings/<" in route]
    assert len(found) > 10
    return ["/" + r.replace("<str:handle>", handle).replace("<int:number>", "1") for r in found]


def asked(
    client: httpx.Client, method: str, path: str, place: Place, **more: str
) -> httpx.Response:
    data = {**FORM, "csrfmiddlewaretoken": client.cookies.get("csrftoken", ""), **more}
    headers = {
        "Origin": place.url,
        "Range": "bytes=0-9",
        "X-CSRFToken": data["csrfmiddlewaretoken"],
    }
    return client.request(method, path, data=data if method == "POST" else None, headers=headers)


def seen(answer: httpx.Response, handle: str) -> tuple[int, str, list[str]]:
    """Return what somebody can tell an answer by."""
    text = _TOKEN.sub("TOKEN", answer.text.replace(handle, "HANDLE"))
    return answer.status_code, text, sorted(set(answer.headers) - {"date"})


@pytest.mark.parametrize("username", ["dunmore", "harwell", "byrne"])
def test_at_every_address_a_hidden_recording_looks_like_none(
    place: Place, recording: str, username: str
) -> None:
    client, never = place.page_of(username), new_handle()
    entries = len(place.kinds(recording))

    for theirs, none in zip(of_one(recording), of_one(never), strict=True):
        for method in METHODS:
            hidden = seen(asked(client, method, theirs, place), recording)
            missing = seen(asked(client, method, none, place), never)
            assert hidden == missing, f"{method} {theirs}"
            assert hidden[0] in {403, 404, 405}

    many = [asked(client, "POST", "/recordings/categorise", place, recording=one)
            for one in (recording, never)]  # fmt: skip
    assert seen(many[0], recording) == seen(many[1], never)
    assert len(place.kinds(recording)) == entries
    assert recording not in client.get("/recordings").text
    for name in ("before", "after", "q"):
        hidden = client.get("/recordings", params={name: recording})
        missing = client.get("/recordings", params={name: never})
        assert seen(hidden, recording) == seen(missing, never)


@pytest.mark.parametrize("username", ["lindqvist", "byrne"])
def test_no_route_gives_footage_to_who_runs_or_audits_the_system(
    place: Place, recording: str, film: bytes, username: str
) -> None:
    client = place.page_of(username)
    for path in of_one(recording):
        for method in ("GET", "HEAD", "POST"):
            answer = asked(client, method, path, place)
            kind = answer.headers.get("content-type", "")
            assert not kind.startswith(("video/", "image/", "application/octet-stream")), path
            assert film[:64] not in answer.content
            if "/files/" in path:
                assert answer.status_code in {403, 404, 405}
    if username == "lindqvist":
        assert "access.denied" in place.kinds()


def test_footage_is_refused_until_somebody_says_why(place: Place, axis: Axis, film: bytes) -> None:
    handle = axis.delivered(film, "20240514_115931_WHY.mp4")
    place.worker_goes_on()
    media = f"/recordings/{handle}/files/1/media"
    client = place.page_of("mirza")

    for said in ({}, {"Range": "bytes=0-0"}, {"Range": "bytes=-1"}, {"If-None-Match": "*"}):
        assert client.get(media, headers=said).status_code == 403
    assert client.head(media).status_code == 403
    assert "recording.viewed" not in place.kinds(handle)

    place.post("mirza", f"/recordings/{handle}/why", purpose="To review what happened")
    ranged = client.get(media, headers={"Range": "bytes=0-9"})
    assert (ranged.status_code, ranged.content) == (206, film[:10])
    assert place.kinds(handle).count("recording.viewed") == 1
    with_another_session = place.sign_in("mirza")
    assert with_another_session.get(media).status_code == 403


def test_strangers_are_sent_to_sign_in_whatever_they_ask(place: Place, recording: str) -> None:
    stranger = place.anonymous()
    for theirs, none in zip(of_one(recording), of_one(new_handle()), strict=True):
        answers = stranger.get(theirs), stranger.get(none)
        assert [answer.status_code for answer in answers] == [302, 302]
        assert all("/account/login/" in answer.headers["Location"] for answer in answers)
    for path in ("/recordings", "/docks", "/docks/live", "/people", "/cameras", "/"):
        assert stranger.get(path).status_code == 302
