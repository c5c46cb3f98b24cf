"""The verification of a package, step by step.

1. Open it, and compare every file with the lists (whole).
2. Read what it says (proof).
3. Every entry is in the log, under notes that keys of the pinned policy signed (log).
4. Others than the force have seen that log (witnessed), and at what time (time).
5. Every record is without a hole (record), and whole up to the last count (tail).
6. What is opened of private parts is what was written (opened).
7. Every deletion: under which schedule, not early, and its keys gone (deletion).
8. Every file is the original (file), of its packets (clip), or what was made of it (made).

Each step says what it found, whatever the others did; a step that rests on the log is
at best not proven when the log is not. Steps are those of docs/reference/formats/package.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from custodes.kernel.errors import Refused
from custodes.package.errors import PackageMalformed
from custodes.package.opening import Opened, open_package
from custodes.package.statement import CLIP, MADE, MAX_BYTES, ORIGINAL, Statement
from custodes.verifier.claims import Claim, Making, Result
from custodes.verifier.deletion import check_deletion
from custodes.verifier.evidence import Evidence
from custodes.verifier.log import check_log, check_witnessed
from custodes.verifier.made import check_made
from custodes.verifier.media import check_clip_file, check_file
from custodes.verifier.opened import check_opened
from custodes.verifier.record import check_record, check_tail
from custodes.verifier.share_receipt import check_share_receipt, share_receipt_at
from custodes.verifier.trust import Trust
from custodes.verifier.when import check_time
from custodes.verifier.whole import check_whole, malformed

_STATEMENT = "proof.json"


class CannotVerify(Refused):
    """The verifier itself failed: neither what speaks for a package nor against it was found."""

    advice = (
        "Nothing is said of the package, for or against. Tell the publisher of Custodes, with the"
        " package if you may."
    )


def verify(path: Path, trust: Trust) -> Result:
    """Return every claim of the package at this path, a folder or a ZIP file.

    The receipt of something shared is a file of text, and one claim.
    Raises CannotVerify and nothing else: a fault of this program, or bytes made to cause
    one, must not be taken for a package that was checked and found false.
    """
    try:
        return _verify(path, trust)
    except Exception as fault:
        said = f"The package could not be checked: {type(fault).__name__}: {str(fault)[:200]}"
        raise CannotVerify(f"{said.rstrip('.')}.") from fault


def _verify(path: Path, trust: Trust) -> Result:
    if (receipt := share_receipt_at(path)) is not None:
        return Result((check_share_receipt(receipt, trust),))
    try:
        opened = open_package(path)
        whole, digests = check_whole(opened)
    except PackageMalformed as refused:
        return Result((malformed(refused),))
    if _STATEMENT not in opened.files:
        said = "The package has no proof.json: nothing but its lists can be checked."
        return Result((whole, Making("proof").not_proven("proof.missing", said)))
    try:
        statement = Statement.parse(opened.read(_STATEMENT, MAX_BYTES))
        _check_paths(statement, opened)
    except PackageMalformed as refused:
        wrong = Making("proof").not_proven("proof.malformed", refused.in_full())
        return Result((whole, wrong))
    return Result((whole, *_claims(Evidence(opened, statement, trust, digests))))


def _claims(evidence: Evidence) -> Iterator[Claim]:
    yield check_log(evidence)
    yield check_witnessed(evidence)
    yield check_time(evidence)
    for subject in evidence.statement.subjects:
        yield check_record(evidence, subject)
    for subject in evidence.statement.subjects:
        yield check_tail(evidence, subject)
    yield from check_opened(evidence)
    for subject in evidence.statement.subjects:
        yield from check_deletion(evidence, subject)
    for file in evidence.statement.files:
        if file.role == ORIGINAL:
            yield check_file(evidence, file)
    for file in evidence.statement.files:
        if file.role == CLIP:
            yield check_clip_file(evidence, file)
    for file in evidence.statement.files:
        if file.role == MADE:
            yield check_made(evidence, file)


def _check_paths(statement: Statement, opened: Opened) -> None:
    for path in (*statement.tags, *(file.path for file in statement.files)):
        if path not in opened.files:
            raise PackageMalformed(f"proof.json names {path[:80]!r}, which is not there.")
    if any(not file.path.startswith("data/") for file in statement.files):
        raise PackageMalformed("proof.json names a media file outside data.")
