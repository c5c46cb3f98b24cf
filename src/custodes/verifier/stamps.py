"""Timestamps over notes, by authorities whose roots whoever checks has pinned (RFC 3161)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from cryptography import x509
from rfc3161_client import TimeStampResponse, VerificationError, decode_timestamp_response
from rfc3161_client.verify import VerifierBuilder

from custodes.ledger.note import Note, NoteInvalid
from custodes.package.errors import PackageMalformed
from custodes.package.statement import CheckpointShown
from custodes.verifier.evidence import Evidence
from custodes.verifier.signer import HASHES, names, signer_of

_MOST = 1 << 20


class OverSomethingElse(ValueError):
    """A pinned authority signed this, but over other bytes than those of the note."""


def times_of(evidence: Evidence, shown: CheckpointShown) -> list[datetime]:
    """Return the times at which pinned authorities had seen a checkpoint.

    What no pinned authority signed counts for nothing. Raises OverSomethingElse.
    """
    if not evidence.trust.roots:
        return []
    pinned = x509.load_pem_x509_certificates(evidence.trust.roots)
    found = (_time_of(evidence, shown, token, pinned) for token in shown.tokens)
    return [at for at in found if at is not None]


def _time_of(
    evidence: Evidence, shown: CheckpointShown, token: str, pinned: list[x509.Certificate]
) -> datetime | None:
    try:
        answer = decode_timestamp_response(evidence.opened.read(token, _MOST))
        imprint = answer.tst_info.message_imprint
    except (ValueError, PackageMalformed):
        return None
    if not _is_signed(answer, imprint.message, pinned):
        return None
    algorithm = HASHES.get(imprint.hash_algorithm.dotted_string)
    try:
        stamped = evidence.opened.read(f"{token.removesuffix('.tsr')}.note", _MOST)
        same = Note.parse(stamped).text == Note.parse(evidence.note(shown)).text
    except (PackageMalformed, NoteInvalid):
        same, stamped = False, b""
    if not same or not algorithm or hashlib.new(algorithm, stamped).digest() != imprint.message:
        raise OverSomethingElse(f"The timestamp {token} is over something else than {shown.note}.")
    return answer.tst_info.gen_time.astimezone(UTC)


def _is_signed(answer: TimeStampResponse, message: bytes, pinned: list[x509.Certificate]) -> bool:
    """Say whether the answer leads to a pinned root.

    An answer need not carry the certificate it was signed with: one that is pinned beside
    the root is tried as that too.
    """
    roots = [each for each in pinned if each.issuer == each.subject]
    named = signer_of(answer, [each for each in pinned if each not in roots])
    if named is None or not names(answer, named):
        return False
    others: list[x509.Certificate | None] = [each for each in pinned if each not in roots]
    for root in roots:
        for signer in [None, *others]:
            builder = VerifierBuilder().add_root_certificate(root)
            if signer is not None:
                builder = builder.tsa_certificate(signer)
            try:
                if builder.build().verify(answer, message):
                    return True
            except (VerificationError, ValueError):
                continue
    return False
