"""The connection file: what an administrator loads into the maker's manager.

Body-worn integration API 1.6, "Connection API": one JSON object of at most 64 kB,
each value with a length of its own. It holds the dock's key, so whoever has the
file can send footage in that dock's name.
"""

from __future__ import annotations

import base64
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from custodes.custody.encryption_key import CameraKey
from custodes.fleet.errors import DockRefused
from custodes.fleet.rules import Container

_MOST_BYTES = 64 * 1024
_MOST_CERTIFICATES = 10


def connection_file(
    name: str,
    key: str,
    *,
    url: str = "",
    container: Container = Container.MKV,
    encrypt_for: CameraKey | None = None,
) -> dict[str, Any]:
    """Return the connection file of a dock; ``url`` is where it reaches us.

    Raises DockRefused when a value is longer than the specification lets it be.
    """
    file: dict[str, Any] = {
        "ConnectionFileVersion": "1.0",
        "SiteName": settings.CUSTODES.force_name[:64],
        "ApplicationName": "Custodes",
        "ApplicationVersion": version("custodes")[:128],
        "ContentDestinationAsNTPServer": False,
        "AuthenticationTokenURI": [f"{(url or settings.CUSTODES.address).rstrip('/')}/auth/v1.0"],
        "BlobAPIKey": key,
        "BlobAPIUserName": name,
        "ContainerType": container.value,
        "FullStoreAndReadSupport": False,
        "WantEncryption": encrypt_for is not None,
    }
    if settings.CUSTODES.tls_certificate:
        file["HTTPSCertificate"] = _certificates(settings.CUSTODES.tls_certificate)
    if encrypt_for is not None:
        file |= {"PublicKey": encrypt_for.public, "PublicKeyId": encrypt_for.id}
    _make_sure_it_fits(file)
    return file


def _certificates(path: Path) -> list[str]:
    try:
        chain = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        raise DockRefused(f"The certificate {path} cannot be read.") from None
    encoded = (base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in chain)
    return list(encoded)[:_MOST_CERTIFICATES]


def _make_sure_it_fits(file: dict[str, Any]) -> None:
    limits = {"BlobAPIUserName": 64, "BlobAPIKey": 64, "PublicKey": 2048, "PublicKeyId": 128}
    for field, most in limits.items():
        if len(file.get(field, "")) > most:
            raise DockRefused(f"{field} may have {most} characters.")
    if len(file["AuthenticationTokenURI"][0]) > 512:
        raise DockRefused("The address may have 512 characters.")
    if len(json.dumps(file)) > _MOST_BYTES:
        raise DockRefused("The connection file would be larger than the 64 kB it may have.")
