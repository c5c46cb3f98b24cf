"""Timestamps of an authority of the corpus's own, at whatever time a story needs (RFC 3161).

Made byte by byte, so that they can say anything: ``openssl ts`` stamps only with its clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.asn1 import encode_der
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ObjectIdentifier
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from tests.verifier.small_log import NOON

from custodes.kernel.digest import sha256

SET, SEQUENCE, OCTETS, TIME = 0x31, 0x30, 0x04, 0x18
YEAR = timedelta(days=365)


def der(tag: int, *parts: bytes) -> bytes:
    """Return a value of ASN.1 that holds these parts."""
    body = b"".join(parts)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def oid(dotted: str) -> bytes:
    return encode_der(ObjectIdentifier(dotted))


_SHA256, _ECDSA = oid("2.16.840.1.101.3.4.2.1"), oid("1.2.840.10045.4.3.2")
_SIGNED, _TST_INFO = oid("1.2.840.113549.1.7.2"), oid("1.2.840.113549.1.9.16.1.4")
_KIND, _DIGEST = oid("1.2.840.113549.1.9.3"), oid("1.2.840.113549.1.9.4")
_NAMES_SIGNER = oid("1.2.840.113549.1.9.16.2.47")
_POLICY = oid("1.3.6.1.4.1.99999.1")


def _key(seed: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(sha256(seed.encode())[:31], "big"), ec.SECP256R1())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass(frozen=True)
class Authority:
    """A root, and a certificate under it that stamps from ``since`` until ``until``."""

    name: str = "Test authority"
    since: datetime = NOON - YEAR
    until: datetime = NOON + 20 * YEAR
    may_stamp: bool = True

    @cached_property
    def root(self) -> x509.Certificate:
        name, key = _name(f"{self.name} root"), _key(f"{self.name} root")
        made = x509.CertificateBuilder(name, name, key.public_key(), 1)
        made = made.not_valid_before(NOON - 5 * YEAR).not_valid_after(NOON + 30 * YEAR)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return made.sign(key, SHA256(), ecdsa_deterministic=True)

    @cached_property
    def certificate(self) -> x509.Certificate:
        return self._certificate(7)

    def _certificate(self, serial: int) -> x509.Certificate:
        key = _key(self.name).public_key()
        made = x509.CertificateBuilder(self.root.subject, _name(self.name), key, serial)
        made = made.not_valid_before(self.since).not_valid_after(self.until)
        use = (
            ExtendedKeyUsageOID.TIME_STAMPING if self.may_stamp else ExtendedKeyUsageOID.SERVER_AUTH
        )
        made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=True)
        return made.sign(_key(f"{self.name} root"), SHA256(), ecdsa_deterministic=True)

    def pem(self) -> bytes:
        """Return what is pinned: the root, and beside it the certificate."""
        return b"".join(each.public_bytes(Encoding.PEM) for each in (self.root, self.certificate))

    def stamp(
        self, data: bytes, at: datetime, *, carries: bool = True, names_another: bool = False
    ) -> bytes:
        """Return an answer over some bytes; ``carries`` its certificate, and names it as signer."""
        info = der(
            SEQUENCE,
            encode_der(1),
            _POLICY,
            der(SEQUENCE, der(SEQUENCE, _SHA256), encode_der(sha256(data))),
            encode_der(99),
            der(TIME, f"{at.astimezone(UTC):%Y%m%d%H%M%S}Z".encode()),
        )
        named = self._certificate(8 if names_another else 7).public_bytes(Encoding.DER)
        attributes = b"".join(
            sorted(
                der(SEQUENCE, kind, der(SET, value))
                for kind, value in (
                    (_KIND, _TST_INFO),
                    (_DIGEST, encode_der(sha256(info))),
                    (_NAMES_SIGNER, _nested(encode_der(sha256(named)))),
                )
            )
        )
        signature = _key(self.name).sign(
            der(SET, attributes), ec.ECDSA(SHA256(), deterministic_signing=True)
        )
        signer = der(
            SEQUENCE,
            encode_der(1),
            der(SEQUENCE, self.root.subject.public_bytes(), encode_der(7)),
            der(SEQUENCE, _SHA256),
            der(0xA0, attributes),
            der(SEQUENCE, _ECDSA),
            encode_der(signature),
        )
        certificate = self.certificate.public_bytes(Encoding.DER)
        signed = der(
            SEQUENCE,
            encode_der(3),
            der(SET, der(SEQUENCE, _SHA256)),
            der(SEQUENCE, _TST_INFO, der(0xA0, encode_der(info))),
            der(0xA0, certificate) if carries else b"",
            der(SET, signer),
        )
        token = der(SEQUENCE, _SIGNED, der(0xA0, signed))
        return der(SEQUENCE, der(SEQUENCE, encode_der(0)), token)


def _nested(digest: bytes) -> bytes:
    """Return a SigningCertificateV2 that names one certificate by its SHA-256 (RFC 5035)."""
    return der(SEQUENCE, der(SEQUENCE, der(SEQUENCE, digest)))
