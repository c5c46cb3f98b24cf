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

_MOST = 1 << 20
#: Of NIST's hash functions, those that authorities use (RFC 5754 section 2).
_HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


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
    algorithm = _HASHES.get(imprint.hash_algorithm.dotted_string)
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
