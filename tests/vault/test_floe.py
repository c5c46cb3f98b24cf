"""FLOE against its published known answers, and against whoever changes a byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from custodes.kernel.errors import Damaged
from custodes.vault.floe import HEADER_SIZE, OVERHEAD, Floe, Params

VECTORS = Path(__file__).parent / "vectors"
KEY, AAD = bytes(32), b"This is AAD"
NAMES = sorted(path.name.removesuffix("_ct.txt") for path in VECTORS.glob("*_ct.txt"))
SMALL = Params(segment_size=40)


def params_of(name: str) -> Params:
    if name.endswith("_4K"):
        return Params(segment_size=4096)
    if name.endswith("_64"):
        return Params(segment_size=64)
    return Params(segment_size=40, rotation_bits=2 if name.endswith("rotation") else 20)


def vector(name: str) -> tuple[bytes, bytes]:
    texts = ((VECTORS / f"{name}_{part}.txt").read_text().strip() for part in ("ct", "pt"))
    sealed, plain = map(bytes.fromhex, texts)
    return sealed, plain


def opened(sealed: bytes, params: Params, key: bytes = KEY, aad: bytes = AAD) -> bytes:
    floe = Floe.open(key, aad, sealed[:HEADER_SIZE], params)
    size = params.segment_size
    segments = [sealed[at : at + size] for at in range(HEADER_SIZE, len(sealed), size)]
    plain = b""
    for position, segment in enumerate(segments):
        out = bytearray(max(0, len(segment) - OVERHEAD))
        last = position == len(segments) - 1
        floe.open_into(position, memoryview(segment), memoryview(out), final=last)
        plain += out
    return plain


def sealed_with(plain: bytes, params: Params) -> bytes:
    floe = Floe.start(KEY, AAD, params)
    out = memoryview(bytearray(params.segment_size))
    sealed = floe.header
    full = params.plain_size
    for position in range(len(plain) // full + 1):
        piece = memoryview(plain)[position * full : (position + 1) * full]
        length = floe.seal_into(position, piece, out, final=len(piece) < full)
        sealed += out[:length]
    return sealed


def test_all_seventeen_small_vectors_are_here() -> None:
    assert len(NAMES) == 17


@pytest.mark.parametrize("name", NAMES)
def test_the_published_known_answer_opens_to_its_plaintext(name: str) -> None:
    sealed, plain = vector(name)
    assert opened(sealed, params_of(name)) == plain


@pytest.mark.parametrize("name", NAMES)
def test_what_we_seal_has_the_published_size_and_opens_again(name: str) -> None:
    sealed, plain = vector(name)
    params = params_of(name)
    ours = sealed_with(plain, params)
    assert opened(ours, params) == plain
    # Two of the vectors end on a full final segment, where ours end on an empty one.
    aligned = len(plain) % params.plain_size == 0 and not name.endswith("lastSegEmpty")
    assert len(ours) == len(sealed) + (OVERHEAD if aligned else 0)


def test_any_single_changed_byte_is_noticed() -> None:
    sealed = sealed_with(b"x" * 19, SMALL)
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(Damaged):
            opened(bytes(changed), SMALL)


def test_segments_in_another_order_are_noticed() -> None:
    sealed = sealed_with(b"12345678abcdefgh", SMALL)
    first, second = sealed[74:114], sealed[114:154]
    with pytest.raises(Damaged):
        opened(sealed[:74] + second + first + sealed[154:], SMALL)


@pytest.mark.parametrize("keep", [1, 31, 32, 39, 40, 72, 80, 111])
def test_a_ciphertext_cut_anywhere_is_noticed(keep: int) -> None:
    sealed = sealed_with(b"12345678abcdefgh", SMALL)
    assert len(sealed) == HEADER_SIZE + 112
    with pytest.raises(Damaged):
        opened(sealed[: HEADER_SIZE + keep], SMALL)


@pytest.mark.parametrize(
    ("key", "aad"), [(b"\1" + bytes(31), AAD), (KEY, b"This is aad"), (KEY, b"")]
)
def test_another_key_or_name_opens_nothing(key: bytes, aad: bytes) -> None:
    sealed, _ = vector("go_GCM256_IV256_64")
    with pytest.raises(Damaged, match="does not match its key"):
        opened(sealed, Params(segment_size=64), key, aad)


def test_a_segment_too_short_or_too_long_is_never_sealed() -> None:
    floe = Floe.start(KEY, AAD, SMALL)
    out = memoryview(bytearray(100))
    for length, final in ((7, False), (9, False), (9, True)):
        with pytest.raises(ValueError, match="cannot stand at position 0"):
            floe.seal_into(0, memoryview(bytes(length)), out, final=final)


def test_the_key_changes_every_million_segments_and_not_before() -> None:
    # AEAD_ROTATION_MASK 20: positions 0 and 2^20-1 share a key, 2^20 has the next.
    floe = Floe.start(KEY, AAD, SMALL)
    out = memoryview(bytearray(40))
    for position in (0, 2**20 - 1, 2**20, 2**40 - 1):
        floe.seal_into(position, memoryview(b"12345678"), out)
    assert sorted(floe._aeads) == [0, 2**20, 2**40 - 2**20]
