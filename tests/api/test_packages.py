"""Packages by program: made, listed, released by a second person, and taken away in parts."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
from tests.api.conftest import Matter, Program, exhibited, program_of
from tests.api.test_recordings import body_of
from tests.world import force

from custodes.cases.models import Case
from custodes.custody.queries import history_of
from custodes.disclosure.models import Package
from custodes.people.rules import Role
from custodes.recordings.models import Copy

pytestmark = pytest.mark.django_db
TO: dict[str, Any] = {
    "audience": "cps",
    "recipient": "Dana Reed",
    "organisation": "CPS London North",
    "because": "the charging decision",
    "passed_over": "The town's cameras are being asked for.",
}


@pytest.fixture
def clip(matter: Matter) -> Copy:
    """Return a clip that is an exhibit."""
    return exhibited(matter)


@pytest.fixture
def of(matter: Matter, clip: Copy) -> str:
    """Return the address of the packages of a case."""
    return f"/cases/{matter.case.handle}/packages"


def test_a_package_is_made_listed_and_taken_away_whole_and_in_parts(
    matter: Matter, officer: Program, of: str, settings: Any
) -> None:
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"range_bytes": 1000})
    made = officer.post(of, TO)
    whole = officer.asks("get", f"{of}/{made['id']}/file")
    body = body_of(whole)

    assert (made["waits"], made["over"], made["size"]) == (False, False, len(body))
    names = {each["path"] for each in made["files"]}
    with zipfile.ZipFile(BytesIO(body)) as archive:
        assert {name.partition("/")[2] for name in archive.namelist()} == names
    assert [each["id"] for each in officer.get(of)["packages"]] == [made["id"]]
    assert force.kinds(matter.case.handle).count("case.viewed") == 1
    assert officer.get(f"{of}/{made['id']}")["files"] == made["files"]

    tag = {"If-Range": whole["ETag"]}
    path, half = f"{of}/{made['id']}/file", len(body) // 2
    rest = officer.asks("get", path, headers={**tag, "Range": f"bytes={half}-"})
    beyond = officer.asks("get", path, headers={"Range": f"bytes={len(body)}-"})
    assert (rest.status_code, body_of(rest)) == (206, body[half:])
    assert rest["Content-Range"] == f"bytes {half}-{len(body) - 1}/{len(body)}"
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(body)}")
    told = [each for each in history_of(matter.case.handle) if each.kind == "package.fetched"]
    assert [(each.fields["door"], each.fields["actor"]) for each in told] == [("api", "Okafor")]


def test_what_is_left_out_and_what_is_asked_for_are_chosen(
    clip: Copy, officer: Program, of: str
) -> None:
    refused = officer.post(of, TO | {"without": [clip.handle]}, status=409)
    assert refused["detail"] == "Nothing of this case may go into it."
    assert officer.post(of, TO | {"extra": ["all"]}, status=422)["faults"]
    assert not Package.objects.exists()


def test_a_camera_is_passed_over_for_a_reason_only(
    matter: Matter, officer: Program, of: str
) -> None:
    Case.objects.update(sought_at=None)

    refused = officer.post(of, TO | {"passed_over": ""}, status=409)
    made = officer.post(of, TO)

    assert "Every camera is accounted for: not yet." in refused["detail"]
    assert made["passed_over"] == TO["passed_over"]


def test_what_is_for_the_defence_is_taken_away_when_a_second_person_released_it(
    matter: Matter, of: str
) -> None:
    vale, osei = program_of(matter.vale), program_of(matter.osei)
    made = vale.post(of, TO | {"audience": "defence", "extra": ["mg6c"]})
    assert any("mg6c" in each["path"].lower() for each in made["files"])
    one = f"{of}/{made['id']}"
    assert made["waits"]
    assert vale.get(f"{one}/file", status=409)["detail"] == "It waits for a second person."
    assert "does not release it, too" in vale.post(f"{one}/release", {}, status=409)["detail"]

    released = osei.post(f"{one}/release", {}, status=200)

    assert (released["waits"], released["released_by"]) == (False, "Osei")
    assert len(body_of(vale.asks("get", f"{one}/file"))) == made["size"]


def test_who_may_see_a_case_and_not_share_of_it_makes_releases_and_takes_nothing(
    matter: Matter, clip: Copy, officer: Program, of: str
) -> None:
    made = officer.post(of, TO)
    program = program_of(force.person("Harding", Role.SUPERVISOR, team="A"))
    one = f"{of}/{made['id']}"

    assert program.get(one)["recipient"] == "Dana Reed"
    assert force.kinds(matter.case.handle).count("case.viewed") == 1
    program.post(of, TO | {"without": [clip.handle]}, status=403)  # not: what is not ready
    program.post(f"{one}/release", {}, status=403)
    program.get(f"{one}/file", status=403)

    assert Package.objects.get().fetched_at is None
    assert "package.fetched" not in force.kinds(matter.case.handle)
