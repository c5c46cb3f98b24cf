"""A tlog-proof is written as the specification says, and holds only for its entry and log."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.logs import Log

from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.note import NoteInvalid, SignerKey, sign_note
from custodes.ledger.policy import Named, Policy
from custodes.ledger.proof import LogProof, NotIncluded, ProofInvalid, verify_proof
from custodes.ledger.tiled import TiledTree

ORIGIN = "custodes.police.example/custody"
KEY = SignerKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
POLICY = Policy(logs=(Named(KEY.verifier),))
LOG = Log(700)


def signed(size: int, key: SignerKey = KEY) -> str:
    return sign_note(Checkpoint(ORIGIN, size, TiledTree(LOG, size).root()).body(), key)


def proof(index: int, size: int) -> LogProof:
    return LogProof(index, tuple(TiledTree(LOG, size).inclusion_proof(index)), signed(size))


def test_the_example_of_the_specification_is_read_and_written_back() -> None:
    # C2SP/C2SP tlog-proof.md, commit 5ba5ee8; its extra line, which is cut short there, left out.
    text = (
        "c2sp.org/tlog-proof@v1\n"
        "index 73894\n"
        "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n"
        "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n"
        "EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=\n"
        "RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=\n"
        "AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=\n"
        "\n"
        "example.com/fancylog\n"
        "109482\n"
        "sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n"
        "\n"
        "\N{EM DASH} example.com/fancylog hI2DJw==\n"
    )
    read = LogProof.parse(text)

    assert (read.index, len(read.path)) == (73894, 5)
    assert read.note.startswith("example.com/fancylog\n109482\n")
    assert str(read) == text


@given(st.integers(1, 700), st.data())
def test_every_entry_is_proven_under_every_checkpoint_that_has_it(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    text = str(proof(index, size))

    held = verify_proof(LogProof.parse(text), LOG.leaves[index], POLICY)

    assert held.checkpoint.size == size
    assert held.log_keys == (KEY.verifier,)


def test_extra_text_is_carried_and_proves_nothing() -> None:
    with_extra = replace(proof(3, 10), extra=b"for the reader")

    read = LogProof.parse(str(with_extra))

    assert read == with_extra
    assert verify_proof(read, LOG.leaves[3], POLICY).checkpoint.size == 10


def test_another_entry_another_place_and_a_changed_path_are_not_included() -> None:
    honest = proof(300, 700)
    turned = replace(honest, path=honest.path[::-1])

    for claimed, leaf in (
        (honest, LOG.leaves[301]),
        (replace(honest, index=301), LOG.leaves[300]),
        (replace(honest, index=700), LOG.leaves[300]),
        (turned, LOG.leaves[300]),
        (replace(honest, path=honest.path[:-1]), LOG.leaves[300]),
        (replace(honest, note=signed(699)), LOG.leaves[300]),
    ):
        with pytest.raises(NotIncluded):
            verify_proof(claimed, leaf, POLICY)


def test_a_checkpoint_that_no_key_of_the_policy_signed_proves_nothing() -> None:
    stranger = SignerKey(ORIGIN, Ed25519PrivateKey.generate())

    with pytest.raises(NoteInvalid):
        verify_proof(replace(proof(3, 10), note=signed(10, stranger)), LOG.leaves[3], POLICY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("index 3\n", "index 03\n"),
        ("index 3\n", "index +3\n"),
        ("index 3\n", "index 3 \n"),
        ("index 3\n", "Index 3\n"),
        ("index 3\n", ""),
        ("index 3\n", "extra \nindex 3\n"),
        ("index 3\n", "extra x\nindex 3\n"),
        ("index 3\n", "index 3\nindex 3\n"),
        ("index 3\n", "index 3\nAAAA\n"),
        ("index 3\n", "index 3\n" + "A" * 43 + "=\r\n"),
        ("index 3\n", "index 3\n" + ("A" * 43 + "=\n") * 61),
        ("=\n", "\n"),
        ("\n\n", "\n"),
    ],
)
def test_any_other_spelling_is_no_proof(old: str, new: str) -> None:
    text = str(proof(3, 10))
    text = text.replace(old, new) if old == "\n\n" else text.replace(old, new, 1)

    with pytest.raises(ProofInvalid):
        LogProof.parse(text)


@given(st.text(max_size=300))
def test_nonsense_is_refused_and_never_a_crash(text: str) -> None:
    for each in (text, "c2sp.org/tlog-proof@v1\n" + text, "c2sp.org/tlog-proof@v1\nindex " + text):
        with suppress(ProofInvalid):
            assert str(LogProof.parse(each)) == each
