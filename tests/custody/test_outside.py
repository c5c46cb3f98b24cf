"""Witnesses cosign what is published, and what is late or missing can be seen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.custody.logs import configure, grow, watching
from tests.world.force import CLERK, NOON
from tests.world.served import served

from custodes.custody import guard
from custodes.custody.checkpoints import beat_if_due, newest_checkpoint, newest_witnessed, publish
from custodes.custody.health import Fault, log_health
from custodes.custody.models import Cosignature, Outsider
from custodes.custody.outside import SettingUnclear, have_cosigned, own_policy, witnesses
from custodes.kernel.digest import sha256
from custodes.ledger.policy import Policy, verify_note

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_witnesses_of_two_keys_each_make_the_quorum_of_the_policy_we_publish(
    settings: Any, tmp_path: Path
) -> None:
    grow(3)
    with watching(tmp_path / "a", "a.example/w") as a, watching(tmp_path / "b", "b.example/w") as b:
        configure(settings, witnesses=(a.line("first"), b.line("second")))
        publish(NOON)
        have_cosigned(NOON)
        have_cosigned(NOON)
        policy = Policy.parse(str(own_policy()))
        checkpoint = newest_checkpoint()

    assert checkpoint is not None
    assert set(checkpoint.witnesses) == {"first", "second"}
    held = verify_note(policy, checkpoint.note)
    assert set(held.witnesses) == {"first.1", "first.2", "second.1", "second.2"}
    assert held.quorum_met
    assert not verify_note(policy, checkpoint.archived).quorum_met
    assert Cosignature.objects.count() == 2


def test_a_log_that_forgot_what_a_witness_saw_asks_and_goes_on(
    settings: Any, tmp_path: Path
) -> None:
    grow(3)
    with watching(tmp_path / "w") as outside:
        configure(settings, witnesses=(outside.line(),))
        publish(NOON)
        have_cosigned(NOON)
        Outsider.objects.all().delete()
        grow(300)
        publish(NOON)
        have_cosigned(NOON)

    newest = newest_witnessed()
    assert newest is not None
    assert newest.size == 304
    assert Outsider.objects.get().size == 304


def test_a_witness_that_saw_another_history_of_ours_stops_appending(
    settings: Any, tmp_path: Path
) -> None:
    grow(3)
    with watching(tmp_path / "w") as outside:
        configure(settings, witnesses=(outside.line(),))
        publish(NOON)
        have_cosigned(NOON)
        with outside.witness.memory.locked() as held:
            held.database.execute("UPDATE cosigned SET root = zeroblob(32)")
        grow(1)
        publish(NOON)

        have_cosigned(NOON)

        # What it serves is the checkpoint we signed, which is ours: its word alone is noted.
        assert guard.why_refused() == ""
        assert "422" in Outsider.objects.get().trouble


def test_a_witness_that_is_away_is_late_after_half_an_hour(settings: Any, tmp_path: Path) -> None:
    grow(1)
    with watching(tmp_path / "w") as outside:
        configure(settings, witnesses=(outside.line(),))
        publish(NOON)
        have_cosigned(NOON)
    grow(1)
    publish(NOON)
    have_cosigned(NOON)

    def faults(minutes: int) -> set[Fault]:
        at = NOON + timedelta(minutes=minutes)
        return {finding.fault for finding in log_health(at)} - {Fault.SILENT}

    assert faults(29) == set()
    assert faults(30) == {Fault.WITNESS_LATE}
    [finding] = [f for f in log_health(NOON + timedelta(hours=1)) if f.fault == "witness-late"]
    assert "cannot be reached" in finding.sentence
    assert not finding.is_grave


def test_a_witness_that_never_answered_is_late_too(settings: Any) -> None:
    grow(1)
    publish(NOON)
    key = own_policy().logs[0].key
    configure(settings, witnesses=(f"w1 http://127.0.0.1:9 {key}",))
    have_cosigned(NOON)

    assert "witness-late" in {f.fault for f in log_health(NOON + timedelta(minutes=31))}


def test_an_entry_in_no_checkpoint_and_silence_are_grave() -> None:
    grow(1)
    publish(NOON)
    grow(1, minutes=1)

    late = {f.fault: f for f in log_health(NOON + timedelta(minutes=3))}
    silent = {f.fault: f for f in log_health(NOON + timedelta(minutes=33))}

    assert late[Fault.CHECKPOINT_LATE].is_grave
    assert late[Fault.CHECKPOINT_LATE].since == NOON
    assert Fault.SILENT not in late
    assert silent[Fault.SILENT].is_grave
    assert log_health(NOON + timedelta(minutes=33))[0].is_grave
    beat_if_due(by=CLERK, at=NOON + timedelta(minutes=33))
    assert Fault.SILENT not in {f.fault for f in log_health(NOON + timedelta(minutes=34))}


def test_a_log_without_witnesses_says_what_it_is_not() -> None:
    grow(1)
    publish(NOON)

    [finding] = log_health(NOON)

    assert finding.fault is Fault.NO_WITNESS
    assert "only to those who hold earlier checkpoints" in finding.sentence


@pytest.mark.parametrize(
    "line", ["", "w1", "w1 http://w", "w1 ftp://w KEY", "w1 http://w nokey+00000000+AAAA"]
)
def test_a_witness_that_is_set_wrongly_is_said_to_be(settings: Any, line: str) -> None:
    configure(settings, witnesses=(line,))

    with pytest.raises(SettingUnclear):
        witnesses()
    assert Fault.SETTING in {finding.fault for finding in log_health(NOON)}


def test_a_witness_sends_us_nowhere_else(settings: Any, tmp_path: Path) -> None:
    grow(1)
    publish(NOON)
    asked: list[str] = []

    def elsewhere(environ: Any, start: Any) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        start("307 Temporary Redirect", [("Location", "/again")])
        return []

    with served(elsewhere) as url:
        configure(settings, witnesses=(f"w1 {url} {own_policy().logs[0].key}",))
        have_cosigned(NOON)

    assert asked == ["/add-checkpoint"]
    assert "307" in Outsider.objects.get().trouble


def test_what_a_witness_serves_to_monitors_holds_under_our_policy(
    settings: Any, tmp_path: Path
) -> None:
    grow(3)
    with watching(tmp_path / "w") as outside:
        configure(settings, witnesses=(outside.line(),))
        made = publish(NOON)
        have_cosigned(NOON)
        assert made is not None
        origin = made.note.split("\n")[0]
        url = f"{outside.url}/{sha256(origin.encode()).hex()}/checkpoint"
        note = httpx.get(url).content

        assert verify_note(own_policy(), note).quorum_met
