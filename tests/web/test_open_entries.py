"""The page on which somebody chooses what others get to see of a history."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.custody.outside import own_policy
from custodes.custody.queries import history_of
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.verifier.claims import Verdict
from custodes.verifier.trust import Trust
from custodes.verifier.verify import verify
from custodes.web.words import size

pytestmark = pytest.mark.django_db

HANDED = {"recipient": "Hale & Co", "because": "initial disclosure"}


def address(station: Station) -> str:
    return f"/recordings/{station.recording.handle}/history/open"


def box(name: str, *, checked: bool) -> bytes:
    return f'name="field" value="{name}"{" checked" if checked else ""}>'.encode()


def test_names_start_withheld_for_the_defence_and_open_for_a_court(station: Station) -> None:
    mirza = signed_in(station.mirza)

    outside, court = mirza.get(address(station)), mirza.get(f"{address(station)}?for=court")

    assert box("actor", checked=False) in outside.content
    assert box("sha256", checked=True) in outside.content
    assert box("actor", checked=True) in court.content


def test_the_entries_are_downloaded_and_the_history_says_so(station: Station) -> None:
    mirza = signed_in(station.mirza)

    answer = mirza.post(address(station), HANDED | {"field": ["sha256", "door"]})

    assert answer["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.content)["format"] == "custodes-opened/v1"
    assert history_of(station.recording.handle)[-1].fields["opened"] == "door, sha256"


def test_the_page_is_not_for_those_who_only_read(station: Station) -> None:
    okafor = signed_in(station.okafor)
    history = okafor.get(f"/recordings/{station.recording.handle}/history")

    assert b"Open entries to somebody" not in history.content
    assert okafor.get(address(station)).status_code == 403
    assert signed_in(station.stranger).get(address(station)).status_code == 404


def packaged(person: Person, address: str, **said: object) -> Any:
    return signed_in(person).post(f"{address}/history/package", HANDED | said)


def test_a_package_from_the_page_is_proven_by_the_verifier(
    station: Station, tmp_path: Path
) -> None:
    handle = station.recording.handle
    chosen = ["sha256", "door", "no such detail"]

    answer = packaged(station.mirza, f"/recordings/{handle}", field=chosen)

    target = tmp_path / "package.zip"
    target.write_bytes(b"".join(answer.streaming_content))
    assert target.stat().st_size == int(answer["Content-Length"])
    assert f'filename="recording-{handle}.zip"' in answer["Content-Disposition"]
    claims = {one.name: one for one in verify(target, Trust(own_policy())).claims}
    proven = {name for name, one in claims.items() if one.verdict is Verdict.PROVEN}
    assert proven >= {"whole", "log", "record", "opened", "file"}
    told = history_of(handle)[-1]
    assert told.kind == "recording.packaged"
    assert told.fields["recipient"] == "Hale & Co"
    assert told.fields["opened"] == "door, sha256"
    assert told.fields["because"] == "initial disclosure"


def test_who_may_not_open_details_is_refused_on_record_and_a_stranger_learns_nothing(
    station: Station,
) -> None:
    there, missing = f"/recordings/{station.recording.handle}", "/recordings/AAAAAAAAAAAAAAAAAAAAAA"

    assert packaged(station.okafor, there).status_code == 403
    assert "access.denied" in force.kinds(station.okafor.handle)
    for address_of in (there, missing):
        refused = packaged(station.stranger, address_of)
        assert refused.status_code == 404
        assert b"There is no such recording." in refused.content
    assert "recording.packaged" not in force.kinds(station.recording.handle)


@pytest.mark.parametrize("said", [{"recipient": " "}, {"because": ""}])
def test_a_package_without_recipient_or_reason_is_refused(
    station: Station, said: dict[str, str]
) -> None:
    answer = packaged(station.mirza, f"/recordings/{station.recording.handle}", **said)

    assert answer.status_code == 403
    assert b"Nothing was handed out" in answer.content
    assert "recording.packaged" not in force.kinds(station.recording.handle)


def test_a_film_that_is_damaged_is_refused_before_anything_is_sent(station: Station) -> None:
    [sealed] = (settings.CUSTODES.home / "vault" / "sealed").rglob(f"{station.original.handle}*")
    sealed.chmod(0o600)
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"\0")

    answer = packaged(station.mirza, f"/recordings/{station.recording.handle}")

    assert answer.status_code == 500
    assert b"Damaged" in answer.content


def test_before_the_button_the_page_says_what_goes_out_and_what_it_takes(station: Station) -> None:
    vane = force.person("Vane", Role.STANDARDS, Role.AUDITOR)

    page = signed_in(station.mirza).get(address(station)).content.decode()
    without = signed_in(vane).get(address(station)).content

    assert f"One ZIP file of about {size(station.original.size)}" in page
    assert "<strong>verify.html</strong> and the <strong>trust policy</strong>" in page
    assert 'href="/check"' in page
    assert b"you may not take that away" in without
