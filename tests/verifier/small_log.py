"""A whole custody log in memory, with keys, witnesses and a census, for packages to be made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from custodes.kernel.digest import b64u, sha256
from custodes.ledger.census import CensusLeaf, Counted, Standing, census_root
from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.entry import PublicEntry, commit_body, disclosure
from custodes.ledger.keys import Kind, SignerKey
from custodes.ledger.note import Note, sign_note
from custodes.ledger.tree import consistency_proof, inclusion_proof, leaf_hash, root_of
from custodes.package.statement import CensusShown, CheckpointShown, EntryShown

ORIGIN = "custodes.test.example/custody"
NOON = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)


def handle(name: str) -> str:
    """Return a handle that is the same in every run."""
    return "H" + b64u(sha256(name.encode()))[:21]


def signer(name: str, kind: Kind = Kind.ED25519, seed: str = "") -> SignerKey:
    """Return a key that is the same in every run."""
    private = Ed25519PrivateKey.from_private_bytes(sha256((seed or name).encode()))
    return SignerKey(name, private, kind)


LOG_KEY = signer(ORIGIN)
#: The log's other key, whose signatures are 3.3 kB each.
LONG_KEY = SignerKey(ORIGIN, MLDSA44PrivateKey.from_seed_bytes(sha256(b"long")))
WITNESSES = {
    name: signer(f"{name}.example/w", Kind.COSIGNATURE)
    for name in ("inspectorate", "neighbour", "newspaper")
}


def policy(quorum: int | None = 2, log: SignerKey = LOG_KEY) -> str:
    """Return a policy that believes this log and so many of the three witnesses."""
    lines = [f"log {log.verifier}"]
    lines += [f"witness {name} {key.verifier}" for name, key in WITNESSES.items()]
    if quorum is None:
        return "\n".join([*lines, "quorum none", ""])
    return "\n".join([*lines, f"group enough {quorum} {' '.join(WITNESSES)}", "quorum enough", ""])


@dataclass
class Kept:
    """One entry as the log keeps it."""

    public: PublicEntry
    data: bytes
    seed: bytes
    fields: Mapping[str, str]


@dataclass
class SmallLog:
    """Entries, the notes over them, and the leaves of each census."""

    entries: list[Kept] = field(default_factory=list)
    notes: dict[int, bytes] = field(default_factory=dict)
    counts: dict[int, list[CensusLeaf]] = field(default_factory=dict)

    def append(
        self,
        subject: str,
        kind: str,
        at: datetime,
        facts: Mapping[str, Any] | None = None,
        **fields: str,
    ) -> int:
        """Write an entry and return its index."""
        mine = [each for each in self.entries if each.public.subject == subject]
        seed = sha256(f"{len(self.entries)} {subject}".encode())
        fields = fields or {"actor": "the clerk"}
        public = PublicEntry(
            subject=subject,
            kind=kind,
            number=len(mine),
            previous=leaf_hash(mine[-1].data) if mine else None,
            at=at,
            body=commit_body(seed, fields),
            facts=facts or {},
        )
        return self.append_raw(public, seed, fields)

    def append_raw(self, public: PublicEntry, seed: bytes, fields: Mapping[str, str]) -> int:
        """Write an entry as it is, however wrong."""
        self.entries.append(Kept(public, public.to_bytes(), seed, fields))
        return len(self.entries) - 1

    def leaves(self) -> list[bytes]:
        return [leaf_hash(each.data) for each in self.entries]

    def checkpoint(
        self,
        at: datetime,
        seen_by: Collection[str] = ("inspectorate", "neighbour"),
        key: SignerKey = LOG_KEY,
        each: timedelta = timedelta(seconds=7),
    ) -> int:
        """Sign the log as it is, have it cosigned, and return its size."""
        leaves = self.leaves()
        text = Checkpoint(ORIGIN, len(leaves), root_of(leaves)).body()
        note = Note.parse(sign_note(text, key))
        for nth, name in enumerate(seen_by):
            cosigned = sign_note(text, WITNESSES[name], at=at + each * nth)
            note = note.with_lines(Note.parse(cosigned).signatures)
        self.notes[len(leaves)] = str(note).encode()
        return len(leaves)

    def census(self, at: datetime, leave_out: str = "", forget: int | None = None) -> int:
        """Count the log and return the index of the entry that says so.

        A dishonest count leaves a subject out, or forgets an entry.
        """
        last: dict[str, PublicEntry] = {}
        for index, each in enumerate(self.entries):
            if index != forget:
                last[each.public.subject] = each.public
        leaves = [
            CensusLeaf(subject, entry.number, leaf_hash(entry.to_bytes()), Standing.STANDS)
            for subject, entry in sorted(last.items())
            if subject != leave_out
        ]
        count, root = census_root(leaf.to_bytes() for leaf in leaves)
        facts = {"z": len(self.entries), "c": count, "r": b64u(root)}
        index = self.append(handle("the log"), "census", at, facts)
        self.counts[index] = leaves
        return index

    def path_in(self, census: int, nth: int) -> Counted:
        hashes = [leaf_hash(leaf.to_bytes()) for leaf in self.counts[census]]
        return Counted(self.counts[census][nth], nth, tuple(inclusion_proof(hashes, nth)))

    def census_of(self, census: int, subject: str) -> CensusShown:
        """Return what a census says of a subject, or who its neighbours are."""
        leaves = self.counts[census]
        found = next((n for n, leaf in enumerate(leaves) if leaf.subject == subject), None)
        if found is not None:
            return CensusShown(census, here=self.path_in(census, found).to_value())
        after = sum(leaf.subject < subject for leaf in leaves)
        return CensusShown(
            census,
            before=self.path_in(census, after - 1).to_value() if after else None,
            after=self.path_in(census, after).to_value() if after < len(leaves) else None,
        )

    def shown(self, index: int, head: int, opened: Collection[str] | None = None) -> EntryShown:
        """Return an entry under a checkpoint; ``opened`` names the fields that are shown."""
        kept = self.entries[index]
        path = tuple(inclusion_proof(self.leaves()[:head], index))
        if opened is None:
            return EntryShown(index, kept.data, path)
        made = {name: disclosure(kept.seed, name, value) for name, value in kept.fields.items()}
        return EntryShown(
            index,
            kept.data,
            path,
            tuple(made[name] for name in made if name in opened),
            tuple(sha256(made[name]) for name in made if name not in opened),
        )

    def shown_checkpoint(self, size: int, head: int) -> CheckpointShown:
        proof = tuple(consistency_proof(self.leaves(), size, head))
        return CheckpointShown(f"checkpoints/{size}.note", size, proof)
