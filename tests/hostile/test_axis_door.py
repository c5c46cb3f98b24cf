"""What a controller may get wrong, or a thief with a dock's key may try, at the Axis door."""

from __future__ import annotations

import hashlib
import socket
from urllib.parse import quote

import pytest
from tests.hostile.doors import SERIAL, WEARER, Axis, handle_of, meta, new_container
from tests.hostile.place import Place, heard

CLIP = "20240514_115930_ABCD.mkv"


def refused(place: Place) -> int:
    return place.kinds().count("arrival.refused")


@pytest.mark.parametrize(
    ("said", "container"),
    [
        ({}, new_container(wearer="nobody-we-know")),
        ({}, new_container(serial="NOCAMERA")),
        ({"StartTime": "1715688060", "StopTime": "1715688060"}, ""),
        ({"StartTime": "1715688061", "StopTime": "1715688060"}, ""),
        ({"StopTime": str(1715687970 + 4_294_967)}, ""),
        ({"StartTime": "0", "StopTime": "60"}, ""),
        ({"StartTime": "4102444800", "StopTime": "4102444860"}, ""),
        ({"StartTime": "99999999999999999999"}, ""),
        ({"StartTime": "half past nine"}, ""),
        ({"StopTimeISO": "9999-12-31T23:59:59.999999999-23:59"}, ""),
        ({"BWCSerialNumber": "SERIALQX2"}, ""),
        ({}, "../../etc/passwd"),
        ({}, "..%2f..%2fetc_SERIALQX1_20240514T120000Z"),
        ({}, f"{WEARER}_{SERIAL}_20240514T120000Z\n"),
        ({}, f"{WEARER}\\..\\_{SERIAL}_20240514T120000Z"),
        ({}, f"{WEARER}_{SERIAL}_20241399T990000Z"),
        ({}, "a" * 4000),
    ],
    # names that stay: every run of a test must know it by the same one
    ids=(str(number) for number in range(17)),
)
def test_a_recording_that_can_never_be_is_refused_for_good(
    place: Place, axis: Axis, said: dict[str, str], container: str
) -> None:
    before, recordings = refused(place), place.ask("SELECT count(*) FROM recordings_recording")
    name = container or new_container()
    if "9900" in name:
        said = {"TriggerOnTime": "", "StartTime": ""}

    answer = axis.announce(name, **said)

    assert answer.status_code in {400, 403, 404}, answer.text
    assert len(answer.text.split()) > 4
    assert place.ask("SELECT count(*) FROM recordings_recording") == recordings
    if answer.status_code == 400:
        assert refused(place) == before + 1
    place.answers_at_once()


@pytest.mark.parametrize(
    "name",
    ["../../../../etc/cron.d/x.mkv", "a/b.mkv", "a\\b.mkv", "..", "x\0.mkv", "\x1b[2J.mkv",
     "x\r\nSet-Cookie: a.mkv", "n" * 300 + ".mkv"],
)  # fmt: skip
def test_a_name_with_a_path_in_it_is_refused_and_nothing_is_written(
    place: Place, axis: Axis, name: str
) -> None:
    container = new_container()
    assert axis.announce(container).status_code == 201
    before = refused(place)

    target = f"{axis.path}/{quote(container)}/{quote(name, safe='')}"
    head = f"PUT {target} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: {axis.token}\r\n"
    answer = place.raw(head.encode() + b"Content-Length: 3\r\n\r\nabc")

    assert answer.startswith(b"HTTP/1.1 400"), answer
    assert refused(place) == before + 1
    assert place.ask("SELECT 1 FROM intake_upload WHERE source_key = ?", container) == []


def test_a_clip_that_is_empty_is_refused_with_an_entry(place: Place, axis: Axis) -> None:
    container = new_container()
    axis.announce(container)
    before = refused(place)

    assert axis.put(container, CLIP, b"").status_code == 400

    assert refused(place) == before + 1
    place.is_well()


def test_a_wrong_digest_goes_into_quarantine_and_a_right_one_in(
    place: Place, axis: Axis, film: bytes
) -> None:
    container = new_container()
    axis.announce(container)

    wrong = axis.ask("PUT", f"{container}/{CLIP}", film, ETag="0" * 32)
    right = axis.ask("PUT", f"{container}/{CLIP}", film, ETag=hashlib.md5(film).hexdigest())

    assert (wrong.status_code, right.status_code) == (422, 201)
    states = place.ask("SELECT state FROM intake_upload WHERE source_key = ?", container)
    assert sorted(states) == [("accepted",), ("quarantined",)]
    place.is_well(handle_of(place, container))


def test_a_body_cut_short_leaves_an_entry_and_no_file(place: Place, axis: Axis) -> None:
    container = new_container()
    axis.announce(container)
    path = f"{axis.path}/{container}/{CLIP}"
    head = (
        f"PUT {path} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: {axis.token}\r\nContent-Length: 99999\r\n"
    )
    with place.plug() as line:
        line.sendall(head.encode() + b"\r\n" + b"x" * 5000)
        line.shutdown(socket.SHUT_WR)
        answer = heard(line, 10)

    assert answer[:12] in {b"HTTP/1.1 408", b""}
    [(handle, state)] = place.ask(
        "SELECT handle, state FROM intake_upload WHERE source_key = ?", container
    )
    assert state == "discarded"
    assert place.kinds(handle) == ["upload.discarded"]
    assert axis.put(container, CLIP, b"whole").status_code == 201
    place.is_well(handle_of(place, container))


