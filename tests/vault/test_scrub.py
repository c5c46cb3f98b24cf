"""The scrub names every flipped bit, cut, missing and unknown object, and changes none."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custodes.kernel.ids import new_handle
from custodes.vault.keys import WrappedKey
from custodes.vault.scrub import ExpectedObject, Fault, Finding, check_object, scrub
from custodes.vault.vault import Vault


class ListTree:
    """RFC 6962 section 2.1, as it is written there, and not as the ledger does it."""

    def __init__(self) -> None:
        self.leaves: list[bytes] = []

    def add_leaf(self, data: bytes, /) -> None:
        self.leaves.append(hashlib.sha256(b"\0" + data).digest())

    def root(self) -> bytes:
        return self._over(self.leaves)

    def _over(self, leaves: list[bytes]) -> bytes:
        if not leaves:
            return hashlib.sha256().digest()
        if len(leaves) == 1:
            return leaves[0]
        split = 1 << (len(leaves) - 1).bit_length() - 1
        both = self._over(leaves[:split]) + self._over(leaves[split:])
        return hashlib.sha256(b"\1" + both).digest()


def keep(vault: Vault, plain: bytes, purpose: str = "") -> ExpectedObject:
    handle = new_handle()
    key, wrapped = vault.ring.new_key()
    writer = vault.begin(handle, "original", key.derive(purpose) if purpose else key)
    writer.write(plain)
    writer.finish()
    tree = ListTree()
    for at in range(0, len(plain), 1 << 20):
        tree.add_leaf(plain[at : at + (1 << 20)])
    return ExpectedObject(
        handle=handle,
        kind="original",
        wrapped_key=wrapped,
        plain_size=len(plain),
        sha256=hashlib.sha256(plain).digest(),
        chunk_root=tree.root(),
        purpose=purpose,
    )


def changed(one: ExpectedObject, **facts: object) -> ExpectedObject:
    named = {name: getattr(one, name) for name in ExpectedObject.__slots__}
    return ExpectedObject(**{**named, **facts})


def found(vault: Vault, *expected: ExpectedObject) -> list[Finding]:
    return list(scrub(vault, expected))


def path_of(vault: Vault, handle: str, folder: Path) -> Path:
    path = folder / "vault" / "sealed" / handle[:2] / f"{handle}.floe"
    path.chmod(0o600)
    return path


@pytest.fixture
def three(vault: Vault) -> list[ExpectedObject]:
    noise = random.Random(2)
    return [keep(vault, noise.randbytes(size)) for size in (0, 150_000, (2 << 20) + 5)]


def test_a_sound_vault_gives_no_findings(vault: Vault, three: list[ExpectedObject]) -> None:
    assert found(vault, *three, keep(vault, b"thumbnail", purpose="copy: thumbnail")) == []


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.integers(0, (74 + 150_000 + 3 * 32) * 8 - 1))
def test_one_flipped_bit_anywhere_is_found(vault: Vault, tmp_path: Path, place: int) -> None:
    one = keep(vault, bytes(150_000))
    path = path_of(vault, one.handle, tmp_path)
    content = bytearray(path.read_bytes())
    content[place // 8] ^= 1 << place % 8
    path.write_bytes(content)
    finding = check_object(vault, one)
    assert finding is not None
    assert (finding.handle, finding.fault) == (one.handle, Fault.DAMAGED)
    assert path.read_bytes() == content


@pytest.mark.parametrize("cut", [0, 50, 74, 100, 65_610, 65_642, 100_000, 150_169])
def test_an_object_cut_short_is_found(
    vault: Vault, three: list[ExpectedObject], tmp_path: Path, cut: int
) -> None:
    path = path_of(vault, three[1].handle, tmp_path)
    path.write_bytes(path.read_bytes()[:cut])
    (finding,) = found(vault, *three)
    assert (finding.handle, finding.fault) == (three[1].handle, Fault.DAMAGED)
    assert path.stat().st_size == cut


def test_the_sentence_says_which_bytes_are_lost(
    vault: Vault, three: list[ExpectedObject], tmp_path: Path
) -> None:
    path = path_of(vault, three[2].handle, tmp_path)
    content = bytearray(path.read_bytes())
    for segment in (3, 4, 9, 11, 13, 15, 17, 19):
        content[74 + segment * 65_536 + 100] ^= 1
    path.write_bytes(content)
    (finding,) = found(vault, *three)
    assert finding.sentence == (
        f"{three[2].handle} was changed on the disk: bytes 196,512 to 327,520, 589,536 to 655,040, "
        "720,544 to 786,048, 851,552 to 917,056, 982,560 to 1,048,064, and 2 more stretches "
        "cannot be proven."
    )


def test_a_missing_object_is_found(vault: Vault, three: list[ExpectedObject]) -> None:
    vault.store.shred(three[1].handle)
    (finding,) = found(vault, *three)
    assert (finding.handle, finding.fault) == (three[1].handle, Fault.MISSING)


def test_an_object_nobody_expects_is_found_and_stays(
    vault: Vault, three: list[ExpectedObject]
) -> None:
    (finding,) = found(vault, three[0], three[2])
    assert (finding.handle, finding.fault) == (three[1].handle, Fault.UNKNOWN)
    assert vault.store.holds(three[1].handle)


def test_a_file_that_is_not_ours_is_found_and_stays(vault: Vault, tmp_path: Path) -> None:
    stranger = tmp_path / "vault" / "sealed" / "notes.txt"
    stranger.write_text("hello")
    (finding,) = found(vault)
    assert (finding.handle, finding.fault) == ("sealed/notes.txt", Fault.UNKNOWN)
    assert stranger.exists()


def test_an_unfinished_upload_is_not_a_fault(vault: Vault) -> None:
    writer = vault.begin(new_handle(), "original", vault.ring.new_key()[0])
    writer.write(b"under way")
    assert found(vault) == []
    writer.abandon()


def test_another_objects_bytes_under_the_name_are_found(
    vault: Vault, three: list[ExpectedObject], tmp_path: Path
) -> None:
    theirs = path_of(vault, three[2].handle, tmp_path).read_bytes()
    path_of(vault, three[1].handle, tmp_path).write_bytes(theirs)
    (finding,) = found(vault, *three)
    assert (finding.handle, finding.fault) == (three[1].handle, Fault.DAMAGED)


def test_authentic_bytes_that_are_not_the_recorded_ones_are_found(vault: Vault) -> None:
    one = keep(vault, b"what the key holder sealed")
    for facts, words in (
        ({"plain_size": 5}, "has 26 bytes; 5 were recorded"),
        ({"sha256": bytes(32)}, "SHA-256 is not the recorded one"),
        ({"chunk_root": bytes(32)}, "chunk root is not the recorded one"),
    ):
        finding = check_object(vault, changed(one, **facts))
        assert finding is not None
        assert finding.fault is Fault.DIFFERENT
        assert words in finding.sentence


def test_a_key_that_cannot_be_had_is_a_finding_of_its_own(vault: Vault) -> None:
    one = keep(vault, b"footage")
    for epoch, wrapped in ((9, one.wrapped_key.wrapped), (1, bytes(40))):
        key = WrappedKey(one.wrapped_key.kid, epoch, wrapped)
        finding = check_object(vault, changed(one, wrapped_key=key))
        assert finding is not None
        assert finding.fault is Fault.NO_KEY


def test_a_digest_that_is_not_32_bytes_is_refused_not_compared(vault: Vault) -> None:
    one = keep(vault, b"footage")
    for wrong in (one.sha256.hex(), b"short"):
        with pytest.raises(ValueError, match="a digest is 32 bytes"):
            changed(one, sha256=wrong)


def test_a_copy_without_a_recorded_root_is_checked_by_its_hash(vault: Vault) -> None:
    assert check_object(vault, changed(keep(vault, b"copy"), chunk_root=None)) is None


def test_all_faults_of_a_vault_come_out_of_one_scrub(
    vault: Vault, three: list[ExpectedObject], tmp_path: Path
) -> None:
    gone, cut, extra = keep(vault, b"a"), keep(vault, b"b"), keep(vault, b"c")
    vault.store.shred(gone.handle)
    path_of(vault, cut.handle, tmp_path).write_bytes(b"")
    faults = {one.handle: one.fault for one in found(vault, *three, gone, cut)}
    assert faults == {
        gone.handle: Fault.MISSING,
        cut.handle: Fault.DAMAGED,
        extra.handle: Fault.UNKNOWN,
    }


def test_progress_counts_objects_and_bytes_up_to_all(
    vault: Vault, three: list[ExpectedObject]
) -> None:
    told: list[tuple[int, int]] = []
    list(scrub(vault, three, progress=lambda *at: told.append(at)))
    assert told == sorted(told)
    assert told[-1] == (3, 150_000 + (2 << 20) + 5)
    assert (2, 150_000 + (1 << 20)) in told


def test_what_is_sealed_during_the_scrub_is_not_called_unknown(
    vault: Vault, three: list[ExpectedObject]
) -> None:
    def inventory() -> Iterator[ExpectedObject]:
        yield from three
        keep(vault, b"arrived meanwhile")

    assert list(scrub(vault, inventory())) == []


def test_what_is_disposed_of_during_the_scrub_is_not_called_unknown(
    vault: Vault, three: list[ExpectedObject]
) -> None:
    def inventory() -> Iterator[ExpectedObject]:
        yield from three[:2]
        vault.store.shred(three[2].handle)

    assert list(scrub(vault, inventory())) == []
