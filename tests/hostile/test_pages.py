"""Bait in every name, forms without their token, sessions that are not theirs: the pages."""

from __future__ import annotations

import json
import re

import pytest
from tests.hostile.doors import Axis, Tus, handle_of, meta, new_container
from tests.hostile.place import PASSWORD, Place, csrf_in

BAIT = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{7*7}}"
LIVE = ("<script>alert", "<img src=x", "onerror=alert(2)>\"'")


@pytest.fixture(scope="module")
def baited(place: Place, film: bytes) -> str:
    """Return a recording in which every word that a stranger chooses is bait."""
    axis = Axis(place).introduce()
    person = {"Active": "True", "Name": f"Okonkwo{BAIT}"[:100], "UserID": ""}
    assert axis.ask("PUT", "Users/baited-wearer", **meta("Object", person)).status_code == 201
    camera = {"Active": "True", "Name": BAIT[:100], "Model": BAIT[:100]}
    assert axis.ask("PUT", "Devices/BAITED1", **meta("Object", camera)).status_code == 201
    container = new_container("baited-wearer", "BAITED1")
    assert axis.announce(container, TimeZone=BAIT[:64], Extra=BAIT).status_code == 201
    name = "20240514_115930_" + BAIT.replace("/", "|") + ".mp4"
    assert axis.put(container, name, film).status_code == 201
    category = {"CategoryID": "<b>9", "CategoryName": BAIT, "StartTime": "1715687971"}
    answer = axis.put(container, "bookmark_1715687971_a", BAIT.encode(), **category)
    assert answer.status_code == 201
    apart = "RejectedContent_UnknownTime_bait"
    axis.announce(apart, RejectedContentReason=BAIT, BWCSerialNumber="BAITED1")
    assert axis.put(apart, name, b"x", RejectedContentReason=BAIT).status_code == 201
    assert axis.complete(container).status_code == 204
    place.worker_goes_on()
    handle = handle_of(place, container)
    assert place.post("mirza", f"/recordings/{handle}/notes", text=BAIT).status_code == 302
    why = {"purpose": "Something else", "words": BAIT}
    assert place.post("mirza", f"/recordings/{handle}/why", **why).status_code == 302
    marked = place.post("mirza", f"/recordings/{handle}/bookmarks", at="1", label=BAIT)
    assert marked.status_code == 201
    return handle


def pages_with_it(place: Place, handle: str) -> list[str]:
    [apart] = place.ask(
        "SELECT handle FROM intake_upload WHERE state = 'quarantined' AND kind = 'video'"
        " AND source_key LIKE '%_bait'"
    )
    [camera] = place.ask("SELECT handle FROM fleet_camera WHERE serial = 'BAITED1'")
    return [
        "/", "/recordings", "/recordings?view=tiles", f"/recordings/{handle}",
        f"/recordings/{handle}/history", "/docks", "/docks?wall", "/docks/live",
        f"/docks/quarantine/{apart[0]}", "/cameras", f"/cameras/{camera[0]}",
        f"/recordings?q={BAIT}&wearer={BAIT}&camera={BAIT}&from={BAIT}&category={BAIT}&state={BAIT}",
    ]  # fmt: skip


def test_bait_in_any_name_is_only_words_on_any_page(place: Place, baited: str) -> None:
    client = place.page_of("mirza")
    seen = 0
    for path in pages_with_it(place, baited):
        html = client.get(path).text
        for live in LIVE:
            assert live not in html, f"{live} in {path}"
        seen += "alert(1)" in html
    assert seen >= 8


def test_bait_in_the_players_data_stays_inside_its_block(place: Place, baited: str) -> None:
    html = place.page_of("mirza").get(f"/recordings/{baited}").text

    block = re.search(r'<script id="recording-data" type="application/json">(.*?)</script>', html)

    assert block is not None
    data = json.loads(block[1])
    assert BAIT in {mark["label"] for mark in data["bookmarks"]}
    assert BAIT.replace("/", "|") in data["parts"][0]["label"]
    assert "<" not in block[1]


