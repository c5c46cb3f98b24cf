"""The page on which somebody chooses what others get to see of a history."""

from __future__ import annotations

import json

import pytest
from tests.web.conftest import Station, signed_in

from custodes.custody.queries import history_of

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
