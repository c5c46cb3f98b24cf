"""How far an entry is proven is told from what is kept, and its proof holds for a stranger."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.custody.logs import configure, grow, watching
from tests.world.authority import authority
from tests.world.force import CLERK, NOON

from custodes.custody.checkpoints import close_day_if_due, publish
from custodes.custody.day_sheet import MOST_IN_CODE, day_sheet
from custodes.custody.models import Entry
from custodes.custody.outside import have_cosigned, own_policy
from custodes.custody.standing import newest_stamped, proof_of, standings
from custodes.custody.timestamps import stamp_what_is_due
from custodes.kernel.errors import NotFound
from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.note import Note
from custodes.ledger.policy import Policy, verify_note
from custodes.ledger.proof import LogProof, NotIncluded, verify_proof

pytestmark = pytest.mark.django_db(transaction=True)


def size() -> int:
    return Entry.objects.count()


def test_an_entry_stands_in_the_first_checkpoint_that_has_it() -> None:
    grow(3)
    first = size()
    publish(NOON)
    grow(2)
    second = size()
    publish(NOON + timedelta(seconds=30))
    grow(1)

    found = standings(range(size()))

    assert [found[n].checkpoint for n in range(size())] == [
        *[first] * first,
        *[second] * (second - first),
        None,
    ]
    assert found[0].sentence == (
        f"In the checkpoint of {first} entries of 14 November 2026, 12:00:00 GMT. "
        "Not yet witnessed. Not yet timestamped."
    )
    assert found[size() - 1].sentence == "Not yet in a checkpoint."


def test_who_witnessed_it_is_told_though_a_later_checkpoint_was_the_one(
    settings: Any, tmp_path: Path
) -> None:
    with watching(tmp_path / "w", "inspectorate.example/w") as outside:
        configure(settings, witnesses=(outside.line("inspectorate"),))
        grow(2)
        publish(NOON)
        grow(2)
        publish(NOON)
        have_cosigned(NOON)
        grow(1)
        publish(NOON)

        found = standings(range(size()))

    assert [each.name for each in found[0].witnesses] == ["inspectorate"]
    assert "Witnessed by inspectorate on" in found[0].sentence
    assert found[0].checkpoint != size()
    assert found[size() - 1].witnesses == ()


def test_who_stamped_it_is_told(settings: Any, tmp_path: Path) -> None:
    with authority(tmp_path / "tsa") as made:
        configure(settings, timestamp_authorities=(made.url,), timestamp_roots=made.root)
        grow(2)
        publish(NOON)
        stamp_what_is_due(by=CLERK, at=NOON)
        found = standings([0, size() - 1])
        stamped = newest_stamped()

    assert f"Timestamped by {made.url} on" in found[0].sentence
    assert "Not yet" in found[size() - 1].sentence
    assert stamped is not None
    assert [stamp.authority for stamp in stamped.stamps] == [made.url]


def test_a_proof_holds_under_the_published_policy_for_its_entry_and_no_other(
    settings: Any, tmp_path: Path
) -> None:
    with watching(tmp_path / "w", "inspectorate.example/w") as outside:
        configure(settings, witnesses=(outside.line("inspectorate"),))
        grow(5)
        publish(NOON)
        have_cosigned(NOON)
        policy = Policy.parse(str(own_policy()))
        first = bytes(Entry.objects.get(index=0).leaf)
        for entry in Entry.objects.order_by("index"):
            proof = LogProof.parse(str(proof_of(entry.index)))
            assert verify_proof(proof, bytes(entry.leaf), policy).quorum_met
            if entry.index:
                with pytest.raises(NotIncluded):
                    verify_proof(proof, first, policy)


def test_an_entry_in_no_checkpoint_has_no_proof_yet() -> None:
    grow(1)

    with pytest.raises(NotFound, match="No checkpoint has entry 0 yet"):
        proof_of(0)


def test_the_sheet_of_a_day_holds_what_its_code_says_and_the_code_stays_small(
    settings: Any, tmp_path: Path
) -> None:
    with watching(tmp_path / "w", "inspectorate.example/w") as outside:
        configure(settings, witnesses=(outside.line("inspectorate"),))
        grow(3)
        closed = close_day_if_due(NOON + timedelta(days=1))
        assert closed is not None
        have_cosigned(NOON)
        policy = Policy.parse(str(own_policy()))
        sheet = day_sheet(NOON.date())

    assert len(sheet.small_note.encode()) <= MOST_IN_CODE
    held = verify_note(policy, sheet.small_note)
    assert held.checkpoint == Checkpoint(held.checkpoint.origin, sheet.size, sheet.root)
    assert len(Note.parse(sheet.small_note).signatures) <= len(Note.parse(sheet.note).signatures)
    assert sheet.code.startswith("<svg")


def test_a_day_that_is_not_over_has_no_sheet() -> None:
    grow(1)
    with pytest.raises(NotFound, match="has no sheet"):
        day_sheet(NOON.date())
