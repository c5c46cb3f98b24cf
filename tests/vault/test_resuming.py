"""A killed upload goes on from its last whole authentic segment, wherever it was killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custodes.kernel.errors import Damaged, NotFound
from custodes.kernel.ids import new_handle
from custodes.vault.errors import InUse, WriterClosed
from custodes.vault.keys import DataKey
from custodes.vault.sealed import SealedWriter
from custodes.vault.store import DiskStore
from custodes.vault.vault import Vault

PLAIN, SEGMENT, HEADER = 65_504, 65_536, 74
SECTION = sorted(
    {HEADER + n * SEGMENT + d for n in range(4) for d in (-1, 0, 1, 3, 4, 16, 17, -16, -17, 40_000)}
    | {0, 1, 9, 10, 41, 42, 73}
)


def part_of(folder: Path, handle: str) -> Path:
    return folder / "vault" / "incoming" / f"{handle}.floe"


def killed_after(vault: Vault, plain: bytes, key: DataKey, *, patchable: bool = False) -> str:
    """Leave an unfinished object behind, as a kill between two writes would."""
    handle = new_handle()
    writer = vault.begin(handle, "original", key, patchable_head=patchable)
    writer.write(plain)
    writer.abandon()
    return handle


def resumed(vault: Vault, handle: str, key: DataKey) -> tuple[SealedWriter, bytes]:
    seen = bytearray()
    return vault.resume(handle, "original", key, on_plain=seen.extend), bytes(seen)


def check_it_goes_on(vault: Vault, handle: str, plain: bytes, key: DataKey) -> int:
    writer, seen = resumed(vault, handle, key)
    position = writer.position
    assert seen == plain[:position]
    writer.write(plain[position:])
    assert writer.finish().plain_size == len(plain)
    assert vault.open(handle, "original", key).read() == plain
    assert list(vault.store.incoming_handles()) == []
    return position


@pytest.mark.parametrize("cut", SECTION)
def test_it_goes_on_when_killed_at_any_byte(
    vault: Vault, key: DataKey, plain: bytes, tmp_path: Path, cut: int
) -> None:
    handle = killed_after(vault, plain, key)
    os.truncate(part_of(tmp_path, handle), cut)
    position = check_it_goes_on(vault, handle, plain, key)
    assert position == max(0, cut - HEADER) // SEGMENT * PLAIN


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cut=st.integers(0, HEADER + 6 * SEGMENT), junk=st.binary(max_size=200), wipe=st.booleans())
def test_it_goes_on_from_the_last_whole_segment_whatever_follows(
    vault: Vault, key: DataKey, plain: bytes, tmp_path: Path, cut: int, junk: bytes, wipe: bool
) -> None:
    """A power failure may leave a length without its bytes, or bytes of something else."""
    handle = killed_after(vault, plain, key)
    part = part_of(tmp_path, handle)
    os.truncate(part, cut)
    with part.open("ab") as file:
        file.write(bytes(SEGMENT * 2) if wipe and cut >= HEADER else junk if cut >= HEADER else b"")
    position = check_it_goes_on(vault, handle, plain, key)
    assert position == max(0, cut - HEADER) // SEGMENT * PLAIN


@pytest.mark.parametrize("segment", range(6))
def test_it_stops_at_the_first_segment_that_was_changed(
    vault: Vault, key: DataKey, plain: bytes, tmp_path: Path, segment: int
) -> None:
    handle = killed_after(vault, plain, key)
    part = part_of(tmp_path, handle)
    changed = bytearray(part.read_bytes())
    changed[HEADER + segment * SEGMENT + 1000] ^= 1
    part.write_bytes(changed)
    assert check_it_goes_on(vault, handle, plain, key) == segment * PLAIN


def test_a_header_that_never_reached_the_disk_means_a_new_beginning(
    vault: Vault, key: DataKey, plain: bytes, tmp_path: Path
) -> None:
    handle = killed_after(vault, plain, key)
    with part_of(tmp_path, handle).open("r+b") as file:
        file.write(bytes(HEADER))
    assert check_it_goes_on(vault, handle, plain, key) == 0


def test_the_wrong_key_or_kind_is_refused_and_changes_nothing(
    vault: Vault, key: DataKey, plain: bytes, tmp_path: Path
) -> None:
    handle = killed_after(vault, plain, key)
    before = part_of(tmp_path, handle).read_bytes()
    with pytest.raises(Damaged):
        vault.resume(handle, "original", key.derive("other"))
    with pytest.raises(Damaged):
        vault.resume(handle, "viewing", key)
    assert part_of(tmp_path, handle).read_bytes() == before
    assert check_it_goes_on(vault, handle, plain, key) == 6 * PLAIN


def test_a_failing_listener_changes_nothing(
    vault: Vault, key: DataKey, plain: bytes, tmp_path: Path
) -> None:
    handle = killed_after(vault, plain, key)
    with part_of(tmp_path, handle).open("ab") as file:
        file.write(b"half a segment")
    before = part_of(tmp_path, handle).read_bytes()

    def fail(_: memoryview) -> None:
        raise RuntimeError("hash failed")

    with pytest.raises(RuntimeError):
        vault.resume(handle, "original", key, on_plain=fail)
    assert part_of(tmp_path, handle).read_bytes() == before
    assert check_it_goes_on(vault, handle, plain, key) == 6 * PLAIN


def test_only_one_may_resume_at_a_time(vault: Vault, key: DataKey, plain: bytes) -> None:
    handle = killed_after(vault, plain, key)
    first, _ = resumed(vault, handle, key)
    with pytest.raises(InUse):
        vault.resume(handle, "original", key)
    reader = first.reader(len(plain))
    first.abandon()
    # A reader that still has the file open must not keep the next writer out.
    second, _ = resumed(vault, handle, key)
    second.abandon()
    reader.close()


def test_what_was_never_begun_cannot_be_resumed(vault: Vault, key: DataKey) -> None:
    with pytest.raises(NotFound, match="No unfinished object"):
        vault.resume(new_handle(), "original", key)


def test_a_kill_after_the_last_segment_but_before_the_name_loses_only_the_rest(
    vault: Vault, key: DataKey, plain: bytes
) -> None:
    handle = new_handle()
    writer = vault.begin(handle, "original", key)
    writer.write(plain)
    writer._seal_the_rest()
    writer.abandon()
    assert check_it_goes_on(vault, handle, plain, key) == 6 * PLAIN


@pytest.mark.parametrize("size", [0, 10, PLAIN, 400_000])
@pytest.mark.parametrize("both_names", [True, False])
def test_a_kill_after_the_name_finds_it_finished_and_touches_no_byte(
    vault: Vault, key: DataKey, plain: bytes, tmp_path: Path, size: int, both_names: bool
) -> None:
    handle = new_handle()
    writer = vault.begin(handle, "original", key)
    writer.write(plain[:size])
    done = writer.finish()
    sealed = tmp_path / "vault" / "sealed" / handle[:2] / f"{handle}.floe"
    before = sealed.read_bytes()
    if both_names:
        os.link(sealed, part_of(tmp_path, handle))

    again, seen = resumed(vault, handle, key)

    assert seen == plain[:size]
    assert again.position == size
    assert again.reader(size).read_at(0, size) == plain[:size]
    assert again.finish() == done
    with pytest.raises(WriterClosed):
        again.write(b"more")
    assert sealed.read_bytes() == before
    assert not part_of(tmp_path, handle).exists()


class FinishedMeanwhile(DiskStore):
    """A store in which another process names the object just after we asked."""

    asked = False

    def holds(self, handle: str) -> bool:
        first, self.asked = not self.asked, True
        return False if first else super().holds(handle)


def test_an_object_finished_between_question_and_lock_is_not_truncated(
    vault: Vault, key: DataKey, plain: bytes, tmp_path: Path
) -> None:
    handle = new_handle()
    writer = vault.begin(handle, "original", key)
    writer.write(plain)
    writer.finish()
    sealed = tmp_path / "vault" / "sealed" / handle[:2] / f"{handle}.floe"
    sealed.chmod(0o600)
    before = sealed.read_bytes()
    os.link(sealed, part_of(tmp_path, handle))

    racing = Vault(FinishedMeanwhile(tmp_path / "vault"), vault.ring)
    again, seen = resumed(racing, handle, key)

    assert (again.position, seen) == (len(plain), plain)
    assert sealed.read_bytes() == before


def test_discarding_the_second_name_of_a_finished_object_keeps_the_object(
    vault: Vault, key: DataKey, plain: bytes, tmp_path: Path
) -> None:
    handle = new_handle()
    writer = vault.begin(handle, "original", key)
    writer.write(plain)
    writer.finish()
    os.link(
        tmp_path / "vault" / "sealed" / handle[:2] / f"{handle}.floe", part_of(tmp_path, handle)
    )
    assert vault.store.discard_incoming(handle)
    assert vault.open(handle, "original", key).read() == plain


def test_a_killed_patchable_object_begins_again_from_nothing(
    vault: Vault, key: DataKey, plain: bytes
) -> None:
    # Its first segments were held back in memory, so nothing before them is proven.
    handle = killed_after(vault, plain, key, patchable=True)
    assert check_it_goes_on(vault, handle, plain, key) == 0


def test_a_resumed_object_may_be_killed_and_resumed_again(vault: Vault, key: DataKey) -> None:
    plain = random.Random(3).randbytes(20 * PLAIN)
    handle = killed_after(vault, plain[: 3 * PLAIN + 5], key)
    for stop in (5 * PLAIN + 9, 5 * PLAIN + 10, 18 * PLAIN):
        writer, seen = resumed(vault, handle, key)
        assert seen == plain[: writer.position]
        writer.write(plain[writer.position : stop])
        writer.abandon()
    assert check_it_goes_on(vault, handle, plain, key) == 18 * PLAIN


WRITE_FOR_EVER = """
import random, sys
from pathlib import Path
from custodes.vault.keys import DataKey, KeyRing
from custodes.vault.store import DiskStore
from custodes.vault.vault import Vault
folder, handle = Path(sys.argv[1]), sys.argv[2]
vault = Vault(DiskStore(folder / "vault"), KeyRing.open_or_create(folder / "keys"))
writer = vault.begin(handle, "original", DataKey(bytes(range(32))))
noise = random.Random(11)
print("ready", flush=True)
for _ in range(2_000):
    writer.write(noise.randbytes(33_333))
"""


@pytest.mark.parametrize("wait", [0.0, 0.02, 0.1])
def test_a_writer_really_killed_with_signal_nine_resumes(
    vault: Vault, key: DataKey, tmp_path: Path, wait: float
) -> None:
    handle = new_handle()
    command = [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path), handle]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        with pytest.raises(InUse):
            vault.resume(handle, "original", key)
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    noise = random.Random(11)
    plain = b"".join(noise.randbytes(33_333) for _ in range(200))
    writer, seen = resumed(vault, handle, key)
    assert seen[: len(plain)] == plain[: len(seen)]
    assert len(seen) == writer.position
    writer.write(b"the end")
    writer.finish()
    assert vault.open(handle, "original", key).read() == seen + b"the end"