def test_a_download_has_a_harmless_name_and_is_never_shown(place: Place, baited: str) -> None:
    answer = place.post("mirza", f"/recordings/{baited}/files/1/download", because="a case")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "<" not in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_every_page_forbids_what_pages_must_not_do(place: Place, baited: str) -> None:
    client = place.page_of("mirza")
    paths = [*pages_with_it(place, baited), "/nowhere", "/recordings/nothing"]
    for answer in [*map(client.get, paths), place.anonymous().get("/account/login/")]:
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "no-store" in headers["Cache-Control"]
        assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "path",
    ["why", "category", "notes", "bookmarks", "check", "files/1/download"],
)
def test_a_form_from_another_site_does_nothing(place: Place, baited: str, path: str) -> None:
    client, before = place.page_of("mirza"), place.kinds(baited)
    fields = {"text": "x", "because": "x", "at": "0", "category": "1"}
    token = client.cookies["csrftoken"]

    without = client.post(f"/recordings/{baited}/{path}", data=fields)
    elsewhere = client.post(
        f"/recordings/{baited}/{path}",
        data={**fields, "csrfmiddlewaretoken": token},
        headers={"Origin": "https://evil.example"},
    )

    assert (without.status_code, elsewhere.status_code) == (403, 403)
    assert place.kinds(baited) == before


def test_signing_in_gives_a_new_session_and_an_old_one_opens_nothing(place: Place) -> None:
    client = place.anonymous()
    token = csrf_in(client.get("/account/login/").text)
    client.cookies.set("sessionid", "fixedfixedfixedfixedfixedfixed12")
    answer = client.post(
        "/account/login/",
        data={"login": "dunmore", "password": PASSWORD, "csrfmiddlewaretoken": token},
        headers={"Origin": place.url},
    )
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("sessionid="))
    assert "fixedfixed" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    session = cookie.split(";")[0].removeprefix("sessionid=")

    thief = place.anonymous()
    thief.cookies.set("sessionid", session)
    assert thief.get("/").status_code == 200
    signed_in = place.anonymous()
    signed_in.cookies.set("sessionid", session)
    form = csrf_in(signed_in.get("/account/logout/").text)
    signed_in.post(
        "/account/logout/", data={"csrfmiddlewaretoken": form}, headers={"Origin": place.url}
    )
    assert thief.get("/").status_code == 302


@pytest.mark.parametrize(
    "at", ["1e11", "-1e11", "-1", "nan", "inf", "9" * 40, "999:59:59", "\0", ""]
)
def test_a_moment_that_cannot_be_is_refused_in_a_sentence(place: Place, tus: Tus, at: str) -> None:
    handle = tus.delivered(b"no film", "moments.bin")

    answer = place.post("mirza", f"/recordings/{handle}/bookmarks", at=at, label="x")

    assert answer.status_code == 400
    assert "recording.bookmarked" not in place.kinds(handle)


def test_a_reason_longer_than_the_record_can_hold_is_refused(place: Place, tus: Tus) -> None:
    handle = tus.delivered(b"no film", "reasons.bin")

    answer = place.post("mirza", f"/recordings/{handle}/files/1/download", because="y" * 70_000)

    assert answer.status_code == 400
    assert "recording.fetched" not in place.kinds(handle)


@pytest.mark.parametrize(
    "path",
    ["/recordings/%00", "/recordings/..%2f..%2fetc%2fpasswd", "/static/..%2f..%2fsecret.key",
     "/static/built/../../../secret.key", "/recordings?q=%00", "//evil.example/",
     "/recordings?from=9999-12-31&to=9999-12-31", f"/recordings?q={'%F0%9F%98%80' * 200}",
     "/recordings/x/files/99999999999999999999/media"],
)  # fmt: skip
def test_an_address_that_is_a_trick_is_answered_like_any_other(place: Place, path: str) -> None:
    answer = place.page_of("mirza").get(path)

    assert answer.status_code in {200, 404}
    assert "Traceback" not in answer.text


def test_nobody_is_sent_away_to_another_site(place: Place, baited: str) -> None:
    for back in ("https://evil.example/", "//evil.example", "/recordings.evil.example"):
        answer = place.post(
            "mirza", "/recordings/categorise", recording=baited, category="1", back=back
        )
        assert "//evil" not in answer.headers.get("Location", "")
    stranger = place.anonymous()
    token = csrf_in(stranger.get("/account/login/?next=https://evil.example/").text)
    answer = stranger.post(
        "/account/login/?next=https://evil.example/",
        data={"login": "mirza", "password": PASSWORD, "csrfmiddlewaretoken": token},
        headers={"Origin": place.url},
    )
    assert answer.headers["Location"] == "/"
