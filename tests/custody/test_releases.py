"""Which release ran, and which verifier it handed out, can be looked up in the log."""

from __future__ import annotations

import pytest
from tests.custody.logs import grow
from tests.world.force import CLERK, NOON

import custodes
from custodes.custody import releases
from custodes.custody.models import Entry
from custodes.custody.queries import newest
from custodes.custody.releases import note_release
from custodes.verifier.in_browser import NotBuilt

pytestmark = pytest.mark.django_db


def test_a_release_is_entered_once_and_another_one_again(monkeypatch: pytest.MonkeyPatch) -> None:
    grow(1)
    monkeypatch.setattr(releases, "fingerprint", lambda: "ab" * 32)

    assert note_release(by=CLERK, at=NOON)
    assert note_release(by=CLERK, at=NOON) is None
    [told] = newest("software.release")
    assert told.facts == {"v": custodes.__version__, "h": "ab" * 32}

    monkeypatch.setattr(releases, "fingerprint", lambda: "cd" * 32)
    assert note_release(by=CLERK, at=NOON)


def test_without_built_pages_nothing_is_vouched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    grow(1)

    def not_built() -> str:
        raise NotBuilt("not here")

    monkeypatch.setattr(releases, "fingerprint", not_built)

    assert note_release(by=CLERK, at=NOON) is None
    assert not Entry.objects.filter(kind="software.release").exists()
