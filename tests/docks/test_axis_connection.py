"""The connection file, the key cameras encrypt for, and ``custodes dock``."""

from __future__ import annotations

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509.oid import NameOID
from tests.docks.axis_dock import CLERK
from tests.world.installation import Installation

from custodes.custody.encryption_key import CameraKey, camera_key, content_key_unwrap
from custodes.fleet.actions import add_dock
from custodes.fleet.connection_file import connection_file
from custodes.fleet.errors import DockRefused
from custodes.fleet.rules import Container, DockKind
from custodes.kernel.clock import now
from custodes.media.axis_encryption import CannotDecrypt
from custodes.vault.errors import KeysExposed

pytestmark = pytest.mark.usefixtures("own_home")

KEY, IV = bytes(range(32)), bytes(range(16))


def key_object(key: CameraKey, **changes: str) -> bytes:
    """Wrap a content key the way a camera does: RSA-OAEP with SHA-1."""
    public = load_pem_public_key(base64.b64decode(key.public))
    assert isinstance(public, rsa.RSAPublicKey)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    made = {
        "EncryptedKey": base64.b64encode(public.encrypt(KEY, oaep)).decode(),
        "ContentEncryptionIV": base64.b64encode(IV).decode(),
        "PublicKeyId": key.id,
    }
    return json.dumps({**made, **changes}).encode()


def test_the_file_holds_what_the_specification_asks_for_and_nothing_else() -> None:
    file = connection_file("Brixton 1", "the key", url="https://bwv.example/")

    assert file == {
        "ConnectionFileVersion": "1.0",
        "SiteName": "My force",
        "ApplicationName": "Custodes",
        "ApplicationVersion": file["ApplicationVersion"],
        "ContentDestinationAsNTPServer": False,
        "AuthenticationTokenURI": ["https://bwv.example/auth/v1.0"],
        "BlobAPIKey": "the key",
        "BlobAPIUserName": "Brixton 1",
        "ContainerType": "mkv",
        "FullStoreAndReadSupport": False,
        "WantEncryption": False,
    }


def test_without_encryption_no_public_key_is_said() -> None:
    file = connection_file("Brixton 1", "the key", container=Container.MP4)

    # "Required if WantEncryption is set. No value allowed otherwise."
    assert file["ContainerType"] == "mp4"
    assert not {"PublicKey", "PublicKeyId", "HTTPSCertificate"} & set(file)


def test_the_servers_certificate_is_in_the_file(settings: Any, tmp_path: Path) -> None:
    path, der = _certificate(tmp_path)
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"tls_certificate": path})

    file = connection_file("Brixton 1", "the key")

    assert [base64.b64decode(each) for each in file["HTTPSCertificate"]] == [der]
    assert file["AuthenticationTokenURI"][0].startswith("https://")


def test_a_certificate_that_cannot_be_read_is_refused(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "certificate.pem"
    path.write_text("nonsense")
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"tls_certificate": path})

    with pytest.raises(DockRefused, match="cannot be read"):
        connection_file("Brixton 1", "the key")


def test_an_address_longer_than_the_specification_allows_is_refused() -> None:
    with pytest.raises(DockRefused, match="512 characters"):
        connection_file("Brixton 1", "the key", url="https://" + "x" * 600)


def test_with_encryption_the_file_names_a_key_and_stays_small() -> None:
    key = camera_key()

    file = connection_file("Brixton 1", "the key", encrypt_for=key)

    assert file["WantEncryption"] is True
    assert file["PublicKeyId"] == key.id
    assert b"BEGIN PUBLIC KEY" in base64.b64decode(file["PublicKey"])
    assert len(file["PublicKey"]) <= 2048
    assert len(json.dumps(file)) < 64 * 1024


def test_the_private_key_is_made_once_and_only_its_owner_may_read_it(own_home: Path) -> None:
    first, second = camera_key(), camera_key()

    path = own_home / "keys" / "camera-rsa.pem"
    assert first == second
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_private_key_others_can_read_is_not_used(own_home: Path) -> None:
    camera_key()
    (own_home / "keys" / "camera-rsa.pem").chmod(0o644)

    with pytest.raises(KeysExposed):
        camera_key()


def test_a_content_key_wrapped_by_a_camera_is_opened() -> None:
    opened = content_key_unwrap(key_object(camera_key()))

    assert (opened.key, opened.iv) == (KEY, IV)


def test_a_key_object_for_another_key_says_so() -> None:
    made = key_object(camera_key(), PublicKeyId="somebody-elses")

    with pytest.raises(CannotDecrypt, match="somebody-elses"):
        content_key_unwrap(made)


@pytest.mark.parametrize(
    "made", [b"", b"{}", b"[]", b"\xff", b'{"EncryptedKey": "AA==", "ContentEncryptionIV": "!"}']
)
def test_a_key_object_that_is_none_is_refused_in_a_sentence(made: bytes) -> None:
    camera_key()

    with pytest.raises(CannotDecrypt):
        content_key_unwrap(made)


def test_without_a_key_of_our_own_nothing_is_opened_and_none_is_made(own_home: Path) -> None:
    with pytest.raises(CannotDecrypt, match="No camera was given a key"):
        content_key_unwrap(b"{}")

    assert not os.path.lexists(own_home / "keys" / "camera-rsa.pem")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["", " ", "x" * 65, "Caf\u00e9", "a\nb", " lead", "trail "])
def test_a_dock_name_a_header_cannot_carry_is_refused(name: str) -> None:
    with pytest.raises(DockRefused, match="plain ASCII"):
        add_dock(name, DockKind.AXIS, by=CLERK, at=now())


@pytest.mark.slow
def test_the_command_enrols_a_dock_once_and_prints_its_file(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home")

    refused = installation.run("dock", "add", "Brixton 1", "--url", "x" * 600, check=False)
    file = json.loads(installation.run("dock", "add", "Brixton 1", "--encryption").stdout)
    again = installation.run("dock", "add", "brixton 1", check=False)

    assert refused.returncode == 1  # and so the name is still free
    assert file["BlobAPIUserName"] == "Brixton 1"
    assert file["WantEncryption"] is True
    assert again.returncode == 1
    assert "already" in again.stderr
    (dock,) = installation.json("dock", "list")
    assert (dock["name"], dock["heard_at"]) == ("Brixton 1", None)


def _certificate(folder: Path) -> tuple[Path, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bwv.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path, certificate.public_bytes(serialization.Encoding.DER)
