"""A witness in a folder of its own, and a log whose operator does as a test says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.note import Note, SignerKey, sign_note
from custodes.ledger.tree import LeafHashes, consistency_proof, leaf_hash, root_of
from custodes.ledger.witnessing import Submission
from custodes.witness.answering import Witness
from custodes.witness.keys import make_keys, signers
from custodes.witness.memory import Memory
from custodes.witness.wsgi import application_of

NAME = "inspectorate.example/w"
AT = datetime(2026, 11, 3, 9, 15, tzinfo=UTC)


@dataclass
class Log:
    """A log that anybody may rewrite, with its own key."""

    name: str = "custodes.police.example/custody"
    leaves: LeafHashes = field(default_factory=LeafHashes)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def signer(self) -> SignerKey:
        return SignerKey(self.name, self.key)

    def grow(self, to: int, how: str = "") -> None:
        for number in range(len(self.leaves), to):
            self.leaves.append(leaf_hash(f"{how}{number}".encode()))

    def note(self, size: int | None = None) -> str:
        size = len(self.leaves) if size is None else size
        checkpoint = Checkpoint(self.name, size, root_of(self.leaves[:size]))
        return sign_note(checkpoint.body(), self.signer)

    def submission(
        self, old: int, size: int | None = None, proof: Sequence[bytes] | None = None
    ) -> Submission:
        size = len(self.leaves) if size is None else size
        if proof is None:
            proof = consistency_proof(self.leaves, old, size) if old <= size else []
        return Submission(old, tuple(proof), Note.parse(self.note(size)))


class Clock:
    """A clock that goes on by a second whenever it is looked at."""

    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def log() -> Log:
    made = Log()
    made.grow(5)
    return made


@pytest.fixture
def witness(tmp_path: Path, log: Log) -> Witness:
    make_keys(tmp_path / "w", NAME)
    memory = Memory(tmp_path / "w")
    memory.watch(log.signer.verifier)
    return Witness(tmp_path / "w", memory, signers(tmp_path / "w"), Clock())


@pytest.fixture
def http(witness: Witness) -> httpx.Client:
    transport = httpx.WSGITransport(application_of(witness))
    return httpx.Client(transport=transport, base_url="http://witness")
