"""What an agent says of a camera before it sends is entered, or refused in a sentence."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from tests.world import force
from tests.world.force import CLERK, NOON

from custodes.custody.models import Entry
from custodes.docks.tus.wsgi import tus_application
from custodes.fleet.actions import add_dock
from custodes.fleet.rules import DockKind
from custodes.ledger.entry import parse_entry
from custodes.recordings.models import Listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    force.camera("X1")
    return add_dock("PC 1", DockKind.AGENT, by=CLERK, at=NOON)[1]


def post(key: str, body: bytes) -> tuple[str, str]:
    status: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/tus/sessions",
        "HTTP_AUTHORIZATION": f"Bearer {key}",
        "HTTP_TUS_RESUMABLE": "1.0.0",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    answer = b"".join(tus_application(environ, lambda said, _: status.append(said)))
    return status[0][:3], answer.decode()


def test_what_lies_on_the_camera_is_entered_and_awaited(key: str) -> None:
    items = [{"name": "V1.mp4", "size": 5, "number": 1}, {"name": "V2.mp4", "size": 6}]
    said = {"camera": "X1", "items": items, "counter": 2, "offset_ms": -250, "log": "a" * 64}

    status, answer = post(key, json.dumps(said).encode())

    assert (status, json.loads(answer)) == ("200", {"awaited": 2})
    facts = parse_entry(bytes(Entry.objects.get(kind="dock.session").data)).facts
    assert {**facts, "ag": ""} == {"i": 2, "z": 11, "ca": 2, "o": "-250", "lh": "a" * 64, "ag": ""}
    assert list(Listed.objects.order_by("pk").values_list("name", "number")) == [
        ("V1.mp4", 1),
        ("V2.mp4", None),
    ]


@pytest.mark.parametrize(
    "said",
    [
        [], "x", {}, {"camera": "X1"}, {"camera": "X1", "items": [5]},
        {"camera": "X1", "items": [{"name": "../a", "size": 1}]},
        {"camera": "X1", "items": [{"name": "a", "size": -1}]},
        {"camera": "X1", "items": [], "offset_ms": "1"},
        {"camera": "X1", "items": [], "log": "A"},
        {"camera": "unknown", "items": []},
    ],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_enters_nothing(key: str, said: Any) -> None:
    before = Entry.objects.count()

    assert post(key, json.dumps(said).encode())[0] == "400"
    assert Entry.objects.count() == before


def test_a_stranger_says_nothing_of_a_camera(key: str) -> None:
    assert post(f"{key}x", b"{}")[0] == "401"
