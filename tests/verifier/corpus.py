"""The shared corpus: honest and tampered packages, each with what must be said of it.

``python -m tests.verifier.corpus DIR`` writes every case into DIR, with ``index.json``
as docs/reference/formats/package.md describes it ("Files to test against"). Every
verifier of Custodes must give the same claims on every case.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.verifier import cases
from tests.verifier.cases.stamps import PINNED
from tests.verifier.small_log import LOG_KEY, LONG_KEY, ORIGIN, policy, signer
from tests.verifier.story import CLIP_PATH, ORIGINAL_PATH, RECORDING

Key = tuple[str, str]
Said = tuple[str, str]

P, N, C = "PROVEN", "NOT PROVEN", "CONTRADICTED"

#: What an honest package with a clip and the original gets.
HONEST: dict[Key, Said] = {
    ("whole", ""): (P, "whole.complete"),
    ("log", ORIGIN): (P, "log.included"),
    ("witnessed", ORIGIN): (P, "witness.quorum_met"),
    ("time", ORIGIN): (P, "time.window"),
    ("record", RECORDING): (P, "record.unbroken"),
    ("tail", RECORDING): (P, "tail.counted"),
    ("opened", ""): (P, "opened.as_written"),
    ("file", ORIGINAL_PATH): (P, "file.identical"),
    ("clip", CLIP_PATH): (P, "clip.untouched"),
}
_ORDER = (
    "whole",
    "log",
    "witnessed",
    "time",
    "record",
    "tail",
    "opened",
    "deletion",
    "file",
    "clip",
    "made",
    "proof",
)


@dataclass(frozen=True)
class Case:
    """One package of the corpus and every claim that a verifier must make about it."""

    name: str
    why: str
    build: Callable[[Path], Path]
    policy: str
    claims: dict[Key, Said] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        found = {verdict for verdict, _ in self.claims.values()}
        return C if C in found else N if N in found else P


POLICIES = {
    "policy.txt": policy(),
    "all-three.txt": policy(3),
    "no-witness.txt": policy(None),
    "another-log.txt": policy(log=signer("another.example/custody")),
    "another-key.txt": policy(log=signer(ORIGIN, seed="another key")),
    "long-key.txt": policy(log=LONG_KEY),
    "both-keys.txt": f"log {LONG_KEY.verifier}\n" + policy(),
}
#: The authority whose timestamps are believed: its root, and its own certificate.
ROOTS = PINNED.pem()
assert str(LOG_KEY.verifier) in POLICIES["policy.txt"]


def all_cases() -> Iterator[Case]:
    """Give every case."""
    for made in cases.ALL:
        if made.only is not None:
            claims = made.only
        else:
            files = {"file": made.has_original, "clip": made.has_clip}
            claims = {key: said for key, said in HONEST.items() if files.get(key[0], True)}
            claims |= made.but
            claims = {key: said for key, said in claims.items() if said != cases.NOT_MADE}
        ordered = dict(sorted(claims.items(), key=lambda item: _ORDER.index(item[0][0])))
        yield Case(made.name, made.why, made.build, made.policy, ordered)


def write(folder: Path) -> None:
    """Write the whole corpus into a new folder."""
    folder.mkdir(parents=True)
    (folder / "policies").mkdir()
    for name, text in POLICIES.items():
        (folder / "policies" / name).write_text(text)
    listed = []
    for case in all_cases():
        path = case.build(folder / case.name.replace(" ", "-"))
        claims = [
            {"claim": name, "about": about, "verdict": verdict, "reason": reason}
            for (name, about), (verdict, reason) in case.claims.items()
        ]
        listed.append(
            {
                "name": case.name,
                "path": str(path.relative_to(folder)),
                "policy": f"policies/{case.policy}" if case.policy else "",
                "verdict": case.verdict,
                "claims": claims,
                "why": case.why,
            }
        )
    (folder / "policies" / "roots.pem").write_bytes(ROOTS)
    index = {"policy": "policies/policy.txt", "trust": "policies/roots.pem", "cases": listed}
    (folder / "index.json").write_text(json.dumps(index, indent=1) + "\n")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    shutil.rmtree(target, ignore_errors=True)
    write(target)
