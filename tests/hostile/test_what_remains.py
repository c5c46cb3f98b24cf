"""After everything else in this folder: the store, the record, the log and the worker."""

from __future__ import annotations

from tests.hostile.place import Place


def test_after_all_attacks_everything_stored_is_sound_and_known(place: Place) -> None:
    place.worker_goes_on()

    place.store_is_sound()
    place.is_well()
    for (handle,) in place.ask("SELECT handle FROM recordings_recording ORDER BY id DESC LIMIT 20"):
        assert place.custodes("verify", handle).status == 0


def test_no_attack_brought_the_program_to_a_fault_of_its_own(place: Place) -> None:
    log = place.log()

    assert "dock.request_failed" not in log, log[-4000:]
    assert "Internal Server Error" not in log, log[-4000:]
    assert "Traceback" not in log, log[-4000:]


def test_the_log_for_operators_names_nobody(place: Place) -> None:
    place.log_names_nobody()
