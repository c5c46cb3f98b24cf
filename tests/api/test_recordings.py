"""Recordings by program: found, shown, cut, and taken away for a reason."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from tests.api.conftest import Matter, Program, packed, program_of
from tests.world import force

from custodes.custody.queries import history_of
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle
from custodes.recordings.actions.lock import Locking, lock
from custodes.recordings.models import Copy
from custodes.recordings.rules import LockKind

pytestmark = pytest.mark.django_db


def body_of(answer: HttpResponse) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_search_finds_what_its_person_may_know_of_and_is_on_record_once(
    matter: Matter, officer: Program
) -> None:
    asked = {"wearer": "Okafor", "from": "2026-11-14", "to": "2026-11-14"}

    found = officer.post("/recordings/search", asked, status=200)
    again = officer.post("/recordings/search", asked, status=200)
    none = officer.post("/recordings/search", {"to": "2026-11-13"}, status=200)

    assert [each["id"] for each in found["recordings"]] == [matter.recording.handle]
    assert found == again
    assert none["recordings"] == []
    told = [each for each in history_of(matter.okafor.handle) if each.kind.endswith("searched")]
    assert [each.fields["asked"] for each in told] == [
        "from 2026-11-14, to 2026-11-14, wearer Okafor",
        "to 2026-11-13",
    ]


@pytest.mark.parametrize(
    "wrong", [{"to": "0001-01-01"}, {"limit": 0}, {"before": "x"}, {"catgory": "arrest"}]
)
def test_a_search_that_means_nothing_is_refused(officer: Program, wrong: dict[str, Any]) -> None:
    assert officer.post("/recordings/search", wrong, status=422)["faults"]


def test_a_recording_is_shown_with_its_files_and_history(matter: Matter, officer: Program) -> None:
    of = f"/recordings/{matter.recording.handle}"

    shown = officer.get(of)
    assert force.kinds(matter.recording.handle)[-1] == "recording.opened_page"
    history = officer.get(f"{of}/history?limit=200")

    [file] = shown["files"]
    assert (file["sha256"], file["size"]) == (matter.original.sha256, matter.original.size)
    assert shown["wearer"] == "Okafor"
    kinds = [each["kind"] for each in history["entries"]]
    assert kinds[0] == "recording.opened"
    assert kinds.count("recording.opened_page") == 1


def test_a_history_is_for_those_who_may_read_it(matter: Matter) -> None:
    harding = force.person("Harding", force.Role.SUPERVISOR, team="A")

    refused = program_of(harding).get(f"/recordings/{matter.recording.handle}/history", status=403)

    assert refused["detail"] == "You may see this recording, but not who has handled it."


def test_a_clip_and_a_still_are_made_and_listed(matter: Matter, officer: Program) -> None:
    of, number = f"/recordings/{matter.recording.handle}", matter.original.number
    why = {"file": number, "because": "The arrest."}

    clip = officer.post(f"{of}/clips", {**why, "begin": 1, "end": 2})
    still = officer.post(f"{of}/stills", {**why, "at": 1.5})

    assert (clip["kind"], still["kind"]) == ("clip", "still")
    assert clip["because"] == "The arrest."
    listed = [each["id"] for each in officer.get(f"{of}/clips")["clips"]]
    assert listed[:2] == [still["id"], clip["id"]]
    assert officer.get(f"{of}/clips/{clip['id']}") == clip
    for path, body in ((f"{of}/clips", {"begin": 1, "end": 2}), (f"{of}/stills", {"at": 1})):
        refused = officer.post(path, {**why, **body, "because": " "}, status=422)
        assert "Say what it shows" in refused["advice"]
    assert Copy.objects.filter(purpose__in=("clip", "still")).count() == 3


def test_a_file_is_taken_away_for_a_reason_whole_or_in_parts(
    matter: Matter, officer: Program
) -> None:
    path = f"/recordings/{matter.recording.handle}/clips/{matter.clip.handle}/file"
    why = {"Custodes-Because": "für die CPS".encode().decode("latin-1")}

    refused = officer.asks("get", path)
    whole = officer.asks("get", path, headers=why)
    body = body_of(whole)
    parts = [
        body_of(officer.asks("get", path, headers={**why, "Range": f"bytes={start}-{start + 9}"}))
        for start in (0, 10)
    ]
    beyond = officer.asks("get", path, headers={**why, "Range": f"bytes={len(body)}-"})

    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert len(body) == matter.clip.size
    digest = b64encode(bytes.fromhex(matter.clip.sha256)).decode()
    assert whole["Repr-Digest"] == f"sha-256=:{digest}:"
    assert whole["Content-Type"] == "application/octet-stream"
    assert b"".join(parts) == body[:20]
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(body)}")
    fetched = [each for each in history_of(matter.recording.handle) if each.kind == "clip.fetched"]
    assert [each.fields["because"] for each in fetched] == ["für die CPS"]


def test_each_time_the_whole_file_is_taken_is_an_entry(matter: Matter, officer: Program) -> None:
    path = f"/recordings/{matter.recording.handle}/clips/{matter.clip.handle}/file"
    for _ in range(2):
        body_of(officer.asks("get", path, headers={"Custodes-Because": "the file"}))

    assert force.kinds(matter.recording.handle).count("clip.fetched") == 2


def test_what_is_locked_is_not_there_and_asking_is_on_record(
    matter: Matter, officer: Program
) -> None:
    matter.shared()
    package = packed(matter)
    locking = Locking(new_handle(), LockKind.POST_INCIDENT, "a death")
    with transaction.atomic():
        lock([matter.recording], locking, by=force.CLERK, at=now())
    of, case = f"/recordings/{matter.recording.handle}", f"/cases/{matter.case.handle}"
    clip = f"{of}/clips/{matter.clip.handle}"

    for path in (of, f"{of}/history", f"{of}/clips", clip, f"{clip}/file"):
        missing = path.replace(matter.recording.handle, new_handle())
        assert officer.get(path, status=404) == officer.get(missing, status=404)
    assert not officer.post("/recordings/search", {}, status=200)["recordings"]
    assert not officer.get(f"{case}/exhibits")["exhibits"]
    assert not officer.get(f"{case}/material")["material"]
    assert not officer.get(f"{case}/coverage")["recordings"]
    assert not officer.get(f"{case}/offers?audience=cps")["things"]
    assert not officer.get(f"{case}/gate?audience=cps")["items"]
    assert not officer.get("/shares")["shares"]
    assert not officer.get(f"{case}/packages")["packages"]
    for path in ("", "/file"):
        officer.get(f"{case}/packages/{package.handle}{path}", status=404)
    history = officer.get(f"{case}/history?limit=200")
    assert matter.recording.handle not in str(history)
    assert force.kinds(matter.recording.handle).count("access.withheld") == 5