def test_a_chunked_body_is_not_taken(place: Place, axis: Axis) -> None:
    container = new_container()
    axis.announce(container)
    head = (
        f"PUT {axis.path}/{container}/{CLIP} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: {axis.token}\r\n"
    )

    answer = place.raw(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 411")


def test_metadata_that_is_no_text_is_kept_and_harms_nothing(place: Place, axis: Axis) -> None:
    container = new_container()
    odd = {
        "TimeZone": "../../../etc/passwd",
        "TriggerOnLocation": "+999999-999999",
        "Injected": "a\r\nSet-Cookie: b=c\0",
        "Arrow": "\u202egnp.exe\u2066",
        "Long": "z" * 30_000,
    }

    answer = axis.announce(container, **odd)
    raw = axis.ask("POST", container, **{"X-Container-Meta-Raw": "%ff%fe%00"})

    assert (answer.status_code, raw.status_code) == (201, 204)
    told = axis.ask("GET", container)
    assert "set-cookie" not in told.headers
    axis.put(container, CLIP, b"bytes")
    place.is_well(handle_of(place, container))


@pytest.mark.parametrize("method", ["DELETE", "COPY", "PATCH", "MOVE", "TRACE", "PROPFIND"])
def test_nothing_can_be_taken_away_through_the_door(place: Place, axis: Axis, method: str) -> None:
    container = new_container()
    axis.announce(container)
    axis.put(container, CLIP, b"bytes")

    for path in ("", container, f"{container}/{CLIP}", f"Users/{WEARER}", "System/x"):
        assert axis.ask(method, path).status_code in {400, 403, 405}
    assert axis.ask("GET", f"{container}/{CLIP}").status_code == 403
    place.is_well(handle_of(place, container))


def test_content_rejected_elsewhere_is_kept_whatever_it_is(place: Place, axis: Axis) -> None:
    name = "RejectedContent_UnknownTime_5f6e"
    told = {"RejectedContentReason": "<b>no</b>", "StartTime": "-1", "StopTime": "x"}
    assert axis.announce(name, **told).status_code == 201

    for path in ("..%2f..%2fpasswd", "a%00b", "%ff%fe", "x" * 900, "empty.mkv"):
        body = b"" if path == "empty.mkv" else path.encode()
        assert axis.ask("PUT", f"{name}/{path}", body).status_code in {201, 400}

    kept = place.ask("SELECT name FROM intake_upload WHERE source_key = ? AND state = ?", name,
                     "quarantined")  # fmt: skip
    assert len(kept) >= 5
    assert not any("/" in each or "\0" in each for (each,) in kept)
    place.is_well()


def test_two_docks_that_send_the_same_recording_make_one(
    place: Place, axis: Axis, film: bytes
) -> None:
    container, other = new_container(), Axis(place, "Camden cellar")

    assert [axis.announce(container).status_code, other.announce(container).status_code] == [
        201,
        202,
    ]
    assert axis.put(container, CLIP, film).status_code == 201
    assert other.put(container, CLIP, film).status_code == 201
    assert other.put(container, CLIP, film[:-1]).status_code == 201
    assert [axis.complete(container).status_code, other.complete(container).status_code] == [
        204,
        204,
    ]

    handle = handle_of(place, container)
    rows = place.ask(
        "SELECT sha256 FROM recordings_original o JOIN recordings_recording r"
        " ON o.recording_id = r.id WHERE r.handle = ?",
        handle,
    )
    assert rows == [(hashlib.sha256(film).hexdigest(),)]
    place.is_well(handle)


def test_a_dock_learns_nothing_of_what_another_dock_sent(place: Place, axis: Axis) -> None:
    container, other = new_container(), Axis(place, "Camden cellar")
    axis.announce(container, TriggerOnLocation="+51.4613-000.1156+5.0+1715688000")
    axis.put(container, CLIP, b"bytes")

    asked = [("GET", container), ("HEAD", container), ("HEAD", f"{container}/{CLIP}")]
    for method, path in asked:
        theirs, never = other.ask(method, path), other.ask(method, new_container())
        assert theirs.status_code == never.status_code == 404
        assert theirs.content == never.content or CLIP in path
    with_others_token = axis.http.get(
        f"{axis.storage}/{container}", headers={"X-Auth-Token": other.token}
    )
    assert with_others_token.status_code == 403
    assert axis.ask("GET", container).status_code == 204


def test_a_credential_opens_only_its_own_door(place: Place, axis: Axis) -> None:
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "3"}
    for secret in (place.keys["Brixton yard"], axis.token):
        headers = {**tus, "Authorization": f"Bearer {secret}"}
        answer = axis.http.post(f"{place.url}/tus/files", headers=headers)
        assert answer.status_code == 401
    agent = {"X-Auth-User": "Soho desk", "X-Auth-Key": place.keys["Soho desk"]}
    assert axis.http.get(f"{place.url}/auth/v1.0", headers=agent).status_code == 403
    as_page = axis.http.get(f"{place.url}/recordings", headers={"X-Auth-Token": axis.token})
    assert as_page.status_code == 302


def test_a_host_that_is_nobodys_is_not_given_to_the_dock(place: Place) -> None:
    headers = {"X-Auth-User": "Brixton yard", "X-Auth-Key": place.keys["Brixton yard"]}
    said = "".join(f"{k}: {v}\r\n" for k, v in headers.items())

    answer = place.raw(f"GET /auth/v1.0 HTTP/1.1\r\nHost: a@evil/..\r\n{said}\r\n".encode())

    assert b"evil" not in answer


def test_metadata_of_users_can_be_anything_and_stays_words(place: Place, axis: Axis) -> None:
    for name in (
        "'; DROP TABLE custody_entry; --",
        "{{7*7}}",
        "%s%n",
        "\ufeff",
        "=cmd|' /C calc'!A0",
    ):
        headers = meta("Object", {"Name": name, "UserID": "77110", "Active": "True"})
        assert axis.ask("PUT", f"Users/{quote(name, safe='')}", **headers).status_code in {201, 400}
    place.is_well()
