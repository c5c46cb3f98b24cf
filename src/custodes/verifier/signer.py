"""Whose signature a timestamp bears: the signed attribute that names the certificate.

A token points to its signer by issuer and serial number, which a second certificate
could bear as well. RFC 3161 section 2.4.2 therefore wants the hash of the certificate
among what is signed (ESSCertID, RFC 2634 section 5.4.1; ESSCertIDv2, RFC 5035 section
4). ``rfc3161-client`` leaves that to its caller.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Annotated, Final

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ObjectIdentifier
from rfc3161_client import TimeStampResponse

#: Of NIST's hash functions, those that authorities use (RFC 5754 section 2).
HASHES: Final = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_NAMED: Final = {
    ObjectIdentifier("1.2.840.113549.1.9.16.2.12"): "sha1",
    ObjectIdentifier("1.2.840.113549.1.9.16.2.47"): "sha256",
}


@asn1.sequence
class _Attribute:
    type: ObjectIdentifier
    values: asn1.SetOf[asn1.TLV]


@asn1.sequence
class _Signer:
    """RFC 5652 section 5.3."""

    version: int
    sid: asn1.TLV
    digest_algorithm: asn1.TLV
    signed: Annotated[asn1.SetOf[_Attribute] | None, asn1.Implicit(0)]
    signature_algorithm: asn1.TLV
    signature: bytes
    unsigned: Annotated[asn1.SetOf[asn1.TLV] | None, asn1.Implicit(1)]


@asn1.sequence
class _Signed:
    """RFC 5652 section 5.1."""

    version: int
    digest_algorithms: asn1.SetOf[asn1.TLV]
    content: asn1.TLV
    certificates: Annotated[asn1.SetOf[asn1.TLV] | None, asn1.Implicit(0)]
    revocations: Annotated[asn1.SetOf[asn1.TLV] | None, asn1.Implicit(1)]
    signers: asn1.SetOf[_Signer]


@asn1.sequence
class _Token:
    type: ObjectIdentifier
    content: Annotated[_Signed, asn1.Explicit(0)]


@asn1.sequence
class _Algorithm:
    algorithm: ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class _Serial:
    issuer: list[asn1.TLV]
    number: int


@asn1.sequence
class _Identified:
    """ESSCertID, and ESSCertIDv2 with another algorithm than its usual one."""

    algorithm: _Algorithm | None
    hash: bytes
    serial: _Serial | None


@asn1.sequence
class _Certificates:
    certificates: list[_Identified]
    policies: list[asn1.TLV] | None


def signer_of(
    answer: TimeStampResponse, pinned: Sequence[x509.Certificate]
) -> x509.Certificate | None:
    """Return the certificate an answer names as its signer's, of those it carries or else these."""
    carried = [x509.load_der_x509_certificate(each) for each in answer.signed_data.certificates]
    signers = list(answer.signed_data.signer_infos)
    if len(signers) != 1:
        return None
    named = (signers[0].issuer, signers[0].serial_number)
    fitting = (e for e in carried or pinned if (e.issuer, e.serial_number) == named)
    return next(fitting, None)


def names(answer: TimeStampResponse, signer: x509.Certificate) -> bool:
    """Say whether what is signed names this certificate, as often as it names one."""
    try:
        found = list(_identified(answer.time_stamp_token()))
    except ValueError:
        return False
    der = signer.public_bytes(Encoding.DER)
    return bool(found) and all(
        algorithm != "" and hashlib.new(algorithm, der).digest() == digest
        for algorithm, digest in found
    )


def _identified(token: bytes) -> Iterator[tuple[str, bytes]]:
    [signer] = asn1.decode_der(_Token, token).content.signers.as_list()
    for attribute in signer.signed.as_list() if signer.signed else ():
        if attribute.type in _NAMED:
            first = attribute.values.as_list()[0].parse(_Certificates).certificates[0]
            usual = _NAMED[attribute.type]
            if first.algorithm is None:
                yield usual, first.hash
            else:
                yield HASHES.get(first.algorithm.algorithm.dotted_string, ""), first.hash
