"""Bytes that somebody changed after the package was written."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

from tests.verifier.cases.entering import (
    ALL,
    CLIP,
    LOG,
    LOG_FAILS,
    PROOF,
    WHOLE,
    C,
    Made,
    N,
    P,
    changed_after,
    flip,
    list_again,
)
from tests.verifier.small_log import ORIGIN, policy, signer
from tests.verifier.story import CLIP_PATH, honest_clip, honest_proof, story

from custodes.ledger.note import Note, sign_note


def _flip_signature(folder: Path) -> None:
    for size in (2, 5, 9):
        path = folder / f"checkpoints/{size}.note"
        text = path.read_text()
        line = next(each for each in text.split("\n") if each.startswith(f"— {ORIGIN} "))
        at = line.rindex(" ") + 20
        wrong = line[:at] + ("A" if line[at] != "A" else "B") + line[at + 1 :]
        path.write_text(text.replace(line, wrong))
        for proof in folder.glob("proofs/*.tlog-proof"):
            proof.write_text(proof.read_text().replace(line, wrong))


changed_after(
    "bit flip in clip",
    "One bit of the media file.",
    lambda folder: flip(folder / CLIP_PATH, 9000),
    but={WHOLE: (C, "whole.differs"), CLIP: (C, "clip.not_of_original")},
)
changed_after(
    "bit flip in readme",
    "One bit of a file that proves nothing.",
    lambda folder: flip(folder / "README.txt", 30),
    but={WHOLE: (C, "whole.differs")},
)
changed_after(
    "bit flip in signature",
    "One bit of the log's signature.",
    _flip_signature,
    but={
        **LOG_FAILS,
        WHOLE: (C, "whole.differs"),
        LOG: (C, "note.bad_signature"),
    },
)


changed_after(
    "file missing",
    "The clip is gone; the proof cannot be read without it.",
    lambda folder: (folder / CLIP_PATH).unlink(),
    only={WHOLE: (C, "whole.missing"), PROOF: (N, "proof.malformed")},
)


def _add(folder: Path) -> None:
    (folder / "data" / "extra.mp4").write_bytes(b"not listed")


changed_after("file added", "A file that is in no list.", _add, but={WHOLE: (C, "whole.unlisted")})


def _no_proof(folder: Path) -> None:
    (folder / "proof.json").unlink()
    list_again(folder)


changed_after(
    "no proof",
    "A bag like any other.",
    _no_proof,
    only={WHOLE: (P, "whole.complete"), PROOF: (N, "proof.missing")},
)


def _spaced(folder: Path) -> None:
    path = folder / "proof.json"
    path.write_text(json.dumps(json.loads(path.read_text()), indent=1))
    list_again(folder)


changed_after(
    "proof not canonical",
    "The same values, written in another way.",
    _spaced,
    only={WHOLE: (P, "whole.complete"), PROOF: (N, "proof.malformed")},
)


def _doubled(folder: Path) -> None:
    path = folder / "proof.json"
    path.write_text(path.read_text().replace('{"by":', '{"by":"somebody","by":', 1))
    list_again(folder)


changed_after(
    "proof with a member twice",
    "Two readers could take either.",
    _doubled,
    only={WHOLE: (P, "whole.complete"), PROOF: (N, "proof.malformed")},
)


def _next_version(folder: Path) -> None:
    path = folder / "proof.json"
    path.write_text(path.read_text().replace("custodes-package/v1", "custodes-package/v9"))
    list_again(folder)


changed_after(
    "another version",
    "A format this program does not know.",
    _next_version,
    only={WHOLE: (P, "whole.complete"), PROOF: (N, "proof.malformed")},
)


def _made(text: str) -> None:
    def change(folder: Path) -> None:
        path = folder / "proof.json"
        made = json.loads(path.read_text())["made"]
        path.write_text(path.read_text().replace(f'"made":"{made}"', f'"made":"{text}"'))
        list_again(folder)

    changed_after(
        f"made {text}",
        "A time in another spelling than the one it has.",
        change,
        only={WHOLE: (P, "whole.complete"), PROOF: (N, "proof.malformed")},
    )


for _text in (
    "2026-11-03T09:15:02.123+00:00",
    "2026-11-03T09:15:02Z",
    "2026-11-03 09:15:02.123Z",
    "20261103T091502.123Z",
    "2026-11-03T24:00:00.000Z",
    "0000-11-03T09:15:02.123Z",
):
    _made(_text)


def _broken_list(folder: Path) -> None:
    path = folder / "manifest-sha256.txt"
    path.write_text(path.read_text().replace("data/", "../data/"))


changed_after(
    "list leads out",
    "A list that names a file outside the package.",
    _broken_list,
    only={WHOLE: (N, "whole.malformed")},
)


def _compressed(folder: Path) -> Path:
    target = folder.with_suffix(".zip")
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                out.write(path, path.relative_to(folder.parent).as_posix())
    return target


changed_after(
    "compressed zip",
    "What is compressed could unpack to anything.",
    _compressed,
    only={WHOLE: (N, "whole.malformed")},
)


def _policy_inside(folder: Path) -> None:
    (folder / "policy.txt").write_text(policy(None, log=signer(ORIGIN, seed="the forger")))
    list_again(folder)


def _forged(folder: Path) -> Path:
    """Sign the whole log with another key, and bring a policy that believes it."""
    told = story(honest_clip(), honest_proof())
    forger = signer(ORIGIN, seed="the forger")
    tags = {
        path: sign_note(Note.parse(note).text, forger).encode() for path, note in told.tags.items()
    }
    written = replace(told, tags=tags).write(folder)
    _policy_inside(written)
    return written


ALL.append(
    Made(
        "forged policy inside",
        "The package brings its own keys: nobody may look at them.",
        _forged,
        {**LOG_FAILS, LOG: (N, "note.not_signed")},
    )
)
changed_after(
    "honest with a policy inside",
    "A policy in the package is one more file.",
    _policy_inside,
)
