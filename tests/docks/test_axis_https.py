"""The Axis door over HTTPS, with nothing trusted but the certificate in the connection file."""

from __future__ import annotations

import base64
import ipaddress
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests.world.installation import Installation

from custodes.agent.axis_controller import AxisController, Filmed, NotAcknowledged, clip

STARTED = datetime(2024, 5, 14, 12, tzinfo=UTC)
ENDED = STARTED + timedelta(minutes=1)


def certificate(folder: Path) -> tuple[Path, Path]:
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "custodes.test")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(hours=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "server.pem", folder / "server.key"
    paths[0].write_bytes(made.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


@pytest.mark.slow
def test_a_controller_trusts_the_certificate_in_its_connection_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem, key = certificate(tmp_path / "ours")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))  # for the check that the server is up
    installation = Installation(tmp_path / "home", tls_certificate=pem, tls_key=key)
    installation.url = installation.url.replace("http:", "https:")
    installation.start("--no-worker")
    try:
        file: dict[str, Any] = json.loads(installation.run("dock", "add", "Brixton 1").stdout)
        with AxisController(file, attempts=2) as controller:
            controller.tell_of_user("wearer", "Ayo Okafor")
            controller.tell_of_camera("B8A4", "Chest 12", "W120")
            part = clip("5F3A", b"footage" * 100_000, STARTED, ENDED)
            assert controller.send(Filmed("wearer", "B8A4", STARTED, STARTED, ENDED, (part,)))

        other, _ = certificate(tmp_path / "theirs")
        stranger = x509.load_pem_x509_certificate(other.read_bytes()).public_bytes(Encoding.DER)
        wrong = {**file, "HTTPSCertificate": [base64.b64encode(stranger).decode()]}
        with (
            AxisController(wrong, attempts=1) as controller,
            pytest.raises((NotAcknowledged, httpx.ConnectError), match="CERTIFICATE_VERIFY_FAILED"),
        ):
            controller.tell_of_user("wearer", "Ayo Okafor")
    finally:
        installation.stop()
