"""Whole logs without an installation: written entry by entry, exported as files, and spoilt."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import b64u, sha256
from custodes.ledger.bundles import bundle
from custodes.ledger.census import ENDINGS, CensusLeaf, Standing, census_root
from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.keys import SignerKey
from custodes.ledger.monitor.visit import Report, visit
from custodes.ledger.note import sign_note
from custodes.ledger.policy import Policy
from custodes.ledger.tiles import path_of, tiles_of_level
from custodes.ledger.tree import leaf_hash, root_of

ORIGIN = "bwv.police.example/custody"
MORNING = datetime(2026, 11, 3, 6, tzinfo=UTC)
SIGNER = SignerKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\x07" * 32))
POLICY = Policy.parse(f"log {SIGNER.verifier}\nquorum none\n")


def handle(word: str) -> str:
    """Return the handle that stands for a word in a test."""
    return b64u(sha256(word.encode())[:16])


class Log:
    """An honest log that grows; ``entries`` may then be spoilt."""

    def __init__(self) -> None:
        self.entries: list[bytes] = []
        self.at = MORNING
        self.subject = handle("the log")
        self._ends: dict[str, CensusLeaf] = {}
        self._ingested: dict[str, str] = {}
        self.add("log.genesis", self.subject, o=ORIGIN, f="custodes-entry/v1")

    def add(self, kind: str, subject: str, **facts: Any) -> int:
        """Append an entry a second later; return its index."""
        self.at += timedelta(seconds=1)
        before = self._ends.get(subject)
        value = {
            "b": b64u(sha256(str(len(self.entries)).encode())),
            "k": kind,
            "n": before.number + 1 if before else 0,
            "p": b64u(before.last) if before else "",
            "s": subject,
            "t": rfc3339(self.at),
            "v": 1,
            "x": facts,
        }
        data = canonical(value)
        standing = ENDINGS.get(kind) or (before.standing if before else Standing.STANDS)
        self._ends[subject] = CensusLeaf(subject, value["n"], leaf_hash(data), standing)
        self.entries.append(data)
        return len(self.entries) - 1

    def pass_time(self, **span: float) -> None:
        """Let time go by."""
        self.at += timedelta(**span)

    def ingest(self, recording: str, camera: str, number: int | None = None) -> int:
        """Take in a file of a camera, chained to the one before."""
        previous = self._ingested.get(camera)
        facts: dict[str, Any] = {
            "d": handle(camera),
            "z": 9,
            **({"dp": previous} if previous else {}),
        }
        if number is not None:
            facts["q"] = number
        index = self.add("recording.ingested", handle(recording), **facts)
        self._ingested[camera] = b64u(leaf_hash(self.entries[index]))
        return index

    def record(self, recording: str, camera: str, number: int | None = None) -> None:
        """Let a whole recording arrive."""
        self.add("recording.opened", handle(recording), d=handle(camera), src="tus")
        self.ingest(recording, camera, number)
        self.add("recording.completed", handle(recording), f=1)

    def census(self, *, without: str = "", lag: int = 0) -> int:
        """Count everybody, or everybody but one."""
        leaves = [self._ends[each].to_bytes() for each in sorted(self._ends) if each != without]
        count, root = census_root(leaves)
        return self.add("census", self.subject, z=len(self.entries) - lag, c=count, r=b64u(root))

    def count_now(self) -> Callable[[], int]:
        """Count now, and return what enters that count later."""
        size = len(self.entries)
        count, root = census_root(self._ends[each].to_bytes() for each in sorted(self._ends))
        return lambda: self.add("census", self.subject, z=size, c=count, r=b64u(root))

    def spoil(self, index: int, **changes: Any) -> None:
        """Change members of an entry after it was written; nothing after it follows."""
        value = json.loads(self.entries[index])
        self.entries[index] = canonical({**value, **changes})

    def export(
        self,
        folder: Path,
        *,
        signer: SignerKey = SIGNER,
        tiles: bool = False,
        origin: str = ORIGIN,
    ) -> Path:
        """Write the public files, signed for what the entries now are."""
        leaves = [leaf_hash(entry) for entry in self.entries]
        for tile in tiles_of_level(0, len(leaves)):
            part = slice(tile.number * 256, tile.number * 256 + tile.width)
            put(
                folder / f"tile/entries/{path_of(tile.number, tile.width)}",
                bundle(self.entries[part]),
            )
            if tiles:
                put(folder / tile.path, b"".join(leaves[part]))
        text = Checkpoint(origin, len(leaves), root_of(leaves)).body()
        put(folder / "checkpoint", sign_note(text, signer).encode())
        return folder


def put(path: Path, data: bytes) -> None:
    """Write a file and the folders it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def canonical(value: object) -> bytes:
    """Write JSON with sorted members and no spaces, whatever is in it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def codes(report: Report) -> list[str]:
    """Return the codes of the faults of a report."""
    return [finding.code for finding in report.findings.found if finding.grave]


def watch(log: Log, folder: Path) -> Report:
    """Export a log and visit it."""
    return visit(log.export(folder / "log"), policy=POLICY)


def busy_day(seed: int = 1) -> Log:
    """Return the log of a day on which much happened and all was as it should be."""
    choose = random.Random(seed)
    log = Log()
    cameras = {f"camera {n}": 0 for n in range(12)}
    for camera in cameras:
        log.add("device.enrol", handle(camera), g="S2")
    log.add("policy.publish", handle("policy"), rules={"routine": {"days": 1, "from": "completed"}})
    for number in range(220):
        camera = choose.choice(list(cameras))
        cameras[camera] += 1
        name = f"recording {number}"
        log.record(name, camera, cameras[camera])
        for _ in range(choose.randrange(4)):
            kind = choose.choice(["recording.viewed", "recording.noted", "recording.opened_page"])
            log.add(kind, handle(f"recording {choose.randrange(number + 1)}"))
        if number % 20 == 0:
            log.pass_time(minutes=14)
            log.add("heartbeat", log.subject)
        if number % 50 == 49:
            enter = log.count_now()
            log.add("recording.viewed", handle(name))
            log.add("person.signed_in", handle(f"officer {number}"))
            enter()
    return log
